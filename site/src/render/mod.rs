//! The connected site → the files that are published.
//!
//! [`Site`] → [`render`] → [`File`]s, handed on one by one as they are made
//!
//! Nothing here reads the site's inputs or writes the site: whoever calls takes each file. Pages are made in parallel and
//! never all held at once.

mod amounts;
pub mod assets;
mod catalogue;
pub mod citation_style;
pub mod citations;
mod cite_this;
mod downloads;
pub mod explorer;
mod feeds;
mod figure_files;
mod figures;
mod json_ld;
mod licence;
pub mod method;
pub mod minify;
mod numbers;
mod offline;
mod package;
mod pages;
mod raster;
mod register;
mod templates;
mod terms;
mod text;
mod works;

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock};

use diagnostic::Diagnostics;
use jiff::civil::Date;
use rayon::prelude::*;
use serde::Serialize;
use serde_json::Value;
use tera::{Context, Tera};

use crate::bundle::{BINDINGS, Bundle, PROGRAM};
use crate::kept::Pictures;
use crate::link::Site;
use crate::load::Sources;
use assets::Assets;
use citation_style::CitationStyle;
use explorer::Explored;
use terms::Terms;

/// A file to publish.
#[derive(Clone, Debug)]
pub struct File {
    /// Its path below the output folder, such as `briefs/trade/index.html`.
    pub path: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// What was made, for the summary.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// HTML pages.
    pub pages: usize,
    /// Datasets.
    pub datasets: usize,
    /// Charts drawn from datasets and model runs.
    pub charts: usize,
    /// Pages that minifying would have changed for readers.
    pub unminified: usize,
}

/// Makes every file and hands it to `publish`, which may be called from several threads. Pictures that are kept are not
/// drawn again.
pub fn render(
    site: &Site,
    sources: &Sources,
    bundle: Option<&Bundle>,
    pictures: Option<&Pictures>,
    publish: &(dyn Fn(File) + Sync),
    diagnostics: &mut Diagnostics,
) -> Counts {
    let Some(style) = citation_style::chosen(&site.settings, sources, diagnostics) else { return Counts::default() };
    let explored: Vec<Explored> =
        site.models.iter().map(|policy| Explored::new(&policy.model, |path| site.settings.href(path))).collect();
    let models: Vec<(String, Vec<u8>)> = site
        .models
        .iter()
        .zip(&explored)
        .map(|(policy, one)| (format!("{}.model", policy.id), one.compact()))
        .collect();
    let assets = Assets::publish(sources, bundle, &models, site.files(), publish, diagnostics);
    let mut tera = templates::templates(sources, diagnostics);
    if diagnostics.has_errors() {
        return Counts::default();
    }
    let terms = Terms::new(&site.glossary);
    let renderer = Renderer {
        site,
        assets: &assets,
        sources,
        style: &style,
        terms,
        explored,
        references: site.works.keys().map(|key| (key, OnceLock::new())).collect(),
        pictures,
        has_bundle: bundle.is_some(),
    };
    tera.global_context().insert("site", &renderer.site_context());
    tera.global_context().insert("assets", &renderer.asset_context());

    let jobs = pages::jobs(&renderer);
    let found = Mutex::new(Diagnostics::new());
    let made: Vec<(bool, usize)> = jobs
        .par_iter()
        .filter_map(|job| {
            let mut diagnostics = Diagnostics::new();
            let made = page(&renderer, &tera, job, publish, &mut diagnostics);
            if !diagnostics.is_empty() {
                found.lock().expect("no thread panics while it holds this").extend(diagnostics);
            }
            made
        })
        .collect();
    diagnostics.extend(found.into_inner().expect("no thread panics while it holds this"));
    downloads::publish(&renderer, publish);
    feeds::publish(&renderer, &tera, publish, diagnostics);
    offline::publish(&renderer, &tera, publish, diagnostics);
    Counts {
        pages: made.len(),
        datasets: site.datasets.len(),
        charts: made.iter().map(|(_, charts)| charts).sum(),
        unminified: made.iter().filter(|(undone, _)| *undone).count(),
    }
}

