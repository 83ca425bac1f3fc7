//! The register of evidence: every figure that the sources print, with its place, its source and what contradicts it.
//!
//! The page is a plain table; a script of its own lets readers search it.

use std::collections::BTreeSet;

use app::unit::{Kind, Unit};
use chart::Precision;
use chart::number::text;
use serde::Serialize;

use super::pages::{Head, inline_markdown};
use super::works::Works;
use super::{Page, Renderer};
use crate::html::{escape, visible_text};
use crate::link::dataset_path;
use crate::link::figure::View;
use crate::link::register::{Contradiction, Evidence, PATH, Register};
use crate::parse::block::Scale;

/// What the page is called.
pub const TITLE: &str = "Evidence register";

#[derive(Serialize)]
struct Row {
    id: String,
    claim: String,
    value: Value,
    geography: String,
    year: String,
    /// The document in short as HTML, and its key.
    document: String,
    key: String,
    place: String,
    primary_source: String,
    notes: String,
    contradictions: Vec<Reading>,
    used_in: Vec<TitledLink>,
}

/// A number for readers and for sorting.
#[derive(Debug, PartialEq, Serialize)]
struct Value {
    text: String,
    unit: String,
    number: Option<f64>,
}

/// Another reading of a figure, and where it is told, or nothing.
#[derive(Serialize)]
struct Reading {
    claim: String,
    printed: String,
    other: String,
    href: String,
}

#[derive(Serialize)]
struct TitledLink {
    title: String,
    href: String,
}

/// A document that readers may choose.
#[derive(Serialize)]
struct Choice {
    key: String,
    label: String,
}

/// What the list of datasets says of the register.
#[derive(Serialize)]
pub struct Entry {
    title: &'static str,
    href: String,
    description: String,
}

/// The page, for a site that has a register.
pub fn page(renderer: &Renderer<'_>) -> Page {
    let register = renderer.site.register.as_ref().expect("the page is asked for where there is a register");
    let keys = documents(register);
    let works = Works::print(renderer, keys.iter().copied());
    let description = description(register);
    let head = Head {
        title: TITLE,
        description: &description,
        path: PATH,
        kind: "register",
        section: "Data",
        template: "register.html",
    };
    let mut page = head.page(renderer, &[("Home", "/"), ("Data", "/data/")], false);
    let rows: Vec<Row> = register.figures.iter().map(|figure| row(renderer, figure, &works)).collect();
    let choice =
        |key: &&str| Choice { key: (*key).to_owned(), label: visible_text(&works.cited(&[(*key).to_owned()])) };
    let places: BTreeSet<&str> = register.figures.iter().map(|figure| figure.geography.as_str()).collect();
    let notes = &renderer.site.datasets[register.dataset].quality_notes;
    let notes: Vec<String> = notes.iter().map(|note| inline_markdown(renderer, register.dataset, note)).collect();
    let scripts = ["filter.js", "sort.js"].map(|name| renderer.assets.href(renderer.base(), name));
    page.context.insert("rows", &rows);
    page.context.insert("documents", &keys.iter().map(choice).collect::<Vec<_>>());
    page.context.insert("places", &places);
    page.context.insert("notes", &notes);
    page.context.insert("dataset", &titled(renderer, register.dataset));
    page.context.insert("contradictions", &contradictions(renderer, register));
    page.context.insert("bibliography", &works.bibliography);
    page.context.insert("scripts", &scripts);
    page
}

/// The way to the register from the list of datasets.
pub fn entry(renderer: &Renderer<'_>) -> Option<Entry> {
    let register = renderer.site.register.as_ref()?;
    Some(Entry { title: TITLE, href: renderer.href(PATH), description: description(register) })
}

/// The column of a table that names figures of the register, where the table shows contradictions.
pub fn naming_column(renderer: &Renderer<'_>, view: &View) -> Option<usize> {
    let register = renderer.site.register.as_ref()?;
    let dataset = &renderer.site.datasets[view.dataset];
    let shows_contradictions = register.contradictions == Some(view.dataset) && view.resource == 0;
    dataset.resources[view.resource].column("figures").filter(|_| shows_contradictions)
}

