//! Runs a program over many lanes: each lane is one scenario with one set of parameter values.
//!
//! Lanes are cut into blocks so that all registers stay in the processor's cache; the bits of a result do not depend
//! on how. Within a step nothing is allocated and the order of operations is that of the program.

use crate::draw::{Draw, Factors};
use crate::graph::{Binary, Unary, truth};
use crate::model::{Method, StockRange};
use crate::program::{Code, Import, Input, Instruction, Operation, Program, Register};
use crate::schedule::{Schedule, delivered};

/// Lanes that are computed together.
pub(crate) const BLOCK: usize = 128;

/// The values of a parameter or a setting.
#[derive(Clone, Debug)]
pub(crate) enum Column {
    /// The same in all lanes.
    Same(f64),
    /// Drawn for each lane.
    Drawn(Draw),
    /// One for each lane.
    Each(Vec<f64>),
}

impl Column {
    /// The values of the lanes from `first` on, so many, as a column of their own.
    pub(crate) fn part(&self, first: usize, lanes: usize, factors: &mut Factors) -> Self {
        match self {
            Self::Same(value) => Self::Same(*value),
            Self::Drawn(_) | Self::Each(_) => {
                let mut values = vec![0.0; lanes];
                self.fill(first, factors, &mut values);
                Self::Each(values)
            }
        }
    }

    /// Writes the values of the lanes from `first` on.
    fn fill(&self, first: usize, factors: &mut Factors, to: &mut [f64]) {
        match self {
            Self::Same(value) => to.fill(*value),
            Self::Drawn(draw) => draw.fill(first as u32, factors, to),
            Self::Each(lanes) => to.copy_from_slice(&lanes[first..first + to.len()]),
        }
    }
}

/// What to run a program with.
#[derive(Clone, Debug)]
pub(crate) struct Batch {
    pub(crate) lanes: usize,
    /// By parameter.
    pub(crate) parameters: Vec<Column>,
    /// By lever.
    pub(crate) settings: Vec<Column>,
    /// By lever; none for one that stands at its setting from the first moment on.
    pub(crate) delivery: Vec<Option<Delivery>>,
    pub(crate) clock: Clock,
}

impl Batch {
    /// Whether all lanes have the same parameters and so the same base run.
    pub(crate) fn has_one_base(&self) -> bool {
        self.parameters.iter().all(|column| matches!(column, Column::Same(_)))
    }
}

/// How a lever gets to its setting, in all lanes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Delivery {
    pub(crate) status_quo: f64,
    pub(crate) schedule: Schedule,
}

/// The points of time that a run steps through.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Clock {
    pub(crate) start: f64,
    pub(crate) step: f64,
    /// Steps in all.
    pub(crate) steps: usize,
    /// Steps from one saved point to the next.
    pub(crate) every: usize,
    pub(crate) method: Method,
}

impl Clock {
    /// How many points are saved.
    pub(crate) fn points(&self) -> usize {
        self.steps / self.every + 1
    }

    /// Time after `step` steps.
    pub(crate) fn time(&self, step: usize) -> f64 {
        self.time_within(step, 0.0)
    }

    /// Time after `step` steps and `share` of the next.
    ///
    /// Where a unit of time has a whole number of steps, dividing by it gives the number that an equation writes:
    /// 57 / 100 is 0.57 where 57 × 0.01 is not, and STEP at 0.57 must not come a step late.
    fn time_within(&self, step: usize, share: f64) -> f64 {
        let steps = step as f64 + share;
        let in_a_unit = (1.0 / self.step).round();
        let divides = (in_a_unit * self.step - 1.0).abs() < 1e-12;
        self.start + if divides { steps / in_a_unit } else { steps * self.step }
    }
}

/// The values of all outputs at all saved points in all lanes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Table {
    points: usize,
    /// The lane of the batch that its first is.
    first: usize,
    lanes: usize,
    /// One when all parameters are the same in all lanes, so that there is only one base run.
    base_lanes: usize,
    base: Vec<f64>,
    policy: Vec<f64>,
}

impl Table {
    /// Room for the results of `batch`.
    pub(crate) fn new(outputs: usize, batch: &Batch) -> Self {
        Self::part(outputs, batch, 0, batch.lanes)
    }

