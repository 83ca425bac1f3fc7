//! The numerals in the texts of the site that are tied to no source, with their places.

use std::fmt::Write as _;

use diagnostic::Position;
use serde::Serialize;

use super::{counted, line};
use crate::link::{Linked, Site, Target};
use crate::load::Sources;
use crate::number::untethered::{untethered, untethered_in_block};
use crate::parse::document::text_start;

/// The numbers of a document.
pub struct Tally<'s> {
    file: &'s str,
    loose: Vec<Numeral<'s>>,
    checked: usize,
}

/// A numeral that is tied to no source.
#[derive(Serialize)]
struct Numeral<'s> {
    file: &'s str,
    line: usize,
    column: usize,
    numeral: &'s str,
    excerpt: String,
}

/// Characters shown on each side of a numeral.
const AROUND: usize = 32;

/// The numbers of all documents, by file.
pub fn tallies<'s>(site: &'s Site, sources: &'s Sources) -> Vec<Tally<'s>> {
    let briefs = site.briefs.iter().map(|one| tally(one, sources));
    let recommendations = site.recommendations.iter().map(|one| tally(one, sources));
    let pages = site.pages.iter().map(|one| tally(one, sources));
    let mut tallies: Vec<Tally<'_>> = briefs.chain(recommendations).chain(pages).collect();
    tallies.sort_by_key(|tally| tally.file);
    tallies
}

fn tally<'s, F>(linked: &'s Linked<F>, sources: &'s Sources) -> Tally<'s> {
    let file = linked.document.file.as_str();
    let source = sources.text(file).unwrap_or_default();
    let mut found = text_start(source).map(|start| untethered(source, start)).unwrap_or_default();
    for block in &linked.document.body.blocks {
        found.extend(untethered_in_block(&block.common().caption));
        found.extend(untethered_in_block(&block.common().note));
    }
    found.sort_by_key(|span| span.start);
    let loose = found.into_iter().map(|span| {
        let Position { line, column } = Position::of(source, span.start);
        let excerpt = excerpt(source, span.start, span.end);
        Numeral { file, line, column, numeral: &source[span], excerpt }
    });
    let checked = linked.targets.iter().filter(|target| matches!(target, Target::Number(_))).count();
    Tally { file, loose: loose.collect(), checked }
}

/// The words around a numeral, on its own line.
fn excerpt(source: &str, start: usize, end: usize) -> String {
    let line_start = source[..start].rfind('\n').map_or(0, |at| at + 1);
    let line_end = source[end..].find('\n').map_or(source.len(), |at| end + at);
    let from = source.floor_char_boundary(start.saturating_sub(AROUND)).max(line_start);
    let until = source.ceil_char_boundary((end + AROUND).min(source.len())).min(line_end);
    let before = if from > line_start { "…" } else { "" };
    let after = if until < line_end { "…" } else { "" };
    format!("{before}{}{after}", &source[from..until])
}

/// The numerals as JSON, one a line.
pub fn json(tallies: &[Tally<'_>]) -> String {
    tallies.iter().flat_map(|tally| &tally.loose).map(line).collect()
}

/// The numerals for a person, and how many there are.
pub fn listing(tallies: &[Tally<'_>]) -> String {
    let mut text = String::new();
    for tally in tallies.iter().filter(|tally| !tally.loose.is_empty()) {
        writeln!(text, "{}: {}", tally.file, counts(tally.loose.len(), tally.checked))
            .expect("writing to a string succeeds");
        for numeral in &tally.loose {
            let place = format!("{}:{}", numeral.line, numeral.column);
            writeln!(text, "  {place:>8}  {}", numeral.excerpt).expect("writing to a string succeeds");
        }
    }
    let loose = tallies.iter().map(|tally| tally.loose.len()).sum();
    let checked = tallies.iter().map(|tally| tally.checked).sum();
    writeln!(text, "{} documents: {}", tallies.len(), counts(loose, checked)).expect("writing to a string succeeds");
    text
}

fn counts(loose: usize, checked: usize) -> String {
    format!("{} without a source, {}", counted(loose, "numeral"), counted(checked, "checked number"))
}
