//! One scenario → one run beside its base run.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::engine::{Base, Batch, Clock, Column, Delivery, Table, Trace, run_block};
use crate::id::{ParameterId, PresetId, RegionId, VariableId};
use crate::model::{Model, Time};
use crate::program::Program;
use crate::schedule::Schedule;

/// What a reader chose.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// Whose parameter values hold.
    pub region: RegionId,
    /// Setting of each lever of the model, within its range.
    pub levers: Vec<f64>,
    /// When each of them moves.
    pub schedules: Vec<Schedule>,
    /// Parameters that differ from the region's central value, in their own unit.
    pub parameters: BTreeMap<ParameterId, f64>,
    /// Length of the run, in the model's unit of time; a whole number of saved points.
    pub years: f64,
}

impl Scenario {
    /// All levers at their status quo, moving when the model has them move, all parameters central, over the model's own
    /// horizon.
    pub fn new(model: &Model, region: RegionId) -> Self {
        let levers = model.levers.iter().map(|lever| lever.status_quo).collect();
        let schedules = model.levers.iter().map(|lever| lever.schedule).collect();
        let years = model.time.stop - model.time.start;
        Self { region, levers, schedules, parameters: BTreeMap::new(), years }
    }

    /// The same with all levers at their settings from the first moment on.
    pub fn at_once(mut self) -> Self {
        self.schedules.fill(Schedule::AT_ONCE);
        self
    }

    /// The same with what a named scenario sets; what it leaves open stays.
    pub fn with_preset(mut self, model: &Model, preset: PresetId) -> Self {
        let preset = &model.scenarios[preset.index()];
        if let Some(levers) = &preset.levers {
            self.levers.clone_from(levers);
            self.schedules = model.levers.iter().map(|lever| lever.schedule).collect();
        }
        for (lever, schedule) in &preset.schedules {
            self.schedules[lever.index()] = *schedule;
        }
        for (parameter, choice) in &preset.parameters {
            let estimate = model.parameters[parameter.index()].estimate(self.region);
            self.parameters.insert(*parameter, choice.of(estimate));
        }
        self
    }
}

/// Why a scenario cannot be run.
#[derive(Clone, Debug, PartialEq)]
pub enum RunError {
    /// The region is not one of the model's.
    UnknownRegion,
    /// There is not one setting for each lever.
    LeverCount {
        /// Settings given.
        found: usize,
        /// Levers of the model.
        expected: usize,
    },
    /// A setting is not in the range of its lever.
    LeverOutOfRange {
        /// Id of the lever.
        lever: String,
        /// The setting.
        value: f64,
        /// Lowest and highest setting.
        range: (f64, f64),
    },
    /// The times at which a lever moves are not finite, or below zero.
    BadSchedule {
        /// Id of the lever.
        lever: String,
    },
    /// A parameter is not one of the model's.
    UnknownParameter,
    /// The value of a parameter is not a finite number.
    ParameterNotFinite {
        /// Id of the parameter.
        parameter: String,
    },
    /// There are no draws or too many.
    DrawCount {
        /// Draws asked for.
        draws: u32,
    },
    /// There are no orders of levers to sample or too many.
    OrderCount {
        /// Orders asked for.
        orders: u32,
    },
    /// The lowest setting of a lever is above its highest.
    BoundsReversed {
        /// Id of the lever.
        lever: String,
    },
    /// The target of a goal is not a finite number.
    TargetNotFinite,
    /// A probability is not above 0 and up to 1.
    ProbabilityOutOfRange {
        /// The probability.
        probability: f64,
    },
    /// Scenarios to be run side by side are none, or differ in region, length or the times at which levers move.
    MixedScenarios,
    /// A run does not have as many points of time.
    NoSuchPoint {
        /// The point asked for, from zero.
        point: usize,
        /// How many points there are.
        points: usize,
    },
    /// The length is not above zero, too long, or not a whole number of saved points.
    BadLength {
        /// The length asked for.
        years: f64,
        /// The longest the model allows.
        longest: f64,
    },
    /// An equation gives infinity or no number at all.
    NotFinite {
        /// Id of the first such variable.
        variable: String,
        /// Id of the region.
        region: String,
        /// The first saved point of time at which it does.
        year: f64,
        /// Which draw of an ensemble, from zero.
        draw: usize,
    },
}

