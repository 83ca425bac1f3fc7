//! `model check`: all mistakes of the models, and a line for each check that they state about themselves.

use std::fmt::Write as _;

use diagnostic::Diagnostics;
use diagnostic::print::{self, Style};
use model::CheckResult;
use serde::Serialize;

use super::chosen::{Chosen, human};
use super::{Answer, layout};
use crate::check::broken_model::{failing_run, stated_checks};
use crate::check::unexplorable_model::missing_outcomes;
use crate::load::Sources;
use crate::parse::models::{self, PolicyModel};

/// Options of `model check`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    chosen: Chosen,
    /// Print one JSON object a line on standard output: mistakes as `build` does, then the checks.
    #[arg(long)]
    json: bool,
}

/// A model and how its checks did; a model with mistakes in its text has none.
struct Tried {
    policy: PolicyModel,
    results: Vec<CheckResult>,
}

/// Tries the models.
pub fn answer(arguments: &Arguments, style: Style) -> Answer {
    let (sources, mut diagnostics) = arguments.chosen.sources();
    let mut tried = Vec::new();
    match arguments.chosen.ids(&sources) {
        Ok(ids) => tried.extend(ids.iter().filter_map(|id| try_model(&sources, id, &mut diagnostics))),
        Err(mistakes) => diagnostics.extend(mistakes),
    }
    let failed = diagnostics.has_errors();
    if arguments.json {
        return Answer { text: json(&tried, diagnostics, &sources), mistakes: String::new(), failed };
    }
    let text = tried.iter().map(text).collect();
    Answer { text, mistakes: human(diagnostics, &sources, style), failed }
}

fn try_model(sources: &Sources, id: &str, diagnostics: &mut Diagnostics) -> Option<Tried> {
    let policy = models::policy_model(sources, id, diagnostics)?;
    missing_outcomes(&policy, diagnostics);
    let results = stated_checks(&policy, diagnostics).to_vec();
    Some(Tried { policy, results })
}

fn text(tried: &Tried) -> String {
    let policy = &tried.policy;
    let mut text = format!("{} {}\n", policy.id, policy.model.version);
    let rows = tried.results.iter().map(|result| {
        let label = policy.model.variables[result.check.index()].label.clone();
        match &result.failure {
            None => vec!["holds".to_owned(), label, format!("in {} runs", result.runs)],
            Some(failure) => vec!["BROKEN".to_owned(), label, failing_run(policy, failure)],
        }
    });
    let rows: Vec<Vec<String>> = rows.collect();
    if rows.is_empty() {
        text.push_str("  no checks were tried\n");
    } else {
        write!(text, "{}", layout::columns(&["", "", ""], 3, rows)).expect("writing to a string succeeds");
    }
    text
}

#[derive(Serialize)]
struct Line<'a> {
    model: &'a str,
    check: &'a str,
    label: &'a str,
    holds: bool,
    runs: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_failure: Option<String>,
}

fn json(tried: &[Tried], diagnostics: Diagnostics, sources: &Sources) -> String {
    let sorted = diagnostics.sorted();
    let mistakes = sorted.iter().map(|mistake| print::json(mistake, |file| sources.excerpt(file)));
    let checks = tried.iter().flat_map(|tried| tried.results.iter().map(|result| line(&tried.policy, result)));
    mistakes.chain(checks).map(|line| line + "\n").collect()
}

fn line(policy: &PolicyModel, result: &CheckResult) -> String {
    let check = &policy.model.variables[result.check.index()];
    let line = Line {
        model: &policy.id,
        check: &check.id,
        label: &check.label,
        holds: result.failure.is_none(),
        runs: result.runs,
        first_failure: result.failure.as_ref().map(|failure| failing_run(policy, failure)),
    };
    serde_json::to_string(&line).expect("strings and numbers always serialise")
}
