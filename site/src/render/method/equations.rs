//! Every equation: typeset, in words and as text, with its unit, what it uses and what uses it.

use std::collections::{BTreeMap, BTreeSet};

use chart::Precision;
use model::{Declaration, Equation, Formula, Kind, Method, Model, StockRange};
use serde::Serialize;

use super::super::{Anchor, Page, Renderer};
use super::{Part, link, mathml, parameters, system};
use crate::html::slug;
use crate::parse::models::PolicyModel;

/// Tables of a model's files that declare equations. Checks have a page of their own.
const TABLES: [&str; 4] = ["stocks", "flows", "auxiliaries", "constants"];
/// From this width on an equation may have to be scrolled on a phone, so the keyboard must reach it.
const MAY_SCROLL: usize = 26;

#[derive(Serialize)]
struct SectionContext {
    id: String,
    title: String,
    equations: Vec<EquationContext>,
}

/// An equation on a page.
#[derive(Serialize)]
pub struct EquationContext {
    anchor: String,
    id: String,
    label: String,
    kind: &'static str,
    unit: String,
    doc: String,
    notes: Vec<String>,
    lines: Vec<Line>,
    uses: Vec<Anchor>,
    used_by: Vec<Anchor>,
}

/// One line of an equation, typeset and as its author wrote it.
#[derive(Serialize)]
struct Line {
    math: String,
    text: String,
    may_scroll: bool,
}

/// The anchor of an equation.
pub fn anchor(id: &str) -> String {
    format!("v-{id}")
}

pub fn page(renderer: &Renderer<'_>, index: usize) -> Page {
    let policy = &renderer.site.models[index];
    let mut page = super::start(renderer, index, Part::Equations, "method-equations.html");
    let printer = Printer::new(renderer, index);
    let sections: Vec<SectionContext> = sections(policy)
        .into_iter()
        .map(|(title, declarations)| SectionContext {
            id: format!("group-{}", slug(&title)),
            title,
            equations: declarations.into_iter().map(|one| printer.equation(one)).collect(),
        })
        .collect();
    page.context.insert("sections", &sections);
    page.context.insert("count", &sections.iter().map(|section| section.equations.len()).sum::<usize>());
    page.context.insert("time", &time(&policy.model));
    page.context.insert("dimensions", &dimensions(&policy.model));
    page
}

/// How the model steps through time, in words.
fn time(model: &Model) -> String {
    let time = &model.time;
    let number = |value: f64| chart::number::text(value, Precision::Full);
    let method = match time.method {
        Method::Euler => "Euler’s method: the rate at the start of a step holds for the whole of it",
        Method::RungeKutta => "the classical method of Runge and Kutta, with four probes a step",
    };
    format!(
        "Time, in {}, runs from {} to {} in steps of {} by {method}. Results are kept in steps of {}.",
        time.unit,
        number(time.start),
        number(time.stop),
        number(time.step),
        number(time.save),
    )
}

#[derive(Serialize)]
struct DimensionContext {
    id: String,
    elements: Vec<Anchor>,
}

fn dimensions(model: &Model) -> Vec<DimensionContext> {
    let of = |dimension: &model::Dimension| DimensionContext {
        id: dimension.id.clone(),
        elements: dimension.elements.iter().map(|one| link(&one.label, one.id.clone())).collect(),
    };
    model.dimensions.iter().map(of).collect()
}

/// Declarations under the headings of the model's files, in the order written; checks are left out.
fn sections(policy: &PolicyModel) -> Vec<(String, Vec<&Declaration>)> {
    let all: BTreeMap<&str, &Declaration> =
        policy.model.declarations.iter().map(|one| (one.id.as_str(), one)).collect();
    let mut placed: BTreeSet<&str> = BTreeSet::new();
    let mut sections: Vec<(String, Vec<&Declaration>)> = Vec::new();
    for section in &policy.sections {
        let found: Vec<&Declaration> = section
            .names(&TABLES)
            .filter_map(|name| all.get(name).copied())
            .filter(|one| placed.insert(&one.id))
            .collect();
        if !found.is_empty() {
            let title = if section.title.is_empty() { "Equations" } else { section.title.as_str() };
            match sections.iter_mut().find(|(other, _)| other == title) {
                Some((_, members)) => members.extend(found),
                None => sections.push((title.to_owned(), found)),
            }
        }
    }
    let is_check = |one: &Declaration| matches!(one.kind, Kind::Check(_));
    let rest: Vec<&Declaration> =
        policy.model.declarations.iter().filter(|one| !is_check(one) && !placed.contains(one.id.as_str())).collect();
    if !rest.is_empty() {
        sections.push(("Further equations".to_owned(), rest));
    }
    sections
}

