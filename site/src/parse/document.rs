//! Front matter and Markdown → briefs, recommendations and pages.

use std::ops::Range;

use diagnostic::{Diagnostic, Diagnostics, Place};
use jiff::civil::Date;

use super::block::{Named, Written};
use super::markdown::{self, Body};
use super::settings::Settings;
use crate::html::slug;
use crate::load::Sources;
use crate::tree::{self, Fields, Node, Value};

/// Where pages stand.
pub const PAGES: &str = "content/pages/";

/// A document: what its front matter says, and its text.
#[derive(Debug)]
pub struct Document<F> {
    /// The file it comes from.
    pub file: String,
    /// The last part of its address, from the file's name.
    pub slug: String,
    /// What the front matter says.
    pub front: F,
    /// Its text.
    pub body: Body,
}

/// What every kind of document says in its front matter.
#[derive(Debug)]
pub struct Front {
    /// Its title.
    pub title: String,
    /// One or two sentences for lists and search engines.
    pub summary: String,
}

/// The front matter of a brief.
#[derive(Debug)]
pub struct Brief {
    /// Title and summary.
    pub front: Front,
    /// The line under the title, or nothing.
    pub subtitle: String,
    /// When it appears.
    pub date: Date,
    /// When it was last changed.
    pub updated: Option<Date>,
    /// Who wrote it.
    pub authors: Vec<Author>,
    /// Whether it may appear.
    pub status: Status,
    /// The day from which it may appear, if later than its date.
    pub embargo: Option<Date>,
    /// The work it retells, by its key in the bibliography.
    pub source: Option<Named>,
    /// What it is about, in a word or two each.
    pub topics: Vec<String>,
    /// Other briefs, by slug.
    pub related: Vec<Named>,
    /// What changed since publication.
    pub changes: Vec<Change>,
}

/// Who wrote a brief.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Author {
    /// By the name as it is said: Ann Author.
    Person(String),
    /// By its whole name.
    Organisation(String),
}

impl Author {
    /// The name as it is said.
    pub fn name(&self) -> &str {
        let (Self::Person(name) | Self::Organisation(name)) = self;
        name
    }
}

/// Whether a brief may appear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// On its date.
    Published,
    /// Not yet.
    Draft,
}

/// A dated note on what changed.
#[derive(Debug)]
pub struct Change {
    /// When.
    pub date: Date,
    /// What, in a line of Markdown.
    pub note: Written,
}

/// The front matter of a recommendation.
#[derive(Debug)]
pub struct Recommendation {
    /// Title and summary.
    pub front: Front,
    /// Its number in the brief.
    pub number: i64,
    /// When it was written.
    pub date: Date,
    /// Who is asked to act.
    pub asks: String,
    /// The brief it belongs to, by slug.
    pub brief: Named,
    /// The model's levers that stand for it.
    pub levers: Vec<Named>,
    /// Why there is no lever, when there is none.
    pub no_lever: String,
    /// The work that recommends it.
    pub source: Option<Named>,
    /// Where in that work.
    pub place: String,
}

/// The front matter of any other page.
#[derive(Debug)]
pub struct Page {
    /// Title and summary.
    pub front: Front,
}

impl Brief {
    /// The day from which it may be read, or never.
    pub fn appears(&self) -> Option<Date> {
        match self.status {
            Status::Draft => None,
            Status::Published => Some(self.embargo.map_or(self.date, |embargo| embargo.max(self.date))),
        }
    }
}

