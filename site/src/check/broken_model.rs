//! A model that breaks one of the checks it states about itself, or gives no numbers at all.

use diagnostic::{Diagnostic, Diagnostics, Place};

use model::CheckResult;

use crate::link::Site;
use crate::parse::models::PolicyModel;

/// Tries the stated checks of every model.
pub fn broken_model(site: &Site, diagnostics: &mut Diagnostics) {
    for policy in &site.models {
        stated_checks(policy, diagnostics);
    }
}

/// Tries all stated checks of a model in every region and named scenario, and reports each that fails. Nothing comes of
/// a model that cannot be run.
pub fn stated_checks<'p>(policy: &'p PolicyModel, diagnostics: &mut Diagnostics) -> &'p [CheckResult] {
    let folder = || policy.files.first().map_or_else(|| Place::file("data/models"), Place::file);
    let results = match policy.check_results() {
        Ok(results) => results,
        Err(error) => {
            diagnostics.push(
                Diagnostic::error("no-numbers", folder(), format!("the model `{}` cannot be run: {error}", policy.id))
                    .help("look for a division by zero or a logarithm of nothing in that variable and what it uses"),
            );
            return &[];
        }
    };
    for result in results {
        let Some(failure) = &result.failure else { continue };
        let check = &policy.model.variables[result.check.index()];
        let place = policy.checks.get(&check.id).cloned().unwrap_or_else(folder);
        diagnostics.push(
            Diagnostic::error("broken-check", place, format!("the model breaks its own check “{}”", check.label))
                .note(failing_run(policy, failure))
                .help("mend the equations or parameters it names, or the check if it asks too much"),
        );
    }
    results
}

/// Where and when a check did not hold.
pub fn failing_run(policy: &PolicyModel, failure: &model::CheckFailure) -> String {
    let region = &policy.model.regions[failure.region.index()].label;
    format!("first in {region}, {}, at {} {}", failure.case, failure.year, policy.model.time.unit)
}
