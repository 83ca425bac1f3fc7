//! `data/<id>/datapackage.json` and its CSV files → [`Dataset`]: typed cells, with every deviation from the schema said.
//!
//! Frictionless Data Package, versions 1 and 2, with the Table Schema types string, integer, number, year, date and
//! boolean. Extra properties are allowed by that standard; ours are `unit` and `unit_column` on a field, and `references`
//! and `quality_notes` on the package.

use std::collections::BTreeMap;
use std::ops::Range;

use diagnostic::{Diagnostic, Diagnostics, Place, suggestion};
use jiff::civil::Date;
use pulldown_cmark::{Event, Parser, Tag};

use super::block::Named;
use crate::load::Sources;
use crate::tree::{self, Fields, Node, Value};

/// A dataset as its package describes it.
#[derive(Debug)]
pub struct Dataset {
    /// The folder's name.
    pub id: String,
    /// Where the description stands.
    pub file: String,
    /// Its title.
    pub title: String,
    /// Markdown, perhaps of several paragraphs.
    pub description: String,
    /// Its version, or nothing.
    pub version: String,
    /// The day it was made, or nothing.
    pub created: String,
    /// Under which licence it is published.
    pub licence: Licence,
    /// Where it comes from.
    pub sources: Vec<Source>,
    /// Words by which it is found.
    pub keywords: Vec<String>,
    /// Works its figures rest on, by bibliography key.
    pub references: Vec<Named>,
    /// Sentences of Markdown on contradictions and limits.
    pub quality_notes: Vec<String>,
    /// The links in its description and its quality notes.
    pub links: Vec<Link>,
    /// Its tables; at least one.
    pub resources: Vec<Resource>,
}

/// A licence's name and address.
#[derive(Clone, Debug, Default)]
pub struct Licence {
    /// Its name, such as CC-BY-4.0.
    pub name: String,
    /// Its address, or nothing.
    pub href: String,
    /// Where the address is written.
    pub span: Range<usize>,
}

/// Where a dataset comes from.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its title.
    pub title: String,
    /// Its address, or nothing.
    pub href: String,
    /// Where the address is written.
    pub span: Range<usize>,
    /// Its bibliography key, by which rows say that they come from it.
    pub reference: Option<Named>,
}

/// A link in the text of a description.
#[derive(Clone, Debug)]
pub struct Link {
    /// The address as written.
    pub target: String,
    /// Where it is written.
    pub span: Range<usize>,
}

/// One table of a dataset.
#[derive(Debug)]
pub struct Resource {
    /// Its name within the package.
    pub name: String,
    /// Its title, or nothing.
    pub title: String,
    /// The CSV file, from the site's root.
    pub file: String,
    /// Its columns in order.
    pub columns: Vec<Column>,
    /// Its rows; each has a cell for every column.
    pub rows: Vec<Vec<Cell>>,
}

/// A column.
#[derive(Debug)]
pub struct Column {
    /// Its name in the header.
    pub name: String,
    /// Its name for readers.
    pub title: String,
    /// What it holds.
    pub description: String,
    /// Its unit, or nothing.
    pub unit: String,
    /// The column that holds the unit of each row, if rows differ.
    pub unit_column: Option<String>,
    /// The type of its cells.
    pub kind: ColumnKind,
    rules: Rules,
}

/// The types of Table Schema that are understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// Any text.
    String,
    /// A whole number.
    Integer,
    /// A number with a decimal point.
    Number,
    /// A calendar year.
    Year,
    /// A date as in 2026-11-21.
    Date,
    /// true or false.
    Boolean,
}

/// A value of a table.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Explicitly missing.
    Missing,
    /// Text, and dates.
    Text(String),
    /// A number and how it was written.
    Number(f64, String),
    /// true or false.
    Boolean(bool),
}

#[derive(Debug, Default)]
struct Rules {
    required: bool,
    unique: bool,
    minimum: Option<f64>,
    maximum: Option<f64>,
    allowed: Vec<String>,
}

