//! `data:service-smes/exporting_share?geo=US` → the number that cells of a dataset give.
//!
//! The path names the dataset, its resource where that is not the first, and a column or a function of columns; the query
//! names values that other columns must have. A function stands around the column, so that no key can be both a column's
//! and a function's.
//!
//! | path ends in | gives |
//! |---|---|
//! | `column` | the only cell that is left |
//! | `low..high` | two cells of one row, the ends of a range |
//! | `sum(column)`, `mean`, `min`, `max` | of all cells that are left |
//! | `count(column)` | how many cells are left that are not empty |
//! | `share(column)`, `share(column,over)` | sum of the cells left as a part of the sum of all, or of those that only the column `over` leaves out |
//! | `ratio(a,b)`, `difference(a,b)` | of two columns, their cells summed |
//! | `ratio(column)`, `change(column)`, `growth(column)` | of the second to the first, where one value is given as `first..second` |
//! | `times(…,0.01)` | any of these, so many times: a step that the text takes itself |
//!
//! What is added, subtracted or taken as a part has one unit. A ratio may have two, and is then in the one per the other:
//! dollars through projects are dollars per project.

use std::collections::BTreeMap;

use app::model_number::Amount;
use app::query::{Expression, Query, Setting, Word};
use app::unit::{Kind, Unit};
use diagnostic::suggestion;

use super::Fault;
use crate::parse::dataset::{Cell, Dataset, Resource};

/// A number that cells give, and where they stand.
#[derive(Clone, Debug, PartialEq)]
pub struct Cells {
    /// Index of the dataset.
    pub dataset: usize,
    /// Index of the resource within it.
    pub resource: usize,
    /// Index of the column that the number is read from.
    pub column: usize,
    /// The number.
    pub amount: Amount,
    /// Which rows, in words; nothing when all.
    pub rows: String,
    /// The values that the address asks for, each with the index of its column.
    pub wanted: Vec<(usize, String)>,
}

/// The functions, as they are written.
const FUNCTIONS: [&str; 11] =
    ["sum", "mean", "min", "max", "count", "share", "ratio", "difference", "change", "growth", "times"];

/// Looks up the number that `address`, which follows `data:`, names.
pub fn cells(datasets: &[Dataset], address: &str) -> Result<Cells, Vec<Fault>> {
    let path_end = address.find('?').unwrap_or(address.len());
    let one = |fault: Fault| vec![fault];
    let Some((place, _)) = address[..path_end].rsplit_once('/') else {
        return Err(one(Fault::new("unreadable-source", 0..path_end, "the link names no column").help(EXAMPLE)));
    };
    let (id, name) = place.split_once('/').unwrap_or((place, ""));
    let Some(dataset) = datasets.iter().position(|dataset| dataset.id == id) else {
        let known: Vec<&str> = datasets.iter().map(|dataset| dataset.id.as_str()).collect();
        let fault = Fault::new("unknown-dataset", 0..id.len(), format!("there is no dataset `{id}`"));
        return Err(one(fault.help(suggestion(id, known))));
    };
    let resources = &datasets[dataset].resources;
    let found = if name.is_empty() { Some(0) } else { resources.iter().position(|resource| resource.name == name) };
    let Some(resource) = found else {
        let known: Vec<&str> = resources.iter().map(|resource| resource.name.as_str()).collect();
        let span = id.len() + 1..place.len();
        let fault = Fault::new("unknown-resource", span, format!("the dataset `{id}` has no resource `{name}`"));
        return Err(one(fault.help(suggestion(name, known))));
    };
    let offset = place.len() + 1;
    let query = Query::parse(&address[offset..]).map_err(|malformed| {
        let span = malformed.span.start + offset..malformed.span.end + offset;
        one(Fault::new("unreadable-source", span, malformed.message).help(EXAMPLE))
    })?;
    let mut lookup =
        Lookup { dataset: &datasets[dataset], resource: &resources[resource], faults: Vec::new(), pair: None };
    let found = lookup.number(&query.expression, &query.settings);
    match found {
        Some((column, amount)) if lookup.faults.is_empty() => {
            let rows = in_words(lookup.resource, &query.settings);
            let wanted = lookup.wanted(&query.settings);
            Ok(Cells { dataset, resource, column, amount, rows, wanted })
        }
        _ => Err(lookup.faults.into_iter().map(|fault| fault.later(offset)).collect()),
    }
}

