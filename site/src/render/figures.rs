//! Figures and tables of a document → HTML, each with its unit, its source, its numbers and its files.

use chart::{Chart, Direction, Kind, Level, Positions, Precision, Series, Size, Source, Unit};
use model::{Measure, Scenario, run};

use super::amounts::Amounts;
use super::{Renderer, explorer, figure_files, pages, register};
use crate::html::escape;
use crate::link::dataset_path;
use crate::link::figure::{Content, Figure, Setting, View};
use crate::link::register::row_anchor;
use crate::parse::block::{ChartKind, Form};
use crate::parse::dataset::{Cell, Column, ColumnKind, Dataset, Resource};

/// As wide as the text, so that its words are as large as they are drawn.
pub const TEXT_COLUMN: Size = Size { width: 620, height: 340 };

/// What is written under a figure, as HTML.
pub struct Legend {
    /// Under its title.
    pub caption: String,
    /// Under it all, or nothing.
    pub note: String,
}

/// The HTML of a figure of the document at `path`.
pub fn html(renderer: &Renderer<'_>, path: &str, figure: &Figure, legend: &Legend) -> String {
    let caption = |title: &str| caption(figure, title, &legend.caption);
    let body = match &figure.content {
        None => return String::new(),
        Some(Content::DataChart { .. } | Content::ModelChart { .. }) => {
            let Some(chart) = chart(renderer, figure) else { return String::new() };
            let chart = printed(figure, chart);
            let trace = trace(renderer, figure);
            format!(
                "{}{}{}{}",
                caption(&chart.title),
                chart_frame(&chart),
                source_line(
                    &format!("Unit: {}. {trace}", escape(chart.unit.text())),
                    &figure_files::links(renderer, path, figure)
                ),
                data_table(&chart),
            )
        }
        Some(Content::Table { view, columns }) => format!(
            "{}{}{}",
            caption(""),
            table(renderer, path, figure, view, columns),
            source_line(&source_text(renderer, view), &figure_files::links(renderer, path, figure)),
        ),
        Some(Content::Explorer { .. }) => {
            format!("{}{}", caption(""), pages::token(&figure.common.id.0))
        }
    };
    let class = match &figure.content {
        Some(Content::Table { .. }) => "table-figure",
        Some(Content::Explorer { .. }) => "explorer-figure",
        _ => "chart-figure",
    };
    let note = match legend.note.as_str() {
        "" => String::new(),
        note => format!("<p class=\"figure-note\">{note}</p>"),
    };
    format!("<figure class=\"figure {class}\" id=\"{}\">{body}{note}</figure>\n", escape(&figure.common.id.0))
}

/// A chart without number, caption and download, where the page around it says all that.
pub fn bare_chart(chart: &Chart) -> String {
    format!(
        "<figure class=\"figure chart-figure\"><figcaption><span class=\"figure-title\">{}</span></figcaption>{}{}{}</figure>",
        escape(&chart.title),
        chart_frame(chart),
        source_line(&unit_and_source(chart), ""),
        data_table(chart),
    )
}

fn unit_and_source(chart: &Chart) -> String {
    let note = if chart.note.is_empty() { String::new() } else { format!(" {}.", escape(&chart.note)) };
    format!("Unit: {}. Source: {}.{note}", escape(chart.unit.text()), escape(chart.source.text()))
}

/// The drawings of a chart, for wide and for narrow columns.
pub fn chart_frame(chart: &Chart) -> String {
    format!("<div class=\"chart-frame\">{}{}</div>", chart::svg(chart, TEXT_COLUMN), chart::svg(chart, Size::NARROW))
}

/// A cell as readers see it: amounts with thousands apart, missing values as a dash.
pub fn cell_text(cell: &Cell, column: &Column) -> String {
    match cell {
        Cell::Missing => "–".to_owned(),
        Cell::Number(value, _) if column.kind.is_amount() => chart::number::text(*value, Precision::Full),
        Cell::Boolean(true) => "yes".to_owned(),
        Cell::Boolean(false) => "no".to_owned(),
        Cell::Text(text) | Cell::Number(_, text) => text.clone(),
    }
}

fn caption(figure: &Figure, title: &str, words: &str) -> String {
    let title =
        if title.is_empty() { String::new() } else { format!("<span class=\"figure-title\">{}</span>", escape(title)) };
    format!(
        "<figcaption><span class=\"figure-number\">{}</span>{title}<span class=\"figure-caption\">{words}</span></figcaption>",
        figure.label(),
    )
}

/// `files` are links to what can be taken along, or nothing.
fn source_line(html: &str, files: &str) -> String {
    format!("<p class=\"figure-source\"><span>{html}</span>{files}</p>")
}

