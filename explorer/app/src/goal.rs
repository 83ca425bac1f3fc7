//! What a reader wants to reach, and the cheapest mix of levers that the model finds for it.

use std::collections::BTreeSet;

use chart::Precision;
use chart::number::{text, year};
use model::{Certainty, Goal, GoalRun, LeverId, Measure, Mix, Quantity, Reach, RunError, Sampling};

use crate::number::{count, money, percent};
use crate::results::Shown;
use crate::session::Session;

/// Draws on which a probability is judged.
const SAMPLING: Sampling = Sampling { draws: 256, seed: 1 };

/// What is to be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Net jobs more than in the base run.
    Jobs,
    /// US$ million a year of net service exports more than in the base run.
    Exports,
    /// Times the share of small service firms that export today; a model without that outcome is asked for jobs.
    ExporterShare,
}

/// A target as a reader states it.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// What is to be reached.
    pub wanted: Wanted,
    /// How much of it: jobs, US$ billion a year, or times.
    pub at_least: f64,
    /// In what share of the runs; none asks the central run only.
    pub probability: Option<f64>,
    /// Levers that stay as they are set.
    pub fixed: BTreeSet<LeverId>,
}

/// A search for the cheapest mix, a block of runs at a time.
#[derive(Clone, Debug)]
pub struct TargetRun {
    session: Session,
    target: Target,
    /// How much of the quantity is to be reached, in the model's unit.
    at_least: f64,
    run: GoalRun,
}

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    session: Session,
    target: Target,
    at_least: f64,
    mix: Mix,
}

impl Default for Target {
    fn default() -> Self {
        Self { wanted: Wanted::Jobs, at_least: 100_000.0, probability: None, fixed: BTreeSet::new() }
    }
}

impl TargetRun {
    /// Prepares the search, over the session's run. Fails for what the model cannot search.
    pub fn new(session: &Session, shown: Shown, target: &Target) -> Result<Self, RunError> {
        let model = session.model();
        let scenario = session.scenario();
        let point = session.last_point();
        let (outcome, measure) = match (target.wanted, shown.exporter_share) {
            (Wanted::Exports, _) => (shown.net_exports, Measure::Difference),
            (Wanted::ExporterShare, Some(share)) => (share, Measure::Level),
            (Wanted::Jobs | Wanted::ExporterShare, _) => (shown.net_jobs, Measure::Difference),
        };
        let quantity = Quantity { variable: model.outcomes[outcome.index()].variable, measure, point };
        let at_least = match target.wanted {
            Wanted::Jobs => target.at_least,
            Wanted::Exports => target.at_least * 1e3,
            Wanted::ExporterShare => target.at_least * today(session, quantity)?,
        };
        let total = model.outcome("cumulative_cost").unwrap_or(shown.cost);
        let bounds = model.lever_ids().map(|lever| match target.fixed.contains(&lever) {
            true => (session.lever(lever), session.lever(lever)),
            false => model.levers[lever.index()].range,
        });
        let goal = Goal {
            quantity,
            at_least,
            certainty: match target.probability {
                Some(probability) => Certainty::Probable { probability, sampling: SAMPLING },
                None => Certainty::Central,
            },
            cost: Quantity { variable: model.outcomes[total.index()].variable, measure: Measure::Level, point },
            bounds: bounds.collect(),
        };
        let run = GoalRun::new(model, &scenario, &goal)?;
        Ok(Self { session: session.clone(), target: target.clone(), at_least, run })
    }

    /// Runs the next block. Whether there are more.
    pub fn advance(&mut self) -> bool {
        self.run.advance()
    }

    /// About how much of the search is done, 0 to 1.
    pub fn progress(&self) -> f64 {
        self.run.progress()
    }

    /// What was found, once nothing is left to run. Fails when a number is not finite.
    pub fn found(&mut self) -> Result<Found, RunError> {
        let mix = self.run.finish(self.session.model())?;
        Ok(Found { session: self.session.clone(), target: self.target.clone(), at_least: self.at_least, mix })
    }
}

/// The quantity at the start of the run, where no lever has moved anything.
fn today(session: &Session, quantity: Quantity) -> Result<f64, RunError> {
    let run = model::run(session.model(), &session.scenario())?;
    Ok(run.baseline(quantity.variable)[0])
}

impl Found {
    /// The mix: a setting for each lever.
    pub fn levers(&self) -> &[f64] {
        &self.mix.levers
    }

    /// Whether the target can be reached.
    pub fn is_in_reach(&self) -> bool {
        self.mix.reach != Reach::OutOfReach
    }

    /// Whether a search in `session` would find the same: nothing differs but levers that may move.
    pub fn holds_in(&self, session: &Session) -> bool {
        let stays = |lever: &LeverId| session.lever(*lever) == self.session.lever(*lever);
        session.differs_in_levers_only(&self.session) && self.target.fixed.iter().all(stays)
    }

