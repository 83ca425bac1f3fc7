//! What the model cannot see, which levers that touches, and what each result rests on.

use leptos::prelude::*;
use model::{Basis, Model, OutcomeId, RegionId};

use super::Shared;
use super::patched::patched;
use crate::markup::{Html, fixed};
use crate::number::percent;
use crate::results::{Shown, marked};
use crate::session::Session;

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

/// What it does not see, and which levers that touches.
fn limits(html: &mut Html, model: &Model) {
    for limit in &model.limits {
        let levers: Vec<&str> = limit.levers.iter().map(|lever| model.levers[lever.index()].label.as_str()).collect();
        let levers = if levers.is_empty() { "all levers".to_owned() } else { levers.join(", ") };
        html.element("<li>", &limit.text, " <span class=\"limits-levers\">");
        html.element("Touches: ", &levers, ".</span></li>");
    }
}

/// What each result at the top rests on in a region, and how much of that nobody has seen a source for.
fn rests(html: &mut Html, model: &Model, shown: Shown, region: RegionId) {
    let label = marked(&model.regions[region.index()]);
    let estimates = model.parameters.iter().map(|parameter| parameter.estimate(region));
    let unverified = estimates.filter(|estimate| estimate.basis == Basis::Unverified).count();
    html.element("<p class=\"more-words\">", &label, &format!(
        ": of {} numbers that the model takes as given, {unverified} are unverified: nobody has seen a source that states \
         them.</p>",
        model.parameters.len()
    ));
    html.tag("<div class=\"table-scroll\" role=\"region\" tabindex=\"0\" aria-label=\"What the results rest on\"><table class=\"data-table\"><thead><tr><th scope=\"col\">Result");
    html.element(", ", &label, "</th><th scope=\"col\" class=\"number\">Numbers it rests on</th><th scope=\"col\" class=\"number\">Unverified</th></tr></thead><tbody>");
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
    let Shared { session, shown, .. } = shared;
    let region = Memo::new(move |_| session.with(Session::region));
    let model = session.with_untracked(Session::model_shared);
    // What a browser is sent of a model leaves its limits out: they are there as they were built.
    let list = fixed(|html| limits(html, &model));
    let rest = patched(move || {
        let mut html = Html::default();
        rests(&mut html, &model, shown, region.get());
        html.finish()
    });
    view! {
        <section class="more-panel limits" aria-labelledby="limits-title">
            <h2 id="limits-title">"What the model cannot see"</h2>
            <ul class="limits-list" inner_html=list></ul>
            <div inner_html=rest></div>
        </section>
    }
}
