//! What a chart is made of: series, their unit and source, and the choice of how to show them.

use crate::number::{self, Precision};

/// Series that share a unit and a source, and the choice of how to show them.
///
/// ```
/// use chart::{Chart, Direction, Kind, Positions, Precision, Series, Source, Unit};
///
/// let imports = Chart {
///     id: "fig-service-imports".into(),
///     title: "Services imported by seven emerging economies".into(),
///     description: "Bars: other professional services lead with US$115 billion.".into(),
///     kind: Kind::Bar(Direction::Across),
///     positions_title: "Service category".into(),
///     positions: Positions::Names(vec!["Other professional services".into(), "Insurance".into()]),
///     series: vec![Series::new("Imports 2012", vec![115_432_289_372.0, 35_596_646_663.0])],
///     unit: Unit::new("US$"),
///     source: Source::new("OECD 2013"),
///     note: String::new(),
///     precision: Precision::Full,
///     axis_holds: Vec::new(),
/// };
/// assert!(chart::svg(&imports, chart::Size::WIDE).contains(">115<"));
/// assert!(chart::csv(&imports).contains("115432289372,US$,OECD 2013"));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// Names the chart on its page, such as `fig-service-imports`. Every id inside the SVG begins with it.
    pub id: String,
    /// What is shown, for the caption and for screen readers.
    pub title: String,
    /// What the chart says, for who cannot see it. When empty, the [`sentence`](crate::sentence) says it.
    pub description: String,
    /// How it is shown.
    pub kind: Kind,
    /// What the positions are: `Year`, `Service category`.
    pub positions_title: String,
    /// Where the values of every series belong.
    pub positions: Positions,
    /// What is shown there.
    pub series: Vec<Series>,
    /// Unit of every value.
    pub unit: Unit,
    /// Where every value comes from.
    pub source: Source,
    /// A caveat to print under the data; may be empty.
    pub note: String,
    /// How exactly values are printed. The CSV always has all digits.
    pub precision: Precision,
    /// Values that the axis has room for, whether or not a series has them: so that charts side by side have one scale.
    pub axis_holds: Vec<f64>,
}

/// The form of the marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Lines, with bands where a series has ranges.
    Line,
    /// Lines above a shaded area that begins at zero; with ranges the same as [`Kind::Line`].
    Area,
    /// Bars from zero, side by side where there are several series.
    Bar(Direction),
    /// Dots, with lines for the ranges.
    Dot(Direction),
}

/// Which way bars and ranges run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Values go up. A chart whose names find no room below the bars is turned [`Direction::Across`].
    Up,
    /// Values go to the right, one row for each position. The chart is as tall as its rows need.
    Across,
}

/// Where values belong: each series has one value for each position.
#[derive(Debug, Clone, PartialEq)]
pub enum Positions {
    /// Calendar years, also broken ones (`2012.25`).
    Years(Vec<f64>),
    /// Any other numbers, such as years since a decision.
    Numbers(Vec<f64>),
    /// Names, in the order to show them.
    Names(Vec<String>),
}

impl Positions {
    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Positions::Years(numbers) | Positions::Numbers(numbers) => numbers.len(),
            Positions::Names(names) => names.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The position as a reader sees it, empty beyond the last one.
    ///
    /// ```
    /// use chart::Positions;
    /// assert_eq!(Positions::Years(vec![2012.0]).label(0), "2012");
    /// assert_eq!(Positions::Numbers(vec![2012.0]).label(0), "2,012");
    /// ```
    pub fn label(&self, index: usize) -> String {
        match self {
            Positions::Years(years) => years.get(index).map(|&year| number::year(year)),
            Positions::Numbers(numbers) => numbers.get(index).map(|&value| number::text(value, Precision::Full)),
            Positions::Names(names) => names.get(index).cloned(),
        }
        .unwrap_or_default()
    }
}

/// A named row of values, and how far off each may be.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// What the values are, or whose. May be empty when there is one series.
    pub name: String,
    /// The part it plays.
    pub role: Role,
    /// One value for each position; missing ones are NaN, or left off at the end.
    pub values: Vec<f64>,
    /// Ranges around the values, at most one of each level.
    pub ranges: Vec<Range>,
}

impl Chart {
    /// The levels of which some series has a range, the widest first.
    pub(crate) fn levels(&self) -> Vec<Level> {
        let used = |level: &Level| self.series.iter().any(|series| series.range_of(*level).is_some());
        Level::ALL.into_iter().filter(used).collect()
    }
}

impl Series {
    /// The range of this level.
    pub(crate) fn range_of(&self, level: Level) -> Option<&Range> {
        self.ranges.iter().find(|range| range.level == level)
    }

    /// One range for each level there is, the widest first.
    pub(crate) fn widest_first(&self) -> Vec<&Range> {
        Level::ALL.into_iter().filter_map(|level| self.range_of(level)).collect()
    }

    /// A series without ranges that is compared with others on equal terms.
    pub fn new(name: &str, values: Vec<f64>) -> Series {
        Series { name: name.into(), role: Role::Scenario, values, ranges: Vec::new() }
    }

    /// The same series in the part of the baseline.
    pub fn baseline(self) -> Series {
        Series { role: Role::Baseline, ..self }
    }

    /// The same series with one range more.
    pub fn range(mut self, level: Level, low: Vec<f64>, high: Vec<f64>) -> Series {
        self.ranges.push(Range { level, low, high });
        self
    }
}

