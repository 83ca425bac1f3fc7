//! Every mistake an editor can make is told with file, line, column, excerpt and what to do.
//!
//! A folder of `cases/` holds what differs from the site in `valid/`, and in `expected.txt` what the terminal then says.
//! `arrange.toml` names what is removed from the valid site and which symbolic links are made; files under `beside/` are
//! put beside the site's root.
//!
//! `BLESS=1 cargo test -p tests --test diagnostics` writes all expected texts anew.

mod deep;
mod garbled;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use diagnostic::print::Style;
use diagnostic::{Diagnostics, Position, Severity};
use rayon::prelude::*;
use serde::Deserialize;
use site::Build;
use tests::expected;
use tests::input::Input;

/// What a case does besides adding files.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Arrangement {
    /// Files and folders of the valid site that are not there.
    remove: Vec<String>,
    /// Symbolic links and where they lead.
    link: BTreeMap<String, String>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("diagnostics")
}

/// All cases by name, each built once for all tests of this file.
fn builds() -> &'static [(PathBuf, Build)] {
    static BUILDS: OnceLock<Vec<(PathBuf, Build)>> = OnceLock::new();
    BUILDS.get_or_init(|| cases().into_par_iter().map(|case| (case.clone(), input(&case).build())).collect())
}

/// The folders of all cases.
fn cases() -> Vec<PathBuf> {
    let entries = fs::read_dir(folder().join("cases")).expect("the cases are in the checkout");
    let mut cases: Vec<PathBuf> = entries.map(|entry| entry.expect("readable").path()).collect();
    cases.sort();
    assert!(cases.len() > 50, "cases are missing");
    cases
}

fn input(case: &Path) -> Input {
    let arrangement = fs::read_to_string(case.join("arrange.toml")).unwrap_or_default();
    let arrangement: Arrangement =
        toml::from_str(&arrangement).unwrap_or_else(|error| panic!("{}: {error}", case.display()));
    let mut input = Input::empty().folder(&folder().join("valid"));
    for path in &arrangement.remove {
        input = input.without(path);
    }
    for part in ["content", "data", "site"] {
        if case.join(part).is_dir() {
            input = input.folder_at(part, &case.join(part));
        }
    }
    for (path, target) in &arrangement.link {
        input = input.link(path, target);
    }
    if case.join("beside").is_dir() {
        input = input.beside("beside", &case.join("beside"));
    }
    input
}

fn name(case: &Path) -> String {
    case.file_name().expect("a case has a name").to_string_lossy().into_owned()
}

#[test]
fn every_mistake_is_told_as_expected() {
    let mut wrong = String::new();
    for (case, build) in builds() {
        wrong += &expected::text(&case.join("expected.txt"), &site::terminal::mistakes(build, Style::Plain));
        assert!(!build.diagnostics.is_empty(), "{} has no mistake", name(case));
        let only_warns = !build.diagnostics.has_errors();
        assert_eq!(build.published.is_some(), only_warns, "{} is published if nothing is an error", name(case));
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn the_site_that_the_cases_start_from_has_no_mistakes() {
    let input = Input::empty().folder(&folder().join("valid"));
    let mut found = Diagnostics::new();
    let folders = site::load::Folders { root: input.root(), theme: tests::workspace().join("site") };
    let sources = site::load::load(&folders).collect(&mut found);
    let parsed = site::parse::parse(&sources, None).collect(&mut found);
    let site = site::link::link(parsed, &sources, tests::TODAY).collect(&mut found);
    site::check::check(&site, &sources, &mut found);
    site::render::render(&site, &sources, None, None, &|_| {}, &mut found);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn mistakes_come_by_file_and_place() {
    for (case, build) in builds() {
        let places: Vec<_> = build.diagnostics.iter().map(|diagnostic| diagnostic.place.clone()).collect();
        assert!(places.is_sorted(), "{}: {places:#?}", name(case));
    }
}

#[test]
fn every_mistake_says_what_to_do_and_points_into_its_file() {
    let mut wrong = Vec::new();
    for (case, build) in builds() {
        for diagnostic in build.diagnostics.iter() {
            let helps = !diagnostic.help.as_deref().unwrap_or_default().is_empty();
            if !helps {
                wrong.push(format!("{}: [{}] {} has no help", name(case), diagnostic.code, diagnostic.message));
            }
            let related = diagnostic.related.iter().map(|(place, _)| place);
            for place in diagnostic.place.iter().chain(related) {
                let length = build.sources.bytes(&place.file).map(<[u8]>::len);
                if length.is_some_and(|length| place.end > length) {
                    wrong.push(format!("{}: [{}] ends beyond {}", name(case), diagnostic.code, place.file));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn programs_get_one_object_a_line_with_the_same_places() {
    for (case, build) in builds() {
        let json = site::terminal::json(&build.diagnostics, &build.sources);
        assert_eq!(json.lines().count(), build.diagnostics.iter().count(), "{}", name(case));
        for (line, diagnostic) in json.lines().zip(build.diagnostics.iter()) {
            let object: serde_json::Value =
                serde_json::from_str(line).unwrap_or_else(|error| panic!("{}: {error}: {line}", name(case)));
            assert_eq!(object["code"], diagnostic.code);
            assert_eq!(object["message"], *diagnostic.message);
            let severity = if diagnostic.severity == Severity::Error { "error" } else { "warning" };
            assert_eq!(object["severity"], severity);
            let Some(place) = &diagnostic.place else {
                assert!(object.get("file").is_none(), "{line}");
                continue;
            };
            assert_eq!(object["file"], *place.file);
            let wanted = position(build, &place.file, place.start);
            assert_eq!((&object["line"], &object["column"]), (&wanted.line.into(), &wanted.column.into()), "{line}");
        }
    }
}

fn position(build: &Build, file: &str, byte: usize) -> Position {
    Position::of(&build.sources.excerpt(file).unwrap_or_default(), byte)
}
