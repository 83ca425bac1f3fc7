//! Explorers → HTML that is complete by itself and that the browser's program takes over.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use app::ranges::RangeRun;
use app::results::{Results, Shown};
use app::session::{Gesture, Session};
use app::{Explorer, RecommendationLink, Setup, Shape};
use leptos::prelude::*;
use model::{Model, RegionId};
use serde::Serialize;

use super::method::{self, Part};
use super::works::Works;
use super::{Renderer, figures, offline, pages};
use crate::bundle::{BINDINGS, PROGRAM};
use crate::calendar;
use crate::html::escape;
use crate::link::figure::{Content, Figure};
use crate::parse::models::PolicyModel;

/// Where the explorer of the first model stands; those of further models stand one level below.
pub const FOLDER: &str = "/explorer/";

/// Charts of the explorer's own page as it is built.
pub const FULL_CHARTS: usize = 4;

/// The scenario whose result the home page shows.
const LIVE_SCENARIO: &str = "all-at-50";

/// What the home page shows of the model.
#[derive(Serialize)]
pub struct Live {
    sentence: String,
    headline: Vec<HeadlineContext>,
    chart: String,
    caveat: String,
    href: String,
}

#[derive(Serialize)]
struct HeadlineContext {
    label: String,
    value: String,
    unit: String,
    range: String,
    note: String,
}

/// What the explorer's page says of its model.
#[derive(Serialize)]
pub struct ModelContext {
    title: String,
    version: String,
    summary: String,
    files: Vec<FileContext>,
}

#[derive(Serialize)]
struct FileContext {
    name: String,
    href: String,
    bytes: usize,
}

/// The anchor of a lever on the explorer's page.
pub fn lever_anchor(id: &str) -> String {
    format!("lever-{id}")
}

/// Where the explorer of the model at `index` stands.
pub fn path(index: usize, policy: &PolicyModel) -> String {
    if index == 0 { FOLDER.to_owned() } else { path_below(&policy.id) }
}

/// Where the explorer of a further model stands.
pub fn path_below(id: &str) -> String {
    format!("{FOLDER}{id}/")
}

/// Where it stands without the site around it, for other sites' pages.
pub fn embed_path(index: usize, policy: &PolicyModel) -> String {
    format!("{}embed/", path(index, policy))
}

/// The explorer's own page: a token for the template, and the HTML to put in its place.
pub fn full(renderer: &Renderer<'_>, model: usize) -> (String, String) {
    let region = renderer.site.models[model].region_ids().next().unwrap_or_default().to_owned();
    let setup = setup(renderer, model, Shape::Full, region, 0, "lever");
    (pages::token("explorer"), frame(renderer, model, setup))
}

/// The explorer of a document: a token for its figure, and the HTML to put in its place.
pub fn embed(renderer: &Renderer<'_>, figure: &Figure) -> Option<(String, String)> {
    let Some(Content::Explorer { levers, start, percent }) = &figure.content else { return None };
    let (shape, prefix) = (Shape::Embed(levers.clone()), &figure.common.id.0);
    let setup = setup(renderer, start.model, shape, start.region.clone(), *percent, prefix);
    Some((pages::token(prefix), frame(renderer, start.model, setup)))
}

/// What an explorer of the model at `model` starts with; its links lead to the pages about that model.
fn setup(renderer: &Renderer<'_>, model: usize, shape: Shape, region: String, start: u8, prefix: &str) -> Setup {
    let policy = &renderer.site.models[model];
    let about = |part: Part| renderer.href(&method::path(model, policy, part));
    Setup {
        shape,
        region,
        model_href: model_href(renderer, model),
        start,
        prefix: prefix.to_owned(),
        explorer_href: renderer.href(&path(model, policy)),
        levers_href: about(Part::Levers),
        parameters_href: about(Part::Parameters),
        equations_href: about(Part::Equations),
        recommendations: recommendations(renderer),
        works: works(renderer, model),
    }
}

/// A version of a model that was kept when a newer one came, and where the newer one is explored.
#[derive(Serialize)]
pub struct Newer {
    version: String,
    href: String,
}

