//! A work without what a librarian needs to find it. What could not be seen is said in its `note`, which then lifts the
//! demand: “date not seen”, “pages not known”, “undated”.

use biblatex::{DateValue, Entry, EntryType, PermissiveType};
use diagnostic::{Diagnostic, Diagnostics, Place};

use crate::link::Site;
use crate::parse::bibliography::FILE;
use crate::parse::csl::text;

/// Something that a work of some kind must have.
struct Need {
    /// What it is, as a note would call it.
    name: &'static str,
    /// Each way to give it: all fields of one of these are enough.
    ways: &'static [&'static [&'static str]],
    help: &'static str,
}

const WHO: Need = Need {
    name: "author",
    ways: &[&["author"], &["editor"]],
    help: "add `author`, in double braces for an institution: author = {{European Commission}}",
};
const WHO_OR_PUBLISHER: Need = Need {
    name: "author",
    ways: &[&["author"], &["editor"], &["publisher"], &["organization"], &["institution"]],
    help: "add `author`, or who publishes it as `publisher`",
};
const TITLE: Need = Need {
    name: "title",
    ways: &[&["title"]],
    help: "add `title`; one that you make up yourself stands in square brackets",
};
const DATE: Need = Need {
    name: "date",
    ways: &[&["date"], &["year"]],
    help: "add `date`, or say so in `note`: {Undated}, {Date not seen}",
};
const DATE_OR_VERSION: Need = Need {
    name: "date",
    ways: &[&["date"], &["year"], &["version"], &["urldate"]],
    help: "add `date`, `version` or, for data that are kept up to date, `urldate`: the day on which you took them",
};
const JOURNAL: Need =
    Need { name: "journal", ways: &[&["journaltitle"], &["journal"]], help: "add `journaltitle`: where it appeared" };
const PLACE_IN_JOURNAL: Need = Need {
    name: "pages",
    ways: &[&["doi"], &["volume", "pages"], &["number", "pages"], &["volume", "eid"], &["url"], &[MONTH]],
    help: "add `doi`, or `volume` and `pages`; for a newspaper the day, and for a page on the web its `url`",
};
const BOOK: Need = Need { name: "book", ways: &[&["booktitle"]], help: "add `booktitle`: the book it is part of" };
const EVENT: Need = Need {
    name: "conference",
    ways: &[&["booktitle"], &["eventtitle"]],
    help: "add `eventtitle`, the conference, or `booktitle`, its proceedings",
};
const PUBLISHER: Need = Need {
    name: "publisher",
    ways: &[&["publisher"], &["organization"], &["institution"], &["howpublished"]],
    help: "add `publisher`",
};
const INSTITUTION: Need = Need {
    name: "institution",
    ways: &[&["institution"], &["school"], &["publisher"]],
    help: "add `institution`: who issued it",
};
const PUBLISHER_OR_ADDRESS: Need = Need {
    name: "publisher",
    ways: &[&["publisher"], &["organization"], &["institution"], &["url"], &["doi"]],
    help: "add `publisher`, or `doi` or `url`",
};
const ADDRESS: Need =
    Need { name: "address", ways: &[&["url"], &["doi"], &["eprint"]], help: "add `url`: where it can be read" };
const WHERE: Need = Need {
    name: "address",
    ways: &[&["howpublished"], &["publisher"], &["eventtitle"], &["url"], &["doi"]],
    help: "add `howpublished`, `publisher` or `url`: how anybody could see it",
};
const LAW_PLACE: Need = Need {
    name: "number",
    ways: &[&["number"], &["journaltitle"], &["howpublished"], &["url"], &["doi"]],
    help: "add its `number`, the gazette as `journaltitle`, or `url`",
};

/// Stands for a `date` that names the month, which leads to an article of a newspaper or magazine.
const MONTH: &str = "month";

/// Reports all that each work lacks.
pub fn incomplete_work(site: &Site, diagnostics: &mut Diagnostics) {
    for (key, work) in site.works.iter() {
        let note = text(&work.entry, &["note"]).unwrap_or_default().to_lowercase();
        for need in needs(&work.entry.entry_type) {
            if need.is_met(&work.entry) || is_said(&note, need.name) {
                continue;
            }
            diagnostics.push(
                Diagnostic::warning(
                    "incomplete-work",
                    Place::new(FILE, work.span.clone()),
                    format!("the work `{key}` has no {}", need.name),
                )
                .help(need.help)
                .note(format!("where it is not known, `note` says so, as in {{{} not seen}}", need.name)),
            );
        }
    }
}

fn needs(kind: &EntryType) -> &'static [Need] {
    use EntryType as E;
    match kind {
        E::Article | E::SuppPeriodical => &[WHO, TITLE, DATE, JOURNAL, PLACE_IN_JOURNAL],
        E::InBook | E::InCollection | E::BookInBook | E::SuppBook | E::SuppCollection | E::InReference => {
            &[WHO, TITLE, BOOK, DATE, PUBLISHER_OR_ADDRESS]
        }
        E::InProceedings => &[WHO, TITLE, EVENT, DATE],
        E::Report | E::TechReport => &[WHO, TITLE, INSTITUTION, DATE],
        E::Thesis | E::PhdThesis | E::MastersThesis => &[WHO, TITLE, INSTITUTION, DATE],
        E::Online => &[WHO_OR_PUBLISHER, TITLE, DATE, ADDRESS],
        E::Dataset | E::Software => &[WHO_OR_PUBLISHER, TITLE, DATE_OR_VERSION, PUBLISHER_OR_ADDRESS],
        E::Misc | E::Unpublished | E::Booklet => &[WHO, TITLE, DATE, WHERE],
        E::Unknown(name) if matches!(name.as_str(), "legislation" | "jurisdiction" | "legal") => {
            &[TITLE, DATE, LAW_PLACE]
        }
        _ => &[WHO, TITLE, DATE, PUBLISHER],
    }
}

impl Need {
    fn is_met(&self, work: &Entry) -> bool {
        let has = |field: &str| if field == MONTH { names_month(work) } else { text(work, &[field]).is_some() };
        self.ways.iter().any(|fields| fields.iter().all(|field| has(field)))
    }
}

fn names_month(work: &Entry) -> bool {
    let Ok(PermissiveType::Typed(date)) = work.date() else { return false };
    let (DateValue::At(day) | DateValue::After(day) | DateValue::Before(day) | DateValue::Between(day, _)) = date.value;
    day.month.is_some()
}

/// Whether one of the note's statements says of `name` that it is not there.
fn is_said(note: &str, name: &str) -> bool {
    let mut statements = note.split([';', '.']);
    statements.any(|statement| {
        let is_negative = statement.split_whitespace().any(|word| matches!(word, "not" | "no" | "without" | "undated"));
        is_negative && statement.contains(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_note_on_the_very_thing_lifts_a_demand() {
        for (note, name, said) in [
            ("undated", "date", true),
            ("date not seen", "date", true),
            ("title supplied, date and pages not seen", "pages", true),
            ("no author named; read in part", "author", true),
            ("pages not seen", "date", false),
            ("the study was not seen; date as printed", "date", false),
            ("date as printed", "date", false),
            ("", "date", false),
        ] {
            assert_eq!(is_said(note, name), said, "{note}: {name}");
        }
    }
}
