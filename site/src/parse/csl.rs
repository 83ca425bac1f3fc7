//! A work as BibLaTeX has it → the same work in CSL-JSON, in which citation styles, reference managers and readers'
//! programs take it.
//!
//! The kinds and fields go where Pandoc puts them, with three differences: titles keep the capitals that the editor gave
//! them, a particle stays with its family name (“van der Steeg”), and a report's number joins its kind.

use biblatex::{ChunksExt, Date, DateValue, Datetime, EditorType, Entry, EntryType, PermissiveType, Person};
use serde_json::{Map, Value, json};

/// The work in CSL-JSON, with `key` as its id.
pub fn csl_json(work: &Entry) -> Map<String, Value> {
    let kind = kind(work);
    let mut item = Map::new();
    let mut set = |name: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            item.insert(name.to_owned(), json!(value));
        }
    };
    let is_part = matches!(kind, "chapter" | "paper-conference" | "entry-encyclopedia");
    let number = text(work, &["number"]);
    set("id", Some(work.key.clone()));
    set("type", Some(kind.to_owned()));
    set("title", titled(work, "title", "subtitle"));
    let container = ["journaltitle", "journal"].iter().find_map(|name| titled(work, name, "journalsubtitle"));
    set("container-title", container.or_else(|| titled(work, "booktitle", "booksubtitle")));
    set("collection-title", text(work, &["series"]));
    set("volume", text(work, &["volume"]));
    match kind {
        "report" => match text(work, &["type"]) {
            Some(genre) => set("genre", Some(number.map_or(genre.clone(), |number| format!("{genre} {number}")))),
            None => set("number", number),
        },
        "thesis" => set("genre", Some(thesis(work))),
        "article-journal" | "article-magazine" | "article-newspaper" => {
            set("genre", text(work, &["type"]));
            set("issue", number.or_else(|| text(work, &["issue"])));
        }
        "book" | "chapter" | "paper-conference" => {
            set("genre", text(work, &["type"]));
            set("collection-number", number);
        }
        _ => {
            set("genre", text(work, &["type"]));
            set("number", number);
        }
    }
    set("edition", text(work, &["edition"]));
    set("version", text(work, &["version"]));
    set("chapter-number", text(work, &["chapter"]).filter(|_| is_part));
    set("page", text(work, &["pages"]).map(|pages| pages.replace("--", "-").replace('–', "-")));
    set("publisher", publisher(work));
    set("publisher-place", text(work, &["location", "address"]));
    set("event-title", text(work, &["eventtitle"]));
    set("event-place", text(work, &["venue"]));
    set("status", text(work, &["pubstate"]));
    set("DOI", text(work, &["doi"]));
    set("URL", text(work, &["url"]));
    set("ISBN", text(work, &["isbn"]));
    set("ISSN", text(work, &["issn"]));
    set("note", text(work, &["note"]));
    set("abstract", text(work, &["abstract"]));
    set("language", text(work, &["langid"]));
    for (name, people) in [
        ("author", work.author().unwrap_or_default()),
        ("editor", editors(work)),
        ("translator", work.translator().unwrap_or_default()),
        ("container-author", work.book_author().unwrap_or_default()),
    ] {
        let names: Vec<Value> = people.iter().map(name_json).collect();
        if !names.is_empty() {
            item.insert(name.to_owned(), Value::Array(names));
        }
    }
    for (name, date) in [
        ("issued", work.date()),
        ("accessed", work.url_date()),
        ("event-date", work.event_date()),
        ("original-date", work.orig_date()),
    ] {
        if let Ok(PermissiveType::Typed(date)) = date {
            item.insert(name.to_owned(), date_json(&date));
        }
    }
    item
}

