//! What a model is called, its time axis, units, dimensions and regions.

use std::collections::BTreeMap;

use diagnostic::{Diagnostic, Diagnostics, Place};

use super::levers::DraftLever;
use super::{Sections, check_name, duplicate};
use crate::model::{Change, Dimension, Element, Method, Region, Time};
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
    pub(in crate::text) changes: Vec<Change>,
    pub(in crate::text) limits: Vec<DraftLimit>,
}

/// Something that the model cannot see, and the levers it names.
pub(in crate::text) struct DraftLimit {
    pub(in crate::text) text: String,
    pub(in crate::text) levers: Vec<Text>,
}

/// Reads the keys at the top of the file that has an `id`.
pub(super) fn about(sections: &mut Sections, files: &[ModelFile<'_>], diagnostics: &mut Diagnostics) -> About {
    let hash = format!("{:016x}", hash(files));
    let Some(table) = sections.with("id") else {
        diagnostics.push(
            Diagnostic::general("empty-model", "this model has no files")
                .help("start with a file `model.toml` that has `id`, `title`, `version`, `summary` and `[time]`"),
        );
        let none = String::new;
        let (changes, limits) = (Vec::new(), Vec::new());
        return About { id: none(), title: none(), version: none(), summary: none(), hash, changes, limits };
    };
    let changes = changes(table.tables("changes", diagnostics), diagnostics);
    let limits = table.tables("limits", diagnostics).into_iter().map(|table| limit(table, diagnostics)).collect();
    let version = table.required_text("version", diagnostics);
    if let Some(newest) = changes.first()
        && newest.version != version.value
    {
        let message = format!("the newest change is of version {}, the model is of {}", newest.version, version.value);
        let help = "say in `changes` what the version brought, the newest first, or correct `version`";
        diagnostics.push(Diagnostic::error("bad-changes", version.place.clone(), message).help(help));
    }
    let mut text = |key| table.required_text(key, diagnostics).value;
    let (id, title, summary) = (text("id"), text("title"), text("summary"));
    About { id, title, version: version.value, summary, hash, changes, limits }
}

/// Reads `changes = [{ version = "1.1.0", date = "2027-02-01", note = "…", address = "https://…" }, …]`, the newest first.
fn changes(tables: Vec<Table>, diagnostics: &mut Diagnostics) -> Vec<Change> {
    let read = |mut table: Table| {
        let mut text = |key| table.required_text(key, diagnostics).value;
        let (version, date, note) = (text("version"), text("date"), text("note"));
        let address = table.optional_text("address", diagnostics);
        table.finish(diagnostics);
        Change { version, date, note, address }
    };
    tables.into_iter().map(read).collect()
}

/// Reads `{ text = "…", levers = ["L07"] }`.
fn limit(mut table: Table, diagnostics: &mut Diagnostics) -> DraftLimit {
    let text = table.required_text("text", diagnostics).value;
    let levers = table.texts("levers", diagnostics);
    table.finish(diagnostics);
    DraftLimit { text, levers }
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

/// Reads `[time]`, where it says how long a step is, and the name of its unit; `first` is where a model starts that lacks it.
pub(super) fn time(table: Option<Table>, first: &Place, diagnostics: &mut Diagnostics) -> (Time, Place, Option<Text>) {
    let Some(mut table) = table else {
        diagnostics.push(
            Diagnostic::error("missing-key", first.clone(), "the model has no `[time]`")
                .help("add `[time]` with `start`, `stop`, `dt` and `unit`, such as `unit = \"years\"`"),
        );
        return (read_time(&mut Table::empty(first.clone()), String::new(), diagnostics), first.clone(), None);
    };
    let step_place = table.place_of("dt");
    let unit = table.required_text("unit", diagnostics);
    let time = read_time(&mut table, unit.value.clone(), diagnostics);
    table.finish(diagnostics);
    (time, step_place, Some(unit).filter(|unit| !unit.value.is_empty()))
}

fn read_time(table: &mut Table, unit: String, diagnostics: &mut Diagnostics) -> Time {
    let places = ["stop", "longest", "dt", "save"].map(|key| table.place_of(key));
    let [stop_place, longest_place, step_place, save_place] = places;
    let start = table.number("start", diagnostics).unwrap_or(0.0);
    let stop = table.number("stop", diagnostics).unwrap_or(start + 1.0);
    let longest = table.number("longest", diagnostics).unwrap_or(stop - start);
    let step = table.number("dt", diagnostics).unwrap_or(1.0);
    let save = table.number("save", diagnostics).unwrap_or(1.0);
    let method = table.text("method", diagnostics);
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
    let steps = longest / step;
    // Each follows from those before it.
    let refused = if step <= 0.0 {
        Some((step_place, format!("`dt` is {step}, not above zero"), "a quarter of a year is `dt = 0.25`".to_owned()))
    } else if stop <= start {
        Some((
            stop_place,
            format!("the model stops at {stop}, not after its start at {start}"),
            "raise `stop`".to_owned(),
        ))
    } else if longest < stop - start {
        let message = format!("`longest` is {longest}, shorter than the model's own {}", stop - start);
        Some((longest_place, message, "raise it or leave it out".to_owned()))
    } else if steps > MOST_STEPS {
        let message = format!("the model has {steps:.0} steps, more than {MOST_STEPS}");
        Some((step_place, message, "choose a longer `dt`".to_owned()))
    } else if !is_multiple(save, step) {
        let message = format!("results are saved every {save}, which is not a whole number of steps of {step}");
        Some((step_place, message, format!("choose a `dt` that divides {save}, or set `save` to a multiple of `dt`")))
    } else if !is_multiple(stop - start, save) {
        let message = format!("from {start} to {stop} is not a whole number of saved points, every {save}");
        Some((save_place, message, "change `stop` or `save`".to_owned()))
    } else {
        None
    };
    if let Some((place, message, help)) = refused {
        diagnostics.push(Diagnostic::error("bad-time", place, message).help(help));
    }
    Time { start, stop, longest, step, save, unit, method }
}

fn is_multiple(whole: f64, part: f64) -> bool {
    let times = whole / part;
    times >= 1.0 && (times - times.round()).abs() < 1e-9
}

/// Units a model may declare.
const MOST_UNITS: usize = 500;
/// Dimensions a model may declare.
const MOST_DIMENSIONS: usize = 50;
/// Regions a model may have.
const MOST_REGIONS: usize = 2_000;

/// Reports a section with more entries than a person could check.
fn refuse_more_than(most: usize, what: &str, entries: &[Entry], diagnostics: &mut Diagnostics) {
    if let Some(entry) = entries.get(most) {
        let message = format!("a model has at most {most} {what}, not {}", entries.len());
        let help = "keep those that its equations need";
        diagnostics.push(Diagnostic::error("too-large", entry.key.place.clone(), message).help(help));
    }
}

/// Reads `[units]`: base units with their aliases.
pub(super) fn units(entries: Vec<Entry>, units: &mut Units, diagnostics: &mut Diagnostics) {
    refuse_more_than(MOST_UNITS, "units", &entries, diagnostics);
    for entry in entries.into_iter().take(MOST_UNITS) {
        let key = entry.key.clone();
        let aliases: Vec<String> = entry.into_texts(diagnostics).into_iter().map(|alias| alias.value).collect();
        if let Err(taken) = units.declare(&key.value, &aliases) {
            let message = format!("the unit `{taken}` exists already");
            let help = "each unit, alias and word such as `million` stands for one thing: take it out here";
            diagnostics.push(Diagnostic::error("duplicate-name", key.place, message).help(help));
        }
    }
}

/// The unit of time, which must be declared like any other.
pub(super) fn time_unit(name: &Text, units: &Units, diagnostics: &mut Diagnostics) -> Option<Unit> {
    let declare = || format!("add `{} = []` to `[units]`, with its other names in the brackets", name.value);
    let (message, help) = match units.parse(&name.value) {
        Ok(unit) if !unit.is_dimensionless() => return Some(unit),
        Ok(_) => (format!("time is measured in `{}`, which is a pure number", name.value), declare()),
        Err(error) => {
            let help = match diagnostic::nearest(&error.word, units.names()) {
                Some(unit) => format!("did you mean `{unit}`?"),
                None => declare(),
            };
            (format!("the unit of time `{}` is not declared", name.value), help)
        }
    };
    diagnostics.push(Diagnostic::error("unknown-unit", name.place.clone(), message).help(help));
    None
}

/// The dimensions of a model, the first of them its levers.
#[derive(Default)]
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
    refuse_more_than(MOST_DIMENSIONS, "dimensions", &entries, diagnostics);
    for entry in entries.into_iter().take(MOST_DIMENSIONS) {
        check_name(&entry.key, diagnostics);
        let id = entry.key.clone();
        if id.value == "lever" {
            let message = "the dimension `lever` exists already: the levers are its elements";
            diagnostics.push(Diagnostic::error("duplicate-name", id.place, message).help("take it out here"));
            continue;
        }
        let elements = elements(entry, diagnostics);
        if elements.is_empty() || elements.len() > MOST_ELEMENTS {
            let message = format!("a dimension has 1 to {MOST_ELEMENTS} elements");
            let help = "write `[\"first\", \"second\"]`, or split a longer list into two dimensions";
            diagnostics.push(Diagnostic::error("bad-dimension", id.place, message).help(help));
        }
        list.push(Dimension { id: id.value, elements });
    }
    let mut properties = BTreeMap::new();
    if let Some(grade) = list.iter().position(|dimension| dimension.id == "grade") {
        let place_of = |lever: &DraftLever| {
            let name = lever.grade.to_string();
            list[grade].elements.iter().position(|element| element.id == name)
        };
        let mut grades = Vec::new();
        for lever in levers {
            let Some(place) = place_of(lever) else {
                let message = format!("the dimension `grade` lacks {}, the grade of this lever", lever.grade);
                let help = format!("add `{}` to the elements of `grade`", lever.grade);
                diagnostics.push(Diagnostic::error("bad-dimension", lever.id.place.clone(), message).help(help));
                continue;
            };
            grades.push(place);
        }
        if grades.len() == levers.len() {
            properties.insert((0, grade), grades);
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
    let mut places: BTreeMap<&str, &Place> = BTreeMap::new();
    for (id, _) in &elements {
        check_name(id, diagnostics);
        if let Some(first) = places.get(id.value.as_str()) {
            diagnostics.push(duplicate(id, (*first).clone()));
        } else {
            places.insert(&id.value, &id.place);
        }
    }
    elements.into_iter().map(|(id, label)| Element { id: id.value, label }).collect()
}

/// Reads `[regions]`; `first` is where a model starts that has none.
pub(super) fn regions(entries: Vec<Entry>, first: &Place, diagnostics: &mut Diagnostics) -> Vec<Region> {
    let mut regions = Vec::new();
    refuse_more_than(MOST_REGIONS, "regions", &entries, diagnostics);
    for entry in entries.into_iter().take(MOST_REGIONS) {
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
        let help = "declare at least one: `[regions]` and below it `us = { label = \"United States\" }`";
        diagnostics.push(Diagnostic::error("missing-key", first.clone(), "the model has no region").help(help));
    }
    regions
}
