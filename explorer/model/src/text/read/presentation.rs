//! What is worth showing first, and named settings.

use diagnostic::{Diagnostic, Diagnostics, Place};

use super::levers::schedule;
use crate::model::{Choice, Measure};
use crate::text::table::{Entry, Text, Value};

/// An outcome as written; its variable is still a name.
pub(in crate::text) struct DraftOutcome {
    pub(in crate::text) id: Text,
    pub(in crate::text) label: String,
    pub(in crate::text) doc: String,
    pub(in crate::text) group: String,
    pub(in crate::text) variable: Text,
    pub(in crate::text) measure: Measure,
    pub(in crate::text) unit: String,
    pub(in crate::text) scale: f64,
    pub(in crate::text) decimals: u8,
}

/// Reads `[outcomes]`.
pub(super) fn outcomes(entries: Vec<Entry>, diagnostics: &mut Diagnostics) -> Vec<DraftOutcome> {
    entries.into_iter().filter_map(|entry| outcome(entry, diagnostics)).collect()
}

fn outcome(entry: Entry, diagnostics: &mut Diagnostics) -> Option<DraftOutcome> {
    let id = entry.key.clone();
    let place = entry.place.clone();
    let mut table = entry.into_table(diagnostics)?;
    let draft = DraftOutcome {
        id,
        label: table.required_text("label", diagnostics).value,
        doc: table.required_text("doc", diagnostics).value,
        group: table.required_text("group", diagnostics).value,
        variable: table.required_text("variable", diagnostics),
        measure: measure(&table.required_text("kind", diagnostics), diagnostics),
        unit: table.required_text("unit", diagnostics).value,
        scale: table.number("scale", diagnostics).unwrap_or(1.0),
        decimals: decimals(table.number("decimals", diagnostics).unwrap_or(0.0), place, diagnostics),
    };
    table.finish(diagnostics);
    Some(draft)
}

fn measure(text: &Text, diagnostics: &mut Diagnostics) -> Measure {
    match text.value.as_str() {
        "difference" => Measure::Difference,
        "level" | "" => Measure::Level,
        other => {
            let message = format!("there is no kind `{other}`");
            let help = "write `level`, or `difference` for what is zero in the base run";
            diagnostics.push(Diagnostic::error("unknown-name", text.place.clone(), message).help(help));
            Measure::Level
        }
    }
}

fn decimals(number: f64, place: Place, diagnostics: &mut Diagnostics) -> u8 {
    match number {
        0.0..=9.0 if number.fract() == 0.0 => number as u8,
        _ => {
            let message = "`decimals` is a whole number from 0 to 9";
            diagnostics.push(Diagnostic::error("out-of-range", place, message).help("0 prints whole numbers"));
            0
        }
    }
}

/// A named scenario as written; levers and parameters are still names.
pub(in crate::text) struct DraftPreset {
    pub(in crate::text) id: Text,
    pub(in crate::text) label: String,
    pub(in crate::text) doc: String,
    pub(in crate::text) source: String,
    pub(in crate::text) levers: Option<Vec<DraftSetting>>,
    pub(in crate::text) parameters: Vec<(Text, Choice)>,
}

/// The setting of a lever, or of all, as written.
pub(in crate::text) struct DraftSetting {
    /// Name of the lever, or `all`.
    pub(in crate::text) lever: Text,
    pub(in crate::text) per_cent: f64,
    /// Where the number stands.
    pub(in crate::text) place: Place,
    /// Start and ramp, as far as they are written.
    pub(in crate::text) start: Option<f64>,
    pub(in crate::text) ramp: Option<f64>,
}

/// Reads `[scenarios]`.
pub(super) fn presets(entries: Vec<Entry>, diagnostics: &mut Diagnostics) -> Vec<DraftPreset> {
    entries.into_iter().filter_map(|entry| preset(entry, diagnostics)).collect()
}

