//! `model goal`: the cheapest mix of levers that reaches a target.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chart::Unit;
use chart::number::{Precision, text as number};
use diagnostic::{Checked, Diagnostic, Diagnostics};
use model::{
    Certainty, Goal, Lever, LeverId, Measure, Mix, Model, OutcomeId, Quantity, Reach, RegionId, Sampling, Scenario,
    goal,
};
use serde::Serialize;

use super::chosen::Chosen;
use super::settings::{self, Settings, out_of_range};
use super::{Outcome, layout, no_run};
use crate::parse::models::PolicyModel;

/// Options of `model goal`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    pub chosen: Chosen,
    /// The region; the model's first if not given.
    #[arg(long)]
    region: Option<String>,
    /// The outcome that is to be reached; the model's first if not given.
    #[arg(long, value_name = "NAME")]
    outcome: Option<String>,
    /// Its smallest value that will do, in its unit.
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    at_least: f64,
    /// The year after the start in which it is to be reached; the last of the run if not given.
    #[arg(long)]
    year: Option<f64>,
    /// How likely it must be, in per cent, by draws of the parameters; if not given, the central run must reach it.
    #[arg(long, value_name = "PER CENT")]
    probability: Option<f64>,
    /// The outcome that is to be as small as possible, in the same year.
    #[arg(long, value_name = "NAME", default_value = "cumulative_cost")]
    cost: String,
    /// A lever that stays where it is said to, in per cent, as L07=0.
    #[arg(long, value_name = "LEVER=PER CENT", value_parser = settings::lever_setting)]
    fix: Vec<(String, f64)>,
    #[command(flatten)]
    settings: Settings,
    /// Draws of the parameters, for a probability.
    #[arg(long, value_name = "NUMBER", default_value_t = 256)]
    draws: u32,
    /// Which of all possible draws.
    #[arg(long, default_value_t = 1)]
    seed: u32,
    /// How to print.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

/// How a mix is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For readers.
    Table,
    /// All digits, with what was asked for.
    Json,
}

/// What was asked for and what was found.
struct Results<'m> {
    model: &'m Model,
    region: RegionId,
    outcome: OutcomeId,
    cost: OutcomeId,
    year: f64,
    /// In the outcome's unit.
    at_least: f64,
    probability: Option<f64>,
    sampling: Sampling,
    fixed: Vec<LeverId>,
    mix: Mix,
}

