//! Citations of a document → HTML in the chosen style, each work linked to its entry in the list of references.

use std::sync::LazyLock;

use hayagriva::archive::{ArchivedStyle, locales};
use hayagriva::citationberg::taxonomy::Locator;
use hayagriva::citationberg::{
    FontStyle, FontWeight, IndependentStyle, Locale, LocaleCode, Style, TextDecoration, VerticalAlign,
};
use hayagriva::{
    BibliographyDriver, BibliographyRequest, CitationItem, CitationRequest, CitePurpose, ElemChild, ElemChildren,
    ElemMeta, Formatting, Library, LocatorPayload, SpecificLocator,
};

use crate::html::escape;
use crate::parse::citation::{Citation, Form, Item};

/// The words of all languages: constant, and slow to read.
static LOCALES: LazyLock<Vec<Locale>> = LazyLock::new(locales);

/// Starts to read what all styles need, beside whatever comes before rendering.
pub fn prepare() {
    rayon::spawn(|| {
        LazyLock::force(&LOCALES);
    });
}

/// A citation style with the words of a language.
#[derive(Debug)]
pub struct CitationStyle {
    style: IndependentStyle,
    language: LocaleCode,
}

/// The citations of one document.
#[derive(Debug, Default)]
pub struct Citations {
    /// The HTML of each, in the order given.
    pub citations: Vec<String>,
    /// The list of references, or nothing.
    pub bibliography: String,
}

impl CitationStyle {
    /// The style of this name, if it is known, with the words of `language`.
    pub fn named(name: &str, language: &str) -> Option<Self> {
        let Style::Independent(style) = ArchivedStyle::by_name(name)?.get() else { return None };
        Some(Self { style, language: LocaleCode(language.to_owned()) })
    }

    /// The names of all styles.
    pub fn names() -> impl Iterator<Item = &'static str> + Clone {
        ArchivedStyle::all().iter().flat_map(|style| style.names().iter().copied())
    }

    /// Prints the citations of a document and the list of the works they cite. Unknown works, which have been
    /// reported, are left out.
    pub fn print(&self, library: &Library, citations: &[Citation]) -> Citations {
        if citations.is_empty() {
            return Citations::default();
        }
        let mut driver = BibliographyDriver::new();
        for citation in citations {
            let items = citation
                .items
                .iter()
                .filter_map(|item| {
                    let entry = library.get(&item.key)?;
                    let purpose = match (citation.form, item.without_author) {
                        (_, true) => Some(CitePurpose::Year),
                        (Form::InText, false) => Some(CitePurpose::Prose),
                        (Form::Bracketed, false) => None,
                    };
                    Some(CitationItem::new(entry, locator(&item.suffix), None, false, purpose))
                })
                .collect();
            driver.citation(self.request(items));
        }
        let rendered = driver.finish(BibliographyRequest::new(&self.style, Some(self.language.clone()), &LOCALES));
        let printed = citations.iter().zip(&rendered.citations).map(|(source, printed)| {
            let known: Vec<&Item> = source.items.iter().filter(|item| library.get(&item.key).is_some()).collect();
            format!("<cite class=\"citation\">{}</cite>", citation_html(source, &known, &printed.citation))
        });
        Citations { citations: printed.collect(), bibliography: bibliography(rendered.bibliography) }
    }

    /// One work as it stands in a list of references.
    pub fn reference(&self, library: &Library, key: &str) -> Option<String> {
        let entry = library.get(key)?;
        let mut driver = BibliographyDriver::new();
        driver.citation(self.request(vec![CitationItem::with_entry(entry)]));
        let rendered = driver.finish(BibliographyRequest::new(&self.style, Some(self.language.clone()), &LOCALES));
        let item = rendered.bibliography?.items.into_iter().next()?;
        Some(html(&item.content))
    }

    fn request<'a>(&'a self, items: Vec<CitationItem<'a, hayagriva::Entry>>) -> CitationRequest<'a, hayagriva::Entry> {
        CitationRequest::new(items, &self.style, Some(self.language.clone()), &LOCALES, None)
    }
}

/// What follows a key: a page or chapter in the style's own words, or the words themselves.
fn locator(suffix: &str) -> Option<SpecificLocator<'_>> {
    const KINDS: [(&[&str], Locator); 7] = [
        (&["p.", "pp.", "page", "pages"], Locator::Page),
        (&["ch.", "chap.", "chapter", "chapters"], Locator::Chapter),
        (&["sec.", "section", "sections", "§"], Locator::Section),
        (&["pt.", "part", "parts"], Locator::Part),
        (&["fig.", "figure"], Locator::Figure),
        (&["tbl.", "table"], Locator::Table),
        (&["n.", "note"], Locator::Note),
    ];
    if suffix.is_empty() {
        return None;
    }
    let (word, rest) = suffix.split_once(' ').unwrap_or((suffix, ""));
    let kind = KINDS.iter().find(|(words, _)| words.contains(&word)).filter(|_| !rest.is_empty());
    Some(match kind {
        Some((_, kind)) => SpecificLocator(*kind, LocatorPayload::Str(rest.trim())),
        None => SpecificLocator(Locator::Custom, LocatorPayload::Str(suffix)),
    })
}

