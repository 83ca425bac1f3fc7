//! Numbers that the equations take as given.

use std::collections::BTreeMap;

use diagnostic::{Diagnostic, Diagnostics, Place};

use super::{Context, check_name};
use crate::id::RegionId;
use crate::model::{Estimate, Region};
use crate::text::shorthand::{self, Written};
use crate::text::suggestion;
use crate::text::table::{Entry, Table, Text, Value};
use crate::text::unit::Unit;

/// A parameter as written, perhaps an array.
pub(in crate::text) struct DraftParameter {
    pub(in crate::text) id: Text,
    pub(in crate::text) label: String,
    pub(in crate::text) unit_text: String,
    /// None when it could not be understood.
    pub(in crate::text) unit: Option<Unit>,
    /// Dimensions, by their place.
    pub(in crate::text) over: Vec<usize>,
    /// Values by element; a sparse array lacks some.
    pub(in crate::text) values: BTreeMap<Vec<usize>, Values>,
}

/// The values of one number in all regions.
#[derive(Default)]
pub(in crate::text) struct Values {
    pub(in crate::text) shared: Option<Estimate>,
    pub(in crate::text) regional: BTreeMap<RegionId, Estimate>,
}

/// Reads `[parameters]`.
pub(super) fn read(entries: Vec<Entry>, context: &Context<'_>, diagnostics: &mut Diagnostics) -> Vec<DraftParameter> {
    entries.into_iter().filter_map(|entry| parameter(entry, context, diagnostics)).collect()
}

fn parameter(entry: Entry, context: &Context<'_>, diagnostics: &mut Diagnostics) -> Option<DraftParameter> {
    check_name(&entry.key, diagnostics);
    let id = entry.key.clone();
    let mut reader = Reader { context, lines: Vec::new(), refused: false, diagnostics };
    let (label, unit, over, sparse) = match entry.value {
        Value::Text(line) => {
            // The whole parameter in a line: its note is its label.
            let label = line.value.splitn(5, ';').nth(4).map_or(id.value.clone(), |note| note.trim().to_owned());
            reader.line(&line, None, Vec::new());
            (label, None, Vec::new(), false)
        }
        Value::Table(mut table) => {
            let label = table.required_text("label", reader.diagnostics).value;
            let unit = table.text("unit", reader.diagnostics);
            let names = table.texts("over", reader.diagnostics);
            let over = context.over(&names, reader.diagnostics);
            let sparse = table.boolean("sparse", reader.diagnostics);
            reader.table(table, None, &over, Vec::new());
            (label, unit, over, sparse)
        }
        _ => {
            reader.diagnostics.push(entry.wrong_type("a line of text or a table"));
            return None;
        }
    };
    let Reader { lines, refused, .. } = reader;
    let unit_text = one_unit(&id, unit, &lines, diagnostics);
    let distributions = shorthand::DISTRIBUTIONS.map(|(name, _)| name);
    let unit = unit_text.as_ref().and_then(|text| context.unit_before(text, &distributions, diagnostics));
    let unit_text = unit_text.map(|text| text.value).unwrap_or_default();
    let mut values: BTreeMap<Vec<usize>, Values> = BTreeMap::new();
    for line in lines {
        let values = values.entry(line.elements).or_default();
        match line.region {
            Some(region) => values.regional.insert(region, line.written.estimate),
            None => values.shared.replace(line.written.estimate),
        };
    }
    if !refused {
        check_complete(&id, &over, sparse, &values, context, diagnostics);
    }
    Some(DraftParameter { id, label, unit_text, unit, over, values })
}

/// One estimate, and for whom it holds.
struct Line {
    written: Written,
    region: Option<RegionId>,
    elements: Vec<usize>,
}

struct Reader<'c, 'd> {
    context: &'c Context<'c>,
    lines: Vec<Line>,
    /// Whether a line or a key was reported: then what seems to lack may only be misspelled.
    refused: bool,
    diagnostics: &'d mut Diagnostics,
}

impl Reader<'_, '_> {
    /// Reads what is left of a table: estimates under the names of regions (`all` for the shared one) and elements.
    fn table(&mut self, mut table: Table, region: Option<RegionId>, over: &[usize], elements: Vec<usize>) {
        for entry in table.take_rest() {
            let key = entry.key.clone();
            let next = over.get(elements.len());
            let candidates = next.map(|dimension| &self.context.dimensions.list[*dimension].elements);
            let element = candidates.and_then(|elements| elements.iter().position(|element| element.id == key.value));
            let own_region = self.context.regions.iter().position(|region| region.id == key.value).map(RegionId::at);
            let (region, elements) = match (element, own_region) {
                (Some(element), _) => {
                    let mut elements = elements.clone();
                    elements.push(element);
                    (region, elements)
                }
                (None, Some(own)) if region.is_none() => (Some(own), elements.clone()),
                (None, None) if key.value == "all" && region.is_none() => (None, elements.clone()),
                _ => {
                    self.unknown_key(&key, candidates.map(Vec::as_slice), region);
                    continue;
                }
            };
            match entry.value {
                Value::Text(line) => self.checked_line(&line, region, over, elements),
                Value::Table(inner) => self.table(inner, region, over, elements),
                _ => self
                    .diagnostics
                    .push(entry.wrong_type("an estimate such as `\"1.5 (1 .. 3); D; judgement; unverified\"`")),
            }
        }
    }

