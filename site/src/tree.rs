//! YAML, TOML and JSON as one tree whose every key and value knows where it stands.
//!
//! text → [`yaml`], [`toml`], [`json`] → [`Node`] → [`Fields`] → typed values, all mistakes collected
//!
//! Reading straight into structs would stop at the first mistake and forget the places; editors deserve all of them.

use std::fmt;
use std::ops::Range;

use diagnostic::{Diagnostic, Diagnostics, Place, suggestion};
use jiff::civil::Date;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// A value and the bytes it stands at.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What it is.
    pub value: Value,
    /// Byte range in the file.
    pub span: Range<usize>,
}

/// The kinds of values that YAML, TOML and JSON share.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing, `null`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Number(f64),
    /// Text; dates too.
    Text(String),
    /// Values in order.
    List(Vec<Node>),
    /// Named values in the order written.
    Table(Vec<Entry>),
}

/// A named value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its name.
    pub key: String,
    /// Where the name stands.
    pub key_span: Range<usize>,
    /// The value.
    pub node: Node,
}

/// Reads YAML that starts at byte `offset` of `file`.
pub fn yaml(file: &str, text: &str, offset: usize, diagnostics: &mut Diagnostics) -> Option<Node> {
    match serde_saphyr::from_str::<serde_saphyr::Spanned<YamlValue>>(text) {
        Ok(root) => Some(from_yaml(root, text, offset)),
        Err(error) => {
            let start = error.location().map_or(0, |location| byte_span(location, text).start);
            let message = error.without_snippet().to_string();
            // The library repeats the position in words; the place says it already.
            let message = message.split(" at line ").next().unwrap_or(&message).trim_end_matches(':').to_owned();
            let place = Place::new(file, offset + start..offset + line_end(text, start));
            diagnostics.push(
                Diagnostic::error("yaml-syntax", place, format!("this is not valid YAML: {message}"))
                    .help("values with `:` or `#` in them need quotes; lists are indented lines that start with `- `"),
            );
            None
        }
    }
}

/// Reads TOML that starts at byte `offset` of `file`.
pub fn toml(file: &str, text: &str, offset: usize, diagnostics: &mut Diagnostics) -> Option<Node> {
    let (root, errors) = ::toml::de::DeTable::parse_recoverable(text);
    if errors.is_empty() {
        let span = root.span();
        return Some(Node { value: from_toml_table(root.get_ref(), offset), span: shifted(span, offset) });
    }
    for error in errors {
        let span = shifted(error.span().unwrap_or(0..0), offset);
        diagnostics.push(
            Diagnostic::error(
                "toml-syntax",
                Place::new(file, span),
                format!("this is not valid TOML: {}", error.message()),
            )
            .help("a line reads `name = value`, and text values stand in double quotes"),
        );
    }
    None
}

/// Reads JSON, whose places come from its being YAML as well.
pub fn json(file: &str, text: &str, diagnostics: &mut Diagnostics) -> Option<Node> {
    if let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(text) {
        let start = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>()
            + error.column().saturating_sub(1);
        let message = error.to_string();
        let message = message.split(" at line ").next().unwrap_or(&message);
        let (message, help) = match message.strip_prefix("EOF while parsing ") {
            Some(what) => {
                (format!("the file ends within {what}"), "close what was opened: every {, [ and \" has an end")
            }
            None => (
                format!("this is not valid JSON: {message}"),
                "entries are separated by commas, with none after the last, and every text stands in double quotes",
            ),
        };
        let place = Place::new(file, start.min(text.len())..(start + 1).min(text.len()));
        diagnostics.push(Diagnostic::error("json-syntax", place, message).help(help));
        return None;
    }
    yaml(file, text, 0, diagnostics)
}

/// Takes the fields of a table one by one, says what is wrong with each, and at the end which were not expected.
pub struct Fields<'a> {
    file: &'a str,
    /// What the table is, for messages: "the front matter of a brief".
    what: &'a str,
    entries: Vec<Entry>,
    span: Range<usize>,
    known: Vec<&'static str>,
}

impl<'a> Fields<'a> {
    /// The fields of `node`, which is `what`.
    pub fn new(file: &'a str, what: &'a str, node: Node, diagnostics: &mut Diagnostics) -> Self {
        let mut fields = Self { file, what, entries: Vec::new(), span: node.span.clone(), known: Vec::new() };
        match node.value {
            Value::Table(entries) => fields.entries = entries,
            Value::Null => {}
            other => fields.mismatch(&Node { value: other, span: node.span }, Wanted::Table, diagnostics),
        }
        fields
    }

    /// A place in the file the fields come from.
    pub fn place(&self, span: Range<usize>) -> Place {
        Place::new(self.file, span)
    }

    /// Where the table starts.
    pub fn start(&self) -> Place {
        self.place(self.span.start..self.span.start)
    }