/// What every page is made with.
pub struct Renderer<'a> {
    /// The connected site.
    pub site: &'a Site,
    /// The published names of assets.
    pub assets: &'a Assets,
    /// The inputs, for what is published as it is.
    pub sources: &'a Sources,
    /// How citations look.
    pub style: &'a CitationStyle,
    /// Finds the glossary's terms in texts.
    pub terms: Terms<'a>,
    /// The models that explorers explore, in the order of the site's.
    pub explored: Vec<Explored>,
    /// Works as they stand in a list of references, once a page asked for them: many pages name the same.
    references: BTreeMap<&'a str, OnceLock<Option<String>>>,
    /// Pictures of earlier builds.
    pub pictures: Option<&'a Pictures>,
    /// Whether explorers can move.
    pub has_bundle: bool,
}

/// One page: its template, what the template is given, and the explorers put in after minifying.
pub struct Page {
    template: &'static str,
    path: String,
    context: Context,
    /// Explorers' HTML, which must reach the browser exactly as it was made, each in place of its token.
    splices: Vec<(String, String)>,
    charts: usize,
    /// What the page offers for download beside itself.
    files: Vec<File>,
    /// What it is about, for search engines.
    graph: Vec<Value>,
}

/// What every template knows of its page.
#[derive(Debug, Serialize)]
struct PageContext<'a> {
    title: &'a str,
    description: &'a str,
    path: &'a str,
    canonical: String,
    kind: &'static str,
    section: &'static str,
    breadcrumbs: Vec<Anchor>,
    explorer: bool,
}

/// A link in a template.
#[derive(Clone, Debug, Serialize)]
struct Anchor {
    label: String,
    href: String,
}

#[derive(Serialize)]
struct SiteContext<'a> {
    title: &'a str,
    tagline: &'a str,
    description: &'a str,
    language: &'a str,
    publisher: &'a str,
    contact: &'a str,
    footer: &'a str,
    url: &'a str,
    base: &'a str,
    licence: LicenceContext,
    nav: Vec<Anchor>,
    /// Pages that are not in the navigation.
    more: Vec<Anchor>,
    updated: String,
}

#[derive(Serialize)]
struct LicenceContext {
    code: String,
    content: String,
}

#[derive(Serialize)]
struct AssetContext {
    style: String,
    explorer_style: String,
    loader: String,
    wasm: String,
    script: String,
    font_preloads: Vec<String>,
    icon: String,
}

