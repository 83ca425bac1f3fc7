//! Citations and references beside those of Pandoc.
//!
//! `references.bib` holds works of every kind, `citations.md` a citation in each paragraph, and `style.csl` the style
//! that sites have by default. `pandoc.html` is what pandoc 3.9 makes of them:
//!
//! ```sh
//! pandoc citations.md --citeproc --bibliography=references.bib --csl=style.csl --metadata=lang:en-GB \
//!   --metadata=link-citations:false --wrap=none --output=pandoc.html
//! ```
//!
//! `differences.toml` lists every place where this site says something else, and why. A new difference fails, and so
//! does one that is gone. `BLESS=1 cargo test -p tests --test citations` writes the list anew; reasons stay.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use diagnostic::Diagnostics;
use scraper::{ElementRef, Html, Node, Selector};
use serde::{Deserialize, Serialize};
use site::load::Sources;
use site::parse::bibliography;
use site::parse::citation::{Citation, Piece, scan};
use site::render::citation_style::CitationStyle;
use site::render::citations::Previews;
use tests::expected;

/// Where the two disagree.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
struct Difference {
    /// Why, for a reader who wonders which is right.
    why: String,
    pandoc: String,
    here: String,
}

fn read(name: &str) -> String {
    fs::read_to_string(folder().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("citations")
}

#[test]
fn every_difference_from_pandoc_is_known() {
    let pandoc = printed(&read("pandoc.html"), "span.citation", "div.csl-entry");
    let here = printed(&ours(), "cite.citation", ".bibliography li");
    assert!(pandoc.len() > 80, "citations and references: {}", pandoc.len());
    assert_eq!(pandoc.keys().collect::<Vec<_>>(), here.keys().collect::<Vec<_>>());

    let file = folder().join("differences.toml");
    let known: BTreeMap<String, Difference> =
        toml::from_str(&fs::read_to_string(&file).unwrap_or_default()).expect("the list of differences is TOML");
    let found: BTreeMap<&String, Difference> = (pandoc.iter())
        .filter(|(place, words)| here[*place] != **words)
        .map(|(place, words)| {
            let why = known.get(place).map(|difference| difference.why.clone()).unwrap_or_default();
            (place, Difference { why, pandoc: words.clone(), here: here[place].clone() })
        })
        .collect();
    let text = toml::to_string(&found).expect("texts can be written as TOML");
    let wrong = expected::text(&file, &text);
    assert!(wrong.is_empty(), "{wrong}");
    let unexplained: Vec<_> = found.iter().filter(|(_, difference)| difference.why.is_empty()).collect();
    assert!(unexplained.is_empty(), "say why in differences.toml: {unexplained:#?}");
}

/// Pandoc was given the very style that sites have by default.
#[test]
fn the_style_is_the_default_one() {
    let default = CitationStyle::named("chicago-author-date", "en-GB").expect("it is the default");
    let wrong = expected::text(&folder().join("style.csl"), &default.to_csl());
    assert!(wrong.is_empty(), "the bundled style has changed: bless this, and run pandoc again");
}

/// The citations and the list of references as this site prints them.
fn ours() -> String {
    let files = [(bibliography::FILE.to_owned(), read("references.bib").into_bytes())];
    let mut diagnostics = Diagnostics::new();
    let works = bibliography::bibliography(&Sources::from_files(files), &mut diagnostics);
    assert!(diagnostics.is_empty(), "{diagnostics:#?}");
    let text = read("citations.md");
    let citations: Vec<Citation> = scan(&text)
        .into_iter()
        .filter_map(|piece| if let Piece::Citation(citation) = piece { Some(citation) } else { None })
        .collect();
    let style = CitationStyle::from_csl(&read("style.csl"), "en-GB").expect("pandoc could read it");
    let printed = style.print(&works, &citations, Previews::Absent);
    printed.unanchored().collect::<String>() + &printed.list(false)
}

/// Each citation by its number and each reference by its key, as text with emphasis.
fn printed(html: &str, citations: &str, references: &str) -> BTreeMap<String, String> {
    let document = Html::parse_fragment(html);
    let all = |selector: &str| {
        let selector = Selector::parse(selector).expect("valid");
        document.select(&selector).collect::<Vec<_>>()
    };
    let citations = all(citations).into_iter().enumerate();
    let mut printed: BTreeMap<String, String> =
        citations.map(|(index, element)| (format!("citation {:02}", index + 1), words(element))).collect();
    for element in all(references) {
        let key = element.value().id().and_then(|id| id.strip_prefix("ref-")).unwrap_or_default();
        printed.insert(format!("reference {key}"), words(element));
    }
    printed
}

/// The text of an element, `*` around what is emphasised, white space folded.
fn words(element: ElementRef<'_>) -> String {
    fn write(element: ElementRef<'_>, text: &mut String) {
        for child in element.children() {
            match (child.value(), ElementRef::wrap(child)) {
                (Node::Text(words), _) => text.push_str(words),
                (_, Some(inner)) if matches!(inner.value().name(), "em" | "i") => {
                    text.push('*');
                    write(inner, text);
                    text.push('*');
                }
                (_, Some(inner)) => write(inner, text),
                _ => {}
            }
        }
    }
    let mut text = String::new();
    write(element, &mut text);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
