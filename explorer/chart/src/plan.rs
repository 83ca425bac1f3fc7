//! Where everything goes: a chart and a size become a [`Plan`], and nothing is drawn yet.
//!
//! Names and numbers are measured first; what they leave is the frame in which values are drawn.

mod columns;
mod key;
mod labels;
mod lines;
mod rows;

use crate::axis::{Axis, is_drawable};
use crate::data::{Chart, Direction, Kind, Positions, Role, Size};
use crate::sheet::Ink;
use crate::text::{self, Weight};

pub(crate) use key::{Entry, Sign};

/// A chart laid out for one size.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Plan {
    /// Which way values run here; a chart may have been turned for want of room.
    pub direction: Direction,
    pub width: f64,
    pub height: f64,
    /// Where values are drawn.
    pub frame: Frame,
    /// Values, in the scale of which they are drawn.
    pub values: Axis,
    /// Where each position is, between the two ends of `span`.
    pub positions: Vec<Option<f64>>,
    pub span: (f64, f64),
    /// How far apart the series at one position are, and how thick each bar is, in the unit of `span`.
    pub pitch: f64,
    pub thickness: f64,
    /// Lines of the grid and the axes.
    pub rules: Vec<Rule>,
    pub words: Vec<Words>,
    pub key: Vec<Entry>,
    /// Names beside the lines of series; where there are none, the key tells series apart.
    pub labels: Vec<Label>,
    /// Numbers beside bars, by series and position.
    pub numbers: Vec<Vec<String>>,
}

/// A rectangle on the sheet.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Frame {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Frame {
    fn width(&self) -> f64 {
        self.right - self.left
    }

    fn height(&self) -> f64 {
        self.bottom - self.top
    }

    /// Where on the sheet a place between `low` and `high` is, from left to right.
    fn x(&self, place: f64, low: f64, high: f64) -> f64 {
        self.left + self.width() * (place - low) / (high - low)
    }

    /// Where on the sheet a place between `low` and `high` is, from the bottom up.
    fn y(&self, place: f64, low: f64, high: f64) -> f64 {
        self.bottom - self.height() * (place - low) / (high - low)
    }
}

/// A straight line that belongs to no series.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rule {
    pub from: (f64, f64),
    pub to: (f64, f64),
    pub ink: Ink,
}

/// A line of text, placed by its baseline.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Words {
    pub text: String,
    pub at: (f64, f64),
    pub anchor: Anchor,
    pub ink: Ink,
}

/// Which point of a text is placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// The name of a series at the end of its line.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Label {
    /// Which series.
    pub series: usize,
    pub lines: Vec<String>,
    /// Left end of the first line's baseline.
    pub at: (f64, f64),
}

/// Lays a chart out below `top`, in at least the height wanted.
pub(crate) fn plan(chart: &Chart, size: Size, top: f64) -> Plan {
    let room = Room {
        width: f64::from(size.width.max(120)),
        bottom: top + f64::from(size.height.max(120)),
        top,
        narrow: size.is_narrow(),
    };
    if !all_values(chart).any(is_drawable) {
        return without_values(room);
    }
    match chart.kind {
        Kind::Line | Kind::Area => lines::plan(chart, room),
        Kind::Bar(Direction::Up) | Kind::Dot(Direction::Up) => {
            columns::plan(chart, room).unwrap_or_else(|| rows::plan(chart, room))
        }
        Kind::Bar(Direction::Across) | Kind::Dot(Direction::Across) => rows::plan(chart, room),
    }
}

/// Says so, instead of showing axes that nobody measured anything on.
fn without_values(room: Room) -> Plan {
    let frame = Frame { left: 0.0, top: room.top, right: room.width, bottom: room.top + 60.0 };
    let at = (frame.width() / 2.0, frame.top + frame.height() / 2.0);
    Plan {
        direction: Direction::Up,
        width: room.width,
        height: frame.bottom,
        frame,
        values: Axis::EMPTY,
        positions: Vec::new(),
        span: (0.0, 1.0),
        pitch: 0.0,
        thickness: 0.0,
        rules: Vec::new(),
        words: vec![Words { text: "No values".into(), at, anchor: Anchor::Middle, ink: Ink::Tick }],
        key: Vec::new(),
        labels: Vec::new(),
        numbers: Vec::new(),
    }
}

/// What a plan has to fit in.
#[derive(Debug, Clone, Copy)]
struct Room {
    width: f64,
    top: f64,
    bottom: f64,
    narrow: bool,
}

impl Room {
    /// The least height of a frame in which the numbers of an axis stand apart; a long key makes the chart taller.
    fn least_frame(self) -> f64 {
        (0.55 * (self.bottom - self.top)).min(160.0)
    }

    /// How many numbers an axis that goes up may have.
    fn ticks_up(self) -> usize {
        ((self.bottom - self.top - 80.0) / 50.0).clamp(2.0, 7.0) as usize
    }
}

/// Space between a number and the line it belongs to.
const GAP: f64 = 8.0;