/// Links to the figures that `cell` names, for a line of their own.
pub fn links(renderer: &Renderer<'_>, cell: &str) -> String {
    let path = renderer.href(PATH);
    let links: Vec<String> =
        Register::named(cell).map(|id| format!("<a href=\"{path}#{id}\">{id}</a>", id = escape(id))).collect();
    if links.is_empty() { String::new() } else { format!("<span class=\"row-id\">{}</span>", links.join(", ")) }
}

/// The title of the column of [`uses`].
pub const USED_IN: &str = "Used in";

/// Links to the pages and datasets that use one of the readings of a contradiction, but for the page at `path` itself.
pub fn uses(renderer: &Renderer<'_>, path: &str, row: usize) -> String {
    let Some(dispute) = renderer.site.register.as_ref().and_then(|register| register.disputes.get(row)) else {
        return String::new();
    };
    let link = |path: &str, title: &str| format!("<a href=\"{}\">{}</a>", escape(&renderer.href(path)), escape(title));
    let pages = dispute.used_in.iter().filter(|page| page.path != path).map(|page| link(&page.path, &page.title));
    let datasets = dispute.datasets.iter().map(|&dataset| {
        let dataset = &renderer.site.datasets[dataset];
        format!("data: {}", link(&dataset_path(&dataset.id), &dataset.title))
    });
    let all: Vec<String> = pages.chain(datasets).collect();
    if all.is_empty() { "–".to_owned() } else { all.join("; ") }
}

fn description(register: &Register) -> String {
    let documents = documents(register).len();
    format!(
        "All {} figures of {documents} {}: what each says, where it stands, which source it names, what contradicts \
         it, and which pages here use it.",
        register.figures.len(),
        if documents == 1 { "document" } else { "documents" },
    )
}

fn documents(register: &Register) -> BTreeSet<&str> {
    register.figures.iter().map(|figure| figure.document.as_str()).collect()
}

/// Where the contradictions are gathered: on the page that tells of them, or with their dataset; nothing without any.
fn contradictions(renderer: &Renderer<'_>, register: &Register) -> String {
    let mut all = register.figures.iter().flat_map(|figure| &figure.contradictions);
    let told = all.find_map(|one| one.shown.split_once('#')).map(|(path, _)| path.to_owned());
    let dataset = || Some(dataset_path(&renderer.site.datasets[register.contradictions?].id));
    told.or_else(dataset).map(|path| renderer.href(&path)).unwrap_or_default()
}

fn titled(renderer: &Renderer<'_>, dataset: usize) -> TitledLink {
    let dataset = &renderer.site.datasets[dataset];
    TitledLink { title: dataset.title.clone(), href: renderer.href(&dataset_path(&dataset.id)) }
}

fn row(renderer: &Renderer<'_>, figure: &Evidence, works: &Works) -> Row {
    let reading = |one: &Contradiction| Reading {
        claim: one.claim.clone(),
        printed: one.printed.clone(),
        other: one.other.clone(),
        href: if one.shown.is_empty() { String::new() } else { renderer.href(&one.shown) },
    };
    let used = figure.used_in.iter();
    Row {
        id: figure.id.clone(),
        claim: figure.claim.clone(),
        value: value(figure),
        geography: figure.geography.clone(),
        year: figure.year.clone(),
        document: works.cited(std::slice::from_ref(&figure.document)),
        key: figure.document.clone(),
        place: figure.place.clone(),
        primary_source: figure.primary_source.clone(),
        notes: figure.notes.clone(),
        contradictions: figure.contradictions.iter().map(reading).collect(),
        used_in: used.map(|one| TitledLink { title: one.title.clone(), href: renderer.href(&one.path) }).collect(),
    }
}

