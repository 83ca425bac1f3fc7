//! Models that must be refused, one folder of `refused/` for each kind of mistake.
//!
//! A case is the model in `refused/valid/` with the files of its folder added, or put in the place of those of the same
//! name; `expected.txt` is what an author then reads. `BLESS=1 cargo test -p model --test refused` writes all of them
//! anew.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use diagnostic::print::{Style, human};
use diagnostic::{Checked, Diagnostic, Severity};
use model::{Model, ModelFile};

type Files = BTreeMap<String, String>;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/refused")
}

/// The texts of a folder by the names of their files.
fn texts(folder: &Path) -> Files {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.expect("its entries can be read").path());
    let models = paths.filter(|path| path.extension().is_some_and(|extension| extension == "toml"));
    let named = models.map(|path| {
        let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
        (name, fs::read_to_string(&path).expect("it is text"))
    });
    named.collect()
}

/// The folders of all cases with the files of their models.
fn cases() -> Vec<(PathBuf, Files)> {
    let entries = fs::read_dir(folder()).expect("the cases are in the checkout");
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.expect("readable").path()).collect();
    folders.retain(|folder| !folder.ends_with("valid"));
    folders.sort();
    let valid = texts(&folder().join("valid"));
    let with_files = folders.into_iter().map(|folder| {
        let files = valid.clone().into_iter().chain(texts(&folder)).collect();
        (folder, files)
    });
    with_files.collect()
}

fn compiled(files: &Files) -> Checked<Option<Model>> {
    let files: Vec<ModelFile<'_>> = files.iter().map(|(path, text)| ModelFile { path, text }).collect();
    model::compile(&files)
}

fn printed(diagnostic: &Diagnostic, files: &Files) -> String {
    human(diagnostic, Style::Plain, |path| files.get(path).map(|text| text.into()))
}

#[test]
fn the_model_that_the_cases_start_from_is_not_refused() {
    let found = compiled(&texts(&folder().join("valid"))).diagnostics;
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn every_refusal_says_what_is_wrong_as_expected() {
    let mut wrong = String::new();
    let cases = cases();
    assert!(cases.len() >= 40, "cases are missing");
    for (folder, files) in cases {
        let found = compiled(&files).diagnostics.sorted();
        let shown: Vec<String> = found.iter().map(|diagnostic| printed(diagnostic, &files)).collect();
        let shown = shown.join("\n\n") + "\n";
        let expected = folder.join("expected.txt");
        if std::env::var_os("BLESS").is_some() {
            fs::write(&expected, &shown).expect("the checkout can be written to");
        } else if fs::read_to_string(&expected).unwrap_or_default() != shown {
            wrong += &format!("── {}\n{shown}\n", folder.display());
        }
    }
    assert!(wrong.is_empty(), "these differ from their expected.txt:\n{wrong}");
}

#[test]
fn every_diagnostic_has_a_place_and_says_what_to_do() {
    for (folder, files) in cases() {
        let Checked { value, diagnostics } = compiled(&files);
        let name = folder.display();
        assert!(!diagnostics.is_empty(), "{name}: nothing is wrong");
        assert_eq!(value.is_none(), diagnostics.has_errors(), "{name}: a model comes without errors and only then");
        for found in diagnostics.iter() {
            let help = found.help.as_deref().unwrap_or_default();
            assert!(!help.is_empty(), "{name}: [{}] {} has no help", found.code, found.message);
            assert!(!found.message.ends_with('.') && !help.ends_with('.'), "{name}: {} / {help}", found.message);
            let place = found.place.as_ref();
            assert!(place.is_some(), "{name}: [{}] {}", found.code, found.message);
            for place in place.into_iter().chain(found.related.iter().map(|(place, _)| place)) {
                assert!(files[&place.file].get(place.span()).is_some(), "{name}: {place:?}");
            }
        }
    }
}

#[test]
fn a_warning_does_not_refuse_a_model() {
    let unused = cases().into_iter().find(|(folder, _)| folder.ends_with("unused-parameter"));
    let (_, files) = unused.expect("the case is in the checkout");
    let Checked { value, diagnostics } = compiled(&files);
    assert!(value.is_some() && diagnostics.iter().all(|found| found.severity == Severity::Warning));
}
