//! Connects what was read one by one: addresses, links, cross-references, figures and their data, citations.
//!
//! [`Parsed`] → [`link`] → [`Site`]
//!
//! What readers must not see yet is dropped here; no later stage can leak it.

pub mod figure;
pub mod glossary;
pub mod register;
pub mod routes;

use std::collections::{BTreeMap, BTreeSet};

use diagnostic::{Checked, Diagnostic, Diagnostics, Place, nearest, suggestion};
use hayagriva::Library;
use jiff::civil::Date;
use rayon::prelude::*;

use crate::load::Sources;
use crate::parse::block::Named;
use crate::parse::dataset::Dataset;
use crate::parse::document::{Brief, Document, Page, Recommendation};
use crate::parse::models::{self, PolicyModel};
use crate::parse::settings::Settings;
use crate::parse::{Parsed, bibliography, citation, settings};
use crate::render::method::{self, Part};
use figure::Figure;
use glossary::Glossary;
use register::Register;
use routes::{Route, Routes};

/// The whole site, connected: every reference in it resolves.
#[derive(Debug)]
pub struct Site {
    /// What it is called and where it will stand.
    pub settings: Settings,
    /// Published briefs, newest first.
    pub briefs: Vec<Linked<Brief>>,
    /// Recommendations by brief and number.
    pub recommendations: Vec<Linked<Recommendation>>,
    /// Other pages.
    pub pages: Vec<Linked<Page>>,
    /// Datasets by id.
    pub datasets: Vec<Dataset>,
    /// For each dataset, the addresses of the pages that show it.
    pub used_in: Vec<Vec<Use>>,
    /// All figures of the sources, if the site has a register of them.
    pub register: Option<Register>,
    /// What words mean.
    pub glossary: Glossary,
    /// Policy models by id.
    pub models: Vec<PolicyModel>,
    /// The works that may be cited.
    pub library: Library,
}

impl Site {
    /// The input files that published documents show as they are, such as pictures; drafts' pictures stay unpublished.
    pub fn files(&self) -> BTreeSet<&str> {
        let targets = (self.briefs.iter().flat_map(|one| &one.targets))
            .chain(self.recommendations.iter().flat_map(|one| &one.targets))
            .chain(self.pages.iter().flat_map(|one| &one.targets));
        targets.filter_map(|target| if let Target::File(path) = target { Some(path.as_str()) } else { None }).collect()
    }
}

/// A page that shows a dataset.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Use {
    /// The page's title.
    pub title: String,
    /// Its address from the site's root.
    pub path: String,
}

/// A document whose references are resolved.
#[derive(Debug)]
pub struct Linked<F> {
    /// The document.
    pub document: Document<F>,
    /// Its address from the site's root, such as `/briefs/trade/`.
    pub path: String,
    /// For each of the body's links, where it leads.
    pub targets: Vec<Target>,
    /// For each of the body's cross-references, what it says and where it leads.
    pub labels: Vec<Label>,
    /// For each of the body's blocks, what it shows.
    pub figures: Vec<Figure>,
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// To an address of this site, with its anchor.
    Internal(String),
    /// To another site.
    External(String),
    /// To an input file that is published as it is, such as a picture.
    File(String),
}

/// What a cross-reference says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// "Figure 1".
    pub text: String,
    /// The address with its anchor, or only the anchor on the same page.
    pub href: String,
    /// What stands there, where the text does not say it.
    pub about: String,
}

