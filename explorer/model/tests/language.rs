//! What each construct of the language gives, in a model of a few lines.

use model::{Model, ModelFile, Scenario};

const FRAME: &str = r#"
id = "frame"
title = "Frame"
version = "1"
summary = "A frame."
[time]
stop = 4
dt = 0.5
unit = "years"
[units]
years = ["year"]
km = []
[dimensions]
way = ["road", "rail", "sea"]
[regions]
here = { label = "Here" }
[parameters]
length = { label = "Length of {way}", unit = "km", over = ["way"], road = "2; D; judgement; unverified", rail = "3; D; judgement; unverified", sea = "5; D; judgement; unverified" }
toll = { label = "Toll of {way}", unit = "Dmnl", over = ["way"], sparse = true, road = "10; D; judgement; unverified", sea = "20; D; judgement; unverified" }
[stocks.travelled]
label = "Travelled"
doc = "How far."
unit = "km"
initial = 0
inflows = ["speed"]
[flows.speed]
label = "Speed"
doc = "How fast."
unit = "km/year"
equation = "SUM(way: length[way]) * (1 + setting[push]) / unit_time"
[constants.unit_time]
label = "A year"
doc = "A year."
unit = "year"
equation = 1
"#;

const LEVER: &str = r#"
[levers.push]
label = "Push"
group = "All"
zero = "None."
hundred = "Twice the speed."
mechanism = "Pushes."
grade = "D"
evidence = "None."
cost = "None."
"#;

fn compiled(more: &str) -> Model {
    let files = [ModelFile { path: "frame.toml", text: FRAME }, ModelFile { path: "more.toml", text: more }];
    let checked = model::compile(&files);
    let errors: Vec<_> = checked.diagnostics.iter().map(|diagnostic| diagnostic.message.clone()).collect();
    checked.value.unwrap_or_else(|| panic!("{errors:#?}"))
}

fn series(model: &Model, name: &str, setting: f64) -> Vec<f64> {
    let mut scenario = Scenario::new(model, model.region("here").expect("the frame has it"));
    scenario.levers.fill(setting);
    let run = model::run(model, &scenario).expect("all numbers are finite");
    run.series(model.variable(name).expect("it is declared")).to_vec()
}

/// The yearly values of an equation, with the lever at one half.
fn values(unit: &str, equation: &str) -> Vec<f64> {
    let more =
        format!("{LEVER}[auxiliaries.x]\nlabel = \"X\"\ndoc = \"X.\"\nunit = \"{unit}\"\nequation = \"{equation}\"\n");
    series(&compiled(&more), "x", 0.5)
}

#[test]
fn equations_give_what_they_say() {
    for (unit, equation, expected) in [
        ("Dmnl", "2 + 3 * 4 ^ 2 / 8", [8.0; 5]),
        ("Dmnl", "-2 ^ 2", [-4.0; 5]),
        ("Dmnl", "ABS(-3) + SQRT(16) + EXP(0) + LN(1)", [8.0; 5]),
        ("Dmnl", "MIN(3, 1, 2) + MAX(3, 1, 2)", [4.0; 5]),
        ("year", "TIME", [0.0, 1.0, 2.0, 3.0, 4.0]),
        ("year", "DT", [0.5; 5]),
        ("Dmnl", "IF TIME >= 2 * unit_time AND NOT TIME > 3 * unit_time THEN 7 ELSE 9", [9.0, 9.0, 7.0, 7.0, 9.0]),
        ("Dmnl", "1 <> 2 OR 1 / 0 = 5", [1.0; 5]),
        ("km", "SUM(way: length[way])", [10.0; 5]),
        ("Dmnl", "PRODUCT(way: length[way] / length[road])", [3.75; 5]),
        ("km", "MEAN(way: length[way]) * 3", [10.0; 5]),
        ("km", "MIN(way: length[way]) + MAX(way: length[way])", [7.0; 5]),
        ("Dmnl", "SUM(way: toll[way])", [30.0; 5]),
        ("km", "SUM(way: toll[way] * length[way])", [120.0; 5]),
        ("Dmnl", "MEAN(way: toll[way])", [15.0; 5]),
        ("km", "travelled", [0.0, 15.0, 30.0, 45.0, 60.0]),
        ("km", "BASELINE(travelled)", [0.0, 10.0, 20.0, 30.0, 40.0]),
        ("km", "travelled - BASELINE(travelled)", [0.0, 5.0, 10.0, 15.0, 20.0]),
        ("Dmnl", "STEP(3, 2)", [0.0, 0.0, 3.0, 3.0, 3.0]),
        ("Dmnl", "RAMP(2 / unit_time, 1, 3)", [0.0, 0.0, 2.0, 4.0, 4.0]),
        ("Dmnl/year", "PULSE(3, 2)", [0.0, 0.0, 6.0, 0.0, 0.0]),
        ("Dmnl/year", "PULSE(3, 1, 2)", [0.0, 6.0, 0.0, 6.0, 0.0]),
        ("Dmnl/year", "PULSE(3, 3, 0)", [0.0, 0.0, 0.0, 6.0, 0.0]),
        // The condition is one of the two values as well, and others need a place after it.
        (
            "Dmnl",
            "IF (IF TIME >= DT THEN 5 ELSE TIME >= DT) = 5 THEN TIME / DT ELSE 3 - TIME / DT",
            [3.0, 2.0, 4.0, 6.0, 8.0],
        ),
        ("Dmnl", "INT(2.7) + INT(-0.5)", [1.0; 5]),
    ] {
        assert_eq!(values(unit, equation), expected, "{equation}");
    }
}

