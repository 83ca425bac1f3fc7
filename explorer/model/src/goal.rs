//! The cheapest mix of levers that reaches a target.
//!
//! goal → settings to try → value and cost of each, as lanes → curves by lever → [`path`] → settings to try → …
//!
//! Around a mix, each lever is tried at a few settings; put together in the order of what they give for their cost,
//! these make a path from the cheapest to the best mix nearby. The path is run, so that overlaps count, and followed to
//! the first mix on it that reaches the target; around that one it starts again, closer and closer. This is done from
//! several starts, because levers that help each other can have more than one good mix.

mod path;

use crate::engine::{BLOCK, Column, Table};
use crate::ensemble::{MOST_DRAWS, Sampling, draw_parameters};
use crate::id::{LeverId, RegionId};
use crate::lanes::LaneRun;
use crate::model::Model;
use crate::quantity::Quantity;
use crate::run::{RunError, Scenario, batch};
use path::{Curve, Path, Sample};

/// What is to be reached, and with what.
#[derive(Clone, Debug, PartialEq)]
pub struct Goal {
    /// What is to be reached, and when.
    pub quantity: Quantity,
    /// Its smallest value that will do, in its unit.
    pub at_least: f64,
    /// What must hold for the target to count as reached.
    pub certainty: Certainty,
    /// What is to be as small as possible: of public cost, say, the sum up to a point of time. Always that of the
    /// central run.
    pub cost: Quantity,
    /// Lowest and highest setting of each lever of the model, both within its range; the same twice for a lever that is
    /// fixed.
    pub bounds: Vec<(f64, f64)>,
}

/// When a target counts as reached.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Certainty {
    /// When the run with central parameters reaches it.
    Central,
    /// When at least a share of the draws of the parameters does.
    Probable {
        /// The share, above 0 and at most 1.
        probability: f64,
        /// Which draws; a few hundred are enough for all but extreme probabilities.
        sampling: Sampling,
    },
}

/// The cheapest mix found.
#[derive(Clone, Debug, PartialEq)]
pub struct Mix {
    /// Setting of each lever of the model, 0 to 1.
    pub levers: Vec<f64>,
    /// Whether it reaches the target. If not, no mix within the bounds was found that does, and this one comes closest.
    pub reach: Reach,
    /// The goal's quantity in the central run, in its unit.
    pub central: f64,
    /// What is reached with the probability asked for: no less than this in that share of the draws. In a central
    /// search the same as `central`.
    pub value: f64,
    /// Share of the draws that reach the target; none in a central search.
    pub probability: Option<f64>,
    /// The goal's cost in the central run, in its unit.
    pub cost: f64,
    /// Levers that are not fixed and stand at their lowest setting.
    pub at_lowest: Vec<LeverId>,
    /// Levers that are not fixed and stand at their highest setting.
    pub at_highest: Vec<LeverId>,
}

/// Whether a target is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Yes, and a lower target would be cheaper.
    Just,
    /// Yes, even by the cheapest mix within the bounds.
    Amply,
    /// No.
    OutOfReach,
}

/// Settings at which each lever is tried around a mix, and on a path.
struct Effort {
    /// Settings of a lever, on both sides together.
    samples: u32,
    /// Places on a path that are tried at once.
    places: u32,
    /// How often the part of the path between two places is tried again.
    zooms: u32,
    /// How often the distance at which levers are tried is halved.
    halvings: u32,
}

/// Central runs are cheap: a block of them is one mix each.
const CENTRAL: Effort = Effort { samples: 8, places: 96, zooms: 2, halvings: 8 };
/// Each mix is an ensemble; the search starts where the central one ended.
const PROBABLE: Effort = Effort { samples: 4, places: 7, zooms: 3, halvings: 5 };

/// Mixes around which levers may be tried before a search from one start ends.
const MOST_ROUNDS: u32 = 40;

/// A move that saves less than this share of the cost is followed by a look at what is closer.
const WORTHWHILE: f64 = 1e-4;

