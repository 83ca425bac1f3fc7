//! Resolved equations → the operations of a [`Graph`], arrays written out element by element.
//!
//! An array parameter that is `sparse` lacks elements. An expression that names a missing element is missing itself;
//! SUM and its kin pass over what is missing; a single variable must not be.

use std::collections::{BTreeMap, HashMap};

use diagnostic::{Diagnostic, Diagnostics};

use super::order::reads_policy;
use super::parser::{Keeps, Lag, Reduction};
use super::read::{Draft, DraftKind};
use super::resolve::{Index, Limit, Resolved, Term, TermKind};
use crate::graph::{Binary, Graph, Node, NodeId, Pair, Stock, Unary, World};
use crate::id::{LeverId, ParameterId};
use crate::model::{Method, StockRange};

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
        policy_dependent,
        graph: Graph::default(),
        known: HashMap::new(),
        instances: BTreeMap::new(),
        lags: Lags::default(),
        terms: 0,
    };
    let stocks = builder.declare_stocks();
    builder.lags.next_place = stocks.len() as u32;
    for index in order {
        builder.variable(*index, &variables[*index], diagnostics);
    }
    if builder.connect_stocks(&stocks, variables, diagnostics).is_some() {
        builder.connect_lags(diagnostics);
    }
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
    /// By variable, whether a lever can change it.
    policy_dependent: &'b [bool],
    graph: Graph,
    /// Equal operations are made once.
    known: HashMap<NodeKey, NodeId>,
    instances: BTreeMap<(usize, Vec<usize>), Pair>,
    lags: Lags<'b>,
    /// Terms written out so far.
    terms: usize,
}

/// The lags of a model. Their hidden stocks come after all others.
#[derive(Default)]
struct Lags<'b> {
    /// The place of the next hidden stock.
    next_place: u32,
    /// The place of each lag's first stock.
    known: BTreeMap<LagKey, u32>,
    /// In the order of their places.
    list: Vec<PlacedLag<'b>>,
}

/// Where a lag stands: the variable, the bytes of its equation, the element of each dimension that is known.
type LagKey = (usize, usize, usize, BTreeMap<usize, usize>);

/// A lag that has places for its stocks.
struct PlacedLag<'b> {
    lag: Lag,
    input: &'b Term,
    time: &'b Term,
    home: usize,
    elements: BTreeMap<usize, usize>,
    /// Of the first of its stocks.
    place: u32,
    /// What its stocks hold at the start, perhaps still in terms of later points of time.
    initial: NodeId,
    /// Whether a lever can change it.
    policy: bool,
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
    /// The variable in whose equation the term stands.
    home: usize,
    world: World,
    elements: BTreeMap<usize, usize>,
}

impl<'b> Builder<'b> {
    fn is_full(&self) -> bool {
        self.graph.nodes.len() > MOST_NODES || self.terms > MOST_TERMS
    }

    /// Gives every stock its place, by variable and elements, so that equations can name it.
    fn declare_stocks(&mut self) -> Vec<(usize, Vec<usize>)> {
        let mut stocks = Vec::new();
        for (index, variable) in self.draft.variables.iter().enumerate() {
            if !matches!(variable.kind, DraftKind::Stock { .. }) {
                continue;
            }
            for elements in self.tuples(&variable.over) {
                let place = stocks.len() as u32;
                let base = self.node(Node::Stock(place, World::Base));
                let policy =
                    if self.policy_dependent[index] { self.node(Node::Stock(place, World::Policy)) } else { base };
                self.instances.insert((index, elements.clone()), Pair { base, policy });
                stocks.push((index, elements));
            }
        }
        stocks
    }

