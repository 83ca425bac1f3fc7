//! The tokens of an equation → an expression tree.
//!
//! Operators bind as in XMILE: `^` (from the right), unary `-`, `*` and `/`, `+` and `-`, comparisons, NOT, AND, OR.

use std::ops::Range;

use super::lexer::{LexError, Token, TokenKind, tokens};
use crate::graph::{Binary, Unary};

/// How deep expressions may nest; nobody can read deeper ones, and every later stage recurses.
const DEEPEST: usize = 48;
/// Bytes an equation may have.
const LONGEST: usize = 2_000;

/// Names that mean something by themselves and cannot be given to variables.
const RESERVED: [&str; 9] = ["IF", "THEN", "ELSE", "AND", "OR", "NOT", "TIME", "DT", "setting"];

/// Functions and how they are written. Their names cannot be given to variables either.
const FUNCTIONS: [(&str, &str); 18] = [
    ("BASELINE", "BASELINE(value)"),
    ("SUM", "SUM(dimension: value)"),
    ("PRODUCT", "PRODUCT(dimension: value)"),
    ("MEAN", "MEAN(dimension: value)"),
    ("MIN", "MIN(one, other)` or `MIN(dimension: value)"),
    ("MAX", "MAX(one, other)` or `MAX(dimension: value)"),
    ("ABS", "ABS(value)"),
    ("EXP", "EXP(value)"),
    ("LN", "LN(value)"),
    ("SQRT", "SQRT(value)"),
    ("INT", "INT(value)"),
    ("STEP", "STEP(height, start)"),
    ("RAMP", "RAMP(slope, start)` or `RAMP(slope, start, end)"),
    ("PULSE", "PULSE(amount, moment)` or `PULSE(amount, moment, interval)"),
    ("SMTH1", "SMTH1(input, time)` or `SMTH1(input, time, initial)"),
    ("SMTH3", "SMTH3(input, time)` or `SMTH3(input, time, initial)"),
    ("DELAY1", "DELAY1(input, time)` or `DELAY1(input, time, initial)"),
    ("DELAY3", "DELAY3(input, time)` or `DELAY3(input, time, initial)"),
];

/// Whether `name` has a meaning of its own in equations.
pub(super) fn is_reserved(name: &str) -> bool {
    RESERVED.contains(&name) || FUNCTIONS.iter().any(|(function, _)| *function == name)
}

/// How an IF is written.
const CONDITIONAL: &str = "write `IF condition THEN value ELSE value`";

/// An expression and its bytes in the equation's text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Expression {
    pub(super) kind: ExpressionKind,
    pub(super) span: Range<usize>,
}

impl Expression {
    /// How many expressions it is made of, itself included.
    fn size(&self) -> usize {
        let inside: usize = match &self.kind {
            ExpressionKind::Number(_)
            | ExpressionKind::Name(..)
            | ExpressionKind::Time
            | ExpressionKind::StepStart
            | ExpressionKind::Step
            | ExpressionKind::Moment(_) => 0,
            ExpressionKind::Unary(_, a)
            | ExpressionKind::Over(_, _, a)
            | ExpressionKind::Baseline(a)
            | ExpressionKind::Call(_, _, a) => a.size(),
            ExpressionKind::Binary(_, a, b) => a.size() + b.size(),
            ExpressionKind::If(a, b, c) => a.size() + b.size() + c.size(),
            ExpressionKind::Lagged { input, time, initial, .. } => {
                input.size() + time.size() + initial.as_ref().map_or(0, |initial| initial.size())
            }
        };
        inside + 1
    }
}

