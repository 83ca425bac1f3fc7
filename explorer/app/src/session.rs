//! What a reader has chosen, and how each gesture changes it.

use std::collections::BTreeMap;
use std::sync::Arc;

use chart::Source;
use model::{LeverId, Model, ParameterId, Preset, PresetId, RegionId, Scenario, Schedule};

use crate::decimal::{Decimal, short};
use crate::results::marked;

/// What a reader has chosen.
#[derive(Clone, Debug)]
pub struct Session {
    model: Arc<Model>,
    settings: Settings,
    held: Option<Settings>,
}

/// The choices that make a scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Whose numbers hold.
    pub region: RegionId,
    /// Setting of each lever, within its range.
    pub levers: Vec<f64>,
    /// When each lever moves.
    pub schedules: Vec<Schedule>,
    /// The reading of the evidence; none is central.
    pub case: Option<PresetId>,
    /// Assumptions of the reader's own, over those of the case.
    pub parameters: BTreeMap<ParameterId, f64>,
    /// How long the run is, in the model's unit of time.
    pub years: f64,
}

/// What a reader did.
#[derive(Clone, Debug, PartialEq)]
pub enum Gesture {
    /// Chose a region.
    Region(RegionId),
    /// Chose how long the run is; what the model cannot run changes nothing.
    Years(f64),
    /// Moved a lever to a setting from 0 to 1; beyond either end of its range counts as the end.
    Lever(LeverId, f64),
    /// Said when a lever moves.
    Schedule(LeverId, Schedule),
    /// Put a lever back to its status quo.
    ResetLever(LeverId),
    /// Put all levers back.
    ResetLevers,
    /// Took the lever settings of a named scenario.
    Preset(PresetId),
    /// Took lever settings that a search found.
    Levers(Vec<f64>),
    /// Read the evidence as a named case does, or as the central values have it.
    Case(Option<PresetId>),
    /// Changed an assumption; beyond either end of its range counts as the end.
    Parameter(ParameterId, f64),
    /// Put an assumption back to what the case has it.
    ResetParameter(ParameterId),
    /// Put all assumptions back.
    ResetParameters,
    /// Kept the present settings to compare others with them.
    Hold,
    /// Kept other settings to compare the present ones with.
    HoldOther(Box<Settings>),
    /// Took what was kept for the present, and the present for what is kept.
    Swap,
    /// Let go of what was kept.
    Release,
    /// Took all of it from an address or a shelf.
    Take(Box<Session>),
}

/// When a lever moves, as the end of a sentence.
pub fn schedule_in_words(schedule: Schedule) -> String {
    let start = short(schedule.start);
    match schedule.ramp {
        0.0 => format!("from year {start} on"),
        1.0 => format!("from year {start} on, in full after a year"),
        ramp => format!("from year {start} on, in full after {} years", short(ramp)),
    }
}

impl PartialEq for Session {
    fn eq(&self, other: &Self) -> bool {
        self.settings == other.settings && self.held == other.held && Arc::ptr_eq(&self.model, &other.model)
    }
}

impl Session {
    /// All levers at their status quo, the evidence read centrally.
    pub fn new(model: Arc<Model>, region: RegionId) -> Self {
        let scenario = Scenario::new(&model, region);
        let settings = Settings {
            region,
            levers: scenario.levers,
            schedules: scenario.schedules,
            case: None,
            parameters: BTreeMap::new(),
            years: scenario.years,
        };
        Self { model, settings, held: None }
    }

    /// With settings from elsewhere, which must be of the same model.
    pub(crate) fn with(&self, settings: Settings, held: Option<Settings>) -> Self {
        Self { model: Arc::clone(&self.model), settings, held }
    }

    /// The model explored.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// The model explored, to keep.
    pub fn model_shared(&self) -> Arc<Model> {
        Arc::clone(&self.model)
    }

    /// The present settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The settings kept for comparison.
    pub fn held(&self) -> Option<&Settings> {
        self.held.as_ref()
    }

    /// The session whose settings are those kept for comparison, with nothing kept.
    pub fn held_session(&self) -> Option<Self> {
        Some(self.with(self.held.clone()?, None))
    }

    /// The region chosen.
    pub fn region(&self) -> RegionId {
        self.settings.region
    }

    /// A lever's setting, 0 to 1.
    pub fn lever(&self, lever: LeverId) -> f64 {
        self.settings.levers[lever.index()]
    }

    /// When a lever moves.
    pub fn schedule(&self, lever: LeverId) -> Schedule {
        self.settings.schedules[lever.index()]
    }

    /// The reading of the evidence; none is central.
    pub fn case(&self) -> Option<PresetId> {
        self.settings.case
    }