    fn variable(&mut self, index: usize, resolved: &'b Resolved, diagnostics: &mut Diagnostics) {
        let variable = &self.draft.variables[index];
        let policy = self.policy_dependent[index];
        for elements in self.tuples(&variable.over) {
            if self.is_full() {
                return;
            }
            let Some(equation) = resolved.equation(&elements) else { continue };
            let Some(base) = self.value(&equation.term, index, &elements, World::Base) else {
                if variable.over.is_empty() && !self.is_full() {
                    let message = format!("`{}` needs an element that has no value", variable.id.value);
                    diagnostics.push(
                        Diagnostic::error("missing-element", equation.text.place.clone(), message)
                            .help("give the sparse parameter a value for it"),
                    );
                }
                continue;
            };
            let policy =
                if policy { self.value(&equation.term, index, &elements, World::Policy).unwrap_or(base) } else { base };
            let graph = variable.graph.as_deref().unwrap_or_default();
            let (base, policy) = (self.looked_up(base, graph), self.looked_up(policy, graph));
            let base = self.limited(base, &resolved.limits, &elements, |pair| pair.base);
            let policy = self.limited(policy, &resolved.limits, &elements, |pair| pair.policy);
            self.instances.insert((index, elements), Pair { base, policy });
        }
    }

    /// A flow as far as the stocks allow it that do not fall below zero.
    fn limited(&mut self, flow: NodeId, limits: &[Limit], elements: &[usize], side: impl Fn(Pair) -> NodeId) -> NodeId {
        limits.iter().fold(flow, |flow, limit| {
            let zero = self.node(Node::Number(0.0));
            let forwards = self.node(Node::Binary(Binary::Maximum, flow, zero));
            let Limit::Outflow { stock, before } = limit else { return forwards };
            let at = |variable: &usize| self.instances.get(&(*variable, elements.to_vec())).map(|pair| side(*pair));
            let (Some(stock), before) = (at(stock), before.iter().filter_map(at).collect::<Vec<_>>()) else {
                return forwards;
            };
            let step = self.node(Node::Step);
            let all = self.node(Node::Binary(Binary::Divide, stock, step));
            let left = before.into_iter().fold(all, |left, flow| self.node(Node::Binary(Binary::Subtract, left, flow)));
            let left = self.node(Node::Binary(Binary::Maximum, left, zero));
            self.node(Node::Binary(Binary::Minimum, forwards, left))
        })
    }

    /// Adds initial values and rates, now that all flows have operations; none if something lacks.
    fn connect_stocks(
        &mut self,
        stocks: &[(usize, Vec<usize>)],
        variables: &'b [Resolved],
        diagnostics: &mut Diagnostics,
    ) -> Option<()> {
        let mut complete = Some(());
        for (index, elements) in stocks {
            let variable = &self.draft.variables[*index];
            let resolved = &variables[*index];
            let initial = resolved
                .equation(elements)
                .and_then(|equation| self.value(&equation.term, *index, elements, World::Base));
            let base_rate = self.rate(resolved, elements, |pair| pair.base);
            let policy_rate = self.rate(resolved, elements, |pair| pair.policy);
            match (initial, base_rate, policy_rate) {
                (Some(initial), Some(base_rate), Some(policy_rate)) => self.graph.stocks.push(Stock {
                    initial,
                    base_rate,
                    policy_rate: self.policy_dependent[*index].then_some(policy_rate),
                    range: match variable.kind {
                        DraftKind::Stock { range, .. } => range,
                        _ => StockRange::Any,
                    },
                }),
                _ if self.is_full() => return None,
                _ => {
                    complete = None;
                    let message = format!("`{}` lacks an initial value or a flow for an element", variable.id.value);
                    diagnostics.push(
                        Diagnostic::error("missing-element", variable.id.place.clone(), message)
                            .help("give the sparse parameters of its initial value and its flows a value for it"),
                    );
                }
            }
        }
        complete
    }