const EXAMPLE: &str = "write data:dataset/column?other_column=value, or data:dataset/resource/column?…";

/// `region US, year 2008`, by the titles of the columns.
fn in_words(resource: &Resource, settings: &[Setting]) -> String {
    let named = settings.iter().filter_map(|Setting { key, value }| {
        let column = &resource.columns[resource.column(&key.text)?];
        Some(format!("{}: {}", column.title, value.text.replace("..", " to ")))
    });
    named.collect::<Vec<_>>().join(", ")
}

/// The two values of a column that a function compares.
struct Pair {
    column: usize,
    first: String,
    second: String,
}

struct Lookup<'a> {
    dataset: &'a Dataset,
    resource: &'a Resource,
    faults: Vec<Fault>,
    pair: Option<Pair>,
}

/// For each column named, the values that it may have.
type Filter = BTreeMap<usize, Vec<String>>;

impl Lookup<'_> {
    fn number(&mut self, expression: &Expression, settings: &[Setting]) -> Option<(usize, Amount)> {
        if let Expression::Call { function, arguments } = expression
            && function.text == "times"
        {
            return self.times(function, arguments, settings);
        }
        let is_pairwise = matches!(expression, Expression::Call { function, arguments }
            if arguments.len() == 1 && ["ratio", "change", "growth"].contains(&function.text.as_str()));
        let filter = self.filter(settings, is_pairwise);
        match expression {
            Expression::Name(word) => {
                let filter = filter?;
                match word.text.split_once("..") {
                    Some((low, high)) => self.range(word, low, high, &filter),
                    None => self.cell(word, &filter),
                }
            }
            Expression::Call { function, arguments } => {
                let columns = self.arguments(function, arguments);
                self.function(function, &columns?, &filter?)
            }
        }
    }

    /// What `times(what,factor)` gives.
    fn times(&mut self, function: &Word, arguments: &[Expression], settings: &[Setting]) -> Option<(usize, Amount)> {
        let factor = match arguments {
            [_, Expression::Name(word)] => word.text.parse().ok().filter(|factor: &f64| factor.is_normal()),
            _ => None,
        };
        let Some(factor) = factor else {
            let help = "write a column, or a function of columns, and how many times it is meant: times(value,0.01)";
            let message = "`times` takes two things, of which the second is a number".to_owned();
            self.faults.push(Fault::new("wrong-function", function.span.clone(), message).help(help.to_owned()));
            return None;
        };
        let (column, mut amount) = self.number(&arguments[0], settings)?;
        amount.values.iter_mut().for_each(|value| *value *= factor);
        Some((column, amount))
    }

    /// `first..second` are two values, unless a cell holds just that.
    fn wanted(&self, settings: &[Setting]) -> Vec<(usize, String)> {
        let values = settings.iter().filter_map(|Setting { key, value }| {
            let column = self.resource.column(&key.text)?;
            let ends = value.text.split_once("..").filter(|_| !self.has_value(column, &value.text));
            let values = ends.map_or_else(|| vec![value.text.as_str()], |(first, second)| vec![first, second]);
            Some(values.into_iter().map(move |value| (column, value.to_owned())))
        });
        values.flatten().collect()
    }

    fn filter(&mut self, settings: &[Setting], is_pairwise: bool) -> Option<Filter> {
        let before = self.faults.len();
        let mut filter = Filter::new();
        for Setting { key, value } in settings {
            let Some(column) = self.column(key) else { continue };
            match value.text.split_once("..") {
                Some((first, second)) if is_pairwise && !self.has_value(column, &value.text) => {
                    for end in [first, second] {
                        self.known_value(column, &Word { text: end.to_owned(), span: value.span.clone() });
                    }
                    self.pair = Some(Pair { column, first: first.to_owned(), second: second.to_owned() });
                }
                _ => {
                    self.known_value(column, value);
                    filter.entry(column).or_default().push(value.text.clone());
                }
            }
        }
        (self.faults.len() == before).then_some(filter)
    }

    fn column(&mut self, word: &Word) -> Option<usize> {
        let found = self.resource.column(&word.text);
        if found.is_none() {
            let elsewhere = self.dataset.resources.iter().find(|other| other.column(&word.text).is_some());
            let known: Vec<&str> = self.resource.columns.iter().map(|column| column.name.as_str()).collect();
            let help = match elsewhere {
                Some(other) => {
                    format!("the resource `{}` has one: write data:{}/{}/…", other.name, self.dataset.id, other.name)
                }
                None => suggestion(&word.text, known),
            };
            let message = format!("the resource `{}` has no column `{}`", self.resource.name, word.text);
            self.faults.push(Fault::new("unknown-column", word.span.clone(), message).help(help));
        }
        found
    }

    fn has_value(&self, column: usize, value: &str) -> bool {
        self.resource.rows.iter().any(|row| is(&row[column], value))
    }

    fn known_value(&mut self, column: usize, value: &Word) {
        if self.has_value(column, &value.text) {
            return;
        }
        let mut known: Vec<&str> = self.resource.rows.iter().map(|row| row[column].written()).collect();
        known.sort_unstable();
        known.dedup();
        let message = format!("no row has `{}` in the column `{}`", value.text, self.resource.columns[column].name);
        let help = suggestion(&value.text, known);
        self.faults.push(Fault::new("unknown-value", value.span.clone(), message).help(help));
    }

    /// The column of numbers that a word names.
    fn amounts(&mut self, word: &Word) -> Option<usize> {
        let column = self.column(word)?;
        let declared = &self.resource.columns[column];
        if declared.kind.is_amount() || declared.kind == crate::parse::dataset::ColumnKind::Year {
            return Some(column);
        }
        let message = format!("`{}` holds no numbers: its type is {}", declared.name, declared.kind.name());
        let help = "name a column of the type integer, number or year".to_owned();
        self.faults.push(Fault::new("wrong-type", word.span.clone(), message).help(help));
        None
    }

    fn cell(&mut self, word: &Word, filter: &Filter) -> Option<(usize, Amount)> {
        let column = self.amounts(word)?;
        let row = self.only_row(word, filter)?;
        let value = self.present(word, row, column)?;
        Some((column, Amount { values: vec![value], unit: self.unit(word, column, &[row])? }))
    }

    fn range(&mut self, word: &Word, low: &str, high: &str, filter: &Filter) -> Option<(usize, Amount)> {
        let part = |text: &str| Word { text: text.to_owned(), span: word.span.clone() };
        let (low, high) = (self.amounts(&part(low)), self.amounts(&part(high)));
        let (low, high) = (low?, high?);
        let row = self.only_row(word, filter)?;
        let values = vec![self.present(word, row, low)?, self.present(word, row, high)?];
        Some((low, Amount { values, unit: self.unit(word, low, &[row])? }))
    }

    fn present(&mut self, word: &Word, row: usize, column: usize) -> Option<f64> {
        let value = self.resource.rows[row][column].number();
        if value.is_none() {
            let message = format!("the cell of `{}` is empty", self.resource.columns[column].name);
            let help = "name another row or column, or leave the number without a link".to_owned();
            self.faults.push(Fault::new("empty-cell", word.span.clone(), message).help(help));
        }
        value
    }

    /// The row that is meant; more than one, or none, is a mistake that says how to come to one.
    fn only_row(&mut self, word: &Word, filter: &Filter) -> Option<usize> {
        let rows = self.rows(filter);
        match rows.as_slice() {
            [] => self.no_rows(word),
            [only] => Some(*only),
            several => {
                let resource = self.resource;
                let differing = (0..resource.columns.len()).find(|column| {
                    !resource.columns[*column].kind.is_amount()
                        && several.iter().any(|row| resource.rows[*row][*column] != resource.rows[several[0]][*column])
                });
                let narrow = differing.map_or_else(String::new, |column| {
                    let name = &resource.columns[column].name;
                    let value = resource.rows[several[0]][column].written();
                    format!("narrow them down, as with {name}={value}, or ")
                });
                let message = format!("{} rows are left where one is needed", several.len());
                let help = format!("{narrow}take them together, as with sum({})", word.text);
                self.faults.push(Fault::new("several-rows", word.span.clone(), message).help(help));
                None
            }
        }
    }

    fn no_rows<T>(&mut self, word: &Word) -> Option<T> {
        let message = "no row has all of these values together".to_owned();
        let help = "leave out one of the conditions, or look up the values in the CSV file".to_owned();
        self.faults.push(Fault::new("no-rows", word.span.clone(), message).help(help));
        None
    }

    fn rows(&self, filter: &Filter) -> Vec<usize> {
        let is_left = |row: &usize| {
            let cells = &self.resource.rows[*row];
            filter.iter().all(|(column, values)| values.iter().any(|value| is(&cells[*column], value)))
        };
        (0..self.resource.rows.len()).filter(is_left).collect()
    }

    fn arguments(&mut self, function: &Word, arguments: &[Expression]) -> Option<Vec<(usize, Word)>> {
        let mut columns = Vec::new();
        for (place, argument) in arguments.iter().enumerate() {
            let Expression::Name(word) = argument else {
                let help = "name columns in the parentheses".to_owned();
                let message = "functions of datasets do not stand in each other".to_owned();
                self.faults.push(Fault::new("wrong-function", argument.span(), message).help(help));
                return None;
            };
            let of_any_type = function.text == "count" || (function.text == "share" && place == 1);
            let column = if of_any_type { self.column(word) } else { self.amounts(word) };
            columns.push((column?, word.clone()));
        }
        Some(columns)
    }

    fn function(&mut self, function: &Word, columns: &[(usize, Word)], filter: &Filter) -> Option<(usize, Amount)> {
        let (column, word) = columns.first()?.clone();
        let rows = self.rows(filter);
        if rows.is_empty() {
            return self.no_rows(&word);
        }
        let amount = match (function.text.as_str(), columns) {
            ("count", [_]) => {
                let count = rows.iter().filter(|row| self.resource.rows[**row][column] != Cell::Missing).count();
                let unit = Unit { kind: Kind::Count(String::new()), factor: 1.0, text: "rows".to_owned() };
                Amount { values: vec![count as f64], unit }
            }
            (name @ ("sum" | "mean" | "min" | "max"), [_]) => {
                let unit = self.unit(&word, column, &rows)?;
                let numbers = self.numbers(&word, column, &rows)?;
                let value = match name {
                    "sum" => numbers.iter().sum(),
                    "mean" => numbers.iter().sum::<f64>() / numbers.len() as f64,
                    "min" => numbers.iter().copied().fold(f64::INFINITY, f64::min),
                    _ => numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max),
                };
                Amount { values: vec![value], unit }
            }
            ("share", [_] | [_, _]) => {
                let mut wider = filter.clone();
                match columns.get(1) {
                    Some((over, _)) => wider.retain(|column, _| column != over),
                    None => wider.clear(),
                }
                let all = self.rows(&wider);
                self.unit(&word, column, &all)?;
                let part: f64 = self.numbers(&word, column, &rows)?.iter().sum();
                let whole: f64 = self.numbers(&word, column, &all)?.iter().sum();
                Amount { values: vec![part / whole], unit: Unit::share() }
            }
            (name @ ("ratio" | "difference"), [_, (other, second)]) => {
                let (above, below) = (self.unit(&word, column, &rows)?, self.unit(second, *other, &rows)?);
                let first: f64 = self.numbers(&word, column, &rows)?.iter().sum();
                let last: f64 = self.numbers(second, *other, &rows)?.iter().sum();
                match name {
                    "ratio" => {
                        let value = first * above.factor / (last * below.factor);
                        Amount { values: vec![value], unit: above.per(&below) }
                    }
                    _ if above != below => return self.mixed_units(second, &above.text, &below.text),
                    _ => Amount { values: vec![first - last], unit: above.of_difference() },
                }
            }
            (name @ ("ratio" | "change" | "growth"), [_]) => self.compared(name, &word, column, filter)?,
            (name, _) => {
                let (message, help) = if FUNCTIONS.contains(&name) {
                    let columns = columns.len();
                    (
                        format!("`{name}` is not applied to {columns} columns"),
                        "the README lists the functions".to_owned(),
                    )
                } else {
                    (format!("there is no function `{name}` of datasets"), suggestion(name, FUNCTIONS))
                };
                let fault = Fault::new("wrong-function", function.span.clone(), message);
                self.faults.push(fault.help(help));
                return None;
            }
        };
        Some((column, amount))
    }

    /// The second of two selections against the first.
    fn compared(&mut self, name: &str, word: &Word, column: usize, filter: &Filter) -> Option<Amount> {
        let Some(Pair { column: differing, first, second }) = self.pair.take() else {
            let message = format!("`{name}` of one column compares two selections, and only one is given");
            let help = "give one of the values as first..second, as in year=2000..2008".to_owned();
            self.faults.push(Fault::new("one-selection", word.span.clone(), message).help(help));
            return None;
        };
        let of = |value: String| {
            let mut filter = filter.clone();
            filter.insert(differing, vec![value]);
            filter
        };
        let (before, below) = self.selection(word, column, &of(first))?;
        let (after, above) = self.selection(word, column, &of(second))?;
        Some(match name {
            "ratio" => {
                let value = after * above.factor / (before * below.factor);
                Amount { values: vec![value], unit: above.per(&below) }
            }
            _ if above != below => return self.mixed_units(word, &below.text, &above.text),
            "change" => Amount { values: vec![after - before], unit: above.of_difference() },
            _ => Amount { values: vec![(after - before) / before], unit: Unit::share() },
        })
    }

    /// The cells that a filter leaves in a column, summed, and their unit.
    fn selection(&mut self, word: &Word, column: usize, filter: &Filter) -> Option<(f64, Unit)> {
        let rows = self.rows(filter);
        if rows.is_empty() {
            return self.no_rows(word);
        }
        let sum = self.numbers(word, column, &rows)?.iter().sum();
        Some((sum, self.unit(word, column, &rows)?))
    }

    /// The numbers of a column in rows, empty cells left out.
    fn numbers(&mut self, word: &Word, column: usize, rows: &[usize]) -> Option<Vec<f64>> {
        let numbers: Vec<f64> = rows.iter().filter_map(|row| self.resource.rows[*row][column].number()).collect();
        if numbers.is_empty() {
            self.present(word, rows[0], column)?;
        }
        Some(numbers)
    }

    /// The unit of a column in rows: its own, or what the column says that states it for each row.
    fn unit(&mut self, word: &Word, column: usize, rows: &[usize]) -> Option<Unit> {
        let declared = &self.resource.columns[column];
        if declared.kind == crate::parse::dataset::ColumnKind::Year {
            return Some(Unit { kind: Kind::Count("year".to_owned()), factor: 1.0, text: "year".to_owned() });
        }
        let stated = match &declared.unit_column {
            None => declared.unit.clone(),
            Some(name) => {
                let place = self.resource.column(name)?;
                let mut units = rows.iter().map(|row| self.resource.rows[*row][place].written());
                let first = units.next().unwrap_or_default().to_owned();
                if let Some(other) = units.find(|unit| *unit != first) {
                    let other = other.to_owned();
                    return self.mixed_units(word, &first, &other);
                }
                first
            }
        };
        if stated.trim().is_empty() {
            let message = format!("`{}` has no unit", declared.name);
            let help =
                "add `unit` to the column in datapackage.json, be it only `firms`, `share` or `ratio`".to_owned();
            self.faults.push(Fault::new("missing-unit", word.span.clone(), message).help(help));
            return None;
        }
        Some(Unit::read(&stated))
    }

    fn mixed_units<T>(&mut self, word: &Word, first: &str, second: &str) -> Option<T> {
        let message = format!("numbers in {first} and in {second} cannot be taken together");
        let help = "narrow the rows down to those of one unit".to_owned();
        self.faults.push(Fault::new("mixed-units", word.span.clone(), message).help(help));
        None
    }
}

/// Whether a cell has this value, written in the same way or the same number.
fn is(cell: &Cell, value: &str) -> bool {
    cell.written() == value || cell.number().is_some_and(|number| value.parse() == Ok(number))
}
