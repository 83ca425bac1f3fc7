//! What a number counts, read from the words that datasets and models state it in: `US$ million per year`, `%`,
//! `thousand firms`.
//!
//! Only what decides how a number is printed and compared is kept: its kind, and the factor to the plain unit. Whether it
//! is a rate is not.

/// What a number counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    /// What kind of number it is.
    pub kind: Kind,
    /// What one of it is in the plain unit of its kind: 0.01 for per cent, a million for `US$ million`.
    pub factor: f64,
    /// As it was stated.
    pub text: String,
}

/// Kinds of numbers, each with its plain unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A part of something; 1 is all of it.
    Share,
    /// The difference between two shares; 0.01 is a percentage point.
    Points,
    /// How many times as large; 1 is as large.
    Ratio,
    /// Money, with its currency's sign.
    Money(String),
    /// Things, persons, years; what they are called.
    Count(String),
}

/// Words that stand for a power of ten, the long ones first.
pub const SCALES: [(&str, f64); 13] = [
    ("thousand", 1e3),
    ("million", 1e6),
    ("billion", 1e9),
    ("trillion", 1e12),
    ("millions", 1e6),
    ("billions", 1e9),
    ("mn", 1e6),
    ("bn", 1e9),
    ("tn", 1e12),
    ("k", 1e3),
    ("m", 1e6),
    ("b", 1e9),
    ("t", 1e12),
];

/// How currencies are written, and the sign each stands for; what starts like another comes before it.
pub const CURRENCIES: [(&str, &str); 12] = [
    ("US$", "US$"),
    ("USD", "US$"),
    ("C$", "C$"),
    ("CAD", "C$"),
    ("A$", "A$"),
    ("$", "$"),
    ("€", "€"),
    ("EUR", "€"),
    ("£", "£"),
    ("GBP", "£"),
    ("CHF", "CHF"),
    ("KSh", "KSh"),
];

impl Unit {
    /// Reads the words of a unit.
    ///
    /// ```
    /// use app::unit::{Kind, Unit};
    ///
    /// let exports = Unit::read("US$ billion a year");
    /// assert_eq!((exports.kind, exports.factor), (Kind::Money("US$".into()), 1e9));
    /// assert_eq!(Unit::read("%").kind, Kind::Share);
    /// assert_eq!(Unit::read("thousand firms").kind, Kind::Count("firms".into()));
    /// ```
    pub fn read(text: &str) -> Self {
        if let Some((of, by)) = text.trim().split_once(" per ").filter(|(of, by)| of == by) {
            return Self { kind: Kind::Ratio, factor: 1.0, text: format!("{of} per {by}") };
        }
        let mut factor = 1.0;
        let mut currency = None;
        let mut words = Vec::new();
        let head = without_rate(text.trim());
        for word in head.split_whitespace() {
            let found = CURRENCIES.iter().find(|(written, _)| *written == word);
            let scale = SCALES.iter().find(|(name, _)| *name == word);
            match (found, scale) {
                (Some((_, sign)), _) => currency = Some((*sign).to_owned()),
                (None, Some((_, size))) => factor *= size,
                (None, None) => words.push(word),
            }
        }
        let noun = words.join(" ");
        let kind = match (currency, noun.as_str()) {
            (Some(sign), _) => Kind::Money(sign),
            (None, "percentage points" | "percentage point" | "points" | "pp") => Kind::Points,
            (None, "ratio" | "factor" | "times" | "Dmnl" | "1" | "index" | "") => Kind::Ratio,
            (None, noun) if noun.starts_with(['%']) || noun.starts_with("per cent") => Kind::Share,
            (None, "change" | "difference") => Kind::Share,
            (None, noun) if noun.split(' ').next() == Some("share") => Kind::Share,
            (None, noun) => Kind::Count(noun.to_owned()),
        };
        let is_hundredth =
            kind == Kind::Points || (kind == Kind::Share && (noun.starts_with('%') || noun.starts_with("per cent")));
        if is_hundredth {
            factor *= 0.01;
        }
        // A rate of itself, `per year`, is a part of what there is.
        let kind = if kind == Kind::Ratio && text.trim_start().starts_with("per ") { Kind::Share } else { kind };
        Self { kind, factor, text: text.trim().to_owned() }
    }

