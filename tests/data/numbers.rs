//! Numbers of the model in texts and in data.

use app::model_number::ModelNumber;
use model::{Model, ModelFile};
use site::number::agree::agree;
use site::number::printed::Printed;
use tests::html::Page;

use super::{rows, site};

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

/// The dataset is written by hand, and the model may change.
#[test]
fn the_readings_of_the_evidence_are_what_the_model_gives() {
    let model = the_model();
    let mut wrong = Vec::new();
    let mut compare = |row: &std::collections::BTreeMap<String, String>, columns: &[(&str, &str)], settings: &str| {
        for (column, name) in columns {
            let address = format!("{name}?region=us&year=10&all=50{settings}");
            let number =
                ModelNumber::read(&model, &address).unwrap_or_else(|mistakes| panic!("{address}: {mistakes:?}"));
            let amount = number.of_run(&model::run(&model, number.scenario()).expect("it runs"));
            let printed = Printed::read(&row[*column]).expect("the cell is a number");
            wrong.extend(agree(&printed, &amount).map(|one| format!("{address}: {} for {}", row[*column], one.value)));
        }
    };
    let outcomes = [("net_jobs", "net_jobs"), ("net_exports_bn", "net_exports")];
    let further = [("gross_jobs", "gross_jobs"), ("exporter_share", "exporter_share"), ("cost_bn", "cost")];
    for row in rows(site(), "data/evidence-readings/readings.csv") {
        let settings = match row["reading"].as_str() {
            "Sceptic" => "&case=sceptic",
            "Central" => "",
            "Advocate" => "&case=advocate",
            other => panic!("{other} is no reading"),
        };
        compare(&row, &outcomes, settings);
        compare(&row, &further, settings);
    }
    for row in rows(site(), "data/evidence-readings/doubts.csv") {
        let settings = match row["change"].as_str() {
            "–" => "",
            "q from 0.35 to 0.15" => "&q=0.15",
            "kX from 4 to 2 jobs per US$ million" => "&kX=2",
            "eta from 0.25 to 0.6" => "&eta=0.6",
            "chiDom, chiF to 1, chiExp to 0.6" => "&chiDom=1&chiF=1&chiExp=0.6",
            "all the above" => "&case=sceptic",
            other => panic!("{other} is no doubt"),
        };
        compare(&row, &outcomes, settings);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn the_model() -> Model {
    let folder = tests::workspace().join("data/models/micro-multinationals");
    let entries = std::fs::read_dir(folder).expect("it is in the checkout");
    let mut files: Vec<(String, String)> = entries
        .map(|entry| entry.expect("readable").path())
        .map(|path| (path.display().to_string(), std::fs::read_to_string(path).expect("it is text")))
        .collect();
    files.sort();
    let files: Vec<ModelFile<'_>> = files.iter().map(|(path, text)| ModelFile { path, text }).collect();
    model::compile(&files).value.expect("the model has no mistakes")
}
