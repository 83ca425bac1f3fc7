//! Which runs a sweep has, and in which order: regions, then points of the grid (the last grid fastest), then draws.

use std::collections::BTreeSet;
use std::ops::Range;
use std::str::FromStr;

use app::export::cell;
use app::session::setting;
use chart::number::plain;
use diagnostic::{Diagnostic, Diagnostics};
use model::{
    Choice, Lanes, LeverId, Model, OutcomeId, ParameterId, RegionId, RunError, Scenario, VariableId, draws, run,
    side_by_side,
};
use serde::{Deserialize, Serialize};

use super::SweepArguments;
use crate::commands::settings::{self, ALL, Value, out_of_range, parameters_named};
use crate::commands::{Outcome, no_run};

/// What is tried for a lever or a parameter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Axis {
    pub name: String,
    pub values: Vec<f64>,
}

/// All that decides a sweep's rows, as kept beside its file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// Version of this program.
    pub program: String,
    pub model: String,
    /// Of the model's text.
    pub hash: String,
    pub regions: Vec<String>,
    pub grid: Vec<Axis>,
    pub scenario: Option<String>,
    pub case: Option<String>,
    /// In per cent, by name.
    pub set: Vec<(String, f64)>,
    /// In years, by name.
    pub start: Vec<(String, f64)>,
    /// In years, by name.
    pub ramp: Vec<(String, f64)>,
    /// As written, by name.
    pub parameters: Vec<(String, String)>,
    pub years: f64,
    pub draws: Option<u32>,
    /// None when nothing is drawn.
    pub seed: Option<u32>,
    pub outcomes: Vec<String>,
    pub all_years: bool,
}

/// A sweep of which every run is known before the first is made.
pub struct Plan<'m> {
    model: &'m Model,
    options: Options,
    /// By region, without what the grid sets.
    scenarios: Vec<Scenario>,
    axes: Vec<(Moved, Vec<f64>)>,
    outcomes: Vec<OutcomeId>,
    variables: Vec<VariableId>,
    /// Saved points of time that are written.
    points: Vec<usize>,
    times: Vec<f64>,
}

/// What an axis moves.
enum Moved {
    Levers(Vec<LeverId>),
    Parameters(Vec<ParameterId>),
}

/// Runs a sweep may have: more would take years.
const MOST_RUNS: u64 = 1 << 40;

impl<'m> Plan<'m> {
    /// Reads the arguments; `remarks` gets what is worth knowing or wrong.
    pub fn new(model: &'m Model, arguments: &SweepArguments, remarks: &mut Diagnostics) -> Outcome<Self> {
        let regions = regions(model, &arguments.region, remarks);
        let outcomes = settings::outcomes(model, &arguments.outcome, remarks);
        let scenarios: Vec<Scenario> =
            (regions.iter()).filter_map(|region| arguments.settings.scenario(model, *region, remarks)).collect();
        let axes = axes(model, arguments, remarks);
        let draws = u64::from(arguments.draws.unwrap_or(1));
        let points = arguments.grid.iter().try_fold(1_u64, |all, axis| all.checked_mul(axis.values.len() as u64));
        let runs = points.and_then(|points| points.checked_mul(draws)?.checked_mul(regions.len().max(1) as u64));
        if runs.is_none_or(|runs| runs > MOST_RUNS) {
            remarks.push(
                Diagnostic::general("too-many-runs", format!("a sweep has at most {MOST_RUNS} runs"))
                    .help("take coarser grids or fewer draws"),
            );
        }
        if draws == 0 || draws > u64::from(model::MOST_DRAWS) {
            let error = RunError::DrawCount { draws: arguments.draws.unwrap_or_default() };
            remarks.push(Diagnostic::general("out-of-range", error.to_string()));
        }
        if remarks.has_errors() {
            return Err(Diagnostics::new());
        }
        // Says what cannot be run before anything is written.
        let mut times = Vec::new();
        for scenario in &scenarios {
            times = run(model, scenario).map_err(|error| no_run(&error))?.times().to_vec();
        }
        let last = times.len().saturating_sub(1);
        Ok(Self {
            model,
            options: options(model, arguments, &regions, &outcomes, scenarios.first()),
            scenarios,
            axes,
            variables: outcomes.iter().map(|outcome| model.outcomes[outcome.index()].variable).collect(),
            outcomes,
            points: if arguments.all_years { (0..times.len()).collect() } else { vec![last] },
            times,
        })
    }