/// What an expression is made of.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum ExpressionKind {
    Number(f64),
    /// A parameter, a variable or `setting`.
    Name(String, Vec<Subscript>),
    Time,
    StepStart,
    Step,
    Unary(Unary, Box<Expression>),
    Binary(Binary, Box<Expression>, Box<Expression>),
    /// IF condition THEN one ELSE other.
    If(Box<Expression>, Box<Expression>, Box<Expression>),
    /// SUM(dimension: body) and its kin.
    Over(Reduction, Word, Box<Expression>),
    /// BASELINE(body).
    Baseline(Box<Expression>),
    /// A point or span of time written as a bare number, in the model's unit of time.
    Moment(f64),
    /// A function that others make up: its name, where its arguments stand, and what it means. The arguments
    /// themselves are in what it means; a copy of them would double the tree at each level.
    Call(&'static str, Vec<Range<usize>>, Box<Expression>),
    /// SMTH1 and its kin: the past of `input`.
    Lagged {
        lag: Lag,
        input: Box<Expression>,
        time: Box<Expression>,
        initial: Option<Box<Expression>>,
    },
}

/// How the past of an input makes up a value; each stage holds a hidden stock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lag {
    pub(super) keeps: Keeps,
    /// Stages, each of which takes its share of the time: 1 or 3.
    pub(super) stages: u32,
}

/// What the stages of a lag hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keeps {
    /// What is thought of the input (SMTH1, SMTH3): each stage comes nearer to the one before it by what lies between
    /// them, over its time.
    Knowledge,
    /// What the input has sent in and the output has not let out yet (DELAY1, DELAY3): each stage lets out what it
    /// holds over its time, so nothing is lost when the time changes.
    Material,
}

/// How the elements of a dimension are drawn together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reduction {
    Sum,
    Product,
    Mean,
    Minimum,
    Maximum,
}

impl Reduction {
    /// The function that names it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Sum => "SUM",
            Self::Product => "PRODUCT",
            Self::Mean => "MEAN",
            Self::Minimum => "MIN",
            Self::Maximum => "MAX",
        }
    }
}

/// A word and its bytes in the equation's text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) span: Range<usize>,
}

/// What stands in brackets after a name: a dimension or an element, or `lever.grade`, the grade of the lever.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Subscript {
    pub(super) word: Word,
    pub(super) property: Option<Word>,
}

/// An equation that does not follow the grammar: what was expected, where, and what to do.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SyntaxError {
    pub(super) message: String,
    pub(super) span: Range<usize>,
    pub(super) help: String,
}

impl From<LexError> for SyntaxError {
    fn from(LexError { message, span, help }: LexError) -> Self {
        Self { message, span, help }
    }
}

/// The expression that `text` writes.
pub(super) fn parse(text: &str) -> Result<Expression, SyntaxError> {
    if text.len() > LONGEST {
        let message = format!("this equation is longer than {LONGEST} bytes");
        return Err(SyntaxError { message, span: 0..text.len(), help: SPLIT.to_owned() });
    }
    let mut parser = Parser { tokens: tokens(text)?, at: 0, depth: 0, copied: 0, usage: None };
    let expression = parser.expression()?;
    match parser.peek() {
        TokenKind::End => Ok(expression),
        _ => Err(parser.expected("an operator or the end of the equation")),
    }
}

/// Parts of expressions that may stand there again as copies: a time of some words hardly takes fifty.
const MOST_COPIED: usize = 10_000;

/// What to do about an equation that nobody could read.
const SPLIT: &str = "split it into auxiliaries, each with a name of its own";

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    /// Parts of arguments that stand more than once in what their functions mean.
    copied: usize,
    /// How the function is written whose arguments are being read.
    usage: Option<&'static str>,
}

type Parsed = Result<Expression, SyntaxError>;

