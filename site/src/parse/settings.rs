//! `content/site.toml` → [`Settings`]: what the site is called and where it will stand.

use std::collections::BTreeSet;

use diagnostic::{Diagnostic, Diagnostics, Place};

use super::block::Named;
use crate::load::Sources;
use crate::tree::{self, Fields, Node};

/// Where the settings stand.
pub const FILE: &str = "content/site.toml";

/// How citations look when the settings do not say.
const DEFAULT_STYLE: &str = "chicago-author-date";

/// What the site is called and where it will stand.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The site's name.
    pub title: String,
    /// A few words under the name.
    pub tagline: String,
    /// A sentence or two for search engines.
    pub description: String,
    /// The language of the text as a BCP 47 tag.
    pub language: String,
    /// The address it will have, with a slash at the end.
    pub base_url: String,
    /// Who publishes it.
    pub publisher: String,
    /// An e-mail address for corrections.
    pub contact: String,
    /// What stands at the foot of every page after the licences, or nothing.
    pub footer: String,
    /// The licence of the software.
    pub code_licence: String,
    /// The licence of texts and data.
    pub content_licence: String,
    /// The name of the citation style, and where it stands.
    pub citation_style: Named,
    /// The slug of the brief that the home page opens with, and where it stands; the newest if there is none.
    pub lead: Option<Named>,
    /// Which datasets hold the figures of the sources; a site may have no register of them.
    pub evidence: Option<Evidence>,
    /// HTML elements that Markdown may contain.
    pub allowed_html: BTreeSet<String>,
}

/// The datasets from which the register of evidence is made, and where they are named.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// One row a figure.
    pub register: Named,
    /// One row a contradiction, which names the figures it concerns.
    pub contradictions: Option<Named>,
}

/// Reads the settings; `base_url` from the command line wins.
pub fn settings(sources: &Sources, base_url: Option<&str>, diagnostics: &mut Diagnostics) -> Settings {
    let Some(text) = sources.text(FILE) else {
        diagnostics.push(
            Diagnostic::general("no-settings", format!("there is no {FILE}"))
                .help("write it with at least title, tagline, description, language, base_url, publisher and contact"),
        );
        return Settings::unread();
    };
    let Some(node) = tree::toml(FILE, text, 0, diagnostics) else { return Settings::unread() };
    let mut fields = Fields::new(FILE, "the site's settings", node, diagnostics);
    let mut settings = Settings {
        title: fields.required_text("title", diagnostics).0,
        tagline: fields.required_text("tagline", diagnostics).0,
        description: fields.required_text("description", diagnostics).0,
        language: fields.required_text("language", diagnostics).0,
        publisher: fields.required_text("publisher", diagnostics).0,
        contact: fields.required_text("contact", diagnostics).0,
        allowed_html: fields.texts("allowed_html", diagnostics).into_iter().map(|(name, _)| name).collect(),
        ..Settings::default()
    };
    settings.lead = fields.text("lead", diagnostics);
    settings.footer = fields.text("footer", diagnostics).map(|(text, _)| text).unwrap_or_default();
    settings.citation_style = fields.text("citation_style", diagnostics).unwrap_or((DEFAULT_STYLE.to_owned(), 0..0));
    let (written, span) = fields.required_text("base_url", diagnostics);
    settings.base_url = address(base_url.unwrap_or(&written), &Place::new(FILE, span), diagnostics);
    settings.evidence = fields.node("evidence").map(|node| evidence(node, diagnostics));
    let licence = fields.required("licence", diagnostics);
    (settings.code_licence, settings.content_licence) = licences(licence, diagnostics);
    fields.finish(diagnostics);
    settings
}

impl Settings {
    /// Stands for settings that could not be read, so that no further mistake follows from it.
    fn unread() -> Self {
        Self { citation_style: (DEFAULT_STYLE.to_owned(), 0..0), ..Self::default() }
    }

    /// The path part of the address: `/`, or `/somewhere/`.
    pub fn base_path(&self) -> &str {
        let after_scheme = self.base_url.split_once("://").map_or("/", |(_, rest)| rest);
        after_scheme.find('/').map_or("/", |slash| &after_scheme[slash..])
    }

    /// The address of `path` for links: below the base when it starts at the site's root, as it is when it leads elsewhere.
    pub fn href(&self, path: &str) -> String {
        match path.strip_prefix('/') {
            Some(below) => format!("{}{below}", self.base_path()),
            None => path.to_owned(),
        }
    }
}

fn address(url: &str, place: &Place, diagnostics: &mut Diagnostics) -> String {
    let has_host = ["https://", "http://"].iter().any(|scheme| url.len() > scheme.len() && url.starts_with(scheme));
    let plain = !url.contains(|c: char| c.is_whitespace() || matches!(c, '?' | '#' | '"' | '<' | '>'));
    let is_address = has_host && plain;
    // An empty one has been reported as missing.
    if !is_address && !url.is_empty() {
        diagnostics.push(
            Diagnostic::error("bad-address", place.clone(), format!("`{url}` is no address for a site"))
                .help("write it like https://example.org/ or https://example.org/levers/"),
        );
        return "http://localhost/".into();
    }
    format!("{}/", url.trim_end_matches('/'))
}

fn evidence(node: Node, diagnostics: &mut Diagnostics) -> Evidence {
    let mut fields = Fields::new(FILE, "the evidence table", node, diagnostics);
    let register = fields.required_text("register", diagnostics);
    let contradictions = fields.text("contradictions", diagnostics);
    fields.finish(diagnostics);
    Evidence { register, contradictions }
}

fn licences(node: Option<Node>, diagnostics: &mut Diagnostics) -> (String, String) {
    let Some(node) = node else { return Default::default() };
    let mut fields = Fields::new(FILE, "the licence table", node, diagnostics);
    let licences = (fields.required_text("code", diagnostics).0, fields.required_text("content", diagnostics).0);
    fields.finish(diagnostics);
    licences
}