    /// Room for the results of `lanes` lanes of `batch` from `first` on.
    fn part(outputs: usize, batch: &Batch, first: usize, lanes: usize) -> Self {
        let points = batch.clock.points();
        let base_lanes = if batch.has_one_base() { 1 } else { lanes };
        let zeros = |lanes: usize| vec![0.0; outputs * points * lanes];
        Self { points, first, lanes, base_lanes, base: zeros(base_lanes), policy: zeros(lanes) }
    }

    /// The same with the outputs of a base run that is not run again.
    pub(crate) fn with_base(mut self, base: &[f64]) -> Self {
        self.base.copy_from_slice(base);
        self
    }

    /// Takes over the results of a part.
    #[cfg(feature = "parallel")]
    pub(crate) fn take(&mut self, part: &Self) {
        let first = part.first - self.first;
        let base_first = if self.base_lanes == 1 { 0 } else { first };
        for (from, to) in part.policy.chunks_exact(part.lanes).zip(self.policy.chunks_exact_mut(self.lanes)) {
            to[first..first + part.lanes].copy_from_slice(from);
        }
        for (from, to) in part.base.chunks_exact(part.base_lanes).zip(self.base.chunks_exact_mut(self.base_lanes)) {
            to[base_first..base_first + part.base_lanes].copy_from_slice(from);
        }
    }

    /// The lanes of an output at a point in the base run: one, or as many as the policy run has.
    pub(crate) fn base(&self, output: usize, point: usize) -> &[f64] {
        let start = (output * self.points + point) * self.base_lanes;
        &self.base[start..start + self.base_lanes]
    }

    /// The lanes of an output at a point in the policy run.
    pub(crate) fn policy(&self, output: usize, point: usize) -> &[f64] {
        let start = (output * self.points + point) * self.lanes;
        &self.policy[start..start + self.lanes]
    }

    /// Whether every number in it is finite.
    pub(crate) fn is_finite(&self) -> bool {
        self.base.iter().chain(&self.policy).all(|value| value.is_finite())
    }

    /// All numbers of the base run and of the policy run, by output, point and lane.
    pub(crate) fn into_values(self) -> (Vec<f64>, Vec<f64>) {
        (self.base, self.policy)
    }
}

/// Runs `program` over all lanes of `batch`, `block` lanes at a time.
pub(crate) fn evaluate(program: &Program, batch: &Batch, block: usize) -> Table {
    let block = block.clamp(1, batch.lanes.max(1));
    let mut table = Table::new(program.outputs.len(), batch);
    let mut first = 0;
    while first < batch.lanes {
        let width = block.min(batch.lanes - first);
        run_block(program, batch, first, width, &mut table, Base::Run);
        first += width;
    }
    table
}

/// The results of the lanes `first..first + width` by themselves.
#[cfg(feature = "parallel")]
pub(crate) fn evaluate_part(program: &Program, batch: &Batch, first: usize, width: usize) -> Table {
    let mut table = Table::part(program.outputs.len(), batch, first, width);
    run_block(program, batch, first, width, &mut table, Base::Run);
    table
}

/// Where a block gets from what the policy run needs of the base run.
pub(crate) enum Base<'t> {
    /// Runs it.
    Run,
    /// Runs it and keeps what the policy run needed of it.
    Record(&'t mut Trace),
    /// Takes it from an earlier run of the same lanes with the same parameters; the table has its outputs already.
    Replay(&'t Trace),
}

/// What the policy run of a block needs of its base run: one entry for the start, one for each time that rates are
/// computed.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Trace {
    /// All imports of an entry, one after the other.
    entries: Vec<Vec<f64>>,
}

/// Runs the lanes `first..first + width`.
pub(crate) fn run_block(
    program: &Program,
    batch: &Batch,
    first: usize,
    width: usize,
    table: &mut Table,
    base_run: Base<'_>,
) {
    let clock = &batch.clock;
    let mut worlds = Worlds::start(program, batch, first, width, base_run);
    for step in 0..=clock.steps {
        let start = clock.time(step);
        worlds.compute(start, start);
        if step % clock.every == 0 {
            save(program, worlds.base.as_ref(), &worlds.policy, first, step / clock.every, table);
        }
        if step == clock.steps {
            break;
        }
        match clock.method {
            Method::Euler => worlds.stocks(|registers, code| registers.advance(code, clock.step)),
            Method::RungeKutta => {
                worlds.stocks(Registers::remember);
                for (weight, reach) in PROBES {
                    worlds.stocks(|registers, code| registers.probe(code, weight, reach * clock.step));
                    worlds.compute(start, clock.time_within(step, reach));
                }
                worlds.stocks(|registers, code| registers.arrive(code, clock.step));
            }
        }
    }
}