    /// The raw value of `name`, if it is there.
    pub fn node(&mut self, name: &'static str) -> Option<Node> {
        self.known.push(name);
        let index = self.entries.iter().position(|entry| entry.key == name)?;
        let node = self.entries.remove(index).node;
        (node.value != Value::Null).then_some(node)
    }

    /// As [`Self::node`], and a mistake if it is missing.
    pub fn required(&mut self, name: &'static str, diagnostics: &mut Diagnostics) -> Option<Node> {
        let node = self.node(name);
        if node.is_none() {
            diagnostics.push(
                Diagnostic::error("missing-key", self.start(), format!("`{name}` is missing in {}", self.what))
                    .help(format!("add `{name}`")),
            );
        }
        node
    }

    /// Text with its place.
    pub fn text(&mut self, name: &'static str, diagnostics: &mut Diagnostics) -> Option<(String, Range<usize>)> {
        let node = self.node(name)?;
        self.as_text(node, diagnostics)
    }

    /// Text that must be there; empty when it is not, which has then been said.
    pub fn required_text(&mut self, name: &'static str, diagnostics: &mut Diagnostics) -> (String, Range<usize>) {
        let Some(node) = self.required(name, diagnostics) else { return (String::new(), self.span.clone()) };
        let span = node.span.clone();
        let Some((text, span)) = self.as_text(node, diagnostics) else { return (String::new(), span) };
        if text.trim().is_empty() {
            let place = self.place(span.clone());
            diagnostics
                .push(Diagnostic::error("empty-value", place, format!("`{name}` is empty")).help("write it out"));
        }
        (text, span)
    }

    /// A list of texts, each with its place; a missing list is an empty one.
    pub fn texts(&mut self, name: &'static str, diagnostics: &mut Diagnostics) -> Vec<(String, Range<usize>)> {
        let items = self.list(name, diagnostics);
        items.into_iter().filter_map(|item| self.as_text(item, diagnostics)).collect()
    }

    /// A list; a missing one is empty.
    pub fn list(&mut self, name: &'static str, diagnostics: &mut Diagnostics) -> Vec<Node> {
        match self.node(name) {
            None => Vec::new(),
            Some(Node { value: Value::List(items), .. }) => items,
            Some(other) => {
                self.mismatch(&other, Wanted::List, diagnostics);
                Vec::new()
            }
        }
    }

    /// A whole number.
    pub fn integer(&mut self, name: &'static str, diagnostics: &mut Diagnostics) -> Option<i64> {
        match self.node(name)? {
            Node { value: Value::Integer(number), .. } => Some(number),
            other => {
                self.mismatch(&other, Wanted::Integer, diagnostics);
                None
            }
        }
    }

    /// A whole number that must be there.
    pub fn required_integer(&mut self, name: &'static str, diagnostics: &mut Diagnostics) -> Option<i64> {
        match self.required(name, diagnostics)? {
            Node { value: Value::Integer(number), .. } => Some(number),
            other => {
                self.mismatch(&other, Wanted::Integer, diagnostics);
                None
            }
        }
    }

    /// `true` or `false`.
    pub fn boolean(&mut self, name: &'static str, diagnostics: &mut Diagnostics) -> Option<bool> {
        match self.node(name)? {
            Node { value: Value::Boolean(flag), .. } => Some(flag),
            other => {
                self.mismatch(&other, Wanted::Boolean, diagnostics);
                None
            }
        }
    }

    /// A date written `2026-11-21`.
    pub fn date(&mut self, name: &'static str, diagnostics: &mut Diagnostics) -> Option<Date> {
        let node = self.node(name)?;
        self.as_date(node, diagnostics)
    }

    /// A date that must be there.
    pub fn required_date(&mut self, name: &'static str, diagnostics: &mut Diagnostics) -> Option<Date> {
        let node = self.required(name, diagnostics)?;
        self.as_date(node, diagnostics)
    }

    /// A node as text.
    pub fn as_text(&self, node: Node, diagnostics: &mut Diagnostics) -> Option<(String, Range<usize>)> {
        match node.value {
            Value::Text(text) => Some((text, node.span)),
            _ => {
                self.mismatch(&node, Wanted::Text, diagnostics);
                None
            }
        }
    }

    /// Says which fields nobody asked for. Call it last.
    pub fn finish(self, diagnostics: &mut Diagnostics) {
        for entry in &self.entries {
            let place = Place::new(self.file, entry.key_span.clone());
            let twice = self.known.contains(&entry.key.as_str());
            let diagnostic = if twice {
                Diagnostic::error("duplicate-key", place, format!("`{}` is there twice in {}", entry.key, self.what))
                    .help("keep one of them")
            } else {
                Diagnostic::error("unknown-key", place, format!("`{}` is no key of {}", entry.key, self.what))
                    .help(suggestion(&entry.key, self.known.iter().copied()))
            };
            diagnostics.push(diagnostic);
        }
    }

