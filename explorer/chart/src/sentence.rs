//! What a chart shows, in one sentence for a listener.

use crate::data::{Chart, Kind, Level, Positions, Series};
use crate::number;
use crate::table::at;

/// One sentence: from where to where lines lead, or which bars and dots are the largest and the smallest.
///
/// ```
/// # use chart::*;
/// # let mut chart = Chart { id: "fig-a".into(), title: "Firms".into(), description: String::new(), kind: Kind::Line,
/// #     positions_title: "Year".into(), positions: Positions::Years(vec![2007.0, 2009.0, 2012.0]),
/// #     series: vec![Series::new("Young firms", vec![1200.0, 900.0, 1500.0])], unit: Unit::new("firms"),
/// #     source: Source::new("Eurostat 2013"), note: String::new(), precision: Precision::Full,
/// #     axis_holds: Vec::new() };
/// assert_eq!(
///     sentence(&chart),
///     "Young firms: from 1,200 firms in 2007 up to 1,500 firms in 2012, with a low of 900 firms in 2009."
/// );
/// chart.kind = Kind::Bar(Direction::Across);
/// assert_eq!(sentence(&chart), "Young firms: largest 2012 with 1,500 firms, smallest 2009 with 900 firms, of 3.");
/// ```
pub fn sentence(chart: &Chart) -> String {
    // A listener cannot keep more apart; the table has them all.
    const MOST: usize = 4;
    let told: Vec<String> = chart.series.iter().take(MOST).map(|series| about(chart, series)).collect();
    let mut text = told.join("; ");
    let others = chart.series.len().saturating_sub(MOST);
    if others > 0 {
        text.push_str(&format!("; {others} more in the table"));
    }
    if text.is_empty() {
        text.push_str("No values");
    }
    text.push('.');
    text
}

fn about(chart: &Chart, series: &Series) -> String {
    let known: Vec<usize> = (0..chart.positions.len()).filter(|&index| at(&series.values, index).is_finite()).collect();
    let told = match (known.as_slice(), chart.kind) {
        ([], _) => "no values".into(),
        ([only], _) => format!("{} {}", value(chart, series, *only), place(chart, *only)),
        (_, Kind::Line | Kind::Area) => course(chart, series, &known),
        (_, Kind::Bar(_) | Kind::Dot(_)) => extremes(chart, series, &known),
    };
    let name = series.name.trim();
    if name.is_empty() { capitalised(&told) } else { format!("{name}: {told}") }
}

fn course(chart: &Chart, series: &Series, known: &[usize]) -> String {
    let (Some(&first), Some(&last)) = (known.first(), known.last()) else { return String::new() };
    let (lowest, highest) = lowest_and_highest(series, known);
    let [start, end, low, high] = [first, last, lowest, highest].map(|index| at(&series.values, index));
    if low == high {
        let between = format!("{} to {}", chart.positions.label(first), chart.positions.label(last));
        return format!("{} throughout, from {between}", value(chart, series, first));
    }
    let way = if end > start {
        " up"
    } else if end < start {
        " down"
    } else {
        " back"
    };
    let (from, to) = (value(chart, series, first), value(chart, series, last));
    let mut text = format!("from {from} {}{way} to {to} {}", place(chart, first), place(chart, last));
    text.push_str(&range(chart, series, last));
    // Only what stands out beyond both ends is worth a listener's time.
    let enough = (high - low) / 20.0;
    if high > start.max(end) + enough {
        text.push_str(&format!(", with a high of {} {}", value(chart, series, highest), place(chart, highest)));
    }
    if low < start.min(end) - enough {
        text.push_str(&format!(", with a low of {} {}", value(chart, series, lowest), place(chart, lowest)));
    }
    text
}

fn extremes(chart: &Chart, series: &Series, known: &[usize]) -> String {
    let (lowest, highest) = lowest_and_highest(series, known);
    if at(&series.values, lowest) == at(&series.values, highest) {
        return format!("{} for all {}", value(chart, series, highest), known.len());
    }
    format!(
        "largest {} with {}{}, smallest {} with {}{}, of {}",
        chart.positions.label(highest),
        value(chart, series, highest),
        range(chart, series, highest),
        chart.positions.label(lowest),
        value(chart, series, lowest),
        range(chart, series, lowest),
        known.len()
    )
}

/// Where the first of the smallest and the first of the largest values are.
fn lowest_and_highest(series: &Series, known: &[usize]) -> (usize, usize) {
    known.iter().fold((known[0], known[0]), |(low, high), &index| {
        let value = at(&series.values, index);
        let low = if value < at(&series.values, low) { index } else { low };
        let high = if value > at(&series.values, high) { index } else { high };
        (low, high)
    })
}

fn value(chart: &Chart, series: &Series, index: usize) -> String {
    chart.unit.of(&short(chart, at(&series.values, index)))
}

fn short(chart: &Chart, value: f64) -> String {
    let words = number::short(value, chart.precision);
    // "12 million" of a unit in millions would be read as one number.
    if chart.unit.is_scaled() { number::text(value, chart.precision) } else { words }
}

/// The widest range around a value, in brackets.
fn range(chart: &Chart, series: &Series, index: usize) -> String {
    let Some(widest) = series.widest_first().into_iter().next() else { return String::new() };
    let (low, high) = (at(&widest.low, index), at(&widest.high, index));
    if !(low.is_finite() && high.is_finite()) {
        return String::new();
    }
    let name = match widest.level {
        Level::Stated => "range".into(),
        level => format!("{} range", level.text()),
    };
    format!(" ({name} {} to {})", short(chart, low), short(chart, high))
}

/// `in 2012`, `in year 12`, `at 12`, `for Insurance`.
fn place(chart: &Chart, index: usize) -> String {
    let label = chart.positions.label(index);
    match chart.positions {
        Positions::Years(_) => format!("in {label}"),
        Positions::Numbers(_) if chart.positions_title.starts_with("Year") => format!("in year {label}"),
        Positions::Numbers(_) => format!("at {label}"),
        Positions::Names(_) => format!("for {label}"),
    }
}

/// Our own words, which begin with ASCII letters.
fn capitalised(text: &str) -> String {
    let mut text = text.to_string();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}