/// Knows where each name is explained.
pub struct Printer<'r> {
    renderer: &'r Renderer<'r>,
    index: usize,
    places: BTreeMap<&'r str, (String, Part, String)>,
    users: BTreeMap<&'r str, Vec<&'r str>>,
}

impl<'r> Printer<'r> {
    pub fn new(renderer: &'r Renderer<'r>, index: usize) -> Self {
        let model = &renderer.site.models[index].model;
        let mut places: BTreeMap<&str, (String, Part, String)> = BTreeMap::new();
        for parameter in &model.parameters {
            let stem = parameters::stem(parameter);
            let label = parameters::stem_label(model, parameter);
            places.entry(stem).or_insert_with(|| (label, Part::Parameters, parameters::anchor(stem)));
        }
        let mut users: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for declaration in &model.declarations {
            let part = if matches!(declaration.kind, Kind::Check(_)) { Part::Checks } else { Part::Equations };
            let anchor =
                if part == Part::Checks { super::checks::anchor(&declaration.id) } else { anchor(&declaration.id) };
            places.insert(&declaration.id, (system::label(declaration), part, anchor));
            let flows: &[String] = match &declaration.kind {
                Kind::Stock { inflows, outflows, .. } => &[inflows.as_slice(), outflows.as_slice()].concat(),
                _ => &[],
            };
            for name in declaration.uses.iter().chain(flows) {
                let key = model.declarations.iter().map(|one| one.id.as_str()).find(|id| id == name);
                if let Some(key) = key.filter(|key| *key != declaration.id) {
                    users.entry(key).or_default().push(&declaration.id);
                }
            }
        }
        Self { renderer, index, places, users }
    }

    /// Everything a reader may want to know of an equation.
    pub fn equation(&self, declaration: &Declaration) -> EquationContext {
        let (kind, lines, notes) = self.lines(declaration);
        let mut uses: Vec<&str> = declaration.uses.iter().map(String::as_str).collect();
        if let Kind::Stock { inflows, outflows, .. } = &declaration.kind {
            uses.extend(inflows.iter().chain(outflows).map(String::as_str));
        }
        let users = self.users.get(declaration.id.as_str()).into_iter().flatten();
        EquationContext {
            anchor: anchor(&declaration.id),
            id: declaration.id.clone(),
            label: system::label(declaration),
            kind,
            unit: declaration.unit.clone(),
            doc: declaration.doc.clone(),
            notes,
            lines,
            uses: uses.into_iter().filter_map(|name| self.place(name)).collect(),
            used_by: users.filter_map(|name| self.place(name)).collect(),
        }
    }

    /// Where a name in an equation is explained; settings are explained with the levers.
    fn place(&self, name: &str) -> Option<Anchor> {
        let policy = &self.renderer.site.models[self.index];
        let path = |part: Part| super::path(self.index, policy, part);
        if name == "setting" {
            return Some(link("setting of the lever", self.renderer.href(&path(Part::Levers))));
        }
        let (label, part, anchor) = self.places.get(name)?;
        Some(link(label, self.renderer.href(&format!("{}#{anchor}", path(*part)))))
    }

    fn lines(&self, declaration: &Declaration) -> (&'static str, Vec<Line>, Vec<String>) {
        let name = Formula::Name(declaration.id.clone(), declaration.over.clone());
        match &declaration.kind {
            Kind::Constant(equation) => ("constant", lines(declaration, equation, &name), graph(declaration)),
            Kind::Auxiliary(equation) => ("auxiliary", lines(declaration, equation, &name), graph(declaration)),
            Kind::Flow(equation) => ("flow", lines(declaration, equation, &name), graph(declaration)),
            Kind::Check(equation) => ("check", check_lines(equation), graph(declaration)),
            Kind::Stock { initial, inflows, outflows, range } => {
                let mut lines = vec![rate(declaration, inflows, outflows)];
                lines.extend(
                    self::lines(declaration, initial, &name)
                        .into_iter()
                        .map(|line| Line { text: format!("at the start: {}", line.text), ..line }),
                );
                let notes = match range {
                    StockRange::Any => Vec::new(),
                    StockRange::NotNegative => {
                        vec!["Never falls below zero: its outflows take no more than stands in it.".to_owned()]
                    }
                };
                ("stock", lines, notes)
            }
        }
    }
}

