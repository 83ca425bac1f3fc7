//! A checked model: all that a reader may be shown, and the operations that give its numbers.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::draw::Direction;
use crate::graph::Graph;
use crate::id::{DeclarationId, LeverId, OutcomeId, ParameterId, PresetId, RegionId, VariableId};
use crate::reference::{Reference, Whereabouts};
use crate::schedule::Schedule;

/// A model that passed all checks.
///
/// Made by [`compile`](crate::compile) from text, or by [`Model::from_bytes`] from what [`Model::to_bytes`] gave.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// Name in addresses and in content: `micro-multinationals`.
    pub id: String,
    /// Title for readers.
    pub title: String,
    /// Version its authors gave it.
    pub version: String,
    /// What it is about, in a sentence or two.
    pub summary: String,
    /// Sixteen hexadecimal digits that change with any byte of the model's text.
    pub hash: String,
    /// When it starts and stops, and in what steps.
    pub time: Time,
    /// Lists of elements that variables can be arrays over. Levers are one of them.
    pub dimensions: Vec<Dimension>,
    /// Places with parameter values of their own.
    pub regions: Vec<Region>,
    /// What a government can do.
    pub levers: Vec<Lever>,
    /// What is measured, assumed or guessed; one entry for each number.
    pub parameters: Vec<Parameter>,
    /// Parameters that tend to be high or low together.
    pub groups: Vec<Group>,
    /// The equations as written, one entry for each.
    pub declarations: Vec<Declaration>,
    /// What the equations give, one entry for each series of numbers.
    pub variables: Vec<Variable>,
    /// The variables worth showing first, and how to print them.
    pub outcomes: Vec<Outcome>,
    /// Named settings of levers and parameters.
    pub scenarios: Vec<Preset>,
    /// What each version brought, the newest first.
    pub changes: Vec<Change>,
    /// What it cannot see.
    pub limits: Vec<Limit>,
    pub(crate) graph: Graph,
}

/// What a version of the model brought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The version.
    pub version: String,
    /// The day it was published, as written.
    pub date: String,
    /// What is new in it.
    pub note: String,
    /// Where an explorer with this version can still be opened; empty if nowhere.
    pub address: String,
}

/// Something that the model cannot see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    /// What, in a sentence or two.
    pub text: String,
    /// The levers that it touches; none are named where it is all of them.
    pub levers: Vec<LeverId>,
}

/// The time axis.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Time {
    /// First point, in `unit`.
    pub start: f64,
    /// Last point of the default horizon, in `unit`.
    pub stop: f64,
    /// Longest horizon that a scenario may ask for, in `unit` after `start`.
    pub longest: f64,
    /// Length of a step (XMILE's dt), in `unit`.
    pub step: f64,
    /// Results are given at `start` and every `save` after it, in `unit`; a whole number of steps.
    pub save: f64,
    /// Unit of time.
    pub unit: String,
    /// How stocks are stepped.
    pub method: Method,
}

impl Time {
    /// Whether a run may be this long, in `unit`: a whole number of saved points, one at least.
    pub fn allows(&self, length: f64) -> bool {
        let saves = length / self.save;
        length > 0.0 && length <= self.longest && (saves - saves.round()).abs() < 1e-9
    }
}

/// How stocks get from one step to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Method {
    /// The rate at the start of the step holds for the whole of it. Halving the step halves the error.
    Euler,
    /// The rate is the weighted mean of four probes along the step (the classical method of Runge and Kutta, XMILE's
    /// rk4). Halving the step divides the error by sixteen, for four times the work; where rates jump, within the
    /// step of the jump, it is no better than Euler's.
    RungeKutta,
}

/// A list of elements that a variable can be an array over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dimension {
    /// Name in equations.
    pub id: String,
    /// Its elements, in order.
    pub elements: Vec<Element>,
}

