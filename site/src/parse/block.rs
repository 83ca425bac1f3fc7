//! Fenced blocks with a TOML body: what a figure, table or explorer in the text shows, not yet looked up.

use std::ops::Range;

use diagnostic::{Diagnostic, Diagnostics, Place};

use crate::tree::{self, Fields, Node, Value};

/// A name and where it was written.
pub type Named = (String, Range<usize>);

/// The kinds of blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// ` ```chart `
    Chart,
    /// ` ```table `
    Table,
    /// ` ```explorer `
    Explorer,
}

/// A block as written.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// A chart of a dataset or of a model run.
    Chart(Box<Chart>),
    /// Rows of a dataset.
    Table(Box<Table>),
    /// Levers and outcomes of a model that a reader can move.
    Explorer(Box<Explorer>),
}

/// What every block has.
#[derive(Clone, Debug, PartialEq)]
pub struct Common {
    /// Its anchor; also the name of its files.
    pub id: Named,
    /// The sentence under the title.
    pub caption: String,
    /// A remark under the figure, or nothing.
    pub note: String,
    /// The whole block.
    pub span: Range<usize>,
}

/// A chart as written.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// Id, caption, note.
    pub common: Common,
    /// The drawing.
    pub kind: ChartKind,
    /// What it says, as a title.
    pub title: String,
    /// What it shows, for readers who do not see it.
    pub alternative: String,
    /// Where its numbers come from.
    pub data: ChartData,
}

/// The drawings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChartKind {
    /// Lines over time.
    Line,
    /// Lines with the range around them.
    Area,
    /// Upright bars.
    Bar,
    /// Bars that lie, for long names.
    HorizontalBar,
    /// Dots, with their range where there is one.
    Dot,
}

/// Where a chart's numbers come from.
#[derive(Clone, Debug, PartialEq)]
pub enum ChartData {
    /// Cells of a dataset.
    Dataset {
        /// Which rows.
        rows: Rows,
        /// The column of the positions along the chart.
        x: Named,
        /// The columns of values, all of one unit.
        y: Vec<Named>,
        /// The column with the lower ends of ranges.
        low: Option<Named>,
        /// The column with the upper ends.
        high: Option<Named>,
        /// The column that tells the lines or groups apart.
        series: Option<Named>,
    },
    /// A run of a model.
    Model(ModelRun),
}

/// Rows of a dataset as written.
#[derive(Clone, Debug, PartialEq)]
pub struct Rows {
    /// `id` or `id/resource`.
    pub dataset: Named,
    /// Columns and the value each must have.
    pub filter: Vec<(Named, Node)>,
    /// The column to sort by.
    pub sort: Option<(Named, Order)>,
}

/// Up or down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Smallest first.
    Ascending,
    /// Largest first; written with a minus before the column.
    Descending,
}

/// A model run as written.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelRun {
    /// The model's folder.
    pub model: Named,
    /// The outcome or variable shown.
    pub variable: Named,
    /// The region.
    pub region: Named,
    /// Levers and their settings in per cent; `all` is every lever.
    pub levers: Vec<(Named, f64)>,
}

/// A table as written.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Id, caption, note.
    pub common: Common,
    /// Which rows.
    pub rows: Rows,
    /// Which columns; all when none is named.
    pub columns: Vec<Named>,
}

/// An explorer as written.
#[derive(Clone, Debug, PartialEq)]
pub struct Explorer {
    /// Id, caption, note.
    pub common: Common,
    /// The model's folder.
    pub model: Named,
    /// The levers shown.
    pub levers: Vec<Named>,
    /// The region it starts with.
    pub region: Named,
    /// Where its levers start, in per cent; 0 is today.
    pub start: u8,
}

impl Kind {
    /// The block that the fence's first word names.
    pub fn named(language: &str) -> Option<Self> {
        match language {
            "chart" => Some(Self::Chart),
            "table" => Some(Self::Table),
            "explorer" => Some(Self::Explorer),
            _ => None,
        }
    }
}