/// Reads a brief.
pub fn brief(
    sources: &Sources,
    file: &str,
    settings: &Settings,
    diagnostics: &mut Diagnostics,
) -> Option<Document<Brief>> {
    let read = |fields: &mut Fields<'_>, diagnostics: &mut Diagnostics| {
        let front = front(fields, diagnostics);
        let date = fields.required_date("date", diagnostics);
        let subtitle = fields.text("subtitle", diagnostics).map(|(text, _)| text).unwrap_or_default();
        let updated = fields.date("updated", diagnostics);
        let authors = authors(file, fields, diagnostics);
        let status = status(fields, diagnostics);
        let embargo = fields.date("embargo", diagnostics);
        let source = fields.text("source", diagnostics);
        let topics = fields.texts("topics", diagnostics).into_iter().map(|(topic, _)| topic).collect();
        let related = fields.texts("related", diagnostics);
        let changes = changes(file, sources.text(file).unwrap_or_default(), fields, diagnostics);
        let date = date?;
        Some(Brief { front, subtitle, date, updated, authors, status, embargo, source, topics, related, changes })
    };
    document(sources, file, "the front matter of a brief", settings, diagnostics, read, notes_of_changes)
}

fn notes_of_changes(brief: &Brief) -> Vec<&Written> {
    brief.changes.iter().map(|change| &change.note).collect()
}

/// Reads a recommendation.
pub fn recommendation(
    sources: &Sources,
    file: &str,
    settings: &Settings,
    diagnostics: &mut Diagnostics,
) -> Option<Document<Recommendation>> {
    let read = |fields: &mut Fields<'_>, diagnostics: &mut Diagnostics| {
        let front = front(fields, diagnostics);
        let number = fields.required_integer("number", diagnostics);
        let date = fields.required_date("date", diagnostics);
        let asks = fields.required_text("asks", diagnostics).0;
        let brief = fields.required_text("brief", diagnostics);
        let levers = fields.texts("levers", diagnostics);
        let no_lever = fields.text("no_lever", diagnostics).map(|(text, _)| text).unwrap_or_default();
        let source = fields.text("source", diagnostics);
        let place = fields.text("place", diagnostics).map(|(text, _)| text).unwrap_or_default();
        if levers.is_empty() && no_lever.is_empty() {
            diagnostics.push(
                Diagnostic::error("missing-key", fields.start(), "the recommendation names no lever")
                    .help("list them under `levers`, or say under `no_lever` why there is none"),
            );
        }
        let (number, date) = (number?, date?);
        Some(Recommendation { front, number, date, asks, brief, levers, no_lever, source, place })
    };
    document(sources, file, "the front matter of a recommendation", settings, diagnostics, read, |_| Vec::new())
}

/// Reads a page.
pub fn page(
    sources: &Sources,
    file: &str,
    settings: &Settings,
    diagnostics: &mut Diagnostics,
) -> Option<Document<Page>> {
    let read =
        |fields: &mut Fields<'_>, diagnostics: &mut Diagnostics| Some(Page { front: front(fields, diagnostics) });
    document(sources, file, "the front matter of a page", settings, diagnostics, read, |_| Vec::new())
}