struct Schema {
    columns: Vec<Column>,
    key: Vec<usize>,
    missing: Vec<String>,
}

impl ColumnKind {
    const ALL: [(&'static str, Self); 6] = [
        ("string", Self::String),
        ("integer", Self::Integer),
        ("number", Self::Number),
        ("year", Self::Year),
        ("date", Self::Date),
        ("boolean", Self::Boolean),
    ];

    /// Its name in Table Schema.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| name)
    }

    /// Whether its cells are amounts, which are set to the right and counted.
    pub fn is_amount(self) -> bool {
        matches!(self, Self::Integer | Self::Number)
    }
}

impl Cell {
    /// The number, if it is one.
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number, _) => Some(*number),
            _ => None,
        }
    }

    /// As it was written; empty when missing.
    pub fn written(&self) -> &str {
        match self {
            Self::Missing => "",
            Self::Text(text) | Self::Number(_, text) => text,
            Self::Boolean(true) => "true",
            Self::Boolean(false) => "false",
        }
    }
}

impl Dataset {
    /// The resource of this name; the first when the name is empty.
    pub fn resource(&self, name: &str) -> Option<&Resource> {
        if name.is_empty() {
            return self.resources.first();
        }
        self.resources.iter().find(|resource| resource.name == name)
    }
}

impl Resource {
    /// The position of the column of this name.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }
}

/// Reads the package in `folder`, such as `data/imports`.
pub fn dataset(sources: &Sources, folder: &str, diagnostics: &mut Diagnostics) -> Option<Dataset> {
    let file = format!("{folder}/datapackage.json");
    let node = tree::json(&file, sources.text(&file)?, diagnostics)?;
    let id = folder.rsplit('/').next().unwrap_or(folder).to_owned();
    let mut fields = Fields::new(&file, "the data package", node, diagnostics);
    let (name, span) = fields.required_text("name", diagnostics);
    if !name.is_empty() && name != id {
        diagnostics.push(
            Diagnostic::error(
                "wrong-name",
                fields.place(span),
                format!("the package is called `{name}`, its folder `{id}`"),
            )
            .help("give both the same name"),
        );
    }
    let title = fields.required_text("title", diagnostics).0;
    let description = fields.required_text("description", diagnostics);
    let version = fields.text("version", diagnostics).map(|(text, _)| text).unwrap_or_default();
    let created = fields.text("created", diagnostics).map(|(text, _)| text).unwrap_or_default();
    let licence = licence(&file, &mut fields, diagnostics);
    let origins = origins(&file, &mut fields, diagnostics);
    let keywords = fields.texts("keywords", diagnostics).into_iter().map(|(word, _)| word).collect();
    let references = fields.texts("references", diagnostics);
    let quality_notes = fields.texts("quality_notes", diagnostics);
    let source = sources.text(&file).unwrap_or_default();
    let links = [&description].into_iter().chain(&quality_notes).flat_map(|text| links(source, text)).collect();
    let resources: Option<Vec<Resource>> = match fields.required("resources", diagnostics) {
        Some(Node { value: Value::List(items), .. }) => {
            // All are read for their mistakes, but a dataset is whole or not there.
            let read: Vec<Option<Resource>> =
                items.into_iter().map(|item| resource(sources, folder, &file, item, diagnostics)).collect();
            read.into_iter().collect()
        }
        Some(other) => {
            let place = fields.place(other.span);
            diagnostics.push(Diagnostic::error("wrong-type", place, "`resources` should be a list"));
            None
        }
        None => None,
    };
    fields.finish_open();
    let resources = resources.filter(|resources| !resources.is_empty())?;
    Some(Dataset {
        id,
        file,
        title,
        description: description.0,
        version,
        created: created.get(..10).unwrap_or(&created).to_owned(),
        licence,
        sources: origins,
        keywords,
        references,
        quality_notes: quality_notes.into_iter().map(|(note, _)| note).collect(),
        links,
        resources,
    })
}

