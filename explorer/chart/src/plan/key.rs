//! The key: which mark belongs to which series, and what the ranges mean.

use super::{Room, has_ranges};
use crate::data::{Chart, Kind, Level};
use crate::text::{self, Weight};

/// One sign and its name.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    pub sign: Sign,
    pub lines: Vec<String>,
    /// Left end of the sign, at the height of its middle.
    pub at: (f64, f64),
    /// Width of the sign.
    pub width: f64,
    /// Left end of the name.
    pub text_left: f64,
    /// Where the entry ends.
    pub bottom: f64,
}

/// What an entry shows.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Sign {
    /// The mark of this series.
    Series(usize),
    /// The ranges of this series, the widest first.
    Ranges(usize, Vec<Level>),
}

impl Sign {
    pub fn series(&self) -> usize {
        match self {
            Sign::Series(series) | Sign::Ranges(series, _) => *series,
        }
    }
}

/// The entries for a chart, in rows below the top of the room; `names` says whether series are named here.
pub(super) fn entries(chart: &Chart, room: Room, names: bool) -> Vec<Entry> {
    let mut signs = Vec::new();
    if names {
        signs.extend(chart.series.iter().enumerate().map(|(index, series)| (Sign::Series(index), series.name.clone())));
    }
    signs.extend(ranges(chart));
    flowed(signs, chart.kind, room)
}

/// The entry for ranges: one for all series, since they all mean the same.
fn ranges(chart: &Chart) -> Option<(Sign, String)> {
    if !has_ranges(chart) {
        return None;
    }
    let series = chart.series.iter().position(|series| !series.ranges.is_empty())?;
    let levels = chart.levels();
    let text = in_words(&levels, matches!(chart.kind, Kind::Line | Kind::Area));
    Some((Sign::Ranges(series, levels), text))
}

fn in_words(levels: &[Level], band: bool) -> String {
    let known: Vec<&str> = levels.iter().rev().map(|level| level.text()).filter(|text| !text.is_empty()).collect();
    let what = if band { "band" } else { "range" };
    match known.as_slice() {
        [] => "Low to high".into(),
        [only] => format!("{only} {what}"),
        [first @ .., last] => {
            let first = first.iter().map(|level| level.trim_end_matches('%')).collect::<Vec<_>>().join(", ");
            format!("{first} and {last} {what}s")
        }
    }
}

/// Lines and ranges need a stretch, bars and dots do not.
fn width(sign: &Sign, kind: Kind) -> f64 {
    match (sign, kind) {
        (Sign::Series(_), Kind::Bar(_)) => 13.0,
        (Sign::Series(_), Kind::Dot(_)) => 10.0,
        _ => 24.0,
    }
}

fn flowed(signs: Vec<(Sign, String)>, kind: Kind, room: Room) -> Vec<Entry> {
    const BETWEEN: f64 = 20.0;
    let (mut left, mut top, mut bottom) = (0.0, room.top, room.top);
    let mut entries = Vec::new();
    for (sign, name) in signs {
        let sign_width = width(&sign, kind);
        let text_left = sign_width + 7.0;
        let lines = text::wrap(&name, Weight::Regular, room.width - text_left);
        let width = text_left + text::widest(&lines, Weight::Regular);
        if left > 0.0 && left + width > room.width {
            left = 0.0;
            top = bottom;
        }
        let ends = top + text::LINE * lines.len() as f64 + 3.0;
        bottom = f64::max(bottom, ends);
        let at = (left, top + text::LINE / 2.0 + 1.0);
        entries.push(Entry { sign, lines, at, width: sign_width, text_left: left + text_left, bottom: ends });
        left += width + BETWEEN;
    }
    entries
}
