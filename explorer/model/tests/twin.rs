//! The hand-written twin of the bench gives what the engine gives, so that comparing their speed means something.

#[path = "../benches/speed/twin.rs"]
mod twin;

mod real;

use model::Scenario;

/// Relative difference that rounding explains, of the level that a number or difference is taken from.
const TOLERANCE: f64 = 1e-12;

#[test]
fn the_twin_gives_all_outcomes_at_all_points() {
    let model = real::model();
    let outcomes: Vec<&str> =
        model.outcomes.iter().map(|outcome| model.variables[outcome.variable.index()].id.as_str()).collect();
    assert_eq!(outcomes, twin::OUTCOMES);
    for (place, region) in model.region_ids().enumerate() {
        for share in [0.0, 0.31, 0.77, 1.0] {
            let mut scenario = Scenario::new(&model, region);
            for (lever, setting) in scenario.levers.iter_mut().enumerate() {
                *setting = (share * (1 + lever) as f64 * 0.71).fract().max(f64::from(share == 1.0));
            }
            for (index, parameter) in model.parameter_ids().enumerate() {
                let estimate = model.parameters[index].estimate(region);
                let part = ((index + place) as f64 * 0.37).fract() * share;
                scenario.parameters.insert(parameter, estimate.central + (estimate.high - estimate.central) * part);
            }
            let run = model::run(&model, &scenario).expect("all numbers are finite");
            let value = |name: &str| {
                let parameter = model.parameter(name).unwrap_or_else(|| panic!("there is no parameter {name}"));
                scenario.parameters[&parameter]
            };
            let by_hand = twin::run(&twin::Lane::new(&scenario.levers, value));
            for (outcome, name) in model.outcomes.iter().zip(twin::OUTCOMES) {
                let of = |name: &str| model.variable(name).expect("it is declared");
                // Differences lose the digits that what they are taken from shares.
                let level = match outcome.group.as_str() {
                    "jobs" => run.series(of("sme_jobs")),
                    "exports" if name != "exporter_share" => run.series(of("exports_total")),
                    _ => run.series(outcome.variable),
                };
                for (point, (row, level)) in by_hand.iter().zip(level).enumerate() {
                    let column = twin::OUTCOMES.iter().position(|outcome| *outcome == name).expect("it is one");
                    let (found, expected) = (row[column], run.series(outcome.variable)[point]);
                    let gap = (found - expected).abs();
                    assert!(gap <= TOLERANCE * level.abs(), "{name} at {point}: {found}, the engine {expected}");
                }
            }
        }
    }
}
