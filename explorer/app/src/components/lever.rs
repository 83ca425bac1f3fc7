//! One lever: its setting, what that amounts to, and what speaks for and against it.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::web_sys::HtmlInputElement;
use model::{Basis, Estimate, Lever, LeverId, Model, Quantified, Reference, RegionId, RunError, Schedule, Whereabouts};

use super::Shared;
use super::patched::patched_from;
use super::reactive::{after_frames, follow, on_change, on_click, whether, words};
use crate::decimal::short;
use crate::markup::{Html, fixed};
use crate::number::{percent, tenths};
use crate::results::{Results, marked};
use crate::session::{Gesture, Session, schedule_in_words};
use crate::setup::Setup;

/// Whether a lever's name is a heading of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Naming {
    /// On the explorer's own page, where levers stand below the headings of their groups.
    Heading,
    /// Within a text, whose headings it must not disturb.
    Paragraph,
}

/// What stands at a lever: all that its control says.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    setting: f64,
    /// What the setting amounts to.
    amount: String,
    /// What the stretch of the track means in which it lies, if it was moved.
    stretch: Option<String>,
    cost: String,
    schedule: Schedule,
    is_untouched: bool,
}

impl Standing {
    fn of(session: &Session, results: &Result<Arc<Results>, RunError>, lever: LeverId) -> Self {
        let declared = &session.model().levers[lever.index()];
        let setting = session.lever(lever);
        let results = results.as_ref().ok();
        let stretch = if session.is_status_quo(lever) { None } else { declared.stretch(setting) };
        Self {
            setting,
            amount: results.map(|results| results.setting_in_words(lever)).unwrap_or_default(),
            stretch: stretch.map(|stretch| stretch.label.clone()),
            cost: results.and_then(|results| results.lever_cost(lever)).unwrap_or_default(),
            schedule: session.schedule(lever),
            is_untouched: session.is_untouched(lever),
        }
    }

    fn percent(&self) -> String {
        short(self.setting * 100.0)
    }
}

/// What stands at each of `levers`, told to its control alone when it changes: a reader moves one of many. What else follows
/// from that, such as what others cost, comes a frame later.
pub fn standings(shared: &Shared, levers: Vec<LeverId>) -> Vec<ReadSignal<Standing>> {
    let Shared { session, results, .. } = shared.clone();
    let now = move |lever| session.with(|session| results.with(|results| Standing::of(session, results, lever)));
    let (read, write): (Vec<_>, Vec<_>) = levers.iter().map(|&lever| signal(untrack(|| now(lever)))).unzip();
    let told = read.clone();
    let tell = move |only_moved: bool| {
        for ((&lever, told), tell) in levers.iter().zip(&told).zip(&write) {
            let is_moved = |told: &Standing| {
                session.with(|now| now.lever(lever) != told.setting || now.schedule(lever) != told.schedule)
            };
            if !only_moved || told.with_untracked(is_moved) {
                let now = now(lever);
                if told.with_untracked(|told| *told != now) {
                    tell.set(now);
                }
            }
        }
    };
    let tell_all = tell.clone();
    follow(move || tell(true));
    after_frames(move || results.track(), move |_| untrack(|| tell_all(false)));
    read
}

