//! One scenario → the range of its results over what is not known about the parameters.
//!
//! Every draw of the parameters is run twice, with the scenario's levers and with all levers at their status quo, so
//! that the range of a difference is that of the difference. What the range leaves out: whatever is wrong with the
//! equations.

use std::ops::Range;

use crate::draw::{Draw, Factors, Shared};
#[cfg(feature = "parallel")]
use crate::engine::evaluate_part;
use crate::engine::{BLOCK, Base, Batch, Column, Table, Trace, run_block};
use crate::id::{ParameterId, RegionId, VariableId};
use crate::model::{Distribution, Measure, Model};
use crate::program::Program;
use crate::quantity::Quantity;
use crate::run::{RunError, Scenario, batch, check_finite, settings};

/// How parameters are drawn. The same seed gives the same draws, everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sampling {
    /// How many draws; a power of two spreads them most evenly.
    pub draws: u32,
    /// Which of all possible draws: part of what makes a result repeatable.
    pub seed: u32,
}

/// Draws an ensemble may have.
pub const MOST_DRAWS: u32 = 1 << 20;

/// Draws for which the base run is kept, so that other lever settings need not run it again: about 6 KB for each.
pub(crate) const MOST_KEPT: usize = 4096;

/// An ensemble that is being run, a block of draws at a time, so that a browser can do other things in between.
///
/// While a lever moves, [`restart`](EnsembleRun::restart) starts again with the draws and the base run of before.
#[derive(Clone, Debug)]
pub struct EnsembleRun {
    program: Program,
    batch: Batch,
    region: RegionId,
    /// What each block needs of the base run, for the blocks that were run once.
    traces: Vec<Trace>,
    /// Whether that is kept.
    keeps_base: bool,
    ensemble: Ensemble,
}

impl EnsembleRun {
    /// Prepares `sampling.draws` runs of `scenario`. Parameters that the scenario sets keep that value; all others
    /// are drawn. Only `variables` will have results.
    ///
    /// Fails as [`run`](crate::run()) does, and for a number of draws that is zero or above [`MOST_DRAWS`].
    pub fn new(
        model: &Model,
        scenario: &Scenario,
        sampling: Sampling,
        variables: &[VariableId],
    ) -> Result<Self, RunError> {
        if sampling.draws == 0 || sampling.draws > MOST_DRAWS {
            return Err(RunError::DrawCount { draws: sampling.draws });
        }
        let mut batch = batch(model, scenario)?;
        batch.lanes = sampling.draws as usize;
        draw_parameters(model, scenario, sampling.seed, |dimension| dimension, &mut batch.parameters);
        let table = Table::new(variables.len(), &batch);
        let clock = batch.clock;
        let times = (0..clock.points()).map(|point| clock.time(point * clock.every)).collect();
        let ensemble = Ensemble { times, variables: variables.to_vec(), table, done: 0 };
        let program = Program::new(&model.graph, variables, &batch.delivery);
        let keeps_base = batch.lanes <= MOST_KEPT;
        Ok(Self { program, batch, region: scenario.region, traces: Vec::new(), keeps_base, ensemble })
    }

    /// Starts again with other lever settings, one for each lever; all else stays, also when they move.
    pub fn restart(&mut self, model: &Model, levers: &[f64]) -> Result<(), RunError> {
        self.batch.settings = settings(model, levers)?;
        self.ensemble.done = 0;
        Ok(())
    }

    /// Runs the next block of draws. Whether there are more.
    pub fn advance(&mut self) -> bool {
        let width = BLOCK.min(self.batch.lanes - self.ensemble.done);
        if width > 0 {
            let block = self.ensemble.done / BLOCK;
            let base = if !self.keeps_base {
                Base::Run
            } else if block < self.traces.len() {
                Base::Replay(&self.traces[block])
            } else {
                self.traces.push(Trace::default());
                Base::Record(&mut self.traces[block])
            };
            run_block(&self.program, &self.batch, self.ensemble.done, width, &mut self.ensemble.table, base);
        }
        self.ensemble.done += width;
        self.ensemble.done < self.batch.lanes
    }

    /// Share of the draws that are done, 0 to 1.
    pub fn progress(&self) -> f64 {
        self.ensemble.done as f64 / self.batch.lanes as f64
    }

    /// The results of the draws that are done, in the order of the draws: the first of them are spread evenly too.
    pub fn so_far(&self) -> &Ensemble {
        &self.ensemble
    }

