//! What the commands print is what the engine gives.

use std::collections::BTreeMap;

use model::{Model, ModelFile, Sampling, Scenario, Schedule};
use serde_json::Value;

use crate::{levers_model_in, printed};

fn model() -> Model {
    let folder = tests::workspace().join("data/models/micro-multinationals");
    let entries = std::fs::read_dir(folder).expect("the model's folder is there");
    let mut files: Vec<(String, String)> = entries
        .map(|entry| entry.expect("its entries can be read").path())
        .map(|path| (path.display().to_string(), std::fs::read_to_string(path).expect("it is text")))
        .collect();
    files.sort();
    let files: Vec<_> = files.iter().map(|(path, text)| ModelFile { path, text }).collect();
    model::compile(&files).value.expect("the model has no mistakes")
}

/// The rows of a CSV without quoted cells, by column.
fn rows(csv: &str) -> Vec<BTreeMap<&str, &str>> {
    let mut lines = csv.lines();
    let header: Vec<&str> = lines.next().expect("there is a header").split(',').collect();
    lines.map(|line| header.iter().copied().zip(line.split(',')).collect()).collect()
}

#[test]
fn the_csv_of_a_run_has_the_engines_numbers_to_the_last_bit() {
    let words = ["run", "--region", "us", "--set", "L01=50", "--set", "all=25", "--years", "2", "--draws", "64"];
    let csv = printed(&[&words[..], &["--seed", "3", "--outcome", "net_exports", "--format", "csv"]].concat());
    assert!(csv.starts_with("REF_AREA,INDICATOR,UNIT_MEASURE,TIME_PERIOD,OBS_VALUE,SCENARIO,QUANTILE\n"));

    let model = model();
    let mut scenario = Scenario::new(&model, model.region("us").expect("declared"));
    scenario.levers.fill(0.25);
    scenario.levers[model.lever("L01").expect("declared").index()] = 0.5;
    scenario.years = 2.0;
    let outcome = &model.outcomes[model.outcome("net_exports").expect("declared").index()];
    let run = model::run(&model, &scenario).expect("it runs");
    let sampling = Sampling { draws: 64, seed: 3 };
    let ensemble = model::ensemble(&model, &scenario, sampling, &[outcome.variable]).expect("it runs");
    let bands = ensemble.bands(outcome.variable).expect("asked for");

    let rows = rows(&csv);
    assert_eq!(rows.len(), 3 * 3 * 8, "years, parts, and the central run with seven quantiles");
    let found = |part: &str, quantile: &str| -> Vec<f64> {
        let wanted = rows.iter().filter(|row| row["SCENARIO"] == part && row["QUANTILE"] == quantile);
        wanted.map(|row| row["OBS_VALUE"].parse().expect("a number")).collect()
    };
    let scaled = |values: &[f64]| -> Vec<f64> { values.iter().map(|value| value * outcome.scale).collect() };
    let cases = [
        ("", scaled(run.series(outcome.variable))),
        ("0.025", scaled(&bands.bands[2].low)),
        ("0.125", scaled(&bands.bands[1].low)),
        ("0.25", scaled(&bands.bands[0].low)),
        ("0.5", scaled(&bands.median)),
        ("0.75", scaled(&bands.bands[0].high)),
        ("0.875", scaled(&bands.bands[1].high)),
        ("0.975", scaled(&bands.bands[2].high)),
    ];
    for (quantile, wanted) in cases {
        assert_eq!(found("scenario", quantile), wanted, "quantile {quantile:?}");
        // The outcome is a difference from the base run, in which it is zero.
        assert_eq!(found("difference", quantile), wanted, "quantile {quantile:?} of the difference");
        assert_eq!(found("baseline", quantile), [0.0; 3], "quantile {quantile:?} of the base run");
    }
}

#[test]
fn ranges_of_a_levels_difference_come_from_pairs_of_runs() {
    let words = ["run", "--set", "all=50", "--draws", "64", "--outcome", "exporters", "--format", "csv"];
    let csv = printed(&words);
    let rows = rows(&csv);
    let last = |part: &str, quantile: &str| -> f64 {
        let wanted = rows.iter().rfind(|row| row["SCENARIO"] == part && row["QUANTILE"] == quantile);
        wanted.expect("it is there")["OBS_VALUE"].parse().expect("a number")
    };
    let width = |part| last(part, "0.975") - last(part, "0.025");
    assert!(width("difference") > 0.0);
    assert!(width("difference") < width("scenario"), "what is not known about the base run cancels");
}

