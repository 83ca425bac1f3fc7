//! Tables → drafts: everything a model says, each part still by itself.

mod equations;
mod levers;
mod outline;
mod parameters;
mod presentation;
mod tracks;

use std::collections::BTreeMap;

use diagnostic::{Diagnostic, Diagnostics, Place};

pub(super) use equations::{DraftEquation, DraftKind, DraftVariable};
pub(super) use levers::DraftLever;
pub(super) use outline::{About, Dimensions, DraftLimit};
pub(super) use parameters::DraftParameter;
pub(super) use presentation::{DraftGroup, DraftOutcome, DraftPreset};
pub(super) use tracks::{DraftQuantity, DraftReference};

use super::parser::is_reserved;
use super::table::{Entry, Table, Text};
use super::unit::{Unit, Units};
use super::{ModelFile, suggestion};
use crate::graph::Graph;
use crate::model::{Region, Time};

/// Lowest and highest.
type Bounds = (f64, f64);

/// A model as written, read but not yet linked.
pub(super) struct Draft {
    pub(super) about: About,
    pub(super) time: Time,
    /// Where the length of a step is written.
    pub(super) step_place: Place,
    /// None when it is missing or not declared.
    pub(super) time_unit: Option<Unit>,
    pub(super) dimensions: Dimensions,
    pub(super) regions: Vec<Region>,
    pub(super) levers: Vec<DraftLever>,
    pub(super) parameters: Vec<DraftParameter>,
    pub(super) groups: Vec<DraftGroup>,
    pub(super) variables: Vec<DraftVariable>,
    pub(super) outcomes: Vec<DraftOutcome>,
    pub(super) presets: Vec<DraftPreset>,
}