/// `name = …`, once or for each element; that of a stock holds at the start.
fn lines(declaration: &Declaration, equation: &Equation, name: &Formula) -> Vec<Line> {
    let is_stock = matches!(declaration.kind, Kind::Stock { .. });
    let of = |left: &Formula, text: &str| {
        let right = Formula::read(text);
        let at_start = if is_stock { "<mrow><mo>(</mo><mn>0</mn><mo>)</mo></mrow>" } else { "" };
        let set = right.as_ref().map(mathml::formula).unwrap_or_default();
        let set = if declaration.graph.is_empty() {
            set
        } else {
            format!("<mi>graph</mi><mrow><mo>(</mo>{set}<mo>)</mo></mrow>")
        };
        Line {
            math: math(&format!("{}{at_start}<mo>=</mo>{set}", mathml::formula(left))),
            text: format!("{} = {text}", written(left)),
            may_scroll: mathml::width(left) + right.as_ref().map_or(0, mathml::width) > MAY_SCROLL,
        }
    };
    match equation {
        Equation::All(text) => vec![of(name, text)],
        Equation::Each(each) => each
            .iter()
            .map(|(element, text)| of(&Formula::Name(declaration.id.clone(), vec![element.clone()]), text))
            .collect(),
    }
}

pub fn check_lines_of(declaration: &Declaration) -> Vec<(String, String, bool)> {
    let Kind::Check(equation) = &declaration.kind else { return Vec::new() };
    check_lines(equation).into_iter().map(|line| (line.math, line.text, line.may_scroll)).collect()
}

fn check_lines(equation: &Equation) -> Vec<Line> {
    let of = |text: &String| {
        let formula = Formula::read(text);
        Line {
            math: math(&formula.as_ref().map(mathml::formula).unwrap_or_default()),
            text: text.clone(),
            may_scroll: formula.as_ref().map_or(0, mathml::width) > MAY_SCROLL,
        }
    };
    match equation {
        Equation::All(text) => vec![of(text)],
        Equation::Each(each) => each.iter().map(|(_, text)| of(text)).collect(),
    }
}

/// How a stock changes: inflows less outflows.
fn rate(declaration: &Declaration, inflows: &[String], outflows: &[String]) -> Line {
    let name = |id: &String| Formula::Name(id.clone(), declaration.over.clone());
    let mut terms = inflows.iter().map(|id| ("+", name(id))).chain(outflows.iter().map(|id| ("-", name(id))));
    let right = terms.next().map(|(sign, first)| {
        let first = if sign == "-" { Formula::Prefix("-", Box::new(first)) } else { first };
        terms.fold(first, |sum, (sign, term)| Formula::Infix(sign, Box::new(sum), Box::new(term)))
    });
    let right = right.unwrap_or(Formula::Number(0.0));
    let stock = mathml::name(&declaration.id, &declaration.over);
    let text = std::iter::once(String::new())
        .chain(inflows.iter().map(|id| format!("+ {id}")))
        .chain(outflows.iter().map(|id| format!("- {id}")))
        .collect::<Vec<_>>()
        .join(" ");
    Line {
        math: math(&format!(
            "<mfrac><mrow><mi>d</mi>{stock}</mrow><mrow><mi>d</mi><mi>t</mi></mrow></mfrac><mo>=</mo>{}",
            mathml::formula(&right)
        )),
        text: format!("change of {} per unit of time ={text}", declaration.id),
        may_scroll: declaration.id.len() + mathml::width(&right) > MAY_SCROLL,
    }
}

/// The points of a graphical function, in words.
fn graph(declaration: &Declaration) -> Vec<String> {
    if declaration.graph.is_empty() {
        return Vec::new();
    }
    let number = |value: f64| chart::number::text(value, Precision::Full);
    let points: Vec<String> =
        declaration.graph.iter().map(|(x, y)| format!("({}, {})", number(*x), number(*y))).collect();
    vec![format!("Looked up in a graph, straight between these points and level beyond them: {}.", points.join(", "))]
}

fn written(name: &Formula) -> String {
    match name {
        Formula::Name(name, subscripts) if !subscripts.is_empty() => format!("{name}[{}]", subscripts.join(", ")),
        Formula::Name(name, _) => name.clone(),
        _ => String::new(),
    }
}

fn math(inner: &str) -> String {
    format!("<math display=\"block\"><mrow>{inner}</mrow></math>")
}
