//! `content/references.bib` → the works that may be cited.

use biblatex::{Bibliography, Chunk, Entry, EntryType, Spanned};
use diagnostic::{Diagnostic, Diagnostics, Place};
use hayagriva::Library;

use crate::load::Sources;

/// Where the works stand.
pub const FILE: &str = "content/references.bib";

/// Reads the works. A site without citations needs no such file.
pub fn bibliography(sources: &Sources, diagnostics: &mut Diagnostics) -> Library {
    let Some(text) = sources.text(FILE) else { return Library::new() };
    let read = Bibliography::parse(text).map_err(|error| vec![(error.span, error.kind.to_string())]);
    let converted = read.and_then(|bibliography| {
        let prepared: Bibliography =
            bibliography.into_iter().map(prepared).fold(Bibliography::new(), |mut all, work| {
                all.insert(work);
                all
            });
        hayagriva::io::from_biblatex(&prepared)
            .map_err(|errors| errors.into_iter().map(|error| (error.span, error.kind.to_string())).collect())
    });
    converted.unwrap_or_else(|errors| {
        for (span, message) in errors {
            diagnostics.push(
                Diagnostic::error(
                    "bibliography-syntax",
                    Place::new(FILE, span),
                    format!("this work cannot be read: {message}"),
                )
                .help("an entry reads @report{key, author = {…}, title = {…}, date = {…}, institution = {…}}"),
            );
        }
        Library::new()
    })
}

/// Puts where the citation library looks what it would otherwise drop or misread: the subtitle, who issued a report,
/// and a report's number, which it takes for a count ("Nos 332–510" for number 332-510). Titles keep the capitals that
/// the editor gave them.
fn prepared(mut work: Entry) -> Entry {
    let field = |work: &Entry, name: &str| work.fields.get(name).cloned();
    for (title, subtitle) in [("title", "subtitle"), ("booktitle", "booksubtitle")] {
        if let (Some(mut words), Some(more)) = (field(&work, title), field(&work, subtitle)) {
            let ends_itself = matches!(words.last(), Some(last) if last.v.get().ends_with(['?', '!', ':']));
            words.push(Spanned::detached(Chunk::Normal(if ends_itself { " " } else { ": " }.to_owned())));
            words.extend(more);
            work.set(title, words);
            work.remove(subtitle);
        }
    }
    for title in ["title", "booktitle", "journaltitle", "series"] {
        if let Some(words) = field(&work, title) {
            let as_written: String = words.iter().map(|chunk| chunk.v.get()).collect();
            work.set(title, vec![Spanned::detached(Chunk::Verbatim(as_written))]);
        }
    }
    // Printed twice otherwise: a book as the collection it is, an event as the volume of its papers.
    if work.entry_type == EntryType::InCollection {
        work.entry_type = EntryType::InBook;
    }
    if work.entry_type == EntryType::InProceedings && field(&work, "eventtitle").is_some() {
        work.remove("booktitle");
    }
    if matches!(work.entry_type, EntryType::Report | EntryType::TechReport) {
        if let (None, Some(institution)) = (field(&work, "publisher"), field(&work, "institution")) {
            work.set("publisher", institution);
        }
        if let (Some(mut kind), Some(number)) = (field(&work, "type"), field(&work, "number")) {
            kind.push(Spanned::detached(Chunk::Normal(" ".to_owned())));
            kind.extend(number);
            work.set("type", kind);
            work.remove("number");
        }
    }
    work
}
