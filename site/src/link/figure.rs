//! Blocks → figures whose rows, columns, levers and regions exist.

use std::collections::BTreeSet;

use app::session::setting;
use app::unit::Unit;
use diagnostic::{Diagnostic, Diagnostics, Place, suggestion};

use crate::parse::block::{
    Block, Chart, ChartData, ChartKind, Common, Explorer, Form, ModelRun, Named, Order, Rows, Table,
};
use crate::parse::dataset::{Cell, Dataset, Resource};
use crate::parse::models::{self, PolicyModel};
use crate::tree::{Node, Value};

/// What a block shows.
#[derive(Debug)]
pub struct Figure {
    /// Its number among its kind in the document, from one.
    pub number: usize,
    /// What every block has.
    pub common: Common,
    /// The sentence under its title, without markup.
    pub caption: String,
    /// The remark under it, without markup, or nothing.
    pub note: String,
    /// What it shows; none when a mistake in the block has been reported.
    pub content: Option<Content>,
    kind: &'static str,
}

/// The kinds of figures.
#[derive(Debug)]
pub enum Content {
    /// A drawing of a dataset's cells.
    DataChart {
        /// The drawing.
        kind: ChartKind,
        /// What it says.
        title: String,
        /// What it shows, in words.
        alternative: String,
        /// Which rows.
        view: View,
        /// The column of positions.
        x: usize,
        /// The columns of values.
        y: Vec<usize>,
        /// The columns of lower and upper ends.
        range: Option<(usize, usize)>,
        /// The column that tells lines or groups apart.
        series: Option<usize>,
        /// How its amounts are printed.
        form: Form,
    },
    /// A drawing of a model run.
    ModelChart {
        /// The drawing.
        kind: ChartKind,
        /// What it says.
        title: String,
        /// What it shows, in words.
        alternative: String,
        /// What is run.
        run: Setting,
        /// The outcome shown.
        variable: String,
        /// How its amounts are printed.
        form: Form,
    },
    /// Rows of a dataset.
    Table {
        /// Which rows.
        view: View,
        /// Which columns, and how the amounts of each are printed.
        columns: Vec<(usize, Form)>,
    },
    /// Levers that a reader can move.
    Explorer {
        /// The levers shown, by id.
        levers: Vec<String>,
        /// Which model and region.
        start: Setting,
        /// Where the levers start, in per cent.
        percent: u8,
    },
}

/// Rows of a dataset's resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Index of the dataset.
    pub dataset: usize,
    /// Index of the resource within it.
    pub resource: usize,
    /// Indices of the rows, in the order shown.
    pub rows: Vec<usize>,
}

/// A model, a region and lever settings that exist.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// Index of the model.
    pub model: usize,
    /// The region's id.
    pub region: String,
    /// Levers by id and their settings from 0 to 1; the others stay at status quo.
    pub levers: Vec<(String, f64)>,
}

impl Figure {
    /// The same with what is written under it.
    pub fn with_legend(self, caption: String, note: String) -> Self {
        Self { caption, note, ..self }
    }

    /// "Figure 1", "Table 2", which a line does not part.
    pub fn label(&self) -> String {
        format!("{}\u{a0}{}", self.kind, self.number)
    }

    /// The index of the dataset it shows, and whether it is a chart.
    pub fn dataset(&self) -> Option<(usize, bool)> {
        match &self.content {
            Some(Content::DataChart { view, .. }) => Some((view.dataset, true)),
            Some(Content::Table { view, .. }) => Some((view.dataset, false)),
            _ => None,
        }
    }
}

/// Looks up what the blocks of `file` name. Figures are still without what is written under them.
pub fn figures(
    datasets: &[Dataset],
    models: &[PolicyModel],
    unread: &BTreeSet<String>,
    file: &str,
    blocks: &[Block],
    diagnostics: &mut Diagnostics,
) -> Vec<Figure> {
    let mut counts = [0; 3];
    let mut lookup = Lookup { datasets, models, unread, file, diagnostics };
    blocks
        .iter()
        .map(|block| {
            let (place, kind, content) = match block {
                Block::Chart(chart) => (0, "Figure", lookup.chart(chart)),
                Block::Table(table) => (1, "Table", lookup.table(table)),
                Block::Explorer(explorer) => (2, "Explorer", lookup.explorer(explorer)),
            };
            counts[place] += 1;
            let (caption, note) = (String::new(), String::new());
            Figure { number: counts[place], common: block.common().clone(), caption, note, content, kind }
        })
        .collect()
}

