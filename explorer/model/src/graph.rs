//! All equations of a model as one list of operations, each after those it needs.
//!
//! The base run (all levers at their status quo) and the policy run are two worlds in the same list. What no lever
//! can change exists once, in the base world, and both runs share it; so do equal expressions.

use serde::{Deserialize, Serialize};

use crate::float;
use crate::id::{LeverId, ParameterId, VariableId};
use crate::model::StockRange;

/// Place of a node in [`Graph::nodes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct NodeId(pub(crate) u32);

impl NodeId {
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// Which of the two paired runs a stock belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) enum World {
    /// All levers at their status quo.
    Base,
    /// The levers as the scenario sets them.
    Policy,
}

/// One operation, or one of the things operations start from.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Node {
    Number(f64),
    Parameter(ParameterId),
    /// Where a lever stands on its way to the reader's setting, 0 to 1. Only in the policy world.
    Setting(LeverId),
    /// The point of time that rates are computed for, which may lie within a step.
    Time,
    /// The point of time at which the current step starts.
    StepStart,
    /// The length of a step (XMILE's DT).
    Step,
    /// The value of a stock, by its place in [`Graph::stocks`].
    Stock(u32, World),
    Unary(Unary, NodeId),
    Binary(Binary, NodeId, NodeId),
    /// The second if the first is not zero, else the third.
    Select(NodeId, NodeId, NodeId),
}

impl Node {
    /// The nodes this one needs.
    pub(crate) fn operands(&self) -> impl Iterator<Item = NodeId> {
        let operands = match *self {
            Self::Unary(_, a) => [Some(a), None, None],
            Self::Binary(_, a, b) => [Some(a), Some(b), None],
            Self::Select(a, b, c) => [Some(a), Some(b), Some(c)],
            _ => [None; 3],
        };
        operands.into_iter().flatten()
    }
}

/// Operations on one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) enum Unary {
    Negate,
    Not,
    Absolute,
    Exp,
    Ln,
    SquareRoot,
    /// The largest whole number that is not above.
    Floor,
}

impl Unary {
    pub(crate) fn of(self, a: f64) -> f64 {
        match self {
            Self::Negate => -a,
            Self::Not => truth(a == 0.0),
            Self::Absolute => a.abs(),
            Self::Exp => float::exp(a),
            Self::Ln => float::ln(a),
            Self::SquareRoot => a.sqrt(),
            Self::Floor => a.floor(),
        }
    }
}

/// Operations on two numbers. Comparisons give 1 for true and 0 for false.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) enum Binary {
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
    Minimum,
    Maximum,
    Less,
    LessOrEqual,
    Equal,
    And,
    Or,
}

impl Binary {
    pub(crate) fn of(self, a: f64, b: f64) -> f64 {
        match self {
            Self::Add => a + b,
            Self::Subtract => a - b,
            Self::Multiply => a * b,
            Self::Divide => a / b,
            Self::Power => float::pow(a, b),
            Self::Minimum => float::min(a, b),
            Self::Maximum => float::max(a, b),
            Self::Less => truth(a < b),
            Self::LessOrEqual => truth(a <= b),
            Self::Equal => truth(a == b),
            Self::And => truth(a != 0.0 && b != 0.0),
            Self::Or => truth(a != 0.0 || b != 0.0),
        }
    }
}

/// 1 for true, 0 for false, as XMILE has it.
pub(crate) fn truth(condition: bool) -> f64 {
    f64::from(u8::from(condition))
}

/// The nodes that make up one stock.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Stock {
    pub(crate) initial: NodeId,
    /// Change per unit of time in the base run.
    pub(crate) base_rate: NodeId,
    /// Change per unit of time in the policy run; none when no lever can change the stock.
    pub(crate) policy_rate: Option<NodeId>,
    pub(crate) range: StockRange,
}

