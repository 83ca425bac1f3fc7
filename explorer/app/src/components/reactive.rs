//! Leptos' reactive parts with one type for each purpose. Each closure type of its own would bring its own copy of what
//! Leptos does with it, and these copies made up a third of the browser's program.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::js_sys::Date;
use leptos::web_sys::{Event, HtmlButtonElement, MouseEvent};

/// Follows clicks.
pub type OnClick = Box<dyn FnMut(MouseEvent)>;
/// Follows what is entered or chosen.
pub type OnChange = Box<dyn FnMut(Event)>;

/// Words or markup that change with what they are made from.
pub fn words(words: impl Fn() -> String + Send + Sync + 'static) -> Signal<String> {
    fn derive(words: Box<dyn Fn() -> String + Send + Sync>) -> Signal<String> {
        Signal::derive(words)
    }
    derive(Box::new(words))
}

/// Words that are told of only when they are others than before: what is made of a whole session changes far more rarely.
pub fn steady(words: impl Fn() -> String + 'static) -> Signal<String> {
    fn derive(words: Box<dyn Fn() -> String>) -> Signal<String> {
        let (said, say) = signal(untrack(&words));
        follow(move || {
            let now = words();
            if said.with_untracked(|said| *said != now) {
                say.set(now);
            }
        });
        said.into()
    }
    derive(Box::new(words))
}

/// Something that holds or does not.
pub fn whether(holds: impl Fn() -> bool + Send + Sync + 'static) -> Signal<bool> {
    fn derive(holds: Box<dyn Fn() -> bool + Send + Sync>) -> Signal<bool> {
        Signal::derive(holds)
    }
    derive(Box::new(holds))
}

/// What a click does.
pub fn on_click(act: impl FnMut(MouseEvent) + 'static) -> OnClick {
    Box::new(act)
}

/// The button that was clicked, if it was one: a listener on a list hears of everything in it.
pub fn pressed(event: &MouseEvent) -> Option<HtmlButtonElement> {
    event.target()?.dyn_into::<HtmlButtonElement>().ok()
}

/// What entering or choosing does.
pub fn on_change(act: impl FnMut(Event) + 'static) -> OnChange {
    Box::new(act)
}

/// Does something at the start and whenever what it looked at has changed; in a browser only.
pub fn follow(act: impl FnMut() + 'static) {
    fn effect(mut act: Box<dyn FnMut()>) {
        Effect::new(move |_: Option<()>| act());
    }
    effect(Box::new(act));
}

/// Does something once the frame with a change is painted, given how long that took in milliseconds. Changes before then
/// count as one.
pub fn after_frames(changes: impl Fn() + 'static, act: impl Fn(f64) + 'static) {
    fn after(changes: Box<dyn Fn()>, act: Rc<dyn Fn(f64)>) {
        let is_waiting = Rc::new(Cell::new(false));
        let mut is_first = true;
        follow(move || {
            changes();
            if std::mem::take(&mut is_first) || is_waiting.replace(true) {
                return;
            }
            let (act, is_waiting) = (Rc::clone(&act), Rc::clone(&is_waiting));
            request_animation_frame(move || {
                let begun = now();
                later(Duration::ZERO, move || {
                    is_waiting.set(false);
                    act(now() - begun);
                });
            });
        });
    }
    after(Box::new(changes), Rc::new(act));
}

/// Pieces of work follow each other for this long before the browser is given its turn, in milliseconds: browsers let
/// timers that set timers wait, and less than a frame is not felt.
const TURN: f64 = 6.0;

/// Does a piece of work whenever the browser has time, until `piece` says that there is no more.
pub fn in_pieces(piece: impl FnMut() -> bool + 'static) {
    fn go_on(mut piece: Box<dyn FnMut() -> bool>) {
        let next = move || {
            let end = now() + TURN;
            while piece() {
                if now() >= end {
                    return go_on(piece);
                }
            }
        };
        later(Duration::ZERO, next);
    }
    go_on(Box::new(piece));
}

/// What time it is, in milliseconds; always the same while a page is built.
pub fn now() -> f64 {
    if cfg!(feature = "hydrate") { Date::now() } else { 0.0 }
}

/// Does something after a while, unless it is called off.
pub fn later(delay: Duration, act: impl FnOnce() + 'static) -> Option<TimeoutHandle> {
    fn after(delay: Duration, act: Box<dyn FnOnce()>) -> Option<TimeoutHandle> {
        set_timeout_with_handle(act, delay).ok()
    }
    after(delay, Box::new(act))
}
