//! What the model gives for a session, in numbers, sentences and charts.

use std::sync::Arc;

use chart::number::{text, year};
use chart::{Chart, Kind, Positions, Precision, Range, Series, Unit};
use model::{LeverId, Model, OutcomeId, Region, Run, RunError, run};

use crate::number::{count, money, percent, rounded, signed};
use crate::ranges::{Ranges, SAMPLING};
use crate::session::Session;

/// The outcomes that an explorer shows; a model must have them all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    pub(crate) net_jobs: OutcomeId,
    pub(crate) gross_jobs: OutcomeId,
    net_domestic_jobs: OutcomeId,
    net_export_jobs: OutcomeId,
    net_own_account: OutcomeId,
    pub(crate) sme_jobs: OutcomeId,
    pub(crate) net_exports: OutcomeId,
    sme_export_gain: OutcomeId,
    pub(crate) exports_total: OutcomeId,
    pub(crate) cost: OutcomeId,
    /// Of models that have them.
    pub(crate) extra_exporters: Option<OutcomeId>,
    pub(crate) exporter_share: Option<OutcomeId>,
}

/// The ids of the outcomes that an explorer shows.
pub const OUTCOMES: [&str; 10] = [
    "net_jobs",
    "gross_jobs",
    "net_domestic_jobs",
    "net_export_jobs",
    "net_own_account",
    "sme_jobs",
    "net_exports",
    "sme_export_gain",
    "exports_total",
    "cost",
];

/// Net jobs below this part of all jobs are no more than nothing, given what the model leaves out.
const NEAR_ZERO: f64 = 1e-4;

/// What the model gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Results {
    session: Session,
    shown: Shown,
    run: Run,
}

/// A figure in the panel at the top.
#[derive(Clone, Debug, PartialEq)]
pub struct Headline {
    /// The outcome it is.
    pub outcome: OutcomeId,
    /// What it counts.
    pub label: &'static str,
    /// The bare number, in units of the model.
    pub raw: f64,
    /// Whether it counts money: US$ million.
    pub is_money: bool,
    /// The number in words.
    pub value: String,
    /// The unit and the year it belongs to.
    pub unit: String,
    /// Between what half of the draws lie, if they differ.
    pub range: Option<String>,
    /// What it is to be compared with.
    pub note: String,
}

/// A part of the gross jobs.
#[derive(Clone, Debug, PartialEq)]
pub struct Channel {
    /// Names its colour: `domestic`, `export`, `own`, `lost`.
    pub class: &'static str,
    /// What it is.
    pub label: &'static str,
    /// How many jobs.
    pub jobs: f64,
    /// Where it starts, in per cent of all channels.
    pub start: f64,
    /// How wide it is, in per cent of all channels.
    pub width: f64,
}

impl Shown {
    /// The outcomes, if the model has them all.
    pub fn of(model: &Model) -> Option<Self> {
        let mut found = OUTCOMES.iter().map(|id| model.outcome(id));
        let mut next = || found.next().flatten();
        Some(Self {
            net_jobs: next()?,
            gross_jobs: next()?,
            net_domestic_jobs: next()?,
            net_export_jobs: next()?,
            net_own_account: next()?,
            sme_jobs: next()?,
            net_exports: next()?,
            sme_export_gain: next()?,
            exports_total: next()?,
            cost: next()?,
            extra_exporters: model.outcome("extra_exporters"),
            exporter_share: model.outcome("exporter_share"),
        })
    }
}

impl Results {
    /// Runs the session.
    pub fn of(session: &Session, shown: Shown) -> Result<Arc<Self>, RunError> {
        let run = run(session.model(), &session.scenario())?;
        Ok(Arc::new(Self { session: session.clone(), shown, run }))
    }

    /// Runs what the session has become. As long as only levers move, what they do not change is not run again.
    pub fn follow(&self, session: &Session) -> Result<Arc<Self>, RunError> {
        if !session.differs_in_levers_only(&self.session) {
            return Self::of(session, self.shown);
        }
        let run = self.run.with_levers(session.model(), &session.scenario().levers)?;
        Ok(Arc::new(Self { session: session.clone(), shown: self.shown, run }))
    }

