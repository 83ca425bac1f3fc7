//! What the analyses are about: one number that a scenario gives.

use crate::engine::{Clock, Table};
use crate::id::VariableId;
use crate::model::Measure;
use crate::run::RunError;

/// A variable at a point of time, as it is or against the base run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quantity {
    /// Which variable; the number has its unit.
    pub variable: VariableId,
    /// Its value under the scenario, or the difference of that from the base run with the same parameters.
    pub measure: Measure,
    /// Which of the saved points of time ([`Run::times`](crate::Run::times)), from zero.
    pub point: usize,
}

impl Quantity {
    /// Fails when the run has no such point of time.
    pub(crate) fn check(&self, clock: &Clock) -> Result<(), RunError> {
        let points = clock.points();
        if self.point < points { Ok(()) } else { Err(RunError::NoSuchPoint { point: self.point, points }) }
    }

    /// Its value in each lane; `output` is the place of its variable in the table.
    pub(crate) fn lanes(self, table: &Table, output: usize) -> impl Iterator<Item = f64> {
        let (base, policy) = (table.base(output, self.point), table.policy(output, self.point));
        policy.iter().enumerate().map(move |(lane, value)| match self.measure {
            Measure::Level => *value,
            Measure::Difference => value - if base.len() == 1 { base[0] } else { base[lane] },
        })
    }
}

/// The variables of quantities, in their order.
pub(crate) fn variables(quantities: &[Quantity]) -> Vec<VariableId> {
    quantities.iter().map(|quantity| quantity.variable).collect()
}
