//! Turns series into charts: an SVG to look at, a table and CSV to check, a sentence to listen to.
//!
//! ```text
//! Chart + Size → plan → draw (plotters) → sheet → SVG
//! Chart → table, csv, sentence
//! ```
//!
//! [`data`](Chart) says what a chart is; `plan` measures text and numbers (`number`, `text`, `axis`) and says where
//! everything goes; `draw` hands the marks to plotters, and plotters hands them to `sheet`, which writes SVG whose classes
//! the page's style sheet colours.
//!
//! Nothing here reads a file or a clock, knows a DOM, or fails: values that cannot be drawn (NaN, infinities, beyond
//! 10³⁰⁰) leave a gap. The same chart gives the same bytes on every machine.

mod axis;
mod data;
mod draw;
#[cfg(test)]
mod laws;
pub mod number;
mod plan;
mod sentence;
mod sheet;
mod svg;
mod table;
pub mod text;

pub use data::{Chart, Direction, Kind, Level, Positions, Range, Role, Series, Size, Source, Unit};
pub use number::Precision;
pub use sentence::sentence;
pub use svg::{picture, svg};
pub use table::{Table, csv, table};