/// The first three probes of a Runge-Kutta step: the weight of their rate in the mean, and how far along the step that
/// rate leads to the next probe. The fourth, at the end of the step, weighs one; all weights together are six.
const PROBES: [(f64, f64); 3] = [(1.0, 0.5), (2.0, 0.5), (2.0, 1.0)];

/// The base run and the policy run of a block, side by side.
struct Worlds<'r> {
    program: &'r Program,
    /// None when the base run is replayed.
    base: Option<Registers>,
    policy: Registers,
    base_run: Base<'r>,
    /// Entries of the trace that were read or written so far.
    entry: usize,
}

impl<'r> Worlds<'r> {
    /// Both runs with all that is computed once, and every stock at its initial value.
    fn start(program: &'r Program, batch: &Batch, first: usize, width: usize, base_run: Base<'r>) -> Self {
        let base_width = if batch.has_one_base() { 1 } else { width };
        let base = match base_run {
            Base::Replay(_) => None,
            Base::Run | Base::Record(_) => Some(Registers::new(&program.base, batch, first, base_width)),
        };
        let policy = Registers::new(&program.policy, batch, first, width);
        let mut worlds = Self { program, base, policy, base_run, entry: 0 };
        if let Some(base) = &mut worlds.base {
            base.execute(&program.base.once);
        }
        worlds.import(&program.policy.once_imports);
        worlds.policy.execute(&program.policy.once);
        worlds.stocks(Registers::start);
        worlds
    }

    /// Computes all that changes with time, for `time` within the step that starts at `step_start`.
    fn compute(&mut self, step_start: f64, time: f64) {
        let program = self.program;
        if let Some(base) = &mut self.base {
            base.set_time(&program.base, step_start, time);
            base.execute(&program.base.steps);
        }
        self.policy.set_time(&program.policy, step_start, time);
        self.policy.move_levers(step_start, time);
        self.import(&program.policy.step_imports);
        self.policy.execute(&program.policy.steps);
    }

    fn import(&mut self, imports: &[Import]) {
        self.policy.import(imports, self.base.as_ref(), &mut self.base_run, self.entry);
        self.entry += 1;
    }

    /// Does something to the stocks of both runs.
    fn stocks(&mut self, change: impl Fn(&mut Registers, &Code)) {
        if let Some(base) = &mut self.base {
            change(base, &self.program.base);
        }
        change(&mut self.policy, &self.program.policy);
    }
}

/// Copies the outputs of a step to their point in the table; those of the base run only if it was run.
fn save(
    program: &Program,
    base: Option<&Registers>,
    policy: &Registers,
    first: usize,
    point: usize,
    table: &mut Table,
) {
    let first = first - table.first;
    let (base_first, base_width) = if table.base_lanes == 1 { (0, 1) } else { (first, policy.width) };
    for (index, output) in program.outputs.iter().enumerate() {
        let start = (index * table.points + point) * table.base_lanes + base_first;
        let from = &mut table.base[start..start + base_width];
        if let Some(base) = base {
            from.copy_from_slice(base.lanes(output.base));
        }
        let start = (index * table.points + point) * table.lanes + first;
        let to = &mut table.policy[start..start + policy.width];
        match output.policy {
            Some(register) => to.copy_from_slice(policy.lanes(register)),
            None => spread(from, to),
        }
    }
}

/// Copies lanes; a single one goes to all.
fn spread(from: &[f64], to: &mut [f64]) {
    match from {
        [one] => to.fill(*one),
        _ => to.copy_from_slice(from),
    }
}

/// The registers of a world for a block of lanes.
struct Registers {
    width: usize,
    values: Vec<Box<[f64]>>,
    /// By stock, while a Runge-Kutta step is under way; empty for Euler's method.
    under_way: Vec<UnderWay>,
    /// Levers that are on their way to their settings.
    moving: Vec<Moving>,
}

/// A lever that is on its way to its setting.
struct Moving {
    /// Where it stands.
    register: Register,
    settings: Box<[f64]>,
    delivery: Delivery,
    /// Time at which the run starts.
    run_start: f64,
}