fn data_table(chart: &Chart) -> String {
    let table = chart::table(chart);
    let header = table.header.iter().enumerate().map(|(index, name)| {
        let class = if index > 0 { " class=\"number\"" } else { "" };
        format!("<th scope=\"col\"{class}>{}</th>", escape(name))
    });
    let header: String = header.collect();
    let row = |cells: &Vec<String>| {
        let cells: String = cells
            .iter()
            .enumerate()
            .map(|(index, text)| match index {
                0 => format!("<th scope=\"row\">{}</th>", escape(text)),
                _ => format!("<td class=\"number\">{}</td>", escape(text)),
            })
            .collect();
        format!("<tr>{cells}</tr>")
    };
    let rows: String = table.rows.iter().map(row).collect();
    format!(
        "<details class=\"figure-data\"><summary>Data table</summary>\
         <div class=\"table-scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{}\">\
         <table class=\"data-table\"><thead><tr>{header}</tr></thead><tbody>{rows}</tbody></table></div></details>",
        escape(&format!("{}, table", chart.title)),
    )
}

/// From as many columns of text on, a row of a table is read as a whole rather than compared with the next: narrow
/// screens show it as a block.
const WORDY_COLUMNS: usize = 3;

fn table(renderer: &Renderer<'_>, path: &str, figure: &Figure, view: &View, columns: &[(usize, Form)]) -> String {
    let (_, resource) = viewed(renderer, view);
    let contradictions = register::naming_column(renderer, view);
    let columns: Vec<Shown> = columns.iter().map(|(index, form)| Shown::new(resource, view, *index, form)).collect();
    let texts = columns.iter().filter(|shown| shown.column.kind == ColumnKind::String).count();
    let is_wordy = texts >= WORDY_COLUMNS;
    let header: String = columns
        .iter()
        .map(|Shown { column, unit, .. }| {
            let unit =
                if unit.is_empty() { String::new() } else { format!("<span class=\"unit\">{}</span>", escape(unit)) };
            let class = if column.kind.is_amount() { " class=\"number\"" } else { "" };
            format!("<th scope=\"col\"{class}>{}{unit}</th>", escape(&column.title))
        })
        .collect();
    let row = |&row: &usize| {
        let cells: String = columns
            .iter()
            .enumerate()
            .map(|(place, shown)| {
                let column = shown.column;
                let mut text = escape(&shown.cell(&resource.rows[row][shown.index]));
                if let (0, Some(figures)) = (place, contradictions) {
                    text.push_str(&register::links(renderer, resource.rows[row][figures].written()));
                }
                let class = if column.kind.is_amount() { " class=\"number\"" } else { "" };
                match (place, column.kind) {
                    (0, ColumnKind::String) => format!("<th scope=\"row\">{text}</th>"),
                    _ if is_wordy => format!("<td{class} data-column=\"{}\">{text}</td>", escape(&shown.named())),
                    _ => format!("<td{class}>{text}</td>"),
                }
            })
            .collect();
        let anchor = match contradictions {
            Some(_) => format!(" id=\"{}\"", escape(&row_anchor(&figure.common.id.0, row))),
            None => String::new(),
        };
        let uses = match contradictions {
            Some(_) => {
                format!("<td data-column=\"{}\">{}</td>", register::USED_IN, register::uses(renderer, path, row),)
            }
            None => String::new(),
        };
        format!("<tr{anchor}>{cells}{uses}</tr>")
    };
    let uses = contradictions.map_or_else(String::new, |_| format!("<th scope=\"col\">{}</th>", register::USED_IN));
    let rows: String = view.rows.iter().map(row).collect();
    format!(
        "<div class=\"table-scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{}\">\
         <table class=\"data-table{}\"><thead><tr>{header}{uses}</tr></thead><tbody>{rows}</tbody></table></div>",
        escape(&figure.label()),
        if is_wordy { " is-wordy" } else { "" },
    )
}

/// A column of a table in a text.
struct Shown<'a> {
    index: usize,
    column: &'a Column,
    /// What its amounts are printed in, their scale included.
    unit: String,
    /// How its amounts are printed; none where each row has a unit of its own, or where there are no amounts.
    amounts: Option<Amounts>,
}

impl<'a> Shown<'a> {
    fn new(resource: &'a Resource, view: &View, index: usize, form: &Form) -> Self {
        let column = &resource.columns[index];
        let values = view.rows.iter().filter_map(|&row| resource.rows[row][index].number());
        let is_of_one_unit = column.kind.is_amount() && column.unit_column.is_none();
        let amounts = is_of_one_unit.then(|| Amounts::new(form, &column.unit, values));
        let unit = amounts.as_ref().map_or_else(|| column.unit.clone(), |amounts| amounts.unit(&column.unit));
        Self { index, column, unit, amounts }
    }

