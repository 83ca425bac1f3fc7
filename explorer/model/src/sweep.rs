//! Many scenarios side by side, or a stretch of the draws of one, with every single result.
//!
//! A result does not depend on what stands beside it: a sweep cut into parts, wherever, gives the bits of the whole.

use std::ops::Range;

use crate::draw::Factors;
use crate::engine::{BLOCK, Batch, Column, Table, evaluate};
use crate::ensemble::{MOST_DRAWS, draw_parameters};
use crate::id::VariableId;
use crate::model::Model;
use crate::program::Program;
use crate::run::{RunError, Scenario, batch, check_finite};

/// The results of runs that stand side by side.
#[derive(Clone, Debug, PartialEq)]
pub struct Lanes {
    times: Vec<f64>,
    variables: Vec<VariableId>,
    table: Table,
}

impl Lanes {
    /// The saved points of time.
    pub fn times(&self) -> &[f64] {
        &self.times
    }

    /// The value of a variable in each run at a point of [`times`](Lanes::times), in its unit; none if it was not asked
    /// for or there is no such point.
    pub fn values(&self, variable: VariableId, point: usize) -> Option<&[f64]> {
        let output = self.variables.iter().position(|asked| *asked == variable)?;
        (point < self.times.len()).then(|| self.table.policy(output, point))
    }
}

/// Runs scenarios of one region, one length and one schedule of each lever. Only `variables` will have results.
///
/// Fails as [`run`](crate::run()) does, and when there is no scenario or regions, lengths or schedules differ; the draw that an
/// error names is the place of the scenario.
///
/// ```
/// # #[cfg(feature = "compile")] {
/// # let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/shop.toml"));
/// # let checked = model::compile(&[model::ModelFile { path: "shop.toml", text }]);
/// # let model = checked.value.expect("it has no mistakes");
/// let today = model::Scenario::new(&model, model.region("here").expect("it is declared"));
/// let mut advertised = today.clone();
/// advertised.levers[0] = 1.0;
/// let sales = model.variable("sales").expect("it is declared");
/// let lanes = model::side_by_side(&model, &[today, advertised], &[sales]).expect("all numbers are finite");
/// assert_eq!(lanes.values(sales, 2), Some(&[100.0, 150.0][..]));
/// # }
/// ```
pub fn side_by_side(model: &Model, scenarios: &[Scenario], variables: &[VariableId]) -> Result<Lanes, RunError> {
    let first = scenarios.first().ok_or(RunError::MixedScenarios)?;
    let batches = scenarios.iter().map(|scenario| batch(model, scenario)).collect::<Result<Vec<_>, _>>()?;
    let clock = batches[0].clock;
    let is_mixed = scenarios.iter().any(|other| other.region != first.region || other.schedules != first.schedules)
        || batches.iter().any(|other| other.clock != clock);
    if is_mixed {
        return Err(RunError::MixedScenarios);
    }
    let batch = Batch {
        lanes: scenarios.len(),
        parameters: (0..model.parameters.len()).map(|index| column(&batches, |one| &one.parameters[index])).collect(),
        settings: (0..model.levers.len()).map(|index| column(&batches, |one| &one.settings[index])).collect(),
        delivery: batches[0].delivery.clone(),
        clock,
    };
    lanes(model, first, &batch, variables)
}

/// Runs `scenario` with some of the draws that an [`ensemble`](crate::ensemble()) of the same seed has, numbered from
/// zero. Only `variables` will have results.
///
/// Fails as [`run`](crate::run()) does, and for no draws or one that no ensemble reaches.
pub fn draws(
    model: &Model,
    scenario: &Scenario,
    seed: u32,
    stretch: Range<u32>,
    variables: &[VariableId],
) -> Result<Lanes, RunError> {
    if stretch.is_empty() || stretch.end > MOST_DRAWS {
        return Err(RunError::DrawCount { draws: stretch.end });
    }
    let mut batch = batch(model, scenario)?;
    batch.lanes = stretch.len();
    draw_parameters(model, scenario, seed, |dimension| dimension, &mut batch.parameters);
    let mut factors = Factors::default();
    for column in &mut batch.parameters {
        *column = column.part(stretch.start as usize, stretch.len(), &mut factors);
    }
    lanes(model, scenario, &batch, variables).map_err(|error| match error {
        RunError::NotFinite { variable, region, year, draw } => {
            RunError::NotFinite { variable, region, year, draw: draw + stretch.start as usize }
        }
        other => other,
    })
}

fn lanes(model: &Model, scenario: &Scenario, batch: &Batch, variables: &[VariableId]) -> Result<Lanes, RunError> {
    let program = Program::new(&model.graph, variables, &batch.delivery);
    let table = evaluate(&program, batch, BLOCK);
    let clock = &batch.clock;
    check_finite(model, scenario.region, variables, clock, &table)?;
    let times = (0..clock.points()).map(|point| clock.time(point * clock.every)).collect();
    Ok(Lanes { times, variables: variables.to_vec(), table })
}

/// A column of many batches with one lane each, as one column.
fn column<'b>(batches: &'b [Batch], of: impl Fn(&'b Batch) -> &'b Column) -> Column {
    let value = |batch| match of(batch) {
        Column::Same(value) => *value,
        Column::Drawn(_) | Column::Each(_) => unreachable!("a batch of one scenario has the same value in all lanes"),
    };
    let values: Vec<f64> = batches.iter().map(value).collect();
    // By their bits, so that a lane never gets the zero of another sign.
    if values.iter().all(|value| value.to_bits() == values[0].to_bits()) {
        Column::Same(values[0])
    } else {
        Column::Each(values)
    }
}
