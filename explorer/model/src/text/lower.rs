//! Resolved equations → the operations of a [`Graph`], arrays written out element by element.
//!
//! An array parameter that is `sparse` lacks elements. An expression that names a missing element is missing itself;
//! SUM and its kin pass over what is missing; a single variable must not be.

use std::collections::{BTreeMap, HashMap};

use diagnostic::{Diagnostic, Diagnostics};

use super::parser::Reduction;
use super::read::{Draft, DraftKind};
use super::resolve::{Index, Resolved, Term, TermKind};
use crate::graph::{Binary, Graph, Node, NodeId, Pair, Stock, Unary, World};
use crate::id::{LeverId, ParameterId};
use crate::model::Time;

/// Operations a model may have; the real one has about a thousand.
const MOST_NODES: usize = 200_000;
/// Terms that may be written out, equal ones counted each time.
const MOST_TERMS: usize = 10 * MOST_NODES;

/// A series of numbers of a variable: the variable's place in the draft, the elements, its operations.
pub(super) struct Instance {
    pub(super) variable: usize,
    pub(super) elements: Vec<usize>,
    pub(super) pair: Pair,
}

/// Ids of all parameters by place in the draft and elements.
pub(super) type ParameterIds = BTreeMap<(usize, Vec<usize>), ParameterId>;

/// Ids of all parameters, in the order of the draft.
pub(super) fn parameter_ids(draft: &Draft) -> ParameterIds {
    let keys = draft
        .parameters
        .iter()
        .enumerate()
        .flat_map(|(index, parameter)| parameter.values.keys().map(move |elements| (index, elements.clone())));
    keys.enumerate().map(|(id, key)| (key, ParameterId::at(id))).collect()
}

/// The operations of a model, and its variables in the order of the draft.
pub(super) fn lower(
    draft: &Draft,
    variables: &[Resolved],
    order: &[usize],
    policy_dependent: &[bool],
    parameters: &ParameterIds,
    diagnostics: &mut Diagnostics,
) -> (Graph, Vec<Instance>) {
    let mut builder = Builder {
        draft,
        parameters,
        graph: Graph::default(),
        known: HashMap::new(),
        instances: BTreeMap::new(),
        terms: 0,
    };
    let stocks = builder.declare_stocks(policy_dependent);
    for index in order {
        builder.variable(*index, &variables[*index], policy_dependent[*index], diagnostics);
    }
    builder.connect_stocks(&stocks, variables, policy_dependent, diagnostics);
    if builder.is_full() {
        diagnostics.push(
            Diagnostic::general("too-large", format!("the model has more than {MOST_NODES} operations"))
                .help("use fewer elements"),
        );
    }
    let instances: Vec<Instance> = builder
        .instances
        .into_iter()
        .map(|((variable, elements), pair)| Instance { variable, elements, pair })
        .collect();
    let mut graph = builder.graph;
    graph.variables = instances.iter().map(|instance| instance.pair).collect();
    (graph, instances)
}

struct Builder<'b> {
    draft: &'b Draft,
    parameters: &'b ParameterIds,
    graph: Graph,
    /// Equal operations are made once.
    known: HashMap<NodeKey, NodeId>,
    instances: BTreeMap<(usize, Vec<usize>), Pair>,
    /// Terms written out so far.
    terms: usize,
}

/// A node by the bits of its number, so that it can be compared.
#[derive(PartialEq, Eq, Hash)]
enum NodeKey {
    Number(u64),
    Other(String),
    Unary(Unary, NodeId),
    Binary(Binary, NodeId, NodeId),
    Select(NodeId, NodeId, NodeId),
}

/// Where a term is written out: the world, and the element of each dimension that is known.
struct Scope {
    world: World,
    elements: BTreeMap<usize, usize>,
}

