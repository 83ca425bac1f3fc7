//! The model of micro-multinationals as it is published, for tests that need a real one.

use std::path::Path;

use model::{Model, ModelFile};

/// Compiles its text.
pub fn model() -> Model {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/models/micro-multinationals");
    let mut files: Vec<(String, String)> = std::fs::read_dir(folder)
        .expect("the model's folder is there")
        .map(|entry| entry.expect("its entries can be read").path())
        .map(|path| (path.display().to_string(), std::fs::read_to_string(&path).expect("it is text")))
        .collect();
    files.sort();
    let files: Vec<ModelFile<'_>> = files.iter().map(|(path, text)| ModelFile { path, text }).collect();
    model::compile(&files).value.expect("the published model has no mistakes")
}