/// The links in a text of the description in `source`, each with the place of its address there.
fn links(source: &str, (text, span): &Named) -> Vec<Link> {
    let addresses = Parser::new(text).filter_map(|event| match event {
        Event::Start(Tag::Link { dest_url, .. }) => Some(dest_url.into_string()),
        _ => None,
    });
    let link = |target: String| {
        // An address with escapes is not found as it is: then the whole text is meant.
        let at = source.get(span.clone()).and_then(|written| written.find(&target)).map(|at| span.start + at);
        Link { span: at.map_or(span.clone(), |at| at..at + target.len()), target }
    };
    addresses.map(link).collect()
}

fn licence(file: &str, fields: &mut Fields<'_>, diagnostics: &mut Diagnostics) -> Licence {
    let Some(first) = fields.list("licenses", diagnostics).into_iter().next() else {
        diagnostics.push(
            Diagnostic::error("missing-key", fields.start(), "the data package names no licence")
                .help("add licenses: [{ \"name\": \"CC-BY-4.0\", \"path\": \"https://…\" }]"),
        );
        return Licence::default();
    };
    let mut licence = Fields::new(file, "a licence", first, diagnostics);
    let name = licence.required_text("name", diagnostics).0;
    let (href, span) = licence.text("path", diagnostics).unwrap_or_default();
    licence.finish_open();
    Licence { name, href, span }
}

fn origins(file: &str, fields: &mut Fields<'_>, diagnostics: &mut Diagnostics) -> Vec<Source> {
    let mut origins = Vec::new();
    for node in fields.list("sources", diagnostics) {
        let mut origin = Fields::new(file, "a source", node, diagnostics);
        let title = origin.required_text("title", diagnostics).0;
        let (href, span) = origin.text("path", diagnostics).unwrap_or_default();
        let reference = origin.text("reference", diagnostics);
        origin.finish_open();
        origins.push(Source { title, href, span, reference });
    }
    origins
}

fn resource(
    sources: &Sources,
    folder: &str,
    file: &str,
    node: Node,
    diagnostics: &mut Diagnostics,
) -> Option<Resource> {
    let mut fields = Fields::new(file, "a resource", node, diagnostics);
    let name = fields.required_text("name", diagnostics).0;
    let title = fields.text("title", diagnostics).map(|(title, _)| title).unwrap_or_default();
    let (path, path_span) = fields.required_text("path", diagnostics);
    let delimiter = delimiter(file, &mut fields, diagnostics);
    let before = diagnostics.iter().count();
    let schema = fields.required("schema", diagnostics).map(|node| schema(file, node, diagnostics))?;
    // Rows held against a schema with mistakes would only repeat them.
    let sound = diagnostics.iter().count() == before;
    let place = fields.place(path_span);
    fields.finish_open();
    let escapes = path.starts_with('/')
        || path.contains('\\')
        || path.contains("://")
        || path.split('/').any(|part| part == "..");
    if escapes {
        diagnostics.push(
            Diagnostic::error("outside-root", place, format!("`{path}` leads out of the dataset's folder"))
                .help("put the file beside datapackage.json and name it without a folder"),
        );
        return None;
    }
    let csv = format!("{folder}/{path}");
    if sources.bytes(&csv).is_none() {
        let beside = sources.under(folder).filter_map(|found| found[folder.len()..].strip_prefix('/'));
        let help = suggestion(&path, beside.filter(|found| found.ends_with(".csv")).collect::<Vec<_>>());
        diagnostics.push(Diagnostic::error("unknown-file", place, format!("there is no file `{csv}`")).help(help));
        return None;
    }
    if !sound {
        return None;
    }
    let rows = rows(&csv, sources.text(&csv)?, delimiter, &schema, diagnostics);
    Some(Resource { name, title, file: csv, columns: schema.columns, rows })
}