/// Searches, and prints what was found.
pub fn text(arguments: &Arguments, policy: &PolicyModel) -> Checked<String> {
    let mut remarks = Diagnostics::new();
    let printed = results(arguments, &policy.model, &mut remarks).map(|results| match arguments.format {
        Format::Table => table(&results),
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
    let names: Vec<String> = arguments.outcome.iter().cloned().collect();
    let outcome = settings::outcomes(model, &names, remarks).first().copied();
    let cost = settings::outcomes(model, std::slice::from_ref(&arguments.cost), remarks).first().copied();
    let scenario = region.and_then(|region| arguments.settings.scenario(model, region, remarks));
    refuse_set_levers(arguments, remarks);
    let fixed = fixed(arguments, model, remarks);
    let point = scenario.as_ref().and_then(|scenario| point(arguments, model, scenario, remarks));
    if let Some(probability) = arguments.probability.filter(|one| !(*one > 0.0 && *one <= 100.0)) {
        let message = format!("a probability is above 0 and up to 100 per cent, not {probability}");
        remarks.push(Diagnostic::general("out-of-range", message).help("80 asks for four draws of five"));
    }
    let (Some(region), Some(outcome), Some(cost), Some(scenario), Some(point)) =
        (region, outcome, cost, scenario, point)
    else {
        if !remarks.has_errors() {
            remarks.push(Diagnostic::general("no-outcomes", "the model declares no outcomes"));
        }
        return Err(Diagnostics::new());
    };
    if remarks.has_errors() {
        return Err(Diagnostics::new());
    }
    let sampling = Sampling { draws: arguments.draws, seed: arguments.seed };
    let wanted = Goal {
        quantity: quantity(model, outcome, point),
        at_least: arguments.at_least / model.outcomes[outcome.index()].scale,
        certainty: match arguments.probability {
            None => Certainty::Central,
            Some(per_cent) => Certainty::Probable { probability: per_cent / 100.0, sampling },
        },
        cost: quantity(model, cost, point),
        bounds: bounds(model, &fixed),
    };
    let mix = goal(model, &scenario, &wanted).map_err(|error| no_run(&error))?;
    Ok(Results {
        model,
        region,
        outcome,
        cost,
        year: point as f64 * model.time.save,
        at_least: arguments.at_least,
        probability: arguments.probability,
        sampling,
        fixed: fixed.into_iter().map(|(lever, _)| lever).collect(),
        mix,
    })
}

/// What the search is for cannot be given.
fn refuse_set_levers(arguments: &Arguments, remarks: &mut Diagnostics) {
    if let Some((name, per_cent)) = arguments.settings.set.first() {
        let message = format!("the search sets the levers, `{name}` among them");
        remarks.push(
            Diagnostic::general("repeated-setting", message)
                .help(format!("hold a lever with `--fix {name}={per_cent}`")),
        );
    }
}

/// Levers that are held, and where.
fn fixed(arguments: &Arguments, model: &Model, remarks: &mut Diagnostics) -> Vec<(LeverId, f64)> {
    let mut fixed = Vec::new();
    for (lever, _, per_cent) in settings::each_lever(model, &arguments.fix, remarks) {
        let Lever { id, range, .. } = &model.levers[lever.index()];
        let setting = app::session::setting(per_cent);
        if !(range.0..=range.1).contains(&setting) {
            remarks.push(out_of_range(id, per_cent, *range));
        }
        fixed.retain(|(other, _)| *other != lever);
        fixed.push((lever, setting));
    }
    fixed
}

fn bounds(model: &Model, fixed: &[(LeverId, f64)]) -> Vec<(f64, f64)> {
    let mut bounds: Vec<(f64, f64)> = model.levers.iter().map(|lever| lever.range).collect();
    for (lever, setting) in fixed {
        bounds[lever.index()] = (*setting, *setting);
    }
    bounds
}

/// The saved point of time of the year asked for.
fn point(arguments: &Arguments, model: &Model, scenario: &Scenario, remarks: &mut Diagnostics) -> Option<usize> {
    let year = arguments.year.unwrap_or(scenario.years);
    let saves = year / model.time.save;
    if year > 0.0 && year <= scenario.years && (saves - saves.round()).abs() < 1e-9 {
        return Some(saves.round() as usize);
    }
    let message = format!("the run has no results for year {year}");
    remarks.push(Diagnostic::general("out-of-range", message).help(format!(
        "choose a whole number of steps of {}, up to {}, or a longer run with --years",
        model.time.save, scenario.years
    )));
    None
}

/// The number of an outcome that is printed: the difference from the base run, or the level.
fn quantity(model: &Model, outcome: OutcomeId, point: usize) -> Quantity {
    let shown = &model.outcomes[outcome.index()];
    Quantity { variable: shown.variable, measure: shown.measure, point }
}

impl Results<'_> {
    /// A value of the search in the unit of an outcome, and in words.
    fn amount(&self, outcome: OutcomeId, value: f64) -> (f64, String) {
        let shown = &self.model.outcomes[outcome.index()];
        let scaled = value * shown.scale;
        let precision = match shown.measure {
            Measure::Level => Precision::Decimals(shown.decimals),
            Measure::Difference => Precision::Significant(2),
        };
        (scaled, Unit::new(&shown.unit).of(&number(scaled, precision)))
    }

    fn ids(&self, levers: &[LeverId]) -> Vec<&str> {
        levers.iter().map(|lever| self.model.levers[lever.index()].id.as_str()).collect()
    }
}

fn table(results: &Results<'_>) -> String {
    let Results { model, mix, outcome, year, .. } = results;
    let region = &model.regions[results.region.index()];
    let mark = if region.mark.is_empty() { String::new() } else { format!(" ({})", region.mark) };
    let shown = &model.outcomes[outcome.index()];
    let mut text = format!("{} {}, {}{mark}\n", model.title, model.version, region.label);
    let target = Unit::new(&shown.unit).of(&number(results.at_least, Precision::Full));
    let likely = match results.probability {
        None => "with central parameters".to_owned(),
        Some(per_cent) => format!("with a probability of {}%", number(per_cent, Precision::Full)),
    };
    let mut line = |title: &str, words: String| {
        writeln!(text, "{title}: {words}").expect("writing to a string succeeds");
    };
    line("Target", format!("{} of at least {target} in year {year}, {likely}", shown.label));
    let value = results.amount(*outcome, mix.value).1;
    line(
        "Result",
        match mix.reach {
            Reach::Just => "reached".to_owned(),
            Reach::Amply => "reached even by the cheapest mix".to_owned(),
            Reach::OutOfReach => format!("out of reach; the closest mix found comes to {value}"),
        },
    );
    let cost = &model.outcomes[results.cost.index()];
    line(&cost.label, results.amount(results.cost, mix.cost).1);
    line("Central run", results.amount(*outcome, mix.central).1);
    if let Some(probability) = mix.probability {
        let share = number(probability * 100.0, Precision::Significant(3));
        let Sampling { draws, seed } = results.sampling;
        line("Draws", format!("{share}% of {draws} from seed {seed} reach the target; parameter uncertainty only"));
    }
    let binding = |levers: &[LeverId]| results.ids(levers).join(", ");
    if !mix.at_highest.is_empty() {
        line("As far as they go", binding(&mix.at_highest));
    }
    if !results.fixed.is_empty() {
        line("Held", binding(&results.fixed));
    }
    let moved = |id: &LeverId| mix.levers[id.index()] != model.levers[id.index()].status_quo;
    for id in model.lever_ids().filter(moved) {
        let Lever { id, cost_omits, .. } = &model.levers[id.index()];
        if !cost_omits.is_empty() {
            line("Beware", format!("the cost of {id} is without {cost_omits}; `--fix {id}=0` leaves it out"));
        }
    }
    let rows = model.lever_ids().filter(moved).map(|id| {
        let lever = &model.levers[id.index()];
        let setting = number(mix.levers[id.index()] * 100.0, Precision::Significant(3));
        vec![lever.id.clone(), lever.label.clone(), format!("{setting}%")]
    });
    let rows: Vec<Vec<String>> = rows.collect();
    if rows.is_empty() {
        return text + "\nAll levers stand as today.\n";
    }
    text + "\nAll other levers as today:\n" + &layout::columns(&["", "", ""], 2, rows)
}

#[derive(Serialize)]
struct JsonMix<'a> {
    model: &'a str,
    version: &'a str,
    hash: &'a str,
    region: &'a str,
    outcome: &'a str,
    unit: &'a str,
    year: f64,
    at_least: f64,
    /// Per cent asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    asked_probability: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    draws: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<u32>,
    reached: bool,
    /// In per cent, all levers.
    levers: BTreeMap<&'a str, f64>,
    value: f64,
    central: f64,
    /// Per cent of the draws that reach the target.
    #[serde(skip_serializing_if = "Option::is_none")]
    probability: Option<f64>,
    cost_outcome: &'a str,
    cost_unit: &'a str,
    cost: f64,
    at_lowest: Vec<&'a str>,
    at_highest: Vec<&'a str>,
    held: Vec<&'a str>,
}

