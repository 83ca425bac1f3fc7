//! The entry points of the browser bundle, and nothing else.
//!
//! The crate is empty on other targets, so that native builds of the workspace do not mix what renders pages with what
//! takes them over.

#[cfg(target_arch = "wasm32")]
mod browser;
