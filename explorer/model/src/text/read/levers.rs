//! What a government can do.

use diagnostic::{Diagnostic, Diagnostics, Place};

use super::check_name;
use crate::model::Grade;
use crate::text::table::{Entry, Text};

/// A lever as written; `full`, `lag` and `cost_variable` are still names.
pub(in crate::text) struct DraftLever {
    pub(in crate::text) id: Text,
    pub(in crate::text) label: String,
    pub(in crate::text) group: String,
    pub(in crate::text) unit: String,
    pub(in crate::text) full: Option<Text>,
    pub(in crate::text) status_quo: f64,
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
    pub(in crate::text) recommendations: Vec<String>,
    pub(in crate::text) start: f64,
    pub(in crate::text) ramp: f64,
}

/// Levers a model may have.
const MOST: usize = 64;

/// Reads `[levers]`.
pub(super) fn read(entries: Vec<Entry>, diagnostics: &mut Diagnostics) -> Vec<DraftLever> {
    if let Some(entry) = entries.get(MOST) {
        let message = format!("a model has at most {MOST} levers");
        let help = "take the least important out, or make two models";
        diagnostics.push(Diagnostic::error("too-large", entry.key.place.clone(), message).help(help));
    }
    entries.into_iter().take(MOST).filter_map(|entry| lever(entry, diagnostics)).collect()
}

fn lever(entry: Entry, diagnostics: &mut Diagnostics) -> Option<DraftLever> {
    check_name(&entry.key, diagnostics);
    let id = entry.key.clone();
    let mut table = entry.into_table(diagnostics)?;
    let places = ["status_quo", "step", "start", "ramp"].map(|key| table.place_of(key));
    let texts = |list: Vec<Text>| list.into_iter().map(|text| text.value).collect();
    let draft = DraftLever {
        id,
        label: table.required_text("label", diagnostics).value,
        group: table.required_text("group", diagnostics).value,
        unit: table.optional_text("unit", diagnostics),
        full: table.text("full", diagnostics),
        status_quo: table.number("status_quo", diagnostics).unwrap_or(0.0),
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
        recommendations: texts(table.texts("recommendations", diagnostics)),
        start: table.number("start", diagnostics).unwrap_or(0.0),
        ramp: table.number("ramp", diagnostics).unwrap_or(0.0),
    };
    table.finish(diagnostics);
    let [status_quo, step, start, ramp] = places;
    let mut refuse = |wrong: bool, place: Place, message: String, help: &str| {
        if wrong {
            diagnostics.push(Diagnostic::error("out-of-range", place, message).help(help));
        }
    };
    let is_share = |value: f64| (0.0..=1.0).contains(&value);
    let message = |key: &str, value: f64| format!("`{key}` is a fraction of the lever's range, 0 to 1, not {value}");
    let help = "write 25 % as 0.25";
    refuse(!is_share(draft.status_quo), status_quo, message("status_quo", draft.status_quo), help);
    refuse(!is_share(draft.step) || draft.step == 0.0, step, message("step", draft.step), help);
    let message = |key: &str, value: f64| format!("`{key}` is years after the start, not {value}");
    let help = "write zero or more; what is in force today is the lever's `status_quo`";
    refuse(draft.start < 0.0, start, message("start", draft.start), help);
    refuse(draft.ramp < 0.0, ramp, message("ramp", draft.ramp), help);
    Some(draft)
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