impl<'a> Renderer<'a> {
    /// The path that all addresses start with.
    pub fn base(&self) -> &'a str {
        self.site.settings.base_path()
    }

    /// The address of `path`, which starts at the site's root; anchors stay as they are.
    pub fn href(&self, path: &str) -> String {
        self.site.settings.href(path)
    }

    /// The full address of `path`.
    pub fn url(&self, path: &str) -> String {
        format!("{}{}", self.site.settings.base_url, path.trim_start_matches('/'))
    }

    /// The work of this key as it stands in a list of references.
    pub fn reference(&self, key: &str) -> Option<&str> {
        let printed = self.references.get(key)?.get_or_init(|| self.style.reference(&self.site.works, key));
        printed.as_deref()
    }

    /// How many bytes an input file has.
    pub fn size_of(&self, file: &str) -> usize {
        self.sources.bytes(file).map_or(0, <[u8]>::len)
    }

    /// The day of the newest text; the site does not know when it was built.
    pub fn updated(&self) -> Option<Date> {
        let briefs = self.site.briefs.iter().map(|brief| {
            let front = &brief.document.front;
            front.updated.map_or(front.date, |updated| updated.max(front.date))
        });
        briefs.chain(self.site.recommendations.iter().map(|one| one.document.front.date)).max()
    }

    fn site_context(&self) -> SiteContext<'a> {
        let settings = &self.site.settings;
        let mut nav = vec![("Briefs", "/briefs/"), ("Recommendations", "/recommendations/")];
        if !self.site.models.is_empty() {
            nav.push(("Explorer", explorer::FOLDER));
        }
        nav.push(("Data", "/data/"));
        for (label, path) in [("Method", "/method/"), ("About", "/about/")] {
            let is_made = path == method::FOLDER && !self.site.models.is_empty();
            if is_made || self.site.pages.iter().any(|page| page.path == path) {
                nav.push((label, path));
            }
        }
        let elsewhere = |path: &str| nav.iter().all(|(_, known)| *known != path);
        let register = self
            .site
            .register
            .iter()
            .map(|_| Anchor { label: register::TITLE.to_owned(), href: self.href(crate::link::register::PATH) });
        let written = self
            .site
            .pages
            .iter()
            .filter(|page| elsewhere(&page.path))
            .map(|page| Anchor { label: page.document.front.front.title.clone(), href: self.href(&page.path) });
        let more = register.chain(written);
        SiteContext {
            more: more.collect(),
            title: &settings.title,
            tagline: &settings.tagline,
            description: &settings.description,
            language: &settings.language,
            publisher: &settings.publisher,
            contact: &settings.contact,
            footer: &settings.footer,
            url: &settings.base_url,
            base: self.base(),
            licence: LicenceContext {
                code: licence::name(&settings.code_licence),
                content: licence::name(&settings.content_licence),
            },
            nav: nav.into_iter().map(|(label, path)| Anchor { label: label.into(), href: self.href(path) }).collect(),
            updated: self.updated().map(|day| format!("{day}T00:00:00Z")).unwrap_or_default(),
        }
    }

    fn asset_context(&self) -> AssetContext {
        let href = |name: &str| self.assets.href(self.base(), name);
        let bundled = |name: &str| if self.has_bundle { href(name) } else { String::new() };
        AssetContext {
            style: href("site.css"),
            explorer_style: href("explorer.css"),
            loader: bundled("explorer.js"),
            wasm: bundled(&format!("explorer/{PROGRAM}")),
            script: bundled(&format!("explorer/{BINDINGS}")),
            // A face that comes late is not shown at all, so that nothing moves.
            font_preloads: self.assets.common_typefaces(self.base()),
            icon: href("icon.svg"),
        }
    }
}

/// Whether minifying had to be undone, and how many charts the page has.
fn page(
    renderer: &Renderer<'_>,
    tera: &Tera,
    job: &pages::Job<'_>,
    publish: &(dyn Fn(File) + Sync),
    diagnostics: &mut Diagnostics,
) -> Option<(bool, usize)> {
    let mut page = job.page(renderer);
    let json_ld = if page.graph.is_empty() { String::new() } else { json_ld::script(&page.graph) };
    page.context.insert("json_ld", &json_ld);
    let html = templates::render(tera, page.template, &page.context, diagnostics)?;
    let minify::Minified { html, undone } = minify::minify(html);
    publish(File { path: file_of(&page.path), bytes: spliced(html, &page.splices) });
    page.files.into_iter().for_each(publish);
    Some((undone, page.charts))
}

fn spliced(html: Vec<u8>, splices: &[(String, String)]) -> Vec<u8> {
    if splices.is_empty() {
        return html;
    }
    let mut text = String::from_utf8_lossy(&html).into_owned();
    for (token, with) in splices {
        text = text.replacen(token, with, 1);
    }
    text.into_bytes()
}

/// The file that a server shows at `path`.
fn file_of(path: &str) -> String {
    let below = path.trim_start_matches('/');
    if below.is_empty() || below.ends_with('/') { format!("{below}index.html") } else { below.to_owned() }
}
