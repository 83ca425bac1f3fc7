//! What plotters draws on: SVG text with a class on every mark.
//!
//! plotters knows colours only. Ours are names: the first byte of a colour says which [`Ink`] is meant, and the ink says
//! which class and which presentation attributes the mark gets. The page's style sheet colours the classes; without
//! one, as in a saved picture, the attributes hold.

use std::convert::Infallible;

use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use plotters::element::{Drawable, PointCollection};
use plotters::style::Color;
use plotters_backend::text_anchor::HPos;
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind, FontStyle,
};

use crate::text::{self, Weight};

/// plotters counts whole pixels, we want tenths: everything is drawn ten times as large.
pub(crate) const TENTHS: f64 = 10.0;

/// A length in the pixels of plotters.
pub(crate) fn tenths(length: f64) -> i32 {
    (length * TENTHS).round() as i32
}

/// The SVG in which `draw` has drawn.
pub(crate) fn drawn(opening: &str, size: (f64, f64), draw: impl FnOnce(&Area<'_>)) -> String {
    let mut svg = String::from(opening);
    let pen = Pen { svg: &mut svg, size: (tenths(size.0).unsigned_abs(), tenths(size.1).unsigned_abs()) };
    draw(&pen.into_drawing_area());
    svg.push_str("</svg>");
    svg
}

/// All of the sheet, in tenths.
pub(crate) type Area<'svg> = DrawingArea<Pen<'svg>, Shift>;

/// What a mark is. In a group for a series the marks take the colour of the group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Ink {
    Grid,
    Axis,
    Zero,
    /// Numbers and names along an axis.
    Tick,
    /// The unit.
    AxisTitle,
    Line,
    LineDashed,
    LineDotted,
    LineDashDotted,
    Area,
    BandStated,
    Band95,
    Band75,
    Band50,
    Bar,
    /// A bar told from its neighbour without colour: pale, with an outline.
    BarPale,
    Dot,
    DotOpen,
    Range,
    RangeThick,
    /// The name of a series beside its line.
    Label,
    /// A number beside its bar.
    Value,
    /// Names of series in the key.
    Key,
    Heading,
    Footer,
}

impl Ink {
    const ALL: [Ink; 25] = [
        Ink::Grid,
        Ink::Axis,
        Ink::Zero,
        Ink::Tick,
        Ink::AxisTitle,
        Ink::Line,
        Ink::LineDashed,
        Ink::LineDotted,
        Ink::LineDashDotted,
        Ink::Area,
        Ink::BandStated,
        Ink::Band95,
        Ink::Band75,
        Ink::Band50,
        Ink::Bar,
        Ink::BarPale,
        Ink::Dot,
        Ink::DotOpen,
        Ink::Range,
        Ink::RangeThick,
        Ink::Label,
        Ink::Value,
        Ink::Key,
        Ink::Heading,
        Ink::Footer,
    ];

    fn of(color: BackendColor) -> Ink {
        Ink::ALL.get(usize::from(color.rgb.0)).copied().unwrap_or(Ink::Axis)
    }

