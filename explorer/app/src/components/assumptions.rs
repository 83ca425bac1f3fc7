//! Every assumption of the model, to be changed within its range.

use std::collections::BTreeMap;

use chart::Precision;
use chart::number::text;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Event, HtmlInputElement, MouseEvent};
use model::{Basis, Estimate, Model, RegionId};

use super::Shared;
use super::reactive::{follow, on_change, on_click, pressed, whether, words};
use super::tools::button;
use crate::decimal::short;
use crate::markup::{Html, fixed};
use crate::session::{Gesture, Settings};
use crate::setup::Setup;

/// All assumptions with a search.
#[component]
pub fn Assumptions(
    /// What the parts share.
    shared: Shared,
) -> impl IntoView {
    let Shared { session, gesture, ready, setup, .. } = shared;
    let prefix = format!("{}-assume", setup.prefix);
    let model = session.with_untracked(|session| session.model_shared());
    let list = fixed(|html| rows(html, &prefix, &setup, &model, session.with_untracked(|session| session.region())));
    let search_id = format!("{prefix}-search");
    let changed = on_change(move |event: Event| {
        let field = event_target::<HtmlInputElement>(&event);
        let parameter = session.with_untracked(|session| session.model().parameter(&field.name()));
        if let Some(parameter) = parameter {
            gesture.run(Gesture::Parameter(parameter, field.value_as_number()));
            // What was out of range stands at its end, also when that is where it stood.
            field.set_value(&short(session.with_untracked(|session| session.parameter(parameter))));
        }
    });
    let clicked = on_click(move |event: MouseEvent| {
        let Some(pressed) = pressed(&event) else { return };
        let parameter = session.with_untracked(|session| session.model().parameter(&pressed.value()));
        if let (Some(parameter), "reset") = (parameter, pressed.name().as_str()) {
            gesture.run(Gesture::ResetParameter(parameter));
        }
    });
    follow_values(&prefix, session);
    let wanted = RwSignal::new(String::new());
    let found = filter(&prefix, session, wanted);
    let count = words(move || {
        let own = session.with(|session| session.settings().parameters.len());
        if found.get() == 0 {
            return "Nothing found.".to_owned();
        }
        match own {
            0 => "No assumption is your own.".to_owned(),
            1 => "One assumption is your own.".to_owned(),
            own => format!("{own} assumptions are your own."),
        }
    });
    let typed = on_change(move |event| wanted.set(event_target_value(&event).to_ascii_lowercase()));
    let waits = whether(move || !ready.get());
    view! {
        <section class="more-panel assumptions" aria-labelledby="assumptions-title">
            <h2 id="assumptions-title">"Assumptions"</h2>
            <p class="more-words">"Each number the equations take as given, to be changed within its range. Resetting levers leaves them alone. Amber marks what nobody has seen a source for."</p>
            <div class="assumptions-head">
                <label for=search_id.clone()>"Search"</label>
                <input id=search_id type="button" class="field" value=" " data-as="search" data-autocomplete="off" disabled=waits on:input=typed/>
                {button(
                    "Reset all assumptions",
                    move || ready.get() && session.with(|session| !session.settings().parameters.is_empty()),
                    move || gesture.run(Gesture::ResetParameters),
                )}
                <span role="status">{count}</span>
            </div>
            <div class="assumptions-list" role="group" aria-label="All assumptions" tabindex="0">
                <fieldset aria-labelledby="assumptions-title" disabled=waits
                    on:change=changed on:click=clicked inner_html=list></fieldset>
            </div>
        </section>
    }
}

/// Writes what assumptions stand at into their fields, and marks the reader's own.
fn follow_values(prefix: &str, session: Memo<crate::session::Session>) {
    let prefix = prefix.to_owned();
    let mut before: Option<Settings> = None;
    let mut values_before = BTreeMap::new();
    follow(move || {
        let (settings, values, model) =
            session.with(|session| (session.settings().clone(), session.scenario().parameters, session.model_shared()));
        let region = settings.region;
        let region_before = before.as_ref().map_or(model.region_ids().next(), |before| Some(before.region));
        for parameter in model.parameter_ids() {
            let was_own = before.as_ref().is_some_and(|before| before.parameters.contains_key(&parameter));
            let is_own = settings.parameters.contains_key(&parameter);
            let moved = values.get(&parameter) != values_before.get(&parameter);
            if !moved && is_own == was_own && Some(region) == region_before {
                continue;
            }
            let declared = &model.parameters[parameter.index()];
            let estimate = declared.estimate(region);
            let Some(row) = document().get_element_by_id(&format!("{prefix}-{}", declared.id)) else { continue };
            let field = row.query_selector("input").ok().flatten().map(JsCast::unchecked_into::<HtmlInputElement>);
            if let Some(field) = field {
                field.set_min(&short(estimate.low));
                field.set_max(&short(estimate.high));
                field.set_value(&short(values.get(&parameter).copied().unwrap_or(estimate.central)));
            }
            row.set_class_name(if is_own { "assumption is-own" } else { "assumption" });
        }
        if Some(region) != region_before {
            show_region(&prefix, &model, region);
        }
        (before, values_before) = (Some(settings), values);
    });
}

