//! The chart as SVG: inside a page, and as a picture of its own.

use crate::data::{Chart, Size};
use crate::draw;
use crate::plan::{self, Anchor, Plan, Words};
use crate::sentence::sentence;
use crate::sheet::{self, Ink, push_escaped, push_tenths, tenths};
use crate::table::push_sentence;
use crate::text::{self, Weight};

/// The chart as an SVG element for a page whose style sheet colours it.
///
/// It has the classes `chart` and `chart-wide` or `chart-narrow`, a role, a title and a description whose ids begin with
/// the chart's id and its width, and no width or height: it takes the width it is given.
pub fn svg(chart: &Chart, size: Size) -> String {
    let plan = plan::plan(chart, size, 0.0);
    let mut opening = String::from("<svg xmlns=\"http://www.w3.org/2000/svg\"");
    push_view(&mut opening, (0.0, 0.0), (plan.width, plan.height));
    push_names(&mut opening, chart, size);
    sheet::drawn(&opening, (plan.width, plan.height), |area| draw::draw(chart, &plan, area))
}

/// The chart as an SVG file that makes sense by itself: light colours, its title above, unit, source and note below.
pub fn picture(chart: &Chart, size: Size) -> String {
    const MARGIN: f64 = 20.0;
    let width = f64::from(size.width.max(120));
    let (heading, top) = heading(&chart.title, width);
    let mut plan = plan::plan(chart, size, top);
    plan.words.extend(heading);
    add_footer(chart, &mut plan);
    let outside = (plan.width + 2.0 * MARGIN, plan.height + 2.0 * MARGIN);
    let mut opening = String::from("<svg xmlns=\"http://www.w3.org/2000/svg\"");
    push_lengths(&mut opening, outside);
    push_view(&mut opening, (-MARGIN, -MARGIN), outside);
    push_names(&mut opening, chart, size);
    opening.push_str("<rect x=\"-20\" y=\"-20\" width=\"100%\" height=\"100%\" fill=\"#fff\"/>");
    sheet::drawn(&opening, (plan.width, plan.height), |area| draw::draw(chart, &plan, area))
}

fn heading(title: &str, width: f64) -> (Vec<Words>, f64) {
    // The heading is larger than the text that is measured.
    const LARGER: f64 = 17.0 / 13.0;
    const LINE: f64 = 22.0;
    let mut words = Vec::new();
    let mut y = 0.0;
    for line in text::wrap(title, Weight::Semibold, width / LARGER) {
        y += LINE;
        words.push(Words { text: line, at: (0.0, y - 6.0), anchor: Anchor::Start, ink: Ink::Heading });
    }
    (words, y + 8.0)
}

fn add_footer(chart: &Chart, plan: &mut Plan) {
    let mut footer = String::new();
    push_sentence(&mut footer, "Unit: ", chart.unit.text());
    push_sentence(&mut footer, "Source: ", chart.source.text());
    push_sentence(&mut footer, "", &chart.note);
    plan.height += 8.0;
    for line in text::wrap(&footer, Weight::Regular, plan.width) {
        plan.height += text::LINE;
        let at = (0.0, plan.height - 4.0);
        plan.words.push(Words { text: line, at, anchor: Anchor::Start, ink: Ink::Footer });
    }
}

fn push_lengths(svg: &mut String, (width, height): (f64, f64)) {
    svg.push_str(" width=\"");
    push_tenths(svg, tenths(width));
    svg.push_str("\" height=\"");
    push_tenths(svg, tenths(height));
    svg.push('"');
}

fn push_view(svg: &mut String, from: (f64, f64), size: (f64, f64)) {
    svg.push_str(" viewBox=\"");
    for (index, length) in [from.0, from.1, size.0, size.1].into_iter().enumerate() {
        if index > 0 {
            svg.push(' ');
        }
        push_tenths(svg, tenths(length));
    }
    svg.push('"');
}

/// Class, font, role, and what a screen reader says instead of the marks.
fn push_names(svg: &mut String, chart: &Chart, size: Size) {
    let class = if size.is_narrow() { "chart chart-narrow" } else { "chart chart-wide" };
    // An id may hold no white space.
    let id: String = chart.id.chars().map(|letter| if letter.is_whitespace() { '-' } else { letter }).collect();
    let id = format!("{id}-{}", size.width);
    let description = match chart.description.trim() {
        "" => sentence(chart),
        written => written.into(),
    };
    for part in [" class=\"", class, "\" role=\"img\" aria-labelledby=\""] {
        svg.push_str(part);
    }
    push_escaped(svg, &format!("{id}-title {id}-desc"));
    svg.push_str("\" font-family=\"Levers Serif, Source Serif 4, Georgia, serif\" font-size=\"13\"><title id=\"");
    push_escaped(svg, &format!("{id}-title"));
    svg.push_str("\">");
    push_escaped(svg, &chart.title);
    svg.push_str("</title><desc id=\"");
    push_escaped(svg, &format!("{id}-desc"));
    svg.push_str("\">");
    push_escaped(svg, &description);
    svg.push_str("</desc>");
}
