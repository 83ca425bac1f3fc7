//! Which numbers an axis shows and how it writes them.

use crate::data::Unit;
use crate::number::{self, Precision};

/// A number axis. Values are drawn in its scale, such as millions, so that none is too large or too small to draw.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Axis {
    /// Values are divided by 10 to this power.
    exponent: i32,
    /// Ends of the axis, in its scale.
    pub low: f64,
    pub high: f64,
    pub ticks: Vec<Tick>,
}

/// A number that is marked and written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tick {
    /// In the scale of the axis.
    pub at: f64,
    pub text: String,
}

/// Whether zero belongs on the axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Zero {
    /// Lengths are compared, so it does.
    Always,
    /// Only if it is no farther away than the values are apart.
    WhenNear,
}

/// Larger numbers are not drawn: differences between them would overflow.
const LARGEST: f64 = 1e300;
/// Smaller numbers are drawn as zero.
const SMALLEST: f64 = 1e-300;

impl Axis {
    /// The axis of no values.
    pub const EMPTY: Axis = Axis { exponent: 0, low: 0.0, high: 1.0, ticks: Vec::new() };

    /// An axis for all `values` that ends on ticks, of which there are about `wanted`.
    pub fn around(values: impl Iterator<Item = f64>, unit: &Unit, zero: Zero, wanted: usize) -> Axis {
        let Some((low, high)) = extent(values) else { return Axis::EMPTY };
        if low == 0.0 && high == 0.0 {
            // Nothing happened; any other number on the axis would be made up.
            return Axis { ticks: vec![Tick { at: 0.0, text: "0".into() }], ..Axis::EMPTY };
        }
        let exponent = exponent(low, high, unit);
        let (low, high) = with_room(number::scaled(low, exponent), number::scaled(high, exponent), zero);
        let step = Step::for_span(high - low, wanted);
        // What rounding adds to a quotient must not add a tick.
        let first = (step.count(low) + 1e-9).floor();
        let last = (step.count(high) - 1e-9).ceil();
        let ticks = step.ticks(first, last);
        Axis { exponent, low: step.at(first), high: step.at(last), ticks }
    }

    /// An axis that ends where the values do, or at zero, for bars that carry their own numbers.
    pub fn of_lengths(values: impl Iterator<Item = f64>, unit: &Unit) -> Axis {
        let Some((low, high)) = extent(values) else { return Axis::EMPTY };
        let exponent = exponent(low, high, unit);
        let (low, high) = (number::scaled(low.min(0.0), exponent), number::scaled(high.max(0.0), exponent));
        let high = if is_one(low, high) { low + 1.0 } else { high };
        Axis { exponent, low, high, ticks: Vec::new() }
    }

    /// An axis for positions: it ends where they do, with ticks between.
    pub fn between(positions: &[f64], written: Written, wanted: usize) -> Axis {
        let Some((low, high)) = extent(positions.iter().copied()) else { return Axis::EMPTY };
        let exponent = match written {
            Written::Years => 0,
            Written::Numbers => exponent(low, high, &Unit::new("")),
        };
        let (low, high) = (number::scaled(low, exponent), number::scaled(high, exponent));
        let (low, high) = if is_one(low, high) { around_one(low) } else { (low, high) };
        let ticks = match written {
            Written::Years => year_ticks(low, high, wanted),
            Written::Numbers => Step::for_span(high - low, wanted).ticks_inside(low, high),
        };
        Axis { exponent, low, high, ticks }
    }

    /// The value in the scale of the axis, or nothing where it cannot be drawn.
    pub fn place(&self, value: f64) -> Option<f64> {
        let value = if value.abs() < SMALLEST { 0.0 } else { value };
        is_drawable(value).then(|| number::scaled(value, self.exponent))
    }

    /// What one step on the axis stands for: `million`, or nothing.
    pub fn scale_name(&self) -> String {
        number::scale_name(self.exponent)
    }