    /// What was run.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// Both runs of every variable.
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// The net jobs at each point of time, as charts print them.
    pub fn net_jobs(&self) -> Vec<f64> {
        self.scaled_series("", self.shown.net_jobs).values
    }

    /// The ranges around the net jobs, as charts print them; the narrowest first.
    pub fn ranges_of_net_jobs(&self, ranges: &Ranges) -> Vec<Range> {
        let outcome = self.shown.net_jobs;
        ranges.around(outcome, self.session.model().outcomes[outcome.index()].scale)
    }

    /// One sentence that says what the settings do, and how sure the model is where ranges are known.
    pub fn sentence(&self, ranges: Option<&Ranges>) -> String {
        let place = self.place();
        let year = self.year_in_words();
        if self.session.is_base_run() {
            return format!(
                "With every lever as it stands today the model gives {} jobs in small and medium-sized service firms in \
                 {place} {year}, and {} of service exports a year. This is the base run.",
                count(self.base(self.shown.sme_jobs)),
                money(self.base(self.shown.exports_total)),
            );
        }
        let exports = self.last(self.shown.net_exports);
        let exports = match rounded(exports) {
            0.0 => "no change in service exports".to_owned(),
            gain if gain > 0.0 => format!("{} more service exports a year", money(gain)),
            loss => format!("{} less in service exports a year", money(-loss)),
        };
        let half = ranges.and_then(|ranges| ranges.half(self.shown.net_jobs, count));
        let half = half.map_or_else(String::new, |(low, high)| format!(" (half of the runs between {low} and {high})"));
        let more = if self.costs_more_in_most(ranges) { ", and for more in most runs" } else { "" };
        let (jobs, own) = (self.last(self.shown.net_jobs), self.last(self.shown.net_own_account));
        let own = match count(own) {
            words if self.is_near_zero() || words == "0" || own * jobs < 0.0 => String::new(),
            words => format!(", {words} of them own-account work,"),
        };
        format!(
            "With these settings the model gives {}{own} in {place} {year}{half} and {exports}, for {} of public money a year{more}.",
            self.jobs_in_words(),
            money(self.last(self.shown.cost)),
        )
    }

    /// The net jobs of the last year in words that change sign, or say that there are none to speak of.
    pub fn jobs_in_words(&self) -> String {
        let jobs = self.last(self.shown.net_jobs);
        if self.is_near_zero() {
            format!("a net change near zero ({} jobs)", signed(count(jobs)))
        } else if jobs > 0.0 {
            format!("{} more net jobs", count(jobs))
        } else {
            format!("{} fewer net jobs", count(-jobs))
        }
    }

