//! The engine agrees with an independent script of the same equations on 200 random scenarios (`make_scenarios.py`
//! beside this file says how they were made).

mod real;

use model::{Model, Scenario};

/// Relative difference that rounding explains (2.4e-13 is the largest seen); results that are differences are held against what they are taken from.
const TOLERANCE: f64 = 1e-11;

/// A number of the file; every one was written with all its digits.
fn number(text: &str) -> f64 {
    text.parse().unwrap_or_else(|_| panic!("{text} is not a number"))
}

#[test]
fn two_hundred_scenarios_come_out_as_the_reference_has_them() {
    let model = real::model();
    let mut lines = include_str!("scenarios.csv").lines();
    let heading: Vec<&str> = lines.next().expect("there is a heading").split(',').collect();
    let levers = model.levers.len();
    let (mut scenarios, mut compared, mut worst) = (0, 0, 0.0_f64);
    for line in lines {
        let cells: Vec<&str> = line.split(',').collect();
        assert_eq!(cells.len(), heading.len());
        let mut scenario = Scenario::new(&model, model.region(cells[0]).expect("the region is declared"));
        for (lever, cell) in heading[1..=levers].iter().zip(&cells[1..]) {
            scenario.levers[model.lever(lever).expect("the lever is declared").index()] = number(cell);
        }
        for setting in cells[1 + levers].split_whitespace() {
            let (name, value) = setting.split_once('=').expect("a parameter has a value");
            let parameter = model.parameter(name).unwrap_or_else(|| panic!("there is no parameter {name}"));
            scenario.parameters.insert(parameter, number(value));
        }
        let run = model::run(&model, &scenario).expect("all numbers are finite");
        for (name, cell) in heading.iter().zip(&cells).skip(2 + levers) {
            let (series, expected) = match name.strip_suffix("_baseline") {
                Some(name) => (run.baseline(model.variable(name).expect("it is declared")), number(cell)),
                None => (run.series(model.variable(name).expect("it is declared")), number(cell)),
            };
            let size = expected.abs().max(size_behind(name, &model, &run));
            let gap = (series[10] - expected).abs() / size;
            assert!(gap <= TOLERANCE, "line {}: {name} is {}, expected {expected}", scenarios + 2, series[10]);
            worst = worst.max(gap);
            compared += 1;
        }
        scenarios += 1;
    }
    println!("{compared} numbers of {scenarios} scenarios compared, largest relative difference {worst:e}");
    assert_eq!((scenarios, compared), (200, 200 * 18));
}

/// A thousandth of the level that a difference is taken from: small differences of large numbers lose digits.
fn size_behind(name: &str, model: &Model, run: &model::Run) -> f64 {
    let level = match name {
        "extra_exporters" => "exporters",
        "sme_export_gain" | "net_exports" => "exports_total",
        "gross_own_account" => "own_account",
        "gross_domestic_jobs" | "gross_export_jobs" | "gross_jobs" | "net_jobs" => "sme_jobs",
        _ => return f64::MIN_POSITIVE,
    };
    run.baseline(model.variable(level).expect("it is declared"))[10].abs() / 1e3
}
