//! The form in which a number stands in a text, so that another number can be printed there in the same form:
//! `+145,000 jobs` becomes `+160,000 jobs`.
//!
//! The generator reads a form off the words that an editor wrote and leaves it in the page as attributes; a program in
//! the browser reads it back and prints what the model gives by then. Nothing here knows units or where numbers come from.

use chart::number::{self, Precision};

use crate::decimal;

/// How a number, or the two ends of a range, is written, and what stands around it.
#[derive(Clone, Debug, PartialEq)]
pub struct Form {
    /// What stands before the sign.
    pub before: String,
    /// What stands between sign and digits: a currency, or nothing.
    pub symbol: String,
    /// What stands between the ends of a range: an en dash, or ` to `.
    pub between: String,
    /// What stands after the digits: ` jobs`, ` billion`, ` %`.
    pub after: String,
    /// What a one is worth in the plain unit: a billion before ` billion`, 0.01 before ` %`.
    pub factor: f64,
    /// How exactly it is printed.
    pub precision: Precision,
    /// Whether it never has decimals, as a number of jobs.
    pub whole: bool,
    /// What keeps thousands apart.
    pub separator: String,
    /// How its sign is shown.
    pub sign: Sign,
}

/// How a sign is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// A minus, and nothing for plus.
    Minus,
    /// Plus and minus.
    Both,
    /// By words around it that say that it is less: `fell by`.
    SaidLess,
}

impl Form {
    /// The values, in the plain unit, in this form: one, or the two ends of a range.
    ///
    /// ```
    /// use app::form::{Form, Sign};
    /// use chart::number::Precision;
    ///
    /// let form = Form {
    ///     before: "about ".into(),
    ///     symbol: "US$".into(),
    ///     between: " to ".into(),
    ///     after: " billion".into(),
    ///     factor: 1e9,
    ///     precision: Precision::Significant(2),
    ///     whole: false,
    ///     separator: ",".into(),
    ///     sign: Sign::Both,
    /// };
    /// assert_eq!(form.print(&[4_837e6]), "about +US$4.8 billion");
    /// assert_eq!(form.print(&[-1.25e12, 2e9]), "about −US$1,300 to +US$2 billion");
    /// ```
    pub fn print(&self, values: &[f64]) -> String {
        let digits: Vec<String> = values.iter().map(|value| self.digits(*value)).collect();
        format!("{}{}{}", self.before, digits.join(&self.between), self.after)
    }

    /// The same without what stands around it.
    pub fn digits(&self, value: f64) -> String {
        let value = if self.sign == Sign::SaidLess { -value } else { value } / self.factor;
        let size = value.abs();
        let text = number::text(size, self.precision);
        // Rounded once: what has no parts after the digits kept is as it should be.
        let text = if self.whole && text.contains('.') { number::text(size, Precision::Decimals(0)) } else { text };
        let size = text.replace(',', &self.separator);
        let is_zero = !size.contains(|c: char| ('1'..='9').contains(&c));
        let sign = match self.sign {
            _ if is_zero => "",
            _ if value < 0.0 => "−",
            Sign::Both => "+",
            Sign::Minus | Sign::SaidLess => "",
        };
        format!("{sign}{}{size}", self.symbol)
    }

    /// The attributes that carry it, with unescaped values.
    pub fn attributes(&self) -> Vec<(&'static str, String)> {
        let precision = match self.precision {
            Precision::Full => String::new(),
            Precision::Significant(digits) => format!("{digits}s"),
            Precision::Decimals(digits) => format!("{digits}d"),
        };
        let sign = match self.sign {
            Sign::Minus => "minus",
            Sign::Both => "both",
            Sign::SaidLess => "less",
        };
        vec![
            ("data-before", self.before.clone()),
            ("data-symbol", self.symbol.clone()),
            ("data-between", self.between.clone()),
            ("data-after", self.after.clone()),
            ("data-factor", number::plain(self.factor)),
            ("data-precision", precision),
            ("data-whole", if self.whole { "yes" } else { "no" }.to_owned()),
            ("data-separator", self.separator.clone()),
            ("data-sign", sign.to_owned()),
        ]
    }

    /// The form that attributes carry; `attribute` gives the value of one, or nothing.
    pub fn from_attributes(attribute: impl Fn(&str) -> Option<String>) -> Self {
        let value = |name: &str| attribute(name).unwrap_or_default();
        let precision = value("data-precision");
        let digits = precision.trim_end_matches(['s', 'd']).parse();
        Self {
            before: value("data-before"),
            symbol: value("data-symbol"),
            between: value("data-between"),
            after: value("data-after"),
            factor: decimal::number(&value("data-factor")).unwrap_or(1.0),
            precision: match digits {
                Ok(digits) if precision.ends_with('s') => Precision::Significant(digits),
                Ok(digits) => Precision::Decimals(digits),
                Err(_) => Precision::Full,
            },
            whole: value("data-whole") == "yes",
            separator: value("data-separator"),
            sign: match value("data-sign").as_str() {
                "both" => Sign::Both,
                "less" => Sign::SaidLess,
                _ => Sign::Minus,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(precision: Precision, factor: f64, sign: Sign) -> Form {
        let (before, symbol, after) = ("a <b> ".to_owned(), String::new(), " jobs".to_owned());
        let between = "–".to_owned();
        Form {
            before,
            symbol,
            between,
            after,
            factor,
            precision,
            whole: factor == 1.0,
            separator: "\u{2009}".to_owned(),
            sign,
        }
    }

    #[test]
    fn attributes_carry_the_whole_form() {
        for precision in [Precision::Full, Precision::Significant(3), Precision::Decimals(0)] {
            for sign in [Sign::Minus, Sign::Both, Sign::SaidLess] {
                let form = form(precision, 0.01, sign);
                let attributes = form.attributes();
                let read = Form::from_attributes(|name| {
                    attributes.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone())
                });
                assert_eq!(read, form);
            }
        }
    }

    #[test]
    fn signs_are_shown_as_the_form_has_them() {
        let print = |sign, value| form(Precision::Significant(2), 1.0, sign).digits(value);
        assert_eq!(print(Sign::Minus, 145_312.0), "150\u{2009}000");
        assert_eq!(print(Sign::Minus, 4.4), "4");
        assert_eq!(print(Sign::Minus, 14_499.6), "14\u{2009}000");
        assert_eq!(print(Sign::Minus, -3.0), "−3");
        assert_eq!(print(Sign::Both, 0.0), "0");
        assert_eq!(print(Sign::SaidLess, -3.0), "3");
        assert_eq!(print(Sign::SaidLess, 3.0), "−3");
    }
}
