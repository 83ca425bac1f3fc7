//! `citation_style` in the settings → the style: one of those that come with the program, or a CSL file below `content/`.

use diagnostic::{Diagnostic, Diagnostics, Place, suggestion};
use hayagriva::archive::ArchivedStyle;
use hayagriva::citationberg::{IndependentStyle, LocaleCode, Style};

use crate::load::Sources;
use crate::parse::settings::{self, Settings};

/// A citation style with the words of a language.
#[derive(Debug)]
pub struct CitationStyle {
    pub(super) style: IndependentStyle,
    pub(super) language: LocaleCode,
}

/// The style that the settings choose.
pub fn chosen(settings: &Settings, sources: &Sources, diagnostics: &mut Diagnostics) -> Option<CitationStyle> {
    let (name, span) = &settings.citation_style;
    let place = Place::new(settings::FILE, span.clone());
    if !name.ends_with(".csl") {
        let style = CitationStyle::named(name, &settings.language);
        if style.is_none() {
            diagnostics.push(
                Diagnostic::error("unknown-style", place, format!("there is no citation style `{name}`")).help(
                    format!(
                        "{} A CSL file is named by its path below content/: \"styles/journal.csl\"",
                        suggestion(name, CitationStyle::names())
                    ),
                ),
            );
        }
        return style;
    }
    let file = format!("content/{name}");
    let Some(text) = sources.text(&file) else {
        let files: Vec<&str> = sources.under("content/").filter_map(|path| path.strip_prefix("content/")).collect();
        let styles: Vec<&str> = files.into_iter().filter(|path| path.ends_with(".csl")).collect();
        let help = match diagnostic::nearest(name, styles) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "put the file there; styles can be had from the Zotero style repository".to_owned(),
        };
        diagnostics.push(Diagnostic::error("unknown-style", place, format!("there is no file {file}")).help(help));
        return None;
    };
    match CitationStyle::from_csl(text, &settings.language) {
        Ok(style) => Some(style),
        Err(mistake) => {
            let start = mistake.start.min(text.len());
            let broken = Diagnostic::error("broken-style", Place::new(file, start..start), mistake.message);
            diagnostics.push(broken.help(mistake.help));
            None
        }
    }
}

/// Why a CSL file is no style to print with.
#[derive(Debug)]
pub struct Mistake {
    /// The byte where it is seen.
    start: usize,
    message: String,
    help: &'static str,
}

impl CitationStyle {
    /// The style of this name that comes with the program, if there is one.
    pub fn named(name: &str, language: &str) -> Option<Self> {
        let Style::Independent(style) = ArchivedStyle::by_name(name)?.get() else { return None };
        Some(Self { style, language: LocaleCode(language.to_owned()) })
    }

    /// The style that the text of a CSL file states.
    pub fn from_csl(text: &str, language: &str) -> Result<Self, Mistake> {
        const HELP: &str =
            "take the file anew from where it came, or mend it: the CSL specification says what it may hold";
        let document = roxmltree::Document::parse(text).map_err(|error| Mistake {
            start: byte_at(text, error.pos()),
            message: format!("this is no XML: {error}"),
            help: HELP,
        })?;
        let whole = |message: String, help| Mistake { start: document.root_element().range().start, message, help };
        undefined_macro(&document)?;
        let style =
            Style::from_xml(text).map_err(|error| whole(format!("this is no CSL style: {}", error.source), HELP))?;
        let style = match style {
            Style::Independent(style) => style,
            Style::Dependent(style) => {
                let parent = &style.parent_link.href;
                match ArchivedStyle::by_id(parent).map(ArchivedStyle::get) {
                    Some(Style::Independent(style)) => style,
                    _ => {
                        return Err(whole(
                            format!("this style only refers to another one, <{parent}>"),
                            "use the CSL file of that one",
                        ));
                    }
                }
            }
        };
        if style.bibliography.is_none() {
            return Err(whole(
                "this style prints no list of references, and citations lead to it".to_owned(),
                "choose a style with a bibliography element",
            ));
        }
        Ok(Self { style, language: LocaleCode(language.to_owned()) })
    }

    /// The style as the text of a CSL file.
    pub fn to_csl(&self) -> String {
        Style::Independent(self.style.clone()).to_xml().expect("a style that was read can be written")
    }

    /// The names of all styles that come with the program.
    pub fn names() -> impl Iterator<Item = &'static str> + Clone {
        ArchivedStyle::all().iter().flat_map(|style| style.names().iter().copied())
    }
}

/// Says so when a style calls a macro that it does not define: it would print nothing there.
fn undefined_macro(document: &roxmltree::Document<'_>) -> Result<(), Mistake> {
    let elements = || document.descendants().filter(roxmltree::Node::is_element);
    let defined: Vec<&str> = elements()
        .filter(|element| element.tag_name().name() == "macro")
        .filter_map(|element| element.attribute("name"))
        .collect();
    for element in elements() {
        if let Some(called) = element.attribute("macro").filter(|called| !defined.contains(called)) {
            return Err(Mistake {
                start: element.range().start,
                message: format!("this style has no macro `{called}`"),
                help: "take the file anew from where it came, or define the macro",
            });
        }
    }
    Ok(())
}

/// The byte of a line and column, both from 1 on.
fn byte_at(text: &str, position: roxmltree::TextPos) -> usize {
    let line: usize = text.split_inclusive('\n').take(position.row as usize - 1).map(str::len).sum();
    let column = text[line..].char_indices().nth(position.col as usize - 1).map_or(0, |(byte, _)| byte);
    line + column
}
