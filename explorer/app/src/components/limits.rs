//! What the model cannot see, and which levers that touches.

use leptos::prelude::*;

use super::Shared;
use crate::markup::fixed;

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
        for limit in &model.limits {
            let levers: Vec<&str> = limit.levers.iter().map(|lever| model.levers[lever.index()].id.as_str()).collect();
            let levers = if levers.is_empty() { "all levers".to_owned() } else { levers.join(", ") };
            html.element("<li>", &limit.text, " <span class=\"limits-levers\">");
            html.element("Touches ", &levers, ".</span></li>");
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
