//! A small site with one of everything, and all that it becomes.
//!
//! `input/` is built and compared with `expected/`. So that a change can be read, pages are kept there with a line break
//! between any two tags; and so that a new stylesheet changes no page, the digests in the names of assets are left out.
//!
//! `BLESS=1 cargo test -p tests --test golden` writes the expected site anew.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tests::expected;
use tests::html::{Page, broken_links};
use tests::input::Input;
use tests::output::Tree;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("golden")
}

fn published() -> Tree {
    Input::empty().folder(&folder().join("input")).published()
}

#[test]
fn the_site_is_published_as_expected() {
    let difference = expected::tree(&folder().join("expected"), &readable(&published()));
    assert!(difference.is_empty(), "{difference}");
}

#[test]
fn its_pages_have_no_faults_and_its_links_lead_somewhere() {
    let tree = published();
    let mut faults: Vec<String> = tree.pages().flat_map(|path| Page::read(&tree, path).faults()).collect();
    faults.extend(broken_links(&tree, "/", "https://golden.example/"));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn nothing_of_the_explorer_is_loaded_where_there_is_none() {
    let tree = published();
    for path in tree.pages() {
        let text = tree.text(path);
        assert!(!text.contains("<script") && !text.contains("explorer"), "{path} mentions the explorer or a script");
    }
    let wasm: Vec<&String> = tree.files.keys().filter(|path| path.ends_with(".wasm")).collect();
    assert!(wasm.is_empty(), "{wasm:?}");
}

#[test]
fn digests_are_left_out_of_names() {
    let rows = [
        ("href=/assets/site.0123456789.css>", "href=/assets/site.DIGEST.css>"),
        ("assets/a-b.0123456789.woff2", "assets/a-b.DIGEST.woff2"),
        ("/assets/plain.css /assets/site.012345678.css", "/assets/plain.css /assets/site.012345678.css"),
    ];
    for (text, without) in rows {
        assert_eq!(without_digests(text), without);
    }
}

/// The files of a tree as they are kept under version control. The generator's own assets are not repeated there.
fn readable(tree: &Tree) -> Tree {
    let mut files = BTreeMap::new();
    for (path, bytes) in &tree.files {
        if path.starts_with("assets/") && !path.contains("/shapes.") {
            continue;
        }
        let bytes = match std::str::from_utf8(bytes) {
            Ok(text) if path.ends_with(".html") => without_digests(text).replace("><", ">\n<").into_bytes(),
            Ok(text) => without_digests(text).into_bytes(),
            Err(_) => bytes.clone(),
        };
        files.insert(without_digests(path), bytes);
    }
    Tree { files }
}

/// `assets/site.0a1b2c3d4e.css` as `assets/site.DIGEST.css`.
fn without_digests(text: &str) -> String {
    const DIGITS: usize = 10;
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("assets/") {
        let name = at + "assets/".len();
        let dot =
            rest[name..].find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_')).map(|dot| name + dot);
        let digest = dot.filter(|dot| rest[*dot..].starts_with('.')).map(|dot| dot + 1);
        let end = digest.map(|digest| digest + DIGITS).filter(|end| {
            let digits = digest.and_then(|digest| rest.get(digest..*end));
            digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
                && rest[*end..].starts_with('.')
        });
        match (digest, end) {
            (Some(digest), Some(end)) => {
                plain.push_str(&rest[..digest]);
                plain.push_str("DIGEST");
                rest = &rest[end..];
            }
            _ => {
                plain.push_str(&rest[..name]);
                rest = &rest[name..];
            }
        }
    }
    plain.push_str(rest);
    plain
}