    fn checked_line(&mut self, line: &Text, region: Option<RegionId>, over: &[usize], elements: Vec<usize>) {
        if elements.len() == over.len() {
            self.line(line, region, elements);
            return;
        }
        self.refused = true;
        let dimension = &self.context.dimensions.list[over[elements.len()]];
        let message = format!("this value lacks an element of `{}`", dimension.id);
        let choices = dimension.elements.iter().map(|element| element.id.as_str());
        self.diagnostics.push(
            Diagnostic::error("missing-element", line.place.clone(), message).help(diagnostic::suggestion("", choices)),
        );
    }

    fn line(&mut self, line: &Text, region: Option<RegionId>, elements: Vec<usize>) {
        match shorthand::read(line, self.diagnostics) {
            Some(written) => self.lines.push(Line { written, region, elements }),
            None => self.refused = true,
        }
    }

    fn unknown_key(&mut self, key: &Text, elements: Option<&[crate::model::Element]>, region: Option<RegionId>) {
        self.refused = true;
        let elements = elements.unwrap_or_default().iter().map(|element| element.id.as_str());
        let regions = self.context.regions.iter().map(|region| region.id.as_str());
        let regions: Vec<&str> = if region.is_none() { regions.chain(["all"]).collect() } else { Vec::new() };
        let keys = ["label", "unit", "over", "sparse"];
        let choices: Vec<&str> = elements.chain(regions).chain(keys).collect();
        self.diagnostics.push(
            Diagnostic::error("unknown-key", key.place.clone(), format!("unknown key `{}`", key.value))
                .help(suggestion(&key.value, choices, self.diagnostics)),
        );
    }
}

/// The unit that all lines agree on.
fn one_unit(id: &Text, stated: Option<Text>, lines: &[Line], diagnostics: &mut Diagnostics) -> Option<Text> {
    let mut unit = stated;
    for written in lines.iter().filter_map(|line| line.written.unit.as_ref()) {
        match &unit {
            None => unit = Some(written.clone()),
            Some(unit) if unit.value == written.value => {}
            Some(unit) => {
                let message =
                    format!("`{}` is in `{}` here and in `{}` elsewhere", id.value, written.value, unit.value);
                diagnostics.push(
                    Diagnostic::error("unit-mismatch", written.place.clone(), message)
                        .related(unit.place.clone(), "the other unit")
                        .help("all values of a parameter have one unit"),
                );
            }
        }
    }
    if unit.is_none() && !lines.is_empty() {
        diagnostics.push(
            Diagnostic::error("missing-key", id.place.clone(), format!("`{}` has no unit", id.value))
                .help("add `unit = \"…\"`, `Dmnl` for a pure number"),
        );
    }
    unit
}

/// Reports elements and regions without a value.
fn check_complete(
    id: &Text,
    over: &[usize],
    sparse: bool,
    values: &BTreeMap<Vec<usize>, Values>,
    context: &Context<'_>,
    diagnostics: &mut Diagnostics,
) {
    let lists: Vec<_> = over.iter().map(|dimension| &context.dimensions.list[*dimension].elements).collect();
    let wanted: usize = lists.iter().map(|elements| elements.len()).product();
    if !sparse && values.len() < wanted {
        let message = format!("`{}` has values for {} of its {wanted} elements", id.value, values.len());
        diagnostics.push(
            Diagnostic::error("missing-element", id.place.clone(), message)
                .help("add the others, or `sparse = true` if they do not exist"),
        );
    }
    for (elements, values) in values {
        let without: Vec<&Region> = (0..context.regions.len())
            .filter(|index| values.shared.is_none() && !values.regional.contains_key(&RegionId::at(*index)))
            .map(|index| &context.regions[index])
            .collect();
        if !without.is_empty() {
            let names: Vec<&str> =
                elements.iter().zip(&lists).map(|(element, list)| list[*element].id.as_str()).collect();
            let which = if names.is_empty() { String::new() } else { format!("[{}]", names.join(", ")) };
            let labels: Vec<&str> = without.iter().map(|region| region.label.as_str()).collect();
            let message = format!("`{}{which}` has no value for {}", id.value, labels.join(", "));
            let place: Place = id.place.clone();
            let help = format!("add `{} = \"…\"`, or `all = \"…\"` for all regions left", without[0].id);
            diagnostics.push(Diagnostic::error("missing-region", place, message).help(help));
        }
    }
}
