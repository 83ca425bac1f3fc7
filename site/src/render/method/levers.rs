//! What a government can do: each lever with its scale, its schedule, its mechanism, its cost and its evidence.

use chart::{Precision, Unit};
use model::{
    Basis, Lever, LeverId, Model, Quantified, Reference, Region, RegionId, Run, Scale, Scenario, Schedule, Whereabouts,
    reference_places, run,
};
use serde::Serialize;

use super::super::works::Works;
use super::super::{Anchor, Page, Renderer, explorer};
use super::{Part, link, marked, parameters};

#[derive(Serialize)]
struct LeverContext {
    anchor: String,
    id: String,
    label: String,
    group: String,
    grade: String,
    grade_meaning: &'static str,
    zero: String,
    hundred: String,
    range: String,
    stretches: Vec<StretchContext>,
    references: Vec<ReferenceContext>,
    schedule: String,
    lag: String,
    lag_short: String,
    lag_link: String,
    mechanism: String,
    evidence: String,
    warning: String,
    sources: String,
    cost: String,
    cost_omits: String,
    unit: String,
    /// For each region, its size at 100% on its natural scale and its cost then.
    sizes: Vec<Size>,
    recommendations: Vec<Asked>,
    explorer: String,
}

/// A named stretch of the track.
#[derive(Serialize)]
struct StretchContext {
    /// From where to where.
    settings: String,
    label: String,
}

/// A known quantity beside the track.
#[derive(Serialize)]
struct ReferenceContext {
    label: String,
    /// How much it is; empty for one that only has a place.
    amount: String,
    /// Where it stands on the track, as words that follow the amount; the place it is from if it has none there.
    place: String,
    is_unverified: bool,
    source: String,
}

/// A recommendation and the brief it belongs to.
#[derive(Serialize)]
struct Asked {
    recommendation: Anchor,
    brief: Option<Anchor>,
}

#[derive(Clone, Serialize)]
struct Size {
    region: String,
    full: String,
    cost: String,
    cost_value: f64,
}

pub fn page(renderer: &Renderer<'_>, index: usize) -> Page {
    let policy = &renderer.site.models[index];
    let model = &policy.model;
    let works = Works::print(renderer, model.levers.iter().flat_map(cited));
    let runs = sizes(model);
    let places: Vec<Places> =
        model.region_ids().filter_map(|id| Some((id, reference_places(model, id).ok()?))).collect();
    let levers: Vec<LeverContext> =
        model.lever_ids().map(|id| context(renderer, index, id, &runs, &places, &works)).collect();
    let mut page = super::start(renderer, index, Part::Levers, "method-levers.html");
    page.context.insert("sort_script", &renderer.assets.href(renderer.base(), "sort.js"));
    page.context.insert("levers", &levers);
    page.context.insert("bibliography", &works.bibliography);
    page
}

/// Where the references of each lever stand in a region, by lever and reference.
type Places = (RegionId, Vec<Vec<Option<f64>>>);

/// The keys of the works that a lever cites.
fn cited(lever: &Lever) -> impl Iterator<Item = &str> {
    lever.sources.iter().chain(lever.references.iter().map(|one| &one.source)).map(String::as_str)
}

fn context(
    renderer: &Renderer<'_>,
    index: usize,
    id: LeverId,
    runs: &[(Region, Run)],
    places: &[Places],
    works: &Works,
) -> LeverContext {
    let policy = &renderer.site.models[index];
    let model = &policy.model;
    let lever = &model.levers[id.index()];
    let lag = lever.lag.map(|id| &model.parameters[id.index()]);
    let (lag_text, lag_short) = lag.map_or_else(Default::default, |parameter| lag_words(model, parameter));
    let recommendations = lever.recommendations.iter().filter_map(|slug| {
        let found = renderer.site.recommendations.iter().find(|one| one.document.slug == *slug)?;
        let brief = renderer.site.briefs.iter().find(|brief| brief.document.slug == found.document.front.brief.0);
        Some(Asked {
            recommendation: link(&found.document.front.front.title, renderer.href(&found.path)),
            brief: brief.map(|brief| link(&brief.document.front.front.title, renderer.href(&brief.path))),
        })
    });
    LeverContext {
        anchor: explorer::lever_anchor(&lever.id),
        id: lever.id.clone(),
        label: lever.label.clone(),
        group: lever.group.clone(),
        grade: lever.grade.to_string(),
        grade_meaning: lever.grade.meaning(),
        zero: lever.zero.clone(),
        hundred: lever.hundred.clone(),
        range: format!(
            "{} to {}%, in steps of {}%; today’s policy stands at {}%",
            percent(lever.range.0),
            percent(lever.range.1),
            percent(lever.step),
            percent(lever.status_quo)
        ),
        stretches: stretches(lever),
        references: (lever.references.iter().enumerate())
            .map(|(number, one)| {
                let placed = places.iter().map(|(region, places)| (*region, places[id.index()][number]));
                reference(model, one, &placed.collect::<Vec<_>>(), works)
            })
            .collect(),
        schedule: schedule(model, lever.schedule),
        lag: lag_text,
        lag_short,
        lag_link: lag.map_or_else(String::new, |parameter| {
            let path = super::path(index, policy, Part::Parameters);
            renderer.href(&format!("{path}#{}", parameters::anchor(&parameter.id)))
        }),
        mechanism: lever.mechanism.clone(),
        evidence: lever.evidence.clone(),
        warning: lever.warning.clone(),
        sources: works.cited(&lever.sources),
        cost: lever.cost.clone(),
        cost_omits: lever.cost_omits.clone(),
        unit: lever.unit.clone(),
        sizes: runs.iter().map(|(region, run)| size(lever, region, run)).collect(),
        recommendations: recommendations.collect(),
        explorer: renderer.href(&format!("{}#{}", explorer::path(index, policy), explorer::lever_anchor(&lever.id))),
    }
}