/// One lever as a slider and a number field, in per cent of its full reach.
#[component]
pub fn LeverControl(
    /// What the parts share.
    shared: Shared,
    /// The lever.
    lever: LeverId,
    /// What stands at it.
    standing: ReadSignal<Standing>,
    /// Whether its name is a heading.
    naming: Naming,
) -> impl IntoView {
    let Shared { session, gesture, ready, setup, places, .. } = shared.clone();
    let (declared, delay) = session.with_untracked(|session| {
        let declared = session.model().levers[lever.index()].clone();
        let delay = declared.lag.map(|lag| session.model().parameters[lag.index()].estimate(session.region()).central);
        (declared, delay)
    });
    let prefix = format!("{}-{}", setup.prefix, declared.id);
    let (range_id, state_id) = (format!("{prefix}-range"), format!("{prefix}-state"));
    // The browser has read the number already; a field that is being emptied has none.
    let moved = move |percent: f64| gesture.run(Gesture::Lever(lever, percent / 100.0));
    let step = format!("{}", (declared.step * 100.0).max(1.0));
    let (lowest, highest) = (short(declared.range.0 * 100.0), short(declared.range.1 * 100.0));
    let marks = {
        let declared = declared.clone();
        let looked_up = move || places.with(|_| ());
        patched_from(looked_up, move || {
            let mut html = Html::default();
            places.with(|(region, places)| {
                marks(&mut html, &declared, *region, places.get(lever.index()).map_or(&[], Vec::as_slice))
            });
            html.finish()
        })
    };
    let name = fixed(|html| name(html, &declared, &range_id, naming));
    let caution = fixed(|html| {
        html.text(&declared.warning);
    });
    let model = session.with_untracked(Session::model_shared);
    let facts = fixed(|html| facts(html, &declared, &model, delay, &setup));
    let state = patched_from(move || standing.track(), move || standing.with(state));
    let value = words(move || standing.with(Standing::percent));
    let spoken = words(move || standing.with(|standing| format!("{}%, {}", standing.percent(), standing.amount)));
    let time = session.with_untracked(|session| session.model().time.clone());
    let (longest, unit) = (short(time.longest), time.unit);
    let years = move |of: fn(&Schedule) -> f64| words(move || standing.with(|standing| short(of(&standing.schedule))));
    let (start, ramp) = (years(|schedule| schedule.start), years(|schedule| schedule.ramp));
    let when = words(move || match standing.with(|standing| standing.schedule) {
        Schedule { start: 0.0, ramp: 0.0 } => "Moves at once".to_owned(),
        schedule => format!("Moves {}", schedule_in_words(schedule)),
    });
    let scheduled = on_change(move |event| {
        let field = event_target::<HtmlInputElement>(&event);
        let mut schedule = session.with_untracked(|session| session.schedule(lever));
        let is_start = field.name() == "start";
        *(if is_start { &mut schedule.start } else { &mut schedule.ramp }) = field.value_as_number();
        gesture.run(Gesture::Schedule(lever, schedule));
        // As for the setting.
        let schedule = session.with_untracked(|session| session.schedule(lever));
        field.set_value(&short(if is_start { schedule.start } else { schedule.ramp }));
    });
    let waits = whether(move || !ready.get());
    let is_as_today = whether(move || !ready.get() || standing.with(|standing| standing.is_untouched));
    let drag = on_change(move |event| moved(event_target::<HtmlInputElement>(&event).value_as_number()));
    let enter = on_change(move |event| {
        let field = event_target::<HtmlInputElement>(&event);
        moved(field.value_as_number());
        // What was out of range stands at its end, also when that is where it stood.
        field.set_value(&short(session.with_untracked(|session| session.lever(lever)) * 100.0));
    });
    let reset = on_click(move |_| gesture.run(Gesture::ResetLever(lever)));
    view! {
        <li class="lever" id=prefix>
            <div class="lever-name" inner_html=name></div>
            <div class="lever-track">
                <progress class="lever-fill" max="100" value=value aria-hidden="true"></progress>
                <svg class="lever-marks" aria-hidden="true" focusable="false" inner_html=marks></svg>
                <input class="lever-range" id=range_id type="range" min=lowest.clone() max=highest.clone() step=step.clone() autocomplete="off"
                    value=value.get_untracked() prop:value=value disabled=waits aria-valuetext=spoken aria-describedby=state_id.clone()
                    on:input=drag/>
            </div>
            <span class="lever-number">
                <input type="button" class="field" data-as="number" data-min=lowest data-max=highest data-step=step
                    data-autocomplete="off" inputmode="decimal" aria-label=format!("{}, per cent", declared.label)
                    value=value.get_untracked() prop:value=value disabled=waits on:change=enter/>
                <span aria-hidden="true">"%"</span>
            </span>
            <button class="reset" type="button" aria-label=format!("Reset {}", declared.label) disabled=is_as_today
                on:click=reset>
                "Reset"
            </button>
            <p class="lever-state" id=state_id inner_html=state></p>
            <p class="lever-caution" inner_html=caution></p>
            <details class="lever-more" inner_html=facts></details>
            <details class="lever-when">
                <summary>{when}</summary>
                <p on:change=scheduled>
                    <label>"Starts after " <input type="button" class="field" data-as="number" name="start" data-min="0"
                        data-max=longest.clone() data-step="any" data-autocomplete="off" value=start.get_untracked() prop:value=start disabled=waits/> {unit.clone()}</label>
                    <label>"and rises over " <input type="button" class="field" data-as="number" name="ramp" data-min="0"
                        data-max=longest data-step="any" data-autocomplete="off" value=ramp.get_untracked() prop:value=ramp disabled=waits/> {unit}</label>
                </p>
            </details>
        </li>
    }
}

