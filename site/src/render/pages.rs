//! Each page: which template it takes and what the template is given.

use jiff::civil::Date;
use pulldown_cmark::{Event, Options, Parser, Tag};
use serde::Serialize;
use tera::Context;

use super::cite_this::{self, Kind, Publication};
use super::figures::cell_text;
use super::text::{self, Contents};
use super::works::Works;
use super::{Anchor, Page, PageContext, Renderer, catalogue, explorer, json_ld, licence, method, register};
use crate::calendar::{day, long_date};
use crate::html::escape;
use crate::link::figure::{Content, Figure};
use crate::link::register::PATH;
use crate::link::{Linked, Target, Use, column_anchor, dataset_path};
use crate::parse::dataset::{Cell, Column, ColumnKind, Dataset, Resource};
use crate::parse::document::{self, Brief, Recommendation};
use app::ranges::SAMPLING;
use chart::number::Precision;

/// Rows of a dataset shown on its page; the downloads hold them all.
const PREVIEW_ROWS: usize = 50;
/// So many digits after the point are shown, or so many that count of a number below one.
const PREVIEW_DECIMALS: u8 = 4;
/// As many rows more are shown too: a preview that leaves out two helps nobody.
const PREVIEW_REST: usize = 10;
/// Briefs that the home page lists, the newest first.
const HOME_BRIEFS: usize = 7;
/// The page that lists the changes of all briefs after its own text.
const CORRECTIONS: &str = "/corrections/";
/// Words read in a minute.
const READING_SPEED: usize = 230;

/// A page to make.
pub enum Job<'a> {
    Home,
    Briefs,
    Brief(&'a Linked<Brief>),
    Recommendations,
    /// With its place among the recommendations, for the way to its neighbours.
    Recommendation(usize),
    Page(&'a Linked<document::Page>),
    Datasets,
    Dataset(usize),
    Register,
    /// The explorer of the model at this place.
    Explorer(usize),
    /// The same without the site around it, for other sites' pages.
    ExplorerEmbed(usize),
    /// A page about the model at this place.
    Method(usize, method::Part),
    NotFound,
}

/// All pages.
pub fn jobs<'a>(renderer: &Renderer<'a>) -> Vec<Job<'a>> {
    let site = renderer.site;
    let mut jobs = Vec::new();
    // What takes longest comes first, so that it does not end last.
    for index in 0..site.models.len() {
        jobs.extend(method::PARTS.iter().rev().map(|part| Job::Method(index, *part)));
        jobs.extend([Job::Explorer(index), Job::ExplorerEmbed(index)]);
    }
    jobs.extend([Job::Home, Job::Briefs, Job::Recommendations, Job::Datasets, Job::NotFound]);
    if site.register.is_some() {
        jobs.push(Job::Register);
    }
    jobs.extend(site.briefs.iter().map(Job::Brief));
    jobs.extend((0..site.recommendations.len()).map(Job::Recommendation));
    // The text about the first model is part of that model's own page.
    let is_story = |page: &&Linked<document::Page>| !site.models.is_empty() && page.path == method::FOLDER;
    jobs.extend(site.pages.iter().filter(|page| !is_story(page)).map(Job::Page));
    jobs.extend((0..site.datasets.len()).map(Job::Dataset));
    jobs
}

/// A brief in a list.
#[derive(Serialize)]
pub struct BriefCard {
    title: String,
    subtitle: String,
    summary: String,
    date_iso: String,
    date_text: String,
    updated_iso: String,
    updated_text: String,
    href: String,
    authors: Vec<String>,
    topics: Vec<String>,
    minutes: usize,
}

/// The recommendations of a brief.
#[derive(Serialize)]
struct RecommendationGroup {
    brief: TitledLink,
    slug: String,
    recommendations: Vec<RecommendationCard>,
}

#[derive(Serialize)]
struct BriefContext {
    #[serde(flatten)]
    card: BriefCard,
    body: String,
    toc: Vec<Contents>,
    footnotes: String,
    bibliography: String,
    recommendations: Vec<RecommendationCard>,
    related: Vec<BriefCard>,
    changes: Vec<ChangeContext>,
    source: String,
}

#[derive(Serialize)]
struct ChangeContext {
    date_iso: String,
    date_text: String,
    note: String,
}

/// A change on the page of corrections.
#[derive(Serialize)]
struct BriefChange {
    #[serde(flatten)]
    change: ChangeContext,
    brief: TitledLink,
}