fn percent(share: f64) -> String {
    chart::number::text(share * 100.0, Precision::Decimals(0))
}

fn stretches(lever: &Lever) -> Vec<StretchContext> {
    let starts = std::iter::once(lever.range.0).chain(lever.stretches.iter().map(|stretch| stretch.to));
    let stretches = starts.zip(&lever.stretches).map(|(start, stretch)| StretchContext {
        settings: format!("{} to {}%", percent(start), percent(stretch.to)),
        label: stretch.label.clone(),
    });
    stretches.collect()
}

fn reference(
    model: &Model,
    reference: &Reference,
    places: &[(RegionId, Option<f64>)],
    works: &Works,
) -> ReferenceContext {
    let amount = match &reference.quantity {
        Quantified::Value { scale, value, unit, .. } => {
            let amount =
                Unit::new(&unit.replace(" per year", " a year")).of(&chart::number::text(*value, Precision::Full));
            if *scale == Scale::Cost { format!("{amount} of cost") } else { amount }
        }
        Quantified::Place(_) => String::new(),
    };
    let place = |(region, place): &(RegionId, Option<f64>)| {
        let place = chart::number::text((*place)? * 100.0, Precision::Significant(2));
        Some(format!("{place}% ({})", marked(&model.regions[region.index()])))
    };
    let place = match &reference.whereabouts {
        Whereabouts::Elsewhere(elsewhere) => format!(" ({elsewhere})"),
        Whereabouts::Everywhere | Whereabouts::Regions(_) => {
            let places: Vec<String> = places.iter().filter_map(place).collect();
            format!("{}at {}", if amount.is_empty() { "" } else { ", " }, places.join(", "))
        }
    };
    ReferenceContext {
        label: reference.label.clone(),
        amount,
        place,
        is_unverified: reference.basis == Basis::Unverified,
        source: works.cited(std::slice::from_ref(&reference.source)),
    }
}

fn schedule(model: &Model, Schedule { start, ramp }: Schedule) -> String {
    let number = |value: f64| chart::number::text(value, Precision::Full);
    let unit = &model.time.unit;
    let start = if start == 0.0 {
        "from the first day".to_owned()
    } else {
        format!("{} {unit} after the start", number(start))
    };
    let ramp = if ramp == 0.0 { "at once".to_owned() } else { format!("rising over {} {unit}", number(ramp)) };
    format!("Money is spent {start}, {ramp}, unless a scenario says otherwise.")
}

/// How long delivery takes, in a sentence and in a cell.
fn lag_words(model: &Model, parameter: &model::Parameter) -> (String, String) {
    let number = |value: f64| chart::number::text(value, Precision::Full);
    let Some(region) = model.region_ids().next() else { return Default::default() };
    let estimate = parameter.estimate(region);
    let short = number(estimate.central);
    let range = if estimate.low < estimate.high {
        format!(" ({} to {})", number(estimate.low), number(estimate.high))
    } else {
        String::new()
    };
    (format!("Effects follow with a lag of {short}{range} {}", parameter.unit), short)
}

/// In each region, the sizes of levers at 100% and what they cost a year once they stand there. With all levers at
/// their highest at once, stocks are not yet moved by them in the first year, so each costs what it costs alone.
fn sizes(model: &Model) -> Vec<(Region, Run)> {
    let of = |id: RegionId| {
        let mut scenario = Scenario::new(model, id).at_once();
        scenario.levers = model.levers.iter().map(|lever| lever.range.1).collect();
        Some((model.regions[id.index()].clone(), run(model, &scenario).ok()?))
    };
    model.region_ids().filter_map(of).collect()
}

fn size(lever: &Lever, region: &Region, run: &Run) -> Size {
    let cost = lever.cost_variable.and_then(|variable| Some(run.series(variable).first()? / lever.range.1));
    let full = lever.full.and_then(|variable| run.series(variable).first().copied());
    Size {
        region: marked(region),
        full: full.map_or_else(
            || "–".to_owned(),
            |value| match lever.unit.strip_prefix("share") {
                Some(of) => format!("{}%{of}", chart::number::text(value * 100.0, Precision::Significant(2))),
                None => Unit::new(&lever.unit).of(&chart::number::text(value, Precision::Significant(2))),
            },
        ),
        cost: cost.map_or_else(|| "–".to_owned(), app::number::money),
        cost_value: cost.unwrap_or(f64::NAN),
    }
}
