//! Every equation is checked for its units; where a variable states none, its equation gives it one.

use std::collections::BTreeSet;

use diagnostic::{Diagnostic, Diagnostics, Place};

use super::parser::Reduction;
use super::read::{Draft, DraftKind};
use super::resolve::{Resolved, Term, TermKind};
use super::table::Text;
use super::unit::Unit;
use crate::graph::{Binary, Unary};

/// The unit of every variable: as stated, or as its equation gives it; none when neither is known.
pub(super) fn check(
    draft: &Draft,
    time_unit: &Unit,
    variables: &[Resolved],
    order: &[usize],
    diagnostics: &mut Diagnostics,
) -> Vec<Option<Unit>> {
    let mut units: Vec<Option<Unit>> = draft.variables.iter().map(|variable| variable.unit.clone()).collect();
    let is_stock = |index: &usize| matches!(draft.variables[*index].kind, DraftKind::Stock { .. });
    let stocks: Vec<usize> = (0..variables.len()).filter(is_stock).collect();
    for index in stocks.iter().chain(order) {
        for equation in &variables[*index].equations {
            let mut checker = Checker { draft, time_unit, units: &units, text: &equation.text, diagnostics };
            // A number by itself is in the unit of its variable.
            if matches!(equation.term.kind, TermKind::Number(_)) && units[*index].is_some() {
                continue;
            }
            let Some(measured) = checker.measure(&equation.term) else { continue };
            // A graph turns one unit into another.
            if draft.variables[*index].graph.is_some() {
                continue;
            }
            match &units[*index] {
                Some(stated) => checker.agrees_with_declaration(&measured, stated, *index, &equation.term),
                None if draft.variables[*index].unit_text.is_none() => units[*index] = Some(measured.unit()),
                None => {}
            }
        }
    }
    for index in stocks {
        check_flows(draft, time_unit, &variables[index], index, &units, diagnostics);
    }
    units
}

/// A flow moves the unit of its stock per unit of time.
fn check_flows(
    draft: &Draft,
    time_unit: &Unit,
    stock: &Resolved,
    index: usize,
    units: &[Option<Unit>],
    diagnostics: &mut Diagnostics,
) {
    let id = &draft.variables[index].id;
    let Some(stock_unit) = &units[index] else { return };
    let wanted = stock_unit.per(time_unit);
    for flow in stock.inflows.iter().chain(&stock.outflows) {
        let Some(unit) = &units[*flow] else { continue };
        if !unit.is_same(&wanted) {
            let name = &draft.variables[*flow].id;
            let message = format!("`{}` is in {unit}, but a flow of `{}` is in {wanted}", name.value, id.value);
            diagnostics.push(
                Diagnostic::error("unit-mismatch", name.place.clone(), message)
                    .related(id.place.clone(), format!("`{}` is in {stock_unit}", id.value))
                    .help(difference(unit, &wanted)),
            );
        }
    }
}

/// What is known about the unit of a term.
#[derive(Clone)]
enum Measured {
    /// Zero, which is the same in every unit.
    Zero,
    Unit(Unit),
}

impl Measured {
    fn unit(&self) -> Unit {
        match self {
            Self::Zero => Unit::dimensionless(),
            Self::Unit(unit) => unit.clone(),
        }
    }
}

struct Checker<'c> {
    draft: &'c Draft,
    time_unit: &'c Unit,
    units: &'c [Option<Unit>],
    text: &'c Text,
    diagnostics: &'c mut Diagnostics,
}

