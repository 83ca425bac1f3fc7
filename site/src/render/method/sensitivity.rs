//! What a model's results depend on: each uncertain parameter moved by itself, and all of them at once.

use std::collections::BTreeSet;

use chart::{Chart, Direction, Kind, Level, Positions, Precision, Series, Source, Unit};
use model::{Factor, Indices, Measure, Model, Outcome, ParameterId, Quantity, Sampling, Scenario, Tornado};
use serde::Serialize;

use super::super::{File, Page, Renderer, figures};
use super::{Part, marked, parameters};

/// Setting of every lever.
const SETTING: f64 = 0.5;
/// Parameters that are shown; all of them are in the download.
const SHOWN: usize = 12;
/// Draws in each of the two matrices; a power of two spreads them most evenly.
const DRAWS: u32 = 256;
/// For each outcome, so many parameters that move it furthest by themselves are drawn; those that move together with one
/// of them as well. Each costs as many runs as there are draws, and those left out hardly matter.
const DRAWN: usize = SHOWN;
const SEED: u32 = 1;

#[derive(Serialize)]
struct ResultContext {
    id: String,
    label: String,
    doc: String,
    unit: String,
    sentence: String,
    chart: String,
    csv: String,
    rows: Vec<BarContext>,
    factors: Vec<FactorContext>,
}

#[derive(Serialize)]
struct BarContext {
    id: String,
    label: String,
    href: String,
    low_value: String,
    high_value: String,
    unit: String,
    low: String,
    high: String,
}

#[derive(Serialize)]
struct FactorContext {
    label: String,
    href: String,
    first: String,
    first_error: String,
    total: String,
    total_error: String,
}

pub fn page(renderer: &Renderer<'_>, index: usize) -> Page {
    let policy = &renderer.site.models[index];
    let model = &policy.model;
    let mut page = super::start(renderer, index, Part::Sensitivity, "method-sensitivity.html");
    let path = super::path(index, policy, Part::Sensitivity);
    let outcomes = outcomes(model);
    let Analyses { tornadoes, indices } = analyses(model, &outcomes);
    let mut results = Vec::new();
    for (place, outcome) in outcomes.iter().enumerate() {
        let Some(tornado) = tornadoes.get(place) else { continue };
        let csv_path = format!("{path}tornado-{}.csv", outcome.id);
        page.files
            .push(File { path: csv_path.trim_start_matches('/').to_owned(), bytes: csv(model, outcome, tornado) });
        page.charts += 1;
        let factors = indices.get(place).map(|one| factors(renderer, index, one)).unwrap_or_default();
        results.push(ResultContext {
            id: outcome.id.clone(),
            label: outcome.label.clone(),
            doc: outcome.doc.clone(),
            unit: outcome.unit.clone(),
            sentence: sentence(model, outcome, tornado),
            chart: figures::chart_frame(&chart(model, outcome, tornado)),
            csv: renderer.href(&csv_path),
            rows: tornado.bars.iter().take(SHOWN).map(|bar| row(renderer, index, outcome, bar)).collect(),
            factors,
        });
    }
    let uncertain = tornadoes.first().map_or(0, |tornado| tornado.bars.len());
    let count = indices.first().map_or(0, |one| one.factors.len());
    page.context.insert("results", &results);
    page.context.insert("region", &model.regions.first().map(marked).unwrap_or_default());
    page.context.insert("year", &chart::number::text(model.time.stop, Precision::Full));
    page.context.insert("uncertain", &uncertain);
    page.context.insert("shown", &SHOWN.min(uncertain));
    page.context.insert("draws", &DRAWS);
    page.context.insert("factors", &count);
    page.context.insert("runs", &chart::number::text(f64::from(DRAWS) * (count + 2) as f64, Precision::Full));
    page.context.insert("seed", &SEED);
    page
}

/// The first outcome of each group that is a difference from the base run, costs aside.
fn outcomes(model: &Model) -> Vec<&Outcome> {
    let mut chosen: Vec<&Outcome> = Vec::new();
    for outcome in model.outcomes.iter().filter(|one| one.measure == Measure::Difference && one.group != "cost") {
        if chosen.iter().all(|other| other.group != outcome.group) {
            chosen.push(outcome);
        }
    }
    chosen
}

/// What was found for each outcome, in their order.
#[derive(Default)]
struct Analyses {
    tornadoes: Vec<Tornado>,
    indices: Vec<Indices>,
}

/// Moves each parameter by itself, and then those that matter all at once.
fn analyses(model: &Model, outcomes: &[&Outcome]) -> Analyses {
    let Some(region) = model.region_ids().next() else { return Default::default() };
    let mut scenario = Scenario::new(model, region);
    scenario.levers.fill(SETTING);
    let point = ((model.time.stop - model.time.start) / model.time.save).round() as usize;
    let quantity = |outcome: &&Outcome| Quantity { variable: outcome.variable, measure: Measure::Difference, point };
    let quantities: Vec<Quantity> = outcomes.iter().map(quantity).collect();
    let sampling = Sampling { draws: DRAWS, seed: SEED };
    let tornadoes = model::tornado(model, &scenario, &quantities).unwrap_or_default();
    let mut drawn: BTreeSet<ParameterId> =
        tornadoes.iter().flat_map(|one| one.bars.iter().take(DRAWN)).map(|bar| bar.parameter).collect();
    for group in &model.groups {
        if group.members.iter().any(|(member, _)| drawn.contains(member)) {
            drawn.extend(group.members.iter().map(|(member, _)| *member));
        }
    }
    for parameter in model.parameter_ids().filter(|parameter| !drawn.contains(parameter)) {
        let central = model.parameters[parameter.index()].estimate(region).central;
        scenario.parameters.insert(parameter, central);
    }
    let indices = model::sobol(model, &scenario, sampling, &quantities).unwrap_or_default();
    Analyses { tornadoes, indices }
}

