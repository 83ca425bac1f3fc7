//! Markdown text → [`Body`]: HTML with typed holes where something must be looked up before it can be printed.
//!
//! A hole is a link, citation, cross-reference, figure or image; what it means is known only when all documents are
//! read. Everything else is final here. Byte offsets are kept for every hole.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use diagnostic::{Diagnostic, Diagnostics, Place};
use pulldown_cmark::{
    Alignment, BlockQuoteKind, CodeBlockKind, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html,
};

use super::block::{self, Block, Written};
use super::citation::{self, Citation, Piece};
use crate::html::{escape, slug};
use crate::number;

/// A document's text, ready but for its holes.
#[derive(Debug, Default)]
pub struct Body {
    /// The text in order.
    pub segments: Vec<Segment>,
    /// The footnotes in the order of their first reference; the first is number 1.
    pub notes: Vec<Note>,
    /// The headings in order.
    pub headings: Vec<Heading>,
    /// What [`Segment::Link`] and [`Segment::Image`] point to.
    pub links: Vec<Link>,
    /// What [`Segment::Citation`] cites.
    pub citations: Vec<Citation>,
    /// What [`Segment::Reference`] refers to.
    pub references: Vec<Reference>,
    /// What [`Segment::Block`] shows.
    pub blocks: Vec<Block>,
    /// What is written under each of the blocks.
    pub legends: Vec<Legend>,
    /// What the front matter says in Markdown, each a line.
    pub remarks: Vec<Vec<Segment>>,
    /// Words of running text.
    pub words: usize,
}

/// A stretch of a document.
#[derive(Clone, Debug, PartialEq)]
pub enum Segment {
    /// Final HTML.
    Html(String),
    /// The opening tag of the link with this index; its closing tag is in the HTML that follows.
    Link(usize),
    /// The image with this index among the links, and its alternative text.
    Image(usize, String),
    /// The citation with this index.
    Citation(usize),
    /// The cross-reference with this index.
    Reference(usize),
    /// The figure, table or explorer with this index.
    Block(usize),
}

/// What is written under a figure, table or explorer.
#[derive(Debug, Default)]
pub struct Legend {
    /// Under its title.
    pub caption: Vec<Segment>,
    /// Under it all, or nothing.
    pub note: Vec<Segment>,
}

/// A footnote.
#[derive(Debug, Default)]
pub struct Note {
    /// Its text.
    pub segments: Vec<Segment>,
    /// How often the text refers to it; each reference has an anchor.
    pub uses: usize,
}

/// A heading.
#[derive(Debug, PartialEq)]
pub struct Heading {
    /// 2 to 6.
    pub level: u8,
    /// Its anchor.
    pub id: String,
    /// What its editor says of it: `{.unmarked}`.
    pub classes: Vec<String>,
    /// Its words, without markup.
    pub text: String,
    /// Where it stands.
    pub span: Range<usize>,
}

/// A link or an image as written.
#[derive(Debug, PartialEq)]
pub struct Link {
    /// The address as written.
    pub target: String,
    /// Its words, without markup.
    pub text: String,
    /// The link text too.
    pub span: Range<usize>,
    /// The tooltip, or nothing.
    pub title: String,
}

/// A cross-reference such as `@fig-imports`.
#[derive(Debug, PartialEq)]
pub struct Reference {
    /// The id without `@`.
    pub id: String,
    /// Where it stands.
    pub span: Range<usize>,
}

/// Levels of nesting that a text may have.
const DEEPEST: usize = 64;

/// The events not yet read.
type Rest<'a> = std::vec::IntoIter<(Event<'a>, Range<usize>)>;

/// Anchors that the templates use for themselves.
const RESERVED: [&str; 11] = [
    "brief-changes",
    "brief-recommendations",
    "brief-related",
    "contents",
    "contents-title",
    "footnotes-title",
    "levers-title",
    "main",
    "recommendation-source",
    "references",
    "top",
];

/// How the anchors begin of what has a number or a name of its own: footnotes, references, figures, tables, explorers,
/// levers, terms, and what the page of a model adds to its text.
const RESERVED_BEGINNINGS: [&str; 10] =
    ["cite-", "fn-", "fnref-", "ref-", "fig-", "tbl-", "exp-", "lever-", "method-", "term-"];

