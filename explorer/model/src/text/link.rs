//! Drafts and operations → the [`Model`]: arrays get names for each element, names become ids.

use std::collections::{BTreeMap, BTreeSet};

use diagnostic::{Diagnostic, Diagnostics, Place};

use super::lower::{Instance, ParameterIds};
use super::read::{
    Dimensions, Draft, DraftEquation, DraftGroup, DraftKind, DraftLever, DraftLimit, DraftOutcome, DraftPreset,
    DraftQuantity, DraftReference, DraftVariable,
};
use super::resolve::{Resolved, TermKind};
use super::suggestion;
use super::table::Text;
use super::unit::Unit;
use crate::draw::Direction;
use crate::graph::Graph;
use crate::id::{DeclarationId, LeverId, ParameterId, VariableId};
use crate::model::{
    Choice, Declaration, Equation, Group, Kind, Lever, Limit, Model, Outcome, Parameter, Preset, Variable,
};
use crate::reference::{Quantified, Reference, Scale, Whereabouts};
use crate::schedule::Schedule;

/// Puts the model together; names that mean nothing and parameters that nothing uses are reported.
pub(super) fn model(
    draft: Draft,
    resolved: &[Resolved],
    units: Vec<Option<Unit>>,
    graph: Graph,
    instances: Vec<Instance>,
    parameter_ids: &ParameterIds,
    diagnostics: &mut Diagnostics,
) -> Model {
    let parameters = parameters(&draft, parameter_ids);
    let variables = variables(&draft, &instances);
    let names = Names::new(&draft, &parameters, &variables, &instances, parameter_ids, diagnostics);
    let unit_of = |id: VariableId| units[instances[id.index()].variable].as_ref();
    let levers = draft.levers.iter().map(|lever| self::lever(lever, &names, unit_of, diagnostics));
    let levers: Vec<Lever> = levers.collect();
    report_unused(&draft, resolved, &levers, &names, diagnostics);
    let groups = groups(&draft.groups, &names, diagnostics);
    let outcomes = draft.outcomes.iter().filter_map(|outcome| self::outcome(outcome, &names, diagnostics)).collect();
    let scenarios = draft.presets.iter().map(|preset| self::preset(preset, &draft, &names, diagnostics)).collect();
    let declarations = draft
        .variables
        .iter()
        .zip(&units)
        .enumerate()
        .map(|(index, (variable, unit))| declaration(variable, unit.as_ref(), &resolved[index], &draft));
    let declarations = declarations.collect();
    let limits = draft.about.limits.iter().map(|limit| self::limit(limit, &draft.levers, diagnostics)).collect();
    Model {
        id: draft.about.id,
        title: draft.about.title,
        version: draft.about.version,
        summary: draft.about.summary,
        hash: draft.about.hash,
        time: draft.time,
        dimensions: draft.dimensions.list,
        regions: draft.regions,
        levers,
        parameters,
        groups,
        declarations,
        variables,
        outcomes,
        scenarios,
        changes: draft.about.changes,
        limits,
        graph,
    }
}

/// A limit with the levers that it names found.
fn limit(limit: &DraftLimit, levers: &[DraftLever], diagnostics: &mut Diagnostics) -> Limit {
    let find = |name: &Text| {
        let found = levers.iter().position(|lever| lever.id.value == name.value);
        if found.is_none() {
            let choices = levers.iter().map(|lever| lever.id.value.as_str());
            diagnostics.push(unknown(name, "lever", choices, diagnostics));
        }
        found.map(LeverId::at)
    };
    Limit { text: limit.text.clone(), levers: limit.levers.iter().filter_map(find).collect() }
}

fn parameters(draft: &Draft, ids: &ParameterIds) -> Vec<Parameter> {
    ids.keys()
        .map(|(index, elements)| {
            let parameter = &draft.parameters[*index];
            let values = &parameter.values[elements];
            let named = Named { dimensions: &draft.dimensions, over: &parameter.over, elements };
            Parameter {
                id: named.id(&parameter.id.value),
                name: named.name(&parameter.id.value),
                label: named.label(&parameter.label),
                unit: parameter.unit_text.clone(),
                shared: values.shared.clone(),
                regional: values.regional.clone(),
            }
        })
        .collect()
}