/// One element of a dimension.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Element {
    /// Name in equations.
    pub id: String,
    /// Name for readers.
    pub label: String,
}

/// A place with parameter values of its own. Levels are not comparable between regions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Region {
    /// Name in addresses: `us`.
    pub id: String,
    /// Name for readers.
    pub label: String,
    /// A word to stand beside the name wherever it shows, such as "illustrative"; may be empty.
    pub mark: String,
    /// What a reader must know about its numbers.
    pub note: String,
}

/// What a government can do, set from 0 to 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lever {
    /// Name in addresses and equations: `L01`.
    pub id: String,
    /// Name for readers.
    pub label: String,
    /// Heading under which it stands.
    pub group: String,
    /// Unit of its natural scale: `firms a year`. Empty when it has none.
    pub unit: String,
    /// The variable that gives its size at 100% on that scale, by region; none where it is not a number.
    pub full: Option<VariableId>,
    /// Where it stands today, 0 to 1; within `range`.
    pub status_quo: f64,
    /// Lowest and highest setting, both from 0 to 1, the first below the second.
    pub range: (f64, f64),
    /// Named stretches of the range, from its lowest setting to its highest; at most five, or none.
    pub stretches: Vec<Stretch>,
    /// Known quantities of the real world to compare its settings with.
    pub references: Vec<Reference>,
    /// Smallest change worth making, as a fraction of what it is at 100%.
    pub step: f64,
    /// What 0% means.
    pub zero: String,
    /// What 100% means.
    pub hundred: String,
    /// How it works, in a sentence.
    pub mechanism: String,
    /// How good the best study of the mechanism is.
    pub grade: Grade,
    /// The best evidence, in a sentence or two.
    pub evidence: String,
    /// What a reader must not conclude from it; may be empty.
    pub warning: String,
    /// Keys of the bibliography for `evidence`.
    pub sources: Vec<String>,
    /// The parameter that says how long delivery takes.
    pub lag: Option<ParameterId>,
    /// What it costs, in words.
    pub cost: String,
    /// The variable that gives its cost.
    pub cost_variable: Option<VariableId>,
    /// What decides whether it is done and is not in that cost, in a word or two: `politics`. Where it is not empty, what
    /// it gives for its cost must not be ranked against other levers.
    pub cost_omits: String,
    /// Addresses of the recommendations that ask for it.
    pub recommendations: Vec<String>,
    /// When it moves, where a scenario does not say otherwise.
    pub schedule: Schedule,
}

impl Lever {
    /// Whether it can stand at `setting`.
    pub fn allows(&self, setting: f64) -> bool {
        (self.range.0..=self.range.1).contains(&setting)
    }

    /// The setting nearest to `setting` that it can stand at.
    pub fn nearest(&self, setting: f64) -> f64 {
        setting.clamp(self.range.0, self.range.1)
    }

    /// The stretch that `setting` lies in; where two meet, the lower one.
    pub fn stretch(&self, setting: f64) -> Option<&Stretch> {
        self.stretches.iter().find(|stretch| setting <= stretch.to)
    }
}

/// A named stretch of a lever's range, from the end of the one before it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stretch {
    /// The setting at which it ends.
    pub to: f64,
    /// What settings in it amount to, in a few words.
    pub label: String,
}

/// How good evidence is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Grade {
    /// Meta-analysis or randomised trial.
    A,
    /// Natural experiment or matched comparison.
    B,
    /// Correlation, statistics or survey.
    C,
    /// Judgement.
    D,
}

impl Grade {
    /// What the letter stands for.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::A => "meta-analysis or randomised trial",
            Self::B => "natural experiment or matched comparison",
            Self::C => "correlation, statistics or survey",
            Self::D => "judgement",
        }
    }
}

impl fmt::Display for Grade {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letter = match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
            Self::D => "D",
        };
        formatter.write_str(letter)
    }
}