/// Reads the tables of all files of a model. A section may be spread over several files.
pub(super) fn draft(tables: Vec<Table>, files: &[ModelFile<'_>], diagnostics: &mut Diagnostics) -> Draft {
    let mut sections = Sections { tables };
    let first = sections.first_place();
    let (time, step_place, time_name) = outline::time(sections.only("time", diagnostics), &first, diagnostics);
    let mut units = Units::new();
    outline::units(sections.take("units", diagnostics), &mut units, diagnostics);
    let time_unit = time_name.and_then(|name| outline::time_unit(&name, &units, diagnostics));
    let regions = outline::regions(sections.take("regions", diagnostics), &first, diagnostics);
    let none = Dimensions::default();
    let context = Context { units: &units, dimensions: &none, regions: &regions };
    let levers = levers::read(sections.take("levers", diagnostics), &context, diagnostics);
    let dimensions = outline::dimensions(sections.take("dimensions", diagnostics), &levers, diagnostics);
    let context = Context { units: &units, dimensions: &dimensions, regions: &regions };
    let parameters = parameters::read(sections.take("parameters", diagnostics), &context, diagnostics);
    let groups = presentation::groups(sections.take("groups", diagnostics), diagnostics);
    let mut variables = Vec::new();
    for section in equations::SECTIONS {
        variables.extend(equations::read(section, sections.take(section, diagnostics), &context, diagnostics));
    }
    let outcomes = presentation::outcomes(sections.take("outcomes", diagnostics), diagnostics);
    let presets = presentation::presets(sections.take("scenarios", diagnostics), diagnostics);
    let about = outline::about(&mut sections, files, diagnostics);
    sections.finish(diagnostics);
    Draft {
        about,
        time,
        step_place,
        time_unit,
        dimensions,
        regions,
        levers,
        parameters,
        groups,
        variables,
        outcomes,
        presets,
    }
}

/// Parameters and variables a model may have, arrays counted by element, so that ids fit.
const MOST_NUMBERS: usize = 20_000;

impl Draft {
    /// Whether the model has more of anything than a person could check; reported if so.
    pub(super) fn is_too_large(&self, diagnostics: &mut Diagnostics) -> bool {
        let size = |over: &[usize]| -> usize {
            over.iter()
                .fold(1, |size: usize, dimension| size.saturating_mul(self.dimensions.list[*dimension].elements.len()))
        };
        let numbers = self.parameters.iter().map(|parameter| (parameter.values.len(), &parameter.id));
        let series = self.variables.iter().map(|variable| (size(&variable.over), &variable.id));
        let shown = self.outcomes.iter().map(|outcome| (1, &outcome.id));
        let named = self.presets.iter().map(|preset| (1, &preset.id));
        let sizes: Vec<(usize, &Text)> = numbers.chain(series).chain(shown).chain(named).collect();
        let total = sizes.iter().fold(self.regions.len(), |total, (size, _)| total.saturating_add(*size));
        if total <= MOST_NUMBERS {
            return false;
        }
        let message = format!("the model has {total} numbers, more than {MOST_NUMBERS}");
        let diagnostic = match sizes.into_iter().max_by_key(|(size, _)| *size) {
            Some((1, _)) | None => Diagnostic::general("too-large", message).help("make several models of it"),
            Some((size, id)) => Diagnostic::error("too-large", id.place.clone(), message)
                .help(format!("use fewer or smaller arrays: this one alone has {size} elements")),
        };
        diagnostics.push(diagnostic);
        true
    }
}

/// Operations that a run may take, all steps counted: some seconds.
const MOST_WORK: f64 = 1e9;
/// Numbers that a run may give, all saved points counted.
const MOST_RESULTS: f64 = 2e7;

impl Draft {
    /// Reports a model whose runs nobody could wait for.
    pub(super) fn check_run(&self, graph: &Graph, diagnostics: &mut Diagnostics) {
        let Time { longest, step, save, .. } = self.time;
        let work = longest / step * graph.nodes.len() as f64;
        let results = longest / save * graph.variables.len() as f64;
        let (message, help) = if work > MOST_WORK {
            (
                format!("a run of this model takes {work:.1e} operations, more than {MOST_WORK:.0e}"),
                "choose a longer `dt`",
            )
        } else if results > MOST_RESULTS {
            (
                format!("a run of this model gives {results:.1e} numbers, more than {MOST_RESULTS:.0e}"),
                "choose a longer `save`",
            )
        } else {
            return;
        };
        let help = format!("{help}, a shorter `longest`, or fewer elements");
        diagnostics.push(Diagnostic::error("too-large", self.step_place.clone(), message).help(help));
    }
}

/// What sections refer to while they are read.
pub(super) struct Context<'a> {
    units: &'a Units,
    dimensions: &'a Dimensions,
    regions: &'a [Region],
}

impl Context<'_> {
    /// The unit that `text` writes; what cannot be understood is reported.
    fn unit(&self, text: &Text, diagnostics: &mut Diagnostics) -> Option<Unit> {
        self.unit_before(text, &[], diagnostics)
    }

    /// The same for a unit that one of `words` may follow, which may be misspelled.
    fn unit_before(&self, text: &Text, words: &[&str], diagnostics: &mut Diagnostics) -> Option<Unit> {
        match self.units.parse(&text.value) {
            Ok(unit) => Some(unit),
            Err(error) => {
                let start = text.value.find(&error.word).filter(|_| !error.word.is_empty());
                let place = match start {
                    Some(start) => text.part(start..start + error.word.len()),
                    None => text.place.clone(),
                };
                let message = match start {
                    Some(_) => format!("the unit `{}` is not understood at `{}`", text.value, error.word),
                    None => format!("the unit `{}` is not complete", text.value),
                };
                let help = match diagnostic::nearest(&error.word, words.iter().copied()) {
                    Some(word) if text.value.ends_with(&error.word) => format!("did you mean `{word}`?"),
                    _ => error.help.unwrap_or_else(|| suggestion(&error.word, self.units.names(), diagnostics)),
                };
                diagnostics.push(Diagnostic::error("unknown-unit", place, message).help(help));
                None
            }
        }
    }

    /// The dimensions that `names` name, by their place; an unknown one is reported.
    fn over(&self, names: &[Text], diagnostics: &mut Diagnostics) -> Vec<usize> {
        let all = &self.dimensions.list;
        let mut over = Vec::new();
        for name in names {
            match all.iter().position(|dimension| dimension.id == name.value) {
                Some(index) if over.contains(&index) => {
                    let message = format!("`{}` stands here twice", name.value);
                    diagnostics.push(
                        Diagnostic::error("duplicate-name", name.place.clone(), message)
                            .help("name each dimension once"),
                    );
                }
                Some(index) => over.push(index),
                None => diagnostics.push(
                    Diagnostic::error(
                        "unknown-name",
                        name.place.clone(),
                        format!("there is no dimension `{}`", name.value),
                    )
                    .help(suggestion(
                        &name.value,
                        all.iter().map(|dimension| dimension.id.as_str()),
                        diagnostics,
                    )),
                ),
            }
        }
        over
    }
}

