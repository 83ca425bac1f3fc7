//! Figures and tables as files that readers take along: CSV and JSON, charts also as SVG and PNG.
//!
//! Their addresses are the document's own with the figure's id, so that they stay what they are.

use chart::{Chart, Positions};
use rayon::prelude::*;
use serde_json::{Map, Value, json};

use super::figures::{self, TEXT_COLUMN};
use super::raster::Raster;
use super::{File, Renderer, downloads};
use crate::html::escape;
use crate::link::figure::{Content, Figure, View};
use crate::parse::dataset::Resource;

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Csv,
    Svg,
    Png,
    Json,
}

impl Format {
    fn name(self) -> &'static str {
        match self {
            Self::Csv => "CSV",
            Self::Svg => "SVG",
            Self::Png => "PNG",
            Self::Json => "JSON",
        }
    }

    fn path(self, document: &str, figure: &Figure) -> String {
        format!("{document}{}.{}", figure.common.id.0, self.name().to_lowercase())
    }
}

/// Links to the files of a figure of the document at `path`, as HTML; explorers have none.
pub fn links(renderer: &Renderer<'_>, path: &str, figure: &Figure) -> String {
    let link = |format: &Format| {
        format!(
            "<a href=\"{}\" aria-label=\"Download {} as {name}\" download>{name}</a>",
            escape(&renderer.href(&format.path(path, figure))),
            escape(&figure.label()),
            name = format.name(),
        )
    };
    let links: Vec<String> = formats(figure).iter().map(link).collect();
    if links.is_empty() {
        return String::new();
    }
    format!(" <span class=\"figure-files\">Download {}</span>", links.join(" "))
}

fn formats(figure: &Figure) -> &'static [Format] {
    match &figure.content {
        Some(Content::DataChart { .. } | Content::ModelChart { .. }) => {
            &[Format::Csv, Format::Svg, Format::Png, Format::Json]
        }
        Some(Content::Table { .. }) => &[Format::Csv, Format::Json],
        Some(Content::Explorer { .. }) | None => &[],
    }
}

/// Publishes the files of all figures: each with the address of its document.
pub fn publish(renderer: &Renderer<'_>, figures: &[(&str, &Figure)], publish: &(dyn Fn(File) + Sync)) {
    let raster = Raster::new(renderer.sources, renderer.pictures);
    figures.par_iter().for_each(|(path, figure)| {
        let put = |format: Format, bytes: Vec<u8>| {
            publish(File { path: downloads::below(&format.path(path, figure)), bytes });
        };
        match &figure.content {
            Some(Content::DataChart { .. } | Content::ModelChart { .. }) => {
                let Some(chart) = figures::chart(renderer, figure) else { return };
                let csv = chart::csv(&chart);
                let svg = chart::picture(&figures::printed(figure, chart.clone()), TEXT_COLUMN);
                put(Format::Json, chart_json(renderer, path, figure, &chart, &csv));
                if let Some(png) = raster.png(&svg) {
                    put(Format::Png, png);
                }
                put(Format::Csv, csv.into_bytes());
                put(Format::Svg, svg.into_bytes());
            }
            Some(Content::Table { view, columns }) => {
                let (_, resource) = figures::viewed(renderer, view);
                let columns: Vec<usize> = columns.iter().map(|(column, _)| *column).collect();
                put(Format::Csv, table_csv(resource, &view.rows, &columns));
                put(Format::Json, table_json(renderer, path, figure, view, &columns));
            }
            Some(Content::Explorer { .. }) | None => {}
        }
    });
}

fn table_csv(resource: &Resource, rows: &[usize], columns: &[usize]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let names = columns.iter().map(|&column| resource.columns[column].name.as_str());
    let cells = |row: &usize| columns.iter().map(|&column| resource.rows[*row][column].written()).collect::<Vec<_>>();
    writer.write_record(names).expect("memory takes every record of one length");
    for row in rows {
        writer.write_record(cells(row)).expect("memory takes every record of one length");
    }
    writer.into_inner().expect("memory takes every byte")
}

fn table_json(renderer: &Renderer<'_>, path: &str, figure: &Figure, view: &View, columns: &[usize]) -> Vec<u8> {
    let (_, resource) = figures::viewed(renderer, view);
    let column = |&index: &usize| {
        let column = &resource.columns[index];
        json!({ "name": column.name, "title": column.title, "type": column.kind.name(), "unit": column.unit })
    };
    let mut object = said(renderer, path, figure);
    object.insert("source".into(), json!(figures::sources(renderer, view).join("; ")));
    object.insert("columns".into(), columns.iter().map(column).collect());
    object.insert("rows".into(), view.rows.iter().map(|&row| downloads::row(resource, row, columns)).collect());
    pretty(object)
}

/// What the chart says, and the rows of its CSV, so that both hold the same.
fn chart_json(renderer: &Renderer<'_>, path: &str, figure: &Figure, chart: &Chart, csv: &str) -> Vec<u8> {
    let mut object = said(renderer, path, figure);
    object.insert("title".into(), json!(chart.title));
    object.insert("alternative".into(), json!(chart.description));
    object.insert("unit".into(), json!(chart.unit.text()));
    object.insert("source".into(), json!(chart.source.text()));
    let has_names = matches!(chart.positions, Positions::Names(_));
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let header = reader.headers().cloned().unwrap_or_default();
    let row = |record: csv::StringRecord| {
        let values = header.iter().zip(&record).enumerate().filter_map(|(index, (name, text))| {
            let value = match name {
                "unit" | "source" => return None,
                "series" => json!(text),
                _ if index == 0 && has_names => json!(text),
                _ => text.parse::<f64>().map_or(Value::Null, |number| json!(number)),
            };
            Some((name.to_owned(), value))
        });
        Value::Object(values.collect())
    };
    let rows = reader.records().filter_map(Result::ok).map(row).collect();
    object.insert("rows".into(), rows);
    pretty(object)
}

fn said(renderer: &Renderer<'_>, path: &str, figure: &Figure) -> Map<String, Value> {
    let mut object = Map::new();
    object.insert("page".into(), json!(format!("{}#{}", renderer.url(path), figure.common.id.0)));
    object.insert("label".into(), json!(figure.label()));
    object.insert("caption".into(), json!(figure.caption));
    object.insert("note".into(), json!(figure.note));
    object.insert("licence".into(), json!(renderer.site.settings.content_licence));
    object
}

fn pretty(object: Map<String, Value>) -> Vec<u8> {
    serde_json::to_vec_pretty(&Value::Object(object)).expect("plain values can be written")
}