/// A search that is being made, a block of runs at a time, so that a browser can do other things in between.
#[derive(Clone, Debug)]
pub struct GoalRun {
    goal: Goal,
    region: RegionId,
    /// A block of lanes with central parameters, one mix each.
    central: LaneRun,
    /// One lane for each draw; all lanes have the same mix.
    draws: Option<LaneRun>,
    /// Where to start from next, the first one last.
    starts: Vec<Vec<f64>>,
    /// Starts of which the search has ended, and all there will be.
    searched: (usize, usize),
    is_probable: bool,
    stage: Stage,
    trial: Vec<Vec<f64>>,
    /// What the mixes of the trial give, as far as they have been run centrally.
    central_found: Vec<Found>,
    /// The same with values at the probability asked for, as far as they have been run over the draws.
    probable_found: Vec<Found>,
    here: Option<Tried>,
    halvings: u32,
    rounds: u32,
    best: Option<Tried>,
}

/// What is to be done with the results of a trial.
#[derive(Clone, Debug)]
enum Stage {
    /// The trial is a mix to start from.
    Start,
    /// It is levers at other settings, by lever and setting.
    Curves(Vec<(usize, f64)>),
    /// It is places on a path.
    Along { path: Path, places: Vec<f64>, zooms: u32 },
    /// There is nothing more to try.
    Done,
}

/// What a mix gives.
#[derive(Clone, Copy, Debug)]
struct Found {
    central: f64,
    value: f64,
    probability: Option<f64>,
    cost: f64,
}

/// A mix and what it gives.
#[derive(Clone, Debug)]
struct Tried {
    levers: Vec<f64>,
    found: Found,
    reach: Reach,
}

impl GoalRun {
    /// Prepares the search. Of `scenario`, all but the settings of its levers counts.
    ///
    /// Fails as [`run`](crate::run()) does, for bounds beyond the range of a lever or the wrong way round, for a target
    /// that is not a number, a probability that is not above 0 and up to 1, a number of draws that is zero or above
    /// [`MOST_DRAWS`], and for a point of time that the run does not have.
    pub fn new(model: &Model, scenario: &Scenario, goal: &Goal) -> Result<Self, RunError> {
        check(model, goal)?;
        let lowest: Vec<f64> = goal.bounds.iter().map(|(low, _)| *low).collect();
        let highest: Vec<f64> = goal.bounds.iter().map(|(_, high)| *high).collect();
        let middle = goal.bounds.iter().map(|(low, high)| (low + high) / 2.0).collect();
        let mut batch = batch(model, &Scenario { levers: lowest.clone(), ..scenario.clone() })?;
        goal.quantity.check(&batch.clock)?;
        goal.cost.check(&batch.clock)?;
        let draws = match goal.certainty {
            Certainty::Central => None,
            Certainty::Probable { sampling, .. } => {
                let mut batch = batch.clone();
                batch.lanes = sampling.draws as usize;
                draw_parameters(model, scenario, sampling.seed, |dimension| dimension, &mut batch.parameters);
                Some(LaneRun::new(model, vec![goal.quantity.variable], batch))
            }
        };
        batch.lanes = BLOCK;
        let starts = vec![middle, highest];
        Ok(Self {
            goal: goal.clone(),
            region: scenario.region,
            central: LaneRun::new(model, vec![goal.quantity.variable, goal.cost.variable], batch),
            searched: (0, 1 + starts.len() + usize::from(draws.is_some())),
            draws,
            starts,
            is_probable: false,
            stage: Stage::Start,
            trial: vec![lowest],
            central_found: Vec::new(),
            probable_found: Vec::new(),
            here: None,
            halvings: 0,
            rounds: 0,
            best: None,
        })
    }

    /// Runs the next block. Whether there are more.
    pub fn advance(&mut self) -> bool {
        if matches!(self.stage, Stage::Done) {
            return false;
        }
        if self.central_found.len() < self.trial.len() {
            self.try_centrally();
        } else if self.is_probable && self.probable_found.len() < self.trial.len() {
            self.try_on_draws();
        }
        let found = if self.is_probable { &self.probable_found } else { &self.central_found };
        if found.len() == self.trial.len() {
            self.decide();
        }
        !matches!(self.stage, Stage::Done)
    }

    /// About how much of the search is done, 0 to 1: nobody knows how long it takes.
    pub fn progress(&self) -> f64 {
        if matches!(self.stage, Stage::Done) {
            return 1.0;
        }
        let within = f64::from(self.halvings) / f64::from(self.effort().halvings + 1);
        (self.searched.0 as f64 + within) / self.searched.1 as f64
    }

