//! What the model gives: a sentence, the main figures, charts with their tables.

use std::sync::Arc;
use std::time::Duration;

use chart::{Chart, Size};
use leptos::prelude::*;
use leptos::web_sys::MouseEvent;
use model::{Model, OutcomeId, RegionId};

use super::later::TEXT_COLUMN;
use super::limits::rests_on;
use super::patched::patched_from;
use super::reactive::{OnClick, after_frames, follow, later, on_click, pressed, words};
use super::{Shared, Work};
use crate::markup::{Html, fixed};
use crate::number::{count, tenths};
use crate::results::{Channel, Headline};
use crate::session::Session;
use crate::setup::Setup;

/// A screen reader hears the sentence once it has stayed the same for this long.
const REST: Duration = Duration::from_millis(400);

/// The sentence, the figures, the charts.
#[component]
pub fn ResultPanel(
    /// What the parts share.
    shared: Shared,
    /// Whether there is room for all of it.
    whole: bool,
) -> impl IntoView {
    let Shared { session, results, ranges, setup, unfolded, .. } = shared.clone();
    let sentence = move || {
        results.with(|results| match results {
            Ok(results) => results.sentence(ranges.get().as_deref()),
            Err(error) => format!("The model cannot be run with these settings: {error}."),
        })
    };
    let made_from = move || {
        results.track();
        ranges.track();
    };
    let spoken = rested(made_from, sentence);
    // On a slow device the figures follow the frame with the line, and other charts come with the ranges, once a lever that is
    // dragged stands still.
    let Shared { ranges_are_old: is_old, ranges_are_late: is_late, is_slow, .. } = shared;
    let (figures_turn, let_figures) = signal(());
    let (charts_turn, let_charts) = signal(());
    let mut is_first = true;
    follow(move || {
        made_from();
        if !std::mem::take(&mut is_first) && !is_slow.get_value() {
            let_figures.set(());
        }
    });
    after_frames(made_from, move |_| {
        let_figures.set(());
        if !is_old.get_untracked() {
            let_charts.set(());
        }
    });
    let headlines = Memo::new(move |_| {
        figures_turn.track();
        results.with_untracked(|results| {
            let ranges = ranges.get_untracked();
            results.as_ref().map(|results| results.headlines(whole, ranges.as_deref())).unwrap_or_default()
        })
    });
    let model = session.with_untracked(Session::model_shared);
    let region = Memo::new(move |_| session.with(Session::region));
    let figures: Vec<_> = headlines
        .get_untracked()
        .iter()
        .enumerate()
        .map(|(index, figure)| {
            let what = fixed(|html| meaning(html, &model, region.get_untracked(), figure, &setup));
            follow_region(&model, region, figure.outcome, &setup);
            let numbers = patched_from(
                move || headlines.track(),
                move || headlines.with(|headlines| headlines.get(index).map(headline).unwrap_or_default()),
            );
            let class = if index == 0 { "headline-item headline-main" } else { "headline-item" };
            view! { <div class=class><dt inner_html=what></dt><dd inner_html=numbers></dd></div> }
        })
        .collect();
    let prefix = setup.prefix.clone();
    let drawn = prefix.clone();
    let sources = move || {
        made_from();
        unfolded.track();
    };
    let main_chart = patched_from(sources, move || {
        sources();
        let mut html = Html::default();
        if let Ok(results) = results.get() {
            chart_figure(&mut html, &results.main_chart(&drawn, ranges.get().as_deref()), whole);
        }
        html.finish()
    });
    let drawn = prefix.clone();
    let other_sources = move || {
        unfolded.track();
        charts_turn.track();
    };
    let other_charts = patched_from(other_sources, move || {
        other_sources();
        let mut html = Html::default();
        if let (true, Ok(results)) = (whole, results.get_untracked()) {
            let charts = results.other_charts(&drawn, ranges.get_untracked().as_deref());
            charts.iter().for_each(|chart| chart_figure(&mut html, chart, whole));
            channel_figure(&mut html, &results.channels());
        }
        html.finish()
    });
    let clicked = pictures(&shared, move || {
        let results = results.get_untracked().ok()?;
        Some((results.session().in_words(), results.charts(&prefix, whole, ranges.get_untracked().as_deref())))
    });
    let caveat = words(move || {
        results
            .with(|results| results.as_ref().map(|results| results.caveat(ranges.get().as_deref())).unwrap_or_default())
    });
    view! {
        <p class="result-sentence" role="status" aria-live="polite">{spoken}</p>
        <dl class="headline" class:is-late=is_late>{figures}</dl>
        <div class="result-charts" class:is-old=is_old class:is-late=is_late on:click=clicked>
            <div class="charts-part" inner_html=main_chart></div>
            <div class="charts-part" inner_html=other_charts></div>
        </div>
        <p class="result-caveat" class:is-late=is_late>{caveat}</p>
    }
}