/// Connects everything that may be read on the day `today`.
pub fn link(parsed: Parsed, sources: &Sources, today: Date) -> Checked<Site> {
    let mut diagnostics = Diagnostics::new();
    let mut register = register::register(
        &parsed.settings,
        &parsed.datasets,
        &parsed.library,
        &parsed.unread,
        sources,
        &mut diagnostics,
    );
    let routes = routes::routes(&parsed, register.as_ref(), today, &mut diagnostics);
    let Parsed { settings, briefs, mut recommendations, pages, datasets, models, library, unread } = parsed;
    let world = World {
        sources,
        routes: &routes,
        datasets: &datasets,
        settings: &settings,
        register: register.as_ref(),
        models: &models,
        library: &library,
        unread: &unread,
    };

    let mut briefs: Vec<_> = briefs.into_iter().filter(|brief| is_public(&brief.front, today)).collect();
    briefs.sort_by(|a, b| b.front.date.cmp(&a.front.date).then_with(|| a.slug.cmp(&b.slug)));
    recommendations
        .sort_by(|a, b| (&a.front.brief.0, a.front.number, &a.slug).cmp(&(&b.front.brief.0, b.front.number, &b.slug)));
    for brief in &briefs {
        world.work(&brief.file, brief.front.source.as_ref(), &mut diagnostics);
        for related in &brief.front.related {
            world.brief(&brief.file, related, &mut diagnostics);
        }
    }
    if let Some(lead) = &settings.lead {
        world.brief(settings::FILE, lead, &mut diagnostics);
    }
    for recommendation in &recommendations {
        world.recommendation(recommendation, &mut diagnostics);
    }
    for dataset in &datasets {
        for key in &dataset.references {
            world.work(&dataset.file, Some(key), &mut diagnostics);
        }
    }
    recommendations.retain(|one| routes.is_public(&format!("/recommendations/{}/", one.slug)));

    let briefs = world.documents(briefs, "/briefs/", &mut diagnostics);
    let recommendations = world.documents(recommendations, "/recommendations/", &mut diagnostics);
    let pages = world.documents(pages, "/", &mut diagnostics);
    let used_in = used_in(datasets.len(), &briefs, &recommendations, &pages);
    if let Some(register) = &mut register {
        briefs.iter().for_each(|one| register.used_by(one, &one.document.front.front.title));
        recommendations.iter().for_each(|one| register.used_by(one, &one.document.front.front.title));
        pages.iter().for_each(|one| register.used_by(one, &one.document.front.front.title));
    }
    let glossary = glossary::glossary(&pages);
    let site =
        Site { settings, briefs, recommendations, pages, datasets, used_in, register, glossary, models, library };
    Checked { value: site, diagnostics }
}

fn is_public(brief: &Brief, today: Date) -> bool {
    brief.appears().is_some_and(|day| day <= today)
}

/// All that a reference may point to.
struct World<'a> {
    sources: &'a Sources,
    routes: &'a Routes,
    datasets: &'a [Dataset],
    settings: &'a Settings,
    register: Option<&'a Register>,
    models: &'a [PolicyModel],
    library: &'a Library,
    unread: &'a BTreeSet<String>,
}