#[test]
fn json_has_the_numbers_of_the_csv() {
    let words = ["run", "--region", "ke", "--case", "sceptic", "--set", "L01=40", "--outcome", "net_jobs", "--format"];
    let (csv, json) = (printed(&[&words[..], &["csv"]].concat()), printed(&[&words[..], &["json"]].concat()));
    let json: Value = serde_json::from_str(&json).expect("it is JSON");
    assert_eq!((&json["region"], &json["levers"]["L01"]), (&Value::from("ke"), &Value::from(40.0)));
    assert_eq!(json["parameters"]["chiDom"], Value::from(1.0));
    let observations = json["observations"].as_array().expect("a list");
    let rows = rows(&csv);
    assert_eq!(rows.len(), observations.len());
    for (row, observation) in rows.iter().zip(observations) {
        assert_eq!(row["OBS_VALUE"].parse::<f64>().ok(), observation["OBS_VALUE"].as_f64());
        assert_eq!(Some(row["REF_AREA"]), observation["REF_AREA"].as_str());
        assert_eq!(Some(row["SCENARIO"]), observation["SCENARIO"].as_str());
    }
}

#[test]
fn levers_move_when_they_are_told_to() {
    let words = ["run", "--set", "all=50", "--start", "all=2", "--ramp", "L01=3", "--outcome", "cost"];
    let table = printed(&words);
    assert!(table.contains("Schedule: L01 from year 2 to 5, L02 from year 2, "), "{table}");
    assert!(printed(&words[..5]).contains("Schedule: all from year 2\n"));
    let json: Value =
        serde_json::from_str(&printed(&[&words[..], &["--format", "json"]].concat())).expect("it is JSON");
    assert_eq!(json["schedules"]["L01"]["ramp"], Value::from(3.0));
    let model = model();
    let mut scenario = Scenario::new(&model, model.region("us").expect("declared"));
    scenario.levers.fill(0.5);
    scenario.schedules.fill(Schedule { start: 2.0, ramp: 0.0 });
    scenario.schedules[model.lever("L01").expect("declared").index()].ramp = 3.0;
    let outcome = &model.outcomes[model.outcome("cost").expect("declared").index()];
    let run = model::run(&model, &scenario).expect("it runs");
    let printed = json["observations"].as_array().expect("a list").iter().filter(|one| one["SCENARIO"] == "scenario");
    let printed: Vec<f64> = printed.filter_map(|one| one["OBS_VALUE"].as_f64()).collect();
    let wanted: Vec<f64> = run.series(outcome.variable).iter().map(|value| value * outcome.scale).collect();
    assert_eq!(printed, wanted);
    assert!(printed[1] == 0.0 && printed[2] > 0.0 && printed[2] < printed[5]);
}

#[test]
fn the_cheapest_mix_reaches_its_goal_when_it_is_run() {
    let words =
        ["goal", "--outcome", "net_jobs", "--at-least", "60000", "--year", "8", "--fix", "L07=0", "--start", "L03=2"];
    let json: Value =
        serde_json::from_str(&printed(&[&words[..], &["--format", "json"]].concat())).expect("it is JSON");
    assert_eq!((&json["reached"], &json["levers"]["L07"]), (&Value::from(true), &Value::from(0.0)));
    let table = printed(&words);
    for part in
        ["Net extra jobs of at least 60,000 jobs in year 8", "Result: reached", "Held: L07", "As far as they go: "]
    {
        assert!(table.contains(part), "{part} is missing from:\n{table}");
    }
    let model = model();
    let mut scenario = Scenario::new(&model, model.region("us").expect("declared"));
    scenario.schedules[model.lever("L03").expect("declared").index()].start = 2.0;
    for (setting, lever) in scenario.levers.iter_mut().zip(&model.levers) {
        *setting = json["levers"][&lever.id].as_f64().expect("a number") / 100.0;
    }
    let run = model::run(&model, &scenario).expect("it runs");
    let at = |id: &str| {
        let outcome = &model.outcomes[model.outcome(id).expect("declared").index()];
        run.series(outcome.variable)[8] * outcome.scale
    };
    assert!((at("net_jobs") / 60_000.0 - 1.0).abs() < 1e-3, "{}", at("net_jobs"));
    assert!((at("cumulative_cost") - json["cost"].as_f64().expect("a number")).abs() < 1e-6);
}

#[test]
fn a_goal_out_of_reach_says_how_close_one_can_come() {
    let words = [
        "goal",
        "--at-least",
        "150000",
        "--probability",
        "95",
        "--draws",
        "64",
        "--fix",
        "L07=0",
        "--outcome",
        "net_jobs",
    ];
    let table = printed(&words);
    assert!(table.contains("Result: out of reach; the closest mix found comes to "), "{table}");
    assert!(table.contains("% of 64 from seed 1 reach the target; parameter uncertainty only"), "{table}");
}

#[test]
fn a_lever_is_explained_with_what_it_can_be_compared_with() {
    let text = printed(&["explain", "L03"]);
    for part in [
        "to 20%   up to 0.3% of firms a year",
        "200 firms per year  2.17%, Canada",
        "830 firms           United Kingdom",
    ] {
        assert!(text.contains(part), "{part} is missing from:\n{text}");
    }
}