    /// Whether zero is on the axis.
    pub fn has_zero(&self) -> bool {
        self.low <= 0.0 && self.high >= 0.0
    }

    /// Whether the axis counts in millions or the like.
    pub fn is_scaled(&self) -> bool {
        self.exponent != 0
    }
}

/// Whether a value has a place on some axis.
pub(crate) fn is_drawable(value: f64) -> bool {
    value.is_finite() && value.abs() <= LARGEST
}

/// How the numbers of positions are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Written {
    Years,
    Numbers,
}

/// Years from the first to the last if equal steps lead there, round years otherwise.
fn year_ticks(low: f64, high: f64, wanted: usize) -> Vec<Tick> {
    let least = (high - low) / wanted.saturating_sub(1).max(1) as f64;
    let even = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 20.0, 25.0, 50.0, 100.0]
        .into_iter()
        .find(|step| *step >= least && ((high - low) / step).fract() == 0.0 && low.fract() == 0.0);
    let ticks: Vec<f64> = match even {
        Some(step) if step <= least * 2.0 || step == 1.0 => {
            let count = ((high - low) / step) as usize;
            (0..=count).map(|index| low + step * index as f64).collect()
        }
        _ => {
            Step::for_span(high - low, wanted).whole().ticks_inside(low, high).into_iter().map(|tick| tick.at).collect()
        }
    };
    ticks.into_iter().map(|at| Tick { at, text: number::year(at) }).collect()
}

/// The smallest and the largest value that can be drawn.
fn extent(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values.filter(|&value| is_drawable(value)).map(|value| if value.abs() < SMALLEST { 0.0 } else { value }).fold(
        None,
        |found, value| match found {
            None => Some((value, value)),
            Some((low, high)) => Some((value.min(low), value.max(high))),
        },
    )
}

/// The power of ten in which numbers up to these are easy to read.
fn exponent(low: f64, high: f64, unit: &Unit) -> i32 {
    let magnitude = number::magnitude(low.abs().max(high.abs()));
    match magnitude {
        -3..=5 => 0,
        6..=14 if unit.is_scaled() => 0,
        _ => magnitude.div_euclid(3) * 3,
    }
}

/// Whether the values differ by so little that floats could not tell ticks between them apart.
fn is_one(low: f64, high: f64) -> bool {
    high - low <= 1e-9 * low.abs().max(high.abs())
}

fn with_room(low: f64, high: f64, zero: Zero) -> (f64, f64) {
    let apart = if is_one(low, high) { 0.0 } else { high - low };
    let near = apart > 0.0 && (low.abs() <= apart || high.abs() <= apart);
    if zero == Zero::Always || near {
        let (low, high) = (low.min(0.0), high.max(0.0));
        return if low == high { (0.0, 1.0) } else { (low, high) };
    }
    if apart == 0.0 { around_one(low) } else { (low, high) }
}

/// Room on both sides of a single value.
fn around_one(value: f64) -> (f64, f64) {
    let room = if value == 0.0 { 1.0 } else { value.abs() / 2.0 };
    (value - room, value + room)
}

/// 1, 2 or 5 times a power of ten.
#[derive(Debug, Clone, Copy)]
struct Step {
    digit: f64,
    exponent: i32,
}

impl Step {
    /// The smallest step of which at most `wanted` go into `span`.
    fn for_span(span: f64, wanted: usize) -> Step {
        let least = span / wanted.max(1) as f64;
        let exponent = number::magnitude(least);
        let first = number::scaled(least, exponent);
        let digit = [1.0, 2.0, 5.0].into_iter().find(|digit| first <= digit + 1e-9);
        match digit {
            Some(digit) => Step { digit, exponent },
            None => Step { digit: 1.0, exponent: exponent + 1 },
        }
    }

    fn whole(self) -> Step {
        if self.exponent < 0 { Step { digit: 1.0, exponent: 0 } } else { self }
    }

    /// How many steps from zero to `value`.
    fn count(self, value: f64) -> f64 {
        number::scaled(value, self.exponent) / self.digit
    }

