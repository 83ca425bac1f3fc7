//! How much of a scenario's effect each lever brings, whatever the order in which levers are named.
//!
//! A lever's contribution is its Shapley value: what it adds to the outcome when it joins the levers before it,
//! averaged over all orders in which the levers can join. Central run only; no lever has a special place, so an
//! enabler gets its share of what it makes possible.

use crate::draw::hash;
use crate::engine::{Column, Table};
use crate::ensemble::Sampling;
use crate::id::{LeverId, RegionId, VariableId};
use crate::lanes::LaneRun;
use crate::model::Model;
use crate::run::{RunError, Scenario, batch};

/// Levers up to which every combination of them is run (4,096 at most).
pub const MOST_EXACT: usize = 12;

/// Orders that an attribution may sample.
pub const MOST_ORDERS: u32 = 1 << 14;

/// An attribution that is being worked out, a block of lever combinations at a time, so that a browser can do other
/// things in between.
#[derive(Clone, Debug)]
pub struct AttributionRun {
    region: RegionId,
    /// The levers that do not stand at their status quo.
    active: Vec<LeverId>,
    method: Method,
    variables: Vec<VariableId>,
    lanes: LaneRun,
}

/// Which combinations of levers the lanes are.
#[derive(Clone, Debug)]
enum Method {
    /// Lane `n` has the active levers that are set among the binary digits of `n`.
    Exact,
    /// The first lane has all levers. After it come, for each order, the lanes with its first lever, its first two, and
    /// so on without the last. An order is followed by its reverse.
    Sampled(Vec<Vec<usize>>),
}

impl AttributionRun {
    /// Prepares the contributions to `variables` of the levers of `scenario` that do not stand at their status quo.
    ///
    /// Up to [`MOST_EXACT`] such levers, contributions are exact. Beyond, they are averages over `sampling.draws` orders
    /// from `sampling.seed`, taken in pairs of an order and its reverse (at least two pairs; an odd number is rounded
    /// up), with a standard error.
    ///
    /// Fails as [`run`](crate::run()) does, and for a number of orders that is zero or above [`MOST_ORDERS`].
    pub fn new(
        model: &Model,
        scenario: &Scenario,
        sampling: Sampling,
        variables: &[VariableId],
    ) -> Result<Self, RunError> {
        if sampling.draws == 0 || sampling.draws > MOST_ORDERS {
            return Err(RunError::OrderCount { orders: sampling.draws });
        }
        let mut batch = batch(model, scenario)?;
        let is_active = |id: &LeverId| scenario.levers[id.index()] != model.levers[id.index()].status_quo;
        let active: Vec<LeverId> = model.lever_ids().filter(is_active).collect();
        let method = if active.len() <= MOST_EXACT {
            batch.lanes = 1 << active.len();
            Method::Exact
        } else {
            let orders = orders(active.len(), sampling);
            batch.lanes = 1 + orders.len() * (active.len() - 1);
            Method::Sampled(orders)
        };
        for (place, lever) in active.iter().enumerate() {
            let (on, off) = (scenario.levers[lever.index()], model.levers[lever.index()].status_quo);
            let is_on = method.lanes_with(place, active.len());
            batch.settings[lever.index()] =
                Column::Each(is_on.iter().map(|is_on| if *is_on { on } else { off }).collect());
        }
        let lanes = LaneRun::new(model, variables.to_vec(), batch);
        Ok(Self { region: scenario.region, active, method, variables: variables.to_vec(), lanes })
    }

    /// Runs the next block of combinations. Whether there are more.
    pub fn advance(&mut self) -> bool {
        self.lanes.advance()
    }

    /// Share of the combinations that are done, 0 to 1.
    pub fn progress(&self) -> f64 {
        self.lanes.progress()
    }

    /// Runs what is left and gives the contributions. Fails when a number is not finite.
    pub fn finish(&mut self, model: &Model) -> Result<Attribution, RunError> {
        let clock = self.lanes.batch().clock;
        let times: Vec<f64> = (0..clock.points()).map(|point| clock.time(point * clock.every)).collect();
        let table = self.lanes.finish(model, self.region)?;
        let outcomes = (0..self.variables.len())
            .map(|output| self.method.outcome(table, output, times.len(), self.active.len()))
            .collect();
        let orders = match &self.method {
            Method::Exact => None,
            Method::Sampled(orders) => Some(orders.len() as u32),
        };
        let (levers, variables) = (self.active.clone(), self.variables.clone());
        Ok(Attribution { times, levers, variables, orders, outcomes })
    }
}

