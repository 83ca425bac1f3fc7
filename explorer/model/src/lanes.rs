//! Scenarios side by side, a block of lanes at a time.

use crate::engine::{BLOCK, Base, Batch, Column, Table, Trace, run_block};
use crate::ensemble::MOST_KEPT;
use crate::id::{RegionId, VariableId};
use crate::model::Model;
use crate::program::Program;
use crate::run::{RunError, check_finite};

/// Lanes that are being run.
#[derive(Clone, Debug)]
pub(crate) struct LaneRun {
    program: Program,
    batch: Batch,
    variables: Vec<VariableId>,
    table: Table,
    /// What each block needs of the base run; a single one for all where all have the same parameters.
    traces: Vec<Trace>,
    /// Lanes that are done.
    done: usize,
}

impl LaneRun {
    /// Prepares the lanes of `batch`. Only `variables` will have results.
    pub(crate) fn new(model: &Model, variables: Vec<VariableId>, batch: Batch) -> Self {
        let program = Program::new(&model.graph, &variables, &batch.delivery);
        let table = Table::new(variables.len(), &batch);
        Self { program, batch, variables, table, traces: Vec::new(), done: 0 }
    }

    /// Starts again with other settings of the levers; all else stays, also when they move.
    pub(crate) fn restart(&mut self, settings: Vec<Column>) {
        self.batch.settings = settings;
        self.done = 0;
    }

    /// Runs the next block. Whether there are more.
    pub(crate) fn advance(&mut self) -> bool {
        let width = BLOCK.min(self.batch.lanes - self.done);
        if width > 0 {
            let trace = if self.batch.has_one_base() { 0 } else { self.done / BLOCK };
            let base = if trace < self.traces.len() {
                Base::Replay(&self.traces[trace])
            } else if self.batch.has_one_base() || self.batch.lanes <= MOST_KEPT {
                self.traces.push(Trace::default());
                Base::Record(&mut self.traces[trace])
            } else {
                Base::Run
            };
            run_block(&self.program, &self.batch, self.done, width, &mut self.table, base);
        }
        self.done += width;
        self.done < self.batch.lanes
    }

    /// Share of the lanes that are done, 0 to 1.
    pub(crate) fn progress(&self) -> f64 {
        self.done as f64 / self.batch.lanes as f64
    }

    pub(crate) fn batch(&self) -> &Batch {
        &self.batch
    }

    /// The results of the lanes that are done.
    pub(crate) fn table(&self) -> &Table {
        &self.table
    }

    /// Runs what is left. Fails when a number is not finite.
    pub(crate) fn finish(&mut self, model: &Model, region: RegionId) -> Result<&Table, RunError> {
        while self.advance() {}
        check_finite(model, region, &self.variables, &self.batch.clock, &self.table)?;
        Ok(&self.table)
    }
}