    /// What an assumption stands at.
    pub fn parameter(&self, parameter: ParameterId) -> f64 {
        let central = self.model.parameters[parameter.index()].estimate(self.region()).central;
        self.scenario().parameters.get(&parameter).copied().unwrap_or(central)
    }

    /// Whether an assumption is the reader's own.
    pub fn is_own(&self, parameter: ParameterId) -> bool {
        self.settings.parameters.contains_key(&parameter)
    }

    /// Whether a lever stands where it stands today.
    pub fn is_status_quo(&self, lever: LeverId) -> bool {
        self.lever(lever) == self.model.levers[lever.index()].status_quo
    }

    /// Whether a lever stands where it stands today and would move when the model has it move.
    pub fn is_untouched(&self, lever: LeverId) -> bool {
        self.is_status_quo(lever) && self.schedule(lever) == self.model.levers[lever.index()].schedule
    }

    /// Whether all levers stand where they stand today, so that there is nothing to compare.
    pub fn is_base_run(&self) -> bool {
        self.model.levers.iter().zip(&self.settings.levers).all(|(lever, setting)| lever.status_quo == *setting)
    }

    /// Whether all levers stand where they stand today and would move when the model has them move.
    pub fn is_as_today(&self) -> bool {
        self.model.lever_ids().all(|lever| self.is_untouched(lever))
    }

    /// Whether nothing but lever settings tells the scenarios of the two apart.
    pub fn differs_in_levers_only(&self, other: &Self) -> bool {
        let (here, there) = (&self.settings, &other.settings);
        here.region == there.region
            && here.schedules == there.schedules
            && here.case == there.case
            && here.parameters == there.parameters
            && here.years == there.years
            && Arc::ptr_eq(&self.model, &other.model)
    }

    /// Whether the two give the same scenario.
    pub fn runs_as(&self, other: &Self) -> bool {
        self.settings == other.settings && Arc::ptr_eq(&self.model, &other.model)
    }

    /// Whether the levers stand, and move, exactly as a named scenario has them.
    pub fn matches(&self, preset: PresetId) -> bool {
        self.clone().after(Gesture::Preset(preset)) == *self
    }

    /// Named scenarios that set levers.
    pub fn presets(&self) -> Vec<PresetId> {
        self.scenarios(|preset| preset.levers.is_some())
    }

    /// Named scenarios that only read the evidence differently.
    pub fn cases(&self) -> Vec<PresetId> {
        self.scenarios(|preset| preset.levers.is_none())
    }

    /// The last point of time that its runs save.
    pub fn last_point(&self) -> usize {
        (self.settings().years / self.model().time.save).round() as usize
    }

    /// What the model runs.
    pub fn scenario(&self) -> Scenario {
        let mut scenario = Scenario::new(&self.model, self.region());
        scenario.levers.clone_from(&self.settings.levers);
        scenario.schedules.clone_from(&self.settings.schedules);
        scenario.years = self.settings.years;
        if let Some(case) = self.case() {
            scenario = scenario.with_preset(&self.model, case);
        }
        scenario.parameters.extend(&self.settings.parameters);
        scenario
    }

    /// What is set and assumed, in words, for who sees a picture, a table or a printed page of it.
    pub fn in_words(&self) -> String {
        let model = &self.model;
        let mut levers: Vec<String> = Vec::new();
        for lever in model.lever_ids().filter(|lever| !self.is_status_quo(*lever)) {
            let declared = &model.levers[lever.index()];
            let mut words = format!("{} {}%", declared.id, short(self.lever(lever) * 100.0));
            let schedule = self.schedule(lever);
            if schedule != declared.schedule {
                words.push_str(&format!(" {}", schedule_in_words(schedule)));
            }
            levers.push(words);
        }
        let levers = match levers.len() {
            0 => "All levers as today".to_owned(),
            count if count == model.levers.len() => format!("Levers: {}", levers.join(", ")),
            _ => format!("Levers: {}; all others as today", levers.join(", ")),
        };
        let case = match self.case() {
            Some(case) => format!("evidence read as by the {}", self.case_in_words(case)),
            None => "central reading of the evidence".to_owned(),
        };
        let own = self.settings.parameters.iter().map(|(parameter, value)| {
            let value = Decimal::near(*value).map(|value| value.to_string()).unwrap_or_default();
            format!("{} = {value}", model.parameters[parameter.index()].id)
        });
        let own: Vec<String> = own.collect();
        let own = if own.is_empty() { String::new() } else { format!("; own assumptions: {}", own.join(", ")) };
        format!("{levers}; {case}{own}")
    }

    /// Which values the assumptions have, in a few words for the source of a chart.
    pub fn values_in_words(&self) -> String {
        let own = if self.settings.parameters.is_empty() { "" } else { ", with the reader’s own assumptions" };
        match self.case() {
            Some(case) => format!("evidence read as by the {}{own}", self.case_in_words(case)),
            None => format!("central values{own}"),
        }
    }

