//! Bars and dots that go to the right: one row for each position, its name on the left or, on a phone, above.

use super::{Anchor, Frame, GAP, Plan, Room, Row, Rule, Words, all_values, has_ranges, head, key, labels};
use crate::axis::{Axis, Zero};
use crate::data::{Chart, Direction, Kind};
use crate::sheet::Ink;
use crate::text::{self, Weight};

/// Space between rows.
const BETWEEN: f64 = 14.0;
/// Space between a name and the bars below it.
const UNDER: f64 = 4.0;

pub(super) fn plan(chart: &Chart, room: Room) -> Plan {
    let numbered = matches!(chart.kind, Kind::Bar(_)) && !has_ranges(chart) && chart.series.len() <= 4;
    let names = names(chart, room);
    let left = if room.narrow { 0.0 } else { names_width(&names) };
    let values = axis(chart, room.width - left, numbered);
    let numbers = if numbered { labels::numbers(chart, &values) } else { Vec::new() };
    let key = key::entries(chart, room, chart.series.len() > 1);
    let (mut rules, mut words) = (Vec::new(), Vec::new());
    let top = head(chart, &values, &key, room, &mut words);
    let (before, after) = if numbered { beside(chart, &values, &numbers) } else { half_ticks(&values, left) };
    let frame = Frame { left: left + before, top, right: room.width - after, bottom: top };
    let frame = Frame { right: frame.right.max(frame.left + 40.0), ..frame };
    let (thickness, pitch) = thickness(chart);
    let group = pitch * chart.series.len().max(1) as f64;
    let (positions, bottom) = rows(&names, group, frame, room, &mut words);
    let frame = Frame { bottom, ..frame };
    // On a phone the lines stop where a name stands above its row.
    let stretches = if room.narrow {
        positions.iter().flatten().map(|middle| (top + middle - group / 2.0, top + middle + group / 2.0)).collect()
    } else {
        vec![(top, bottom)]
    };
    axis_across(&values, frame, room.width, &stretches, &mut rules, &mut words);
    Plan {
        direction: Direction::Across,
        width: room.width,
        height: bottom + if numbered { 2.0 } else { text::LINE + 8.0 },
        span: (0.0, bottom - top),
        frame,
        values,
        positions,
        pitch,
        thickness,
        rules,
        words,
        key,
        labels: Vec::new(),
        numbers,
    }
}

fn names(chart: &Chart, room: Room) -> Vec<Vec<String>> {
    let width = if room.narrow { room.width } else { room.width * 0.36 };
    let names = (0..chart.positions.len()).map(|index| chart.positions.label(index));
    names.map(|name| text::wrap(&name, Weight::Regular, width)).collect()
}

fn names_width(names: &[Vec<String>]) -> f64 {
    names.iter().map(|lines| text::widest(lines, Weight::Regular)).fold(0.0, f64::max) + GAP + 2.0
}

fn axis(chart: &Chart, width: f64, numbered: bool) -> Axis {
    if numbered {
        return Axis::of_lengths(all_values(chart), &chart.unit);
    }
    let zero = if matches!(chart.kind, Kind::Bar(_)) { Zero::Always } else { Zero::WhenNear };
    Axis::around(all_values(chart), &chart.unit, zero, (width / 90.0).clamp(2.0, 7.0) as usize)
}

/// How thick a bar is, and how far it is to the next one in its row.
fn thickness(chart: &Chart) -> (f64, f64) {
    match (chart.kind, chart.series.len()) {
        (Kind::Dot(_), 0 | 1) => (16.0, 16.0),
        (Kind::Dot(_), _) => (14.0, 14.0),
        (_, 0 | 1) => (20.0, 20.0),
        (_, 2) => (14.0, 16.0),
        (_, 3) => (12.0, 15.0),
        _ => (11.0, 14.0),
    }
}

/// The room for numbers to the left of bars below zero, and to the right of the others.
fn beside(chart: &Chart, axis: &Axis, numbers: &[Vec<String>]) -> (f64, f64) {
    let (mut before, mut after) = (0.0, 0.0);
    for (series, numbers) in chart.series.iter().zip(numbers) {
        for (index, number) in numbers.iter().enumerate() {
            let value = series.values.get(index).and_then(|&value| axis.place(value)).unwrap_or(0.0);
            let side = if value < 0.0 { &mut before } else { &mut after };
            *side = f64::max(*side, text::width(number, Weight::Regular) + GAP);
        }
    }
    (before, after)
}

/// The room that the first and the last number of the axis need beyond its ends.
fn half_ticks(axis: &Axis, left: f64) -> (f64, f64) {
    let half = |text: Option<&str>| text.map_or(0.0, |text| text::width(text, Weight::Regular) / 2.0 + 1.0);
    let first = half(axis.ticks.first().map(|tick| tick.text.as_str()));
    let last = half(axis.ticks.last().map(|tick| tick.text.as_str()));
    ((first - left).max(if left > 0.0 { GAP } else { 0.0 }), last)
}

/// Writes the names and returns the middle of each row, counted from the top of the frame, and where the last row ends.
fn rows(
    names: &[Vec<String>],
    group: f64,
    frame: Frame,
    room: Room,
    words: &mut Vec<Words>,
) -> (Vec<Option<f64>>, f64) {
    let mut top = frame.top;
    let mut middles = Vec::new();
    for lines in names {
        let text_height = lines.len() as f64 * text::LINE;
        let (x, anchor, text_top, middle, height) = if room.narrow {
            let height = text_height + UNDER + group + BETWEEN;
            (0.0, Anchor::Start, top, top + text_height + UNDER + group / 2.0, height)
        } else {
            let height = f64::max(text_height, group) + BETWEEN;
            let middle = top + height / 2.0;
            (names_end(names), Anchor::End, middle - text_height / 2.0, middle, height)
        };
        for (index, line) in lines.iter().enumerate() {
            let at = (x, text_top + (index as f64 + 0.5) * text::LINE + text::DROP);
            words.push(Words { text: line.clone(), at, anchor, ink: Ink::Tick });
        }
        middles.push(Some(middle - frame.top));
        top += height;
    }
    (middles, top.max(frame.top + 20.0))
}

fn names_end(names: &[Vec<String>]) -> f64 {
    names_width(names) - GAP - 2.0
}

/// Numbers below, and a line for each of them through these stretches of the frame.
fn axis_across(
    axis: &Axis,
    frame: Frame,
    width: f64,
    stretches: &[(f64, f64)],
    rules: &mut Vec<Rule>,
    words: &mut Vec<Words>,
) {
    let mut lines: Vec<(f64, Ink)> = Vec::new();
    let mut row = Row::below(frame, width);
    for tick in axis.ticks.iter() {
        let x = frame.x(tick.at, axis.low, axis.high);
        if tick.at != 0.0 {
            lines.push((x, Ink::Grid));
        }
        row.write(std::slice::from_ref(&tick.text), x, words);
    }
    if axis.has_zero() {
        lines.push((frame.x(0.0, axis.low, axis.high), Ink::Zero));
    }
    for (x, ink) in lines {
        for &(top, bottom) in stretches {
            rules.push(Rule { from: (x, top - 3.0), to: (x, bottom + 3.0), ink });
        }
    }
}
