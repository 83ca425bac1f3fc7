//! A target, and the cheapest mix of levers for it.

use std::collections::BTreeSet;

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Event, HtmlInputElement};

use model::{LeverId, Model, RunError};

use super::Shared;
use super::patched::patched;
use super::reactive::{in_pieces, on_change, whether, words};
use super::tools::button;
use crate::goal::{Found, Target, TargetRun, Wanted};
use crate::markup::{Html, fixed};
use crate::number::percent;
use crate::session::Gesture;

/// Probabilities to choose from, in per cent; the central run alone is none of them.
const PROBABILITIES: [f64; 8] = [50.0, 60.0, 67.0, 75.0, 80.0, 90.0, 95.0, 99.0];

/// What stands above a mix that need not hold any more.
const OLD: &str = "This mix is for other settings than the present ones: search again.";

/// How the search stands.
#[derive(Clone, Debug, PartialEq)]
enum Search {
    Idle,
    /// How much of it is done, in per cent.
    Running(u8),
    Done(Box<Found>),
    /// Why nothing was found.
    Failed(String),
}

impl Search {
    /// How much of it is done, in per cent, while it runs.
    fn done(&self) -> Option<u8> {
        match self {
            Self::Running(done) => Some(*done),
            _ => None,
        }
    }
}

/// A search that came to no end.
fn ended(error: &RunError) -> Search {
    Search::Failed(format!("The search did not end: {error}."))
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
        if target.with_value(|target| !target.at_least.is_finite()) {
            return search.set(Search::Failed("Enter a target first.".into()));
        }
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
                            Err(error) => ended(&error),
                        },
                    });
                    more
                });
            }
            Err(error) => search.set(ended(&error)),
        }
    };
    let take = move || {
        if let Search::Done(found) = search.get_untracked() {
            gesture.run(Gesture::Levers(found.levers().to_vec()));
        }
    };
    let cautions = setup.prefix.clone();
    let found = patched(move || {
        let mut html = Html::default();
        search.with(|search| match search {
            Search::Idle => {}
            Search::Running(_) => {
                html.tag("<p>Searching.</p>");
            }
            Search::Failed(why) => {
                html.element("<p>", why, "</p>");
            }
            Search::Done(found) => {
                let class = if found.is_in_reach() {
                    "<p class=\"target-found\">"
                } else {
                    "<p class=\"target-found is-out\">"
                };
                html.element(class, &found.in_words(), "</p><ul class=\"target-mix\">");
                let model = session.with_untracked(|session| session.model_shared());
                let used = || model.levers.iter().zip(found.levers()).filter(|(_, setting)| **setting > 0.0);
                for (lever, setting) in used() {
                    html.element("<li>", &lever.label, " <b>").element("", &percent(*setting), "</b></li>");
                }
                html.tag("</ul>");
                for (lever, _) in used() {
                    if let Some(caution) = caution(&cautions, &lever.id) {
                        html.element("<p class=\"lever-caution\">", &lever.label, ": ").element("", &caution, "</p>");
                    }
                }
            }
        });
        html.finish()
    });
    let waits = whether(move || !ready.get());
    let done = words(move || search.with(Search::done).unwrap_or_default().to_string());
    let is_running = move || search.with(|search| search.done().is_some());
    let is_idle = whether(move || !is_running());
    let is_old = whether(move || {
        search.with(|search| match search {
            Search::Done(found) => !session.with(|session| found.holds_in(session)),
            _ => false,
        })
    });
    let said = words(move || if is_old.get() { OLD.into() } else { String::new() });
    let is_done = move || ready.get() && search.with(|search| matches!(search, Search::Done(_))) && !is_old.get();
    let may_search = move || ready.get() && !is_running();
    view! {
        <section class="more-panel target" aria-labelledby="target-title">
            <h2 id="target-title">"Reach a target"</h2>
            <p class="more-words">"The cheapest mix that the model finds for a target, at the end of the run, with the reading of the evidence and the assumptions that are set. Cheap means public cost over the run: politics, firms’ own time and the losses of others are not in it. So levers that mostly cost politics stay out unless you tick them."</p>
            <fieldset class="target-form" aria-labelledby="target-title" disabled=waits on:change=changed inner_html=form></fieldset>
            <div class="tools">
                {button("Find the cheapest mix", may_search, find)}
                {button("Set the levers to this mix", is_done, take)}
            </div>
            <progress max="100" aria-label="How much of the search is done" value=done hidden=is_idle></progress>
            <p class="more-old" role="status">{said}</p>
            <div class="more-found" class:is-old=is_old role="status" inner_html=found></div>
        </section>
    }
}

/// What readers must not conclude from a lever, which the page says at the lever; none where it says nothing.
fn caution(prefix: &str, lever: &str) -> Option<String> {
    let place = document().query_selector(&format!("#{prefix}-{lever} .lever-caution")).ok()??;
    place.text_content().filter(|caution| !caution.is_empty())
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
        // The search would take what nobody has put a price on first.
        let ticked = if lever.cost_omits.is_empty() { " checked" } else { "" };
        html.tag(&format!("<label><input type=\"checkbox\"{ticked} id=\"{prefix}-{}\"> ", lever.id));
        html.element("<span>", &lever.label, "");
        if !lever.cost_omits.is_empty() {
            html.element(" <small>(cost without ", &lever.cost_omits, ")</small>");
        }
        html.tag("</span></label>");
    }
    html.tag("</fieldset>");
}
