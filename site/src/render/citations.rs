//! Citations of a document → HTML in the chosen style, each work linked to its entry in the list of references.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use hayagriva::archive::locales;
use hayagriva::citationberg::json::Item;
use hayagriva::citationberg::taxonomy::Locator;
use hayagriva::citationberg::{FontStyle, FontWeight, Locale, TextDecoration, VerticalAlign};
use hayagriva::{
    BibliographyDriver, BibliographyItem, BibliographyRequest, CitationItem, CitationRequest, CitePurpose, ElemChild,
    ElemChildren, ElemMeta, Formatting, LocatorPayload, SpecificLocator,
};

use super::citation_style::CitationStyle;
use crate::html::escape;
use crate::parse::bibliography::{UNNAMED, Work, Works};
use crate::parse::citation::{self, Citation, Form};
use crate::parse::csl;

/// The words of all languages: constant, and slow to read.
static LOCALES: LazyLock<Vec<Locale>> = LazyLock::new(locales);

/// Starts to read what all styles need, beside whatever comes before rendering.
pub fn prepare() {
    rayon::spawn(|| {
        LazyLock::force(&LOCALES);
    });
}

/// Whether a citation carries its reference, to be seen on hover and focus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Previews {
    /// It does.
    Shown,
    /// It does not.
    Absent,
}

/// The citations of one document.
#[derive(Debug, Default)]
pub struct Citations {
    /// The HTML of each, in the order given.
    citations: Vec<String>,
    /// The works cited, in the order of the style.
    references: Vec<Reference>,
}

/// A work in a list of references.
#[derive(Debug)]
struct Reference {
    key: String,
    html: String,
    /// What the editor notes on the work, such as that only its abstract was read.
    note: String,
    /// The citations that name it, by their place among all.
    citations: Vec<usize>,
}

impl CitationStyle {
    /// Prints the citations of a document and the list of the works they cite. Unknown works, which have been
    /// reported, are left out.
    pub fn print(&self, works: &Works, citations: &[Citation], previews: Previews) -> Citations {
        if citations.is_empty() {
            return Citations::default();
        }
        let mut driver = BibliographyDriver::new();
        for citation in citations {
            let items = known(works, citation).map(|(item, work)| {
                let is_prose = citation.form == Form::InText && !item.without_author;
                let purpose = is_prose.then_some(CitePurpose::Prose);
                CitationItem::new(&work.item, locator(&item.suffix), None, false, purpose)
            });
            driver.citation(self.request(items.collect()));
        }
        let rendered = driver.finish(BibliographyRequest::new(&self.style, Some(self.language.clone()), &LOCALES));
        let items = rendered.bibliography.map(|bibliography| bibliography.items).unwrap_or_default();
        let printer = CitationPrinter {
            previews: (items.iter())
                .filter(|_| previews == Previews::Shown)
                .map(|item| (item.key.as_str(), html(&item.content, Links::Plain)))
                .collect(),
        };
        let printed = citations.iter().zip(&rendered.citations).map(|(citation, printed)| {
            let items: Vec<&citation::Item> = known(works, citation).map(|(item, _)| item).collect();
            printer.print(citation, &items, &printed.citation)
        });
        Citations {
            citations: printed.collect(),
            references: (items.iter())
                .map(|item| Reference {
                    key: item.key.clone(),
                    html: reference_html(item),
                    note: works.get(&item.key).map(note).unwrap_or_default(),
                    citations: naming(citations, &item.key),
                })
                .collect(),
        }
    }

    /// One work as it stands in a list of references.
    pub fn reference(&self, works: &Works, key: &str) -> Option<String> {
        let work = works.get(key)?;
        Some(self.entry(&work.item)? + &note_html(&note(work)))
    }

    /// A work that may stand in no list.
    pub fn entry(&self, item: &Item) -> Option<String> {
        let mut driver = BibliographyDriver::new();
        driver.citation(self.request(vec![CitationItem::with_entry(item)]));
        let rendered = driver.finish(BibliographyRequest::new(&self.style, Some(self.language.clone()), &LOCALES));
        let item = rendered.bibliography?.items.into_iter().next()?;
        Some(html(&item.content, Links::Kept))
    }

    fn request<'a>(&'a self, items: Vec<CitationItem<'a, Item>>) -> CitationRequest<'a, Item> {
        CitationRequest::new(items, &self.style, Some(self.language.clone()), &LOCALES, None)
    }
}

impl Citations {
    /// A citation where references lead back to.
    pub fn anchored(&self, index: usize) -> String {
        format!("<cite class=\"citation\" id=\"{}\">{}</cite>", anchor(index), self.citations[index])
    }