    /// Lets further keys stand, for formats that allow them.
    pub fn finish_open(self) {}

    fn as_date(&self, node: Node, diagnostics: &mut Diagnostics) -> Option<Date> {
        let text = match &node.value {
            Value::Text(text) => text.as_str(),
            _ => "",
        };
        let date = text.parse::<Date>().ok().filter(|_| text.len() == "2026-11-21".len());
        if date.is_none() {
            let place = self.place(node.span);
            diagnostics.push(
                Diagnostic::error("bad-date", place, "this is not a date")
                    .help("write year, month and day as in 2026-11-21, and mind that the day exists"),
            );
        }
        date
    }

    fn mismatch(&self, node: &Node, wanted: Wanted, diagnostics: &mut Diagnostics) {
        let message = format!("this is {}, but it should be {}", node.value.kind(), wanted.name());
        let place = self.place(node.span.clone());
        diagnostics.push(Diagnostic::error("wrong-type", place, message).help(wanted.spelling()));
    }
}

/// What a value should be.
#[derive(Clone, Copy)]
enum Wanted {
    Boolean,
    Integer,
    Text,
    List,
    Table,
}

impl Wanted {
    fn name(self) -> &'static str {
        match self {
            Self::Boolean => "`true` or `false`",
            Self::Integer => "a whole number",
            Self::Text => "text",
            Self::List => "a list",
            Self::Table => "a table of names and values",
        }
    }

    /// How to write it, in all three formats.
    fn spelling(self) -> &'static str {
        match self {
            Self::Boolean => "write true or false without quotes",
            Self::Integer => "write digits alone, without quotes, point or unit",
            Self::Text => "put the value in quotes, as in \"2026\"",
            Self::List => "put it in brackets, even if it is only one: [\"first\", \"second\"]",
            Self::Table => "give each value its name",
        }
    }
}

impl Value {
    /// What it is, in words.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Boolean(_) => "true or false",
            Self::Integer(_) => "a whole number",
            Self::Number(_) => "a number",
            Self::Text(_) => "text",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
        }
    }
}

fn shifted(span: Range<usize>, offset: usize) -> Range<usize> {
    span.start + offset..span.end + offset
}

fn line_end(text: &str, start: usize) -> usize {
    let start = text.floor_char_boundary(start);
    text[start..].find('\n').map_or(text.len(), |length| start + length)
}

fn from_toml_table(table: &::toml::de::DeTable<'_>, offset: usize) -> Value {
    let mut entries: Vec<Entry> = table
        .iter()
        .map(|(key, value)| Entry {
            key: key.get_ref().to_string(),
            key_span: shifted(key.span(), offset),
            node: Node { value: from_toml(value.get_ref(), offset), span: shifted(value.span(), offset) },
        })
        .collect();
    entries.sort_by_key(|entry| entry.key_span.start);
    Value::Table(entries)
}

fn from_toml(value: &::toml::de::DeValue<'_>, offset: usize) -> Value {
    use ::toml::de::DeValue;
    match value {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or_else(|_| Value::Text(number.as_str().to_owned()), Value::Integer),
        DeValue::Float(number) => {
            number.as_str().parse().map_or_else(|_| Value::Text(number.as_str().to_owned()), Value::Number)
        }
        DeValue::Boolean(flag) => Value::Boolean(*flag),
        DeValue::Datetime(instant) => Value::Text(instant.to_string()),
        DeValue::Array(items) => Value::List(
            items
                .iter()
                .map(|item| Node { value: from_toml(item.get_ref(), offset), span: shifted(item.span(), offset) })
                .collect(),
        ),
        DeValue::Table(table) => from_toml_table(table, offset),
    }
}

type SpannedYaml = serde_saphyr::Spanned<YamlValue>;

enum YamlValue {
    Scalar(Value),
    List(Vec<SpannedYaml>),
    Table(Vec<(serde_saphyr::Spanned<String>, SpannedYaml)>),
}

impl<'de> Deserialize<'de> for YamlValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(YamlVisitor)
    }
}

struct YamlVisitor;

impl<'de> Visitor<'de> for YamlVisitor {
    type Value = YamlValue;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_bool<E>(self, flag: bool) -> Result<YamlValue, E> {
        Ok(YamlValue::Scalar(Value::Boolean(flag)))
    }

    fn visit_i64<E>(self, number: i64) -> Result<YamlValue, E> {
        Ok(YamlValue::Scalar(Value::Integer(number)))
    }

    fn visit_u64<E>(self, number: u64) -> Result<YamlValue, E> {
        Ok(YamlValue::Scalar(i64::try_from(number).map_or(Value::Number(number as f64), Value::Integer)))
    }