    /// A part of something, 1 being all of it.
    pub fn share() -> Self {
        Self { kind: Kind::Share, factor: 1.0, text: "share".to_owned() }
    }

    /// The unit of the difference between two numbers of this unit.
    pub fn of_difference(&self) -> Self {
        match self.kind {
            Kind::Share => {
                let text = if self.factor == 0.01 { "percentage points" } else { "difference of shares" };
                Self { kind: Kind::Points, factor: self.factor, text: text.to_owned() }
            }
            _ => self.clone(),
        }
    }

    /// The unit of a number of this unit divided by one of `other`, both in their plain units.
    pub fn per(&self, other: &Self) -> Self {
        let plain = |unit: &Self| match &unit.kind {
            Kind::Money(sign) => sign.clone(),
            Kind::Count(noun) => noun.clone(),
            Kind::Share | Kind::Points | Kind::Ratio => String::new(),
        };
        let (above, below) = (plain(self), plain(other));
        let is_ratio = above == below || above.is_empty();
        if is_ratio {
            return Self { kind: Kind::Ratio, factor: 1.0, text: "ratio".to_owned() };
        }
        let text = if below.is_empty() { above } else { format!("{above} per {}", one_of(&below)) };
        Self { kind: self.kind.clone(), factor: 1.0, text }
    }
}

/// What stands before `per year`, `a year`, `over 5 years` and the like.
fn without_rate(text: &str) -> &str {
    let end = [" per ", " a year", " a month", " over ", " of "].iter().filter_map(|rate| text.find(rate)).min();
    let head = &text[..end.unwrap_or(text.len())];
    if head.starts_with("per ") && !head.starts_with("per cent") { "" } else { head }
}

/// `job` for `jobs`.
fn one_of(noun: &str) -> &str {
    noun.strip_suffix('s').unwrap_or(noun)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_read_as_people_state_them() {
        let money = |sign: &str| Kind::Money(sign.to_owned());
        let count = |noun: &str| Kind::Count(noun.to_owned());
        let rows = [
            ("US$", money("US$"), 1.0),
            ("US$ million per year", money("US$"), 1e6),
            ("US$ billion a year", money("US$"), 1e9),
            ("GBP billion", money("£"), 1e9),
            ("C$ million over 3 years", money("C$"), 1e6),
            ("%", Kind::Share, 0.01),
            ("% of sellers", Kind::Share, 0.01),
            ("% per year", Kind::Share, 0.01),
            ("per cent", Kind::Share, 0.01),
            ("share", Kind::Share, 1.0),
            ("share of GDP", Kind::Share, 1.0),
            ("share over 5 years", Kind::Share, 1.0),
            ("per year", Kind::Share, 1.0),
            ("percentage points", Kind::Points, 0.01),
            ("ratio", Kind::Ratio, 1.0),
            ("US$ per US$", Kind::Ratio, 1.0),
            ("Dmnl", Kind::Ratio, 1.0),
            ("", Kind::Ratio, 1.0),
            ("jobs", count("jobs"), 1.0),
            ("million persons", count("persons"), 1e6),
            ("thousand firms", count("firms"), 1e3),
            ("hours per week", count("hours"), 1.0),
            ("jobs per (US$ million per year)", count("jobs"), 1.0),
        ];
        for (text, kind, factor) in rows {
            let unit = Unit::read(text);
            assert_eq!((&unit.kind, unit.factor), (&kind, factor), "{text}");
        }
    }

    #[test]
    fn units_are_divided_and_taken_from_each_other() {
        let jobs = Unit::read("jobs");
        assert_eq!(Unit::read("US$ billion").per(&jobs).text, "US$ per job");
        assert_eq!(jobs.per(&Unit::read("thousand jobs")).kind, Kind::Ratio);
        assert_eq!(Unit::read("%").of_difference().text, "percentage points");
        assert_eq!(jobs.of_difference(), jobs);
    }
}
