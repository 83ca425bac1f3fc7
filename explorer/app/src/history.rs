//! What a reader did, to be undone, done again, or looked at once more.

use crate::session::{Gesture, Session};

/// Changes that can be undone; beyond, the oldest is forgotten.
const MOST: usize = 200;

/// The present session with those before it and those that were undone.
#[derive(Clone, Debug, PartialEq)]
pub struct History {
    past: Vec<Session>,
    present: Session,
    future: Vec<Session>,
    /// What is being moved; as long as it moves, all of it is one change.
    moving: Option<Moving>,
    /// Whether what was before the last change is looked at for a moment.
    looks_back: bool,
}

/// What a gesture moves step by step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Moving {
    Lever(model::LeverId),
    Parameter(model::ParameterId),
}

impl Moving {
    fn of(gesture: &Gesture) -> Option<Self> {
        match gesture {
            Gesture::Lever(lever, _) => Some(Self::Lever(*lever)),
            Gesture::Parameter(parameter, _) => Some(Self::Parameter(*parameter)),
            _ => None,
        }
    }
}

impl History {
    /// With nothing to undo.
    pub fn new(present: Session) -> Self {
        Self { past: Vec::new(), present, future: Vec::new(), moving: None, looks_back: false }
    }

    /// What is chosen now.
    pub fn present(&self) -> &Session {
        &self.present
    }

    /// What is shown: what is chosen now or, while the reader looks back, what was before the last change.
    pub fn shown(&self) -> &Session {
        self.past.last().filter(|_| self.looks_back).unwrap_or(&self.present)
    }

    /// Whether what was before the last change is looked at.
    pub fn looks_back(&self) -> bool {
        self.looks_back
    }

    /// Whether something can be undone.
    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    /// Whether something undone can be done again.
    pub fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }

    /// Follows a gesture. Moves of one lever that follow each other are one change until the reader rests, and none once
    /// it is back where it was.
    pub fn follow(&mut self, gesture: Gesture) {
        self.looks_back = false;
        let moving = Moving::of(&gesture);
        let next = self.present.clone().after(gesture);
        if next == self.present {
            return;
        }
        let goes_on = moving.is_some() && moving == self.moving;
        let before = std::mem::replace(&mut self.present, next);
        if !goes_on {
            if self.past.len() == MOST {
                self.past.remove(0);
            }
            self.past.push(before);
        }
        self.future.clear();
        self.moving = moving;
        if goes_on && self.past.last() == Some(&self.present) {
            self.past.pop();
            self.moving = None;
        }
    }

    /// Shows what was before the last change, if there is one, until the reader does something or
    /// [`look_on`](Self::look_on) ends it.
    pub fn look_back(&mut self) {
        self.looks_back = self.can_undo();
    }

    /// Shows what is chosen now.
    pub fn look_on(&mut self) {
        self.looks_back = false;
    }

    /// The reader rests: what moves next is a change of its own.
    pub fn rest(&mut self) {
        self.moving = None;
    }

    /// Takes back the last change, if there is one.
    pub fn undo(&mut self) {
        self.looks_back = false;
        if let Some(before) = self.past.pop() {
            self.future.push(std::mem::replace(&mut self.present, before));
        }
        self.moving = None;
    }

    /// Makes the change again that was taken back last, if there is one.
    pub fn redo(&mut self) {
        self.looks_back = false;
        if let Some(after) = self.future.pop() {
            self.past.push(std::mem::replace(&mut self.present, after));
        }
        self.moving = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examples::session;

    fn history() -> History {
        History::new(session())
    }

    #[test]
    fn what_was_done_is_undone_and_done_again_in_order() {
        let mut history = history();
        let (start, one, two) = (session(), lever(&history, "L01"), lever(&history, "L02"));
        history.follow(Gesture::Lever(one, 0.5));
        let first = history.present().clone();
        history.follow(Gesture::Lever(two, 0.5));
        let second = history.present().clone();
        history.undo();
        assert_eq!(history.present(), &first);
        history.undo();
        assert_eq!(history.present().settings(), start.settings());
        assert!(!history.can_undo());
        history.redo();
        history.redo();
        assert_eq!(history.present(), &second);
        assert!(!history.can_redo());
        history.undo();
        history.follow(Gesture::Lever(two, 0.25));
        assert!(!history.can_redo(), "what was undone is gone once something else is done");
    }

    #[test]
    fn a_drag_is_one_change() {
        let mut history = history();
        let one = lever(&history, "L01");
        for per_cent in 1..50 {
            history.follow(Gesture::Lever(one, f64::from(per_cent) / 100.0));
        }
        history.rest();
        history.follow(Gesture::Lever(one, 0.9));
        history.undo();
        assert_eq!(history.present().lever(one), 0.49);
        history.undo();
        assert!(history.present().is_base_run());
    }

    #[test]
    fn a_drag_away_and_back_is_no_change() {
        let mut history = history();
        let one = lever(&history, "L01");
        for setting in [0.5, 0.8, 0.5, 0.0] {
            history.follow(Gesture::Lever(one, setting));
        }
        assert!(!history.can_undo());
        history.follow(Gesture::Lever(one, 0.25));
        history.undo();
        assert!(history.present().is_base_run(), "what moves on from there is a change");
    }

    #[test]
    fn looking_back_changes_nothing_and_ends_with_the_next_gesture() {
        let mut history = history();
        history.look_back();
        assert!(!history.looks_back(), "there is nothing to look at");
        let (one, two) = (lever(&history, "L01"), lever(&history, "L02"));
        history.follow(Gesture::Lever(one, 0.5));
        let set = history.present().clone();
        history.look_back();
        assert!(history.shown().is_base_run() && history.present() == &set);
        history.look_on();
        assert_eq!(history.shown(), &set);

        history.look_back();
        history.follow(Gesture::Lever(two, 0.5));
        assert_eq!((history.shown().lever(one), history.shown().lever(two)), (0.5, 0.5));
        history.look_on();
        history.undo();
        assert_eq!(history.shown(), &set, "and takes its place after the change looked at");
    }

    #[test]
    fn what_changes_nothing_is_no_change() {
        let mut history = history();
        history.follow(Gesture::ResetLevers);
        history.follow(Gesture::Release);
        assert!(!history.can_undo());
        history.undo();
        history.redo();
        assert_eq!(history, self::history());
    }

    #[test]
    fn the_oldest_changes_are_forgotten() {
        let mut history = history();
        let one = lever(&history, "L01");
        for change in 0..2 * MOST {
            history.follow(Gesture::Lever(one, (change % 2) as f64));
            history.rest();
        }
        assert_eq!(history.past.len(), MOST);
    }

    fn lever(history: &History, id: &str) -> model::LeverId {
        history.present().model().lever(id).expect("declared")
    }
}