    /// Where the step number `count` is: one rounding only, so that 3 × 0.1 is 0.3.
    fn at(self, count: f64) -> f64 {
        number::scaled(self.digit * count, -self.exponent)
    }

    fn ticks_inside(self, low: f64, high: f64) -> Vec<Tick> {
        self.ticks((self.count(low) - 1e-9).ceil(), (self.count(high) + 1e-9).floor())
    }

    fn ticks(self, first: f64, last: f64) -> Vec<Tick> {
        // An axis has few ticks by construction; the limit holds where the span lies below the precision of its ends.
        const MOST: usize = 50;
        let decimals = Precision::Decimals((-self.exponent).clamp(0, 20) as u8);
        let counts = std::iter::successors(Some(first), |count| Some(count + 1.0));
        counts
            .take_while(|&count| count <= last)
            .take(MOST)
            .map(|count| Tick { at: self.at(count), text: number::text(self.at(count), decimals) })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(axis: &Axis) -> Vec<&str> {
        axis.ticks.iter().map(|tick| tick.text.as_str()).collect()
    }

    #[test]
    fn ticks_are_round_numbers() {
        for (low, high, expected) in [
            (0.0, 10.0, &["0", "2", "4", "6", "8", "10"][..]),
            (0.0, 0.31, &["0.0", "0.1", "0.2", "0.3", "0.4"]),
            (-3.0, 7.0, &["−4", "−2", "0", "2", "4", "6", "8"]),
            (0.0, 145_000.0, &["0", "50,000", "100,000", "150,000"]),
            (0.0, 2_400_000.0, &["0.0", "0.5", "1.0", "1.5", "2.0", "2.5"]),
            (0.0, 115.4e9, &["0", "50", "100", "150"]),
            (97.0, 99.5, &["97.0", "97.5", "98.0", "98.5", "99.0", "99.5"]),
            (5.0, 5.0, &["2", "3", "4", "5", "6", "7", "8"]),
            (0.0, 0.0, &["0"]),
            (0.0, 3e-7, &["0", "100", "200", "300"]),
        ] {
            let axis = Axis::around([low, high].into_iter(), &Unit::new("jobs"), Zero::WhenNear, 5);
            assert_eq!(texts(&axis), expected, "{low} to {high}");
        }
    }

    #[test]
    fn the_scale_is_said_once() {
        for (high, unit, expected) in [
            (115.4e9, "US$", "billion"),
            (2e6, "jobs", "million"),
            (4e5, "jobs", ""),
            (2e6, "million persons", ""),
            (3e16, "US$", "× 10¹⁵"),
            (3e-7, "US$", "× 10⁻⁹"),
        ] {
            let axis = Axis::around([0.0, high].into_iter(), &Unit::new(unit), Zero::Always, 5);
            assert_eq!(axis.scale_name(), expected, "{high} {unit}");
        }
    }

    #[test]
    fn years_are_whole() {
        let axis = Axis::between(&[2011.0, 2011.25, 2013.0], Written::Years, 9);
        assert_eq!(texts(&axis), ["2011", "2012", "2013"]);
        let axis = Axis::between(&[2000.0, 2012.0], Written::Years, 5);
        assert_eq!(texts(&axis), ["2000", "2003", "2006", "2009", "2012"]);
        let axis = Axis::between(&[2000.0, 2023.0], Written::Years, 6);
        assert_eq!(texts(&axis), ["2000", "2005", "2010", "2015", "2020"]);
    }

    #[test]
    fn what_cannot_be_drawn_has_no_place() {
        let axis = Axis::around([f64::NAN, f64::INFINITY, 1e301].into_iter(), &Unit::new(""), Zero::Always, 5);
        assert_eq!((axis.low, axis.high), (0.0, 1.0));
        assert_eq!(axis.place(f64::NAN), None);
        assert_eq!(axis.place(1e301), None);
        assert_eq!(axis.place(5e-324), Some(0.0));
    }
}
