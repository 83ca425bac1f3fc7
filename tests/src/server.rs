//! A published tree on an address of this machine, byte for byte and with the headers that its `_headers` file names.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::{self, Next};
use axum::response::Response;
use tokio::runtime::Runtime;
use tokio::sync::Semaphore;
use tower_http::services::{ServeDir, ServeFile};

/// A server that ends with this value.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    gate: Arc<Semaphore>,
    _runtime: Runtime,
}

/// What a request needs to know.
#[derive(Debug)]
struct Rules {
    headers: Vec<Rule>,
    /// Files with this ending wait at the gate.
    held: Option<&'static str>,
    gate: Arc<Semaphore>,
}

/// Headers for the addresses that start with a path.
#[derive(Debug)]
struct Rule {
    prefix: String,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Server {
    /// Serves the files below `folder` on a free port.
    pub fn start(folder: &Path) -> Self {
        Self::new(folder, None)
    }

    /// The same, but files whose name ends in `held` are kept back until [`Self::release`].
    pub fn start_holding(folder: &Path, held: &'static str) -> Self {
        Self::new(folder, Some(held))
    }

    /// Lets go what was held, for good.
    pub fn release(&self) {
        self.gate.close();
    }

    fn new(folder: &Path, held: Option<&'static str>) -> Self {
        let gate = Arc::new(Semaphore::new(0));
        let headers = rules(&fs::read_to_string(folder.join("_headers")).unwrap_or_default());
        let rules = Arc::new(Rules { headers, held, gate: Arc::clone(&gate) });
        // Where a file lies compressed beside the file itself, browsers get that.
        let files = ServeDir::new(folder).precompressed_br().not_found_service(ServeFile::new(folder.join("404.html")));
        let router = Router::new().fallback_service(files).layer(middleware::from_fn_with_state(rules, follow));
        let (address, runtime) = listening(router);
        Self { address, gate, _runtime: runtime }
    }

    /// The full address of `path`, which starts with a slash.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

/// Serves on a free port of this machine until the runtime ends.
pub(crate) fn listening(router: Router) -> (SocketAddr, Runtime) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("the system can start a thread");
    let listener = runtime
        .block_on(tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))
        .expect("this machine has a free port");
    let address = listener.local_addr().expect("a bound socket has an address");
    runtime.spawn(async move { axum::serve(listener, router).await });
    (address, runtime)
}

/// What a `_headers` file says: a line with a path that ends in `*`, then indented lines `Name: value`.
fn rules(text: &str) -> Vec<Rule> {
    let mut rules: Vec<Rule> = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        match (line.starts_with(' '), rules.last_mut()) {
            (true, Some(rule)) => {
                let (name, value) = line.split_once(':').expect("a header has a name and a value");
                let name = name.trim().parse().expect("a header's name is plain");
                rule.headers.push((name, value.trim().parse().expect("a header's value is plain")));
            }
            _ => rules.push(Rule { prefix: line.trim_end_matches('*').to_owned(), headers: Vec::new() }),
        }
    }
    rules
}

async fn follow(State(rules): State<Arc<Rules>>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    if rules.held.is_some_and(|held| path.ends_with(held)) {
        // There is never a permit: the gate opens by being closed for good.
        let _ = rules.gate.acquire().await;
    }
    let mut response = next.run(request).await;
    for (name, value) in
        rules.headers.iter().filter(|rule| path.starts_with(&rule.prefix)).flat_map(|rule| &rule.headers)
    {
        response.headers_mut().insert(name, value.clone());
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_read_by_path() {
        let rules = rules("/*\n  X-One: a: b\n/assets/*\n  X-Two: c\n");
        let shown: Vec<_> = rules.iter().map(|rule| (rule.prefix.as_str(), format!("{:?}", rule.headers))).collect();
        assert_eq!(shown, [("/", r#"[("x-one", "a: b")]"#.to_owned()), ("/assets/", r#"[("x-two", "c")]"#.to_owned())]);
    }
}
