//! What did it, and what it hangs on: analyses of a session that take longer than a frame.
//!
//! session → [`AnalysisRun`], a block of runs at a time → [`Findings`] → charts

use chart::number::year;
use chart::{Chart, Direction, Kind, Level, Positions, Precision, Series, Unit};
use model::{
    AttributionRun, Bar, LeverId, Measure, OutcomeId, ParameterId, Quantity, RegionId, Run, RunError, Sampling,
    Tornado, TornadoRun, run,
};

use crate::decimal::short;
use crate::number::{count, money, percent, rounded, signed};
use crate::results::{Shown, marked};
use crate::session::{Gesture, Session};

/// Orders in which levers are added one by one, where there are too many levers for all combinations.
const ORDERS: Sampling = Sampling { draws: 256, seed: 1 };

/// Bars of a tornado that are shown: the rest is short.
const LONGEST_BARS: usize = 8;

/// Multiples of today's share of exporting firms that advocates speak of.
const MULTIPLES: [f64; 2] = [2.0, 3.0];

/// The parameter that says how often firms start to export, times the rate at the start.
const ENTRY: &str = "mB";

/// The variable that says how much more often they do because of the levers.
const ENTRY_CHANGE: &str = "change_b";

/// Beyond so many times the rate at the start nobody would look.
const MOST_OFTEN: f64 = 16.0;

/// Analyses that are being worked out.
#[derive(Clone, Debug)]
pub struct AnalysisRun {
    shown: Shown,
    contributions: AttributionRun,
    tornado: TornadoRun,
    /// Regions that are to be run yet, the next one last.
    regions: Vec<RegionId>,
    findings: Findings,
    stage: Stage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Contributions,
    Tornado,
    Regions,
    Backwards,
    Done,
}

/// What the analyses found.
#[derive(Clone, Debug, PartialEq)]
pub struct Findings {
    session: Session,
    shown: Shown,
    /// By lever that moves: its part of the net jobs and of the net exports of the last year.
    contributions: Vec<(LeverId, [f64; 2])>,
    /// How many orders of levers were tried; none where every combination was.
    orders: Option<u32>,
    /// The largest standard error of a contribution, for each of the two.
    errors: [f64; 2],
    /// Of net jobs and net exports.
    tornadoes: Vec<Tornado>,
    /// The course of net jobs and net exports in per cent of the region's own base run.
    regions: Vec<(RegionId, Vec<f64>, [Vec<f64>; 2])>,
    /// How many times as often as at the start firms would have to start exporting from the first day, for the share of
    /// exporting firms to be so many times that of today at the end; none where that is out of reach.
    needed: Vec<(f64, Option<f64>)>,
    /// How many times as often as at the start they do with the present settings, at the end.
    entry: Option<f64>,
}

impl AnalysisRun {
    /// Prepares the analyses of a session.
    pub fn new(session: &Session, shown: Shown) -> Result<Self, RunError> {
        let model = session.model();
        let scenario = session.scenario();
        let variables = looked_at(shown).map(|outcome| model.outcomes[outcome.index()].variable);
        let point = session.last_point();
        let quantity = |variable| Quantity { variable, measure: Measure::Difference, point };
        let mut regions: Vec<RegionId> = model.region_ids().collect();
        regions.reverse();
        Ok(Self {
            shown,
            contributions: AttributionRun::new(model, &scenario, ORDERS, &variables)?,
            tornado: TornadoRun::new(model, &scenario, &variables.map(quantity))?,
            regions,
            findings: Findings {
                session: session.clone(),
                shown,
                contributions: Vec::new(),
                orders: None,
                errors: [0.0; 2],
                tornadoes: Vec::new(),
                regions: Vec::new(),
                needed: Vec::new(),
                entry: None,
            },
            stage: Stage::Contributions,
        })
    }

    /// The session analysed.
    pub fn session(&self) -> &Session {
        &self.findings.session
    }

