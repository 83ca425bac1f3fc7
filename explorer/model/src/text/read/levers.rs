//! What a government can do.

use diagnostic::{Diagnostic, Diagnostics, Place};

use super::tracks::{DraftReference, range, references, stretches};
use super::{Bounds, Context, check_name};
use crate::model::{Grade, Stretch};
use crate::schedule::Schedule;
use crate::text::table::{Entry, Table, Text};

/// A lever as written; `full`, `lag` and `cost_variable` are still names, and references not yet on their scales.
pub(in crate::text) struct DraftLever {
    pub(in crate::text) id: Text,
    pub(in crate::text) label: String,
    pub(in crate::text) group: String,
    pub(in crate::text) unit: String,
    pub(in crate::text) full: Option<Text>,
    pub(in crate::text) status_quo: f64,
    pub(in crate::text) range: Bounds,
    pub(in crate::text) stretches: Vec<Stretch>,
    pub(in crate::text) references: Vec<DraftReference>,
    pub(in crate::text) step: f64,
    pub(in crate::text) zero: String,
    pub(in crate::text) hundred: String,
    pub(in crate::text) mechanism: String,
    pub(in crate::text) grade: Grade,
    pub(in crate::text) evidence: String,
    pub(in crate::text) warning: String,
    pub(in crate::text) sources: Vec<String>,
    pub(in crate::text) lag: Option<Text>,
    pub(in crate::text) cost: String,
    pub(in crate::text) cost_variable: Option<Text>,
    pub(in crate::text) cost_omits: String,
    pub(in crate::text) recommendations: Vec<String>,
    pub(in crate::text) schedule: Schedule,
}

/// Levers a model may have.
const MOST: usize = 64;

/// Reads `[levers]`.
pub(super) fn read(entries: Vec<Entry>, context: &Context<'_>, diagnostics: &mut Diagnostics) -> Vec<DraftLever> {
    if let Some(entry) = entries.get(MOST) {
        let message = format!("a model has at most {MOST} levers");
        let help = "take the least important out, or make two models";
        diagnostics.push(Diagnostic::error("too-large", entry.key.place.clone(), message).help(help));
    }
    entries.into_iter().take(MOST).filter_map(|entry| lever(entry, context, diagnostics)).collect()
}

fn lever(entry: Entry, context: &Context<'_>, diagnostics: &mut Diagnostics) -> Option<DraftLever> {
    check_name(&entry.key, diagnostics);
    let id = entry.key.clone();
    let mut table = entry.into_table(diagnostics)?;
    let [status_quo_place, step_place] = ["status_quo", "step"].map(|key| table.place_of(key));
    let range = range(&mut table, diagnostics);
    let [start, ramp] = schedule(&mut table, diagnostics);
    let texts = |list: Vec<Text>| list.into_iter().map(|text| text.value).collect();
    let draft = DraftLever {
        id,
        label: table.required_text("label", diagnostics).value,
        group: table.required_text("group", diagnostics).value,
        unit: table.optional_text("unit", diagnostics),
        full: table.text("full", diagnostics),
        status_quo: table.number("status_quo", diagnostics).unwrap_or(0.0),
        range,
        stretches: stretches(&mut table, range, diagnostics),
        references: references(&mut table, context, diagnostics),
        step: table.number("step", diagnostics).unwrap_or(0.05),
        zero: table.required_text("zero", diagnostics).value,
        hundred: table.required_text("hundred", diagnostics).value,
        mechanism: table.required_text("mechanism", diagnostics).value,
        grade: grade(&table.required_text("grade", diagnostics), diagnostics),
        evidence: table.required_text("evidence", diagnostics).value,
        warning: table.optional_text("warning", diagnostics),
        sources: texts(table.texts("sources", diagnostics)),
        lag: table.text("lag", diagnostics),
        cost: table.required_text("cost", diagnostics).value,
        cost_variable: table.text("cost_variable", diagnostics),
        cost_omits: table.optional_text("cost_omits", diagnostics),
        recommendations: texts(table.texts("recommendations", diagnostics)),
        schedule: Schedule { start: start.unwrap_or(0.0), ramp: ramp.unwrap_or(0.0) },
    };
    table.finish(diagnostics);
    let (low, high) = range;
    if share("status_quo", draft.status_quo, status_quo_place.clone(), diagnostics).is_some()
        && !(low..=high).contains(&draft.status_quo)
    {
        let message = format!("`status_quo` lies in the lever's range, {low} to {high}, not at {}", draft.status_quo);
        diagnostics.push(
            Diagnostic::error("out-of-range", status_quo_place, message)
                .help("widen `range`: what is done today can be done"),
        );
    }
    let step = share("step", draft.step, step_place.clone(), diagnostics);
    if step == Some(0.0) {
        let message = "`step` is above zero";
        diagnostics.push(Diagnostic::error("out-of-range", step_place, message).help("write 5% as 0.05"));
    }
    Some(draft)
}

/// A share of what a lever is at 100%; anything else is reported.
pub(super) fn share(key: &str, value: f64, place: Place, diagnostics: &mut Diagnostics) -> Option<f64> {
    if (0.0..=1.0).contains(&value) {
        return Some(value);
    }
    let message = format!("`{key}` is a share of what the lever is at 100%, 0 to 1, not {value}");
    diagnostics.push(Diagnostic::error("out-of-range", place, message).help("write 25% as 0.25"));
    None
}

/// Reads `start` and `ramp`, as far as they are written.
pub(super) fn schedule(table: &mut Table, diagnostics: &mut Diagnostics) -> [Option<f64>; 2] {
    ["start", "ramp"].map(|key| {
        let place = table.place_of(key);
        let value = table.number(key, diagnostics)?;
        if value < 0.0 {
            let message = format!("`{key}` is years after the start, not {value}");
            let help = "write zero or more; what is in force today is the lever's `status_quo`";
            diagnostics.push(Diagnostic::error("out-of-range", place, message).help(help));
            return None;
        }
        Some(value)
    })
}

fn grade(text: &Text, diagnostics: &mut Diagnostics) -> Grade {
    match text.value.as_str() {
        "A" => Grade::A,
        "B" => Grade::B,
        "C" => Grade::C,
        "D" => Grade::D,
        "" => Grade::D,
        other => {
            let message = format!("`{other}` is not a grade");
            let help = "A is a meta-analysis or trial, B a natural experiment, C a correlation, D judgement";
            diagnostics.push(Diagnostic::error("out-of-range", text.place.clone(), message).help(help));
            Grade::D
        }
    }
}
