//! What is on the screen. Components show the session and report gestures; they compute nothing it could compute.

mod assumptions;
mod choice;
mod draws;
mod later;
mod lever;
mod limits;
mod panel;
mod patched;
mod reactive;
mod result;
mod shelf;
mod target;
mod text_numbers;
mod tools;
mod versus;
mod why;

use std::sync::Arc;
use std::time::Duration;

use leptos::either::Either;
use leptos::html::Div;
use leptos::prelude::*;
use model::{LeverId, Model, RegionId, RunError};

use crate::address;
use crate::history::History;
use crate::host::{Host, Message, Request};
use crate::ranges::{RangeRun, Ranges};
use crate::results::{Results, Shown};
use crate::session::{Gesture, Session};
use crate::setup::{Setup, Shape};
use assumptions::Assumptions;
use choice::{CaseChoice, RegionChoice, YearChoice};
use draws::followed_ranges;
pub use later::Later;
use later::Work;
use lever::{LeverControl, Naming, standings};
use limits::Limits;
use panel::LeverPanel;
use reactive::{follow, later, on_click, whether, words};
use result::ResultPanel;
use shelf::ShelfPanel;
use target::TargetPanel;
use tools::{Notices, Tools, button};
use versus::Versus;
use why::{Backwards, Regions, Why};

/// The reader rests when nothing was changed for this long.
const REST: Duration = Duration::from_millis(350);

/// Bands that are late by less than this do not fade.
const OVERLOOKED: Duration = Duration::from_millis(150);

/// What the parts of an explorer share.
#[derive(Clone)]
struct Shared {
    shown: Shown,
    session: Memo<Session>,
    history: RwSignal<History>,
    results: Memo<Result<Arc<Results>, RunError>>,
    /// How sure the model is of them; none in the base run, which all draws agree on.
    ranges: Memo<Option<Arc<Ranges>>>,
    /// Whether these ranges are of settings before the present ones.
    ranges_are_old: Signal<bool>,
    /// Whether they have been so for a while: then they fade.
    ranges_are_late: ReadSignal<bool>,
    /// Whether the device takes long to paint a change: then the lines come first.
    is_slow: StoredValue<bool>,
    /// The session when the reader last rested: what takes longer than a frame follows this one.
    rested: ReadSignal<Session>,
    /// The present region, and where known programmes stand on the tracks of levers in it: by lever and reference.
    places: Memo<(RegionId, Vec<Vec<Option<f64>>>)>,
    gesture: Callback<Gesture>,
    /// What is said to the reader until they do something: what an address asked for in vain, or that a link was copied.
    notices: RwSignal<Vec<Said>>,
    /// What was kept at the last visit, and what is kept since.
    kept: RwSignal<crate::shelf::Shelf>,
    /// What was kept before the last change of it.
    shelved: RwSignal<Option<crate::shelf::Shelf>>,
    host: Option<Host>,
    /// What the explorer's own page starts with: what addresses leave out.
    start: StoredValue<Session>,
    /// What this explorer began with.
    begun: StoredValue<Session>,
    /// Tells that a reader has unfolded a table.
    unfolded: RwSignal<()>,
    /// How many numbers of the text follow its levers.
    followed: RwSignal<usize>,
    /// Whether a program listens to the controls: not before it has taken over the page.
    ready: ReadSignal<bool>,
    /// Whether it has taken over the parts below the levers too.
    takeover: RwSignal<Takeover>,
    /// Where these parts are.
    below: NodeRef<Div>,
    /// Whether the present session came from the address: writing it there again must not be a step of its own.
    is_from_address: StoredValue<bool>,
    setup: Arc<Setup>,
}

/// What is said to the reader, with a link that goes with it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Said {
    words: String,
    link: Option<(String, String)>,
}

impl From<String> for Said {
    fn from(words: String) -> Self {
        Self { words, link: None }
    }
}

impl From<&str> for Said {
    fn from(words: &str) -> Self {
        words.to_owned().into()
    }
}

impl Said {
    fn of(notice: &address::Notice) -> Self {
        let link = notice.link().map(|(words, address)| (words, address.to_owned()));
        Self { words: notice.to_string(), link }
    }
}

/// How far the parts below the levers are taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Takeover {
    /// They are as they were built.
    Waiting,
    /// The program is about to find its way through them.
    Begun,
    /// They follow what the reader does.
    Done,
}