/// A stock between two steps.
#[derive(Clone)]
struct UnderWay {
    /// Its value at the start of the step.
    start: Box<[f64]>,
    /// Its rates so far, each times its weight.
    slope: Box<[f64]>,
}

impl Registers {
    fn new(code: &Code, batch: &Batch, first: usize, width: usize) -> Self {
        let mut values = vec![vec![0.0; width].into_boxed_slice(); code.registers as usize];
        let mut factors = Factors::default();
        for (input, register) in &code.inputs {
            let to = &mut values[*register as usize];
            match input {
                Input::Number(number) => to.fill(*number),
                Input::Step => to.fill(batch.clock.step),
                Input::Parameter(id) => batch.parameters[id.index()].fill(first, &mut factors, to),
                Input::Setting(id) => batch.settings[id.index()].fill(first, &mut factors, to),
            }
        }
        let zeros = vec![0.0; width].into_boxed_slice();
        let under_way = match batch.clock.method {
            Method::Euler => Vec::new(),
            Method::RungeKutta => {
                vec![UnderWay { start: zeros.clone(), slope: zeros.clone() }; code.stocks.len()]
            }
        };
        let moving = code.moving.iter().filter_map(|(lever, register)| {
            let mut settings = zeros.clone();
            batch.settings[lever.index()].fill(first, &mut factors, &mut settings);
            let delivery = batch.delivery[lever.index()]?;
            Some(Moving { register: *register, settings, delivery, run_start: batch.clock.start })
        });
        let moving = moving.collect();
        Self { width, values, under_way, moving }
    }

    fn lanes(&self, register: Register) -> &[f64] {
        &self.values[register as usize]
    }

    fn set_time(&mut self, code: &Code, step_start: f64, time: f64) {
        for (register, time) in [(code.time, time), (code.step_start, step_start)] {
            if let Some(register) = register {
                self.values[register as usize].fill(time);
            }
        }
    }

    fn move_levers(&mut self, step_start: f64, time: f64) {
        for Moving { register, settings, delivery: Delivery { status_quo, schedule }, run_start } in &self.moving {
            let share = schedule.share(step_start - run_start, time - run_start);
            for (to, setting) in self.values[*register as usize].iter_mut().zip(settings) {
                *to = delivered(*status_quo, *setting, share);
            }
        }
    }

    /// Takes numbers of the base run over, from its registers or from the `entry` of its trace.
    fn import(&mut self, imports: &[Import], base: Option<&Registers>, base_run: &mut Base<'_>, entry: usize) {
        if let Base::Replay(trace) = base_run {
            let lanes = trace.entries[entry].len() / imports.len().max(1);
            for (import, from) in imports.iter().zip(trace.entries[entry].chunks_exact(lanes.max(1))) {
                spread(from, &mut self.values[import.to as usize]);
            }
        }
        let Some(base) = base else { return };
        for import in imports {
            spread(base.lanes(import.from), &mut self.values[import.to as usize]);
        }
        if let Base::Record(trace) = base_run {
            let numbers = imports.iter().flat_map(|import| base.lanes(import.from)).copied();
            trace.entries.push(numbers.collect());
        }
    }

    /// Gives every stock its initial value.
    fn start(&mut self, code: &Code) {
        for stock in &code.stocks {
            self.copy(stock.initial, stock.value);
            keep_to(stock.range, &mut self.values[stock.value as usize]);
        }
    }

    fn copy(&mut self, from: Register, to: Register) {
        let mut target = std::mem::take(&mut self.values[to as usize]);
        target.copy_from_slice(self.lanes(from));
        self.values[to as usize] = target;
    }

    /// One step of Euler's method for every stock.
    fn advance(&mut self, code: &Code, step: f64) {
        for stock in &code.stocks {
            let mut value = std::mem::take(&mut self.values[stock.value as usize]);
            for (value, rate) in value.iter_mut().zip(self.lanes(stock.rate)) {
                *value += step * rate;
            }
            keep_to(stock.range, &mut value);
            self.values[stock.value as usize] = value;
        }
    }

    /// Keeps the value of every stock at the start of a Runge-Kutta step.
    fn remember(&mut self, code: &Code) {
        let Self { values, under_way, .. } = self;
        for (stock, UnderWay { start, slope }) in code.stocks.iter().zip(under_way) {
            start.copy_from_slice(&values[stock.value as usize]);
            slope.fill(0.0);
        }
    }