/// What a setting amounts to and costs.
fn state(standing: &Standing) -> String {
    let mut html = Html::default();
    html.element("<span class=\"lever-setting\">", &standing.amount, "");
    if let Some(stretch) = &standing.stretch {
        html.element(" (", stretch, ")");
    }
    html.tag(".</span>");
    html.element("<span class=\"lever-cost\">Public cost: ", &standing.cost, ".</span>");
    html.finish()
}

fn name(html: &mut Html, lever: &Lever, range_id: &str, naming: Naming) {
    let (opening, closing) = match naming {
        Naming::Heading => ("<h4>", "</h4>"),
        Naming::Paragraph => ("<p>", "</p>"),
    };
    let grade = lever.grade.to_string();
    html.tag(opening).element("<label for=\"", range_id, "\">").element("", &lever.label, "</label>").tag(closing);
    html.tag(&format!(
        "<span class=\"grade grade-{}\" title=\"Evidence: {}\">",
        grade.to_ascii_lowercase(),
        lever.grade.meaning()
    ));
    html.tag("<span class=\"visually-hidden\">Evidence grade </span>").element("<span>", &grade, "</span></span>");
    html.element("<span class=\"lever-code\">", &lever.id, "</span>");
}

/// The scale, where one stretch ends and the next begins, today, and what is known of the real world.
fn marks(html: &mut Html, lever: &Lever, region: RegionId, places: &[Option<f64>]) {
    let (low, high) = lever.range;
    let place = |setting: f64| tenths((setting - low) / (high - low) * 100.0) + "%";
    let quarters = [0.25, 0.5, 0.75, 1.0];
    let ends: Vec<f64> = match lever.stretches.is_empty() {
        true => quarters.map(|part| low + part * (high - low)).into(),
        false => lever.stretches.iter().map(|stretch| stretch.to).collect(),
    };
    for end in ends {
        let x = place(end);
        html.tag(&format!("<line x1=\"{x}\" x2=\"{x}\" y1=\"3\" y2=\"9\"/>"));
    }
    for (reference, at) in lever.references.iter().zip(places) {
        if let Some(at) = at.filter(|at| reference.concerns(region) && (low..=high).contains(at)) {
            let x = place(at);
            html.tag(&format!(
                "<svg x=\"{x}\" overflow=\"visible\"><path class=\"lever-reference\" d=\"M0 1l4 4-4 4-4-4z\"/></svg>"
            ));
        }
    }
    let x = place(lever.status_quo);
    html.tag(&format!(
        "<svg x=\"{x}\" overflow=\"visible\"><path class=\"lever-statusquo\" d=\"M0 2l5 9h-10z\"/></svg>"
    ));
}

/// An amount as it is said: currencies stand before the number.
fn with_unit(value: f64, unit: &str) -> String {
    let number = chart::number::text(value, chart::Precision::Full);
    match unit.strip_prefix("US$") {
        Some(rest) => format!("US${number}{rest}"),
        None => format!("{number} {unit}"),
    }
}

