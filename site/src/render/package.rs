//! The description of a dataset → `datapackage.json` as the Data Package standard has it since version 2, whichever
//! version its editor wrote.

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::Renderer;
use crate::html::hex;
use crate::parse::dataset::{Dataset, Resource};

const PACKAGE: &str = "https://datapackage.org/profiles/2.0/datapackage.json";
const RESOURCE: &str = "https://datapackage.org/profiles/2.0/dataresource.json";
const SCHEMA: &str = "https://datapackage.org/profiles/2.0/tableschema.json";

/// The package, its files under the names they are published by; what the standard does not know stays.
pub fn package(renderer: &Renderer<'_>, dataset: &Dataset) -> Option<Vec<u8>> {
    let mut package: Map<String, Value> = serde_json::from_str(renderer.sources.text(&dataset.file)?).ok()?;
    package.remove("profile");
    package.insert("$schema".into(), json!(PACKAGE));
    for contributor in list(&mut package, "contributors") {
        // Version 1 knew one role for each.
        if let Some(role) = contributor.remove("role") {
            contributor.entry("roles").or_insert(json!([role]));
        }
    }
    for (written, resource) in list(&mut package, "resources").zip(&dataset.resources) {
        describe(renderer, written, resource);
    }
    serde_json::to_vec_pretty(&package).ok()
}

fn describe(renderer: &Renderer<'_>, written: &mut Map<String, Value>, resource: &Resource) {
    let bytes = renderer.sources.text(&resource.file).unwrap_or_default().as_bytes();
    written.remove("profile");
    written.insert("$schema".into(), json!(RESOURCE));
    written.insert("type".into(), json!("table"));
    written.insert("path".into(), json!(format!("{}.csv", resource.name)));
    written.insert("format".into(), json!("csv"));
    written.insert("mediatype".into(), json!("text/csv"));
    written.insert("encoding".into(), json!("utf-8"));
    written.insert("bytes".into(), json!(bytes.len()));
    written.insert("hash".into(), json!(format!("sha256:{}", hex(&Sha256::digest(bytes)))));
    if let Some(Value::Object(schema)) = written.get_mut("schema") {
        schema.insert("$schema".into(), json!(SCHEMA));
        if let Some(Value::String(key)) = schema.get("primaryKey").cloned() {
            schema.insert("primaryKey".into(), json!([key]));
        }
    }
}

fn list<'a>(package: &'a mut Map<String, Value>, key: &str) -> impl Iterator<Item = &'a mut Map<String, Value>> {
    let items = package.get_mut(key).and_then(Value::as_array_mut).into_iter().flatten();
    items.filter_map(Value::as_object_mut)
}
