//! Datasets, chart data and model files as files of their own.

use serde_json::{Map, Value, json};

use super::{File, Renderer, figures};
use crate::link::dataset_path;
use crate::link::figure::Figure;
use crate::parse::dataset::{Cell, ColumnKind, Dataset, Resource};

/// Publishes every download.
pub fn publish(renderer: &Renderer<'_>, publish: &(dyn Fn(File) + Sync)) {
    for dataset in &renderer.site.datasets {
        publish_dataset(renderer, dataset, publish);
    }
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
    for (path, document_figures) in documents {
        for figure in document_figures {
            publish_figure(renderer, path, figure, publish);
        }
    }
}

fn publish_figure(renderer: &Renderer<'_>, path: &str, figure: &Figure, publish: &(dyn Fn(File) + Sync)) {
    if let Some(csv) = figures::csv(renderer, figure) {
        publish(File { path: below(&figures::csv_path(path, figure)), bytes: csv.into_bytes() });
    }
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
    if let Some(package) = renderer.sources.text(&dataset.file).and_then(|text| package(text, dataset)) {
        publish(File { path: below(&format!("{path}datapackage.json")), bytes: package });
    }
}

/// The package as its editor wrote it, its files under the names they are published by.
fn package(text: &str, dataset: &Dataset) -> Option<Vec<u8>> {
    let mut package: Value = serde_json::from_str(text).ok()?;
    for (written, resource) in package.get_mut("resources")?.as_array_mut()?.iter_mut().zip(&dataset.resources) {
        written["path"] = json!(format!("{}.csv", resource.name));
    }
    serde_json::to_vec_pretty(&package).ok()
}

/// Rows as objects with values of their own type; a missing value is null.
fn rows(resource: &Resource) -> Value {
    let row = |cells: &Vec<Cell>| {
        let values = resource.columns.iter().zip(cells).map(|(column, cell)| {
            let value = match cell {
                Cell::Missing => Value::Null,
                Cell::Text(text) => json!(text),
                Cell::Boolean(flag) => json!(flag),
                Cell::Number(number, _) if column.kind != ColumnKind::Number => json!(*number as i64),
                Cell::Number(number, _) => json!(number),
            };
            (column.name.clone(), value)
        });
        Value::Object(values.collect::<Map<_, _>>())
    };
    Value::Array(resource.rows.iter().map(row).collect())
}

fn below(path: &str) -> String {
    path.trim_start_matches('/').to_owned()
}