    /// All that decides the rows.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// How many runs there are.
    pub fn runs(&self) -> u64 {
        self.runs_of_region() * self.scenarios.len() as u64
    }

    /// Rows of one run.
    pub fn rows_of_run(&self) -> u64 {
        self.points.len() as u64
    }

    /// The names of the columns, each with its unit.
    pub fn header(&self) -> String {
        let mut names = vec!["REF_AREA".to_owned()];
        for (axis, (moved, _)) in self.options.grid.iter().zip(&self.axes) {
            let unit = match moved {
                Moved::Levers(_) => "%",
                Moved::Parameters(ids) => ids.first().map_or("", |id| &self.model.parameters[id.index()].unit),
            };
            names.push(with_unit(&axis.name, unit));
        }
        if self.options.draws.is_some() {
            names.push("DRAW".to_owned());
        }
        names.push(with_unit("TIME_PERIOD", &self.model.time.unit));
        names.extend(self.outcomes.iter().map(|outcome| {
            let outcome = &self.model.outcomes[outcome.index()];
            with_unit(&outcome.id, &outcome.unit)
        }));
        line(names.iter().map(|name| cell(name)))
    }

    /// How the row begins that a run has for one of its points of time: all but the results.
    pub fn key(&self, run: u64, row: u64) -> String {
        let region = &self.scenarios[(run / self.runs_of_region()) as usize].region;
        let within = run % self.runs_of_region();
        let mut cells = vec![cell(&self.model.regions[region.index()].id.to_uppercase())];
        cells.extend(self.coordinates(within / self.draws()).into_iter().map(plain));
        if self.options.draws.is_some() {
            cells.push((within % self.draws()).to_string());
        }
        cells.push(plain(self.times[self.points[row as usize]]));
        cells.join(",") + ","
    }

    /// How many columns hold results.
    pub fn results(&self) -> usize {
        self.outcomes.len()
    }

    /// The rows of some of the runs.
    pub fn rows(&self, runs: Range<u64>) -> Result<String, RunError> {
        let mut text = String::new();
        let mut first = runs.start;
        while first < runs.end {
            let scenario = &self.scenarios[(first / self.runs_of_region()) as usize];
            let within = first % self.runs_of_region();
            // Runs of one region stand side by side, and with draws those of one point of the grid.
            let alike = match self.options.draws {
                None => self.runs_of_region() - within,
                Some(_) => self.draws() - within % self.draws(),
            };
            let count = alike.min(runs.end - first);
            let lanes = match self.options.seed {
                None => {
                    let scenarios: Vec<Scenario> =
                        (within..within + count).map(|point| self.at(scenario, point)).collect();
                    side_by_side(self.model, &scenarios, &self.variables)?
                }
                Some(seed) => {
                    let scenario = self.at(scenario, within / self.draws());
                    let draw = (within % self.draws()) as u32;
                    draws(self.model, &scenario, seed, draw..draw + count as u32, &self.variables)?
                }
            };
            for lane in 0..count {
                self.push_rows(&mut text, first + lane, &lanes, lane as usize);
            }
            first += count;
        }
        Ok(text)
    }

    fn push_rows(&self, text: &mut String, run: u64, lanes: &Lanes, lane: usize) {
        for (row, point) in self.points.iter().enumerate() {
            text.push_str(&self.key(run, row as u64));
            let values = self.outcomes.iter().map(|outcome| {
                let outcome = &self.model.outcomes[outcome.index()];
                let values = lanes.values(outcome.variable, *point);
                plain(values.map_or(f64::NAN, |values| values[lane]) * outcome.scale)
            });
            text.push_str(&line(values));
        }
    }

