//! Where levers can stand, when they get there, and what their settings are compared with.

use model::{
    Certainty, Goal, Measure, Model, ModelFile, Quantity, Reach, RunError, Scenario, Schedule, reference_places,
    side_by_side,
};

const FRAME: &str = r#"
id = "pumps"
title = "Pumps"
version = "1"
summary = "Water is pumped."
[time]
start = 2020
stop = 2026
dt = 0.5
save = 0.5
unit = "years"
[units]
years = ["year"]
litres = ["litre"]
EUR = []
[regions]
here = { label = "Here" }
there = { label = "There" }
[parameters]
most = { label = "Most that can be pumped", unit = "litres per year", here = "100; D; judgement; unverified", there = "50; D; judgement; unverified" }
price = "2 EUR per litre; D; judgement; unverified; Price"
[stocks.water]
label = "Water"
doc = "What has been pumped."
unit = "litres"
initial = 0
inflows = ["pumped"]
[flows.pumped]
label = "Pumped"
doc = "What is pumped."
unit = "litres/year"
equation = "most * (setting[pump] + 2 * setting[wind])"
[auxiliaries.spent]
label = "Spent"
doc = "What pumping costs."
unit = "EUR/year"
equation = "setting[pump] * most * price"
[auxiliaries.x]
label = "X"
doc = "Where the pump stands."
equation = "setting[pump]"
[levers.wind]
label = "Wind"
group = "All"
zero = "None."
hundred = "All."
mechanism = "Pumps."
grade = "D"
evidence = "None."
cost = "None."
range = [0.1, 0.5]
status_quo = 0.2
"#;

fn compiled(pump: &str, more: &str) -> Model {
    let text = format!(
        "{FRAME}[levers.pump]\nlabel = \"Pump\"\ngroup = \"All\"\nzero = \"None.\"\nhundred = \"All.\"\nmechanism = \
         \"Pumps.\"\ngrade = \"D\"\nevidence = \"None.\"\ncost = \"None.\"\nfull = \"most_then\"\ncost_variable = \
         \"spent\"\n{pump}\n[constants.most_then]\nlabel = \"Most\"\ndoc = \"Most.\"\nunit = \
         \"litres/year\"\nequation = \"most\"\n{more}"
    );
    let checked = model::compile(&[ModelFile { path: "pumps.toml", text: &text }]);
    let errors: Vec<_> = checked.diagnostics.iter().map(|diagnostic| diagnostic.message.clone()).collect();
    checked.value.unwrap_or_else(|| panic!("{errors:#?}"))
}

fn here(model: &Model) -> Scenario {
    Scenario::new(model, model.region("here").expect("it is declared"))
}

/// The scenario with the pump at `setting`.
fn pumping(model: &Model, setting: f64) -> Scenario {
    let mut scenario = here(model);
    scenario.levers[model.lever("pump").expect("it is declared").index()] = setting;
    scenario
}

fn series(model: &Model, scenario: &Scenario, variable: &str) -> Vec<f64> {
    let run = model::run(model, scenario).expect("all numbers are finite");
    run.series(model.variable(variable).expect("it is declared")).to_vec()
}

const PUMP: usize = 1;

#[test]
fn a_scenario_moves_a_lever_when_it_says() {
    let model = compiled("", "");
    let mut scenario = pumping(&model, 0.8);
    assert_eq!(series(&model, &scenario, "x"), [0.8; 13]);
    scenario.schedules[PUMP] = Schedule { start: 1.0, ramp: 2.0 };
    let mut expected = vec![0.0, 0.0, 0.0, 0.2, 0.4];
    let found = series(&model, &scenario, "x");
    assert_eq!(found[..5], expected, "{found:?}");
    assert_eq!(found[6..], [0.8; 7]);
    scenario.schedules[PUMP] = Schedule { start: 1.5, ramp: 0.0 };
    expected = [vec![0.0; 3], vec![0.8; 10]].concat();
    assert_eq!(series(&model, &scenario, "x"), expected);
    // What has been pumped by the end is the sum of what the pump did in each step.
    let water = series(&model, &scenario, "water");
    let wind = 40.0 * 6.0;
    assert!((water[12] - (wind + 80.0 * 4.5)).abs() < 1e-9, "{water:?}");
    assert_eq!(series(&model, &scenario.at_once(), "x"), [0.8; 13]);
}

#[test]
fn a_jump_waits_for_the_next_step_of_every_method() {
    let model = compiled("", "");
    let mut four_probes = model.clone();
    four_probes.time.method = model::Method::RungeKutta;
    let mut scenario = pumping(&model, 0.8);
    scenario.schedules[PUMP] = Schedule { start: 1.5, ramp: 0.0 };
    let (one, four) = (series(&model, &scenario, "water"), series(&four_probes, &scenario, "water"));
    assert!(one.iter().zip(&four).all(|(one, four)| (one - four).abs() < 1e-9), "{one:?} {four:?}");
    // Along a ramp the probes within a step see where the lever stands then: the mean of its ends.
    scenario.schedules[PUMP] = Schedule { start: 0.0, ramp: 6.0 };
    let water = series(&four_probes, &scenario, "water");
    assert!((water[12] - (40.0 * 6.0 + 80.0 * 3.0)).abs() < 1e-9, "{water:?}");
}

#[test]
fn a_schedule_that_is_over_leaves_no_trace_in_bits() {
    let model = compiled("status_quo = 0.1\n", "");
    let mut scenario = pumping(&model, 0.7);
    let at_once = series(&model, &scenario, "x");
    scenario.schedules[PUMP] = Schedule { start: 0.0, ramp: 1.0 };
    let later = series(&model, &scenario, "x");
    assert_eq!(later[0], 0.1);
    assert!(later[2..].iter().zip(&at_once).all(|(one, other)| one.to_bits() == other.to_bits()));
}

