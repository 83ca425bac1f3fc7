//! `model run`: a scenario beside the base run, as a table, CSV or JSON.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use app::export::{self, Observation, Part, QUANTILES};
use chart::number::{Precision, signed, text as number};
use diagnostic::{Checked, Diagnostic, Diagnostics};
use model::{
    Attribution, Ensemble, Measure, Model, OutcomeId, RegionId, Run, Sampling, Scenario, Schedule, attribution,
    ensemble,
};
use serde::Serialize;

use super::chosen::Chosen;
use super::settings::{self, Settings};
use super::{Outcome, layout, no_run, only};
use crate::parse::models::PolicyModel;

/// Options of `model run`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    pub chosen: Chosen,
    /// The region; the model's first if not given.
    #[arg(long)]
    region: Option<String>,
    #[command(flatten)]
    settings: Settings,
    /// An outcome to show; all of them if none is named.
    #[arg(long, value_name = "NAME")]
    outcome: Vec<String>,
    /// Draws of the parameters, for ranges beside the central run; a power of two is best.
    #[arg(long, value_name = "NUMBER")]
    draws: Option<u32>,
    /// Which of all possible draws.
    #[arg(long, default_value_t = 1)]
    seed: u32,
    /// Say what each lever contributes in the last year.
    #[arg(long)]
    contributions: bool,
    /// How to print.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

/// How results are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For readers: levels as exactly as the model states them, all else to two significant digits.
    Table,
    /// SDMX columns, all digits, QUANTILE empty for the central run.
    Csv,
    /// The same numbers with the settings they come from.
    Json,
}

/// Orders of levers to sample where there are too many for exact contributions.
const ORDERS: u32 = 256;

/// A scenario and all that came of it.
struct Results<'m> {
    model: &'m Model,
    region: RegionId,
    scenario: Scenario,
    sampling: Option<Sampling>,
    outcomes: Vec<OutcomeId>,
    run: Run,
    ensemble: Option<Ensemble>,
    contributions: Option<Attribution>,
}

/// Runs what the arguments say, and prints it.
pub fn text(arguments: &Arguments, policy: &PolicyModel) -> Checked<String> {
    let mut remarks = Diagnostics::new();
    let printed = results(arguments, &policy.model, &mut remarks).map(|results| match arguments.format {
        Format::Table => table(&results),
        Format::Csv => export::csv(results.model, &results.observations()),
        Format::Json => json(&results),
    });
    match printed {
        Ok(value) => Checked { value, diagnostics: remarks },
        Err(mistakes) => {
            remarks.extend(mistakes);
            Checked { value: String::new(), diagnostics: remarks }
        }
    }
}

fn results<'m>(arguments: &Arguments, model: &'m Model, remarks: &mut Diagnostics) -> Outcome<Results<'m>> {
    let region = settings::region_or_first(model, arguments.region.as_deref(), remarks);
    let outcomes = settings::outcomes(model, &arguments.outcome, remarks);
    let scenario = region.and_then(|region| arguments.settings.scenario(model, region, remarks));
    if arguments.contributions && arguments.format == Format::Csv {
        remarks.push(
            Diagnostic::general("no-column", "the columns of the CSV have no place for contributions")
                .help("choose --format table or json"),
        );
    }
    let (Some(region), Some(scenario)) = (region, scenario) else { return Err(Diagnostics::new()) };
    if remarks.has_errors() {
        return Err(Diagnostics::new());
    }
    let variables: Vec<_> = outcomes.iter().map(|outcome| model.outcomes[outcome.index()].variable).collect();
    let run = model::run(model, &scenario).map_err(|error| no_run(&error))?;
    let sampling = arguments.draws.map(|draws| Sampling { draws, seed: arguments.seed });
    let ensemble = sampling.map(|sampling| ensemble(model, &scenario, sampling, &variables)).transpose();
    let ensemble = ensemble.map_err(|error| no_run(&error))?;
    let orders = Sampling { draws: ORDERS, seed: arguments.seed };
    let contributions = arguments.contributions.then(|| attribution(model, &scenario, orders, &variables)).transpose();
    let contributions = contributions.map_err(|error| no_run(&error))?;
    if outcomes.is_empty() {
        let mistake = Diagnostic::general("no-outcomes", "the model declares no outcomes");
        return Err(only(mistake.help("name variables worth showing under [outcomes.…]")));
    }
    Ok(Results { model, region, scenario, sampling, outcomes, run, ensemble, contributions })
}