fn delimiter(file: &str, fields: &mut Fields<'_>, diagnostics: &mut Diagnostics) -> u8 {
    let Some(node) = fields.node("dialect") else { return b',' };
    let mut dialect = Fields::new(file, "the dialect", node, diagnostics);
    let delimiter = dialect.text("delimiter", diagnostics);
    dialect.finish_open();
    match delimiter {
        Some((text, span)) if text.len() != 1 => {
            diagnostics.push(Diagnostic::error("wrong-type", Place::new(file, span), "a delimiter is one character"));
            b','
        }
        Some((text, _)) => text.as_bytes()[0],
        None => b',',
    }
}

fn schema(file: &str, node: Node, diagnostics: &mut Diagnostics) -> Schema {
    let mut fields = Fields::new(file, "a schema", node, diagnostics);
    let (columns, unit_columns): (Vec<Column>, Vec<Option<Named>>) =
        fields.list("fields", diagnostics).into_iter().filter_map(|node| column(file, node, diagnostics)).unzip();
    let place_of = |name: &str| columns.iter().position(|column| column.name == name);
    let unknown_column = |(name, span): &Named| {
        let help = suggestion(name, columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>());
        Diagnostic::error("unknown-column", Place::new(file, span.clone()), format!("there is no column `{name}`"))
            .help(help)
    };
    diagnostics.extend(unit_columns.iter().flatten().filter(|(name, _)| place_of(name).is_none()).map(unknown_column));
    let key_columns = match fields.node("primaryKey") {
        Some(Node { value: Value::List(items), .. }) => {
            items.into_iter().filter_map(|item| fields.as_text(item, diagnostics)).collect()
        }
        Some(node) => fields.as_text(node, diagnostics).into_iter().collect::<Vec<_>>(),
        None => Vec::new(),
    };
    let mut key = Vec::new();
    for named in key_columns {
        match place_of(&named.0) {
            Some(index) => key.push(index),
            None => diagnostics.push(unknown_column(&named)),
        }
    }
    let mut missing: Vec<String> = fields
        .list("missingValues", diagnostics)
        .into_iter()
        .filter_map(|node| match node.value {
            Value::Text(text) => Some(text),
            // Version 2 also allows { value, label }.
            Value::Table(entries) => entries
                .into_iter()
                .find(|entry| entry.key == "value")
                .and_then(|entry| if let Value::Text(text) = entry.node.value { Some(text) } else { None }),
            _ => None,
        })
        .collect();
    if missing.is_empty() {
        missing.push(String::new());
    }
    fields.finish_open();
    Schema { columns, key, missing }
}

/// Reads a field; with it, where it names the column of its unit.
fn column(file: &str, node: Node, diagnostics: &mut Diagnostics) -> Option<(Column, Option<Named>)> {
    let mut fields = Fields::new(file, "a field", node, diagnostics);
    let name = fields.required_text("name", diagnostics).0;
    let title = fields.text("title", diagnostics).map_or_else(|| name.clone(), |(title, _)| title);
    let description = fields.text("description", diagnostics).map(|(text, _)| text).unwrap_or_default();
    let unit = fields.text("unit", diagnostics).map(|(unit, _)| unit).unwrap_or_default();
    let unit_column = fields.text("unit_column", diagnostics);
    let (kind, span) = fields.required_text("type", diagnostics);
    let rules = fields.node("constraints").map(|node| rules(file, node, diagnostics)).unwrap_or_default();
    let place = fields.place(span);
    fields.finish_open();
    let names = ColumnKind::ALL.map(|(name, _)| name);
    let Some((_, kind)) = ColumnKind::ALL.into_iter().find(|(name, _)| *name == kind) else {
        if !kind.is_empty() {
            let mistake =
                Diagnostic::error("unknown-type", place, format!("columns of the type `{kind}` are not understood"));
            diagnostics.push(mistake.help(suggestion(&kind, names)));
        }
        return None;
    };
    let named = unit_column.as_ref().map(|(name, _)| name.clone());
    Some((Column { name, title, description, unit, unit_column: named, kind, rules }, unit_column))
}

