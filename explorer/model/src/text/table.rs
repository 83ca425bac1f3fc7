//! TOML as tables whose every key and value knows where it stands.

use diagnostic::{Diagnostic, Diagnostics, Place};
use toml::de::{DeTable, DeValue};

use super::{ModelFile, suggestion};

/// A text value and where its characters stand in the file.
#[derive(Clone, Debug)]
pub(super) struct Text {
    pub(super) value: String,
    pub(super) place: Place,
    /// Whether byte n of `value` is byte n of `place`; false when the text has escapes.
    exact: bool,
}

impl Text {
    /// A text that stands for something that is not written as one.
    pub(super) fn at(value: String, place: Place) -> Self {
        Self { value, place, exact: false }
    }

    /// The place of a part of the text; all of it when escapes hide the part.
    pub(super) fn part(&self, span: std::ops::Range<usize>) -> Place {
        if !self.exact {
            return self.place.clone();
        }
        Place::new(self.place.file.clone(), self.place.start + span.start..self.place.start + span.end)
    }

    /// A part of the text as a text, without the white space around it.
    pub(super) fn slice(&self, span: std::ops::Range<usize>) -> Self {
        let part = &self.value[span.clone()];
        let start = span.start + (part.len() - part.trim_start().len());
        let part = part.trim();
        Self { value: part.to_owned(), place: self.part(start..start + part.len()), exact: self.exact }
    }
}

/// A value with its key.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) key: Text,
    pub(super) value: Value,
    /// Where the value stands.
    pub(super) place: Place,
}

/// A TOML value.
#[derive(Debug)]
pub(super) enum Value {
    Text(Text),
    Number(f64),
    Boolean(bool),
    List(Vec<(Value, Place)>),
    Table(Table),
    /// A date or time, which no model needs.
    Other,
}

impl Value {
    fn what(&self) -> &'static str {
        match self {
            Self::Text(_) => "a text",
            Self::Number(_) => "a number",
            Self::Boolean(_) => "true or false",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
            Self::Other => "a date",
        }
    }
}

/// A table that is emptied as it is read, so that what nobody asked for is known in the end.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) place: Place,
    entries: Vec<Entry>,
    asked: Vec<&'static str>,
}

impl Table {
    /// The table that a whole file is. What TOML cannot read is reported.
    pub(super) fn of_file(file: &ModelFile<'_>, diagnostics: &mut Diagnostics) -> Self {
        let (table, errors) = DeTable::parse_recoverable(file.text);
        for error in errors {
            let span = error.span().unwrap_or(0..0);
            let message = error.message().lines().next().unwrap_or("cannot be read").to_owned();
            let help = remedy(&message);
            diagnostics.push(Diagnostic::error("toml-syntax", Place::new(file.path, span), message).help(help));
        }
        Self::new(file, table.into_inner(), Place::file(file.path))
    }

    fn new(file: &ModelFile<'_>, table: DeTable<'_>, place: Place) -> Self {
        let mut entries: Vec<Entry> = table
            .into_iter()
            .map(|(key, value)| {
                let place = Place::new(file.path, value.span());
                let key = text(file, key.get_ref(), key.span());
                Entry { key, value: convert(file, value.into_inner(), &place), place }
            })
            .collect();
        entries.sort_by_key(|entry| entry.key.place.start);
        Self { place, entries, asked: Vec::new() }
    }

    /// A table without entries, at the place where one is missing.
    pub(super) fn empty(place: Place) -> Self {
        Self { place, entries: Vec::new(), asked: Vec::new() }
    }

