//! Choices between a few things: the region, the length of the run, the reading of the evidence, where the levers start
//! from.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlInputElement;

use super::Shared;
use super::patched::patched;
use super::reactive::{follow, on_change, on_click, steady, whether};
use crate::decimal::short;
use crate::markup::{Html, fixed};
use crate::session::{Gesture, Session};

/// Lengths of a run to choose from, as parts of the longest.
const LENGTHS: [f64; 4] = [0.25, 0.5, 0.75, 1.0];

/// The assumptions that a reader argues with first: the general discount on effects, and how large an extra exporter is.
const ARGUED: [&str; 2] = ["eta", "q"];

/// One of a few.
struct Choice {
    value: String,
    label: String,
    flag: String,
    gesture: Gesture,
}

/// A row of buttons of which the one with the value `chosen` is pressed.
fn segments(shared: &Shared, name: &str, choices: Vec<Choice>, chosen: Signal<String>) -> impl IntoView + use<> {
    let (gesture, ready) = (shared.gesture, shared.ready);
    let waits = whether(move || !ready.get());
    let name = format!("{}-{name}", shared.setup.prefix);
    let options: Vec<_> = choices
        .into_iter()
        .map(|Choice { value, label, flag, gesture: meant }| {
            let name_of_choice = fixed(|html| {
                html.element("<span>", &label, "</span>");
                if !flag.is_empty() {
                    html.element("<span class=\"segment-flag\">", &flag, "</span>");
                }
            });
            let own = value.clone();
            let is_chosen = whether(move || chosen.with(|chosen| *chosen == own));
            let choose = on_change(move |_| gesture.run(meant.clone()));
            view! {
                <label class="segment">
                    <input type="radio" name=name.clone() value=value
                        checked=is_chosen prop:checked=is_chosen disabled=waits on:change=choose/>
                    <span inner_html=name_of_choice></span>
                </label>
            }
        })
        .collect();
    view! { <div class="segments">{options}</div> }
}

/// The region whose numbers hold.
#[component]
pub fn RegionChoice(
    /// What the parts share.
    shared: Shared,
) -> impl IntoView {
    let session = shared.session;
    let model = session.with_untracked(Session::model_shared);
    let choices = model.region_ids().map(|id| {
        let region = &model.regions[id.index()];
        Choice {
            value: region.id.clone(),
            label: region.label.clone(),
            flag: region.mark.clone(),
            gesture: Gesture::Region(id),
        }
    });
    let region = move |say: fn(&model::Region) -> &String| {
        session.with(|session| say(&session.model().regions[session.region().index()]).clone())
    };
    let chosen = steady(move || region(|region| &region.id));
    let note = steady(move || region(|region| &region.note));
    let segments = segments(&shared, "region", choices.collect(), chosen);
    view! {
        <fieldset class="choice choice-region">
            <legend>"Region"</legend>
            {segments}
            <p class="choice-note">{note}</p>
            <p class="choice-note">"Definitions differ between regions: compare changes, not levels, and do not rank regions."</p>
        </fieldset>
    }
}

/// In which year the result is read.
#[component]
pub fn YearChoice(
    /// What the parts share.
    shared: Shared,
) -> impl IntoView {
    let session = shared.session;
    let time = session.with_untracked(|session| session.model().time.clone());
    let choices = LENGTHS.map(|part| (time.longest * part / time.save).round() * time.save).map(|years| Choice {
        value: short(years),
        label: short(years),
        flag: String::new(),
        gesture: Gesture::Years(years),
    });
    let chosen = steady(move || session.with(|session| short(session.settings().years)));
    let unit = time.unit.clone();
    let segments = segments(&shared, "years", choices.into(), chosen);
    view! {
        <fieldset class="choice choice-years">
            <legend>{format!("{} looked ahead", capitalised(&unit))}</legend>
            {segments}
        </fieldset>
    }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
}

/// How the evidence is read: as the sceptic does, centrally, or as the advocate does; and the two assumptions behind that
/// matter most.
#[component]
pub fn CaseChoice(
    /// What the parts share.
    shared: Shared,
) -> impl IntoView {
    let session = shared.session;
    let model = session.with_untracked(Session::model_shared);
    let choice = |preset: model::PresetId| Choice {
        value: model.scenarios[preset.index()].id.clone(),
        label: model.scenarios[preset.index()].label.clone(),
        flag: String::new(),
        gesture: Gesture::Case(Some(preset)),
    };
    let mut choices: Vec<_> = session.with_untracked(Session::cases).into_iter().map(choice).collect();
    // Between the first reading and the others, so that the middle stands in the middle.
    let central =
        Choice { value: String::new(), label: "Central".into(), flag: String::new(), gesture: Gesture::Case(None) };
    choices.insert(choices.len().min(1), central);
    let case = move |say: fn(&model::Preset) -> &String, otherwise: &str| {
        session.with(|session| match session.case() {
            Some(case) => say(&session.model().scenarios[case.index()]).clone(),
            None => otherwise.to_owned(),
        })
    };
    let chosen = steady(move || case(|case| &case.id, ""));
    let segments = segments(&shared, "case", choices, chosen);
    let note = steady(move || {
        case(
            |case| &case.doc,
            "Graded evidence less a general discount; jobs and exports taken from others are counted.",
        )
    });
    let argued: Vec<_> =
        ARGUED.iter().filter_map(|id| model.parameter(id)).map(|parameter| argument(&shared, parameter)).collect();
    view! {
        <fieldset class="choice choice-case">
            <legend>"Reading of the evidence"</legend>
            {segments}
            <p class="choice-note">{note}</p>
            <div class="arguments">{argued}</div>
        </fieldset>
    }
}

