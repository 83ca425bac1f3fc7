//! TOML as tables whose every key and value knows where it stands.

use diagnostic::{Diagnostic, Diagnostics, Place};
use toml::de::{DeTable, DeValue};

use super::ModelFile;

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
            diagnostics.push(Diagnostic::error("toml-syntax", Place::new(file.path, span), message));
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

    /// Reports every key that nobody asked for.
    pub(super) fn finish(self, diagnostics: &mut Diagnostics) {
        for entry in self.entries {
            let key = entry.key;
            diagnostics.push(
                Diagnostic::error("unknown-key", key.place, format!("unknown key `{}`", key.value))
                    .help(diagnostic::suggestion(&key.value, self.asked.iter().copied())),
            );
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
                    diagnostics.push(Diagnostic::error("wrong-type", place, message));
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
        let message = format!("`{}` should be {wanted}, not {}", self.key.value, self.value.what());
        Diagnostic::error("wrong-type", self.place.clone(), message)
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
