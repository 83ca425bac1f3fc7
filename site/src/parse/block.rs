//! Fenced blocks with a TOML body: what a figure, table or explorer in the text shows, not yet looked up.

use std::ops::Range;

use diagnostic::{Diagnostic, Diagnostics, Place, suggestion};

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
    pub caption: Written,
    /// A remark under the figure, or nothing.
    pub note: Written,
    /// The whole block.
    pub span: Range<usize>,
}

/// A stretch of Markdown in a block or in front matter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Written {
    /// What it says, its escapes resolved.
    pub text: String,
    /// Where each byte of `text`, and its end, stand in the file.
    places: Vec<usize>,
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
    /// How its amounts are printed.
    pub form: Form,
}

/// How amounts are printed, as far as the author says; what is not said follows from the amounts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Form {
    /// What they are counted in, and where that is written.
    pub scale: Option<(Scale, Range<usize>)>,
    /// Digits after the point.
    pub decimals: Option<u8>,
}

/// What amounts are counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// One by one.
    Ones,
    /// Thousands.
    Thousand,
    /// Millions.
    Million,
    /// Thousands of millions.
    Billion,
    /// Millions of millions.
    Trillion,
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
    /// How the amounts of single columns are printed.
    pub forms: Vec<(Named, Form)>,
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

impl Scale {
    /// All, the smallest first.
    pub const ALL: [Self; 5] = [Self::Ones, Self::Thousand, Self::Million, Self::Billion, Self::Trillion];

    /// As editors write it; `ones` is said to nobody else.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ones => "ones",
            Self::Thousand => "thousand",
            Self::Million => "million",
            Self::Billion => "billion",
            Self::Trillion => "trillion",
        }
    }

    /// How many one of it is.
    pub fn size(self) -> f64 {
        match self {
            Self::Ones => 1.0,
            Self::Thousand => 1e3,
            Self::Million => 1e6,
            Self::Billion => 1e9,
            Self::Trillion => 1e12,
        }
    }
}

impl Written {
    /// The value `text`, of which `raw` at byte `start` of the file is the TOML.
    fn new(text: String, raw: &str, start: usize) -> Self {
        let places = places(&text, raw).into_iter().map(|at| start + at).collect();
        Self { text, places }
    }

    /// The value `text` of a YAML node that stands at `span` as `raw`. Where it is written word for word, each part of it
    /// has its place; where it is folded or has escapes, the whole node is meant.
    pub fn of_node(text: String, raw: &str, span: &Range<usize>) -> Self {
        let places = match raw.find(&text) {
            Some(at) => (0..=text.len()).map(|byte| span.start + at + byte).collect(),
            None => (0..=text.len()).map(|byte| if byte == 0 { span.start } else { span.end }).collect(),
        };
        Self { text, places }
    }

    /// As a line that Markdown reads as nothing but text: an opening bracket comes before it, so that what follows begins
    /// neither a list nor a heading.
    pub fn line(&self) -> String {
        format!("({}", self.text.replace(['\n', '\r'], " "))
    }

    /// Where these bytes of [`Self::line`] stand in the file.
    pub fn place(&self, span: &Range<usize>) -> Range<usize> {
        let place =
            |at: usize| self.places.get(at.saturating_sub(1)).or(self.places.last()).copied().unwrap_or_default();
        let (start, end) = (place(span.start), place(span.end));
        if start < end || span.is_empty() { start..end } else { self.places.first().copied().unwrap_or_default()..end }
    }
}

/// Where each byte of `text`, and its end, stand in the TOML string `raw`.
fn places(text: &str, raw: &str) -> Vec<usize> {
    let quotes = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quotes| raw.starts_with(quotes)).unwrap_or_default();
    let has_escapes = quotes.starts_with('"');
    let rest = |at: usize| raw.get(at..).unwrap_or_default();
    let mut at = quotes.len();
    if quotes.len() == 3 {
        // A line break right after the quotes does not count.
        at += ["\r\n", "\n"].into_iter().find(|end| rest(at).starts_with(end)).map_or(0, str::len);
    }
    let mut places = Vec::with_capacity(text.len() + 1);
    for character in text.chars() {
        if has_escapes {
            at += joined_lines(rest(at));
        }
        let bytes = character.len_utf8();
        let is_escape = has_escapes && rest(at).starts_with('\\');
        places.extend((0..bytes).map(|byte| if is_escape { at } else { at + byte }));
        at += match rest(at).as_bytes() {
            [b'\\', b'x', ..] if is_escape => 4,
            [b'\\', b'u', ..] if is_escape => 6,
            [b'\\', b'U', ..] if is_escape => 10,
            _ if is_escape => 2,
            [b'\r', b'\n', ..] if character == '\n' => 2,
            _ => bytes,
        };
    }
    places.push(at);
    places.iter().map(|place| (*place).min(raw.len())).collect()
}

