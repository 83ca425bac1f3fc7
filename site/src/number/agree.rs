//! Whether a printed number is what its source says, to the precision in which it is printed.
//!
//! [`Printed`] and [`Amount`] → [`agree`] → nothing, or the [`Mismatch`] with the rule that was applied and the text that
//! would be right.
//!
//! A printed number stands for everything that a person would round to it: all its digits, or fewer when zeros end it,
//! as those of 150,000 may be counted or not. One significant digit is enough only after `about` and its kin: nobody
//! takes a bare 100,000 for 140,000. A half may be rounded either way.

use app::form::Form;
use app::model_number::Amount;
use app::unit::{Kind, Unit};
use chart::number::{self, Precision};
use model::float;

use super::printed::{Hedge, Numeral, Printed, PrintedUnit, Writing};

/// How a printed number and its source differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// What kind of difference.
    pub kind: Difference,
    /// What the source says, in full.
    pub value: String,
    /// By which rule they were compared.
    pub rule: String,
    /// The text that would be right.
    pub corrected: String,
}

/// Kinds of differences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference {
    /// The number is another.
    Number,
    /// The unit is another.
    Unit,
    /// A range stands where there is one number, or the other way round.
    Range,
}

/// Digits of the source that are shown: more than any text needs.
const IN_FULL: Precision = Precision::Significant(9);
/// How far a fraction may be from what it stands for, as a part of it.
const NEAR: f64 = 0.05;
/// How much less `nearly` may be, as a part of what is printed.
const NEARLY: f64 = 0.1;
/// Halves are halves in spite of what binary fractions make of them.
const SLACK: f64 = 1e-9;

/// Compares them; none when they agree.
pub fn agree(printed: &Printed, amount: &Amount) -> Option<Mismatch> {
    let value = in_full(amount);
    if printed.numerals.len() != amount.values.len() {
        let (rule, corrected) = match amount.values.len() {
            1 => ("a range is compared with two numbers, and the source gives one", one(printed, amount)),
            _ => ("both ends of a range are compared, and the text gives one number", both(amount)),
        };
        return Some(Mismatch { kind: Difference::Range, value, rule: rule.to_owned(), corrected });
    }
    if let Some(rule) = wrong_unit(printed, &amount.unit) {
        return Some(Mismatch { kind: Difference::Unit, value, rule, corrected: in_unit(printed, amount) });
    }
    let ends: Vec<End<'_>> = printed
        .numerals
        .iter()
        .zip(amount.plain())
        .map(|(numeral, plain)| End::nearest(numeral, plain, &amount.unit, printed.hedge))
        .collect();
    let wrong = ends.iter().find(|end| !end.agrees())?;
    let rule = wrong.rule();
    Some(Mismatch { kind: Difference::Number, value, rule, corrected: corrected(printed, &ends) })
}

/// The form in which other numbers of the same kind as `amount` would stand where `printed` stands, if it has one.
pub fn form(printed: &Printed, amount: &Amount) -> Option<Form> {
    let (numeral, plain) = printed.numerals.last().zip(amount.plain().last().copied())?;
    let factor = End::nearest(numeral, plain, &amount.unit, printed.hedge).factor;
    Some(Form { factor, ..printed.form()? })
}

/// The source's numbers with their unit.
pub fn in_full(amount: &Amount) -> String {
    let numbers: Vec<String> = amount.values.iter().map(|value| number::text(*value, IN_FULL)).collect();
    let unit = &amount.unit;
    let numbers = numbers.join(" to ");
    match (&unit.kind, unit.text.as_str()) {
        (_, "") => numbers,
        (Kind::Money(sign), text) => format!("{sign}{numbers}{}", text.strip_prefix(sign.as_str()).unwrap_or(text)),
        (Kind::Share, text) if text.starts_with('%') => format!("{numbers}{text}"),
        (Kind::Share | Kind::Ratio, text) => format!("{numbers} ({text})"),
        (_, text) => format!("{numbers} {text}"),
    }
}

/// A printed number beside the number it stands for.
struct End<'a> {
    numeral: &'a Numeral,
    hedge: Hedge,
    /// The source's number, in the plain unit.
    plain: f64,
    /// What a one of the printed number is worth in the plain unit.
    factor: f64,
}