fn json(results: &Results<'_>) -> String {
    let Results { model, mix, outcome, cost, .. } = results;
    let (shown, paid) = (&model.outcomes[outcome.index()], &model.outcomes[cost.index()]);
    let sampling = results.probability.map(|_| results.sampling);
    let found = JsonMix {
        model: &model.id,
        version: &model.version,
        hash: &model.hash,
        region: &model.regions[results.region.index()].id,
        outcome: &shown.id,
        unit: &shown.unit,
        year: results.year,
        at_least: results.at_least,
        asked_probability: results.probability,
        draws: sampling.map(|sampling| sampling.draws),
        seed: sampling.map(|sampling| sampling.seed),
        reached: mix.reach != Reach::OutOfReach,
        levers: model.levers.iter().zip(&mix.levers).map(|(lever, one)| (lever.id.as_str(), one * 100.0)).collect(),
        value: results.amount(*outcome, mix.value).0,
        central: results.amount(*outcome, mix.central).0,
        probability: mix.probability.map(|share| share * 100.0),
        cost_outcome: &paid.id,
        cost_unit: &paid.unit,
        cost: results.amount(*cost, mix.cost).0,
        at_lowest: results.ids(&mix.at_lowest),
        at_highest: results.ids(&mix.at_highest),
        held: results.ids(&results.fixed),
    };
    serde_json::to_string_pretty(&found).expect("strings and numbers always serialise") + "\n"
}