    /// Does the next piece of work. Whether there is more. Fails when a number is not finite.
    pub fn advance(&mut self) -> Result<bool, RunError> {
        let session = self.findings.session.clone();
        let model = session.model();
        match self.stage {
            Stage::Contributions => {
                if !self.contributions.advance() {
                    self.take_contributions()?;
                    self.stage = Stage::Tornado;
                }
            }
            Stage::Tornado => {
                if !self.tornado.advance() {
                    self.findings.tornadoes = self.tornado.finish(model)?;
                    self.stage = Stage::Regions;
                }
            }
            Stage::Regions => match self.regions.pop() {
                Some(region) => {
                    let there = session.after(Gesture::Region(region));
                    let run = run(there.model(), &there.scenario())?;
                    let courses = self.in_per_cent(&there, &run);
                    self.findings.regions.push((region, run.times().to_vec(), courses));
                }
                None => self.stage = Stage::Backwards,
            },
            Stage::Backwards => match MULTIPLES.get(self.findings.needed.len()) {
                Some(multiple) => {
                    let needed = needed(&session, self.shown, *multiple)?;
                    self.findings.needed.push((*multiple, needed));
                }
                None => {
                    let run = run(model, &session.scenario())?;
                    let change = model.variable(ENTRY_CHANGE).and_then(|change| run.series(change).last().copied());
                    self.findings.entry = change.map(|change| 1.0 + change);
                    self.stage = Stage::Done;
                }
            },
            Stage::Done => {}
        }
        Ok(self.stage != Stage::Done)
    }

    /// What was found, once nothing is left to do.
    pub fn findings(&self) -> Option<&Findings> {
        (self.stage == Stage::Done).then_some(&self.findings)
    }

    fn take_contributions(&mut self) -> Result<(), RunError> {
        let model = self.findings.session.model();
        let found = self.contributions.finish(model)?;
        let variables = looked_at(self.shown).map(|outcome| model.outcomes[outcome.index()].variable);
        let last = |series: Option<&[f64]>| series.and_then(<[f64]>::last).copied().unwrap_or_default();
        let of_lever = |lever: LeverId| (lever, variables.map(|variable| last(found.contribution(variable, lever))));
        self.findings.contributions = found.levers().iter().copied().map(of_lever).collect();
        self.findings.orders = found.orders();
        self.findings.errors = variables.map(|variable| {
            let errors = found.levers().iter().map(|lever| last(found.standard_error(variable, *lever)));
            errors.fold(0.0, f64::max)
        });
        Ok(())
    }

    /// Net jobs and net exports in per cent of all jobs and exports of the base run.
    fn in_per_cent(&self, there: &Session, run: &Run) -> [Vec<f64>; 2] {
        let variable = |outcome: OutcomeId| there.model().outcomes[outcome.index()].variable;
        let part = |change: OutcomeId, whole: OutcomeId| {
            let (change, whole) = (run.series(variable(change)), run.baseline(variable(whole)));
            change.iter().zip(whole).map(|(change, whole)| change / whole * 100.0).collect()
        };
        [part(self.shown.net_jobs, self.shown.sme_jobs), part(self.shown.net_exports, self.shown.exports_total)]
    }
}

/// How often firms start to export from the first day on, in multiples of the rate at the start, so that the share of
/// exporting firms ends `multiple` times as high as it is at the start with no lever moved. None where no multiple up to
/// [`MOST_OFTEN`] does.
fn needed(session: &Session, shown: Shown, multiple: f64) -> Result<Option<f64>, RunError> {
    let model = session.model();
    let (Some(often), Some(share)) = (model.parameter(ENTRY), shown.exporter_share) else { return Ok(None) };
    let share = model.outcomes[share.index()].variable;
    let reaches = |times: f64| {
        let mut scenario = session.clone().after(Gesture::ResetLevers).scenario();
        scenario.parameters.insert(often, times);
        let run = run(model, &scenario)?;
        let shares = run.series(share);
        Ok(shares[shares.len() - 1] >= multiple * shares[0])
    };
    let (mut low, mut high) = (1.0, MOST_OFTEN);
    if !reaches(high)? {
        return Ok(None);
    }
    while high - low > 0.01 {
        let middle = (low + high) / 2.0;
        *(if reaches(middle)? { &mut high } else { &mut low }) = middle;
    }
    Ok(Some(high))
}

