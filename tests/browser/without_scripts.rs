//! Without scripts the pages are complete.

use tests::chromium::{Chromium, Scripts};

use crate::{BRIEF, EXPLORER, serve};

#[test]
fn the_explorer_shows_charts_tables_numbers_and_levers() {
    let server = serve();
    let chromium = Chromium::launch();
    let view = chromium.open(&server.url(EXPLORER), 1440, Scripts::Off);
    let visible = |selector: &str| {
        view.value::<usize>(&format!(
            "[...document.querySelectorAll('{selector}')].filter(element => element.checkVisibility() && \
             element.getBoundingClientRect().height > 0).length"
        ))
    };
    assert_eq!(visible(".explorer[data-state]"), 0, "no script has run");
    assert!(visible("noscript p") == 1, "a word on why nothing moves");
    assert!(visible(".headline data") >= 4, "main figures");
    assert!(visible(".result-charts svg.chart") >= 2, "charts");
    assert_eq!(visible("li.lever"), 13, "levers");
    assert_eq!(visible("li.lever label"), 13, "their names");
    assert_eq!(visible("input.lever-range"), 13, "where they stand");
    assert_eq!(visible("input:enabled"), 0, "nothing pretends to work");
    for (what, details, inside) in [
        ("the table of a chart", ".result-charts details", "td"),
        ("what speaks for a lever", "#lever-L01 details", "dd"),
    ] {
        view.click(&format!("{details} summary"));
        assert!(visible(&format!("{details}[open] {inside}")) > 3, "{what} opens without a script");
    }
    assert_eq!(view.problems(), Vec::<String>::new());
}

#[test]
fn a_brief_is_complete() {
    let server = serve();
    let chromium = Chromium::launch();
    let view = chromium.open(&server.url(BRIEF), 360, Scripts::Off);
    for (what, selector) in [
        ("figures", "figure.chart-figure svg.chart"),
        ("tables", "figure.table-figure table"),
        ("the explorer's figures", ".explorer-small .headline data"),
        ("footnotes", ".footnotes li"),
        ("references", ".bibliography li"),
        ("key findings", ".callout-important li"),
    ] {
        let visible: bool = view
            .value(&format!("[...document.querySelectorAll('{selector}')].some(element => element.checkVisibility())"));
        assert!(visible, "{what}");
    }
    assert_eq!(view.problems(), Vec::<String>::new());
}
