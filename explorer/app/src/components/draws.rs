//! Ranges that follow the session: over the first draws at once, over all of them as soon as the browser has time.

use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;

use super::reactive::{after_frames, follow, in_pieces, later};
use crate::ranges::{RangeRun, Ranges};
use crate::results::Shown;
use crate::session::Session;

/// A lever that is dragged moves again within this time: all draws at each of its steps would draw the charts twice.
const BREATH: Duration = Duration::from_millis(30);

/// The same on a slow device, which needs all its time for what readers look at first.
const LONG_BREATH: Duration = Duration::from_millis(70);

/// A device that takes longer than this to paint a change, in milliseconds, shows lines before all else.
const SLOW: f64 = 10.0;

/// One that takes less than this for the lines alone shows all at once again.
const FAST: f64 = 4.0;

/// What the draws of an explorer share.
#[derive(Clone, Copy)]
struct Draws {
    run: StoredValue<Option<RangeRun>>,
    is_slow: StoredValue<bool>,
    shown: Shown,
}

/// The ranges of a session; none in its base run. On a slow device those of the session before for a moment, as long as
/// only levers have moved. `ready` tells that the page is taken over. With them comes whether the device is slow.
pub fn followed_ranges(
    session: Memo<Session>,
    shown: Shown,
    prepared: Option<RangeRun>,
    ready: ReadSignal<bool>,
) -> (Memo<Option<Arc<Ranges>>>, StoredValue<bool>) {
    let draws = Draws { run: StoredValue::new(prepared), is_slow: StoredValue::new(false), shown };
    let (changed, set_changed) = signal(());
    let is_slow = draws.is_slow;
    let changes = move || {
        // The frame in which the program takes over the page is the first that tells.
        ready.track();
        session.track();
    };
    after_frames(changes, move |painting| {
        let limit = if is_slow.get_value() { FAST } else { SLOW };
        is_slow.set_value(painting > limit);
    });
    follow(move || {
        if session.with(|session| !session.is_base_run()) {
            draws.complete(session, set_changed);
        }
    });
    let ranges = Memo::new(move |before: Option<&Option<Arc<Ranges>>>| {
        changed.track();
        let before = before.cloned().flatten();
        session.with(|session| if session.is_base_run() { None } else { draws.at_once(session, before) })
    });
    (ranges, is_slow)
}

impl Draws {
    /// What can be said of a session without making the reader wait.
    fn at_once(self, session: &Session, before: Option<Arc<Ranges>>) -> Option<Arc<Ranges>> {
        let mut run = self.run.try_write_value()?;
        let is_begun = run.as_ref().is_some_and(|run| run.session().runs_as(session));
        if !is_begun {
            if let Some(before) = before
                && self.is_slow.get_value()
                && session.differs_in_levers_only(before.session())
            {
                return Some(before);
            }
            self.begin(&mut run, session)?;
            // A page that is being built has time for all of them.
            while cfg!(feature = "ssr") && run.as_mut()?.advance() {}
        }
        run.as_ref()?.ranges().map(Arc::new)
    }

    /// Runs the first draws of a session. Whether there are more.
    fn begin(self, run: &mut Option<RangeRun>, session: &Session) -> Option<bool> {
        match run {
            Some(run) => run.follow(session).ok()?,
            None => *run = Some(RangeRun::new(session, self.shown).ok()?),
        }
        Some(run.as_mut()?.advance())
    }

    /// Does the other draws one block at a time, for as long as the session stays what it is.
    fn complete(self, session: Memo<Session>, changed: WriteSignal<()>) {
        let asked = session.get_untracked();
        let next = move || {
            let has_more = self.next(session, &asked, changed);
            has_more == Some(true)
        };
        let breath = if self.is_slow.get_value() { LONG_BREATH } else { BREATH };
        later(breath, move || in_pieces(next));
    }

    /// Runs the next block of draws, if `asked` is still what the reader wants. Whether there are more.
    fn next(self, session: Memo<Session>, asked: &Session, changed: WriteSignal<()>) -> Option<bool> {
        if !session.with_untracked(|session| session.runs_as(asked)) {
            return None;
        }
        let mut run = self.run.try_write_value()?;
        let is_begun = run.as_ref().is_some_and(|run| run.session().runs_as(asked));
        let has_more = if is_begun { run.as_mut().map(RangeRun::advance) } else { self.begin(&mut run, asked) };
        drop(run);
        let Some(has_more) = has_more else {
            // Draws that fail give no ranges: those of the settings before must not stay.
            self.is_slow.set_value(false);
            changed.set(());
            return None;
        };
        if !is_begun || !has_more {
            changed.set(());
        }
        Some(has_more)
    }
}
