//! `model sensitivity`: which parameters matter for an outcome, one by one (a tornado) and together (Sobol' indices).

use chart::number::{Precision, signed, text as number};
use diagnostic::{Checked, Diagnostic, Diagnostics};
use model::{Factor, Indices, Model, Quantity, Sampling, Tornado, sobol, tornado};

use super::chosen::Chosen;
use super::settings::{self, Settings};
use super::{checked, layout, no_run};
use crate::parse::models::PolicyModel;

/// Options of `model sensitivity`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    pub chosen: Chosen,
    /// The region; the model's first if not given.
    #[arg(long)]
    region: Option<String>,
    #[command(flatten)]
    settings: Settings,
    /// The outcome; the model's first if not given.
    #[arg(long, value_name = "NAME")]
    outcome: Option<String>,
    /// Draws of the parameters for the shares of the variance; 0 leaves those out.
    #[arg(long, value_name = "NUMBER", default_value_t = 1024)]
    draws: u32,
    /// Which of all possible draws.
    #[arg(long, default_value_t = 1)]
    seed: u32,
    /// How many parameters to list, those that matter most first.
    #[arg(long, value_name = "NUMBER", default_value_t = 12)]
    top: usize,
}

/// Works out what matters in the last year, and prints it.
pub fn text(arguments: &Arguments, policy: &PolicyModel) -> Checked<String> {
    let model = &policy.model;
    let mut mistakes = Diagnostics::new();
    let region = settings::region_or_first(model, arguments.region.as_deref(), &mut mistakes);
    let names: Vec<String> = arguments.outcome.iter().cloned().collect();
    let outcome = settings::outcomes(model, &names, &mut mistakes).first().copied();
    let scenario = region.and_then(|region| arguments.settings.scenario(model, region, &mut mistakes));
    let (Some(region), Some(scenario), Some(outcome)) = (region, scenario, outcome) else {
        if !mistakes.has_errors() {
            mistakes.push(Diagnostic::general("no-outcomes", "the model declares no outcomes"));
        }
        return Checked { value: String::new(), diagnostics: mistakes };
    };
    if mistakes.has_errors() {
        return Checked { value: String::new(), diagnostics: mistakes };
    }
    let shown = &model.outcomes[outcome.index()];
    let last = (scenario.years / model.time.save).round() as usize;
    let quantity = Quantity { variable: shown.variable, measure: shown.measure, point: last };
    let label = &model.regions[region.index()].label;
    let heading = format!(
        "{} ({}, {}), {label}, after {} {}\n",
        shown.label, shown.id, shown.unit, scenario.years, model.time.unit
    );
    let outcome = (|| {
        let tornado = tornado(model, &scenario, &[quantity]).map_err(|error| no_run(&error))?;
        let mut text =
            heading + &tornado.iter().map(|one| bars(one, model, shown.scale, arguments.top)).collect::<String>();
        if arguments.draws > 0 {
            let sampling = Sampling { draws: arguments.draws, seed: arguments.seed };
            let indices = sobol(model, &scenario, sampling, &[quantity]).map_err(|error| no_run(&error))?;
            text.extend(indices.iter().map(|one| shares(one, model, arguments)));
        }
        Ok(text)
    })();
    let answer = checked(outcome);
    mistakes.extend(answer.diagnostics);
    Checked { value: answer.value, diagnostics: mistakes }
}

fn bars(tornado: &Tornado, model: &Model, scale: f64, top: usize) -> String {
    let digits = |value: f64| signed(value * scale, Precision::Significant(2));
    let rows = tornado.bars.iter().take(top).map(|bar| {
        let parameter = &model.parameters[bar.parameter.index()];
        vec![parameter.name.clone(), parameter.label.clone(), digits(bar.low), digits(bar.high)]
    });
    let heading =
        format!("\nOne parameter at an end of its range, all others as they are (then {}):\n", digits(tornado.central));
    heading + &layout::columns(&["parameter", "", "at its low", "at its high"], 2, rows.collect())
}

fn shares(indices: &Indices, model: &Model, arguments: &Arguments) -> String {
    let rows = indices.factors.iter().take(arguments.top).map(|index| {
        let (name, label) = match index.factor {
            Factor::Parameter(id) => {
                let parameter = &model.parameters[id.index()];
                (&parameter.name, &parameter.label)
            }
            Factor::Group(id) => {
                let group = &model.groups[id.index()];
                (&group.id, &group.label)
            }
        };
        let per_cent = |share: f64, error: f64| {
            let (share, error) = (100.0 * share, 100.0 * error);
            format!("{} ± {}%", number(share, Precision::Decimals(1)), number(error, Precision::Decimals(1)))
        };
        vec![
            name.clone(),
            label.clone(),
            per_cent(index.first, index.first_error),
            per_cent(index.total, index.total_error),
        ]
    });
    let heading = format!(
        "\nShare of the variance over {} draws from seed {}, parameters that move together as one (Sobol' indices, with \
         standard errors):\n",
        indices.draws, arguments.seed
    );
    heading + &layout::columns(&["parameter or group", "", "by itself", "with others"], 2, rows.collect())
}