    /// Runs what is left and gives the mix. Fails when a number is not finite.
    pub fn finish(&mut self, model: &Model) -> Result<Mix, RunError> {
        while self.advance() {}
        // Numbers that are not finite have ended the search and stand in the results of the last run.
        self.central.finish(model, self.region)?;
        if let Some(draws) = &mut self.draws {
            draws.finish(model, self.region)?;
        }
        let Tried { levers, found, reach } = self.best.clone().expect("a search without failure tries the start");
        let free = |id: &LeverId| self.goal.bounds[id.index()].0 < self.goal.bounds[id.index()].1;
        let at_lowest =
            model.lever_ids().filter(free).filter(|id| levers[id.index()] == self.goal.bounds[id.index()].0);
        let at_highest =
            model.lever_ids().filter(free).filter(|id| levers[id.index()] == self.goal.bounds[id.index()].1);
        Ok(Mix {
            at_lowest: at_lowest.collect(),
            at_highest: at_highest.collect(),
            reach,
            central: found.central,
            value: found.value,
            probability: found.probability,
            cost: found.cost,
            levers,
        })
    }

    fn effort(&self) -> Effort {
        if self.is_probable { PROBABLE } else { CENTRAL }
    }

    /// Runs the next mixes of the trial with central parameters, as many as a block has lanes.
    fn try_centrally(&mut self) {
        let first = self.central_found.len();
        let mixes = &self.trial[first..self.trial.len().min(first + BLOCK)];
        // Lanes without a mix of their own repeat the last.
        let of_lane = |lane: usize| &mixes[lane.min(mixes.len() - 1)];
        let settings = (0..self.goal.bounds.len())
            .map(|lever| Column::Each((0..BLOCK).map(|lane| of_lane(lane)[lever]).collect()));
        self.central.restart(settings.collect());
        while self.central.advance() {}
        let table = self.central.table();
        if !table.is_finite() {
            self.stage = Stage::Done;
            return;
        }
        let values = self.goal.quantity.lanes(table, 0);
        let costs = self.goal.cost.lanes(table, 1);
        let found = values.zip(costs).map(|(value, cost)| Found { central: value, value, probability: None, cost });
        self.central_found.extend(found.take(mixes.len()));
    }

    /// Runs the next block of draws of the next mix of the trial.
    fn try_on_draws(&mut self) {
        let next = self.probable_found.len();
        let draws = self.draws.as_mut().expect("a probable search has draws");
        if draws.progress() == 0.0 || draws.progress() == 1.0 {
            draws.restart(self.trial[next].iter().map(|setting| Column::Same(*setting)).collect());
        }
        if draws.advance() {
            return;
        }
        if !draws.table().is_finite() {
            self.stage = Stage::Done;
            return;
        }
        let (value, probability) = self.goal.probable(draws.table());
        self.probable_found.push(Found { value, probability: Some(probability), ..self.central_found[next] });
    }

    /// Goes on with the results of a trial.
    fn decide(&mut self) {
        let found = if self.is_probable { &mut self.probable_found } else { &mut self.central_found };
        let found = std::mem::take(found);
        self.central_found.clear();
        let trial = std::mem::take(&mut self.trial);
        match std::mem::replace(&mut self.stage, Stage::Done) {
            Stage::Start => {
                let tried = self.goal.tried(&trial[0], found[0], Reach::Just);
                self.offer(&tried);
                self.here = Some(tried);
                self.look_around();
            }
            Stage::Curves(settings) => self.follow(&settings, &found),
            Stage::Along { path, places, zooms } => self.walk(path, &places, zooms, &trial, &found),
            Stage::Done => {}
        }
    }

    /// Tries each lever by itself around the present mix.
    fn look_around(&mut self) {
        let here = &self.here.as_ref().expect("a search stands somewhere").levers;
        let samples = self.effort().samples;
        // Twice the radius is the whole range at first.
        let radius = 1.0 / f64::from(1_u32 << self.halvings);
        let mut settings = Vec::new();
        for (lever, (low, high)) in self.goal.bounds.iter().enumerate().filter(|(_, (low, high))| low < high) {
            let width = (high - low) * radius;
            let (from, to) = ((here[lever] - width).max(*low), (here[lever] + width).min(*high));
            for sample in 0..=samples {
                let setting = match sample {
                    0 => from,
                    last if last == samples => to,
                    _ => from + (to - from) * f64::from(sample) / f64::from(samples),
                };
                if setting != here[lever] {
                    settings.push((lever, setting));
                }
            }
        }
        if settings.is_empty() {
            return self.next_start();
        }
        self.trial = settings
            .iter()
            .map(|(lever, setting)| {
                let mut mix = here.clone();
                mix[*lever] = *setting;
                mix
            })
            .collect();
        self.stage = Stage::Curves(settings);
    }

