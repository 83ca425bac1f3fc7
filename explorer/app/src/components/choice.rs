//! Choices between a few things: the region, the reading of the evidence, where the levers start from.

use leptos::prelude::*;

use super::Shared;
use crate::session::{Gesture, Session};

/// The region whose numbers hold.
#[component]
pub fn RegionChoice(
    /// What the parts share.
    shared: Shared,
) -> impl IntoView {
    let Shared { session, gesture, ready, setup, .. } = shared;
    let model = session.with_untracked(Session::model_shared);
    let name = format!("{}-region", setup.prefix);
    let options: Vec<_> = model
        .regions
        .iter()
        .filter_map(|region| Some((model.region(&region.id)?, region.clone())))
        .map(|(id, region)| {
            let chosen = move || session.with(|session| session.region() == id);
            let flag =
                (!region.mark.is_empty()).then(|| view! { <span class="segment-flag">{region.mark.clone()}</span> });
            view! {
                <label class="segment">
                    <input type="radio" name=name.clone() value=region.id.clone()
                        checked=chosen prop:checked=chosen disabled=move || !ready.get()
                        on:change=move |_| gesture.run(Gesture::Region(id))/>
                    <span><span>{region.label.clone()}</span>{flag}</span>
                </label>
            }
        })
        .collect();
    let note = move || session.with(|session| session.model().regions[session.region().index()].note.clone());
    view! {
        <fieldset class="choice choice-region">
            <legend>"Region"</legend>
            <div class="segments">{options}</div>
            <p class="choice-note"><span>{note}</span></p>
            <p class="choice-note">"Definitions differ between regions: compare changes, never levels, and rank nobody."</p>
        </fieldset>
    }
}

/// How the evidence is read: as the sceptic does, centrally, or as the advocate does.
#[component]
pub fn CaseChoice(
    /// What the parts share.
    shared: Shared,
) -> impl IntoView {
    let Shared { session, gesture, ready, setup, .. } = shared;
    let (model, mut cases) = session
        .with_untracked(|session| (session.model_shared(), session.cases().into_iter().map(Some).collect::<Vec<_>>()));
    // Between the first reading and the others, so that the middle stands in the middle.
    cases.insert(cases.len().min(1), None);
    let name = format!("{}-case", setup.prefix);
    let options: Vec<_> = cases
        .into_iter()
        .map(|case| {
            let (id, label) = match case {
                Some(case) => (model.scenarios[case.index()].id.clone(), model.scenarios[case.index()].label.clone()),
                None => ("central".to_owned(), "Central".to_owned()),
            };
            let chosen = move || session.with(|session| session.case() == case);
            view! {
                <label class="segment">
                    <input type="radio" name=name.clone() value=id
                        checked=chosen prop:checked=chosen disabled=move || !ready.get()
                        on:change=move |_| gesture.run(Gesture::Case(case))/>
                    <span>{label}</span>
                </label>
            }
        })
        .collect();
    let note = move || {
        session.with(|session| match session.case() {
            Some(case) => session.model().scenarios[case.index()].doc.clone(),
            None => {
                "Graded evidence less a general discount; jobs and exports taken from others are counted.".to_owned()
            }
        })
    };
    view! {
        <fieldset class="choice choice-case">
            <legend>"Reading of the evidence"</legend>
            <div class="segments">{options}</div>
            <p class="choice-note">{note}</p>
        </fieldset>
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
    let none_pressed = move || session.with(|session| session.is_base_run().to_string());
    let buttons: Vec<_> = presets
        .into_iter()
        .map(|preset| {
            let declared = &model.scenarios[preset.index()];
            let pressed = move || session.with(|session| session.matches(preset).to_string());
            view! {
                <button class="preset" type="button" title=declared.doc.clone() aria-pressed=pressed
                    disabled=move || !ready.get() on:click=move |_| gesture.run(Gesture::Preset(preset))>
                    {declared.label.clone()}
                </button>
            }
        })
        .collect();
    view! {
        <div class="choice choice-preset" role="group" aria-labelledby=title.clone()>
            <p class="choice-title" id=title.clone()>"Start from"</p>
            <div class="segments">
                <button class="preset" type="button" aria-pressed=none_pressed disabled=move || !ready.get()
                    on:click=move |_| gesture.run(Gesture::ResetLevers)>
                    "Today"
                </button>
                {buttons}
            </div>
        </div>
    }
}
