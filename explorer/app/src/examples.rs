//! The site's own model, for tests.

use std::sync::{Arc, OnceLock};

use model::{Model, ModelFile};

use crate::session::Session;

/// The model that the site is built with, read once.
pub fn model() -> Arc<Model> {
    static MODEL: OnceLock<Arc<Model>> = OnceLock::new();
    let read = || {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/models/micro-multinationals");
        let mut files: Vec<(String, String)> = std::fs::read_dir(folder)
            .expect("the model's folder is there")
            .map(|entry| entry.expect("its entries can be read").path())
            .map(|path| (path.display().to_string(), std::fs::read_to_string(path).expect("it is text")))
            .collect();
        files.sort();
        let files: Vec<_> = files.iter().map(|(path, text)| ModelFile { path, text }).collect();
        Arc::new(model::compile(&files).value.expect("the model has no mistakes"))
    };
    Arc::clone(MODEL.get_or_init(read))
}

/// Nothing chosen yet, in the United States.
pub fn session() -> Session {
    let model = model();
    let region = model.region("us").expect("declared");
    Session::new(model, region)
}
