//! A heading two levels below the one before it: readers who move by headings would look for one that is missing.

use diagnostic::{Diagnostic, Diagnostics, Place};

use crate::parse::document::Document;

/// Warns of each.
pub fn skipped_heading<F>(document: &Document<F>, diagnostics: &mut Diagnostics) {
    let mut above = 1;
    for heading in &document.body.headings {
        if heading.level > above + 1 {
            diagnostics.push(
                Diagnostic::warning(
                    "skipped-heading",
                    Place::new(&document.file, heading.span.clone()),
                    format!("this heading skips from level {above} to level {}", heading.level),
                )
                .help(format!("write it with {} number signs", above + 1)),
            );
        }
        above = heading.level;
    }
}