fn variables(draft: &Draft, instances: &[Instance]) -> Vec<Variable> {
    instances
        .iter()
        .map(|instance| {
            let variable = &draft.variables[instance.variable];
            let named = Named { dimensions: &draft.dimensions, over: &variable.over, elements: &instance.elements };
            Variable {
                id: named.id(&variable.id.value),
                name: named.name(&variable.id.value),
                label: named.label(&variable.label),
                declaration: DeclarationId::at(instance.variable),
            }
        })
        .collect()
}

/// An element of an array, or a single thing.
struct Named<'n> {
    dimensions: &'n Dimensions,
    over: &'n [usize],
    elements: &'n [usize],
}

impl Named<'_> {
    fn element_ids(&self) -> Vec<&str> {
        let pairs = self.over.iter().zip(self.elements);
        pairs.map(|(dimension, element)| self.dimensions.list[*dimension].elements[*element].id.as_str()).collect()
    }

    /// `tau_L01`
    fn id(&self, name: &str) -> String {
        std::iter::once(name).chain(self.element_ids()).collect::<Vec<_>>().join("_")
    }

    /// `tau[L01]`
    fn name(&self, name: &str) -> String {
        if self.over.is_empty() { name.to_owned() } else { format!("{name}[{}]", self.element_ids().join(", ")) }
    }

    /// `{lever}` becomes the label of the lever.
    fn label(&self, label: &str) -> String {
        self.over.iter().zip(self.elements).fold(label.to_owned(), |label, (dimension, element)| {
            let dimension = &self.dimensions.list[*dimension];
            label.replace(&format!("{{{}}}", dimension.id), &dimension.elements[*element].label)
        })
    }
}

/// What the names outside equations can mean.
struct Names<'n> {
    variables: BTreeMap<&'n str, VariableId>,
    /// Under the name of an array stand all its elements.
    parameters: BTreeMap<&'n str, Vec<ParameterId>>,
}

impl<'n> Names<'n> {
    fn new(
        draft: &'n Draft,
        parameters: &'n [Parameter],
        variables: &'n [Variable],
        instances: &[Instance],
        ids: &ParameterIds,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        let mut names = Self { variables: BTreeMap::new(), parameters: BTreeMap::new() };
        let mut taken: BTreeMap<&str, &Place> = BTreeMap::new();
        let mut take = |id: &'n str, place: &'n Place| {
            if let Some(first) = taken.insert(id, place) {
                let message = format!("two things are called `{id}` once arrays are written out");
                diagnostics.push(
                    Diagnostic::error("duplicate-name", place.clone(), message)
                        .related(first.clone(), "the other one")
                        .help("rename one of them: `a` over `b` is written out as `a_b`"),
                );
            }
        };
        for (((index, _), id), parameter) in ids.iter().zip(parameters) {
            let declared = &draft.parameters[*index].id;
            take(&parameter.id, &declared.place);
            names.parameters.insert(&parameter.id, vec![*id]);
            if parameter.id != declared.value {
                names.parameters.entry(&declared.value).or_default().push(*id);
            }
        }
        for (place, (variable, instance)) in variables.iter().zip(instances).enumerate() {
            take(&variable.id, &draft.variables[instance.variable].id.place);
            names.variables.insert(&variable.id, VariableId::at(place));
        }
        names
    }

    fn variable(&self, name: &Text, diagnostics: &mut Diagnostics) -> Option<VariableId> {
        let found = self.variables.get(name.value.as_str()).copied();
        if found.is_none() {
            diagnostics.push(unknown(name, "variable", self.variables.keys().copied(), diagnostics));
        }
        found
    }

