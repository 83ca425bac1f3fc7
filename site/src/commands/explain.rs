//! `model explain`: what a name in the model means, what it depends on, and where its numbers come from.

use std::fmt::Write as _;

use chart::number::{Precision, text as number};
use diagnostic::{Checked, Diagnostics};
use model::{
    Basis, Declaration, Distribution, Equation, Estimate, Kind, LeverId, Model, Outcome, ParameterId, Quantified,
    RegionId, StockRange, VariableId, Whereabouts, reference_places, run,
};

use super::chosen::Chosen;
use super::settings::{self, Settings, base, found, parameters_named};
use super::{layout, no_run};
use crate::parse::models::PolicyModel;

/// Options of `model explain`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// A variable, parameter, lever or outcome, as equations name it.
    name: String,
    #[command(flatten)]
    pub chosen: Chosen,
    /// Only this region.
    #[arg(long)]
    region: Option<String>,
    #[command(flatten)]
    settings: Settings,
}

/// What a name can mean.
enum Meaning<'m> {
    Variables(&'m Declaration, Vec<VariableId>),
    Parameters(Vec<ParameterId>),
    Lever(LeverId),
    Outcome(&'m Outcome),
}

/// Explains the name.
pub fn text(arguments: &Arguments, policy: &PolicyModel) -> Checked<String> {
    let model = &policy.model;
    let mut mistakes = Diagnostics::new();
    let regions: Vec<RegionId> = match &arguments.region {
        Some(name) => settings::region(model, name, &mut mistakes).into_iter().collect(),
        None => model.region_ids().collect(),
    };
    let found = found(meaning(model, &arguments.name), "name", &arguments.name, names(model), &mut mistakes);
    let value = match found {
        Some(found) if !mistakes.has_errors() => match found {
            Meaning::Variables(declaration, variables) => {
                variable(arguments, model, declaration, &variables, &regions, &mut mistakes)
            }
            Meaning::Parameters(parameters) => parameter(model, &parameters, &regions),
            Meaning::Lever(one) => lever(model, one),
            Meaning::Outcome(one) => outcome(model, one),
        },
        _ => String::new(),
    };
    let value = if mistakes.has_errors() { String::new() } else { value };
    Checked { value, diagnostics: mistakes }
}

fn meaning<'m>(model: &'m Model, name: &str) -> Option<Meaning<'m>> {
    let of = |is_meant: &dyn Fn(VariableId) -> bool| -> Vec<VariableId> {
        model.variable_ids().filter(|id| is_meant(*id)).collect()
    };
    let mut variables = of(&|id| model.declaration(id).id == name);
    if variables.is_empty() {
        variables = of(&|id| {
            let variable = &model.variables[id.index()];
            variable.id == name || variable.name == name
        });
    }
    if let Some(first) = variables.first() {
        return Some(Meaning::Variables(model.declaration(*first), variables));
    }
    let parameters = parameters_named(model, name);
    if !parameters.is_empty() {
        return Some(Meaning::Parameters(parameters));
    }
    let lever = model.lever(name).map(Meaning::Lever);
    lever.or_else(|| model.outcomes.iter().find(|outcome| outcome.id == name).map(Meaning::Outcome))
}

fn names(model: &Model) -> Vec<&str> {
    let variables = model.variables.iter().map(|variable| variable.id.as_str());
    let parameters = model.parameters.iter().map(|parameter| parameter.id.as_str());
    let levers = model.levers.iter().map(|lever| lever.id.as_str());
    let outcomes = model.outcomes.iter().map(|outcome| outcome.id.as_str());
    let mut names: Vec<&str> = variables.chain(parameters).chain(levers).chain(outcomes).collect();
    names.extend(model.declarations.iter().map(|declaration| declaration.id.as_str()));
    names.sort_unstable();
    names.dedup();
    names
}

