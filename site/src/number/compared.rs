//! `change(net_jobs)?region=us&all=50&E1=0..100` → the same number of two runs of a model, and what one is to the other.
//!
//! As with datasets, one value is given as `first..second`: two settings of a lever, two scenarios, two readings or two
//! years. All else is the same in both runs.

use std::ops::Range;

use app::model_number::{Amount, ModelNumber};
use app::query::{Expression, Query, Setting};
use app::unit::Unit;
use model::Model;

use super::Fault;
use super::runs::Runs;

/// A number in two runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    function: Function,
    first: ModelNumber,
    second: ModelNumber,
}

/// What the second is to the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Function {
    Change,
    Growth,
    Ratio,
}

const EXAMPLE: &str = "write model:change(net_jobs)?region=us&scenario=first..second";

impl Compared {
    /// Reads `text`, which follows the name of the model; nothing when it compares no runs.
    pub fn read(model: &Model, text: &str) -> Option<Result<Self, Vec<Fault>>> {
        let query = Query::parse(text).ok()?;
        let Expression::Call { function: word, arguments } = &query.expression else { return None };
        let function = match (word.text.as_str(), arguments.as_slice()) {
            ("change", [_]) => Function::Change,
            ("growth", [_]) => Function::Growth,
            ("ratio", [_]) => Function::Ratio,
            _ => return None,
        };
        let pairs: Vec<&Setting> = query.settings.iter().filter(|one| one.value.text.contains("..")).collect();
        let fault = |code, span: &Range<usize>, message: String, help: &str| {
            Some(Err(vec![Fault::new(code, span.clone(), message).help(help)]))
        };
        if let Some(draws) =
            query.settings.iter().find(|one| ["quantile", "probability"].contains(&one.key.text.as_str()))
        {
            let message = format!("`{}` compares central runs, and has no `{}`", word.text, draws.key.text);
            return fault(
                "wrong-function",
                &draws.key.span,
                message,
                "leave it out, or quote the two numbers by themselves",
            );
        }
        let pair = match pairs.as_slice() {
            [pair] => pair,
            [] => {
                return fault(
                    "one-selection",
                    &word.span,
                    format!("`{}` does not say which two runs it compares", word.text),
                    EXAMPLE,
                );
            }
            [_, other, ..] => {
                let message = format!("`{}` compares two runs, and this makes four of them", word.text);
                return fault("wrong-function", &other.value.span, message, "give all values but one by themselves");
            }
        };
        if pair.key.text == "region" {
            let message = "levels of regions cannot be compared".to_owned();
            return fault(
                "wrong-function",
                &pair.value.span,
                message,
                "their statistics are defined in different ways: quote each by itself",
            );
        }
        let inside = word.span.end + 1..text.find('?').unwrap_or(text.len()).saturating_sub(1);
        let first = End::of(text, &inside, &pair.value.span, false);
        let second = End::of(text, &inside, &pair.value.span, true);
        Some(first.number(model).and_then(|first| Ok(Self { function, first, second: second.number(model)? })))
    }

    /// The numbers that have to be run.
    pub fn numbers(&self) -> [&ModelNumber; 2] {
        [&self.first, &self.second]
    }

    /// What it is, if both could be run.
    pub fn amount(&self, model: usize, runs: &Runs) -> Result<Amount, String> {
        let one = |number: &ModelNumber| {
            let amount = runs.amount(model, number)?;
            let value = amount.values.first().copied().unwrap_or(f64::NAN);
            Ok::<(f64, Unit), String>((value, amount.unit))
        };
        let ((before, unit), (after, _)) = (one(&self.first)?, one(&self.second)?);
        if self.function != Function::Change && before == 0.0 {
            return Err("the first of the two numbers is zero".to_owned());
        }
        let (value, unit) = match self.function {
            Function::Change => (after - before, unit.of_difference()),
            Function::Growth => ((after - before) / before, Unit::share()),
            Function::Ratio => (after / before, unit.per(&unit)),
        };
        Ok(Amount { values: vec![value], unit })
    }

    /// What it is, for a reader who wants to know where a number comes from.
    pub fn described(&self, model: &Model) -> String {
        let (first, second) = (self.first.described(model), self.second.described(model));
        match self.function {
            Function::Change => format!("change from {first} to {second}"),
            Function::Growth => format!("growth from {first} to {second}"),
            Function::Ratio => format!("ratio of {second} to {first}"),
        }
    }
}

/// The address of one of the two numbers, and where its pieces stand in the address of both.
struct End<'a> {
    text: String,
    /// Each piece by its bytes in the address of both.
    pieces: Vec<(Range<usize>, &'a str)>,
}

impl<'a> End<'a> {
    /// The function's argument, and one side of the pair `value`.
    fn of(text: &'a str, argument: &Range<usize>, value: &Range<usize>, is_second: bool) -> Self {
        let pair = &text[value.clone()];
        let at = pair.find("..").unwrap_or(pair.len());
        let side = if is_second { value.start + at + 2..value.end } else { value.start..value.start + at };
        let pieces = [argument.clone(), argument.end + 1..value.start, side, value.end..text.len()];
        let pieces: Vec<(Range<usize>, &str)> = pieces.into_iter().map(|piece| (piece.clone(), &text[piece])).collect();
        Self { text: pieces.iter().map(|(_, piece)| *piece).collect(), pieces }
    }

    fn number(&self, model: &Model) -> Result<ModelNumber, Vec<Fault>> {
        ModelNumber::read(model, &self.text).map_err(|mistakes| {
            let faults = mistakes.into_iter().map(Fault::from);
            faults
                .map(|fault| fault.moved(|span| self.place(span.start)..self.place(span.end.max(1) - 1) + 1))
                .collect()
        })
    }

    /// Where the byte of its own text stands in the address of both.
    fn place(&self, byte: usize) -> usize {
        let mut before = 0;
        for (place, piece) in &self.pieces {
            if byte < before + piece.len() {
                return place.start + byte - before;
            }
            before += piece.len();
        }
        self.pieces.last().map_or(0, |(place, _)| place.end)
    }
}
