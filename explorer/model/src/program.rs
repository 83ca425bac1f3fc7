//! Operations → instructions on registers, for the outputs that are wanted and nothing else.
//!
//! Each of the two worlds has registers of its own. What changes with time is computed at each step; the rest, and
//! what only parameters and settings decide, once. What no lever can change is computed in the base world only; the
//! policy world imports what it needs of it.

use crate::engine::Delivery;
use crate::graph::{Binary, Graph, Node, NodeId, Unary, World};
use crate::id::{LeverId, ParameterId, VariableId};
use crate::model::StockRange;

/// Place of a number (of as many lanes as a block has) in a world.
pub(crate) type Register = u32;

/// What to do with the registers of a world.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Instruction {
    pub(crate) operation: Operation,
    /// Never one of the operands.
    pub(crate) to: Register,
}

/// An operation and its operands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Operation {
    Unary(Unary, Register),
    Binary(Binary, Register, Register),
    Select(Register, Register, Register),
    Copy(Register),
}

/// What a register holds from before the first instruction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Input {
    Number(f64),
    Parameter(ParameterId),
    Setting(LeverId),
    /// The length of a step.
    Step,
}

/// The registers of a stock.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct StockRegisters {
    pub(crate) value: Register,
    pub(crate) initial: Register,
    pub(crate) rate: Register,
    pub(crate) range: StockRange,
}

/// A number of the base world that the policy world needs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Import {
    pub(crate) from: Register,
    pub(crate) to: Register,
}

/// The program of a world.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Code {
    pub(crate) registers: u32,
    pub(crate) inputs: Vec<(Input, Register)>,
    pub(crate) time: Option<Register>,
    pub(crate) step_start: Option<Register>,
    /// Levers on their way to their settings, whose places the engine works out; empty in the base world.
    pub(crate) moving: Vec<(LeverId, Register)>,
    /// Imports before `once`; empty in the base world.
    pub(crate) once_imports: Vec<Import>,
    pub(crate) once: Vec<Instruction>,
    /// Imports before each run of `steps`; empty in the base world.
    pub(crate) step_imports: Vec<Import>,
    pub(crate) steps: Vec<Instruction>,
    pub(crate) stocks: Vec<StockRegisters>,
}

/// Where an output stands after a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Output {
    pub(crate) base: Register,
    /// In the policy world; none when no lever can change it.
    pub(crate) policy: Option<Register>,
}

/// The programs of both worlds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Program {
    pub(crate) base: Code,
    pub(crate) policy: Code,
    /// In the order asked for.
    pub(crate) outputs: Vec<Output>,
}

impl Program {
    /// The program that computes `outputs` with levers that get to their settings by `delivery`. Where they all stand
    /// there at once it does no more than it has to.
    pub(crate) fn new(graph: &Graph, outputs: &[VariableId], delivery: &[Option<Delivery>]) -> Self {
        let facts = Facts::new(graph, outputs, delivery);
        let base = Assembler::assemble(graph, &facts, World::Base, None);
        let policy = Assembler::assemble(graph, &facts, World::Policy, Some(&base.register_of));
        let outputs = outputs
            .iter()
            .map(|variable| {
                let pair = graph.variables[variable.index()];
                Output {
                    base: base.of(pair.base),
                    policy: facts.policy[pair.policy.index()].then(|| policy.of(pair.policy)),
                }
            })
            .collect();
        Self { base: base.code, policy: policy.code, outputs }
    }
}

/// What holds for each node.
struct Facts {
    /// Whether an output needs it.
    needed: Vec<bool>,
    /// Whether a lever can change it.
    policy: Vec<bool>,
    /// Whether it can change from one step to the next.
    step: Vec<bool>,
    /// Whether somebody reads it after all instructions of its step.
    held: Vec<bool>,
    /// Whether the engine writes its register, at each step or with the stocks, rather than an instruction.
    given: Vec<bool>,
}