    /// Class and presentation attributes.
    fn attributes(self) -> &'static str {
        match self {
            Ink::Grid => r##"class="chart-grid" stroke="#dedfdc""##,
            Ink::Axis => r##"class="chart-axis" stroke="#6a6e73""##,
            Ink::Zero => r##"class="chart-zero" stroke="#33383d""##,
            Ink::Tick => r##"class="chart-tick" fill="#4b5157""##,
            Ink::AxisTitle => r##"class="chart-axis-title" fill="#4b5157""##,
            Ink::Line => line!(""),
            Ink::LineDashed => line!(r#" stroke-dasharray="7 4""#),
            Ink::LineDotted => line!(r#" stroke-dasharray="2 4""#),
            Ink::LineDashDotted => line!(r#" stroke-dasharray="9 4 2 4""#),
            Ink::Area => r#"class="chart-area" fill="currentColor" fill-opacity=".2""#,
            Ink::BandStated => r#"class="chart-band" fill="currentColor" fill-opacity=".18""#,
            Ink::Band95 => r#"class="chart-band-95" fill="currentColor" fill-opacity=".13""#,
            Ink::Band75 => r#"class="chart-band-75" fill="currentColor" fill-opacity=".16""#,
            Ink::Band50 => r#"class="chart-band-50" fill="currentColor" fill-opacity=".22""#,
            Ink::Bar => r#"class="chart-bar" fill="currentColor""#,
            Ink::BarPale => {
                r#"class="chart-bar" fill="currentColor" fill-opacity=".3" stroke="currentColor" stroke-width="1.5""#
            }
            Ink::Dot => r#"class="chart-dot" fill="currentColor""#,
            Ink::DotOpen => r##"class="chart-dot chart-dot-open" fill="#fff" stroke="currentColor" stroke-width="2""##,
            Ink::Range => r#"class="chart-range" stroke="currentColor" stroke-width="1.5""#,
            Ink::RangeThick => r#"class="chart-range" stroke="currentColor" stroke-width="4""#,
            Ink::Label => r#"class="chart-label" fill="currentColor""#,
            Ink::Value => r##"class="chart-value" fill="#33383d""##,
            Ink::Key => r##"class="chart-key" fill="#33383d""##,
            Ink::Heading => r##"class="chart-heading" fill="#1b1f23" font-size="17""##,
            Ink::Footer => r##"class="chart-footer" fill="#4b5157""##,
        }
    }
}

macro_rules! line {
    ($dashes:literal) => {
        concat!(
            r#"class="chart-line" fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round""#,
            $dashes
        )
    };
}
use line;

impl Color for Ink {
    fn to_backend_color(&self) -> BackendColor {
        BackendColor { rgb: (*self as u8, 0, 0), alpha: 1.0 }
    }
}

/// Marks that share a class and the colour `currentColor`.
pub(crate) enum Group {
    /// Begins with this class and this colour.
    Open(&'static str, &'static str),
    Close,
}

impl<'element> PointCollection<'element, BackendCoord> for &'element Group {
    type Point = BackendCoord;
    type IntoIter = std::iter::Empty<BackendCoord>;

    fn point_iter(self) -> Self::IntoIter {
        std::iter::empty()
    }
}

impl Drawable<Pen<'_>> for Group {
    fn draw<I: Iterator<Item = BackendCoord>>(
        &self,
        _: I,
        pen: &mut Pen<'_>,
        _: (u32, u32),
    ) -> Result<(), DrawingErrorKind<Infallible>> {
        match self {
            Group::Open(class, color) => pen.push(&["<g class=\"", class, "\" color=\"", color, "\">"]),
            Group::Close => pen.push(&["</g>"]),
        }
        Ok(())
    }
}

/// Writes what plotters draws as SVG elements.
pub(crate) struct Pen<'svg> {
    svg: &'svg mut String,
    size: (u32, u32),
}

impl Pen<'_> {
    fn push(&mut self, parts: &[&str]) {
        for part in parts {
            self.svg.push_str(part);
        }
    }

    fn number(&mut self, name: &str, tenths: i32) {
        self.push(&[" ", name, "=\""]);
        push_tenths(self.svg, tenths);
        self.svg.push('"');
    }

    fn path(&mut self, points: impl IntoIterator<Item = BackendCoord>, end: &str, ink: Ink) {
        self.push(&["<path ", ink.attributes(), " d=\""]);
        for (index, (x, y)) in points.into_iter().enumerate() {
            self.svg.push(if index == 0 { 'M' } else { ' ' });
            push_tenths(self.svg, x);
            self.svg.push(' ');
            push_tenths(self.svg, y);
        }
        self.push(&[end, "\"/>"]);
    }
}

/// Drawing into a string cannot fail.
type Drawn = Result<(), DrawingErrorKind<Infallible>>;