fn variable(
    arguments: &Arguments,
    model: &Model,
    declaration: &Declaration,
    variables: &[VariableId],
    regions: &[RegionId],
    mistakes: &mut Diagnostics,
) -> String {
    let mut text = variable_heading(declaration);
    text.push_str(&equations(declaration));
    if variables.len() <= MOST_VALUES {
        section(&mut text, "Value", &values(arguments, model, declaration, variables, regions, mistakes));
    }
    let uses = used_names(declaration);
    let uses: Vec<Vec<String>> = uses.iter().flat_map(|name| used(model, name)).collect();
    if !uses.is_empty() {
        section(&mut text, "Depends on", &layout::columns(&["", "", ""], 3, uses));
    }
    let parameters: Vec<ParameterId> = (used_names(declaration).iter())
        .flat_map(|name| parameters_named(model, name))
        .filter(|id| is_used_by(model, *id, declaration, variables))
        .collect();
    if !parameters.is_empty() {
        section(&mut text, "Parameters", &named_estimates(model, &parameters, regions));
    }
    let users = users(model, &declaration.id, variables);
    section(&mut text, "Used by", &if users.is_empty() { "  nothing\n".to_owned() } else { users });
    text
}

/// Elements of an array whose values are still worth printing.
const MOST_VALUES: usize = 16;

fn variable_heading(declaration: &Declaration) -> String {
    let kind = match &declaration.kind {
        Kind::Constant(_) => "constant",
        Kind::Auxiliary(_) => "auxiliary",
        Kind::Flow(_) => "flow",
        Kind::Check(_) => "check",
        Kind::Stock { range: StockRange::Any, .. } => "stock",
        Kind::Stock { range: StockRange::NotNegative, .. } => "stock, never below zero",
    };
    let over = match declaration.over.as_slice() {
        [] => String::new(),
        dimensions => format!("[{}]", dimensions.join(", ")),
    };
    let unit = if declaration.unit.is_empty() { "Dmnl" } else { &declaration.unit };
    format!("{}{over}: {}\n{kind}, in {unit}\n{}\n", declaration.id, declaration.label, declaration.doc)
}

fn equations(declaration: &Declaration) -> String {
    let written = |equation: &Equation| match equation {
        Equation::All(text) => format!("  {text}\n"),
        Equation::Each(each) => each.iter().map(|(element, text)| format!("  {element}: {text}\n")).collect::<String>(),
    };
    let mut text = String::new();
    match &declaration.kind {
        Kind::Constant(equation) | Kind::Auxiliary(equation) | Kind::Flow(equation) | Kind::Check(equation) => {
            section(&mut text, "Equation", &written(equation));
        }
        Kind::Stock { initial, inflows, outflows, .. } => {
            section(&mut text, "At the start", &written(initial));
            let flows = |sign: &str, names: &[String]| -> String {
                names.iter().map(|name| format!("  {sign} {name}\n")).collect()
            };
            section(&mut text, "Changed by", &(flows("+", inflows) + &flows("−", outflows)));
        }
    }
    if !declaration.graph.is_empty() {
        let points: String = declaration.graph.iter().map(|(x, y)| format!("  {x} → {y}\n")).collect();
        section(&mut text, "Looked up in", &points);
    }
    text
}

