//! What the model cannot see, and which levers that touches.

use leptos::prelude::*;

use super::Shared;
use crate::markup::fixed;

/// What is left out, whom it concerns.
const LEFT_OUT: [(&str, &str); 8] = [
    ("Prices, wages and sectors. Near full employment a net job is a job moved from elsewhere.", "all levers"),
    (
        "Imports and work bought abroad. Many micro-multinationals exist because work abroad is cheap; only jobs at home are counted.",
        "L01, L03, L06, L10",
    ),
    (
        "The quality of work. Own-account work is counted apart from jobs with an employer, and its pay and hours not at all.",
        "L07",
    ),
    ("Protection as an aim of its own. What income security gives is not jobs or exports.", "L07"),
    (
        "The price of politics. Opening markets, migration and rules for platforms look cheap because only administration is counted.",
        "L09, L11, L12",
    ),
    ("What partners do in reply, and what happens if all rich regions push service exports at once.", "L01, L02, L11"),
    (
        "What comes after the run. Education and skills pay mostly later; what displaced workers gain is not in the model.",
        "L08",
    ),
    (
        "Firms’ own time and co-payment, the distortion by taxes, and the losses of firms that are displaced.",
        "all levers",
    ),
];

/// The box of limitations.
#[component]
pub fn Limits(
    /// What the parts share.
    shared: Shared,
) -> impl IntoView {
    let list = fixed(|html| {
        let model = shared.session.with_untracked(|session| session.model_shared());
        let regions = &model.regions;
        let estimates = || {
            regions
                .iter()
                .filter_map(|region| model.region(&region.id))
                .take(1)
                .flat_map(|region| model.parameters.iter().map(move |parameter| parameter.estimate(region)))
        };
        let unverified = estimates().filter(|estimate| estimate.basis == model::Basis::Unverified).count();
        html.tag("<ul class=\"limits-list\">");
        for (words, levers) in LEFT_OUT {
            html.element("<li>", words, " <span class=\"limits-levers\">").element("Touches ", levers, ".</span></li>");
        }
        html.tag("</ul>");
        html.tag(&format!(
            "<p class=\"more-words\">Of {} numbers that the model takes as given for the {}, {unverified} are unverified: nobody has seen a source that states them. Most evidence dates from 2002 to 2014, and much of it is on goods or from other countries.</p>",
            estimates().count(),
            regions[0].label,
        ));
    });
    view! {
        <section class="more-panel limits" aria-labelledby="limits-title">
            <h2 id="limits-title">"What the model cannot see"</h2>
            <div inner_html=list></div>
        </section>
    }
}
