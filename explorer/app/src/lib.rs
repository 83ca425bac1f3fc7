//! The explorer: a reader's gestures → a scenario → the page.
//!
//! gesture → [`session::Session`] → [`results::Results`] and [`ranges::Ranges`] → components ([`Explorer`])
//!
//! The same components are rendered to HTML when the site is built and taken over in the browser, so the session and the
//! results know neither. Nothing here reads a file or an address; whoever starts an explorer hands it its [`Setup`].

#![recursion_limit = "256"]

pub mod address;
pub mod analyses;
pub mod anew;
pub mod comparison;
#[cfg(any(feature = "ssr", feature = "hydrate"))]
mod components;
pub mod decimal;
#[cfg(test)]
mod examples;
pub mod export;
pub mod form;
pub mod goal;
pub mod history;
#[cfg(any(feature = "ssr", feature = "hydrate"))]
pub mod host;
#[cfg(any(feature = "ssr", feature = "hydrate"))]
mod markup;
pub mod model_number;
pub mod number;
#[cfg(any(feature = "ssr", feature = "hydrate"))]
mod patch;
pub mod query;
pub mod ranges;
pub mod results;
pub mod session;
mod setup;
pub mod shelf;
pub mod unit;

#[cfg(any(feature = "ssr", feature = "hydrate"))]
pub use components::{Explorer, Later};
pub use setup::{RecommendationLink, Setup, Shape};
