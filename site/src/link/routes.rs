//! Which addresses the site will have, and what can be linked to on each.

use std::collections::{BTreeMap, BTreeSet};

use diagnostic::{Diagnostic, Diagnostics, Place, suggestion};
use jiff::civil::Date;

use super::register::Register;
use crate::parse::Parsed;
use crate::parse::document::Status;
use crate::parse::markdown::Body;
use crate::render::explorer;
use crate::render::method::{self, Part};

/// The addresses of the site.
#[derive(Debug, Default)]
pub struct Routes {
    by_path: BTreeMap<String, Route>,
    by_source: BTreeMap<String, String>,
}

/// What stands at an address.
#[derive(Debug)]
pub struct Route {
    /// Its title.
    pub title: String,
    /// The anchors on it.
    anchors: BTreeSet<String>,
    /// The file it is made from, if there is one.
    source: Option<String>,
    /// Why readers cannot see it yet, if they cannot.
    hidden: Option<String>,
    /// Whether mistakes in its file keep us from knowing what stands there.
    unread: bool,
}

impl Route {
    /// An address that the generator makes.
    pub fn page(title: String) -> Self {
        Self { title, anchors: BTreeSet::new(), source: None, hidden: None, unread: false }
    }

    /// Adds anchors.
    pub fn with_anchors(mut self, anchors: impl IntoIterator<Item = String>) -> Self {
        self.anchors.extend(anchors);
        self
    }

    fn unread(source: &str) -> Self {
        Self { source: Some(source.to_owned()), unread: true, ..Self::page(source.to_owned()) }
    }

    fn document(title: &str, source: &str, body: &Body) -> Self {
        let mut route = Self::page(title.to_owned());
        route.source = Some(source.to_owned());
        route.anchors.extend(body.headings.iter().map(|heading| heading.id.clone()));
        route.anchors.extend(body.blocks.iter().map(|block| block.id().to_owned()));
        if !body.citations.is_empty() {
            route.anchors.insert("references".to_owned());
        }
        route
    }
}

/// All addresses; two documents at one address are a mistake.
pub fn routes(parsed: &Parsed, register: Option<&Register>, today: Date, diagnostics: &mut Diagnostics) -> Routes {
    let mut routes = Routes::default();
    // No link leads there, but a model's page must not stand there either.
    let embeds: BTreeSet<String> =
        parsed.models.iter().enumerate().map(|(index, model)| explorer::embed_path(index, model)).collect();
    for (path, route) in super::generated(parsed, register) {
        if embeds.contains(&path) || routes.by_path.contains_key(&path) {
            diagnostics.push(twice(&path, parsed));
        }
        routes.by_path.insert(path, route);
    }
    for source in &parsed.unread {
        if let Some(path) = address(source) {
            routes.add(path, Route::unread(source), diagnostics);
        }
    }
    for brief in &parsed.briefs {
        let mut route = Route::document(&brief.front.front.title, &brief.file, &brief.body);
        route.hidden = match (brief.front.status, brief.front.appears()) {
            (Status::Draft, _) | (_, None) => Some("is a draft".to_owned()),
            (_, Some(day)) if day > today => Some(format!("appears on {day} only")),
            _ => None,
        };
        routes.add(format!("/briefs/{}/", brief.slug), route, diagnostics);
    }
    for recommendation in &parsed.recommendations {
        let mut route = Route::document(&recommendation.front.front.title, &recommendation.file, &recommendation.body);
        let brief = routes.get(&format!("/briefs/{}/", recommendation.front.brief.0));
        let later =
            (recommendation.front.date > today).then(|| format!("appears on {} only", recommendation.front.date));
        let of_brief = brief.and_then(|brief| brief.hidden.clone());
        route.hidden = later.or_else(|| of_brief.map(|reason| format!("belongs to a brief that {reason}")));
        routes.add(format!("/recommendations/{}/", recommendation.slug), route, diagnostics);
    }
    for page in &parsed.pages {
        let path = format!("/{}/", page.slug);
        let mut models = parsed.models.iter().enumerate();
        let of_model = models.find(|(index, model)| method::path(*index, model, Part::Overview) == path);
        let made = of_model.map(|(_, model)| method::anchors(model, Part::Overview)).unwrap_or_default();
        let route = Route::document(&page.front.front.title, &page.file, &page.body).with_anchors(made);
        routes.add(path, route, diagnostics);
    }
    routes
}