impl Shared {
    /// The same, but as it was built for as long as `taken` is false: what is taken over must find the page it expects.
    fn once(&self, taken: ReadSignal<bool>) -> Self {
        let Self { session: built, results, ranges, rested, shown, start, .. } = self.clone();
        let begun = start.get_value();
        let at_first = begun.clone();
        let (late, set_late) = signal(begun.clone());
        follow(move || {
            if taken.get() {
                set_late.set(rested.get());
            }
        });
        Self {
            session: Memo::new(move |_| if taken.get() { built.get() } else { begun.clone() }),
            results: Memo::new(move |_| if taken.get() { results.get() } else { Results::of(&at_first, shown) }),
            ranges: Memo::new(move |_| if taken.get() { ranges.get() } else { None }),
            rested: late,
            ready: taken,
            ..self.clone()
        }
    }

    /// Asks the page around for something; a page that is being built has none.
    fn ask(&self, request: Request) {
        // The others are gestures of the reader.
        if !matches!(request, Request::Address { .. } | Request::SetAside(_)) {
            hush(self.notices);
        }
        if let Some(host) = &self.host {
            (host.ask)(request);
        }
    }

    /// Has something done by the second part of the program, once it is there.
    fn later(&self, work: Work) {
        if let Some(host) = &self.host {
            (host.later)(Later::new(self.clone(), work));
        }
    }

    /// Has the parts below the levers taken over, if that was not done.
    fn want_below(&self) {
        if let Some(element) = self.below.get_untracked()
            && self.takeover.get_untracked() == Takeover::Waiting
        {
            self.later(Work::Below(element.into()));
        }
    }

    /// The query of an address that gives back what is chosen now.
    fn query(&self) -> String {
        let session = self.history.with_untracked(|history| history.present().clone());
        self.start.with_value(|start| address::write(&session, start))
    }

    /// Takes back the last change, or makes it again, if there is one.
    fn step(&self, is_possible: fn(&History) -> bool, step: fn(&mut History)) {
        if self.history.with_untracked(is_possible) {
            hush(self.notices);
            self.is_from_address.set_value(false);
            self.history.update(step);
        }
    }

    /// Says something after what was said before.
    fn say(&self, said: Vec<Said>) {
        say(self.notices, said);
    }
}

/// Says something after what was said before. Not at once: words that were just taken away are to be heard anew.
fn say(notices: RwSignal<Vec<Said>>, said: Vec<Said>) {
    later(Duration::ZERO, move || {
        let mut all = notices.get_untracked();
        for said in said {
            if !all.contains(&said) {
                all.push(said);
            }
        }
        notices.set(all);
    });
}

/// What was said goes.
fn hush(notices: RwSignal<Vec<Said>>) {
    if !notices.with_untracked(Vec::is_empty) {
        notices.set(Vec::new());
    }
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
    /// The page around, in a browser.
    host: Option<Host>,
) -> impl IntoView {
    let begun = start(&model, &setup);
    let untouched = start(&model, &Setup { region: String::new(), shape: Shape::Full, ..setup.clone() });
    let history = RwSignal::new(History::new(begun.clone()));
    let session = Memo::new(move |_| history.with(|history| history.shown().clone()));
    let notices = RwSignal::new(Vec::new());
    let is_from_address = StoredValue::new(false);
    let (rested, set_rested) = signal(begun.clone());
    let (ready, set_ready) = signal(false);
    follow(move || set_ready.set(true));
    let (ranges, is_slow) = followed_ranges(session, shown, prepared, ready);
    let ranges_are_old = whether(move || {
        ranges.with(|ranges| {
            ranges.as_ref().is_some_and(|ranges| session.with(|session| !session.runs_as(ranges.session())))
        })
    });
    let shared = Shared {
        shown,
        session,
        history,
        results: Memo::new(move |before: Option<&Result<Arc<Results>, RunError>>| {
            session.with(|session| match before {
                Some(Ok(before)) => before.follow(session),
                _ => Results::of(session, shown),
            })
        }),
        ranges,
        ranges_are_old,
        ranges_are_late: late(ranges_are_old),
        is_slow,
        rested,
        places: places(session),
        gesture: Callback::new(move |gesture| {
            hush(notices);
            is_from_address.set_value(false);
            let own = |history: &History| history.present().settings().parameters.len();
            let (is_region, before) = (matches!(gesture, Gesture::Region(_)), history.with_untracked(own));
            history.update(|history| history.follow(gesture));
            let lost = before.saturating_sub(history.with_untracked(own));
            if is_region && lost > 0 {
                let words = format!(
                    "Own assumptions outside of their ranges in this region were let go ({lost}); Undo brings them back."
                );
                say(notices, vec![words.into()]);
            }
        }),
        notices,
        kept: RwSignal::new(crate::shelf::Shelf::default()),
        shelved: RwSignal::new(None),
        host,
        start: StoredValue::new(untouched),
        begun: StoredValue::new(begun),
        unfolded: RwSignal::new(()),
        followed: RwSignal::new(0),
        ready,
        takeover: RwSignal::new(Takeover::Waiting),
        below: NodeRef::new(),
        is_from_address,
        setup: Arc::new(setup),
    };
    follow_rests(shared.clone(), set_rested);
    listen(&shared);
    match shared.setup.shape.clone() {
        // `Either` and not a view of any kind: the latter brings code for every way of hydrating, half as much again.
        Shape::Full => Either::Left(view! { <Whole shared/> }),
        Shape::Embed(levers) => {
            let levers = levers.iter().filter_map(|id| model.lever(id)).collect();
            Either::Right(view! { <Embed shared levers/> })
        }
    }
}

