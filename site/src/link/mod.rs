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

use app::model_number::{Amount, ModelNumber};
use diagnostic::{Checked, Diagnostic, Diagnostics, Place, nearest, suggestion};
use jiff::civil::Date;
use rayon::prelude::*;

use crate::html::{escape, slug, visible_text};
use crate::load::Sources;
use crate::number::cells::Cells;
use crate::number::compared::Compared;
use crate::number::runs::Runs;
use crate::number::{self, Fault, Origin};
use crate::parse::bibliography::Works;
use crate::parse::block::Named;
use crate::parse::dataset::Dataset;
use crate::parse::document::{Brief, Document, Page, Recommendation};
use crate::parse::markdown::{Link, Segment};
use crate::parse::models::{self, PolicyModel};
use crate::parse::settings::Settings;
use crate::parse::{Parsed, citation, settings};
use crate::render::explorer;
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
    /// For each dataset, where the links of its description lead, by the address as written.
    pub dataset_links: Vec<BTreeMap<String, Target>>,
    /// For each dataset, the pages that show it or take numbers from it.
    pub used_in: Vec<Vec<Use>>,
    /// All figures of the sources, if the site has a register of them.
    pub register: Option<Register>,
    /// What words mean.
    pub glossary: Glossary,
    /// Policy models by id.
    pub models: Vec<PolicyModel>,
    /// What the models give for the numbers in the texts.
    pub runs: Runs,
    /// The works that may be cited.
    pub works: Works,
    /// The keys of works that anything names: texts, drafts among them, datasets and models.
    pub cited: BTreeSet<String>,
    /// Whether an input has mistakes that leave nothing of it.
    pub has_unread: bool,
}

impl Site {
    /// What the source of a number says.
    pub fn amount(&self, origin: &Origin) -> Result<Amount, String> {
        match origin {
            Origin::Cells(cells) => Ok(cells.amount.clone()),
            Origin::Model(model, _, number) => self.runs.amount(*model, number),
            Origin::Compared(model, numbers) => numbers.amount(*model, &self.runs),
        }
    }

    /// The input files that published documents show as they are, such as pictures; drafts' pictures stay unpublished.
    pub fn files(&self) -> BTreeSet<&str> {
        let targets = (self.briefs.iter().flat_map(|one| &one.targets))
            .chain(self.recommendations.iter().flat_map(|one| &one.targets))
            .chain(self.pages.iter().flat_map(|one| &one.targets))
            .chain(self.dataset_links.iter().flat_map(BTreeMap::values));
        targets.filter_map(|target| if let Target::File(path) = target { Some(path.as_str()) } else { None }).collect()
    }
}

