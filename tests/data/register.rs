//! The register of evidence.

use std::collections::BTreeSet;
use std::fs;

use tests::html::Page;
use walkdir::WalkDir;

use super::{rows, site};

const PAGE: &str = "evidence/index.html";

#[test]
fn every_figure_has_a_row_with_its_place_its_source_and_its_remarks() {
    let page = Page::read(site(), PAGE);
    let figures = rows(site(), "data/figures/figures.csv");
    assert!(figures.len() > 200, "figures are missing from the dataset");
    let shown = page.all("#figures tbody tr");
    assert_eq!(shown.len(), figures.len());
    for (row, figure) in shown.iter().zip(&figures) {
        assert_eq!(row.value().attr("id"), Some(figure["id"].as_str()));
        let words: String = row.text().collect();
        for column in ["claim", "geography", "year", "place", "primary_source", "notes"] {
            assert!(words.contains(&figure[column]), "{} does not show its {column}: {words}", figure["id"]);
        }
    }
}

#[test]
fn every_contradiction_is_told_at_each_of_its_figures_and_shown_on_a_page() {
    let page = Page::read(site(), PAGE);
    let mut told = 0;
    for row in rows(site(), "data/contradictions/contradictions.csv") {
        for id in row["figures"].split(',').map(str::trim).filter(|id| !id.is_empty()) {
            let words: String = page.texts(&format!("tr#{id}[data-contradicted]")).concat();
            assert!(words.contains(&row["other"]), "{id} does not tell of {}: {words}", row["id"]);
            let links =
                page.values("href").into_iter().filter(|href| href.starts_with("/contradictions/#tbl-")).count();
            assert!(links > 0, "no row leads to the page of contradictions");
            told += 1;
        }
    }
    assert!(told > 39, "only {told} contradictions are told");
}

/// A list kept by hand missed pages; this one is made of what the texts name and draw on.
#[test]
fn every_contradiction_leads_to_the_pages_that_use_it() {
    let page = Page::read(site(), "contradictions/index.html");
    let rows = rows(site(), "data/contradictions/contradictions.csv");
    let used = |id: &str| -> Vec<&str> {
        let row = rows.iter().position(|row| row["id"] == id).expect("it is in the dataset") + 1;
        let cell = format!("tr[id$=\"-row-{row}\"] td:last-child");
        page.all(&format!("{cell} a")).iter().filter_map(|link| link.value().attr("href")).collect()
    };
    // A figure, a number of the row itself, one of two figures compared, a dataset.
    for (id, path) in [
        ("micro-size", "/briefs/local-to-global/"),
        ("sum-oecd", "/method/objections/"),
        ("student-years", "/briefs/global-services-economy/"),
        ("alibaba", "/briefs/sceptics-brief/"),
        ("alibaba", "/data/platform-concentration/"),
    ] {
        assert!(used(id).contains(&path), "{id} is used on {path}, but its row says {:?}", used(id));
    }
    assert!(used("five-reasons").is_empty(), "{:?}", used("five-reasons"));
    let own = page.all("td:last-child a[href=\"/contradictions/\"]").len();
    assert_eq!(own, 0, "the page leads to itself");
}

#[test]
fn every_figure_that_a_text_names_is_in_the_register_and_leads_back() {
    let known: BTreeSet<String> =
        rows(site(), "data/figures/figures.csv").iter().map(|row| row["id"].clone()).collect();
    let page = Page::read(site(), PAGE);
    let mut named = 0;
    for entry in WalkDir::new(tests::workspace().join("content")).into_iter().filter_map(Result::ok) {
        let path = entry.path();
        if path.extension().is_none_or(|ending| ending != "md") {
            continue;
        }
        let text = fs::read_to_string(path).expect("texts are in the checkout");
        for after in text.split("@ev-").skip(1) {
            let id: String = after.chars().take_while(char::is_ascii_alphanumeric).collect();
            assert!(known.contains(&id), "{} names {id}, which the register does not have", path.display());
            let uses = page.texts(&format!("tr#{id}[data-used]"));
            assert!(uses.iter().any(|words| words.contains("Used in")), "{id} does not say where it is used");
            named += 1;
        }
    }
    assert!(named > 0, "no text names a figure of the register");
}

#[test]
fn the_table_is_whole_without_a_script() {
    let page = Page::read(site(), PAGE);
    assert!(page.all("#figures tr[hidden]").is_empty());
    let scripts: Vec<&str> = page.values("src");
    assert!(scripts.iter().all(|src| !src.contains("explorer")), "{scripts:?}");
}
