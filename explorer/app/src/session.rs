//! What a reader has chosen, and how each gesture changes it.

use std::sync::Arc;

use model::{LeverId, Model, Preset, PresetId, RegionId, Scenario};

/// What a reader has chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    model: Arc<Model>,
    region: RegionId,
    levers: Vec<f64>,
    case: Option<PresetId>,
}

/// What a reader did.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Gesture {
    /// Chose a region.
    Region(RegionId),
    /// Moved a lever to a setting from 0 to 1; beyond either end counts as the end.
    Lever(LeverId, f64),
    /// Put a lever back to its status quo.
    ResetLever(LeverId),
    /// Put all levers back.
    ResetLevers,
    /// Took the lever settings of a named scenario.
    Preset(PresetId),
    /// Read the evidence as a named case does, or as the central values have it.
    Case(Option<PresetId>),
}

impl Session {
    /// All levers at their status quo, the evidence read centrally.
    pub fn new(model: Arc<Model>, region: RegionId) -> Self {
        let levers = model.levers.iter().map(|lever| lever.status_quo).collect();
        Self { model, region, levers, case: None }
    }

    /// The model explored.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// The model explored, to keep.
    pub fn model_shared(&self) -> Arc<Model> {
        Arc::clone(&self.model)
    }

    /// The region chosen.
    pub fn region(&self) -> RegionId {
        self.region
    }

    /// A lever's setting, 0 to 1.
    pub fn lever(&self, lever: LeverId) -> f64 {
        self.levers[lever.index()]
    }

    /// The reading of the evidence; none is central.
    pub fn case(&self) -> Option<PresetId> {
        self.case
    }

    /// Whether a lever stands where it stands today.
    pub fn is_status_quo(&self, lever: LeverId) -> bool {
        self.lever(lever) == self.model.levers[lever.index()].status_quo
    }

    /// Whether all levers do, so that there is nothing to compare.
    pub fn is_base_run(&self) -> bool {
        self.model.levers.iter().zip(&self.levers).all(|(lever, setting)| lever.status_quo == *setting)
    }

    /// Whether the levers stand exactly as a named scenario has them.
    pub fn matches(&self, preset: PresetId) -> bool {
        self.model.scenarios[preset.index()].levers.as_ref() == Some(&self.levers)
    }

    /// Named scenarios that set levers.
    pub fn presets(&self) -> Vec<PresetId> {
        self.scenarios(|preset| preset.levers.is_some())
    }

    /// Named scenarios that only read the evidence differently.
    pub fn cases(&self) -> Vec<PresetId> {
        self.scenarios(|preset| preset.levers.is_none())
    }

    /// What the model runs.
    pub fn scenario(&self) -> Scenario {
        let mut scenario = Scenario::new(&self.model, self.region);
        scenario.levers.clone_from(&self.levers);
        match self.case {
            Some(case) => scenario.with_preset(&self.model, case),
            None => scenario,
        }
    }

    /// The session after a gesture.
    pub fn after(mut self, gesture: Gesture) -> Self {
        match gesture {
            Gesture::Region(region) => self.region = region,
            Gesture::Lever(lever, setting) => {
                // A number field that is being emptied has no number for a moment.
                if !setting.is_nan() {
                    self.levers[lever.index()] = setting.clamp(0.0, 1.0);
                }
            }
            Gesture::ResetLever(lever) => {
                self.levers[lever.index()] = self.model.levers[lever.index()].status_quo;
            }
            Gesture::ResetLevers => {
                self.levers = self.model.levers.iter().map(|lever| lever.status_quo).collect();
            }
            Gesture::Preset(preset) => {
                if let Some(levers) = &self.model.scenarios[preset.index()].levers {
                    self.levers.clone_from(levers);
                }
            }
            Gesture::Case(case) => self.case = case,
        }
        self
    }

    fn scenarios(&self, wanted: fn(&Preset) -> bool) -> Vec<PresetId> {
        let wanted = self.model.scenarios.iter().filter(|preset| wanted(preset));
        wanted.filter_map(|preset| self.model.scenario(&preset.id)).collect()
    }
}
