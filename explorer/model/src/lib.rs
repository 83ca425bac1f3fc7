//! Turns the text of a policy model into numbers.
//!
//! text → [`compile`] → [`Model`] → ([`Scenario`]) → [`run`] → [`Run`]
//!
//! A model is text that an economist can read and change: stocks, flows, auxiliaries, levers, parameters with their
//! sources. It is checked as a whole (names, units, circles), its equations become one list of operations
//! (the graph), and the operations run over many scenarios at once, always beside the base run, in which all
//! levers stand at their status quo.
//!
//! Nothing here reads a file, a clock or a random number, and a run gives the same bits on every machine.

mod attribution;
mod beta;
mod check;
mod draw;
mod engine;
mod ensemble;
pub mod float;
mod goal;
mod graph;
mod id;
mod lanes;
mod model;
mod program;
mod quantity;
mod reference;
mod run;
mod schedule;
mod sobol;
mod sweep;
#[cfg(feature = "compile")]
mod text;
mod tornado;

pub use attribution::{Attribution, AttributionRun, MOST_EXACT, MOST_ORDERS, attribution};
pub use check::{CheckFailure, CheckResult, check};
pub use draw::Direction;
pub use ensemble::{Band, Bands, Ensemble, EnsembleRun, MOST_DRAWS, Sampling, drawn, ensemble, quantile};
pub use goal::{Certainty, Goal, GoalRun, Mix, Reach, goal};
pub use id::{DeclarationId, GroupId, LeverId, OutcomeId, ParameterId, PresetId, RegionId, VariableId};
pub use model::{
    Basis, BrokenModel, Change, Choice, Declaration, Dimension, Distribution, Element, Equation, Estimate, Grade,
    Group, Kind, Lever, Limit, Measure, Method, Model, Outcome, Parameter, Preset, Region, StockRange, Stretch, Time,
    Variable,
};
pub use quantity::Quantity;
pub use reference::{Quantified, Reference, Scale, Whereabouts, reference_places};
pub use run::{Run, RunError, Scenario, run};
pub use schedule::Schedule;
pub use sobol::{Factor, Index, Indices, SobolRun, sobol};
pub use sweep::{Lanes, draws, side_by_side};
#[cfg(feature = "compile")]
pub use text::{Formula, ModelFile, compile};
pub use tornado::{Bar, Tornado, TornadoRun, tornado};
