//! The results of a scenario as observations, and those as CSV in the columns that statistical offices exchange (SDMX).
//!
//! run, and perhaps an ensemble → [`observations`] → [`csv`]

use chart::number::plain;
use model::{Bands, Ensemble, Model, OutcomeId, RegionId, Run};

/// The columns of [`csv`], in order.
pub const COLUMNS: [&str; 7] =
    ["REF_AREA", "INDICATOR", "UNIT_MEASURE", "TIME_PERIOD", "OBS_VALUE", "SCENARIO", "QUANTILE"];

/// The quantiles of an ensemble that are exported: the middle, and the ends of the bands with 50, 75 and 95% of draws.
pub const QUANTILES: [f64; 7] = [0.025, 0.125, 0.25, 0.5, 0.75, 0.875, 0.975];

/// Which of the runs a number is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// All levers at their status quo.
    Baseline,
    /// The levers as the scenario sets them.
    Scenario,
    /// The scenario less the baseline, both with the same parameters.
    Difference,
}

impl Part {
    /// All of them, in the order in which they are exported.
    pub const ALL: [Self; 3] = [Self::Baseline, Self::Scenario, Self::Difference];

    /// Its name in the column SCENARIO.
    pub fn name(self) -> &'static str {
        match self {
            Self::Baseline => "baseline",
            Self::Scenario => "scenario",
            Self::Difference => "difference",
        }
    }
}

/// One number of a scenario's results.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observation {
    /// Where.
    pub region: RegionId,
    /// What.
    pub outcome: OutcomeId,
    /// In which of the runs.
    pub part: Part,
    /// The share of draws with a lower number; none for the central run.
    pub quantile: Option<f64>,
    /// When, in the model's unit of time.
    pub time: f64,
    /// How much, in the outcome's unit.
    pub value: f64,
}

/// The course of `outcomes` in `region`: the central run, and the quantiles of the ensemble if there is one. `ensemble`
/// must be of the same scenario as `run`; what it was not asked for is left out.
pub fn observations(
    model: &Model,
    region: RegionId,
    outcomes: &[OutcomeId],
    run: &Run,
    ensemble: Option<&Ensemble>,
) -> Vec<Observation> {
    let mut observations = Vec::new();
    for &outcome in outcomes {
        let (variable, scale) = {
            let outcome = &model.outcomes[outcome.index()];
            (outcome.variable, outcome.scale)
        };
        for part in Part::ALL {
            let mut push = |quantile, values: &[f64]| {
                let points = run.times().iter().zip(values);
                observations.extend(points.map(|(time, value)| Observation {
                    region,
                    outcome,
                    part,
                    quantile,
                    time: *time,
                    value: value * scale,
                }));
            };
            let (baseline, scenario) = (run.baseline(variable), run.series(variable));
            match part {
                Part::Baseline => push(None, baseline),
                Part::Scenario => push(None, scenario),
                Part::Difference => {
                    let difference: Vec<f64> = scenario.iter().zip(baseline).map(|(one, other)| one - other).collect();
                    push(None, &difference);
                }
            }
            let bands = ensemble.and_then(|ensemble| match part {
                Part::Baseline => ensemble.baseline_bands(variable),
                Part::Scenario => ensemble.bands(variable),
                Part::Difference => ensemble.difference_bands(variable),
            });
            for (quantile, values) in bands.iter().flat_map(quantiles) {
                push(Some(quantile), values);
            }
        }
    }
    observations
}

/// The series of bands, from low to high, each with its share of draws below.
fn quantiles(bands: &Bands) -> impl Iterator<Item = (f64, &[f64])> {
    let [half, three_quarters, most] = &bands.bands;
    let series =
        [&most.low, &three_quarters.low, &half.low, &bands.median, &half.high, &three_quarters.high, &most.high];
    QUANTILES.into_iter().zip(series.map(Vec::as_slice))
}

/// Observations as CSV under [`COLUMNS`], a row for each. Numbers have the fewest digits that give the same number back;
/// regions are in capitals; QUANTILE is empty for the central run.
pub fn csv(model: &Model, observations: &[Observation]) -> String {
    let mut text = COLUMNS.join(",") + "\n";
    for observation in observations {
        let outcome = &model.outcomes[observation.outcome.index()];
        let cells = [
            cell(&model.regions[observation.region.index()].id.to_ascii_uppercase()),
            cell(&outcome.id),
            cell(&outcome.unit),
            plain(observation.time),
            plain(observation.value),
            observation.part.name().to_owned(),
            observation.quantile.map(plain).unwrap_or_default(),
        ];
        text.push_str(&cells.join(","));
        text.push('\n');
    }
    text
}

/// A text as CSV wants it.
pub fn cell(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}
