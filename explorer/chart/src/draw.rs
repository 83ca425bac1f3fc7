//! Draws a [`Plan`] with plotters: its coordinates, its elements, our [`sheet`](crate::sheet).

use plotters::coord::cartesian::Cartesian2d;
use plotters::coord::types::RangedCoordf64;
use plotters::drawing::DrawingArea;
use plotters::element::{Circle, Drawable, PathElement, PointCollection, Polygon, Rectangle, Text};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontDesc, FontFamily, FontStyle, TextStyle};
use plotters_backend::BackendCoord;

use crate::data::{Chart, Direction, Kind, Level, Role, Series};
use crate::plan::{self, Anchor, Entry, Plan, Rule, Sign};
use crate::sheet::{Area, Group, Ink, Pen, TENTHS, tenths};
use crate::text;

/// The sheet with the coordinates of the data.
type Plot<'svg> = DrawingArea<Pen<'svg>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// Draws everything, what lies below first.
pub(crate) fn draw(chart: &Chart, plan: &Plan, sheet: &Area<'_>) {
    let picture = Picture { chart, plan, sheet, plot: plot(plan, sheet) };
    let bars = matches!(chart.kind, Kind::Bar(_));
    // Bars stand on the line of zero, which therefore covers their feet.
    let (above, below): (Vec<&Rule>, _) = plan.rules.iter().partition(|rule| bars && rule.ink == Ink::Zero);
    picture.rules(&below);
    for words in &plan.words {
        write(sheet, &words.text, words.at, words.anchor, words.ink);
    }
    for entry in &plan.key {
        picture.entry(entry);
    }
    if matches!(chart.kind, Kind::Line | Kind::Area) {
        picture.each_series(Picture::bands, |series| !series.ranges.is_empty());
    }
    picture.each_series(Picture::marks, |_| true);
    picture.rules(&above);
}

fn plot<'svg>(plan: &Plan, sheet: &Area<'svg>) -> Plot<'svg> {
    let frame = plan.frame;
    let across = tenths(frame.left)..tenths(frame.right);
    let (positions, values) = (plan.span.0..plan.span.1, plan.values.low..plan.values.high);
    sheet.apply_coord_spec(match plan.direction {
        Direction::Up => Cartesian2d::new(positions, values, (across, tenths(frame.bottom)..tenths(frame.top))),
        Direction::Across => Cartesian2d::new(values, positions, (across, tenths(frame.top)..tenths(frame.bottom))),
    })
}

/// Puts an element on the sheet.
fn put<'element, 'svg, E, C>(area: &DrawingArea<Pen<'svg>, C>, element: &'element E)
where
    C: plotters::coord::CoordTranslate,
    &'element E: PointCollection<'element, C::From>,
    E: Drawable<Pen<'svg>>,
{
    area.draw(element).expect("nothing else draws meanwhile, and writing to a string cannot fail");
}

fn on_sheet((x, y): (f64, f64)) -> BackendCoord {
    (tenths(x), tenths(y))
}

fn write(sheet: &Area<'_>, text: &str, at: (f64, f64), anchor: Anchor, ink: Ink) {
    let style = if matches!(ink, Ink::Label | Ink::Heading) { FontStyle::Bold } else { FontStyle::Normal };
    let side = match anchor {
        Anchor::Start => HPos::Left,
        Anchor::Middle => HPos::Center,
        Anchor::End => HPos::Right,
    };
    let style = TextStyle {
        font: FontDesc::new(FontFamily::Serif, text::SIZE * TENTHS, style),
        color: ink.to_backend_color(),
        pos: Pos::new(side, VPos::Bottom),
    };
    put(sheet, &Text::new(text, on_sheet(at), style));
}

/// What the marks of a chart need to know.
struct Picture<'a, 'svg> {
    chart: &'a Chart,
    plan: &'a Plan,
    sheet: &'a Area<'svg>,
    plot: Plot<'svg>,
}

impl Picture<'_, '_> {
    fn each_series(&self, draw: impl Fn(&Self, usize, &Series), which: impl Fn(&Series) -> bool) {
        for (index, series) in self.chart.series.iter().enumerate().filter(|(_, series)| which(series)) {
            self.in_colour_of(index, || draw(self, index, series));
        }
    }