#[derive(Serialize)]
struct RecommendationCard {
    number: i64,
    title: String,
    summary: String,
    href: String,
    brief: TitledLink,
    levers: Vec<LeverTag>,
}

#[derive(Serialize)]
struct RecommendationContext {
    #[serde(flatten)]
    card: RecommendationCard,
    asks: String,
    place: String,
    no_lever: String,
    source: String,
    body: String,
    toc: Vec<Contents>,
    footnotes: String,
    bibliography: String,
    previous: Option<TitledLink>,
    next: Option<TitledLink>,
}

#[derive(Clone, Serialize)]
struct TitledLink {
    title: String,
    href: String,
}

#[derive(Serialize)]
struct LeverTag {
    id: String,
    label: String,
    href: String,
    grade: String,
}

#[derive(Serialize)]
struct DatasetCard {
    id: String,
    title: String,
    summary: String,
    href: String,
    rows: usize,
    resources: usize,
    licence: String,
}

#[derive(Serialize)]
struct DatasetContext {
    id: String,
    title: String,
    /// The first paragraph of the description.
    lead: String,
    /// What follows it.
    description: String,
    notes: Vec<String>,
    licence: LicenceContext,
    sources: Vec<TitledLink>,
    created_iso: String,
    created_text: String,
    version: String,
    resources: Vec<ResourceContext>,
    package: String,
    /// Where its rows can be searched, or nothing.
    browse: String,
    used_in: Vec<UseContext>,
    bibliography: String,
}

#[derive(Serialize)]
struct UseContext {
    title: String,
    href: String,
    /// Charts, tables and numbers, counted.
    what: String,
}

#[derive(Serialize)]
struct LicenceContext {
    name: String,
    href: String,
}

#[derive(Serialize)]
struct ResourceContext {
    name: String,
    title: String,
    rows: usize,
    shown: usize,
    csv: String,
    json: String,
    columns: Vec<ColumnContext>,
    header: Vec<HeaderContext>,
    preview: Vec<Vec<CellContext>>,
}

#[derive(Serialize)]
struct ColumnContext {
    name: String,
    title: String,
    r#type: &'static str,
    unit: String,
    description: String,
}

#[derive(Serialize)]
struct HeaderContext {
    anchor: String,
    title: String,
    unit: String,
    numeric: bool,
}

#[derive(Serialize)]
struct CellContext {
    html: String,
    numeric: bool,
}

impl Job<'_> {
    /// The page itself.
    pub fn page(&self, renderer: &Renderer<'_>) -> Page {
        match self {
            Self::Home => home(renderer),
            Self::Briefs => briefs(renderer),
            Self::Brief(document) => brief(renderer, document),
            Self::Recommendations => recommendations(renderer),
            Self::Recommendation(index) => recommendation(renderer, *index),
            Self::Page(document) => page(renderer, document),
            Self::Datasets => datasets(renderer),
            Self::Dataset(index) => dataset(renderer, *index),
            Self::Register => register::page(renderer),
            Self::Explorer(index) => explorer_page(renderer, *index, false),
            Self::ExplorerEmbed(index) => explorer_page(renderer, *index, true),
            Self::Method(index, part) => method::page(renderer, *index, *part),
            Self::NotFound => not_found(renderer),
        }
    }
}

/// A page before its own values are added.
pub struct Head<'a> {
    pub title: &'a str,
    pub description: &'a str,
    pub path: &'a str,
    pub kind: &'static str,
    pub section: &'static str,
    pub template: &'static str,
}

impl Head<'_> {
    /// The page with nothing but what every page has.
    pub fn page(&self, renderer: &Renderer<'_>, parents: &[(&str, &str)], explorer: bool) -> Page {
        let context = PageContext {
            title: self.title,
            description: self.description,
            path: self.path,
            canonical: renderer.url(self.path),
            kind: self.kind,
            section: self.section,
            breadcrumbs: parents
                .iter()
                .map(|(label, path)| Anchor { label: (*label).to_owned(), href: renderer.href(path) })
                .collect(),
            explorer,
        };
        let mut values = Context::new();
        values.insert("page", &context);
        values.insert("previews_script", "");
        Page {
            template: self.template,
            path: self.path.to_owned(),
            context: values,
            splices: Vec::new(),
            charts: 0,
            files: Vec::new(),
            graph: if parents.is_empty() && self.path != "/" {
                Vec::new()
            } else if parents.is_empty() {
                vec![json_ld::website(renderer), json_ld::publisher(renderer)]
            } else {
                vec![json_ld::breadcrumbs(renderer, parents, self.title, self.path), json_ld::publisher(renderer)]
            },
        }
    }

    /// A page with a text; its explorers are put in last.
    fn text_page<F>(&self, renderer: &Renderer<'_>, parents: &[(&str, &str)], document: &Linked<F>) -> Page {
        let mut page = self.page(renderer, parents, has_explorer(document));
        page.take_needs(renderer, document);
        page
    }
}