impl Facts {
    fn new(graph: &Graph, outputs: &[VariableId], delivery: &[Option<Delivery>]) -> Self {
        let policy = graph.policy_dependent();
        let is_moving = |lever: LeverId| delivery[lever.index()].is_some();
        let step = graph.time_dependent(is_moving);
        let given = graph.nodes.iter().map(|node| match node {
            Node::Time | Node::StepStart | Node::Stock(..) => true,
            Node::Setting(lever) => is_moving(*lever),
            _ => false,
        });
        let given = given.collect();
        let mut needed = vec![false; graph.nodes.len()];
        let mut held = needed.clone();
        let mut open: Vec<NodeId> = Vec::new();
        for variable in outputs {
            let pair = graph.variables[variable.index()];
            for node in [pair.base, pair.policy] {
                held[node.index()] = true;
                open.push(node);
            }
        }
        while let Some(node) = open.pop() {
            if std::mem::replace(&mut needed[node.index()], true) {
                continue;
            }
            if let Node::Stock(place, world) = graph.nodes[node.index()] {
                let stock = graph.stocks[place as usize];
                let rate = if world == World::Base { Some(stock.base_rate) } else { stock.policy_rate };
                for node in rate.into_iter().chain([stock.initial]) {
                    held[node.index()] = true;
                    open.push(node);
                }
            }
            open.extend(graph.nodes[node.index()].operands());
        }
        // The policy world reads the base world when that has finished its step.
        for (_, node) in graph.nodes.iter().enumerate().filter(|(index, _)| needed[*index] && policy[*index]) {
            for operand in node.operands().filter(|operand| !policy[operand.index()]) {
                held[operand.index()] = true;
            }
        }
        Self { needed, policy, step, held, given }
    }
}

/// The code of a world, and the register of each node that has one in it.
struct Assembled {
    code: Code,
    register_of: Vec<Option<Register>>,
}

impl Assembled {
    fn of(&self, node: NodeId) -> Register {
        self.register_of[node.index()].expect("outputs are needed, so they have a register")
    }
}

struct Assembler<'a> {
    graph: &'a Graph,
    facts: &'a Facts,
    code: Code,
    register_of: Vec<Option<Register>>,
    /// Registers that no later instruction of a step reads.
    free: Vec<Register>,
    /// The registers of the base world, when assembling the policy world.
    base: Option<&'a [Option<Register>]>,
}

impl<'a> Assembler<'a> {
    fn assemble(graph: &'a Graph, facts: &'a Facts, world: World, base: Option<&'a [Option<Register>]>) -> Assembled {
        let register_of = vec![None; graph.nodes.len()];
        let mut assembler = Self { graph, facts, code: Code::default(), register_of, free: Vec::new(), base };
        let own: Vec<usize> = (0..graph.nodes.len())
            .filter(|index| facts.needed[*index] && facts.policy[*index] == (world == World::Policy))
            .collect();
        for index in own.iter().filter(|index| !facts.step[**index]) {
            assembler.keep(*index);
            assembler.instruction(*index);
        }
        // Values that change with time and are read after the step keep a register of their own.
        for index in own.iter().filter(|index| facts.step[**index]) {
            if facts.held[*index] || facts.given[*index] {
                assembler.keep(*index);
            }
        }
        let last_use = assembler.last_uses(&own);
        for index in own.iter().filter(|index| facts.step[**index]) {
            assembler.instruction(*index);
            assembler.release(*index, &last_use);
        }
        assembler.stocks(&own);
        Assembled { code: assembler.code, register_of: assembler.register_of }
    }

    /// Gives a node a register that nothing else ever uses.
    fn keep(&mut self, node: usize) -> Register {
        let register = self.code.registers;
        self.code.registers += 1;
        self.register_of[node] = Some(register);
        register
    }

