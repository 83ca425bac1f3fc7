//! A server on this machine that answers as it is told, and remembers what it was asked.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio::runtime::Runtime;

use crate::server::listening;

/// What is answered at a path.
#[derive(Clone, Copy, Debug)]
pub enum Reply {
    /// This status.
    Status(u16),
    /// This status, and that it is to be found at another path.
    Moved(u16, &'static str),
    /// The page, but 405 to whoever only asks whether it is there.
    OnlyInFull,
    /// Nothing, ever.
    Silence,
}

/// A server that ends with this value.
#[derive(Debug)]
pub struct Responder {
    address: SocketAddr,
    state: Arc<Script>,
    _runtime: Runtime,
}

#[derive(Debug)]
struct Script {
    replies: BTreeMap<&'static str, Reply>,
    asked: Mutex<Vec<String>>,
}

impl Responder {
    /// Answers with these replies by path, and with 404 everywhere else.
    pub fn start(replies: &[(&'static str, Reply)]) -> Self {
        let state = Arc::new(Script { replies: replies.iter().copied().collect(), asked: Mutex::default() });
        let router = Router::new().fallback(reply).with_state(Arc::clone(&state));
        let (address, runtime) = listening(router);
        Self { address, state, _runtime: runtime }
    }

    /// The full address of `path`, which starts with a slash.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// What was asked since the last time, such as `HEAD /a`, in order.
    pub fn asked(&self) -> Vec<String> {
        let mut asked = std::mem::take(&mut *self.state.asked.lock().unwrap_or_else(PoisonError::into_inner));
        asked.sort();
        asked
    }
}

async fn reply(State(script): State<Arc<Script>>, request: Request) -> Response {
    let (method, path) = (request.method(), request.uri().path());
    script.asked.lock().unwrap_or_else(PoisonError::into_inner).push(format!("{method} {path}"));
    let status = |code| StatusCode::from_u16(code).expect("tests name real statuses");
    match script.replies.get(path).copied().unwrap_or(Reply::Status(404)) {
        Reply::Status(code) => status(code).into_response(),
        Reply::Moved(code, to) => (status(code), [(header::LOCATION, to)]).into_response(),
        Reply::OnlyInFull if *method == Method::HEAD => StatusCode::METHOD_NOT_ALLOWED.into_response(),
        Reply::OnlyInFull => "here".into_response(),
        Reply::Silence => std::future::pending().await,
    }
}
