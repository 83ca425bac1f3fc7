//! Charts as they were when somebody last looked at them.
//!
//! `BLESS=1 cargo test -p chart --test golden` writes what charts are now; look at the pictures before committing them.

use std::fs;
use std::path::Path;

use chart::{Chart, Direction, Kind, Level, Positions, Precision, Series, Size, Source, Unit};

#[test]
fn lines_with_bands() {
    check(&jobs());
}

#[test]
fn lines_that_end_together_have_a_key() {
    check(&self_employment());
}

#[test]
fn areas() {
    let series = self_employment().series.swap_remove(0);
    check(&Chart { id: "area".into(), kind: Kind::Area, series: vec![series], ..self_employment() });
}

#[test]
fn bars_across_with_long_names() {
    check(&imports());
}

#[test]
fn bars_up_with_short_names() {
    check(&Chart {
        id: "bars-up".into(),
        title: "Self-employed persons who were poor, 2011".into(),
        kind: Kind::Bar(Direction::Up),
        positions_title: "Country".into(),
        positions: names(&["Austria", "Denmark", "France", "Germany", "Poland", "Spain"]),
        series: vec![Series::new("At risk of poverty", vec![6.4, 8.9, 12.1, 7.7, 23.0, 26.5])],
        unit: Unit::new("%"),
        ..imports()
    });
}

#[test]
fn grouped_bars_above_and_below_zero() {
    check(&change(Kind::Bar(Direction::Up), "bars-grouped-up"));
}

#[test]
fn grouped_bars_across() {
    check(&change(Kind::Bar(Direction::Across), "bars-grouped-across"));
}

#[test]
fn dots_with_ranges() {
    check(&effects());
}

#[test]
fn bars_and_dots_going_up_with_ranges() {
    let positions = names(&["United States", "European Union", "Canada"]);
    let series = vec![Series::new("Jobs", vec![145.0, 98.0, 21.0]).range(
        Level::Stated,
        vec![42.0, -12.0, 9.0],
        vec![297.0, 210.0, 40.0],
    )];
    let bars = Chart { id: "bars-ranges".into(), kind: Kind::Bar(Direction::Up), positions, series, ..effects() };
    check(&bars);
    check(&Chart { id: "dots-up".into(), kind: Kind::Dot(Direction::Up), ..bars });
}

#[test]
fn eight_lines_over_numbers() {
    let line = |index: u8| {
        let slope = 3.0 - f64::from(index);
        Series::new(&format!("Lever {index}"), (0..=10).map(|year| slope * f64::from(year) * 12_000.0).collect())
    };
    check(&Chart {
        id: "eight".into(),
        positions_title: "Years after the reform".into(),
        positions: Positions::Numbers((0..=10).map(f64::from).collect()),
        series: (1..=8).map(line).collect(),
        ..jobs()
    });
}

#[test]
fn a_chart_without_values() {
    check(&Chart { id: "empty".into(), positions: Positions::Years(vec![]), series: vec![], ..jobs() });
}

#[test]
fn a_picture_of_its_own() {
    compare("picture.svg", &lines_of(&chart::picture(&jobs(), Size::WIDE)));
}

/// The model's form: yearly values with bands and the baseline they are measured against.
fn jobs() -> Chart {
    let years: Vec<f64> = (0..=40).map(|quarter| 2012.0 + f64::from(quarter) / 4.0).collect();
    let path = |end: f64| -> Vec<f64> {
        let grown = (0..=40).map(|quarter| f64::from(quarter) / 40.0);
        grown.map(|part| end * part * part * (3.0 - 2.0 * part)).collect()
    };
    let all = Series::new("All levers at 50%", path(145_000.0))
        .range(Level::NinetyFive, path(42_000.0), path(297_000.0))
        .range(Level::SeventyFive, path(78_000.0), path(221_000.0))
        .range(Level::Fifty, path(104_000.0), path(187_000.0));
    Chart {
        id: "jobs".into(),
        title: "Net jobs against the baseline, United States".into(),
        description: String::new(),
        kind: Kind::Line,
        positions_title: "Year".into(),
        positions: Positions::Years(years),
        series: vec![
            Series::new("Baseline", path(0.0)).baseline(),
            all,
            Series::new("Export support only", path(38_000.0)),
        ],
        unit: Unit::new("jobs"),
        source: Source::new("Levers model, invented figures"),
        note: "Parameter uncertainty only.".into(),
        precision: Precision::Significant(2),
        axis_holds: Vec::new(),
    }
}