impl Findings {
    /// What would have to be true for the claims of doubled and tripled exporters.
    pub fn needed_in_words(&self) -> String {
        let years = self.session.settings().years;
        let times = crate::number::plain;
        let claims: Vec<String> = self
            .needed
            .iter()
            .map(|(multiple, needed)| match needed {
                Some(needed) => format!("For {multiple} times the share, {} times as often.", times(rounded(*needed))),
                None => format!("For {multiple} times the share, more than {MOST_OFTEN} times as often."),
            })
            .collect();
        let now = self.entry.map(|entry| {
            let often = match entry - 1.0 {
                more if more.abs() < 5e-4 => "as often as today".to_owned(),
                more if more < 0.0 => format!("{} less often than today", percent(-more)),
                more if more < 1.0 => format!("{} more often than today", percent(more)),
                _ => format!("{} times as often", times(rounded(entry))),
            };
            format!(" With the present settings they do so {often} by then.")
        });
        format!(
            "Advocates speak of doubling or tripling the share of small service firms that export. For that to hold by year \
             {years} without any other change, firms would have to start exporting more often than today from the first \
             day on. {}{}",
            claims.join(" "),
            now.unwrap_or_default()
        )
    }

    /// The session analysed.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// What each lever that moves brings: of net jobs, and of net exports. None where no lever moves.
    pub fn contributions(&self, prefix: &str) -> Vec<Chart> {
        if self.contributions.is_empty() {
            return Vec::new();
        }
        let model = self.session.model();
        let chart = |(place, (name, title)): (usize, (&str, &str))| {
            let outcome = looked_at(self.shown)[place];
            let mut parts: Vec<(&str, f64)> = self
                .contributions
                .iter()
                .map(|(lever, parts)| (model.levers[lever.index()].label.as_str(), parts[place]))
                .collect();
            parts.sort_by(|one, other| other.1.abs().total_cmp(&one.1.abs()));
            let scale = model.outcomes[outcome.index()].scale;
            let mut chart = self.across(prefix, name, title, outcome, parts.iter().map(|part| part.0.to_owned()));
            chart.kind = Kind::Bar(Direction::Across);
            chart.positions_title = "Lever".to_owned();
            chart.series = vec![Series::new("Contribution", parts.iter().map(|part| part.1 * scale).collect())];
            let words = if place == 0 { count } else { money };
            chart.note = format!("All together {}", signed(words(parts.iter().map(|part| part.1).sum())));
            chart
        };
        [("parts-jobs", "Net jobs by lever"), ("parts-exports", "Net service exports by lever")]
            .into_iter()
            .enumerate()
            .map(chart)
            .collect()
    }

    /// How the contributions are to be read.
    pub fn contributions_in_words(&self) -> String {
        if self.contributions.is_empty() {
            return "No lever is moved, so there is nothing to share out.".to_owned();
        }
        let how = match self.orders {
            None => "averaged over every order in which the levers could have been added".to_owned(),
            Some(orders) => {
                let scale = self.session.model().outcomes[self.shown.net_jobs.index()].scale;
                format!(
                    "averaged over {orders} orders in which the levers could have been added (standard error up to {} jobs)",
                    count((self.errors[0] * scale).max(1.0))
                )
            }
        };
        format!(
            "Levers overlap: two that reach the same firms bring less together than one by one. What is shown is a lever’s \
             addition to those before it, {how}; the parts add up to the whole effect. A part is not what the lever would \
             bring by itself."
        )
    }

    /// What the result hangs on most: net jobs, and net exports, with each assumption at the ends of its range. None where
    /// no lever moves.
    pub fn tornadoes(&self, prefix: &str) -> Vec<Chart> {
        if self.contributions.is_empty() {
            return Vec::new();
        }
        let model = self.session.model();
        let titles =
            [("tornado-jobs", "Net jobs by assumption"), ("tornado-exports", "Net service exports by assumption")];
        let chart = |((name, title), tornado): ((&str, &str), &Tornado)| {
            let bars = || tornado.bars.iter().take(LONGEST_BARS).filter(|bar| bar.spread() > 0.0);
            let outcome = looked_at(self.shown)[usize::from(name == "tornado-exports")];
            let scale = model.outcomes[outcome.index()].scale;
            let label = |parameter: ParameterId| model.parameters[parameter.index()].label.clone();
            let name_of = |bar: &Bar| format!("{}, {}", label(bar.parameter), self.ends(bar));
            let mut chart = self.across(prefix, name, title, outcome, bars().map(name_of));
            chart.kind = Kind::Dot(Direction::Across);
            chart.positions_title = "Assumption".to_owned();
            let present = Series::new("Present settings", vec![tornado.central * scale; chart.positions.len()]);
            chart.series = vec![present.range(
                Level::Stated,
                bars().map(|bar| bar.low.min(bar.high) * scale).collect(),
                bars().map(|bar| bar.low.max(bar.high) * scale).collect(),
            )];
            chart
        };
        titles.into_iter().zip(&self.tornadoes).map(chart).collect()
    }