/// The part a series plays in the comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// One of the things compared: coloured.
    Scenario,
    /// What the others are measured against: grey and dashed.
    Baseline,
}

/// Lower and upper ends, one for each position.
#[derive(Debug, Clone, PartialEq)]
pub struct Range {
    /// How much of what may happen lies inside.
    pub level: Level,
    /// Lower ends.
    pub low: Vec<f64>,
    /// Upper ends.
    pub high: Vec<f64>,
}

/// How much of what may happen lies inside a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// From a low to a high figure that the source states, whatever they mean there.
    Stated,
    /// 95 in 100 outcomes.
    NinetyFive,
    /// 75 in 100 outcomes.
    SeventyFive,
    /// Every other outcome.
    Fifty,
}

impl Level {
    /// From the widest to the narrowest.
    pub(crate) const ALL: [Level; 4] = [Level::Stated, Level::NinetyFive, Level::SeventyFive, Level::Fifty];

    /// The level in words: `95%`, or nothing where none is known.
    pub fn text(self) -> &'static str {
        match self {
            Level::Stated => "",
            Level::NinetyFive => "95%",
            Level::SeventyFive => "75%",
            Level::Fifty => "50%",
        }
    }

    /// The level as part of a column name: `_95`, or nothing.
    pub(crate) fn suffix(self) -> &'static str {
        match self {
            Level::Stated => "",
            Level::NinetyFive => "_95",
            Level::SeventyFive => "_75",
            Level::Fifty => "_50",
        }
    }
}

/// Where the values come from, in words that fit after "Source:".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source(String);

impl Source {
    /// A source in the words a reader sees.
    pub fn new(text: &str) -> Source {
        Source(text.into())
    }

    /// Those words.
    pub fn text(&self) -> &str {
        &self.0
    }
}

/// What values are counted in: `US$`, `%`, `persons`, `US$ per worker`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit(String);

impl Unit {
    /// A unit as it is written after a number, or before it if it begins with a currency.
    pub fn new(text: &str) -> Unit {
        Unit(text.into())
    }

    /// The unit by itself.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// A written number with its unit.
    ///
    /// ```
    /// use chart::Unit;
    /// assert_eq!(Unit::new("US$ per worker").of("−1,200"), "−US$1,200 per worker");
    /// assert_eq!(Unit::new("persons").of("12 million"), "12 million persons");
    /// assert_eq!(Unit::new("%").of("3.7"), "3.7%");
    /// assert_eq!(Unit::new("share").of("0.4"), "0.4");
    /// ```
    pub fn of(&self, number: &str) -> String {
        let (currency, rest) = self.parts();
        let digits = number.trim_start_matches(['+', '−']);
        let sign = &number[..number.len() - digits.len()];
        let mut text = String::from(sign);
        text.push_str(currency);
        if currency.ends_with(|last: char| last.is_ascii_alphabetic()) {
            text.push('\u{a0}');
        }
        text.push_str(digits);
        if !matches!(rest, "" | "1" | "Dmnl" | "share" | "ratio" | "index") {
            if !rest.starts_with('%') {
                text.push(' ');
            }
            text.push_str(rest);
        }
        text
    }

    /// The unit as the title of an axis whose numbers count `scale` (`million`, or nothing) of it.
    pub(crate) fn title(&self, scale: &str) -> String {
        let (currency, rest) = self.parts();
        let rest = if matches!(rest, "1" | "Dmnl") { "" } else { rest };
        let words: Vec<&str> = [currency, scale, rest].into_iter().filter(|word| !word.is_empty()).collect();
        capitalised(&words.join(" "))
    }

    /// Whether the unit itself counts in millions or the like.
    pub(crate) fn is_scaled(&self) -> bool {
        let (_, rest) = self.parts();
        ["thousand", "million", "billion", "trillion"].iter().any(|scale| rest.starts_with(scale))
    }

    fn parts(&self) -> (&str, &str) {
        let text = self.0.trim();
        let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
        let symbol = first.ends_with(['$', '€', '£', '¥']);
        let code = ["EUR", "USD", "GBP", "CAD", "CHF", "JPY", "KES", "KSh"].contains(&first);
        if symbol || code { (first, rest.trim()) } else { ("", text) }
    }
}

/// The text with a capital letter, unless its first word is short enough to be a symbol (`kWh`, `m²`).
fn capitalised(text: &str) -> String {
    let word = text.split(' ').next().unwrap_or("");
    if word.len() < 4 || !word.chars().all(|letter| letter.is_ascii_lowercase()) {
        return text.into();
    }
    text[..1].to_ascii_uppercase() + &text[1..]
}

/// The room a chart is drawn for, in units that are about a pixel on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Width. Charts narrower than 500 have the class `chart-narrow`, others `chart-wide`.
    pub width: u16,
    /// Height wanted. Charts with rows ([`Direction::Across`]) take what their rows need.
    pub height: u16,
}

impl Size {
    /// For the text column of a desktop page.
    pub const WIDE: Size = Size { width: 720, height: 380 };
    /// For a phone.
    pub const NARROW: Size = Size { width: 360, height: 280 };

    /// Whether this is a phone's size, which decides where labels go.
    pub fn is_narrow(self) -> bool {
        self.width < 500
    }
}