fn values(
    arguments: &Arguments,
    model: &Model,
    declaration: &Declaration,
    variables: &[VariableId],
    regions: &[RegionId],
    mistakes: &mut Diagnostics,
) -> String {
    let mut rows = Vec::new();
    let mut ends = (0.0, 0.0);
    for region in regions {
        let mut remarks = Diagnostics::new();
        let scenario = arguments.settings.scenario(model, *region, &mut remarks);
        // What is wrong in one region is mostly wrong in all of them.
        let is_new = |remark: &diagnostic::Diagnostic, known: &Diagnostics| !known.iter().any(|one| one == remark);
        for remark in remarks {
            if is_new(&remark, mistakes) {
                mistakes.push(remark);
            }
        }
        let Some(scenario) = scenario else { return String::new() };
        let run = match run(model, &scenario) {
            Ok(run) => run,
            Err(error) => {
                mistakes.extend(no_run(&error));
                return String::new();
            }
        };
        ends = (run.times()[0], run.times()[run.times().len() - 1]);
        for variable in variables {
            let name = if variables.len() > 1 { model.variables[variable.index()].name.clone() } else { String::new() };
            let mut row = vec![model.regions[region.index()].label.clone(), name];
            let series =
                [Some(run.baseline(*variable)), (!arguments.settings.is_base()).then(|| run.series(*variable))];
            for values in series.into_iter().flatten() {
                row.extend([values[0], values[values.len() - 1]].map(digits));
            }
            rows.push(row);
        }
    }
    let unit = &model.time.unit;
    let titles = [format!("at {} {unit}", ends.0), format!("at {} {unit}", ends.1)];
    let mut header = vec!["", "", titles[0].as_str(), titles[1].as_str()];
    let scenario = [format!("scenario at {}", ends.0), format!("scenario at {}", ends.1)];
    if !arguments.settings.is_base() {
        header.extend(scenario.iter().map(String::as_str));
    }
    let mut text = format!("  in {}, all levers as today", declaration.unit);
    text.push_str(if arguments.settings.is_base() { "\n" } else { ", then with the settings\n" });
    text.push_str(&layout::columns(&header, 2, rows));
    if regions.len() > 1 {
        text.push_str("  Definitions may differ between regions: compare differences, not levels.\n");
    }
    text
}

/// Enough digits to check an equation by hand.
fn digits(value: f64) -> String {
    number(value, Precision::Significant(6))
}

/// The names in a declaration's equations, flows of a stock too, each once.
fn used_names(declaration: &Declaration) -> Vec<&str> {
    let mut names: Vec<&str> = declaration.uses.iter().map(String::as_str).collect();
    if let Kind::Stock { inflows, outflows, .. } = &declaration.kind {
        names.extend(inflows.iter().chain(outflows).map(String::as_str));
    }
    let mut seen = Vec::new();
    names.retain(|name| {
        let is_new = !seen.contains(name);
        seen.push(*name);
        is_new
    });
    names
}

/// A line for a variable or for lever settings; parameters have a section of their own.
fn used(model: &Model, name: &str) -> Option<Vec<String>> {
    if name == "setting" {
        return Some(vec![name.to_owned(), "Settings of levers, 0 to 1".to_owned(), "Dmnl".to_owned()]);
    }
    let declaration = model.declarations.iter().find(|declaration| declaration.id == name)?;
    Some(vec![name.to_owned(), declaration.label.clone(), declaration.unit.clone()])
}

/// Of an array of parameters with an equation for each element, only those for the elements asked for.
fn is_used_by(model: &Model, id: ParameterId, declaration: &Declaration, variables: &[VariableId]) -> bool {
    let parameter = &model.parameters[id.index()];
    let all = model.variable_ids().filter(|one| std::ptr::eq(model.declaration(*one), declaration)).count();
    if variables.len() == all || declaration.over.is_empty() {
        return true;
    }
    let [variable] = variables else { return true };
    let elements = |name: &str| -> Vec<String> {
        let inside = name.split_once('[').map_or("", |(_, rest)| rest.trim_end_matches(']'));
        inside.split(", ").filter(|element| !element.is_empty()).map(str::to_owned).collect()
    };
    let own = elements(&model.variables[variable.index()].name);
    let written = match &declaration.kind {
        Kind::Auxiliary(equation) | Kind::Flow(equation) | Kind::Constant(equation) | Kind::Check(equation) => equation,
        Kind::Stock { initial, .. } => initial,
    };
    match written {
        Equation::Each(each) => {
            let text = each.iter().find(|(element, _)| own.contains(element)).map_or("", |(_, text)| text.as_str());
            words(text).any(|word| word == base(&parameter.name) || word == parameter.id)
        }
        Equation::All(_) => elements(&parameter.name).iter().all(|element| own.contains(element)),
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| !character.is_alphanumeric() && character != '_')
}