fn rules(file: &str, node: Node, diagnostics: &mut Diagnostics) -> Rules {
    let mut fields = Fields::new(file, "the constraints", node, diagnostics);
    let bound = |node: Option<Node>| match node.map(|node| node.value) {
        Some(Value::Integer(number)) => Some(number as f64),
        Some(Value::Number(number)) => Some(number),
        _ => None,
    };
    let rules = Rules {
        required: fields.boolean("required", diagnostics).unwrap_or(false),
        unique: fields.boolean("unique", diagnostics).unwrap_or(false),
        minimum: bound(fields.node("minimum")),
        maximum: bound(fields.node("maximum")),
        allowed: fields.texts("enum", diagnostics).into_iter().map(|(value, _)| value).collect(),
    };
    // A rule that nobody checks is worse than none.
    fields.finish(diagnostics);
    rules
}

/// Reads the rows of a CSV file.
fn rows(file: &str, text: &str, delimiter: u8, schema: &Schema, diagnostics: &mut Diagnostics) -> Vec<Vec<Cell>> {
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).has_headers(false).delimiter(delimiter).from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let mut table =
        Table { file, text, schema, order: Vec::new(), keys: BTreeMap::new(), seen: BTreeMap::new(), diagnostics };
    let mut rows = Vec::new();
    let mut header = None;
    let mut below = 0;
    loop {
        match reader.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) => {}
            Err(error) => {
                let start = error.position().map_or(0, |position| position.byte() as usize);
                let mistake = Diagnostic::error(
                    "csv-syntax",
                    Place::new(file, start..start),
                    format!("{error}: nothing follows"),
                )
                .help("save the file again as CSV with commas, in UTF-8");
                table.diagnostics.push(mistake);
                break;
            }
        }
        let span = table.record_span(&record);
        match header {
            None => {
                if !table.header(&record, span) {
                    return rows;
                }
                header = Some(record.len());
            }
            Some(width) => {
                below += 1;
                if width == record.len() {
                    rows.extend(table.row(&record, span));
                } else {
                    table.ragged(&record, width, span);
                }
            }
        }
    }
    if below == 0 {
        let what = if header.is_none() { "the file is empty" } else { "the file has a header and no rows" };
        table.diagnostics.push(
            Diagnostic::error("empty-file", Place::file(file), what)
                .help("write a header line and a row for each case"),
        );
    }
    rows
}

struct Table<'a> {
    file: &'a str,
    text: &'a str,
    schema: &'a Schema,
    /// For each column of the schema, its position in the file.
    order: Vec<usize>,
    keys: BTreeMap<Vec<String>, Range<usize>>,
    seen: BTreeMap<(usize, String), Range<usize>>,
    diagnostics: &'a mut Diagnostics,
}

