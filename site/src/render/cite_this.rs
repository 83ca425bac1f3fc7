//! What this site publishes itself → how to cite it: in the site's style, as BibTeX, RIS and CSL-JSON beside the page, and
//! as the tags that search engines for scholars read.

use biblatex::{Chunk, Person, Spanned};
use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{File, Renderer};
use crate::calendar::long_date;
use crate::parse::bibliography;
use crate::parse::csl;
use crate::parse::document::Author;

/// Something that readers may cite.
pub struct Publication<'a> {
    pub kind: Kind,
    /// The last part of its address.
    pub slug: &'a str,
    pub path: &'a str,
    pub title: String,
    /// None stands for the site itself.
    pub authors: &'a [Author],
    pub date: Option<Date>,
    /// When it was last changed, if that was later.
    pub updated: Option<Date>,
    /// Nothing, or as its makers count.
    pub version: &'a str,
    pub summary: &'a str,
    pub keywords: &'a [String],
}

/// What readers may cite.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Brief,
    Recommendation,
    Dataset,
}

/// The block on the page.
#[derive(Serialize)]
pub struct CiteContext {
    what: &'static str,
    text: String,
    bibtex: String,
    ris: String,
    csl: String,
}

impl Kind {
    /// As readers call it.
    fn name(self) -> &'static str {
        match self {
            Self::Brief => "Policy brief",
            Self::Recommendation => "Recommendation",
            Self::Dataset => "Dataset",
        }
    }
}

impl Publication<'_> {
    /// What a reference says beside its date, so that a later reader knows which state of the text is meant.
    fn note(&self) -> Option<String> {
        self.updated.map(|updated| format!("updated {}", long_date(updated)))
    }
}

/// The block for the page, and the files beside it.
pub fn cite_this(renderer: &Renderer<'_>, work: &Publication<'_>) -> (CiteContext, Vec<File>) {
    let language = &renderer.site.settings.language;
    let publisher = [Author::Organisation(renderer.site.settings.publisher.clone())];
    let authors = if work.authors.is_empty() { &publisher } else { work.authors };
    let url = renderer.url(work.path);
    let csl = csl_json(work, authors, &publisher[0], &url, language);
    let printed = renderer.style.entry(&bibliography::item(dated(&csl, work))).unwrap_or_default();
    let csl = serde_json::to_vec_pretty(&json!([csl])).expect("texts can be written as JSON");
    let files = [
        ("bib", bibtex(work, authors, &publisher[0], &url).into_bytes()),
        ("ris", ris(work, authors, &publisher[0], &url, language).into_bytes()),
        ("csl.json", csl),
    ];
    let path = |ending: &str| format!("{}cite.{ending}", work.path);
    let context = CiteContext {
        what: match work.kind {
            Kind::Brief => "brief",
            Kind::Recommendation => "recommendation",
            Kind::Dataset => "dataset",
        },
        text: printed,
        bibtex: renderer.href(&path("bib")),
        ris: renderer.href(&path("ris")),
        csl: renderer.href(&path("csl.json")),
    };
    let published = |(ending, bytes)| File { path: path(ending).trim_start_matches('/').to_owned(), bytes };
    (context, files.map(published).into())
}

/// The item with its whole date in words that no style takes apart: some leave the day out, and some have an order of
/// their own for it.
fn dated(csl: &Map<String, Value>, work: &Publication<'_>) -> Map<String, Value> {
    let mut item = csl.clone();
    item.remove("note");
    let Some(date) = work.date else { return item };
    item.insert("issued".to_owned(), json!({ "date-parts": [[date.year()]] }));
    let (field, what) = match work.version {
        "" => ("genre", work.kind.name()),
        version => ("version", version),
    };
    let updated = work.note().map(|note| format!(", {note}")).unwrap_or_default();
    item.insert(field.to_owned(), json!(format!("{what}, {}{updated}", long_date(date))));
    item
}

/// The key by which BibTeX and CSL-JSON know it.
fn key(work: &Publication<'_>) -> String {
    let year = work.date.map(|date| format!("-{}", date.year())).unwrap_or_default();
    format!("{}{year}", work.slug)
}