struct Lookup<'a> {
    datasets: &'a [Dataset],
    models: &'a [PolicyModel],
    /// Datasets and models that have mistakes of their own.
    unread: &'a BTreeSet<String>,
    file: &'a str,
    diagnostics: &'a mut Diagnostics,
}

impl<'a> Lookup<'a> {
    fn chart(&mut self, chart: &Chart) -> Option<Content> {
        let (kind, title, alternative) = (chart.kind, chart.title.clone(), chart.alternative.clone());
        match &chart.data {
            ChartData::Model(run) => {
                let (run, variable) = self.run(run)?;
                let model = &self.models[run.model].model;
                let unit = model.outcome(&variable).map(|outcome| model.outcomes[outcome.index()].unit.as_str());
                let form = self.form(&chart.form, &variable, unit.unwrap_or_default())?;
                Some(Content::ModelChart { kind, title, alternative, run, variable, form })
            }
            ChartData::Dataset { rows, x, y, low, high, series } => {
                let (view, resource) = self.view(rows)?;
                let x = self.column(resource, x);
                let values: Vec<Option<usize>> = y.iter().map(|column| self.amount(resource, column)).collect();
                let low = low.as_ref().map(|column| self.amount(resource, column));
                let high = high.as_ref().map(|column| self.amount(resource, column));
                let series = series.as_ref().map(|column| self.column(resource, column));
                let values: Vec<usize> = values.into_iter().collect::<Option<_>>()?;
                self.one_unit(resource, &values, y)?;
                let range = match (low, high) {
                    (Some(low), Some(high)) => Some((low?, high?)),
                    _ => None,
                };
                let series = series.map_or(Some(None), |column| column.map(Some))?;
                let unit = &resource.columns[*values.first()?];
                let form = self.form(&chart.form, &unit.name, &unit.unit)?;
                Some(Content::DataChart { kind, title, alternative, view, x: x?, y: values, range, series, form })
            }
        }
    }

    fn table(&mut self, table: &Table) -> Option<Content> {
        let (view, resource) = self.view(&table.rows)?;
        let columns: Vec<usize> = if table.columns.is_empty() {
            (0..resource.columns.len()).collect()
        } else {
            let found: Vec<Option<usize>> = table.columns.iter().map(|name| self.column(resource, name)).collect();
            found.into_iter().collect::<Option<_>>()?
        };
        let mut columns: Vec<(usize, Form)> = columns.into_iter().map(|column| (column, Form::default())).collect();
        let shown: Vec<&str> = columns.iter().map(|(column, _)| resource.columns[*column].name.as_str()).collect();
        let forms: Vec<Option<(usize, Form)>> = table
            .forms
            .iter()
            .map(|(name, form)| {
                let found = self.known("unknown-column", "the table does not show the column", name, &shown)?;
                let column = self.amount(resource, name)?;
                let place = shown.iter().position(|shown| *shown == found)?;
                Some((place, self.form(form, &found, &resource.columns[column].unit)?))
            })
            .collect();
        for (place, form) in forms.into_iter().collect::<Option<Vec<_>>>()? {
            columns[place].1 = form;
        }
        Some(Content::Table { view, columns })
    }

    /// Refuses a scale for what is counted in one already: `US$ billion million` is no unit.
    fn form(&mut self, form: &Form, name: &str, unit: &str) -> Option<Form> {
        if let Some((scale, span)) = form.scale.as_ref().filter(|_| Unit::read(unit).factor != 1.0) {
            let message = format!("`{name}` is in {unit}, which cannot be counted in the scale `{}`", scale.name());
            self.mistake(
                Diagnostic::error("scaled-unit", Place::new(self.file, span.clone()), message)
                    .help("leave `scale` out, and say with `decimals` how many digits stand after the point"),
            );
            return None;
        }
        Some(form.clone())
    }

