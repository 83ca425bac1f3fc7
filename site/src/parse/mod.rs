//! Files → documents, datasets, models and works, each read by itself.
//!
//! [`Sources`] → [`parse`] → [`Parsed`]
//!
//! Nothing is looked up across files here, so everything is read in parallel.

pub mod bibliography;
pub mod block;
pub mod citation;
pub mod csl;
pub mod dataset;
pub mod document;
pub mod markdown;
pub mod models;
pub mod outline;
pub mod settings;

use std::collections::BTreeSet;

use diagnostic::{Checked, Diagnostic, Diagnostics, Place};
use rayon::prelude::*;

use crate::load::Sources;
use bibliography::Works;
use dataset::Dataset;
use document::{Brief, Document, Page, Recommendation};
use models::PolicyModel;
use settings::Settings;

/// Everything editors wrote, read but not yet connected.
#[derive(Debug)]
pub struct Parsed {
    /// What the site is called and where it will stand.
    pub settings: Settings,
    /// All briefs, drafts too, by file.
    pub briefs: Vec<Document<Brief>>,
    /// All recommendations, by file.
    pub recommendations: Vec<Document<Recommendation>>,
    /// All other pages, by file.
    pub pages: Vec<Document<Page>>,
    /// All datasets, by folder.
    pub datasets: Vec<Dataset>,
    /// All policy models, by folder.
    pub models: Vec<PolicyModel>,
    /// The works that may be cited.
    pub works: Works,
    /// Files with mistakes that leave nothing to show: what refers to them is not a mistake of its own.
    pub unread: BTreeSet<String>,
}

type Reader<F> = fn(&Sources, &str, &Settings, &mut Diagnostics) -> Option<Document<F>>;

/// Reads every file. An address given on the command line wins over the one in the settings.
pub fn parse(sources: &Sources, base_url: Option<&str>) -> Checked<Parsed> {
    let mut diagnostics = Diagnostics::new();
    let settings = settings::settings(sources, base_url, &mut diagnostics);
    strangers(sources, &mut diagnostics);
    let mut parsed = Parsed {
        briefs: documents(sources, "content/briefs/", &settings, document::brief, &mut diagnostics),
        recommendations: documents(
            sources,
            "content/recommendations/",
            &settings,
            document::recommendation,
            &mut diagnostics,
        ),
        pages: documents(sources, document::PAGES, &settings, document::page, &mut diagnostics),
        datasets: datasets(sources, &mut diagnostics),
        models: models::models(sources, &mut diagnostics),
        works: bibliography::bibliography(sources, &mut diagnostics),
        settings,
        unread: BTreeSet::new(),
    };
    parsed.unread = unread(sources, &parsed);
    Checked { value: parsed, diagnostics }
}

fn documents<F: Send>(
    sources: &Sources,
    folder: &str,
    settings: &Settings,
    read: Reader<F>,
    diagnostics: &mut Diagnostics,
) -> Vec<Document<F>> {
    let files: Vec<&str> =
        sources.under(folder).filter(|file| file.ends_with(".md") && is_in_place(folder, file)).collect();
    let read: Vec<(Option<Document<F>>, Diagnostics)> = files
        .into_par_iter()
        .map(|file| {
            let mut diagnostics = Diagnostics::new();
            (read(sources, file, settings, &mut diagnostics), diagnostics)
        })
        .collect();
    read.into_iter()
        .filter_map(|(document, found)| {
            diagnostics.extend(found);
            document
        })
        .collect()
}

/// Pages may stand in folders, which are then part of their addresses; other documents stand in a row.
fn is_in_place(folder: &str, file: &str) -> bool {
    file.strip_prefix(folder).is_some_and(|name| folder == document::PAGES || !name.contains('/'))
}

fn datasets(sources: &Sources, diagnostics: &mut Diagnostics) -> Vec<Dataset> {
    let folders: Vec<&str> = sources
        .under("data/")
        .filter_map(|file| file.strip_suffix("/datapackage.json"))
        .filter(|folder| !folder.starts_with("data/models/"))
        .collect();
    let read: Vec<(Option<Dataset>, Diagnostics)> = folders
        .into_par_iter()
        .map(|folder| {
            let mut diagnostics = Diagnostics::new();
            (dataset::dataset(sources, folder, &mut diagnostics), diagnostics)
        })
        .collect();
    read.into_iter()
        .filter_map(|(dataset, found)| {
            diagnostics.extend(found);
            dataset
        })
        .collect()
}

/// The documents, packages and models of which nothing came.
fn unread(sources: &Sources, parsed: &Parsed) -> BTreeSet<String> {
    let documents = sources.under("content/").filter(|file| file.ends_with(".md"));
    let packages = sources.under("data/").filter(|file| file.ends_with("/datapackage.json"));
    let mut unread: BTreeSet<String> = documents.chain(packages).map(str::to_owned).collect();
    for file in (parsed.briefs.iter().map(|one| &one.file))
        .chain(parsed.recommendations.iter().map(|one| &one.file))
        .chain(parsed.pages.iter().map(|one| &one.file))
        .chain(parsed.datasets.iter().map(|one| &one.file))
    {
        unread.remove(file);
    }
    unread.extend(
        models::folders(sources).filter(|id| !parsed.models.iter().any(|one| one.id == *id)).map(models::folder),
    );
    unread
}

/// Files that nothing reads: a page in the wrong folder, a CSV without a description.
fn strangers(sources: &Sources, diagnostics: &mut Diagnostics) {
    const FOLDERS: [&str; 3] = ["content/briefs/", "content/recommendations/", document::PAGES];
    for file in sources.under("content/").filter(|file| file.ends_with(".md")) {
        if !FOLDERS.iter().any(|folder| is_in_place(folder, file)) {
            diagnostics.push(
                Diagnostic::error(
                    "stray-document",
                    Place::file(file),
                    "this document is in no folder that is published",
                )
                .help("move it to content/briefs/, content/recommendations/ or content/pages/"),
            );
        }
    }
    let described: BTreeSet<&str> =
        sources.under("data/").filter_map(|file| file.strip_suffix("/datapackage.json")).collect();
    for file in sources.under("data/").filter(|file| file.ends_with(".csv")) {
        let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
        if !described.contains(folder) && !file.starts_with("data/models/") {
            diagnostics.push(
                Diagnostic::error("undescribed-data", Place::file(file), "no datapackage.json describes this file")
                    .help(format!("write {folder}/datapackage.json with its columns, units, sources and licence")),
            );
        }
    }
}
