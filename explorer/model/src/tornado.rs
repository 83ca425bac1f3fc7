//! Which parameters matter: each at the ends of its range, all others as the scenario has them.

use crate::engine::Column;
use crate::ensemble::is_uncertain;
use crate::id::{ParameterId, RegionId};
use crate::lanes::LaneRun;
use crate::model::Model;
use crate::quantity::{Quantity, variables};
use crate::run::{RunError, Scenario, batch};

/// A tornado that is being worked out, a block of runs at a time, so that a browser can do other things in between.
#[derive(Clone, Debug)]
pub struct TornadoRun {
    region: RegionId,
    quantities: Vec<Quantity>,
    /// The first lane has all parameters as the scenario; then come two for each of these, low and high.
    parameters: Vec<ParameterId>,
    lanes: LaneRun,
}

impl TornadoRun {
    /// Prepares what the ends of each parameter's range do to `quantities`, also of those that the scenario sets: they
    /// are no surer for that. Parameters known for sure stay as they are. The base run is run again with each parameter,
    /// so a difference from it is that of two runs with the same parameters.
    ///
    /// Fails as [`run`](crate::run()) does, and for a point of time that the run does not have.
    pub fn new(model: &Model, scenario: &Scenario, quantities: &[Quantity]) -> Result<Self, RunError> {
        let mut batch = batch(model, scenario)?;
        for quantity in quantities {
            quantity.check(&batch.clock)?;
        }
        let parameters: Vec<ParameterId> =
            model.parameter_ids().filter(|parameter| is_uncertain(model, scenario.region, *parameter)).collect();
        batch.lanes = 1 + 2 * parameters.len();
        for (place, parameter) in parameters.iter().enumerate() {
            let estimate = model.parameters[parameter.index()].estimate(scenario.region);
            let value = scenario.parameters.get(parameter).copied().unwrap_or(estimate.central);
            let mut values = vec![value; batch.lanes];
            values[1 + 2 * place] = estimate.low;
            values[2 + 2 * place] = estimate.high;
            batch.parameters[parameter.index()] = Column::Each(values);
        }
        let lanes = LaneRun::new(model, variables(quantities), batch);
        Ok(Self { region: scenario.region, quantities: quantities.to_vec(), parameters, lanes })
    }

    /// Runs the next block. Whether there are more.
    pub fn advance(&mut self) -> bool {
        self.lanes.advance()
    }

    /// Share of the runs that are done, 0 to 1.
    pub fn progress(&self) -> f64 {
        self.lanes.progress()
    }

    /// Runs what is left and gives a tornado for each quantity, in their order. Fails when a number is not finite.
    pub fn finish(&mut self, model: &Model) -> Result<Vec<Tornado>, RunError> {
        let table = self.lanes.finish(model, self.region)?;
        let tornado = |(output, quantity): (usize, &Quantity)| {
            let values: Vec<f64> = quantity.lanes(table, output).collect();
            let mut bars: Vec<Bar> = self
                .parameters
                .iter()
                .zip(values[1..].chunks_exact(2))
                .map(|(parameter, ends)| Bar { parameter: *parameter, low: ends[0], high: ends[1] })
                .collect();
            // Bars of the same length stay in the order of parameters.
            bars.sort_by(|a, b| b.spread().total_cmp(&a.spread()));
            Tornado { quantity: *quantity, central: values[0], bars }
        };
        Ok(self.quantities.iter().enumerate().map(tornado).collect())
    }
}

/// What the ends of each parameter's range do to `quantities`; see [`TornadoRun::new`].
///
/// ```
/// # #[cfg(feature = "compile")] {
/// # let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/shop.toml"));
/// # let checked = model::compile(&[model::ModelFile { path: "shop.toml", text }]);
/// # let model = checked.value.expect("it has no mistakes");
/// // Advertising everywhere adds half to sales of 100 EUR; that half may be a quarter or three quarters.
/// let mut scenario = model::Scenario::new(&model, model.region("here").expect("it is declared"));
/// scenario.levers[model.lever("advert").expect("it is declared").index()] = 1.0;
/// let variable = model.variable("sales").expect("it is declared");
/// let gain = model::Quantity { variable, measure: model::Measure::Difference, point: 2 };
/// let tornado = &model::tornado(&model, &scenario, &[gain]).expect("all numbers are finite")[0];
/// assert_eq!(tornado.central, 50.0);
/// assert_eq!(tornado.bars[0].parameter, model.parameter("advert_gain").expect("it is declared"));
/// assert_eq!((tornado.bars[0].low, tornado.bars[0].high), (25.0, 75.0));
/// # }
/// ```
pub fn tornado(model: &Model, scenario: &Scenario, quantities: &[Quantity]) -> Result<Vec<Tornado>, RunError> {
    TornadoRun::new(model, scenario, quantities)?.finish(model)
}

/// What each parameter by itself can do to a quantity, in the quantity's unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Tornado {
    /// What is looked at.
    pub quantity: Quantity,
    /// Its value with all parameters as the scenario has them.
    pub central: f64,
    /// One for each parameter that is not known for sure, the longest first.
    pub bars: Vec<Bar>,
}

/// What the ends of a parameter's range give.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bar {
    /// Which parameter.
    pub parameter: ParameterId,
    /// The quantity with the parameter at its low value; this may be the larger of the two.
    pub low: f64,
    /// The quantity with the parameter at its high value.
    pub high: f64,
}

impl Bar {
    /// How far apart the two are; never negative.
    pub fn spread(&self) -> f64 {
        (self.high - self.low).abs()
    }
}
