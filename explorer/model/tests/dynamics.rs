//! What stocks do in time, held against solutions that can be written down.

use model::float::{exp, ln};
use model::{EnsembleRun, Model, ModelFile, Run, Sampling, Scenario};

/// A model with a lever, the numbers of its time axis and more sections.
fn compiled(method: &str, dt: &str, more: &str) -> Model {
    let text = format!(
        r#"
id = "dynamics"
title = "Dynamics"
version = "1"
summary = "Stocks."
[time]
start = 0
stop = 8
dt = {dt}
unit = "years"
method = "{method}"
[units]
years = ["year"]
t = []
[dimensions]
kind = ["old", "new"]
[regions]
here = {{ label = "Here" }}
[levers.push]
label = "Push"
group = "All"
zero = "None."
hundred = "All."
mechanism = "Pushes."
grade = "D"
evidence = "None."
cost = "None."
[parameters]
rate = "0.5 (0.3 .. 0.7) per year triangular; D; judgement; unverified; Rate"
year = "1 year; D; judgement; unverified; A year"
ton = "1 t; D; judgement; unverified; A ton"
{more}"#
    );
    let files = [ModelFile { path: "dynamics.toml", text: &text }];
    let checked = model::compile(&files);
    let errors: Vec<_> = checked.diagnostics.iter().filter(|found| found.code != "unused-parameter").collect();
    assert!(errors.is_empty(), "{errors:#?}");
    checked.value.expect("it has no mistakes")
}

fn run(model: &Model, setting: f64) -> Run {
    let mut scenario = Scenario::new(model, model.region("here").expect("it is declared"));
    scenario.levers.fill(setting);
    model::run(model, &scenario).expect("all numbers are finite")
}

fn series(model: &Model, name: &str, setting: f64) -> Vec<f64> {
    run(model, setting).series(model.variable(name).expect("it is declared")).to_vec()
}

fn stock(name: &str, initial: &str, more: &str) -> String {
    format!("[stocks.{name}]\nlabel = \"S\"\ndoc = \"S.\"\nunit = \"t\"\ninitial = \"{initial}\"\n{more}\n")
}

fn flow(name: &str, equation: &str) -> String {
    format!("[flows.{name}]\nlabel = \"F\"\ndoc = \"F.\"\nunit = \"t/year\"\nequation = \"{equation}\"\n")
}

fn auxiliary(name: &str, unit: &str, equation: &str) -> String {
    format!("[auxiliaries.{name}]\nlabel = \"A\"\ndoc = \"A.\"\nunit = \"{unit}\"\nequation = \"{equation}\"\n")
}

/// How many times smaller the error at the end gets when the step is halved, as a power of two.
fn order(method: &str, more: &str, exact: f64) -> f64 {
    let error = |dt: &str| {
        let model = compiled(method, dt, more);
        (series(&model, "s", 0.0)[8] - exact).abs()
    };
    ln(error("0.125") / error("0.0625")) / ln(2.0)
}

#[test]
fn halving_the_step_halves_the_error_of_euler_and_divides_that_of_rk4_by_sixteen() {
    let decay = stock("s", "100 * ton", "outflows = [\"f\"]") + &flow("f", "rate * s");
    let logistic = stock("s", "10 * ton", "inflows = [\"f\"]") + &flow("f", "rate * s * (1 - s / (100 * ton))");
    // The rate follows time itself, so every stage must see its own point of time.
    let forced = stock("s", "0 * ton", "inflows = [\"f\"]") + &flow("f", "ton / year * EXP(TIME / (4 * year))");
    for (text, exact) in
        [(&decay, 100.0 * exp(-4.0)), (&logistic, 100.0 / (1.0 + 9.0 * exp(-4.0))), (&forced, 4.0 * (exp(2.0) - 1.0))]
    {
        let (euler, rk4) = (order("euler", text, exact), order("rk4", text, exact));
        assert!((euler - 1.0).abs() < 0.15, "order {euler} of euler\n{text}");
        assert!((rk4 - 4.0).abs() < 0.2, "order {rk4} of rk4\n{text}");
        let close = series(&compiled("rk4", "0.25", text), "s", 0.0)[8];
        assert!((close / exact - 1.0).abs() < 2e-5, "{close} is not {exact}");
    }
}

