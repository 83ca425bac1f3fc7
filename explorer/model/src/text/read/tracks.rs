//! What stands along the track of a lever: its range, the named stretches of it, and known quantities to compare it with.

use diagnostic::{Diagnostic, Diagnostics, Place};

use super::levers::share;
use super::{Bounds, Context};
use crate::id::RegionId;
use crate::model::{Basis, Stretch};
use crate::reference::{Scale, Whereabouts};
use crate::text::shorthand::{BASES, is_key};
use crate::text::suggestion;
use crate::text::table::{Table, Text, Value};
use crate::text::unit::Unit;

/// Named stretches a lever may have: more could not be told apart beside a track.
const MOST_STRETCHES: usize = 5;
/// Characters the name of a stretch may have, so that it fits beside the track.
const LONGEST_NAME: usize = 32;

/// Reads `range = [low, high]`; without it a lever goes from 0 to 1.
pub(super) fn range(table: &mut Table, diagnostics: &mut Diagnostics) -> Bounds {
    const WHOLE: Bounds = (0.0, 1.0);
    let Some(entry) = table.take("range") else { return WHOLE };
    let ends = match &entry.value {
        Value::List(ends) => match ends.as_slice() {
            [(Value::Number(low), _), (Value::Number(high), _)] => Some((*low, *high)),
            _ => None,
        },
        _ => None,
    };
    match ends {
        Some((low, high)) if 0.0 <= low && low < high && high <= 1.0 => (low, high),
        Some((low, high)) => {
            let message = format!("a lever's range lies between 0 and 1, the lower end first, not [{low}, {high}]");
            diagnostics.push(
                Diagnostic::error("out-of-range", entry.place, message)
                    .help("write shares of what it is at 100%: `range = [0, 0.6]` for one that ends at 60%"),
            );
            WHOLE
        }
        None => {
            diagnostics.push(entry.wrong_type("a list of two numbers").help("write `range = [0, 0.6]`"));
            WHOLE
        }
    }
}

/// Reads `stretches = [{ to = 0.1, label = "…" }, …]`, from the low end of `range` to its high one.
pub(super) fn stretches(table: &mut Table, range: Bounds, diagnostics: &mut Diagnostics) -> Vec<Stretch> {
    let place = table.place_of("stretches");
    let tables = table.tables("stretches", diagnostics);
    if tables.len() > MOST_STRETCHES {
        let message = format!("a lever has at most {MOST_STRETCHES} stretches, not {}", tables.len());
        diagnostics.push(Diagnostic::error("too-large", place.clone(), message).help("join some of them"));
    }
    let mut stretches: Vec<Stretch> = Vec::new();
    for mut table in tables {
        let to_place = table.place_of("to");
        let to = table.number("to", diagnostics);
        let label = table.required_text("label", diagnostics);
        let start = stretches.last().map_or(range.0, |before| before.to);
        let to = to.unwrap_or_else(|| {
            missing("to", &table.place, diagnostics);
            range.1
        });
        table.finish(diagnostics);
        if !(start < to && to <= range.1) {
            let message =
                format!("this stretch ends at {to}, and should end above {start} and no further than {}", range.1);
            diagnostics.push(
                Diagnostic::error("out-of-range", to_place, message)
                    .help("write the stretches in order, each with the setting at which it ends"),
            );
        }
        if label.value.chars().count() > LONGEST_NAME {
            let message = format!("the name of a stretch has at most {LONGEST_NAME} characters");
            diagnostics
                .push(Diagnostic::error("too-large", label.place, message).help("say it in three or four words"));
        }
        stretches.push(Stretch { to, label: label.value });
    }
    if let Some(last) = stretches.last().filter(|last| last.to < range.1) {
        let message = format!("the stretches end at {}, and the lever goes to {}", last.to, range.1);
        diagnostics.push(
            Diagnostic::error("out-of-range", place, message).help("let the last stretch end where the lever does"),
        );
    }
    stretches
}

/// A known quantity as written; what gives the lever's size or cost is still a name.
pub(in crate::text) struct DraftReference {
    pub(in crate::text) label: String,
    pub(in crate::text) quantity: DraftQuantity,
    pub(in crate::text) whereabouts: Whereabouts,
    pub(in crate::text) basis: Basis,
    pub(in crate::text) source: String,
}

/// What is known of a reference.
pub(in crate::text) enum DraftQuantity {
    Value { scale: Scale, value: f64, text: Text, unit: Unit },
    Place(f64),
}

/// Reads `references = [{ label = "…", cost = 20, unit = "US$ million per year", source = "…", basis = "…" }, …]`.
pub(super) fn references(
    table: &mut Table,
    context: &Context<'_>,
    diagnostics: &mut Diagnostics,
) -> Vec<DraftReference> {
    let tables = table.tables("references", diagnostics);
    tables.into_iter().filter_map(|table| reference(table, context, diagnostics)).collect()
}

