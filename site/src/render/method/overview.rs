//! A model at a glance: its story if the site tells one, its stocks and flows as a drawing, its files, how to cite it.

use model::{Change, Limit, Model};
use serde::Serialize;

use super::super::{Anchor, Page, Renderer, explorer, text};
use super::diagram::{self, WIDTHS};
use super::system::{self, System};
use super::{Part, equations, link};
use crate::calendar;
use crate::html::escape;
use crate::parse::models::PolicyModel;

/// What can be linked to beside the headings of the text.
pub const ANCHORS: [&str; 3] = ["method-diagram", "method-files", "method-cite"];

/// A flow in the table under the drawing.
#[derive(Serialize)]
struct FlowContext {
    label: String,
    href: String,
    from: String,
    to: String,
    levers: Vec<Anchor>,
    follows: Vec<String>,
    unit: String,
}

/// A version of the model, its day as readers write it.
#[derive(Serialize)]
struct Version<'a> {
    version: &'a str,
    date: String,
    note: &'a str,
    address: String,
}

fn versions<'m>(renderer: &Renderer<'_>, model: &'m Model) -> Vec<Version<'m>> {
    let versions = model.changes.iter();
    versions
        .map(|Change { version, date, note, address }| Version {
            version,
            date: calendar::day(date),
            note,
            address: renderer.href(address),
        })
        .collect()
}

/// How to cite a model.
#[derive(Serialize)]
struct Citation {
    text: String,
    url: String,
    bibtex: String,
}

pub fn page(renderer: &Renderer<'_>, index: usize) -> Page {
    let policy = &renderer.site.models[index];
    let own = super::path(index, policy, Part::Overview);
    let story = renderer.site.pages.iter().find(|page| page.path == own);
    let mut page = match story {
        Some(document) => {
            let front = &document.document.front.front;
            let mut page = super::begin(renderer, index, &own, &front.title, &front.summary, "method.html");
            page.take_needs(renderer, document);
            page
        }
        None => super::start(renderer, index, Part::Overview, "method.html"),
    };
    let printed = story.map(|document| text::text(renderer, document)).unwrap_or_default();
    let contents = story.map(|document| text::contents(&document.document.body.headings)).unwrap_or_default();
    page.context.insert("body", &printed.body);
    page.context.insert("footnotes", &printed.footnotes);
    page.context.insert("bibliography", &printed.bibliography);
    page.context.insert("toc", &contents);
    let system = system::system(&policy.model);
    page.context.insert("diagram", &drawings(&policy.model, &system));
    page.context.insert("flows", &flows(renderer, index, &system));
    page.context.insert("model", &explorer::model_context(renderer, index));
    page.context.insert("changes", &versions(renderer, &policy.model));
    page.context.insert("limits", &limits(&policy.model));
    page.context.insert("cite", &citation(renderer, policy, &own));
    page
}

/// What the model cannot see, and the levers that it touches.
#[derive(Serialize)]
struct LimitContext {
    text: String,
    levers: String,
}

fn limits(model: &Model) -> Vec<LimitContext> {
    let context = |limit: &Limit| {
        let ids: Vec<&str> = limit.levers.iter().map(|lever| model.levers[lever.index()].id.as_str()).collect();
        let levers = if ids.is_empty() { "all levers".to_owned() } else { ids.join(", ") };
        LimitContext { text: limit.text.clone(), levers }
    };
    model.limits.iter().map(context).collect()
}

/// The drawing for wide and for narrow pages.
fn drawings(model: &Model, system: &System) -> String {
    let levers: Vec<String> = model.levers.iter().map(|lever| lever.id.clone()).collect();
    let title = format!("Stocks and flows of the model {}", model.title);
    let description = format!(
        "{} stocks as boxes, joined to each other and to what lies outside by {} flows as pipes with valves. The table \
         below says of each flow where it leads, which levers change it and what it follows.",
        system.stocks.len(),
        system.flows.len()
    );
    let svg =
        |width: f64| diagram::svg(&diagram::layout(system, &levers, width), "method-diagram", &title, &description);
    WIDTHS.map(svg).concat()
}

fn flows(renderer: &Renderer<'_>, index: usize, system: &System) -> Vec<FlowContext> {
    let policy = &renderer.site.models[index];
    let model = &policy.model;
    let stock = |place: Option<usize>| match place {
        Some(place) => system.stocks[place].label.clone(),
        None => "outside".to_owned(),
    };
    let path = |part: Part, anchor: &str| renderer.href(&format!("{}#{anchor}", super::path(index, policy, part)));
    let of = |flow: &system::Flow| FlowContext {
        label: flow.label.clone(),
        href: path(Part::Equations, &equations::anchor(&flow.id)),
        from: stock(flow.from),
        to: stock(flow.to),
        levers: flow
            .levers
            .iter()
            .map(|lever| {
                let id = &model.levers[*lever].id;
                link(id, path(Part::Levers, &explorer::lever_anchor(id)))
            })
            .collect(),
        follows: flow.follows.clone(),
        unit: model.declarations.iter().find(|one| one.id == flow.id).map(|one| one.unit.clone()).unwrap_or_default(),
    };
    system.flows.iter().map(of).collect()
}

fn citation(renderer: &Renderer<'_>, policy: &PolicyModel, path: &str) -> Citation {
    let model = &policy.model;
    let settings = &renderer.site.settings;
    let url = renderer.url(path);
    let year = renderer.updated().map(|day| day.year());
    let dated = year.map_or_else(String::new, |year| format!(" ({year})"));
    let line = year.map_or_else(String::new, |year| format!("  year      = {{{year}}},\n"));
    Citation {
        text: format!(
            "{}{dated}. <em>{}</em>. Model, version {} (text {}).",
            escape(&settings.publisher),
            escape(&model.title),
            escape(&model.version),
            escape(&model.hash)
        ),
        bibtex: format!(
            "@misc{{{},\n  author    = \"{{{}}}\",\n  title     = {{{}}},\n{line}  version   = {{{}}},\n  note      = {{Model, text {}}},\n  url       = {{{url}}},\n}}",
            model.id, settings.publisher, model.title, model.version, model.hash
        ),
        url,
    }
}