/// Marks a hole in the HTML until it is cut into segments; private-use characters, which documents do not contain.
const OPEN: char = '\u{f8f0}';
const CLOSE: char = '\u{f8f1}';
/// Stands for an `@` that the editor escaped.
const ESCAPED_AT: char = '\u{f8f2}';

/// Reads the Markdown in `source` from byte `start` on, and the `remarks` of its front matter.
pub fn parse(
    file: &str,
    source: &str,
    start: usize,
    remarks: &[&Written],
    allowed_html: &BTreeSet<String>,
    diagnostics: &mut Diagnostics,
) -> Body {
    let events = events(source, start);
    if let Some(span) = too_deep(&events) {
        diagnostics.push(
            Diagnostic::error(
                "too-deep",
                Place::new(file, span),
                format!("the text is nested more than {DEEPEST} levels deep here"),
            )
            .help("lists in lists, quotes in quotes and emphasis in emphasis have an end somewhere: flatten them"),
        );
        return Body::default();
    }
    let mut reader = Reader::new(file, source, allowed_html, diagnostics);
    reader.numbers = note_numbers(&events);
    reader.read(events);
    for remark in remarks {
        let segments = reader.inline(remark);
        reader.body.remarks.push(segments);
    }
    reader.body
}

/// What the Markdown in `source` from byte `start` on consists of, each piece with its bytes.
pub fn events(source: &str, start: usize) -> Vec<(Event<'_>, Range<usize>)> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_SMART_PUNCTUATION
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_GFM
        | Options::ENABLE_DEFINITION_LIST;
    Parser::new_ext(&source[start..], options)
        .into_offset_iter()
        .map(|(event, span)| (event, span.start + start..span.end + start))
        .collect()
}

/// What a line of [`Written`] consists of: its paragraph and the bracket in front are not part of it.
pub fn inline_events(line: &str) -> Vec<(Event<'_>, Range<usize>)> {
    let mut events = events(line, 0);
    events.retain(|(event, _)| !matches!(event, Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph)));
    if let Some((Event::Text(text), span)) = events.first_mut() {
        *text = CowStr::from(text[1..].to_owned());
        span.start += 1;
    }
    events
}