    fn parameters(&self, name: &Text, diagnostics: &mut Diagnostics) -> &[ParameterId] {
        match self.parameters.get(name.value.as_str()) {
            Some(ids) => ids,
            None => {
                diagnostics.push(unknown(name, "parameter", self.parameters.keys().copied(), diagnostics));
                &[]
            }
        }
    }
}

fn unknown<'a>(
    name: &Text,
    what: &str,
    choices: impl Iterator<Item = &'a str> + Clone,
    diagnostics: &Diagnostics,
) -> Diagnostic {
    Diagnostic::error("unknown-name", name.place.clone(), format!("there is no {what} `{}`", name.value))
        .help(suggestion(&name.value, choices, diagnostics))
}

fn lever<'u>(
    draft: &DraftLever,
    names: &Names<'_>,
    unit_of: impl Fn(VariableId) -> Option<&'u Unit>,
    diagnostics: &mut Diagnostics,
) -> Lever {
    let full = draft.full.as_ref().and_then(|name| names.variable(name, diagnostics));
    let cost_variable = draft.cost_variable.as_ref().and_then(|name| names.variable(name, diagnostics));
    let lag = draft.lag.as_ref().and_then(|name| names.parameters(name, diagnostics).first().copied());
    let scale = |scale| match scale {
        Scale::Reach => full.map(&unit_of),
        Scale::Cost => cost_variable.map(&unit_of),
    };
    let references = draft.references.iter().map(|draft| reference(draft, scale, diagnostics)).collect();
    Lever {
        id: draft.id.value.clone(),
        label: draft.label.clone(),
        group: draft.group.clone(),
        unit: draft.unit.clone(),
        full,
        status_quo: draft.status_quo,
        range: draft.range,
        stretches: draft.stretches.clone(),
        references,
        step: draft.step,
        zero: draft.zero.clone(),
        hundred: draft.hundred.clone(),
        mechanism: draft.mechanism.clone(),
        grade: draft.grade,
        evidence: draft.evidence.clone(),
        warning: draft.warning.clone(),
        sources: draft.sources.clone(),
        lag,
        cost: draft.cost.clone(),
        cost_variable,
        cost_omits: draft.cost_omits.clone(),
        recommendations: draft.recommendations.clone(),
        schedule: draft.schedule,
    }
}

/// Puts a reference on its scale; one whose unit does not go with that is reported. `scale` gives the unit of the
/// variable for the lever's size or cost: none without such a variable, none of it where it is not known.
fn reference<'u>(
    draft: &DraftReference,
    scale_of: impl Fn(Scale) -> Option<Option<&'u Unit>>,
    diagnostics: &mut Diagnostics,
) -> Reference {
    let quantity = match &draft.quantity {
        DraftQuantity::Place(place) => Quantified::Place(*place),
        DraftQuantity::Value { scale, value, text, unit } => {
            let of_lever = scale_of(*scale);
            let is_placed = !matches!(draft.whereabouts, Whereabouts::Elsewhere(_));
            let factor = of_lever.flatten().and_then(|of_lever| unit.factor_to(of_lever));
            if factor.is_none() && is_placed {
                let (what, key) = match scale {
                    Scale::Reach => ("size", "full"),
                    Scale::Cost => ("cost", "cost_variable"),
                };
                let (message, help) = match of_lever {
                    None => (
                        format!("the lever has no {what} to compare with"),
                        format!("name the variable that gives it at 100% under `{key}`, or state the place, `at`"),
                    ),
                    Some(of_lever) => {
                        let of_lever = of_lever.map(Unit::to_string).unwrap_or_default();
                        (
                            format!("`{}` cannot be compared with the lever's {what}, in `{of_lever}`", text.value),
                            format!("write the value in `{of_lever}`, or state the place, `at`"),
                        )
                    }
                };
                diagnostics.push(Diagnostic::error("unit-mismatch", text.place.clone(), message).help(help));
            }
            let factor = factor.unwrap_or(1.0);
            Quantified::Value { scale: *scale, value: *value, unit: text.value.clone(), factor }
        }
    };
    Reference {
        label: draft.label.clone(),
        quantity,
        whereabouts: draft.whereabouts.clone(),
        basis: draft.basis,
        source: draft.source.clone(),
    }
}