/// A page that shows a dataset or takes numbers from it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Use {
    /// The page's title.
    pub title: String,
    /// Its address from the site's root.
    pub path: String,
    /// How many charts it has of it.
    pub charts: usize,
    /// How many tables.
    pub tables: usize,
    /// How many checked numbers.
    pub numbers: usize,
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
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// To an address of this site, with its anchor.
    Internal(String),
    /// To another site.
    External(String),
    /// To an input file that is published as it is, such as a picture.
    File(String),
    /// To where a number comes from; none when a mistake in the address has been reported.
    Number(Option<Origin>),
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
        &parsed.works,
        &parsed.unread,
        sources,
        &mut diagnostics,
    );
    let routes = routes::routes(&parsed, register.as_ref(), today, &mut diagnostics);
    let cited = cited(&parsed);
    let has_unread = !parsed.unread.is_empty();
    let Parsed { settings, briefs, mut recommendations, pages, datasets, mut models, works, unread } = parsed;
    lead_to_earlier(&mut models);
    let world = World {
        sources,
        routes: &routes,
        datasets: &datasets,
        settings: &settings,
        register: register.as_ref(),
        models: &models,
        works: &works,
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
        let origins = dataset.sources.iter().filter_map(|source| source.reference.as_ref());
        for key in dataset.references.iter().chain(origins) {
            world.work(&dataset.file, Some(key), &mut diagnostics);
        }
    }
    let dataset_links = datasets.iter().map(|dataset| world.dataset_links(dataset, &mut diagnostics)).collect();
    for model in &models {
        world.model_works(model, &mut diagnostics);
        world.model_versions(model, &mut diagnostics);
    }
    recommendations.retain(|one| routes.is_public(&format!("/recommendations/{}/", one.slug)));

    let briefs = world.documents(briefs, "/briefs/", &mut diagnostics);
    let recommendations = world.documents(recommendations, "/recommendations/", &mut diagnostics);
    let pages = world.documents(pages, "/", &mut diagnostics);
    let used_in = used_in(datasets.len(), &briefs, &recommendations, &pages);
    let targets = (briefs.iter().flat_map(|one| &one.targets))
        .chain(recommendations.iter().flat_map(|one| &one.targets))
        .chain(pages.iter().flat_map(|one| &one.targets));
    let of_models = targets.flat_map(|target| match target {
        Target::Number(Some(Origin::Model(model, _, number))) => vec![(*model, &**number)],
        Target::Number(Some(Origin::Compared(model, numbers))) => numbers.numbers().map(|one| (*model, one)).to_vec(),
        _ => Vec::new(),
    });
    let runs = Runs::of(&models, of_models);
    if let Some(register) = &mut register {
        briefs.iter().for_each(|one| register.used_by(&datasets, one, &one.document.front.front.title));
        recommendations.iter().for_each(|one| register.used_by(&datasets, one, &one.document.front.front.title));
        pages.iter().for_each(|one| register.used_by(&datasets, one, &one.document.front.front.title));
    }
    let glossary = glossary::glossary(&pages);
    let site = Site {
        settings,
        briefs,
        recommendations,
        pages,
        datasets,
        dataset_links,
        used_in,
        register,
        glossary,
        models,
        runs,
        works,
        cited,
        has_unread,
    };
    Checked { value: site, diagnostics }
}

/// Says in each model where readers find its earlier versions that the site keeps.
fn lead_to_earlier(models: &mut [PolicyModel]) {
    let present = models.partition_point(|policy| !policy.is_earlier());
    let (present, earlier) = models.split_at_mut(present);
    for kept in earlier {
        let of_kept = present.iter_mut().filter(|policy| kept.earlier_of() == Some(policy.id.as_str()));
        for change in of_kept.flat_map(|policy| &mut policy.model.changes) {
            if change.version == kept.model.version {
                change.address = explorer::path_below(&kept.id);
            }
        }
    }
}

