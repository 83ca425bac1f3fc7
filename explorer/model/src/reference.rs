//! Known quantities of the real world, and where they stand on the tracks of levers.

use serde::{Deserialize, Serialize};

use crate::id::RegionId;
use crate::model::{Basis, Lever, Model};
use crate::run::{RunError, Scenario, run};

/// A known quantity of the real world, to compare the settings of a lever with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reference {
    /// What it is: `Today's STEP grants`.
    pub label: String,
    /// What is known of it.
    pub quantity: Quantified,
    /// Where it is from.
    pub whereabouts: Whereabouts,
    /// How it was arrived at.
    pub basis: Basis,
    /// Key of the bibliography.
    pub source: String,
}

/// What is known of a reference.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Quantified {
    /// Its size on the natural scale of the lever, or its cost: the value, its unit, and how many of the unit of the
    /// variable that gives the lever's size or cost at 100% one of that is.
    Value {
        /// Which of the two.
        scale: Scale,
        /// The number, in `unit`.
        value: f64,
        /// Its unit.
        unit: String,
        /// The number in the unit of the lever's variable is `value` × `factor`.
        factor: f64,
    },
    /// Only its place on the track, stated: 0 to 1.
    Place(f64),
}

/// What the value of a reference measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Scale {
    /// What the lever does, in its natural unit.
    Reach,
    /// What it costs.
    Cost,
}

/// Where a reference is from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Whereabouts {
    /// It holds in every region.
    Everywhere,
    /// In these regions only.
    Regions(Vec<RegionId>),
    /// In a place that is none of the model's regions, so that it has no place on any track.
    Elsewhere(String),
}

impl Reference {
    /// Whether it is to be shown for `region`; what is from elsewhere is for all.
    pub fn concerns(&self, region: RegionId) -> bool {
        match &self.whereabouts {
            Whereabouts::Everywhere | Whereabouts::Elsewhere(_) => true,
            Whereabouts::Regions(regions) => regions.contains(&region),
        }
    }
}

/// Where the references of each lever stand on its track in `region`, by lever and reference: 1 is 100%, and more than
/// that is beyond the track. None for one of other regions or from elsewhere, and where 100% is nothing.
///
/// Costs are those of the first moment, when nothing has been moved by the levers yet, so that each costs what it costs
/// alone; between nothing and that they are taken to rise in a straight line.
pub fn reference_places(model: &Model, region: RegionId) -> Result<Vec<Vec<Option<f64>>>, RunError> {
    let mut scenario = Scenario::new(model, region).at_once();
    for (setting, lever) in scenario.levers.iter_mut().zip(&model.levers) {
        *setting = lever.range.1;
    }
    let run = run(model, &scenario)?;
    let at_hundred = |lever: &Lever, scale: Scale| match scale {
        Scale::Reach => lever.full.map(|variable| run.series(variable)[0]),
        Scale::Cost => lever.cost_variable.map(|variable| run.series(variable)[0] / lever.range.1),
    };
    let place = |lever: &Lever, reference: &Reference| {
        let is_here = reference.concerns(region) && !matches!(reference.whereabouts, Whereabouts::Elsewhere(_));
        match reference.quantity {
            _ if !is_here => None,
            Quantified::Place(place) => Some(place),
            Quantified::Value { scale, value, factor, .. } => {
                let hundred = at_hundred(lever, scale).filter(|hundred| *hundred > 0.0)?;
                Some(value * factor / hundred)
            }
        }
    };
    let of_lever = |lever: &Lever| lever.references.iter().map(|reference| place(lever, reference)).collect();
    Ok(model.levers.iter().map(of_lever).collect())
}