fn has_explorer<F>(document: &Linked<F>) -> bool {
    document.figures.iter().any(|figure| matches!(figure.content, Some(Content::Explorer { .. })))
}

impl Page {
    /// Takes over what the text of a document needs: explorers, which are put in last, and the script for previews.
    pub fn take_needs<F>(&mut self, renderer: &Renderer<'_>, document: &Linked<F>) {
        self.splices = document.figures.iter().filter_map(|figure| explorer::embed(renderer, figure)).collect();
        if !document.document.body.citations.is_empty() || !self.splices.is_empty() {
            self.take_previews(renderer);
        }
        let is_chart =
            |figure: &&Figure| matches!(figure.content, Some(Content::DataChart { .. } | Content::ModelChart { .. }));
        self.charts = document.figures.iter().filter(is_chart).count();
    }

    /// The body of a text with its terms marked, which show previews as citations do.
    fn mark_terms(&mut self, renderer: &Renderer<'_>, body: &str) -> String {
        let marked = renderer.terms.mark(renderer, body);
        if marked.len() > body.len() {
            self.take_previews(renderer);
        }
        marked
    }

    fn take_previews(&mut self, renderer: &Renderer<'_>) {
        self.context.insert("previews_script", &renderer.assets.href(renderer.base(), "previews.js"));
    }
}

impl Page {
    /// Says how to cite what stands on the page, and puts the files for reference managers beside it.
    fn offer_citation(&mut self, renderer: &Renderer<'_>, work: &Publication<'_>) {
        let (context, files) = cite_this::cite_this(renderer, work);
        self.context.insert("cite", &context);
        self.files.extend(files);
    }
}

fn home(renderer: &Renderer<'_>) -> Page {
    let site = renderer.site;
    let head = Head {
        title: &site.settings.title,
        description: &site.settings.description,
        path: "/",
        kind: "home",
        section: "",
        template: "home.html",
    };
    let mut page = head.page(renderer, &[], false);
    let newest = site.briefs.iter().take(HOME_BRIEFS);
    let briefs: Vec<BriefCard> = newest.map(|brief| brief_card(renderer, brief)).collect();
    let chosen =
        site.settings.lead.as_ref().and_then(|(slug, _)| site.briefs.iter().find(|one| one.document.slug == *slug));
    let lead = chosen.or(site.briefs.first());
    page.context.insert("lead", &lead.map(|brief| brief_card(renderer, brief)));
    page.context.insert(
        "lead_is_newest",
        &lead
            .zip(site.briefs.first())
            .is_some_and(|(lead, newest)| newest.document.front.date <= lead.document.front.date),
    );
    page.context.insert("briefs", &briefs);
    let mut groups = recommendation_groups(renderer);
    let lead_slug = lead.map(|brief| brief.document.slug.as_str());
    groups.sort_by_key(|group| lead_slug != Some(group.slug.as_str()));
    page.context.insert("groups", &groups);
    page.context
        .insert("datasets", &site.datasets.iter().map(|dataset| dataset_card(renderer, dataset)).collect::<Vec<_>>());
    let live = explorer::live(renderer);
    page.charts = usize::from(live.is_some());
    page.context.insert("live", &live);
    page
}

fn briefs(renderer: &Renderer<'_>) -> Page {
    let head = Head {
        title: "Briefs",
        description: "Policy briefs, newest first, each with its figures cited to primary sources.",
        path: "/briefs/",
        kind: "briefs",
        section: "Briefs",
        template: "briefs.html",
    };
    let mut page = head.page(renderer, &[("Home", "/")], false);
    let cards: Vec<BriefCard> = renderer.site.briefs.iter().map(|brief| brief_card(renderer, brief)).collect();
    page.context.insert("briefs", &cards);
    page
}