fn precision() -> Precision {
    Precision::Significant(2)
}

fn printed(outcome: &Outcome, value: f64) -> String {
    chart::number::text(value * outcome.scale, precision())
}

fn with_unit(outcome: &Outcome, value: f64) -> String {
    let unit = Unit::new(&outcome.unit);
    unit.of(&chart::number::short(value * outcome.scale, precision()))
}

fn sentence(model: &Model, outcome: &Outcome, tornado: &Tornado) -> String {
    let region = model.regions.first().map(marked).unwrap_or_default();
    let year = chart::number::text(model.time.stop, Precision::Full);
    let leading = tornado.bars.first().map_or_else(String::new, |bar| {
        let parameter = &model.parameters[bar.parameter.index()];
        format!(
            " No parameter moves it further than “{}”: from {} at its low value to {} at its high value.",
            parameter.label,
            with_unit(outcome, bar.low),
            with_unit(outcome, bar.high)
        )
    });
    format!(
        "{} ({region}): with every lever at {}% and all parameters at their central values, the model gives {} in \
         year\u{a0}{year}.{leading}",
        outcome.label,
        SETTING * 100.0,
        with_unit(outcome, tornado.central),
    )
}

fn chart(model: &Model, outcome: &Outcome, tornado: &Tornado) -> Chart {
    let bars: Vec<_> = tornado.bars.iter().take(SHOWN).collect();
    let scaled = |value: f64| value * outcome.scale;
    let names = bars.iter().map(|bar| model.parameters[bar.parameter.index()].label.clone()).collect();
    let region = model.regions.first().map(marked).unwrap_or_default();
    Chart {
        id: format!("tornado-{}", outcome.id),
        title: format!("{}: what each parameter does by itself", outcome.label),
        description: sentence(model, outcome, tornado),
        kind: Kind::Dot(Direction::Across),
        positions_title: "Parameter".to_owned(),
        positions: Positions::Names(names),
        series: vec![Series::new("Central values", vec![scaled(tornado.central); bars.len()]).range(
            Level::Stated,
            bars.iter().map(|bar| scaled(bar.low.min(bar.high))).collect(),
            bars.iter().map(|bar| scaled(bar.low.max(bar.high))).collect(),
        )],
        unit: Unit::new(&outcome.unit),
        source: Source::new(&format!("the model, version {}, {region}, every lever at 50%", model.version)),
        note: String::new(),
        precision: precision(),
        axis_holds: Vec::new(),
    }
}

fn row(renderer: &Renderer<'_>, index: usize, outcome: &Outcome, bar: &model::Bar) -> BarContext {
    let policy = &renderer.site.models[index];
    let parameter = &policy.model.parameters[bar.parameter.index()];
    let full = |value: f64| chart::number::text(value, Precision::Full);
    let estimate = policy.model.region_ids().next().map(|region| parameter.estimate(region));
    let path = super::path(index, policy, Part::Parameters);
    BarContext {
        id: parameter.name.clone(),
        label: parameter.label.clone(),
        href: renderer.href(&format!("{path}#{}", parameters::anchor(&parameter.id))),
        low_value: estimate.map(|one| full(one.low)).unwrap_or_default(),
        high_value: estimate.map(|one| full(one.high)).unwrap_or_default(),
        unit: parameters::unit(&parameter.unit),
        low: printed(outcome, bar.low),
        high: printed(outcome, bar.high),
    }
}

fn factors(renderer: &Renderer<'_>, index: usize, indices: &Indices) -> Vec<FactorContext> {
    let policy = &renderer.site.models[index];
    let path = super::path(index, policy, Part::Parameters);
    let of = |one: &model::Index| {
        let (label, href) = match one.factor {
            Factor::Parameter(id) => {
                let parameter = &policy.model.parameters[id.index()];
                (parameter.label.clone(), format!("{path}#{}", parameters::anchor(&parameter.id)))
            }
            Factor::Group(id) => {
                let group = &policy.model.groups[id.index()];
                (
                    format!("{} ({} parameters together)", group.label, group.members.len()),
                    format!("{path}#{}", parameters::GROUPS),
                )
            }
        };
        FactorContext {
            label,
            href: renderer.href(&href),
            first: percent(one.first),
            first_error: percent(one.first_error),
            total: percent(one.total),
            total_error: percent(one.total_error),
        }
    };
    indices.factors.iter().take(SHOWN).map(of).collect()
}

fn percent(share: f64) -> String {
    chart::number::text(share * 100.0, Precision::Decimals(1))
}

/// The whole tornado: a row for each uncertain parameter.
fn csv(model: &Model, outcome: &Outcome, tornado: &Tornado) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let header = ["parameter", "label", "outcome", "at_low", "central", "at_high", "unit"];
    let rows = tornado.bars.iter().map(|bar| {
        let parameter = &model.parameters[bar.parameter.index()];
        let number = |value: f64| chart::number::plain(value * outcome.scale);
        [
            parameter.name.clone(),
            parameter.label.clone(),
            outcome.id.clone(),
            number(bar.low),
            number(tornado.central),
            number(bar.high),
            outcome.unit.clone(),
        ]
    });
    let written =
        writer.write_record(header).and_then(|()| rows.into_iter().try_for_each(|row| writer.write_record(row)));
    written.expect("memory can be written");
    writer.into_inner().expect("memory can be written")
}
