//! The templates: read once, each mistake with its place.

use diagnostic::{Diagnostic, Diagnostics, Place};
use tera::{Context, ErrorKind, Tera};

use crate::load::Sources;

const FOLDER: &str = "site/templates/";

/// Reads all templates.
pub fn templates(sources: &Sources, diagnostics: &mut Diagnostics) -> Tera {
    let mut tera = Tera::default();
    let all: Vec<(&str, &str)> =
        sources.under(FOLDER).filter_map(|path| Some((&path[FOLDER.len()..], sources.text(path)?))).collect();
    if let Err(error) = tera.add_raw_templates(all) {
        diagnostics.push(mistake(&error, "a template"));
    }
    tera
}

/// The page `context` in the template `name`; none when the template has a mistake, which is then reported.
pub fn render(tera: &Tera, name: &str, context: &Context, diagnostics: &mut Diagnostics) -> Option<String> {
    match tera.render(name, context) {
        Ok(page) => Some(page),
        Err(error) => {
            diagnostics.push(mistake(&error, name));
            None
        }
    }
}

fn mistake(error: &tera::Error, name: &str) -> Diagnostic {
    let (file, span, message) = match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            (report.filename().to_owned(), report.span().range.clone(), report.message().to_owned())
        }
        ErrorKind::MissingParent { current, .. } => (current.clone(), 0..0, error.to_string()),
        ErrorKind::CircularExtend { tpl, .. } | ErrorKind::CircularInclude { tpl, .. } => {
            (tpl.clone(), 0..0, error.to_string())
        }
        _ => (name.to_owned(), 0..0, error.to_string()),
    };
    Diagnostic::error("template", Place::new(format!("{FOLDER}{file}"), span), message)
        .help("the template language is Tera 2; what a template is given is listed in README.md")
}
