//! A small site with one of everything, and all that it becomes.
//!
//! `input/` is built and compared with `expected/`. So that a change can be read, pages are kept there with a line break
//! between any two tags; and so that a new stylesheet changes no page, the digests in the names of assets are left out.
//!
//! `BLESS=1 cargo test -p tests --test golden` writes the expected site anew.

mod json_ld;

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
        let page = Page::read(&tree, path);
        let foreign: Vec<&str> = page.values("src").into_iter().filter(|src| src.ends_with(".js")).collect();
        // Previews and the register have small scripts of their own.
        let is_known = |src: &str| {
            src.starts_with("/assets/previews.") || (path == "evidence/index.html" && src.starts_with("/assets/"))
        };
        assert!(foreign.iter().all(|src| is_known(src)), "{path} loads {foreign:?}");
        assert!(!tree.text(path).contains("explorer"), "{path} mentions the explorer");
    }
    let wasm: Vec<&String> = tree.files.keys().filter(|path| path.ends_with(".wasm")).collect();
    assert!(wasm.is_empty(), "{wasm:?}");
}

/// Editors cannot know which ids a page needs for itself.
#[test]
fn no_heading_takes_an_id_that_its_page_needs() {
    let taken = [
        "fn-1",
        "fnref-1",
        "fnref-1-2",
        "ref-lowrey2011",
        "references",
        "footnotes-title",
        "contents-title",
        "main",
        "top",
        "brief-recommendations",
        "brief-changes",
        "brief-related",
        "recommendation-source",
        "levers-title",
        "fig-imports",
        "fig-imports-620-title",
        "fig-imports-360-desc",
        "tbl-imports",
        "lever-l01",
        "live-title",
        "result-title",
    ];
    let headings: String = taken.iter().map(|id| format!("## {id}\n\nText.\n\n")).collect();
    let add = |input: Input, path: &str| {
        let text = std::fs::read_to_string(folder().join("input").join(path)).expect("it is in the checkout");
        input.file(path, text.replacen("[^count]:", &format!("{headings}[^count]:"), 1) + "\n" + &headings)
    };
    let input = Input::empty().folder(&folder().join("input"));
    let tree = add(add(input, "content/briefs/imports.md"), "content/recommendations/count-more.md").published();
    let faults: Vec<String> = tree.pages().flat_map(|path| Page::read(&tree, path).faults()).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Markup in what editors write is text, wherever it stands.
#[test]
fn nothing_that_is_written_becomes_markup() {
    const EVIL: &str = "<x-evil onclick=alert(1)>\"'&lt;</x-evil></title></script></svg>]]>-->";
    let yaml = EVIL.replace('\\', "\\\\").replace('"', "\\\"");
    let json = yaml.clone();
    let brief = format!(
        "---\ntitle: \"Title {yaml}\"\nsubtitle: \"{yaml}\"\nsummary: \"{yaml}\"\ndate: 2026-11-01\nauthors: [\"{yaml}\"]\n\
         topics: [\"{yaml}\"]\nchanges: [{{ date: 2026-11-02, note: \"{yaml}\" }}]\n---\n\n\
         ## Heading {EVIL}\n\nText {EVIL} `{EVIL}` [link {EVIL}](https://a.example/\\<x-evil> \"{yaml}\") \
         ![picture {EVIL}](shapes.svg) [see {EVIL} @lowrey2011, {EVIL}].[^a]\n\n\
         | {EVIL} |\n|---|\n| {EVIL} |\n\n```text\n{EVIL}\n```\n\n> [!NOTE]\n> **{EVIL}**\n>\n> {EVIL}\n\n\
         ```chart\nid = \"fig-evil\"\nkind = \"bar\"\ndataset = \"evil\"\nx = \"name\"\ny = \"value\"\n\
         title = \"{yaml}\"\ncaption = \"{yaml}\"\nalt = \"Bars {yaml}\"\nnote = \"{yaml}\"\n```\n\n\
         ```table\nid = \"tbl-evil\"\ndataset = \"evil\"\ncaption = \"{yaml}\"\nnote = \"{yaml}\"\n```\n\n[^a]: Note {EVIL}\n"
    );
    let package = format!(
        "{{ \"name\": \"evil\", \"title\": \"{json}\", \"description\": \"{json}\", \"version\": \"{json}\", \
         \"licenses\": [{{ \"name\": \"{json}\" }}], \"sources\": [{{ \"title\": \"{json}\" }}], \
         \"quality_notes\": [\"{json}\"], \"resources\": [{{ \"name\": \"evil\", \"title\": \"{json}\", \
         \"path\": \"evil.csv\", \"schema\": {{ \"fields\": [\
         {{ \"name\": \"name\", \"type\": \"string\", \"title\": \"{json}\", \"description\": \"{json}\" }}, \
         {{ \"name\": \"value\", \"type\": \"number\", \"title\": \"{json}\", \"unit\": \"{json}\" }}] }} }}] }}"
    );
    let settings = std::fs::read_to_string(folder().join("input/content/site.toml")).expect("it is in the checkout");
    let settings = [
        "A site for tests",
        "The golden publishers",
        "MIT OR Apache-2.0",
        "Everything that a text can hold, on one small site.",
    ]
    .iter()
    .fold(settings, |settings, words| settings.replace(words, &format!("{words} {yaml}")));
    let works = std::fs::read_to_string(folder().join("input/content/references.bib")).expect("it is in the checkout");
    let tree = Input::empty()
        .folder(&folder().join("input"))
        .file("content/briefs/evil.md", brief)
        .file("content/site.toml", settings)
        .file("content/references.bib", works.replace("Young Firms", "Young <x-evil onclick=alert(1)> Firms"))
        .file("data/evil/datapackage.json", package)
        .file("data/evil/evil.csv", format!("name,value\n\"{}\",1\n", EVIL.replace('"', "\"\"")))
        .published();
    let mut faults: Vec<String> = Vec::new();
    for path in tree.pages() {
        let page = Page::read(&tree, path);
        faults.extend(page.faults());
        if !page.all("x-evil, [onclick]").is_empty() {
            faults.push(format!("{path} holds markup that was text"));
        }
        if page.document.root_element().text().any(|text| text.contains("&amp;lt;") || text.contains("&lt;x-evil")) {
            faults.push(format!("{path} escapes text twice"));
        }
    }
    faults.extend(broken_links(&tree, "/", "https://golden.example/"));
    for path in ["feed.xml", "sitemap.xml"] {
        faults.extend(roxmltree::Document::parse(tree.text(path)).err().map(|error| format!("{path}: {error}")));
    }
    for path in tree.files.keys().filter(|path| path.ends_with(".json")) {
        let read: Result<serde_json::Value, _> = serde_json::from_str(tree.text(path));
        faults.extend(read.err().map(|error| format!("{path}: {error}")));
    }
    assert!(tree.text("briefs/evil/index.html").contains("x-evil"), "the words are there");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
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
        // A PNG is looked at by the tests of what the site offers; its last bits belong to the processor that drew it.
        if path.starts_with("assets/") && !path.contains("/shapes.") || path.ends_with(".png") {
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
