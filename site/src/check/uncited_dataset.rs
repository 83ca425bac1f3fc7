//! A dataset that names neither sources nor works: readers could not trace its numbers.

use diagnostic::{Diagnostic, Diagnostics, Place};

use crate::link::Site;

/// Reports each.
pub fn uncited_dataset(site: &Site, diagnostics: &mut Diagnostics) {
    for dataset in &site.datasets {
        if dataset.sources.is_empty() && dataset.references.is_empty() {
            diagnostics.push(
                Diagnostic::error(
                    "uncited-dataset",
                    Place::file(&dataset.file),
                    format!("the dataset `{}` names no source", dataset.id),
                )
                .help("list `sources`, or works of content/references.bib under `references`"),
            );
        }
    }
}
