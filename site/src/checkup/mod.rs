//! `check`: all mistakes of the site, without writing anything; on demand, the numerals in its texts that are tied to no
//! source, and whether its links to other sites still lead anywhere.
//!
//! options → [`check`](crate::check()) → [`numerals`], [`outside`](crate::outside) → the text for the terminal, or JSON
//! lines

mod addresses;
mod numerals;

use std::time::Duration;

use diagnostic::print::Style;

use crate::commands::Answer;
use crate::{Examined, Options, check, outside, terminal};

/// What is asked of a site besides its mistakes.
#[derive(Debug, clap::Args)]
pub struct Questions {
    /// List the numerals in running text that are no checked numbers: a listing, no mistakes.
    #[arg(long)]
    pub numbers: bool,
    /// Ask other servers whether links, works and sources of datasets still lead anywhere.
    #[arg(long)]
    pub external: bool,
    /// Seconds to wait for the answer of another server.
    #[arg(long, value_name = "SECONDS", default_value_t = 20, requires = "external")]
    pub timeout: u64,
    /// Print one JSON object a line on standard output: mistakes as `build` does, then what was asked for.
    #[arg(long)]
    pub json: bool,
}

/// Checks the site and answers the questions, telling `progress` what takes time.
pub fn answer(options: &Options, questions: &Questions, style: Style, progress: &dyn Fn(&str)) -> Answer {
    let Examined { mut diagnostics, sources, site } = check(options);
    let tallies = if questions.numbers { numerals::tallies(&site, &sources) } else { Vec::new() };
    let findings = questions.external.then(|| {
        progress("asking other sites whether links still lead there");
        let patience = Duration::from_secs(questions.timeout);
        outside::examine(&site, &sources, options.kept.as_deref(), options.today, patience)
    });
    if let Some(findings) = &findings {
        diagnostics.extend(findings.mistakes.iter().cloned());
        diagnostics = diagnostics.sorted();
    }
    let failed = diagnostics.has_errors();
    if questions.json {
        let mut text = terminal::json(&diagnostics, &sources) + &numerals::json(&tallies);
        text.extend(findings.iter().map(|findings| addresses::json(findings, &sources)));
        return Answer { text, mistakes: String::new(), failed };
    }
    let mut mistakes = terminal::listed(&diagnostics, &sources, style, "");
    if diagnostics.is_empty() {
        mistakes.push_str("no mistakes\n");
    }
    let mut text = if questions.numbers { numerals::listing(&tallies) } else { String::new() };
    text.extend(findings.iter().map(|findings| addresses::listing(findings, &sources)));
    Answer { text, mistakes, failed }
}

/// `3 numerals`, `1 numeral`.
fn counted(count: usize, one: &str) -> String {
    format!("{count} {one}{}", if count == 1 { "" } else { "s" })
}

/// An object as a line of JSON.
fn line(object: &impl serde::Serialize) -> String {
    serde_json::to_string(object).expect("strings and numbers always serialise") + "\n"
}