    fn in_colour_of(&self, series: usize, draw: impl FnOnce()) {
        let (class, color) = match self.chart.series[series].role {
            Role::Baseline => BASELINE,
            Role::Scenario => COLOURS[plan::order(self.chart, series) % COLOURS.len()],
        };
        put(self.sheet, &Group::Open(class, color));
        draw();
        put(self.sheet, &Group::Close);
    }

    fn rules(&self, rules: &[&Rule]) {
        for rule in rules {
            put(self.sheet, &PathElement::new(vec![on_sheet(rule.from), on_sheet(rule.to)], rule.ink));
        }
    }

    /// Bands lie below all lines.
    fn bands(&self, index: usize, series: &Series) {
        for range in series.widest_first() {
            let (low, high) = (self.points(index, &range.low), self.points(index, &range.high));
            let ends: Vec<_> = low.into_iter().zip(high).map(|(low, high)| Some((low?, high?))).collect();
            for run in runs(&ends) {
                let there = run.iter().map(|&(_, high)| high);
                let back = run.iter().rev().map(|&(low, _)| low);
                put(&self.plot, &Polygon::new(there.chain(back).collect::<Vec<_>>(), band(range.level)));
            }
        }
    }

    fn marks(&self, index: usize, series: &Series) {
        match self.chart.kind {
            Kind::Line | Kind::Area => self.line(index, series),
            Kind::Bar(_) => self.bars(index, series),
            Kind::Dot(_) => self.dots(index, series),
        }
    }

    fn line(&self, index: usize, series: &Series) {
        let points = self.points(index, &series.values);
        for run in runs(&points) {
            if self.chart.kind == Kind::Area && series.ranges.is_empty() {
                self.area(&run);
            }
            match run.as_slice() {
                [only] => put(&self.plot, &Circle::new(*only, tenths(3.0), Ink::Dot.filled())),
                _ => put(&self.plot, &PathElement::new(run.clone(), self.line_ink(index))),
            }
        }
        let places: Vec<_> = points.iter().flatten().copied().collect();
        // Few points are observations worth seeing; of many, the last one carries the mark of the series.
        const FEW: usize = 8;
        let shown = if places.len() <= FEW { &places[..] } else { &places[places.len() - 1..] };
        for &(x, y) in shown.iter().filter(|_| series.role == Role::Scenario) {
            self.marker(index, self.plot.map_coordinate(&(x, y)), 3.5);
        }
        for label in self.plan.labels.iter().filter(|label| label.series == index) {
            for (row, line) in label.lines.iter().enumerate() {
                let at = (label.at.0, label.at.1 + row as f64 * text::LINE);
                write(self.sheet, line, at, Anchor::Start, Ink::Label);
            }
        }
    }

    fn area(&self, run: &[(f64, f64)]) {
        let (Some(first), Some(last)) = (run.first(), run.last()) else { return };
        let outline = [(first.0, 0.0)].into_iter().chain(run.iter().copied()).chain([(last.0, 0.0)]);
        put(&self.plot, &Polygon::new(outline.collect::<Vec<_>>(), Ink::Area));
    }

    /// Dashes where only the key names series; solid where their names stand beside them.
    fn line_ink(&self, series: usize) -> Ink {
        if self.chart.series[series].role == Role::Baseline {
            return Ink::LineDashed;
        }
        if !self.plan.labels.is_empty() {
            return Ink::Line;
        }
        [Ink::Line, Ink::LineDotted, Ink::LineDashDotted, Ink::LineDashed][plan::order(self.chart, series) % 4]
    }

    fn bars(&self, index: usize, series: &Series) {
        let half = self.plan.thickness / 2.0;
        for (position, value) in self.places(index, &series.values).into_iter().enumerate() {
            let Some((place, value)) = value else {
                self.number(index, position, None);
                continue;
            };
            let corners = [self.point(place - half, 0.0), self.point(place + half, value)];
            put(&self.plot, &Rectangle::new(corners, self.bar_ink(index).filled()));
            self.number(index, position, Some(value));
        }
        self.range_lines(index, series);
    }

