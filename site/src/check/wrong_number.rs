//! A number in the text that is not what its source says.

use std::ops::Range;

use diagnostic::{Diagnostic, Diagnostics, Place};

use crate::link::{Linked, Site, Target};
use crate::load::Sources;
use crate::number::agree::{self, Difference};
use crate::number::printed::Printed;
use crate::parse::markdown::Link;

/// Compares each checked number with its source.
pub fn wrong_number<F>(linked: &Linked<F>, site: &Site, sources: &Sources, diagnostics: &mut Diagnostics) {
    let file = &linked.document.file;
    for (link, target) in linked.document.body.links.iter().zip(&linked.targets) {
        // What names no source has been reported, and so has a picture whose address is a number's.
        let Target::Number(Some(origin)) = target else { continue };
        let source = sources.text(file).unwrap_or_default();
        if source.get(link.span.clone()).is_some_and(|text| text.starts_with('!')) {
            continue;
        }
        let place = || Place::new(file, words(link, source));
        let printed = match Printed::read(&link.text) {
            Ok(printed) => printed,
            Err(unreadable) => {
                diagnostics.push(
                    Diagnostic::error("unreadable-number", place(), unreadable.message)
                        .help("write the number as 3.7%, US$4.8 billion, +145,000 jobs, a third, or 15–20%"),
                );
                continue;
            }
        };
        let amount = match site.amount(origin) {
            Ok(amount) => amount,
            Err(error) => {
                let message = format!("the source of this number cannot be run: {error}");
                diagnostics
                    .push(Diagnostic::error("no-numbers", place(), message).help("change the settings in its address"));
                continue;
            }
        };
        let Some(mismatch) = agree::agree(&printed, &amount) else { continue };
        let (code, message) = match mismatch.kind {
            Difference::Number => ("wrong-number", "the text says"),
            Difference::Unit => ("wrong-unit", "the units differ: the text says"),
            Difference::Range => ("wrong-range", "the text says"),
        };
        diagnostics.push(
            Diagnostic::error(code, place(), format!("{message} “{}”, its source {}", link.text, mismatch.value))
                .note(format!("the rule: {}", mismatch.rule))
                .help(format!("write “{}”", mismatch.corrected)),
        );
    }
}

/// Where the words of a link stand.
fn words(link: &Link, source: &str) -> Range<usize> {
    let span = link.span.clone();
    let end = source.get(span.clone()).and_then(|text| text.rfind("]("));
    end.map_or(span.clone(), |end| span.start + 1..span.start + end)
}