    /// Where the numbers of a chart about `place` come from.
    pub(crate) fn source(&self, place: &str) -> Source {
        Source::new(&format!("the model, version {}, {}, {place}", self.model.version, self.values_in_words()))
    }

    fn case_in_words(&self, case: PresetId) -> String {
        self.model.scenarios[case.index()].label.to_ascii_lowercase()
    }

    /// Where and until when, in words.
    pub fn place_in_words(&self) -> String {
        format!("{}, year {}", marked(&self.model.regions[self.region().index()]), short(self.settings.years))
    }

    /// The session after a gesture.
    pub fn after(mut self, gesture: Gesture) -> Self {
        let settings = &mut self.settings;
        match gesture {
            Gesture::Region(region) => {
                settings.region = region;
                // What was assumed for one place may lie outside the range of another.
                let model = &self.model;
                settings.parameters.retain(|parameter, value| {
                    let estimate = model.parameters[parameter.index()].estimate(region);
                    (estimate.low..=estimate.high).contains(value)
                });
            }
            Gesture::Years(years) => {
                let time = &self.model.time;
                if time.allows(years) {
                    settings.years = (years / time.save).round() * time.save;
                }
            }
            Gesture::Lever(lever, setting) => {
                // A number field that is being emptied has no number for a moment.
                if !setting.is_nan() {
                    let declared = &self.model.levers[lever.index()];
                    settings.levers[lever.index()] = declared.nearest(hundredths_of_per_cent(setting));
                }
            }
            Gesture::Schedule(lever, schedule) => {
                let rounded = |time: f64| Decimal::near(time.clamp(0.0, self.model.time.longest)).map(Decimal::value);
                if let (Some(start), Some(ramp)) = (rounded(schedule.start), rounded(schedule.ramp)) {
                    settings.schedules[lever.index()] = Schedule { start, ramp };
                }
            }
            Gesture::ResetLever(lever) => {
                let declared = &self.model.levers[lever.index()];
                settings.levers[lever.index()] = declared.status_quo;
                settings.schedules[lever.index()] = declared.schedule;
            }
            Gesture::ResetLevers => {
                settings.levers = self.model.levers.iter().map(|lever| lever.status_quo).collect();
                settings.schedules = self.model.levers.iter().map(|lever| lever.schedule).collect();
            }
            Gesture::Preset(preset) => {
                let preset = Scenario::new(&self.model, settings.region).with_preset(&self.model, preset);
                settings.levers = preset.levers;
                settings.schedules = preset.schedules;
            }
            Gesture::Levers(levers) => {
                if levers.len() == settings.levers.len() {
                    let found = levers.into_iter().map(hundredths_of_per_cent).zip(&self.model.levers);
                    settings.levers = found.map(|(setting, lever)| lever.nearest(setting)).collect();
                }
            }
            Gesture::Case(case) => {
                settings.case = case;
                // The case is what was asked for: the reader's own values for what it sets, or for what any case
                // sets, would hide it.
                let set = self.model.scenarios.iter().filter(|preset| preset.levers.is_none());
                for (parameter, _) in set.flat_map(|preset| &preset.parameters) {
                    settings.parameters.remove(parameter);
                }
            }
            Gesture::Parameter(parameter, value) => {
                let estimate = self.model.parameters[parameter.index()].estimate(settings.region);
                if let Some(value) = Decimal::near(value) {
                    settings.parameters.insert(parameter, value.value().clamp(estimate.low, estimate.high));
                }
            }
            Gesture::ResetParameter(parameter) => {
                settings.parameters.remove(&parameter);
            }
            Gesture::ResetParameters => settings.parameters.clear(),
            Gesture::Hold => self.held = Some(settings.clone()),
            Gesture::HoldOther(other) => self.held = Some(*other),
            Gesture::Swap => {
                if let Some(held) = &mut self.held {
                    std::mem::swap(held, settings);
                }
            }
            Gesture::Release => self.held = None,
            Gesture::Take(session) => {
                if Arc::ptr_eq(&session.model, &self.model) {
                    self = *session;
                }
            }
        }
        self
    }

    fn scenarios(&self, wanted: fn(&Preset) -> bool) -> Vec<PresetId> {
        let wanted = self.model.scenarios.iter().filter(|preset| wanted(preset));
        wanted.filter_map(|preset| self.model.scenario(&preset.id)).collect()
    }
}