impl Builder<'_> {
    fn is_full(&self) -> bool {
        self.graph.nodes.len() > MOST_NODES || self.terms > MOST_TERMS
    }

    /// Gives every stock its place, by variable and elements, so that equations can name it.
    fn declare_stocks(&mut self, policy_dependent: &[bool]) -> Vec<(usize, Vec<usize>)> {
        let mut stocks = Vec::new();
        for (index, variable) in self.draft.variables.iter().enumerate() {
            if !matches!(variable.kind, DraftKind::Stock { .. }) {
                continue;
            }
            for elements in self.tuples(&variable.over) {
                let place = stocks.len() as u32;
                let base = self.node(Node::Stock(place, World::Base));
                let policy = if policy_dependent[index] { self.node(Node::Stock(place, World::Policy)) } else { base };
                self.instances.insert((index, elements.clone()), Pair { base, policy });
                stocks.push((index, elements));
            }
        }
        stocks
    }

    fn variable(&mut self, index: usize, resolved: &Resolved, policy: bool, diagnostics: &mut Diagnostics) {
        let variable = &self.draft.variables[index];
        for elements in self.tuples(&variable.over) {
            if self.is_full() {
                return;
            }
            let Some(equation) = resolved.equation(&elements) else { continue };
            let Some(base) = self.value(&equation.term, &variable.over, &elements, World::Base) else {
                if variable.over.is_empty() && !self.is_full() {
                    let message = format!("`{}` needs an element that has no value", variable.id.value);
                    diagnostics.push(
                        Diagnostic::error("missing-element", equation.text.place.clone(), message)
                            .help("give the sparse parameter a value for it"),
                    );
                }
                continue;
            };
            let policy = if policy {
                self.value(&equation.term, &variable.over, &elements, World::Policy).unwrap_or(base)
            } else {
                base
            };
            let (base, policy) = (self.looked_up(base, &variable.graph), self.looked_up(policy, &variable.graph));
            self.instances.insert((index, elements), Pair { base, policy });
        }
    }

    /// Adds initial values and rates, now that all flows have operations.
    fn connect_stocks(
        &mut self,
        stocks: &[(usize, Vec<usize>)],
        variables: &[Resolved],
        policy_dependent: &[bool],
        diagnostics: &mut Diagnostics,
    ) {
        for (index, elements) in stocks {
            let variable = &self.draft.variables[*index];
            let resolved = &variables[*index];
            let initial = resolved
                .equation(elements)
                .and_then(|equation| self.value(&equation.term, &variable.over, elements, World::Base));
            let base_rate = self.rate(resolved, elements, |pair| pair.base);
            let policy_rate = self.rate(resolved, elements, |pair| pair.policy);
            match (initial, base_rate, policy_rate) {
                (Some(initial), Some(base_rate), Some(policy_rate)) => self.graph.stocks.push(Stock {
                    initial,
                    base_rate,
                    policy_rate: policy_dependent[*index].then_some(policy_rate),
                }),
                _ if self.is_full() => return,
                _ => {
                    let message = format!("`{}` lacks an initial value or a flow for an element", variable.id.value);
                    diagnostics.push(Diagnostic::error("missing-element", variable.id.place.clone(), message));
                }
            }
        }
    }

    /// Inflows less outflows, in the order written.
    fn rate(&mut self, resolved: &Resolved, elements: &[usize], side: impl Fn(Pair) -> NodeId) -> Option<NodeId> {
        let mut rate = None;
        let inflows = resolved.inflows.iter().map(|flow| (flow, Binary::Add));
        for (flow, operation) in inflows.chain(resolved.outflows.iter().map(|flow| (flow, Binary::Subtract))) {
            let flow = side(*self.instances.get(&(*flow, elements.to_vec()))?);
            rate = Some(match rate {
                None if operation == Binary::Add => flow,
                None => self.node(Node::Unary(Unary::Negate, flow)),
                Some(rate) => self.node(Node::Binary(operation, rate, flow)),
            });
        }
        Some(rate.unwrap_or_else(|| self.node(Node::Number(0.0))))
    }

    fn value(&mut self, term: &Term, over: &[usize], elements: &[usize], world: World) -> Option<NodeId> {
        let elements = over.iter().copied().zip(elements.iter().copied()).collect();
        self.term(term, &mut Scope { world, elements })
    }

    /// The operations of `term`; none when it is missing.
    fn term(&mut self, term: &Term, scope: &mut Scope) -> Option<NodeId> {
        if self.is_full() {
            return None;
        }
        self.terms += 1;
        match &term.kind {
            TermKind::Number(number) | TermKind::Moment(number) => Some(self.node(Node::Number(*number))),
            TermKind::Time => Some(self.node(Node::Time)),
            TermKind::Step => Some(self.node(Node::Step)),
            TermKind::Parameter(index, indices) => {
                let elements = self.elements(indices, scope);
                let id = *self.parameters.get(&(*index, elements))?;
                Some(self.node(Node::Parameter(id)))
            }
            TermKind::Variable(index, indices) => {
                let elements = self.elements(indices, scope);
                let pair = self.instances.get(&(*index, elements))?;
                Some(if scope.world == World::Base { pair.base } else { pair.policy })
            }
            TermKind::Setting(index) => {
                let lever = self.element(*index, scope);
                Some(self.setting(lever, scope.world))
            }
            TermKind::Unary(operation, a) => {
                let a = self.term(a, scope)?;
                Some(self.node(Node::Unary(*operation, a)))
            }
            TermKind::Binary(operation, a, b) => {
                let a = self.term(a, scope)?;
                let b = self.term(b, scope)?;
                Some(self.node(Node::Binary(*operation, a, b)))
            }
            TermKind::If(condition, yes, no) => {
                let condition = self.term(condition, scope)?;
                let yes = self.term(yes, scope)?;
                let no = self.term(no, scope)?;
                Some(self.node(Node::Select(condition, yes, no)))
            }
            TermKind::Over(reduction, dimension, body) => self.over(*reduction, *dimension, body, scope),
            TermKind::Baseline(body) => {
                let world = std::mem::replace(&mut scope.world, World::Base);
                let value = self.term(body, scope);
                scope.world = world;
                value
            }
        }
    }

    fn over(&mut self, reduction: Reduction, dimension: usize, body: &Term, scope: &mut Scope) -> Option<NodeId> {
        let operation = match reduction {
            Reduction::Sum | Reduction::Mean => Binary::Add,
            Reduction::Product => Binary::Multiply,
            Reduction::Minimum => Binary::Minimum,
            Reduction::Maximum => Binary::Maximum,
        };
        let mut result = None;
        let mut count = 0.0;
        for element in 0..self.draft.dimensions.list[dimension].elements.len() {
            scope.elements.insert(dimension, element);
            let value = self.term(body, scope);
            scope.elements.remove(&dimension);
            let Some(value) = value else { continue };
            count += 1.0;
            result = Some(match result {
                None => value,
                Some(sofar) => self.node(Node::Binary(operation, sofar, value)),
            });
        }
        match (result, reduction) {
            (None, Reduction::Sum) => Some(self.node(Node::Number(0.0))),
            (None, Reduction::Product) => Some(self.node(Node::Number(1.0))),
            (Some(sum), Reduction::Mean) => {
                let count = self.node(Node::Number(count));
                Some(self.node(Node::Binary(Binary::Divide, sum, count)))
            }
            (result, _) => result,
        }
    }

    /// The value of a graphical function at `x`: the first value, and for each stretch its slope times how far `x` is
    /// into it.
    fn looked_up(&mut self, x: NodeId, graph: &[(f64, f64)]) -> NodeId {
        let Some((_, first)) = graph.first() else { return x };
        let mut sum = self.node(Node::Number(*first));
        for stretch in graph.windows(2) {
            let [(left, from), (right, to)] = [stretch[0], stretch[1]];
            let (left_end, right_end) = (self.node(Node::Number(left)), self.node(Node::Number(right)));
            let slope = self.node(Node::Number((to - from) / (right - left)));
            let inside = self.node(Node::Binary(Binary::Maximum, x, left_end));
            let inside = self.node(Node::Binary(Binary::Minimum, inside, right_end));
            let inside = self.node(Node::Binary(Binary::Subtract, inside, left_end));
            let rise = self.node(Node::Binary(Binary::Multiply, slope, inside));
            sum = self.node(Node::Binary(Binary::Add, sum, rise));
        }
        sum
    }

    /// Where a lever stands: its status quo before its start, then in a straight line to the reader's setting.
    fn setting(&mut self, lever: usize, world: World) -> NodeId {
        let draft = &self.draft.levers[lever];
        let status_quo = self.node(Node::Number(draft.status_quo));
        if world == World::Base {
            return status_quo;
        }
        let setting = self.node(Node::Setting(LeverId::at(lever)));
        let Time { start: model_start, .. } = self.draft.time;
        if draft.start <= 0.0 && draft.ramp <= 0.0 {
            return setting;
        }
        let time = self.node(Node::Time);
        let start = self.node(Node::Number(model_start + draft.start));
        let share = if draft.ramp > 0.0 {
            let elapsed = self.node(Node::Binary(Binary::Subtract, time, start));
            let ramp = self.node(Node::Number(draft.ramp));
            let share = self.node(Node::Binary(Binary::Divide, elapsed, ramp));
            let (zero, one) = (self.node(Node::Number(0.0)), self.node(Node::Number(1.0)));
            let share = self.node(Node::Binary(Binary::Maximum, share, zero));
            self.node(Node::Binary(Binary::Minimum, share, one))
        } else {
            self.node(Node::Binary(Binary::LessOrEqual, start, time))
        };
        let change = self.node(Node::Binary(Binary::Subtract, setting, status_quo));
        let change = self.node(Node::Binary(Binary::Multiply, change, share));
        self.node(Node::Binary(Binary::Add, status_quo, change))
    }

    fn elements(&self, indices: &[Index], scope: &Scope) -> Vec<usize> {
        indices.iter().map(|index| self.element(*index, scope)).collect()
    }

    fn element(&self, index: Index, scope: &Scope) -> usize {
        match index {
            Index::Fixed(element) => element,
            Index::Of(dimension) => scope.elements[&dimension],
            Index::Property(dimension, of) => {
                self.draft.dimensions.properties[&(dimension, of)][scope.elements[&dimension]]
            }
        }
    }

    /// All combinations of elements of the dimensions `over`, the last changing fastest.
    fn tuples(&self, over: &[usize]) -> Vec<Vec<usize>> {
        let mut tuples = vec![Vec::new()];
        for dimension in over {
            let size = self.draft.dimensions.list[*dimension].elements.len();
            if tuples.len() * size > MOST_NODES {
                return Vec::new();
            }
            let extended = |tuple: &Vec<usize>| -> Vec<Vec<usize>> {
                (0..size).map(|element| tuple.iter().copied().chain([element]).collect()).collect()
            };
            tuples = tuples.iter().flat_map(extended).collect();
        }
        tuples
    }

    /// The id of `node`, which is made only if no equal one exists. What can be computed now is.
    fn node(&mut self, node: Node) -> NodeId {
        let node = self.simplified(node);
        let key = match node {
            Node::Number(number) => NodeKey::Number(number.to_bits()),
            Node::Unary(operation, a) => NodeKey::Unary(operation, a),
            Node::Binary(operation, a, b) => NodeKey::Binary(operation, a, b),
            Node::Select(a, b, c) => NodeKey::Select(a, b, c),
            other => NodeKey::Other(format!("{other:?}")),
        };
        let nodes = &mut self.graph.nodes;
        *self.known.entry(key).or_insert_with(|| {
            nodes.push(node);
            NodeId(nodes.len() as u32 - 1)
        })
    }

    /// The same value, bit for bit, with less to do.
    fn simplified(&self, node: Node) -> Node {
        let at = |id: NodeId| self.graph.nodes[id.index()];
        match node {
            Node::Unary(operation, a) => match at(a) {
                Node::Number(a) => Node::Number(operation.of(a)),
                _ => node,
            },
            Node::Binary(operation, a, b) => match (operation, at(a), at(b)) {
                (_, Node::Number(a), Node::Number(b)) => Node::Number(operation.of(a, b)),
                (Binary::Multiply | Binary::Divide, same, Node::Number(1.0))
                | (Binary::Multiply, Node::Number(1.0), same) => same,
                _ => node,
            },
            _ => node,
        }
    }
}
