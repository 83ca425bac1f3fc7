//! How much of what is not known about a result comes from which parameters.
//!
//! The variance of a result over draws of all parameters is taken apart by Sobol' indices: the first-order index of a
//! factor is the share of the variance that would go if the factor were known, the total index the share that would
//! stay if all others were. Draws are paired as by Saltelli (2002): a matrix of draws, a second one, and for each factor
//! the first with that factor from the second; the estimators are Jansen's (1999).
//!
//! A factor is a parameter that moves alone, or a whole group of parameters that move together: members of a group
//! cannot be known one without the other, and indices of single members would not add up to anything.

use crate::draw::Factors;
use crate::engine::{BLOCK, Base, Batch, Column, Table, run_block};
use crate::ensemble::{MOST_DRAWS, Sampling, draw_parameters, is_drawn};
use crate::id::{GroupId, ParameterId, RegionId, VariableId};
use crate::model::Model;
use crate::program::Program;
use crate::quantity::{Quantity, variables};
use crate::run::{RunError, Scenario, batch, check_finite};

/// What is known or not as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Factor {
    /// A parameter in no group.
    Parameter(ParameterId),
    /// All parameters of a group.
    Group(GroupId),
}

/// Indices that are being worked out, a block of runs at a time, so that a browser can do other things in between.
#[derive(Clone, Debug)]
pub struct SobolRun {
    region: RegionId,
    quantities: Vec<Quantity>,
    variables: Vec<VariableId>,
    program: Program,
    /// With the columns of the first matrix; `second` has those of the other.
    batch: Batch,
    second: Vec<Column>,
    /// Each factor with the parameters it moves.
    factors: Vec<(Factor, Vec<ParameterId>)>,
    /// Draws of which all runs are done.
    done: usize,
    /// Runs of the present block that are done: first matrix, second matrix, and one for each factor.
    runs: usize,
    /// The present block's parameters in both matrices.
    values: [Vec<Column>; 2],
    /// By quantity, then by draw, of both matrices.
    results: Vec<[Vec<f64>; 2]>,
    /// By quantity: about its mean, from the first block.
    centres: Vec<f64>,
    /// By quantity, then by factor.
    sums: Vec<Vec<Sums>>,
    /// The first block with a number that is not finite, and its first draw.
    failed: Option<(Table, usize)>,
}

/// Sums over draws for a factor.
///
/// `shared` are products of what a run of the second matrix is above the centre with what its factor changes in the first
/// matrix: on average the variance that the factor explains by itself, nearly without noise where it changes little.
/// `apart` are squared half differences of runs that share the factor: on average the variance it leaves, without noise
/// where it explains all. Both together make the first index.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    shared: f64,
    shared_squares: f64,
    apart: f64,
    apart_squares: f64,
    /// Products of the two.
    products: f64,
    /// Squared half differences of runs that share all but the factor, and their squares.
    total: f64,
    total_squares: f64,
}

impl SobolRun {
    /// Prepares indices of all factors for `quantities`, from `sampling.draws` draws in each of two matrices; of `k`
    /// factors, `draws × (k + 2)` runs, each beside its base run. Parameters that the scenario sets are no factors.
    ///
    /// Fails as [`run`](crate::run()) does, for a number of draws that is zero or above [`MOST_DRAWS`], and for a point
    /// of time that the run does not have.
    pub fn new(
        model: &Model,
        scenario: &Scenario,
        sampling: Sampling,
        quantities: &[Quantity],
    ) -> Result<Self, RunError> {
        if sampling.draws == 0 || sampling.draws > MOST_DRAWS {
            return Err(RunError::DrawCount { draws: sampling.draws });
        }
        let mut batch = batch(model, scenario)?;
        for quantity in quantities {
            quantity.check(&batch.clock)?;
        }
        batch.lanes = sampling.draws as usize;
        let mut second = batch.parameters.clone();
        // Both draws of a parameter are coordinates of the same set of points, so that pairs of them are spread evenly.
        draw_parameters(model, scenario, sampling.seed, |dimension| 4 * dimension, &mut batch.parameters);
        draw_parameters(model, scenario, sampling.seed, |dimension| 4 * dimension + 1, &mut second);
        let factors = factors(model, scenario);
        let variables = variables(quantities);
        Ok(Self {
            region: scenario.region,
            quantities: quantities.to_vec(),
            program: Program::new(&model.graph, &variables, &batch.delivery),
            variables,
            batch,
            second,
            done: 0,
            runs: 0,
            values: [Vec::new(), Vec::new()],
            results: vec![[Vec::new(), Vec::new()]; quantities.len()],
            centres: Vec::new(),
            sums: vec![vec![Sums::default(); factors.len()]; quantities.len()],
            factors,
            failed: None,
        })
    }