#[test]
fn a_rate_that_is_itself_a_stock_takes_its_value_from_the_start_of_the_step() {
    let more = stock("s", "1 * ton", "inflows = [\"grows\"]")
        + &stock("sum", "0 * ton", "inflows = [\"grows\"]")
        + &flow("grows", "s / unit")
        + "[constants.unit]\nlabel = \"U\"\ndoc = \"U.\"\nunit = \"year\"\nequation = 1\n";
    let model = compiled("euler", "1", &more);
    assert_eq!(series(&model, "s", 0.0)[..5], [1.0, 2.0, 4.0, 8.0, 16.0]);
    assert_eq!(series(&model, "sum", 0.0)[..5], [0.0, 1.0, 3.0, 7.0, 15.0]);
}

#[test]
fn a_pulse_moves_its_whole_amount_whatever_the_method() {
    for method in ["euler", "rk4"] {
        for (moment, at_the_end) in [("0", 3.0), ("2", 3.0), ("2.1", 3.0), ("7.75", 3.0), ("9", 0.0)] {
            let more = stock("s", "0 * ton", "inflows = [\"f\"]") + &flow("f", &format!("PULSE(3 * ton, {moment})"));
            let sent = series(&compiled(method, "0.25", &more), "s", 0.0)[8];
            assert!((sent - at_the_end).abs() < 1e-12, "{method}: {sent} at {moment}");
        }
        let more = stock("s", "0 * ton", "inflows = [\"f\"]") + &flow("f", "PULSE(ton, 1, 2)");
        let sent = series(&compiled(method, "0.25", &more), "s", 0.0);
        assert!((sent[8] - 4.0).abs() < 1e-12, "{method}: {sent:?}");
    }
}

#[test]
fn a_decimal_step_does_not_miss_the_moment_it_reaches() {
    for tenths in 1..80 {
        let moment = f64::from(tenths) / 10.0;
        let more = stock("s", "0 * ton", "inflows = [\"f\"]") + &flow("f", &format!("STEP(ton / year, {moment})"));
        let sent = series(&compiled("euler", "0.1", &more), "s", 0.0)[8];
        assert!((sent - (8.0 - moment)).abs() < 1e-9, "{sent} from {moment} on");
    }
}

#[test]
fn smoothing_comes_nearer_by_what_lies_between_over_its_time() {
    let more = auxiliary("x", "t", "STEP(10 * ton, 0)") + &auxiliary("y", "t", "SMTH1(x, 2, 0)");
    let smooth = series(&compiled("rk4", "0.0625", &more), "y", 0.0);
    for (year, value) in smooth.iter().enumerate() {
        let exact = 10.0 * (1.0 - exp(-(year as f64) / 2.0));
        assert!((value - exact).abs() < 1e-5, "{value} is not {exact} in year {year}");
    }
    let more = auxiliary("x", "t", "STEP(10 * ton, 0)") + &auxiliary("y", "t", "SMTH3(x, 3, 0)");
    let smooth = series(&compiled("rk4", "0.0625", &more), "y", 0.0);
    for (year, value) in smooth.iter().enumerate() {
        let t = year as f64;
        let exact = 10.0 * (1.0 - (1.0 + t + t * t / 2.0) * exp(-t));
        assert!((value - exact).abs() < 1e-5, "{value} is not {exact} in year {year}");
    }
}

#[test]
fn a_lag_starts_as_if_its_input_had_always_been_as_it_is_at_the_start() {
    for function in ["SMTH1", "SMTH3", "DELAY1", "DELAY3"] {
        for method in ["euler", "rk4"] {
            let more = stock("s", "100 * ton", "outflows = [\"f\"]")
                + &flow("f", "rate * s")
                + &auxiliary("x", "t", "20 * ton + TIME / year * ton + s * STEP(1, 0)")
                + &auxiliary("y", "t", &format!("{function}(x, 2)"))
                + &auxiliary("z", "t", &format!("{function}(y, 1 / rate)"))
                + &auxiliary("given", "t", &format!("{function}(x, 2, 7 * ton)"));
            let model = compiled(method, "0.25", &more);
            let first = |name: &str| series(&model, name, 0.0)[0];
            for (name, expected) in [("x", 120.0), ("y", 120.0), ("z", 120.0), ("given", 7.0)] {
                assert!((first(name) - expected).abs() < 1e-12, "{function}: {name} starts at {}", first(name));
            }
            let later = series(&model, "y", 0.0)[1];
            assert!(later < 120.0 && later > series(&model, "x", 0.0)[1], "{function}: {later}");
        }
    }
}