fn brief(renderer: &Renderer<'_>, document: &Linked<Brief>) -> Page {
    let front = &document.document.front;
    let head = Head {
        title: &front.front.title,
        description: &front.front.summary,
        path: &document.path,
        kind: "brief",
        section: "Briefs",
        template: "brief.html",
    };
    let mut page = head.text_page(renderer, &[("Home", "/"), ("Briefs", "/briefs/")], document);
    let text = text::text(renderer, document);
    let all = &renderer.site.briefs;
    let related = front.related.iter().filter_map(|(slug, _)| all.iter().find(|other| other.document.slug == *slug));
    let context = BriefContext {
        card: brief_card(renderer, document),
        body: page.mark_terms(renderer, &text.body),
        toc: text::contents(&document.document.body.headings),
        footnotes: text.footnotes,
        bibliography: text.bibliography,
        recommendations: recommendations_of(renderer, &document.document.slug),
        related: related.map(|brief| brief_card(renderer, brief)).collect(),
        changes: front.changes.iter().zip(text.remarks).map(|(change, note)| change_context(change, note)).collect(),
        source: source(renderer, front.source.as_ref()),
    };
    page.context.insert("brief", &context);
    page.context.insert("scholar", &scholar(renderer, front));
    page.graph.push(json_ld::brief(renderer, document));
    let title = match front.subtitle.as_str() {
        "" => front.front.title.clone(),
        subtitle => format!("{}: {subtitle}", front.front.title),
    };
    page.offer_citation(
        renderer,
        &Publication {
            kind: Kind::Brief,
            slug: &document.document.slug,
            path: &document.path,
            title,
            authors: &front.authors,
            date: Some(front.date),
            updated: front.updated.filter(|updated| *updated != front.date),
            version: "",
            summary: &front.front.summary,
            keywords: &front.topics,
        },
    );
    page
}

/// What search engines for scholars read, tag by tag.
fn scholar(renderer: &Renderer<'_>, front: &Brief) -> Vec<(&'static str, String)> {
    let settings = &renderer.site.settings;
    let mut tags = vec![("citation_title", front.front.title.clone())];
    tags.extend(front.authors.iter().map(|author| ("citation_author", cite_this::inverted(author))));
    tags.push(("citation_publication_date", front.date.strftime("%Y/%m/%d").to_string()));
    tags.push(("citation_technical_report_institution", settings.publisher.clone()));
    tags.push(("citation_language", settings.language.clone()));
    tags.extend(front.topics.iter().map(|topic| ("citation_keywords", topic.clone())));
    tags
}

fn recommendations(renderer: &Renderer<'_>) -> Page {
    let head = Head {
        title: "Recommendations",
        description: "What the briefs ask of governments, and the levers that stand for it in the model.",
        path: "/recommendations/",
        kind: "recommendations",
        section: "Recommendations",
        template: "recommendations.html",
    };
    let mut page = head.page(renderer, &[("Home", "/")], false);
    page.context.insert("groups", &recommendation_groups(renderer));
    page
}

/// The recommendations of each brief that has some.
fn recommendation_groups(renderer: &Renderer<'_>) -> Vec<RecommendationGroup> {
    let groups = renderer.site.briefs.iter().map(|brief| RecommendationGroup {
        brief: TitledLink { title: brief.document.front.front.title.clone(), href: renderer.href(&brief.path) },
        slug: brief.document.slug.clone(),
        recommendations: recommendations_of(renderer, &brief.document.slug),
    });
    groups.filter(|group| !group.recommendations.is_empty()).collect()
}