impl fmt::Display for RunError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownRegion => write!(formatter, "the region is not one of the model's"),
            Self::LeverCount { found, expected } => {
                write!(formatter, "{found} lever settings for {expected} levers")
            }
            Self::LeverOutOfRange { lever, value, range: (low, high) } => {
                write!(formatter, "lever {lever} stands between {low} and {high}, not at {value}")
            }
            Self::BadSchedule { lever } => {
                write!(formatter, "start and ramp of lever {lever} are times of zero or more")
            }
            Self::UnknownParameter => write!(formatter, "a parameter is not one of the model's"),
            Self::ParameterNotFinite { parameter } => {
                write!(formatter, "the value of parameter {parameter} is not a finite number")
            }
            Self::DrawCount { draws } => {
                write!(formatter, "an ensemble has 1 to {} draws, not {draws}", crate::ensemble::MOST_DRAWS)
            }
            Self::OrderCount { orders } => {
                let most = crate::attribution::MOST_ORDERS;
                write!(formatter, "an attribution samples 1 to {most} orders, not {orders}")
            }
            Self::BoundsReversed { lever } => {
                write!(formatter, "the lowest setting of lever {lever} is above its highest")
            }
            Self::TargetNotFinite => write!(formatter, "the target is not a finite number"),
            Self::ProbabilityOutOfRange { probability } => {
                write!(formatter, "a probability is above 0 and up to 1, not {probability}")
            }
            Self::MixedScenarios => {
                write!(formatter, "only scenarios of one region, one length and one schedule can be run side by side")
            }
            Self::NoSuchPoint { point, points } => {
                write!(formatter, "a run with {points} points of time has no point {point}, counted from zero")
            }
            Self::BadLength { years, longest } => {
                write!(formatter, "a run has a whole number of points and is up to {longest} long, not {years}")
            }
            Self::NotFinite { variable, region, year, draw } => {
                write!(
                    formatter,
                    "variable {variable} is not a finite number in region {region} at {year} (draw {draw})"
                )
            }
        }
    }
}

impl std::error::Error for RunError {}

/// The course of every variable under a scenario, and in the base run of the same parameters.
#[derive(Clone, Debug)]
pub struct Run {
    times: Vec<f64>,
    /// By variable, then by point.
    base: Vec<f64>,
    /// By variable, then by point.
    policy: Vec<f64>,
    prepared: Arc<Prepared>,
}

/// What is the same for all lever settings.
#[derive(Debug)]
struct Prepared {
    region: RegionId,
    program: Program,
    /// Its settings are those of the first run.
    batch: Batch,
    trace: Trace,
}

impl PartialEq for Run {
    fn eq(&self, other: &Self) -> bool {
        (&self.times, &self.base, &self.policy) == (&other.times, &other.base, &other.policy)
    }
}

impl Run {
    /// The run of the same scenario with other lever settings, one for each lever: the same bits as by itself. What levers
    /// do not change is not computed again.
    ///
    /// `model` must be the one of this run. Fails as [`run`](run()) does for the settings and for what they lead to.
    pub fn with_levers(&self, model: &Model, levers: &[f64]) -> Result<Self, RunError> {
        let Prepared { program, batch, trace, .. } = &*self.prepared;
        let batch = Batch { settings: settings(model, levers)?, ..batch.clone() };
        let mut table = Table::new(program.outputs.len(), &batch).with_base(&self.base);
        run_block(program, &batch, 0, 1, &mut table, Base::Replay(trace));
        Self::of(model, table, Arc::clone(&self.prepared))
    }

    /// What a table says, if it says numbers only.
    fn of(model: &Model, table: Table, prepared: Arc<Prepared>) -> Result<Self, RunError> {
        let clock = &prepared.batch.clock;
        let outputs: Vec<VariableId> = model.variable_ids().collect();
        check_finite(model, prepared.region, &outputs, clock, &table)?;
        let times = (0..clock.points()).map(|point| clock.time(point * clock.every)).collect();
        let (base, policy) = table.into_values();
        Ok(Self { times, base, policy, prepared })
    }

    /// The saved points of time (every [`Time::save`]), the first of them the start.
    pub fn times(&self) -> &[f64] {
        &self.times
    }

    /// The values of a variable at [`times`](Run::times), in its unit; a constant has the same at all.
    pub fn series(&self, variable: VariableId) -> &[f64] {
        self.part(&self.policy, variable)
    }

    /// The values of a variable at [`times`](Run::times) with all levers at their status quo.
    pub fn baseline(&self, variable: VariableId) -> &[f64] {
        self.part(&self.base, variable)
    }

    /// The sum of a variable over all points but the start: of net jobs a year, say, the job-years.
    pub fn total(&self, variable: VariableId) -> f64 {
        self.series(variable)[1..].iter().sum()
    }

