//! Lines: positions to the right, values up.

use super::{Anchor, Frame, GAP, Label, Plan, Room, Row, Rule, Words, all_values, head, labels, names_below};
use super::{key, value_axis_up, widest_tick};
use crate::axis::{Axis, Written, Zero};
use crate::data::{Chart, Direction, Kind, Positions};
use crate::sheet::Ink;
use crate::text::{self, Weight};

pub(super) fn plan(chart: &Chart, room: Room) -> Plan {
    let named = labels::broken_names(chart, room).and_then(|names| {
        let widest = names.iter().map(|lines| text::widest(lines, Weight::Semibold)).fold(0.0, f64::max);
        let mut plan = framed(chart, room, widest + labels::BESIDE, false);
        plan.labels = direct_labels(chart, &plan, &names)?;
        Some(plan)
    });
    named.unwrap_or_else(|| framed(chart, room, 0.0, chart.series.len() > 1))
}

/// Everything but the names of series beside their lines, for which `beside` is left free.
fn framed(chart: &Chart, room: Room, beside: f64, key_names: bool) -> Plan {
    let zero = if chart.kind == Kind::Area { Zero::Always } else { Zero::WhenNear };
    let values = Axis::around(all_values(chart), &chart.unit, zero, room.ticks_up());
    let key = key::entries(chart, room, key_names);
    let (mut rules, mut words) = (Vec::new(), Vec::new());
    let top = head(chart, &values, &key, room, &mut words);
    let frame = Frame {
        left: widest_tick(&values) + GAP,
        top,
        right: room.width - beside.max(GAP),
        bottom: (room.bottom - 24.0 - title_below(chart).map_or(0.0, |_| text::LINE)).max(top + room.least_frame()),
    };
    let frame = Frame { right: frame.right.max(frame.left + 40.0), ..frame };
    value_axis_up(&values, frame, &mut rules, &mut words);
    let (positions, span, bottom) = position_axis(chart, frame, room, &mut rules, &mut words);
    Plan {
        direction: Direction::Up,
        width: room.width,
        height: room.bottom.max(bottom),
        frame,
        values,
        positions,
        span,
        pitch: 0.0,
        thickness: 0.0,
        rules,
        words,
        key,
        labels: Vec::new(),
        numbers: Vec::new(),
    }
}

fn position_axis(
    chart: &Chart,
    frame: Frame,
    room: Room,
    rules: &mut Vec<Rule>,
    words: &mut Vec<Words>,
) -> (Vec<Option<f64>>, (f64, f64), f64) {
    let (numbers, written) = match &chart.positions {
        Positions::Years(years) => (years, Written::Years),
        Positions::Numbers(numbers) => (numbers, Written::Numbers),
        Positions::Names(names) => {
            let places = (0..names.len()).map(|index| Some(index as f64 + 0.5)).collect();
            let bottom = names_below(&chart.positions, frame, room.width, words);
            return (places, (0.0, names.len().max(1) as f64), bottom);
        }
    };
    let axis = roomy_axis(numbers, written, frame);
    let mut row = Row::below(frame, room.width);
    for tick in &axis.ticks {
        let x = frame.x(tick.at, axis.low, axis.high);
        rules.push(Rule { from: (x, frame.bottom), to: (x, frame.bottom + 4.0), ink: Ink::Axis });
        row.write(std::slice::from_ref(&tick.text), x, words);
    }
    let mut bottom = row.bottom;
    if let Some(title) = title_below(chart) {
        bottom += text::LINE;
        let title = [title, &axis.scale_name()].map(str::trim).join(" ").trim().to_string();
        words.push(Words { text: title, at: (frame.right, bottom - 4.0), anchor: Anchor::End, ink: Ink::AxisTitle });
    }
    (numbers.iter().map(|&number| axis.place(number)).collect(), (axis.low, axis.high), bottom)
}

/// Years explain themselves, and so do names; other numbers need saying what they count.
fn title_below(chart: &Chart) -> Option<&str> {
    match chart.positions {
        Positions::Numbers(_) if !chart.positions_title.trim().is_empty() => Some(chart.positions_title.trim()),
        _ => None,
    }
}

/// The axis with as many numbers as stand well apart.
fn roomy_axis(numbers: &[f64], written: Written, frame: Frame) -> Axis {
    const APART: f64 = 28.0;
    let axes = (1..=10).rev().map(|wanted| Axis::between(numbers, written, wanted));
    let fits = |axis: &Axis| (widest_tick(axis) + APART) * axis.ticks.len() as f64 <= frame.width() + APART;
    axes.into_iter().find(fits).unwrap_or_else(|| Axis::between(numbers, written, 1))
}

/// Names where lines end, if all lines end at the right.
fn direct_labels(chart: &Chart, plan: &Plan, names: &[Vec<String>]) -> Option<Vec<Label>> {
    let nearly_right = plan.span.1 - 0.03 * (plan.span.1 - plan.span.0);
    let last = plan.positions.len().checked_sub(1)?;
    let ends = chart.series.iter().map(|series| {
        let end = (0..=last)
            .rev()
            .find_map(|index| Some((plan.positions[index]?, plan.values.place(*series.values.get(index)?)?)));
        let (position, value) = end?;
        let named_slots = matches!(chart.positions, Positions::Names(_)) && position + 0.5 >= plan.span.1;
        let at_right = position >= nearly_right || named_slots;
        at_right.then(|| plan.frame.y(value, plan.values.low, plan.values.high))
    });
    let ends: Vec<f64> = ends.collect::<Option<_>>()?;
    labels::beside(names, &ends, plan.frame)
}