fn recommendation(renderer: &Renderer<'_>, index: usize) -> Page {
    let all = &renderer.site.recommendations;
    let document = &all[index];
    let front = &document.document.front;
    let head = Head {
        title: &front.front.title,
        description: &front.front.summary,
        path: &document.path,
        kind: "recommendation",
        section: "Recommendations",
        template: "recommendation.html",
    };
    let mut page = head.text_page(renderer, &[("Home", "/"), ("Recommendations", "/recommendations/")], document);
    let text = text::text(renderer, document);
    let neighbour = |index: Option<usize>| {
        let other = all.get(index?)?;
        (other.document.front.brief.0 == front.brief.0).then(|| titled(renderer, other))
    };
    let context = RecommendationContext {
        card: recommendation_card(renderer, document),
        asks: front.asks.clone(),
        place: front.place.clone(),
        no_lever: front.no_lever.clone(),
        source: source(renderer, front.source.as_ref()),
        body: page.mark_terms(renderer, &text.body),
        toc: text::contents(&document.document.body.headings),
        footnotes: text.footnotes,
        bibliography: text.bibliography,
        previous: neighbour(index.checked_sub(1)),
        next: neighbour(Some(index + 1)),
    };
    page.context.insert("recommendation", &context);
    page.graph.push(json_ld::recommendation(renderer, document));
    page.offer_citation(
        renderer,
        &Publication {
            kind: Kind::Recommendation,
            slug: &document.document.slug,
            path: &document.path,
            title: front.front.title.clone(),
            authors: &[],
            date: Some(front.date),
            updated: None,
            version: "",
            summary: &front.front.summary,
            keywords: &[],
        },
    );
    page
}

fn page(renderer: &Renderer<'_>, document: &Linked<document::Page>) -> Page {
    let front = &document.document.front.front;
    let is_method = document.path.starts_with(method::FOLDER);
    let section = match document.path.as_str() {
        "/about/" => "About",
        _ if is_method => "Method",
        _ => "",
    };
    let head = Head {
        title: &front.title,
        description: &front.summary,
        path: &document.path,
        kind: "page",
        section,
        template: "page.html",
    };
    let mut parents = vec![("Home", "/")];
    let is_below_model = is_method && !renderer.site.models.is_empty();
    if is_below_model {
        parents.push(("Method", method::FOLDER));
    }
    let mut page = head.text_page(renderer, &parents, document);
    let neighbours = if is_below_model { method::neighbours(renderer, 0, &document.path) } else { Vec::new() };
    page.context.insert("neighbours", &neighbours);
    let text = text::text(renderer, document);
    page.context.insert("body", &text.body);
    page.context.insert("toc", &text::contents(&document.document.body.headings));
    page.context.insert("footnotes", &text.footnotes);
    page.context.insert("bibliography", &text.bibliography);
    if document.path == CORRECTIONS {
        page.context.insert("changes", &all_changes(renderer));
    }
    page
}

/// The changes of all briefs, the newest first.
fn all_changes(renderer: &Renderer<'_>) -> Vec<BriefChange> {
    let briefs = renderer.site.briefs.iter();
    let mut changes: Vec<(Date, BriefChange)> = briefs
        .flat_map(|brief| {
            let front = &brief.document.front;
            let notes = text::remarks_elsewhere(renderer, brief);
            front.changes.iter().zip(notes).map(|(change, note)| {
                let brief = TitledLink { title: front.front.title.clone(), href: renderer.href(&brief.path) };
                (change.date, BriefChange { change: change_context(change, note), brief })
            })
        })
        .collect();
    changes.sort_by_key(|(date, _)| std::cmp::Reverse(*date));
    changes.into_iter().map(|(_, change)| change).collect()
}

fn change_context(change: &document::Change, note: String) -> ChangeContext {
    ChangeContext { date_iso: change.date.to_string(), date_text: long_date(change.date), note }
}

fn datasets(renderer: &Renderer<'_>) -> Page {
    let head = Head {
        title: "Data",
        description: "The datasets behind the figures, each with its sources, units, licence and known faults.",
        path: "/data/",
        kind: "datasets",
        section: "Data",
        template: "datasets.html",
    };
    let mut page = head.page(renderer, &[("Home", "/")], false);
    let cards: Vec<DatasetCard> =
        renderer.site.datasets.iter().map(|dataset| dataset_card(renderer, dataset)).collect();
    page.context.insert("datasets", &cards);
    page.context.insert("register", &register::entry(renderer));
    page.context.insert("catalogue", &renderer.href(catalogue::PATH));
    page
}