/// The newest version of the model of which the explorer at `own` shows an earlier one.
pub fn newer(renderer: &Renderer<'_>, own: &str) -> Option<Newer> {
    let leads_here = |(_, policy): &(usize, &PolicyModel)| policy.model.changes.iter().any(|one| one.address == own);
    let (index, policy) = renderer.site.models.iter().enumerate().find(leads_here)?;
    Some(Newer { version: policy.model.version.clone(), href: renderer.href(&path(index, policy)) })
}

/// A model that explorers of the site share.
pub struct Explored {
    model: Arc<Model>,
    /// Its outcomes, if it has those that explorers show.
    shown: Option<Shown>,
    /// By region: draws with all levers at their status quo, once an explorer asked for them.
    prepared: Vec<OnceLock<Option<RangeRun>>>,
    /// What readers call the works it names, once an explorer asked for them.
    works: OnceLock<BTreeMap<String, String>>,
}

impl Explored {
    /// Of a model, nothing run yet. `href` turns an address of the site into one that a page can link to.
    pub fn new(model: &Model, href: impl Fn(&str) -> String) -> Self {
        let mut model = model.clone();
        for change in &mut model.changes {
            change.address = href(&change.address);
            change.date = calendar::day(&change.date);
        }
        let prepared = model.regions.iter().map(|_| OnceLock::new()).collect();
        Self { shown: Shown::of(&model), model: Arc::new(model), prepared, works: OnceLock::new() }
    }

    /// The model as the browser's program reads it.
    pub fn compact(&self) -> Vec<u8> {
        self.model.as_ref().clone().without_text().to_bytes()
    }

    /// The draws of a region, done.
    fn prepared(&self, region: RegionId) -> Option<RangeRun> {
        let run = || {
            let mut run = RangeRun::new(&Session::new(Arc::clone(&self.model), region), self.shown?).ok()?;
            while run.advance() {}
            Some(run)
        };
        self.prepared[region.index()].get_or_init(run).clone()
    }
}

/// What the model gives with every lever at half strength, for the home page.
pub fn live(renderer: &Renderer<'_>) -> Option<Live> {
    let Explored { model, shown, .. } = renderer.explored.first()?;
    let shown = (*shown)?;
    let region = model.region(&model.regions.first()?.id)?;
    let preset = model.scenario(LIVE_SCENARIO)?;
    let session = Session::new(Arc::clone(model), region).after(Gesture::Preset(preset));
    let results = Results::of(&session, shown).ok()?;
    let mut run = renderer.explored.first()?.prepared(region)?;
    run.follow(&session).ok()?;
    while run.advance() {}
    let ranges = run.ranges();
    let chart = results.charts("live", false, ranges.as_ref()).into_iter().next()?;
    Some(Live {
        sentence: escape(&results.sentence(ranges.as_ref()).replacen(
            "With these settings",
            &format!("With {}", lower_first(&model.scenarios[preset.index()].label)),
            1,
        )),
        headline: results
            .headlines(false, ranges.as_ref())
            .into_iter()
            .map(|headline| HeadlineContext {
                label: headline.label.to_owned(),
                value: headline.value,
                unit: headline.unit,
                range: headline.range.unwrap_or_default(),
                note: headline.note,
            })
            .collect(),
        chart: figures::bare_chart(&chart),
        caveat: escape(&results.caveat(ranges.as_ref())),
        href: renderer.href(FOLDER),
    })
}

/// What the explorer's page says of the model.
pub fn model_context(renderer: &Renderer<'_>, model: usize) -> ModelContext {
    let policy = &renderer.site.models[model];
    let mut files: Vec<FileContext> = policy
        .files
        .iter()
        .map(|file| FileContext {
            name: file.rsplit('/').next().unwrap_or(file).to_owned(),
            href: renderer.href(&policy.published(file)),
            bytes: renderer.size_of(file),
        })
        .collect();
    files.push(FileContext {
        name: "baseline.csv".to_owned(),
        href: renderer.href(&policy.baseline_path()),
        bytes: policy.baseline_csv().len(),
    });
    ModelContext {
        title: policy.model.title.clone(),
        version: policy.model.version.clone(),
        summary: policy.model.summary.clone(),
        files,
    }
}

