//! A model without the outcomes that explorers show: its sliders would move nothing that a reader sees.

use app::results::{OUTCOMES, Shown};
use diagnostic::{Diagnostic, Diagnostics, Place};

use crate::link::Site;
use crate::parse::models::PolicyModel;

/// Reports each.
pub fn unexplorable_model(site: &Site, diagnostics: &mut Diagnostics) {
    site.models.iter().for_each(|policy| missing_outcomes(policy, diagnostics));
}

/// Reports what a model lacks.
pub fn missing_outcomes(policy: &PolicyModel, diagnostics: &mut Diagnostics) {
    if Shown::of(&policy.model).is_none() {
        let missing: Vec<&str> = OUTCOMES.into_iter().filter(|id| policy.model.outcome(id).is_none()).collect();
        let place = policy.files.first().map_or_else(|| Place::file("data/models"), Place::file);
        diagnostics.push(
            Diagnostic::error(
                "unexplorable-model",
                place,
                format!("the model `{}` lacks outcomes that explorers show: {}", policy.id, missing.join(", ")),
            )
            .help("name a variable for each under [outcomes.…]"),
        );
    }
}