impl Parser {
    fn expression(&mut self) -> Parsed {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.too_much(format!("this equation nests deeper than {DEEPEST} levels")));
        }
        let result = if self.word("IF") { self.conditional() } else { self.disjunction() };
        self.depth -= 1;
        result
    }

    fn conditional(&mut self) -> Parsed {
        let start = self.previous_span().start;
        let condition = self.expression()?;
        self.expect_word("THEN")?;
        let yes = self.expression()?;
        self.expect_word("ELSE")?;
        let no = self.expression()?;
        let span = start..no.span.end;
        Ok(Expression { kind: ExpressionKind::If(Box::new(condition), Box::new(yes), Box::new(no)), span })
    }

    fn disjunction(&mut self) -> Parsed {
        self.chain(Self::conjunction, |parser| parser.word("OR").then_some(Binary::Or))
    }

    fn conjunction(&mut self) -> Parsed {
        self.chain(Self::negation, |parser| parser.word("AND").then_some(Binary::And))
    }

    fn negation(&mut self) -> Parsed {
        if !self.word("NOT") {
            return self.comparison();
        }
        self.prefixed(Unary::Not, Self::comparison)
    }

    fn comparison(&mut self) -> Parsed {
        let left = self.sum()?;
        let (operator, swapped, negated) = match self.peek() {
            TokenKind::Sign("<") => (Binary::Less, false, false),
            TokenKind::Sign("<=") => (Binary::LessOrEqual, false, false),
            TokenKind::Sign(">") => (Binary::Less, true, false),
            TokenKind::Sign(">=") => (Binary::LessOrEqual, true, false),
            TokenKind::Sign("=") => (Binary::Equal, false, false),
            TokenKind::Sign("<>") => (Binary::Equal, false, true),
            _ => return Ok(left),
        };
        self.at += 1;
        let right = self.sum()?;
        let compared = if swapped { binary(operator, right, left) } else { binary(operator, left, right) };
        if !negated {
            return Ok(compared);
        }
        let span = compared.span.clone();
        Ok(Expression { kind: ExpressionKind::Unary(Unary::Not, Box::new(compared)), span })
    }

    fn sum(&mut self) -> Parsed {
        self.chain(Self::product, |parser| {
            let operator = match parser.peek() {
                TokenKind::Sign("+") => Binary::Add,
                TokenKind::Sign("-") => Binary::Subtract,
                _ => return None,
            };
            parser.at += 1;
            Some(operator)
        })
    }

    fn product(&mut self) -> Parsed {
        self.chain(Self::signed, |parser| {
            let operator = match parser.peek() {
                TokenKind::Sign("*") => Binary::Multiply,
                TokenKind::Sign("/") => Binary::Divide,
                _ => return None,
            };
            parser.at += 1;
            Some(operator)
        })
    }

    fn signed(&mut self) -> Parsed {
        if self.sign("-") {
            return self.prefixed(Unary::Negate, Self::signed);
        }
        if self.sign("+") {
            return self.deeper(Self::signed);
        }
        self.power()
    }

    fn power(&mut self) -> Parsed {
        let base = self.primary()?;
        if !self.sign("^") {
            return Ok(base);
        }
        let exponent = self.deeper(Self::signed)?;
        Ok(binary(Binary::Power, base, exponent))
    }

    fn primary(&mut self) -> Parsed {
        let token = self.tokens[self.at].clone();
        match token.kind {
            TokenKind::Number(number) => {
                self.at += 1;
                Ok(Expression { kind: ExpressionKind::Number(number), span: token.span })
            }
            TokenKind::Sign("(") => {
                self.at += 1;
                let usage = self.usage.take();
                let mut inner = self.expression()?;
                self.expect(")")?;
                self.usage = usage;
                inner.span = token.span.start..self.previous_span().end;
                Ok(inner)
            }
            TokenKind::Name(word) if ["THEN", "ELSE", "AND", "OR", "NOT", "IF"].contains(&word.as_str()) => {
                Err(self.expected("a number, a name or `(`"))
            }
            TokenKind::Name(name) => {
                self.at += 1;
                let usage = FUNCTIONS.iter().find(|(function, _)| *function == name).map(|(_, usage)| *usage);
                let outer = std::mem::replace(&mut self.usage, usage);
                let named = self.named(&name, token.span)?;
                self.usage = outer;
                Ok(named)
            }
            _ => Err(self.expected("a number, a name or `(`")),
        }
    }

    /// What follows a name: nothing, subscripts or arguments.
    fn named(&mut self, name: &str, span: Range<usize>) -> Parsed {
        let kind = match name {
            "TIME" => ExpressionKind::Time,
            "DT" => ExpressionKind::Step,
            "BASELINE" => {
                self.expect("(")?;
                let body = self.expression()?;
                self.expect(")")?;
                ExpressionKind::Baseline(Box::new(body))
            }
            "ABS" => self.unary(Unary::Absolute)?,
            "EXP" => self.unary(Unary::Exp)?,
            "LN" => self.unary(Unary::Ln)?,
            "SQRT" => self.unary(Unary::SquareRoot)?,
            "INT" => self.unary(Unary::Floor)?,
            "SMTH1" => self.lagged(Lag { keeps: Keeps::Knowledge, stages: 1 })?,
            "SMTH3" => self.lagged(Lag { keeps: Keeps::Knowledge, stages: 3 })?,
            "DELAY1" => self.lagged(Lag { keeps: Keeps::Material, stages: 1 })?,
            "DELAY3" => self.lagged(Lag { keeps: Keeps::Material, stages: 3 })?,
            "STEP" => self.step(&span)?,
            "RAMP" => self.ramp(&span)?,
            "PULSE" => self.pulse(&span)?,
            "SUM" => self.over(Reduction::Sum)?,
            "PRODUCT" => self.over(Reduction::Product)?,
            "MEAN" => self.over(Reduction::Mean)?,
            "MIN" => self.extreme(Reduction::Minimum, Binary::Minimum)?,
            "MAX" => self.extreme(Reduction::Maximum, Binary::Maximum)?,
            _ if self.peek() == &TokenKind::Sign("(") => return Err(unknown_function(name, span)),
            _ => ExpressionKind::Name(name.to_owned(), self.subscripts()?),
        };
        let span = span.start..self.previous_span().end;
        let kind = match kind {
            // Mistakes in what the call means are mistakes of the call.
            ExpressionKind::Call(name, arguments, meaning) => {
                let meaning = Expression { kind: meaning.kind, span: span.clone() };
                ExpressionKind::Call(name, arguments, Box::new(meaning))
            }
            other => other,
        };
        Ok(Expression { kind, span })
    }

    fn unary(&mut self, operation: Unary) -> Result<ExpressionKind, SyntaxError> {
        self.expect("(")?;
        let argument = self.expression()?;
        self.expect(")")?;
        Ok(ExpressionKind::Unary(operation, Box::new(argument)))
    }

    /// `STEP(height, start)`: nothing, then the height from `start` on.
    fn step(&mut self, span: &Range<usize>) -> Result<ExpressionKind, SyntaxError> {
        self.expect("(")?;
        let height = self.expression()?;
        self.expect(",")?;
        let start = self.moment()?;
        self.expect(")")?;
        let arguments = vec![height.span.clone(), start.span.clone()];
        let started = binary(Binary::LessOrEqual, start, at(span, ExpressionKind::Time));
        let nothing = Box::new(at(span, ExpressionKind::Number(0.0)));
        let stepped = ExpressionKind::If(Box::new(started), Box::new(height), nothing);
        Ok(ExpressionKind::Call("STEP", arguments, Box::new(at(span, stepped))))
    }

    /// `RAMP(slope, start)` or `RAMP(slope, start, end)`: rises from `start` on, and stays from `end` on.
    fn ramp(&mut self, span: &Range<usize>) -> Result<ExpressionKind, SyntaxError> {
        self.expect("(")?;
        let slope = self.expression()?;
        self.expect(",")?;
        let start = self.moment()?;
        let mut arguments = vec![slope.span.clone(), start.span.clone()];
        let mut now = at(span, ExpressionKind::Time);
        if self.sign(",") {
            let end = self.moment()?;
            arguments.push(end.span.clone());
            now = binary(Binary::Minimum, now, end);
        }
        self.expect(")")?;
        let again = self.copy(&start)?;
        let elapsed = binary(Binary::Subtract, binary(Binary::Maximum, now, again), start);
        Ok(ExpressionKind::Call("RAMP", arguments, Box::new(binary(Binary::Multiply, slope, elapsed))))
    }

    /// `PULSE(amount, moment)`: the amount, spread over the step that starts nearest to `moment`.
    /// `PULSE(amount, moment, interval)`: again after each interval.
    fn pulse(&mut self, span: &Range<usize>) -> Result<ExpressionKind, SyntaxError> {
        self.expect("(")?;
        let amount = self.expression()?;
        self.expect(",")?;
        let mut moment = self.moment()?;
        let interval = if self.sign(",") { Some(self.moment()?) } else { None };
        let arguments = [&amount, &moment].into_iter().chain(&interval).map(|one| one.span.clone()).collect();
        // As in XMILE, an interval of zero is none.
        let interval = interval.filter(|interval| interval.kind != ExpressionKind::Moment(0.0));
        self.expect(")")?;
        let step = || at(span, ExpressionKind::Step);
        let now = || at(span, ExpressionKind::StepStart);
        if let Some(interval) = interval {
            // The last of the moments that are not after half a step from now; the first as long as there is none.
            let two = at(span, ExpressionKind::Number(2.0));
            let soon = binary(Binary::Add, now(), binary(Binary::Divide, step(), two));
            let passed =
                binary(Binary::Divide, binary(Binary::Subtract, soon, self.copy(&moment)?), self.copy(&interval)?);
            let whole = at(span, ExpressionKind::Unary(Unary::Floor, Box::new(passed)));
            let count = binary(Binary::Maximum, whole, at(span, ExpressionKind::Number(0.0)));
            moment = binary(Binary::Add, moment, binary(Binary::Multiply, count, interval));
        }
        let distance = binary(Binary::Subtract, moment, now());
        let twice = binary(Binary::Multiply, at(span, ExpressionKind::Number(2.0)), distance);
        let not_before =
            binary(Binary::Less, at(span, ExpressionKind::Unary(Unary::Negate, Box::new(step()))), self.copy(&twice)?);
        let now = binary(Binary::And, not_before, binary(Binary::LessOrEqual, twice, step()));
        let rate = binary(Binary::Divide, amount, step());
        let nothing = Box::new(at(span, ExpressionKind::Number(0.0)));
        let pulsed = ExpressionKind::If(Box::new(now), Box::new(rate), nothing);
        Ok(ExpressionKind::Call("PULSE", arguments, Box::new(at(span, pulsed))))
    }

    /// `(input, time)` or `(input, time, initial)`
    fn lagged(&mut self, lag: Lag) -> Result<ExpressionKind, SyntaxError> {
        self.expect("(")?;
        let input = Box::new(self.expression()?);
        self.expect(",")?;
        let time = Box::new(self.moment()?);
        let initial = if self.sign(",") { Some(Box::new(self.expression()?)) } else { None };
        self.expect(")")?;
        Ok(ExpressionKind::Lagged { lag, input, time, initial })
    }

    /// A copy of an argument. Copies of copies double with every function that stands within another, so there is an end
    /// to them.
    fn copy(&mut self, argument: &Expression) -> Parsed {
        self.copied += argument.size();
        if self.copied > MOST_COPIED {
            return Err(self.too_much("too many RAMP and PULSE stand within each other's times".to_owned()));
        }
        Ok(argument.clone())
    }

    /// An expression; a bare number is in the unit of time.
    fn moment(&mut self) -> Parsed {
        let mut moment = self.expression()?;
        if let ExpressionKind::Number(number) = moment.kind {
            moment.kind = ExpressionKind::Moment(number);
        }
        Ok(moment)
    }

    /// `(dimension: body)`
    fn over(&mut self, reduction: Reduction) -> Result<ExpressionKind, SyntaxError> {
        self.expect("(")?;
        let dimension = self.dimension()?;
        let body = self.expression()?;
        self.expect(")")?;
        Ok(ExpressionKind::Over(reduction, dimension, Box::new(body)))
    }

    /// `(dimension: body)`, or two or more arguments.
    fn extreme(&mut self, reduction: Reduction, operation: Binary) -> Result<ExpressionKind, SyntaxError> {
        if matches!(self.tokens.get(self.at + 2), Some(Token { kind: TokenKind::Sign(":"), .. })) {
            return self.over(reduction);
        }
        self.expect("(")?;
        let mut result = self.expression()?;
        let mut arguments = vec![result.span.clone()];
        self.expect(",")?;
        loop {
            let next = self.expression()?;
            arguments.push(next.span.clone());
            result = binary(operation, result, next);
            if !self.sign(",") {
                break;
            }
        }
        self.expect(")")?;
        Ok(ExpressionKind::Call(reduction.name(), arguments, Box::new(result)))
    }

    fn dimension(&mut self) -> Result<Word, SyntaxError> {
        let word = self.identifier("a dimension, as in `SUM(lever: cost[lever])`")?;
        self.expect(":")?;
        Ok(word)
    }

    fn subscripts(&mut self) -> Result<Vec<Subscript>, SyntaxError> {
        let mut subscripts = Vec::new();
        if !self.sign("[") {
            return Ok(subscripts);
        }
        loop {
            let word = self.identifier("a dimension or an element")?;
            let property = if self.sign(".") { Some(self.identifier("a dimension")?) } else { None };
            subscripts.push(Subscript { word, property });
            if !self.sign(",") {
                break;
            }
        }
        self.expect("]")?;
        Ok(subscripts)
    }

    fn identifier(&mut self, wanted: &str) -> Result<Word, SyntaxError> {
        let token = self.tokens[self.at].clone();
        let TokenKind::Name(text) = token.kind else { return Err(self.expected(wanted)) };
        self.at += 1;
        Ok(Word { text, span: token.span })
    }

    /// Operands of one level joined by operators of that level, from the left.
    fn chain(&mut self, operand: fn(&mut Self) -> Parsed, operator: fn(&mut Self) -> Option<Binary>) -> Parsed {
        let mut left = operand(self)?;
        let mut links = 0;
        while let Some(operation) = operator(self) {
            links += 1;
            if links > 4 * DEEPEST {
                return Err(self.too_much(format!("this equation joins more than {} operands", 4 * DEEPEST)));
            }
            let right = operand(self)?;
            left = binary(operation, left, right);
        }
        Ok(left)
    }

    fn prefixed(&mut self, operation: Unary, operand: fn(&mut Self) -> Parsed) -> Parsed {
        let start = self.previous_span().start;
        let inner = self.deeper(operand)?;
        let span = start..inner.span.end;
        Ok(Expression { kind: ExpressionKind::Unary(operation, Box::new(inner)), span })
    }

    /// Parses one level further down, so that `- - - x` and `a ^ b ^ c` nest no deeper than brackets may.
    fn deeper(&mut self, operand: fn(&mut Self) -> Parsed) -> Parsed {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.too_much(format!("this equation nests deeper than {DEEPEST} levels")));
        }
        let result = operand(self);
        self.depth -= 1;
        result
    }

    fn peek(&self) -> &TokenKind {
        &self.tokens[self.at].kind
    }

    fn previous_span(&self) -> Range<usize> {
        self.tokens[self.at.saturating_sub(1)].span.clone()
    }

    /// Steps over `sign` if it comes next.
    fn sign(&mut self, sign: &'static str) -> bool {
        let found = self.peek() == &TokenKind::Sign(sign);
        self.at += usize::from(found);
        found
    }

    /// Steps over `word` if it comes next.
    fn word(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), TokenKind::Name(name) if name == word);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, sign: &'static str) -> Result<(), SyntaxError> {
        if self.sign(sign) { Ok(()) } else { Err(self.expected(&format!("`{sign}`"))) }
    }

    fn expect_word(&mut self, word: &str) -> Result<(), SyntaxError> {
        if self.word(word) { Ok(()) } else { Err(self.expected(&format!("`{word}`"))) }
    }

    fn too_much(&self, message: String) -> SyntaxError {
        SyntaxError { message, span: self.tokens[self.at].span.clone(), help: SPLIT.to_owned() }
    }

    fn expected(&self, wanted: &str) -> SyntaxError {
        let token = &self.tokens[self.at];
        let found = match &token.kind {
            TokenKind::Number(number) => format!("the number {number}"),
            TokenKind::Name(name) => format!("`{name}`"),
            TokenKind::Sign(sign) => format!("`{sign}`"),
            TokenKind::End => "the end".to_owned(),
        };
        let message = format!("expected {wanted}, found {found}");
        SyntaxError { message, span: token.span.clone(), help: self.remedy(wanted) }
    }

    /// What to do when something else than `wanted` comes next.
    fn remedy(&self, wanted: &str) -> String {
        let before = self.at.checked_sub(1).map(|before| &self.tokens[before].kind);
        let after_value =
            matches!(before, Some(TokenKind::Number(_) | TokenKind::Name(_) | TokenKind::Sign(")" | "]")));
        match (self.peek(), self.usage) {
            (TokenKind::Name(word), _) if word == "IF" => format!("{CONDITIONAL}, in brackets within an expression"),
            (TokenKind::Name(word), _) if word == "NOT" => "put what starts with NOT in brackets".to_owned(),
            (TokenKind::Name(word), _) if word == "THEN" || word == "ELSE" => CONDITIONAL.to_owned(),
            (TokenKind::Sign("<" | ">" | "=" | "<=" | ">=" | "<>"), _) if after_value => {
                "compare two values at a time, and join comparisons with AND: `a < b AND b < c`".to_owned()
            }
            _ if wanted.contains("THEN") || wanted.contains("ELSE") => CONDITIONAL.to_owned(),
            (TokenKind::Sign("," | ")") | TokenKind::End, Some(usage)) => format!("write `{usage}`"),
            (TokenKind::Sign("="), _) => "`=` compares, once: `a = b`".to_owned(),
            (TokenKind::Sign("("), _) if after_value => {
                "write `*` between what is multiplied: `2 * (a + b)`".to_owned()
            }
            (TokenKind::Number(_) | TokenKind::Name(_), _) if after_value => {
                "write an operator such as `*` or `+` between them; names have underscores for spaces".to_owned()
            }
            (_, Some(usage)) => format!("write `{usage}`"),
            _ if wanted == "`)`" => "close the bracket with `)`".to_owned(),
            (TokenKind::Sign(")" | "]"), None) if after_value => "take it out, or open its bracket before".to_owned(),
            (TokenKind::Sign(","), _) => "commas stand only between the arguments of a function".to_owned(),
            (TokenKind::End, _) if before.is_none() => "write a number or an expression".to_owned(),
            (TokenKind::End, _) => "add what is missing at the end, or take the last sign out".to_owned(),
            _ => "add what is missing before it, or take it out".to_owned(),
        }
    }
}