fn csl_json(
    work: &Publication<'_>,
    authors: &[Author],
    publisher: &Author,
    url: &str,
    language: &str,
) -> Map<String, Value> {
    let names: Vec<Value> = authors.iter().map(|author| csl::name_json(&person(author))).collect();
    let mut item = Map::new();
    item.insert("id".to_owned(), json!(key(work)));
    match work.kind {
        Kind::Dataset => item.insert("type".to_owned(), json!("dataset")),
        Kind::Brief | Kind::Recommendation => {
            item.insert("genre".to_owned(), json!(work.kind.name()));
            item.insert("type".to_owned(), json!("report"))
        }
    };
    item.insert("title".to_owned(), json!(work.title));
    item.insert("author".to_owned(), json!(names));
    if let Some(date) = work.date {
        item.insert("issued".to_owned(), json!({ "date-parts": [[date.year(), date.month(), date.day()]] }));
    }
    if !work.version.is_empty() {
        item.insert("version".to_owned(), json!(work.version));
    }
    item.insert("publisher".to_owned(), json!(publisher.name()));
    item.insert("abstract".to_owned(), json!(work.summary));
    if let Some(note) = work.note() {
        item.insert("note".to_owned(), json!(note));
    }
    item.insert("URL".to_owned(), json!(url));
    item.insert("language".to_owned(), json!(language));
    item
}

fn bibtex(work: &Publication<'_>, authors: &[Author], publisher: &Author, url: &str) -> String {
    let names: Vec<String> = authors
        .iter()
        .map(|author| match author {
            Author::Person(name) => latex(name),
            Author::Organisation(name) => format!("{{{}}}", latex(name)),
        })
        .collect();
    let kind = if work.kind == Kind::Dataset { "misc" } else { "techreport" };
    let mut text = format!("@{kind}{{{},\n", key(work));
    let mut field = |name: &str, value: &str| text.push_str(&format!("  {name:<12} = {{{value}}},\n"));
    field("author", &names.join(" and "));
    // Braces keep the capitals that styles would change.
    field("title", &format!("{{{}}}", latex(&work.title)));
    if kind == "techreport" {
        field("type", work.kind.name());
        field("institution", &format!("{{{}}}", latex(publisher.name())));
    } else {
        field("howpublished", work.kind.name());
        field("publisher", &format!("{{{}}}", latex(publisher.name())));
    }
    if !work.version.is_empty() {
        field("version", &latex(work.version));
    }
    if let Some(date) = work.date {
        field("year", &date.year().to_string());
        field("month", &date.month().to_string());
        field("day", &date.day().to_string());
    }
    if let Some(note) = work.note() {
        field("note", &note);
    }
    field("url", url);
    text.push_str("}\n");
    text
}

/// Text as LaTeX reads it.
fn latex(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => escaped.push_str("\\textbackslash{}"),
            '~' => escaped.push_str("\\textasciitilde{}"),
            '^' => escaped.push_str("\\textasciicircum{}"),
            '#' | '$' | '%' | '&' | '_' | '{' | '}' => escaped.extend(['\\', c]),
            '\n' | '\r' => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}

/// Tags of two characters, each on a line of its own that ends as the format wants it.
fn ris(work: &Publication<'_>, authors: &[Author], publisher: &Author, url: &str, language: &str) -> String {
    let mut text = String::new();
    let mut tag = |name: &str, value: &str| {
        let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
        text.push_str(&format!("{name}  - {value}\r\n"));
    };
    tag("TY", if work.kind == Kind::Dataset { "DATA" } else { "RPRT" });
    for author in authors {
        tag("AU", &inverted(author));
    }
    tag("TI", &work.title);
    if let Some(date) = work.date {
        tag("PY", &date.year().to_string());
        tag("DA", &format!("{:04}/{:02}/{:02}", date.year(), date.month(), date.day()));
    }
    tag("M3", work.kind.name());
    if !work.version.is_empty() {
        tag("ET", work.version);
    }
    if let Some(note) = work.note() {
        tag("N1", &note);
    }
    tag("PB", publisher.name());
    tag("AB", work.summary);
    for keyword in work.keywords {
        tag("KW", keyword);
    }
    tag("LA", language);
    tag("UR", url);
    tag("ER", "");
    text
}