    /// Adds what computes a node, importing from the base world what it needs.
    fn instruction(&mut self, index: usize) {
        let operation = match self.graph.nodes[index] {
            Node::Number(number) => return self.input(index, Input::Number(number)),
            Node::Parameter(parameter) => return self.input(index, Input::Parameter(parameter)),
            Node::Setting(lever) if self.facts.given[index] => {
                self.code.moving.extend(self.register_of[index].map(|register| (lever, register)));
                return;
            }
            Node::Setting(lever) => return self.input(index, Input::Setting(lever)),
            Node::Step => return self.input(index, Input::Step),
            Node::Time => {
                self.code.time = self.register_of[index];
                return;
            }
            Node::StepStart => {
                self.code.step_start = self.register_of[index];
                return;
            }
            Node::Stock(..) => return,
            Node::Unary(operation, a) => Operation::Unary(operation, self.operand(a)),
            Node::Binary(operation, a, b) => Operation::Binary(operation, self.operand(a), self.operand(b)),
            Node::Select(a, b, c) => Operation::Select(self.operand(a), self.operand(b), self.operand(c)),
        };
        let to = match self.register_of[index] {
            Some(register) => register,
            None => match self.free.pop() {
                Some(register) => {
                    self.register_of[index] = Some(register);
                    register
                }
                None => self.keep(index),
            },
        };
        let code = if self.facts.step[index] { &mut self.code.steps } else { &mut self.code.once };
        code.push(Instruction { operation, to });
    }

    fn input(&mut self, index: usize, input: Input) {
        let register = self.register_of[index].expect("what does not change with time has a register");
        self.code.inputs.push((input, register));
    }

    /// The register of an operand, imported if it belongs to the base world.
    fn operand(&mut self, node: NodeId) -> Register {
        if let Some(register) = self.register_of[node.index()] {
            return register;
        }
        let base = self.base.expect("only the policy world needs what it does not compute");
        let from = base[node.index()].expect("the base world computes what the policy world needs");
        let to = self.keep(node.index());
        let imports =
            if self.facts.step[node.index()] { &mut self.code.step_imports } else { &mut self.code.once_imports };
        imports.push(Import { from, to });
        to
    }

    /// For each node of this world, the last that reads it within a step.
    fn last_uses(&self, own: &[usize]) -> Vec<usize> {
        let mut last_use = vec![0; self.graph.nodes.len()];
        for index in own {
            for operand in self.graph.nodes[*index].operands() {
                last_use[operand.index()] = *index;
            }
        }
        last_use
    }

    /// Frees the registers of operands that `index` was the last to read.
    fn release(&mut self, index: usize, last_use: &[usize]) {
        let mut operands: Vec<NodeId> = self.graph.nodes[index].operands().collect();
        // One that stands there twice must not be freed twice.
        operands.sort_unstable();
        operands.dedup();
        for operand in operands {
            let place = operand.index();
            let is_passing = self.facts.step[place] && !self.facts.held[place] && !self.facts.given[place];
            let foreign = self.facts.policy[place] != self.facts.policy[index];
            if is_passing && !foreign && last_use[place] == index {
                self.free.extend(self.register_of[place]);
            }
        }
    }

    fn stocks(&mut self, own: &[usize]) {
        for index in own {
            let Node::Stock(place, world) = self.graph.nodes[*index] else { continue };
            let stock = self.graph.stocks[place as usize];
            let rate = match world {
                World::Base => stock.base_rate,
                World::Policy => stock.policy_rate.expect("a stock in the policy world has a rate in it"),
            };
            let value = self.operand(NodeId(*index as u32));
            let initial = self.operand(stock.initial);
            let mut rate_register = self.operand(rate);
            // Stocks change one after the other, so a rate that is itself the value of a stock must be kept.
            if matches!(self.graph.nodes[rate.index()], Node::Stock(..)) {
                let operation = Operation::Copy(rate_register);
                rate_register = self.code.registers;
                self.code.registers += 1;
                self.code.steps.push(Instruction { operation, to: rate_register });
            }
            self.code.stocks.push(StockRegisters { value, initial, rate: rate_register, range: stock.range });
        }
    }
}