    /// Runs what is left and gives the results.
    pub fn finish(&mut self, model: &Model) -> Result<&Ensemble, RunError> {
        while self.advance() {}
        let Ensemble { variables, table, .. } = &self.ensemble;
        check_finite(model, self.region, variables, &self.batch.clock, table)?;
        Ok(&self.ensemble)
    }
}

/// Blocks that are run together before their results are put in place: enough for many cores, little memory.
#[cfg(feature = "parallel")]
const WAVE: usize = 64;

#[cfg(feature = "parallel")]
impl EnsembleRun {
    /// Runs what is left on all threads of the present rayon pool and gives the results: the same bits as
    /// [`finish`](EnsembleRun::finish) gives, whatever the number of threads.
    pub fn finish_in_parallel(&mut self, model: &Model) -> Result<&Ensemble, RunError> {
        use rayon::prelude::*;

        let firsts: Vec<usize> = (self.ensemble.done..self.batch.lanes).step_by(BLOCK).collect();
        for wave in firsts.chunks(WAVE) {
            let part =
                |first: &usize| evaluate_part(&self.program, &self.batch, *first, BLOCK.min(self.batch.lanes - first));
            let parts: Vec<Table> = wave.par_iter().map(part).collect();
            for part in &parts {
                self.ensemble.table.take(part);
            }
        }
        self.ensemble.done = self.batch.lanes;
        self.finish(model)
    }
}

/// The values of a parameter, in its unit, in each draw of an ensemble of `scenario` with this sampling; none if the
/// parameter is known for sure or the scenario sets it.
///
/// Fails as [`EnsembleRun::new`] does.
pub fn drawn(
    model: &Model,
    scenario: &Scenario,
    sampling: Sampling,
    parameter: ParameterId,
) -> Result<Option<Vec<f64>>, RunError> {
    let run = EnsembleRun::new(model, scenario, sampling, &[])?;
    let column = run.batch.parameters.get(parameter.index()).ok_or(RunError::UnknownParameter)?;
    Ok(match column.part(0, run.batch.lanes, &mut Factors::default()) {
        Column::Each(values) => Some(values),
        Column::Same(_) | Column::Drawn(_) => None,
    })
}

/// Runs a scenario over draws of the parameters. Fails as [`EnsembleRun::new`] does, and when a number is not finite.
pub fn ensemble(
    model: &Model,
    scenario: &Scenario,
    sampling: Sampling,
    variables: &[VariableId],
) -> Result<Ensemble, RunError> {
    // Nobody starts it again.
    let mut run = EnsembleRun { keeps_base: false, ..EnsembleRun::new(model, scenario, sampling, variables)? };
    run.finish(model)?;
    Ok(run.ensemble)
}

/// Replaces the columns of parameters that are not known for sure. Each has a dimension of its own, whatever the
/// scenario sets, and each group one more; so a parameter's draws do not depend on which others are drawn. `place` says
/// where a dimension stands among those of the points that are drawn.
pub(crate) fn draw_parameters(
    model: &Model,
    scenario: &Scenario,
    seed: u32,
    place: impl Fn(u32) -> u32,
    columns: &mut [Column],
) {
    for (index, (parameter, column)) in model.parameters.iter().zip(columns).enumerate() {
        let id = ParameterId::at(index);
        if !is_drawn(model, scenario, id) {
            continue;
        }
        let shared = model.groups.iter().zip(FIRST_OF_GROUPS..).find_map(|(group, dimension)| {
            let (_, direction) = group.members.iter().find(|(member, _)| *member == id)?;
            Some(Shared { dimension: place(dimension), correlation: group.correlation, direction: *direction })
        });
        *column = Column::Drawn(Draw::new(seed, place(index as u32), shared, parameter.estimate(scenario.region)));
    }
}

/// The dimension of the first group's factor: beyond those of all parameters a model can have, so that a parameter that is
/// added last changes no draw of the others.
const FIRST_OF_GROUPS: u32 = 1 << 16;

/// Whether a parameter is not known for sure and the scenario does not set it.
pub(crate) fn is_drawn(model: &Model, scenario: &Scenario, id: ParameterId) -> bool {
    is_uncertain(model, scenario.region, id) && !scenario.parameters.contains_key(&id)
}

/// Whether a parameter is not known for sure.
pub(crate) fn is_uncertain(model: &Model, region: RegionId, id: ParameterId) -> bool {
    model.parameters[id.index()].estimate(region).distribution != Distribution::Fixed
}

/// The results of an ensemble.
#[derive(Clone, Debug, PartialEq)]
pub struct Ensemble {
    times: Vec<f64>,
    variables: Vec<VariableId>,
    table: Table,
    /// Draws that are done.
    done: usize,
}