    /// Adds the hidden stocks of all lags, now that all variables have operations.
    fn connect_lags(&mut self, diagnostics: &mut Diagnostics) {
        let mut next = 0;
        // An input may have lags of its own, which then join the list.
        while let Some(placed) = self.lags.list.get(next) {
            let PlacedLag { lag, input, time, home, place, initial, policy, .. } = *placed;
            let elements = placed.elements.clone();
            next += 1;
            let mut scope = Scope { home, world: World::Base, elements };
            let base = self.lag_rates(lag, input, time, place, &mut scope);
            scope.world = World::Policy;
            let policy_rates = if policy { self.lag_rates(lag, input, time, place, &mut scope) } else { None };
            if self.is_full() {
                return;
            }
            let Some(base) = base.filter(|_| policy == policy_rates.is_some()) else {
                let id = &self.draft.variables[home].id;
                let message = format!("the input of a delay in `{}` needs an element that has no value", id.value);
                diagnostics.push(
                    Diagnostic::error("missing-element", id.place.clone(), message)
                        .help("give the sparse parameter a value for it"),
                );
                return;
            };
            for (stage, base_rate) in base.into_iter().enumerate() {
                let policy_rate = policy_rates.as_ref().map(|rates| rates[stage]);
                self.graph.stocks.push(Stock { initial, base_rate, policy_rate, range: StockRange::Any });
            }
        }
        self.start_lags();
    }

    /// Makes the initial values of hidden stocks values at the start: of the base run, which is also what the policy
    /// run remembers of the time before it.
    ///
    /// An initial value only needs operations that were made before its stock, and initial values of other stocks.
    fn start_lags(&mut self) {
        let Some(first) = self.lags.list.first().map(|lag| lag.place as usize) else { return };
        let changes = self.graph.time_dependent(|_| true);
        let mut needed = vec![false; self.graph.nodes.len()];
        let mut open: Vec<NodeId> = self.graph.stocks[first..].iter().map(|stock| stock.initial).collect();
        while let Some(node) = open.pop() {
            if !changes[node.index()] || std::mem::replace(&mut needed[node.index()], true) {
                continue;
            }
            match self.graph.nodes[node.index()] {
                Node::Stock(place, _) => open.push(self.graph.stocks[place as usize].initial),
                node => open.extend(node.operands()),
            }
        }
        let mut at_start: BTreeMap<NodeId, NodeId> = BTreeMap::new();
        for index in (0..needed.len()).filter(|index| needed[*index]) {
            if self.is_full() {
                return;
            }
            let known = |node: NodeId| at_start.get(&node).copied().unwrap_or(node);
            let node = match self.graph.nodes[index] {
                Node::Time | Node::StepStart => Node::Number(self.draft.time.start),
                Node::Stock(place, _) => {
                    at_start.insert(NodeId(index as u32), known(self.graph.stocks[place as usize].initial));
                    continue;
                }
                Node::Unary(operation, a) => Node::Unary(operation, known(a)),
                Node::Binary(operation, a, b) => Node::Binary(operation, known(a), known(b)),
                Node::Select(a, b, c) => Node::Select(known(a), known(b), known(c)),
                constant => constant,
            };
            let node = self.node(node);
            at_start.insert(NodeId(index as u32), node);
        }
        for stock in &mut self.graph.stocks[first..] {
            stock.initial = at_start.get(&stock.initial).copied().unwrap_or(stock.initial);
        }
    }

    /// The rate of each stage of a lag, in the world of `scope`.
    fn lag_rates(
        &mut self,
        lag: Lag,
        input: &'b Term,
        time: &'b Term,
        place: u32,
        scope: &mut Scope,
    ) -> Option<Vec<NodeId>> {
        let mut before = self.term(input, scope)?;
        let stage_time = self.stage_time(lag, time, scope)?;
        let mut rates = Vec::new();
        for stage in place..place + lag.stages {
            let held = self.node(Node::Stock(stage, scope.world));
            let (gain, passed_on) = match lag.keeps {
                Keeps::Knowledge => {
                    let gap = self.node(Node::Binary(Binary::Subtract, before, held));
                    (self.node(Node::Binary(Binary::Divide, gap, stage_time)), held)
                }
                Keeps::Material => {
                    let let_out = self.node(Node::Binary(Binary::Divide, held, stage_time));
                    (self.node(Node::Binary(Binary::Subtract, before, let_out)), let_out)
                }
            };
            rates.push(gain);
            before = passed_on;
        }
        Some(rates)
    }