/// What kind of work it is in CSL's words.
fn kind(work: &Entry) -> &'static str {
    use EntryType as E;
    match &work.entry_type {
        E::Article | E::SuppPeriodical => match text(work, &["entrysubtype"]).as_deref() {
            Some("magazine") => "article-magazine",
            Some("newspaper") => "article-newspaper",
            _ => "article-journal",
        },
        E::Booklet => "pamphlet",
        E::InBook | E::InCollection | E::BookInBook | E::SuppBook | E::SuppCollection => "chapter",
        E::InReference => "entry-encyclopedia",
        E::InProceedings => "paper-conference",
        E::Report | E::TechReport => "report",
        E::Thesis | E::PhdThesis | E::MastersThesis => "thesis",
        E::Online => "webpage",
        E::Dataset => "dataset",
        E::Software => "software",
        E::Patent => "patent",
        E::Periodical => "periodical",
        E::Unpublished if text(work, &["eventtitle"]).is_some() => "speech",
        E::Unpublished => "manuscript",
        E::Misc | E::Set | E::XData => "document",
        E::Unknown(name) => match name.as_str() {
            "legislation" => "legislation",
            "jurisdiction" => "legal_case",
            "legal" => "treaty",
            "standard" => "standard",
            "letter" => "personal_communication",
            _ => "document",
        },
        _ => "book",
    }
}

/// The words of the first of these fields that is there.
pub fn text(work: &Entry, names: &[&str]) -> Option<String> {
    let words = names.iter().find_map(|name| work.get(name))?.format_verbatim();
    Some(typographic(words.trim())).filter(|words| !words.is_empty())
}

fn titled(work: &Entry, title: &str, subtitle: &str) -> Option<String> {
    let title = text(work, &[title])?;
    let Some(more) = text(work, &[subtitle]) else { return Some(title) };
    let colon = if title.ends_with(['?', '!', ':']) { "" } else { ":" };
    Some(format!("{title}{colon} {more}"))
}

fn thesis(work: &Entry) -> String {
    match (text(work, &["type"]).as_deref(), &work.entry_type) {
        (Some("phdthesis"), _) | (None, EntryType::PhdThesis) => "PhD thesis".to_owned(),
        (Some("mathesis"), _) | (None, EntryType::MastersThesis) => "Master’s thesis".to_owned(),
        (Some(kind), _) => kind.to_owned(),
        (None, _) => "Thesis".to_owned(),
    }
}

fn publisher(work: &Entry) -> Option<String> {
    text(work, &["publisher", "institution", "school", "organization", "howpublished"])
}

/// Those who edited, whatever else others did for the work.
fn editors(work: &Entry) -> Vec<Person> {
    let groups = work.editors().unwrap_or_default().into_iter();
    groups.filter(|(_, role)| *role == EditorType::Editor).flat_map(|(people, _)| people).collect()
}

/// A name in its parts; one of a single part is an institution's.
pub fn name_json(person: &Person) -> Value {
    let Person { name, given_name, prefix, suffix, .. } = person;
    if given_name.is_empty() && prefix.is_empty() && suffix.is_empty() {
        return json!({ "literal": typographic(name) });
    }
    // “Pélissié du Rausas” is a family name with a particle in it, not one after it.
    let (prefix, name) = match prefix.chars().next() {
        Some(first) if first.is_uppercase() => (String::new(), format!("{prefix} {name}")),
        _ => (prefix.clone(), name.clone()),
    };
    let parts = [("family", &name), ("given", given_name), ("non-dropping-particle", &prefix), ("suffix", suffix)];
    let filled = parts.into_iter().filter(|(_, part)| !part.is_empty());
    filled.map(|(kind, part)| (kind.to_owned(), json!(typographic(part)))).collect()
}

/// Apostrophes within words as printers set them.
fn typographic(words: &str) -> String {
    let letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
    let mut text = String::with_capacity(words.len());
    for (at, c) in words.char_indices() {
        let is_inside = letter(text.chars().next_back()) && letter(words[at + c.len_utf8()..].chars().next());
        text.push(if c == '\'' && is_inside { '’' } else { c });
    }
    text
}

/// A range counts from its first day: styles as we print them know no ranges.
fn date_json(date: &Date) -> Value {
    let (DateValue::At(day) | DateValue::After(day) | DateValue::Before(day) | DateValue::Between(day, _)) = date.value;
    let Datetime { year, month, day, .. } = day;
    let mut parts = vec![json!(year)];
    parts.extend(month.map(|month| json!(month + 1)));
    parts.extend(day.filter(|_| month.is_some()).map(|day| json!(day + 1)));
    let mut value = json!({ "date-parts": [parts] });
    if date.approximate || date.uncertain {
        value["circa"] = json!(true);
    }
    value
}
