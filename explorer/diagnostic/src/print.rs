//! Diagnostics for people (an excerpt with the place marked) and for programs (a JSON line each).

use std::borrow::Cow;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use serde::Serialize;

use crate::{Diagnostic, Place, Position, Severity};

/// Whether terminal colours are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// ANSI colours, for a terminal.
    Coloured,
    /// Plain text, for a file, a pipe or a test.
    Plain,
}

/// The diagnostic as a person reads it. `text_of` lends the text of a file; without it only the name is shown.
pub fn human<'a>(diagnostic: &Diagnostic, style: Style, text_of: impl Fn(&str) -> Option<Cow<'a, str>>) -> String {
    let title = level(diagnostic.severity).primary_title(&diagnostic.message).id(diagnostic.code);
    let mut main = Group::with_title(title);
    let texts: Vec<(&Place, &str, Option<Cow<'a, str>>)> = diagnostic
        .place
        .iter()
        .map(|place| (place, ""))
        .chain(diagnostic.related.iter().map(|(place, label)| (place, label.as_str())))
        .map(|(place, label)| (place, label, text_of(&place.file)))
        .collect();
    for (index, (place, label, text)) in texts.iter().enumerate() {
        let kind = if index == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
        let Some(text) = text else {
            main = main.element(annotate_snippets::Origin::path(place.file.as_str()));
            continue;
        };
        let start = text.floor_char_boundary(place.start);
        let end = text.floor_char_boundary(place.end).max(start);
        let mut annotation = kind.span(start..end);
        if !label.is_empty() {
            annotation = annotation.label(*label);
        }
        main = main.element(Snippet::source(text.as_ref()).path(place.file.as_str()).annotation(annotation));
    }
    for note in &diagnostic.notes {
        main = main.element(Level::NOTE.message(note.as_str()));
    }
    if let Some(help) = &diagnostic.help {
        main = main.element(Level::HELP.message(help.as_str()));
    }
    let renderer = match style {
        Style::Coloured => Renderer::styled(),
        Style::Plain => Renderer::plain(),
    };
    renderer.render(&[main])
}

/// The diagnostic as one line of JSON: severity, code, message, file, line, column, end line and column, notes, help.
pub fn json<'a>(diagnostic: &Diagnostic, text_of: impl Fn(&str) -> Option<Cow<'a, str>>) -> String {
    let place = |place: &Place| {
        let text = text_of(&place.file).unwrap_or_default();
        let (start, end) = (Position::of(&text, place.start), Position::of(&text, place.end));
        JsonPlace {
            file: place.file.clone(),
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
        }
    };
    let line = JsonDiagnostic {
        severity: diagnostic.severity,
        code: diagnostic.code,
        message: &diagnostic.message,
        place: diagnostic.place.as_ref().map(place),
        related: diagnostic.related.iter().map(|(at, label)| JsonRelated { label, place: place(at) }).collect(),
        notes: &diagnostic.notes,
        help: diagnostic.help.as_deref(),
    };
    serde_json::to_string(&line).expect("strings and numbers always serialise")
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    }
}

#[derive(Serialize)]
struct JsonDiagnostic<'a> {
    severity: Severity,
    code: &'a str,
    message: &'a str,
    #[serde(flatten)]
    place: Option<JsonPlace>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related: Vec<JsonRelated<'a>>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    notes: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
}

#[derive(Serialize)]
struct JsonPlace {
    file: String,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Serialize)]
struct JsonRelated<'a> {
    label: &'a str,
    #[serde(flatten)]
    place: JsonPlace,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mistake() -> Diagnostic {
        Diagnostic::error("unknown-key", Place::new("a.md", 4..8), "unknown key `titel`").help("did you mean `title`?")
    }

    fn text(_: &str) -> Option<Cow<'static, str>> {
        Some("---\ntitel: x\n---\n".into())
    }

    #[test]
    fn a_person_sees_file_line_column_excerpt_and_help() {
        let shown = human(&mistake(), Style::Plain, text);
        for part in ["error[unknown-key]: unknown key `titel`", "a.md:2:1", "titel: x", "^^^^", "did you mean `title`?"]
        {
            assert!(shown.contains(part), "{part} is missing from:\n{shown}");
        }
    }

    #[test]
    fn a_program_gets_one_line_of_json() {
        assert_eq!(
            json(&mistake(), text),
            r#"{"severity":"error","code":"unknown-key","message":"unknown key `titel`","file":"a.md","line":2,"column":1,"end_line":2,"end_column":5,"help":"did you mean `title`?"}"#
        );
    }

    #[test]
    fn a_place_beyond_the_text_is_shown_at_its_end() {
        let mistake = Diagnostic::warning("late", Place::new("a.md", 900..901), "late");
        assert!(human(&mistake, Style::Plain, text).contains("a.md"));
        assert!(json(&mistake, text).contains("\"line\":4"));
    }
}
