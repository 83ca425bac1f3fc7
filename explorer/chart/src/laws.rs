//! What holds for every chart, however odd its data.

use proptest::collection::vec;
use proptest::prelude::*;

use crate::data::*;
use crate::number::Precision;
use crate::text::{self, Weight};
use crate::{csv, picture, sentence, svg, table};

proptest! {
    // A case that fails becomes a test with a name, not an entry in a file of seeds.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_panics_and_svg_is_well_formed(chart in charts(values()), width in any::<u16>(), height in any::<u16>()) {
        for svg in [svg(&chart, Size { width, height }), picture(&chart, Size { width, height })] {
            check_well_formed(&svg)?;
            prop_assert!(!svg.contains("\"NaN") && !svg.contains("\"inf"), "{svg}");
        }
        prop_assert!(!sentence(&chart).is_empty());
    }

    #[test]
    fn tables_are_rectangles(chart in charts(values())) {
        let table = table(&chart);
        prop_assert_eq!(table.rows.len(), chart.positions.len());
        prop_assert!(table.rows.iter().all(|row| row.len() == table.header.len()));
        prop_assert!(table.caption.contains("Unit: ") && table.caption.contains("Source: "));
        let csv = csv(&chart);
        let fields: Vec<usize> = records(&csv).iter().map(Vec::len).collect();
        prop_assert_eq!(fields.len(), 1 + chart.series.len() * chart.positions.len());
        prop_assert!(fields.iter().all(|count| *count == fields[0]), "{csv}");
    }

    #[test]
    fn texts_stay_on_the_sheet_and_apart(chart in charts(plain_values()), width in 300_u16..1200) {
        for svg in [svg(&chart, Size { width, height: 300 }), svg(&chart, Size { width, height: 500 })] {
            let (right, bottom) = sheet_of(&svg);
            let texts = texts_of(&svg);
            for text in &texts {
                let inside = text.left >= -0.2 && text.right <= right + 0.2 && text.top >= 0.0 && text.bottom <= bottom;
                prop_assert!(inside, "{text:?} leaves the sheet of {right} × {bottom}\n{svg}");
            }
            for (index, text) in texts.iter().enumerate() {
                for other in &texts[index + 1..] {
                    prop_assert!(!text.touches(other), "{text:?} touches {other:?}\n{svg}");
                }
            }
        }
    }
}

fn charts(value: impl Strategy<Value = f64> + Clone + 'static) -> impl Strategy<Value = Chart> {
    let series = (name(), any::<bool>(), vec(value.clone(), 0..14), vec(range(value.clone()), 0..3));
    let series = series.prop_map(|(name, baseline, values, ranges)| Series {
        name,
        role: if baseline { Role::Baseline } else { Role::Scenario },
        values,
        ranges,
    });
    (kinds(), positions(value), vec(series, 0..6), units(), precisions(), name()).prop_map(
        |(kind, positions, series, unit, precision, title)| Chart {
            id: "fig a".into(),
            title,
            description: String::new(),
            kind,
            positions_title: "Years since \"the\" decision".into(),
            positions,
            series,
            unit: Unit::new(unit),
            source: Source::new("A, B & C"),
            note: "<None>".into(),
            precision,
            axis_holds: Vec::new(),
        },
    )
}

fn range(value: impl Strategy<Value = f64> + Clone) -> impl Strategy<Value = Range> {
    let level = prop::sample::select(vec![Level::Stated, Level::NinetyFive, Level::SeventyFive, Level::Fifty]);
    let low = vec(value.clone(), 0..14);
    (level, low, vec(value, 0..14)).prop_map(|(level, low, high)| Range { level, low, high })
}

fn kinds() -> impl Strategy<Value = Kind> {
    prop::sample::select(vec![
        Kind::Line,
        Kind::Area,
        Kind::Bar(Direction::Up),
        Kind::Bar(Direction::Across),
        Kind::Dot(Direction::Up),
        Kind::Dot(Direction::Across),
    ])
}

fn positions(value: impl Strategy<Value = f64> + Clone + 'static) -> impl Strategy<Value = Positions> {
    prop_oneof![
        vec(value.clone(), 0..14).prop_map(Positions::Numbers),
        (1900_i32..2050, 0_usize..14).prop_map(|(first, count)| years(first, count)),
        vec(name(), 0..14).prop_map(Positions::Names),
    ]
}

fn years(first: i32, count: usize) -> Positions {
    Positions::Years((0..count).map(|year| f64::from(first) + year as f64).collect())
}

fn units() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["", "US$", "%", "persons", "million persons", "US$ per worker and year at 2012 prices"])
}

