//! A model without the outcomes that explorers show: its sliders would move nothing that a reader sees.

use app::results::{OUTCOMES, Shown};
use diagnostic::{Diagnostic, Diagnostics, Place};

use crate::link::Site;

/// Reports each.
pub fn unexplorable_model(site: &Site, diagnostics: &mut Diagnostics) {
    for policy in &site.models {
        if Shown::of(&policy.model).is_some() {
            continue;
        }
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