    fn cell(&self, cell: &Cell) -> String {
        match (&self.amounts, cell) {
            (Some(amounts), Cell::Number(value, _)) => amounts.text(*value),
            _ => cell_text(cell, self.column),
        }
    }

    /// Its name with its unit, for a cell that stands away from its heading.
    fn named(&self) -> String {
        if self.unit.is_empty() { self.column.title.clone() } else { format!("{} ({})", self.column.title, self.unit) }
    }
}

/// The dataset and the table that a view looks at.
pub fn viewed<'a>(renderer: &Renderer<'a>, view: &View) -> (&'a Dataset, &'a Resource) {
    let dataset = &renderer.site.datasets[view.dataset];
    (dataset, &dataset.resources[view.resource])
}

/// Where the numbers come from, with a way there.
fn trace(renderer: &Renderer<'_>, figure: &Figure) -> String {
    match &figure.content {
        Some(Content::DataChart { view, .. }) => source_text(renderer, view),
        Some(Content::ModelChart { run, .. }) => format!(
            "Source: {}. <a href=\"{}\">Move its levers</a>.",
            escape(&model_source(renderer, run)),
            escape(&renderer.href(&explorer::path(run.model, &renderer.site.models[run.model]))),
        ),
        _ => String::new(),
    }
}

/// The titles of a dataset's sources, less those that only rows name which the view leaves out.
pub fn sources<'a>(renderer: &Renderer<'a>, view: &View) -> Vec<&'a str> {
    let (dataset, resource) = viewed(renderer, view);
    let names = |row: &[Cell], key: &str| row.iter().any(|cell| cell.written() == key);
    let is_shown = |key: &str| view.rows.iter().any(|&row| names(&resource.rows[row], key));
    let is_elsewhere = |key: &str| resource.rows.iter().any(|row| names(row, key));
    let sources = dataset.sources.iter().filter(|source| match &source.reference {
        Some((key, _)) => is_shown(key) || !is_elsewhere(key),
        None => true,
    });
    sources.map(|source| source.title.as_str()).collect()
}

fn source_text(renderer: &Renderer<'_>, view: &View) -> String {
    let (dataset, _) = viewed(renderer, view);
    let titles: Vec<String> = sources(renderer, view).into_iter().map(escape).collect();
    let href = renderer.href(&dataset_path(&dataset.id));
    let from = if titles.is_empty() { String::new() } else { format!("Source: {}. ", titles.join("; ")) };
    format!("{from}<a href=\"{}\">About the data</a>.", escape(&href))
}

fn model_source(renderer: &Renderer<'_>, setting: &Setting) -> String {
    let model = &renderer.site.models[setting.model].model;
    let region = model.region(&setting.region).map(|region| &model.regions[region.index()]);
    let (label, mark) = region.map_or(("", ""), |region| (region.label.as_str(), region.mark.as_str()));
    let mark = if mark.is_empty() { String::new() } else { format!(" ({mark})") };
    format!("the model, version {}, central values, {label}{mark}", model.version)
}

/// The drawing in the scale and with the digits in which it is shown; files of numbers are made of what it was before.
pub fn printed(figure: &Figure, chart: Chart) -> Chart {
    match &figure.content {
        Some(Content::DataChart { form, .. }) => Amounts::new(form, chart.unit.text(), values(&chart)).chart(chart),
        Some(Content::ModelChart { form, .. }) if *form != Form::default() => {
            Amounts::new(form, chart.unit.text(), values(&chart)).chart(chart)
        }
        _ => chart,
    }
}

fn values(chart: &Chart) -> impl Iterator<Item = f64> {
    chart.series.iter().flat_map(|series| series.values.iter().copied())
}

/// The drawing of a figure with all digits, in the unit of its source; none for what is not drawn.
pub fn chart(renderer: &Renderer<'_>, figure: &Figure) -> Option<Chart> {
    match figure.content.as_ref()? {
        Content::DataChart { .. } => data_chart(renderer, figure),
        Content::ModelChart { .. } => model_chart(renderer, figure),
        _ => None,
    }
}

