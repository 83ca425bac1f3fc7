//! One lever: its setting, what that amounts to, and what speaks for and against it.

use leptos::prelude::*;
use leptos::web_sys::HtmlInputElement;
use model::{Lever, LeverId};

use super::Shared;
use crate::markup::{Html, fixed};
use crate::session::Gesture;
use crate::setup::Setup;

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
    let name = fixed(|html| name(html, &declared, &range_id, naming));
    let caution = fixed(|html| {
        html.text(&declared.warning);
    });
    let facts = fixed(|html| facts(html, &declared, delay, &setup));
    let state = move || {
        let mut html = Html::default();
        html.element("<span class=\"lever-setting\">", &amount(), ".</span>");
        html.element("<span class=\"lever-cost\">Public cost: ", &cost(), ".</span>");
        html.finish()
    };
    view! {
        <li class="lever" id=prefix>
            <div class="lever-name" inner_html=name></div>
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
            <p class="lever-state" id=state_id inner_html=state></p>
            <p class="lever-caution" inner_html=caution></p>
            <details class="lever-more" inner_html=facts></details>
        </li>
    }
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
        grade.to_lowercase(),
        lever.grade.meaning()
    ));
    html.tag("<span class=\"visually-hidden\">Evidence grade </span>").element("<span>", &grade, "</span></span>");
}

/// What speaks for and against a lever.
fn facts(html: &mut Html, lever: &Lever, delay: Option<f64>, setup: &Setup) {
    let mut fact = |name: &str, text: &str| {
        html.element("<dt>", name, "</dt>").element("<dd>", text, "</dd>");
    };
    fact("100 % means", &lever.hundred);
    fact("Mechanism", &lever.mechanism);
    fact("Evidence", &format!("Grade {}, {}. {}", lever.grade, lever.grade.meaning(), lever.evidence));
    fact("Cost", &lever.cost);
    if let Some(years) = delay {
        fact("Delay", &format!("{years} years until about two thirds is delivered"));
    }
    let facts = html.finish();
    html.tag("<summary>Mechanism, evidence, cost</summary><dl class=\"lever-facts\">").tag(&facts);
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
