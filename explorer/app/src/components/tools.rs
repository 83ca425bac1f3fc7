//! What can be done with the present state as a whole: taken back, kept for comparison, taken along.

use std::time::Duration;

use leptos::prelude::*;

use super::patched::{Patched, patched};
use super::reactive::{after_frames, later, on_click, whether};
use super::{Shared, Work};
use crate::history::History;
use crate::host::Request;
use crate::markup::Html;
use crate::session::{Gesture, Session};

/// How long the state before the last change is shown when the change is looked at once more.
const LOOK: Duration = Duration::from_millis(900);

/// A button. Its words are its name.
pub fn button(
    name: &'static str,
    enabled: impl Fn() -> bool + Send + Sync + 'static,
    act: impl Fn() + Send + Sync + 'static,
) -> impl IntoView {
    let waits = whether(move || !enabled());
    let act = on_click(move |_| act());
    view! { <button class="tool" type="button" disabled=waits on:click=act>{name}</button> }
}

/// The tools, with what is to be said to the reader and what is set in words.
#[component]
pub fn Tools(
    /// What the parts share.
    shared: Shared,
) -> impl IntoView {
    let Shared { history, gesture, ready, session, .. } = shared.clone();
    let has = move |wanted: fn(&History) -> bool| ready.get() && history.with(wanted);
    let looking = StoredValue::new(None::<TimeoutHandle>);
    let again = move || {
        if let Some(look) = looking.get_value() {
            look.clear();
        }
        history.update(History::look_back);
        looking.set_value(later(LOOK, move || history.update(History::look_on)));
    };
    let (back, forth) = (shared.clone(), shared.clone());
    let link = shared.clone();
    let embed = shared.clone();
    let table = shared.clone();
    let print = shared.clone();
    // For paper, which takes longer than a frame.
    let in_words = move || session.with(Session::in_words);
    let (scenario, set_scenario) = signal(untrack(in_words));
    after_frames(move || session.track(), move |_| set_scenario.set(untrack(in_words)));
    view! {
        <div class="tools" role="group" aria-label="Tools">
            {button("Undo", move || has(History::can_undo), move || back.step(History::can_undo, History::undo))}
            {button("Redo", move || has(History::can_redo), move || forth.step(History::can_redo, History::redo))}
            {button("Replay", move || has(History::can_undo), again)}
            {button("Hold as A", move || ready.get(), move || gesture.run(Gesture::Hold))}
            {button("Copy link", move || ready.get(), move || link.ask(Request::CopyLink(link.query())))}
            {button("Embed", move || ready.get(), move || embed.ask(Request::CopyEmbed(embed.query())))}
            {button("CSV", move || ready.get(), move || table.later(Work::Table))}
            {button("Print", move || ready.get(), move || print.ask(Request::Print))}
        </div>
        <Notices shared/>
        <p class="scenario-in-words">{scenario}</p>
    }
}

/// What is to be said to the reader.
#[component]
pub fn Notices(
    /// What the parts share.
    shared: Shared,
) -> impl IntoView {
    view! { <div class="said" role="status" inner_html=said(&shared)></div> }
}

/// The words of what is to be said.
pub fn said(shared: &Shared) -> Patched {
    let notices = shared.notices;
    patched(move || {
        let mut html = Html::default();
        for notice in notices.get() {
            html.element("<p class=\"explorer-notice\">", &notice.words, "");
            if let Some((words, address)) = &notice.link {
                html.element(" <a href=\"", address, "\">").element("", words, "</a>");
            }
            html.tag("</p>");
        }
        html.finish()
    })
}