/// The setting that so many per cent are, 0 to 1: for up to two decimals the number that explorers have, so that all
/// programs run the same to the last digit.
///
/// ```
/// assert_eq!(app::session::setting(0.07), 0.0007);
/// assert_eq!(app::session::setting(12.345), 12.345 / 100.0);
/// ```
pub fn setting(per_cent: f64) -> f64 {
    let hundredths = (per_cent * 100.0).round();
    if hundredths / 100.0 == per_cent { hundredths / 10_000.0 } else { per_cent / 100.0 }
}

/// A setting as addresses can write it: in per cent with two decimals.
pub(crate) fn hundredths_of_per_cent(setting: f64) -> f64 {
    (setting.clamp(0.0, 1.0) * 10_000.0).round() / 10_000.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examples::session;
    use crate::ranges::RangeRun;
    use crate::results::{Results, Shown};

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
        let later = set.clone().after(Gesture::Schedule(lever, Schedule { start: 2.0, ramp: 0.0 }));
        assert!(!later.matches(all), "what moves at another time is not the same");
        assert_eq!(set.after(Gesture::ResetLevers), start);
        let later = start.clone().after(Gesture::Schedule(lever, Schedule { start: 2.0, ramp: 0.0 }));
        assert!(later.is_base_run() && start.is_as_today() && !later.is_as_today());
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
    fn assumptions_stay_in_their_range_and_give_way_to_a_case() {
        let start = session();
        let discount = start.model().parameter("eta").expect("declared");
        let estimate = start.model().parameters[discount.index()].estimate(start.region()).clone();
        let own = start.clone().after(Gesture::Parameter(discount, 7.0));
        assert_eq!(own.parameter(discount), estimate.high);
        assert!(own.is_own(discount) && !start.is_own(discount));
        assert_eq!(own.clone().after(Gesture::ResetParameter(discount)), start);
        assert_eq!(own.clone().after(Gesture::ResetParameters), start);
        assert_eq!(own.clone().after(Gesture::Parameter(discount, f64::NAN)), own);
        let advocate = preset(&start, "advocate");
        let read = own.after(Gesture::Case(Some(advocate)));
        assert_eq!(read.parameter(discount), 0.0);
        let doubting = read.after(Gesture::Parameter(discount, 0.4));
        assert_eq!(doubting.scenario().parameters[&discount], 0.4);
    }

    #[test]
    fn an_assumption_outside_the_range_of_another_region_is_let_go() {
        let start = session();
        let discount = start.model().parameter("eta").expect("declared");
        let kenya = start.model().region("ke").expect("declared");
        let doubtless = start.clone().after(Gesture::Parameter(discount, 0.1)).after(Gesture::Region(kenya));
        assert!(!doubtless.is_own(discount), "Kenya's range starts at 0.2");
        let doubting = start.after(Gesture::Parameter(discount, 0.5)).after(Gesture::Region(kenya));
        assert!(doubting.is_own(discount));
    }

    #[test]
    fn what_is_held_can_be_compared_swapped_and_released() {
        let start = session();
        let all = preset(&start, "all-at-50");
        let compared = start.clone().after(Gesture::Preset(all)).after(Gesture::Hold).after(Gesture::ResetLevers);
        assert!(compared.is_base_run());
        assert!(compared.held_session().expect("it was held").matches(all));
        let swapped = compared.clone().after(Gesture::Swap);
        assert!(swapped.matches(all));
        assert_eq!(swapped.held(), Some(start.settings()));
        assert_eq!(swapped.clone().after(Gesture::Swap), compared);
        assert_eq!(compared.after(Gesture::Release), start);
    }

    #[test]
    fn a_run_can_be_as_long_as_the_model_allows() {
        let start = session();
        assert_eq!(start.clone().after(Gesture::Years(20.0)).scenario().years, 20.0);
        for years in [0.0, -1.0, 21.0, 2.5, f64::NAN] {
            assert_eq!(start.clone().after(Gesture::Years(years)), start, "{years}");
        }
    }

    #[test]
    fn the_result_says_when_the_sceptic_is_left_with_nothing() {
        let start = session();
        let all = start.clone().after(Gesture::Preset(preset(&start, "all-at-50")));
        assert!(
            results(&all)
                .sentence(None)
                .contains("150,000 more net jobs, 53,000 of them own-account work, in the United States")
        );
        let sceptic = all.clone().after(Gesture::Case(Some(preset(&start, "sceptic"))));
        assert!(results(&sceptic).sentence(None).contains("near zero"), "{}", results(&sceptic).sentence(None));
        assert_eq!(
            results(&sceptic).headlines(true, None)[4].note,
            "US$2.6\u{a0}million per net job-year, of which there are next to none"
        );
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
        assert_eq!(
            followed.more_jobs_in_words(),
            "Net jobs rise in all of 1,024 runs; that follows from the ranges assumed, and proves nothing."
        );
        assert_eq!(base.more_jobs_in_words(), "Net jobs rise in none of 1,024 runs.");
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