    fn draws(&self) -> u64 {
        u64::from(self.options.draws.unwrap_or(1))
    }

    fn runs_of_region(&self) -> u64 {
        self.axes.iter().map(|(_, values)| values.len() as u64).product::<u64>() * self.draws()
    }

    /// What the axes have at a point of the grid.
    fn coordinates(&self, mut point: u64) -> Vec<f64> {
        let mut coordinates: Vec<f64> = (self.axes.iter().rev())
            .map(|(_, values)| {
                let value = values[(point % values.len() as u64) as usize];
                point /= values.len() as u64;
                value
            })
            .collect();
        coordinates.reverse();
        coordinates
    }

    /// The scenario at a point of the grid.
    fn at(&self, scenario: &Scenario, point: u64) -> Scenario {
        let mut scenario = scenario.clone();
        for ((moved, _), value) in self.axes.iter().zip(self.coordinates(point)) {
            match moved {
                Moved::Levers(levers) => {
                    for lever in levers {
                        scenario.levers[lever.index()] = self.model.levers[lever.index()].nearest(setting(value));
                    }
                }
                Moved::Parameters(ids) => scenario.parameters.extend(ids.iter().map(|id| (*id, value))),
            }
        }
        scenario
    }
}

fn with_unit(name: &str, unit: &str) -> String {
    if unit.is_empty() { name.to_owned() } else { format!("{name} ({unit})") }
}

fn line(cells: impl Iterator<Item = String>) -> String {
    cells.collect::<Vec<_>>().join(",") + "\n"
}

fn regions(model: &Model, names: &[String], remarks: &mut Diagnostics) -> Vec<RegionId> {
    if names.is_empty() {
        return model.region_ids().collect();
    }
    let found = names.iter().filter_map(|name| settings::region(model, name, remarks)).collect::<Vec<_>>();
    let different: BTreeSet<RegionId> = found.iter().copied().collect();
    if different.len() < found.len() {
        remarks.push(Diagnostic::general("repeated-setting", "a region is named twice").help("name it once"));
    }
    found
}

fn axes(model: &Model, arguments: &SweepArguments, remarks: &mut Diagnostics) -> Vec<(Moved, Vec<f64>)> {
    let grids = || arguments.grid.iter().map(|axis| axis.name.as_str());
    let set = arguments.settings.named_levers();
    let named: Vec<&str> = set.chain(grids()).collect();
    let mut axes = Vec::new();
    for (index, axis) in arguments.grid.iter().enumerate() {
        let set_too = arguments.settings.set.iter().any(|(name, _)| *name == axis.name)
            || arguments.settings.parameters.iter().any(|(name, _)| *name == axis.name);
        if set_too || grids().take(index).any(|name| name == axis.name) {
            let message = format!("`{}` cannot be swept and set, or swept twice", axis.name);
            remarks.push(Diagnostic::general("repeated-setting", message).help("name it once"));
        }
        let parameters = parameters_named(model, &axis.name);
        let moved = if !parameters.is_empty() {
            Some(Moved::Parameters(parameters))
        } else if axis.name == ALL {
            let others = model.levers.iter().filter(|lever| !named.contains(&lever.id.as_str()));
            Some(Moved::Levers(others.filter_map(|lever| model.lever(&lever.id)).collect()))
        } else {
            settings::lever(model, &axis.name, remarks).map(|lever| Moved::Levers(vec![lever]))
        };
        if let Some(Moved::Levers(levers)) = &moved {
            // Of all levers, each goes as far as it can.
            let range = match levers.as_slice() {
                [lever] if axis.name != ALL => model.levers[lever.index()].range,
                _ => (0.0, 1.0),
            };
            let wrong = axis.values.iter().filter(|value| !(range.0..=range.1).contains(&setting(**value)));
            wrong.take(1).for_each(|value| remarks.push(out_of_range(&axis.name, *value, range)));
        }
        axes.extend(moved.map(|moved| (moved, axis.values.clone())));
    }
    axes
}

