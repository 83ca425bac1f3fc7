//! Names in equations → the parameters, variables and elements they mean.

use std::collections::BTreeMap;
use std::ops::Range;

use diagnostic::{Diagnostic, Diagnostics, Place};

use super::parser::{Expression, ExpressionKind, Lag, Reduction, Subscript, Word};
use super::read::{Dimensions, Draft, DraftKind, duplicate};
use super::suggestion;
use super::table::Text;
use crate::graph::{Binary, Unary};
use crate::model::StockRange;

/// An expression in which every name means something that exists.
#[derive(Clone, Debug)]
pub(super) struct Term {
    pub(super) kind: TermKind,
    /// Bytes in the equation's text.
    pub(super) span: Range<usize>,
}

/// What a term is made of. Parameters, variables and dimensions stand by their place in the draft.
#[derive(Clone, Debug)]
pub(super) enum TermKind {
    Number(f64),
    Parameter(usize, Vec<Index>),
    Variable(usize, Vec<Index>),
    Setting(Index),
    Time,
    StepStart,
    Step,
    /// A number in the unit of time.
    Moment(f64),
    Unary(Unary, Box<Term>),
    Binary(Binary, Box<Term>, Box<Term>),
    If(Box<Term>, Box<Term>, Box<Term>),
    Over(Reduction, usize, Box<Term>),
    Baseline(Box<Term>),
    Lagged {
        lag: Lag,
        input: Box<Term>,
        time: Box<Term>,
        initial: Option<Box<Term>>,
    },
}

/// Which element of a dimension is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Index {
    /// Always this one.
    Fixed(usize),
    /// The one that the equation is being written out for.
    Of(usize),
    /// A property of that one: `lever.grade` is (lever, grade).
    Property(usize, usize),
}

