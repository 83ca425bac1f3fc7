//! The text of an equation → a [`Formula`], for people who read it rather than run it.

use super::parser::{Expression, ExpressionKind, Keeps, Lag, parse};
use crate::graph::{Binary, Unary};

/// An equation as it is written, without its layout and its brackets: operators bind as the tree says.
#[derive(Clone, Debug, PartialEq)]
pub enum Formula {
    /// A number.
    Number(f64),
    /// A parameter, a variable, `setting`, TIME or DT, with what stands in brackets after it: `lever`, `L01`,
    /// `lever.grade`.
    Name(String, Vec<String>),
    /// `-` or `NOT` and what follows.
    Prefix(&'static str, Box<Formula>),
    /// Two operands and `+ - * / ^ < <= > >= = <> AND OR` between them.
    Infix(&'static str, Box<Formula>, Box<Formula>),
    /// IF the first THEN the second ELSE the third.
    If(Box<Formula>, Box<Formula>, Box<Formula>),
    /// `SUM`, `PRODUCT`, `MEAN`, `MIN` or `MAX` over all elements of a dimension.
    Over(&'static str, String, Box<Formula>),
    /// Any other function and its arguments.
    Call(&'static str, Vec<Formula>),
}

impl Formula {
    /// Reads an equation. None when it does not follow the grammar, which no equation of a checked model does.
    ///
    /// ```
    /// use model::Formula;
    /// let name = |name: &str| Box::new(Formula::Name(name.into(), Vec::new()));
    /// assert_eq!(Formula::read("local > 0"), Some(Formula::Infix(">", name("local"), Box::new(Formula::Number(0.0)))));
    /// assert_eq!(Formula::read("local >"), None);
    /// ```
    pub fn read(text: &str) -> Option<Self> {
        Some(written(&parse(text).ok()?, text))
    }

    /// The formulas this one is made of.
    pub fn parts(&self) -> Vec<&Self> {
        match self {
            Self::Number(_) | Self::Name(..) => Vec::new(),
            Self::Prefix(_, a) | Self::Over(_, _, a) => vec![a],
            Self::Infix(_, a, b) => vec![a, b],
            Self::If(a, b, c) => vec![a, b, c],
            Self::Call(_, arguments) => arguments.iter().collect(),
        }
    }

    /// Calls `visit` for this formula and all within it.
    pub fn walk<'f>(&'f self, visit: &mut dyn FnMut(&'f Self)) {
        visit(self);
        for part in self.parts() {
            part.walk(visit);
        }
    }
}

fn written(expression: &Expression, text: &str) -> Formula {
    let part = |expression: &Expression| Box::new(written(expression, text));
    let parts = |expressions: &[&Expression]| expressions.iter().map(|one| written(one, text)).collect();
    match &expression.kind {
        ExpressionKind::Number(number) | ExpressionKind::Moment(number) => Formula::Number(*number),
        ExpressionKind::Name(name, subscripts) => {
            let inside = subscripts.iter().map(|subscript| match &subscript.property {
                Some(property) => format!("{}.{}", subscript.word.text, property.text),
                None => subscript.word.text.clone(),
            });
            Formula::Name(name.clone(), inside.collect())
        }
        // Only functions, which show their own arguments, mean the start of the step.
        ExpressionKind::Time | ExpressionKind::StepStart => Formula::Name("TIME".to_owned(), Vec::new()),
        ExpressionKind::Step => Formula::Name("DT".to_owned(), Vec::new()),
        ExpressionKind::Unary(Unary::Not, inner) => match &inner.kind {
            ExpressionKind::Binary(Binary::Equal, a, b) if !says_not(expression, inner, text) => {
                Formula::Infix("<>", part(a), part(b))
            }
            _ => Formula::Prefix("NOT", part(inner)),
        },
        ExpressionKind::Unary(Unary::Negate, inner) => Formula::Prefix("-", part(inner)),
        ExpressionKind::Unary(operation, inner) => Formula::Call(function(*operation), vec![written(inner, text)]),
        ExpressionKind::Binary(operation, a, b) => {
            // `a > b` means `b < a`: which was written shows in the order of the operands.
            let swapped = a.span.start > b.span.start;
            let (first, second) = if swapped { (b, a) } else { (a, b) };
            Formula::Infix(sign(*operation, swapped), part(first), part(second))
        }
        ExpressionKind::If(a, b, c) => Formula::If(part(a), part(b), part(c)),
        ExpressionKind::Over(reduction, word, body) => Formula::Over(reduction.name(), word.text.clone(), part(body)),
        ExpressionKind::Baseline(body) => Formula::Call("BASELINE", vec![written(body, text)]),
        ExpressionKind::Call(name, arguments, _) => {
            Formula::Call(name, arguments.iter().filter_map(|span| Formula::read(text.get(span.clone())?)).collect())
        }
        ExpressionKind::Lagged { lag, input, time, initial } => {
            let mut arguments: Vec<&Expression> = vec![input, time];
            arguments.extend(initial.as_deref());
            Formula::Call(lagging(*lag), parts(&arguments))
        }
    }
}

/// Whether the word NOT, and not the sign `<>`, negates `inner`.
fn says_not(outer: &Expression, inner: &Expression, text: &str) -> bool {
    text.get(outer.span.start..inner.span.start).is_some_and(|before| before.contains("NOT"))
}

fn function(operation: Unary) -> &'static str {
    match operation {
        Unary::Absolute => "ABS",
        Unary::Exp => "EXP",
        Unary::Ln => "LN",
        Unary::SquareRoot => "SQRT",
        Unary::Floor => "INT",
        Unary::Negate => "-",
        Unary::Not => "NOT",
    }
}

fn lagging(lag: Lag) -> &'static str {
    match (lag.keeps, lag.stages) {
        (Keeps::Knowledge, 1) => "SMTH1",
        (Keeps::Knowledge, _) => "SMTH3",
        (Keeps::Material, 1) => "DELAY1",
        (Keeps::Material, _) => "DELAY3",
    }
}

fn sign(operation: Binary, swapped: bool) -> &'static str {
    match (operation, swapped) {
        (Binary::Add, _) => "+",
        (Binary::Subtract, _) => "-",
        (Binary::Multiply, _) => "*",
        (Binary::Divide, _) => "/",
        (Binary::Power, _) => "^",
        (Binary::Less, false) => "<",
        (Binary::Less, true) => ">",
        (Binary::LessOrEqual, false) => "<=",
        (Binary::LessOrEqual, true) => ">=",
        (Binary::Equal, _) => "=",
        (Binary::And, _) => "AND",
        (Binary::Or, _) => "OR",
        // Written as calls, which keep their names.
        (Binary::Minimum, _) => "MIN",
        (Binary::Maximum, _) => "MAX",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Equation, Kind};

    /// The formula as text again, every operation in brackets.
    fn shown(formula: &Formula) -> String {
        let list = |formulas: &[Formula]| formulas.iter().map(shown).collect::<Vec<_>>().join(", ");
        match formula {
            Formula::Number(number) => number.to_string(),
            Formula::Name(name, subscripts) if subscripts.is_empty() => name.clone(),
            Formula::Name(name, subscripts) => format!("{name}[{}]", subscripts.join(", ")),
            Formula::Prefix(sign, a) => format!("({sign} {})", shown(a)),
            Formula::Infix(sign, a, b) => format!("({} {sign} {})", shown(a), shown(b)),
            Formula::If(a, b, c) => format!("(IF {} THEN {} ELSE {})", shown(a), shown(b), shown(c)),
            Formula::Over(name, dimension, body) => format!("{name}({dimension}: {})", shown(body)),
            Formula::Call(name, arguments) => format!("{name}({})", list(arguments)),
        }
    }

    #[test]
    fn formulas_say_what_was_written() {
        for (text, expected) in [
            ("1_000 + b * c ^ 2", "(1000 + (b * (c ^ 2)))"),
            ("(a + b) * -c", "((a + b) * (- c))"),
            ("a > b AND c >= d OR NOT e", "(((a > b) AND (c >= d)) OR (NOT e))"),
            ("a <> b", "(a <> b)"),
            ("(a <> b)", "(a <> b)"),
            ("NOT a = b", "(NOT (a = b))"),
            ("NOT (a <> b)", "(NOT (a <> b))"),
            ("IF a < b THEN TIME ELSE DT", "(IF (a < b) THEN TIME ELSE DT)"),
            ("STEP(a, 5) + RAMP(a, 2, b)", "(STEP(a, 5) + RAMP(a, 2, b))"),
            ("PULSE(a, 5, 0) - PULSE(a, 5)", "(PULSE(a, 5, 0) - PULSE(a, 5))"),
            ("MIN(a, b, MAX(c, d))", "MIN(a, b, MAX(c, d))"),
            ("MAX(flow: x[flow] - A[flow])", "MAX(flow: (x[flow] - A[flow]))"),
            ("w[lever.grade] * th[lever, L]", "(w[lever.grade] * th[lever, L])"),
            ("SMTH3(a, 2) + DELAY1(a, b, c)", "(SMTH3(a, 2) + DELAY1(a, b, c))"),
            ("BASELINE(x) / SQRT(ABS(INT(y)))", "(BASELINE(x) / SQRT(ABS(INT(y))))"),
        ] {
            assert_eq!(Formula::read(text).map(|formula| shown(&formula)).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn deep_nesting_takes_no_longer_than_its_length_asks_for() {
        let text = format!("{}a{}", "MIN(a, ".repeat(40), ")".repeat(40));
        assert!(Formula::read(&text).is_some());
    }

    #[test]
    fn every_equation_of_the_published_model_means_the_same_when_written_out_again() {
        let mut equations = 0;
        for declaration in crate::text::tests::real_model().declarations {
            let (Kind::Constant(equation)
            | Kind::Auxiliary(equation)
            | Kind::Flow(equation)
            | Kind::Check(equation)
            | Kind::Stock { initial: equation, .. }) = declaration.kind;
            let texts = match equation {
                Equation::All(text) => vec![text],
                Equation::Each(each) => each.into_iter().map(|(_, text)| text).collect(),
            };
            for text in texts {
                let formula = Formula::read(&text).expect("a checked equation");
                assert_eq!(Formula::read(&shown(&formula)), Some(formula), "{text}");
                equations += 1;
            }
        }
        assert!(equations > 100, "{equations} equations");
    }
}
