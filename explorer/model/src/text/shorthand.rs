//! A parameter in one line: `0.35 (0.15 .. 0.67) Dmnl triangular; D; chen2016; derived; how it was worked out`.
//!
//! Value, range, unit and distribution; grade; sources (`judgement` when there is none); basis; note. Range, unit,
//! distribution and note may be left out: without a range the value is fixed, with one it is triangular.

use diagnostic::{Diagnostic, Diagnostics};

use super::table::Text;
use crate::model::{Basis, Distribution, Estimate, Grade};

/// An estimate as read, with what its declaration still has to check.
pub(super) struct Written {
    pub(super) estimate: Estimate,
    /// The unit, if one is written.
    pub(super) unit: Option<Text>,
}

/// The estimate that `line` writes. What cannot be read is reported; without a value there is no estimate.
pub(super) fn read(line: &Text, diagnostics: &mut Diagnostics) -> Option<Written> {
    let parts = parts(line);
    let (numbers, unit) = numbers(&parts[0], diagnostics)?;
    if parts.len() < 4 {
        let missing = ["value", "grade", "sources", "basis"][parts.len()];
        diagnostics.push(
            Diagnostic::error("bad-estimate", line.place.clone(), format!("the {missing} is missing"))
                .help("write `value (low .. high) unit distribution; grade; sources; basis; note`"),
        );
        return None;
    }
    let grade = one_of(&parts[1], "grade", &GRADES, diagnostics);
    let basis = one_of(&parts[3], "basis", &BASES, diagnostics);
    let (grade, basis) = (grade?, basis?);
    let sources = sources(&parts[2], basis, diagnostics);
    let note = parts.get(4).map(|note| note.value.clone()).unwrap_or_default();
    let estimate = Estimate {
        central: numbers.central,
        low: numbers.low,
        high: numbers.high,
        distribution: numbers.distribution,
        grade,
        basis,
        sources,
        note,
    };
    Some(Written { estimate, unit })
}

const GRADES: [(&str, Grade); 4] = [("A", Grade::A), ("B", Grade::B), ("C", Grade::C), ("D", Grade::D)];
pub(super) const BASES: [(&str, Basis); 4] = [
    ("verified", Basis::Verified),
    ("document", Basis::Document),
    ("derived", Basis::Derived),
    ("unverified", Basis::Unverified),
];
pub(super) const DISTRIBUTIONS: [(&str, Distribution); 6] = [
    ("fixed", Distribution::Fixed),
    ("triangular", Distribution::Triangular),
    ("pert", Distribution::Pert),
    ("uniform", Distribution::Uniform),
    ("normal", Distribution::Normal),
    ("lognormal", Distribution::Lognormal),
];

/// The parts between semicolons; the fifth, the note, may have semicolons of its own.
fn parts(line: &Text) -> Vec<Text> {
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, _) in line.value.match_indices(';').take(4) {
        parts.push(line.slice(start..at));
        start = at + 1;
    }
    parts.push(line.slice(start..line.value.len()));
    parts
}

struct Numbers {
    central: f64,
    low: f64,
    high: f64,
    distribution: Distribution,
}