#[test]
fn what_enters_a_delay_leaves_it_even_when_its_time_changes() {
    for function in ["DELAY1", "DELAY3"] {
        for method in ["euler", "rk4"] {
            // A hundred tons enter in year 1, and the delay shrinks from a year and a half to less than a step.
            let more = stock("s", "0 * ton", "inflows = [\"out\"]")
                + &flow("entry", "PULSE(100 * ton, 1)")
                + &flow("out", &format!("{function}(entry, 1.5 * year - TIME / 5)"));
            let arrived = series(&compiled(method, "0.0625", &more), "s", 0.0);
            assert!((arrived[8] - 100.0).abs() < 0.1, "{function} {method}: {arrived:?}");
            assert!(arrived.is_sorted(), "{function} {method}: {arrived:?}");
        }
    }
}

#[test]
fn a_delay_shorter_than_a_step_takes_a_step() {
    let more = auxiliary("x", "t", "STEP(10 * ton, 2)") + &auxiliary("y", "t", "SMTH1(x, 0 * year)");
    assert_eq!(series(&compiled("euler", "1", &more), "y", 0.0)[..5], [0.0, 0.0, 0.0, 10.0, 10.0]);
}

#[test]
fn the_base_run_is_the_past_of_a_delayed_lever() {
    let more = auxiliary("x", "t", "(1 + setting[push]) * ton")
        + &auxiliary("y", "t", "SMTH1(x, 2)")
        + &auxiliary("base", "t", "BASELINE(y)");
    let model = compiled("euler", "1", &more);
    assert_eq!(series(&model, "y", 1.0)[..4], [1.0, 1.5, 1.75, 1.875]);
    assert_eq!(series(&model, "base", 1.0), [1.0; 9]);
    assert_eq!(series(&model, "y", 0.0), [1.0; 9]);
}

#[test]
fn a_circle_may_pass_through_a_lag_that_has_an_initial_value() {
    let more = auxiliary("x", "t", "10 * ton - y") + &auxiliary("y", "t", "SMTH1(x, 2, 0)");
    let model = compiled("rk4", "0.25", &more);
    let last = series(&model, "y", 0.0)[8];
    let exact = 5.0 * (1.0 - exp(-8.0));
    assert!((last - exact).abs() < 1e-4, "{last} is not {exact}");
}

#[test]
fn an_array_of_lags_keeps_its_elements_apart() {
    let more = "[auxiliaries.x]\nlabel = \"X\"\ndoc = \"X.\"\nunit = \"t\"\nover = [\"kind\"]\n\
        equation = { old = \"ton\", new = \"STEP(8 * ton, 1)\" }\n"
        .to_owned()
        + &auxiliary("y", "t", "SUM(kind: SMTH1(x[kind], 2 * year))")
        + &auxiliary("both", "t", "SMTH1(x[old], 2) + SMTH1(x[new], 2) - SMTH1(SMTH1(x[old], 2), 3)");
    let model = compiled("euler", "1", &more);
    assert_eq!(series(&model, "y", 0.0)[..4], [1.0, 1.0, 5.0, 7.0]);
    assert_eq!(series(&model, "both", 0.0)[..4], [0.0, 0.0, 4.0, 6.0]);
}

