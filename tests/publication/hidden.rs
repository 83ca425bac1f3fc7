//! What is marked draft, future or embargoed leaves no byte.

use jiff::civil::{Date, date};
use tests::input::Input;
use tests::output::Tree;

use super::golden;

/// A word that stands in everything hidden, and nowhere else.
const MARKER: &str = "xyzzyplugh";

/// A brief with the marker in everything a brief has.
fn brief(when: &str) -> String {
    format!(
        "---\ntitle: The {MARKER} title\nsubtitle: The {MARKER} subtitle\nsummary: The {MARKER} summary.\n{when}\n\
         authors: [Ann {MARKER}]\ntopics: [{MARKER}]\nsource: {MARKER}2026\nchanges:\n  - date: 2026-11-01\n    \
         note: The {MARKER} change.\n---\n\n## The {MARKER} heading\n\nText {MARKER} [@{MARKER}2026], @fig-{MARKER}.[^a]\n\n\
         ![The {MARKER} picture]({MARKER}.svg)\n\n```chart\nid = \"fig-{MARKER}\"\nkind = \"bar\"\ndataset = \"imports\"\n\
         x = \"region\"\ny = [\"after\"]\ntitle = \"{MARKER}\"\ncaption = \"{MARKER}\"\nalt = \"{MARKER} bars.\"\n```\n\n\
         [^a]: The {MARKER} note.\n"
    )
}

const RECOMMENDATION: &str = "---\ntitle: The xyzzyplugh recommendation\nnumber: 9\nsummary: The xyzzyplugh recommendation.\n\
    date: 2026-11-01\nbrief: BRIEF\nno_lever: The xyzzyplugh reason.\nasks: The xyzzyplugh office\nsource: xyzzyplugh2026\n---\n\n\
    The xyzzyplugh argument.\n";

/// The golden site with a hidden brief, its picture, a recommendation that belongs to it, and a work only it cites.
fn input(when: &str) -> Input {
    let input = golden();
    let works = std::fs::read_to_string(input.root().join("content/references.bib")).expect("it was just copied");
    let work = format!("\n@book{{{MARKER}2026, author = {{{MARKER}, Ann}}, title = {{{MARKER}}}, date = {{2026}}}}\n");
    input
        .file(&format!("content/briefs/{MARKER}.md"), brief(when))
        .file(&format!("content/briefs/{MARKER}.svg"), format!("<svg viewBox=\"0 0 2 1\"><!-- {MARKER} --></svg>"))
        .file(&format!("content/recommendations/{MARKER}.md"), RECOMMENDATION.replace("BRIEF", MARKER))
        .file("content/references.bib", works + &work)
}

fn published_on(input: &Input, today: Date) -> Tree {
    let mut options = tests::options(&input.root(), &input.out());
    options.today = today;
    let build = site::build(&options, &|_| {});
    let mistakes = site::terminal::mistakes(&build, diagnostic::print::Style::Plain);
    assert!(build.published.is_some(), "{mistakes}");
    Tree::read(&input.out())
}

/// The files that hold the marker in their name or content, whatever its case.
fn traces(tree: &Tree) -> Vec<&str> {
    let holds = |bytes: &[u8]| bytes.to_ascii_lowercase().windows(MARKER.len()).any(|part| part == MARKER.as_bytes());
    let marked = tree.files.iter().filter(|(path, bytes)| holds(path.as_bytes()) || holds(bytes));
    marked.map(|(path, _)| path.as_str()).collect()
}

#[test]
fn nothing_hidden_leaves_a_byte() {
    let none: [&str; 0] = [];
    for when in [
        "date: 2026-11-01\nstatus: draft",
        "date: 2026-11-22",
        "date: 2026-11-01\nembargo: 2026-11-22",
        "date: 2026-11-22\nembargo: 2026-11-01",
        "date: 2027-01-01\nstatus: draft\nembargo: 2026-01-01",
    ] {
        assert_eq!(traces(&published_on(&input(when), tests::TODAY)), none, "{when}");
    }
}

#[test]
fn the_rest_of_the_site_does_not_show_that_something_is_hidden() {
    let plain = golden().published();
    let with = published_on(&input("date: 2026-11-01\nstatus: draft"), tests::TODAY);
    assert_eq!(plain.difference(&with), "");
}

#[test]
fn what_was_hidden_is_published_on_its_day() {
    for when in ["date: 2026-11-22", "date: 2026-11-01\nembargo: 2026-11-22"] {
        let tree = published_on(&input(when), date(2026, 11, 22));
        let traces = traces(&tree);
        for path in ["feed.xml", "sitemap.xml", "index.html", "briefs/index.html", "data/imports/index.html"] {
            assert!(traces.contains(&path), "{when}: {path} says nothing of it");
        }
        for part in ["briefs/xyzzyplugh/index.html", "recommendations/xyzzyplugh/index.html", "assets/xyzzyplugh."] {
            assert!(traces.iter().any(|path| path.starts_with(part)), "{when}: {part} is not among {traces:?}");
        }
    }
}

#[test]
fn what_is_withdrawn_leaves_no_byte_of_the_old_site() {
    let input = input("date: 2026-11-01");
    assert!(!traces(&published_on(&input, tests::TODAY)).is_empty());
    let input = input.file(&format!("content/briefs/{MARKER}.md"), brief("date: 2026-11-01\nstatus: draft"));
    let none: [&str; 0] = [];
    assert_eq!(traces(&published_on(&input, tests::TODAY)), none);
}

#[test]
fn a_recommendation_of_the_future_is_hidden_by_itself() {
    let recommendation = RECOMMENDATION
        .replace("BRIEF", "imports")
        .replace("date: 2026-11-01", "date: 2026-11-22")
        .replace("source: xyzzyplugh2026", "source: lowrey2011");
    let input = golden().file("content/recommendations/later.md", recommendation);
    let none: [&str; 0] = [];
    assert_eq!(traces(&published_on(&input, tests::TODAY)), none);
    assert!(!traces(&published_on(&input, date(2026, 11, 22))).is_empty());
}