/// The contributions of the active levers of `scenario` to `variables`; see [`AttributionRun::new`].
///
/// ```
/// # #[cfg(feature = "compile")] {
/// # let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/shop.toml"));
/// # let checked = model::compile(&[model::ModelFile { path: "shop.toml", text }]);
/// # let model = checked.value.expect("it has no mistakes");
/// // Sales are 100 EUR. Advertising would add half of them, lower prices a fifth, and both together 80 EUR.
/// let mut scenario = model::Scenario::new(&model, model.region("here").expect("it is declared"));
/// scenario.levers.fill(1.0);
/// let sales = model.variable("sales").expect("it is declared");
/// let sampling = model::Sampling { draws: 256, seed: 1 };
/// let attribution = model::attribution(&model, &scenario, sampling, &[sales]).expect("all numbers are finite");
/// let advert = attribution.contribution(sales, model.lever("advert").expect("it is declared")).expect("it is active");
/// assert_eq!(advert, [55.0, 55.0, 55.0]);
/// assert_eq!(attribution.total(sales).expect("it was asked for")[2], 80.0);
/// # }
/// ```
pub fn attribution(
    model: &Model,
    scenario: &Scenario,
    sampling: Sampling,
    variables: &[VariableId],
) -> Result<Attribution, RunError> {
    AttributionRun::new(model, scenario, sampling, variables)?.finish(model)
}

/// What each active lever contributes to the difference from the base run.
///
/// At each point of time contributions add up to the total but for rounding (about 1e-12 of the variable's size);
/// levers that do the same for an outcome get the same; and a lever that changes nothing gets exactly zero.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribution {
    times: Vec<f64>,
    levers: Vec<LeverId>,
    variables: Vec<VariableId>,
    orders: Option<u32>,
    outcomes: Vec<Contributions>,
}

/// The contributions to one variable.
#[derive(Clone, Debug, PartialEq)]
struct Contributions {
    /// By active lever, then by point.
    values: Vec<f64>,
    /// As `values`.
    errors: Vec<f64>,
    /// By point.
    total: Vec<f64>,
}

impl Attribution {
    /// The points of time of all series.
    pub fn times(&self) -> &[f64] {
        &self.times
    }

    /// The levers that do not stand at their status quo, in the model's order. All others contribute nothing.
    pub fn levers(&self) -> &[LeverId] {
        &self.levers
    }

    /// How many orders were sampled; none when contributions are exact.
    pub fn orders(&self) -> Option<u32> {
        self.orders
    }

    /// What a lever contributes at [`times`](Attribution::times), in the variable's unit. None if it is not active or the
    /// variable was not asked for.
    pub fn contribution(&self, variable: VariableId, lever: LeverId) -> Option<&[f64]> {
        self.part(variable, lever, |outcome| &outcome.values)
    }

    /// Standard error of [`contribution`](Attribution::contribution) from sampling orders, from the spread between pairs
    /// of orders; zero when contributions are exact.
    pub fn standard_error(&self, variable: VariableId, lever: LeverId) -> Option<&[f64]> {
        self.part(variable, lever, |outcome| &outcome.errors)
    }

    /// The difference of a variable from its base run at [`times`](Attribution::times): what there is to share out.
    pub fn total(&self, variable: VariableId) -> Option<&[f64]> {
        Some(&self.outcome(variable)?.total)
    }

    fn outcome(&self, variable: VariableId) -> Option<&Contributions> {
        let place = self.variables.iter().position(|asked| *asked == variable)?;
        Some(&self.outcomes[place])
    }

    fn part(
        &self,
        variable: VariableId,
        lever: LeverId,
        values: impl Fn(&Contributions) -> &Vec<f64>,
    ) -> Option<&[f64]> {
        let outcome = self.outcome(variable)?;
        let place = self.levers.iter().position(|active| *active == lever)?;
        let points = self.times.len();
        Some(&values(outcome)[place * points..][..points])
    }
}