    fn part<'r>(&self, values: &'r [f64], variable: VariableId) -> &'r [f64] {
        let points = self.times.len();
        &values[variable.index() * points..][..points]
    }
}

/// Runs a scenario.
pub fn run(model: &Model, scenario: &Scenario) -> Result<Run, RunError> {
    let batch = batch(model, scenario)?;
    let outputs: Vec<VariableId> = model.variable_ids().collect();
    let program = Program::new(&model.graph, &outputs, &batch.delivery);
    let (mut table, mut trace) = (Table::new(outputs.len(), &batch), Trace::default());
    run_block(&program, &batch, 0, 1, &mut table, Base::Record(&mut trace));
    Run::of(model, table, Arc::new(Prepared { region: scenario.region, program, batch, trace }))
}

/// One lane with what the scenario sets.
pub(crate) fn batch(model: &Model, scenario: &Scenario) -> Result<Batch, RunError> {
    if scenario.region.index() >= model.regions.len() {
        return Err(RunError::UnknownRegion);
    }
    let central = |index: usize| model.parameters[index].estimate(scenario.region).central;
    let mut parameters: Vec<f64> = (0..model.parameters.len()).map(central).collect();
    for (id, value) in &scenario.parameters {
        let parameter = model.parameters.get(id.index()).ok_or(RunError::UnknownParameter)?;
        if !value.is_finite() {
            return Err(RunError::ParameterNotFinite { parameter: parameter.id.clone() });
        }
        parameters[id.index()] = *value;
    }
    Ok(Batch {
        lanes: 1,
        parameters: parameters.into_iter().map(Column::Same).collect(),
        settings: settings(model, &scenario.levers)?,
        delivery: delivery(model, &scenario.schedules)?,
        clock: clock(&model.time, scenario.years)?,
    })
}

/// Columns of checked lever settings, the same in all lanes.
pub(crate) fn settings(model: &Model, levers: &[f64]) -> Result<Vec<Column>, RunError> {
    if levers.len() != model.levers.len() {
        return Err(RunError::LeverCount { found: levers.len(), expected: model.levers.len() });
    }
    for (lever, value) in model.levers.iter().zip(levers) {
        if !lever.allows(*value) {
            return Err(RunError::LeverOutOfRange { lever: lever.id.clone(), value: *value, range: lever.range });
        }
    }
    Ok(levers.iter().copied().map(Column::Same).collect())
}

/// Checked times at which levers move, for those that do not do so at once.
fn delivery(model: &Model, schedules: &[Schedule]) -> Result<Vec<Option<Delivery>>, RunError> {
    if schedules.len() != model.levers.len() {
        return Err(RunError::LeverCount { found: schedules.len(), expected: model.levers.len() });
    }
    let levers = model.levers.iter().zip(schedules);
    if let Some((lever, _)) = levers.clone().find(|(_, schedule)| !schedule.is_sound()) {
        return Err(RunError::BadSchedule { lever: lever.id.clone() });
    }
    let delivery = levers.map(|(lever, schedule)| {
        (*schedule != Schedule::AT_ONCE).then_some(Delivery { status_quo: lever.status_quo, schedule: *schedule })
    });
    Ok(delivery.collect())
}

/// The points of time of a run that is `years` long.
fn clock(time: &Time, years: f64) -> Result<Clock, RunError> {
    if !time.allows(years) {
        return Err(RunError::BadLength { years, longest: time.longest });
    }
    let saves = years / time.save;
    let every = (time.save / time.step).round() as usize;
    let steps = saves.round() as usize * every;
    Ok(Clock { start: time.start, step: time.step, steps, every, method: time.method })
}

/// Names the first variable, in the order of computation, that is not finite at the first point where one is not.
pub(crate) fn check_finite(
    model: &Model,
    region: RegionId,
    outputs: &[VariableId],
    clock: &Clock,
    table: &Table,
) -> Result<(), RunError> {
    if table.is_finite() {
        return Ok(());
    }
    for point in 0..clock.points() {
        let wrong = |output: usize| {
            let lanes = table.base(output, point).iter().position(|value| !value.is_finite());
            lanes.or_else(|| table.policy(output, point).iter().position(|value| !value.is_finite()))
        };
        let first = outputs.iter().enumerate().filter_map(|(output, variable)| Some((variable, wrong(output)?)));
        if let Some((variable, draw)) = first.min_by_key(|(variable, _)| model.graph.computed_at(**variable)) {
            return Err(RunError::NotFinite {
                variable: model.variables[variable.index()].id.clone(),
                region: model.regions[region.index()].id.clone(),
                year: clock.time(point * clock.every),
                draw,
            });
        }
    }
    Ok(())
}
