//! What the site offers to those who want to check it or take it along: the register of evidence, the glossary's terms,
//! figures as files, datasets with their descriptions, and pages that are light enough to get.

mod catalogue;
mod figures;
mod numbers;
mod register;
mod tables;
mod terms;
mod weight;

use std::path::Path;
use std::sync::OnceLock;

use tests::output::Tree;

/// The address in `content/site.toml`.
const URL: &str = "https://levers.example/";

/// The repository's own site, built once for all tests of this file.
fn site() -> &'static Tree {
    static SITE: OnceLock<Tree> = OnceLock::new();
    SITE.get_or_init(|| tests::build_real_site(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("data"), None))
}

/// A published file as JSON.
fn json(tree: &Tree, path: &str) -> serde_json::Value {
    serde_json::from_str(tree.text(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The rows of a published CSV file by the names of their columns.
fn rows(tree: &Tree, path: &str) -> Vec<std::collections::BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(tree.text(path).as_bytes());
    reader.deserialize().map(|row| row.unwrap_or_else(|error| panic!("{path}: {error}"))).collect()
}