fn data_chart(renderer: &Renderer<'_>, figure: &Figure) -> Option<Chart> {
    let Content::DataChart { kind, title, alternative, view, x, y, range, series, .. } = figure.content.as_ref()?
    else {
        return None;
    };
    let (_, resource) = viewed(renderer, view);
    let rows: Vec<&Vec<Cell>> = view.rows.iter().map(|&row| &resource.rows[row]).collect();
    let mut names: Vec<&str> = Vec::new();
    for row in &rows {
        let name = row[*x].written();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let at = |row: &[Cell]| names.iter().position(|name| *name == row[*x].written());
    let column_of = |wanted: &dyn Fn(&[Cell]) -> bool, column: usize| {
        let mut values = vec![f64::NAN; names.len()];
        for row in rows.iter().filter(|row| wanted(row)) {
            if let (Some(position), Some(number)) = (at(row), row[column].number()) {
                values[position] = number;
            }
        }
        values
    };
    let with_range = |line: Series, wanted: &dyn Fn(&[Cell]) -> bool| match range {
        Some((low, high)) => line.range(Level::Stated, column_of(wanted, *low), column_of(wanted, *high)),
        None => line,
    };
    let lines: Vec<Series> = match series {
        Some(column) => {
            let mut groups: Vec<&str> = rows.iter().map(|row| row[*column].written()).collect();
            let mut seen = Vec::new();
            groups.retain(|group| {
                if seen.contains(group) {
                    false
                } else {
                    seen.push(*group);
                    true
                }
            });
            groups
                .into_iter()
                .map(|group| {
                    let wanted = |row: &[Cell]| row[*column].written() == group;
                    with_range(Series::new(group, column_of(&wanted, y[0])), &wanted)
                })
                .collect()
        }
        None => y
            .iter()
            .map(|&column| {
                let name = if y.len() == 1 { "" } else { resource.columns[column].title.as_str() };
                with_range(Series::new(name, column_of(&|_| true, column)), &|_| true)
            })
            .collect(),
    };
    Some(Chart {
        id: figure.common.id.0.clone(),
        title: title.clone(),
        description: alternative.clone(),
        kind: drawing(*kind),
        positions_title: resource.columns[*x].title.clone(),
        positions: positions(&resource.columns[*x], &names, *kind),
        series: lines,
        unit: Unit::new(&resource.columns[y[0]].unit),
        source: Source::new(&sources(renderer, view).join("; ")),
        note: figure.note.clone(),
        precision: Precision::Full,
        axis_holds: Vec::new(),
    })
}

/// Years and numbers along a line keep their distances; everything else is a name.
fn positions(column: &Column, names: &[&str], kind: ChartKind) -> Positions {
    let numbers: Option<Vec<f64>> = names.iter().map(|name| name.parse().ok()).collect();
    let along_a_line = matches!(kind, ChartKind::Line | ChartKind::Area);
    match (numbers, column.kind) {
        (Some(years), ColumnKind::Year) if along_a_line => Positions::Years(years),
        (Some(numbers), ColumnKind::Integer | ColumnKind::Number) if along_a_line => Positions::Numbers(numbers),
        _ => Positions::Names(names.iter().map(|name| (*name).to_owned()).collect()),
    }
}

fn drawing(kind: ChartKind) -> Kind {
    match kind {
        ChartKind::Line => Kind::Line,
        ChartKind::Area => Kind::Area,
        ChartKind::Bar => Kind::Bar(Direction::Up),
        ChartKind::HorizontalBar => Kind::Bar(Direction::Across),
        ChartKind::Dot => Kind::Dot(Direction::Across),
    }
}

fn model_chart(renderer: &Renderer<'_>, figure: &Figure) -> Option<Chart> {
    let Content::ModelChart { kind, title, alternative, run: setting, variable, .. } = figure.content.as_ref()? else {
        return None;
    };
    let model = &renderer.site.models[setting.model].model;
    let outcome = &model.outcomes[model.outcome(variable)?.index()];
    let mut scenario = Scenario::new(model, model.region(&setting.region)?);
    for (id, value) in &setting.levers {
        scenario.levers[model.lever(id)?.index()] = *value;
    }
    let run = run(model, &scenario).ok()?;
    let scaled = |values: &[f64]| values.iter().map(|value| value * outcome.scale).collect::<Vec<f64>>();
    let base = match outcome.measure {
        Measure::Level => scaled(run.baseline(outcome.variable)),
        Measure::Difference => vec![0.0; run.times().len()],
    };
    Some(Chart {
        id: figure.common.id.0.clone(),
        title: title.clone(),
        description: alternative.clone(),
        kind: drawing(*kind),
        positions_title: "Years from the start".to_owned(),
        positions: Positions::Numbers(run.times().to_vec()),
        series: vec![
            Series::new("Base run", base).baseline(),
            Series::new(&outcome.label, scaled(run.series(outcome.variable))),
        ],
        unit: Unit::new(&outcome.unit),
        source: Source::new(&model_source(renderer, setting)),
        note: figure.note.clone(),
        precision: Precision::Significant(2),
        axis_holds: Vec::new(),
    })
}
