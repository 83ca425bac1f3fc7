//! A work in the bibliography that nothing cites: neither a text, drafts included, nor a dataset, nor a model.

use diagnostic::{Diagnostic, Diagnostics, Place};

use crate::link::Site;
use crate::parse::bibliography::FILE;

/// Reports each.
pub fn unused_work(site: &Site, diagnostics: &mut Diagnostics) {
    // What cannot be read may cite anything.
    if site.has_unread {
        return;
    }
    for (key, work) in site.works.iter().filter(|(key, _)| !site.cited.contains(*key)) {
        diagnostics.push(
            Diagnostic::warning(
                "unused-work",
                Place::new(FILE, work.span.clone()),
                format!("nothing cites the work `{key}`"),
            )
            .help("cite it, list it under `references` of the dataset that draws on it, or take it out"),
        );
    }
}