    /// Counts the present rates with `weight`, and follows them from the start of the step for `reach`.
    fn probe(&mut self, code: &Code, weight: f64, reach: f64) {
        self.follow(code, |value, start, slope, rate| {
            *slope += weight * rate;
            *value = start + reach * rate;
        });
    }

    /// Counts the rates at the end of a Runge-Kutta step, and follows the mean of all rates through it.
    fn arrive(&mut self, code: &Code, step: f64) {
        self.follow(code, |value, start, slope, rate| *value = start + step * ((*slope + rate) / 6.0));
    }

    /// Changes every stock, lane by lane, by its value, its value at the start of the step, its slope and its rate.
    fn follow(&mut self, code: &Code, change: impl Fn(&mut f64, f64, &mut f64, f64)) {
        let Self { values, under_way, .. } = self;
        for (stock, UnderWay { start, slope }) in code.stocks.iter().zip(under_way) {
            let mut value = std::mem::take(&mut values[stock.value as usize]);
            let rate = &values[stock.rate as usize];
            for (((value, start), slope), rate) in value.iter_mut().zip(&*start).zip(slope).zip(rate) {
                change(value, *start, slope, *rate);
            }
            keep_to(stock.range, &mut value);
            values[stock.value as usize] = value;
        }
    }

    fn execute(&mut self, instructions: &[Instruction]) {
        if self.width == 1 {
            return self.execute_one(instructions);
        }
        for instruction in instructions {
            // The target is never an operand, so it can be taken out while it is filled.
            let mut to = std::mem::take(&mut self.values[instruction.to as usize]);
            match instruction.operation {
                Operation::Unary(operation, a) => unary(operation, &mut to, self.lanes(a)),
                Operation::Binary(operation, a, b) => binary(operation, &mut to, self.lanes(a), self.lanes(b)),
                Operation::Copy(a) => to.copy_from_slice(self.lanes(a)),
                Operation::Select(a, b, c) => select(&mut to, self.lanes(a), self.lanes(b), self.lanes(c)),
            }
            self.values[instruction.to as usize] = to;
        }
    }

    /// The same for a single lane, without loops over lanes.
    fn execute_one(&mut self, instructions: &[Instruction]) {
        for instruction in instructions {
            let of = |register: Register| self.values[register as usize][0];
            let value = match instruction.operation {
                Operation::Unary(operation, a) => operation.of(of(a)),
                Operation::Binary(operation, a, b) => operation.of(of(a), of(b)),
                Operation::Copy(a) => of(a),
                Operation::Select(condition, yes, no) => of(if of(condition) != 0.0 { yes } else { no }),
            };
            self.values[instruction.to as usize][0] = value;
        }
    }
}

/// Takes off what rounding leaves below zero.
fn keep_to(range: StockRange, value: &mut [f64]) {
    if range == StockRange::NotNegative {
        for value in value {
            // Unlike `float::max` this leaves what is not a number, so that it is reported.
            if *value < 0.0 {
                *value = 0.0;
            }
        }
    }
}

fn unary(operation: Unary, to: &mut [f64], a: &[f64]) {
    fn each(to: &mut [f64], a: &[f64], operation: impl Fn(f64) -> f64) {
        for (to, a) in to.iter_mut().zip(a) {
            *to = operation(*a);
        }
    }
    match operation {
        Unary::Negate => each(to, a, |a| Unary::Negate.of(a)),
        Unary::Not => each(to, a, |a| Unary::Not.of(a)),
        Unary::Absolute => each(to, a, |a| Unary::Absolute.of(a)),
        Unary::Exp => each(to, a, |a| Unary::Exp.of(a)),
        Unary::Ln => each(to, a, |a| Unary::Ln.of(a)),
        Unary::SquareRoot => each(to, a, |a| Unary::SquareRoot.of(a)),
        Unary::Floor => each(to, a, |a| Unary::Floor.of(a)),
    }
}