    /// Whether `key` is (still) in the table.
    pub(super) fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|entry| entry.key.value == key)
    }

    /// Where the value of `key` stands; the table's own place when there is none.
    pub(super) fn place_of(&self, key: &str) -> Place {
        let entry = self.entries.iter().find(|entry| entry.key.value == key);
        entry.map_or(self.place.clone(), |entry| entry.place.clone())
    }

    /// Takes the value of `key` out of the table.
    pub(super) fn take(&mut self, key: &'static str) -> Option<Entry> {
        self.asked.push(key);
        let index = self.entries.iter().position(|entry| entry.key.value == key)?;
        Some(self.entries.remove(index))
    }

    /// Takes out all that is left, in the order of the file.
    pub(super) fn take_rest(&mut self) -> Vec<Entry> {
        std::mem::take(&mut self.entries)
    }

    /// Takes a text out of the table; another type is reported.
    pub(super) fn text(&mut self, key: &'static str, diagnostics: &mut Diagnostics) -> Option<Text> {
        self.take(key).and_then(|entry| entry.into_text(diagnostics))
    }

    /// Takes a text out of the table; its absence is reported and stands as an empty text.
    pub(super) fn required_text(&mut self, key: &'static str, diagnostics: &mut Diagnostics) -> Text {
        if !self.has(key) {
            self.asked.push(key);
            diagnostics.push(
                Diagnostic::error("missing-key", self.place.clone(), format!("`{key}` is missing"))
                    .help(format!("add `{key} = \"…\"`")),
            );
        }
        self.text(key, diagnostics).unwrap_or(Text { value: String::new(), place: self.place.clone(), exact: false })
    }

    /// Takes a text out of the table; without one it is empty.
    pub(super) fn optional_text(&mut self, key: &'static str, diagnostics: &mut Diagnostics) -> String {
        self.text(key, diagnostics).map(|text| text.value).unwrap_or_default()
    }

    /// Takes a finite number out of the table; another type is reported.
    pub(super) fn number(&mut self, key: &'static str, diagnostics: &mut Diagnostics) -> Option<f64> {
        match self.take(key)? {
            Entry { value: Value::Number(number), .. } if number.is_finite() => Some(number),
            entry => {
                diagnostics.push(entry.wrong_type("a number"));
                None
            }
        }
    }

    /// Takes true or false out of the table; without it it is false.
    pub(super) fn boolean(&mut self, key: &'static str, diagnostics: &mut Diagnostics) -> bool {
        match self.take(key) {
            None => false,
            Some(Entry { value: Value::Boolean(value), .. }) => value,
            Some(entry) => {
                diagnostics.push(entry.wrong_type("true or false"));
                false
            }
        }
    }

    /// Takes a list of texts out of the table; without it it is empty.
    pub(super) fn texts(&mut self, key: &'static str, diagnostics: &mut Diagnostics) -> Vec<Text> {
        self.take(key).map(|entry| entry.into_texts(diagnostics)).unwrap_or_default()
    }

    /// Takes a table out of the table; without it it is empty.
    pub(super) fn table(&mut self, key: &'static str, diagnostics: &mut Diagnostics) -> Table {
        let place = self.place.clone();
        self.take(key).and_then(|entry| entry.into_table(diagnostics)).unwrap_or(Table::empty(place))
    }

    /// Takes a list of tables out of the table; without it it is empty.
    pub(super) fn tables(&mut self, key: &'static str, diagnostics: &mut Diagnostics) -> Vec<Table> {
        let Some(entry) = self.take(key) else { return Vec::new() };
        let Value::List(items) = entry.value else {
            diagnostics.push(entry.wrong_type("a list of tables"));
            return Vec::new();
        };
        let mut tables = Vec::new();
        for (item, place) in items {
            match item {
                Value::Table(table) => tables.push(table),
                other => {
                    let message = format!("this should be a table, not {}", other.what());
                    let help = "put it in braces: `{ label = \"…\" }`";
                    diagnostics.push(Diagnostic::error("wrong-type", place, message).help(help));
                }
            }
        }
        tables
    }

    /// Reports every key that nobody asked for.
    pub(super) fn finish(self, diagnostics: &mut Diagnostics) {
        for entry in self.entries {
            let key = entry.key;
            let help = suggestion(&key.value, self.asked.iter().copied(), diagnostics);
            let message = format!("unknown key `{}`", key.value);
            diagnostics.push(Diagnostic::error("unknown-key", key.place, message).help(help));
        }
    }
}

impl Entry {
    /// The value as a text; another type is reported.
    pub(super) fn into_text(self, diagnostics: &mut Diagnostics) -> Option<Text> {
        match self.value {
            Value::Text(text) => Some(text),
            _ => {
                diagnostics.push(self.wrong_type("a text"));
                None
            }
        }
    }

    /// The value as a list of texts; another type is reported.
    pub(super) fn into_texts(self, diagnostics: &mut Diagnostics) -> Vec<Text> {
        let Value::List(items) = self.value else {
            diagnostics.push(self.wrong_type("a list of texts"));
            return Vec::new();
        };
        let mut texts = Vec::new();
        for (item, place) in items {
            match item {
                Value::Text(text) => texts.push(text),
                other => {
                    let message = format!("this should be a text, not {}", other.what());
                    diagnostics.push(Diagnostic::error("wrong-type", place, message).help("put it in double quotes"));
                }
            }
        }
        texts
    }