fn reference(mut table: Table, context: &Context<'_>, diagnostics: &mut Diagnostics) -> Option<DraftReference> {
    let place = table.place.clone();
    let label = table.required_text("label", diagnostics).value;
    let basis = basis(&table.required_text("basis", diagnostics), diagnostics);
    let source = source(&mut table, diagnostics);
    let whereabouts = whereabouts(&mut table, context, diagnostics);
    let quantity = quantity(&mut table, context, diagnostics);
    table.finish(diagnostics);
    if let (Some(DraftQuantity::Place(_)), Whereabouts::Elsewhere(_)) = (&quantity, &whereabouts) {
        let message = "what is from elsewhere has no place on a track";
        let help = "write its `reach` or `cost` instead of `at`, or the `regions` that it holds for";
        diagnostics.push(Diagnostic::error("bad-reference", place, message).help(help));
    }
    Some(DraftReference { label, quantity: quantity?, whereabouts, basis, source })
}

fn quantity(table: &mut Table, context: &Context<'_>, diagnostics: &mut Diagnostics) -> Option<DraftQuantity> {
    let place = table.place.clone();
    let at_place = table.place_of("at");
    let [reach, cost, at] = ["reach", "cost", "at"].map(|key| table.number(key, diagnostics));
    let unit = table.text("unit", diagnostics);
    let (scale, value) = match (reach, cost, at) {
        (Some(reach), None, None) => (Scale::Reach, reach),
        (None, Some(cost), None) => (Scale::Cost, cost),
        (None, None, Some(at)) => {
            if let Some(unit) = unit {
                let help = "write `reach` or `cost` for a number with a unit";
                let message = "`at` is a share of the track and has no unit";
                diagnostics.push(Diagnostic::error("bad-reference", unit.place, message).help(help));
            }
            return share("at", at, at_place, diagnostics).map(DraftQuantity::Place);
        }
        _ => {
            let message = "a reference states one of `reach`, `cost` and `at`";
            let help = "`reach` is a size on the lever's natural scale, `cost` what it costs, `at` its place, 0 to 1";
            diagnostics.push(Diagnostic::error("bad-reference", place, message).help(help));
            return None;
        }
    };
    if value < 0.0 {
        let message = format!("a size or a cost is zero or more, not {value}");
        diagnostics.push(Diagnostic::error("out-of-range", place, message).help("write the amount without a sign"));
        return None;
    }
    let Some(text) = unit else {
        missing("unit", &place, diagnostics);
        return None;
    };
    let unit = context.unit(&text, diagnostics)?;
    Some(DraftQuantity::Value { scale, value, text, unit })
}

fn whereabouts(table: &mut Table, context: &Context<'_>, diagnostics: &mut Diagnostics) -> Whereabouts {
    let named = table.has("regions");
    let mut regions = Vec::new();
    for name in table.texts("regions", diagnostics) {
        match context.regions.iter().position(|region| region.id == name.value) {
            Some(index) => regions.push(RegionId::at(index)),
            None => {
                let choices = context.regions.iter().map(|region| region.id.as_str());
                let help = suggestion(&name.value, choices, diagnostics);
                let message = format!("there is no region `{}`", name.value);
                diagnostics.push(Diagnostic::error("unknown-name", name.place, message).help(help));
            }
        }
    }
    match table.text("elsewhere", diagnostics) {
        Some(elsewhere) => {
            if named {
                let message = "a reference is from regions of the model or from elsewhere, not both";
                diagnostics
                    .push(Diagnostic::error("bad-reference", elsewhere.place, message).help("take one of the two out"));
            }
            Whereabouts::Elsewhere(elsewhere.value)
        }
        None if named => Whereabouts::Regions(regions),
        None => Whereabouts::Everywhere,
    }
}

fn basis(text: &Text, diagnostics: &mut Diagnostics) -> Basis {
    if let Some((_, basis)) = BASES.iter().find(|(name, _)| *name == text.value) {
        return *basis;
    }
    // An empty one is missing, which has been reported.
    if !text.value.is_empty() {
        let help = suggestion(&text.value, BASES.iter().map(|(name, _)| *name), diagnostics);
        let message = format!("`{}` is not a basis", text.value);
        diagnostics.push(Diagnostic::error("unknown-name", text.place.clone(), message).help(help));
    }
    Basis::Unverified
}

fn source(table: &mut Table, diagnostics: &mut Diagnostics) -> String {
    let text = table.required_text("source", diagnostics);
    if !text.value.is_empty() && !is_key(&text.value) {
        let message = format!("`{}` is not a key of the bibliography", text.value);
        diagnostics
            .push(Diagnostic::error("missing-source", text.place, message).help("write one key such as `munch2018`"));
    }
    text.value
}

fn missing(key: &str, place: &Place, diagnostics: &mut Diagnostics) {
    let help = if key == "unit" { "add `unit = \"…\"`".to_owned() } else { format!("add `{key} = …`") };
    diagnostics.push(Diagnostic::error("missing-key", place.clone(), format!("`{key}` is missing")).help(help));
}
