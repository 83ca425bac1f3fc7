//! Decimal numbers short enough to be written in an address and to come back as they were.

/// A number of at most six digits and a power of ten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal {
    digits: i64,
    /// Digits after the point, 0 to [`MOST_PLACES`].
    places: u32,
}

/// Beyond this many digits after the point numbers count as zero.
const MOST_PLACES: u32 = 15;

impl Decimal {
    /// The nearest such number; none for what is not finite or has more than twelve digits before the point.
    ///
    /// ```
    /// # use app::decimal::Decimal;
    /// assert_eq!(Decimal::near(0.1 + 0.2).expect("it is finite").value(), 0.3);
    /// assert_eq!(Decimal::near(1_234_567.8).expect("it is finite").to_string(), "1234570");
    /// ```
    pub fn near(value: f64) -> Option<Self> {
        if !value.is_finite() || value.abs() >= 1e12 {
            return None;
        }
        let (mut scaled, mut places) = (value.abs(), 0);
        while scaled < 1e5 && places < MOST_PLACES {
            places += 1;
            scaled = value.abs() * power(places);
        }
        // What is larger than six digits keeps six, and zeros after them.
        let mut zeros = 0;
        while scaled / power(zeros) >= 999_999.5 {
            zeros += 1;
        }
        let digits = (scaled / power(zeros)).round() * power(zeros);
        Some(Self::from_digits(digits * value.signum(), places))
    }

    /// The number that a text writes with digits, perhaps a minus and perhaps a point; none for anything else.
    ///
    /// ```
    /// # use app::decimal::Decimal;
    /// assert_eq!(Decimal::read("-0.25").expect("it is a number").value(), -0.25);
    /// assert_eq!(Decimal::read("1e5"), None);
    /// ```
    pub fn read(text: &str) -> Option<Self> {
        Self::near(number(text)?)
    }

    /// The number.
    pub fn value(self) -> f64 {
        self.digits as f64 / power(self.places)
    }

    fn from_digits(digits: f64, mut places: u32) -> Self {
        let mut digits = digits as i64;
        while places > 0 && digits % 10 == 0 {
            digits /= 10;
            places -= 1;
        }
        Self { digits, places }
    }
}

impl std::fmt::Display for Decimal {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let places = self.places as usize;
        let digits = format!("{:0width$}", self.digits.unsigned_abs(), width = places + 1);
        let (whole, fraction) = digits.split_at(digits.len() - places);
        let sign = if self.digits < 0 { "-" } else { "" };
        let point = if places > 0 { "." } else { "" };
        write!(formatter, "{sign}{whole}{point}{fraction}")
    }
}

/// The number that a text writes with up to 12 digits before a point and 15 after it, perhaps with a minus; none for anything
/// else. What the standard library reads besides takes a table of ten kilobytes.
///
/// ```
/// assert_eq!(app::decimal::number("4212345.75"), Some(4_212_345.75));
/// assert_eq!(app::decimal::number("1e5"), None);
/// ```
pub fn number(text: &str) -> Option<f64> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1.0, digits),
        None => (1.0, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = !(whole.is_empty() && fraction.is_empty()) && whole.len() <= 12 && fraction.len() <= 15;
    let mut value = 0_u64;
    for digit in whole.bytes().chain(fraction.bytes()) {
        if !digit.is_ascii_digit() {
            return None;
        }
        value = value.checked_mul(10)?.checked_add(u64::from(digit - b'0'))?;
    }
    // Both numbers are exact, so that their quotient is the nearest to what is written.
    (is_number && value < 1 << 53).then(|| sign * value as f64 / power(fraction.len() as u32))
}

/// Ten to the power of `exponent`, which is exact up to 22.
fn power(exponent: u32) -> f64 {
    (0..exponent).fold(1.0, |power, _| power * 10.0)
}

/// A number as a field or a label shows it: as few digits as say it; nothing for what is no number.
pub fn short(value: f64) -> String {
    Decimal::near(value).map(|value| value.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_as_they_were() {
        for value in [0.0, 0.25, -0.25, 1.0, 0.037, 4_200_000.0, 123_456.0, 1e-9, 0.3333333333, 99_999_950.0, -7.125] {
            let decimal = Decimal::near(value).expect("it is finite");
            assert_eq!(Decimal::read(&decimal.to_string()), Some(decimal), "{value}");
            assert_eq!(Decimal::near(decimal.value()), Some(decimal), "{value}");
        }
    }

    #[test]
    fn a_number_is_the_nearest_to_what_is_written() {
        for text in ["0.1", "-0.3", "4212345.678", "0.000000001", "12.345678901", "999999999999", ".5", "7."] {
            assert_eq!(number(text), text.parse().ok(), "{text}");
        }
    }

    #[test]
    fn other_words_are_no_numbers() {
        for text in ["", "-", ".", "1,5", "½", "1e5", "NaN", "inf", "+1", " 1", "99999999999999999999", "0x10"] {
            assert_eq!(Decimal::read(text), None, "{text}");
        }
        assert_eq!(Decimal::near(f64::NAN), None);
        assert_eq!(Decimal::near(f64::INFINITY), None);
    }
}
