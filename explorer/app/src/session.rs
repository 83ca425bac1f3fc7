//! What a reader has chosen, and how each gesture changes it.

use std::sync::Arc;

use model::{LeverId, Model, Preset, PresetId, RegionId, Scenario};

/// What a reader has chosen.
#[derive(Clone, Debug)]
pub struct Session {
    model: Arc<Model>,
    region: RegionId,
    levers: Vec<f64>,
    case: Option<PresetId>,
}

impl PartialEq for Session {
    fn eq(&self, other: &Self) -> bool {
        self.differs_in_levers_only(other) && self.levers == other.levers
    }
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

    /// Whether nothing but lever settings tells the two apart.
    pub fn differs_in_levers_only(&self, other: &Self) -> bool {
        self.region == other.region && self.case == other.case && Arc::ptr_eq(&self.model, &other.model)
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

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::ranges::RangeRun;
    use crate::results::{Results, Shown};

    /// The model of this repository.
    pub(crate) fn model() -> Arc<Model> {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/models/micro-multinationals");
        let mut files: Vec<(String, String)> = std::fs::read_dir(folder)
            .expect("the model's folder is there")
            .map(|entry| entry.expect("its entries can be read").path())
            .map(|path| (path.display().to_string(), std::fs::read_to_string(path).expect("it is text")))
            .collect();
        files.sort();
        let files: Vec<_> = files.iter().map(|(path, text)| model::ModelFile { path, text }).collect();
        Arc::new(model::compile(&files).value.expect("the model has no mistakes"))
    }

    fn session() -> Session {
        let model = model();
        let region = model.region("us").expect("declared");
        Session::new(model, region)
    }

    fn results(session: &Session) -> Arc<Results> {
        let shown = Shown::of(session.model()).expect("the model has the outcomes shown");
        Results::of(session, shown).expect("the model runs")
    }

    fn preset(session: &Session, id: &str) -> PresetId {
        session.model().scenario(id).expect("declared")
    }

    #[test]
    fn every_gesture_has_its_way_back() {
        let start = session();
        let lever = start.model().lever("L01").expect("declared");
        let moved = start.clone().after(Gesture::Lever(lever, 0.5));
        assert!(!moved.is_base_run() && !moved.is_status_quo(lever));
        assert_eq!(moved.clone().after(Gesture::ResetLever(lever)), start);
        let all = preset(&start, "all-at-50");
        let set = moved.after(Gesture::Preset(all));
        assert!(set.matches(all));
        assert_eq!(set.after(Gesture::ResetLevers), start);
    }

    #[test]
    fn settings_beyond_the_ends_count_as_the_ends_and_no_number_changes_nothing() {
        let start = session();
        let lever = start.model().lever("L01").expect("declared");
        for (setting, wanted) in [(7.0, 1.0), (-1.0, 0.0), (f64::INFINITY, 1.0), (f64::NAN, 0.0)] {
            assert_eq!(start.clone().after(Gesture::Lever(lever, setting)).lever(lever), wanted, "{setting}");
        }
    }

    #[test]
    fn the_result_says_when_the_sceptic_is_left_with_nothing() {
        let start = session();
        let all = start.clone().after(Gesture::Preset(preset(&start, "all-at-50")));
        assert!(results(&all).sentence(None).contains("150,000 more net jobs in the United States"));
        let sceptic = all.clone().after(Gesture::Case(Some(preset(&start, "sceptic"))));
        assert!(results(&sceptic).sentence(None).contains("near zero"), "{}", results(&sceptic).sentence(None));
        assert_eq!(results(&sceptic).headlines(true, None)[3].note, "no net job-years to speak of");
    }

    #[test]
    fn ranges_follow_the_levers() {
        let start = session();
        let shown = Shown::of(start.model()).expect("the model has the outcomes shown");
        let all = start.clone().after(Gesture::Preset(preset(&start, "all-at-50")));
        let finished = |run: &mut RangeRun| {
            while run.advance() {}
            run.ranges().expect("all numbers are finite")
        };
        let mut run = RangeRun::new(&start, shown).expect("the session is sound");
        assert_eq!(run.ranges(), None, "no draw is done");
        let base = finished(&mut run);
        run.follow(&all).expect("the session is sound");
        let followed = finished(&mut run);
        assert_eq!(run.session(), &all);
        assert_eq!(followed, finished(&mut RangeRun::new(&all, shown).expect("the session is sound")));
        assert!(results(&all).sentence(Some(&followed)).contains("(half of the runs between "));
        assert_eq!(followed.more_jobs_in_words(), "Net jobs rise in all of 1024 runs.");
        assert_eq!(base.more_jobs_in_words(), "Net jobs rise in none of 1024 runs.");
        let jobs = &results(&all).charts("a", true, Some(&followed))[0];
        assert_eq!(jobs.series[1].ranges.len(), 3);
        let ends = |range: &chart::Range| (*range.low.last().expect("points"), *range.high.last().expect("points"));
        let [half, most, nearly_all] = [0, 1, 2].map(|level| ends(&jobs.series[1].ranges[level]));
        assert!(
            nearly_all.0 < most.0 && most.0 < half.0 && half.0 < half.1 && half.1 < most.1 && most.1 < nearly_all.1
        );
    }

    #[test]
    fn channels_add_up_to_the_gross_jobs() {
        let start = session();
        assert_eq!(results(&start).channels(), []);
        let all = start.clone().after(Gesture::Preset(preset(&start, "all-at-50")));
        let channels = results(&all).channels();
        let sum: f64 = channels.iter().map(|channel| channel.jobs).sum();
        let gross = results(&all).headlines(true, None)[1].raw;
        assert!((sum / gross - 1.0).abs() < 1e-9, "{sum} of {gross}");
    }
}