fn dataset(renderer: &Renderer<'_>, index: usize) -> Page {
    let dataset = &renderer.site.datasets[index];
    let path = dataset_path(&dataset.id);
    let summary = first_paragraph(&dataset.description);
    let head = Head {
        title: &dataset.title,
        description: &summary,
        path: &path,
        kind: "dataset",
        section: "Data",
        template: "dataset.html",
    };
    let mut page = head.page(renderer, &[("Home", "/"), ("Data", "/data/")], false);
    let named = dataset.resources.iter().flat_map(|resource| works_named(renderer, resource));
    let works = Works::print(renderer, dataset.references.iter().map(|(key, _)| key.as_str()).chain(named));
    let (lead, rest) = dataset.description.split_once("\n\n").unwrap_or((&dataset.description, ""));
    let created: Option<Date> = dataset.created.parse().ok();
    let context = DatasetContext {
        id: dataset.id.clone(),
        title: dataset.title.clone(),
        lead: inline_markdown(renderer, index, lead),
        description: markdown(renderer, index, rest),
        notes: dataset.quality_notes.iter().map(|note| inline_markdown(renderer, index, note)).collect(),
        licence: LicenceContext { name: licence::name(&dataset.licence.name), href: dataset.licence.href.clone() },
        sources: dataset
            .sources
            .iter()
            .map(|source| TitledLink { title: source.title.clone(), href: source.href.clone() })
            .collect(),
        created_iso: dataset.created.clone(),
        created_text: day(&dataset.created),
        version: dataset.version.clone(),
        resources: (dataset.resources.iter())
            .map(|resource| resource_context(renderer, dataset, resource, &works))
            .collect(),
        package: renderer.href(&format!("{path}datapackage.json")),
        browse: match &renderer.site.register {
            Some(register) if register.dataset == index => renderer.href(PATH),
            _ => String::new(),
        },
        used_in: renderer.site.used_in[index]
            .iter()
            .map(|used| UseContext {
                title: used.title.clone(),
                href: renderer.href(&used.path),
                what: what_is_used(used),
            })
            .collect(),
        bibliography: works.bibliography,
    };
    page.context.insert("dataset", &context);
    page.graph.push(json_ld::dataset(renderer, dataset, &summary));
    page.offer_citation(
        renderer,
        &Publication {
            kind: Kind::Dataset,
            slug: &dataset.id,
            path: &path,
            title: dataset.title.clone(),
            authors: &[],
            date: created,
            updated: None,
            version: &dataset.version,
            summary: &summary,
            keywords: &[],
        },
    );
    page
}

/// What a page takes from a dataset: `1 chart, 12 numbers`.
fn what_is_used(used: &Use) -> String {
    let counted = |(count, one): (usize, &str)| {
        (count > 0).then(|| format!("{count} {one}{}", if count == 1 { "" } else { "s" }))
    };
    let parts = [(used.charts, "chart"), (used.tables, "table"), (used.numbers, "number")];
    parts.into_iter().filter_map(counted).collect::<Vec<_>>().join(", ")
}

/// The explorer of the model at `index`, with the site around it or without.
fn explorer_page(renderer: &Renderer<'_>, index: usize, is_embed: bool) -> Page {
    let policy = &renderer.site.models[index];
    let own = explorer::path(index, policy);
    let mut title = "Explorer".to_owned();
    if policy.is_earlier() {
        title.push_str(&format!(", version {}", policy.model.version));
    } else if index > 0 {
        title.push_str(&format!(": {}", policy.model.title));
    }
    if is_embed {
        title.push_str(", embedded");
    }
    let head = Head {
        title: &title,
        description: if is_embed { &policy.model.title } else { &policy.model.summary },
        path: &if is_embed { explorer::embed_path(index, policy) } else { own.clone() },
        kind: "explorer",
        section: "Explorer",
        template: if is_embed { "explorer-embed.html" } else { "explorer.html" },
    };
    let mut parents = vec![("Home", "/")];
    if index > 0 {
        parents.push(("Explorer", explorer::FOLDER));
    }
    let mut page = head.page(renderer, &parents, true);
    let (token, html) = explorer::full(renderer, index);
    page.context.insert("explorer", &token);
    page.context.insert("whole", &renderer.href(&own));
    page.context.insert("draws", &chart::number::text(f64::from(SAMPLING.draws), chart::Precision::Full));
    page.context.insert("model", &explorer::model_context(renderer, index));
    page.context.insert("newer", &explorer::newer(renderer, &own));
    page.splices = vec![(token, html)];
    page.take_previews(renderer);
    page.charts = explorer::FULL_CHARTS;
    page
}

fn not_found(renderer: &Renderer<'_>) -> Page {
    let head = Head {
        title: "Page not found",
        description: "There is no page at this address.",
        path: "/404.html",
        kind: "not-found",
        section: "",
        template: "not-found.html",
    };
    head.page(renderer, &[], false)
}

