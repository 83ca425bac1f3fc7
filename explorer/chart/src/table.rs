//! The data of a chart as a table for readers and as CSV for machines.

use crate::data::{Chart, Level, Series};
use crate::number;

/// A table that says what its chart shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Title, unit, source and note.
    pub caption: String,
    /// One heading for each column. The first column names positions; all others hold numbers.
    pub header: Vec<String>,
    /// One row for each position, each as long as the header.
    pub rows: Vec<Vec<String>>,
}

/// The values as a table: a row for each position, a column for each series and each end of its ranges.
///
/// ```
/// # use chart::*;
/// # let chart = Chart { id: "fig-a".into(), title: "Firms".into(), description: String::new(), kind: Kind::Line,
/// #     positions_title: "Year".into(), positions: Positions::Years(vec![2007.0, 2012.0]),
/// #     series: vec![Series::new("Young firms", vec![1200.0, f64::NAN])], unit: Unit::new("firms"),
/// #     source: Source::new("Eurostat 2013"), note: String::new(), precision: Precision::Full,
/// #     axis_holds: Vec::new() };
/// let table = table(&chart);
/// assert_eq!(table.caption, "Firms. Unit: firms. Source: Eurostat 2013.");
/// assert_eq!(table.header, ["Year", "Young firms"]);
/// assert_eq!(table.rows, [["2007", "1,200"], ["2012", "–"]]);
/// ```
pub fn table(chart: &Chart) -> Table {
    let columns: Vec<(String, &[f64])> = chart.series.iter().flat_map(columns).collect();
    let mut header = vec![chart.positions_title.clone()];
    header
        .extend(columns.iter().map(|(name, _)| if name.is_empty() { chart.unit.text().into() } else { name.clone() }));
    let rows = (0..chart.positions.len()).map(|index| {
        let values = columns.iter().map(|(_, values)| number::text(at(values, index), chart.precision));
        std::iter::once(chart.positions.label(index)).chain(values).collect()
    });
    Table { caption: caption(chart), header, rows: rows.collect() }
}

/// The values as CSV, one row for each of them, with all digits, unit and source.
///
/// Text is quoted where it has to be; missing values are empty.
///
/// ```
/// # use chart::*;
/// # let chart = Chart { id: "fig-a".into(), title: "Firms".into(), description: String::new(), kind: Kind::Line,
/// #     positions_title: "Year".into(), positions: Positions::Years(vec![2007.0, 2012.0]),
/// #     series: vec![Series::new("Young firms", vec![1200.0, f64::NAN])], unit: Unit::new("firms"),
/// #     source: Source::new("Eurostat, 2013"), note: String::new(), precision: Precision::Full,
/// #     axis_holds: Vec::new() };
/// assert_eq!(csv(&chart), "\
/// year,series,value,unit,source
/// 2007,Young firms,1200,firms,\"Eurostat, 2013\"
/// 2012,Young firms,,firms,\"Eurostat, 2013\"
/// ");
/// ```
pub fn csv(chart: &Chart) -> String {
    let levels = chart.levels();
    let mut text = String::new();
    let title = column_name(&chart.positions_title);
    let ends = levels.iter().flat_map(|level| [format!("low{}", level.suffix()), format!("high{}", level.suffix())]);
    let first = [if title.is_empty() { "position".into() } else { title }, "series".into(), "value".into()];
    push_row(&mut text, first.into_iter().chain(ends).chain(["unit".into(), "source".into()]));
    for series in &chart.series {
        for index in 0..chart.positions.len() {
            let first = [position(chart, index), series.name.clone(), number::plain(at(&series.values, index))];
            let ends = levels.iter().flat_map(|&level| ends_at(series, level, index)).map(number::plain);
            let last = [chart.unit.text().into(), chart.source.text().into()];
            push_row(&mut text, first.into_iter().chain(ends).chain(last));
        }
    }
    text
}

fn caption(chart: &Chart) -> String {
    let mut caption = String::new();
    let unit = chart.unit.text().trim();
    push_sentence(&mut caption, "", &chart.title);
    push_sentence(&mut caption, "Unit: ", if unit.is_empty() { "none (a plain number)" } else { unit });
    push_sentence(&mut caption, "Source: ", chart.source.text());
    push_sentence(&mut caption, "", &chart.note);
    caption
}

/// Adds text that is not empty, with a full stop if it has none.
pub(crate) fn push_sentence(text: &mut String, before: &str, sentence: &str) {
    let sentence = sentence.trim();
    if sentence.is_empty() {
        return;
    }
    if !text.is_empty() {
        text.push(' ');
    }
    text.push_str(before);
    text.push_str(sentence);
    if !sentence.ends_with(['.', '!', '?', '…']) {
        text.push('.');
    }
}

fn columns(series: &Series) -> Vec<(String, &[f64])> {
    let mut columns = vec![(series.name.clone(), series.values.as_slice())];
    for range in series.widest_first() {
        let level = match range.level {
            Level::Stated => String::new(),
            level => format!("{} ", level.text()),
        };
        let name = if series.name.is_empty() { String::new() } else { format!("{}, ", series.name) };
        columns.push((format!("{name}{level}low"), &range.low));
        columns.push((format!("{name}{level}high"), &range.high));
    }
    columns
}

pub(crate) fn at(values: &[f64], index: usize) -> f64 {
    values.get(index).copied().unwrap_or(f64::NAN)
}

fn ends_at(series: &Series, level: Level, index: usize) -> [f64; 2] {
    series.range_of(level).map_or([f64::NAN; 2], |range| [at(&range.low, index), at(&range.high, index)])
}

fn position(chart: &Chart, index: usize) -> String {
    use crate::data::Positions;
    match &chart.positions {
        Positions::Years(numbers) | Positions::Numbers(numbers) => number::plain(at(numbers, index)),
        Positions::Names(_) => chart.positions.label(index),
    }
}

/// A heading as programs like it: `Service category` is `service_category`.
fn column_name(title: &str) -> String {
    let mut name = String::new();
    for character in title.trim().chars() {
        match character {
            _ if character.is_ascii_alphanumeric() || !character.is_ascii() => {
                name.push(character.to_ascii_lowercase())
            }
            _ if name.is_empty() || name.ends_with('_') => {}
            _ => name.push('_'),
        }
    }
    name.trim_end_matches('_').into()
}

fn push_row(text: &mut String, cells: impl Iterator<Item = String>) {
    for (index, cell) in cells.enumerate() {
        if index > 0 {
            text.push(',');
        }
        if cell.contains([',', '"', '\n', '\r']) {
            text.push('"');
            text.push_str(&cell.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(&cell);
        }
    }
    text.push('\n');
}