    /// The value as a table; another type is reported.
    pub(super) fn into_table(self, diagnostics: &mut Diagnostics) -> Option<Table> {
        match self.value {
            Value::Table(table) => Some(table),
            _ => {
                diagnostics.push(self.wrong_type("a table"));
                None
            }
        }
    }

    /// The mistake of writing something else than `wanted`.
    pub(super) fn wrong_type(&self, wanted: &str) -> Diagnostic {
        let key = &self.key.value;
        let message = format!("`{key}` should be {wanted}, not {}", self.value.what());
        let help = match (wanted, &self.value) {
            ("a text", _) => format!("write `{key} = \"…\"`"),
            ("a number", Value::Text(text)) if text.value.trim().parse::<f64>().is_ok() => {
                format!("take the quotes away: `{key} = {}`", text.value.trim())
            }
            ("a number", _) => format!("write `{key} = 1.5`, with the number that is meant"),
            ("true or false", _) => format!("write `{key} = true` or `{key} = false`, without quotes"),
            ("a list of texts", _) => format!("write `{key} = [\"…\", \"…\"]`"),
            ("a list of tables", _) => format!("write `{key} = [{{ label = \"…\" }}]`"),
            ("a table", _) => format!("write `{key} = {{ name = … }}`, or a section for it"),
            _ => format!("write `{key} = ` and {wanted}"),
        };
        Diagnostic::error("wrong-type", self.place.clone(), message).help(help)
    }
}

/// What to do about a mistake of TOML, of which the reader of TOML says only what it is.
fn remedy(message: &str) -> &'static str {
    let is_about = |words: &[&str]| words.iter().any(|word| message.contains(word));
    if is_about(&["duplicate key"]) {
        "each name stands once in its section: rename one of the two, or take it out"
    } else if is_about(&["`=` in array", "array", "comma"]) {
        "a list stands in square brackets, with commas between its parts: `[\"a\", \"b\"]`"
    } else if is_about(&["inline table"]) {
        "a table in one line stands in braces, with commas between its parts: `{ a = 1, b = 2 }`"
    } else if is_about(&["table"]) {
        "a section starts with its name in square brackets, alone on a line: `[stocks.shops]`"
    } else if is_about(&["escape"]) {
        "a backslash stands only before `n`, `t`, `\"` and a few others; write it twice to show one"
    } else if is_about(&["string", "quote"]) {
        "a text stands in double quotes; one of several lines between two `\"\"\"`"
    } else if is_about(&["recursion"]) {
        "no model needs lists and tables this deep within each other"
    } else {
        "a line reads `name = value`, with texts in double quotes"
    }
}

fn convert(file: &ModelFile<'_>, value: DeValue<'_>, place: &Place) -> Value {
    match value {
        DeValue::String(string) => Value::Text(text(file, &string, place.span())),
        DeValue::Integer(integer) => integer_value(&integer),
        DeValue::Float(float) => Value::Number(float.as_str().replace('_', "").parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(value) => Value::Boolean(value),
        DeValue::Datetime(_) => Value::Other,
        DeValue::Array(items) => Value::List(
            items
                .into_iter()
                .map(|item| {
                    let place = Place::new(file.path, item.span());
                    (convert(file, item.into_inner(), &place), place)
                })
                .collect(),
        ),
        DeValue::Table(table) => Value::Table(Table::new(file, table, place.clone())),
    }
}

fn integer_value(integer: &toml::de::DeInteger<'_>) -> Value {
    let digits = integer.as_str().replace('_', "");
    match integer.radix() {
        10 => Value::Number(digits.parse().unwrap_or(f64::NAN)),
        radix => Value::Number(i64::from_str_radix(&digits, radix).map_or(f64::NAN, |value| value as f64)),
    }
}

/// The text whose TOML form, perhaps with quotes and escapes, stands at `span`.
fn text(file: &ModelFile<'_>, value: &str, span: std::ops::Range<usize>) -> Text {
    let written = file.text.get(span.clone()).unwrap_or_default();
    let shift = written.find(value).filter(|_| !value.is_empty());
    let place = match shift {
        Some(shift) => Place::new(file.path, span.start + shift..span.start + shift + value.len()),
        None => Place::new(file.path, span),
    };
    Text { value: value.to_owned(), place, exact: shift.is_some() }
}
