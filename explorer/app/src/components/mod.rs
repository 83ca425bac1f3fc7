//! What is on the screen. Components show the session and report gestures; they compute nothing it could compute.

mod choice;
mod lever;
mod panel;
mod result;

use std::sync::Arc;
use std::time::Duration;

use leptos::either::Either;
use leptos::prelude::*;
use model::{LeverId, Model, RunError};

use crate::ranges::{RangeRun, Ranges};
use crate::results::{Results, Shown};
use crate::session::{Gesture, Session};
use crate::setup::{Setup, Shape};
use choice::{CaseChoice, RegionChoice};
use lever::{LeverControl, Naming};
use panel::LeverPanel;
use result::ResultPanel;

/// What the parts of an explorer share.
#[derive(Clone)]
struct Shared {
    session: ReadSignal<Session>,
    results: Memo<Result<Arc<Results>, RunError>>,
    /// How sure the model is of them; none in the base run, which all draws agree on.
    ranges: Memo<Option<Arc<Ranges>>>,
    gesture: Callback<Gesture>,
    /// Whether a program listens to the controls: not before it has taken over the page.
    ready: ReadSignal<bool>,
    setup: Arc<Setup>,
}

/// An explorer: the choices, what the model gives, and the levers.
#[component]
pub fn Explorer(
    /// The model explored.
    model: Arc<Model>,
    /// The outcomes shown, which the model has.
    shown: Shown,
    /// What the explorer starts with.
    setup: Setup,
    /// Draws that were done before for the same region: what follows from them need not be run again.
    prepared: Option<RangeRun>,
) -> impl IntoView {
    let (session, set_session) = signal(start(&model, &setup));
    let (ready, set_ready) = signal(false);
    Effect::new(move |_| set_ready.set(true));
    let shared = Shared {
        session,
        results: Memo::new(move |_| session.with(|session| Results::of(session, shown))),
        ranges: followed_ranges(session, shown, prepared),
        gesture: Callback::new(move |gesture| set_session.update(|session| *session = session.clone().after(gesture))),
        ready,
        setup: Arc::new(setup),
    };
    match shared.setup.shape.clone() {
        // `Either` and not a view of any kind: the latter brings code for every way of hydrating, half as much again.
        Shape::Full => Either::Left(view! { <Whole shared/> }),
        Shape::Embed(levers) => {
            let levers = levers.iter().filter_map(|id| model.lever(id)).collect();
            Either::Right(view! { <Embed shared levers/> })
        }
    }
}

/// Ranges that follow the session: over the first draws at once, over all of them as soon as the browser has time. A page
/// that is being built has it.
fn followed_ranges(
    session: ReadSignal<Session>,
    shown: Shown,
    prepared: Option<RangeRun>,
) -> Memo<Option<Arc<Ranges>>> {
    let run = StoredValue::new(prepared);
    let (completed, set_completed) = signal(());
    Effect::new(move |_| {
        if session.with(|session| !session.is_base_run()) {
            complete(run, session, set_completed);
        }
    });
    Memo::new(move |_| {
        completed.track();
        session.with(|session| match session.is_base_run() {
            true => None,
            false => run.try_update_value(|run| ranges_of(run, session, shown)).flatten().map(Arc::new),
        })
    })
}

/// The ranges of a session as far as they are known, the first draws done at least.
fn ranges_of(run: &mut Option<RangeRun>, session: &Session, shown: Shown) -> Option<Ranges> {
    let is_known = run.as_ref().is_some_and(|run| run.session().runs_as(session));
    if !is_known {
        match run {
            Some(run) => run.follow(session).ok()?,
            None => *run = Some(RangeRun::new(session, shown).ok()?),
        }
        while run.as_mut()?.advance() && cfg!(feature = "ssr") {}
    }
    run.as_ref()?.ranges()
}

/// Does the other draws one block at a time, for as long as the session stays what it is.
fn complete(run: StoredValue<Option<RangeRun>>, session: ReadSignal<Session>, completed: WriteSignal<()>) {
    let asked = session.get_untracked();
    let next = move || {
        let more = run.try_update_value(|run| {
            let run = run.as_mut().filter(|run| run.session().runs_as(&asked))?;
            session.with_untracked(|session| session.runs_as(&asked)).then(|| run.advance())
        });
        match more.flatten() {
            Some(true) => complete(run, session, completed),
            Some(false) => completed.set(()),
            None => {}
        }
    };
    set_timeout(next, Duration::ZERO);
}

/// The session that a setup asks for; a region the model lacks gives the first one.
fn start(model: &Arc<Model>, setup: &Setup) -> Session {
    let region = model.region(&setup.region).or_else(|| model.region(&model.regions[0].id));
    let session = Session::new(Arc::clone(model), region.expect("a model has regions"));
    let Shape::Embed(levers) = &setup.shape else { return session };
    let setting = f64::from(setup.start) / 100.0;
    levers.iter().filter_map(|id| model.lever(id)).fold(session, |session, lever| match setup.start {
        0 => session,
        _ => session.after(Gesture::Lever(lever, setting)),
    })
}

/// Everything: the page of its own.
#[component]
fn Whole(
    /// What the parts share.
    shared: Shared,
) -> impl IntoView {
    view! {
        <RegionChoice shared=shared.clone()/>
        <section class="explorer-result" aria-labelledby="result-title">
            <h2 id="result-title">"What the model gives"</h2>
            <ResultPanel shared=shared.clone() whole=true/>
        </section>
        <CaseChoice shared=shared.clone()/>
        <LeverPanel shared/>
    }
}

/// Some levers and what they give: inside a text.
#[component]
fn Embed(
    /// What the parts share.
    shared: Shared,
    /// The levers shown.
    levers: Vec<LeverId>,
) -> impl IntoView {
    let controls: Vec<_> = levers
        .iter()
        .map(|&lever| view! { <LeverControl shared=shared.clone() lever naming=Naming::Paragraph/> })
        .collect();
    let gesture = shared.gesture;
    let ready = shared.ready;
    let href = shared.setup.explorer_href.clone();
    view! {
        <div class="explorer-result">
            <ResultPanel shared=shared.clone() whole=false/>
        </div>
        <ul class="lever-list">{controls}</ul>
        <p class="explorer-foot">
            <button class="reset" type="button" disabled=move || !ready.get() on:click=move |_| gesture.run(Gesture::ResetLevers)>
                "Put these levers back to today"
            </button>
            <a href=href>"Open all levers in the explorer"</a>
        </p>
    }
}
