//! The numbers that texts want of the models → each scenario run once, for all pages.
//!
//! Scenarios that differ in their levers only share the draws of the parameters and the base runs.

use std::collections::BTreeMap;

use app::model_number::{Amount, ModelNumber};
use app::ranges::SAMPLING;
use model::{Ensemble, EnsembleRun, Model, Run, RunError, Scenario, VariableId};
use rayon::prelude::*;

use crate::parse::models::PolicyModel;

/// Runs of all scenarios that texts take numbers from.
#[derive(Debug, Default)]
pub struct Runs {
    central: BTreeMap<Key, Result<Run, RunError>>,
    sampled: BTreeMap<Key, Result<Ensemble, RunError>>,
}

/// A scenario as something that can be looked up.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    model: usize,
    region: usize,
    years: u64,
    parameters: Vec<(usize, u64)>,
    /// When each lever moves: start and ramp.
    schedules: Vec<(u64, u64)>,
    levers: Vec<u64>,
}

/// A scenario and the variables that texts want of its draws.
struct Wanted<'n> {
    scenario: &'n Scenario,
    variables: Vec<VariableId>,
}

impl Runs {
    /// Runs what `numbers` need; each comes with the index of its model.
    pub fn of<'n>(models: &[PolicyModel], numbers: impl Iterator<Item = (usize, &'n ModelNumber)>) -> Self {
        let mut central: BTreeMap<Key, &Scenario> = BTreeMap::new();
        let mut sampled: BTreeMap<Key, Wanted<'_>> = BTreeMap::new();
        for (model, number) in numbers {
            let key = Key::of(model, number.scenario());
            if number.is_sampled() {
                let scenario = number.scenario();
                let wanted = sampled.entry(key).or_insert(Wanted { scenario, variables: Vec::new() });
                wanted.variables.extend(number.variables());
                wanted.variables.sort_unstable();
                wanted.variables.dedup();
            } else {
                central.insert(key, number.scenario());
            }
        }
        // Neighbours among the keys differ in their levers only.
        let sampled: Vec<(Key, Wanted<'_>)> = sampled.into_iter().collect();
        let groups: Vec<&[(Key, Wanted<'_>)]> =
            sampled.chunk_by(|(a, _), (b, _)| a.without_levers() == b.without_levers()).collect();
        let (central, sampled) = rayon::join(
            || {
                let run = |(key, scenario): (Key, &Scenario)| {
                    let run = model::run(&models[key.model].model, scenario);
                    (key, run)
                };
                central.into_par_iter().map(run).collect()
            },
            || {
                groups
                    .into_par_iter()
                    .flat_map_iter(|group| ensembles(&models[group[0].0.model].model, group))
                    .collect()
            },
        );
        Self { central, sampled }
    }

    /// What a number is, if its scenario could be run.
    pub fn amount(&self, model: usize, number: &ModelNumber) -> Result<Amount, String> {
        let key = Key::of(model, number.scenario());
        let missing = || "the scenario gives no number".to_owned();
        if number.is_sampled() {
            let ensemble = self.sampled.get(&key).ok_or_else(missing)?.as_ref().map_err(RunError::to_string)?;
            return number.of_ensemble(ensemble).ok_or_else(missing);
        }
        let run = self.central.get(&key).ok_or_else(missing)?.as_ref().map_err(RunError::to_string)?;
        let amount = number.of_run(run);
        if amount.values.iter().all(|value| value.is_finite()) { Ok(amount) } else { Err(missing()) }
    }
}

/// The draws of scenarios that differ in their levers only.
fn ensembles(model: &Model, group: &[(Key, Wanted<'_>)]) -> Vec<(Key, Result<Ensemble, RunError>)> {
    let mut variables: Vec<VariableId> = group.iter().flat_map(|(_, wanted)| wanted.variables.clone()).collect();
    variables.sort_unstable();
    variables.dedup();
    let mut started = match EnsembleRun::new(model, group[0].1.scenario, SAMPLING, &variables) {
        Ok(run) => run,
        Err(error) => return group.iter().map(|(key, _)| (key.clone(), Err(error.clone()))).collect(),
    };
    let mut one = |(key, wanted): &(Key, Wanted<'_>)| {
        let restarted = started.restart(model, &wanted.scenario.levers);
        (key.clone(), restarted.and_then(|()| started.finish(model).cloned()))
    };
    group.iter().map(&mut one).collect()
}

impl Key {
    fn of(model: usize, scenario: &Scenario) -> Self {
        let parameters = scenario.parameters.iter().map(|(id, value)| (id.index(), value.to_bits()));
        Self {
            model,
            region: scenario.region.index(),
            years: scenario.years.to_bits(),
            parameters: parameters.collect(),
            schedules: scenario.schedules.iter().map(|one| (one.start.to_bits(), one.ramp.to_bits())).collect(),
            levers: scenario.levers.iter().map(|lever| lever.to_bits()).collect(),
        }
    }

    /// The same with all levers alike.
    fn without_levers(&self) -> Self {
        Self { levers: Vec::new(), ..self.clone() }
    }
}