    /// What was found, in words.
    pub fn in_words(&self) -> String {
        let years = year(self.session.settings().years);
        let asked = text(self.target.at_least, Precision::Full);
        let wanted = match self.target.wanted {
            Wanted::Jobs => format!("At least {asked} net jobs"),
            Wanted::Exports => format!("At least US${asked}\u{a0}bn of net service exports a year"),
            Wanted::ExporterShare => {
                format!("{asked} times today’s share of exporting firms, which is {},", percent(self.at_least))
            }
        };
        let sure = match (self.target.probability, self.mix.probability) {
            (Some(asked), Some(found)) => {
                let found =
                    if found < 1.0 && percent(found) == "100%" { "over 99%".to_owned() } else { percent(found) };
                format!(" in at least {} of {} runs (this mix: {found})", percent(asked), SAMPLING.draws)
            }
            _ => " in the central run".to_owned(),
        };
        let cost = format!("{} over {years} years, central run", money(self.mix.cost));
        let found = match self.mix.reach {
            Reach::Just => format!(" is in reach. The cheapest mix that the model finds costs {cost}."),
            Reach::Amply => {
                format!(" is reached even by the cheapest mix that the fixed levers allow. It costs {cost}.")
            }
            Reach::OutOfReach => format!(
                " is out of reach: no mix of these levers gets there. The mix that comes closest gives {}{} and costs {cost}.",
                self.value_in_words(self.mix.value),
                match self.target.probability {
                    Some(asked) => {
                        let central = self.value_in_words(self.mix.central);
                        format!(" or more in {} of the runs ({central} in the central run)", percent(asked))
                    }
                    None => String::new(),
                },
            ),
        };
        let values = self.session.values_in_words();
        format!("{}, {values}. {wanted}{sure}{found}{}", self.session.place_in_words(), self.binding_in_words())
    }

    /// What stands in the way: levers at their ends.
    fn binding_in_words(&self) -> String {
        if self.mix.at_highest.is_empty() {
            return String::new();
        }
        let model = self.session.model();
        let names: Vec<&str> =
            self.mix.at_highest.iter().map(|lever| model.levers[lever.index()].label.as_str()).collect();
        format!(" At their upper ends: {}.", names.join("; "))
    }

    fn value_in_words(&self, value: f64) -> String {
        match self.target.wanted {
            Wanted::Jobs => format!("{} net jobs", count(value)),
            Wanted::Exports => format!("{} a year", money(value)),
            Wanted::ExporterShare => format!("{} of firms exporting", percent(value)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examples::session;
    use crate::results::Results;
    use crate::session::Gesture;

    fn found(session: &Session, target: &Target) -> Found {
        let shown = Shown::of(session.model()).expect("the model has the outcomes shown");
        let mut run = TargetRun::new(session, shown, target).expect("the target is sound");
        while run.advance() {
            assert!((0.0..=1.0).contains(&run.progress()));
        }
        run.found().expect("all numbers are finite")
    }

    #[test]
    fn the_mix_found_reaches_the_target_when_it_is_set() {
        let start = session();
        let target = Target::default();
        let found = found(&start, &target);
        assert!(found.is_in_reach(), "{}", found.in_words());
        let set = start.after(Gesture::Levers(found.levers().to_vec()));
        let shown = Shown::of(set.model()).expect("the model has the outcomes shown");
        let jobs = Results::of(&set, shown).expect("it runs").headlines(false, None)[0].raw;
        // Settings are rounded to a hundredth of a per cent.
        assert!((jobs / target.at_least - 1.0).abs() < 1e-3, "{jobs}");
        assert!(found.in_words().contains("At least 100,000 net jobs in the central run is in reach"));
    }

    #[test]
    fn tripling_the_share_of_exporters_is_out_of_reach() {
        let target = Target { wanted: Wanted::ExporterShare, at_least: 3.0, ..Target::default() };
        let found = found(&session(), &target);
        assert!(!found.is_in_reach());
        let words = found.in_words();
        assert!(words.contains("out of reach") && words.contains("4.3% of firms exporting"), "{words}");
    }

    #[test]
    fn fixed_levers_stay() {
        let start = session();
        let fixed: BTreeSet<_> = ["L04", "L07"].into_iter().filter_map(|id| start.model().lever(id)).collect();
        let target = Target { fixed: fixed.clone(), probability: Some(0.8), ..Target::default() };
        let found = found(&start, &target);
        assert!(fixed.iter().all(|lever| found.levers()[lever.index()] == 0.0));
        assert!(found.in_words().contains("in at least 80% of 256 runs"), "{}", found.in_words());
    }

    #[test]
    fn what_was_found_holds_until_more_than_free_levers_changes() {
        let start = session();
        let model = start.model_shared();
        let (fixed, free) = (model.lever("L04").expect("declared"), model.lever("L01").expect("declared"));
        let found = found(&start, &Target { fixed: BTreeSet::from([fixed]), ..Target::default() });
        assert!(found.holds_in(&start) && found.holds_in(&start.clone().after(Gesture::Lever(free, 0.5))));
        let (eta, sceptic) = (model.parameter("eta").expect("declared"), model.scenario("sceptic"));
        for gesture in [
            Gesture::Lever(fixed, 0.5),
            Gesture::Years(20.0),
            Gesture::Parameter(eta, 0.4),
            Gesture::Case(sceptic),
            Gesture::Region(model.region("eu").expect("declared")),
        ] {
            assert!(!found.holds_in(&start.clone().after(gesture.clone())), "{gesture:?}");
        }
    }
}