    /// Every other series is pale with an outline, and so are bars on which a range must be seen.
    fn bar_ink(&self, series: usize) -> Ink {
        let drawn_over = !self.chart.series[series].ranges.is_empty();
        let scenario = self.chart.series[series].role == Role::Scenario;
        if drawn_over || scenario && plan::order(self.chart, series) % 2 == 1 { Ink::BarPale } else { Ink::Bar }
    }

    /// The number beside a bar, or the dash where there is no bar.
    fn number(&self, series: usize, position: usize, value: Option<f64>) {
        let Some(number) = self.plan.numbers.get(series).and_then(|numbers| numbers.get(position)) else { return };
        let Some(place) = self.place(series, position) else { return };
        let end = self.plot.map_coordinate(&self.point(place, value.unwrap_or(0.0)));
        let (x, y) = (f64::from(end.0) / TENTHS, f64::from(end.1) / TENTHS);
        let below_zero = value.is_some_and(|value| value < 0.0);
        let (at, anchor) = match (self.plan.direction, below_zero) {
            (Direction::Across, false) => ((x + 6.0, y + text::DROP), Anchor::Start),
            (Direction::Across, true) => ((x - 6.0, y + text::DROP), Anchor::End),
            (Direction::Up, false) => ((x, y - 5.0), Anchor::Middle),
            (Direction::Up, true) => ((x, y + text::LINE - 2.0), Anchor::Middle),
        };
        write(self.sheet, number, at, anchor, Ink::Value);
    }

    fn dots(&self, index: usize, series: &Series) {
        self.range_lines(index, series);
        for &(x, y) in self.points(index, &series.values).iter().flatten() {
            self.marker(index, self.plot.map_coordinate(&(x, y)), 4.5);
        }
    }

    /// Ranges as lines: thin, but the narrowest of several is thick.
    fn range_lines(&self, index: usize, series: &Series) {
        let ranges = series.widest_first();
        for (order, range) in ranges.iter().enumerate() {
            let ink = if order > 0 && order + 1 == ranges.len() { Ink::RangeThick } else { Ink::Range };
            let ends = self.points(index, &range.low).into_iter().zip(self.points(index, &range.high));
            for (low, high) in ends {
                if let (Some(low), Some(high)) = (low, high) {
                    put(&self.plot, &PathElement::new(vec![low, high], ink));
                }
            }
        }
    }

    /// Values as points of the plot, each series beside the others; nothing where there is no value.
    fn points(&self, series: usize, values: &[f64]) -> Vec<Option<(f64, f64)>> {
        let places = self.places(series, values).into_iter();
        places.map(|place| place.map(|(place, value)| self.point(place, value))).collect()
    }

    fn places(&self, series: usize, values: &[f64]) -> Vec<Option<(f64, f64)>> {
        let place =
            |position: usize| Some((self.place(series, position)?, self.plan.values.place(*values.get(position)?)?));
        (0..self.plan.positions.len()).map(place).collect()
    }

    /// Where a position is for this series: side by side where marks have a pitch.
    fn place(&self, series: usize, position: usize) -> Option<f64> {
        let off_middle = series as f64 - (self.chart.series.len() as f64 - 1.0) / 2.0;
        Some(self.plan.positions.get(position).copied()?? + off_middle * self.plan.pitch)
    }

    fn point(&self, place: f64, value: f64) -> (f64, f64) {
        match self.plan.direction {
            Direction::Up => (place, value),
            Direction::Across => (value, place),
        }
    }

    /// The sign of a series: circle, square, triangle, diamond, then the same hollow.
    fn marker(&self, series: usize, (x, y): BackendCoord, radius: f64) {
        let order = plan::order(self.chart, series);
        let baseline = self.chart.series[series].role == Role::Baseline;
        let ink = if baseline || order % 8 > 3 { Ink::DotOpen } else { Ink::Dot };
        let by = |dx: f64, dy: f64| (x + tenths(radius * dx), y + tenths(radius * dy));
        let corners = match order % 4 {
            _ if baseline => return put(self.sheet, &Circle::new((x, y), tenths(radius), ink.filled())),
            0 => return put(self.sheet, &Circle::new((x, y), tenths(radius), ink.filled())),
            1 => vec![by(-0.9, -0.9), by(0.9, -0.9), by(0.9, 0.9), by(-0.9, 0.9)],
            2 => vec![by(0.0, -1.2), by(1.15, 0.85), by(-1.15, 0.85)],
            _ => vec![by(0.0, -1.3), by(1.3, 0.0), by(0.0, 1.3), by(-1.3, 0.0)],
        };
        put(self.sheet, &Polygon::new(corners, ink));
    }

