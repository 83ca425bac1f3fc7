//! Units: products of powers of base units, with a factor (`US$ million` is 1,000,000 `US$`).

use std::collections::BTreeMap;
use std::fmt;

/// A checked unit.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Unit {
    /// How many of the base unit one of it is.
    factor: f64,
    /// Power of each base unit that occurs; never zero.
    powers: BTreeMap<String, i32>,
}

impl Unit {
    /// A pure number (XMILE's Dmnl).
    pub(super) fn dimensionless() -> Self {
        Self { factor: 1.0, powers: BTreeMap::new() }
    }

    fn base(name: &str) -> Self {
        Self { factor: 1.0, powers: BTreeMap::from([(name.to_owned(), 1)]) }
    }

    fn number(factor: f64) -> Self {
        Self { factor, powers: BTreeMap::new() }
    }

    pub(super) fn is_dimensionless(&self) -> bool {
        self.powers.is_empty() && self.same_factor(&Self::dimensionless())
    }

    /// Whether numbers in the two units may be added.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.powers == other.powers && self.same_factor(other)
    }

    /// How many of `other` one of this is, if both measure the same thing.
    pub(super) fn factor_to(&self, other: &Self) -> Option<f64> {
        (self.powers == other.powers).then_some(self.factor / other.factor)
    }

    fn same_factor(&self, other: &Self) -> bool {
        (self.factor / other.factor - 1.0).abs() < 1e-9
    }

    pub(super) fn times(&self, other: &Self) -> Self {
        self.combine(other, self.factor * other.factor, 1)
    }

    pub(super) fn per(&self, other: &Self) -> Self {
        self.combine(other, self.factor / other.factor, -1)
    }

    /// The unit of a whole power of a number in this unit.
    pub(super) fn to_the(&self, exponent: i32) -> Self {
        let powers = self.powers.iter().map(|(name, power)| (name.clone(), power.saturating_mul(exponent)));
        Self {
            factor: crate::float::pow(self.factor, f64::from(exponent)),
            powers: powers.filter(|(_, power)| *power != 0).collect(),
        }
    }

    /// The unit of the square root of a number in this unit, if it has one.
    pub(super) fn root(&self) -> Option<Self> {
        if self.powers.values().any(|power| power % 2 != 0) {
            return None;
        }
        let powers = self.powers.iter().map(|(name, power)| (name.clone(), power / 2)).collect();
        Some(Self { factor: self.factor.sqrt(), powers })
    }

    fn combine(&self, other: &Self, factor: f64, sign: i32) -> Self {
        let mut powers = self.powers.clone();
        for (name, power) in &other.powers {
            let sum = powers.entry(name.clone()).or_insert(0);
            *sum = sum.saturating_add(sign * power);
        }
        powers.retain(|_, power| *power != 0);
        Self { factor, powers }
    }
}

impl fmt::Display for Unit {
    /// As a model would write it: `jobs/year`, `US$ million/firm`, `Dmnl`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let power = |(name, power): (&String, i32)| if power == 1 { name.clone() } else { format!("{name}^{power}") };
        let above: Vec<String> =
            self.powers.iter().filter(|(_, n)| **n > 0).map(|(name, n)| power((name, *n))).collect();
        let below: Vec<String> =
            self.powers.iter().filter(|(_, n)| **n < 0).map(|(name, n)| power((name, -n))).collect();
        let factor = SCALES.iter().find(|(_, factor)| (self.factor / factor - 1.0).abs() < 1e-9);
        let scale = match factor {
            _ if self.same_factor(&Self::dimensionless()) => None,
            Some((name, _)) => Some((*name).to_owned()),
            None => Some(format!("{}", self.factor)),
        };
        let top: Vec<String> = above.into_iter().chain(scale).collect();
        match (top.is_empty(), below.is_empty()) {
            (true, true) => formatter.write_str("Dmnl"),
            (false, true) => formatter.write_str(&top.join(" ")),
            (true, false) => write!(formatter, "1/{}", below.join("/")),
            (false, false) => write!(formatter, "{}/{}", top.join(" "), below.join("/")),
        }
    }
}

/// Words that multiply the unit beside them.
const SCALES: [(&str, f64); 4] = [("thousand", 1e3), ("million", 1e6), ("billion", 1e9), ("trillion", 1e12)];

/// Their short forms, which stand beside a unit too: `EUR bn`.
const SHORT_SCALES: [(&str, f64); 5] = [("k", 1e3), ("mn", 1e6), ("M", 1e6), ("bn", 1e9), ("tn", 1e12)];