impl Block {
    /// What every block has.
    pub fn common(&self) -> &Common {
        match self {
            Self::Chart(chart) => &chart.common,
            Self::Table(table) => &table.common,
            Self::Explorer(explorer) => &explorer.common,
        }
    }

    /// Its anchor.
    pub fn id(&self) -> &str {
        &self.common().id.0
    }

    /// Where the anchor is written.
    pub fn id_span(&self) -> Range<usize> {
        self.common().id.1.clone()
    }
}

/// Reads the TOML of a block, which starts at byte `offset` of `file`; `span` is the whole block.
pub fn parse(
    kind: Kind,
    file: &str,
    text: &str,
    offset: usize,
    span: Range<usize>,
    diagnostics: &mut Diagnostics,
) -> Option<Block> {
    let before = diagnostics.iter().count();
    let node = tree::toml(file, text, offset, diagnostics)?;
    let (what, prefix) = match kind {
        Kind::Chart => ("a chart block", "fig-"),
        Kind::Table => ("a table block", "tbl-"),
        Kind::Explorer => ("an explorer block", "exp-"),
    };
    let mut fields = Fields::new(file, what, node, diagnostics);
    let id = fields.required_text("id", diagnostics);
    check_id(file, &id, prefix, diagnostics);
    let common = Common {
        id,
        caption: fields.required_text("caption", diagnostics).0,
        note: fields.text("note", diagnostics).map(|(note, _)| note).unwrap_or_default(),
        span,
    };
    let block = match kind {
        Kind::Chart => chart(common, &mut fields, diagnostics).map(|chart| Block::Chart(Box::new(chart))),
        Kind::Table => Some(Block::Table(Box::new(Table {
            common,
            rows: rows(&mut fields, diagnostics),
            columns: fields.texts("columns", diagnostics),
        }))),
        Kind::Explorer => Some(Block::Explorer(Box::new(Explorer {
            common,
            model: fields.required_text("model", diagnostics),
            levers: fields.texts("levers", diagnostics),
            region: fields.required_text("region", diagnostics),
            start: start(&mut fields, diagnostics),
        }))),
    };
    fields.finish(diagnostics);
    // What is wrong in itself is not looked up: one mistake, one message.
    block.filter(|_| diagnostics.iter().count() == before)
}

fn start(fields: &mut Fields<'_>, diagnostics: &mut Diagnostics) -> u8 {
    let Some(percent) = fields.integer("start", diagnostics) else { return 0 };
    u8::try_from(percent).ok().filter(|percent| *percent <= 100).unwrap_or_else(|| {
        diagnostics.push(
            Diagnostic::error("wrong-type", fields.start(), format!("levers cannot start at {percent} per cent"))
                .help("`start` is a whole number from 0, which is today, to 100"),
        );
        0
    })
}

fn check_id(file: &str, (id, span): &Named, prefix: &str, diagnostics: &mut Diagnostics) {
    let well_formed = id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if !id.is_empty() && (!id.starts_with(prefix) || !well_formed) {
        diagnostics.push(
            Diagnostic::error("bad-id", Place::new(file, span.clone()), format!("`{id}` is no id for this block"))
                .help(format!("start it with `{prefix}` and use lower-case letters, digits and hyphens")),
        );
    }
}