#[test]
fn a_graph_is_straight_between_its_points_and_level_beyond() {
    let graph = "[auxiliaries.x]\nlabel = \"X\"\ndoc = \"X.\"\nunit = \"km\"\nequation = \"TIME\"\ngraph = [[1, 10], [2, 20], [4, 0]]\n";
    assert_eq!(series(&compiled(&format!("{LEVER}{graph}")), "x", 0.0), [10.0, 10.0, 20.0, 10.0, 0.0]);
}

#[test]
fn a_lever_starts_when_it_is_scheduled_and_rises_along_its_ramp() {
    let setting = "[auxiliaries.x]\nlabel = \"X\"\ndoc = \"X.\"\nequation = \"setting[push]\"\n";
    for (schedule, expected) in [
        ("", [0.8; 5]),
        ("start = 2\n", [0.0, 0.0, 0.8, 0.8, 0.8]),
        ("start = 1\nramp = 2\n", [0.0, 0.0, 0.4, 0.8, 0.8]),
        ("start = 1\nramp = 2\nstatus_quo = 0.8\n", [0.8; 5]),
    ] {
        let model = compiled(&format!("{LEVER}{schedule}{setting}"));
        assert_eq!(series(&model, "x", 0.8), expected, "{schedule}");
    }
}

#[test]
fn an_array_has_an_equation_for_all_elements_or_one_for_each() {
    let text = "
[auxiliaries.twice]
label = \"Twice {way}\"
doc = \"Twice.\"
unit = \"km\"
over = [\"way\"]
equation = \"2 * length[way]\"
[auxiliaries.each]
label = \"Each {way}\"
doc = \"Each.\"
unit = \"km\"
over = [\"way\"]
equation = { road = \"length[road]\", sea = \"twice[sea] + length[road]\" }
";
    let model = compiled(&format!("{LEVER}{text}"));
    let first = |name: &str| series(&model, name, 0.0)[0];
    assert_eq!([first("twice_road"), first("twice_rail"), first("twice_sea")], [4.0, 6.0, 10.0]);
    assert_eq!([first("each_road"), first("each_sea")], [2.0, 12.0]);
    assert_eq!(model.variable("each_rail"), None);
    assert_eq!(model.variables[model.variable("twice_rail").unwrap().index()].label, "Twice rail");
}

#[test]
fn a_check_that_fails_says_where() {
    let check = |equation: &str| {
        let text = format!("{LEVER}[checks.c]\nlabel = \"C\"\ndoc = \"C.\"\nequation = \"{equation}\"\n");
        let model = compiled(&text);
        model::check(&model).unwrap().remove(0)
    };
    let held = check("travelled >= 0");
    assert_eq!((held.runs, held.failure), (2, None));
    let failure = check("travelled - BASELINE(travelled) <= 2.5 * SUM(way: length[way])");
    let failure = failure.failure.expect("25 km are passed in year 3");
    assert_eq!((failure.case.as_str(), failure.year), ("all levers at their highest", 3.0));
}