fn outcome(draft: &DraftOutcome, names: &Names<'_>, diagnostics: &mut Diagnostics) -> Option<Outcome> {
    Some(Outcome {
        id: draft.id.value.clone(),
        label: draft.label.clone(),
        doc: draft.doc.clone(),
        group: draft.group.clone(),
        variable: names.variable(&draft.variable, diagnostics)?,
        measure: draft.measure,
        unit: draft.unit.clone(),
        scale: draft.scale,
        decimals: draft.decimals,
    })
}

/// Groups; a parameter in two of them is reported.
fn groups(drafts: &[DraftGroup], names: &Names<'_>, diagnostics: &mut Diagnostics) -> Vec<Group> {
    let mut taken: BTreeMap<ParameterId, &Place> = BTreeMap::new();
    let mut groups = Vec::new();
    for draft in drafts {
        let mut members = Vec::new();
        let with = draft.with.iter().map(|name| (name, Direction::With));
        for (name, direction) in with.chain(draft.against.iter().map(|name| (name, Direction::Against))) {
            for id in names.parameters(name, diagnostics) {
                match taken.insert(*id, &name.place) {
                    None => members.push((*id, direction)),
                    Some(first) => {
                        let message = format!("`{}` moves with a group already", name.value);
                        diagnostics.push(
                            Diagnostic::error("duplicate-name", name.place.clone(), message)
                                .related(first.clone(), "here")
                                .help("a parameter moves with one group: take it out of the other"),
                        );
                    }
                }
            }
        }
        groups.push(Group {
            id: draft.id.value.clone(),
            label: draft.label.clone(),
            doc: draft.doc.clone(),
            correlation: draft.correlation,
            members,
        });
    }
    groups
}

fn preset(draft: &DraftPreset, model: &Draft, names: &Names<'_>, diagnostics: &mut Diagnostics) -> Preset {
    let mut schedules: BTreeMap<usize, Schedule> = BTreeMap::new();
    let levers = draft.levers.as_ref().map(|settings| {
        let mut levers: Vec<f64> = model.levers.iter().map(|lever| lever.status_quo).collect();
        // `all` is every lever not named otherwise, and moves each as far as it goes.
        let (of_all, of_one): (Vec<_>, Vec<_>) = settings.iter().partition(|setting| setting.lever.value == "all");
        for setting in of_all.into_iter().chain(of_one) {
            let name = &setting.lever;
            let is_all = name.value == "all";
            let meant = match model.levers.iter().position(|lever| lever.id.value == name.value) {
                Some(lever) => lever..lever + 1,
                None if is_all => 0..levers.len(),
                None => {
                    let choices = model.levers.iter().map(|lever| lever.id.value.as_str());
                    diagnostics.push(unknown(name, "lever", choices, diagnostics));
                    continue;
                }
            };
            let value = setting.per_cent / 100.0;
            for lever in meant {
                let DraftLever { range: (low, high), schedule, .. } = model.levers[lever];
                if !is_all && !(low..=high).contains(&value) {
                    let (low, high) = (low * 100.0, high * 100.0);
                    let message = format!("`{}` stands between {low} and {high} per cent", name.value);
                    diagnostics.push(
                        Diagnostic::error("out-of-range", setting.place.clone(), message)
                            .help("change the setting, or the lever's `range`"),
                    );
                }
                levers[lever] = value.clamp(low, high);
                let own = Schedule {
                    start: setting.start.unwrap_or(schedule.start),
                    ramp: setting.ramp.unwrap_or(schedule.ramp),
                };
                if own != schedule {
                    schedules.insert(lever, own);
                }
            }
        }
        levers
    });
    let mut parameters: Vec<(ParameterId, Choice)> = Vec::new();
    for (name, choice) in &draft.parameters {
        parameters.extend(names.parameters(name, diagnostics).iter().map(|id| (*id, *choice)));
    }
    Preset {
        id: draft.id.value.clone(),
        label: draft.label.clone(),
        doc: draft.doc.clone(),
        source: draft.source.clone(),
        levers,
        schedules: schedules.into_iter().map(|(lever, schedule)| (LeverId::at(lever), schedule)).collect(),
        parameters,
    }
}