/// Where known programmes stand on the tracks of levers.
fn places(session: Memo<Session>) -> Memo<(RegionId, Vec<Vec<Option<f64>>>)> {
    let region = Memo::new(move |_| session.with(Session::region));
    Memo::new(move |_| {
        let region = region.get();
        let places = session.with_untracked(|session| model::reference_places(session.model(), region));
        (region, places.unwrap_or_default())
    })
}

/// Whether something has held for longer than a reader overlooks. A transition of the stylesheet would say it too, but
/// makes the browser set up an animation of each band whenever one is late for a moment.
fn late(holds: Signal<bool>) -> ReadSignal<bool> {
    let (is_late, set_late) = signal(false);
    let mut waiting: Option<TimeoutHandle> = None;
    follow(move || match (holds.get(), waiting) {
        (true, None) => waiting = later(OVERLOOKED, move || set_late.set(true)),
        (false, Some(handle)) => {
            handle.clear();
            waiting = None;
            // Not in the frame of a change.
            if is_late.get_untracked() {
                later(Duration::ZERO, move || set_late.set(false));
            }
        }
        _ => {}
    });
    is_late
}

/// When the reader rests, what is moved next is a new change, slow analyses may start, and the address says what is set.
fn follow_rests(shared: Shared, set_rested: WriteSignal<Session>) {
    let Shared { session, history, .. } = shared.clone();
    let is_whole = shared.setup.shape == Shape::Full;
    let mut is_first = true;
    let mut waiting: Option<TimeoutHandle> = None;
    let looks_back = Memo::new(move |_| history.with(History::looks_back));
    follow(move || {
        let now = session.get();
        // What is looked back at may become what is set.
        let looks_back = looks_back.get();
        if let Some(waiting) = waiting.take() {
            waiting.clear();
        }
        // What the page began with is no change, nor is a look back. What is as it was when the reader last rested may have
        // been something else in between, which has stopped what takes longer.
        if std::mem::take(&mut is_first) || looks_back {
            return;
        }
        let shared = shared.clone();
        let rest = move || {
            history.update_untracked(History::rest);
            set_rested.set(now.clone());
            if is_whole {
                let is_new = !shared.is_from_address.get_value();
                shared.is_from_address.set_value(false);
                shared.ask(Request::Address { query: shared.query(), is_new });
            }
        };
        waiting = later(REST, rest);
    });
}

