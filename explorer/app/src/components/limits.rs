//! What the model cannot see, which levers that touches, and what each result rests on.

use leptos::prelude::*;
use model::{Basis, Model, OutcomeId, RegionId};

use super::Shared;
use crate::markup::{Html, fixed};
use crate::number::percent;
use crate::results::Shown;

/// How many of the numbers that the model takes as given bear on `outcome`, and how many of these are unverified in `region`.
pub fn rests_on(model: &Model, outcome: OutcomeId, region: RegionId) -> (u32, u32) {
    let (mut all, mut unverified) = (0, 0);
    for parameter in model.needed_parameters(outcome) {
        all += 1;
        let basis = model.parameters[parameter.index()].estimate(region).basis;
        unverified += u32::from(basis == Basis::Unverified);
    }
    (all, unverified)
}

/// What each result at the top rests on, and how much of that nobody has seen a source for.
fn rests(html: &mut Html, model: &Model, shown: Shown) {
    let Some(region) = model.region_ids().next() else { return };
    html.tag("<div class=\"table-scroll\" role=\"region\" tabindex=\"0\" aria-label=\"What the results rest on\"><table class=\"data-table\"><thead><tr><th scope=\"col\">Result");
    html.element(", ", &model.regions[region.index()].label, "</th><th scope=\"col\" class=\"number\">Numbers it rests on</th><th scope=\"col\" class=\"number\">Unverified</th></tr></thead><tbody>");
    let at_the_top = [shown.net_jobs, shown.gross_jobs, shown.net_exports].into_iter();
    for outcome in at_the_top.chain(shown.extra_exporters).chain([shown.cost]) {
        let (all, unverified) = rests_on(model, outcome, region);
        html.element("<tr><th scope=\"row\">", &model.outcomes[outcome.index()].label, "</th>");
        html.tag(&format!("<td class=\"number\">{all}</td>"));
        let share = if all == 0 { "–".to_owned() } else { percent(f64::from(unverified) / f64::from(all)) };
        html.element("<td class=\"number\">", &share, "</td></tr>");
    }
    html.tag("</tbody></table></div>");
}

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
        let unverified = estimates().filter(|estimate| estimate.basis == Basis::Unverified).count();
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
        rests(html, &model, shared.shown);
    });
    view! {
        <section class="more-panel limits" aria-labelledby="limits-title">
            <h2 id="limits-title">"What the model cannot see"</h2>
            <div inner_html=list></div>
        </section>
    }
}