    fn explorer(&mut self, explorer: &Explorer) -> Option<Content> {
        let model = self.model(&explorer.model)?;
        let region = self.region(model, &explorer.region);
        let levers: Vec<Option<String>> = explorer.levers.iter().map(|lever| self.lever(model, lever)).collect();
        let levers = levers.into_iter().collect::<Option<Vec<_>>>()?;
        let start = Setting { model, region: region?, levers: Vec::new() };
        Some(Content::Explorer { levers, start, percent: explorer.start })
    }

    fn run(&mut self, run: &ModelRun) -> Option<(Setting, String)> {
        let model = self.model(&run.model)?;
        let region = self.region(model, &run.region);
        let mut levers: Vec<(String, f64)> = Vec::new();
        let mut complete = true;
        for (name, percent) in &run.levers {
            if name.0 == "all" {
                // Each as far as it goes.
                let all = &self.models[model].model.levers;
                levers.extend(all.iter().map(|lever| (lever.id.clone(), lever.nearest(setting(*percent)))));
                continue;
            }
            match self.lever(model, name) {
                Some(id) => {
                    self.within_range(model, name, setting(*percent));
                    levers.retain(|(other, _)| *other != id);
                    levers.push((id, setting(*percent)));
                }
                None => complete = false,
            }
        }
        let known: Vec<&str> = self.models[model].outcome_ids().collect();
        let variable = self.known("unknown-variable", "the model has no outcome", &run.variable, &known);
        let setting = Setting { model, region: region?, levers };
        complete.then_some((setting, variable?))
    }

    fn model(&mut self, name: &Named) -> Option<usize> {
        if self.unread.contains(&models::folder(&name.0)) {
            return None;
        }
        let present = self.models.iter().filter(|model| !model.is_earlier());
        let known: Vec<&str> = present.map(|model| model.id.as_str()).collect();
        let id = self.known("unknown-model", "there is no model", name, &known)?;
        known.iter().position(|known| *known == id)
    }

    fn region(&mut self, model: usize, name: &Named) -> Option<String> {
        let known: Vec<&str> = self.models[model].region_ids().collect();
        self.known("unknown-region", "the model has no region", name, &known)
    }

    fn lever(&mut self, model: usize, name: &Named) -> Option<String> {
        let known: Vec<&str> = self.models[model].lever_ids().collect();
        self.known("unknown-lever", "the model has no lever", name, &known)
    }

    /// Reports a setting at which the lever cannot stand.
    fn within_range(&mut self, model: usize, (id, span): &Named, setting: f64) {
        let Some(lever) = self.models[model].model.levers.iter().find(|lever| lever.id == *id) else { return };
        if lever.allows(setting) {
            return;
        }
        let (low, high) = (lever.range.0 * 100.0, lever.range.1 * 100.0);
        let message = format!("lever `{id}` cannot stand at {} per cent", setting * 100.0);
        self.mistake(
            Diagnostic::error("out-of-range", Place::new(self.file, span.clone()), message)
                .help(format!("choose a number from {low} to {high}, or change the lever's `range` in the model")),
        );
    }

    fn known(&mut self, code: &'static str, message: &str, (name, span): &Named, known: &[&str]) -> Option<String> {
        if known.contains(&name.as_str()) {
            return Some(name.clone());
        }
        self.mistake(
            Diagnostic::error(code, Place::new(self.file, span.clone()), format!("{message} `{name}`"))
                .help(suggestion(name, known.iter().copied())),
        );
        None
    }

    fn view(&mut self, rows: &Rows) -> Option<(View, &'a Resource)> {
        let (name, span) = &rows.dataset;
        let (id, resource) = name.split_once('/').unwrap_or((name, ""));
        if self.unread.contains(&format!("data/{id}/datapackage.json")) {
            return None;
        }
        let known: Vec<&str> = self.datasets.iter().map(|dataset| dataset.id.as_str()).collect();
        let id = self.known("unknown-dataset", "there is no dataset", &(id.to_owned(), span.clone()), &known)?;
        let dataset = known.iter().position(|known| *known == id)?;
        let resources = &self.datasets[dataset].resources;
        let Some(found) = self.datasets[dataset].resource(resource) else {
            let names: Vec<&str> = resources.iter().map(|resource| resource.name.as_str()).collect();
            self.mistake(
                Diagnostic::error(
                    "unknown-resource",
                    Place::new(self.file, span.clone()),
                    format!("the dataset `{id}` has no resource `{resource}`"),
                )
                .help(suggestion(resource, names)),
            );
            return None;
        };
        let index = resources.iter().position(|resource| std::ptr::eq(resource, found))?;
        let rows = self.rows(found, rows)?;
        Some((View { dataset, resource: index, rows }, found))
    }

