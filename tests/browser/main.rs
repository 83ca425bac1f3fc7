//! The repository's own site in a real Chromium: with and without scripts, by keyboard and mouse, from phone to desktop.

mod arguing;
mod citations;
mod comfort;
mod elsewhere;
mod explorer;
mod harness;
mod layout;
mod leaving;
mod trouble;
mod without_scripts;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use tempfile::TempDir;
use tests::output::Tree;
use tests::server::Server;

/// The site, built once for all tests of this file.
fn site() -> &'static (PathBuf, Tree) {
    static SITE: OnceLock<(PathBuf, Tree)> = OnceLock::new();
    SITE.get_or_init(|| {
        let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("browser");
        let tree = tests::build_real_site(&out, None);
        (out, tree)
    })
}

fn serve() -> Server {
    Server::start(&site().0)
}

/// Serves a copy of the site as long as the folder is there. `change` says what becomes of a file: other bytes, or none.
fn serve_changed(change: impl Fn(&str, Vec<u8>) -> Option<Vec<u8>>) -> (Server, TempDir) {
    let folder = tempfile::tempdir().expect("the system has room");
    for (path, bytes) in &site().1.files {
        let Some(bytes) = change(path, bytes.clone()) else { continue };
        let file = folder.path().join(path);
        std::fs::create_dir_all(file.parent().expect("a file lies in a folder")).expect("writable");
        std::fs::write(file, bytes).expect("writable");
    }
    (Server::start(folder.path()), folder)
}

/// The address of the one brief that has an explorer in its text.
const BRIEF: &str = "/briefs/micro-multinational/";
/// The address of the explorer's own page.
const EXPLORER: &str = "/explorer/";
/// The address of the explorer for frames on other pages.
const EMBEDDED: &str = "/explorer/embed/";