    fn visit_f64<E>(self, number: f64) -> Result<YamlValue, E> {
        Ok(YamlValue::Scalar(Value::Number(number)))
    }

    fn visit_str<E>(self, text: &str) -> Result<YamlValue, E> {
        Ok(YamlValue::Scalar(Value::Text(text.to_owned())))
    }

    fn visit_unit<E>(self) -> Result<YamlValue, E> {
        Ok(YamlValue::Scalar(Value::Null))
    }

    fn visit_none<E>(self) -> Result<YamlValue, E> {
        Ok(YamlValue::Scalar(Value::Null))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<YamlValue, D::Error> {
        YamlValue::deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<YamlValue, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(YamlValue::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<YamlValue, A::Error> {
        let mut table = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            table.push(entry);
        }
        Ok(YamlValue::Table(table))
    }
}

fn from_yaml(spanned: SpannedYaml, text: &str, offset: usize) -> Node {
    let span = shifted(byte_span(spanned.referenced, text), offset);
    let value = match spanned.value {
        YamlValue::Scalar(value) => value,
        YamlValue::List(items) => Value::List(items.into_iter().map(|item| from_yaml(item, text, offset)).collect()),
        YamlValue::Table(entries) => Value::Table(
            entries
                .into_iter()
                .map(|(key, node)| Entry {
                    key_span: shifted(byte_span(key.referenced, text), offset),
                    key: key.value,
                    node: from_yaml(node, text, offset),
                })
                .collect(),
        ),
    };
    Node { value, span }
}

/// The bytes of a YAML location; the library counts bytes where it can and characters everywhere.
fn byte_span(location: serde_saphyr::Location, text: &str) -> Range<usize> {
    let span = location.span();
    let at_character = |index: u64| {
        text.char_indices().nth(usize::try_from(index).unwrap_or(usize::MAX)).map_or(text.len(), |(byte, _)| byte)
    };
    let start = span.byte_offset().map_or_else(|| at_character(span.offset()), |byte| byte as usize);
    let length = span.byte_len().map_or_else(|| span.len() as usize, |bytes| bytes as usize);
    let start = start.min(text.len());
    start..(start + length).min(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T>(read: impl FnOnce(&mut Diagnostics) -> T) -> (T, Vec<String>) {
        let mut diagnostics = Diagnostics::new();
        let value = read(&mut diagnostics);
        let found = diagnostics
            .iter()
            .map(|mistake| {
                let place = mistake.place.as_ref().expect("all of these have a place");
                format!("{} {}..{}", mistake.code, place.start, place.end)
            })
            .collect();
        (value, found)
    }

    #[test]
    fn yaml_keys_and_values_know_their_bytes() {
        let text = "é: 1\nzwölf: [a, b]\n";
        let (node, found) = read(|diagnostics| yaml("a.md", text, 4, diagnostics));
        assert_eq!(found, Vec::<String>::new());
        let Value::Table(entries) = node.expect("valid").value else { panic!("a table") };
        assert_eq!(&text[entries[1].key_span.start - 4..entries[1].key_span.end - 4], "zwölf");
        let Value::List(items) = &entries[1].node.value else { panic!("a list") };
        assert_eq!(&text[items[1].span.start - 4..items[1].span.end - 4], "b");
    }

    #[test]
    fn every_wrong_field_is_reported_at_once() {
        let text = "titel: x\ndate: 2026-02-30\nnumber: many\n";
        let (_, found) = read(|diagnostics| {
            let node = yaml("a.md", text, 0, diagnostics).expect("valid");
            let mut fields = Fields::new("a.md", "the front matter", node, diagnostics);
            fields.required_text("title", diagnostics);
            fields.date("date", diagnostics);
            fields.integer("number", diagnostics);
            fields.finish(diagnostics);
        });
        assert_eq!(found, ["missing-key 0..0", "bad-date 15..25", "wrong-type 34..38", "unknown-key 0..5"]);
    }

    #[test]
    fn syntax_errors_of_each_format_have_a_place() {
        type Parse = fn(&str, &mut Diagnostics) -> Option<Node>;
        let rows: [(&str, Parse, &str); 3] = [
            ("a: [1\nb: 2\n", |text, diagnostics| yaml("f", text, 0, diagnostics), "yaml-syntax"),
            ("a = \n", |text, diagnostics| toml("f", text, 0, diagnostics), "toml-syntax"),
            ("{\"a\": }", |text, diagnostics| json("f", text, diagnostics), "json-syntax"),
        ];
        for (text, parse, code) in rows {
            let (node, found) = read(|diagnostics| parse(text, diagnostics));
            assert!(node.is_none() && found[0].starts_with(code), "{text:?} gave {found:?}");
        }
    }
}
