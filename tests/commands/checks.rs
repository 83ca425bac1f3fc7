//! `levers check` tells what is wrong with a site and writes nothing.

use std::path::{Path, PathBuf};

use tests::input::Input;

use crate::levers_check;

fn valid() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("diagnostics/valid")
}

const NUMBERS: &str = "---\ntitle: Help\nsummary: How to help.\n---\n\nThe north has [300 firms](data:imports/firms?region=North) \
                       of 500, since 1990.\nOf its 12.5 million US$, half is for lever 3.\n";

fn with_numbers() -> Input {
    Input::empty().folder(&valid()).file("content/pages/help.md", NUMBERS)
}

fn files(root: &Path) -> Vec<PathBuf> {
    let entries = walkdir::WalkDir::new(root).sort_by_file_name().into_iter();
    entries.map(|entry| entry.expect("it can be listed").path().to_path_buf()).collect()
}

#[test]
fn a_site_without_mistakes_is_said_to_have_none_and_nothing_is_written() {
    let input = with_numbers();
    let before = files(&input.root());
    let said = levers_check(&input.root(), &[]);
    assert_eq!((said.code, said.out.as_str()), (Some(0), ""), "{}", said.err);
    assert!(said.err.contains("no mistakes"), "{}", said.err);
    assert_eq!(files(&input.root()), before);
}

#[test]
fn mistakes_are_told_as_a_build_tells_them() {
    let wrong = NUMBERS.replace("300 firms", "310 firms");
    let input = Input::empty().folder(&valid()).file("content/pages/help.md", wrong);
    let said = levers_check(&input.root(), &[]);
    assert_eq!((said.code, said.out.as_str()), (Some(1), ""));
    for part in ["error[wrong-number]", "content/pages/help.md:6:16", "write “300 firms”", "1 error"] {
        assert!(said.err.contains(part), "{part} is missing:\n{}", said.err);
    }
    let said = levers_check(&input.root(), &["--json"]);
    let line: serde_json::Value = serde_json::from_str(said.out.trim()).expect("one object");
    assert_eq!((said.code, line["code"].as_str()), (Some(1), Some("wrong-number")));
}

#[test]
fn numerals_without_a_source_are_listed_with_their_places() {
    let said = levers_check(&with_numbers().root(), &["--numbers"]);
    let expected = [
        "content/pages/help.md: 2 numerals without a source, 1 checked number",
        "      6:63  …:imports/firms?region=North) of 500, since 1990.",
        "       7:8  Of its 12.5 million US$, half is for lever …",
        "4 documents: 2 numerals without a source, 1 checked number",
    ];
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_eq!(said.out.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn numerals_under_figures_are_listed_too() {
    let table = "```table\nid = \"tbl-firms\"\ndataset = \"imports\"\ncaption = \"Of \\\"firms\\\", 30% in 1990; \
                 [300](data:imports/firms?region=North) now.\"\nnote = \"\"\"\n40 more,\nor 50.\"\"\"\n```\n\nAbove are 60.\n";
    let page = format!("---\ntitle: Help\nsummary: How to help.\n---\n\n{table}");
    let said =
        levers_check(&Input::empty().folder(&valid()).file("content/pages/help.md", page).root(), &["--numbers"]);
    let expected = [
        "content/pages/help.md: 4 numerals without a source, 1 checked number",
        "      9:26  caption = \"Of \\\"firms\\\", 30% in 1990; [300](data:imports/fi…",
        "      11:1  40 more,",
        "      12:4  or 50.\"\"\"",
        "     15:11  Above are 60.",
    ];
    assert_eq!(said.out.lines().take(5).collect::<Vec<_>>(), expected, "{}", said.err);
}

/// A byte order mark is no part of the text: whoever reads the file counts from the same byte.
#[test]
fn a_byte_order_mark_moves_no_place() {
    let page =
        "---\ntitle: Help\nsummary: How to help.\n---\n\nOf 40 firms [310](data:imports/firms?region=North) left.\n";
    let said = |page: String, options: &[&str]| {
        levers_check(&Input::empty().folder(&valid()).file("content/pages/help.md", page).root(), options)
    };
    let (plain, marked) = (page.to_owned(), format!("\u{feff}{page}"));
    let listed = said(plain.replace("310", "300"), &["--numbers"]);
    assert!(listed.out.contains("     6:4  Of 40 firms [300]"), "{}{}", listed.out, listed.err);
    assert_eq!(said(marked.replace("310", "300"), &["--numbers"]).out, listed.out);
    let told = said(plain, &["--json"]);
    assert!(told.out.contains("wrong-number"), "{}{}", told.out, told.err);
    assert_eq!(said(marked, &["--json"]).out, told.out);
}

#[test]
fn programs_get_the_listing_as_objects() {
    let said = levers_check(&with_numbers().root(), &["--numbers", "--json"]);
    let lines: Vec<serde_json::Value> =
        said.out.lines().map(|line| serde_json::from_str(line).expect("an object a line")).collect();
    let numerals: Vec<_> = lines.iter().filter(|line| line["file"] == "content/pages/help.md").collect();
    assert_eq!(numerals.len(), 2, "{}", said.out);
    assert_eq!((numerals[1]["numeral"].as_str(), numerals[1]["line"].as_u64()), (Some("12.5"), Some(7)));
}