/// The family name first, as lists sort it.
pub fn inverted(author: &Author) -> String {
    let Person { name, given_name, prefix, suffix, .. } = person(author);
    let family = [prefix, name].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    [family, given_name, suffix].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

/// The parts of a name; an organisation has but one.
fn person(author: &Author) -> Person {
    let words = match author {
        Author::Person(name) => Chunk::Normal(name.clone()),
        Author::Organisation(name) => Chunk::Verbatim(name.clone()),
    };
    match author {
        Author::Person(_) => Person::parse(&[Spanned::detached(words)]),
        Author::Organisation(name) => Person {
            name: name.clone(),
            given_name: String::new(),
            prefix: String::new(),
            suffix: String::new(),
            id: None,
            prefix_initials: None,
            given_initials: None,
            use_prefix: None,
        },
    }
}

#[cfg(test)]
mod tests {
    use biblatex::{Bibliography, ChunksExt};
    use jiff::civil::date;

    use super::*;

    fn report(authors: &[Author]) -> Publication<'_> {
        Publication {
            kind: Kind::Brief,
            slug: "small-firms",
            path: "/briefs/small-firms/",
            title: "50% & more: {small} firms_in #1 ~ \\ ^ $".to_owned(),
            authors,
            date: Some(date(2026, 11, 3)),
            updated: Some(date(2026, 11, 17)),
            version: "",
            summary: "On\ntwo lines.",
            keywords: &[],
        }
    }

    #[test]
    fn bibtex_reads_back_as_what_was_written() {
        let authors = ["Ludwig van Beethoven", "Ann Author"].map(|name| Author::Person(name.to_owned()));
        let all = [&authors[..], &[Author::Organisation("Fish & Chips and Co".to_owned())]].concat();
        let publisher = Author::Organisation("Levers".to_owned());
        let text = bibtex(&report(&all), &all, &publisher, "https://levers.example/a_b/?c=%20");
        let read = Bibliography::parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        let entry = read.get("small-firms-2026").expect("its key");
        let names: Vec<(String, String, String)> = (entry.author().expect("authors").into_iter())
            .map(|person| (person.given_name, person.prefix, person.name))
            .collect();
        let name = |given: &str, prefix: &str, name: &str| (given.to_owned(), prefix.to_owned(), name.to_owned());
        assert_eq!(
            names,
            [name("Ludwig", "van", "Beethoven"), name("Ann", "", "Author"), name("", "", "Fish & Chips and Co")]
        );
        let title = entry.get("title").expect("title").format_verbatim();
        assert_eq!(entry.note().expect("a note").format_verbatim(), "updated 17 November 2026");
        assert!(title.starts_with("50% & more: {small} firms_in #1 "), "{title}");
        assert_eq!(entry.url().expect("address"), "https://levers.example/a_b/?c=%20");
        assert!(text.contains("\\textasciitilde{} \\textbackslash{} \\textasciicircum{} \\$"), "{text}");
    }

    #[test]
    fn ris_is_one_tag_a_line() {
        let authors = [Author::Person("Marc van der Steeg".to_owned()), Author::Organisation("The Editors".to_owned())];
        let publisher = Author::Organisation("Levers".to_owned());
        let text = ris(&report(&authors), &authors, &publisher, "https://levers.example/", "en-GB");
        let lines: Vec<&str> = text.split_terminator("\r\n").collect();
        assert_eq!(lines[..3], ["TY  - RPRT", "AU  - van der Steeg, Marc", "AU  - The Editors"]);
        assert!(lines.contains(&"AB  - On two lines.") && lines.contains(&"DA  - 2026/11/03"), "{text}");
        assert!(lines.contains(&"N1  - updated 17 November 2026"), "{text}");
        assert_eq!(lines.last(), Some(&"ER  - "));
    }
}
