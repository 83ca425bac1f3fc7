//! The repository's own site in a real Chromium: with and without scripts, by keyboard and mouse, from phone to desktop.

mod arguing;
mod citations;
mod explorer;
mod harness;
mod layout;
mod without_scripts;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

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

/// The address of the one brief that has an explorer in its text.
const BRIEF: &str = "/briefs/micro-multinational/";
/// The address of the explorer's own page.
const EXPLORER: &str = "/explorer/";
