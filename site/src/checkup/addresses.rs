//! The addresses outside of the site of which nobody can tell whether they are there, and how many are.

use std::fmt::Write as _;

use diagnostic::{Place, Position};
use serde::Serialize;

use super::line;
use crate::load::Sources;
use crate::outside::Findings;

/// An address that could not be verified.
#[derive(Serialize)]
struct Unverified<'f> {
    unverified: &'f str,
    reason: &'f str,
    places: Vec<At<'f>>,
}

#[derive(Serialize)]
struct At<'f> {
    file: &'f str,
    line: usize,
    column: usize,
}

/// What could not be verified as JSON, one address a line.
pub fn json(findings: &Findings, sources: &Sources) -> String {
    let object = |(address, reason): &'_ (crate::outside::addresses::Address, String)| {
        let places = address.places.iter().map(|place| at(place, sources)).collect();
        line(&Unverified { unverified: &address.url, reason, places })
    };
    findings.unverified.iter().map(object).collect()
}

/// The same for a person, and how many addresses there are.
pub fn listing(findings: &Findings, sources: &Sources) -> String {
    let mut text = String::new();
    for (address, reason) in &findings.unverified {
        writeln!(text, "could not verify {}: {reason}", address.url).expect("writing to a string succeeds");
        for place in &address.places {
            let At { file, line, column } = at(place, sources);
            writeln!(text, "  {file}:{line}:{column}").expect("writing to a string succeeds");
        }
    }
    let Findings { mistakes, unverified, there, asked, remembered, forgotten } = findings;
    let (dead, unsure) = (mistakes.iter().count(), unverified.len());
    let all = there + dead + unsure;
    writeln!(
        text,
        "{all} address{} of other sites: {there} there, {dead} dead, {unsure} not verified; {asked} asked now, {remembered} \
         remembered",
        if all == 1 { "" } else { "es" }
    )
    .expect("writing to a string succeeds");
    if let Some(error) = forgotten {
        writeln!(text, "the answers could not be kept for the next time: {error}")
            .expect("writing to a string succeeds");
    }
    text
}

fn at<'f>(place: &'f Place, sources: &Sources) -> At<'f> {
    let Position { line, column } = Position::of(&sources.excerpt(&place.file).unwrap_or_default(), place.start);
    At { file: &place.file, line, column }
}