    /// The time of one stage of a lag. No step can resolve a shorter time than its own length, and with Euler's method
    /// a shorter one would make the stage swing; so that is the least it counts as.
    fn stage_time(&mut self, lag: Lag, time: &'b Term, scope: &mut Scope) -> Option<NodeId> {
        let time = self.term(time, scope)?;
        let stages = self.node(Node::Number(f64::from(lag.stages)));
        let share = self.node(Node::Binary(Binary::Divide, time, stages));
        let step = self.node(Node::Step);
        Some(self.node(Node::Binary(Binary::Maximum, share, step)))
    }

    /// What a lag gives. Where it stands for the first time its hidden stocks get their places; what changes them is
    /// added when all variables have operations, because the input may depend on the lag.
    fn lagged(&mut self, term: &'b Term, scope: &mut Scope) -> Option<NodeId> {
        let TermKind::Lagged { lag, input, time, initial } = &term.kind else { return None };
        let policy = reads_policy(term, self.policy_dependent);
        let written_for = scope.world;
        let key = (scope.home, term.span.start, term.span.end, scope.elements.clone());
        let place = match self.lags.known.get(&key) {
            Some(place) => *place,
            None => {
                scope.world = World::Base;
                let initial = self.term(initial.as_ref().unwrap_or(input), scope);
                let stage_time = self.stage_time(*lag, time, scope);
                scope.world = written_for;
                let (initial, stage_time) = (initial?, stage_time?);
                let initial = match lag.keeps {
                    Keeps::Knowledge => initial,
                    Keeps::Material => self.node(Node::Binary(Binary::Multiply, initial, stage_time)),
                };
                let place = self.lags.next_place;
                self.lags.next_place += lag.stages;
                let (home, elements) = (scope.home, scope.elements.clone());
                self.lags.list.push(PlacedLag { lag: *lag, input, time, home, elements, place, initial, policy });
                self.lags.known.insert(key, place);
                place
            }
        };
        let world = if policy { scope.world } else { World::Base };
        let last = self.node(Node::Stock(place + lag.stages - 1, world));
        match lag.keeps {
            Keeps::Knowledge => Some(last),
            Keeps::Material => {
                scope.world = world;
                let stage_time = self.stage_time(*lag, time, scope);
                scope.world = written_for;
                Some(self.node(Node::Binary(Binary::Divide, last, stage_time?)))
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

    /// The operations of a term in the equation of the variable `home`, for some of its elements.
    fn value(&mut self, term: &'b Term, home: usize, elements: &[usize], world: World) -> Option<NodeId> {
        let over = &self.draft.variables[home].over;
        let elements = over.iter().copied().zip(elements.iter().copied()).collect();
        self.term(term, &mut Scope { home, world, elements })
    }

    /// The operations of `term`; none when it is missing.
    fn term(&mut self, term: &'b Term, scope: &mut Scope) -> Option<NodeId> {
        if self.is_full() {
            return None;
        }
        self.terms += 1;
        match &term.kind {
            TermKind::Number(number) | TermKind::Moment(number) => Some(self.node(Node::Number(*number))),
            TermKind::Time => Some(self.node(Node::Time)),
            TermKind::StepStart => Some(self.node(Node::StepStart)),
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
            TermKind::Lagged { .. } => self.lagged(term, scope),
        }
    }

    fn over(&mut self, reduction: Reduction, dimension: usize, body: &'b Term, scope: &mut Scope) -> Option<NodeId> {
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

    /// Where a lever stands, which in the policy run is for the engine to say.
    fn setting(&mut self, lever: usize, world: World) -> NodeId {
        self.node(match world {
            World::Base => Node::Number(self.draft.levers[lever].status_quo),
            World::Policy => Node::Setting(LeverId::at(lever)),
        })
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
            // Euler's method computes rates at the start of a step only.
            Node::StepStart if self.draft.time.method == Method::Euler => Node::Time,
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
