//! Text → the session that an address asks for → its own address → the same session.

#![no_main]

use std::path::Path;
use std::sync::{Arc, LazyLock};

use app::address::{read, write};
use app::session::Session;
use libfuzzer_sys::fuzz_target;
use model::ModelFile;

/// What the explorer's page starts with, on the model of this repository.
static START: LazyLock<Session> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/models/micro-multinationals");
    let mut files: Vec<(String, String)> = std::fs::read_dir(folder)
        .expect("the model's folder is there")
        .map(|entry| entry.expect("its entries can be read").path())
        .map(|path| (path.display().to_string(), std::fs::read_to_string(path).expect("it is text")))
        .collect();
    files.sort();
    let files: Vec<_> = files.iter().map(|(path, text)| ModelFile { path, text }).collect();
    let model = model::compile(&files).value.expect("the model has no mistakes");
    let region = model.region_ids().next().expect("a model has a region");
    Session::new(Arc::new(model), region)
});

fuzz_target!(|text: &str| {
    let start = &*START;
    let (session, notices) = read(text, start);
    for notice in notices {
        assert!(notice.to_string().chars().count() < 200, "a notice is a sentence");
    }
    let query = write(&session, start);
    let (again, notices) = read(&query, start);
    assert_eq!(notices, [], "{query}");
    assert_eq!(again, session, "{query}");
    assert_eq!(write(&again, start), query);
    assert!(!session.in_words().is_empty());
    // What a reader asks for stays within what the model takes.
    let (model, settings) = (session.model(), session.settings());
    for (lever, setting) in model.levers.iter().zip(&settings.levers) {
        assert!(lever.allows(*setting), "{} at {setting}", lever.id);
    }
    for (parameter, value) in &settings.parameters {
        let estimate = model.parameters[parameter.index()].estimate(settings.region);
        assert!((estimate.low..=estimate.high).contains(value), "{query}");
    }
});