impl World<'_> {
    fn documents<F: Send>(
        &self,
        documents: Vec<Document<F>>,
        folder: &str,
        diagnostics: &mut Diagnostics,
    ) -> Vec<Linked<F>> {
        let linked: Vec<(Linked<F>, Diagnostics)> = documents
            .into_par_iter()
            .map(|document| {
                let mut diagnostics = Diagnostics::new();
                let path = format!("{folder}{}/", document.slug);
                (self.document(document, path, &mut diagnostics), diagnostics)
            })
            .collect();
        linked
            .into_iter()
            .map(|(document, found)| {
                diagnostics.extend(found);
                document
            })
            .collect()
    }

    fn document<F>(&self, document: Document<F>, path: String, diagnostics: &mut Diagnostics) -> Linked<F> {
        let file = &document.file;
        let body = &document.body;
        let mut targets = Vec::with_capacity(body.links.len());
        for link in &body.links {
            targets.push(self.target(file, &path, &link.target, link.span.clone(), diagnostics));
        }
        let figures = figure::figures(self.datasets, self.models, self.unread, file, &body.blocks, diagnostics);
        let own: BTreeMap<&str, String> =
            body.blocks.iter().zip(&figures).map(|(block, figure)| (block.id(), figure.label())).collect();
        let mut labels = Vec::with_capacity(body.references.len());
        for reference in &body.references {
            let place = Place::new(file, reference.span.clone());
            labels.push(self.label(&own, &reference.id, place, diagnostics));
        }
        for item in body.citations.iter().flat_map(|citation| &citation.items) {
            self.work(file, Some(&(item.key.clone(), item.span.clone())), diagnostics);
        }
        Linked { path, targets, labels, figures, document }
    }

    fn target(
        &self,
        file: &str,
        path: &str,
        target: &str,
        span: std::ops::Range<usize>,
        diagnostics: &mut Diagnostics,
    ) -> Target {
        let place = Place::new(file, span);
        if let Some((scheme, _)) = target.split_once(':').filter(|(scheme, _)| is_scheme(scheme)) {
            if !["https", "http", "mailto"].contains(&scheme) {
                diagnostics.push(
                    Diagnostic::error(
                        "unknown-scheme",
                        place,
                        format!("links of the kind `{scheme}:` are not understood"),
                    )
                    .help("link to https://…, mailto:…, a path of this site, or a file"),
                );
            }
            return Target::External(target.to_owned());
        }
        let (to, anchor) = match target.split_once('#') {
            Some((to, anchor)) => (to, Some(anchor)),
            None => (target, None),
        };
        let to = if to.is_empty() { Ok(path.to_owned()) } else { self.resolve(file, to) };
        match to {
            Ok(path) if path.starts_with("content/") => Target::File(path),
            Ok(path) => {
                self.routes.require(&path, anchor, place, diagnostics);
                Target::Internal(target_href(&path, anchor))
            }
            Err(wanted) => {
                let help = match nearest(&wanted, self.routes.paths()) {
                    Some(path) => format!("did you mean `{path}`?"),
                    None => {
                        "name a page by its address, as /about/, or a file by its path from this document".to_owned()
                    }
                };
                diagnostics.push(
                    Diagnostic::error("broken-link", place, format!("there is no page or file `{wanted}`")).help(help),
                );
                Target::Internal(target.to_owned())
            }
        }
    }

    /// An address of the site, or the path of an input file that is published as it is.
    fn resolve(&self, file: &str, to: &str) -> Result<String, String> {
        if to.starts_with('/') {
            let with_slash = if to.ends_with('/') { to.to_owned() } else { format!("{to}/") };
            return match [to.to_owned(), with_slash].into_iter().find(|path| self.routes.get(path).is_some()) {
                Some(path) => Ok(path),
                None => Err(to.to_owned()),
            };
        }
        let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
        let source = joined(folder, to).ok_or_else(|| to.to_owned())?;
        if let Some(path) = self.routes.of_source(&source) {
            return Ok(path.to_owned());
        }
        let is_input =
            source.starts_with("content/") && !source.ends_with(".md") && self.sources.bytes(&source).is_some();
        if is_input { Ok(source) } else { Err(to.to_owned()) }
    }

    fn label(&self, own: &BTreeMap<&str, String>, id: &str, place: Place, diagnostics: &mut Diagnostics) -> Label {
        if let Some(slug) = id.strip_prefix("rec-") {
            let path = format!("/recommendations/{slug}/");
            if let Some(route) = self.routes.get(&path) {
                self.routes.require(&path, None, place, diagnostics);
                return Label { text: route.title.clone(), href: path, about: String::new() };
            }
            let known: Vec<String> = self.routes.under("/recommendations/").map(|slug| format!("rec-{slug}")).collect();
            diagnostics.push(
                Diagnostic::error("unknown-reference", place, format!("there is no recommendation `{slug}`"))
                    .help(suggestion(id, known.iter().map(String::as_str).collect::<Vec<_>>())),
            );
        } else if let Some(figure) = id.strip_prefix(register::PREFIX) {
            if let Some(found) = self.register.and_then(|register| register.figure(figure)) {
                let href = format!("{}#{}", register::PATH, found.id);
                return Label { text: found.id.clone(), href, about: found.claim.clone() };
            }
            self.unknown_figure(id, figure, place, diagnostics);
        } else if let Some(label) = own.get(id) {
            return Label { text: label.clone(), href: format!("#{id}"), about: String::new() };
        } else {
            diagnostics.push(
                Diagnostic::error("unknown-reference", place, format!("this document has no figure or table `{id}`"))
                    .help(suggestion(id, own.keys().copied().collect::<Vec<_>>())),
            );
        }
        Label { text: id.to_owned(), href: String::new(), about: String::new() }
    }

    fn unknown_figure(&self, id: &str, figure: &str, place: Place, diagnostics: &mut Diagnostics) {
        let mistake = match self.register {
            Some(register) => {
                let known: Vec<String> = register.ids().map(|id| format!("{}{id}", register::PREFIX)).collect();
                let message = format!("the register has no figure `{figure}`");
                Diagnostic::error("unknown-reference", place, message)
                    .help(suggestion(id, known.iter().map(String::as_str).collect::<Vec<_>>()))
            }
            // A register that could not be made has been reported.
            None if self.settings.evidence.is_some() => return,
            None => Diagnostic::error("unknown-reference", place, "this site has no register of figures")
                .help(format!("name its dataset under [evidence] in {}", settings::FILE)),
        };
        diagnostics.push(mistake);
    }

    fn work(&self, file: &str, key: Option<&Named>, diagnostics: &mut Diagnostics) {
        let Some((key, span)) = key else { return };
        // A bibliography that cannot be read has been reported, and holds nothing.
        if self.library.get(key).is_none()
            && !(self.library.is_empty() && self.sources.text(bibliography::FILE).is_some())
        {
            let known: Vec<&str> = self.library.keys().collect();
            let help = match diagnostic::nearest(key, known) {
                _ if citation::is_reference(key) => format!("a reference stands without brackets: @{key}"),
                Some(near) => format!("did you mean `{near}`? An @ that starts no citation is written \\@"),
                None => {
                    "add the work to content/references.bib; an @ that starts no citation is written \\@".to_owned()
                }
            };
            diagnostics.push(
                Diagnostic::error(
                    "unknown-citation",
                    Place::new(file, span.clone()),
                    format!("no work in content/references.bib has the key `{key}`"),
                )
                .help(help),
            );
        }
    }

    fn brief(&self, file: &str, (slug, span): &Named, diagnostics: &mut Diagnostics) {
        let path = format!("/briefs/{slug}/");
        if self.routes.get(&path).is_none() {
            let known: Vec<&str> = self.routes.under("/briefs/").collect();
            diagnostics.push(
                Diagnostic::error(
                    "unknown-brief",
                    Place::new(file, span.clone()),
                    format!("there is no brief `{slug}`"),
                )
                .help(suggestion(slug, known)),
            );
        }
    }

    fn recommendation(&self, recommendation: &Document<Recommendation>, diagnostics: &mut Diagnostics) {
        let (file, front) = (&recommendation.file, &recommendation.front);
        self.work(file, front.source.as_ref(), diagnostics);
        self.brief(file, &front.brief, diagnostics);
        let known: Vec<&str> = self.models.iter().flat_map(|model| model.lever_ids()).collect();
        for (lever, span) in &front.levers {
            let unread = self.unread.iter().any(|path| path.starts_with(models::FOLDER));
            if !known.contains(&lever.as_str()) && !unread {
                diagnostics.push(
                    Diagnostic::error(
                        "unknown-lever",
                        Place::new(file, span.clone()),
                        format!("no model has a lever `{lever}`"),
                    )
                    .help(suggestion(lever, known.clone())),
                );
            }
        }
    }
}