/// The first place that is nested deeper than any text needs; what prints pages may count on that.
fn too_deep(events: &[(Event<'_>, Range<usize>)]) -> Option<Range<usize>> {
    let mut depth = 0_usize;
    for (event, span) in events {
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            return Some(span.start..span.start + 1);
        }
    }
    None
}

/// Numbers footnotes by their first reference in the text; those only other notes refer to come last.
fn note_numbers(events: &[(Event<'_>, Range<usize>)]) -> BTreeMap<String, usize> {
    let mut in_note = false;
    let (mut from_text, mut from_notes) = (Vec::new(), Vec::new());
    for (event, _) in events {
        match event {
            Event::Start(Tag::FootnoteDefinition(_)) => in_note = true,
            Event::End(TagEnd::FootnoteDefinition) => in_note = false,
            Event::FootnoteReference(label) if in_note => from_notes.push(label.to_string()),
            Event::FootnoteReference(label) => from_text.push(label.to_string()),
            _ => {}
        }
    }
    let mut numbers = BTreeMap::new();
    for label in from_text.into_iter().chain(from_notes) {
        let next = numbers.len() + 1;
        numbers.entry(label).or_insert(next);
    }
    numbers
}

struct Reader<'a> {
    file: &'a str,
    source: &'a str,
    allowed_html: &'a BTreeSet<String>,
    diagnostics: &'a mut Diagnostics,
    body: Body,
    numbers: BTreeMap<String, usize>,
    ids: BTreeSet<String>,
    columns: Vec<Alignment>,
    column: usize,
    header: bool,
    /// The links around what is being read, by their index.
    open_links: Vec<usize>,
}

impl<'a> Reader<'a> {
    fn new(
        file: &'a str,
        source: &'a str,
        allowed_html: &'a BTreeSet<String>,
        diagnostics: &'a mut Diagnostics,
    ) -> Self {
        Self {
            file,
            source,
            allowed_html,
            diagnostics,
            body: Body::default(),
            numbers: BTreeMap::new(),
            ids: BTreeSet::new(),
            columns: Vec::new(),
            column: 0,
            header: false,
            open_links: Vec::new(),
        }
    }

    fn read(&mut self, events: Vec<(Event<'a>, Range<usize>)>) {
        self.body.notes.resize_with(self.numbers.len(), Note::default);
        let mut main = Vec::with_capacity(events.len());
        let mut note: Option<(Option<usize>, Vec<Event<'a>>)> = None;
        let mut events = events.into_iter();
        while let Some((event, span)) = events.next() {
            match event {
                Event::Start(Tag::FootnoteDefinition(label)) => {
                    let number = self.numbers.get(label.as_ref()).copied();
                    if number.is_none() {
                        self.unused_note(&label, span);
                    }
                    note = Some((number, Vec::new()));
                }
                Event::End(TagEnd::FootnoteDefinition) => {
                    if let Some((Some(number), events)) = note.take() {
                        self.body.notes[number - 1].segments = segments(events);
                    }
                }
                event => {
                    let mut out =
                        note.as_mut().map_or_else(|| std::mem::take(&mut main), |(_, out)| std::mem::take(out));
                    self.event(event, span, &mut events, &mut out);
                    match &mut note {
                        Some((_, events)) => *events = out,
                        None => main = out,
                    }
                }
            }
        }
        self.body.segments = segments(main);
    }

    fn event(&mut self, event: Event<'a>, span: Range<usize>, rest: &mut Rest<'a>, out: &mut Vec<Event<'a>>) {
        match event {
            Event::Text(_) | Event::SoftBreak => self.text(event, span, rest, out),
            Event::Start(Tag::Heading { level, id, classes, .. }) => {
                let classes = classes.iter().map(|class| class.to_string()).collect();
                self.heading(level, id, classes, span, rest, out);
            }
            Event::Start(Tag::CodeBlock(kind)) => self.code(&kind, span, rest, out),
            Event::Start(Tag::Link { dest_url, title, .. }) => {
                let index = self.link(&dest_url, &title, span);
                self.open_links.push(index);
                out.push(hole('L', index, ""));
            }
            Event::End(TagEnd::Link) => {
                let closed = self.open_links.pop().map(|index| &self.body.links[index].target);
                out.push(raw(if closed.is_some_and(|target| number::is_number(target)) {
                    "</a></data>"
                } else {
                    "</a>"
                }));
            }
            Event::Code(text) => {
                self.link_text(&text);
                out.push(Event::Code(text));
            }
            Event::Start(Tag::Image { dest_url, title, .. }) => {
                let index = self.link(&dest_url, &title, span.clone());
                let alternative = plain_text_until(rest, TagEnd::Image);
                if alternative.trim().is_empty() {
                    self.diagnostics.push(
                        Diagnostic::error(
                            "missing-alt",
                            Place::new(self.file, span),
                            "this image has no alternative text",
                        )
                        .help("write what it shows: ![what it shows](file.png)"),
                    );
                }
                out.push(hole('I', index, &escape(&alternative)));
            }
            Event::FootnoteReference(label) => self.note_reference(&label, out),
            Event::Start(Tag::BlockQuote(Some(kind))) => callout(kind, rest, out),
            Event::End(TagEnd::BlockQuote(Some(_))) => out.push(raw("</aside>\n")),
            Event::Start(Tag::Table(alignments)) => {
                self.columns = alignments;
                out.push(raw(format!(
                    "<div class=\"table-scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{}\"><table>",
                    escape(&table_name(rest.as_slice()))
                )));
            }
            Event::End(TagEnd::Table) => out.push(raw("</tbody></table></div>\n")),
            Event::Start(Tag::TableHead) => {
                self.header = true;
                self.column = 0;
                out.push(raw("<thead><tr>"));
            }
            Event::End(TagEnd::TableHead) => {
                self.header = false;
                out.push(raw("</tr></thead><tbody>\n"));
            }
            Event::Start(Tag::TableRow) => {
                self.column = 0;
                out.push(raw("<tr>"));
            }
            Event::End(TagEnd::TableRow) => out.push(raw("</tr>\n")),
            Event::Start(Tag::TableCell) => {
                let class = match self.columns.get(self.column) {
                    Some(Alignment::Right) => " class=\"number\"",
                    Some(Alignment::Center) => " class=\"centre\"",
                    _ => "",
                };
                let tag = if self.header { format!("<th scope=\"col\"{class}>") } else { format!("<td{class}>") };
                self.column += 1;
                out.push(raw(tag));
            }
            Event::End(TagEnd::TableCell) => out.push(raw(if self.header { "</th>" } else { "</td>" })),
            Event::Start(Tag::HtmlBlock) | Event::End(TagEnd::HtmlBlock) => {}
            Event::Html(text) | Event::InlineHtml(text) => self.raw_html(&text, span, out),
            other => out.push(other),
        }
    }

    /// Joins neighbouring text (the parser cuts it at brackets and quotes) and finds citations and cross-references.
    fn text(&mut self, first: Event<'a>, span: Range<usize>, rest: &mut Rest<'a>, out: &mut Vec<Event<'a>>) {
        let mut text = String::new();
        let mut end = span.end;
        self.join(&mut text, &first, span.start);
        while let Some((event @ (Event::Text(_) | Event::SoftBreak), next)) = rest.as_slice().first() {
            self.join(&mut text, event, next.start);
            end = next.end;
            rest.next();
        }
        self.body.words += text.split_whitespace().count();
        self.link_text(&restored(&text));
        if !self.open_links.is_empty() || !text.contains('@') && !text.contains("[^") {
            out.push(Event::Text(restored(&text).into()));
            return;
        }
        self.unknown_notes(&text, span.start..end);
        let mut cursor = span.start;
        for piece in citation::scan(&text) {
            match piece {
                Piece::Text(text) => out.push(Event::Text(restored(text).into())),
                Piece::Reference(id) => {
                    let span = self.locate(&format!("@{id}"), &mut cursor, end);
                    self.body.references.push(Reference { id: id.to_owned(), span });
                    out.push(hole('R', self.body.references.len() - 1, ""));
                }
                Piece::Citation(mut citation) => {
                    for item in &mut citation.items {
                        item.span = self.locate(&format!("@{}", item.key), &mut cursor, end);
                    }
                    self.body.citations.push(citation);
                    out.push(hole('C', self.body.citations.len() - 1, ""));
                }
            }
        }
    }

    fn join(&self, text: &mut String, event: &Event<'_>, start: usize) {
        match event {
            Event::Text(piece) if start > 0 && self.source.as_bytes()[start - 1] == b'\\' && piece.starts_with('@') => {
                text.push(ESCAPED_AT);
                text.push_str(&piece[1..]);
            }
            Event::Text(piece) => text.extend(piece.chars().filter(|c| !(OPEN..=ESCAPED_AT).contains(c))),
            _ => text.push('\n'),
        }
    }

    /// Where `wanted` stands in the source between `cursor` and `end`.
    fn locate(&self, wanted: &str, cursor: &mut usize, end: usize) -> Range<usize> {
        let from = self.source.floor_char_boundary(*cursor);
        let until = self.source.floor_char_boundary(end).max(from);
        match self.source[from..until].find(wanted) {
            Some(found) => {
                let start = from + found;
                *cursor = start + wanted.len();
                start..*cursor
            }
            None => from..until,
        }
    }

    fn heading(
        &mut self,
        level: HeadingLevel,
        id: Option<CowStr<'a>>,
        classes: Vec<String>,
        span: Range<usize>,
        rest: &mut Rest<'a>,
        out: &mut Vec<Event<'a>>,
    ) {
        let span = self.without_line_end(span);
        if level == HeadingLevel::H1 {
            self.diagnostics.push(
                Diagnostic::error(
                    "top-heading",
                    Place::new(self.file, span.clone()),
                    "headings in the text start at `##`",
                )
                .help("the title in the front matter is the page's only heading of the first level"),
            );
        }
        let mut inner = Vec::new();
        let mut text = String::new();
        while let Some((event, at)) = rest.next() {
            match event {
                Event::End(TagEnd::Heading(_)) => break,
                Event::Code(piece) => {
                    text.push_str(&piece);
                    inner.push(Event::Code(piece));
                }
                Event::Text(piece) => {
                    let before = inner.len();
                    // Takes the text after it too, which the parser cuts at quotes.
                    self.event(Event::Text(piece), at, rest, &mut inner);
                    text.extend(inner[before..].iter().filter_map(|event| match event {
                        Event::Text(piece) => Some(piece.as_ref()),
                        _ => None,
                    }));
                }
                other => self.event(other, at, rest, &mut inner),
            }
        }
        let id = self.heading_id(id.as_deref(), &text, span.clone());
        let level = level as u8;
        out.push(raw(format!("<h{level} id=\"{}\">", escape(&id))));
        out.append(&mut inner);
        out.push(raw(format!(
            " <a class=\"anchor\" href=\"#{}\" aria-label=\"Link to this section\">#</a></h{level}>\n",
            escape(&id)
        )));
        self.body.headings.push(Heading { level, id, classes, text, span });
    }

    fn without_line_end(&self, span: Range<usize>) -> Range<usize> {
        span.start..span.start + self.source[span.clone()].trim_end().len()
    }

    fn heading_id(&mut self, written: Option<&str>, text: &str, span: Range<usize>) -> String {
        if let Some(written) = written {
            if is_reserved(written) || !self.ids.insert(written.to_owned()) {
                self.diagnostics.push(
                    Diagnostic::error(
                        "duplicate-anchor",
                        Place::new(self.file, span),
                        format!("the anchor `{written}` is taken"),
                    )
                    .help("give this heading another one: {#another-name}"),
                );
            }
            return written.to_owned();
        }
        let base = match slug(text) {
            empty if empty.is_empty() => "section".to_owned(),
            base if is_reserved(&base) => format!("section-{base}"),
            base => base,
        };
        let mut id = base.clone();
        let mut count = 1;
        while !self.ids.insert(id.clone()) {
            count += 1;
            id = format!("{base}-{count}");
        }
        id
    }

    fn code(&mut self, kind: &CodeBlockKind<'a>, span: Range<usize>, rest: &mut Rest<'a>, out: &mut Vec<Event<'a>>) {
        let language = match kind {
            CodeBlockKind::Fenced(info) => info.split_whitespace().next().unwrap_or_default().to_owned(),
            CodeBlockKind::Indented => String::new(),
        };
        let mut text = String::new();
        let mut start = None;
        for (event, span) in rest.by_ref() {
            match event {
                Event::End(TagEnd::CodeBlock) => break,
                Event::Text(piece) => {
                    start.get_or_insert(span.start);
                    text.push_str(&piece);
                }
                _ => {}
            }
        }
        let Some(kind) = block::Kind::named(&language) else {
            let class =
                if language.is_empty() { String::new() } else { format!(" class=\"language-{}\"", escape(&language)) };
            out.push(raw(format!("<pre tabindex=\"0\"><code{class}>{}</code></pre>\n", escape(&text))));
            return;
        };
        let offset = start.unwrap_or(span.start);
        if let Some(block) = block::parse(kind, self.file, &text, offset, span, self.diagnostics) {
            if !self.ids.insert(block.id().to_owned()) {
                let place = Place::new(self.file, block.id_span());
                let mistake = Diagnostic::error("duplicate-anchor", place, format!("the id `{}` is taken", block.id()));
                self.diagnostics.push(mistake.help("give this block another id"));
            }
            let caption = self.inline(&block.common().caption);
            let note = self.inline(&block.common().note);
            self.body.legends.push(Legend { caption, note });
            self.body.blocks.push(block);
            out.push(hole('B', self.body.blocks.len() - 1, ""));
        }
    }

    /// Reads what is written in a block as part of the text, every place in it as a place of the file.
    fn inline(&mut self, written: &Written) -> Vec<Segment> {
        let line = written.line();
        let mut found = Diagnostics::new();
        let mut reader = Reader::new(self.file, &line, self.allowed_html, &mut found);
        reader.read(inline_events(&line));
        let Body { segments, links, citations, references, .. } = reader.body;
        self.diagnostics.extend(found.into_iter().map(|mut mistake| {
            mistake.place = mistake.place.map(|place| Place::new(&place.file, written.place(&place.span())));
            mistake
        }));
        let (first_link, first_citation, first_reference) =
            (self.body.links.len(), self.body.citations.len(), self.body.references.len());
        self.body.links.extend(links.into_iter().map(|link| Link { span: written.place(&link.span), ..link }));
        self.body.references.extend(
            references.into_iter().map(|reference| Reference { span: written.place(&reference.span), ..reference }),
        );
        self.body.citations.extend(citations.into_iter().map(|mut citation| {
            citation.items.iter_mut().for_each(|item| item.span = written.place(&item.span));
            citation
        }));
        let moved = |segment| match segment {
            Segment::Link(index) => Segment::Link(first_link + index),
            Segment::Image(index, alternative) => Segment::Image(first_link + index, alternative),
            Segment::Citation(index) => Segment::Citation(first_citation + index),
            Segment::Reference(index) => Segment::Reference(first_reference + index),
            other => other,
        };
        segments.into_iter().map(moved).collect()
    }

    fn link(&mut self, target: &str, title: &str, span: Range<usize>) -> usize {
        self.body.links.push(Link { target: target.to_owned(), text: String::new(), title: title.to_owned(), span });
        self.body.links.len() - 1
    }

    /// Adds to the words of the link that is being read, if one is.
    fn link_text(&mut self, text: &str) {
        if let Some(index) = self.open_links.last() {
            self.body.links[*index].text.push_str(text);
        }
    }

    fn note_reference(&mut self, label: &str, out: &mut Vec<Event<'a>>) {
        let Some(&number) = self.numbers.get(label) else { return };
        let uses = &mut self.body.notes[number - 1].uses;
        *uses += 1;
        let anchor = if *uses == 1 { format!("fnref-{number}") } else { format!("fnref-{number}-{uses}") };
        out.push(raw(format!(
            "<sup class=\"footnote-ref\"><a href=\"#fn-{number}\" id=\"{anchor}\" \
             aria-describedby=\"footnotes-title\">{number}</a></sup>"
        )));
    }

    /// Markup in the text is shown as text, save the elements that the site allows; comments are dropped.
    fn raw_html(&mut self, text: &str, span: Range<usize>, out: &mut Vec<Event<'a>>) {
        let tag = text.trim();
        if tag.starts_with("<!--") && tag.ends_with("-->") {
            return;
        }
        let name = tag.trim_start_matches("</").trim_start_matches('<').trim_end_matches('>');
        if self.allowed_html.contains(name) {
            out.push(raw(tag.to_owned()));
            return;
        }
        self.diagnostics.push(
            Diagnostic::warning("raw-html", Place::new(self.file, span), "HTML in the text is shown as text")
                .help("write Markdown, or allow the element under `allowed_html` in content/site.toml"),
        );
        out.push(Event::Text(text.to_owned().into()));
    }

    fn unused_note(&mut self, label: &str, span: Range<usize>) {
        let end = self.source[span.clone()].find(':').map_or(span.end, |colon| span.start + colon);
        self.diagnostics.push(
            Diagnostic::warning(
                "unused-footnote",
                Place::new(self.file, span.start..end),
                format!("nothing refers to the footnote `{label}`, so it is left out"),
            )
            .help(format!("write [^{label}] where it belongs, or delete it")),
        );
    }

    /// The parser leaves a reference without a definition as text.
    fn unknown_notes(&mut self, text: &str, span: Range<usize>) {
        let mut cursor = span.start;
        for (at, _) in text.match_indices("[^") {
            let Some(length) = text[at..].find(']') else { continue };
            let label = &text[at + 2..at + length];
            let place = self.locate(&format!("[^{label}]"), &mut cursor, span.end);
            self.diagnostics.push(
                Diagnostic::error(
                    "unknown-footnote",
                    Place::new(self.file, place),
                    format!("there is no footnote `{label}`"),
                )
                .help(format!("add a line that starts with [^{label}]:")),
            );
        }
    }
}

fn is_reserved(anchor: &str) -> bool {
    RESERVED.contains(&anchor) || RESERVED_BEGINNINGS.iter().any(|beginning| anchor.starts_with(beginning))
}

/// What a table is called where it is not seen: after its columns.
fn table_name(events: &[(Event<'_>, Range<usize>)]) -> String {
    let mut names: Vec<String> = Vec::new();
    for (event, _) in events {
        match event {
            Event::End(TagEnd::TableHead) => break,
            Event::Start(Tag::TableCell) => names.push(String::new()),
            Event::Text(text) | Event::Code(text) => {
                if let Some(name) = names.last_mut() {
                    name.push_str(text);
                }
            }
            _ => {}
        }
    }
    names.retain(|name| !name.trim().is_empty());
    if names.is_empty() { "Table".to_owned() } else { format!("Table: {}", names.join(", ")) }
}

fn raw<'a>(html: impl Into<CowStr<'a>>) -> Event<'a> {
    Event::InlineHtml(html.into())
}

fn hole<'a>(kind: char, index: usize, extra: &str) -> Event<'a> {
    raw(format!("{OPEN}{kind}{index} {extra}{CLOSE}"))
}

fn restored(text: &str) -> String {
    text.replace(ESCAPED_AT, "@")
}

fn plain_text_until<'a>(rest: &mut Rest<'a>, end: TagEnd) -> String {
    let mut text = String::new();
    for (event, _) in rest.by_ref() {
        match event {
            Event::End(tag) if tag == end => break,
            Event::Text(piece) | Event::Code(piece) => text.push_str(&piece),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            _ => {}
        }
    }
    text
}

/// Opens a callout. A first paragraph of nothing but bold text is its title, in place of the kind's name.
fn callout<'a>(kind: BlockQuoteKind, rest: &mut Rest<'a>, out: &mut Vec<Event<'a>>) {
    let (class, name) = match kind {
        BlockQuoteKind::Note => ("note", "Note"),
        BlockQuoteKind::Tip => ("tip", "Tip"),
        BlockQuoteKind::Important => ("important", "Important"),
        BlockQuoteKind::Warning => ("warning", "Warning"),
        BlockQuoteKind::Caution => ("caution", "Caution"),
    };
    let written = match rest.as_slice() {
        [
            (Event::Start(Tag::Paragraph), _),
            (Event::Start(Tag::Strong), _),
            (Event::Text(title), _),
            (Event::End(TagEnd::Strong), _),
            (Event::End(TagEnd::Paragraph), _),
            ..,
        ] => Some(escape(title)),
        _ => None,
    };
    if written.is_some() {
        rest.nth(4);
    }
    let title = written.as_deref().unwrap_or(name);
    out.push(raw(format!("<aside class=\"callout callout-{class}\"><p class=\"callout-title\">{title}</p>\n")));
}

/// Prints the events and cuts the HTML at its holes.
fn segments(events: Vec<Event<'_>>) -> Vec<Segment> {
    let mut printed = String::new();
    html::push_html(&mut printed, events.into_iter());
    let mut segments = Vec::new();
    let mut rest = printed.as_str();
    while let Some(open) = rest.find(OPEN) {
        if open > 0 {
            segments.push(Segment::Html(rest[..open].to_owned()));
        }
        let inner = &rest[open + OPEN.len_utf8()..];
        let close = inner.find(CLOSE).expect("a hole is written whole");
        segments.push(segment(&inner[..close]));
        rest = &inner[close + CLOSE.len_utf8()..];
    }
    if !rest.is_empty() {
        segments.push(Segment::Html(rest.to_owned()));
    }
    segments
}

fn segment(hole: &str) -> Segment {
    let (head, extra) = hole.split_once(' ').expect("a hole has a space after its index");
    let index = head[1..].parse().expect("a hole has an index");
    match head.as_bytes()[0] {
        b'L' => Segment::Link(index),
        b'I' => Segment::Image(index, extra.to_owned()),
        b'C' => Segment::Citation(index),
        b'R' => Segment::Reference(index),
        _ => Segment::Block(index),
    }
}