/// A brief as lists show it.
pub fn brief_card(renderer: &Renderer<'_>, document: &Linked<Brief>) -> BriefCard {
    let front = &document.document.front;
    let updated = front.updated.filter(|updated| *updated != front.date);
    BriefCard {
        title: front.front.title.clone(),
        subtitle: front.subtitle.clone(),
        summary: front.front.summary.clone(),
        date_iso: front.date.to_string(),
        date_text: long_date(front.date),
        updated_iso: updated.map(|date| date.to_string()).unwrap_or_default(),
        updated_text: updated.map(long_date).unwrap_or_default(),
        href: renderer.href(&document.path),
        authors: front.authors.iter().map(|author| author.name().to_owned()).collect(),
        topics: front.topics.clone(),
        minutes: document.document.body.words.div_ceil(READING_SPEED).max(1),
    }
}

fn recommendations_of(renderer: &Renderer<'_>, brief: &str) -> Vec<RecommendationCard> {
    let all = renderer.site.recommendations.iter();
    all.filter(|one| one.document.front.brief.0 == brief).map(|one| recommendation_card(renderer, one)).collect()
}

fn recommendation_card(renderer: &Renderer<'_>, document: &Linked<Recommendation>) -> RecommendationCard {
    let front = &document.document.front;
    let path = format!("/briefs/{}/", front.brief.0);
    let brief = renderer.site.briefs.iter().find(|brief| brief.path == path);
    let levers = front.levers.iter().filter_map(|(id, _)| {
        let mut models = renderer.site.models.iter().enumerate();
        let (index, policy) = models.find(|(_, policy)| policy.model.lever(id).is_some())?;
        let (label, grade) = policy.lever_label(id)?;
        let href = renderer.href(&format!("{}#{}", explorer::path(index, policy), explorer::lever_anchor(id)));
        Some(LeverTag { id: id.clone(), label, href, grade })
    });
    RecommendationCard {
        number: front.number,
        title: front.front.title.clone(),
        summary: front.front.summary.clone(),
        href: renderer.href(&document.path),
        brief: TitledLink {
            title: brief.map(|brief| brief.document.front.front.title.clone()).unwrap_or_default(),
            href: renderer.href(&path),
        },
        levers: levers.collect(),
    }
}

fn titled(renderer: &Renderer<'_>, document: &Linked<Recommendation>) -> TitledLink {
    TitledLink { title: document.document.front.front.title.clone(), href: renderer.href(&document.path) }
}

fn source(renderer: &Renderer<'_>, key: Option<&(String, std::ops::Range<usize>)>) -> String {
    key.and_then(|(key, _)| renderer.reference(key)).unwrap_or_default().to_owned()
}

fn dataset_card(renderer: &Renderer<'_>, dataset: &Dataset) -> DatasetCard {
    DatasetCard {
        id: dataset.id.clone(),
        title: dataset.title.clone(),
        summary: first_paragraph(&dataset.description),
        href: renderer.href(&dataset_path(&dataset.id)),
        rows: dataset.resources.iter().map(|resource| resource.rows.len()).sum(),
        resources: dataset.resources.len(),
        licence: licence::name(&dataset.licence.name),
    }
}

/// The rows that a page shows.
fn preview(resource: &Resource) -> &[Vec<Cell>] {
    let is_short = resource.rows.len() <= PREVIEW_ROWS + PREVIEW_REST;
    &resource.rows[..if is_short { resource.rows.len() } else { PREVIEW_ROWS }]
}

/// Whether the column at this place holds keys of the bibliography and nothing else.
fn holds_works(renderer: &Renderer<'_>, resource: &Resource, column: usize) -> bool {
    let is_work = |cell: &Cell| renderer.site.works.get(cell.written()).is_some();
    let mut cells = resource.rows.iter().map(|row| &row[column]).filter(|cell| **cell != Cell::Missing).peekable();
    resource.columns[column].kind == ColumnKind::String && cells.peek().is_some() && cells.all(is_work)
}

/// The works that the shown rows name, by key.
fn works_named<'r>(renderer: &Renderer<'_>, resource: &'r Resource) -> impl Iterator<Item = &'r str> {
    let columns = (0..resource.columns.len()).filter(|column| holds_works(renderer, resource, *column));
    columns
        .collect::<Vec<_>>()
        .into_iter()
        .flat_map(|column| preview(resource).iter().map(move |row| row[column].written()))
}