    /// Makes a path of what single levers give and tries places all along it.
    fn follow(&mut self, settings: &[(usize, f64)], found: &[Found]) {
        let here = self.here.as_ref().expect("a search stands somewhere");
        let mut curves: Vec<Curve> = Vec::new();
        for ((lever, setting), found) in settings.iter().zip(found) {
            if curves.last().is_none_or(|curve| curve.lever != *lever) {
                let Found { value, cost, .. } = here.found;
                let samples = vec![Sample { setting: here.levers[*lever], value, cost }];
                curves.push(Curve { lever: *lever, samples });
            }
            let curve = curves.last_mut().expect("one was just added");
            curve.samples.push(Sample { setting: *setting, value: found.value, cost: found.cost });
        }
        let path = Path::new(&here.levers, &curves);
        let length = path.length();
        self.try_places(path, 0.0, length, self.effort().zooms);
    }

    /// Tries places on a path from `from` to `to`, both included.
    fn try_places(&mut self, path: Path, from: f64, to: f64, zooms: u32) {
        let places = self.effort().places;
        let place = |place: u32| from + (to - from) * f64::from(place) / f64::from(places);
        let places: Vec<f64> = if from == to { vec![from] } else { (0..=places).map(place).collect() };
        self.trial = places.iter().map(|place| path.at(*place)).collect();
        self.stage = Stage::Along { path, places, zooms };
    }

    /// Looks closer at the part of a path in which the target is first reached; moves there when it is close enough.
    fn walk(&mut self, path: Path, places: &[f64], zooms: u32, trial: &[Vec<f64>], found: &[Found]) {
        let reached = found.iter().position(|found| self.goal.is_reached(found));
        if let Some(place) = reached.filter(|place| *place > 0 && zooms > 0) {
            return self.try_places(path, places[place - 1], places[place], zooms - 1);
        }
        let highest = || {
            let places = 0..found.len();
            places.max_by(|a, b| found[*a].value.total_cmp(&found[*b].value).then(b.cmp(a)))
        };
        let place = reached.or_else(highest).expect("a path has a place");
        let reach = if places[place] > 0.0 { Reach::Just } else { Reach::Amply };
        let tried = self.goal.tried(&trial[place], found[place], reach);
        self.offer(&tried);
        let here = self.here.take().expect("a search stands somewhere");
        let worth = here.found.cost.abs().max(tried.found.cost.abs()) * WORTHWHILE;
        let is_worthwhile = match (here.reach, tried.reach) {
            (Reach::OutOfReach, Reach::OutOfReach) => {
                tried.found.value > here.found.value + here.found.value.abs() * WORTHWHILE
            }
            (Reach::OutOfReach, _) => true,
            (_, Reach::OutOfReach) => false,
            _ => tried.found.cost < here.found.cost - worth,
        };
        self.here = Some(if is_better(&tried, &here) { tried } else { here });
        self.rounds += 1;
        if !is_worthwhile {
            self.halvings += 1;
        }
        if self.halvings > self.effort().halvings || self.rounds >= MOST_ROUNDS {
            self.next_start();
        } else {
            self.look_around();
        }
    }

    /// Starts a search from elsewhere, or over the draws from the best central mix, or ends it.
    fn next_start(&mut self) {
        self.searched.0 += 1;
        (self.halvings, self.rounds) = (0, 0);
        let next = self.starts.pop().or_else(|| {
            let is_next = self.draws.is_some() && !std::mem::replace(&mut self.is_probable, self.draws.is_some());
            // What is best is judged anew, by the draws.
            is_next.then(|| self.best.take().expect("the central search tried its starts").levers)
        });
        if let Some(start) = next {
            self.stage = Stage::Start;
            self.trial = vec![start];
            self.halvings = u32::from(self.is_probable);
        }
    }

    /// Keeps a mix if it is the best so far.
    fn offer(&mut self, tried: &Tried) {
        if self.best.as_ref().is_none_or(|best| is_better(tried, best)) {
            self.best = Some(tried.clone());
        }
    }
}

