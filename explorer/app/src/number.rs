//! Numbers as the explorer says them: two significant digits, since the evidence has no more.

use chart::number::{self, Precision};

/// A true minus sign, which is as wide as a plus.
const MINUS: char = '\u{2212}';

/// `value` rounded to two significant digits.
///
/// ```
/// assert_eq!(app::number::rounded(145_187.0), 150_000.0);
/// assert_eq!(app::number::rounded(-0.4236), -0.42);
/// assert_eq!(app::number::rounded(0.0), 0.0);
/// ```
pub fn rounded(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    // Powers of ten by multiplication: the same bits on every target.
    let mut scale = 1.0;
    let size = value.abs();
    while size / scale >= 100.0 {
        scale *= 10.0;
    }
    let mut divisions = 1.0;
    while size * divisions / scale < 10.0 {
        divisions *= 10.0;
    }
    (value * divisions / scale).round() / divisions * scale
}

/// A count of what comes whole, such as jobs or firms: 150,000 or 1.3 million, and below ten no parts of one.
///
/// ```
/// assert_eq!(app::number::count(145_187.0), "150,000");
/// assert_eq!(app::number::count(1_337_264.0), "1.3\u{a0}million");
/// assert_eq!(app::number::count(-3_083.4), "−3,100");
/// assert_eq!(app::number::count(6.55), "7");
/// ```
pub fn count(value: f64) -> String {
    let value = rounded(value);
    let value = if value.abs() < 10.0 { value.round() } else { value };
    if value.abs() < 1e6 { plain(value) } else { format!("{}\u{a0}million", plain(value / 1e6)) }
}

/// An amount given in US$ million: US$4.8 bn or US$420 m.
///
/// ```
/// assert_eq!(app::number::money(4_837.0), "US$4.8\u{a0}bn");
/// assert_eq!(app::number::money(-34.6), "−US$35\u{a0}m");
/// ```
pub fn money(millions: f64) -> String {
    let millions = rounded(millions);
    let sign = if millions < 0.0 { MINUS.to_string() } else { String::new() };
    let size = millions.abs();
    let amount = if size == 0.0 {
        "0".to_owned()
    } else if size >= 1e3 {
        format!("{}\u{a0}bn", plain(size / 1e3))
    } else {
        format!("{}\u{a0}m", plain(size))
    };
    format!("{sign}US${amount}")
}

/// A share in per cent, or a change of one in per cent: 4.1%.
///
/// ```
/// assert_eq!(app::number::percent(0.0407), "4.1%");
/// ```
pub fn percent(share: f64) -> String {
    format!("{}%", plain(rounded(share * 100.0)))
}

/// The text with a plus in front unless it says minus or zero.
///
/// ```
/// assert_eq!(app::number::signed("150,000".into()), "+150,000");
/// assert_eq!(app::number::signed("0".into()), "0");
/// ```
pub fn signed(text: String) -> String {
    let is_zero = !text.contains(|c: char| c.is_ascii_digit() && c != '0');
    if text.starts_with(MINUS) || is_zero { text } else { format!("+{text}") }
}

/// A length or share for markup, to a tenth.
pub fn tenths(value: f64) -> String {
    number::plain((value * 10.0).round() / 10.0)
}

/// Thousands with commas, and only the decimals that two significant digits need.
pub(crate) fn plain(value: f64) -> String {
    let size = value.abs();
    let decimals = if size >= 10.0 || size == 0.0 {
        0
    } else if size >= 1.0 {
        1
    } else {
        let mut decimals = 1;
        let mut scaled = size;
        while scaled < 1.0 && decimals < 12 {
            scaled *= 10.0;
            decimals += 1;
        }
        decimals
    };
    let text = number::text(value, Precision::Decimals(decimals));
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_significant_digits_whatever_the_size() {
        let rows = [
            (0.0, "0"),
            (0.03459, "0"),
            (-0.4, "0"),
            (0.999, "1"),
            (9.96, "10"),
            (99.6, "100"),
            (4.07, "4"),
            (4.0, "4"),
            (-12_345.0, "−12,000"),
            (987_654.0, "990,000"),
            (999_999.0, "1\u{a0}million"),
            (45_325_000.0, "45\u{a0}million"),
        ];
        for (value, wanted) in rows {
            assert_eq!(count(value), wanted, "{value}");
        }
    }

    #[test]
    fn money_changes_its_unit_at_a_billion() {
        assert_eq!(money(999.6), "US$1\u{a0}bn");
        assert_eq!(money(994.0), "US$990\u{a0}m");
        assert_eq!(money(1_715_700.0), "US$1,700\u{a0}bn");
        assert_eq!(signed(money(18_393.0)), "+US$18\u{a0}bn");
        assert_eq!(signed(money(0.0)), "US$0");
    }
}