fn citation_html(source: &Citation, items: &[&Item], printed: &ElemChildren) -> String {
    let mut text = String::new();
    // Works cited without their author come bare from the style.
    let bare = source.form == Form::Bracketed && items.iter().all(|item| item.without_author);
    if bare {
        text.push('(');
    }
    for child in &printed.0 {
        match child {
            ElemChild::Elem(element) => match &element.meta {
                Some(ElemMeta::Entry(index)) if *index < items.len() => {
                    let item = items[*index];
                    if !item.prefix.is_empty() {
                        text.push_str(&escape(&item.prefix));
                        text.push(' ');
                    }
                    text.push_str(&format!("<a href=\"#ref-{}\">", escape(&item.key)));
                    write_all(&element.children, Links::Plain, &mut text);
                    text.push_str("</a>");
                }
                _ => write_all(&element.children, Links::Plain, &mut text),
            },
            other => write(other, Links::Plain, &mut text),
        }
    }
    if bare {
        text.push(')');
    }
    text
}

fn bibliography(rendered: Option<hayagriva::RenderedBibliography>) -> String {
    let Some(rendered) = rendered.filter(|rendered| !rendered.items.is_empty()) else { return String::new() };
    let mut text = String::from(
        "<section class=\"bibliography\" aria-labelledby=\"references\"><h2 id=\"references\">References</h2><ul>\n",
    );
    for item in rendered.items {
        text.push_str(&format!("<li id=\"ref-{}\">{}</li>\n", escape(&item.key), html(&item.content)));
    }
    text.push_str("</ul></section>");
    text
}

/// Whether links inside the text are kept; a citation is a link itself.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Links {
    Kept,
    Plain,
}

fn html(children: &ElemChildren) -> String {
    let mut text = String::new();
    write_all(children, Links::Kept, &mut text);
    // What a work lacks leaves its punctuation behind.
    text.replace(",.", ".").replace(",</em>.", "</em>.").replace(" : ", ": ")
}

fn write_all(children: &ElemChildren, links: Links, text: &mut String) {
    for child in &children.0 {
        write(child, links, text);
    }
}

fn write(child: &ElemChild, links: Links, text: &mut String) {
    match child {
        ElemChild::Text(formatted) => formatted_html(&formatted.formatting, &formatted.text, text),
        ElemChild::Elem(element) => write_all(&element.children, links, text),
        ElemChild::Markup(markup) => text.push_str(&escape(markup)),
        ElemChild::Link { text: formatted, url } if links == Links::Kept => {
            text.push_str(&format!("<a href=\"{}\">", escape(url)));
            formatted_html(&formatted.formatting, &formatted.text, text);
            text.push_str("</a>");
        }
        ElemChild::Link { text: formatted, .. } => formatted_html(&formatted.formatting, &formatted.text, text),
        ElemChild::Transparent { .. } => {}
    }
}

fn formatted_html(formatting: &Formatting, words: &str, text: &mut String) {
    let mut tags = Vec::new();
    if formatting.font_style == FontStyle::Italic {
        tags.push("em");
    }
    if formatting.font_weight == FontWeight::Bold {
        tags.push("strong");
    }
    if formatting.text_decoration == TextDecoration::Underline {
        tags.push("u");
    }
    match formatting.vertical_align {
        VerticalAlign::Sup => tags.push("sup"),
        VerticalAlign::Sub => tags.push("sub"),
        _ => {}
    }
    for tag in &tags {
        text.push_str(&format!("<{tag}>"));
    }
    text.push_str(&escape(words));
    for tag in tags.iter().rev() {
        text.push_str(&format!("</{tag}>"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::citation::{Piece, scan};

    fn printed(text: &str) -> String {
        let works = "@report{lowrey2011, author = {Lowrey, Ying}, title = {A <b> & C}, date = {2011}, institution = {AEA}}\n\
                     @book{gratton2011, author = {Gratton, Lynda}, title = {The Shift}, date = {2011}, publisher = {Collins}}";
        let library = hayagriva::io::from_biblatex_str(works).expect("valid");
        let style = CitationStyle::named("chicago-author-date", "en-GB").expect("known");
        let citations: Vec<Citation> = scan(text)
            .into_iter()
            .filter_map(|piece| if let Piece::Citation(citation) = piece { Some(citation) } else { None })
            .collect();
        style.print(&library, &citations).citations.concat()
    }

    #[test]
    fn citations_link_to_their_works() {
        let link = |key: &str, words: &str| format!("<a href=\"#ref-{key}\">{words}</a>");
        let rows = [
            ("[@lowrey2011]", format!("({})", link("lowrey2011", "Lowrey 2011"))),
            ("[@lowrey2011, p. 7]", format!("({})", link("lowrey2011", "Lowrey 2011, 7"))),
            (
                "[see @lowrey2011; @gratton2011]",
                format!("(see {}; {})", link("lowrey2011", "Lowrey 2011"), link("gratton2011", "Gratton 2011")),
            ),
            ("@lowrey2011", link("lowrey2011", "Lowrey (2011)")),
            ("[-@lowrey2011]", format!("({})", link("lowrey2011", "2011"))),
        ];
        for (text, wanted) in rows {
            assert_eq!(printed(text), format!("<cite class=\"citation\">{wanted}</cite>"), "{text}");
        }
    }
}