fn self_employment() -> Chart {
    Chart {
        id: "self-employment".into(),
        title: "Self-employed persons".into(),
        positions: Positions::Years(vec![2000.0, 2002.0, 2004.0, 2006.0, 2008.0, 2010.0, 2012.0]),
        series: vec![
            Series::new("European Union", vec![30.1, 30.4, 31.9, 32.6, 32.9, 32.5, 32.7]),
            Series::new("United States", vec![14.9, 15.2, 15.6, 16.0, 15.4, 14.6, f64::NAN]),
        ],
        unit: Unit::new("million persons"),
        source: Source::new("Eurostat and Bureau of Labor Statistics, invented figures"),
        note: String::new(),
        precision: Precision::Full,
        axis_holds: Vec::new(),
        ..jobs()
    }
}

fn imports() -> Chart {
    Chart {
        id: "imports".into(),
        title: "Services imported by seven emerging economies, 2012".into(),
        description: "Other professional services lead with US$115 billion, three times insurance in second place."
            .into(),
        kind: Kind::Bar(Direction::Across),
        positions_title: "Service category".into(),
        positions: names(&[
            "Other Professional Services",
            "Insurance Services",
            "Financial Services",
            "Computer and Information Services",
            "Construction Services",
            "Telecommunications",
        ]),
        series: vec![Series::new(
            "Imports",
            vec![
                115_432_289_372.0,
                35_596_646_663.0,
                11_730_026_067.0,
                11_717_871_264.0,
                5_801_949_431.0,
                4_629_706_591.0,
            ],
        )],
        unit: Unit::new("US$"),
        source: Source::new("OECD 2013"),
        note: String::new(),
        precision: Precision::Full,
        axis_holds: Vec::new(),
    }
}

fn change(kind: Kind, id: &str) -> Chart {
    Chart {
        id: id.into(),
        title: "Change of employment by age of firm".into(),
        kind,
        positions_title: "Age of firm".into(),
        positions: names(&["Under 5 years", "5 to 10 years", "Over 10 years"]),
        series: vec![
            Series::new("European Union", vec![3.1, -0.4, -1.2]),
            Series::new("United States", vec![4.6, 0.3, -2.0]),
            Series::new("Kenya (illustrative)", vec![5.25, 1.5, f64::NAN]),
        ],
        unit: Unit::new("% a year"),
        ..imports()
    }
}

fn effects() -> Chart {
    let central = vec![38.0, 21.0, 9.0, 4.5];
    Chart {
        id: "effects".into(),
        title: "Jobs by lever after ten years".into(),
        kind: Kind::Dot(Direction::Across),
        positions_title: "Lever".into(),
        positions: names(&[
            "Export promotion and advice for young firms",
            "Portable social protection for the self-employed",
            "Broadband",
            "Simpler bankruptcy",
        ]),
        series: vec![
            Series::new("Central case", central)
                .range(Level::NinetyFive, vec![-4.0, 3.0, 0.5, -6.0], vec![90.0, 44.0, 21.0, 12.0])
                .range(Level::Fifty, vec![22.0, 14.0, 6.0, 1.0], vec![51.0, 28.0, 13.0, 7.0]),
            Series::new("Sceptic's case", vec![11.0, 8.0, 4.0, -1.0]),
        ],
        unit: Unit::new("thousand jobs"),
        source: Source::new("Levers model, invented figures"),
        ..imports()
    }
}

fn names(names: &[&str]) -> Positions {
    Positions::Names(names.iter().map(|&name| name.into()).collect())
}

/// The chart at both sizes, its table, CSV and sentence.
fn check(chart: &Chart) {
    let id = &chart.id;
    compare(&format!("{id}-wide.svg"), &lines_of(&chart::svg(chart, Size::WIDE)));
    compare(&format!("{id}-narrow.svg"), &lines_of(&chart::svg(chart, Size::NARROW)));
    let table = chart::table(chart);
    let mut text = format!("{}\n\n{}\n\n{}\n", chart::sentence(chart), table.caption, table.header.join(" | "));
    for row in &table.rows {
        text.push_str(&format!("{}\n", row.join(" | ")));
    }
    compare(&format!("{id}.txt"), &format!("{text}\n{}", chart::csv(chart)));
}

/// One element on each line, so that a difference can be read.
fn lines_of(svg: &str) -> String {
    svg.replace("><", ">\n<") + "\n"
}

fn compare(name: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, found).expect("the golden files can be written");
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    let difference = expected.lines().zip(found.lines()).find(|(expected, found)| expected != found);
    assert!(expected == found, "{name} is not what it was; BLESS=1 accepts it. First difference: {difference:#?}");
}
