//! The engine's work in WebAssembly, for `run.mjs` beside this file, which says how to build and time it.
//!
//! Nothing is exported but `main`, because exports need code that this workspace forbids: each call of it does the next
//! task of [`TASKS`], the first one over. A task leaves nothing behind that a later one could use, but for the model.

use std::cell::{Cell, OnceCell};
use std::hint::black_box;

use model::{Certainty, Goal, Measure, Model, ModelFile, Quantity, Sampling, Scenario, VariableId};

/// The model's files as they were when this was compiled.
const TEXTS: [(&str, &str); 9] = [
    ("checks", include_str!("../../../../data/models/micro-multinationals/checks.toml")),
    ("equations", include_str!("../../../../data/models/micro-multinationals/equations.toml")),
    ("levers", include_str!("../../../../data/models/micro-multinationals/levers.toml")),
    ("model", include_str!("../../../../data/models/micro-multinationals/model.toml")),
    ("outcomes", include_str!("../../../../data/models/micro-multinationals/outcomes.toml")),
    ("parameters", include_str!("../../../../data/models/micro-multinationals/parameters.toml")),
    ("regions", include_str!("../../../../data/models/micro-multinationals/regions.toml")),
    ("scenarios", include_str!("../../../../data/models/micro-multinationals/scenarios.toml")),
    ("uncertainty", include_str!("../../../../data/models/micro-multinationals/uncertainty.toml")),
];

/// In the order in which `run.mjs` names them.
const TASKS: [fn(&Model); 8] = [
    compile,
    central_run,
    bands_of_one_outcome,
    bands_of_all_outcomes,
    contributions_of_twelve,
    contributions_of_thirteen,
    tornado,
    cheapest_mix,
];

thread_local! {
    static MODEL: OnceCell<Model> = const { OnceCell::new() };
    static CALLS: Cell<usize> = const { Cell::new(0) };
}

fn main() {
    let call = CALLS.replace(CALLS.get() + 1);
    MODEL.with(|model| TASKS[call % TASKS.len()](model.get_or_init(compiled)));
}

fn compiled() -> Model {
    let files = TEXTS.map(|(path, text)| ModelFile { path, text });
    model::compile(&files).value.expect("the published model has no mistakes")
}

fn compile(_: &Model) {
    black_box(compiled());
}

fn scenario(model: &Model) -> Scenario {
    let mut scenario = Scenario::new(model, model.region("us").expect("it is declared"));
    scenario.levers.fill(0.5);
    scenario
}

fn variable(model: &Model, id: &str) -> VariableId {
    model.variable(id).expect("it is declared")
}

fn in_year_10(model: &Model, id: &str) -> Quantity {
    Quantity { variable: variable(model, id), measure: Measure::Difference, point: 10 }
}

fn sampling(draws: u32) -> Sampling {
    Sampling { draws, seed: 1 }
}

fn central_run(model: &Model) {
    black_box(model::run(model, &scenario(model)).expect("all numbers are finite"));
}

fn bands(model: &Model, variables: &[VariableId]) {
    let ensemble = model::ensemble(model, &scenario(model), sampling(1024), variables).expect("all numbers are finite");
    for variable in variables {
        black_box(ensemble.bands(*variable));
    }
}

fn bands_of_one_outcome(model: &Model) {
    bands(model, &[variable(model, "net_jobs")]);
}

fn bands_of_all_outcomes(model: &Model) {
    bands(model, &model.outcomes.iter().map(|outcome| outcome.variable).collect::<Vec<_>>());
}

fn contributions(model: &Model, scenario: &Scenario) {
    let net_jobs = [variable(model, "net_jobs")];
    black_box(model::attribution(model, scenario, sampling(256), &net_jobs).expect("all numbers are finite"));
}

fn contributions_of_twelve(model: &Model) {
    let mut scenario = scenario(model);
    scenario.levers[12] = 0.0;
    contributions(model, &scenario);
}

fn contributions_of_thirteen(model: &Model) {
    contributions(model, &scenario(model));
}

fn tornado(model: &Model) {
    let quantity = in_year_10(model, "net_jobs");
    black_box(model::tornado(model, &scenario(model), &[quantity]).expect("all numbers are finite"));
}

fn cheapest_mix(model: &Model) {
    let goal = Goal {
        quantity: in_year_10(model, "net_jobs"),
        at_least: 100_000.0,
        certainty: Certainty::Central,
        cost: in_year_10(model, "spent"),
        bounds: vec![(0.0, 1.0); model.levers.len()],
    };
    black_box(model::goal(model, &scenario(model), &goal).expect("all numbers are finite"));
}