/// A number that the equations take as given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Parameter {
    /// Name: `kX`, or `tau_L01` for element `L01` of the array `tau`.
    pub id: String,
    /// Name in equations: `kX`, or `tau[L01]`.
    pub name: String,
    /// Name for readers.
    pub label: String,
    /// Unit of all its values.
    pub unit: String,
    /// Value for regions without one of their own.
    pub shared: Option<Estimate>,
    /// Values of regions that have their own.
    pub regional: BTreeMap<RegionId, Estimate>,
}

impl Parameter {
    /// The value in `region`: its own, or the shared one.
    pub fn estimate(&self, region: RegionId) -> &Estimate {
        self.regional.get(&region).or(self.shared.as_ref()).expect("every region has a value: checked when read")
    }
}

/// A value, how far off it may be, and where it comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// Best value.
    pub central: f64,
    /// Smallest value thought possible; never above `central`.
    pub low: f64,
    /// Largest value thought possible; never below `central`.
    pub high: f64,
    /// How likely the values between are.
    pub distribution: Distribution,
    /// How good the evidence is.
    pub grade: Grade,
    /// How it was arrived at.
    pub basis: Basis,
    /// Keys of the bibliography; empty only for a judgement.
    pub sources: Vec<String>,
    /// How it was worked out, and what to beware of; may be empty.
    pub note: String,
}

/// How likely the values between low and high are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Distribution {
    /// Known or chosen: only the central value.
    Fixed,
    /// Likelihood rises in a straight line to the central value and falls in one after it.
    Triangular,
    /// Likelihood rises and falls in a smooth hump (a beta distribution), with the mean at a sixth of low, four of
    /// central and one of high: nearer to the central value than a triangle's.
    Pert,
    /// All values are as likely.
    Uniform,
    /// Bell-shaped around the central value; low to high hold 95% of it, and it is cut off there.
    Normal,
    /// Bell-shaped in its logarithm, and cut off likewise; for what varies by factors.
    Lognormal,
}

impl Distribution {
    /// Its name, as a model writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fixed => "fixed",
            Self::Triangular => "triangular",
            Self::Pert => "pert",
            Self::Uniform => "uniform",
            Self::Normal => "normal",
            Self::Lognormal => "lognormal",
        }
    }
}

/// How a value was arrived at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Basis {
    /// Seen in the public source that is cited.
    Verified,
    /// Stated by one of the documents that the site retells.
    Document,
    /// Worked out from cited numbers and stated assumptions.
    Derived,
    /// Nobody has seen a source for it.
    Unverified,
}

impl Basis {
    /// Its name, as a model writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::Document => "document",
            Self::Derived => "derived",
            Self::Unverified => "unverified",
        }
    }
}

/// Parameters that tend to be high or low together: drawn independently they would give too narrow a range.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// Name.
    pub id: String,
    /// Name for readers.
    pub label: String,
    /// Why they move together.
    pub doc: String,
    /// Correlation of any two members' normal scores, 0 to 1.
    pub correlation: f64,
    /// The members, each in no other group.
    pub members: Vec<(ParameterId, Direction)>,
}

/// An equation as written, for one variable or for an array of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Declaration {
    /// Name in equations.
    pub id: String,
    /// Name for readers; `{lever}` stands for the label of the element.
    pub label: String,
    /// Unit: stated, or inferred from the equation.
    pub unit: String,
    /// What it means.
    pub doc: String,
    /// Dimensions it is an array over; empty for a single variable.
    pub over: Vec<String>,
    /// What kind of variable it is, and its equation.
    pub kind: Kind,
    /// A graphical function: points that the result of the equation is looked up in, straight between them and level
    /// beyond them. Empty when the result is the value.
    pub graph: Vec<(f64, f64)>,
    /// Names of the parameters, variables and settings in its equations, each once, in order.
    pub uses: Vec<String>,
}