/// Letters that multiply the unit they are joined to: `kEUR`, `GWh`.
const PREFIXES: [(char, f64); 4] = [('k', 1e3), ('M', 1e6), ('G', 1e9), ('T', 1e12)];

/// The units a model may use: those it declares, its unit of time and pure numbers.
#[derive(Debug)]
pub(super) struct Units {
    /// By name or alias.
    known: BTreeMap<String, Unit>,
}

impl Units {
    /// Pure numbers only.
    pub(super) fn new() -> Self {
        let mut known = BTreeMap::new();
        for name in ["Dmnl", "dmnl", "share", "ratio"] {
            known.insert(name.to_owned(), Unit::dimensionless());
        }
        known.insert("%".to_owned(), Unit::number(0.01));
        for (name, factor) in SCALES.into_iter().chain(SHORT_SCALES) {
            known.insert(name.to_owned(), Unit::number(factor));
        }
        Self { known }
    }

    /// Adds a base unit with its aliases; the first name that is taken already comes back.
    pub(super) fn declare(&mut self, name: &str, aliases: &[String]) -> Result<(), String> {
        let unit = Unit::base(name);
        for word in std::iter::once(name).chain(aliases.iter().map(String::as_str)) {
            if self.known.insert(word.to_owned(), unit.clone()).is_some() {
                return Err(word.to_owned());
            }
        }
        Ok(())
    }

    /// The words that a misspelled one may stand for. A short form of a scale is near to too many.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> + Clone {
        let is_short = |name: &str| SHORT_SCALES.iter().any(|(short, _)| *short == name);
        self.known.keys().map(String::as_str).filter(move |name| !is_short(name))
    }

    /// The unit of a word: a declared one, one of the words for scales, or a declared one with a prefix.
    fn word(&self, word: &str) -> Option<Unit> {
        if let Some(unit) = self.known.get(word) {
            return Some(unit.clone());
        }
        let (_, factor) = PREFIXES.into_iter().find(|(prefix, _)| word.starts_with(*prefix))?;
        let unit = self.known.get(&word[1..]).filter(|unit| !unit.powers.is_empty())?;
        Some(unit.times(&Unit::number(factor)))
    }

    /// The unit that `text` writes: `jobs`, `US$ million per year`, `jobs/(US$ million/year)`, `1/year`, `km^2`,
    /// `kEUR`, `per 1000 persons`.
    ///
    /// Units side by side bind tighter than `per` and `/`.
    pub(super) fn parse(&self, text: &str) -> Result<Unit, UnitError> {
        let mut reader = UnitReader { units: self, words: words(text), at: 0, depth: 0 };
        let unit = reader.quotient()?;
        match reader.words.get(reader.at) {
            None => Ok(unit),
            Some(word) => {
                Err(UnitError { word: (*word).to_owned(), help: Some("this unit should end before it".to_owned()) })
            }
        }
    }
}

/// A unit that cannot be understood: the word that is to blame, and what to do.
#[derive(Debug, PartialEq)]
pub(super) struct UnitError {
    pub(super) word: String,
    /// None for a word that is not a unit: one of [`Units::names`] may be meant.
    pub(super) help: Option<String>,
}

/// Words and signs of a unit.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    for part in text.split_whitespace() {
        let mut rest = part;
        while let Some(first) = rest.chars().next() {
            let length = if "/*^()".contains(first) {
                first.len_utf8()
            } else {
                rest.find(['/', '*', '^', '(', ')']).unwrap_or(rest.len())
            };
            let (word, after) = rest.split_at(length);
            words.push(word);
            rest = after;
        }
    }
    words
}

/// The highest power of a unit; nothing that is measured needs more.
const HIGHEST_POWER: i32 = 9;

struct UnitReader<'a> {
    units: &'a Units,
    words: Vec<&'a str>,
    at: usize,
    depth: usize,
}

impl<'a> UnitReader<'a> {
    fn quotient(&mut self) -> Result<Unit, UnitError> {
        self.depth += 1;
        if self.depth > 8 {
            return Err(UnitError { word: "(".into(), help: Some("use fewer brackets".into()) });
        }
        let mut unit = match self.peek() {
            Some("per") => Unit::dimensionless(),
            _ => self.product()?,
        };
        loop {
            match self.peek() {
                Some("per" | "/") => {
                    self.at += 1;
                    unit = unit.per(&self.product()?);
                }
                Some("*") => {
                    self.at += 1;
                    unit = unit.times(&self.product()?);
                }
                _ => break,
            }
        }
        self.depth -= 1;
        Ok(unit)
    }

