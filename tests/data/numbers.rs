//! Numbers of the model in texts.

use tests::html::Page;

use super::site;

/// The table above it has the two runs that the sentence compares.
#[test]
fn what_one_run_is_to_another_follows_from_both() {
    let page = Page::read(site(), "recommendations/data-clearing-house/index.html");
    let value = |selector: &str| -> Vec<f64> {
        let found = page.all(selector);
        found.iter().filter_map(|one| one.value().attr("value")?.parse().ok()).collect()
    };
    for (row, title) in
        [("tr:nth-child(2)", "growth from Net extra jobs"), ("tr:nth-child(4)", "growth from Public cost")]
    {
        let [without, with] = value(&format!("table {row} data.checked"))[..] else {
            panic!("{row} has no two numbers")
        };
        let sentence = page.all("p data.checked").into_iter().filter(|one| one.html().contains(title));
        let printed: Vec<f64> = sentence.filter_map(|one| one.value().attr("value")?.parse().ok()).collect();
        let [growth] = printed[..] else { panic!("{title} is there {} times", printed.len()) };
        assert!((growth - (with / without - 1.0)).abs() < 1e-9, "{title}: {growth} is not {with} to {without}");
    }
}

/// A reader's levers cannot stand for both runs.
#[test]
fn a_comparison_of_runs_stays_as_it_is_printed() {
    let page = Page::read(site(), "recommendations/data-clearing-house/index.html");
    let compared = page.all("data.checked").into_iter().filter(|one| one.html().contains(": growth from"));
    let (moving, fixed): (Vec<_>, Vec<_>) = compared.partition(|one| one.value().attr("data-quantity").is_some());
    assert_eq!((moving.len(), fixed.len()), (0, 2));
}

#[test]
fn the_way_around_the_explorer_says_how_many_runs_it_draws() {
    let words = Page::read(site(), "explorer/index.html").texts(".tour").concat();
    assert!(words.contains("of 1,024 runs in which"), "{words}");
}
