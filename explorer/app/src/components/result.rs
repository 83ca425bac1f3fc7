//! What the model gives: a sentence, the main figures, charts with their tables.

use std::time::Duration;

use chart::{Chart, Size};
use leptos::prelude::*;

use super::Shared;
use crate::number::count;
use crate::results::{Channel, Headline};

/// A screen reader hears the sentence once the reader has rested this long.
const REST: Duration = Duration::from_millis(400);

/// As wide as a text, so that its words are as large as they are drawn.
const TEXT_COLUMN: Size = Size { width: 620, height: 340 };

/// The sentence, the figures, the charts.
#[component]
pub fn ResultPanel(
    /// What the parts share.
    shared: Shared,
    /// Whether there is room for all of it.
    whole: bool,
) -> impl IntoView {
    let Shared { results, ranges, setup, .. } = shared;
    let sentence = move || {
        results.with(|results| match results {
            Ok(results) => results.sentence(ranges.get().as_deref()),
            Err(error) => format!("The model cannot be run with these settings: {error}."),
        })
    };
    let spoken = rested(sentence);
    let headlines = move || {
        let headlines = results.with(|results| {
            results.as_ref().map(|results| results.headlines(whole, ranges.get().as_deref())).unwrap_or_default()
        });
        headlines.into_iter().enumerate().map(headline).collect::<Vec<_>>()
    };
    let prefix = setup.prefix.clone();
    let charts = move || {
        let charts = results.with(|results| {
            results.as_ref().map(|results| results.charts(&prefix, whole, ranges.get().as_deref())).unwrap_or_default()
        });
        charts.into_iter().map(|chart| chart_figure(&chart, whole)).collect::<Vec<_>>()
    };
    let channels = move || {
        let channels = results.with(|results| results.as_ref().map(|results| results.channels()).unwrap_or_default());
        (whole && !channels.is_empty()).then(|| channel_figure(channels))
    };
    let caveat = move || {
        results
            .with(|results| results.as_ref().map(|results| results.caveat(ranges.get().as_deref())).unwrap_or_default())
    };
    view! {
        <p class="result-sentence" role="status" aria-live="polite">{spoken}</p>
        <dl class="headline">{headlines}</dl>
        <div class="result-charts">{charts}</div>
        {channels}
        <p class="result-caveat">{caveat}</p>
    }
}

/// The text, once it has not changed for a while; at once where nothing changes.
fn rested(text: impl Fn() -> String + Copy + Send + Sync + 'static) -> ReadSignal<String> {
    let (spoken, set_spoken) = signal(untrack(text));
    Effect::new(move |waiting: Option<Option<TimeoutHandle>>| {
        let text = text();
        if let Some(waiting) = waiting.flatten() {
            waiting.clear();
        }
        if spoken.with_untracked(|spoken| *spoken == text) {
            return None;
        }
        set_timeout_with_handle(move || set_spoken.set(text.clone()), REST).ok()
    });
    spoken
}

fn headline((index, headline): (usize, Headline)) -> impl IntoView {
    let main = if index == 0 { "headline-item headline-main" } else { "headline-item" };
    let value = if headline.raw < 0.0 { "headline-value is-negative" } else { "headline-value" };
    view! {
        <div class=main>
            <dt>{headline.label}</dt>
            <dd>
                <data class=value value=headline.raw.to_string()>{headline.value}</data>
                <span class="headline-unit">{headline.unit}</span>
                {headline.range.map(|range| view! { <span class="headline-range">{range}</span> })}
                <span class="headline-note">{headline.note}</span>
            </dd>
        </div>
    }
}

/// An address that is the CSV file itself: what it holds depends on the reader's levers.
fn data_address(csv: &str) -> String {
    let mut address = String::from("data:text/csv;charset=utf-8,");
    for character in csv.chars() {
        match character {
            '\n' => address.push_str("%0A"),
            ' ' => address.push_str("%20"),
            '"' => address.push_str("%22"),
            '#' => address.push_str("%23"),
            '%' => address.push_str("%25"),
            other => address.push(other),
        }
    }
    address
}

/// Beside each other charts are narrow everywhere; a single one in a text has its width.
fn chart_figure(chart: &Chart, beside_others: bool) -> impl IntoView + use<> {
    let mut drawing = if beside_others { String::new() } else { chart::svg(chart, TEXT_COLUMN) };
    drawing.push_str(&chart::svg(chart, Size::NARROW));
    let table = chart::table(chart);
    let label = format!("{}, table", chart.title);
    let header: Vec<_> = table
        .header
        .into_iter()
        .enumerate()
        .map(|(index, name)| view! { <th scope="col" class=(index > 0).then_some("number")>{name}</th> })
        .collect();
    let rows: Vec<_> = table
        .rows
        .into_iter()
        .map(|cells| {
            let mut cells = cells.into_iter();
            let position = cells.next().unwrap_or_default();
            let values: Vec<_> = cells.map(|text| view! { <td class="number">{text}</td> }).collect();
            view! { <tr><th scope="row">{position}</th>{values}</tr> }
        })
        .collect();
    view! {
        <figure class="figure chart-figure">
            <figcaption><span class="figure-title">{chart.title.clone()}</span></figcaption>
            <div class="chart-frame" inner_html=drawing></div>
            <details class="figure-data">
                <summary>"Data table"</summary>
                <div class="table-scroll" role="region" tabindex="0" aria-label=label>
                    <table class="data-table"><thead><tr>{header}</tr></thead><tbody>{rows}</tbody></table>
                </div>
            </details>
            <p class="figure-source">
                {format!("Unit: {}. Source: {}. ", chart.unit.text(), chart.source.text())}
                {(!chart.note.is_empty()).then(|| format!("{}. ", chart.note))}
                <a href=data_address(&chart::csv(chart)) download=format!("{}.csv", chart.id)>"Download CSV"</a>
            </p>
        </figure>
    }
}

fn channel_figure(channels: Vec<Channel>) -> impl IntoView {
    let described: Vec<String> =
        channels.iter().map(|channel| format!("{} {}", channel.label, count(channel.jobs))).collect();
    let label = format!("Gross jobs by what becomes of them: {}.", described.join(", "));
    let bars: Vec<_> = channels
        .iter()
        .map(|channel| {
            view! {
                <rect class=format!("channel-{}", channel.class) x=format!("{:.1}%", channel.start) y="0"
                    width=format!("{:.1}%", channel.width) height="18"/>
            }
        })
        .collect();
    let names: Vec<_> = channels
        .into_iter()
        .map(|channel| {
            view! {
                <li>
                    <svg aria-hidden="true"><rect class=format!("channel-{}", channel.class) width="100%" height="100%"/></svg>
                    <span>{format!("{} {}", channel.label, count(channel.jobs))}</span>
                </li>
            }
        })
        .collect();
    view! {
        <figure class="figure channels">
            <figcaption>
                <span class="figure-title">"From gross to net jobs"</span>
                <span class="figure-caption">"What becomes of the gross jobs in the last year. Displaced jobs are those that others lose; own-account work is not a job with an employer."</span>
            </figcaption>
            <svg class="channel-bars" role="img" aria-label=label>{bars}</svg>
            <ul class="channel-list">{names}</ul>
        </figure>
    }
}
