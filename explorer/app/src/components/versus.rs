//! What was held (A) beside what is set now (B).

use std::sync::Arc;

use leptos::prelude::*;

use super::Shared;
use super::patched::patched;
use super::reactive::whether;
use super::result::{chart_figure, pictures};
use super::tools::button;
use crate::comparison;
use crate::markup::Html;
use crate::results::Results;
use crate::session::Gesture;

/// The comparison; nothing while nothing is held.
#[component]
pub fn Versus(
    /// What the parts share.
    shared: Shared,
) -> impl IntoView {
    let Shared { session, results, gesture, ready, shown, setup, unfolded, .. } = shared.clone();
    let held = Memo::new(move |_| {
        let held = session.with(|session| session.held_session())?;
        Results::of(&held, shown).ok()
    });
    let is_held = move || held.with(Option::is_some);
    let pair = move || -> Option<(Arc<Results>, Arc<Results>)> { Some((held.get()?, results.get().ok()?)) };
    let prefix = setup.prefix.clone();
    let chart = move || pair().and_then(|(held, present)| comparison::chart(&prefix, &held, &present));
    let drawn = chart.clone();
    let compared = patched(move || {
        unfolded.track();
        let mut html = Html::default();
        if let Some((held, present)) = pair() {
            html.tag("<dl class=\"versus-settings\">");
            for (name, results) in [("A", &held), ("B", &present)] {
                let session = results.session();
                html.element("<dt>", name, "</dt>").element("<dd>", &session.place_in_words(), ". ");
                html.element("", &session.in_words(), "</dd>");
            }
            html.tag("</dl>");
            html.element("<p class=\"choice-note\">", &comparison::caution(&held, &present), "</p>");
            html.tag("<div class=\"table-scroll\" role=\"region\" tabindex=\"0\" aria-label=\"A and B, table\"><table class=\"data-table\"><thead><tr><th scope=\"col\">In the last year</th><th scope=\"col\" class=\"number\">A</th><th scope=\"col\" class=\"number\">B</th><th scope=\"col\" class=\"number\">B less A</th></tr></thead><tbody>");
            for row in comparison::rows(&held, &present) {
                html.element("<tr><th scope=\"row\">", row.label, "</th>");
                for value in [&row.held, &row.present, row.difference.as_ref().unwrap_or(&"–".to_owned())] {
                    html.element("<td class=\"number\">", value, "</td>");
                }
                html.tag("</tr>");
            }
            html.tag("</tbody></table></div>");
            if let Some(chart) = drawn() {
                chart_figure(&mut html, &chart, true);
            }
        }
        html.finish()
    });
    let is_hidden = whether(move || !is_held());
    let clicked = pictures(&shared, move || {
        let (held, present) = pair()?;
        Some((comparison::in_words(&held, &present), chart().into_iter().collect()))
    });
    view! {
        <section class="more-panel versus" aria-labelledby="versus-title" hidden=is_hidden>
            <h2 id="versus-title">"A and B"</h2>
            <div class="tools">
                {button("Swap A and B", move || ready.get() && is_held(), move || gesture.run(Gesture::Swap))}
                {button("Hold B as the new A", move || ready.get() && is_held(), move || gesture.run(Gesture::Hold))}
                {button("Let go of A", move || ready.get() && is_held(), move || gesture.run(Gesture::Release))}
            </div>
            <div on:click=clicked inner_html=compared></div>
        </section>
    }
}