/// Two pages that the generator makes at one address: only what a model is called can be the cause.
fn twice(path: &str, parsed: &Parsed) -> Diagnostic {
    let message = format!("the address `{path}` is taken by another page of a model");
    let model = parsed.models.iter().find(|model| path.ends_with(&format!("/{}/", model.id)));
    let place = model.and_then(|model| model.files.iter().find(|file| file.ends_with("/model.toml"))).map(Place::file);
    let mistake = match place {
        Some(place) => Diagnostic::error("duplicate-address", place, message),
        None => Diagnostic::general("duplicate-address", message),
    };
    mistake.help("rename the model's folder; its name is part of the addresses of its pages")
}

/// The address that a file would have if it could be read.
fn address(source: &str) -> Option<String> {
    let (folder, name) = source.strip_prefix("content/")?.split_once('/')?;
    let slug = name.strip_suffix(".md")?;
    Some(if folder == "pages" { format!("/{slug}/") } else { format!("/{folder}/{slug}/") })
}

impl Routes {
    /// What stands at `path`.
    pub fn get(&self, path: &str) -> Option<&Route> {
        self.by_path.get(path)
    }

    /// Whether readers can see what stands at `path`.
    pub fn is_public(&self, path: &str) -> bool {
        self.get(path).is_some_and(|route| route.hidden.is_none())
    }

    /// The address made from the file `source`.
    pub fn of_source(&self, source: &str) -> Option<&str> {
        self.by_source.get(source).map(String::as_str)
    }

    /// All addresses that readers can see.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.by_path.iter().filter(|(_, route)| route.hidden.is_none()).map(|(path, _)| path.as_str())
    }

    /// The last parts of the addresses below `folder`.
    pub fn under<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = &'a str> {
        self.paths().filter_map(move |path| path.strip_prefix(folder)?.strip_suffix('/'))
    }

    /// Says so when readers could not follow a link to `path` and `anchor`.
    pub fn require(&self, path: &str, anchor: Option<&str>, place: Place, diagnostics: &mut Diagnostics) {
        let Some(route) = self.get(path) else { return };
        if let Some(reason) = &route.hidden {
            diagnostics.push(
                Diagnostic::error(
                    "hidden-link",
                    place,
                    format!("`{path}` {reason}, so readers cannot follow this link"),
                )
                .help("publish it first, or take the link out"),
            );
            return;
        }
        let Some(anchor) = anchor.filter(|_| !route.unread) else { return };
        if !route.anchors.contains(anchor) {
            let known: Vec<&str> = route.anchors.iter().map(String::as_str).collect();
            diagnostics.push(
                Diagnostic::error("broken-anchor", place, format!("`{path}` has no section `{anchor}`"))
                    .help(suggestion(anchor, known)),
            );
        }
    }

    fn add(&mut self, path: String, route: Route, diagnostics: &mut Diagnostics) {
        let source = route.source.clone().unwrap_or_default();
        if let Some(first) = self.by_path.get(&path) {
            let mut mistake =
                Diagnostic::error("duplicate-address", Place::file(&source), format!("the address `{path}` is taken"))
                    .help("rename this file; its name is its address");
            mistake = match &first.source {
                Some(first) => mistake.related(Place::file(first), "by this file"),
                None => mistake.note("the generator itself makes a page there"),
            };
            diagnostics.push(mistake);
            return;
        }
        self.by_source.insert(source, path.clone());
        self.by_path.insert(path, route);
    }
}
