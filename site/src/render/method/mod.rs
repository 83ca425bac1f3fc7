//! Pages made from a model: what it is, its equations, parameters, levers, checks, and what its results depend on.
//!
//! [`PolicyModel`] → [`Part`] → [`Page`]
//!
//! The first model has its pages under `/method/`, where the site's own text about it stands too; further models have
//! theirs one level below.

mod checks;
mod diagram;
mod equations;
mod levers;
mod mathml;
mod overview;
pub mod parameters;
mod sensitivity;
mod system;

use model::Region;
use serde::Serialize;

use super::pages::Head;
use super::{Anchor, Page, Renderer, explorer};
use crate::parse::models::PolicyModel;

/// Where the pages of the first model stand.
pub const FOLDER: &str = "/method/";

/// One of a model's pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The model as a drawing, its files, how to cite it.
    Overview,
    /// Every equation.
    Equations,
    /// Every number that the equations take as given.
    Parameters,
    /// What a government can do.
    Levers,
    /// What the model states about itself, and whether it holds.
    Checks,
    /// Which parameters decide the results.
    Sensitivity,
}

/// All pages of a model, in the order in which they are offered.
pub const PARTS: [Part; 6] =
    [Part::Overview, Part::Equations, Part::Parameters, Part::Levers, Part::Checks, Part::Sensitivity];

impl Part {
    /// The page's name in the navigation between them.
    fn label(self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::Equations => "Equations",
            Self::Parameters => "Parameters",
            Self::Levers => "Levers",
            Self::Checks => "Checks",
            Self::Sensitivity => "Sensitivity",
        }
    }

    fn description(self) -> &'static str {
        match self {
            Self::Overview => "What the model is made of, its files, and how to cite it.",
            Self::Equations => {
                "Every equation of the model as it is run, with its unit, its meaning, what it uses and what uses it."
            }
            Self::Parameters => {
                "Every number that the equations take as given: low, central and high value in each region, its source, and how good the evidence is."
            }
            Self::Levers => {
                "What a government can do in the model: what nothing and full strength mean, how it works, what it costs, and how good the evidence is."
            }
            Self::Checks => {
                "What the model states about itself, tried in every region and named scenario when the site is built."
            }
            Self::Sensitivity => "Which parameters decide the results, one at a time and all together.",
        }
    }
}

/// Where a page of the model at `index` stands.
pub fn path(index: usize, policy: &PolicyModel, part: Part) -> String {
    let folder = if index == 0 { FOLDER.to_owned() } else { format!("{FOLDER}{}/", policy.id) };
    match part {
        Part::Overview => folder,
        other => format!("{folder}{}/", other.label().to_lowercase()),
    }
}

/// What can be linked to on a page of a model.
pub fn anchors(policy: &PolicyModel, part: Part) -> Vec<String> {
    let model = &policy.model;
    match part {
        Part::Overview => overview::ANCHORS.map(str::to_owned).to_vec(),
        Part::Equations => model.declarations.iter().map(|one| equations::anchor(&one.id)).collect(),
        Part::Parameters => model
            .parameters
            .iter()
            .flat_map(|one| [parameters::anchor(&one.id), parameters::anchor(parameters::stem(one))])
            .chain((!model.groups.is_empty()).then(|| parameters::GROUPS.to_owned()))
            .collect(),
        Part::Levers => model.levers.iter().map(|one| explorer::lever_anchor(&one.id)).collect(),
        Part::Checks => checks::stated(policy).map(|one| checks::anchor(&one.id)).collect(),
        Part::Sensitivity => Vec::new(),
    }
}

/// A page of the model at `index`.
pub fn page(renderer: &Renderer<'_>, index: usize, part: Part) -> Page {
    match part {
        Part::Overview => overview::page(renderer, index),
        Part::Equations => equations::page(renderer, index),
        Part::Parameters => parameters::page(renderer, index),
        Part::Levers => levers::page(renderer, index),
        Part::Checks => checks::page(renderer, index),
        Part::Sensitivity => sensitivity::page(renderer, index),
    }
}

/// A link of the navigation between the pages about a model.
#[derive(Debug, Serialize)]
pub struct Neighbour {
    label: String,
    href: String,
    is_current: bool,
}

/// The pages about the model at `index`, with those that editors wrote; the one at `current` is marked.
pub fn neighbours(renderer: &Renderer<'_>, index: usize, current: &str) -> Vec<Neighbour> {
    let policy = &renderer.site.models[index];
    let folder = path(index, policy, Part::Overview);
    let made = PARTS.map(|part| (part.label().to_owned(), path(index, policy, part)));
    let written = renderer.site.pages.iter().filter_map(|page| {
        let below = page.path.strip_prefix(&folder).filter(|below| !below.is_empty())?;
        (below.matches('/').count() == 1).then(|| (page.document.front.front.title.clone(), page.path.clone()))
    });
    let all = made.into_iter().chain(written);
    all.map(|(label, path)| Neighbour { label, is_current: path == current, href: renderer.href(&path) }).collect()
}

/// A page about a model, before its own values are added.
fn start(renderer: &Renderer<'_>, index: usize, part: Part, template: &'static str) -> Page {
    let policy = &renderer.site.models[index];
    let own = path(index, policy, part);
    let title = match part {
        Part::Overview => policy.name(),
        other => other.label().to_owned(),
    };
    let title = if index > 0 && part != Part::Overview { format!("{title}: {}", policy.name()) } else { title };
    let mut description = part.description().to_owned();
    if index > 0 {
        description = format!("{}: {description}", policy.name());
    }
    begin(renderer, index, &own, &title, &description, template)
}

fn begin(
    renderer: &Renderer<'_>,
    index: usize,
    own: &str,
    title: &str,
    description: &str,
    template: &'static str,
) -> Page {
    let head = Head { title, description, path: own, kind: "method", section: "Method", template };
    let overview = path(index, &renderer.site.models[index], Part::Overview);
    let name = renderer.site.models[index].name();
    let mut parents = vec![("Home", "/")];
    if index > 0 {
        parents.push(("Method", FOLDER));
    }
    if own != overview {
        parents.push((if index == 0 { "Method" } else { name.as_str() }, overview.as_str()));
    }
    let mut page = head.page(renderer, &parents, false);
    page.context.insert("neighbours", &neighbours(renderer, index, own));
    page.context.insert("about", &about(renderer, index));
    page
}

/// What every page about a model says of it.
#[derive(Serialize)]
struct About {
    title: String,
    version: String,
    hash: String,
    regions: Vec<RegionContext>,
}

/// A region, and the word that must stand beside it.
#[derive(Clone, Serialize)]
struct RegionContext {
    label: String,
    mark: String,
    note: String,
}

fn region_context(region: &Region) -> RegionContext {
    RegionContext { label: region.label.clone(), mark: region.mark.clone(), note: region.note.clone() }
}

fn about(renderer: &Renderer<'_>, index: usize) -> About {
    let model = &renderer.site.models[index].model;
    About {
        title: model.title.clone(),
        version: model.version.clone(),
        hash: model.hash.clone(),
        regions: model.regions.iter().map(region_context).collect(),
    }
}

/// A link with a label.
fn link(label: &str, href: String) -> Anchor {
    Anchor { label: label.to_owned(), href }
}

/// "Kenya (illustrative)": a region never shows without its mark.
fn marked(region: &Region) -> String {
    if region.mark.is_empty() { region.label.clone() } else { format!("{} ({})", region.label, region.mark) }
}