/// What kind of variable it is, and its equation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Kind {
    /// Computed once at the start; no lever can change it.
    Constant(Equation),
    /// Computed at each step.
    Auxiliary(Equation),
    /// Computed at each step; moves between stocks.
    Flow(Equation),
    /// What the model states about itself; zero where it does not hold.
    Check(Equation),
    /// Accumulates flows.
    Stock {
        /// Value at the start.
        initial: Equation,
        /// Flows that raise it.
        inflows: Vec<String>,
        /// Flows that lower it.
        outflows: Vec<String>,
        /// Which values it may have.
        range: StockRange,
    },
}

/// Which values a stock may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StockRange {
    /// All.
    Any,
    /// Zero or more (XMILE's `non_negative`).
    ///
    /// Its flows do not run backwards. Its outflows take in a step no more than stands in it at the start of the step:
    /// the one listed first gets what it asks for as far as there is, the next what is left, and so on. What flows in
    /// during a step can flow out in the next. An initial value below zero counts as zero.
    NotNegative,
}

/// The text of an equation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Equation {
    /// One for all elements.
    All(String),
    /// One for each element, with the element's name.
    Each(Vec<(String, String)>),
}

/// One series of numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Variable {
    /// Name: `jobs`, or `cost_L01` for element `L01` of the array `cost`.
    pub id: String,
    /// Name in equations: `jobs`, or `cost[L01]`.
    pub name: String,
    /// Name for readers.
    pub label: String,
    /// The equation it comes from.
    pub declaration: DeclarationId,
}

/// A variable worth showing first, and how to print it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// Name in addresses: `net_jobs`.
    pub id: String,
    /// Name for readers.
    pub label: String,
    /// What it means and what it leaves out.
    pub doc: String,
    /// Heading under which it stands: `jobs`.
    pub group: String,
    /// Where the numbers come from.
    pub variable: VariableId,
    /// Whether the base run has a value of its own.
    pub measure: Measure,
    /// Unit of the printed numbers.
    pub unit: String,
    /// Printed number = value of the variable × scale.
    pub scale: f64,
    /// Digits after the decimal point.
    pub decimals: u8,
}

/// Whether the base run has a value of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Measure {
    /// A level: show it beside the base run.
    Level,
    /// A difference from the base run, in which it is zero.
    Difference,
}

/// Named settings of levers and parameters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Preset {
    /// Name in addresses.
    pub id: String,
    /// Name for readers.
    pub label: String,
    /// Whose package it is and what was assumed, in a sentence.
    pub doc: String,
    /// Key of the bibliography; may be empty.
    pub source: String,
    /// Setting of every lever, 0 to 1; none leaves the levers as they are.
    pub levers: Option<Vec<f64>>,
    /// Levers that move at another time than they do by themselves; empty where `levers` is none.
    pub schedules: Vec<(LeverId, Schedule)>,
    /// Parameters it sets; empty leaves the parameters as they are.
    pub parameters: Vec<(ParameterId, Choice)>,
}

/// The value of a parameter, by itself or by its place in the range.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Choice {
    /// This value in every region.
    Value(f64),
    /// The region's low value.
    Low,
    /// The region's central value.
    Central,
    /// The region's high value.
    High,
}

impl Choice {
    /// The number it stands for.
    pub fn of(self, estimate: &Estimate) -> f64 {
        match self {
            Self::Value(value) => value,
            Self::Low => estimate.low,
            Self::Central => estimate.central,
            Self::High => estimate.high,
        }
    }
}

impl Model {
    /// The region with this id.
    pub fn region(&self, id: &str) -> Option<RegionId> {
        self.regions.iter().position(|region| region.id == id).map(RegionId::at)
    }

    /// The lever with this id.
    pub fn lever(&self, id: &str) -> Option<LeverId> {
        self.levers.iter().position(|lever| lever.id == id).map(LeverId::at)
    }

