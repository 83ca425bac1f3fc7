//! The page that explains words → [`Glossary`]: terms and what they mean, which other texts show where they use them.

use crate::html::visible_text;
use crate::link::Linked;
use crate::parse::document::Page;
use crate::parse::markdown::{Heading, Segment};

/// The page that is read as a glossary.
const SLUG: &str = "glossary";

/// Terms are headings of this level; what stands above them only orders them.
const LEVEL: u8 = 3;

/// The class of headings whose terms are too common a word to be marked in other texts.
const UNMARKED: &str = "unmarked";

/// Terms and their meanings.
#[derive(Debug, Default)]
pub struct Glossary {
    /// The address of the page.
    pub path: String,
    /// In the order of the page.
    pub terms: Vec<Term>,
}

/// A term.
#[derive(Debug, PartialEq, Eq)]
pub struct Term {
    /// Its name, as the heading has it.
    pub name: String,
    /// Its anchor on the page.
    pub anchor: String,
    /// The first paragraph under the heading, without what it cites.
    pub meaning: String,
}

/// The glossary among the site's pages; without that page it has no terms.
pub fn glossary(pages: &[Linked<Page>]) -> Glossary {
    let Some(page) = pages.iter().find(|page| page.document.slug == SLUG) else { return Glossary::default() };
    let body = &page.document.body;
    let html: String = body.segments.iter().map(|segment| shown(page, segment)).collect();
    let is_term = |heading: &&Heading| heading.level == LEVEL && !heading.classes.iter().any(|class| class == UNMARKED);
    let terms = body.headings.iter().filter(is_term).filter_map(|heading| {
        let opening = format!("<h{LEVEL} id=\"{}\">", heading.id);
        let after = &html[html.find(&opening)? + opening.len()..];
        let below = &after[after.find(&format!("</h{LEVEL}>"))?..];
        let start = below.find("<p>")?;
        // A term without a paragraph before the next heading has no meaning to show.
        if below.find("<h").is_some_and(|next| next < start) {
            return None;
        }
        let paragraph = &below[start..start + below[start..].find("</p>")?];
        let meaning = tidied(&visible_text(paragraph));
        Some(Term { name: heading.text.trim().to_owned(), anchor: heading.id.clone(), meaning })
    });
    Glossary { path: page.path.clone(), terms: terms.collect() }
}

fn shown(page: &Linked<Page>, segment: &Segment) -> String {
    match segment {
        Segment::Html(html) => html.clone(),
        Segment::Reference(index) => page.labels[*index].text.clone(),
        Segment::Link(_) | Segment::Image(..) | Segment::Citation(_) | Segment::Block(_) => String::new(),
    }
}

/// Where a citation stood, a space is left before the sentence's end.
fn tidied(text: &str) -> String {
    text.replace(" .", ".").replace(" ,", ",").replace(" ;", ";").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use diagnostic::Diagnostics;

    use super::*;
    use crate::parse::document::{Document, Front};
    use crate::parse::markdown;

    fn read(text: &str) -> Vec<(String, String, String)> {
        let mut diagnostics = Diagnostics::new();
        let body = markdown::parse("content/pages/glossary.md", text, 0, &[], &BTreeSet::new(), &mut diagnostics);
        let front = Page { front: Front { title: String::new(), summary: String::new() } };
        let document = Document { file: String::new(), slug: "glossary".into(), front, body };
        let page = Linked {
            document,
            path: "/glossary/".into(),
            targets: Vec::new(),
            labels: Vec::new(),
            figures: Vec::new(),
        };
        glossary(&[page]).terms.into_iter().map(|term| (term.name, term.anchor, term.meaning)).collect()
    }

    #[test]
    fn terms_are_headings_of_the_third_level_with_their_first_paragraph() {
        let text = "Words.\n\n## Firms\n\n### Born *global*\n\nA firm with [foreign](/x/) customers [@a, p. 7]. Others: \
                    none.\n\nMore.\n\n### Empty\n\n### Stock {.unmarked}\n\nA number.\n\n### A sceptic's doubt\n\nDoubt.\n\n### Net jobs {#net}\n\nWhat “remains”.\n";
        assert_eq!(
            read(text),
            [
                (
                    "Born global".to_owned(),
                    "born-global".to_owned(),
                    "A firm with foreign customers. Others: none.".to_owned()
                ),
                ("A sceptic’s doubt".to_owned(), "a-sceptics-doubt".to_owned(), "Doubt.".to_owned()),
                ("Net jobs".to_owned(), "net".to_owned(), "What “remains”.".to_owned()),
            ]
        );
    }
}