/// An expression that is not written but meant by the function at `span`.
fn at(span: &Range<usize>, kind: ExpressionKind) -> Expression {
    Expression { kind, span: span.clone() }
}

fn binary(operation: Binary, left: Expression, right: Expression) -> Expression {
    let span = left.span.start.min(right.span.start)..left.span.end.max(right.span.end);
    Expression { kind: ExpressionKind::Binary(operation, Box::new(left), Box::new(right)), span }
}

fn unknown_function(name: &str, span: Range<usize>) -> SyntaxError {
    let help = diagnostic::suggestion(name, FUNCTIONS.iter().map(|(function, _)| *function));
    SyntaxError { message: format!("there is no function `{name}`"), span, help }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The expression with all brackets written out.
    fn shown(expression: &Expression) -> String {
        match &expression.kind {
            ExpressionKind::Number(number) => number.to_string(),
            ExpressionKind::Name(name, subscripts) if subscripts.is_empty() => name.clone(),
            ExpressionKind::Name(name, subscripts) => {
                let inside: Vec<&str> = subscripts.iter().map(|subscript| subscript.word.text.as_str()).collect();
                format!("{name}[{}]", inside.join(","))
            }
            ExpressionKind::Time => "TIME".into(),
            ExpressionKind::StepStart => "start".into(),
            ExpressionKind::Step => "DT".into(),
            ExpressionKind::Unary(operation, a) => format!("{operation:?}({})", shown(a)),
            ExpressionKind::Binary(operation, a, b) => format!("{operation:?}({}, {})", shown(a), shown(b)),
            ExpressionKind::If(a, b, c) => format!("If({}, {}, {})", shown(a), shown(b), shown(c)),
            ExpressionKind::Over(reduction, word, body) => format!("{reduction:?}({}: {})", word.text, shown(body)),
            ExpressionKind::Moment(number) => format!("at {number}"),
            ExpressionKind::Call(_, _, meaning) => shown(meaning),
            ExpressionKind::Baseline(body) => format!("Baseline({})", shown(body)),
            ExpressionKind::Lagged { lag, input, time, initial } => {
                let initial = initial.iter().map(|initial| format!(", {}", shown(initial))).collect::<String>();
                format!("{:?}{}({}, {}{initial})", lag.keeps, lag.stages, shown(input), shown(time))
            }
        }
    }

    #[test]
    fn operators_bind_as_in_xmile() {
        for (text, expected) in [
            ("a + b * c ^ d ^ e", "Add(a, Multiply(b, Power(c, Power(d, e))))"),
            ("a - b - c", "Subtract(Subtract(a, b), c)"),
            ("-a ^ 2", "Negate(Power(a, 2))"),
            ("2 ^ -a", "Power(2, Negate(a))"),
            ("a > b", "Less(b, a)"),
            ("a <> b", "Not(Equal(a, b))"),
            ("NOT a < b AND c OR d", "Or(And(Not(Less(a, b)), c), d)"),
            ("IF a THEN b ELSE c + 1", "If(a, b, Add(c, 1))"),
            ("STEP(a, 5)", "If(LessOrEqual(at 5, TIME), a, 0)"),
            ("RAMP(a, 2, b)", "Multiply(a, Subtract(Maximum(Minimum(TIME, b), at 2), at 2))"),
            ("SMTH3(a + b, 2)", "Knowledge3(Add(a, b), at 2)"),
            ("DELAY1(a, b, c)", "Material1(a, b, c)"),
            ("MIN(a, b, c)", "Minimum(Minimum(a, b), c)"),
            ("MAX(flow: x[flow])", "Maximum(flow: x[flow])"),
            ("BASELINE(x) * SUM(lever: c[lever, L])", "Multiply(Baseline(x), Sum(lever: c[lever,L]))"),
        ] {
            assert_eq!(parse(text).map(|expression| shown(&expression)), Ok(expected.to_owned()), "{text}");
        }
    }

    #[test]
    fn a_syntax_error_stands_where_it_is() {
        for (text, span, message) in [
            ("a +", 3..3, "expected a number, a name or `(`, found the end"),
            ("(a", 2..2, "expected `)`, found the end"),
            ("a b", 2..3, "expected an operator or the end of the equation, found `b`"),
            ("EXPP(a)", 0..4, "there is no function `EXPP`"),
            ("EXP(a, b)", 5..6, "expected `)`, found `,`"),
            ("MIN(a)", 5..6, "expected `,`, found `)`"),
            ("", 0..0, "expected a number, a name or `(`, found the end"),
        ] {
            let error = parse(text).unwrap_err();
            assert_eq!((error.span, error.message.as_str()), (span, message), "{text}");
        }
    }

    #[test]
    fn deep_and_long_equations_are_refused() {
        for text in
            ["(".repeat(3000), "-".repeat(3000), "2^".repeat(900), format!("1{}", "+1".repeat(900)), "x".repeat(5000)]
        {
            assert!(parse(&text).is_err());
        }
    }
}