/// The top-level keys of all files of a model.
pub(super) struct Sections {
    tables: Vec<Table>,
}

impl Sections {
    /// The entries of a section, from all files; a name that stands twice is reported.
    fn take(&mut self, section: &'static str, diagnostics: &mut Diagnostics) -> Vec<Entry> {
        let mut first: BTreeMap<String, Place> = BTreeMap::new();
        let mut entries = Vec::new();
        for table in &mut self.tables {
            for entry in table.table(section, diagnostics).take_rest() {
                match first.get(&entry.key.value) {
                    Some(place) => diagnostics.push(duplicate(&entry.key, place.clone())),
                    None => {
                        first.insert(entry.key.value.clone(), entry.key.place.clone());
                        entries.push(entry);
                    }
                }
            }
        }
        entries
    }

    /// The start of the first file, to mark where a whole section is missing.
    fn first_place(&self) -> Place {
        self.tables.first().map_or(Place::file(""), |table| table.place.clone())
    }

    /// A section that only one file may have.
    fn only(&mut self, section: &'static str, diagnostics: &mut Diagnostics) -> Option<Table> {
        let mut found: Option<Table> = None;
        for table in &mut self.tables {
            let Some(entry) = table.take(section) else { continue };
            match &found {
                Some(first) => diagnostics.push(duplicate(&entry.key, first.place.clone())),
                None => found = entry.into_table(diagnostics),
            }
        }
        found
    }

    /// The first file's table that has `key`, or the first file's.
    fn with(&mut self, key: &str) -> Option<&mut Table> {
        let index = self.tables.iter().position(|table| table.has(key)).unwrap_or(0);
        self.tables.get_mut(index)
    }

    fn finish(self, diagnostics: &mut Diagnostics) {
        for table in self.tables {
            table.finish(diagnostics);
        }
    }
}

/// A second thing of the same name.
pub(super) fn duplicate(name: &Text, first: Place) -> Diagnostic {
    Diagnostic::error("duplicate-name", name.place.clone(), format!("`{}` is declared twice", name.value))
        .related(first, "first declared here")
        .help("rename one of them, or take it out")
}

/// Whether a name can stand in an equation.
fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_alphabetic() || c == '_') && name.chars().all(|c| c.is_alphanumeric() || c == '_')
}

/// Reports a name that cannot stand in an equation.
fn check_name(name: &Text, diagnostics: &mut Diagnostics) {
    if !is_name(&name.value) {
        let message = format!("`{}` cannot stand in an equation", name.value);
        diagnostics.push(
            Diagnostic::error("bad-name", name.place.clone(), message)
                .help("names have letters, digits and underscores and do not start with a digit"),
        );
    } else if is_reserved(&name.value) {
        let message = format!("`{}` has a meaning of its own in equations", name.value);
        diagnostics.push(Diagnostic::error("bad-name", name.place.clone(), message).help("choose another name"));
    }
}