fn parameter(model: &Model, parameters: &[ParameterId], regions: &[RegionId]) -> String {
    let mut text = String::new();
    for id in parameters {
        let parameter = &model.parameters[id.index()];
        let unit = if parameter.unit.is_empty() { "Dmnl" } else { &parameter.unit };
        writeln!(text, "\n{}: {}\nparameter, in {unit}", parameter.name, parameter.label)
            .expect("writing to a string succeeds");
        for group in model.groups.iter().filter(|group| group.members.iter().any(|(member, _)| member == id)) {
            writeln!(text, "moves with others: {} (correlation {})", group.label, group.correlation)
                .expect("writing to a string succeeds");
        }
        section(&mut text, "Values", &estimates(model, *id, regions));
    }
    let name = parameters.first().map_or("", |id| base(&model.parameters[id.index()].name));
    let mut users = users(model, name, &[]);
    for lever in model.levers.iter().filter(|lever| lever.lag.is_some_and(|lag| parameters.contains(&lag))) {
        writeln!(users, "  {}  {}: time until delivery", lever.id, lever.label).expect("writing to a string succeeds");
    }
    section(&mut text, "Used by", &if users.is_empty() { "  nothing\n".to_owned() } else { users });
    text.trim_start().to_owned()
}

/// The values of parameters, each under its name.
fn named_estimates(model: &Model, parameters: &[ParameterId], regions: &[RegionId]) -> String {
    let named = parameters.iter().map(|id| {
        let parameter = &model.parameters[id.index()];
        format!("  {}: {}\n{}", parameter.name, parameter.label, estimates(model, *id, regions))
    });
    named.collect()
}

/// The values of a parameter by region, regions with the same value as one, with grade, sources and note.
fn estimates(model: &Model, id: ParameterId, regions: &[RegionId]) -> String {
    let parameter = &model.parameters[id.index()];
    let mut told: Vec<(&Estimate, Vec<&str>)> = Vec::new();
    for region in regions {
        let (estimate, label) = (parameter.estimate(*region), model.regions[region.index()].label.as_str());
        match told.iter_mut().find(|(known, _)| *known == estimate) {
            Some((_, labels)) => labels.push(label),
            None => told.push((estimate, vec![label])),
        }
    }
    let lines = told.into_iter().map(|(estimate, labels)| {
        let place = if labels.len() == model.regions.len() { "all regions".to_owned() } else { labels.join(", ") };
        format!("    {place}: {}\n", estimate_in_words(estimate, &parameter.unit))
    });
    lines.collect()
}

fn estimate_in_words(estimate: &Estimate, unit: &str) -> String {
    let range = match estimate.distribution {
        Distribution::Fixed => String::new(),
        distribution => format!(" ({} to {}, {})", exact(estimate.low), exact(estimate.high), distribution.name()),
    };
    let sources = if estimate.sources.is_empty() { "judgement".to_owned() } else { estimate.sources.join(", ") };
    let basis = basis(estimate.basis);
    let note = if estimate.note.is_empty() { String::new() } else { format!("\n      {}", estimate.note) };
    let (grade, meaning) = (estimate.grade, estimate.grade.meaning());
    format!("{} {unit}{range}; grade {grade}, {meaning}; {basis}; {sources}{note}", exact(estimate.central))
}

fn basis(basis: Basis) -> &'static str {
    match basis {
        Basis::Unverified => "UNVERIFIED",
        basis => basis.name(),
    }
}

/// All digits, as the model's author wrote them.
fn exact(value: f64) -> String {
    number(value, Precision::Full)
}

/// Variables, outcomes and levers that use a name.
fn users(model: &Model, name: &str, variables: &[VariableId]) -> String {
    let mut rows = Vec::new();
    for declaration in &model.declarations {
        if used_names(declaration).contains(&name) {
            let kind = if matches!(declaration.kind, Kind::Check(_)) { "check" } else { "" };
            rows.push(vec![declaration.id.clone(), declaration.label.clone(), kind.to_owned()]);
        }
    }
    for outcome in model.outcomes.iter().filter(|outcome| variables.contains(&outcome.variable)) {
        rows.push(vec![outcome.id.clone(), outcome.label.clone(), "outcome".to_owned()]);
    }
    let is_used = |id: Option<VariableId>| id.is_some_and(|id| variables.contains(&id));
    for lever in &model.levers {
        if is_used(lever.full) {
            rows.push(vec![lever.id.clone(), lever.label.clone(), "lever at 100%".to_owned()]);
        }
        if is_used(lever.cost_variable) {
            rows.push(vec![lever.id.clone(), lever.label.clone(), "cost of the lever".to_owned()]);
        }
    }
    if rows.is_empty() { String::new() } else { layout::columns(&["", "", ""], 3, rows) }
}