/// The text, once what it is made from has not changed for a while; at once where nothing changes.
fn rested(sources: impl Fn() + 'static, text: impl Fn() -> String + Copy + 'static) -> ReadSignal<String> {
    let (spoken, set_spoken) = signal(untrack(text));
    let mut waiting: Option<TimeoutHandle> = None;
    follow(move || {
        sources();
        if let Some(waiting) = waiting.take() {
            waiting.clear();
        }
        waiting = later(REST, move || {
            let text = untrack(text);
            if spoken.with_untracked(|spoken| *spoken != text) {
                set_spoken.set(text);
            }
        });
    });
    spoken
}

/// The name of a figure, and what shows of it to the pointer and the keyboard: what it means and what it rests on.
fn meaning(html: &mut Html, model: &Model, region: RegionId, figure: &Headline, setup: &Setup) {
    let outcome = &model.outcomes[figure.outcome.index()];
    let id = format!("{}-what-{}", setup.prefix, outcome.id);
    let equation = &model.declaration(outcome.variable).id;
    html.element("<span class=\"previewed\"><a href=\"", &format!("{}#v-{equation}", setup.equations_href), "\"");
    html.element(" aria-describedby=\"", &id, "\">").element("", figure.label, "</a>");
    html.element("<span class=\"preview\" id=\"", &id, "\" aria-hidden=\"true\" hidden>");
    html.text(&outcome.doc).element(" <span id=\"", &id, "-rests\">");
    html.element("", &rests(model, figure.outcome, region), "</span>");
    html.text(&format!(" Model “{}”, version {}.", model.title, model.version));
    html.tag("</span></span>");
}

/// What a figure rests on in a region.
fn rests(model: &Model, outcome: OutcomeId, region: RegionId) -> String {
    let (all, unverified) = rests_on(model, outcome, region);
    format!(
        "{all} of the numbers that the model takes as given bear on it, {unverified} of them unverified ({}): nobody has seen \
         a source that states them.",
        model.regions[region.index()].label,
    )
}

/// Says what a figure rests on in the region that the reader chooses.
fn follow_region(model: &Arc<Model>, region: Memo<RegionId>, outcome: OutcomeId, setup: &Setup) {
    let model = Arc::clone(model);
    let id = format!("{}-what-{}-rests", setup.prefix, model.outcomes[outcome.index()].id);
    let mut before = region.get_untracked();
    follow(move || {
        let region = region.get();
        if region != before
            && let Some(element) = document().get_element_by_id(&id)
        {
            element.set_text_content(Some(&rests(&model, outcome, region)));
        }
        before = region;
    });
}

