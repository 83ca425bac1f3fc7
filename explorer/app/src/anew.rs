//! Numbers of a text once more, with the levers as a reader has moved them: a piece of work at a time.

use std::sync::Arc;

use model::{EnsembleRun, LeverId, Model, Schedule, run};

use crate::model_number::{Amount, ModelNumber};
use crate::ranges::SAMPLING;
use crate::session::Session;

/// A lever that a reader has moved: where to, and when.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moved {
    /// The lever.
    pub lever: LeverId,
    /// Its setting, from 0 to 1.
    pub setting: f64,
    /// When it moves.
    pub schedule: Schedule,
}

/// What a reader has moved since an explorer began.
pub fn moved(now: &Session, begun: &Session) -> Vec<Moved> {
    now.model()
        .lever_ids()
        .map(|lever| Moved { lever, setting: now.lever(lever), schedule: now.schedule(lever) })
        .filter(|moved| (moved.setting, moved.schedule) != (begun.lever(moved.lever), begun.schedule(moved.lever)))
        .collect()
}

/// Numbers that are being worked out anew.
pub struct Anew {
    model: Arc<Model>,
    numbers: Vec<ModelNumber>,
    /// The one that is next.
    at: usize,
    /// Its draws, if it needs them.
    draws: Option<EnsembleRun>,
}

/// What a piece of work brought.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// The number at this place among those given; nothing if the model gives none with these levers.
    Number(usize, Option<Amount>),
    /// A part of one.
    Part,
    /// There is no more to do.
    Done,
}

impl Anew {
    /// Prepares `numbers` with what was moved: it takes the place of what they say of these levers, all else stays.
    ///
    /// An outcome of half of all levers is, once a reader has moved the first to 80, an outcome of the first at 80 and all
    /// others at half.
    pub fn new(model: Arc<Model>, numbers: Vec<ModelNumber>, moved: &[Moved]) -> Self {
        let numbers = numbers.into_iter().map(|number| number.with_levers(moved)).collect();
        Self { model, numbers, at: 0, draws: None }
    }

    /// Does a piece of work: a single run, or a block of draws.
    pub fn advance(&mut self) -> Piece {
        let Some(number) = self.numbers.get(self.at) else { return Piece::Done };
        if !number.is_sampled() {
            let amount = run(&self.model, number.scenario()).ok().map(|run| number.of_run(&run));
            return self.found(amount);
        }
        let Some(draws) = &mut self.draws else {
            self.draws = EnsembleRun::new(&self.model, number.scenario(), SAMPLING, &number.variables()).ok();
            return if self.draws.is_some() { Piece::Part } else { self.found(None) };
        };
        if draws.advance() {
            return Piece::Part;
        }
        let amount = number.of_ensemble(draws.so_far());
        self.found(amount)
    }

    fn found(&mut self, amount: Option<Amount>) -> Piece {
        let place = self.at;
        self.at += 1;
        self.draws = None;
        Piece::Number(place, amount)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examples::session;
    use crate::session::Gesture;

    fn amounts(texts: &[&str], moved: &[Moved]) -> Vec<Amount> {
        let model = session().model_shared();
        let numbers = texts.iter().map(|text| ModelNumber::read(&model, text).expect("it can be read")).collect();
        let mut anew = Anew::new(model, numbers, moved);
        let mut amounts = Vec::new();
        loop {
            match anew.advance() {
                Piece::Number(place, amount) => {
                    assert_eq!(place, amounts.len());
                    amounts.push(amount.expect("the model gives it"));
                }
                Piece::Part => {}
                Piece::Done => return amounts,
            }
        }
    }

    #[test]
    fn what_was_moved_takes_the_place_of_what_a_number_says_of_it() {
        let begun = session();
        let lever = begun.model().lever("L01").expect("declared");
        let now = begun.clone().after(Gesture::Lever(lever, 0.8));
        let moved = moved(&now, &begun);
        assert_eq!(moved.len(), 1);
        let texts = [
            "net_jobs?region=us&all=50",
            "net_jobs?region=us&all=50&quantile=0.25..0.75",
            "net_jobs?region=us&of=baseline",
        ];
        let written = [
            "net_jobs?region=us&all=50&L01=80",
            "net_jobs?region=us&all=50&L01=80&quantile=0.25..0.75",
            "net_jobs?region=us&of=baseline",
        ];
        assert_eq!(amounts(&texts, &moved), amounts(&written, &[]));
        assert_ne!(amounts(&texts, &moved)[..2], amounts(&texts, &[])[..2]);
    }

    #[test]
    fn nothing_moved_is_what_was_printed() {
        assert_eq!(moved(&session(), &session()), Vec::new());
    }
}
