//! The text of a model → a checked [`Model`].
//!
//! files → [`table`] (TOML with places) → [`read`] (drafts; equations through [`lexer`] and [`parser`]) →
//! [`resolve`] (names) → [`order`] → [`units`] → [`lower`] (operations) → [`link`] (the model)
//!
//! Every stage reports all mistakes it finds and hands on what is sound.

mod formula;
mod lexer;
mod link;
mod lower;
mod order;
mod parser;
mod read;
mod resolve;
mod shorthand;
mod table;
mod unit;
mod units;

use diagnostic::{Checked, Diagnostic, Diagnostics, Place};

use crate::Model;
use table::Table;

pub use formula::Formula;

/// One of the files that make up a model.
#[derive(Clone, Copy, Debug)]
pub struct ModelFile<'a> {
    /// Path for diagnostics; files are told apart by it.
    pub path: &'a str,
    /// The whole text, TOML.
    pub text: &'a str,
}

/// Mistakes beyond which none gets a suggestion: looking for the nearest of many names takes its time.
const MOST_SUGGESTED: usize = 50;

/// What may have been meant by `wrong`, while there are few mistakes.
fn suggestion<'a>(
    wrong: &str,
    choices: impl IntoIterator<Item = &'a str> + Clone,
    diagnostics: &Diagnostics,
) -> String {
    if diagnostics.iter().count() > MOST_SUGGESTED {
        return "look how it is spelled where it is declared".to_owned();
    }
    diagnostic::suggestion(wrong, choices)
}

/// Bytes a file may have.
const LARGEST_FILE: usize = 4 << 20;

/// The model that `files` write, or none if they have mistakes. Sections may be spread over files as their authors like.
///
/// ```
/// let text = r#"
/// id = "savings"
/// title = "Savings"
/// version = "1"
/// summary = "Money in a bank."
///
/// [time]
/// stop = 10
/// dt = 1
/// unit = "years"
///
/// [units]
/// years = ["year"]
/// EUR = []
///
/// [regions.here]
/// label = "Here"
///
/// [parameters]
/// rate = "0.02 (0.01 .. 0.05) per year triangular; D; judgement; unverified; Interest"
///
/// [stocks.balance]
/// label = "Balance"
/// doc = "What is in the bank."
/// unit = "EUR"
/// initial = "deposit"
/// inflows = ["interest"]
///
/// [constants.deposit]
/// label = "Deposit"
/// doc = "What is paid in at the start."
/// unit = "EUR"
/// equation = 100
///
/// [flows.interest]
/// label = "Interest"
/// doc = "What the bank adds."
/// unit = "EUR/year"
/// equation = "rate * balance"
/// "#;
/// let checked = model::compile(&[model::ModelFile { path: "savings.toml", text }]);
/// assert!(checked.diagnostics.is_empty(), "{:?}", checked.diagnostics);
/// let model = checked.value.expect("it has no mistakes");
///
/// let scenario = model::Scenario::new(&model, model.region("here").expect("it is declared"));
/// let run = model::run(&model, &scenario).expect("all numbers are finite");
/// let balance = run.series(model.variable("balance").expect("it is declared"));
/// assert_eq!(balance.len(), 11);
/// assert_eq!(balance[..2], [100.0, 102.0]);
/// ```
pub fn compile(files: &[ModelFile<'_>]) -> Checked<Option<Model>> {
    let mut diagnostics = Diagnostics::new();
    if let Some(file) = files.iter().find(|file| file.text.len() > LARGEST_FILE) {
        let message = format!("this file is larger than {LARGEST_FILE} bytes");
        let help = "data of this size belongs in a dataset, not in a model";
        diagnostics.push(Diagnostic::error("too-large", Place::file(file.path), message).help(help));
        return Checked { value: None, diagnostics };
    }
    let tables = files.iter().map(|file| Table::of_file(file, &mut diagnostics)).collect();
    // What stands after a slip of TOML is read as something else: all of it would be reported.
    if diagnostics.has_errors() {
        return Checked { value: None, diagnostics };
    }
    let draft = read::draft(tables, files, &mut diagnostics);
    if draft.is_too_large(&mut diagnostics) {
        return Checked { value: None, diagnostics };
    }
    let variables = resolve::variables(&draft, &mut diagnostics);
    let order = order::evaluation_order(&draft, &variables, &mut diagnostics);
    let units = match &draft.time_unit {
        Some(time_unit) => units::check(&draft, time_unit, &variables, &order, &mut diagnostics),
        // Flows could not be told from stocks; that there is no unit of time has been reported.
        None => Vec::new(),
    };
    // A mistake up to here leaves holes that would only be reported again.
    if diagnostics.has_errors() {
        return Checked { value: None, diagnostics };
    }
    let policy_dependent = order::policy_dependent(&draft, &variables);
    let parameters = lower::parameter_ids(&draft);
    let (graph, instances) = lower::lower(&draft, &variables, &order, &policy_dependent, &parameters, &mut diagnostics);
    draft.check_run(&graph, &mut diagnostics);
    let model = link::model(draft, &variables, units, graph, instances, &parameters, &mut diagnostics);
    let value = if diagnostics.has_errors() { None } else { Some(model) };
    Checked { value, diagnostics }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The model of micro-multinationals, as published.
    pub(crate) fn real_model() -> Model {
        macro_rules! files {
            ($($name:literal),*) => {
                [$(ModelFile {
                    path: $name,
                    text: include_str!(concat!("../../../data/models/micro-multinationals/", $name)),
                }),*]
            };
        }
        let files = files![
            "model.toml",
            "regions.toml",
            "levers.toml",
            "parameters.toml",
            "equations.toml",
            "outcomes.toml",
            "scenarios.toml",
            "uncertainty.toml",
            "checks.toml"
        ];
        compile(&files).value.expect("the published model has no mistakes")
    }
}
