//! What a model is called, its time axis, units, dimensions and regions.

use std::collections::BTreeMap;

use diagnostic::{Diagnostic, Diagnostics};

use super::levers::DraftLever;
use super::{Sections, check_name, duplicate};
use crate::model::{Dimension, Element, Method, Region, Time};
use crate::text::ModelFile;
use crate::text::table::{Entry, Table, Text, Value};
use crate::text::unit::{Unit, Units};

/// What a model is called.
pub(in crate::text) struct About {
    pub(in crate::text) id: String,
    pub(in crate::text) title: String,
    pub(in crate::text) version: String,
    pub(in crate::text) summary: String,
    pub(in crate::text) hash: String,
}

/// Reads the keys at the top of the file that has an `id`.
pub(super) fn about(sections: &mut Sections, files: &[ModelFile<'_>], diagnostics: &mut Diagnostics) -> About {
    let hash = format!("{:016x}", hash(files));
    let Some(table) = sections.with("id") else {
        diagnostics.push(Diagnostic::general("empty-model", "this model has no files"));
        let none = String::new;
        return About { id: none(), title: none(), version: none(), summary: none(), hash };
    };
    let mut text = |key| table.required_text(key, diagnostics).value;
    About { id: text("id"), title: text("title"), version: text("version"), summary: text("summary"), hash }
}

/// FNV-1a over all paths and texts in the order of the paths: tells versions of a text apart, guards against nothing.
fn hash(files: &[ModelFile<'_>]) -> u64 {
    let mut sorted: Vec<_> = files.iter().map(|file| (file.path, file.text)).collect();
    sorted.sort_unstable();
    let bytes = sorted.iter().flat_map(|(path, text)| path.bytes().chain([0]).chain(text.bytes()).chain([0]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

/// Most points of time that a run may step through.
const MOST_STEPS: f64 = 100_000.0;

/// Reads `[time]`, and the name of its unit.
pub(super) fn time(mut table: Table, diagnostics: &mut Diagnostics) -> (Time, Text) {
    let place = table.place.clone();
    let start = table.number("start", diagnostics).unwrap_or(0.0);
    let stop = table.number("stop", diagnostics).unwrap_or(start + 1.0);
    let longest = table.number("longest", diagnostics).unwrap_or(stop - start);
    let step = table.number("dt", diagnostics).unwrap_or(1.0);
    let save = table.number("save", diagnostics).unwrap_or(1.0);
    let unit = table.required_text("unit", diagnostics);
    let method = table.text("method", diagnostics);
    table.finish(diagnostics);
    let method = method.map_or(Method::Euler, |method| match method.value.as_str() {
        "euler" => Method::Euler,
        "rk4" => Method::RungeKutta,
        other => {
            let message = format!("there is no method `{other}`");
            let help = "write `euler`, or `rk4` where rates are smooth and steps long";
            diagnostics.push(Diagnostic::error("unknown-name", method.place, message).help(help));
            Method::Euler
        }
    });
    let mut refuse = |wrong: bool, message: &str, help: &str| {
        if wrong {
            diagnostics.push(Diagnostic::error("bad-time", place.clone(), message).help(help));
        }
    };
    refuse(step <= 0.0 || step.is_nan(), "dt is not above zero", "a quarter of a year is `dt = 0.25`");
    refuse(stop <= start, "the model stops before it starts", "`stop` comes after `start`");
    refuse(longest < stop - start, "the longest horizon is shorter than the model", "raise `longest`");
    refuse(!is_multiple(save, step), "`save` is not a whole number of steps", "choose `save` as a multiple of `dt`");
    refuse(!is_multiple(stop - start, save), "the time span is not a whole number of `save`", "change `stop`");
    refuse(longest / step > MOST_STEPS, "the model has too many steps", "choose a longer `dt`");
    let time = Time { start, stop, longest, step, save, unit: unit.value.clone(), method };
    (time, unit)
}

fn is_multiple(whole: f64, part: f64) -> bool {
    let times = whole / part;
    times >= 1.0 && (times - times.round()).abs() < 1e-9
}

/// Reads `[units]`: base units with their aliases.
pub(super) fn units(entries: Vec<Entry>, units: &mut Units, diagnostics: &mut Diagnostics) {
    for entry in entries {
        let key = entry.key.clone();
        let aliases: Vec<String> = entry.into_texts(diagnostics).into_iter().map(|alias| alias.value).collect();
        if let Err(taken) = units.declare(&key.value, &aliases) {
            let message = format!("the unit `{taken}` exists already");
            diagnostics.push(Diagnostic::error("duplicate-name", key.place, message));
        }
    }
}

/// The unit of time, which must be declared like any other.
pub(super) fn time_unit(name: &Text, units: &Units, diagnostics: &mut Diagnostics) -> Unit {
    units.parse(&name.value).unwrap_or_else(|error| {
        let message = format!("the unit of time `{}` is not declared", name.value);
        diagnostics.push(Diagnostic::error("unknown-unit", name.place.clone(), message).help(error.help));
        Unit::dimensionless()
    })
}

/// The dimensions of a model, the first of them its levers.
pub(in crate::text) struct Dimensions {
    pub(in crate::text) list: Vec<Dimension>,
    /// For a dimension and a property of it (`lever.grade`): the element of the property's dimension, by element.
    pub(in crate::text) properties: BTreeMap<(usize, usize), Vec<usize>>,
}

/// Elements a dimension may have.
const MOST_ELEMENTS: usize = 256;

/// Reads `[dimensions]`: a list of elements, or a table of elements with their labels.
pub(super) fn dimensions(entries: Vec<Entry>, levers: &[DraftLever], diagnostics: &mut Diagnostics) -> Dimensions {
    let lever_elements =
        levers.iter().map(|lever| Element { id: lever.id.value.clone(), label: lever.label.clone() }).collect();
    let mut list = vec![Dimension { id: "lever".to_owned(), elements: lever_elements }];
    for entry in entries {
        check_name(&entry.key, diagnostics);
        let id = entry.key.clone();
        if id.value == "lever" {
            let message = "the dimension `lever` exists already: the levers are its elements";
            diagnostics.push(Diagnostic::error("duplicate-name", id.place, message));
            continue;
        }
        let elements = elements(entry, diagnostics);
        if elements.is_empty() || elements.len() > MOST_ELEMENTS {
            let message = format!("a dimension has 1 to {MOST_ELEMENTS} elements");
            diagnostics.push(Diagnostic::error("bad-dimension", id.place, message));
        }
        list.push(Dimension { id: id.value, elements });
    }
    let mut properties = BTreeMap::new();
    if let Some(grade) = list.iter().position(|dimension| dimension.id == "grade") {
        let place_of = |lever: &DraftLever| {
            let name = lever.grade.to_string();
            list[grade].elements.iter().position(|element| element.id == name)
        };
        match levers.iter().map(place_of).collect::<Option<Vec<usize>>>() {
            Some(grades) => {
                properties.insert((0, grade), grades);
            }
            None => diagnostics
                .push(Diagnostic::general("bad-dimension", "the dimension `grade` lacks a grade that a lever has")),
        }
    }
    Dimensions { list, properties }
}

fn elements(entry: Entry, diagnostics: &mut Diagnostics) -> Vec<Element> {
    let mut elements: Vec<(Text, String)> = Vec::new();
    match entry.value {
        Value::Table(mut table) => {
            for entry in table.take_rest() {
                let key = entry.key.clone();
                let label = entry.into_text(diagnostics).map(|label| label.value).unwrap_or_default();
                elements.push((key, label));
            }
        }
        _ => elements.extend(entry.into_texts(diagnostics).into_iter().map(|text| (text.clone(), text.value))),
    }
    for (index, (id, _)) in elements.iter().enumerate() {
        check_name(id, diagnostics);
        if let Some((first, _)) = elements[..index].iter().find(|(earlier, _)| earlier.value == id.value) {
            diagnostics.push(duplicate(id, first.place.clone()));
        }
    }
    elements.into_iter().map(|(id, label)| Element { id: id.value, label }).collect()
}

/// Reads `[regions]`.
pub(super) fn regions(entries: Vec<Entry>, diagnostics: &mut Diagnostics) -> Vec<Region> {
    let mut regions = Vec::new();
    for entry in entries {
        check_name(&entry.key, diagnostics);
        let id = entry.key.value.clone();
        let Some(mut table) = entry.into_table(diagnostics) else { continue };
        regions.push(Region {
            id,
            label: table.required_text("label", diagnostics).value,
            mark: table.optional_text("mark", diagnostics),
            note: table.optional_text("note", diagnostics),
        });
        table.finish(diagnostics);
    }
    if regions.is_empty() {
        diagnostics
            .push(Diagnostic::general("missing-key", "the model has no region").help("declare one under `[regions]`"));
    }
    regions
}