#[test]
fn a_stock_that_is_not_negative_gives_what_it_has_in_the_order_of_its_outflows() {
    let more = stock("s", "10 * ton", "inflows = [\"in\"]\noutflows = [\"first\", \"second\"]\nnon_negative = true")
        + &stock("got", "0 * ton", "inflows = [\"first\", \"second\"]")
        + &flow("in", "STEP(ton / year, 3)")
        + &flow("first", "3 * ton / year")
        + &flow("second", "4 * ton / year");
    let model = compiled("euler", "1", &more);
    assert_eq!(series(&model, "s", 0.0), [10.0, 3.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0]);
    assert_eq!(series(&model, "first", 0.0)[..6], [3.0, 3.0, 0.0, 0.0, 1.0, 1.0]);
    assert_eq!(series(&model, "second", 0.0)[..6], [4.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
    let (left, got) = (series(&model, "s", 0.0)[8], series(&model, "got", 0.0)[8]);
    assert_eq!(left + got, 15.0, "what left the stock arrived, and five tons came in");
}

#[test]
fn flows_of_a_stock_that_is_not_negative_do_not_run_backwards() {
    let more = stock("s", "5 * ton", "inflows = [\"in\"]\noutflows = [\"out\"]\nnon_negative = true")
        + &flow("in", "-3 * ton / year")
        + &flow("out", "-3 * ton / year");
    assert_eq!(series(&compiled("euler", "1", &more), "s", 0.0), [5.0; 9]);
}

#[test]
fn a_stock_that_is_not_negative_starts_at_zero_or_above() {
    let more = stock("s", "-5 * ton", "inflows = [\"in\"]\nnon_negative = true") + &flow("in", "ton / year");
    assert_eq!(series(&compiled("rk4", "1", &more), "s", 0.0)[..3], [0.0, 1.0, 2.0]);
}

#[test]
fn arrays_of_stocks_that_are_not_negative_share_nothing() {
    for method in ["euler", "rk4"] {
        let more = "[stocks.s]\nlabel = \"S\"\ndoc = \"S.\"\nunit = \"t\"\nover = [\"kind\"]\nnon_negative = true\n\
            initial = { old = \"ton\", new = \"100 * ton\" }\noutflows = [\"use\"]\n\
            [flows.use]\nlabel = \"F\"\ndoc = \"F.\"\nunit = \"t/year\"\nover = [\"kind\"]\n\
            equation = \"(5 + 5 * setting[push]) * ton / year\"\n";
        let model = compiled(method, "0.25", more);
        let old = series(&model, "s_old", 1.0);
        assert!(old.iter().all(|value| *value >= 0.0) && old[8] < 1e-9, "{method}: {old:?}");
        let new = series(&model, "s_new", 1.0);
        assert!((new[8] - 20.0).abs() < 1e-9, "{method}: {new:?}");
        assert!((run(&model, 1.0).baseline(model.variable("s_new").unwrap())[8] - 60.0).abs() < 1e-9);
    }
}

#[test]
fn a_replayed_base_run_gives_the_bits_of_a_fresh_one() {
    let more = stock("s", "100 * ton", "inflows = [\"in\"]\noutflows = [\"out\"]\nnon_negative = true")
        + &flow("in", "DELAY3(out, 2) + PULSE(ton, 2.3)")
        + &flow("out", "(rate + setting[push] / year) * s * BASELINE(s) / (100 * ton)");
    for method in ["euler", "rk4"] {
        let model = compiled(method, "0.25", &more);
        let outputs = [model.variable("s").unwrap(), model.variable("in").unwrap()];
        let mut scenario = Scenario::new(&model, model.region("here").unwrap());
        let sampling = Sampling { draws: 200, seed: 3 };
        scenario.levers.fill(0.7);
        let mut fresh = EnsembleRun::new(&model, &scenario, sampling, &outputs).unwrap();
        scenario.levers.fill(0.2);
        let mut replayed = EnsembleRun::new(&model, &scenario, sampling, &outputs).unwrap();
        replayed.finish(&model).unwrap();
        replayed.restart(&model, &[0.7]).unwrap();
        let replayed = replayed.finish(&model).unwrap();
        assert!(fresh.finish(&model).unwrap() == replayed, "{method}");
        scenario.levers.fill(0.0);
        let alone = model::run(&model, &scenario).unwrap();
        assert_eq!(alone.series(outputs[0]), alone.baseline(outputs[0]), "{method}: no lever, no difference");
    }
}
