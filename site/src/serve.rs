//! Shows the site on this machine, builds it again when its inputs change, and reloads the pages that are open.
//!
//! The files served are those of the last good build: while something is wrong, readers of the preview keep it.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use notify::{EventKind, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, new_debouncer};
use tokio::sync::watch;
use tokio_stream::wrappers::WatchStream;
use tokio_stream::{Stream, StreamExt};
use tower_http::services::{ServeDir, ServeFile};

use crate::{Options, build, terminal};

/// Saves that follow each other this closely are one change.
const DEBOUNCE: Duration = Duration::from_millis(60);
/// The script that reloads a page; it is added on the way to the browser and never published.
const RELOAD: &str = "const events = new EventSource('/_levers/changes');\n\
     events.onmessage = () => location.reload();\n\
     addEventListener('pagehide', () => events.close());\n";
const RELOAD_TAG: &str = "<script src=\"/_levers/reload.js\" defer></script>";

/// Builds the site and serves it on `port` of this machine until it is interrupted.
pub fn serve(options: Options, port: u16) -> io::Result<()> {
    rebuild(&options);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(run(options, port))
}

async fn run(options: Options, port: u16) -> io::Result<()> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let listener = tokio::net::TcpListener::bind(address)
        .await
        .map_err(|error| io::Error::new(error.kind(), format!("port {port}: {error}; choose another with --port")))?;
    let (changed, changes) = watch::channel(0_u64);
    let out = options.out.clone();
    let options = Arc::new(options);
    let _watcher = watch_inputs(Arc::clone(&options), changed)?;
    eprintln!("  serving http://127.0.0.1:{port}/ (Ctrl-C ends it)");
    axum::serve(listener, router(&out, changes))
        .with_graceful_shutdown(async {
            // Without a signal handler there is nothing to wait for.
            let _ = tokio::signal::ctrl_c().await;
            std::process::exit(0);
        })
        .await
}

/// The routes: the site itself, and the two addresses that make pages reload.
pub fn router(out: &Path, changes: watch::Receiver<u64>) -> Router {
    let files = ServeDir::new(out).not_found_service(ServeFile::new(out.join("404.html")));
    Router::new()
        .route("/_levers/changes", get(announce))
        .route("/_levers/reload.js", get(|| async { ([(header::CONTENT_TYPE, "text/javascript")], RELOAD) }))
        .fallback_service(files)
        .layer(middleware::from_fn(prepare))
        .with_state(changes)
}

async fn announce(State(changes): State<watch::Receiver<u64>>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let versions = WatchStream::from_changes(changes);
    Sse::new(versions.map(|version| Ok(Event::default().data(version.to_string())))).keep_alive(KeepAlive::default())
}

/// Adds the reloading script to pages, and keeps browsers from remembering any file.
async fn prepare(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let is_page =
        response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if !is_page {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(page) = to_bytes(body, usize::MAX).await else {
        return (StatusCode::INTERNAL_SERVER_ERROR, "the page cannot be read").into_response();
    };
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from([&page, RELOAD_TAG.as_bytes()].concat()))
}

type Watcher = notify_debouncer_full::Debouncer<notify::RecommendedWatcher, notify_debouncer_full::RecommendedCache>;

fn watch_inputs(options: Arc<Options>, changed: watch::Sender<u64>) -> io::Result<Watcher> {
    let folders = [
        options.root.join("content"),
        options.root.join("data"),
        options.root.join("site/templates"),
        options.root.join("site/assets"),
        options.workspace.join("site/templates"),
        options.workspace.join("site/assets"),
    ];
    let handler = move |result: DebounceEventResult| {
        let touched = match &result {
            Ok(events) => events.iter().any(|event| !matches!(event.kind, EventKind::Access(_))),
            // The system lost track of what changed, so something may have.
            Err(_) => true,
        };
        if touched && rebuild(&options) {
            changed.send_modify(|version| *version += 1);
        }
    };
    let mut watcher = new_debouncer(DEBOUNCE, None, handler).map_err(io::Error::other)?;
    for folder in folders.iter().filter(|folder| folder.is_dir()) {
        watcher.watch(folder, RecursiveMode::Recursive).map_err(io::Error::other)?;
    }
    Ok(watcher)
}

/// Whether there is something new to see.
fn rebuild(options: &Options) -> bool {
    let result = build(options, &terminal::progress);
    eprint!("{}", terminal::mistakes(&result, terminal::style()));
    match &result.published {
        Some(published) => {
            eprint!("{}", terminal::summary(published, &options.out));
            published.written.written > 0
        }
        None => false,
    }
}
