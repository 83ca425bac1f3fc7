//! When a lever moves: its status quo before its start, then in a straight line to its setting.

use serde::{Deserialize, Serialize};

/// When a lever moves.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Schedule {
    /// Time after the start of the run before which it stays at its status quo, in the model's unit of time.
    pub start: f64,
    /// Time from `start` until it stands at its setting; zero for a jump.
    pub ramp: f64,
}

impl Schedule {
    /// At its setting from the first moment on.
    pub const AT_ONCE: Self = Self { start: 0.0, ramp: 0.0 };

    /// Whether it can be run: both times are finite and not below zero.
    pub fn is_sound(self) -> bool {
        [self.start, self.ramp].iter().all(|time| time.is_finite() && *time >= 0.0)
    }

    /// How much of the way to its setting a lever has gone, 0 to 1, at `elapsed` after the start of the run, within a
    /// step that started at `step_start` after it: a jump waits for the next step, a ramp does not.
    pub(crate) fn share(self, step_start: f64, elapsed: f64) -> f64 {
        if self.ramp > 0.0 {
            ((elapsed - self.start) / self.ramp).clamp(0.0, 1.0)
        } else {
            f64::from(u8::from(step_start >= self.start))
        }
    }
}

/// Where a lever stands that has gone `share` of the way from its status quo to `setting`; exactly there at the ends.
pub(crate) fn delivered(status_quo: f64, setting: f64, share: f64) -> f64 {
    if share == 1.0 { setting } else { status_quo + (setting - status_quo) * share }
}
