//! Numbers in the form in which readers see them: `−1,234.5`, `12 billion`, `2012`.
//!
//! Only digits from [`f64`]'s shortest exact form are used and rounded as a person rounds them (half away from zero),
//! so that a number reads the same on every machine.

/// How exactly values are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// All the digits there are.
    Full,
    /// So many significant digits: 2 prints 145,312 as 150,000.
    Significant(u8),
    /// So many digits after the decimal point.
    Decimals(u8),
}

/// A number for readers: thousands separated, a true minus sign; a dash where there is none.
///
/// ```
/// use chart::number::{Precision, text};
/// assert_eq!(text(-1234.5, Precision::Full), "−1,234.5");
/// assert_eq!(text(145_312.0, Precision::Significant(2)), "150,000");
/// assert_eq!(text(2.345, Precision::Decimals(2)), "2.35");
/// assert_eq!(text(f64::NAN, Precision::Full), "–");
/// ```
pub fn text(value: f64, precision: Precision) -> String {
    if value.is_nan() {
        return "–".into();
    }
    if value.is_infinite() {
        return if value > 0.0 { "∞" } else { "−∞" }.into();
    }
    Decimal::new(value).rounded(precision).grouped(least_decimals(precision))
}

/// The same with a plus sign before numbers above zero, for differences.
///
/// ```
/// use chart::number::{Precision, signed};
/// assert_eq!(signed(145_312.0, Precision::Significant(2)), "+150,000");
/// assert_eq!(signed(-3.0, Precision::Full), "−3");
/// assert_eq!(signed(0.001, Precision::Decimals(1)), "0.0");
/// ```
pub fn signed(value: f64, precision: Precision) -> String {
    let text = text(value, precision);
    let above_zero = value > 0.0 && text.chars().any(|character| ('1'..='9').contains(&character) || character == '∞');
    if above_zero { format!("+{text}") } else { text }
}

/// A number for running text, with its scale in words; [`Precision::Full`] shows three digits of what is left.
///
/// ```
/// use chart::number::{Precision, short};
/// assert_eq!(short(115_432_289_372.0, Precision::Full), "115 billion");
/// assert_eq!(short(1_500_000.0, Precision::Significant(2)), "1.5 million");
/// assert_eq!(short(44_582.0, Precision::Full), "44,582");
/// assert_eq!(short(1.0 / 3.0, Precision::Full), "0.333");
/// ```
pub fn short(value: f64, precision: Precision) -> String {
    if !value.is_finite() {
        return text(value, precision);
    }
    let digits = match precision {
        Precision::Significant(digits) => digits,
        _ => 3,
    };
    // Rounding comes first: 999,999 to two digits is one million.
    let rounded = Decimal::new(value).rounded(Precision::Significant(digits));
    let magnitude = rounded.magnitude();
    if let Some((exponent, word)) = SCALES.iter().find(|(exponent, _)| (*exponent..exponent + 3).contains(&magnitude)) {
        return format!("{} {word}", rounded.shifted(-exponent).grouped(0));
    }
    match precision {
        Precision::Full if value.trunc() == value => text(value, precision),
        Precision::Full => text(value, Precision::Significant(digits.max((magnitude + 1).clamp(0, 12) as u8))),
        _ => text(value, precision),
    }
}

/// A calendar year: no separators, and a fraction only if there is one.
///
/// ```
/// assert_eq!(chart::number::year(2012.0), "2012");
/// assert_eq!(chart::number::year(2012.25), "2012.25");
/// ```
pub fn year(value: f64) -> String {
    if !value.is_finite() {
        return text(value, Precision::Full);
    }
    Decimal::new(value).rounded(Precision::Decimals(2)).written(0, &Style { separator: "", ..READABLE })
}

/// A number for machines: all digits, an ASCII minus, a decimal point; nothing for NaN, `INF` for infinity.
///
/// ```
/// assert_eq!(chart::number::plain(-1234.5), "-1234.5");
/// assert_eq!(chart::number::plain(f64::NAN), "");
/// ```
pub fn plain(value: f64) -> String {
    if value.is_nan() {
        String::new()
    } else if value.is_infinite() {
        if value > 0.0 { "INF" } else { "-INF" }.into()
    } else {
        Decimal::new(value).written(0, &PLAIN)
    }
}

/// The power of ten of the first digit: 2 for 345, −1 for 0.3, and 0 for zero.
pub(crate) fn magnitude(value: f64) -> i32 {
    Decimal::new(value).magnitude()
}

/// How many digits after the point the value has.
pub(crate) fn decimals(value: f64) -> u8 {
    let decimal = Decimal::new(value);
    (decimal.digits.len() as i32 - decimal.point).clamp(0, 99) as u8
}

/// `value` ÷ 10^`exponent`, which may overflow only where the result does.
pub(crate) fn scaled(value: f64, exponent: i32) -> f64 {
    let power = (0..exponent.unsigned_abs()).fold(1.0, |power, _| power * 10.0);
    if exponent < 0 { value * power } else { value / power }
}

/// What an axis or a sentence calls a power of ten: `million`, or `× 10¹⁵` beyond the words.
pub(crate) fn scale_name(exponent: i32) -> String {
    match SCALES.iter().find(|(known, _)| *known == exponent) {
        Some((_, word)) => (*word).into(),
        None if exponent == 0 => String::new(),
        None => format!("× 10{}", raised(exponent)),
    }
}

const SCALES: [(i32, &str); 3] = [(6, "million"), (9, "billion"), (12, "trillion")];

/// No float has more that mean anything at the scale of a page.
const MOST_DECIMALS: u8 = 20;

fn least_decimals(precision: Precision) -> usize {
    match precision {
        Precision::Decimals(decimals) => decimals.min(MOST_DECIMALS).into(),
        _ => 0,
    }
}

