//! How sure the model is of what it gives: what happens over draws of its parameters.
//!
//! A range says what follows from not knowing the parameters. It says nothing of what is wrong with the equations.

use chart::number::text;
use chart::{Level, Precision, Range};
use model::{Bands, EnsembleRun, OutcomeId, RunError, Sampling};

use crate::results::Shown;
use crate::session::Session;

/// How parameters are drawn: always the same draws, so that what changes is what the reader changed.
pub const SAMPLING: Sampling = Sampling { draws: 1024, seed: 1 };

/// The ranges of a session's outcomes.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranges {
    session: Session,
    /// How many draws they are of.
    draws: usize,
    bands: Vec<(OutcomeId, Bands)>,
    /// Share of the draws with more net jobs than in the base run, 0 to 1.
    more_jobs: f64,
}

/// Ranges that are being worked out, a block of draws at a time, while the reader goes on.
#[derive(Clone, Debug)]
pub struct RangeRun {
    session: Session,
    shown: Shown,
    run: EnsembleRun,
}

impl RangeRun {
    /// Prepares the ranges of a session.
    pub fn new(session: &Session, shown: Shown) -> Result<Self, RunError> {
        let model = session.model();
        let variables: Vec<_> = outcomes(shown).map(|outcome| model.outcomes[outcome.index()].variable).collect();
        let run = EnsembleRun::new(model, &session.scenario(), SAMPLING, &variables)?;
        Ok(Self { session: session.clone(), shown, run })
    }

    /// Starts again for what the session has become. As long as only levers move, draws and base runs are kept.
    pub fn follow(&mut self, session: &Session) -> Result<(), RunError> {
        if session.differs_in_levers_only(&self.session) {
            self.run.restart(session.model(), &session.scenario().levers)?;
            self.session = session.clone();
        } else {
            *self = Self::new(session, self.shown)?;
        }
        Ok(())
    }

    /// Runs the next block of draws. Whether there are more.
    pub fn advance(&mut self) -> bool {
        self.run.advance()
    }

    /// Whose ranges these are.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// The ranges over the draws that are done; none before the first of them, or when a draw gives no number.
    pub fn ranges(&self) -> Option<Ranges> {
        let model = self.session.model();
        let ensemble = self.run.so_far();
        // A few draws that give no number would lie outside of all bands.
        if !ensemble.is_finite() {
            return None;
        }
        let last = ensemble.times().len() - 1;
        let bands = outcomes(self.shown).map(|outcome| {
            let variable = model.outcomes[outcome.index()].variable;
            let is_drawn = [self.shown.net_jobs, self.shown.net_exports].contains(&outcome);
            let bands = if is_drawn { ensemble.bands(variable) } else { ensemble.bands_at(variable, last) }?;
            Some((outcome, bands))
        });
        let net_jobs = model.outcomes[self.shown.net_jobs.index()].variable;
        Some(Ranges {
            session: self.session.clone(),
            draws: ensemble.draw_count(),
            bands: bands.collect::<Option<_>>()?,
            more_jobs: ensemble.probability_above(net_jobs, last, 0.0)?,
        })
    }
}

/// The outcomes that have ranges: those that are drawn in charts at all points of time, others at the last one.
fn outcomes(shown: Shown) -> impl Iterator<Item = OutcomeId> {
    [shown.net_jobs, shown.gross_jobs, shown.net_exports, shown.cost].into_iter().chain(shown.extra_exporters)
}

impl Ranges {
    /// Whose ranges these are.
    pub fn session(&self) -> &Session {
        &self.session
    }

    fn draws_in_words(&self) -> String {
        text(self.draws as f64, Precision::Full)
    }

    /// Between what half of the draws lie at the end of the run, `words` saying each end; none for an outcome without
    /// ranges, or of which all draws say the same.
    pub fn half(&self, outcome: OutcomeId, words: impl Fn(f64) -> String) -> Option<(String, String)> {
        let half = &self.bands_of(outcome)?.bands[0];
        let ends = (words(*half.low.last()?), words(*half.high.last()?));
        (ends.0 != ends.1).then_some(ends)
    }

    /// Whether `value` lies below half of the draws at the end of the run.
    pub fn lies_below(&self, outcome: OutcomeId, value: f64) -> bool {
        self.bands_of(outcome).and_then(|bands| bands.bands[0].low.last()).is_some_and(|low| value < *low)
    }

    /// In how many of the runs there are more net jobs, in words.
    pub fn more_jobs_in_words(&self) -> String {
        match self.more_jobs {
            1.0 => format!(
                "Net jobs rise in all of {} runs; that follows from the ranges assumed, and proves nothing.",
                self.draws_in_words()
            ),
            0.0 => format!("Net jobs rise in none of {} runs.", self.draws_in_words()),
            share if share >= 0.995 => "Net jobs rise in more than 99% of runs.".to_owned(),
            share if share < 0.005 => "Net jobs rise in less than 1% of runs.".to_owned(),
            share => format!("Net jobs rise in {}% of runs.", text(share * 100.0, Precision::Decimals(0))),
        }
    }

    /// The bands of an outcome that charts show, for one whose values are `scale` times the model's.
    pub fn around(&self, outcome: OutcomeId, scale: f64) -> Vec<Range> {
        let Some(bands) = self.bands_of(outcome) else { return Vec::new() };
        let scaled = |ends: &[f64]| ends.iter().map(|end| end * scale).collect();
        [Level::Fifty, Level::SeventyFive, Level::NinetyFive]
            .into_iter()
            .zip(&bands.bands)
            .map(|(level, band)| Range { level, low: scaled(&band.low), high: scaled(&band.high) })
            .collect()
    }

    fn bands_of(&self, outcome: OutcomeId) -> Option<&Bands> {
        self.bands.iter().find(|(known, _)| *known == outcome).map(|(_, bands)| bands)
    }
}