fn declaration(variable: &DraftVariable, unit: Option<&Unit>, resolved: &Resolved, draft: &Draft) -> Declaration {
    let written = |equation: &DraftEquation| match equation {
        DraftEquation::All(parsed) => Equation::All(parsed.text.value.clone()),
        DraftEquation::Each(list) => {
            let elements = &draft.dimensions.list[variable.over[0]].elements;
            let each = list.iter().map(|(element, parsed)| (elements[*element].id.clone(), parsed.text.value.clone()));
            Equation::Each(each.collect())
        }
    };
    let texts = |list: &[Text]| list.iter().map(|text| text.value.clone()).collect();
    let kind = match &variable.kind {
        DraftKind::Constant(equation) => Kind::Constant(written(equation)),
        DraftKind::Auxiliary(equation) => Kind::Auxiliary(written(equation)),
        DraftKind::Flow(equation) => Kind::Flow(written(equation)),
        DraftKind::Check(equation) => Kind::Check(written(equation)),
        DraftKind::Stock { initial, inflows, outflows, range } => {
            Kind::Stock { initial: written(initial), inflows: texts(inflows), outflows: texts(outflows), range: *range }
        }
    };
    let stated = variable.unit_text.as_ref().map(|text| text.value.clone());
    Declaration {
        id: variable.id.value.clone(),
        label: variable.label.clone(),
        unit: stated.or_else(|| unit.map(Unit::to_string)).unwrap_or_default(),
        doc: variable.doc.clone(),
        over: variable.over.iter().map(|dimension| draft.dimensions.list[*dimension].id.clone()).collect(),
        kind,
        graph: variable.graph.clone().unwrap_or_default(),
        uses: uses(resolved, draft),
    }
}

/// The names in the equations of a variable, each once, in order.
fn uses(resolved: &Resolved, draft: &Draft) -> Vec<String> {
    let mut uses: Vec<String> = Vec::new();
    for equation in &resolved.equations {
        equation.term.walk(&mut |term| {
            let name = match &term.kind {
                TermKind::Parameter(index, _) => &draft.parameters[*index].id.value,
                TermKind::Variable(index, _) => &draft.variables[*index].id.value,
                TermKind::Setting(_) => "setting",
                _ => return,
            };
            if !uses.iter().any(|used| used == name) {
                uses.push(name.to_owned());
            }
        });
    }
    uses
}

/// A parameter that no equation and no lever uses is a leftover or a misspelling.
fn report_unused(
    draft: &Draft,
    resolved: &[Resolved],
    levers: &[Lever],
    names: &Names<'_>,
    diagnostics: &mut Diagnostics,
) {
    let mut used = BTreeSet::new();
    for equation in resolved.iter().flat_map(|variable| &variable.equations) {
        equation.term.walk(&mut |term| {
            if let TermKind::Parameter(index, _) = term.kind {
                used.insert(index);
            }
        });
    }
    let is_lag = |name: &str| {
        let ids = names.parameters.get(name);
        ids.is_some_and(|ids| levers.iter().any(|lever| lever.lag.is_some_and(|lag| ids.contains(&lag))))
    };
    for (index, parameter) in draft.parameters.iter().enumerate() {
        if !used.contains(&index) && !is_lag(&parameter.id.value) {
            let message = format!("nothing uses the parameter `{}`", parameter.id.value);
            diagnostics.push(
                Diagnostic::warning("unused-parameter", parameter.id.place.clone(), message)
                    .help("use it in an equation or take it out"),
            );
        }
    }
}