    /// Runs the next block. Whether there are more.
    pub fn advance(&mut self) -> bool {
        let width = BLOCK.min(self.batch.lanes - self.done);
        if width == 0 {
            return false;
        }
        if self.runs == 0 {
            let mut factors = Factors::default();
            self.values = [&self.batch.parameters, &self.second]
                .map(|columns| columns.iter().map(|column| column.part(self.done, width, &mut factors)).collect());
        }
        let table = self.run_block(width);
        match self.runs {
            0 | 1 => self.keep(&table),
            _ => self.compare(&table),
        }
        if !table.is_finite() && self.failed.is_none() {
            self.failed = Some((table, self.done));
        }
        self.runs += 1;
        if self.runs == self.factors.len() + 2 {
            self.runs = 0;
            self.done += width;
        }
        self.done < self.batch.lanes
    }

    /// Share of the runs that are done, 0 to 1.
    pub fn progress(&self) -> f64 {
        let width = BLOCK.min(self.batch.lanes - self.done);
        let part = self.runs as f64 / (self.factors.len() + 2) as f64;
        (self.done as f64 + part * width as f64) / self.batch.lanes as f64
    }

    /// Runs what is left and gives the indices for each quantity, in their order. Fails when a number is not finite.
    pub fn finish(&mut self, model: &Model) -> Result<Vec<Indices>, RunError> {
        while self.advance() {}
        if let Some((table, first)) = &self.failed {
            let found = check_finite(model, self.region, &self.variables, &self.batch.clock, table);
            return Err(match found.expect_err("it was kept because a number is not finite") {
                RunError::NotFinite { variable, region, year, draw } => {
                    RunError::NotFinite { variable, region, year, draw: draw + first }
                }
                other => other,
            });
        }
        Ok(self.quantities.iter().enumerate().map(|(place, quantity)| self.indices(place, *quantity)).collect())
    }

    /// The present run of the present block.
    fn run_block(&self, width: usize) -> Table {
        let [first, second] = &self.values;
        let mut parameters = if self.runs == 1 { second.clone() } else { first.clone() };
        if self.runs > 1 {
            for parameter in &self.factors[self.runs - 2].1 {
                parameters[parameter.index()] = second[parameter.index()].clone();
            }
        }
        let batch = Batch { lanes: width, parameters, ..self.batch.clone() };
        let mut table = Table::new(self.variables.len(), &batch);
        run_block(&self.program, &batch, 0, width, &mut table, Base::Run);
        table
    }

    /// Keeps the results of a matrix.
    fn keep(&mut self, table: &Table) {
        for (output, (quantity, results)) in self.quantities.iter().zip(&mut self.results).enumerate() {
            results[self.runs].extend(quantity.lanes(table, output));
        }
        if self.runs == 1 && self.centres.is_empty() {
            let mean = |[first, second]: &[Vec<f64>; 2]| {
                first.iter().chain(second).sum::<f64>() / (first.len() + second.len()) as f64
            };
            self.centres = self.results.iter().map(mean).collect();
        }
    }

    /// Compares the results of the first matrix with a factor of the second with those of both.
    fn compare(&mut self, table: &Table) {
        for (output, (quantity, results)) in self.quantities.iter().zip(&self.results).enumerate() {
            let centre = self.centres[output];
            let sums = &mut self.sums[output][self.runs - 2];
            let [first, second] = results.each_ref().map(|results| &results[self.done..]);
            for ((mixed, first), second) in quantity.lanes(table, output).zip(first).zip(second) {
                let shared = (second - centre) * (mixed - first);
                let apart = (second - mixed) * (second - mixed) / 2.0;
                let from_first = (first - mixed) * (first - mixed) / 2.0;
                sums.shared += shared;
                sums.shared_squares += shared * shared;
                sums.apart += apart;
                sums.apart_squares += apart * apart;
                sums.products += shared * apart;
                sums.total += from_first;
                sums.total_squares += from_first * from_first;
            }
        }
    }