    /// All citations, for texts that name a work in many places in the same words.
    pub fn unanchored(&self) -> impl Iterator<Item = String> {
        self.citations.iter().map(|html| format!("<cite class=\"citation\">{html}</cite>"))
    }

    /// The list of references, each leading back to the citations that have an anchor; nothing when there is none.
    pub fn list(&self, has_anchors: bool) -> String {
        if self.references.is_empty() {
            return String::new();
        }
        let mut text = String::from(
            "<section class=\"bibliography\" aria-labelledby=\"references\"><h2 id=\"references\">References</h2><ul>\n",
        );
        for reference in &self.references {
            let back = if has_anchors { back_links(&reference.citations) } else { String::new() };
            text.push_str(&format!(
                "<li id=\"ref-{}\">{}{}{back}</li>\n",
                escape(&reference.key),
                reference.html,
                note_html(&reference.note)
            ));
        }
        text.push_str("</ul></section>");
        text
    }
}

/// The works of a citation that are known.
fn known<'a>(works: &'a Works, citation: &'a Citation) -> impl Iterator<Item = (&'a citation::Item, &'a Work)> {
    citation.items.iter().filter_map(|item| Some((item, works.get(&item.key)?)))
}

/// The places of the citations that name a work.
fn naming(citations: &[Citation], key: &str) -> Vec<usize> {
    let all = citations.iter().enumerate();
    all.filter(|(_, citation)| citation.items.iter().any(|item| item.key == key)).map(|(index, _)| index).collect()
}

fn anchor(index: usize) -> String {
    format!("cite-{}", index + 1)
}

fn back_links(citations: &[usize]) -> String {
    let links: Vec<String> = match citations {
        [only] => vec![format!("<a href=\"#{}\" aria-label=\"Back to the text\">↩\u{fe0e}</a>", anchor(*only))],
        all => (all.iter().enumerate())
            .map(|(number, citation)| {
                let number = number + 1;
                format!(
                    "<a href=\"#{}\" aria-label=\"Back to the text, place {number}\">{number}</a>",
                    anchor(*citation)
                )
            })
            .collect(),
    };
    let arrow = if citations.len() > 1 { "<span aria-hidden=\"true\">↩\u{fe0e}</span> " } else { "" };
    format!(" <span class=\"back-links\">{arrow}{}</span>", links.join(" "))
}

fn note(work: &Work) -> String {
    csl::text(&work.entry, &["note"]).unwrap_or_default()
}

fn note_html(note: &str) -> String {
    if note.is_empty() {
        return String::new();
    }
    let stop = if note.ends_with(['.', '?', '!']) { "" } else { "." };
    format!(" <span class=\"work-note\">[{}{stop}]</span>", escape(note))
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

struct CitationPrinter<'a> {
    /// Each work's reference, if it is to be seen beside the citation.
    previews: BTreeMap<&'a str, String>,
}

impl CitationPrinter<'_> {
    fn print(&self, source: &Citation, items: &[&citation::Item], printed: &ElemChildren) -> String {
        let mut text = String::new();
        for child in &printed.0 {
            match child {
                ElemChild::Elem(element) => match &element.meta {
                    Some(ElemMeta::Entry(index)) if *index < items.len() => {
                        self.work(source.form, items[*index], &element.children, &mut text);
                    }
                    _ => write_all(&element.children, Links::Plain, &mut text),
                },
                other => write(other, Links::Plain, &mut text),
            }
        }
        text
    }

    fn work(&self, form: Form, item: &citation::Item, printed: &ElemChildren, text: &mut String) {
        if !item.prefix.is_empty() {
            text.push_str(&escape(&item.prefix));
            text.push(' ');
        }
        let mut words = String::new();
        if item.without_author && form == Form::Bracketed {
            let mut rest = String::new();
            write_all(&without_names(printed), Links::Plain, &mut rest);
            words.push_str(rest.trim_start_matches([' ', ',', ':']));
        } else {
            write_all(printed, Links::Plain, &mut words);
        }
        let words = et_al(&words);
        let key = escape(&item.key);
        let link = format!("<a href=\"#ref-{key}\">{words}</a>");
        match self.previews.get(item.key.as_str()) {
            // A listener follows the link; hearing the reference in the middle of the sentence would only disturb.
            Some(preview) => text.push_str(&format!(
                "<span class=\"previewed\">{link}<span class=\"preview\" aria-hidden=\"true\" hidden>{preview}</span></span>"
            )),
            None => text.push_str(&link),
        }
    }
}

