//! What a model states about itself, and how often it was found to hold.

use chart::Precision;
use model::{Declaration, Kind};
use serde::Serialize;

use super::super::{Page, Renderer};
use super::{Part, equations, marked};
use crate::parse::models::PolicyModel;

#[derive(Serialize)]
struct CheckContext {
    anchor: String,
    id: String,
    label: String,
    doc: String,
    lines: Vec<LineContext>,
    runs: usize,
    holds: bool,
    failure: String,
}

#[derive(Serialize)]
struct LineContext {
    math: String,
    text: String,
    may_scroll: bool,
}

/// The anchor of a check.
pub fn anchor(id: &str) -> String {
    format!("check-{id}")
}

/// The checks of a model, in its order.
pub fn stated(policy: &PolicyModel) -> impl Iterator<Item = &Declaration> {
    policy.model.declarations.iter().filter(|one| matches!(one.kind, Kind::Check(_)))
}

pub fn page(renderer: &Renderer<'_>, index: usize) -> Page {
    let policy = &renderer.site.models[index];
    let model = &policy.model;
    let results = policy.check_results().as_deref().unwrap_or_default();
    let checks: Vec<CheckContext> = stated(policy)
        .map(|check| {
            let own = results.iter().filter(|result| model.declaration(result.check).id == check.id);
            let failure = own.clone().find_map(|result| result.failure.as_ref());
            let line = |(math, text, may_scroll)| LineContext { math, text, may_scroll };
            CheckContext {
                anchor: anchor(&check.id),
                id: check.id.clone(),
                label: check.label.clone(),
                doc: check.doc.clone(),
                lines: equations::check_lines_of(check).into_iter().map(line).collect(),
                runs: own.map(|result| result.runs).sum(),
                holds: failure.is_none(),
                failure: failure.map_or_else(String::new, |failure| {
                    format!(
                        "{}, {}, at {} {}",
                        marked(&model.regions[failure.region.index()]),
                        failure.case,
                        chart::number::text(failure.year, Precision::Full),
                        model.time.unit
                    )
                }),
            }
        })
        .collect();
    let mut page = super::start(renderer, index, Part::Checks, "method-checks.html");
    let cases: Vec<&str> = model.scenarios.iter().map(|scenario| scenario.label.as_str()).collect();
    page.context.insert("checks", &checks);
    page.context.insert("held", &checks.iter().filter(|check| check.holds).count());
    page.context.insert("cases", &cases);
    page
}
