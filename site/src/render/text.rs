//! A document's body → HTML, its holes filled.

use super::Renderer;
use super::citations::{Citations, Previews};
use super::figures::{self, Legend};
use super::numbers;
use crate::html::escape;
use crate::link::{Linked, Target};
use crate::parse::citation::Citation;
use crate::parse::markdown::{Heading, Segment};
use crate::picture;

/// The HTML of a document.
#[derive(Debug, Default)]
pub struct Text {
    /// The running text.
    pub body: String,
    /// The footnotes, or nothing.
    pub footnotes: String,
    /// The list of references, or nothing.
    pub bibliography: String,
    /// What the front matter says in Markdown.
    pub remarks: Vec<String>,
}

/// An entry of the table of contents.
#[derive(Debug, serde::Serialize)]
pub struct Contents {
    /// The heading's anchor.
    pub id: String,
    /// Its words as HTML.
    pub text: String,
    /// Headings below it.
    pub children: Vec<Contents>,
}

/// Prints the text of `document`.
pub fn text<F>(renderer: &Renderer<'_>, document: &Linked<F>) -> Text {
    let body = &document.document.body;
    let citations = renderer.style.print(&renderer.site.works, &body.citations, Previews::Shown);
    let printer = Printer { renderer, document, citations: &citations, has_anchors: true };
    let mut footnotes = String::new();
    if !body.notes.is_empty() {
        footnotes.push_str(
            "<section class=\"footnotes\" role=\"doc-endnotes\" aria-labelledby=\"footnotes-title\">\
             <h2 id=\"footnotes-title\">Notes</h2><ol>\n",
        );
        for (index, note) in body.notes.iter().enumerate() {
            let number = index + 1;
            footnotes.push_str(&format!("<li id=\"fn-{number}\">"));
            let mut words = printer.print(&note.segments);
            let back = back_links(number, note.uses);
            match words.trim_end().strip_suffix("</p>").map(str::len) {
                Some(end) => {
                    words.truncate(end);
                    words.push_str(&back);
                    words.push_str("</p>");
                }
                None => words.push_str(&back),
            }
            footnotes.push_str(&words);
            footnotes.push_str("</li>\n");
        }
        footnotes.push_str("</ol></section>");
    }
    let remarks = body.remarks.iter().map(|remark| printer.print(remark)).collect();
    Text { body: printer.print(&body.segments), footnotes, bibliography: citations.list(true), remarks }
}

/// What the front matter of `document` says in Markdown, for another page: citations lead to its list of references.
pub fn remarks_elsewhere<F>(renderer: &Renderer<'_>, document: &Linked<F>) -> Vec<String> {
    let body = &document.document.body;
    let cites = body.remarks.iter().flatten().any(|segment| matches!(segment, Segment::Citation(_)));
    let cited: &[Citation] = if cites { &body.citations } else { &[] };
    let citations = renderer.style.print(&renderer.site.works, cited, Previews::Absent);
    let printer = Printer { renderer, document, citations: &citations, has_anchors: false };
    let there = format!("href=\"{}#ref-", escape(&renderer.href(&document.path)));
    body.remarks.iter().map(|remark| printer.print(remark).replace("href=\"#ref-", &there)).collect()
}

/// The headings of the second and third level as a table of contents.
pub fn contents(headings: &[Heading]) -> Vec<Contents> {
    let mut contents: Vec<Contents> = Vec::new();
    for heading in headings {
        let entry = Contents { id: heading.id.clone(), text: escape(&heading.text), children: Vec::new() };
        match (heading.level, contents.last_mut()) {
            (2, _) => contents.push(entry),
            (3, Some(section)) => section.children.push(entry),
            _ => {}
        }
    }
    contents
}

fn back_links(number: usize, uses: usize) -> String {
    let mut links = String::new();
    for count in 1..=uses.max(1) {
        let (anchor, label) = if count == 1 {
            (format!("fnref-{number}"), format!("Back to the text of note {number}"))
        } else {
            (format!("fnref-{number}-{count}"), format!("Back to the text of note {number}, reference {count}"))
        };
        links.push_str(&format!(" <a class=\"footnote-back\" href=\"#{anchor}\" aria-label=\"{label}\">↩\u{fe0e}</a>"));
    }
    links
}

struct Printer<'a, F> {
    renderer: &'a Renderer<'a>,
    document: &'a Linked<F>,
    citations: &'a Citations,
    /// Whether references lead back to where they are cited.
    has_anchors: bool,
}

impl<F> Printer<'_, F> {
    fn print(&self, segments: &[Segment]) -> String {
        let mut text = String::new();
        for segment in segments {
            match segment {
                Segment::Html(html) => text.push_str(html),
                Segment::Link(index) => text.push_str(&self.link(*index)),
                Segment::Image(index, alternative) => text.push_str(&self.image(*index, alternative)),
                Segment::Citation(index) if self.has_anchors => text.push_str(&self.citations.anchored(*index)),
                Segment::Citation(index) => text.push_str(&self.citations.unanchored().nth(*index).unwrap_or_default()),
                Segment::Reference(index) => {
                    let label = &self.document.labels[*index];
                    let about = match label.about.as_str() {
                        "" => String::new(),
                        about => format!(" title=\"{}\"", escape(about)),
                    };
                    text.push_str(&format!(
                        "<a class=\"xref\" href=\"{}\"{about}>{}</a>",
                        escape(&self.renderer.href(&label.href)),
                        escape(&label.text)
                    ));
                }
                Segment::Block(index) => {
                    let written = &self.document.document.body.legends[*index];
                    let legend = Legend { caption: self.print(&written.caption), note: self.print(&written.note) };
                    let figure = &self.document.figures[*index];
                    text.push_str(&figures::html(self.renderer, &self.document.path, figure, &legend));
                }
            }
        }
        text
    }

    fn link(&self, index: usize) -> String {
        let title = &self.document.document.body.links[index].title;
        let title = if title.is_empty() { String::new() } else { format!(" title=\"{}\"", escape(title)) };
        match &self.document.targets[index] {
            Target::External(href) => format!("<a href=\"{}\"{title} rel=\"external\">", escape(href)),
            Target::Number(None) => String::new(),
            Target::Number(Some(origin)) => {
                let text = &self.document.document.body.links[index].text;
                numbers::opening(self.renderer, origin, text)
            }
            Target::Internal(path) | Target::File(path) => {
                format!("<a href=\"{}\"{title}>", escape(&self.renderer.href(path)))
            }
        }
    }

    fn image(&self, index: usize, alternative: &str) -> String {
        let (href, size) = match &self.document.targets[index] {
            Target::File(path) => {
                let size = self.renderer.sources.bytes(path).and_then(picture::size);
                (self.renderer.assets.href(self.renderer.base(), path), size)
            }
            Target::Internal(path) | Target::External(path) => (self.renderer.href(path), None),
            // Reported: a number is no picture.
            Target::Number(_) => (String::new(), None),
        };
        let size = size.map_or(String::new(), |(width, height)| format!(" width=\"{width}\" height=\"{height}\""));
        format!("<img src=\"{}\" alt=\"{alternative}\"{size} loading=\"lazy\" decoding=\"async\">", escape(&href))
    }
}