    /// The parameter with this id.
    pub fn parameter(&self, id: &str) -> Option<ParameterId> {
        self.parameters.iter().position(|parameter| parameter.id == id).map(ParameterId::at)
    }

    /// The variable with this id.
    pub fn variable(&self, id: &str) -> Option<VariableId> {
        self.variables.iter().position(|variable| variable.id == id).map(VariableId::at)
    }

    /// The outcome with this id.
    pub fn outcome(&self, id: &str) -> Option<OutcomeId> {
        self.outcomes.iter().position(|outcome| outcome.id == id).map(OutcomeId::at)
    }

    /// The named scenario with this id.
    pub fn scenario(&self, id: &str) -> Option<PresetId> {
        self.scenarios.iter().position(|preset| preset.id == id).map(PresetId::at)
    }

    /// All levers, in order.
    pub fn lever_ids(&self) -> impl Iterator<Item = LeverId> + use<> {
        (0..self.levers.len()).map(LeverId::at)
    }

    /// All parameters, in order.
    pub fn parameter_ids(&self) -> impl Iterator<Item = ParameterId> + use<> {
        (0..self.parameters.len()).map(ParameterId::at)
    }

    /// The parameters that an outcome is worked out from, with levers moved or not: all others leave it as it is.
    ///
    /// ```
    /// # #[cfg(feature = "compile")] {
    /// # let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/shop.toml"));
    /// # let checked = model::compile(&[model::ModelFile { path: "shop.toml", text }]);
    /// # let model = checked.value.expect("it has no mistakes");
    /// let sales = model.outcome("sales").expect("it is declared");
    /// let needed: Vec<_> = model.needed_parameters(sales).map(|id| &model.parameters[id.index()].id).collect();
    /// // Not the rent.
    /// assert_eq!(needed, ["custom", "advert_gain", "price_gain"]);
    /// # }
    /// ```
    pub fn needed_parameters(&self, outcome: OutcomeId) -> impl Iterator<Item = ParameterId> + use<> {
        let variable = self.outcomes[outcome.index()].variable;
        let needed = self.graph.needed_parameters(variable, self.parameters.len());
        needed.into_iter().enumerate().filter(|(_, is_needed)| *is_needed).map(|(index, _)| ParameterId::at(index))
    }

    /// All variables, in order.
    pub fn variable_ids(&self) -> impl Iterator<Item = VariableId> + use<> {
        (0..self.variables.len()).map(VariableId::at)
    }

    /// All named scenarios, in order.
    pub fn scenario_ids(&self) -> impl Iterator<Item = PresetId> + use<> {
        (0..self.scenarios.len()).map(PresetId::at)
    }

    /// All regions, in order.
    pub fn region_ids(&self) -> impl Iterator<Item = RegionId> + use<> {
        (0..self.regions.len()).map(RegionId::at)
    }

    /// The equation that `variable` comes from.
    pub fn declaration(&self, variable: VariableId) -> &Declaration {
        &self.declarations[self.variables[variable.index()].declaration.index()]
    }

    /// The same model without what only readers of its text need: equations as written and their meaning, what speaks for
    /// and against levers, and notes and sources of parameters. It gives the same numbers, and its bytes are less than half.
    pub fn without_text(mut self) -> Self {
        for declaration in &mut self.declarations {
            declaration.label.clear();
            declaration.doc.clear();
            declaration.uses.clear();
            declaration.kind = match declaration.kind {
                Kind::Constant(_) => Kind::Constant(Equation::All(String::new())),
                Kind::Auxiliary(_) => Kind::Auxiliary(Equation::All(String::new())),
                Kind::Flow(_) => Kind::Flow(Equation::All(String::new())),
                Kind::Check(_) => Kind::Check(Equation::All(String::new())),
                Kind::Stock { range, .. } => Kind::Stock {
                    initial: Equation::All(String::new()),
                    inflows: Vec::new(),
                    outflows: Vec::new(),
                    range,
                },
            };
        }
        for lever in &mut self.levers {
            let Lever { hundred, mechanism, evidence, warning, cost, cost_omits, sources, recommendations, .. } = lever;
            [hundred, mechanism, evidence, warning, cost, cost_omits].into_iter().for_each(String::clear);
            [sources, recommendations].into_iter().for_each(Vec::clear);
        }
        for parameter in &mut self.parameters {
            for estimate in parameter.shared.iter_mut().chain(parameter.regional.values_mut()) {
                estimate.note.clear();
                estimate.sources.clear();
            }
        }
        for variable in &mut self.variables {
            variable.label.clear();
        }
        for outcome in &mut self.outcomes {
            outcome.doc.clear();
        }
        self.limits.clear();
        self
    }