    fn rows(&mut self, resource: &Resource, rows: &Rows) -> Option<Vec<usize>> {
        let mut kept: Vec<usize> = (0..resource.rows.len()).collect();
        let mut complete = true;
        for (name, wanted) in &rows.filter {
            match self.column(resource, name) {
                Some(column) => kept.retain(|&row| matches(&resource.rows[row][column], wanted)),
                None => complete = false,
            }
        }
        if let Some((name, order)) = &rows.sort {
            match self.column(resource, name) {
                Some(column) => sort(&mut kept, resource, column, *order),
                None => complete = false,
            }
        }
        // A dataset without any row has been reported itself.
        if complete && kept.is_empty() && !resource.rows.is_empty() {
            self.mistake(
                Diagnostic::error(
                    "no-rows",
                    Place::new(self.file, rows.dataset.1.clone()),
                    "no row of the dataset is left",
                )
                .help("loosen `where`, whose values must be written as in the CSV file"),
            );
            return None;
        }
        complete.then_some(kept)
    }

    fn column(&mut self, resource: &Resource, name: &Named) -> Option<usize> {
        let known: Vec<&str> = resource.columns.iter().map(|column| column.name.as_str()).collect();
        self.known("unknown-column", "the dataset has no column", name, &known)?;
        resource.column(&name.0)
    }

    fn amount(&mut self, resource: &Resource, name: &Named) -> Option<usize> {
        let column = self.column(resource, name)?;
        if resource.columns[column].kind.is_amount() {
            return Some(column);
        }
        self.mistake(
            Diagnostic::error(
                "wrong-type",
                Place::new(self.file, name.1.clone()),
                format!("`{}` holds no amounts: its type is {}", name.0, resource.columns[column].kind.name()),
            )
            .help("amounts come from columns of the type integer or number"),
        );
        None
    }

    /// Values side by side on one axis must have one unit, and readers must be able to learn which.
    fn one_unit(&mut self, resource: &Resource, columns: &[usize], names: &[Named]) -> Option<()> {
        let unit = |column: &usize| resource.columns[*column].unit.as_str();
        let (first, rest) = columns.split_first()?;
        if let Some(without) = columns.iter().position(|column| unit(column).trim().is_empty()) {
            let (name, span) = &names[without];
            self.mistake(
                Diagnostic::error("missing-unit", Place::new(self.file, span.clone()), format!("`{name}` has no unit"))
                    .help("add `unit` to the column in datapackage.json, be it only `firms`, `share` or `index`"),
            );
            return None;
        }
        let Some(other) = rest.iter().position(|column| unit(column) != unit(first)) else { return Some(()) };
        let (name, span) = &names[other + 1];
        self.mistake(
            Diagnostic::error(
                "mixed-units",
                Place::new(self.file, span.clone()),
                format!("`{name}` is in {}, `{}` is in {}", unit(&rest[other]), names[0].0, unit(first)),
            )
            .help("draw them in two charts"),
        );
        None
    }

    fn mistake(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }
}

fn matches(cell: &Cell, wanted: &Node) -> bool {
    match (&wanted.value, cell) {
        (Value::Text(text), cell) => text == cell.written(),
        (Value::Integer(number), Cell::Number(value, _)) => *value == *number as f64,
        (Value::Number(number), Cell::Number(value, _)) => value == number,
        (Value::Boolean(flag), Cell::Boolean(value)) => flag == value,
        _ => false,
    }
}

fn sort(rows: &mut [usize], resource: &Resource, column: usize, order: Order) {
    rows.sort_by(|&a, &b| {
        let (a, b) = (&resource.rows[a][column], &resource.rows[b][column]);
        let ordering = match (a.number(), b.number()) {
            (Some(a), Some(b)) => a.total_cmp(&b),
            _ => a.written().cmp(b.written()),
        };
        match order {
            Order::Ascending => ordering,
            Order::Descending => ordering.reverse(),
        }
    });
}