/// The keys of all works that anything names.
fn cited(parsed: &Parsed) -> BTreeSet<String> {
    let sources = (parsed.briefs.iter().filter_map(|brief| brief.front.source.as_ref()))
        .chain(parsed.recommendations.iter().filter_map(|one| one.front.source.as_ref()))
        .chain(parsed.datasets.iter().flat_map(|dataset| &dataset.references));
    let bodies = (parsed.briefs.iter().map(|brief| &brief.body))
        .chain(parsed.recommendations.iter().map(|one| &one.body))
        .chain(parsed.pages.iter().map(|page| &page.body));
    let citations = bodies.flat_map(|body| &body.citations).flat_map(|citation| &citation.items);
    let models = parsed.models.iter().flat_map(|policy| policy.works());
    sources.map(|(key, _)| key).chain(citations.map(|item| &item.key)).chain(models).cloned().collect()
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
    works: &'a Works,
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
            targets.push(if number::is_number(&link.target) {
                Target::Number(self.number(file, link, diagnostics))
            } else {
                self.target(file, &path, &link.target, link.span.clone(), diagnostics)
            });
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
        let figures = figures
            .into_iter()
            .zip(&body.legends)
            .map(|(figure, legend)| figure.with_legend(plain(&legend.caption, &labels), plain(&legend.note, &labels)));
        Linked { path, targets, figures: figures.collect(), labels, document }
    }

    fn dataset_links(&self, dataset: &Dataset, diagnostics: &mut Diagnostics) -> BTreeMap<String, Target> {
        let path = dataset_path(&dataset.id);
        let links = dataset.links.iter().map(|link| {
            let target = self.target(&dataset.file, &path, &link.target, link.span.clone(), diagnostics);
            (link.target.clone(), target)
        });
        links.collect()
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

    /// Where a number comes from; nothing when its dataset or model has mistakes of its own.
    fn number(&self, file: &str, link: &Link, diagnostics: &mut Diagnostics) -> Option<Origin> {
        let found = match link.target.strip_prefix(number::DATA) {
            Some(address) => {
                let id = address.split(['/', '?']).next().unwrap_or_default();
                if self.unread.contains(&format!("data/{id}/datapackage.json")) {
                    return None;
                }
                let cells = number::cells::cells(self.datasets, address);
                cells.map(|cells| Some(Origin::Cells(Box::new(cells)))).map_err(|faults| (number::DATA.len(), faults))
            }
            None => self.model_number(&link.target).map_err(|faults| (number::MODEL.len(), faults)),
        };
        found.unwrap_or_else(|(scheme, faults)| {
            let source = self.sources.text(file).unwrap_or_default();
            for fault in faults {
                diagnostics.push(fault.later(scheme).diagnostic(file, source, link.span.clone(), &link.target));
            }
            None
        })
    }

    fn model_number(&self, target: &str) -> Result<Option<Origin>, Vec<Fault>> {
        let address = target.strip_prefix(number::MODEL).unwrap_or(target);
        let path = &address[..address.find('?').unwrap_or(address.len())];
        let (id, offset) = path.split_once('/').map_or((None, 0), |(id, _)| (Some(id), id.len() + 1));
        let present = self.models.iter().filter(|model| !model.is_earlier());
        let known: Vec<&str> = present.map(|model| model.id.as_str()).collect();
        if self.unread.iter().any(|path| path.starts_with(models::FOLDER)) {
            return Ok(None);
        }
        let model = match (id, known.as_slice()) {
            (None, [_]) => 0,
            (None, []) => return Err(vec![Fault::new("unknown-model", 0..path.len(), "the site has no model")]),
            (None, several) => {
                let help = format!("name one of them before the number: model:{}/{address}", several[0]);
                return Err(vec![Fault::new("unknown-model", 0..path.len(), "the site has several models").help(help)]);
            }
            (Some(id), known) => known.iter().position(|known| *known == id).ok_or_else(|| {
                let fault = Fault::new("unknown-model", 0..id.len(), format!("there is no model `{id}`"));
                vec![fault.help(suggestion(id, known.to_vec()))]
            })?,
        };
        let text = &address[offset..];
        if let Some(compared) = Compared::read(&self.models[model].model, text) {
            let later = |faults: Vec<Fault>| faults.into_iter().map(|one| one.later(offset)).collect::<Vec<_>>();
            return compared.map(|numbers| Some(Origin::Compared(model, Box::new(numbers)))).map_err(later);
        }
        let number = ModelNumber::read(&self.models[model].model, text)
            .map_err(|mistakes| mistakes.into_iter().map(|one| Fault::from(one).later(offset)).collect::<Vec<_>>())?;
        Ok(Some(Origin::Model(model, text.to_owned(), Box::new(number))))
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
        if self.works.get(key).is_none() && !self.works.unread {
            let known: Vec<&str> = self.works.keys().collect();
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

    /// The files of a model name works by their bare keys; each is told once, where it stands first.
    fn model_works(&self, model: &PolicyModel, diagnostics: &mut Diagnostics) {
        let unknown: BTreeSet<&String> = model.works().filter(|key| self.works.get(key).is_none()).collect();
        for key in unknown {
            let places = model.files.iter().filter_map(|file| Some((file, place_of(self.sources.text(file)?, key)?)));
            if let Some((file, span)) = places.into_iter().next() {
                self.work(file, Some(&(key.clone(), span)), diagnostics);
            }
        }
    }

    /// Earlier versions that are kept on this site must be there.
    fn model_versions(&self, model: &PolicyModel, diagnostics: &mut Diagnostics) {
        for change in model.model.changes.iter().filter(|change| change.address.starts_with('/')) {
            let address = &change.address;
            let places =
                model.files.iter().filter_map(|file| Some((file, place_of(self.sources.text(file)?, address)?)));
            if let Some((file, span)) = places.into_iter().next() {
                self.target(file, "/", address, span, diagnostics);
            }
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

/// A stretch of a document without markup and citations.
fn plain(segments: &[Segment], labels: &[Label]) -> String {
    let mut html = String::new();
    for segment in segments {
        match segment {
            Segment::Html(text) => html.push_str(text),
            Segment::Reference(index) => html.push_str(&escape(&labels[*index].text)),
            Segment::Citation(_) => html.truncate(html.trim_end().len()),
            Segment::Link(_) | Segment::Image(..) | Segment::Block(_) => {}
        }
    }
    visible_text(&html)
}

/// Where `word` stands first in `text` as a word of its own, outside of comments.
fn place_of(text: &str, word: &str) -> Option<std::ops::Range<usize>> {
    let is_part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '-');
    let mut places = text.match_indices(word).map(|(start, _)| start..start + word.len());
    places.find(|place| {
        let line = text[..place.start].rsplit('\n').next().unwrap_or_default();
        let is_whole = !is_part(line.chars().next_back()) && !is_part(text[place.end..].chars().next());
        is_whole && !line.trim_start().starts_with('#')
    })
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
    briefs.iter().for_each(|one| one.uses(&one.document.front.front.title, &mut used));
    recommendations.iter().for_each(|one| one.uses(&one.document.front.front.title, &mut used));
    pages.iter().for_each(|one| one.uses(&one.document.front.front.title, &mut used));
    for uses in &mut used {
        uses.sort();
    }
    used
}

impl<F> Linked<F> {
    /// Adds itself to the uses of each dataset that it shows or takes numbers from.
    fn uses(&self, title: &str, used: &mut [Vec<Use>]) {
        let shown: Vec<(usize, bool)> = self.figures.iter().filter_map(Figure::dataset).collect();
        let numbers: Vec<usize> = self.targets.iter().filter_map(Target::cells).map(|cells| cells.dataset).collect();
        for (dataset, uses) in used.iter_mut().enumerate() {
            let figures = |chart: bool| shown.iter().filter(|one| **one == (dataset, chart)).count();
            let (charts, tables) = (figures(true), figures(false));
            let numbers = numbers.iter().filter(|one| **one == dataset).count();
            if charts + tables + numbers > 0 {
                uses.push(Use { title: title.to_owned(), path: self.path.clone(), charts, tables, numbers });
            }
        }
    }
}

impl Target {
    /// The cells that a checked number comes from.
    fn cells(&self) -> Option<&Cells> {
        match self {
            Self::Number(Some(Origin::Cells(cells))) => Some(cells),
            _ => None,
        }
    }
}

/// The address of a dataset's file or page.
pub fn dataset_path(dataset: &str) -> String {
    format!("/data/{dataset}/")
}

/// The anchor of a column on the page of its dataset.
pub fn column_anchor(resource: &str, column: &str) -> String {
    format!("column-{}-{}", slug(resource), slug(column))
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
    if let Some(register) = register {
        routes.push((register::PATH.to_owned(), page("Evidence").with_anchors(register.ids().map(str::to_owned))));
    }
    for dataset in &parsed.datasets {
        let path = dataset_path(&dataset.id);
        let names = dataset.resources.iter().map(|resource| format!("resource-{}", resource.name));
        let columns = dataset
            .resources
            .iter()
            .flat_map(|resource| resource.columns.iter().map(|column| column_anchor(&resource.name, &column.name)));
        routes.push((path.clone(), page(&dataset.title).with_anchors(names.chain(columns))));
        routes.push((format!("{path}datapackage.json"), page(&dataset.title)));
        for resource in &dataset.resources {
            for ending in ["csv", "json"] {
                routes.push((format!("{path}{}.{ending}", resource.name), page(&resource.name)));
            }
        }
    }
    let is_written = |path: &str| parsed.pages.iter().any(|page| format!("/{}/", page.slug) == path);
    for (index, model) in parsed.models.iter().enumerate() {
        let levers = model.lever_ids().map(explorer::lever_anchor);
        routes.push((explorer::path(index, model), page("Explorer").with_anchors(levers)));
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