fn precisions() -> impl Strategy<Value = Precision> {
    prop_oneof![
        Just(Precision::Full),
        (0_u8..4).prop_map(Precision::Significant),
        (0_u8..3).prop_map(Precision::Decimals),
    ]
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[A-Z][a-z]{1,12}( [a-z]{1,14}){0,6}",
        1 => "[A-Za-z]{30,60}",
        1 => "\\PC{0,12}",
        1 => Just(String::new()),
        1 => Just("Computer and Information Services".to_string()),
    ]
}

/// Anything a float can be.
fn values() -> impl Strategy<Value = f64> + Clone {
    prop_oneof![
        any::<f64>(),
        -1e6..1e6_f64,
        Just(7.0),
        prop::sample::select(vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN, 5e-324, -0.0]),
    ]
}

/// Numbers of the sizes that charts of policy show.
fn plain_values() -> impl Strategy<Value = f64> + Clone {
    prop_oneof![-1e9..1e12_f64, -1e3..1e3_f64, 0.0..1.0_f64, (-50_i32..50).prop_map(f64::from), Just(f64::NAN)]
}

/// Every tag is closed in order, and no bare `&` or `<` is left.
fn check_well_formed(svg: &str) -> Result<(), TestCaseError> {
    let mut open: Vec<&str> = Vec::new();
    for (index, tag) in svg.split('<').enumerate().skip(1) {
        prop_assert!(index == 1 || !tag.is_empty(), "bare < in {svg}");
        let (tag, text) = tag.split_once('>').ok_or_else(|| TestCaseError::fail(format!("open tag in {svg}")))?;
        for entity in text.split('&').chain(tag.split('&')).skip(1).filter(|rest| !std::ptr::eq(*rest, tag)) {
            let known = ["amp;", "lt;", "gt;", "quot;"].iter().any(|name| entity.starts_with(name));
            prop_assert!(known || entity == tag, "bare & in {svg}");
        }
        if let Some(name) = tag.strip_prefix('/') {
            prop_assert_eq!(open.pop(), Some(name));
        } else if !tag.ends_with('/') {
            open.push(tag.split(' ').next().unwrap_or(""));
        }
    }
    prop_assert!(open.is_empty(), "left open: {open:?}");
    Ok(())
}

/// The box of a text as its reader sees it.
#[derive(Debug)]
struct Seen {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    #[expect(dead_code, reason = "printed when a law is broken")]
    text: String,
}

impl Seen {
    fn touches(&self, other: &Seen) -> bool {
        self.left < other.right && other.left < self.right && self.top < other.bottom && other.top < self.bottom
    }
}

fn texts_of(svg: &str) -> Vec<Seen> {
    let texts = svg.split("<text ").skip(1).filter_map(|element| element.split_once("</text>"));
    texts.filter_map(|(element, _)| seen(element)).collect()
}

fn seen(element: &str) -> Option<Seen> {
    let (attributes, text) = element.split_once('>')?;
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
    let weight = if attributes.contains("font-weight") { Weight::Semibold } else { Weight::Regular };
    let width = text::width(&text, weight);
    let (x, y) = (attribute(attributes, " x")?, attribute(attributes, " y")?);
    let left = match attributes {
        _ if attributes.contains("middle") => x - width / 2.0,
        _ if attributes.contains("end\"") => x - width,
        _ => x,
    };
    (!text.trim().is_empty()).then_some(Seen { left, right: left + width, top: y - 9.0, bottom: y + 2.5, text })
}

fn attribute(attributes: &str, name: &str) -> Option<f64> {
    attributes.split_once(&format!("{name}=\""))?.1.split_once('"')?.0.parse().ok()
}

fn sheet_of(svg: &str) -> (f64, f64) {
    let view = svg.split_once("viewBox=\"0 0 ").and_then(|(_, rest)| rest.split_once('"')).map_or("", |(view, _)| view);
    let (width, height) = view.split_once(' ').unwrap_or_default();
    (width.parse().unwrap_or(0.0), height.parse().unwrap_or(0.0))
}

/// The records of CSV text, by a reader that knows nothing of the writer.
fn records(csv: &str) -> Vec<Vec<String>> {
    let (mut records, mut record, mut field) = (Vec::new(), Vec::new(), String::new());
    let mut quoted = false;
    for character in csv.chars() {
        match character {
            '"' => quoted = !quoted,
            ',' if !quoted => record.push(std::mem::take(&mut field)),
            '\n' if !quoted => {
                record.push(std::mem::take(&mut field));
                records.push(std::mem::take(&mut record));
            }
            _ => field.push(character),
        }
    }
    records
}
