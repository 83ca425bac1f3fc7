//! What the browser does with the second part of the program, which it fetches when a reader first wants something of it.
//!
//! The program is cut where [`Later::run`] is called: what only that reaches is not in the first part. So nothing else may
//! name what is meant for the second.

use chart::{Chart, Size, Source};
use leptos::prelude::*;
use leptos::web_sys::HtmlElement;
use leptos::web_sys::js_sys::{Date, Object, Reflect};
use model::EnsembleRun;

#[cfg(feature = "hydrate")]
use super::Below;
use super::shelf::open;
use super::text_numbers::follow_levers;
use super::{Shared, Takeover};
use crate::export;
use crate::host::Request;
use crate::ranges::SAMPLING;

/// As wide as a text, so that the words of a picture are as large as they are drawn.
pub(super) const TEXT_COLUMN: Size = Size { width: 620, height: 340 };

/// A piece of work for the second part of the program.
pub struct Later {
    shared: Shared,
    work: Work,
}

/// What is to be done.
pub(super) enum Work {
    /// Take over the parts below the levers.
    Below(HtmlElement),
    /// Have the numbers of the text follow the levers.
    Text,
    /// Take the scenarios of a file into the reader's list.
    Opened(String),
    /// Give the reader all outcomes of the present scenario.
    Table,
    /// Give the reader a chart.
    Picture {
        /// The chart.
        chart: Box<Chart>,
        /// `CSV`, `SVG` or `PNG`.
        form: String,
        /// What it is of, in words.
        scenario: String,
    },
}

impl Later {
    pub(super) fn new(shared: Shared, work: Work) -> Self {
        Self { shared, work }
    }

    /// Does it.
    pub fn run(self) {
        let Self { shared, work } = self;
        match work {
            Work::Below(element) if shared.takeover.get_untracked() == Takeover::Waiting => {
                shared.takeover.set(Takeover::Begun);
                below(shared, element);
            }
            // That was done, or is being done.
            Work::Below(_) => {}
            Work::Text => follow_levers(&shared),
            Work::Opened(text) => open(&shared, &text),
            Work::Table => shared.ask(results_as_csv(&shared)),
            Work::Picture { chart, form, scenario } => shared.ask(picture(*chart, &form, &scenario)),
        }
    }
}

/// Takes the parts below the levers over.
#[cfg(feature = "hydrate")]
fn below(shared: Shared, element: HtmlElement) {
    leptos::mount::hydrate_from(element, move || view! { <Below shared/> }).forget();
}

/// A page that is being built is whole from the start.
#[cfg(not(feature = "hydrate"))]
fn below(_: Shared, _: HtmlElement) {}

/// All outcomes of the present scenario with their quantiles.
fn results_as_csv(shared: &Shared) -> Request {
    let session = shared.session.get_untracked();
    let model = session.model();
    let outcomes: Vec<_> = model.outcomes.iter().filter_map(|outcome| model.outcome(&outcome.id)).collect();
    let variables: Vec<_> = outcomes.iter().map(|outcome| model.outcomes[outcome.index()].variable).collect();
    let mut draws = EnsembleRun::new(model, &session.scenario(), SAMPLING, &variables);
    let ensemble = draws.as_mut().ok().and_then(|draws| draws.finish(model).ok());
    let text = shared.results.with_untracked(|results| match results {
        Ok(results) => {
            export::csv(model, &export::observations(model, session.region(), &outcomes, results.run(), ensemble))
        }
        Err(_) => String::new(),
    });
    Request::Save { name: format!("{}.csv", model.id), text }
}

/// A chart that says by itself what it shows, where it is from, which scenario it is and of which day.
fn picture(mut chart: Chart, form: &str, scenario: &str) -> Request {
    if form == "CSV" {
        chart.source = Source::new(&format!("{}. {scenario}", chart.source.text()));
        return Request::Save { name: format!("{}.csv", chart.id), text: chart::csv(&chart) };
    }
    let dot = if chart.note.is_empty() { "" } else { ". " };
    chart.note = format!("{}{dot}{scenario}. {}", chart.note, today());
    let svg = chart::picture(&chart, TEXT_COLUMN);
    match form {
        "PNG" => Request::Picture { name: format!("{}.png", chart.id), svg },
        _ => Request::Save { name: format!("{}.svg", chart.id), text: svg },
    }
}

/// The day where the reader is: `17 May 2031`. A page may stay open for many.
fn today() -> String {
    let form = Object::new();
    // Should a browser refuse, it writes the day in its own short form.
    let _ = Reflect::set(&form, &"dateStyle".into(), &"long".into());
    Date::new_0().to_locale_date_string("en-GB", &form).into()
}