impl Table<'_> {
    fn record_span(&self, record: &csv::StringRecord) -> Range<usize> {
        let mut start = record.position().map_or(0, |position| position.byte() as usize).min(self.text.len());
        // The reader reports the byte after the last row; line ends before this one belong to it.
        while self.text[start..].starts_with(['\n', '\r']) {
            start += 1;
        }
        let end = self.text[start..].find('\n').map_or(self.text.len(), |length| start + length);
        start..end
    }

    /// Whether the header can be used at all.
    fn header(&mut self, record: &csv::StringRecord, span: Range<usize>) -> bool {
        let unseparated = record.len() == 1 && self.schema.columns.len() > 1;
        if let Some(found) = [';', '\t', '|'].into_iter().find(|c| unseparated && record[0].contains(*c)) {
            let name = if found == '\t' { "tabs".to_owned() } else { format!("`{found}`") };
            self.diagnostics.push(
                Diagnostic::error(
                    "wrong-delimiter",
                    Place::new(self.file, span),
                    format!("the columns are separated by {name}"),
                )
                .help("save the file with commas, or name the delimiter under `dialect` in datapackage.json"),
            );
            return false;
        }
        let before = self.diagnostics.iter().count();
        let names: Vec<&str> = record.iter().collect();
        for (index, name) in names.iter().enumerate() {
            let place = Place::new(self.file, self.cell_span(record, index, &span));
            if names[..index].contains(name) {
                self.diagnostics.push(
                    Diagnostic::error("duplicate-column", place, format!("the column `{name}` is there twice"))
                        .help("rename one of them"),
                );
            } else if !self.schema.columns.iter().any(|column| column.name == *name) {
                let known = self.schema.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>();
                self.diagnostics.push(
                    Diagnostic::error("unknown-column", place, format!("the schema has no column `{name}`"))
                        .help(suggestion(name, known)),
                );
            }
        }
        for column in &self.schema.columns {
            match names.iter().position(|name| *name == column.name) {
                Some(index) => self.order.push(index),
                None => self.diagnostics.push(
                    Diagnostic::error(
                        "missing-column",
                        Place::new(self.file, span.clone()),
                        format!("the column `{}` of the schema is not in the file", column.name),
                    )
                    .help("add it to the header and to every row, or take it out of datapackage.json"),
                ),
            }
        }
        self.diagnostics.iter().count() == before
    }

    fn ragged(&mut self, record: &csv::StringRecord, width: usize, span: Range<usize>) {
        let message = format!("this row has {}, the header has {width}", counted(record.len(), "value", "values"));
        if let Some(at) = self.unclosed_quote(&span) {
            self.diagnostics.push(
                Diagnostic::error("unclosed-quote", Place::new(self.file, at), "this quote is never closed")
                    .help("end the value with another double quote; one inside a value is written twice"),
            );
            return;
        }
        self.diagnostics.push(
            Diagnostic::error("ragged-row", Place::new(self.file, span), message)
                .help("a comma inside a value needs the value in double quotes; a missing value needs its comma"),
        );
    }

    /// The quote that swallows the rest of the file, if one does: nothing after it can be told apart.
    fn unclosed_quote(&self, row: &Range<usize>) -> Option<Range<usize>> {
        let rest = &self.text[row.start..];
        let mut open = None;
        for (at, _) in rest.match_indices('"') {
            open = if open.is_none() { Some(row.start + at) } else { None };
        }
        open.map(|at| at..row.end.max(at + 1))
    }

    fn row(&mut self, record: &csv::StringRecord, span: Range<usize>) -> Option<Vec<Cell>> {
        let schema = self.schema;
        let mut cells = Vec::with_capacity(schema.columns.len());
        for (column, index) in schema.columns.iter().zip(self.order.clone()) {
            let written = &record[index];
            let cell = if schema.missing.iter().any(|missing| missing == written) {
                Ok(Cell::Missing)
            } else {
                cell(column.kind, written)
            };
            let problem = match &cell {
                Err(wanted) => Some(("wrong-type", format!("`{written}` is not {wanted}"))),
                Ok(cell) => broken_rule(&column.rules, cell).map(|problem| ("broken-rule", problem)),
            };
            if let Some((code, problem)) = problem {
                let place = Place::new(self.file, self.cell_span(record, index, &span));
                let help =
                    format!("the column `{}` has the type {} in datapackage.json", column.name, column.kind.name());
                self.diagnostics.push(Diagnostic::error(code, place, problem).help(help));
            }
            if column.rules.unique {
                self.unique(column, index, record, &span);
            }
            cells.push(cell.unwrap_or(Cell::Missing));
        }
        self.key(&cells, &span);
        Some(cells)
    }

    fn key(&mut self, cells: &[Cell], span: &Range<usize>) {
        if self.schema.key.is_empty() {
            return;
        }
        let key: Vec<String> = self.schema.key.iter().map(|&index| cells[index].written().to_owned()).collect();
        let names: Vec<&str> = self.schema.key.iter().map(|&index| self.schema.columns[index].name.as_str()).collect();
        if let Some(first) = self.keys.get(&key) {
            let message = format!("a second row has {} {}", names.join(", "), key.join(", "));
            self.diagnostics.push(
                Diagnostic::error("duplicate-row", Place::new(self.file, span.clone()), message)
                    .related(Place::new(self.file, first.clone()), "the first is here")
                    .help("delete one of them, or extend the primaryKey in datapackage.json"),
            );
            return;
        }
        self.keys.insert(key, span.clone());
    }

    fn unique(&mut self, column: &Column, index: usize, record: &csv::StringRecord, span: &Range<usize>) {
        let place = self.cell_span(record, index, span);
        let value = (index, record[index].to_owned());
        if let Some(first) = self.seen.get(&value) {
            self.diagnostics.push(
                Diagnostic::error(
                    "duplicate-value",
                    Place::new(self.file, place),
                    format!("`{}` is there twice in `{}`", value.1, column.name),
                )
                .related(Place::new(self.file, first.clone()), "the first is here"),
            );
            return;
        }
        self.seen.insert(value, place);
    }

    /// Where the value stands: the values of a row follow each other.
    fn cell_span(&self, record: &csv::StringRecord, index: usize, row: &Range<usize>) -> Range<usize> {
        let mut cursor = row.start;
        for value in record.iter().take(index) {
            let first_line = value.lines().next().unwrap_or_default();
            let Some(found) = self.text[cursor..].find(first_line) else { return row.clone() };
            cursor += found + value.len();
        }
        let first_line = record[index].lines().next().unwrap_or_default();
        match self.text[cursor.min(self.text.len())..].find(first_line) {
            Some(found) if !first_line.is_empty() => cursor + found..cursor + found + first_line.len(),
            _ => (cursor + usize::from(index > 0)).min(self.text.len())..(cursor + 1).min(self.text.len()),
        }
    }
}