impl Checker<'_> {
    /// The unit of `term`; none when it, or a mistake in it, is unknown or was reported.
    fn measure(&mut self, term: &Term) -> Option<Measured> {
        match &term.kind {
            TermKind::Number(number) if *number == 0.0 => Some(Measured::Zero),
            TermKind::Number(_) | TermKind::Setting(_) => Some(Measured::Unit(Unit::dimensionless())),
            TermKind::Parameter(index, _) => self.draft.parameters[*index].unit.clone().map(Measured::Unit),
            TermKind::Variable(index, _) => self.units[*index].clone().map(Measured::Unit),
            TermKind::Time | TermKind::StepStart | TermKind::Step | TermKind::Moment(_) => {
                Some(Measured::Unit(self.time_unit.clone()))
            }
            TermKind::Unary(operation, a) => self.unary(*operation, a),
            TermKind::Binary(operation, a, b) => self.binary(*operation, a, b, term),
            TermKind::If(condition, yes, no) => {
                self.dimensionless(condition, "a condition");
                let (yes_unit, no_unit) = (self.measure(yes), self.measure(no));
                self.same((yes, yes_unit?), (no, no_unit?), "cannot both be the value of IF", term)
            }
            TermKind::Over(reduction, _, body) => {
                if *reduction == Reduction::Product {
                    return self.dimensionless(body, "a product over a dimension");
                }
                self.measure(body)
            }
            TermKind::Baseline(body) => self.measure(body),
            TermKind::Lagged { input, time, initial, .. } => {
                self.span_of_time(time);
                let unit = self.measure(input);
                let Some(initial) = initial else { return unit };
                let initial_unit = self.measure(initial);
                self.same((input, unit?), (initial, initial_unit?), "cannot both be values of the input", term)
            }
        }
    }

    /// Reports `term` when it is not in the unit of time.
    fn span_of_time(&mut self, term: &Term) {
        let wanted = self.time_unit;
        if let Some(Measured::Unit(unit)) = self.measure(term)
            && !unit.is_same(wanted)
        {
            let message = format!("the time of a delay is in {wanted}, not {unit}");
            let help = difference(&unit, wanted);
            self.report(term, message, vec![self.path(term)], help);
        }
    }

    fn unary(&mut self, operation: Unary, a: &Term) -> Option<Measured> {
        match operation {
            Unary::Negate | Unary::Absolute => self.measure(a),
            Unary::Not => self.dimensionless(a, "NOT"),
            Unary::Exp => self.dimensionless(a, "EXP"),
            Unary::Ln => self.dimensionless(a, "LN"),
            Unary::Floor => self.dimensionless(a, "INT"),
            Unary::SquareRoot => match self.measure(a)? {
                Measured::Zero => Some(Measured::Zero),
                Measured::Unit(unit) => {
                    let root = unit.root();
                    if root.is_none() {
                        let message = format!("{unit} has no square root");
                        let help = "every unit in it must come in even powers: multiply or divide it first".to_owned();
                        self.report(a, message, vec![self.path(a)], help);
                    }
                    root.map(Measured::Unit)
                }
            },
        }
    }

    fn binary(&mut self, operation: Binary, a: &Term, b: &Term, whole: &Term) -> Option<Measured> {
        if operation == Binary::Power {
            return self.power(a, b);
        }
        let (a_unit, b_unit) = (self.measure(a), self.measure(b));
        let sides = |a_unit, b_unit| ((a, a_unit), (b, b_unit));
        match operation {
            Binary::Multiply | Binary::Divide => match (a_unit?, b_unit?) {
                (Measured::Zero, _) | (_, Measured::Zero) => Some(Measured::Zero),
                (Measured::Unit(a), Measured::Unit(b)) if operation == Binary::Multiply => {
                    Some(Measured::Unit(a.times(&b)))
                }
                (Measured::Unit(a), Measured::Unit(b)) => Some(Measured::Unit(a.per(&b))),
            },
            Binary::And | Binary::Or => {
                self.dimensionless(a, "a condition");
                self.dimensionless(b, "a condition")
            }
            _ => {
                let (a, b) = sides(a_unit?, b_unit?);
                let (verb, is_comparison) = match operation {
                    Binary::Add => ("cannot be added", false),
                    Binary::Subtract => ("cannot be subtracted", false),
                    Binary::Minimum | Binary::Maximum => ("have no smaller or larger", false),
                    _ => ("cannot be compared", true),
                };
                let unit = self.same(a, b, verb, whole)?;
                Some(if is_comparison { Measured::Unit(Unit::dimensionless()) } else { unit })
            }
        }
    }

    fn power(&mut self, base: &Term, exponent: &Term) -> Option<Measured> {
        self.dimensionless(exponent, "an exponent");
        let unit = match self.measure(base)? {
            Measured::Zero => return Some(Measured::Zero),
            Measured::Unit(unit) => unit,
        };
        if unit.is_dimensionless() {
            return Some(Measured::Unit(unit));
        }
        match exponent.kind {
            TermKind::Number(number) if number.fract() == 0.0 && number.abs() <= 9.0 => {
                Some(Measured::Unit(unit.to_the(number as i32)))
            }
            _ => {
                let message = format!("{unit} cannot be raised to a power that is not a whole number");
                let help = format!("divide the base by a constant of 1 {unit} first");
                self.report(base, message, vec![self.path(base)], help);
                None
            }
        }
    }

    /// Reports `term` when it is not a pure number.
    fn dimensionless(&mut self, term: &Term, what: &str) -> Option<Measured> {
        if let Measured::Unit(unit) = self.measure(term)?
            && !unit.is_dimensionless()
        {
            let message = format!("{what} takes a pure number, not {unit}");
            let help = match unit.factor_to(&Unit::dimensionless()) {
                Some(_) => difference(&unit, &Unit::dimensionless()),
                None => format!("divide it by something in {unit}, such as a constant of 1 {unit}"),
            };
            self.report(term, message, vec![self.path(term)], help);
            return None;
        }
        Some(Measured::Unit(Unit::dimensionless()))
    }

    /// The unit both have; reports them when they differ.
    fn same(
        &mut self,
        (a, a_unit): (&Term, Measured),
        (b, b_unit): (&Term, Measured),
        verb: &str,
        whole: &Term,
    ) -> Option<Measured> {
        match (a_unit, b_unit) {
            (Measured::Zero, other) | (other, Measured::Zero) => Some(other),
            (Measured::Unit(a_unit), Measured::Unit(b_unit)) if a_unit.is_same(&b_unit) => Some(Measured::Unit(a_unit)),
            (Measured::Unit(a_unit), Measured::Unit(b_unit)) => {
                let message = format!("{a_unit} and {b_unit} {verb}");
                let help = difference(&a_unit, &b_unit);
                self.report(whole, message, vec![self.path(a), self.path(b)], help);
                None
            }
        }
    }

    fn agrees_with_declaration(&mut self, measured: &Measured, stated: &Unit, index: usize, term: &Term) {
        let Measured::Unit(unit) = measured else { return };
        if unit.is_same(stated) {
            return;
        }
        let variable = &self.draft.variables[index];
        let message = format!("this equation gives {unit}, but `{}` is in {stated}", variable.id.value);
        let help = difference(unit, stated);
        let mut diagnostic = self.mismatch(term, message, vec![self.path(term)], help);
        if let Some(text) = &variable.unit_text {
            diagnostic.related.insert(0, (text.place.clone(), "its unit is stated here".to_owned()));
        }
        self.diagnostics.push(diagnostic);
    }

    /// How the unit of `term` arose: what each name in it is in.
    fn path(&self, term: &Term) -> String {
        const NAMED: usize = 6;
        let mut names = BTreeSet::new();
        let mut parts = Vec::new();
        term.walk(&mut |part| {
            let (name, unit) = match &part.kind {
                TermKind::Parameter(index, _) => {
                    let parameter = &self.draft.parameters[*index];
                    (&parameter.id.value, parameter.unit.as_ref())
                }
                TermKind::Variable(index, _) => (&self.draft.variables[*index].id.value, self.units[*index].as_ref()),
                TermKind::Time => {
                    if names.insert("TIME".to_owned()) {
                        parts.push(format!("`TIME` in {}", self.time_unit));
                    }
                    return;
                }
                _ => return,
            };
            if names.insert(name.clone()) {
                parts.push(match unit {
                    Some(unit) => format!("`{name}` in {unit}"),
                    None => format!("`{name}` in an unknown unit"),
                });
            }
        });
        let rest = parts.len().saturating_sub(NAMED);
        parts.truncate(NAMED);
        let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
        let written = self.text.value.get(term.span.clone()).unwrap_or_default();
        if parts.is_empty() {
            return format!("`{written}` is a pure number");
        }
        if term.parts().is_empty() {
            return parts[0].replacen(" in ", " is in ", 1);
        }
        format!("`{written}` is made of {}{more}", parts.join(", "))
    }

    fn report(&mut self, term: &Term, message: String, paths: Vec<String>, help: String) {
        let diagnostic = self.mismatch(term, message, paths, help);
        self.diagnostics.push(diagnostic);
    }

    fn mismatch(&self, term: &Term, message: String, paths: Vec<String>, help: String) -> Diagnostic {
        let mut diagnostic = Diagnostic::error("unit-mismatch", self.text.part(term.span.clone()), message);
        diagnostic.help = Some(help);
        diagnostic.notes = paths;
        for (place, label) in self.declarations(term) {
            diagnostic = diagnostic.related(place, label);
        }
        diagnostic
    }

    /// Where the units of the variables in `term` are stated, the first few.
    fn declarations(&self, term: &Term) -> Vec<(Place, String)> {
        const SHOWN: usize = 2;
        let mut found: Vec<(Place, String)> = Vec::new();
        term.walk(&mut |part| {
            if let TermKind::Variable(index, _) = &part.kind {
                let variable = &self.draft.variables[*index];
                if let (Some(text), Some(unit)) = (&variable.unit_text, &self.units[*index]) {
                    let declared = (text.place.clone(), format!("`{}` is in {unit}", variable.id.value));
                    if found.len() < SHOWN && !found.contains(&declared) {
                        found.push(declared);
                    }
                }
            }
        });
        found
    }
}

/// What to do about two units that should be the same.
fn difference(found: &Unit, wanted: &Unit) -> String {
    match found.factor_to(wanted) {
        Some(factor) => {
            let ratio = wanted.per(found);
            format!("they measure the same thing: multiply by a constant of {factor} {ratio}, or state the other unit")
        }
        None => format!("to turn {found} into {wanted}, multiply by something in {}", wanted.per(found)),
    }
}
