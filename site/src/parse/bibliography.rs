//! `content/references.bib` → the works that may be cited.

use std::collections::BTreeMap;
use std::ops::Range;

use biblatex::{Bibliography, ChunksExt, Entry, PermissiveType, RawBibliography, RetrievalError};
use diagnostic::{Diagnostic, Diagnostics, Place};
use hayagriva::citationberg::json::Item;
use serde_json::{Map, Value};

use super::csl::csl_json;
use crate::load::Sources;

/// Stands for authors who are not named, “and others” in the file, until a style has set the names around it.
pub const UNNAMED: char = '\u{e000}';

/// Where the works stand.
pub const FILE: &str = "content/references.bib";

/// The works that may be cited.
#[derive(Debug, Default)]
pub struct Works {
    by_key: BTreeMap<String, Work>,
    /// Whether the file has a mistake that leaves nothing of it: then no key can be said to be wrong.
    pub unread: bool,
}

/// A work that may be cited.
#[derive(Clone, Debug)]
pub struct Work {
    /// As the editor wrote it.
    pub entry: Entry,
    /// Where its key stands.
    pub span: Range<usize>,
    /// As citation styles take it.
    pub item: Item,
}

impl Works {
    /// The work of this key.
    pub fn get(&self, key: &str) -> Option<&Work> {
        self.by_key.get(key)
    }

    /// All keys, in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.by_key.keys().map(String::as_str)
    }

    /// All works with their keys, in order of these.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Work)> {
        self.by_key.iter().map(|(key, work)| (key.as_str(), work))
    }
}

impl Work {
    fn new(entry: Entry, span: Range<usize>) -> Self {
        let item = item(csl_json(&entry));
        Self { entry, span, item }
    }
}

/// A work in CSL-JSON as the citation library takes it.
pub fn item(mut work: Map<String, Value>) -> Item {
    prepare(&mut work);
    serde_json::from_value(Value::Object(work)).expect("CSL-JSON reads as a CSL item")
}

/// Puts a work so that the citation library prints it right.
fn prepare(work: &mut Map<String, Value>) {
    // Titles keep their capitals: styles change only those of works in English.
    work.insert("language".to_owned(), Value::from("zxx"));
    // Editors who stand in for authors are printed as if they were no names.
    if !work.contains_key("author")
        && let Some(editors) = work.remove("editor")
    {
        work.insert("author".to_owned(), editors);
    }
    // A paper is not printed with its conference twice.
    if work.contains_key("event-title") && work.get("event-title") == work.get("container-title") {
        work.remove("container-title");
    }
    // A family name of several words is cut at the first that looks like a particle, unless it has one already.
    let people = work.iter_mut().filter(|(field, _)| ["author", "editor", "translator"].contains(&field.as_str()));
    let names = people.filter_map(|(_, names)| names.as_array_mut()).flatten().filter_map(Value::as_object_mut);
    for name in names {
        if name.get("literal").and_then(Value::as_str) == Some("others") {
            name.insert("literal".to_owned(), Value::from(UNNAMED.to_string()));
        }
        if let Some((first, rest)) = name.get("family").and_then(Value::as_str).and_then(|name| name.split_once(' '))
            && !name.contains_key("non-dropping-particle")
        {
            let (first, rest) = (Value::from(first), Value::from(rest));
            name.insert("non-dropping-particle".to_owned(), first);
            name.insert("family".to_owned(), rest);
        }
    }
}

/// Reads the works. A site without citations needs no such file.
pub fn bibliography(sources: &Sources, diagnostics: &mut Diagnostics) -> Works {
    let Some(text) = sources.text(FILE) else { return Works::default() };
    let read = RawBibliography::parse(text).and_then(|raw| {
        let spans: BTreeMap<String, Range<usize>> =
            raw.entries.iter().map(|entry| (entry.v.key.v.to_owned(), entry.v.key.span.clone())).collect();
        Ok((Bibliography::from_raw(raw)?, spans))
    });
    let (bibliography, spans) = match read {
        Ok(read) => read,
        Err(error) => {
            diagnostics.push(
                Diagnostic::error(
                    "bibliography-syntax",
                    Place::new(FILE, error.span),
                    format!("this work cannot be read: {}", error.kind),
                )
                .help("an entry reads @report{key, author = {…}, title = {…}, date = {…}, institution = {…}}"),
            );
            return Works { unread: true, ..Works::default() };
        }
    };
    let mut works = Works::default();
    for entry in bibliography {
        misread_dates(&entry, diagnostics);
        let span = spans.get(&entry.key).cloned().unwrap_or_default();
        works.by_key.insert(entry.key.clone(), Work::new(entry, span));
    }
    works
}

/// Says which dates are none: a work would be printed without its year.
fn misread_dates(entry: &Entry, diagnostics: &mut Diagnostics) {
    let dates = [("date", entry.date()), ("urldate", entry.url_date()), ("eventdate", entry.event_date())];
    for (name, date) in dates {
        if matches!(date, Ok(PermissiveType::Typed(_)) | Err(RetrievalError::Missing(_))) {
            continue;
        }
        let span = entry.get(name).or_else(|| entry.get("year")).map(ChunksExt::span).unwrap_or_default();
        diagnostics.push(
            Diagnostic::error(
                "bad-date",
                Place::new(FILE, span),
                format!("the `{name}` of `{}` is no date", entry.key),
            )
            .help("write 2011, 2011-07 or 2011-07-04; leave the date out when it is not known, and say so in `note`"),
        );
    }
}
