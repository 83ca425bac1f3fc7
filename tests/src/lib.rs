//! What tests of the finished site share.
//!
//! [`input`] (a site's files in a temporary folder) → the generator → [`output`] (the tree it published) →
//! [`html`] (pages as documents), [`chromium`] (pages in a browser, served by [`server`]), [`expected`] (files under
//! version control that say what should have come out)
//!
//! Beside the line stand [`corpus`], which writes as many briefs as wanted, and [`responder`], which plays other sites.
//!
//! Nothing here waits for a fixed time or judges how long something took.

pub mod chromium;
pub mod corpus;
pub mod dice;
pub mod expected;
pub mod html;
pub mod input;
pub mod output;
pub mod responder;
pub mod server;

use std::path::{Path, PathBuf};

use jiff::civil::{Date, date};
use site::Options;

/// The day on which sites are read, so that tests say the same every day.
pub const TODAY: Date = date(2026, 11, 21);

/// The checkout: the generator's sources, the real `content/` and `data/`.
pub fn workspace() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().expect("the package lies in the checkout").to_owned()
}

/// How to build the site at `root` into `out`, without anything from earlier builds but the bundle.
pub fn options(root: &Path, out: &Path) -> Options {
    let (root, out) = (root.to_owned(), out.to_owned());
    Options { root, out, today: TODAY, base_url: None, workspace: workspace(), kept: None }
}

/// Builds the repository's own site with its explorer into `out`, which may hold an earlier one.
///
/// # Panics
///
/// When it has mistakes or gives warnings, which are then printed.
pub fn build_real_site(out: &Path, base_url: Option<&str>) -> output::Tree {
    let mut options = options(&workspace(), out);
    options.base_url = base_url.map(str::to_owned);
    let build = site::build(&options, &|doing| eprintln!("  … {doing}"));
    let mistakes = site::terminal::mistakes(&build, diagnostic::print::Style::Plain);
    assert!(build.published.is_some(), "the repository's own site cannot be built:\n{mistakes}");
    assert!(mistakes.is_empty(), "the repository's own site has faults:\n{mistakes}");
    output::Tree::read(out)
}