/// Orders of `levers` levers, each followed by its reverse.
fn orders(levers: usize, sampling: Sampling) -> Vec<Vec<usize>> {
    let pairs = sampling.draws.div_ceil(2).max(2);
    let mut orders = Vec::with_capacity(2 * pairs as usize);
    let mut stream = 0;
    for _ in 0..pairs {
        let mut order: Vec<usize> = (0..levers).collect();
        for last in (1..levers).rev() {
            let chance = u64::from(hash(sampling.seed, stream));
            stream += 1;
            order.swap(last, ((chance * (last as u64 + 1)) >> 32) as usize);
        }
        orders.push(order.clone());
        order.reverse();
        orders.push(order);
    }
    orders
}

impl Method {
    /// For each lane, whether active lever `place` of `levers` is on.
    fn lanes_with(&self, place: usize, levers: usize) -> Vec<bool> {
        match self {
            Self::Exact => (0..1_usize << levers).map(|lane| lane >> place & 1 == 1).collect(),
            Self::Sampled(orders) => {
                let mut lanes = vec![true];
                for order in orders {
                    let position = order.iter().position(|lever| *lever == place).expect("an order has all levers");
                    lanes.extend((0..levers - 1).map(|last| position <= last));
                }
                lanes
            }
        }
    }

    /// The contributions to an output of the table.
    fn outcome(&self, table: &Table, output: usize, points: usize, levers: usize) -> Contributions {
        let mut values = vec![0.0; levers * points];
        let mut errors = values.clone();
        let mut total = vec![0.0; points];
        for point in 0..points {
            let (base, lanes) = (table.base(output, point)[0], table.policy(output, point));
            let (shares, share_errors, all) = match self {
                Self::Exact => (exact(lanes, levers), vec![0.0; levers], lanes[lanes.len() - 1]),
                Self::Sampled(orders) => {
                    let (shares, errors) = sampled(base, lanes, orders);
                    (shares, errors, lanes[0])
                }
            };
            for lever in 0..levers {
                values[lever * points + point] = shares[lever];
                errors[lever * points + point] = share_errors[lever];
            }
            total[point] = all - base;
        }
        Contributions { values, errors, total }
    }
}

/// Shapley values from the outcome of every combination.
fn exact(outcomes: &[f64], levers: usize) -> Vec<f64> {
    // The share of all orders in which given levers come before a lever and the others after it, by how many come before.
    let mut weights = vec![1.0 / levers as f64; levers];
    for before in 1..levers {
        weights[before] = weights[before - 1] * before as f64 / (levers - before) as f64;
    }
    (0..levers)
        .map(|lever| {
            // Added up by the number of levers before, so that large and small weights do not mix.
            let mut gains = vec![0.0; levers];
            for without in (0..outcomes.len()).filter(|lane| lane >> lever & 1 == 0) {
                gains[without.count_ones() as usize] += outcomes[without | 1 << lever] - outcomes[without];
            }
            gains.iter().zip(&weights).map(|(gain, weight)| gain * weight).sum()
        })
        .collect()
}

/// Means and standard errors of what each lever adds in the sampled orders.
fn sampled(base: f64, lanes: &[f64], orders: &[Vec<usize>]) -> (Vec<f64>, Vec<f64>) {
    let levers = orders[0].len();
    let all = lanes[0];
    let pairs = (orders.len() / 2) as f64;
    let mut pair_gains = vec![vec![0.0; levers]; orders.len() / 2];
    for (index, order) in orders.iter().enumerate() {
        let path = &lanes[1 + index * (levers - 1)..][..levers - 1];
        let mut before = base;
        for (lever, after) in order.iter().zip(path.iter().chain([&all])) {
            pair_gains[index / 2][*lever] += (after - before) / 2.0;
            before = *after;
        }
    }
    let means: Vec<f64> =
        (0..levers).map(|lever| pair_gains.iter().map(|gains| gains[lever]).sum::<f64>() / pairs).collect();
    let error = |(lever, mean): (usize, &f64)| {
        let squares: f64 = pair_gains.iter().map(|gains| (gains[lever] - mean) * (gains[lever] - mean)).sum();
        (squares / (pairs - 1.0) / pairs).sqrt()
    };
    let errors = means.iter().enumerate().map(error).collect();
    (means, errors)
}