#[test]
fn a_named_scenario_says_when_levers_move_and_what_it_leaves_open_is_the_levers_own() {
    let more = "
[scenarios.slow]
label = \"Slow\"
doc = \"Slow.\"
levers = { pump = { to = 60, start = 2 }, wind = 30 }
[scenarios.plain]
label = \"Plain\"
doc = \"Plain.\"
levers = { pump = 60, all = 100 }
";
    let model = compiled("ramp = 4\nstart = 1\n", more);
    let slow = here(&model).with_preset(&model, model.scenario("slow").expect("it is declared"));
    assert_eq!(slow.schedules[PUMP], Schedule { start: 2.0, ramp: 4.0 });
    assert_eq!((slow.schedules[0], slow.levers[0]), (Schedule::AT_ONCE, 0.3));
    let plain = slow.with_preset(&model, model.scenario("plain").expect("it is declared"));
    assert_eq!(plain.schedules[PUMP], Schedule { start: 1.0, ramp: 4.0 });
    assert_eq!(plain.levers, [0.5, 0.6], "`all` goes no further than a lever's range, and yields to a name");
}

#[test]
fn settings_and_schedules_out_of_range_are_refused() {
    let model = compiled("", "");
    let mut scenario = here(&model);
    for (setting, holds) in [(0.1, true), (0.5, true), (0.05, false), (0.6, false), (f64::NAN, false)] {
        scenario.levers[0] = setting;
        let result = model::run(&model, &scenario);
        assert_eq!(result.is_ok(), holds, "{setting}");
        if let Err(error) = result {
            assert!(matches!(error, RunError::LeverOutOfRange { range: (0.1, 0.5), .. }), "{error}");
        }
    }
    scenario = here(&model);
    for (start, ramp) in [(-1.0, 0.0), (0.0, -1.0), (f64::NAN, 0.0), (0.0, f64::INFINITY)] {
        scenario.schedules[PUMP] = Schedule { start, ramp };
        assert_eq!(model::run(&model, &scenario), Err(RunError::BadSchedule { lever: "pump".to_owned() }));
    }
    let mut later = here(&model);
    later.schedules[PUMP] = Schedule { start: 1.0, ramp: 0.0 };
    let water = [model.variable("water").expect("it is declared")];
    assert_eq!(side_by_side(&model, &[here(&model), later.clone()], &water), Err(RunError::MixedScenarios));
    assert!(side_by_side(&model, &[later.clone(), later], &water).is_ok());
}

#[test]
fn a_search_stays_within_ranges_and_keeps_to_the_schedule() {
    let model = compiled("", "");
    let quantity =
        |id: &str, measure| Quantity { variable: model.variable(id).expect("it is declared"), measure, point: 12 };
    let goal = |at_least, bounds: Vec<(f64, f64)>| Goal {
        quantity: quantity("water", Measure::Difference),
        at_least,
        certainty: Certainty::Central,
        cost: quantity("spent", Measure::Level),
        bounds,
    };
    let ranges: Vec<(f64, f64)> = model.levers.iter().map(|lever| lever.range).collect();
    let mut scenario = here(&model);
    let refused = model::goal(&model, &scenario, &goal(1.0, vec![(0.0, 1.0); 2]));
    assert!(matches!(refused, Err(RunError::LeverOutOfRange { .. })), "{refused:?}");
    // 0.3 more of free wind brings 360 litres in six years; the pump has to bring the other 120 of 600 it can.
    let mix = model::goal(&model, &scenario, &goal(480.0, ranges.clone())).expect("all numbers are finite");
    assert_eq!(mix.reach, Reach::Just);
    assert!((mix.levers[0] - 0.5).abs() < 1e-6 && (mix.levers[PUMP] - 0.2).abs() < 1e-3, "{mix:?}");
    scenario.schedules[PUMP] = Schedule { start: 3.0, ramp: 0.0 };
    let mix = model::goal(&model, &scenario, &goal(480.0, ranges)).expect("all numbers are finite");
    assert!((mix.levers[PUMP] - 0.4).abs() < 1e-3, "half the time takes twice the pump: {mix:?}");
}

#[test]
fn references_stand_where_their_amounts_are() {
    let model = compiled(
        "stretches = [{ to = 0.25, label = \"small\" }, { to = 1, label = \"large\" }]
references = [
    { label = \"Pumped now\", reach = 25, unit = \"litres per year\", basis = \"verified\", source = \"a2020\" },
    { label = \"Spent here\", cost = 0.3, unit = \"thousand EUR per year\", regions = [\"here\"], basis = \"document\", source = \"a2020\" },
    { label = \"Spent abroad\", cost = 7, unit = \"EUR\", elsewhere = \"Abroad\", basis = \"document\", source = \"a2020\" },
    { label = \"The half of it\", at = 0.5, regions = [\"there\"], basis = \"unverified\", source = \"a2020\" },
]",
        "",
    );
    let places = |region: &str| {
        let places = reference_places(&model, model.region(region).expect("it is declared"));
        places.expect("all numbers are finite")[PUMP].clone()
    };
    assert_eq!(places("here"), [Some(0.25), Some(1.5), None, None]);
    assert_eq!(places("there"), [Some(0.5), None, None, Some(0.5)]);
    let pump = &model.levers[PUMP];
    let named = |setting: f64| pump.stretch(setting).map(|stretch| stretch.label.as_str());
    assert_eq!(
        [named(0.0), named(0.25), named(0.26), named(1.0)],
        [Some("small"), Some("small"), Some("large"), Some("large")]
    );
    assert_eq!(model.levers[0].stretch(0.3), None);
    assert_eq!(Model::from_bytes(&model.to_bytes()), Ok(model));
}