/// Bytes of a backslash at the end of a line and of the white space that it takes away, if `rest` starts with one.
fn joined_lines(rest: &str) -> usize {
    let Some(after) = rest.strip_prefix('\\') else { return 0 };
    let space = after.len() - after.trim_start().len();
    if after[..space].contains('\n') { 1 + space } else { 0 }
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
    let written = |(value, span): Named| {
        let raw = text.get(span.start.saturating_sub(offset)..span.end.saturating_sub(offset));
        Written::new(value, raw.unwrap_or_default(), span.start)
    };
    let common = Common {
        id,
        caption: written(fields.required_text("caption", diagnostics)),
        note: fields.text("note", diagnostics).map(written).unwrap_or_default(),
        span,
    };
    let block = match kind {
        Kind::Chart => chart(common, &mut fields, diagnostics).map(|chart| Block::Chart(Box::new(chart))),
        Kind::Table => Some(Block::Table(Box::new(Table {
            common,
            rows: rows(&mut fields, diagnostics),
            columns: fields.texts("columns", diagnostics),
            forms: column_forms(&mut fields, diagnostics),
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
                    .help(suggestion(unknown, ["line", "area", "bar", "dot"])),
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
    let scale = fields.node("scale").and_then(|node| scale(fields, node, &Scale::ALL[1..], diagnostics));
    let decimals = fields.node("decimals").and_then(|node| decimals(fields, node, diagnostics));
    Some(Chart { common, kind: kind?, title, alternative, data, form: Form { scale, decimals } })
}

/// `scale = { exports = "million" }` and `decimals = { exports = 1 }`: by column, since each has a unit of its own.
fn column_forms(fields: &mut Fields<'_>, diagnostics: &mut Diagnostics) -> Vec<(Named, Form)> {
    let mut forms: Vec<(Named, Form)> = Vec::new();
    for (column, node) in by_column("scale", "write scale = { exports = \"million\" }", fields, diagnostics) {
        let scale = scale(fields, node, &Scale::ALL, diagnostics);
        forms.push((column, Form { scale, decimals: None }));
    }
    for (column, node) in by_column("decimals", "write decimals = { exports = 1 }", fields, diagnostics) {
        let decimals = decimals(fields, node, diagnostics);
        match forms.iter_mut().find(|((name, _), _)| *name == column.0) {
            Some((_, form)) => form.decimals = decimals,
            None => forms.push((column, Form { scale: None, decimals })),
        }
    }
    forms
}

fn by_column(
    name: &'static str,
    example: &str,
    fields: &mut Fields<'_>,
    diagnostics: &mut Diagnostics,
) -> Vec<(Named, Node)> {
    match fields.node(name) {
        Some(Node { value: Value::Table(entries), .. }) => {
            entries.into_iter().map(|entry| ((entry.key, entry.key_span), entry.node)).collect()
        }
        Some(other) => {
            let place = fields.place(other.span);
            let message = format!("`{name}` of a table names columns, and one value for each");
            diagnostics.push(Diagnostic::error("wrong-type", place, message).help(example));
            Vec::new()
        }
        None => Vec::new(),
    }
}

fn scale(
    fields: &Fields<'_>,
    node: Node,
    known: &[Scale],
    diagnostics: &mut Diagnostics,
) -> Option<(Scale, Range<usize>)> {
    let (written, span) = fields.as_text(node, diagnostics)?;
    let found = known.iter().find(|scale| scale.name() == written);
    if found.is_none() {
        let place = fields.place(span.clone());
        diagnostics.push(
            Diagnostic::error("unknown-scale", place, format!("there is no scale `{written}`"))
                .help(suggestion(&written, known.iter().map(|scale| scale.name()))),
        );
    }
    found.map(|scale| (*scale, span))
}

fn decimals(fields: &Fields<'_>, node: Node, diagnostics: &mut Diagnostics) -> Option<u8> {
    /// More are noise in a text.
    const MOST: i64 = 6;
    match node.value {
        Value::Integer(number @ 0..=MOST) => Some(number as u8),
        _ => {
            let place = fields.place(node.span);
            let message = format!("`decimals` are digits after the point, a whole number from 0 to {MOST}");
            diagnostics.push(Diagnostic::error("wrong-type", place, message).help("leave it out if in doubt"));
            None
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_character_of_a_text_is_found_where_it_was_written() {
        let rows = [
            (r#""plain words""#, "words", "words"),
            (r#"'C:\words'"#, "words", "words"),
            (r#""a \"quoted\" ü wörd""#, "wörd", "wörd"),
            (r#""\u00fc and words""#, "words", "words"),
            (r#""an \u00fc""#, "ü", r"\u00fc"),
            ("\"\"\"\nfirst words\"\"\"", "words", "words"),
            ("\"\"\"first \\\n   words\"\"\"", "words", "words"),
            ("'''two\nwords'''", "words", "words"),
        ];
        for (raw, part, written) in rows {
            let file = format!("caption = {raw}\n");
            let node = toml::from_str::<toml::Table>(&file).expect("it is TOML");
            let text = node["caption"].as_str().expect("it is text").to_owned();
            // The line has a bracket before the text.
            let at = text.find(part).expect("it is there") + 1;
            let found = Written::new(text, raw, 10).place(&(at..at + part.len()));
            assert_eq!(&file[found], written, "{raw}");
        }
    }

    #[test]
    fn what_is_folded_in_front_matter_is_found_as_a_whole() {
        let place = |text: &str, raw: &str, part: &str| {
            let at = text.find(part).expect("it is there") + 1;
            let found = Written::of_node(text.to_owned(), raw, &(0..raw.len())).place(&(at..at + part.len()));
            raw[found].to_owned()
        };
        assert_eq!(place("A wörd here.", "\"A wörd here.\"", "wörd"), "wörd");
        assert_eq!(place("It's a word.", "'It''s a word.'", "word"), "'It''s a word.'");
        assert_eq!(place("Two lines.", "Two\n  lines.", "lines"), "Two\n  lines.");
    }
}