fn preset(entry: Entry, diagnostics: &mut Diagnostics) -> Option<DraftPreset> {
    let id = entry.key.clone();
    let mut table = entry.into_table(diagnostics)?;
    let draft = DraftPreset {
        id,
        label: table.required_text("label", diagnostics).value,
        doc: table.required_text("doc", diagnostics).value,
        source: table.optional_text("source", diagnostics),
        levers: table.has("levers").then(|| {
            let settings = table.table("levers", diagnostics).take_rest();
            settings.into_iter().filter_map(|entry| setting(entry, diagnostics)).collect()
        }),
        parameters: {
            let choices = table.table("parameters", diagnostics).take_rest();
            choices.into_iter().filter_map(|entry| choice(entry, diagnostics)).collect()
        },
    };
    table.finish(diagnostics);
    Some(draft)
}

/// A group of parameters as written; its members are still names.
pub(in crate::text) struct DraftGroup {
    pub(in crate::text) id: Text,
    pub(in crate::text) label: String,
    pub(in crate::text) doc: String,
    pub(in crate::text) correlation: f64,
    pub(in crate::text) with: Vec<Text>,
    pub(in crate::text) against: Vec<Text>,
}

/// Reads `[groups]`.
pub(super) fn groups(entries: Vec<Entry>, diagnostics: &mut Diagnostics) -> Vec<DraftGroup> {
    entries.into_iter().filter_map(|entry| group(entry, diagnostics)).collect()
}

fn group(entry: Entry, diagnostics: &mut Diagnostics) -> Option<DraftGroup> {
    let id = entry.key.clone();
    let place = entry.place.clone();
    let mut table = entry.into_table(diagnostics)?;
    let draft = DraftGroup {
        id,
        label: table.required_text("label", diagnostics).value,
        doc: table.required_text("doc", diagnostics).value,
        correlation: table.number("correlation", diagnostics).unwrap_or(-1.0),
        with: table.texts("with", diagnostics),
        against: table.texts("against", diagnostics),
    };
    table.finish(diagnostics);
    if !(0.0..=1.0).contains(&draft.correlation) {
        let message = "a group states its `correlation`, from 0 to 1";
        let help = "members that move against the others stand under `against`";
        diagnostics.push(Diagnostic::error("out-of-range", place, message).help(help));
    }
    Some(draft)
}

/// `50`, or `{ to = 50, start = 2, ramp = 3 }`.
fn setting(mut entry: Entry, diagnostics: &mut Diagnostics) -> Option<DraftSetting> {
    let lever = entry.key.clone();
    let (mut start, mut ramp) = (None, None);
    if let Value::Table(mut table) = entry.value {
        [start, ramp] = schedule(&mut table, diagnostics);
        let place = table.place.clone();
        let to = table.take("to");
        table.finish(diagnostics);
        let Some(to) = to else {
            let message = "`to` is missing, the setting in per cent";
            let help = "write `{ to = 50, start = 2, ramp = 3 }`";
            diagnostics.push(Diagnostic::error("missing-key", place, message).help(help));
            return None;
        };
        entry = to;
    }
    match entry.value {
        Value::Number(per_cent) if (0.0..=100.0).contains(&per_cent) => {
            Some(DraftSetting { lever, per_cent, place: entry.place, start, ramp })
        }
        Value::Number(number) => {
            let message = format!("a lever stands between 0 and 100 per cent, not at {number}");
            let help = "100 is all there is of it: raise the variable of its `full`, or write 0 to 100";
            diagnostics.push(Diagnostic::error("out-of-range", entry.place, message).help(help));
            None
        }
        _ => {
            diagnostics.push(entry.wrong_type("a number, in per cent"));
            None
        }
    }
}

fn choice(entry: Entry, diagnostics: &mut Diagnostics) -> Option<(Text, Choice)> {
    let choice = match &entry.value {
        Value::Number(number) if number.is_finite() => Choice::Value(*number),
        Value::Text(word) if word.value == "low" => Choice::Low,
        Value::Text(word) if word.value == "central" => Choice::Central,
        Value::Text(word) if word.value == "high" => Choice::High,
        _ => {
            diagnostics.push(entry.wrong_type("a number, `\"low\"`, `\"central\"` or `\"high\"`"));
            return None;
        }
    };
    Some((entry.key, choice))
}