fn options(
    model: &Model,
    arguments: &SweepArguments,
    regions: &[RegionId],
    outcomes: &[OutcomeId],
    scenario: Option<&Scenario>,
) -> Options {
    let settings = &arguments.settings;
    let by_name = |said: &[(String, f64)]| {
        let mut said = said.to_vec();
        said.sort_by(|one, other| one.0.cmp(&other.0));
        said
    };
    let written = |value: Value| match value.0 {
        Choice::Value(value) => plain(value),
        Choice::Low => "low".to_owned(),
        Choice::Central => "central".to_owned(),
        Choice::High => "high".to_owned(),
    };
    Options {
        program: env!("CARGO_PKG_VERSION").to_owned(),
        model: model.id.clone(),
        hash: model.hash.clone(),
        regions: regions.iter().map(|region| model.regions[region.index()].id.clone()).collect(),
        grid: arguments.grid.clone(),
        scenario: settings.scenario.clone(),
        case: settings.case.clone(),
        set: by_name(&settings.set),
        start: by_name(&settings.start),
        ramp: by_name(&settings.ramp),
        // In the order given: of two values for the same parameter the last one holds.
        parameters: settings.parameters.iter().map(|(name, value)| (name.clone(), written(*value))).collect(),
        years: scenario.map_or(0.0, |scenario| scenario.years),
        draws: arguments.draws,
        seed: arguments.draws.map(|_| arguments.seed),
        outcomes: outcomes.iter().map(|outcome| model.outcomes[outcome.index()].id.clone()).collect(),
        all_years: arguments.all_years,
    }
}

impl FromStr for Axis {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let help = || "write a name and its values, as L01=0:100:25 (start:stop:step) or L01=0,50,100".to_owned();
        let (name, values) = text.split_once('=').ok_or_else(help)?;
        let number = |text: &str| text.trim().parse::<f64>().ok().filter(|number| number.is_finite()).ok_or_else(help);
        let values = match values.split(':').collect::<Vec<_>>().as_slice() {
            [start, stop, step] => steps(number(start)?, number(stop)?, number(step)?).ok_or_else(help)?,
            [list] => list.split(',').map(number).collect::<Result<Vec<_>, _>>()?,
            _ => return Err(help()),
        };
        Ok(Self { name: name.trim().to_owned(), values })
    }
}

/// Values a grid may have.
const MOST_VALUES: f64 = 1e6;

/// From `start` in steps as far as `stop`.
fn steps(start: f64, stop: f64, step: f64) -> Option<Vec<f64>> {
    // Room for what 0:1:0.1 loses in binary.
    let count = ((stop - start) / step + 1e-9).floor() + 1.0;
    if !(1.0..=MOST_VALUES).contains(&count) {
        return None;
    }
    // To a billionth, so that 3 × 0.1 is 0.3.
    let rounded = |value: f64| (value * 1e9).round() / 1e9;
    Some((0..count as u64).map(|index| rounded(start + index as f64 * step)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grids_are_steps_or_lists() {
        let rows: [(&str, &[f64]); 6] = [
            ("L01=0:100:25", &[0.0, 25.0, 50.0, 75.0, 100.0]),
            ("L01=0:100:30", &[0.0, 30.0, 60.0, 90.0]),
            ("kX=0:0.3:0.1", &[0.0, 0.1, 0.2, 0.3]),
            ("L01=100:0:-50", &[100.0, 50.0, 0.0]),
            ("L01=5:5:1", &[5.0]),
            ("L01 = 0, 50,100", &[0.0, 50.0, 100.0]),
        ];
        for (text, wanted) in rows {
            assert_eq!(text.parse::<Axis>().map(|axis| axis.values), Ok(wanted.to_vec()), "{text}");
        }
        for wrong in
            ["L01", "L01=", "L01=a", "L01=0:100", "L01=0:100:0", "L01=0:100:-5", "L01=0:1e9:1", "L01=1,,2", "L01=inf"]
        {
            assert!(wrong.parse::<Axis>().is_err(), "{wrong}");
        }
    }
}