/// A loop for each operation, so that each is compiled to vector instructions.
fn binary(operation: Binary, to: &mut [f64], a: &[f64], b: &[f64]) {
    fn each(to: &mut [f64], a: &[f64], b: &[f64], operation: impl Fn(f64, f64) -> f64) {
        for ((to, a), b) in to.iter_mut().zip(a).zip(b) {
            *to = operation(*a, *b);
        }
    }
    match operation {
        Binary::Add => each(to, a, b, |a, b| a + b),
        Binary::Subtract => each(to, a, b, |a, b| a - b),
        Binary::Multiply => each(to, a, b, |a, b| a * b),
        Binary::Divide => each(to, a, b, |a, b| a / b),
        Binary::Power => each(to, a, b, |a, b| Binary::Power.of(a, b)),
        Binary::Minimum => each(to, a, b, |a, b| Binary::Minimum.of(a, b)),
        Binary::Maximum => each(to, a, b, |a, b| Binary::Maximum.of(a, b)),
        Binary::Less => each(to, a, b, |a, b| truth(a < b)),
        Binary::LessOrEqual => each(to, a, b, |a, b| truth(a <= b)),
        Binary::Equal => each(to, a, b, |a, b| truth(a == b)),
        Binary::And => each(to, a, b, |a, b| Binary::And.of(a, b)),
        Binary::Or => each(to, a, b, |a, b| Binary::Or.of(a, b)),
    }
}

fn select(to: &mut [f64], condition: &[f64], yes: &[f64], no: &[f64]) {
    for (((to, condition), yes), no) in to.iter_mut().zip(condition).zip(yes).zip(no) {
        *to = if *condition != 0.0 { *yes } else { *no };
    }
}

#[cfg(all(test, feature = "compile"))]
mod tests {
    use super::*;
    use crate::id::VariableId;
    use crate::run::{Scenario, batch};
    use crate::text::tests::real_model;

    #[test]
    fn the_bits_do_not_depend_on_the_size_of_a_block() {
        for method in [Method::Euler, Method::RungeKutta] {
            let mut model = real_model();
            model.time.method = method;
            let outputs: Vec<VariableId> = (0..model.variables.len()).map(VariableId::at).collect();
            let lanes = 37;
            let mut scenario = Scenario::new(&model, model.region("us").unwrap());
            scenario.schedules[3] = Schedule { start: 1.5, ramp: 4.0 };
            let mut batch = batch(&model, &scenario).unwrap();
            let program = Program::new(&model.graph, &outputs, &batch.delivery);
            batch.lanes = lanes;
            let share = |lane: usize, shift: usize| ((lane * 7 + shift * 13) % lanes) as f64 / lanes as f64;
            let levers = batch.settings.len();
            batch.settings =
                (0..levers).map(|lever| Column::Each((0..lanes).map(|lane| share(lane, lever)).collect())).collect();
            let same_parameters = evaluate(&program, &batch, lanes);
            let region = model.region("us").unwrap();
            let mut own_parameters = batch.clone();
            for (index, parameter) in model.parameters.iter().enumerate() {
                let estimate = parameter.estimate(region);
                let value = |lane| estimate.low + (estimate.high - estimate.low) * share(lane, index);
                own_parameters.parameters[index] = Column::Each((0..lanes).map(value).collect());
            }
            let whole = evaluate(&program, &own_parameters, lanes);
            for block in [1, 2, 8, 36] {
                assert!(evaluate(&program, &batch, block) == same_parameters, "block of {block}, one base run");
                assert!(evaluate(&program, &own_parameters, block) == whole, "block of {block}");
            }
            assert!(whole.is_finite());
        }
    }

    #[test]
    fn a_lane_gives_what_the_scenario_gives_alone() {
        let model = real_model();
        let outputs: Vec<VariableId> = (0..model.variables.len()).map(VariableId::at).collect();
        let mut scenario = Scenario::new(&model, model.region("ke").unwrap());
        scenario.levers.fill(0.7);
        scenario.schedules.fill(Schedule { start: 2.0, ramp: 3.0 });
        let mut many = batch(&model, &scenario).unwrap();
        let program = Program::new(&model.graph, &outputs, &many.delivery);
        let alone = evaluate(&program, &many, 1);
        many.lanes = 3;
        many.settings = many.settings.iter().map(|_| Column::Each(vec![0.0, 0.7, 1.0])).collect();
        many.parameters = many
            .parameters
            .iter()
            .map(|column| match column {
                Column::Same(value) => Column::Each(vec![*value; 3]),
                each => each.clone(),
            })
            .collect();
        let many = evaluate(&program, &many, 2);
        for output in 0..outputs.len() {
            for point in 0..=10 {
                assert_eq!(many.policy(output, point)[1].to_bits(), alone.policy(output, point)[0].to_bits());
            }
        }
    }
}