fn cell(kind: ColumnKind, written: &str) -> Result<Cell, &'static str> {
    let number = |number: f64| Cell::Number(number, written.to_owned());
    match kind {
        ColumnKind::String => Ok(Cell::Text(written.to_owned())),
        ColumnKind::Integer => written.parse::<i64>().map(|value| number(value as f64)).map_err(|_| "a whole number"),
        ColumnKind::Number => written
            .parse::<f64>()
            .ok()
            .filter(|value| value.is_finite() && !written.starts_with('+'))
            .map(number)
            .ok_or("a number; write 1234.5, without thousands separators or units"),
        ColumnKind::Year => written
            .parse::<i64>()
            .ok()
            .filter(|_| written.len() == 4)
            .map(|year| number(year as f64))
            .ok_or("a year of four digits"),
        ColumnKind::Date => {
            written.parse::<Date>().map(|_| Cell::Text(written.to_owned())).map_err(|_| "a date as in 2026-11-21")
        }
        ColumnKind::Boolean => match written {
            "true" | "True" | "TRUE" | "1" => Ok(Cell::Boolean(true)),
            "false" | "False" | "FALSE" | "0" => Ok(Cell::Boolean(false)),
            _ => Err("true or false"),
        },
    }
}

fn broken_rule(rules: &Rules, cell: &Cell) -> Option<String> {
    if *cell == Cell::Missing {
        return rules.required.then(|| "a value is required here".to_owned());
    }
    let written = cell.written();
    if !rules.allowed.is_empty() && !rules.allowed.iter().any(|allowed| allowed == written) {
        return Some(format!("`{written}` is not among the allowed values {}", rules.allowed.join(", ")));
    }
    let number = cell.number()?;
    match (rules.minimum, rules.maximum) {
        (Some(minimum), _) if number < minimum => Some(format!("{written} is below the minimum {minimum}")),
        (_, Some(maximum)) if number > maximum => Some(format!("{written} is above the maximum {maximum}")),
        _ => None,
    }
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
