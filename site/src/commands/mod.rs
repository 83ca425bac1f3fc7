//! Commands that run and question the site's models.
//!
//! arguments → [`answer`] → [`Answer`]: the text for standard output, and what was wrong. One file a command; only
//! [`sweep`] writes files of its own, since its results are too many to wait for.

mod check;
mod chosen;
mod explain;
mod goal;
mod layout;
mod run;
mod sensitivity;
mod settings;
mod sweep;

use std::fmt::Write as _;

use clap::Subcommand;
use diagnostic::print::{self, Style};
use diagnostic::{Checked, Diagnostic, Diagnostics, Severity};
use model::RunError;

/// What can be asked of a model.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Read the models and try all checks that they state about themselves.
    Check(check::Arguments),
    /// Run a scenario beside the base run.
    Run(run::Arguments),
    /// Run many scenarios, or one with many draws of the parameters, into a CSV file.
    Sweep(sweep::Arguments),
    /// Say what a variable, parameter, lever or outcome is, what it depends on and where its numbers come from.
    Explain(explain::Arguments),
    /// Search the cheapest mix of levers that reaches a target.
    Goal(goal::Arguments),
    /// Say which parameters matter for an outcome.
    Sensitivity(sensitivity::Arguments),
}

/// What a command has to say.
#[derive(Debug)]
pub struct Answer {
    /// For standard output.
    pub text: String,
    /// For standard error.
    pub mistakes: String,
    /// Whether a mistake stopped it.
    pub failed: bool,
}

/// Does what was asked.
pub fn answer(command: &Command, style: Style) -> Answer {
    match command {
        Command::Check(arguments) => check::answer(arguments, style),
        Command::Run(arguments) => arguments.chosen.answer(style, |policy| run::text(arguments, policy)),
        Command::Sweep(arguments) => sweep::answer(arguments, style),
        Command::Explain(arguments) => arguments.chosen.answer(style, |policy| explain::text(arguments, policy)),
        Command::Goal(arguments) => arguments.chosen.answer(style, |policy| goal::text(arguments, policy)),
        Command::Sensitivity(arguments) => {
            arguments.chosen.answer(style, |policy| sensitivity::text(arguments, policy))
        }
    }
}

impl Answer {
    /// Mistakes in the command line, which stand in no file.
    fn of(checked: Checked<String>, style: Style) -> Self {
        let mut mistakes = String::new();
        for diagnostic in checked.diagnostics.iter() {
            writeln!(mistakes, "{}\n", print::human(diagnostic, style, |_| None))
                .expect("writing to a string succeeds");
        }
        let failed = checked.diagnostics.has_errors();
        Self { text: checked.value, mistakes, failed }
    }
}

/// A command's result, or the mistakes that left none.
type Outcome<T> = Result<T, Diagnostics>;

/// The result with no mistakes, or the mistakes with an empty one.
fn checked(outcome: Outcome<String>) -> Checked<String> {
    match outcome {
        Ok(value) => Checked { value, diagnostics: Diagnostics::new() },
        Err(diagnostics) => Checked { value: String::new(), diagnostics },
    }
}

/// A single mistake as all there are.
fn only(mistake: Diagnostic) -> Diagnostics {
    let mut diagnostics = Diagnostics::new();
    diagnostics.push(mistake);
    diagnostics
}

/// Something worth knowing that no file can be blamed for.
fn remark(code: &'static str, message: String) -> Diagnostic {
    Diagnostic { severity: Severity::Warning, ..Diagnostic::general(code, message) }
}

/// A scenario that cannot be run.
fn no_run(error: &RunError) -> Diagnostics {
    only(Diagnostic::general("no-run", error.to_string()).help("change the settings that lead there"))
}