impl<'a> End<'a> {
    /// Read in the unit that brings the two nearest together, where the text leaves that open.
    fn nearest(numeral: &'a Numeral, plain: f64, unit: &Unit, hedge: Hedge) -> Self {
        let of = |factor: f64| Self { numeral, hedge, plain, factor: factor * numeral.scale };
        let (first, others) = match &numeral.unit {
            PrintedUnit::Percent | PrintedUnit::Points => (of(0.01), None),
            PrintedUnit::Times | PrintedUnit::Part | PrintedUnit::Money(_) => (of(1.0), None),
            PrintedUnit::Plain if numeral.scale != 1.0 => (of(1.0), None),
            PrintedUnit::Plain => (of(1.0), Some(of(unit.factor))),
        };
        match others {
            Some(other) if other.distance() <= first.distance() => other,
            _ => first,
        }
    }

    fn distance(&self) -> f64 {
        (self.found() - self.printed()).abs() / self.printed().abs().max(f64::MIN_POSITIVE)
    }

    /// The source's number as it would stand in place of the printed one.
    fn found(&self) -> f64 {
        self.plain / self.factor
    }

    fn printed(&self) -> f64 {
        if self.numeral.is_negative() { -self.numeral.size } else { self.numeral.size }
    }

    fn agrees(&self) -> bool {
        let (found, printed) = (self.found(), self.printed());
        let (size, wanted) = (found.abs(), printed.abs());
        if !found.is_finite() || found * printed < 0.0 {
            return false;
        }
        match self.hedge {
            Hedge::None | Hedge::About => self.is_rounding(size, wanted),
            Hedge::Below => size <= wanted * (1.0 + self.slack()) && size >= wanted * (1.0 - NEARLY),
            Hedge::Above => size >= wanted * (1.0 - self.slack()) && size <= wanted + self.step(),
        }
    }

    /// How far on the wrong side a number after `at least` or `at most` may be, as a part of it: a third is 0.333 too.
    fn slack(&self) -> f64 {
        if self.numeral.writing == Writing::Fraction { 0.005 } else { SLACK }
    }

    /// Whether a person would round `size` to `wanted`.
    fn is_rounding(&self, size: f64, wanted: f64) -> bool {
        let within = |room: f64| (size - wanted).abs() <= room + wanted * SLACK;
        match self.numeral.writing {
            Writing::Fraction if self.hedge == Hedge::About => within(2.0 * NEAR * wanted),
            Writing::Fraction => within(NEAR * wanted),
            Writing::Words => within(0.5),
            Writing::Digits { decimals, .. } => {
                within(0.5 * power_of_ten(-i32::from(decimals))) || self.has_closing_zeros(size, within)
            }
        }
    }

    /// Whether it is a rounding to fewer digits than stand there.
    fn has_closing_zeros(&self, size: f64, within: impl Fn(f64) -> bool) -> bool {
        let Writing::Digits { significant, all, decimals: 0 } = self.numeral.writing else { return false };
        let fewest = self.fewest(significant);
        size > 0.0 && fewest < all && within(0.5 * power_of_ten(magnitude(size) + 1 - i32::from(fewest)))
    }

    /// Significant digits that must be right.
    fn fewest(&self, significant: u8) -> u8 {
        if self.hedge == Hedge::About { significant } else { significant.max(2) }
    }

    /// A one in the place of the last digit that is no closing zero.
    fn step(&self) -> f64 {
        match self.numeral.writing {
            Writing::Fraction => NEARLY * self.numeral.size,
            Writing::Words => 1.0,
            Writing::Digits { decimals: 0, significant, all } => power_of_ten(i32::from(all) - i32::from(significant)),
            Writing::Digits { decimals, .. } => power_of_ten(-i32::from(decimals)),
        }
    }