    /// A compact form without the text's comments and layout, for a program that cannot read model text.
    pub fn to_bytes(&self) -> Vec<u8> {
        postcard::to_allocvec(self).expect("a model is plain data, which always serialises")
    }

    /// The model that [`to_bytes`](Model::to_bytes) gave these bytes for. Other bytes are refused.
    // Inlined, so that the browser's program makes the reader small and only the engine fast.
    #[inline]
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BrokenModel> {
        let model: Self = postcard::from_bytes(bytes).map_err(|_| BrokenModel)?;
        if model.is_coherent() { Ok(model) } else { Err(BrokenModel) }
    }

    /// Whether everything that is named exists and every operation stands after those it needs.
    fn is_coherent(&self) -> bool {
        let parameter_exists = |id: ParameterId| id.index() < self.parameters.len();
        let variable_exists = |id: &VariableId| id.index() < self.variables.len();
        let sizes = [self.regions.len(), self.levers.len(), self.parameters.len(), self.variables.len()];
        sizes.into_iter().chain([self.scenarios.len(), self.outcomes.len()]).all(|size| size <= usize::from(u16::MAX))
            && self.graph.is_coherent(self.parameters.len(), self.levers.len())
            && self.graph.variables.len() == self.variables.len()
            && self.variables.iter().all(|variable| variable.declaration.index() < self.declarations.len())
            && self.outcomes.iter().all(|outcome| variable_exists(&outcome.variable))
            && self.levers.iter().all(|lever| {
                let (low, high) = lever.range;
                let whereabouts = |reference: &Reference| match &reference.whereabouts {
                    Whereabouts::Regions(regions) => regions.iter().all(|region| region.index() < self.regions.len()),
                    Whereabouts::Everywhere | Whereabouts::Elsewhere(_) => true,
                };
                lever.full.iter().chain(&lever.cost_variable).all(variable_exists)
                    && lever.lag.is_none_or(parameter_exists)
                    && 0.0 <= low
                    && low < high
                    && high <= 1.0
                    && lever.allows(lever.status_quo)
                    && lever.schedule.is_sound()
                    && lever.references.iter().all(whereabouts)
            })
            && self.parameters.iter().all(|parameter| {
                let own = |index| parameter.regional.contains_key(&RegionId::at(index));
                parameter.shared.is_some() || (0..self.regions.len()).all(own)
            })
            && self.groups.iter().all(|group| {
                (0.0..=1.0).contains(&group.correlation) && group.members.iter().all(|(id, _)| parameter_exists(*id))
            })
            && self.scenarios.iter().all(|preset| {
                preset.levers.as_ref().is_none_or(|levers| levers.len() == self.levers.len())
                    && preset.schedules.iter().all(|(id, _)| id.index() < self.levers.len())
                    && preset.parameters.iter().all(|(id, _)| parameter_exists(*id))
            })
            && self.time.step > 0.0
            && self.time.save >= self.time.step
    }
}

/// Bytes that are not a model, or one of another version of this program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BrokenModel;

impl fmt::Display for BrokenModel {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("these bytes are not a model that this version of the program made")
    }
}

impl std::error::Error for BrokenModel {}