/// A range of results over time that holds a share of all draws.
#[derive(Clone, Debug, PartialEq)]
pub struct Band {
    /// Share of the draws inside: 0.5, 0.75 or 0.95.
    pub share: f64,
    /// Lower end at each point of time.
    pub low: Vec<f64>,
    /// Upper end at each point of time.
    pub high: Vec<f64>,
}

/// The middle of the draws and bands around it, at each point of time.
#[derive(Clone, Debug, PartialEq)]
pub struct Bands {
    /// Half of the draws are below.
    pub median: Vec<f64>,
    /// 50, 75 and 95% of the draws, as many below as above; the widest last.
    pub bands: [Band; 3],
}

impl Ensemble {
    /// The points of time of the bands.
    pub fn times(&self) -> &[f64] {
        &self.times
    }

    /// How many draws the results are of.
    pub fn draw_count(&self) -> usize {
        self.done
    }

    /// Whether every result of the draws that are done is a finite number.
    pub fn is_finite(&self) -> bool {
        let is_finite = |lanes: &[f64]| lanes.iter().take(self.done).all(|value| value.is_finite());
        (0..self.variables.len()).all(|output| {
            (0..self.times.len())
                .all(|point| is_finite(self.table.policy(output, point)) && is_finite(self.table.base(output, point)))
        })
    }

    /// Bands of a variable under the scenario; none if the ensemble was not asked for it, or no draw is done.
    pub fn bands(&self, variable: VariableId) -> Option<Bands> {
        let output = self.output(variable).filter(|_| self.done > 0)?;
        Some(bands_of(0..self.times.len(), |point| self.table.policy(output, point)[..self.done].to_vec()))
    }

    /// The same at a single point of [`times`](Ensemble::times).
    pub fn bands_at(&self, variable: VariableId, point: usize) -> Option<Bands> {
        let output = self.output(variable).filter(|_| self.done > 0 && point < self.times.len())?;
        Some(bands_of(point..point + 1, |point| self.table.policy(output, point)[..self.done].to_vec()))
    }

    /// Bands of a variable with all levers at their status quo; none if the ensemble was not asked for it, or
    /// no draw is done.
    pub fn baseline_bands(&self, variable: VariableId) -> Option<Bands> {
        let output = self.output(variable).filter(|_| self.done > 0)?;
        Some(bands_of(0..self.times.len(), |point| self.table.base(output, point)[..self.done].to_vec()))
    }

    /// Bands of the difference between a variable under the scenario and with all levers at their status quo, both with
    /// the same draw of the parameters; none if the ensemble was not asked for it, or no draw is done.
    pub fn difference_bands(&self, variable: VariableId) -> Option<Bands> {
        let output = self.output(variable).filter(|_| self.done > 0)?;
        let quantity = |point| Quantity { variable, measure: Measure::Difference, point };
        Some(bands_of(0..self.times.len(), |point| {
            quantity(point).lanes(&self.table, output).take(self.done).collect()
        }))
    }

    /// The value of a variable in each draw at a point of [`times`](Ensemble::times).
    pub fn draws(&self, variable: VariableId, point: usize) -> Option<&[f64]> {
        let output = self.output(variable)?;
        (point < self.times.len() && self.done > 0).then(|| &self.table.policy(output, point)[..self.done])
    }

    /// The same with all levers at their status quo.
    pub fn baseline_draws(&self, variable: VariableId, point: usize) -> Option<&[f64]> {
        let output = self.output(variable)?;
        (point < self.times.len() && self.done > 0).then(|| &self.table.base(output, point)[..self.done])
    }

    /// Share of the draws in which a variable is above `threshold` at a point of [`times`](Ensemble::times).
    pub fn probability_above(&self, variable: VariableId, point: usize, threshold: f64) -> Option<f64> {
        let draws = self.draws(variable, point)?;
        let above = draws.iter().filter(|value| **value > threshold).count();
        Some(above as f64 / draws.len() as f64)
    }

    fn output(&self, variable: VariableId) -> Option<usize> {
        self.variables.iter().position(|output| *output == variable)
    }
}

fn bands_of(points: Range<usize>, lanes: impl Fn(usize) -> Vec<f64>) -> Bands {
    let band = |share| Band { share, low: Vec::new(), high: Vec::new() };
    let mut bands = Bands { median: Vec::new(), bands: [band(0.5), band(0.75), band(0.95)] };
    for point in points {
        let mut sorted = lanes(point);
        sorted.sort_unstable_by(f64::total_cmp);
        bands.median.push(quantile(&sorted, 0.5));
        for band in &mut bands.bands {
            let outside = (1.0 - band.share) / 2.0;
            band.low.push(quantile(&sorted, outside));
            band.high.push(quantile(&sorted, 1.0 - outside));
        }
    }
    bands
}