/// How many of the series that are compared come before this one.
pub(crate) fn order(chart: &Chart, series: usize) -> usize {
    chart.series[..series].iter().filter(|before| before.role == Role::Scenario).count()
}

/// All numbers of all series and their ranges, and what the axis is to hold besides.
fn all_values(chart: &Chart) -> impl Iterator<Item = f64> {
    let count = chart.positions.len();
    let of_series = chart.series.iter().flat_map(move |series| {
        let ranges = series.ranges.iter().flat_map(|range| [&range.low, &range.high]);
        std::iter::once(&series.values).chain(ranges).flat_map(move |values| values.iter().take(count).copied())
    });
    of_series.chain(chart.axis_holds.iter().copied())
}

fn has_ranges(chart: &Chart) -> bool {
    chart.series.iter().any(|series| !series.ranges.is_empty())
}

/// What stands above the frame: the key, then the unit. Returns where the frame may begin.
fn head(chart: &Chart, axis: &Axis, key: &[Entry], room: Room, words: &mut Vec<Words>) -> f64 {
    let mut top = key.iter().map(|entry| entry.bottom).fold(room.top, f64::max);
    if !key.is_empty() {
        top += 6.0;
    }
    // The number at the top of the axis stands half above the frame.
    let below = if axis.ticks.is_empty() { GAP } else { GAP + 6.0 };
    let title = chart.unit.title(&axis.scale_name());
    if title.is_empty() {
        return top + below;
    }
    for line in text::wrap(&title, Weight::Regular, room.width) {
        top += text::LINE;
        words.push(Words { text: line, at: (0.0, top - 4.0), anchor: Anchor::Start, ink: Ink::AxisTitle });
    }
    top + below
}

/// Rules and numbers of a value axis that goes up, left of the frame.
fn value_axis_up(axis: &Axis, frame: Frame, rules: &mut Vec<Rule>, words: &mut Vec<Words>) {
    for tick in &axis.ticks {
        let y = frame.y(tick.at, axis.low, axis.high);
        if tick.at != 0.0 {
            rules.push(Rule { from: (frame.left, y), to: (frame.right, y), ink: Ink::Grid });
        }
        let at = (frame.left - GAP, y + text::DROP);
        words.push(Words { text: tick.text.clone(), at, anchor: Anchor::End, ink: Ink::Tick });
    }
    if axis.has_zero() {
        let y = frame.y(0.0, axis.low, axis.high);
        rules.push(Rule { from: (frame.left, y), to: (frame.right, y), ink: Ink::Zero });
    }
}

/// How wide the numbers of an axis are.
fn widest_tick(axis: &Axis) -> f64 {
    axis.ticks.iter().map(|tick| text::width(&tick.text, Weight::Regular)).fold(0.0, f64::max)
}

/// Names below the frame, one for each slot or, where they find no room, for every second, third, … of them.
fn names_below(positions: &Positions, frame: Frame, width: f64, words: &mut Vec<Words>) -> f64 {
    let names: Vec<String> = (0..positions.len()).map(|index| positions.label(index)).collect();
    let Some(every) = (1..=names.len()).find(|&every| fits(&names, every, frame)) else {
        return frame.bottom;
    };
    let slot = frame.width() / names.len() as f64;
    let mut row = Row::below(frame, width);
    for (index, name) in names.iter().enumerate().step_by(every) {
        let lines = text::wrap(name, Weight::Regular, slot * every as f64 - GAP);
        row.write(&lines, frame.left + slot * (index as f64 + 0.5), words);
    }
    row.bottom
}

/// Whether names stay apart if only one in `every` is shown.
fn fits(names: &[String], every: usize, frame: Frame) -> bool {
    let room = frame.width() / names.len() as f64 * every as f64 - GAP;
    every >= names.len() || names.iter().step_by(every).all(|name| is_short(name, room))
}

/// Whether a name needs at most three lines and no broken word.
fn is_short(name: &str, room: f64) -> bool {
    text::longest_word(name, Weight::Regular) <= room && text::wrap(name, Weight::Regular, room).len() <= 3
}

/// Texts side by side below the frame: one that would touch the one before is left out.
struct Row {
    top: f64,
    /// Where the last text ends.
    right: f64,
    /// Where the lowest text ends.
    bottom: f64,
    width: f64,
}

impl Row {
    fn below(frame: Frame, width: f64) -> Row {
        Row { top: frame.bottom, right: f64::NEG_INFINITY, bottom: frame.bottom, width }
    }

    /// Lines around `center`, or as near to it as the sheet allows.
    fn write(&mut self, lines: &[String], center: f64, words: &mut Vec<Words>) {
        let half = text::widest(lines, Weight::Regular) / 2.0;
        let center = center.min(self.width - half).max(half);
        if center - half < self.right + GAP / 2.0 {
            return;
        }
        self.right = center + half;
        let mut y = self.top + 3.0;
        for line in lines {
            y += text::LINE;
            words.push(Words { text: line.clone(), at: (center, y), anchor: Anchor::Middle, ink: Ink::Tick });
        }
        self.bottom = self.bottom.max(y + 4.0);
    }
}