/// Whether a mix reaches the target and another does not, or at less cost; or comes closer, where neither does.
fn is_better(tried: &Tried, other: &Tried) -> bool {
    match (tried.reach, other.reach) {
        (Reach::OutOfReach, Reach::OutOfReach) => {
            let (value, most) = (tried.found.value, other.found.value);
            value > most || value == most && tried.found.cost < other.found.cost
        }
        (Reach::OutOfReach, _) => false,
        (_, Reach::OutOfReach) => true,
        // Of the same mix, what is known from all of its surroundings counts.
        (Reach::Amply, Reach::Just) => tried.found.cost <= other.found.cost,
        _ => tried.found.cost < other.found.cost,
    }
}

impl Goal {
    fn is_reached(&self, found: &Found) -> bool {
        found.value >= self.at_least
    }

    /// A mix with what it gives; `reach` holds if it reaches the target.
    fn tried(&self, levers: &[f64], found: Found, reach: Reach) -> Tried {
        let reach = if self.is_reached(&found) { reach } else { Reach::OutOfReach };
        Tried { levers: levers.to_vec(), found, reach }
    }

    /// What is reached with the probability asked for, and with what probability the target is.
    fn probable(&self, table: &Table) -> (f64, f64) {
        let Certainty::Probable { probability, .. } = self.certainty else {
            unreachable!("draws are run only where a probability is asked for")
        };
        let mut values: Vec<f64> = self.quantity.lanes(table, 0).collect();
        let draws = values.len() as f64;
        let reached = values.iter().filter(|value| **value >= self.at_least).count() as f64 / draws;
        values.sort_unstable_by(f64::total_cmp);
        // The largest value that enough draws reach; rounding must not ask for one draw more.
        let enough = ((draws * probability - 1e-9).ceil() as usize).clamp(1, values.len());
        (values[values.len() - enough], reached)
    }
}

/// Whether the goal makes sense.
fn check(model: &Model, goal: &Goal) -> Result<(), RunError> {
    if goal.bounds.len() != model.levers.len() {
        return Err(RunError::LeverCount { found: goal.bounds.len(), expected: model.levers.len() });
    }
    for (lever, (low, high)) in model.levers.iter().zip(&goal.bounds) {
        if let Some(value) = [low, high].into_iter().find(|value| !lever.allows(**value)) {
            return Err(RunError::LeverOutOfRange { lever: lever.id.clone(), value: *value, range: lever.range });
        }
        if low > high {
            return Err(RunError::BoundsReversed { lever: lever.id.clone() });
        }
    }
    if !goal.at_least.is_finite() {
        return Err(RunError::TargetNotFinite);
    }
    if let Certainty::Probable { probability, sampling } = goal.certainty {
        if !(probability > 0.0 && probability <= 1.0) {
            return Err(RunError::ProbabilityOutOfRange { probability });
        }
        if sampling.draws == 0 || sampling.draws > MOST_DRAWS {
            return Err(RunError::DrawCount { draws: sampling.draws });
        }
    }
    Ok(())
}

/// The cheapest mix of levers that reaches a goal; see [`GoalRun::new`].
///
/// ```
/// # #[cfg(feature = "compile")] {
/// # let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/shop.toml"));
/// # let checked = model::compile(&[model::ModelFile { path: "shop.toml", text }]);
/// # let model = checked.value.expect("it has no mistakes");
/// // Sales of 135 EUR: lower prices give a fifth more for 5 EUR, advertising a half more for 20 EUR, paint nothing.
/// let quantity = |id: &str| {
///     let variable = model.variable(id).expect("it is declared");
///     model::Quantity { variable, measure: model::Measure::Level, point: 2 }
/// };
/// let goal = model::Goal {
///     quantity: quantity("sales"),
///     at_least: 135.0,
///     certainty: model::Certainty::Central,
///     cost: quantity("cost"),
///     bounds: vec![(0.0, 1.0); model.levers.len()],
/// };
/// let scenario = model::Scenario::new(&model, model.region("here").expect("it is declared"));
/// let mix = model::goal(&model, &scenario, &goal).expect("all numbers are finite");
/// assert_eq!(mix.reach, model::Reach::Just);
/// let expected = [0.25, 1.0, 0.0];
/// assert!(mix.levers.iter().zip(expected).all(|(setting, expected)| (setting - expected).abs() < 1e-3));
/// assert!((mix.cost - 10.0).abs() < 0.01);
/// # }
/// ```
pub fn goal(model: &Model, scenario: &Scenario, goal: &Goal) -> Result<Mix, RunError> {
    GoalRun::new(model, scenario, goal)?.finish(model)
}
