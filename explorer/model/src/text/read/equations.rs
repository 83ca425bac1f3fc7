//! Constants, stocks, flows, auxiliaries and checks.

use diagnostic::{Diagnostic, Diagnostics};

use super::{Context, check_name};
use crate::model::StockRange;
use crate::text::parser::{Expression, parse};
use crate::text::table::{Entry, Table, Text, Value};
use crate::text::unit::Unit;

/// The sections that hold variables.
pub(super) const SECTIONS: [&str; 5] = ["constants", "stocks", "flows", "auxiliaries", "checks"];

/// A variable as written, perhaps an array.
pub(in crate::text) struct DraftVariable {
    pub(in crate::text) id: Text,
    pub(in crate::text) label: String,
    pub(in crate::text) doc: String,
    /// As written; none when it is to be inferred.
    pub(in crate::text) unit_text: Option<Text>,
    /// None when it is to be inferred, or could not be understood.
    pub(in crate::text) unit: Option<Unit>,
    /// Dimensions, by their place.
    pub(in crate::text) over: Vec<usize>,
    pub(in crate::text) kind: DraftKind,
    /// Points of a graphical function; none where there is none, empty when it could not be read.
    pub(in crate::text) graph: Option<Vec<(f64, f64)>>,
}

/// What kind of variable it is.
pub(in crate::text) enum DraftKind {
    Constant(DraftEquation),
    Auxiliary(DraftEquation),
    Flow(DraftEquation),
    Check(DraftEquation),
    Stock { initial: DraftEquation, inflows: Vec<Text>, outflows: Vec<Text>, range: StockRange },
}

impl DraftKind {
    /// The equation, which for a stock is that of its initial value.
    pub(in crate::text) fn equation(&self) -> &DraftEquation {
        match self {
            Self::Constant(equation) | Self::Auxiliary(equation) | Self::Flow(equation) | Self::Check(equation) => {
                equation
            }
            Self::Stock { initial, .. } => initial,
        }
    }
}

/// An equation for all elements or one for each.
pub(in crate::text) enum DraftEquation {
    All(Parsed),
    /// By element of the only dimension.
    Each(Vec<(usize, Parsed)>),
}

impl DraftEquation {
    /// All the equations, each with the element it is for.
    pub(in crate::text) fn with_elements(&self) -> impl Iterator<Item = (Option<usize>, &Parsed)> {
        let (all, each) = match self {
            Self::All(parsed) => (Some(parsed), None),
            Self::Each(list) => (None, Some(list)),
        };
        let each = each.into_iter().flatten().map(|(element, parsed)| (Some(*element), parsed));
        all.into_iter().map(|parsed| (None, parsed)).chain(each)
    }
}

/// The text of an equation and what it says; nothing when it does not follow the grammar.
pub(in crate::text) struct Parsed {
    pub(in crate::text) text: Text,
    pub(in crate::text) expression: Option<Expression>,
}

/// Reads one of the [`SECTIONS`].
pub(super) fn read(
    section: &str,
    entries: Vec<Entry>,
    context: &Context<'_>,
    diagnostics: &mut Diagnostics,
) -> Vec<DraftVariable> {
    entries.into_iter().filter_map(|entry| variable(section, entry, context, diagnostics)).collect()
}