    /// How the tornado is to be read, and which assumption matters most.
    pub fn tornado_in_words(&self) -> String {
        let model = self.session.model();
        let longest = self.tornadoes.first().and_then(|tornado| Some((tornado, tornado.bars.first()?)));
        match longest {
            Some((_, bar)) if !self.contributions.is_empty() => {
                let scale = model.outcomes[self.shown.net_jobs.index()].scale;
                let words = |value: f64| signed(count(value * scale));
                format!(
                    "Each assumption by itself at the ends of its range, all others as they stand; the {LONGEST_BARS} that \
                     matter most, with their values at the left and the right end. “{}” matters most: it takes net jobs \
                     from {} to {}.",
                    model.parameters[bar.parameter.index()].label,
                    words(bar.low.min(bar.high)),
                    words(bar.low.max(bar.high)),
                )
            }
            _ => "No lever is moved, so no assumption can change what the levers do.".to_owned(),
        }
    }

    /// The same levers in each region, on one scale.
    pub fn regions(&self, prefix: &str) -> Vec<Chart> {
        let model = self.session.model();
        let values = || self.regions.iter().flat_map(|(_, _, courses)| courses.iter().flatten().copied());
        let (low, high) = values().fold((0.0, 0.0), |(low, high): (f64, f64), value| (low.min(value), high.max(value)));
        let chart = |(region, times, [jobs, exports]): &(RegionId, Vec<f64>, [Vec<f64>; 2])| {
            let declared = &model.regions[region.index()];
            Chart {
                id: format!("{prefix}-region-{}", declared.id),
                title: marked(declared),
                description: String::new(),
                kind: Kind::Line,
                positions_title: "Years from the start".to_owned(),
                positions: Positions::Numbers(times.clone()),
                // The base run is zero everywhere; a line for it would be too near another for both to be named beside it.
                series: vec![Series::new("Net jobs", jobs.clone()), Series::new("Net exports", exports.clone())],
                unit: Unit::new("% of the base run"),
                source: self.session.source(&marked(declared)),
                note: self.dropped(*region),
                precision: Precision::Significant(2),
                axis_holds: vec![low, high],
            }
        };
        self.regions.iter().map(chart).collect()
    }

    /// A chart with rows, yet without its marks.
    fn across(
        &self,
        prefix: &str,
        name: &str,
        title: &str,
        outcome: OutcomeId,
        rows: impl Iterator<Item = String>,
    ) -> Chart {
        let model = self.session.model();
        let region = &model.regions[self.session.region().index()];
        Chart {
            id: format!("{prefix}-{name}"),
            title: title.to_owned(),
            description: String::new(),
            kind: Kind::Line,
            positions_title: String::new(),
            positions: Positions::Names(rows.collect()),
            series: Vec::new(),
            unit: Unit::new(&model.outcomes[outcome.index()].unit),
            source: self.session.source(&format!("{}, year {}", marked(region), year(self.session.settings().years))),
            note: String::new(),
            precision: Precision::Significant(2),
            axis_holds: Vec::new(),
        }
    }

    /// The values of an assumption at the left and at the right end of its bar.
    fn ends(&self, bar: &Bar) -> String {
        let estimate = self.session.model().parameters[bar.parameter.index()].estimate(self.session.region());
        let ends = if bar.low <= bar.high { [estimate.low, estimate.high] } else { [estimate.high, estimate.low] };
        format!("{} to {}", short(ends[0]), short(ends[1]))
    }

    /// Which of the reader's assumptions lie outside of what is possible in a region, and are left out there.
    fn dropped(&self, region: RegionId) -> String {
        let there = self.session.clone().after(Gesture::Region(region));
        let model = self.session.model();
        let own = self.session.settings().parameters.keys().filter(|parameter| !there.is_own(**parameter));
        let own: Vec<&str> = own.map(|parameter| model.parameters[parameter.index()].id.as_str()).collect();
        if own.is_empty() { String::new() } else { format!("Outside the range here, so left out: {}", own.join(", ")) }
    }
}