/// `0.35 (0.15 .. 0.67) Dmnl triangular`
fn numbers(part: &Text, diagnostics: &mut Diagnostics) -> Option<(Numbers, Option<Text>)> {
    let text = part.value.as_str();
    let value_end = text.find(|c: char| c.is_whitespace() || c == '(').unwrap_or(text.len());
    let central = number(&part.slice(0..value_end), diagnostics)?;
    let mut rest = value_end;
    let mut range = None;
    if let Some(open) = text[rest..].find('(').filter(|open| text[rest..rest + open].trim().is_empty()) {
        let start = rest + open + 1;
        let inside = text[start..].find(')').map(|end| start..start + end);
        let dots = inside.as_ref().and_then(|inside| text[inside.clone()].find("..").map(|dots| start + dots));
        // A unit may start with a bracket too, but then it holds no dots.
        if let (Some(inside), Some(dots)) = (inside, dots) {
            let low = number(&part.slice(start..dots), diagnostics)?;
            let high = number(&part.slice(dots + 2..inside.end), diagnostics)?;
            range = Some((low, high));
            rest = inside.end + 1;
        }
    }
    let (unit, distribution) = unit_and_distribution(&part.slice(rest..text.len()));
    let (low, high) = range.unwrap_or((central, central));
    if !(low <= central && central <= high) {
        let (message, help) = if low > high {
            let message = format!("the low value {low} is above the high value {high}");
            (message, format!("low comes before high: write `({high} .. {low})`"))
        } else {
            let message = format!("the value {central} does not lie between {low} and {high}");
            (message, "widen the range or change the value".to_owned())
        };
        diagnostics.push(Diagnostic::error("bad-estimate", part.place.clone(), message).help(help));
        return None;
    }
    let distribution = match distribution {
        _ if low == high => Distribution::Fixed,
        Some(distribution) => distribution,
        None => Distribution::Triangular,
    };
    if distribution == Distribution::Lognormal && low <= 0.0 {
        let message = format!("a lognormal value lies above zero, but its range starts at {low}");
        diagnostics.push(
            Diagnostic::error("bad-estimate", part.place.clone(), message)
                .help("raise the low value, or take another distribution"),
        );
        return None;
    }
    Some((Numbers { central, low, high, distribution }, unit))
}

/// What follows the numbers: a unit of several words, the last of which may be a distribution.
fn unit_and_distribution(rest: &Text) -> (Option<Text>, Option<Distribution>) {
    let last_start = rest.value.rfind(char::is_whitespace).map_or(0, |space| space + 1);
    let last = &rest.value[last_start..];
    let distribution = DISTRIBUTIONS.iter().find(|(name, _)| *name == last).map(|(_, distribution)| *distribution);
    let unit_end = if distribution.is_some() { last_start } else { rest.value.len() };
    let unit = rest.slice(0..unit_end);
    (Some(unit).filter(|unit| !unit.value.is_empty()), distribution)
}

fn number(part: &Text, diagnostics: &mut Diagnostics) -> Option<f64> {
    match part.value.replace('_', "").parse::<f64>() {
        Ok(number) if number.is_finite() => Some(number),
        _ => {
            let message = format!("`{}` is not a number", part.value);
            let pointed = part.value.replace(',', ".");
            let help = match pointed.parse::<f64>() {
                Ok(_) => format!("write a point, not a comma: `{pointed}`"),
                Err(_) => "write `value (low .. high) unit distribution; grade; sources; basis; note`".to_owned(),
            };
            diagnostics.push(Diagnostic::error("bad-estimate", part.place.clone(), message).help(help));
            None
        }
    }
}

fn one_of<T: Copy>(part: &Text, what: &str, choices: &[(&str, T)], diagnostics: &mut Diagnostics) -> Option<T> {
    if let Some((_, value)) = choices.iter().find(|(name, _)| *name == part.value) {
        return Some(*value);
    }
    let names = choices.iter().map(|(name, _)| *name);
    diagnostics.push(
        Diagnostic::error("bad-estimate", part.place.clone(), format!("`{}` is not a {what}", part.value))
            .help(diagnostic::suggestion(&part.value, names)),
    );
    None
}

/// Keys with commas between them; `judgement` stands for none and only goes with an unverified value.
fn sources(part: &Text, basis: Basis, diagnostics: &mut Diagnostics) -> Vec<String> {
    let keys: Vec<String> = part.value.split(',').map(|key| key.trim().to_owned()).collect();
    let is_judgement = keys == ["judgement"];
    if is_judgement && basis != Basis::Unverified {
        let message = format!("a {} value needs a source", basis.name());
        diagnostics.push(
            Diagnostic::error("missing-source", part.place.clone(), message)
                .help("name its key in the bibliography, or call it `unverified`"),
        );
    }
    for key in keys.iter().filter(|key| !is_key(key)) {
        let message = format!("`{key}` is not a key of the bibliography");
        diagnostics.push(
            Diagnostic::error("missing-source", part.place.clone(), message)
                .help("write keys such as `munch2018`, with commas between them, or `judgement`"),
        );
    }
    if is_judgement { Vec::new() } else { keys }
}

pub(super) fn is_key(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || "-_:".contains(c))
}
