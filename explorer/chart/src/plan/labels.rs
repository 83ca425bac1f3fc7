//! What is written beside marks: names at the ends of lines, numbers at the ends of bars.

use super::{Frame, GAP, Label, Room};
use crate::axis::Axis;
use crate::data::Chart;
use crate::number::{self, Precision};
use crate::text::{self, Weight};

/// How far a name may be from the end of its line and still be read as its name.
const FARTHEST: f64 = 20.0;
/// Space between the end of a line and its name.
pub(super) const BESIDE: f64 = 10.0;

/// The names of series, broken to fit beside the frame; nothing where that takes too much of the room.
pub(super) fn broken_names(chart: &Chart, room: Room) -> Option<Vec<Vec<String>>> {
    let most = room.width * if room.narrow { 0.26 } else { 0.24 };
    if chart.series.len() < 2 {
        return None;
    }
    let names = chart.series.iter().map(|series| {
        let fits = !series.name.trim().is_empty() && text::longest_word(&series.name, Weight::Semibold) <= most;
        let lines = text::wrap(&series.name, Weight::Semibold, most);
        (fits && lines.len() <= 3).then_some(lines)
    });
    names.collect()
}

/// Names beside the ends of lines at these heights, moved apart; nothing where one would end up too far from its line.
pub(super) fn beside(names: &[Vec<String>], ends: &[f64], frame: Frame) -> Option<Vec<Label>> {
    let heights: Vec<f64> = names.iter().map(|lines| lines.len() as f64 * text::LINE).collect();
    let middles = apart(ends, &heights);
    let mut labels = Vec::new();
    for (series, lines) in names.iter().enumerate() {
        let top = middles[series] - heights[series] / 2.0;
        let outside = top < frame.top - text::LINE || top + heights[series] > frame.bottom + GAP;
        if outside || (middles[series] - ends[series]).abs() > FARTHEST {
            return None;
        }
        let at = (frame.right + BESIDE, top + text::LINE / 2.0 + text::DROP);
        labels.push(Label { series, lines: lines.clone(), at });
    }
    Some(labels)
}

/// Middles as near as possible to the wanted ones, so that nothing of these heights overlaps.
fn apart(wanted: &[f64], heights: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = Vec::new();
    for (index, middle) in wanted.iter().enumerate() {
        order.insert(order.partition_point(|&before| wanted[before] <= *middle), index);
    }
    // Neighbours that touch become a stack, whose middle is the mean of what its members want.
    let mut stacks: Vec<Stack> = Vec::new();
    for index in order {
        let mut stack =
            Stack { members: vec![index], height: heights[index], top: wanted[index] - heights[index] / 2.0 };
        while let Some(before) = stacks.pop_if(|before| before.top + before.height > stack.top) {
            stack = before.joined(stack);
        }
        stacks.push(stack);
    }
    let mut middles = vec![0.0; wanted.len()];
    for stack in stacks {
        let mut top = stack.top;
        for index in stack.members {
            middles[index] = top + heights[index] / 2.0;
            top += heights[index];
        }
    }
    middles
}

/// Labels that touch.
struct Stack {
    members: Vec<usize>,
    height: f64,
    top: f64,
}

impl Stack {
    fn joined(mut self, below: Stack) -> Stack {
        let (upper, lower) = (self.members.len() as f64, below.members.len() as f64);
        // Each stack asks for the joint top that would leave it where it is.
        let top = (self.top * upper + (below.top - self.height) * lower) / (upper + lower);
        self.members.extend(below.members);
        Stack { members: self.members, height: self.height + below.height, top }
    }
}

/// The values as numbers beside bars, in the scale of the axis, by series and position.
pub(super) fn numbers(chart: &Chart, axis: &Axis) -> Vec<Vec<String>> {
    let count = chart.positions.len();
    let rows = chart.series.iter().map(|series| {
        let values = series.values.iter().copied().chain(std::iter::repeat(f64::NAN)).take(count);
        values.map(|value| axis.place(value).unwrap_or(f64::NAN)).collect::<Vec<f64>>()
    });
    let rows: Vec<Vec<f64>> = rows.collect();
    let precision = precision(chart.precision, axis, rows.iter().flatten().copied());
    rows.iter().map(|values| values.iter().map(|&value| number::text(value, precision)).collect()).collect()
}

/// As asked for; but in millions, and where values have many digits, so many that the smallest keeps two.
fn precision(asked: Precision, axis: &Axis, values: impl Iterator<Item = f64>) -> Precision {
    if !(asked == Precision::Full || axis.is_scaled() && matches!(asked, Precision::Decimals(_))) {
        return asked;
    }
    let (mut least, mut decimals) = (i32::MAX, 0);
    for value in values.filter(|value| value.is_finite() && *value != 0.0) {
        least = least.min(number::magnitude(value));
        decimals = decimals.max(number::decimals(value));
    }
    match decimals {
        0 | 1 if !axis.is_scaled() => return Precision::Decimals(decimals),
        2 if !axis.is_scaled() => return Precision::Full,
        _ => {}
    }
    Precision::Decimals((1 - least.min(1)).clamp(0, 4) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_move_apart_and_no_further() {
        assert_eq!(apart(&[10.0, 100.0], &[16.0, 16.0]), [10.0, 100.0]);
        assert_eq!(apart(&[50.0, 50.0], &[16.0, 16.0]), [42.0, 58.0]);
        assert_eq!(apart(&[58.0, 50.0], &[16.0, 16.0]), [62.0, 46.0]);
        assert_eq!(apart(&[50.0, 50.0, 50.0], &[10.0, 10.0, 10.0]), [40.0, 50.0, 60.0]);
    }
}
