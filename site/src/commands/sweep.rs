//! `model sweep`: many scenarios, or one with many draws of the parameters, into one CSV file.
//!
//! arguments → [`plan`] (which runs, in which order) → [`part`] (a file with some of them, finished another day if need
//! be) → [`merge`] (the parts as one file)
//!
//! A run's row does not depend on what runs beside it, so any way of cutting a sweep gives the same bytes.

mod merge;
mod part;
mod plan;

use std::io::Write;
use std::ops::Range;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use diagnostic::print::Style;
use diagnostic::{Checked, Diagnostic, Diagnostics};
use indicatif::{ProgressBar, ProgressStyle};
use model::RunError;
use rayon::prelude::*;

use super::chosen::Chosen;
use super::settings::Settings;
use super::{Answer, Outcome, checked, no_run, only};
use crate::parse::models::PolicyModel;
use part::{Part, Shard};
use plan::{Axis, Plan};

/// Options of `model sweep`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Arguments {
    #[command(subcommand)]
    merge: Option<Merge>,
    #[command(flatten)]
    chosen: Chosen,
    #[command(flatten)]
    sweep: SweepArguments,
    /// The file to write; standard output if not given. A file that an interrupted sweep with the same options left is
    /// finished; beside it stands FILE.json with those options.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Only a part of the runs, as 2/8 for the second of eight. `sweep merge` puts the files of all parts together.
    #[arg(long, value_name = "PART/PARTS", requires = "out")]
    shard: Option<Shard>,
}

/// Which runs.
#[derive(Clone, Debug, Default, Args)]
pub struct SweepArguments {
    /// A region; all of them if none is named.
    #[arg(long)]
    region: Vec<String>,
    #[command(flatten)]
    settings: Settings,
    /// What to try for a lever in per cent, or for a parameter: start:stop:step, or numbers with commas between. Several
    /// grids are tried in all combinations; `all` is every lever not named otherwise.
    #[arg(long, value_name = "NAME=VALUES")]
    grid: Vec<Axis>,
    /// Draws of the parameters for each point of the grid; the central values if not given.
    #[arg(long, value_name = "NUMBER")]
    draws: Option<u32>,
    /// Which of all possible draws.
    #[arg(long, default_value_t = 1)]
    seed: u32,
    /// An outcome to write; all of them if none is named.
    #[arg(long, value_name = "NAME")]
    outcome: Vec<String>,
    /// Write every year, not only the last.
    #[arg(long)]
    all_years: bool,
}

#[derive(Debug, Subcommand)]
enum Merge {
    /// Put the files of all parts of a sweep together: the same bytes as of the sweep in one.
    Merge(merge::Arguments),
}

/// Sweeps or merges.
pub fn answer(arguments: &Arguments, style: Style) -> Answer {
    match &arguments.merge {
        Some(Merge::Merge(merge)) => Answer::of(checked(merge::merge(merge).map_err(|mistake| only(*mistake))), style),
        None => arguments.chosen.answer(style, |policy| swept(arguments, policy)),
    }
}

fn swept(arguments: &Arguments, policy: &PolicyModel) -> Checked<String> {
    let mut remarks = Diagnostics::new();
    let outcome = Plan::new(&policy.model, &arguments.sweep, &mut remarks).and_then(|plan| match &arguments.out {
        Some(path) => into_file(&plan, path, arguments.shard.unwrap_or(Shard::WHOLE)),
        None => into_text(&plan),
    });
    let answer = checked(outcome);
    remarks.extend(answer.diagnostics);
    Checked { value: answer.value, diagnostics: remarks }
}

fn into_file(plan: &Plan<'_>, path: &std::path::Path, shard: Shard) -> Outcome<String> {
    let mut part = Part::open(path, plan, shard).map_err(|mistake| only(*mistake))?;
    let runs = part.missing();
    let count = runs.end - runs.start;
    write_runs(plan, runs, &mut |rows| part.append(rows))?;
    part.finish().map_err(|mistake| only(*mistake))?;
    let kept = part.kept();
    let before = if kept > 0 { format!(", {kept} were there already") } else { String::new() };
    Ok(format!("{count} runs → {}{before}\n", path.display()))
}

/// Rows that are collected for standard output.
const MOST_PRINTED: u64 = 1_000_000;

fn into_text(plan: &Plan<'_>) -> Outcome<String> {
    if plan.runs() * plan.rows_of_run() > MOST_PRINTED {
        let message = format!("more than {MOST_PRINTED} rows are too many for standard output");
        return Err(only(Diagnostic::general("too-many-rows", message).help("name a file with --out")));
    }
    let mut text = plan.header();
    write_runs(plan, 0..plan.runs(), &mut |rows| {
        text.push_str(rows);
        Ok(())
    })?;
    Ok(text)
}

/// Runs that are handed to a thread at a time.
const BLOCK: u64 = 1024;

/// Gives the rows of the runs to `write`, in order, all threads at work.
fn write_runs(
    plan: &Plan<'_>,
    runs: Range<u64>,
    write: &mut dyn FnMut(&str) -> Result<(), Box<Diagnostic>>,
) -> Outcome<()> {
    let progress = progress(runs.end - runs.start);
    let at_a_time = BLOCK * 4 * rayon::current_num_threads() as u64;
    let mut first = runs.start;
    while first < runs.end {
        let end = runs.end.min(first + at_a_time);
        let starts: Vec<u64> = (first..end).step_by(BLOCK as usize).collect();
        let blocks: Vec<Result<String, RunError>> = starts
            .into_par_iter()
            .map(|start| {
                let block = start..end.min(start + BLOCK);
                let rows = plan.rows(block.clone());
                progress.inc(block.end - block.start);
                rows
            })
            .collect();
        for rows in blocks {
            let rows = rows.map_err(|error| no_run(&error))?;
            write(&rows).map_err(|mistake| only(*mistake))?;
        }
        first = end;
    }
    progress.finish_and_clear();
    Ok(())
}

/// A bar on standard error, where a person looks; nothing in files and pipes.
fn progress(runs: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("  {bar:40} {human_pos} of {human_len} runs, {eta} left");
    ProgressBar::new(runs).with_style(style.expect("the template is well formed"))
}

/// A file that cannot be written or read.
fn unusable(path: &std::path::Path, error: &std::io::Error) -> Box<Diagnostic> {
    Diagnostic::general("unusable-file", format!("{} cannot be used: {error}", path.display()))
        .help("check that its folder exists and that you may write there")
        .into()
}

/// Writes a whole file so that nobody ever sees half of it.
fn write_whole(path: &std::path::Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    let beside = PathBuf::from(name);
    let mut file = std::fs::File::create(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(beside, path)
}
