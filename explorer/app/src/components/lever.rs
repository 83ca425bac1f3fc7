//! One lever: its setting, what that amounts to, and what speaks for and against it.

use leptos::either::Either;
use leptos::prelude::*;
use leptos::web_sys::HtmlInputElement;
use model::LeverId;

use super::Shared;
use crate::session::Gesture;

/// Whether a lever's name is a heading of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Naming {
    /// On the explorer's own page, where levers stand below the headings of their groups.
    Heading,
    /// Within a text, whose headings it must not disturb.
    Paragraph,
}

/// One lever as a slider and a number field, in per cent of its full reach.
#[component]
pub fn LeverControl(
    /// What the parts share.
    shared: Shared,
    /// The lever.
    lever: LeverId,
    /// Whether its name is a heading.
    naming: Naming,
) -> impl IntoView {
    let Shared { session, results, gesture, ready, setup, .. } = shared;
    let (declared, delay) = session.with_untracked(|session| {
        let declared = session.model().levers[lever.index()].clone();
        let delay = declared.lag.map(|lag| session.model().parameters[lag.index()].estimate(session.region()).central);
        (declared, delay)
    });
    let prefix = format!("{}-{}", setup.prefix, declared.id);
    let (range_id, state_id) = (format!("{prefix}-range"), format!("{prefix}-state"));
    let percent = move || session.with(|session| (session.lever(lever) * 100.0).round() as i64);
    // The browser has read the number already; a field that is being emptied has none.
    let moved = move |percent: f64| gesture.run(Gesture::Lever(lever, percent / 100.0));
    let step = format!("{}", (declared.step * 100.0).max(1.0));
    let status_quo = format!("{}%", declared.status_quo * 100.0);
    let amount = move || {
        results.with(|results| results.as_ref().map(|results| results.setting_in_words(lever)).unwrap_or_default())
    };
    let cost = move || {
        results.with(|results| results.as_ref().ok().and_then(|results| results.lever_cost(lever)).unwrap_or_default())
    };
    let grade = declared.grade.to_string();
    let links: Vec<_> = setup
        .recommendations
        .iter()
        .filter(|link| declared.recommendations.contains(&link.slug))
        .map(|link| view! { <li><a href=link.href.clone()>{link.title.clone()}</a></li> })
        .collect();
    let asked_for =
        (!links.is_empty()).then(|| view! { <dt>"Asked for in"</dt><dd><ul class="lever-links">{links}</ul></dd> });
    let caution =
        (!declared.warning.is_empty()).then(|| view! { <p class="lever-caution">{declared.warning.clone()}</p> });
    let delay = delay.map(|years| {
        view! { <dt>"Delay"</dt><dd>{format!("{years} years until about two thirds is delivered")}</dd> }
    });
    let label = view! {
        <label for=range_id.clone()>{declared.label.clone()}</label>
        <span class=format!("grade grade-{}", grade.to_lowercase()) title=format!("Evidence: {}", declared.grade.meaning())>
            <span class="visually-hidden">"Evidence grade "</span>
            <span>{grade.clone()}</span>
        </span>
    };
    let name = match naming {
        Naming::Heading => Either::Left(view! { <h4 class="lever-name">{label}</h4> }),
        Naming::Paragraph => Either::Right(view! { <p class="lever-name">{label}</p> }),
    };
    view! {
        <li class="lever" id=prefix>
            {name}
            <div class="lever-track">
                <progress class="lever-fill" max="100" value=percent aria-hidden="true"></progress>
                <svg class="lever-marks" aria-hidden="true" focusable="false">
                    <line x1="25%" x2="25%" y1="3" y2="8"/>
                    <line x1="50%" x2="50%" y1="3" y2="8"/>
                    <line x1="75%" x2="75%" y1="3" y2="8"/>
                    <line x1="100%" x2="100%" y1="3" y2="8"/>
                    <svg x=status_quo overflow="visible"><path class="lever-statusquo" d="M0 2l5 9h-10z"/></svg>
                </svg>
                <input class="lever-range" id=range_id type="range" min="0" max="100" step=step.clone() autocomplete="off"
                    value=percent prop:value=move || percent().to_string() disabled=move || !ready.get()
                    aria-valuetext=move || format!("{} %, {}", percent(), amount()) aria-describedby=state_id.clone()
                    on:input=move |event| moved(event_target::<HtmlInputElement>(&event).value_as_number())/>
            </div>
            <span class="lever-number">
                <input type="number" min="0" max="100" step=step inputmode="numeric" autocomplete="off"
                    aria-label=format!("{}, per cent", declared.label)
                    value=percent prop:value=move || percent().to_string() disabled=move || !ready.get()
                    on:change=move |event| moved(event_target::<HtmlInputElement>(&event).value_as_number())/>
                <span aria-hidden="true">"%"</span>
            </span>
            <button class="reset" type="button" aria-label=format!("Reset {}", declared.label)
                disabled=move || !ready.get() || session.with(|session| session.is_status_quo(lever))
                on:click=move |_| gesture.run(Gesture::ResetLever(lever))>
                "Reset"
            </button>
            <p class="lever-state" id=state_id>
                <span class="lever-setting">{move || format!("{}.", amount())}</span>
                <span class="lever-cost">{move || format!("Public cost: {}.", cost())}</span>
            </p>
            {caution}
            <details class="lever-more">
                <summary>"Mechanism, evidence, cost"</summary>
                <dl class="lever-facts">
                    <dt>"100 % means"</dt><dd>{declared.hundred.clone()}</dd>
                    <dt>"Mechanism"</dt><dd>{declared.mechanism.clone()}</dd>
                    <dt>"Evidence"</dt>
                    <dd>{format!("Grade {}, {}. {}", declared.grade, declared.grade.meaning(), declared.evidence)}</dd>
                    <dt>"Cost"</dt><dd>{declared.cost.clone()}</dd>
                    {delay}
                    {asked_for}
                </dl>
            </details>
        </li>
    }
}
