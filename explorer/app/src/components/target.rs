//! A target, and the cheapest mix of levers for it.

use std::collections::BTreeSet;

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Event, HtmlInputElement};

use model::{LeverId, Model};

use super::Shared;
use super::reactive::{in_pieces, on_change, whether, words};
use super::tools::button;
use crate::goal::{Found, Target, TargetRun, Wanted};
use crate::markup::{Html, fixed};
use crate::number::percent;
use crate::session::Gesture;

/// Probabilities to choose from, in per cent; the central run alone is none of them.
const PROBABILITIES: [f64; 4] = [50.0, 75.0, 90.0, 95.0];

/// How the search stands.
#[derive(Clone, Debug, PartialEq)]
enum Search {
    Idle,
    /// How much of it is done, in per cent.
    Running(u8),
    Done(Box<Found>),
    Failed(String),
}

/// The target and what was found.
#[component]
pub fn TargetPanel(
    /// What the parts share.
    shared: Shared,
) -> impl IntoView {
    let Shared { session, gesture, ready, shown, setup, .. } = shared;
    let target = StoredValue::new(Target::default());
    let search = RwSignal::new(Search::Idle);
    let prefix = format!("{}-target", setup.prefix);
    let model = session.with_untracked(|session| session.model_shared());
    let has_share = shown.exporter_share.is_some();
    let form = fixed(|html| fields(html, &prefix, &model, has_share));
    // One listener for all fields: which one it was, its name says.
    let changed = on_change(move |event: Event| {
        let field = event_target::<HtmlInputElement>(&event);
        let number = || field.value().parse::<u32>().ok().map(f64::from);
        target.update_value(|target| match field.name().as_str() {
            "wanted" => {
                target.wanted = match field.value().as_str() {
                    "exports" => Wanted::Exports,
                    "share" => Wanted::ExporterShare,
                    _ => Wanted::Jobs,
                }
            }
            "least" => target.at_least = field.value_as_number(),
            "probability" => {
                target.probability = number().filter(|percent| *percent > 0.0).map(|percent| percent / 100.0)
            }
            // A box for a lever: they are read when the search begins.
            _ => {}
        });
        search.set(Search::Idle);
    });
    let boxes = prefix.clone();
    let find = move || {
        let asked = session.get_untracked();
        target.update_value(|target| target.fixed = unchecked(&boxes, asked.model()));
        match target.with_value(|target| TargetRun::new(&asked, shown, target)) {
            Ok(mut run) => {
                search.set(Search::Running(0));
                in_pieces(move || {
                    // Until another is asked for.
                    if !search.with_untracked(|search| matches!(search, Search::Running(_))) {
                        return false;
                    }
                    let more = run.advance();
                    search.set(match more {
                        true => Search::Running((run.progress() * 100.0) as u8),
                        false => match run.found() {
                            Ok(found) => Search::Done(Box::new(found)),
                            Err(error) => Search::Failed(error.to_string()),
                        },
                    });
                    more
                });
            }
            Err(error) => search.set(Search::Failed(error.to_string())),
        }
    };
    let take = move || {
        if let Search::Done(found) = search.get_untracked() {
            gesture.run(Gesture::Levers(found.levers().to_vec()));
        }
    };
    let found = words(move || {
        let mut html = Html::default();
        search.with(|search| match search {
            Search::Idle => {}
            Search::Running(done) => {
                html.tag(&format!("<progress max=\"100\" value=\"{done}\"></progress> Searching."));
            }
            Search::Failed(error) => {
                html.element("<p>The search did not end: ", error, ".</p>");
            }
            Search::Done(found) => {
                let class = if found.is_in_reach() {
                    "<p class=\"target-found\">"
                } else {
                    "<p class=\"target-found is-out\">"
                };
                html.element(class, &found.in_words(), "</p><ul class=\"target-mix\">");
                let model = session.with_untracked(|session| session.model_shared());
                for (lever, setting) in model.levers.iter().zip(found.levers()).filter(|(_, setting)| **setting > 0.0) {
                    html.element("<li>", &lever.label, " <b>").element("", &percent(*setting), "</b></li>");
                }
                html.tag("</ul>");
            }
        });
        html.finish()
    });
    let waits = whether(move || !ready.get());
    let is_done = move || ready.get() && search.with(|search| matches!(search, Search::Done(_)));
    let may_search = move || ready.get() && search.with(|search| !matches!(search, Search::Running(_)));
    view! {
        <section class="more-panel target" aria-labelledby="target-title">
            <h2 id="target-title">"Reach a target"</h2>
            <p class="more-words">"The cheapest mix that the model finds for a target, at the end of the run, with the reading of the evidence and the assumptions that are set. Cheap means public cost over the run: politics, firms’ own time and the losses of others are not in it."</p>
            <fieldset class="target-form" aria-labelledby="target-title" disabled=waits on:change=changed inner_html=form></fieldset>
            <div class="tools">
                {button("Find the cheapest mix", may_search, find)}
                {button("Set the levers to this mix", is_done, take)}
            </div>
            <div class="target-result" role="status" inner_html=found></div>
        </section>
    }
}

/// The levers whose boxes are not ticked. A browser may untick them by itself, when it remembers them over a reload.
fn unchecked(prefix: &str, model: &Model) -> BTreeSet<LeverId> {
    let is_unchecked = |lever: &LeverId| {
        let id = format!("{prefix}-{}", model.levers[lever.index()].id);
        let found = document().get_element_by_id(&id).map(JsCast::unchecked_into::<HtmlInputElement>);
        found.is_some_and(|found| !found.checked())
    };
    model.lever_ids().filter(is_unchecked).collect()
}

fn fields(html: &mut Html, prefix: &str, model: &Model, has_share: bool) {
    let option = |html: &mut Html, value: &str, words: &str| {
        html.element("<option value=\"", value, "\">").element("", words, "</option>");
    };
    html.tag(&format!("<label for=\"{prefix}-wanted\">What</label><select id=\"{prefix}-wanted\" name=\"wanted\" autocomplete=\"off\">"));
    option(html, "jobs", "net jobs");
    option(html, "exports", "net service exports, US$ billion a year");
    if has_share {
        option(html, "share", "share of exporting firms, times today’s");
    }
    html.tag(&format!("</select><label for=\"{prefix}-least\">At least</label><input id=\"{prefix}-least\" name=\"least\" type=\"button\" class=\"field\" data-as=\"number\" data-min=\"0\" data-step=\"any\" value=\"100000\" data-autocomplete=\"off\">"));
    html.tag(&format!("<label for=\"{prefix}-probability\">How sure</label><select id=\"{prefix}-probability\" name=\"probability\" autocomplete=\"off\">"));
    option(html, "0", "in the central run");
    for probability in PROBABILITIES {
        option(html, &probability.to_string(), &format!("in {probability}% of the runs"));
    }
    html.tag(
        "</select><fieldset class=\"target-levers\"><legend>Levers that may move; others stay as they are set</legend>",
    );
    for lever in &model.levers {
        html.tag(&format!("<label><input type=\"checkbox\" checked id=\"{prefix}-{}\"> ", lever.id));
        html.element("", &lever.label, "</label>");
    }
    html.tag("</fieldset>");
}
