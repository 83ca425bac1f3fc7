//! An alternative text that only repeats the title: it tells nothing to readers who do not see the chart.

use diagnostic::{Diagnostic, Diagnostics, Place};

use crate::parse::block::Block;
use crate::parse::document::Document;

/// Reports each.
pub fn repeated_alternative<F>(document: &Document<F>, diagnostics: &mut Diagnostics) {
    for block in &document.body.blocks {
        let Block::Chart(chart) = block else { continue };
        let alternative = chart.alternative.trim().trim_end_matches('.');
        let says_nothing = [&chart.title, &chart.common.caption.text]
            .iter()
            .any(|text| text.trim().trim_end_matches('.').eq_ignore_ascii_case(alternative));
        if says_nothing {
            diagnostics.push(
                Diagnostic::error(
                    "repeated-alternative",
                    Place::new(&document.file, chart.common.id.1.clone()),
                    format!("the alternative text of `{}` only repeats its title or caption", chart.common.id.0),
                )
                .help("say what the chart shows: the largest and smallest values, the direction, the turning points"),
            );
        }
    }
}
