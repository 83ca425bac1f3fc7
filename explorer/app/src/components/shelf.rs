//! The reader's own scenarios by name.

use leptos::prelude::*;
use leptos::web_sys::MouseEvent;

use super::patched::patched;
use super::reactive::{on_click, pressed, whether};
use super::tools::{button, said};
use super::{Said, Shared, hush};
use crate::address;
use crate::host::Request;
use crate::markup::Html;
use crate::session::{Gesture, Session};
use crate::shelf::Shelf;

/// What is kept, and what can be done with it.
#[component]
pub fn ShelfPanel(
    /// What the parts share.
    shared: Shared,
) -> impl IntoView {
    let Shared { gesture, ready, kept, shelved, start, setup, .. } = shared.clone();
    let name_id = format!("{}-shelf-name", setup.prefix);
    let name = NodeRef::<leptos::html::Input>::new();
    let place = NodeRef::<leptos::html::Div>::new();
    let change = {
        let shared = shared.clone();
        move |change: &dyn Fn(&mut Shelf) -> bool| {
            let before = kept.get_untracked();
            let done = kept.try_update(|kept| change(kept)).unwrap_or_default();
            if done {
                shared.shelved.set(Some(before));
                shared.ask(Request::Keep(kept.with_untracked(Shelf::text)));
            }
            done
        }
    };
    let typed = move || name.get_untracked().map(|field| field.value()).unwrap_or_default();
    let keeping = (shared.clone(), change.clone());
    let keep = move || {
        let (shared, change) = &keeping;
        let name = typed();
        let count = move || kept.with_untracked(|kept| kept.kept().len());
        let before = count();
        if !change(&|shelf| shelf.keep(&name, &shared.query())) {
            refuse(shared, "Give the scenario a name first; a hundred of them can be kept.");
        } else if count() == before {
            let words =
                "A scenario of this name was in the list and is replaced; the list’s last change can be taken back.";
            shared.say(vec![words.into()]);
        }
    };
    let saving = shared.clone();
    let save = move || {
        let text = kept.with_untracked(Shelf::text);
        saving.ask(Request::Save { name: "levers-scenarios.txt".into(), text });
    };
    let opening = shared.clone();
    let going_back = shared.clone();
    // Once more, and it is as it was.
    let go_back = move || {
        if let Some(before) = shelved.get_untracked() {
            shelved.set(Some(kept.get_untracked()));
            going_back.ask(Request::Keep(before.text()));
            kept.set(before);
        }
    };
    let list = patched(move || {
        let mut html = Html::default();
        let is_known = ready.get();
        kept.with(|kept| {
            let kept = if is_known { kept } else { &Shelf::default() };
            if kept.kept().is_empty() {
                html.tag("<p class=\"more-words\">Nothing is kept yet.</p>");
            }
            html.tag("<ul class=\"shelf-list\">");
            for (index, scenario) in kept.kept().iter().enumerate() {
                html.element("<li><span class=\"shelf-name\">", &scenario.name, "</span>");
                for (act, words) in
                    [("open", "Open"), ("hold", "Hold as A"), ("rename", "Rename"), ("remove", "Delete")]
                {
                    html.tag(&format!(
                        "<button class=\"tool\" type=\"button\" name=\"{act}\" value=\"{index}\" aria-label=\""
                    ));
                    html.element("", words, " “").element("", &scenario.name, "”\">").element("", words, "</button>");
                }
                html.tag("</li>");
            }
            html.tag("</ul>");
        });
        html.finish()
    });
    let waits = whether(move || !ready.get());
    // Where they are said to all is out of sight from here.
    let words = said(&shared);
    let clicked = on_click(move |event: MouseEvent| {
        let Some(pressed) = pressed(&event) else { return };
        let Some(index) = pressed.value().parse::<u32>().ok().map(|index| index as usize) else { return };
        let Some(scenario) = kept.with_untracked(|kept| kept.kept().get(index).cloned()) else { return };
        let follow = |meant: fn(Session) -> Gesture| {
            let (session, unread) = start.with_value(|start| address::read(&scenario.query, start));
            gesture.run(meant(session));
            shared.say(unread.iter().map(Said::of).collect());
        };
        match pressed.name().as_str() {
            "open" => follow(|session| Gesture::Take(Box::new(session))),
            "hold" => follow(|session| Gesture::HoldOther(Box::new(session.settings().clone()))),
            "rename" if !change(&|shelf| shelf.rename(index, &typed())) => {
                refuse(&shared, "Write the new name into the field above first; no two can be the same.");
            }
            "remove" => {
                change(&|shelf| {
                    shelf.remove(index);
                    true
                });
                // The button that had it goes.
                if let Some(place) = place.get_untracked() {
                    let _ = place.focus();
                }
            }
            _ => {}
        }
    });
    view! {
        <section class="more-panel shelf" aria-labelledby="shelf-title">
            <h2 id="shelf-title">"Your scenarios"</h2>
            <p class="more-words">"Kept in this browser only, and nowhere else."</p>
            <div class="shelf-keep">
                <label for=name_id.clone()>"Name"</label>
                <input id=name_id type="button" class="field" data-as="text" value=" " data-maxlength="80" data-autocomplete="off" node_ref=name disabled=waits/>
                {button("Keep the present one", move || ready.get(), keep)}
                {button("Save all as a file", move || ready.get(), save)}
                {button("Take back the last change of the list", move || ready.get() && shelved.with(Option::is_some), go_back)}
                {button("Open a file", move || ready.get(), move || opening.ask(Request::Open))}
            </div>
            <div class="said" inner_html=words></div>
            <div tabindex="-1" node_ref=place on:click=clicked inner_html=list></div>
        </section>
    }
}

/// Says, also the second time, why what was asked for was not done.
fn refuse(shared: &Shared, why: &str) {
    hush(shared.notices);
    shared.say(vec![why.into()]);
}

/// Takes the scenarios of a file into the reader's list, as far as there is room.
pub fn open(shared: &Shared, text: &str) {
    let before = shared.kept.get_untracked();
    match shared.kept.try_update(|kept| kept.take_in(text)) {
        Some(Ok(without_room)) => {
            shared.shelved.set(Some(before));
            shared.ask(Request::Keep(shared.kept.with_untracked(Shelf::text)));
            if without_room > 0 {
                let words = format!(
                    "There was no room for {without_room} of the scenarios in the file: a hundred can be kept."
                );
                shared.say(vec![words.into()]);
            }
        }
        _ => shared.say(vec!["This file holds no scenarios of this explorer.".into()]),
    }
}