impl Results<'_> {
    fn observations(&self) -> Vec<Observation> {
        export::observations(self.model, self.region, &self.outcomes, &self.run, self.ensemble.as_ref())
    }

    /// Levers that do not stand at their status quo, and how they stand in per cent.
    fn moved(&self) -> Vec<(&str, f64)> {
        let levers = self.model.levers.iter().zip(&self.scenario.levers);
        let moved = levers.filter(|(lever, setting)| lever.status_quo != **setting);
        moved.map(|(lever, setting)| (lever.id.as_str(), setting * 100.0)).collect()
    }

    /// When levers move that do not do so at once, of those that move at all.
    fn scheduled(&self) -> Vec<(&str, Schedule)> {
        let levers = self.model.levers.iter().zip(&self.scenario.levers).zip(&self.scenario.schedules);
        let moved = levers.filter(|((lever, setting), _)| lever.status_quo != **setting);
        let scheduled = moved.filter(|(_, schedule)| **schedule != Schedule::AT_ONCE);
        scheduled.map(|((lever, _), schedule)| (lever.id.as_str(), *schedule)).collect()
    }

    /// Parameters that the scenario sets.
    fn set(&self) -> Vec<(&str, f64)> {
        let set = self.scenario.parameters.iter();
        set.map(|(id, value)| (self.model.parameters[id.index()].name.as_str(), *value)).collect()
    }
}

fn table(results: &Results<'_>) -> String {
    let model = results.model;
    let region = &model.regions[results.region.index()];
    let mark = if region.mark.is_empty() { String::new() } else { format!(" ({})", region.mark) };
    let mut text = format!("{} {}, {}{mark}\n", model.title, model.version, region.label);
    line(&mut text, "Levers", &levers_in_words(results));
    let scheduled = results.scheduled();
    if let Some((_, first)) = scheduled.first() {
        let is_one = scheduled.len() == results.moved().len() && scheduled.iter().all(|(_, one)| one == first);
        let each = || scheduled.iter().map(|(id, schedule)| format!("{id} {}", in_words(*schedule)));
        let words = if is_one { format!("all {}", in_words(*first)) } else { each().collect::<Vec<_>>().join(", ") };
        line(&mut text, "Schedule", &words);
    }
    let set: Vec<String> = results.set().iter().map(|(name, value)| format!("{name} = {value}")).collect();
    if !set.is_empty() {
        line(&mut text, "Parameters", &set.join(", "));
    }
    if let Some(Sampling { draws, seed }) = results.sampling {
        line(
            &mut text,
            "Ranges",
            &format!("of the difference, over {draws} draws from seed {seed}; parameter uncertainty only"),
        );
    }
    let observations = results.observations();
    for outcome in &results.outcomes {
        let of_outcome: Vec<&Observation> = observations.iter().filter(|one| one.outcome == *outcome).collect();
        text.push_str(&outcome_block(results, *outcome, &of_outcome));
    }
    text
}

fn line(text: &mut String, title: &str, words: &str) {
    writeln!(text, "{title}: {words}").expect("writing to a string succeeds");
}

/// Years of the run; a lever that jumps does so at one of them.
fn in_words(Schedule { start, ramp }: Schedule) -> String {
    let end = number(start + ramp, Precision::Full);
    if ramp == 0.0 {
        format!("from year {end}")
    } else {
        format!("from year {} to {end}", number(start, Precision::Full))
    }
}

fn levers_in_words(results: &Results<'_>) -> String {
    let moved = results.moved();
    let per_cent = |value: f64| number(value, Precision::Significant(6));
    match moved.first() {
        None => "all as today".to_owned(),
        Some((_, first)) if moved.len() == results.model.levers.len() && moved.iter().all(|(_, one)| one == first) => {
            format!("all at {}%", per_cent(*first))
        }
        Some(_) => {
            let each: Vec<String> = moved.iter().map(|(id, value)| format!("{id} {}%", per_cent(*value))).collect();
            format!("{}; all others as today", each.join(", "))
        }
    }
}

/// An outcome's years, and its contributions.
fn outcome_block(results: &Results<'_>, outcome: OutcomeId, observations: &[&Observation]) -> String {
    let shown = &results.model.outcomes[outcome.index()];
    // A level's digits are stated by the model; the evidence for a difference has no more than two.
    let precision = match shown.measure {
        Measure::Level => Precision::Decimals(shown.decimals),
        Measure::Difference => Precision::Significant(2),
    };
    let difference = |value: f64| signed(value, Precision::Significant(2));
    let value = |part, quantile: Option<f64>, time| {
        let wanted = |one: &&&Observation| one.part == part && one.quantile == quantile && one.time == time;
        observations.iter().find(wanted).map_or(f64::NAN, |one| one.value)
    };
    let unit = &results.model.time.unit;
    let mut header = vec![unit.as_str(), "baseline", "scenario", "difference"];
    if results.ensemble.is_some() {
        header.extend(["50% of draws", "95% of draws"]);
    }
    let rows = results.run.times().iter().map(|&time| {
        let mut row = vec![
            number(time, Precision::Full),
            number(value(Part::Baseline, None, time), precision),
            number(value(Part::Scenario, None, time), precision),
            difference(value(Part::Difference, None, time)),
        ];
        if results.ensemble.is_some() {
            let end = |quantile| difference(value(Part::Difference, Some(quantile), time));
            let [least, _, low, _, high, _, most] = QUANTILES;
            row.extend([(low, high), (least, most)].map(|(from, to)| format!("{} to {}", end(from), end(to))));
        }
        row
    });
    let heading = format!("\n{} ({}, {})\n", shown.label, shown.id, shown.unit);
    heading + &layout::columns(&header, 0, rows.collect()) + &contributions_block(results, outcome)
}

