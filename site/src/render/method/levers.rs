//! What a government can do: each lever with its scale, its schedule, its mechanism, its cost and its evidence.

use chart::{Precision, Unit};
use model::{Lever, Model, Region, RegionId, Run, Scenario, run};
use serde::Serialize;

use super::super::works::Works;
use super::super::{Anchor, Page, Renderer, lever_anchor};
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
    schedule: String,
    lag: String,
    lag_short: String,
    lag_link: String,
    mechanism: String,
    evidence: String,
    warning: String,
    sources: String,
    cost: String,
    unit: String,
    /// For each region, its size at 100 % on its natural scale and its cost then.
    sizes: Vec<Size>,
    recommendations: Vec<Anchor>,
    explorer: String,
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
    let works = Works::print(renderer, model.levers.iter().flat_map(|one| one.sources.iter().map(String::as_str)));
    let runs = sizes(model);
    let levers: Vec<LeverContext> =
        model.levers.iter().map(|lever| context(renderer, index, lever, &runs, &works)).collect();
    let mut page = super::start(renderer, index, Part::Levers, "method-levers.html");
    page.context.insert("sort_script", &renderer.assets.href(renderer.base(), "sort.js"));
    page.context.insert("levers", &levers);
    page.context.insert("bibliography", &works.bibliography);
    page
}

fn context(
    renderer: &Renderer<'_>,
    index: usize,
    lever: &Lever,
    runs: &[(Region, Run)],
    works: &Works,
) -> LeverContext {
    let policy = &renderer.site.models[index];
    let model = &policy.model;
    let percent = |share: f64| chart::number::text(share * 100.0, Precision::Decimals(0));
    let lag = lever.lag.map(|id| &model.parameters[id.index()]);
    let (lag_text, lag_short) = lag.map_or_else(Default::default, |parameter| lag_words(model, parameter));
    let recommendations = lever.recommendations.iter().filter_map(|slug| {
        let found = renderer.site.recommendations.iter().find(|one| one.document.slug == *slug)?;
        Some(link(&found.document.front.front.title, renderer.href(&found.path)))
    });
    LeverContext {
        anchor: lever_anchor(&lever.id),
        id: lever.id.clone(),
        label: lever.label.clone(),
        group: lever.group.clone(),
        grade: lever.grade.to_string(),
        grade_meaning: lever.grade.meaning(),
        zero: lever.zero.clone(),
        hundred: lever.hundred.clone(),
        range: format!(
            "0 to 100 %, in steps of {} %; today’s policy stands at {} %",
            percent(lever.step),
            percent(lever.status_quo)
        ),
        schedule: schedule(model, lever),
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
        unit: lever.unit.clone(),
        sizes: runs.iter().map(|(region, run)| size(model, lever, region, run)).collect(),
        recommendations: recommendations.collect(),
        // The explorer shows the first model.
        explorer: if index == 0 {
            renderer.href(&format!("/explorer/#{}", lever_anchor(&lever.id)))
        } else {
            String::new()
        },
    }
}

fn schedule(model: &Model, lever: &Lever) -> String {
    let number = |value: f64| chart::number::text(value, Precision::Full);
    let unit = &model.time.unit;
    let start = if lever.schedule.start == 0.0 {
        "from the first day".to_owned()
    } else {
        format!("{} {unit} after the start", number(lever.schedule.start))
    };
    let ramp = if lever.schedule.ramp == 0.0 {
        "at once".to_owned()
    } else {
        format!("rising over {} {unit}", number(lever.schedule.ramp))
    };
    format!("Money is spent {start}, {ramp}.")
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

/// In each region, the sizes of levers at 100 % and what they cost a year once they stand there. With all levers at
/// 100 % at once, stocks are not yet moved by them in the first year, so each costs what it costs alone.
fn sizes(model: &Model) -> Vec<(Region, Run)> {
    let of = |id: RegionId| {
        let mut scenario = Scenario::new(model, id);
        scenario.levers.fill(1.0);
        Some((model.regions[id.index()].clone(), run(model, &scenario).ok()?))
    };
    model.region_ids().filter_map(of).collect()
}

fn size(model: &Model, lever: &Lever, region: &Region, run: &Run) -> Size {
    let reached = ((lever.schedule.start + lever.schedule.ramp) / model.time.save).ceil() as usize;
    let cost = lever.cost_variable.and_then(|variable| run.series(variable).get(reached).copied());
    let full = lever.full.and_then(|variable| run.series(variable).first().copied());
    Size {
        region: marked(region),
        full: full.map_or_else(
            || "–".to_owned(),
            |value| match lever.unit.strip_prefix("share") {
                Some(of) => format!("{} %{of}", chart::number::text(value * 100.0, Precision::Significant(2))),
                None => Unit::new(&lever.unit).of(&chart::number::text(value, Precision::Significant(2))),
            },
        ),
        cost: cost.map_or_else(|| "–".to_owned(), app::number::money),
        cost_value: cost.unwrap_or(f64::NAN),
    }
}