/// A known programme: what it is, its size, where.
fn known(reference: &Reference, model: &Model) -> String {
    let size = match &reference.quantity {
        Quantified::Value { value, unit, .. } => format!(": {}", with_unit(*value, unit)),
        Quantified::Place(place) => format!(": about {}% of the track", short(place * 100.0)),
    };
    let place = match &reference.whereabouts {
        Whereabouts::Everywhere => String::new(),
        Whereabouts::Elsewhere(place) => format!(" ({place})"),
        Whereabouts::Regions(regions) => {
            let names: Vec<&str> = regions.iter().map(|region| model.regions[region.index()].label.as_str()).collect();
            format!(" ({})", names.join(", "))
        }
    };
    let mark = if reference.basis == Basis::Unverified { ", unverified" } else { "" };
    format!("{}{size}{place}{mark}", reference.label)
}

/// What a lever does at 100% and within which range, for each parameter that is of this lever and something else: what it
/// acts on.
fn effects<'m>(lever: &'m Lever, model: &'m Model) -> impl Iterator<Item = String> + 'm {
    let of_lever = format!("[{},", lever.id);
    let parameters = model.parameters.iter().filter(move |parameter| parameter.name.contains(&of_lever));
    parameters.flat_map(move |parameter| {
        let on = parameter.label.rsplit_once(": ").map_or(parameter.label.as_str(), |(_, on)| on);
        let words = move |place: String, estimate: &Estimate| {
            let [central, low, high] =
                [estimate.central, estimate.low, estimate.high].map(|value| match &*parameter.unit {
                    "share" => percent(value),
                    _ => short(value),
                });
            format!("{on}{place} {central} ({low} to {high})")
        };
        let shared = parameter.shared.iter().map(move |estimate| words(String::new(), estimate));
        let regional = parameter
            .regional
            .iter()
            .map(move |(region, estimate)| words(format!(" in {}", marked(&model.regions[region.index()])), estimate));
        shared.chain(regional)
    })
}

/// What speaks for and against a lever.
fn facts(html: &mut Html, lever: &Lever, model: &Model, delay: Option<f64>, setup: &Setup) {
    let mut fact = |name: &str, text: &str| {
        html.element("<dt>", name, "</dt>").element("<dd>", text, "</dd>");
    };
    fact("100% means", &lever.hundred);
    let stretches: Vec<String> =
        lever.stretches.iter().map(|stretch| format!("to {}%: {}", short(stretch.to * 100.0), stretch.label)).collect();
    if !stretches.is_empty() {
        fact("Stretches", &stretches.join("; "));
    }
    let references: Vec<String> = lever.references.iter().map(|reference| known(reference, model)).collect();
    if !references.is_empty() {
        fact("To compare", &references.join("; "));
    }
    fact("Mechanism", &lever.mechanism);
    let effects: Vec<String> = effects(lever, model).collect();
    if !effects.is_empty() {
        fact("Effect at 100%", &format!("{}; before any discount", effects.join("; ")));
    }
    fact("Evidence", &format!("Grade {}, {}. {}", lever.grade, lever.grade.meaning(), lever.evidence));
    fact("Cost", &lever.cost);
    if let Some(years) = delay {
        let unit = if years == 1.0 { "year" } else { "years" };
        fact("Delay", &format!("{} {unit} until about two thirds is delivered", short(years)));
    }
    let facts = html.finish();
    html.tag("<summary>Mechanism, evidence, cost</summary><dl class=\"lever-facts\">").tag(&facts);
    html.tag("<dt>Sources</dt><dd>");
    for source in &lever.sources {
        html.tag(setup.work(source)).tag("; ");
    }
    html.tag("<a href=\"");
    html.element("", &format!("{}#lever-{}", setup.levers_href, lever.id), "\">in full, with the equations</a></dd>");
    let links = || setup.recommendations.iter().filter(|link| lever.recommendations.contains(&link.slug));
    if links().next().is_some() {
        html.tag("<dt>Asked for in</dt><dd><ul class=\"lever-links\">");
        for link in links() {
            html.element("<li><a href=\"", &link.href, "\">").element("", &link.title, "</a></li>");
        }
        html.tag("</ul></dd>");
    }
    html.tag("</dl>");
}