    /// Units side by side.
    fn product(&mut self) -> Result<Unit, UnitError> {
        let mut unit = self.power()?;
        while !matches!(self.peek(), None | Some("per" | "/" | "*" | "^" | ")")) {
            unit = unit.times(&self.power()?);
        }
        Ok(unit)
    }

    fn power(&mut self) -> Result<Unit, UnitError> {
        let unit = self.factor()?;
        if self.peek() != Some("^") {
            return Ok(unit);
        }
        self.at += 1;
        let word = self.peek().unwrap_or_default();
        self.at += 1;
        match word.parse::<i32>() {
            Ok(exponent) if exponent.abs() <= HIGHEST_POWER => Ok(unit.to_the(exponent)),
            Ok(_) => Err(UnitError {
                word: word.to_owned(),
                help: Some(format!("powers lie between -{HIGHEST_POWER} and {HIGHEST_POWER}")),
            }),
            Err(_) => Err(UnitError { word: word.to_owned(), help: Some("a power is a whole number".to_owned()) }),
        }
    }

    fn factor(&mut self) -> Result<Unit, UnitError> {
        let Some(word) = self.peek() else {
            return Err(UnitError {
                word: String::new(),
                help: Some("a unit is missing here; a pure number has `Dmnl`".into()),
            });
        };
        self.at += 1;
        if word == "(" {
            let unit = self.quotient()?;
            if self.peek() != Some(")") {
                return Err(UnitError { word: word.to_owned(), help: Some("close the bracket".to_owned()) });
            }
            self.at += 1;
            return Ok(unit);
        }
        if word.starts_with(|c: char| c.is_ascii_digit()) {
            return match word.replace('_', "").parse::<f64>() {
                Ok(number) if (1e-12..=1e12).contains(&number) => Ok(Unit::number(number)),
                _ => Err(UnitError {
                    word: word.to_owned(),
                    help: Some("a number in a unit is a factor such as 1000, up to 12 digits long".to_owned()),
                }),
            };
        }
        self.units.word(word).ok_or_else(|| UnitError { word: word.to_owned(), help: None })
    }

    fn peek(&self) -> Option<&'a str> {
        self.words.get(self.at).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units() -> Units {
        let mut units = Units::new();
        for (name, aliases) in [("firms", "firm"), ("jobs", "job"), ("US$", "USD"), ("years", "year")] {
            units.declare(name, &[aliases.to_owned()]).unwrap();
        }
        units
    }

    #[test]
    fn units_read_as_people_write_them() {
        for (text, canonical) in [
            ("firms", "firms"),
            ("per year", "1/years"),
            ("1/year", "1/years"),
            ("US$ million per year", "US$ million/years"),
            ("jobs per (US$ million per year)", "jobs years 0.000001/US$"),
            ("US$ per firm per year", "US$/firms/years"),
            ("jobs/jobs", "Dmnl"),
            ("firm^2", "firms^2"),
            ("firms^-1", "1/firms"),
            ("kUSD", "US$ thousand"),
            ("MUSD/job", "US$ million/jobs"),
            ("bn US$", "US$ billion"),
            ("jobs k", "jobs thousand"),
            ("firms per 1000 jobs", "firms 0.001/jobs"),
            ("million", "million"),
            ("%", "0.01"),
        ] {
            assert_eq!(units().parse(text).map(|unit| unit.to_string()), Ok(canonical.to_owned()), "{text}");
        }
    }

    #[test]
    fn a_factor_is_part_of_the_unit() {
        let (dollars, millions) = (units().parse("US$").unwrap(), units().parse("US$ million").unwrap());
        assert!(!dollars.is_same(&millions));
        assert_eq!(millions.factor_to(&dollars), Some(1e6));
        assert!(millions.per(&units().parse("million").unwrap()).is_same(&dollars));
    }

    #[test]
    fn an_unknown_unit_is_named_with_the_nearest() {
        let error = units().parse("frims per year").unwrap_err();
        assert_eq!((error.word.as_str(), error.help), ("frims", None));
        assert_eq!(diagnostic::nearest("frims", units().names()), Some("firms"));
        for text in [
            "",
            "per",
            "jobs per",
            "jobs ^ x",
            "jobs^99",
            "(jobs",
            "jobs)",
            "((((((((((jobs",
            "0 jobs",
            "kk",
            "kDmnl",
            "éjobs",
        ] {
            assert!(units().parse(text).is_err(), "{text}");
        }
    }
}