    /// The figures at the top: all of them, or the three that an embed has room for.
    pub fn headlines(&self, whole: bool, ranges: Option<&Ranges>) -> Vec<Headline> {
        let half = |outcome, words: fn(f64) -> String| {
            let ends = ranges.and_then(|ranges| ranges.half(outcome, words));
            ends.map(|(low, high)| format!("half of the runs {low} to {high}"))
        };
        let year = self.year_in_words();
        let jobs = self.last(self.shown.net_jobs);
        let gross = self.last(self.shown.gross_jobs);
        let exports = self.last(self.shown.net_exports);
        let all_exports = self.base(self.shown.exports_total);
        let mut headlines = vec![Headline {
            outcome: self.shown.net_jobs,
            label: "Net jobs",
            raw: jobs,
            is_money: false,
            value: signed(count(jobs)),
            unit: year.clone(),
            range: half(self.shown.net_jobs, |jobs| signed(count(jobs))),
            note: self.jobs_note(),
        }];
        if whole {
            headlines.push(Headline {
                outcome: self.shown.gross_jobs,
                label: "Gross jobs",
                raw: gross,
                is_money: false,
                value: signed(count(gross)),
                unit: year.clone(),
                range: half(self.shown.gross_jobs, |jobs| signed(count(jobs))),
                note: match rounded(gross - jobs) {
                    displaced if displaced > 0.0 && gross > 0.0 => {
                        format!("{} of them displace others", count(displaced))
                    }
                    _ => String::new(),
                },
            });
        }
        headlines.push(Headline {
            outcome: self.shown.net_exports,
            label: "Net service exports",
            raw: exports,
            is_money: true,
            value: signed(money(exports)),
            unit: format!("a year {year}"),
            range: half(self.shown.net_exports, |exports| signed(money(exports))),
            note: match rounded(exports) {
                0.0 => format!("on {} in the base run", money(all_exports)),
                _ => format!("{} on {} in the base run", signed(percent(exports / all_exports)), money(all_exports)),
            },
        });
        if let (true, Some(extra), Some(share)) = (whole, self.shown.extra_exporters, self.shown.exporter_share) {
            let exporters = self.last(extra);
            headlines.push(Headline {
                outcome: extra,
                label: "Exporting firms",
                raw: exporters,
                is_money: false,
                value: signed(count(exporters)),
                unit: year.clone(),
                range: half(extra, |firms| signed(count(firms))),
                note: format!(
                    "{} of small service firms export, {} in the base run",
                    percent(self.last(share)),
                    percent(self.base(share))
                ),
            });
        }
        let cost = self.last(self.shown.cost);
        headlines.push(Headline {
            outcome: self.shown.cost,
            label: "Public cost",
            raw: cost,
            is_money: true,
            value: money(cost),
            unit: format!("a year {year}"),
            range: half(self.shown.cost, money),
            note: self.cost_note(ranges),
        });
        headlines
    }

    /// Who gains the gross jobs, and how many of them others lose; nothing in the base run.
    pub fn channels(&self) -> Vec<Channel> {
        let gross = self.last(self.shown.gross_jobs);
        if self.session.is_base_run() || gross <= 0.0 {
            return Vec::new();
        }
        let parts = [
            ("domestic", "Net domestic jobs", self.last(self.shown.net_domestic_jobs)),
            ("export", "Net export-supported jobs", self.last(self.shown.net_export_jobs)),
            ("own", "Net own-account work", self.last(self.shown.net_own_account)),
            ("lost", "Displaced elsewhere", gross - self.last(self.shown.net_jobs)),
        ];
        let mut start = 0.0;
        parts
            .into_iter()
            .map(|(class, label, jobs)| {
                let width = (jobs / gross * 100.0).clamp(0.0, 100.0 - start);
                let channel = Channel { class, label, jobs, start, width };
                start += width;
                channel
            })
            .collect()
    }

    /// What has to be known to read the figures: how sure the model is, and what it does not see.
    pub fn caveat(&self, ranges: Option<&Ranges>) -> String {
        let values = self.session.values_in_words();
        let sure = match ranges {
            Some(ranges) => format!(
                "{} The large figures are of one run ({values}); where the ranges of assumptions are lopsided, as those of \
                 costs are, most runs lie to one side of it.",
                ranges.more_jobs_in_words()
            ),
            None if self.session.is_base_run() => format!("One run: {values}."),
            None => format!("One run: {values}; with these settings the model gives no range."),
        };
        format!(
            "{sure} The model does not see prices, wages, imports and offshoring, the quality of jobs, or what partners do \
             in reply; large figures are rounded to two digits, since the evidence has no more."
        )
    }

    /// The charts: what the settings change and, where there is room, the levels themselves.
    pub fn charts(&self, prefix: &str, whole: bool, ranges: Option<&Ranges>) -> Vec<Chart> {
        let mut charts = vec![self.main_chart(prefix, ranges)];
        if whole {
            charts.extend(self.other_charts(prefix, ranges));
        }
        charts
    }

    /// The chart that readers look at first.
    pub fn main_chart(&self, prefix: &str, ranges: Option<&Ranges>) -> Chart {
        let lines = [("Net jobs", self.shown.net_jobs), ("Gross jobs", self.shown.gross_jobs)];
        self.changes(prefix, "more-jobs", "Extra jobs against the base run", lines, ranges)
    }

