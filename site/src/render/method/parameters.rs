//! Every number that the equations take as given, with its range, its source and how far it can be trusted.

use std::collections::BTreeMap;

use chart::Precision;
use model::{Basis, Distribution, Estimate, Model, Parameter};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use super::super::works::Works;
use super::super::{Page, Renderer};
use super::{Part, marked};

/// A value of a parameter in a region, or in all that have none of their own.
#[derive(Serialize)]
struct Row {
    /// Anchors of the parameter and, on its first element, of the array.
    anchor: String,
    stem: String,
    id: String,
    label: String,
    region: String,
    central: Number,
    low: Number,
    high: Number,
    unit: String,
    distribution: &'static str,
    grade: String,
    basis: &'static str,
    is_unverified: bool,
    sources: String,
    note: String,
    /// Where a reader who knows better writes to.
    report: String,
}

/// A number for readers and for sorting.
#[derive(Serialize)]
struct Number {
    text: String,
    value: f64,
}

/// The anchor of what is said of parameters that move together.
pub const GROUPS: &str = "groups";

/// The anchor of a parameter or an array of them.
pub fn anchor(id: &str) -> String {
    format!("p-{id}")
}

/// The name of the array that a parameter belongs to, or its own.
pub fn stem(parameter: &Parameter) -> &str {
    parameter.name.split('[').next().unwrap_or(&parameter.name)
}

/// What a parameter is called; an array is called for each of its elements.
pub fn stem_label(model: &Model, parameter: &Parameter) -> String {
    let inside = parameter.name.split_once('[').map_or("", |(_, inside)| inside.trim_end_matches(']'));
    let mut label = parameter.label.clone();
    for id in inside.split(", ") {
        let elements = model.dimensions.iter().flat_map(|dimension| {
            dimension.elements.iter().filter(|element| element.id == id).map(move |element| (dimension, element))
        });
        if let Some((dimension, element)) = elements.into_iter().find(|(_, element)| label.contains(&element.label)) {
            let each = if label.starts_with(&element.label) { "Each" } else { "each" };
            label = label.replacen(&element.label, &format!("{each} {}", dimension.id), 1);
        }
    }
    label
}

/// The page of the parameters of the model at `index`.
pub fn page(renderer: &Renderer<'_>, index: usize) -> Page {
    let model = &renderer.site.models[index].model;
    let estimates = model.parameters.iter().flat_map(|one| one.shared.iter().chain(one.regional.values()));
    let works = Works::print(renderer, estimates.flat_map(|one| one.sources.iter().map(String::as_str)));
    let mut stems: BTreeMap<&str, usize> = BTreeMap::new();
    let mut rows: Vec<Row> = Vec::new();
    for (place, parameter) in model.parameters.iter().enumerate() {
        let is_first = *stems.entry(stem(parameter)).or_insert(place) == place;
        let shared = parameter.shared.iter().map(|estimate| {
            let region = if parameter.regional.is_empty() { "all regions" } else { "other regions" };
            (region.to_owned(), estimate)
        });
        let regional = parameter.regional.iter().map(|(id, estimate)| (marked(&model.regions[id.index()]), estimate));
        for (line, (region, estimate)) in shared.chain(regional).enumerate() {
            let report = report(renderer, index, parameter, &region);
            let mut row = Row { report, ..row(parameter, region, estimate, &works) };
            if line > 0 {
                row.anchor.clear();
            }
            if line > 0 || !is_first || row.stem == parameter.id {
                row.stem.clear();
            } else {
                row.stem = anchor(&row.stem);
            }
            rows.push(row);
        }
    }
    let unverified = rows.iter().filter(|row| row.is_unverified).count();
    let mut page = super::start(renderer, index, Part::Parameters, "method-parameters.html");
    page.context.insert("sort_script", &renderer.assets.href(renderer.base(), "sort.js"));
    page.context.insert("rows", &rows);
    page.context.insert("parameters", &model.parameters.len());
    page.context.insert("unverified", &unverified);
    page.context.insert("groups", &groups(renderer, index));
    page.context.insert("bibliography", &works.bibliography);
    page
}

fn row(parameter: &Parameter, region: String, estimate: &Estimate, works: &Works) -> Row {
    let number = |value: f64| Number { text: chart::number::text(value, Precision::Full), value };
    let sources = match estimate.sources.iter().all(|key| key == "judgement") {
        true => "judgement".to_owned(),
        false => works.cited(&estimate.sources),
    };
    Row {
        anchor: anchor(&parameter.id),
        stem: stem(parameter).to_owned(),
        id: parameter.name.clone(),
        label: parameter.label.clone(),
        region,
        central: number(estimate.central),
        low: number(estimate.low),
        high: number(estimate.high),
        unit: unit(&parameter.unit),
        distribution: distribution(estimate.distribution),
        grade: estimate.grade.to_string(),
        basis: estimate.basis.name(),
        is_unverified: estimate.basis == Basis::Unverified,
        sources,
        note: estimate.note.clone(),
        report: String::new(),
    }
}

/// The address of a letter that says in its subject which number it is about.
fn report(renderer: &Renderer<'_>, index: usize, parameter: &Parameter, region: &str) -> String {
    let model = &renderer.site.models[index].model;
    let subject = format!("{} {}: {}, {region}", model.title, model.version, parameter.name);
    let subject = utf8_percent_encode(&subject, NON_ALPHANUMERIC);
    format!("mailto:{}?subject={subject}", renderer.site.settings.contact)
}

/// The unit for readers: a pure number has none.
pub fn unit(unit: &str) -> String {
    if unit == "Dmnl" { "pure number".to_owned() } else { unit.to_owned() }
}

/// The distribution in a word.
fn distribution(distribution: Distribution) -> &'static str {
    match distribution {
        Distribution::Pert => "PERT",
        other => other.name(),
    }
}

/// Parameters that move together.
#[derive(Serialize)]
struct GroupContext {
    label: String,
    doc: String,
    correlation: String,
    members: Vec<Member>,
}

#[derive(Serialize)]
struct Member {
    id: String,
    href: String,
    is_against: bool,
}

fn groups(renderer: &Renderer<'_>, index: usize) -> Vec<GroupContext> {
    let policy = &renderer.site.models[index];
    let path = super::path(index, policy, Part::Parameters);
    let member = |(id, direction): &(model::ParameterId, model::Direction)| {
        let parameter = &policy.model.parameters[id.index()];
        Member {
            id: parameter.name.clone(),
            href: renderer.href(&format!("{path}#{}", anchor(&parameter.id))),
            is_against: *direction == model::Direction::Against,
        }
    };
    let groups = policy.model.groups.iter().map(|group| GroupContext {
        label: group.label.clone(),
        doc: group.doc.clone(),
        correlation: chart::number::text(group.correlation, Precision::Full),
        members: group.members.iter().map(member).collect(),
    });
    groups.collect()
}