/// An assumption as a slider.
fn argument(shared: &Shared, parameter: model::ParameterId) -> impl IntoView + use<> {
    let (gesture, ready, session) = (shared.gesture, shared.ready, shared.session);
    let model = session.with_untracked(Session::model_shared);
    let declared = &model.parameters[parameter.index()];
    let id = format!("{}-argue-{}", shared.setup.prefix, declared.id);
    let label = fixed(|html| {
        html.text(&declared.label);
    });
    let model = session.with_untracked(Session::model_shared);
    let value = steady(move || session.with(|session| short(session.parameter(parameter))));
    // A reading may stand outside of the range that the reader has.
    let ends = Memo::new(move |_| {
        session.with(|session| {
            let (value, estimate) =
                (session.parameter(parameter), model.parameters[parameter.index()].estimate(session.region()));
            (short(estimate.low.min(value)), short(estimate.high.max(value)))
        })
    });
    let (low, high) = ends.get_untracked();
    let field = id.clone();
    follow(move || {
        // The ends first: a value beyond them would not be taken.
        let ((low, high), value) = (ends.get(), value.get());
        let field = document().get_element_by_id(&field).map(JsCast::unchecked_into::<HtmlInputElement>);
        if let Some(field) = field {
            field.set_min(&low);
            field.set_max(&high);
            field.set_value(&value);
        }
    });
    let own = patched(move || {
        let is_own = session.with(|session| session.is_own(parameter));
        let mut html = Html::default();
        html.element("<b>", &value.get(), if is_own { "</b> your own" } else { "</b>" });
        html.finish()
    });
    let waits = whether(move || !ready.get());
    let moved = on_change(move |event| {
        let value = event_target::<HtmlInputElement>(&event).value_as_number();
        gesture.run(Gesture::Parameter(parameter, value));
    });
    view! {
        <div class="argument">
            <label for=id.clone() inner_html=label></label>
            <span class="argument-value" inner_html=own></span>
            <input id=id type="range" min=low max=high step="0.01" value=value.get_untracked()
                disabled=waits autocomplete="off" on:input=moved/>
        </div>
    }
}

/// Named settings to start from.
#[component]
pub fn PresetChoice(
    /// What the parts share.
    shared: Shared,
) -> impl IntoView {
    let Shared { session, gesture, ready, setup, .. } = shared;
    let (model, presets) = session.with_untracked(|session| (session.model_shared(), session.presets()));
    let title = format!("{}-presets", setup.prefix);
    let waits = whether(move || !ready.get());
    let today = (None, "Today".to_owned(), "Every lever as it stands".to_owned());
    let named = presets.into_iter().map(|preset| {
        let declared = &model.scenarios[preset.index()];
        (Some(preset), declared.label.clone(), declared.doc.clone())
    });
    let choices: Vec<_> = std::iter::once(today).chain(named).collect();
    let meanings = fixed(|html| meanings(html, &choices));
    let buttons: Vec<_> = choices
        .into_iter()
        .map(|(preset, label, doc)| {
            let pressed = steady(move || {
                let is_set = |session: &Session| preset.map_or(session.is_as_today(), |preset| session.matches(preset));
                session.with(is_set).to_string()
            });
            let meant = preset.map_or(Gesture::ResetLevers, Gesture::Preset);
            let take = on_click(move |_| gesture.run(meant.clone()));
            let label = fixed(|html| {
                html.text(&label);
            });
            view! {
                <button class="preset" type="button" title=doc aria-pressed=pressed
                    disabled=waits on:click=take inner_html=label></button>
            }
        })
        .collect();
    view! {
        <div class="choice choice-preset" role="group" aria-labelledby=title.clone()>
            <p class="choice-title" id=title.clone()>"Start from"</p>
            <div class="segments">{buttons}</div>
            <details class="lever-more" inner_html=meanings></details>
        </div>
    }
}

/// What each of the named settings to start from stands for.
fn meanings(html: &mut Html, choices: &[(Option<model::PresetId>, String, String)]) {
    html.tag("<summary>What these stand for</summary><dl class=\"lever-facts\">");
    for (_, label, doc) in choices {
        html.element("<dt>", label, "</dt>").element("<dd>", doc, "</dd>");
    }
    html.tag("</dl>");
}