/// 0.`digits` × 10^`point`, without zeros at either end of `digits`.
struct Decimal {
    negative: bool,
    digits: Vec<u8>,
    point: i32,
}

impl Decimal {
    /// The shortest decimal number that is nearer to `value` than to any other float; zero if it is not finite.
    fn new(value: f64) -> Decimal {
        if value == 0.0 || !value.is_finite() {
            return Decimal { negative: false, digits: Vec::new(), point: 0 };
        }
        let text = value.abs().to_string();
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let digits = whole.bytes().chain(fraction.bytes()).map(|digit| digit - b'0');
        let zeros = digits.clone().take_while(|&digit| digit == 0).count();
        let point = whole.len() as i32 - zeros as i32;
        let digits = digits.skip(zeros).collect();
        Decimal { negative: value < 0.0, digits, point }.trimmed()
    }

    fn magnitude(&self) -> i32 {
        if self.digits.is_empty() { 0 } else { self.point - 1 }
    }

    fn shifted(mut self, places: i32) -> Decimal {
        self.point += places;
        self
    }

    fn rounded(mut self, precision: Precision) -> Decimal {
        let keep = match precision {
            Precision::Full => return self,
            Precision::Significant(digits) => i32::from(digits.max(1)),
            Precision::Decimals(decimals) => self.point + i32::from(decimals.min(MOST_DECIMALS)),
        };
        let Ok(keep) = usize::try_from(keep) else {
            return Decimal { negative: false, digits: Vec::new(), point: 0 };
        };
        if keep >= self.digits.len() {
            return self;
        }
        let up = self.digits[keep] >= 5;
        self.digits.truncate(keep);
        if up {
            self.round_up();
        }
        self.trimmed()
    }

    fn round_up(&mut self) {
        for digit in self.digits.iter_mut().rev() {
            *digit = (*digit + 1) % 10;
            if *digit != 0 {
                return;
            }
        }
        self.digits.insert(0, 1);
        self.point += 1;
    }

    fn trimmed(mut self) -> Decimal {
        while self.digits.last() == Some(&0) {
            self.digits.pop();
        }
        if self.digits.is_empty() {
            return Decimal { negative: false, digits: Vec::new(), point: 0 };
        }
        self
    }

    fn grouped(&self, least_decimals: usize) -> String {
        self.written(least_decimals, &READABLE)
    }

    /// As a power of ten where zeros would hide the number.
    fn written(&self, least_decimals: usize, style: &Style) -> String {
        let mut text = String::from(if self.negative { style.minus } else { "" });
        if self.point > 21 || self.point < -8 {
            let first = Decimal { negative: false, digits: self.digits.clone(), point: 1 };
            text.push_str(&first.written(0, style));
            text.push_str(style.power);
            text.push_str(&(style.exponent)(self.point - 1));
            return text;
        }
        let digit = |place: i32| self.digits.get(place as usize).map_or('0', |digit| char::from(b'0' + digit));
        for place in 0..self.point.max(1) {
            let left = self.point.max(1) - place;
            if place > 0 && left % 3 == 0 {
                text.push_str(style.separator);
            }
            text.push(if self.point < 1 { '0' } else { digit(place) });
        }
        let decimals = (self.digits.len() as i32 - self.point).max(least_decimals as i32).max(0);
        if decimals > 0 {
            text.push('.');
        }
        for place in self.point..self.point + decimals {
            text.push(if place < 0 { '0' } else { digit(place) });
        }
        text
    }
}

/// The signs of a written number.
struct Style {
    minus: &'static str,
    /// Between thousands.
    separator: &'static str,
    /// Before the exponent of a power of ten.
    power: &'static str,
    exponent: fn(i32) -> String,
}

const READABLE: Style = Style { minus: "−", separator: ",", power: " × 10", exponent: raised };
const PLAIN: Style = Style { minus: "-", separator: "", power: "e", exponent: |exponent| exponent.to_string() };

fn raised(exponent: i32) -> String {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let raise = |digit: u8| DIGITS.get(usize::from(digit.wrapping_sub(b'0'))).copied().unwrap_or('⁻');
    exponent.to_string().bytes().map(raise).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_is_that_of_a_person() {
        for (value, precision, expected) in [
            (0.125, Precision::Significant(2), "0.13"),
            (12_500.0, Precision::Significant(2), "13,000"),
            (999_999.0, Precision::Significant(2), "1,000,000"),
            (0.04, Precision::Decimals(1), "0.0"),
            (0.05, Precision::Decimals(1), "0.1"),
            (0.5, Precision::Decimals(0), "1"),
            (-0.04, Precision::Decimals(1), "0.0"),
            (9.99, Precision::Decimals(1), "10.0"),
            (-0.0, Precision::Full, "0"),
        ] {
            assert_eq!(text(value, precision), expected, "{value} to {precision:?}");
        }
    }

    #[test]
    fn very_large_and_very_small_numbers_stay_readable() {
        assert_eq!(text(-1.5e300, Precision::Full), "−1.5 × 10³⁰⁰");
        assert_eq!(text(2e-12, Precision::Full), "2 × 10⁻¹²");
        assert_eq!(plain(-1.5e300), "-1.5e300");
        assert_eq!(plain(2e-12), "2e-12");
    }

    #[test]
    fn scales_follow_the_rounded_number() {
        assert_eq!(short(999_999.0, Precision::Significant(2)), "1 million");
        assert_eq!(short(-2.5e12, Precision::Full), "−2.5 trillion");
        assert_eq!(short(1234.56, Precision::Full), "1,235");
        assert_eq!(short(2e15, Precision::Full), "2,000,000,000,000,000");
    }
}
