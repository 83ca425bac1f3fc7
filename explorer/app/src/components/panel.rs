//! All levers, grouped as a reader thinks.

use leptos::prelude::*;
use model::LeverId;

use super::choice::PresetChoice;
use super::patched::patched;
use super::reactive::{on_click, whether};
use super::{LeverControl, Naming, Shared, standings};
use crate::markup::Html;
use crate::number::tenths;
use crate::ranges::Ranges;
use crate::results::Results;
use crate::session::{Gesture, Session};

/// All levers with what they start from.
#[component]
pub fn LeverPanel(
    /// What the parts share.
    shared: Shared,
) -> impl IntoView {
    let Shared { session, results, ranges, gesture, ready, .. } = shared.clone();
    let groups = session.with_untracked(|session| grouped(session.model()));
    let all = groups.iter().flat_map(|(_, levers)| levers).copied().collect();
    let mut standings = standings(&shared, all).into_iter();
    let groups: Vec<_> = groups
        .into_iter()
        .enumerate()
        .map(|(index, (name, levers))| {
            let id = format!("group-{}", index + 1);
            let controls: Vec<_> = levers
                .into_iter()
                .zip(&mut standings)
                .map(|(lever, standing)| view! { <LeverControl shared=shared.clone() lever standing naming=Naming::Heading/> })
                .collect();
            view! {
                <section class="lever-group" aria-labelledby=id.clone()>
                    <h3 id=id.clone()>{name}</h3>
                    <ul class="lever-list">{controls}</ul>
                </section>
            }
        })
        .collect();
    let strip = patched(move || {
        let mut html = Html::default();
        if let Ok(results) = results.get() {
            for headline in results.headlines(true, None) {
                html.element("<div><span>", headline.label, "</span>").element("<b>", &headline.value, "</b></div>");
            }
            ranges.with(|ranges| sparkline(&mut html, &results, ranges.as_deref()));
        }
        html.finish()
    });
    let is_late = shared.ranges_are_late;
    let is_as_today = whether(move || !ready.get() || session.with(Session::is_as_today));
    let reset = on_click(move |_| gesture.run(Gesture::ResetLevers));
    view! {
        <section class="explorer-levers" aria-labelledby="levers-title">
            <div class="levers-head">
                <h2 id="levers-title">"Levers"</h2>
                <button class="reset" type="button" disabled=is_as_today on:click=reset>
                    "Reset all levers"
                </button>
            </div>
            <p class="levers-note">
                "Per cent of the largest programme considered, which is a choice and not evidence. The triangle marks today, a diamond a programme that is known. A to D grades the best study of each lever’s mechanism."
            </p>
            <PresetChoice shared=shared.clone()/>
            <div class="result-strip" class:is-late=is_late aria-hidden="true" inner_html=strip></div>
            {groups}
        </section>
    }
}

/// The course of the net jobs with 50 and 95% of the runs around it, low enough to stay in view on a phone.
fn sparkline(html: &mut Html, results: &Results, ranges: Option<&Ranges>) {
    let line = results.net_jobs();
    let bands = ranges.map(|ranges| results.ranges_of_net_jobs(ranges)).unwrap_or_default();
    let all = || bands.iter().flat_map(|band| band.low.iter().chain(&band.high)).chain(&line);
    let (low, high) = all().fold((0.0_f64, 0.0_f64), |(low, high), value| (low.min(*value), high.max(*value)));
    let last = line.len().max(2) - 1;
    let point = |(index, value): (usize, &f64)| {
        let (x, y) = (100.0 * index as f64 / last as f64, 30.0 * (high - value) / (high - low).max(1e-9));
        format!("{} {} ", tenths(x), tenths(y + 1.0))
    };
    let path = |values: &[f64]| values.iter().enumerate().map(point).collect::<String>();
    html.tag("<svg class=\"strip-chart\" viewBox=\"0 0 100 32\" preserveAspectRatio=\"none\">");
    html.tag(&format!("<path class=\"strip-zero\" d=\"M{}\"/>", path(&vec![0.0; last + 1])));
    for band in bands.iter().step_by(2).rev() {
        let back: String = band.high.iter().enumerate().rev().map(point).collect();
        html.tag(&format!("<path class=\"strip-band\" d=\"M{}{back}z\"/>", path(&band.low)));
    }
    html.tag(&format!("<path class=\"strip-line\" d=\"M{}\"/></svg>", path(&line)));
}

/// The levers by group, both in the order of the model.
fn grouped(model: &model::Model) -> Vec<(String, Vec<LeverId>)> {
    let mut groups: Vec<(String, Vec<LeverId>)> = Vec::new();
    for lever in &model.levers {
        let Some(id) = model.lever(&lever.id) else { continue };
        match groups.iter_mut().find(|(name, _)| *name == lever.group) {
            Some((_, levers)) => levers.push(id),
            None => groups.push((lever.group.clone(), vec![id])),
        }
    }
    groups
}