    /// The other charts. Each is always there, so that nothing moves under a reader's hand.
    pub fn other_charts(&self, prefix: &str, ranges: Option<&Ranges>) -> [Chart; 3] {
        // Levels are sums of what firms have: what others lose by it is taken off in the changes only.
        let jobs = "Jobs in small and medium-sized service firms, before displacement";
        let exports = "Service exports of all firms, before displacement";
        [
            self.change_in_exports(prefix, ranges),
            self.levels(prefix, "jobs", jobs, self.shown.sme_jobs),
            self.levels(prefix, "exports", exports, self.shown.exports_total),
        ]
    }

    /// What a lever's setting amounts to, in its natural unit.
    pub fn setting_in_words(&self, lever: LeverId) -> String {
        setting_in_words(&self.session, &self.run, lever)
    }

    /// What a lever costs a year at the end of the run.
    pub fn lever_cost(&self, lever: LeverId) -> Option<String> {
        let variable = self.session.model().levers[lever.index()].cost_variable?;
        let cost = self.run.series(variable).last().copied().unwrap_or_default();
        let is_late = self.session.schedule(lever).start >= self.session.settings().years;
        Some(match cost {
            0.0 if is_late && !self.session.is_status_quo(lever) => {
                "none yet, it starts after the last year".to_owned()
            }
            0.0 => "no extra cost".to_owned(),
            cost => format!("{} a year", money(cost)),
        })
    }

    fn change_in_exports(&self, prefix: &str, ranges: Option<&Ranges>) -> Chart {
        let lines = [("All firms, net", self.shown.net_exports), ("Small firms, gross", self.shown.sme_export_gain)];
        self.changes(prefix, "more-exports", "Extra service exports against the base run", lines, ranges)
    }

    /// What the settings change; in the base run only the line that others are compared with. The first line carries its
    /// ranges.
    fn changes(
        &self,
        prefix: &str,
        name: &str,
        title: &str,
        lines: [(&str, OutcomeId); 2],
        ranges: Option<&Ranges>,
    ) -> Chart {
        let mut series = vec![Series::new("Base run", vec![0.0; self.run.times().len()]).baseline()];
        if !self.session.is_base_run() {
            series.extend(lines.iter().map(|(name, outcome)| self.scaled_series(name, *outcome)));
            if let Some(ranges) = ranges {
                let scale = self.session.model().outcomes[lines[0].1.index()].scale;
                series[1].ranges = ranges.around(lines[0].1, scale);
            }
        }
        let mut chart = self.chart(prefix, name, title, lines[0].1, series);
        if chart.series.iter().any(|series| !series.ranges.is_empty()) {
            chart.note = format!(
                "Bands: parameter uncertainty only, {} draws, seed {}",
                text(f64::from(SAMPLING.draws), Precision::Full),
                SAMPLING.seed
            );
        }
        chart
    }

    fn levels(&self, prefix: &str, name: &str, title: &str, outcome: OutcomeId) -> Chart {
        let model = self.session.model();
        let scale = model.outcomes[outcome.index()].scale;
        let variable = model.outcomes[outcome.index()].variable;
        let base = self.run.baseline(variable).iter().map(|value| value * scale).collect();
        let mut series = vec![Series::new("Base run", base).baseline()];
        if !self.session.is_base_run() {
            series.push(self.scaled_series("With these settings", outcome));
        }
        self.chart(prefix, name, title, outcome, series)
    }

    fn scaled_series(&self, name: &str, outcome: OutcomeId) -> Series {
        let outcome = &self.session.model().outcomes[outcome.index()];
        Series::new(name, self.run.series(outcome.variable).iter().map(|value| value * outcome.scale).collect())
    }

    fn chart(&self, prefix: &str, name: &str, title: &str, outcome: OutcomeId, series: Vec<Series>) -> Chart {
        let model = self.session.model();
        let region = &model.regions[self.session.region().index()];
        let outcome = &model.outcomes[outcome.index()];
        Chart {
            id: format!("{prefix}-{name}"),
            title: title.to_owned(),
            description: String::new(),
            kind: Kind::Line,
            positions_title: "Years from the start".to_owned(),
            positions: Positions::Numbers(self.run.times().to_vec()),
            series,
            unit: Unit::new(&outcome.unit),
            source: self.session.source(&marked(region)),
            note: String::new(),
            precision: Precision::Significant(3),
            axis_holds: Vec::new(),
        }
    }