/// Follows what the page around has to tell.
fn listen(shared: &Shared) {
    let Some(host) = shared.host.clone() else { return };
    let Shared { history, kept, start, gesture, .. } = shared.clone();
    let shared = shared.clone();
    (host.listen)(Arc::new(move |message| match message {
        Message::Near => shared.want_below(),
        Message::Unfolded => shared.unfolded.set(()),
        Message::Address(query) => {
            let (session, unread) = start.with_value(|start| address::read(&query, start));
            let is_other = history.with_untracked(|history| *history.present() != session);
            gesture.run(Gesture::Take(Box::new(session)));
            shared.is_from_address.set_value(is_other);
            shared.say(unread.iter().map(Said::of).collect());
        }
        Message::Kept(text) => match crate::shelf::Shelf::read(&text) {
            Ok(shelf) => {
                kept.set(shelf);
                shared.shelved.set(None);
            }
            Err(_) => {
                shared.ask(Request::SetAside(text));
                let words =
                    "The scenarios kept in this browser cannot be read. They were set aside, and a new list begins.";
                shared.say(vec![words.into()]);
            }
        },
        Message::Opened(text) => shared.later(Work::Opened(text)),
        Message::Notice(words) => shared.say(vec![words.into()]),
        Message::Undo => shared.step(History::can_undo, History::undo),
        Message::Redo => shared.step(History::can_redo, History::redo),
    }));
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
    let below = below_as_built(&shared);
    let takeover = shared.takeover;
    let state = words(move || if takeover.get() == Takeover::Done { "ready" } else { "waiting" }.to_owned());
    // What is held is shown there.
    let comparing = shared.clone();
    follow(move || {
        if comparing.session.with(|session| session.held().is_some()) {
            comparing.want_below();
        }
    });
    view! {
        <div class="explorer-main">
            <RegionChoice shared=shared.clone()/>
            <section class="explorer-result" aria-labelledby="result-title">
                <div class="result-head">
                    <h2 id="result-title">"What the model gives"</h2>
                    <YearChoice shared=shared.clone()/>
                </div>
                <Tools shared=shared.clone()/>
                <ResultPanel shared=shared.clone() whole=true/>
            </section>
            <CaseChoice shared=shared.clone()/>
            <LeverPanel shared=shared.clone()/>
        </div>
        <div class="explorer-more" node_ref=shared.below data-state=state inner_html=below></div>
    }
}

/// The parts below the levers as the page is built with them.
#[cfg(feature = "ssr")]
fn below_as_built(shared: &Shared) -> String {
    view! { <Below shared=shared.clone()/> }.to_html()
}

/// The browser finds them in the page.
#[cfg(not(feature = "ssr"))]
fn below_as_built(_: &Shared) -> String {
    String::new()
}

/// The parts below the levers. They are taken over by themselves, by a second part of the program.
#[component]
fn Below(
    /// What the parts share.
    shared: Shared,
) -> impl IntoView {
    let (taken, set_taken) = signal(false);
    let takeover = shared.takeover;
    follow(move || {
        set_taken.set(true);
        takeover.set(Takeover::Done);
    });
    let shared = shared.once(taken);
    view! {
        <Versus shared=shared.clone()/>
        <Why shared=shared.clone()/>
        <TargetPanel shared=shared.clone()/>
        <ShelfPanel shared=shared.clone()/>
        <Backwards shared=shared.clone()/>
        <Regions shared=shared.clone()/>
        <Assumptions shared=shared.clone()/>
        <Limits shared/>
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
        .zip(standings(&shared, levers.clone()))
        .map(|(&lever, standing)| view! { <LeverControl shared=shared.clone() lever standing naming=Naming::Paragraph/> })
        .collect();
    let Shared { gesture, ready, session, .. } = shared.clone();
    let whole = shared.clone();
    let href = words(move || {
        whole.session.track();
        let query = whole.query();
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{}{mark}{query}", whole.setup.explorer_href)
    });
    let waits = whether(move || !ready.get());
    let reset = on_click(move |_| gesture.run(Gesture::ResetLevers));
    // Numbers of the text follow once the reader rests.
    let text = shared.clone();
    let mut was_moved = false;
    follow(move || {
        let is_moved = text.rested.with(|rested| text.begun.with_value(|begun| rested != begun));
        let was_moved = std::mem::replace(&mut was_moved, is_moved);
        if is_moved || was_moved {
            text.later(Work::Text);
        }
    });
    let followed = shared.followed;
    let said = words(move || match followed.get() {
        0 => String::new(),
        1 => "One number in the text follows these levers.".to_owned(),
        count => format!("{count} numbers in the text follow these levers."),
    });
    let begun = shared.begun;
    let as_printed = button(
        "Back to what is printed",
        move || ready.get() && session.with(|session| begun.with_value(|begun| session != begun)),
        move || gesture.run(Gesture::Take(Box::new(begun.get_value()))),
    );
    view! {
        <div class="explorer-result">
            <ResultPanel shared=shared.clone() whole=false/>
            <Notices shared/>
        </div>
        <ul class="lever-list">{controls}</ul>
        <p class="explorer-foot">
            <button class="reset" type="button" disabled=waits on:click=reset>
                "Put these levers back to today"
            </button>
            {as_printed}
            <a href=href>"Open with all levers in the explorer"</a>
            <span class="text-follows" role="status">{said}</span>
        </p>
    }
}