/// Shows what holds in `region` and hides what holds elsewhere.
fn show_region(prefix: &str, model: &Model, region: RegionId) {
    for parameter in &model.parameters {
        for other in model.region_ids() {
            let id = format!("{prefix}-{}-{}", parameter.id, model.regions[other.index()].id);
            if let Some(element) = document().get_element_by_id(&id) {
                element.toggle_attribute_with_force("hidden", other != region).ok();
            }
        }
    }
}

/// Hides the assumptions whose words do not hold what is searched for; counts those that do.
fn filter(prefix: &str, session: Memo<crate::session::Session>, wanted: RwSignal<String>) -> RwSignal<usize> {
    let prefix = prefix.to_owned();
    let mut before = String::new();
    let found = RwSignal::new(usize::MAX);
    follow(move || {
        let wanted = wanted.get();
        if before != wanted {
            let mut count = 0;
            for parameter in &session.with_untracked(|session| session.model_shared()).parameters {
                if let Some(row) = document().get_element_by_id(&format!("{prefix}-{}", parameter.id)) {
                    let is_found = row.text_content().unwrap_or_default().to_ascii_lowercase().contains(&wanted);
                    row.toggle_attribute_with_force("hidden", !is_found).ok();
                    count += usize::from(is_found);
                }
            }
            found.set(count);
        }
        before = wanted;
    });
    found
}

fn rows(html: &mut Html, prefix: &str, setup: &Setup, model: &Model, region: RegionId) {
    let page = &setup.parameters_href;
    for parameter in model.parameters.iter().filter(|parameter| {
        let may_differ = |region| parameter.estimate(region).low < parameter.estimate(region).high;
        model.region_ids().any(may_differ)
    }) {
        let estimate = parameter.estimate(region);
        let id = format!("{prefix}-{}", parameter.id);
        html.element("<div class=\"assumption\" id=\"", &id, "\"><label for=\"").element("", &id, "-value\">");
        html.element("", &parameter.label, "</label><a class=\"assumption-id\" href=\"");
        html.element("", &format!("{page}#p-{}", parameter.id), "\">").element("", &parameter.id, "</a>");
        html.tag(&format!(
            "<span class=\"assumption-value\"><input id=\"{id}-value\" type=\"button\" class=\"field\" data-as=\"number\" name=\"{}\" data-step=\"any\" data-min=\"{}\" data-max=\"{}\" value=\"{}\" data-autocomplete=\"off\"> ",
            parameter.id,
            short(estimate.low),
            short(estimate.high),
            short(estimate.central),
        ));
        // What has no unit is a bare number.
        let unit = if parameter.unit == "Dmnl" { "" } else { parameter.unit.as_str() };
        html.element("<span>", unit, "</span></span>");
        html.element(
            "<button class=\"reset\" type=\"button\" name=\"reset\" value=\"",
            &parameter.id,
            "\" aria-label=\"Reset ",
        );
        html.element("", &parameter.label, "\">Reset</button>");
        match &parameter.shared {
            Some(shared) if parameter.regional.is_empty() => source(html, "", shared, setup, false),
            _ => {
                for other in model.region_ids() {
                    let id = format!(" id=\"{id}-{}\"", model.regions[other.index()].id);
                    source(html, &id, parameter.estimate(other), setup, other != region);
                }
            }
        }
        html.tag("</div>");
    }
}

/// Where an estimate comes from and how good it is.
fn source(html: &mut Html, id: &str, estimate: &Estimate, setup: &Setup, is_hidden: bool) {
    let hidden = if is_hidden { " hidden" } else { "" };
    let unverified = if estimate.basis == Basis::Unverified { " is-unverified" } else { "" };
    html.tag(&format!("<p class=\"assumption-source{unverified}\"{id}{hidden}>"));
    html.element(
        "",
        &format!("{} to {}", text(estimate.low, Precision::Full), text(estimate.high, Precision::Full)),
        ". Grade ",
    );
    html.element("", &format!("{}, {}", estimate.grade, estimate.basis.name()), "");
    if !estimate.sources.is_empty() {
        let works: Vec<&str> = estimate.sources.iter().map(|key| setup.work(key)).collect();
        html.tag(" (").tag(&works.join("; ")).tag(")");
    }
    html.tag(". ").element("", &estimate.note, "</p>");
}