/// The numbers of a figure.
fn headline(headline: &Headline) -> String {
    let mut html = Html::default();
    let value = if headline.raw < 0.0 { "headline-value is-negative" } else { "headline-value" };
    html.tag(&format!("<data class=\"{value}\" value=\"{}\">", headline.raw)).element("", &headline.value, "</data>");
    html.element("<span class=\"headline-unit\">", &headline.unit, "</span>");
    if let Some(range) = &headline.range {
        html.element("<span class=\"headline-range\">", range, "</span>");
    }
    html.element("<span class=\"headline-note\">", &headline.note, "</span>");
    html.finish()
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

/// A chart with its table and its source. Beside each other charts are narrow everywhere; a single one in a text has its
/// width. In a browser a table that is folded away is left empty: many cells would be written for nobody at each move.
pub fn chart_figure(html: &mut Html, chart: &Chart, beside_others: bool) {
    html.element(
        "<figure class=\"figure chart-figure\"><figcaption><span class=\"figure-title\">",
        &chart.title,
        "</span></figcaption><div class=\"chart-frame\">",
    );
    if !beside_others {
        html.tag(&chart::svg(chart, TEXT_COLUMN));
    }
    html.tag(&chart::svg(chart, Size::NARROW));
    let id = format!("{}-table", chart.id);
    html.element("</div><details class=\"figure-data\" id=\"", &id, "\"><summary>Data table</summary>");
    html.tag("<div class=\"table-scroll\" role=\"region\" tabindex=\"0\" aria-label=\"");
    html.element("", &chart.title, ", table\">");
    if cfg!(not(feature = "hydrate"))
        || document().get_element_by_id(&id).is_some_and(|details| details.has_attribute("open"))
    {
        table(html, chart);
    }
    html.tag("</div></details><p class=\"figure-source\">");
    html.text(&format!("Unit: {}. Source: {}. ", chart.unit.text(), chart.source.text()));
    if !chart.note.is_empty() {
        html.element("", &chart.note, ". ");
    }
    html.tag("<span class=\"chart-files\">Download ");
    // Without the program the table is in the page.
    if cfg!(not(feature = "hydrate")) {
        html.element("<a class=\"table-link\" href=\"", &data_address(&chart::csv(chart)), "\" download=\"");
        html.element("", &chart.id, ".csv\">CSV</a>");
    }
    let forms: &[&str] = if cfg!(feature = "hydrate") { &["CSV", "SVG", "PNG"] } else { &["SVG", "PNG"] };
    for form in forms {
        html.element(" <button class=\"picture\" type=\"button\" name=\"", &chart.id, "\" value=\"");
        html.element("", form, "\" aria-label=\"").element("", form, " of ").element("", &chart.title, "\">");
        html.element("", form, "</button>");
    }
    html.tag("</span></p></figure>");
}

fn table(html: &mut Html, chart: &Chart) {
    let table = chart::table(chart);
    html.tag("<table class=\"data-table\"><thead><tr>");
    for (index, name) in table.header.iter().enumerate() {
        html.element(
            if index > 0 { "<th scope=\"col\" class=\"number\">" } else { "<th scope=\"col\">" },
            name,
            "</th>",
        );
    }
    html.tag("</tr></thead><tbody>");
    for cells in &table.rows {
        for (index, cell) in cells.iter().enumerate() {
            match index {
                0 => html.element("<tr><th scope=\"row\">", cell, "</th>"),
                _ => html.element("<td class=\"number\">", cell, "</td>"),
            };
        }
        html.tag("</tr>");
    }
    html.tag("</tbody></table>");
}

/// What a click on one of the buttons below `charts` does: the reader gets the chart as a picture that says what it shows,
/// where it is from, which scenario it is and of which day. With the charts comes the scenario in words.
pub fn pictures(shared: &Shared, charts: impl Fn() -> Option<(String, Vec<Chart>)> + 'static) -> OnClick {
    let shared = shared.clone();
    let charts: Box<dyn Fn() -> Option<(String, Vec<Chart>)>> = Box::new(charts);
    on_click(move |event: MouseEvent| {
        if let Some(button) = pressed(&event)
            && button.class_name() == "picture"
            && let Some((scenario, charts)) = charts()
            && let Some(chart) = charts.into_iter().find(|chart| chart.id == button.name())
        {
            shared.later(Work::Picture { chart: Box::new(chart), form: button.value(), scenario });
        }
    })
}

fn channel_figure(html: &mut Html, channels: &[Channel]) {
    if channels.is_empty() {
        return;
    }
    let described: Vec<String> =
        channels.iter().map(|channel| format!("{} {}", channel.label, count(channel.jobs))).collect();
    html.tag(
        "<figure class=\"figure channels\"><figcaption><span class=\"figure-title\">From gross to net jobs</span>",
    );
    html.tag("<span class=\"figure-caption\">What becomes of the gross jobs in the last year. Displaced jobs are those that others lose; own-account work is not a job with an employer.</span></figcaption>");
    html.element(
        "<svg class=\"channel-bars\" role=\"img\" aria-label=\"Gross jobs by what becomes of them: ",
        &described.join(", "),
        ".\">",
    );
    for channel in channels {
        html.tag(&format!(
            "<rect class=\"channel-{}\" x=\"{}%\" y=\"0\" width=\"{}%\" height=\"18\"/>",
            channel.class,
            tenths(channel.start),
            tenths(channel.width)
        ));
    }
    html.tag("</svg><ul class=\"channel-list\">");
    for (channel, described) in channels.iter().zip(&described) {
        html.tag(&format!(
            "<li><svg aria-hidden=\"true\"><rect class=\"channel-{}\" width=\"100%\" height=\"100%\"/></svg>",
            channel.class
        ));
        html.element("<span>", described, "</span></li>");
    }
    html.tag("</ul></figure>");
}