/// What is printed of a work, less the names in it.
fn without_names(printed: &ElemChildren) -> ElemChildren {
    let children = printed.0.iter().filter_map(|child| match child {
        ElemChild::Elem(element) if matches!(element.meta, Some(ElemMeta::Names(_))) => None,
        ElemChild::Elem(element) => {
            let mut element = element.clone();
            element.children = without_names(&element.children);
            Some(ElemChild::Elem(element))
        }
        other => Some(other.clone()),
    });
    ElemChildren(children.collect())
}

/// A reference with its number, if the style counts.
fn reference_html(item: &BibliographyItem) -> String {
    let mut number = String::new();
    if let Some(first) = &item.first_field {
        write(first, Links::Plain, &mut number);
        number = format!("<span class=\"work-number\">{}</span> ", number.trim_end());
    }
    number + &html(&item.content, Links::Kept)
}

/// Whether links inside the text are kept: a citation is a link itself, and a preview holds none.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Links {
    Kept,
    Plain,
}

fn html(children: &ElemChildren, links: Links) -> String {
    let mut text = String::new();
    write_all(children, links, &mut text);
    // What a work lacks leaves its punctuation behind; a title that asks needs no full stop.
    let left_behind = [(",.", "."), (",</em>.", "</em>."), (" : ", ": "), ("?.", "?"), ("?</em>.", "?</em>")];
    left_behind.iter().fold(et_al(&text), |text, (before, after)| text.replace(before, after))
}

/// Authors who are not named are “et al.”, whatever a style puts before the last of several names.
fn et_al(text: &str) -> String {
    let mut parts = text.split(UNNAMED);
    let mut printed = parts.next().unwrap_or_default().to_owned();
    for rest in parts {
        let named = printed.trim_end();
        let named = [" and", " &amp;"].iter().find_map(|and| named.strip_suffix(and)).unwrap_or(named);
        printed.truncate(named.trim_end_matches([' ', ',', ';']).len());
        printed.push_str(if rest.starts_with('.') { " et al" } else { " et al." });
        printed.push_str(rest);
    }
    printed
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
    use diagnostic::Diagnostics;

    use super::*;
    use crate::load::Sources;
    use crate::parse::bibliography;
    use crate::parse::citation::{Piece, scan};

    const CHICAGO: &str = "chicago-author-date";

    fn printed(text: &str, style: &str) -> String {
        let works = "@report{lowrey2011, author = {Lowrey, Ying}, title = {A <b> & C}, date = {2011}, institution = {AEA}}\n\
                     @book{gratton2011, author = {Gratton, Lynda}, title = {The Shift}, date = {2011}, publisher = {Collins}}\n\
                     @book{chen2016, author = {Chen, Li and others}, title = {Garments}, date = {2016}, publisher = {Press}}";
        let files = [(bibliography::FILE.to_owned(), works.as_bytes().to_vec())];
        let works = bibliography::bibliography(&Sources::from_files(files), &mut Diagnostics::new());
        let style = CitationStyle::named(style, "en-GB").expect("known");
        let citations: Vec<Citation> = scan(text)
            .into_iter()
            .filter_map(|piece| if let Piece::Citation(citation) = piece { Some(citation) } else { None })
            .collect();
        let printed = style.print(&works, &citations, Previews::Absent);
        printed.unanchored().collect::<String>() + &printed.list(false)
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
            let printed = printed(text, CHICAGO);
            let citation = printed.split_inclusive("</cite>").next();
            assert_eq!(citation, Some(format!("<cite class=\"citation\">{wanted}</cite>").as_str()), "{text}");
        }
    }

    #[test]
    fn authors_who_are_not_named_are_et_al_in_any_style() {
        for style in [
            CHICAGO,
            "american-psychological-association",
            "modern-language-association",
            "harvard-cite-them-right",
            "institute-of-electrical-and-electronics-engineers",
            "elsevier-harvard",
        ] {
            let text = printed("[@chen2016]", style);
            let words = crate::html::visible_text(&text);
            let list = words.rsplit("References").next().unwrap_or_default();
            assert!(list.contains(" et al."), "{style}: {words}");
            assert!(
                !words.contains([UNNAMED, '&']) && !words.contains(" and ") && !words.contains("al.."),
                "{style}: {words}"
            );
        }
        let text = printed("[@chen2016]", CHICAGO);
        assert!(text.contains(">Chen et al. 2016</a>") && text.contains("Chen, Li et al. 2016."), "{text}");
    }
}