fn document<F>(
    sources: &Sources,
    file: &str,
    what: &str,
    settings: &Settings,
    diagnostics: &mut Diagnostics,
    read: impl FnOnce(&mut Fields<'_>, &mut Diagnostics) -> Option<F>,
    remarks: impl Fn(&F) -> Vec<&Written>,
) -> Option<Document<F>> {
    let text = sources.text(file)?;
    let slug = address(file, diagnostics);
    let Some(matter) = front_matter(text) else {
        diagnostics.push(
            Diagnostic::error("no-front-matter", Place::file(file), "the file does not start with front matter")
                .help("start with a line `---`, then `title: …` and the other keys, then another line `---`"),
        );
        return None;
    };
    let front = tree::yaml(file, &text[matter.clone()], matter.start, diagnostics).and_then(|node| {
        let mut fields = Fields::new(file, what, node, diagnostics);
        let front = read(&mut fields, diagnostics);
        fields.finish(diagnostics);
        front
    });
    let remarks = front.as_ref().map(remarks).unwrap_or_default();
    let start = body_start(text, &matter);
    let body = markdown::parse(file, text, start, &remarks, &settings.allowed_html, diagnostics);
    Some(Document { file: file.to_owned(), slug, front: front?, body })
}

/// Where the text below the front matter starts; none when there is no front matter.
pub fn text_start(text: &str) -> Option<usize> {
    front_matter(text).map(|matter| body_start(text, &matter))
}

fn body_start(text: &str, matter: &Range<usize>) -> usize {
    matter.end + text[matter.end..].find('\n').map_or(text.len() - matter.end, |at| at + 1)
}

/// The bytes between the two lines `---`.
fn front_matter(text: &str) -> Option<Range<usize>> {
    let start = ["---\n", "---\r\n"].iter().find(|opening| text.starts_with(**opening))?.len();
    let mut line = start;
    while line < text.len() {
        let end = text[line..].find('\n').map_or(text.len(), |at| line + at);
        if text[line..end].trim_end() == "---" {
            return Some(start..line);
        }
        line = end + 1;
    }
    None
}

/// The file's name as the last part of an address; that of a page starts with its folders.
fn address(file: &str, diagnostics: &mut Diagnostics) -> String {
    let name = file.rsplit('/').next().unwrap_or(file);
    let path = file.strip_prefix(PAGES).unwrap_or(name);
    let stem = path.strip_suffix(".md").unwrap_or(path);
    let address = stem.split('/').map(slug).collect::<Vec<_>>().join("/");
    if address != stem {
        diagnostics.push(
            Diagnostic::error("bad-file-name", Place::file(file), format!("`{path}` makes no good address"))
                .help(format!("rename it to `{address}.md`: lower-case letters, digits and hyphens")),
        );
    }
    address
}

fn front(fields: &mut Fields<'_>, diagnostics: &mut Diagnostics) -> Front {
    Front {
        title: fields.required_text("title", diagnostics).0,
        summary: fields.required_text("summary", diagnostics).0,
    }
}

fn authors(file: &str, fields: &mut Fields<'_>, diagnostics: &mut Diagnostics) -> Vec<Author> {
    let Some(node) = fields.required("authors", diagnostics) else { return Vec::new() };
    match node.value {
        Value::List(items) if !items.is_empty() => {
            items.into_iter().filter_map(|item| author(file, fields, item, diagnostics)).collect()
        }
        _ => {
            let place = fields.place(node.span);
            diagnostics.push(
                Diagnostic::error("wrong-type", place, "`authors` should be a list of names").help(
                    "write authors: [First Author, Second Author], an organisation as { organisation: Its Name }",
                ),
            );
            Vec::new()
        }
    }
}

fn author(file: &str, fields: &Fields<'_>, node: Node, diagnostics: &mut Diagnostics) -> Option<Author> {
    if let Value::Table(_) = node.value {
        let mut table = Fields::new(file, "an author", node, diagnostics);
        let name = table.required_text("organisation", diagnostics).0;
        table.finish(diagnostics);
        return Some(Author::Organisation(name)).filter(|author| !author.name().is_empty());
    }
    fields.as_text(node, diagnostics).map(|(name, _)| Author::Person(name))
}

fn status(fields: &mut Fields<'_>, diagnostics: &mut Diagnostics) -> Status {
    match fields.text("status", diagnostics) {
        None => Status::Published,
        Some((status, span)) => match status.as_str() {
            "published" => Status::Published,
            "draft" => Status::Draft,
            other => {
                let place = fields.place(span);
                diagnostics.push(
                    Diagnostic::error("unknown-status", place, format!("there is no status `{other}`"))
                        .help(diagnostic::suggestion(other, ["published", "draft"])),
                );
                // What is not clearly meant for readers does not reach them.
                Status::Draft
            }
        },
    }
}

fn changes(file: &str, source: &str, fields: &mut Fields<'_>, diagnostics: &mut Diagnostics) -> Vec<Change> {
    let mut changes = Vec::new();
    for node in fields.list("changes", diagnostics) {
        let mut change = Fields::new(file, "a change", node, diagnostics);
        let date = change.required_date("date", diagnostics);
        let (note, span) = change.required_text("note", diagnostics);
        change.finish(diagnostics);
        let note = Written::of_node(note, source.get(span.clone()).unwrap_or_default(), &span);
        changes.extend(date.map(|date| Change { date, note }));
    }
    changes
}
