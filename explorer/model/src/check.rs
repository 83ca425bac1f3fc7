//! What a model states about itself, tried in every region and named scenario.

use crate::id::{RegionId, VariableId};
use crate::model::{Kind, Model};
use crate::run::{RunError, Scenario, run};

/// How a stated check did.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckResult {
    /// The check, whose equation should never give zero.
    pub check: VariableId,
    /// Runs in which it was tried.
    pub runs: usize,
    /// The first place where it did not hold.
    pub failure: Option<CheckFailure>,
}

/// Where a check did not hold.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckFailure {
    /// The region.
    pub region: RegionId,
    /// Id of the named scenario, `status quo` or `all levers at their highest`.
    pub case: String,
    /// The point of time.
    pub year: f64,
}

/// Tries all checks of a model in every region: at the status quo, with all levers at their highest and in each named
/// scenario. A named scenario that sets no levers is tried with all of them at their highest.
///
/// Fails as [`run`](crate::run()) does when one of these runs cannot be made.
pub fn check(model: &Model) -> Result<Vec<CheckResult>, RunError> {
    let is_check = |variable: &VariableId| matches!(model.declaration(*variable).kind, Kind::Check(_));
    let mut results: Vec<CheckResult> =
        model.variable_ids().filter(is_check).map(|check| CheckResult { check, runs: 0, failure: None }).collect();
    for region in model.region_ids() {
        for (case, scenario) in cases(model, region) {
            let run = run(model, &scenario)?;
            for result in &mut results {
                result.runs += 1;
                let failed = run.series(result.check).iter().position(|holds| *holds == 0.0);
                if let (Some(point), None) = (failed, &result.failure) {
                    result.failure = Some(CheckFailure { region, case: case.clone(), year: run.times()[point] });
                }
            }
        }
    }
    Ok(results)
}

fn cases(model: &Model, region: RegionId) -> Vec<(String, Scenario)> {
    let status_quo = Scenario::new(model, region);
    let mut full = status_quo.clone();
    full.levers = model.levers.iter().map(|lever| lever.range.1).collect();
    let named =
        model.scenario_ids().map(|id| (model.scenarios[id.index()].id.clone(), full.clone().with_preset(model, id)));
    let own = [("status quo".to_owned(), status_quo), ("all levers at their highest".to_owned(), full.clone())];
    own.into_iter().chain(named).collect()
}
