//! What is well formed and connected, but should not be published like that. One file a check.
//!
//! [`Site`] → [`check`] → diagnostics

pub mod broken_model;
mod foreign_image;
mod repeated_alternative;
mod skipped_heading;
mod uncited_dataset;
pub mod unexplorable_model;
mod wrong_number;

use diagnostic::Diagnostics;

use crate::link::{Linked, Site};
use crate::load::Sources;

/// Runs every check.
pub fn check(site: &Site, sources: &Sources, diagnostics: &mut Diagnostics) {
    uncited_dataset::uncited_dataset(site, diagnostics);
    unexplorable_model::unexplorable_model(site, diagnostics);
    broken_model::broken_model(site, diagnostics);
    for_each_document(site, sources, diagnostics);
}

fn for_each_document(site: &Site, sources: &Sources, diagnostics: &mut Diagnostics) {
    for brief in &site.briefs {
        document(brief, site, sources, diagnostics);
    }
    for recommendation in &site.recommendations {
        document(recommendation, site, sources, diagnostics);
    }
    for page in &site.pages {
        document(page, site, sources, diagnostics);
    }
}

fn document<F>(linked: &Linked<F>, site: &Site, sources: &Sources, diagnostics: &mut Diagnostics) {
    skipped_heading::skipped_heading(&linked.document, diagnostics);
    repeated_alternative::repeated_alternative(&linked.document, diagnostics);
    foreign_image::foreign_image(linked, sources, diagnostics);
    wrong_number::wrong_number(linked, site, sources, diagnostics);
}