/// The explorer with what its program needs to find it.
fn frame(renderer: &Renderer<'_>, model: usize, setup: Setup) -> String {
    let explored = &renderer.explored[model];
    // Checked when the site was checked: a model without these outcomes is not explored.
    let Some(shown) = explored.shown else { return String::new() };
    let small = if matches!(setup.shape, Shape::Embed(_)) { " explorer-small" } else { "" };
    let asset = |name: &str| renderer.assets.href(renderer.base(), name);
    let mut attributes: Vec<(&str, String)> = setup.attributes();
    if renderer.has_bundle {
        if setup.shape == Shape::Full {
            attributes.push(("data-embed", renderer.href(&embed_path(model, &renderer.site.models[model]))));
            // Only the first model's is kept by the worker: an earlier version is seldom opened.
            if model == 0 {
                attributes.push(("data-offline", renderer.href(offline::WORKER)));
            }
        }
        attributes.push(("data-bindings", asset(&format!("explorer/{BINDINGS}"))));
        attributes.push(("data-program", asset(&format!("explorer/{PROGRAM}"))));
    }
    let attributes: String = attributes.iter().map(|(name, value)| format!(" {name}=\"{}\"", escape(value))).collect();
    let shared = Arc::clone(&explored.model);
    let prepared = shared.region(&setup.region).and_then(|region| explored.prepared(region));
    let body = Owner::new().with(|| view! { <Explorer model=shared shown setup prepared host=None/> }.to_html());
    // The comments by which the program finds its texts again, in the form that is no mistake; browsers read both alike.
    let body = body.replace("<!>", "<!---->");
    format!(
        "<div class=\"explorer{small}\"{attributes}>\
         <noscript><p class=\"explorer-notice\">Moving the levers needs JavaScript, which is off in this browser. The \
         figures, charts and tables are complete for the settings shown.</p></noscript>\
         <p class=\"explorer-notice\" role=\"alert\" hidden></p>\
         <div class=\"explorer-body\">{body}</div></div>"
    )
}

/// Where the model that the browser reads lies, if there is a program to read it.
fn model_href(renderer: &Renderer<'_>, model: usize) -> String {
    let name = format!("{}.model", renderer.site.models[model].id);
    if renderer.has_bundle { renderer.assets.href(renderer.base(), &name) } else { String::new() }
}

/// What readers call the works that a model names: `Lowrey (2011)`.
fn works(renderer: &Renderer<'_>, model: usize) -> BTreeMap<String, String> {
    let explored = &renderer.explored[model];
    let print = || {
        let Model { levers, parameters, .. } = explored.model.as_ref();
        let estimates =
            parameters.iter().flat_map(|parameter| parameter.shared.iter().chain(parameter.regional.values()));
        let assumed: BTreeSet<&str> = estimates.flat_map(|estimate| &estimate.sources).map(String::as_str).collect();
        let argued = levers.iter().flat_map(|lever| &lever.sources).map(String::as_str);
        let short = Works::print(renderer, argued.chain(assumed.iter().copied())).into_short();
        // Their list stands on the page of the parameters or on that of the levers, not here.
        let away = |(key, words): (String, String)| {
            let part = if assumed.contains(key.as_str()) { Part::Parameters } else { Part::Levers };
            let page = renderer.href(&method::path(model, &renderer.site.models[model], part));
            (key, words.replace("href=\"#", &format!("href=\"{page}#")))
        };
        short.into_iter().map(away).collect()
    };
    explored.works.get_or_init(print).clone()
}

fn recommendations(renderer: &Renderer<'_>) -> Vec<RecommendationLink> {
    let link = |one: &crate::link::Linked<crate::parse::document::Recommendation>| RecommendationLink {
        slug: one.document.slug.clone(),
        href: renderer.href(&one.path),
        title: one.document.front.front.title.clone(),
    };
    renderer.site.recommendations.iter().map(link).collect()
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
