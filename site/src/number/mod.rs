//! Checked numbers: links in the text whose words are a number, and whose address says where it comes from.
//!
//! address → [`cells`] of a dataset, or a number of a model or two [`compared`], run in [`runs`] → what the source says\
//! words → [`printed`] → what the text says\
//! both → [`agree`] → nothing, or what is wrong and what would be right
//!
//! [`untethered`] lists the numerals in texts that are no such links. Reports and pages are made elsewhere: mistakes in
//! the check of wrong numbers, the page's element where texts are printed.

pub mod agree;
pub mod cells;
pub mod compared;
pub mod printed;
pub mod runs;
pub mod untethered;

use std::ops::Range;

use app::model_number::{Help, Mistake, ModelNumber};
use diagnostic::{Diagnostic, Place, suggestion};

use cells::Cells;
use compared::Compared;

/// Where a checked number comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum Origin {
    /// From cells of a dataset.
    Cells(Box<Cells>),
    /// From the model at this place, by this text.
    Model(usize, String, Box<ModelNumber>),
    /// From two runs of the model at this place.
    Compared(usize, Box<Compared>),
}

/// Schemes of addresses of numbers.
pub const DATA: &str = "data:";
/// The same for models.
pub const MODEL: &str = "model:";

/// Whether the link with this address holds a checked number.
pub fn is_number(target: &str) -> bool {
    target.starts_with(DATA) || target.starts_with(MODEL)
}

/// What is wrong with an address, and where in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    code: &'static str,
    span: Range<usize>,
    message: String,
    help: String,
}

impl Fault {
    /// At these bytes of the address.
    pub fn new(code: &'static str, span: Range<usize>, message: impl Into<String>) -> Self {
        Self { code, span, message: message.into(), help: String::new() }
    }

    /// With what to do about it.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// The same where `bytes` come before the address.
    pub fn later(self, bytes: usize) -> Self {
        self.moved(|span| span.start + bytes..span.end + bytes)
    }

    /// The same where the address is a part of another one.
    pub fn moved(mut self, to: impl Fn(Range<usize>) -> Range<usize>) -> Self {
        self.span = to(self.span);
        self
    }

    /// As a mistake in `file`, whose link stands at `link` with the address `target`.
    pub fn diagnostic(self, file: &str, source: &str, link: Range<usize>, target: &str) -> Diagnostic {
        // An address with escapes is not found as it is: then the whole link is meant.
        let found = source.get(link.clone()).and_then(|text| text.rfind(target));
        let span = found.map_or(link.clone(), |at| link.start + at + self.span.start..link.start + at + self.span.end);
        Diagnostic::error(self.code, Place::new(file, span), self.message).help(self.help)
    }
}

impl From<Mistake> for Fault {
    fn from(Mistake { code, message, span, help }: Mistake) -> Self {
        let help = match help {
            Help::Words(words) => words,
            Help::Choose(wrong, choices) => suggestion(&wrong, choices.iter().map(String::as_str)),
        };
        Self { code, span, message, help }
    }
}