#[test]
fn a_table_rounds_what_the_evidence_cannot_tell() {
    let table = printed(&["run", "--set", "all=50", "--outcome", "net_jobs", "--outcome", "sme_jobs"]);
    for part in
        ["Net extra jobs (net_jobs, jobs)", "+150,000", "Jobs of service SMEs (sme_jobs, million jobs)", "all at 50%"]
    {
        assert!(table.contains(part), "{part} is missing from:\n{table}");
    }
}

#[test]
fn contributions_add_up_to_the_difference() {
    let words = ["run", "--set", "L01=50", "--set", "L06=50", "--outcome", "net_jobs", "--contributions"];
    let json = printed(&[&words[..], &["--format", "json"]].concat());
    let json: Value = serde_json::from_str(&json).expect("it is JSON");
    let contributions = json["contributions"].as_array().expect("a list");
    let sum: f64 = contributions.iter().filter_map(|one| one["value"].as_f64()).sum();
    let last = json["observations"].as_array().and_then(|list| list.last()).expect("there are observations");
    let total = last["OBS_VALUE"].as_f64().expect("a number");
    assert_eq!((contributions.len(), last["SCENARIO"].as_str()), (2, Some("difference")));
    assert!((sum / total - 1.0).abs() < 1e-9, "{sum} of {total}");
    assert!(printed(&words).contains("Of the last difference each lever brings (jobs, exact)"));
}

#[test]
fn all_checks_of_the_model_hold() {
    let text = printed(&["check"]);
    assert!(text.contains("holds  Levers stay below their ceilings"), "{text}");
    let json = printed(&["check", "--json"]);
    assert!(json.lines().count() >= 10, "{json}");
    for line in json.lines() {
        let line: Value = serde_json::from_str(line).expect("each line is JSON");
        assert_eq!(line["holds"], Value::from(true), "{line}");
    }
}

#[test]
fn a_broken_check_is_told_with_its_place() {
    let broken = "\n[checks.wrong]\nlabel = \"Fewer firms than none\"\ndoc = \"Never.\"\nequation = \"local < 0\"\n";
    let site = tests::input::Input::empty()
        .folder_at("data/models", &tests::workspace().join("data/models"))
        .file("data/models/micro-multinationals/more.toml", broken);
    let said = levers_model_in(&site.root(), &["check"]);
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains("error[broken-check]") && said.err.contains("more.toml:2:1"), "{}", said.err);
    assert!(said.out.contains("BROKEN  Fewer firms than none"), "{}", said.out);
    let said = levers_model_in(&site.root(), &["check", "--json"]);
    assert_eq!(said.code, Some(1));
    assert!(said.out.contains(r#""code":"broken-check""#) && said.out.contains(r#""holds":false"#), "{}", said.out);
}

#[test]
fn names_are_explained() {
    let rows: [(&[&str], &[&str]); 6] = [
        (
            &["explain", "net_export_jobs"],
            &["auxiliary, in jobs", "(1 - chiExp) * gross_export_jobs", "Depends on", "grade D", "net_employee_jobs"],
        ),
        (
            &["explain", "digital"],
            &["stock, in firms", "+ adoption", "− digital_entry", "compare differences, not levels"],
        ),
        (&["explain", "kX", "--region", "us"], &["parameter, in ", "United States", "Used by", "jobs_per_export"]),
        (&["explain", "L01"], &["lever, Firms going abroad", "Evidence", "full_L01"]),
        (&["explain", "cumulative_cost"], &["outcome, in US$ billion", "spent × 0.001"]),
        (&["explain", "net_jobs", "--set", "all=50", "--region", "us"], &["scenario at 10", "outcome"]),
    ];
    for (words, parts) in rows {
        let text = printed(words);
        for part in parts {
            assert!(text.contains(part), "{words:?}: {part} is missing from:\n{text}");
        }
    }
}

#[test]
fn an_element_of_an_array_has_its_own_parameters() {
    let text = printed(&["explain", "programme_cost_L05", "--region", "us"]);
    assert!(text.contains("  cost_L05: ") && text.contains("  J0: "), "{text}");
    assert!(!text.contains("  cost_L06: ") && !text.contains("  phiF: "), "{text}");
    let whole = printed(&["explain", "programme_cost", "--region", "us"]);
    assert!(whole.contains("  cost_L05: ") && whole.contains("  cost_L06: "), "{whole}");
}

#[test]
fn parameters_that_matter_are_listed_first() {
    let text = printed(&["sensitivity", "--set", "all=50", "--outcome", "net_jobs", "--draws", "64", "--top", "3"]);
    assert!(text.contains("at its low") && text.contains("Sobol' indices"), "{text}");
}