impl Term {
    /// The terms this one is made of.
    pub(super) fn parts(&self) -> Vec<&Term> {
        match &self.kind {
            TermKind::Unary(_, a) | TermKind::Over(_, _, a) | TermKind::Baseline(a) => vec![a],
            TermKind::Binary(_, a, b) => vec![a, b],
            TermKind::If(a, b, c) => vec![a, b, c],
            TermKind::Lagged { input, time, initial, .. } => {
                [input, time].into_iter().chain(initial).map(Box::as_ref).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Calls `visit` for this term and all within it.
    pub(super) fn walk<'t>(&'t self, visit: &mut dyn FnMut(&'t Term)) {
        visit(self);
        for part in self.parts() {
            part.walk(visit);
        }
    }
}

/// A variable whose equations are resolved.
pub(super) struct Resolved {
    /// The equation for all elements, or those of single elements.
    pub(super) equations: Vec<ResolvedEquation>,
    /// For a stock: the variables that raise it.
    pub(super) inflows: Vec<usize>,
    /// For a stock: the variables that lower it.
    pub(super) outflows: Vec<usize>,
    /// For a flow: how the stocks that do not fall below zero limit it.
    pub(super) limits: Vec<Limit>,
}

/// How a stock that does not fall below zero limits one of its flows, which does not run backwards.
pub(super) enum Limit {
    /// Its inflows need no other.
    Inflow,
    /// What stands in the stock is shared out in the order of its outflows: this one gets what those before it leave.
    Outflow { stock: usize, before: Vec<usize> },
}

/// An equation, and for which element of the variable's only dimension it holds.
pub(super) struct ResolvedEquation {
    pub(super) element: Option<usize>,
    pub(super) text: Text,
    pub(super) term: Term,
}

impl Resolved {
    /// The equation that holds for `elements`.
    pub(super) fn equation(&self, elements: &[usize]) -> Option<&ResolvedEquation> {
        self.equations.iter().find(|equation| equation.element.is_none_or(|element| elements == [element]))
    }
}

/// Resolves the equations of all variables, by their place in the draft.
pub(super) fn variables(draft: &Draft, diagnostics: &mut Diagnostics) -> Vec<Resolved> {
    let names = names(draft, diagnostics);
    let mut resolved: Vec<Resolved> = draft
        .variables
        .iter()
        .map(|variable| {
            let at_start = matches!(variable.kind, DraftKind::Constant(_) | DraftKind::Stock { .. });
            let mut equations = Vec::new();
            for (element, parsed) in variable.kind.equation().with_elements() {
                let mut resolver = Resolver {
                    draft,
                    names: &names,
                    text: &parsed.text,
                    scope: variable.over.clone(),
                    at_start,
                    diagnostics,
                };
                let term = parsed.expression.as_ref().and_then(|expression| resolver.term(expression));
                equations.extend(term.map(|term| ResolvedEquation { element, text: parsed.text.clone(), term }));
            }
            let (inflows, outflows) = match &variable.kind {
                DraftKind::Stock { inflows, outflows, .. } => (inflows.as_slice(), outflows.as_slice()),
                _ => (&[][..], &[][..]),
            };
            let mut listed: BTreeMap<usize, Place> = BTreeMap::new();
            let mut flows = |list: &[Text]| -> Vec<usize> {
                let mut flows = Vec::new();
                for name in list {
                    let Some(flow) = flow(draft, &names, name, &variable.over, diagnostics) else { continue };
                    match listed.insert(flow, name.place.clone()) {
                        None => flows.push(flow),
                        Some(first) => diagnostics.push(listed_twice(name, first)),
                    }
                }
                flows
            };
            Resolved { equations, inflows: flows(inflows), outflows: flows(outflows), limits: Vec::new() }
        })
        .collect();
    limit_flows(draft, &mut resolved);
    resolved
}

/// Tells the flows of stocks that do not fall below zero.
fn limit_flows(draft: &Draft, variables: &mut [Resolved]) {
    for (stock, variable) in draft.variables.iter().enumerate() {
        if !matches!(variable.kind, DraftKind::Stock { range: StockRange::NotNegative, .. }) {
            continue;
        }
        for inflow in variables[stock].inflows.clone() {
            variables[inflow].limits.push(Limit::Inflow);
        }
        let outflows = variables[stock].outflows.clone();
        for (place, outflow) in outflows.iter().enumerate() {
            variables[*outflow].limits.push(Limit::Outflow { stock, before: outflows[..place].to_vec() });
        }
    }
}

/// What a name in an equation means.
#[derive(Clone, Copy)]
enum Symbol {
    Parameter(usize),
    Variable(usize),
}

type Names<'d> = BTreeMap<&'d str, Symbol>;

/// All names of a model; one that is declared twice is reported.
fn names<'d>(draft: &'d Draft, diagnostics: &mut Diagnostics) -> Names<'d> {
    let parameters = draft.parameters.iter().enumerate().map(|(index, draft)| (&draft.id, Symbol::Parameter(index)));
    let variables = draft.variables.iter().enumerate().map(|(index, draft)| (&draft.id, Symbol::Variable(index)));
    let mut names: Names<'d> = BTreeMap::new();
    let mut places: BTreeMap<&str, Place> = BTreeMap::new();
    for (id, symbol) in parameters.chain(variables) {
        if draft.dimensions.list.iter().any(|dimension| dimension.id == id.value) {
            let message = format!("`{}` is the name of a dimension", id.value);
            diagnostics
                .push(Diagnostic::error("duplicate-name", id.place.clone(), message).help("choose another name"));
        }
        match places.get(id.value.as_str()) {
            Some(first) => diagnostics.push(duplicate(id, first.clone())),
            None => {
                places.insert(&id.value, id.place.clone());
                names.insert(&id.value, symbol);
            }
        }
    }
    names
}

/// The flow that a stock names; it must be a flow over the stock's dimensions.
fn flow(draft: &Draft, names: &Names<'_>, name: &Text, over: &[usize], diagnostics: &mut Diagnostics) -> Option<usize> {
    let is_flow = |index: usize| matches!(draft.variables[index].kind, DraftKind::Flow(_));
    match names.get(name.value.as_str()) {
        Some(Symbol::Variable(index)) if is_flow(*index) && draft.variables[*index].over == over => Some(*index),
        Some(Symbol::Variable(index)) if is_flow(*index) => {
            let message = format!("`{}` is not an array over the dimensions of this stock", name.value);
            let names: Vec<&str> = over.iter().map(|index| draft.dimensions.list[*index].id.as_str()).collect();
            let help = match names.is_empty() {
                true => "take `over` away from the flow, or give it to the stock too".to_owned(),
                false => format!("give the flow `over = [\"{}\"]`, as the stock has it", names.join("\", \"")),
            };
            let own = &draft.variables[*index].id;
            diagnostics.push(
                Diagnostic::error("bad-dimension", name.place.clone(), message)
                    .related(own.place.clone(), "the flow is declared here")
                    .help(help),
            );
            None
        }
        _ => {
            let flows = draft.variables.iter().filter(|variable| matches!(variable.kind, DraftKind::Flow(_)));
            let flows: Vec<&str> = flows.map(|variable| variable.id.value.as_str()).collect();
            diagnostics.push(
                Diagnostic::error("unknown-name", name.place.clone(), format!("there is no flow `{}`", name.value))
                    .help(suggestion(&name.value, flows, diagnostics)),
            );
            None
        }
    }
}

fn listed_twice(name: &Text, first: Place) -> Diagnostic {
    let message = format!("`{}` is listed twice", name.value);
    Diagnostic::error("duplicate-name", name.place.clone(), message)
        .related(first, "first listed here")
        .help("a flow raises or lowers a stock once; for twice the flow, double its equation")
}

struct Resolver<'r> {
    draft: &'r Draft,
    names: &'r Names<'r>,
    text: &'r Text,
    /// Dimensions whose element is known where the term stands.
    scope: Vec<usize>,
    /// Whether the equation is computed once, before there are steps and levers.
    at_start: bool,
    diagnostics: &'r mut Diagnostics,
}