/// The value as readers say it: shares in per cent, a range by its ends, from a million on in millions or more. Its last
/// digits are in the dataset.
fn value(figure: &Evidence) -> Value {
    let unit = figure.unit.trim();
    let amounts = [figure.value, figure.low, figure.high];
    let share = unit.strip_prefix("share").filter(|rest| rest.is_empty() || rest.starts_with(' '));
    let scale = if share.is_some() { Scale::Ones } else { large_scale(amounts.into_iter().flatten()) };
    let is_money = scale != Scale::Ones && matches!(Unit::read(unit).kind, Kind::Money(_));
    let (currency, rest) = if is_money { unit.split_once(' ').unwrap_or((unit, "")) } else { ("", unit) };
    let number = |number: f64| match share {
        // Without the last digits, which are only those of the product.
        Some(_) => text((number * 1e11).round() / 1e9, Precision::Full),
        None if scale == Scale::Ones && number.fract() == 0.0 => text(number, Precision::Full),
        None => text(number / scale.size(), Precision::Significant(4)),
    };
    let whole = |text: String| match (share, scale) {
        (Some(_), _) => chart::Unit::new("%").of(&text),
        (None, Scale::Ones) => text,
        (None, scale) => format!("{currency}{text}\u{a0}{}", scale.name()),
    };
    let range = figure.low.zip(figure.high).map(|(low, high)| whole(format!("{} to {}", number(low), number(high))));
    let text = match (figure.value.map(|value| whole(number(value))), range, figure.low, figure.high) {
        (Some(value), Some(range), ..) => format!("{value} ({range})"),
        (Some(one), None, ..) | (None, Some(one), ..) => one,
        (None, None, Some(low), _) => format!("from {}", whole(number(low))),
        (None, None, _, Some(high)) => format!("up to {}", whole(number(high))),
        (None, None, None, None) => "–".to_owned(),
    };
    let unit = share.map_or(rest, str::trim).to_owned();
    Value { text, unit, number: figure.value.or(figure.low).or(figure.high) }
}

/// The largest scale, from a million on, that the largest of these reaches.
fn large_scale(amounts: impl Iterator<Item = f64>) -> Scale {
    let most = amounts.map(f64::abs).fold(0.0, f64::max);
    let mut scales = [Scale::Trillion, Scale::Billion, Scale::Million].into_iter();
    scales.find(|scale| scale.size() <= most).unwrap_or(Scale::Ones)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_told_as_readers_say_them() {
        let none = None;
        let rows = [
            (Some(0.65), none, none, "share", "65%", ""),
            (Some(0.07), none, none, "share of GDP", "7%", "of GDP"),
            (Some(0.0007), none, none, "share", "0.07%", ""),
            (Some(2_500_000.0), none, none, "persons per year", "2.5\u{a0}million", "persons per year"),
            (Some(115_432_289_372.0), none, none, "US$ per year", "US$115.4\u{a0}billion", "per year"),
            (none, Some(1e6), Some(5e6), "US$ per year", "US$1 to 5\u{a0}million", "per year"),
            (Some(819_644.0), none, none, "persons", "819,644", "persons"),
            (Some(-2_900_000.0), none, none, "jobs", "−2.9\u{a0}million", "jobs"),
            (Some(184.9), Some(184.0), Some(184.908489388), "US$ billion", "184.9 (184 to 184.9)", "US$ billion"),
            (none, Some(0.1), Some(0.3), "share", "10 to 30%", ""),
            (Some(0.2), Some(0.1), Some(0.3), "share", "20% (10 to 30%)", ""),
            (Some(4.0), Some(3.0), Some(5.0), "years", "4 (3 to 5)", "years"),
            (none, Some(3.0), none, "years", "from 3", "years"),
            (none, none, Some(3.0), "years", "up to 3", "years"),
            (none, none, none, "qualitative", "–", "qualitative"),
            (Some(2.0), none, none, "shares", "2", "shares"),
        ];
        for (central, low, high, unit, text, rest) in rows {
            let figure = Evidence {
                id: "LC001".into(),
                claim: String::new(),
                value: central,
                low,
                high,
                unit: unit.into(),
                geography: String::new(),
                year: String::new(),
                document: String::new(),
                place: String::new(),
                primary_source: String::new(),
                notes: String::new(),
                contradictions: Vec::new(),
                used_in: Vec::new(),
            };
            let shown = value(&figure);
            assert_eq!((shown.text.as_str(), shown.unit.as_str()), (text, rest), "{unit}");
        }
    }
}