fn lever(model: &Model, lever_id: LeverId) -> String {
    let lever = &model.levers[lever_id.index()];
    let mut text = format!("{}: {}\nlever, {}\n{}\n", lever.id, lever.label, lever.group, lever.mechanism);
    section(&mut text, "0%", &format!("  {}\n", lever.zero));
    section(&mut text, "100%", &format!("  {}\n", lever.hundred));
    track(&mut text, model, lever_id);
    let sources = if lever.sources.is_empty() { "judgement".to_owned() } else { lever.sources.join(", ") };
    let evidence = format!("  {}\n  grade {}, {}; {sources}\n", lever.evidence, lever.grade, lever.grade.meaning());
    section(&mut text, "Evidence", &evidence);
    if !lever.warning.is_empty() {
        section(&mut text, "Beware", &format!("  {}\n", lever.warning));
    }
    section(&mut text, "Cost", &format!("  {}\n", lever.cost));
    let variables = lever.full.iter().chain(&lever.cost_variable).map(|id| {
        let variable = &model.variables[id.index()];
        vec![variable.name.clone(), variable.label.clone(), model.declaration(*id).unit.clone()]
    });
    let variables: Vec<Vec<String>> = variables.collect();
    if !variables.is_empty() {
        section(&mut text, "Variables", &layout::columns(&["", "", ""], 3, variables));
    }
    text
}

/// What settings amount to, and what is known to compare them with.
fn track(text: &mut String, model: &Model, id: LeverId) {
    let lever = &model.levers[id.index()];
    let per_cent = |share: f64| number(share * 100.0, Precision::Significant(3));
    if lever.range != (0.0, 1.0) {
        let (low, high) = lever.range;
        section(text, "Range", &format!("  {} to {}%\n", per_cent(low), per_cent(high)));
    }
    if !lever.stretches.is_empty() {
        let rows =
            lever.stretches.iter().map(|stretch| vec![format!("to {}%", per_cent(stretch.to)), stretch.label.clone()]);
        section(text, "On the way", &layout::columns(&["", ""], 2, rows.collect()));
    }
    if lever.references.is_empty() {
        return;
    }
    let places: Vec<_> =
        model.region_ids().filter_map(|region| Some((region, reference_places(model, region).ok()?))).collect();
    let rows = lever.references.iter().enumerate().map(|(index, reference)| {
        let amount = match &reference.quantity {
            Quantified::Value { value, unit, .. } => format!("{} {unit}", number(*value, Precision::Full)),
            Quantified::Place(_) => String::new(),
        };
        let placed = places.iter().filter_map(|(region, places)| {
            let place = places[id.index()][index]?;
            Some(format!("{}%, {}", per_cent(place), model.regions[region.index()].label))
        });
        let place = match &reference.whereabouts {
            Whereabouts::Elsewhere(elsewhere) => elsewhere.clone(),
            Whereabouts::Everywhere | Whereabouts::Regions(_) => placed.collect::<Vec<_>>().join("; "),
        };
        vec![reference.label.clone(), amount, place, format!("{}; {}", basis(reference.basis), reference.source)]
    });
    section(text, "Compare", &layout::columns(&["", "", "", ""], 4, rows.collect()));
}

fn outcome(model: &Model, outcome: &Outcome) -> String {
    let variable = &model.variables[outcome.variable.index()];
    let scale = if outcome.scale == 1.0 { String::new() } else { format!(" × {}", outcome.scale) };
    let mut text = format!("{}: {}\noutcome, in {}\n{}\n", outcome.id, outcome.label, outcome.unit, outcome.doc);
    section(&mut text, "Number shown", &format!("  {}{scale}\n", variable.name));
    text
}

fn section(text: &mut String, title: &str, body: &str) {
    write!(text, "\n{title}\n{body}").expect("writing to a string succeeds");
}