fn variable(
    section: &str,
    entry: Entry,
    context: &Context<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<DraftVariable> {
    check_name(&entry.key, diagnostics);
    let id = entry.key.clone();
    let mut table = entry.into_table(diagnostics)?;
    let label = table.required_text("label", diagnostics).value;
    let doc = table.required_text("doc", diagnostics).value;
    let unit_text = table.text("unit", diagnostics);
    let unit = match section {
        "checks" => Some(Unit::dimensionless()),
        _ => unit_text.as_ref().and_then(|text| context.unit(text, diagnostics)),
    };
    let graph = table.take("graph").map(|entry| points(entry, diagnostics));
    if graph.is_some() && unit_text.is_none() {
        let message = format!("`{}` has a graph, so its unit cannot be inferred", id.value);
        diagnostics.push(Diagnostic::error("missing-key", id.place.clone(), message).help("add `unit = \"…\"`"));
    }
    let names = table.texts("over", diagnostics);
    let over = context.over(&names, diagnostics);
    let kind = match section {
        "stocks" => DraftKind::Stock {
            initial: equation("initial", &mut table, &over, context, diagnostics),
            inflows: flows("inflows", &mut table, diagnostics),
            outflows: flows("outflows", &mut table, diagnostics),
            range: match table.boolean("non_negative", diagnostics) {
                true => StockRange::NotNegative,
                false => StockRange::Any,
            },
        },
        "constants" => DraftKind::Constant(equation("equation", &mut table, &over, context, diagnostics)),
        "checks" => DraftKind::Check(equation("equation", &mut table, &over, context, diagnostics)),
        "flows" => DraftKind::Flow(equation("equation", &mut table, &over, context, diagnostics)),
        _ => DraftKind::Auxiliary(equation("equation", &mut table, &over, context, diagnostics)),
    };
    table.finish(diagnostics);
    Some(DraftVariable { id, label, doc, unit_text, unit, over, kind, graph })
}

/// Flows that a stock may list in one direction.
const MOST_FLOWS: usize = 100;

/// The names of flows.
fn flows(key: &'static str, table: &mut Table, diagnostics: &mut Diagnostics) -> Vec<Text> {
    let mut flows = table.texts(key, diagnostics);
    if let Some(flow) = flows.get(MOST_FLOWS) {
        let message = format!("a stock has at most {MOST_FLOWS} {key}, not {}", flows.len());
        let help = "draw several of them together in one flow";
        diagnostics.push(Diagnostic::error("too-large", flow.place.clone(), message).help(help));
        flows.truncate(MOST_FLOWS);
    }
    flows
}

/// Points of a graphical function: `[[0, 1], [5, 2.5], [10, 3]]`, from left to right.
fn points(entry: Entry, diagnostics: &mut Diagnostics) -> Vec<(f64, f64)> {
    let place = entry.place.clone();
    let items = match &entry.value {
        Value::List(items) => items.as_slice(),
        _ => &[],
    };
    let points = items.iter().map(|(item, _)| point(item)).collect::<Option<Vec<_>>>();
    let (place, message) = match points {
        None => (place, "a graph is a list of points, each with two numbers".to_owned()),
        Some(points) => match points.windows(2).position(|pair| pair[1].0 <= pair[0].0) {
            Some(before) => {
                let (left, right) = (points[before].0, points[before + 1].0);
                (items[before + 1].1.clone(), format!("the point at {right} stands after the one at {left}"))
            }
            None if points.len() < 2 => (place, "a graph has two points or more".to_owned()),
            None if points.len() > MOST_POINTS => (place, format!("a graph has at most {MOST_POINTS} points")),
            None => return points,
        },
    };
    let help = "write `[[0, 1], [5, 2.5], [10, 3]]`: from left to right what goes in, and what comes out";
    diagnostics.push(Diagnostic::error("bad-graph", place, message).help(help));
    Vec::new()
}

/// Points a graph may have.
const MOST_POINTS: usize = 200;

fn point(item: &Value) -> Option<(f64, f64)> {
    match item {
        Value::List(pair) => match pair.as_slice() {
            [(Value::Number(x), _), (Value::Number(y), _)] if x.is_finite() && y.is_finite() => Some((*x, *y)),
            _ => None,
        },
        _ => None,
    }
}

/// A text, a number, or a table with one of them for each element. Without any of them the variable still has its name,
/// so that equations which use it are not to blame.
fn equation(
    key: &'static str,
    table: &mut Table,
    over: &[usize],
    context: &Context<'_>,
    diagnostics: &mut Diagnostics,
) -> DraftEquation {
    let none = DraftEquation::Each(Vec::new());
    let Some(entry) = table.take(key) else {
        diagnostics.push(
            Diagnostic::error("missing-key", table.place.clone(), format!("`{key}` is missing"))
                .help(format!("add `{key} = \"…\"`")),
        );
        return none;
    };
    if !matches!(entry.value, Value::Table(_)) {
        return parsed(entry, diagnostics).map_or(none, DraftEquation::All);
    }
    let place = entry.place.clone();
    let [dimension] = over else {
        let message = "equations by element need exactly one dimension";
        diagnostics.push(Diagnostic::error("bad-dimension", place, message).help("say which with `over = [\"…\"]`"));
        return none;
    };
    let elements = &context.dimensions.list[*dimension].elements;
    let entries = entry.into_table(diagnostics).map(|mut table| table.take_rest()).unwrap_or_default();
    let mut each = Vec::new();
    for entry in entries {
        match elements.iter().position(|element| element.id == entry.key.value) {
            Some(element) => each.extend(parsed(entry, diagnostics).map(|parsed| (element, parsed))),
            None => {
                let name = &entry.key.value;
                let names = elements.iter().map(|element| element.id.as_str());
                diagnostics.push(
                    Diagnostic::error("unknown-name", entry.key.place.clone(), format!("there is no element `{name}`"))
                        .help(diagnostic::suggestion(name, names)),
                );
            }
        }
    }
    DraftEquation::Each(each)
}

fn parsed(entry: Entry, diagnostics: &mut Diagnostics) -> Option<Parsed> {
    let text = match entry.value {
        Value::Number(number) => Text::at(number.to_string(), entry.place),
        _ => entry.into_text(diagnostics)?,
    };
    let expression = match parse(&text.value) {
        Ok(expression) => Some(expression),
        Err(error) => {
            diagnostics.push(Diagnostic::error("syntax", text.part(error.span), error.message).help(error.help));
            None
        }
    };
    Some(Parsed { text, expression })
}