/// Where the values of a variable stand in the two worlds; one and the same node when no lever can change it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Pair {
    pub(crate) base: NodeId,
    pub(crate) policy: NodeId,
}

/// All operations of a model.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Graph {
    /// Each after its operands.
    pub(crate) nodes: Vec<Node>,
    pub(crate) stocks: Vec<Stock>,
    /// By [`VariableId`](crate::VariableId).
    pub(crate) variables: Vec<Pair>,
}

impl Graph {
    /// Where in the order of computation a variable gets its first value; a stock has that of its initial value.
    pub(crate) fn computed_at(&self, variable: VariableId) -> (NodeId, bool) {
        let node = self.variables[variable.index()].base;
        match self.nodes[node.index()] {
            Node::Stock(place, _) => (self.stocks[place as usize].initial, true),
            _ => (node, false),
        }
    }

    /// Whether everything that is named exists, every operation stands after those it needs, and nothing in the base
    /// world or at the start needs a lever or a later step.
    pub(crate) fn is_coherent(&self, parameters: usize, levers: usize) -> bool {
        let sound = |(index, node): (usize, &Node)| match *node {
            Node::Parameter(id) => id.index() < parameters,
            Node::Setting(id) => id.index() < levers,
            Node::Stock(place, world) => {
                self.stocks.get(place as usize).is_some_and(|stock| world == World::Base || stock.policy_rate.is_some())
            }
            _ => node.operands().all(|operand| operand.index() < index),
        };
        if !self.nodes.iter().enumerate().all(sound) {
            return false;
        }
        let (policy, step) = (self.policy_dependent(), self.time_dependent(|_| true));
        let exists = |node: NodeId| node.index() < self.nodes.len();
        let base = |node: NodeId| exists(node) && !policy[node.index()];
        self.variables.iter().all(|pair| base(pair.base) && exists(pair.policy))
            && self.stocks.iter().all(|stock| {
                base(stock.initial)
                    && !step[stock.initial.index()]
                    && base(stock.base_rate)
                    && stock.policy_rate.is_none_or(exists)
            })
    }

    /// For each parameter, whether a variable needs it in either world, be it by way of a stock.
    pub(crate) fn needed_parameters(&self, variable: VariableId, parameters: usize) -> Vec<bool> {
        let Pair { base, policy } = self.variables[variable.index()];
        let mut needed = vec![false; parameters];
        let mut is_seen = vec![false; self.nodes.len()];
        let mut open = vec![base, policy];
        while let Some(node) = open.pop() {
            if std::mem::replace(&mut is_seen[node.index()], true) {
                continue;
            }
            match self.nodes[node.index()] {
                Node::Parameter(id) => needed[id.index()] = true,
                Node::Stock(place, world) => {
                    let stock = &self.stocks[place as usize];
                    let rate = if world == World::Policy { stock.policy_rate } else { None };
                    open.extend([stock.initial, rate.unwrap_or(stock.base_rate)]);
                }
                node => open.extend(node.operands()),
            }
        }
        needed
    }

    /// For each node, whether a lever can change it.
    pub(crate) fn policy_dependent(&self) -> Vec<bool> {
        self.spread(|node| matches!(node, Node::Setting(_) | Node::Stock(_, World::Policy)))
    }

    /// For each node, whether it can change from one step to the next when some of the levers are moving.
    pub(crate) fn time_dependent(&self, is_moving: impl Fn(LeverId) -> bool) -> Vec<bool> {
        self.spread(|node| match node {
            Node::Time | Node::StepStart | Node::Stock(..) => true,
            Node::Setting(lever) => is_moving(*lever),
            _ => false,
        })
    }

    /// Whether a node or anything it needs `starts` a property.
    fn spread(&self, starts: impl Fn(&Node) -> bool) -> Vec<bool> {
        let mut has = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            let value = starts(node) || node.operands().any(|operand| has[operand.index()]);
            has.push(value);
        }
        has
    }
}