/// The outcomes that are analysed.
fn looked_at(shown: Shown) -> [OutcomeId; 2] {
    [shown.net_jobs, shown.net_exports]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examples::session;

    fn findings(session: &Session) -> Findings {
        let shown = Shown::of(session.model()).expect("the model has the outcomes shown");
        let mut run = AnalysisRun::new(session, shown).expect("the session is sound");
        assert_eq!(run.findings(), None);
        while run.advance().expect("all numbers are finite") {}
        run.findings().expect("nothing is left to do").clone()
    }

    #[test]
    fn contributions_add_up_to_the_effect_exactly_or_by_sampled_orders() {
        let start = session();
        for (preset, is_exact) in [("critics-2018", true), ("all-at-50", false)] {
            let preset = start.model().scenario(preset).expect("declared");
            let set = start.clone().after(Gesture::Preset(preset));
            let findings = findings(&set);
            assert_eq!(findings.orders.is_none(), is_exact);
            let run = run(set.model(), &set.scenario()).expect("sound");
            for (place, outcome) in looked_at(findings.shown).into_iter().enumerate() {
                let variable = set.model().outcomes[outcome.index()].variable;
                let total =
                    run.series(variable).last().expect("points") - run.baseline(variable).last().expect("points");
                let sum: f64 = findings.contributions.iter().map(|(_, parts)| parts[place]).sum();
                assert!((sum / total - 1.0).abs() < 1e-9, "{sum} of {total}");
            }
            let charts = findings.contributions("x");
            assert_eq!(charts[0].positions.len(), findings.contributions.len());
            assert!(charts[0].series[0].values[0].abs() >= charts[0].series[0].values[1].abs());
        }
    }

    #[test]
    fn nothing_is_shared_out_where_no_lever_moves() {
        let findings = findings(&session());
        assert!(findings.contributions("x").is_empty() && findings.tornadoes("x").is_empty());
        assert!(findings.contributions_in_words().starts_with("No lever"));
        assert_eq!(findings.regions("x").len(), session().model().regions.len());
    }

    #[test]
    fn an_assumption_that_the_reader_set_is_no_surer_for_that() {
        let start = session();
        let all = start.model().scenario("all-at-50").expect("declared");
        let set = start.after(Gesture::Preset(all));
        let before = findings(&set);
        let most = before.tornadoes[0].bars[0].parameter;
        let sceptic = set.model().scenario("sceptic").expect("declared");
        let sceptic = set.clone().after(Gesture::Case(Some(sceptic)));
        let own = set.clone().after(Gesture::Parameter(most, set.parameter(most)));
        assert_eq!(findings(&own).tornadoes[0].bars[0], before.tornadoes[0].bars[0]);
        let read = findings(&sceptic);
        let bar = read.tornadoes[0].bars.iter().find(|bar| bar.parameter == most).expect("it is still moved");
        assert!(bar.spread() > 0.0 && read.tornado_in_words().contains("all others as they stand"));
        assert_eq!(before.tornadoes("x")[0].positions.len(), LONGEST_BARS);
    }

    #[test]
    fn doubling_and_tripling_need_what_the_reference_run_needs() {
        let findings = findings(&session());
        let needed: Vec<f64> = findings.needed.iter().filter_map(|(_, needed)| *needed).collect();
        assert!((needed[0] - 2.6).abs() < 0.06 && (needed[1] - 4.5).abs() < 0.06, "{needed:?}");
        let words = findings.needed_in_words();
        assert!(words.contains("For 3 times the share, 4.5 times as often."));
        assert!(words.ends_with("With the present settings they do so as often as today by then."), "{words}");
    }

    #[test]
    fn regions_share_one_scale() {
        let start = session();
        let all = start.model().scenario("all-at-50").expect("declared");
        let charts = findings(&start.after(Gesture::Preset(all))).regions("x");
        let highest = charts.iter().flat_map(|chart| chart.series.iter().flat_map(|series| series.values.iter()));
        let highest = highest.copied().fold(0.0, f64::max);
        assert!(charts.iter().all(|chart| chart.axis_holds[1] == highest));
        assert!(charts.iter().any(|chart| chart.title.contains("illustrative")));
    }
}
