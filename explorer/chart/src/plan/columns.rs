//! Bars and dots that go up: one slot for each position, names below.

use super::{Frame, GAP, Plan, Room, all_values, has_ranges, head, is_short, key, labels, names_below};
use super::{Rule, value_axis_up, widest_tick};
use crate::axis::{Axis, Zero};
use crate::data::{Chart, Direction, Kind, Positions};
use crate::sheet::Ink;
use crate::text::{self, Weight};

/// Nothing where names would have to be broken or left out to stay apart.
pub(super) fn plan(chart: &Chart, room: Room) -> Option<Plan> {
    let (plan, bottom) = framed(chart, room, 24.0, numbers_fit(chart, room))?;
    // The second time round, the room below is known.
    let (plan, bottom) = framed(chart, room, bottom - plan.frame.bottom, numbers_fit(chart, room))?;
    Some(Plan { height: plan.height.max(bottom), ..plan })
}

fn framed(chart: &Chart, room: Room, below: f64, numbers: bool) -> Option<(Plan, f64)> {
    let values = axis(chart, room, numbers);
    let key = key::entries(chart, room, chart.series.len() > 1);
    let (mut rules, mut words) = (Vec::new(), Vec::new());
    let top = head(chart, &values, &key, room, &mut words);
    let left = if numbers { 0.0 } else { widest_tick(&values) + GAP };
    let above = if numbers { text::LINE } else { 0.0 };
    let under = if numbers && values.low < 0.0 { text::LINE } else { 0.0 };
    let top = top + above;
    let bottom = (room.bottom - below - under).max(top + room.least_frame());
    let frame = Frame { left, top, right: room.width.max(left + 40.0), bottom };
    let slots = chart.positions.len().max(1) as f64;
    if let Positions::Names(names) = &chart.positions
        && !names.iter().all(|name| is_short(name, frame.width() / slots - GAP))
    {
        return None;
    }
    if numbers {
        let zero = frame.y(0.0, values.low, values.high);
        rules.push(Rule { from: (frame.left, zero), to: (frame.right, zero), ink: Ink::Zero });
    } else {
        value_axis_up(&values, frame, &mut rules, &mut words);
    }
    let whole = Frame { bottom: bottom + under, ..frame };
    let names_end = names_below(&chart.positions, whole, room.width, &mut words) - under;
    let slot = frame.width() / slots;
    let pitch = pitch(chart, slot);
    let plan = Plan {
        direction: Direction::Up,
        width: room.width,
        height: room.bottom,
        frame,
        numbers: if numbers { labels::numbers(chart, &values) } else { Vec::new() },
        values,
        positions: (0..chart.positions.len()).map(|index| Some(slot * (index as f64 + 0.5))).collect(),
        span: (0.0, frame.width()),
        pitch,
        thickness: if chart.series.len() > 1 { (pitch - 2.0).max(pitch / 2.0) } else { pitch },
        rules,
        words,
        key,
        labels: Vec::new(),
    };
    Some((plan, names_end))
}

fn axis(chart: &Chart, room: Room, numbers: bool) -> Axis {
    if numbers {
        return Axis::of_lengths(all_values(chart), &chart.unit);
    }
    let zero = if matches!(chart.kind, Kind::Bar(_)) { Zero::Always } else { Zero::WhenNear };
    Axis::around(all_values(chart), &chart.unit, zero, room.ticks_up())
}

/// Whether every bar can carry its number, which makes an axis unnecessary.
fn numbers_fit(chart: &Chart, room: Room) -> bool {
    if !matches!(chart.kind, Kind::Bar(_)) || has_ranges(chart) {
        return false;
    }
    let numbers = labels::numbers(chart, &Axis::of_lengths(all_values(chart), &chart.unit));
    // A single bar may have a number wider than itself, up to the next one's.
    let slot = room.width / chart.positions.len().max(1) as f64;
    let least = if chart.series.len() == 1 { slot - GAP } else { pitch(chart, slot) - 4.0 };
    numbers.iter().flatten().all(|number| text::width(number, Weight::Regular) <= least)
}

/// From one bar to the next in a slot; between slots about as much stays free as one bar takes.
fn pitch(chart: &Chart, slot: f64) -> f64 {
    const WIDEST: f64 = 56.0;
    f64::min(slot * 0.72 / chart.series.len().max(1) as f64, WIDEST)
}