fn target_href(path: &str, anchor: Option<&str>) -> String {
    anchor.map_or_else(|| path.to_owned(), |anchor| format!("{path}#{anchor}"))
}

fn is_scheme(text: &str) -> bool {
    text.len() > 1 && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
}

/// `to` seen from `folder`; none when it leaves the site's root.
fn joined(folder: &str, to: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').collect();
    for part in to.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

fn used_in(
    datasets: usize,
    briefs: &[Linked<Brief>],
    recommendations: &[Linked<Recommendation>],
    pages: &[Linked<Page>],
) -> Vec<Vec<Use>> {
    let mut used = vec![Vec::new(); datasets];
    let titled = briefs
        .iter()
        .map(|brief| (&brief.document.front.front.title, &brief.path, &brief.figures))
        .chain(recommendations.iter().map(|one| (&one.document.front.front.title, &one.path, &one.figures)))
        .chain(pages.iter().map(|page| (&page.document.front.front.title, &page.path, &page.figures)));
    for (title, path, figures) in titled {
        for dataset in figures.iter().filter_map(Figure::dataset) {
            used[dataset].push(Use { title: title.clone(), path: path.clone() });
        }
    }
    for uses in &mut used {
        uses.sort();
        uses.dedup();
    }
    used
}

/// The address of a dataset's file or page.
pub fn dataset_path(dataset: &str) -> String {
    format!("/data/{dataset}/")
}

/// Every route that is not a document's.
fn generated(parsed: &Parsed, register: Option<&Register>) -> Vec<(String, Route)> {
    let page = |title: &str| Route::page(title.to_owned());
    let mut routes = vec![
        ("/".to_owned(), page("Home")),
        ("/briefs/".to_owned(), page("Briefs")),
        ("/recommendations/".to_owned(), page("Recommendations")),
        ("/data/".to_owned(), page("Data")),
        ("/data/catalog.jsonld".to_owned(), page("Catalogue")),
        ("/feed.xml".to_owned(), page("Feed")),
        ("/sitemap.xml".to_owned(), page("Sitemap")),
    ];
    if let Some(model) = parsed.models.first() {
        routes.push((
            "/explorer/".to_owned(),
            page("Explorer").with_anchors(model.lever_ids().map(crate::render::lever_anchor)),
        ));
    }
    if let Some(register) = register {
        routes.push((register::PATH.to_owned(), page("Evidence").with_anchors(register.ids().map(str::to_owned))));
    }
    for dataset in &parsed.datasets {
        let path = dataset_path(&dataset.id);
        let names = dataset.resources.iter().map(|resource| format!("resource-{}", resource.name));
        routes.push((path.clone(), page(&dataset.title).with_anchors(names)));
        routes.push((format!("{path}datapackage.json"), page(&dataset.title)));
        for resource in &dataset.resources {
            for ending in ["csv", "json"] {
                routes.push((format!("{path}{}.{ending}", resource.name), page(&resource.name)));
            }
        }
    }
    let is_written = |path: &str| parsed.pages.iter().any(|page| format!("/{}/", page.slug) == path);
    for (index, model) in parsed.models.iter().enumerate() {
        for part in method::PARTS {
            let path = method::path(index, model, part);
            // The text that editors wrote about a model is part of its page.
            if part != Part::Overview || !is_written(&path) {
                routes.push((path, page(&model.model.title).with_anchors(method::anchors(model, part))));
            }
        }
        routes.extend(model.files.iter().map(|file| (model.published(file), page(file))));
    }
    routes
}
