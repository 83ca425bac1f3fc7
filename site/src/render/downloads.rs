//! Datasets, figures and model files as files of their own.

use serde_json::{Map, Value, json};

use super::{File, Renderer, catalogue, figure_files, package};
use crate::link::dataset_path;
use crate::link::figure::Figure;
use crate::parse::dataset::{Cell, ColumnKind, Dataset, Resource};

/// Publishes every download.
pub fn publish(renderer: &Renderer<'_>, publish: &(dyn Fn(File) + Sync)) {
    for dataset in &renderer.site.datasets {
        publish_dataset(renderer, dataset, publish);
    }
    publish(File { path: below(catalogue::PATH), bytes: catalogue::catalogue(renderer) });
    for model in &renderer.site.models {
        for file in &model.files {
            if let Some(bytes) = renderer.sources.bytes(file) {
                publish(File { path: below(&model.published(file)), bytes: bytes.to_vec() });
            }
        }
        publish(File { path: below(&model.baseline_path()), bytes: model.baseline_csv().into_bytes() });
    }
    let site = renderer.site;
    let documents = site
        .briefs
        .iter()
        .map(|one| (&one.path, &one.figures))
        .chain(site.recommendations.iter().map(|one| (&one.path, &one.figures)))
        .chain(site.pages.iter().map(|one| (&one.path, &one.figures)));
    let figures: Vec<(&str, &Figure)> =
        documents.flat_map(|(path, figures)| figures.iter().map(|figure| (path.as_str(), figure))).collect();
    figure_files::publish(renderer, &figures, publish);
}

fn publish_dataset(renderer: &Renderer<'_>, dataset: &Dataset, publish: &(dyn Fn(File) + Sync)) {
    let path = dataset_path(&dataset.id);
    for resource in &dataset.resources {
        if let Some(text) = renderer.sources.text(&resource.file) {
            publish(File { path: below(&format!("{path}{}.csv", resource.name)), bytes: text.as_bytes().to_vec() });
        }
        let json = serde_json::to_vec_pretty(&rows(resource)).expect("rows are plain values");
        publish(File { path: below(&format!("{path}{}.json", resource.name)), bytes: json });
    }
    if let Some(package) = package::package(renderer, dataset) {
        publish(File { path: below(&format!("{path}datapackage.json")), bytes: package });
    }
}

/// Rows as objects with values of their own type; a missing value is null.
fn rows(resource: &Resource) -> Value {
    let columns: Vec<usize> = (0..resource.columns.len()).collect();
    (0..resource.rows.len()).map(|index| row(resource, index, &columns)).collect()
}

/// One row of a table, with these columns.
pub fn row(resource: &Resource, row: usize, columns: &[usize]) -> Value {
    let values = columns.iter().map(|&index| {
        let column = &resource.columns[index];
        let value = match &resource.rows[row][index] {
            Cell::Missing => Value::Null,
            Cell::Text(text) => json!(text),
            Cell::Boolean(flag) => json!(flag),
            Cell::Number(number, _) if column.kind != ColumnKind::Number => json!(*number as i64),
            Cell::Number(number, _) => json!(number),
        };
        (column.name.clone(), value)
    });
    Value::Object(values.collect::<Map<_, _>>())
}

/// An address as the path of a file.
pub fn below(path: &str) -> String {
    path.trim_start_matches('/').to_owned()
}