/// The value below which `share` (0 to 1) of the sorted values lie, in a straight line between neighbours. There must be
/// a value.
///
/// ```
/// assert_eq!(model::quantile(&[1.0, 2.0, 4.0], 0.75), 3.0);
/// ```
pub fn quantile(sorted: &[f64], share: f64) -> f64 {
    let place = (sorted.len() - 1) as f64 * share;
    let below = place as usize;
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (sorted[above] - sorted[below]) * (place - below as f64)
}

#[cfg(all(test, feature = "compile"))]
mod tests {
    use super::*;
    use crate::engine::evaluate;
    use crate::text::tests::real_model;

    fn scenario(model: &Model) -> Scenario {
        let mut scenario = Scenario::new(model, model.region("eu").expect("it is declared"));
        scenario.levers.fill(0.6);
        scenario
    }

    fn variables(model: &Model) -> Vec<VariableId> {
        model.outcomes.iter().map(|outcome| outcome.variable).collect()
    }

    #[test]
    fn the_bits_do_not_depend_on_the_size_of_a_block() {
        let model = real_model();
        let sampling = Sampling { draws: 300, seed: 8 };
        let run = EnsembleRun::new(&model, &scenario(&model), sampling, &variables(&model)).unwrap();
        let whole = evaluate(&run.program, &run.batch, 300);
        for block in [1, 7, 128, 299] {
            assert!(evaluate(&run.program, &run.batch, block) == whole, "block of {block}");
        }
    }

    #[cfg(feature = "parallel")]
    #[test]
    fn the_bits_do_not_depend_on_the_number_of_threads() {
        let model = real_model();
        // More than a wave, and a last block that is not full.
        let sampling = Sampling { draws: (WAVE * BLOCK + 130) as u32, seed: 8 };
        let prepare = || EnsembleRun::new(&model, &scenario(&model), sampling, &variables(&model)[..3]).unwrap();
        let alone = prepare().finish(&model).unwrap().clone();
        for threads in [1, 2, 5] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let mut run = prepare();
            assert!(run.advance());
            assert!(pool.install(|| run.finish_in_parallel(&model)).unwrap() == &alone, "{threads} threads");
            assert_eq!(run.progress(), 1.0);
        }
    }

    #[test]
    fn the_draws_that_are_done_are_an_ensemble_of_their_own() {
        let model = real_model();
        let (scenario, variables) = (scenario(&model), variables(&model));
        let mut run = EnsembleRun::new(&model, &scenario, Sampling { draws: 300, seed: 8 }, &variables).unwrap();
        assert!(run.so_far().bands(variables[0]).is_none() && run.so_far().draws(variables[0], 1).is_none());
        assert!(run.advance());
        let alone = ensemble(&model, &scenario, Sampling { draws: BLOCK as u32, seed: 8 }, &variables).unwrap();
        assert_eq!(run.so_far().draw_count(), BLOCK);
        for variable in variables {
            assert_eq!(run.so_far().bands(variable), alone.bands(variable));
            let (bands, last) = (alone.bands(variable).unwrap(), alone.times().len() - 1);
            let at_last = alone.bands_at(variable, last).unwrap();
            assert_eq!(at_last.bands[2].low, [bands.bands[2].low[last]]);
            assert_eq!((at_last.median, alone.bands_at(variable, last + 1)), (vec![bands.median[last]], None));
            assert_eq!(run.so_far().probability_above(variable, 3, 1.0), alone.probability_above(variable, 3, 1.0));
        }
    }

    #[test]
    fn the_values_of_a_parameter_explain_the_results() {
        let model = real_model();
        let sampling = Sampling { draws: 50, seed: 8 };
        let scenario = scenario(&model);
        let own_account = model.variable("own_account").unwrap();
        let start = ensemble(&model, &scenario, sampling, &[own_account]).unwrap();
        let values = drawn(&model, &scenario, sampling, model.parameter("F0").unwrap()).unwrap();
        assert_eq!(start.draws(own_account, 0), values.as_deref());
        let mut set = scenario.clone();
        set.parameters.insert(model.parameter("F0").unwrap(), 1e6);
        assert_eq!(drawn(&model, &set, sampling, model.parameter("F0").unwrap()), Ok(None));
    }
}