impl Resolver<'_> {
    /// The term that `expression` means; every name in it that means nothing is reported.
    fn term(&mut self, expression: &Expression) -> Option<Term> {
        let kind = match &expression.kind {
            ExpressionKind::Number(number) => TermKind::Number(*number),
            ExpressionKind::Name(name, subscripts) => self.named(name, subscripts, &expression.span)?,
            ExpressionKind::Time => {
                self.only_in_steps("TIME", &expression.span)?;
                TermKind::Time
            }
            ExpressionKind::StepStart => {
                self.only_in_steps("PULSE", &expression.span)?;
                TermKind::StepStart
            }
            ExpressionKind::Step => TermKind::Step,
            ExpressionKind::Call(_, _, meaning) => return self.term(meaning),
            ExpressionKind::Moment(number) => TermKind::Moment(*number),
            ExpressionKind::Unary(operation, a) => TermKind::Unary(*operation, Box::new(self.term(a)?)),
            ExpressionKind::Binary(operation, a, b) => {
                let (a, b) = (self.term(a), self.term(b));
                TermKind::Binary(*operation, Box::new(a?), Box::new(b?))
            }
            ExpressionKind::If(a, b, c) => {
                let (a, b, c) = (self.term(a), self.term(b), self.term(c));
                TermKind::If(Box::new(a?), Box::new(b?), Box::new(c?))
            }
            ExpressionKind::Over(reduction, word, body) => {
                let dimension = self.dimension(word)?;
                self.scope.push(dimension);
                let body = self.term(body);
                self.scope.pop();
                TermKind::Over(*reduction, dimension, Box::new(body?))
            }
            ExpressionKind::Baseline(body) => {
                self.only_in_steps("BASELINE", &expression.span)?;
                TermKind::Baseline(Box::new(self.term(body)?))
            }
            ExpressionKind::Lagged { lag, input, time, initial } => {
                let name = self.text.value.get(expression.span.clone()).and_then(|text| text.split('(').next());
                self.only_in_steps(name.unwrap_or_default().trim(), &expression.span)?;
                self.long_enough(*lag, time);
                let (input, time) = (self.term(input), self.term(time));
                let initial = match initial {
                    Some(initial) => Some(Box::new(self.term(initial)?)),
                    None => None,
                };
                TermKind::Lagged { lag: *lag, input: Box::new(input?), time: Box::new(time?), initial }
            }
        };
        Some(Term { kind, span: expression.span.clone() })
    }

    fn named(&mut self, name: &str, subscripts: &[Subscript], span: &Range<usize>) -> Option<TermKind> {
        if name == "setting" {
            self.only_in_steps("setting", span)?;
            let indices = self.indices(name, subscripts, &[0], span)?;
            return indices.first().copied().map(TermKind::Setting);
        }
        match self.names.get(name) {
            Some(Symbol::Parameter(index)) => {
                let draft = self.draft;
                let indices = self.indices(name, subscripts, &draft.parameters[*index].over, span)?;
                Some(TermKind::Parameter(*index, indices))
            }
            Some(Symbol::Variable(index)) => {
                let draft = self.draft;
                let variable = &draft.variables[*index];
                if !matches!(variable.kind, DraftKind::Constant(_)) {
                    self.only_in_steps(name, span)?;
                }
                let indices = self.indices(name, subscripts, &variable.over, span)?;
                Some(TermKind::Variable(*index, indices))
            }
            None => {
                let names = self.names.keys().copied().chain(["TIME", "DT", "setting"]);
                let help = suggestion(name, names, self.diagnostics);
                let message = format!("there is no parameter or variable `{name}`");
                self.report("unknown-name", span, message, help);
                None
            }
        }
    }

    /// Reports a time that is written as a number and that steps cannot resolve. What only turns out in a run counts
    /// as the shortest time that they can.
    fn long_enough(&mut self, lag: Lag, time: &Expression) {
        let ExpressionKind::Moment(number) = time.kind else { return };
        let step = self.draft.time.step;
        let shortest = f64::from(lag.stages) * step;
        if number < shortest {
            let message = format!("a time of {number} is too short for steps of {step}");
            let help = match lag.stages {
                1 => format!("write at least {shortest}, or choose a shorter `dt`"),
                stages => format!(
                    "each of the {stages} stages takes a step: write at least {shortest}, or choose a shorter `dt`"
                ),
            };
            self.report("out-of-range", &time.span, message, help);
        }
    }

    fn only_in_steps(&mut self, name: &str, span: &Range<usize>) -> Option<()> {
        if !self.at_start {
            return Some(());
        }
        let message = format!("`{name}` has no value yet when constants and initial values are computed");
        let help = "use parameters and constants here, or make it an auxiliary".to_owned();
        self.report("not-at-start", span, message, help);
        None
    }

    /// The elements that `subscripts` mean, for an array over `over`.
    fn indices(
        &mut self,
        name: &str,
        subscripts: &[Subscript],
        over: &[usize],
        span: &Range<usize>,
    ) -> Option<Vec<Index>> {
        if subscripts.len() != over.len() {
            let dimensions: Vec<&str> =
                over.iter().map(|dimension| self.draft.dimensions.list[*dimension].id.as_str()).collect();
            let (message, help) = if over.is_empty() {
                (format!("`{name}` is a single number"), format!("write `{name}`"))
            } else {
                let list = dimensions.join(", ");
                let help = if over.iter().all(|dimension| self.scope.contains(dimension)) {
                    format!("write `{name}[{list}]`")
                } else {
                    let first = |dimension: &usize| {
                        let elements = &self.draft.dimensions.list[*dimension].elements;
                        elements.first().map_or("…", |element| element.id.as_str())
                    };
                    let firsts: Vec<&str> = over.iter().map(first).collect();
                    let firsts = firsts.join(", ");
                    format!(
                        "name an element, as in `{name}[{firsts}]`, or add all up, as in `SUM({0}: …[{0}])`",
                        dimensions[0]
                    )
                };
                (format!("`{name}` is an array over {list}"), help)
            };
            self.report("bad-subscript", span, message, help);
            return None;
        }
        subscripts.iter().zip(over).map(|(subscript, dimension)| self.index(subscript, *dimension)).collect()
    }

    fn index(&mut self, subscript: &Subscript, wanted: usize) -> Option<Index> {
        let Dimensions { list, properties } = &self.draft.dimensions;
        let word = &subscript.word;
        let named = list.iter().position(|dimension| dimension.id == word.text);
        let in_scope = named.filter(|dimension| self.scope.contains(dimension));
        if let Some(property) = &subscript.property {
            let of = list.iter().position(|dimension| dimension.id == property.text);
            return match (in_scope, of) {
                (Some(dimension), Some(of)) if of == wanted && properties.contains_key(&(dimension, of)) => {
                    Some(Index::Property(dimension, of))
                }
                _ => {
                    let message =
                        format!("`{}.{}` is not an element of `{}`", word.text, property.text, list[wanted].id);
                    let span = word.span.start..property.span.end;
                    self.report("bad-subscript", &span, message, "levers have the property `lever.grade`".to_owned());
                    None
                }
            };
        }
        if in_scope == Some(wanted) {
            return Some(Index::Of(wanted));
        }
        if let Some(element) = list[wanted].elements.iter().position(|element| element.id == word.text) {
            return Some(Index::Fixed(element));
        }
        let message = match named {
            Some(_) if in_scope.is_none() => format!("no element of `{}` is known here", word.text),
            Some(_) => format!("`{}` is not the dimension `{}`", word.text, list[wanted].id),
            None => format!("`{}` is not an element of `{}`", word.text, list[wanted].id),
        };
        let help = match named {
            Some(_) if in_scope.is_none() => format!("add `over = [\"{0}\"]`, or write `SUM({0}: …)`", word.text),
            _ => {
                let elements = list[wanted].elements.iter().map(|element| element.id.as_str());
                suggestion(&word.text, elements, self.diagnostics)
            }
        };
        self.report("bad-subscript", &word.span, message, help);
        None
    }

    fn dimension(&mut self, word: &Word) -> Option<usize> {
        let list = &self.draft.dimensions.list;
        let found = list.iter().position(|dimension| dimension.id == word.text);
        match found {
            Some(dimension) if self.scope.contains(&dimension) => {
                let message = format!("the element of `{}` is known here already", word.text);
                self.report("bad-subscript", &word.span, message, "sum over another dimension".to_owned());
                None
            }
            Some(dimension) => Some(dimension),
            None => {
                let names = list.iter().map(|dimension| dimension.id.as_str());
                let help = suggestion(&word.text, names, self.diagnostics);
                self.report("unknown-name", &word.span, format!("there is no dimension `{}`", word.text), help);
                None
            }
        }
    }

    fn report(&mut self, code: &'static str, span: &Range<usize>, message: String, help: String) {
        let place = self.text.part(span.clone());
        self.diagnostics.push(Diagnostic::error(code, place, message).help(help));
    }
}