    fn rule(&self) -> String {
        let found_sign = self.found() < 0.0;
        if found_sign != self.numeral.is_negative() && self.found() != 0.0 && self.numeral.size != 0.0 {
            return "compared with their signs".to_owned();
        }
        match (self.hedge, self.numeral.writing) {
            (Hedge::Below, _) => "“nearly”, “under” and their kin: this, or up to a tenth less".to_owned(),
            (Hedge::Above, _) => {
                let next = number::text(self.numeral.size + self.step(), IN_FULL);
                format!("“over”, “more than” and their kin: this, or up to {next} more exactly put")
            }
            (Hedge::About, Writing::Fraction) => "a fraction after “about”: within a tenth of it".to_owned(),
            (_, Writing::Fraction) => "a fraction: within a twentieth of it".to_owned(),
            (_, Writing::Words) => "a number in words: rounded to the whole number".to_owned(),
            (_, Writing::Digits { decimals: 0, significant, all }) => {
                let fewest = self.fewest(significant);
                if fewest < all {
                    format!("rounded to {} or more", counted(fewest, "significant digit"))
                } else {
                    "rounded to the whole number".to_owned()
                }
            }
            (_, Writing::Digits { decimals, .. }) => format!("rounded to {}", counted(decimals, "decimal")),
        }
    }

    /// What would stand in place of the printed number.
    fn corrected(&self) -> String {
        match self.numeral.writing {
            Writing::Words if (0.0..=12.0).contains(&self.found().round()) && self.numeral.scale == 1.0 => {
                WORDS[self.found().round() as usize].to_owned()
            }
            Writing::Fraction if self.numeral.unit == PrintedUnit::Part => percent(self.plain, "%"),
            _ => self.form().digits(self.plain),
        }
    }

    fn form(&self) -> Form {
        let mut form = self.numeral.form(self.factor);
        // A number below one in whole numbers would be nothing.
        if form.digits(self.plain).chars().all(|c| !('1'..='9').contains(&c)) && self.plain != 0.0 {
            form.precision = Precision::Significant(2);
            form.whole = false;
        }
        form
    }
}

const WORDS: [&str; 13] =
    ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

/// The power of ten of the first digit.
fn magnitude(size: f64) -> i32 {
    float::log10(size).floor() as i32
}

fn power_of_ten(exponent: i32) -> f64 {
    float::pow(10.0, f64::from(exponent))
}

fn counted(count: u8, one: &str) -> String {
    let words = WORDS.get(usize::from(count)).map_or_else(|| count.to_string(), |word| (*word).to_owned());
    format!("{words} {one}{}", if count == 1 { "" } else { "s" })
}

fn percent(plain: f64, sign: &str) -> String {
    format!("{}{sign}", number::text(plain * 100.0, Precision::Significant(2)))
}