    /// How many of the net jobs are own-account work, and what the jobs are to be compared with.
    fn jobs_note(&self) -> String {
        let base = count(self.base(self.shown.sme_jobs));
        let near = if self.is_near_zero() && !self.session.is_base_run() { "near zero; " } else { "" };
        let own = match count(self.last(self.shown.net_own_account)) {
            none if none == "0" => String::new(),
            own => format!("{} of them own-account work; ", signed(own)),
        };
        format!("{near}{own}firms have {base} jobs in the base run")
    }

    fn cost_note(&self, ranges: Option<&Ranges>) -> String {
        let net = self.session.model().outcomes[self.shown.net_jobs.index()].variable;
        let job_years = self.run.total(net);
        let spent = self.run.total(self.session.model().outcomes[self.shown.cost.index()].variable);
        if self.session.is_base_run() {
            "beyond what is spent today".to_owned()
        } else if job_years <= 0.0 {
            "no net job-years".to_owned()
        } else {
            let each = format!("US${} per net job-year", count(spent * 1e6 / job_years));
            let few = if self.is_near_zero() { ", of which there are next to none" } else { "" };
            let more = if self.costs_more_in_most(ranges) { "; most runs cost more" } else { "" };
            format!("{each}{few}{more}")
        }
    }

    /// Whether the cost lies below half of the draws, as it does where costs are more likely to be missed upwards.
    fn costs_more_in_most(&self, ranges: Option<&Ranges>) -> bool {
        // Ranges of the settings before say nothing of these.
        let ranges = ranges.filter(|ranges| ranges.session().runs_as(&self.session));
        ranges.is_some_and(|ranges| ranges.lies_below(self.shown.cost, self.last(self.shown.cost)))
    }

    fn is_near_zero(&self) -> bool {
        self.last(self.shown.net_jobs).abs() < NEAR_ZERO * self.base(self.shown.sme_jobs)
    }

    /// The last value of an outcome under the settings, in the model's unit.
    fn last(&self, outcome: OutcomeId) -> f64 {
        let variable = self.session.model().outcomes[outcome.index()].variable;
        self.run.series(variable).last().copied().unwrap_or_default()
    }

    /// The last value of an outcome in the base run, in the model's unit.
    fn base(&self, outcome: OutcomeId) -> f64 {
        let variable = self.session.model().outcomes[outcome.index()].variable;
        self.run.baseline(variable).last().copied().unwrap_or_default()
    }

    fn year_in_words(&self) -> String {
        format!("in year {}", year(self.run.times().last().copied().unwrap_or_default()))
    }

    fn place(&self) -> String {
        let region = &self.session.model().regions[self.session.region().index()];
        let takes_article = ["United", "European"].iter().any(|word| region.label.starts_with(word));
        let region = marked(region);
        if takes_article { format!("the {region}") } else { region }
    }
}

/// The region's name, with its mark if it has one.
pub(crate) fn marked(region: &Region) -> String {
    if region.mark.is_empty() { region.label.clone() } else { format!("{} ({})", region.label, region.mark) }
}

fn setting_in_words(session: &Session, run: &Run, lever: LeverId) -> String {
    let declared = &session.model().levers[lever.index()];
    let setting = session.lever(lever);
    if session.is_status_quo(lever) {
        return declared.zero.trim_end_matches('.').to_owned();
    }
    let full = declared.full.map(|variable| run.baseline(variable)[0]);
    match (full, declared.unit.strip_prefix("share ")) {
        (Some(full), Some(unit)) => format!("{} {unit}", percent(full * setting)),
        (Some(full), None) => match declared.unit.strip_prefix("US$ million ") {
            Some(unit) => format!("About {} {unit}", money(full * setting)),
            None => format!("About {} {}", count(full * setting), declared.unit),
        },
        (None, _) => format!("{} of the way to its full reach", percent(setting)),
    }
}