    fn entry(&self, entry: &Entry) {
        let (left, middle) = entry.at;
        self.in_colour_of(entry.sign.series(), || match &entry.sign {
            Sign::Series(series) => self.series_sign(*series, left, left + entry.width, middle),
            Sign::Ranges(_, levels) => self.range_sign(levels, left, left + entry.width, middle),
        });
        for (row, line) in entry.lines.iter().enumerate() {
            let y = middle - 1.0 + text::DROP + row as f64 * text::LINE;
            write(self.sheet, line, (entry.text_left, y), Anchor::Start, Ink::Key);
        }
    }

    fn series_sign(&self, series: usize, left: f64, right: f64, middle: f64) {
        let center = on_sheet(((left + right) / 2.0, middle));
        match self.chart.kind {
            Kind::Line | Kind::Area => {
                let ends = vec![on_sheet((left, middle)), on_sheet((right, middle))];
                put(self.sheet, &PathElement::new(ends, self.line_ink(series)));
                if self.chart.series[series].role == Role::Scenario {
                    self.marker(series, center, 3.5);
                }
            }
            Kind::Bar(_) => {
                let corners = [on_sheet((left, middle - 6.5)), on_sheet((right, middle + 6.5))];
                put(self.sheet, &Rectangle::new(corners, self.bar_ink(series).filled()));
            }
            Kind::Dot(_) => self.marker(series, center, 4.5),
        }
    }

    /// The ranges inside one another, as they lie in the chart.
    fn range_sign(&self, levels: &[Level], left: f64, right: f64, middle: f64) {
        for (order, &level) in levels.iter().enumerate() {
            let inside = order as f64 / levels.len() as f64;
            if matches!(self.chart.kind, Kind::Line | Kind::Area) {
                let half = 7.0 * (1.0 - inside);
                let corners = [on_sheet((left, middle - half)), on_sheet((right, middle + half))];
                put(self.sheet, &Rectangle::new(corners, band(level).filled()));
                continue;
            }
            let ink = if order > 0 && order + 1 == levels.len() { Ink::RangeThick } else { Ink::Range };
            let indent = (right - left) / 2.0 * inside;
            let ends = [on_sheet((left + indent, middle)), on_sheet((right - indent, middle))];
            put(self.sheet, &PathElement::new(ends.to_vec(), ink));
        }
    }
}

fn band(level: Level) -> Ink {
    match level {
        Level::Stated => Ink::BandStated,
        Level::NinetyFive => Ink::Band95,
        Level::SeventyFive => Ink::Band75,
        Level::Fifty => Ink::Band50,
    }
}

/// The stretches without gaps.
fn runs<T: Copy>(items: &[Option<T>]) -> Vec<Vec<T>> {
    items
        .split(Option::is_none)
        .map(|run| run.iter().flatten().copied().collect())
        .filter(|run: &Vec<T>| !run.is_empty())
        .collect()
}

/// Class and colour of each series. The colours are those of the site's light page, for where there is no style sheet:
/// at least 4.5 to 1 against white, as names are set in them, and told apart by colour-blind readers.
const COLOURS: [(&str, &str); 8] = [
    ("chart-series-1", "#0c5552"),
    ("chart-series-2", "#a85808"),
    ("chart-series-3", "#3369bf"),
    ("chart-series-4", "#56105f"),
    ("chart-series-5", "#806665"),
    ("chart-series-6", "#604c86"),
    ("chart-series-7", "#854013"),
    ("chart-series-8", "#2a3218"),
];
const BASELINE: (&str, &str) = ("chart-baseline", "#6a6e73");