/// The printed text with each number replaced, and a hedge that would be wrong turned into `about`.
fn corrected(printed: &Printed, ends: &[End<'_>]) -> String {
    let mut text = String::new();
    let mut at = 0;
    let is_directed = matches!(printed.hedge, Hedge::Below | Hedge::Above) && !printed.hedge_span.is_empty();
    if is_directed && printed.hedge_span.end <= printed.numerals[0].span.start {
        text.push_str(&printed.text[..printed.hedge_span.start]);
        text.push_str("about");
        at = printed.hedge_span.end;
    }
    for end in ends {
        text.push_str(&printed.text[at..end.numeral.span.start]);
        text.push_str(&end.corrected());
        at = end.numeral.span.end;
    }
    text.push_str(&printed.text[at..]);
    text
}

/// Why the printed unit cannot be that of the source, if it cannot.
fn wrong_unit(printed: &Printed, unit: &Unit) -> Option<String> {
    let stated = if unit.text.is_empty() { "a bare number".to_owned() } else { format!("in {}", unit.text) };
    for numeral in &printed.numerals {
        let found = match (&unit.kind, &numeral.unit) {
            (_, PrintedUnit::Plain) => continue,
            (Kind::Share, PrintedUnit::Percent | PrintedUnit::Part) => continue,
            (Kind::Points, PrintedUnit::Points) => continue,
            (Kind::Ratio, PrintedUnit::Percent | PrintedUnit::Part | PrintedUnit::Times) => continue,
            (Kind::Money(sign), PrintedUnit::Money(other)) if sign == other || (other == "$" && sign == "US$") => {
                continue;
            }
            (Kind::Share, PrintedUnit::Points) => {
                return Some(
                    "per cent of something are no percentage points, which are the difference of two shares".to_owned(),
                );
            }
            (Kind::Points, PrintedUnit::Percent) => {
                return Some("the difference of two shares is in percentage points, not in per cent".to_owned());
            }
            (_, PrintedUnit::Percent) => "per cent".to_owned(),
            (_, PrintedUnit::Points) => "percentage points".to_owned(),
            (_, PrintedUnit::Times) => "a number of times".to_owned(),
            (_, PrintedUnit::Part) => "a fraction".to_owned(),
            (_, PrintedUnit::Money(sign)) => sign.clone(),
        };
        return Some(format!("the text has {found}, the source is {stated}"));
    }
    let Kind::Count(noun) = &unit.kind else { return None };
    let words = printed.words();
    let family = |text: &str| {
        let mut words = text.split(|c: char| !c.is_alphabetic());
        words.find_map(|word| FAMILIES.iter().position(|family| family.contains(&word)))
    };
    let of_source = family(&noun.to_lowercase())?;
    let has_own = words.split(|c: char| !c.is_alphabetic()).any(|word| FAMILIES[of_source].contains(&word));
    let other = family(&words).filter(|other| *other != of_source && !has_own)?;
    let counted = words.split(|c: char| !c.is_alphabetic()).find(|word| FAMILIES[other].contains(word))?;
    Some(format!("the text counts {counted}, the source is {stated}"))
}

/// Words that count the same kind of thing. Persons and jobs are told apart, since a person may have two.
const FAMILIES: [&[&str]; 4] = [
    &["job", "jobs", "posts", "vacancies"],
    &["firm", "firms", "companies", "company", "enterprises", "businesses", "exporters"],
    &["hour", "hours", "days", "weeks", "months", "years"],
    &["persons", "people", "freelancers", "inhabitants"],
];

/// What one number would be where a range is printed.
fn one(printed: &Printed, amount: &Amount) -> String {
    let numeral = &printed.numerals[0];
    let end = End::nearest(numeral, amount.plain()[0], &amount.unit, Hedge::None);
    let last = &printed.numerals[printed.numerals.len() - 1];
    format!("{}{}", end.corrected(), &printed.text[last.span.end..])
}

/// Both ends of a range where one number is printed.
fn both(amount: &Amount) -> String {
    let ends: Vec<String> = amount.values.iter().map(|value| number::text(*value, Precision::Significant(2))).collect();
    match (&amount.unit.kind, amount.unit.text.as_str()) {
        (Kind::Money(sign), text) => {
            format!("{sign}{}{}", ends.join("–"), text.strip_prefix(sign.as_str()).unwrap_or(""))
        }
        (Kind::Share, "%") => format!("{}%", ends.join("–")),
        (_, text) => format!("{} {text}", ends.join("–")),
    }
}

/// The numbers in the source's own unit, as precisely as they are printed.
fn in_unit(printed: &Printed, amount: &Amount) -> String {
    let numeral = &printed.numerals[0];
    let plain = amount.plain();
    let digits = |factor: f64| {
        let texts = plain.iter().map(|plain| {
            let value = plain / factor;
            let precision = match numeral.writing {
                Writing::Digits { decimals, .. } if matches!(amount.unit.kind, Kind::Share | Kind::Points) => {
                    Precision::Decimals(decimals)
                }
                Writing::Digits { significant, .. } => Precision::Significant(significant.max(2)),
                Writing::Words | Writing::Fraction => Precision::Significant(2),
            };
            number::text(value, precision)
        });
        texts.collect::<Vec<_>>().join("–")
    };
    match &amount.unit.kind {
        Kind::Share => format!("{}%", digits(0.01)),
        Kind::Points => format!("{} percentage points", digits(0.01)),
        Kind::Ratio => digits(1.0),
        Kind::Money(sign) => {
            let (scale, word) = written_scale(plain[0]);
            format!("{sign}{}{word}", digits(scale))
        }
        Kind::Count(noun) => {
            let (scale, word) = written_scale(plain[0]);
            format!("{}{word} {noun}", digits(scale))
        }
    }
}

/// The word that keeps a number short.
fn written_scale(plain: f64) -> (f64, &'static str) {
    match plain.abs() {
        size if size >= 1e12 => (1e12, " trillion"),
        size if size >= 1e9 => (1e9, " billion"),
        size if size >= 1e6 => (1e6, " million"),
        _ => (1.0, ""),
    }
}