fn resource_context(renderer: &Renderer<'_>, dataset: &Dataset, resource: &Resource, works: &Works) -> ResourceContext {
    let path = dataset_path(&dataset.id);
    let shown = preview(resource);
    let columns: Vec<(&Column, bool)> =
        resource.columns.iter().enumerate().map(|(at, one)| (one, holds_works(renderer, resource, at))).collect();
    ResourceContext {
        name: resource.name.clone(),
        title: if resource.title.is_empty() { resource.name.clone() } else { resource.title.clone() },
        rows: resource.rows.len(),
        shown: shown.len(),
        csv: renderer.href(&format!("{path}{}.csv", resource.name)),
        json: renderer.href(&format!("{path}{}.json", resource.name)),
        columns: resource
            .columns
            .iter()
            .map(|column| ColumnContext {
                name: column.name.clone(),
                title: column.title.clone(),
                r#type: column.kind.name(),
                unit: column.unit.clone(),
                description: column.description.clone(),
            })
            .collect(),
        header: resource
            .columns
            .iter()
            .map(|column| HeaderContext {
                anchor: column_anchor(&resource.name, &column.name),
                title: column.title.clone(),
                unit: column.unit.clone(),
                numeric: column.kind.is_amount(),
            })
            .collect(),
        preview: shown
            .iter()
            .map(|row| {
                row.iter()
                    .zip(&columns)
                    .map(|(cell, (column, holds_works))| CellContext {
                        html: match cell {
                            Cell::Text(key) if *holds_works => works.cited(std::slice::from_ref(key)),
                            _ => preview_cell(cell, column),
                        },
                        numeric: column.kind.is_amount(),
                    })
                    .collect()
            })
            .collect(),
    }
}

/// A cell as a preview shows it: of a number with a long tail no more than readers compare, and all of it to who points
/// at it.
fn preview_cell(cell: &Cell, column: &Column) -> String {
    let full = cell_text(cell, column);
    let Cell::Number(value, written) = cell else { return escape(&full) };
    let decimals = full.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let precision = match value.abs() < 1.0 {
        true => Precision::Significant(PREVIEW_DECIMALS),
        false => Precision::Decimals(PREVIEW_DECIMALS),
    };
    let short = chart::number::text(*value, precision);
    if !column.kind.is_amount() || decimals <= usize::from(PREVIEW_DECIMALS) || short == full {
        return escape(&full);
    }
    let written = escape(written);
    format!("<data value=\"{written}\" title=\"{written}\">{short}</data>")
}

/// Markdown of the data package at this place among all, which is data: markup in it is shown as text.
fn markdown(renderer: &Renderer<'_>, dataset: usize, text: &str) -> String {
    let targets = &renderer.site.dataset_links[dataset];
    let events = Parser::new_ext(text, Options::ENABLE_SMART_PUNCTUATION).map(|event| match event {
        Event::Html(raw) | Event::InlineHtml(raw) => Event::Text(raw),
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            let dest_url = match targets.get(&*dest_url) {
                Some(Target::Internal(path) | Target::File(path)) => renderer.href(path).into(),
                _ => dest_url,
            };
            Event::Start(Tag::Link { link_type, dest_url, title, id })
        }
        other => other,
    });
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, events);
    html
}

/// The same without the paragraph around a text of one.
pub fn inline_markdown(renderer: &Renderer<'_>, dataset: usize, text: &str) -> String {
    let html = markdown(renderer, dataset, text);
    let inner = html.trim().strip_prefix("<p>").and_then(|rest| rest.strip_suffix("</p>"));
    inner.filter(|inner| !inner.contains("<p>")).map_or_else(|| html.clone(), str::to_owned)
}

/// What a text says first, without markup.
pub fn first_paragraph(text: &str) -> String {
    let paragraph = text.split("\n\n").next().unwrap_or(text);
    let mut words = String::new();
    for event in Parser::new(paragraph) {
        match event {
            Event::Text(text) | Event::Code(text) | Event::Html(text) | Event::InlineHtml(text) => {
                words.push_str(&text)
            }
            Event::SoftBreak | Event::HardBreak => words.push(' '),
            _ => {}
        }
    }
    words
}

/// What minifying must not touch stands behind this word until then.
pub fn token(id: &str) -> String {
    format!("LEVERS-SPLICE-{}-HERE", escape(id))
}