    fn indices(&self, place: usize, quantity: Quantity) -> Indices {
        let results = &self.results[place];
        let count = (2 * results[0].len()) as f64;
        let mean = results.iter().flatten().sum::<f64>() / count;
        let variance = results.iter().flatten().map(|value| (value - mean) * (value - mean)).sum::<f64>() / count;
        // Where nothing varies, nothing is to be explained.
        let share = |value: f64| if variance > 0.0 { value / variance } else { 0.0 };
        let draws = results[0].len() as f64;
        let covariance = |products: f64, a: f64, b: f64| products / draws - a / draws * (b / draws);
        let error = |spread: f64| share((spread.max(0.0) / draws).sqrt());
        let index = |factor: Factor, sums: &Sums| {
            let from_shared = covariance(sums.shared_squares, sums.shared, sums.shared);
            let from_apart = covariance(sums.apart_squares, sums.apart, sums.apart);
            // The more a factor leaves, the less it explains.
            let both = -covariance(sums.products, sums.shared, sums.apart);
            let spread = from_shared + from_apart - 2.0 * both;
            // The mean of the two estimates that varies least from draw to draw.
            let weight = if spread > 0.0 { ((from_apart - both) / spread).clamp(0.0, 1.0) } else { 1.0 };
            let rest = 1.0 - weight;
            let first = weight * (sums.shared / draws) + rest * (variance - sums.apart / draws);
            Index {
                factor,
                first: share(first),
                first_error: error(
                    weight * weight * from_shared + rest * rest * from_apart + 2.0 * weight * rest * both,
                ),
                total: share(sums.total / draws),
                total_error: error(covariance(sums.total_squares, sums.total, sums.total)),
            }
        };
        let factors = self.factors.iter().zip(&self.sums[place]);
        let mut factors: Vec<Index> = factors.map(|((factor, _), sums)| index(*factor, sums)).collect();
        // Equal ones stay in the order of the model.
        factors.sort_by(|a, b| b.total.total_cmp(&a.total));
        Indices { quantity, mean, variance, draws: self.batch.lanes as u32, factors }
    }
}

/// Sobol' indices of all factors for `quantities`; see [`SobolRun::new`].
///
/// ```
/// # #[cfg(feature = "compile")] {
/// # let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/shop.toml"));
/// # let checked = model::compile(&[model::ModelFile { path: "shop.toml", text }]);
/// # let model = checked.value.expect("it has no mistakes");
/// // Without measures, sales are the custom of today and profits that less the rent: variances 40²/12 and 4²/12.
/// let scenario = model::Scenario::new(&model, model.region("here").expect("it is declared"));
/// let variable = model.variable("profit").expect("it is declared");
/// let profit = model::Quantity { variable, measure: model::Measure::Level, point: 2 };
/// let sampling = model::Sampling { draws: 1024, seed: 1 };
/// let indices = &model::sobol(&model, &scenario, sampling, &[profit]).expect("all numbers are finite")[0];
/// let custom = indices.factors[0];
/// assert_eq!(custom.factor, model::Factor::Parameter(model.parameter("custom").expect("it is declared")));
/// assert!((custom.first - 0.990).abs() < 0.005);
/// assert!((custom.total - 0.990).abs() < 0.005);
/// # }
/// ```
pub fn sobol(
    model: &Model,
    scenario: &Scenario,
    sampling: Sampling,
    quantities: &[Quantity],
) -> Result<Vec<Indices>, RunError> {
    SobolRun::new(model, scenario, sampling, quantities)?.finish(model)
}

/// Where the uncertainty of a quantity comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Indices {
    /// What is looked at.
    pub quantity: Quantity,
    /// Its mean over the draws of both matrices, in its unit.
    pub mean: f64,
    /// Its variance over the draws of both matrices, in its unit squared.
    pub variance: f64,
    /// Draws in each matrix.
    pub draws: u32,
    /// One for each factor, the largest total index first.
    pub factors: Vec<Index>,
}

/// The part of a factor in the variance of a quantity; zero where nothing varies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Index {
    /// Which factor.
    pub factor: Factor,
    /// Share of the variance that would go if the factor were known. An estimate: it may come out slightly below 0.
    pub first: f64,
    /// Standard error of `first`, as of independent draws; evenly spread draws do better.
    pub first_error: f64,
    /// Share of the variance that would stay if all other factors were known; never below 0.
    pub total: f64,
    /// Standard error of `total`, as of independent draws.
    pub total_error: f64,
}

/// All factors, those of single parameters first.
fn factors(model: &Model, scenario: &Scenario) -> Vec<(Factor, Vec<ParameterId>)> {
    let group_of = |parameter: ParameterId| {
        model.groups.iter().position(|group| group.members.iter().any(|(member, _)| *member == parameter))
    };
    let mut single = Vec::new();
    let mut groups = vec![Vec::new(); model.groups.len()];
    for parameter in model.parameter_ids().filter(|parameter| is_drawn(model, scenario, *parameter)) {
        match group_of(parameter) {
            Some(group) => groups[group].push(parameter),
            None => single.push((Factor::Parameter(parameter), vec![parameter])),
        }
    }
    let groups = groups.into_iter().enumerate().filter(|(_, members)| !members.is_empty());
    single.extend(groups.map(|(group, members)| (Factor::Group(GroupId::at(group)), members)));
    single
}