fn chart(common: Common, fields: &mut Fields<'_>, diagnostics: &mut Diagnostics) -> Option<Chart> {
    let (kind, kind_span) = fields.required_text("kind", diagnostics);
    let horizontal = fields.boolean("horizontal", diagnostics).unwrap_or(false);
    let kind = match (kind.as_str(), horizontal) {
        ("line", false) => Some(ChartKind::Line),
        ("area", false) => Some(ChartKind::Area),
        ("bar", false) => Some(ChartKind::Bar),
        ("bar", true) => Some(ChartKind::HorizontalBar),
        ("dot", false) => Some(ChartKind::Dot),
        ("", _) => None,
        (known, true) if ["line", "area", "dot"].contains(&known) => {
            let place = fields.place(kind_span);
            diagnostics.push(
                Diagnostic::error("wrong-kind", place, "only bars can lie").help("leave out `horizontal`, or use bars"),
            );
            None
        }
        (unknown, _) => {
            let place = fields.place(kind_span);
            diagnostics.push(
                Diagnostic::error("unknown-kind", place, format!("there is no chart of the kind `{unknown}`"))
                    .help(diagnostic::suggestion(unknown, ["line", "area", "bar", "dot"])),
            );
            None
        }
    };
    let title = fields.required_text("title", diagnostics).0;
    let alternative = fields.required_text("alt", diagnostics).0;
    let data = match fields.text("model", diagnostics) {
        Some(model) => ChartData::Model(model_run(model, fields, diagnostics)),
        None => ChartData::Dataset {
            rows: rows(fields, diagnostics),
            x: fields.required_text("x", diagnostics),
            y: value_columns(fields, diagnostics),
            low: fields.text("low", diagnostics),
            high: fields.text("high", diagnostics),
            series: fields.text("series", diagnostics),
        },
    };
    Some(Chart { common, kind: kind?, title, alternative, data })
}

/// `y = "column"` or `y = ["one", "two"]`.
fn value_columns(fields: &mut Fields<'_>, diagnostics: &mut Diagnostics) -> Vec<Named> {
    let Some(node) = fields.required("y", diagnostics) else { return Vec::new() };
    match node.value {
        Value::List(items) => items.into_iter().filter_map(|item| fields.as_text(item, diagnostics)).collect(),
        _ => fields.as_text(node, diagnostics).into_iter().collect(),
    }
}

fn model_run(model: Named, fields: &mut Fields<'_>, diagnostics: &mut Diagnostics) -> ModelRun {
    ModelRun {
        model,
        variable: fields.required_text("variable", diagnostics),
        region: fields.required_text("region", diagnostics),
        levers: settings(fields, diagnostics),
    }
}

fn settings(fields: &mut Fields<'_>, diagnostics: &mut Diagnostics) -> Vec<(Named, f64)> {
    let Some(Node { value: Value::Table(entries), .. }) = fields.node("levers") else { return Vec::new() };
    let mut settings = Vec::new();
    for entry in entries {
        let percent = match entry.node.value {
            Value::Integer(number) => number as f64,
            Value::Number(number) => number,
            _ => f64::NAN,
        };
        if (0.0..=100.0).contains(&percent) {
            settings.push(((entry.key, entry.key_span), percent));
            continue;
        }
        let place = fields.place(entry.node.span);
        diagnostics.push(
            Diagnostic::error("wrong-type", place, "a lever's setting is a number from 0 to 100, in per cent")
                .help("0 is today, 100 is the reach that the lever's page describes"),
        );
    }
    settings
}

fn rows(fields: &mut Fields<'_>, diagnostics: &mut Diagnostics) -> Rows {
    let dataset = fields.required_text("dataset", diagnostics);
    let filter = match fields.node("where") {
        Some(Node { value: Value::Table(entries), .. }) => {
            entries.into_iter().map(|entry| ((entry.key, entry.key_span), entry.node)).collect()
        }
        Some(other) => {
            let place = fields.place(other.span);
            diagnostics.push(
                Diagnostic::error("wrong-type", place, "`where` names columns and the values they must have")
                    .help("write where = { region = \"US\" }"),
            );
            Vec::new()
        }
        None => Vec::new(),
    };
    let sort = fields.text("sort", diagnostics).map(|(column, span)| match column.strip_prefix('-') {
        Some(column) => ((column.to_owned(), span), Order::Descending),
        None => ((column, span), Order::Ascending),
    });
    Rows { dataset, filter, sort }
}