fn contributions_block(results: &Results<'_>, outcome: OutcomeId) -> String {
    let Some(attribution) = &results.contributions else { return String::new() };
    let shown = &results.model.outcomes[outcome.index()];
    let mut shares = contributions(attribution, results.model, outcome);
    if shares.is_empty() {
        return String::new();
    }
    shares.sort_by(|one, other| other.value.abs().total_cmp(&one.value.abs()));
    let how = match attribution.orders() {
        None => "exact".to_owned(),
        Some(orders) => format!("estimated from {orders} orders of the levers"),
    };
    let heading = format!("\n  Of the last difference each lever brings ({}, {how}):\n", shown.unit);
    let rows = shares.iter().map(|share| {
        let lever = &results.model.levers[share.lever];
        let error = match attribution.orders() {
            None => String::new(),
            Some(_) => format!("± {}", number(share.standard_error, Precision::Significant(1))),
        };
        vec![lever.id.clone(), lever.label.clone(), signed(share.value, Precision::Significant(2)), error]
    });
    heading + &layout::columns(&["", "", "", ""], 2, rows.collect())
}

struct Share {
    lever: usize,
    value: f64,
    standard_error: f64,
}

/// What each lever brings in the last year, in the outcome's unit.
fn contributions(attribution: &Attribution, model: &Model, outcome: OutcomeId) -> Vec<Share> {
    let shown = &model.outcomes[outcome.index()];
    let last = |series: Option<&[f64]>| series.and_then(<[f64]>::last).map_or(f64::NAN, |value| value * shown.scale);
    let share = |lever: &model::LeverId| Share {
        lever: lever.index(),
        value: last(attribution.contribution(shown.variable, *lever)),
        standard_error: last(attribution.standard_error(shown.variable, *lever)).abs(),
    };
    attribution.levers().iter().map(share).collect()
}

#[derive(Serialize)]
struct JsonRun<'a> {
    model: &'a str,
    version: &'a str,
    hash: &'a str,
    region: &'a str,
    years: f64,
    /// In per cent.
    levers: BTreeMap<&'a str, f64>,
    /// In years after the start; without levers that move at once.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    schedules: BTreeMap<&'a str, Schedule>,
    parameters: BTreeMap<&'a str, f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    draws: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<u32>,
    observations: Vec<JsonObservation<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contributions: Option<Vec<JsonContribution<'a>>>,
}

#[derive(Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
struct JsonObservation<'a> {
    ref_area: String,
    indicator: &'a str,
    unit_measure: &'a str,
    time_period: f64,
    obs_value: f64,
    scenario: &'a str,
    quantile: Option<f64>,
}

#[derive(Serialize)]
struct JsonContribution<'a> {
    outcome: &'a str,
    lever: &'a str,
    unit: &'a str,
    value: f64,
    standard_error: f64,
}

fn json(results: &Results<'_>) -> String {
    let model = results.model;
    let observation = |one: Observation| {
        let outcome = &model.outcomes[one.outcome.index()];
        JsonObservation {
            ref_area: model.regions[one.region.index()].id.to_uppercase(),
            indicator: &outcome.id,
            unit_measure: &outcome.unit,
            time_period: one.time,
            obs_value: one.value,
            scenario: one.part.name(),
            quantile: one.quantile,
        }
    };
    let contribution = |outcome: &OutcomeId, share: Share| {
        let shown = &model.outcomes[outcome.index()];
        JsonContribution {
            outcome: &shown.id,
            lever: &model.levers[share.lever].id,
            unit: &shown.unit,
            value: share.value,
            standard_error: share.standard_error,
        }
    };
    let contributions = results.contributions.as_ref().map(|attribution| {
        let of_all = results.outcomes.iter().flat_map(|outcome| {
            contributions(attribution, model, *outcome).into_iter().map(|share| contribution(outcome, share))
        });
        of_all.collect()
    });
    let run = JsonRun {
        model: &model.id,
        version: &model.version,
        hash: &model.hash,
        region: &model.regions[results.region.index()].id,
        years: results.scenario.years,
        levers: results.moved().into_iter().collect(),
        schedules: results.scheduled().into_iter().collect(),
        parameters: results.set().into_iter().collect(),
        draws: results.sampling.map(|sampling| sampling.draws),
        seed: results.sampling.map(|sampling| sampling.seed),
        observations: results.observations().into_iter().map(observation).collect(),
        contributions,
    };
    serde_json::to_string_pretty(&run).expect("strings and numbers always serialise") + "\n"
}