impl DrawingBackend for Pen<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, color: BackendColor) -> Drawn {
        self.draw_rect((x, y), (x + 1, y + 1), &color, true)
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Drawn {
        self.draw_path([from, to], style)
    }

    fn draw_rect<S: BackendStyle>(&mut self, a: BackendCoord, b: BackendCoord, style: &S, _filled: bool) -> Drawn {
        self.push(&["<rect ", Ink::of(style.color()).attributes()]);
        self.number("x", a.0.min(b.0));
        self.number("y", a.1.min(b.1));
        self.number("width", (a.0 - b.0).abs());
        self.number("height", (a.1 - b.1).abs());
        self.push(&["/>"]);
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, points: I, style: &S) -> Drawn {
        self.path(points, "", Ink::of(style.color()));
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(&mut self, center: BackendCoord, radius: u32, style: &S, _filled: bool) -> Drawn {
        self.push(&["<circle ", Ink::of(style.color()).attributes()]);
        self.number("cx", center.0);
        self.number("cy", center.1);
        self.number("r", radius as i32);
        self.push(&["/>"]);
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, points: I, style: &S) -> Drawn {
        self.path(points, "Z", Ink::of(style.color()));
        Ok(())
    }

    /// `position` is where the line of writing begins, ends or has its middle.
    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, position: BackendCoord) -> Drawn {
        self.push(&["<text ", Ink::of(style.color()).attributes()]);
        self.number("x", position.0);
        self.number("y", position.1);
        match style.anchor().h_pos {
            HPos::Left => {}
            HPos::Center => self.push(&[" text-anchor=\"middle\""]),
            HPos::Right => self.push(&[" text-anchor=\"end\""]),
        }
        if weight(style) == Weight::Semibold {
            self.push(&[" font-weight=\"600\""]);
        }
        self.svg.push('>');
        push_escaped(self.svg, text);
        self.push(&["</text>"]);
        Ok(())
    }

    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        text: &str,
        style: &S,
    ) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        let width = text::width(text, weight(style));
        Ok((tenths(width).unsigned_abs(), tenths(text::LINE).unsigned_abs()))
    }
}

fn weight<S: BackendTextStyle>(style: &S) -> Weight {
    match style.style() {
        FontStyle::Bold => Weight::Semibold,
        _ => Weight::Regular,
    }
}

/// A tenth part of a whole number of tenths: 123 is written `12.3`, and 120 `12`.
pub(crate) fn push_tenths(text: &mut String, tenths: i32) {
    if tenths < 0 {
        text.push('-');
    }
    text.push_str(&(tenths.unsigned_abs() / 10).to_string());
    let rest = tenths.unsigned_abs() % 10;
    if rest > 0 {
        text.push('.');
        text.push(char::from(b'0' + rest as u8));
    }
}

/// Text as XML allows it between tags and in attributes: characters that XML forbids become U+FFFD.
pub(crate) fn push_escaped(svg: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => svg.push_str("&amp;"),
            '<' => svg.push_str("&lt;"),
            '>' => svg.push_str("&gt;"),
            '"' => svg.push_str("&quot;"),
            '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                svg.push(char::REPLACEMENT_CHARACTER);
            }
            _ => svg.push(character),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_ink_survives_as_a_colour() {
        for (place, ink) in Ink::ALL.into_iter().enumerate() {
            assert_eq!(ink as usize, place);
            assert_eq!(Ink::of(ink.to_backend_color()), ink);
        }
    }

    #[test]
    fn tenths_are_written_short() {
        for (tenths, expected) in [(0, "0"), (5, "0.5"), (-5, "-0.5"), (120, "12"), (123, "12.3"), (-1203, "-120.3")] {
            let mut text = String::new();
            push_tenths(&mut text, tenths);
            assert_eq!(text, expected);
        }
    }

    #[test]
    fn text_cannot_leave_its_element() {
        let mut text = String::new();
        push_escaped(&mut text, "a<b> & \"c\"\u{1}");
        assert_eq!(text, "a&lt;b&gt; &amp; &quot;c&quot;\u{fffd}");
    }
}
