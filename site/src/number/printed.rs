//! The words of a number in a text → [`Printed`]: its digits, how exactly they are meant, its sign, scale and unit.
//!
//! `about US$4.8 billion`, `−3%`, `nearly two thirds`, `one in eight`, `15–20%`, `between 32,000 and 570,000 jobs`. One
//! number, or the two ends of a range; anything else is told apart as [`Unreadable`].

use std::ops::Range;

use app::form::{Form, Sign};
use app::unit::{CURRENCIES, SCALES};
use chart::number::Precision;

/// A number as it is printed.
#[derive(Clone, Debug, PartialEq)]
pub struct Printed {
    /// The whole text.
    pub text: String,
    /// One number, or the two ends of a range.
    pub numerals: Vec<Numeral>,
    /// What words say of how exactly it is meant.
    pub hedge: Hedge,
    /// The words of the hedge in the text.
    pub hedge_span: Range<usize>,
}

/// A single number.
#[derive(Clone, Debug, PartialEq)]
pub struct Numeral {
    /// The number before its scale, without sign: 4.8 of `US$4.8 billion`.
    pub size: f64,
    /// What a one of it stands for: a billion.
    pub scale: f64,
    /// Its sign.
    pub sign: Direction,
    /// Its unit, as far as it is printed.
    pub unit: PrintedUnit,
    /// How it is written.
    pub writing: Writing,
    /// What is replaced when the number is: sign, currency and digits.
    pub span: Range<usize>,
    /// Its currency as written, or nothing.
    pub symbol: String,
    separator: String,
}

/// Whether a sign is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// None: it is meant to be positive.
    Unsigned,
    /// `+`
    Plus,
    /// `−`, or `minus`
    Minus,
    /// Words such as `fell by`.
    SaidLess,
}

/// The unit that is printed with a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PrintedUnit {
    /// `%`, `per cent`
    Percent,
    /// `percentage points`
    Points,
    /// `times`, `twice`
    Times,
    /// A fraction in words.
    Part,
    /// A currency, by its sign.
    Money(String),
    /// None of these; what it counts may follow.
    Plain,
}

/// How a number is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writing {
    /// In digits, so many of them significant without the zeros at the end of a whole number, so many after the point.
    Digits {
        /// Digits from the first to the last that is no closing zero of a whole number.
        significant: u8,
        /// Digits of the whole number and after the point.
        all: u8,
        /// Digits after the point.
        decimals: u8,
    },
    /// A whole number in words.
    Words,
    /// A fraction such as `a third`, `two in five`.
    Fraction,
}

/// What words say of how exactly a number is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hedge {
    /// Nothing.
    None,
    /// `about`, `some`, `roughly`
    About,
    /// `nearly`, `almost`, `just under`, `less than`, `up to`: it is this or a little less.
    Below,
    /// `over`, `more than`, `at least`: it is this or a little more.
    Above,
}

/// A text that is no number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// What is wrong with it.
    pub message: String,
}

/// Words that hedge, the long ones first.
const HEDGES: [(&str, Hedge); 32] = [
    ("just under", Hedge::Below),
    ("close to", Hedge::Below),
    ("less than", Hedge::Below),
    ("fewer than", Hedge::Below),
    ("no more than", Hedge::Below),
    ("not more than", Hedge::Below),
    ("at most", Hedge::Below),
    ("up to", Hedge::Below),
    ("nearly", Hedge::Below),
    ("almost", Hedge::Below),
    ("under", Hedge::Below),
    ("below", Hedge::Below),
    ("just over", Hedge::Above),
    ("no less than", Hedge::Above),
    ("no fewer than", Hedge::Above),
    ("more than", Hedge::Above),
    ("greater than", Hedge::Above),
    ("at least", Hedge::Above),
    ("upwards of", Hedge::Above),
    ("well over", Hedge::Above),
    ("over", Hedge::Above),
    ("above", Hedge::Above),
    ("approximately", Hedge::About),
    ("in the order of", Hedge::About),
    ("roughly", Hedge::About),
    ("around", Hedge::About),
    ("about", Hedge::About),
    ("circa", Hedge::About),
    ("some", Hedge::About),
    ("or so", Hedge::About),
    ("ca.", Hedge::About),
    ("~", Hedge::About),
];

/// Words before a number that make it negative.
const FALLS: [&str; 15] = [
    "fell by",
    "falls by",
    "fall by",
    "fall of",
    "fallen by",
    "dropped by",
    "drop of",
    "declined by",
    "decline of",
    "down by",
    "down",
    "loss of",
    "shrank by",
    "cut",
    "lost",
];

/// Words after a number that make it negative.
const LESS: [&str; 3] = ["fewer", "less", "lower"];

const ONES: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const PARTS: [(&str, f64); 16] = [
    ("half", 2.0),
    ("halves", 2.0),
    ("third", 3.0),
    ("thirds", 3.0),
    ("quarter", 4.0),
    ("quarters", 4.0),
    ("fifth", 5.0),
    ("fifths", 5.0),
    ("sixth", 6.0),
    ("sixths", 6.0),
    ("eighth", 8.0),
    ("eighths", 8.0),
    ("tenth", 10.0),
    ("tenths", 10.0),
    ("twentieth", 20.0),
    ("hundredth", 100.0),
];

/// Spaces that keep thousands apart or a number and its unit together.
const FIXED_SPACES: [char; 4] = ['\u{a0}', '\u{2009}', '\u{202f}', '\u{2007}'];

impl Printed {
    /// Reads the words of a number.
    pub fn read(text: &str) -> Result<Self, Unreadable> {
        let tokens = tokens(text)?;
        let cores = cores(&tokens);
        let (first, second) = match cores.as_slice() {
            [] => return Err(unreadable(format!("there is no number in “{text}”"))),
            [only] => (only, None),
            [first, second] if is_connected(&tokens, first, second) => (first, Some(second)),
            several => {
                return Err(unreadable(format!(
                    "there are {} numbers in “{text}”; a link holds one, or a range",
                    several.len()
                )));
            }
        };
        let lead = lower(&text[..first.span.start]);
        let last = second.unwrap_or(first);
        let tail = lower(&text[last.span.end..]);
        let (hedge, hedge_span) = hedge(text, &lead, &tail);
        let mut numerals = vec![numeral(text, &tokens, first, &lead, &tail)];
        if let Some(second) = second {
            let second = numeral(text, &tokens, second, "", &tail);
            numerals[0].take_from(&second);
            numerals.push(second);
        }
        Ok(Self { text: text.to_owned(), numerals, hedge, hedge_span })
    }

    /// The form of what is written in digits: what other numbers would be printed in here. A range has one if both of its
    /// ends are written alike.
    pub fn form(&self) -> Option<Form> {
        let (first, last) = (self.numerals.first()?, self.numerals.last()?);
        let before = self.text[..first.span.start].to_owned();
        let after = self.text[last.span.end..].to_owned();
        let is_alike =
            |numeral: &Numeral| numeral.is_in_digits() && numeral.symbol == last.symbol && numeral.scale == last.scale;
        let between = match self.numerals.as_slice() {
            [_] => String::new(),
            [low, high] => self.text[low.span.end..high.span.start].to_owned(),
            _ => return None,
        };
        let form = Form { before, between, after, ..last.form(last.scale) };
        self.numerals.iter().all(is_alike).then_some(form)
    }

    /// Everything around the numbers, in small letters.
    pub fn words(&self) -> String {
        let mut words = String::new();
        let mut at = 0;
        for numeral in &self.numerals {
            words.push_str(&self.text[at..numeral.span.start]);
            words.push(' ');
            at = numeral.span.end;
        }
        words.push_str(&self.text[at..]);
        lower(&words)
    }
}

impl Numeral {
    /// Whether it is written in digits.
    pub fn is_in_digits(&self) -> bool {
        matches!(self.writing, Writing::Digits { .. })
    }

    /// How another number is printed in its place; one is worth `factor`.
    pub fn form(&self, factor: f64) -> Form {
        let precision = match self.writing {
            Writing::Digits { decimals, .. } if self.is_part() => Precision::Decimals(decimals),
            Writing::Digits { significant, .. } => Precision::Significant(significant.max(2)),
            Writing::Words | Writing::Fraction => Precision::Significant(2),
        };
        Form {
            before: String::new(),
            symbol: self.symbol.clone(),
            between: String::new(),
            after: String::new(),
            factor,
            precision,
            whole: self.scale == 1.0 && !self.is_part() && matches!(self.writing, Writing::Digits { decimals: 0, .. }),
            separator: self.separator.clone(),
            sign: match self.sign {
                Direction::Unsigned | Direction::Minus => Sign::Minus,
                Direction::Plus => Sign::Both,
                Direction::SaidLess => Sign::SaidLess,
            },
        }
    }

    /// The number with its sign and scale.
    pub fn value(&self) -> f64 {
        let value = self.size * self.scale;
        if self.is_negative() { -value } else { value }
    }

    /// Whether it says that it is less than nothing.
    pub fn is_negative(&self) -> bool {
        matches!(self.sign, Direction::Minus | Direction::SaidLess)
    }

    fn is_part(&self) -> bool {
        matches!(self.unit, PrintedUnit::Percent | PrintedUnit::Points | PrintedUnit::Times)
    }

    /// The lower end of a range leaves out what the upper end says: `1.2 to 1.8 million`.
    fn take_from(&mut self, upper: &Self) {
        if self.scale == 1.0 && upper.scale != 1.0 {
            self.scale = upper.scale;
        }
        if self.unit == PrintedUnit::Plain {
            self.unit.clone_from(&upper.unit);
        }
    }
}

/// What a text is made of.
#[derive(Clone, Debug, PartialEq)]
struct Token {
    kind: TokenKind,
    span: Range<usize>,
}

#[derive(Clone, Debug, PartialEq)]
enum TokenKind {
    Digits {
        value: f64,
        significant: u8,
        all: u8,
        decimals: u8,
        separator: String,
    },
    /// In small letters.
    Word(String),
    /// By its sign.
    Currency(&'static str),
    Mark(char),
}

/// A number found among the tokens, without what stands around it.
struct Core {
    span: Range<usize>,
    size: f64,
    scale: f64,
    unit: PrintedUnit,
    writing: Writing,
    separator: String,
    /// Tokens it takes.
    tokens: Range<usize>,
}

fn unreadable(message: String) -> Unreadable {
    Unreadable { message }
}

fn lower(text: &str) -> String {
    text.replace(FIXED_SPACES, " ").to_lowercase()
}

fn tokens(text: &str) -> Result<Vec<Token>, Unreadable> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(character) = text[at..].chars().next() {
        let rest = &text[at..];
        let currency = CURRENCIES.iter().find(|(written, _)| {
            rest.starts_with(written)
                && !(ends_in_letter(written) && rest[written.len()..].starts_with(char::is_alphabetic))
        });
        let (kind, length) = if character.is_whitespace() || FIXED_SPACES.contains(&character) {
            at += character.len_utf8();
            continue;
        } else if let Some((written, sign)) = currency {
            (TokenKind::Currency(sign), written.len())
        } else if character.is_ascii_digit() {
            digits(rest)?
        } else if character.is_alphabetic() {
            // A name such as EU-27 or L07 is one word, and so is forty-two; `bn` after digits is a word too.
            let is_inside = |c: char| c.is_alphanumeric() || matches!(c, '-' | '\'' | '’');
            let end = rest.find(|c: char| !is_inside(c)).unwrap_or(rest.len());
            let word = rest[..end].trim_end_matches('-');
            (TokenKind::Word(word.to_lowercase()), word.len())
        } else {
            (TokenKind::Mark(character), character.len_utf8())
        };
        tokens.push(Token { kind, span: at..at + length });
        at += length;
    }
    Ok(tokens)
}

fn ends_in_letter(written: &str) -> bool {
    written.ends_with(char::is_alphabetic)
}

/// The digits at the start of `rest`, their thousands kept apart or not.
fn digits(rest: &str) -> Result<(TokenKind, usize), Unreadable> {
    let run = |text: &str| text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let mut end = run(rest);
    let mut whole = rest[..end].to_owned();
    let mut separator: Option<char> = None;
    while let Some(next) = rest[end..].chars().next() {
        let is_space = next == ' ' || FIXED_SPACES.contains(&next);
        let below = &rest[end + next.len_utf8()..];
        let group = run(below);
        let fits =
            group == 3 && (separator.is_some() || whole.len() <= 3) && separator.is_none_or(|known| known == next);
        if (next == ',' || is_space) && fits {
            separator = Some(next);
            whole.push_str(&below[..3]);
            end += next.len_utf8() + 3;
        } else if next == ',' && group > 0 {
            let wrong = &rest[..end + 1 + group];
            return Err(unreadable(format!("“{wrong}” has its commas in odd places: write 12,345.6")));
        } else {
            break;
        }
    }
    let mut decimals = 0;
    let mut fraction = "";
    if let Some(below) = rest[end..].strip_prefix('.') {
        decimals = run(below);
        fraction = &below[..decimals];
        end += if decimals > 0 { 1 + decimals } else { 0 };
    }
    let value =
        format!("{whole}.{fraction}0").parse().map_err(|_| unreadable(format!("“{}” is no number", &rest[..end])))?;
    let written = format!("{whole}{fraction}");
    let all = written.trim_start_matches('0');
    let significant = if decimals == 0 { all.trim_end_matches('0') } else { all };
    let count = |text: &str| u8::try_from(text.len()).unwrap_or(u8::MAX);
    let kind = TokenKind::Digits {
        value,
        significant: count(significant).max(1),
        all: count(all).max(1),
        decimals: u8::try_from(decimals).unwrap_or(u8::MAX),
        // Without thousands there is nothing to learn from: commas, unless the number is long and has none.
        separator: separator.map_or_else(|| if whole.len() > 4 { String::new() } else { ",".to_owned() }, String::from),
    };
    Ok((kind, end))
}

/// The numbers among the tokens: those in digits, or if there are none those in words.
fn cores(tokens: &[Token]) -> Vec<Core> {
    let mut cores = Vec::new();
    let mut index = 0;
    while index < tokens.len() {
        let found = in_digits(tokens, index);
        index = found.as_ref().map_or(index + 1, |core| core.tokens.end);
        cores.extend(found);
    }
    if !cores.is_empty() {
        return cores;
    }
    let mut index = 0;
    while index < tokens.len() {
        let found = fraction_in_words(tokens, index).or_else(|| whole_in_words(tokens, index));
        index = found.as_ref().map_or(index + 1, |core| core.tokens.end);
        cores.extend(found);
    }
    cores
}

fn in_digits(tokens: &[Token], index: usize) -> Option<Core> {
    let TokenKind::Digits { value, significant, all, decimals, separator } = &tokens[index].kind else { return None };
    let after = index + 1;
    if let Some((divisor, end)) = divisor(tokens, after).filter(|(divisor, _)| is_part(*value, *divisor)) {
        return Some(fraction(tokens, index..end, value / divisor));
    }
    let writing = Writing::Digits { significant: *significant, all: *all, decimals: *decimals };
    let (scale, end) = scale(tokens, after);
    let unit = unit(tokens, end);
    let span = tokens[index].span.clone();
    Some(Core { span, size: *value, scale, unit, writing, separator: separator.clone(), tokens: index..after })
}

/// Whether a number in or out of another is a part of it, and not a number in a year.
fn is_part(above: f64, below: f64) -> bool {
    above <= below && (below <= 100.0 || [1e3, 1e4, 1e5, 1e6].contains(&below))
}

/// `in 8`, `out of 10`, `/ 4`.
fn divisor(tokens: &[Token], at: usize) -> Option<(f64, usize)> {
    let word = |index: usize| match tokens.get(index).map(|token| &token.kind) {
        Some(TokenKind::Word(word)) => word.as_str(),
        Some(TokenKind::Mark('/')) => "/",
        _ => "",
    };
    let start = match (word(at), word(at + 1)) {
        ("in", _) | ("/", _) => at + 1,
        ("out", "of") => at + 2,
        _ => return None,
    };
    let (divisor, end) = match tokens.get(start).map(|token| &token.kind) {
        Some(TokenKind::Digits { value, decimals: 0, .. }) => (*value, start + 1),
        Some(TokenKind::Word(word)) => (cardinal(word)?, start + 1),
        _ => return None,
    };
    (divisor > 0.0).then_some((divisor, end))
}

fn fraction(tokens: &[Token], taken: Range<usize>, size: f64) -> Core {
    let span = tokens[taken.start].span.start..tokens[taken.end - 1].span.end;
    let (scale, _) = scale(tokens, taken.end);
    let unit = if scale == 1.0 { PrintedUnit::Part } else { PrintedUnit::Plain };
    Core { span, size, scale, unit, writing: Writing::Fraction, separator: ",".to_owned(), tokens: taken }
}

/// `half`, `a third`, `two thirds`, `three-quarters`, `one in eight`, `half a million`.
fn fraction_in_words(tokens: &[Token], index: usize) -> Option<Core> {
    let TokenKind::Word(word) = &tokens[index].kind else { return None };
    let part = |word: &str| PARTS.iter().find(|(name, _)| *name == word).map(|(_, divisor)| *divisor);
    let next = match tokens.get(index + 1).map(|token| &token.kind) {
        Some(TokenKind::Word(next)) => next.as_str(),
        _ => "",
    };
    if let Some((above, below)) = word.split_once('-')
        && let (Some(above), Some(below)) = (cardinal(above), part(below))
    {
        return Some(fraction(tokens, index..index + 1, above / below));
    }
    if let Some(divisor) = part(word) {
        let mut core = fraction(tokens, index..index + 1, 1.0 / divisor);
        if next == "a" {
            let (scale, end) = scale(tokens, index + 2);
            if end > index + 2 {
                core = fraction(tokens, index..index + 2, 1.0 / divisor);
                core.scale = scale;
            }
        }
        return Some(core);
    }
    let above = if matches!(word.as_str(), "a" | "an") { Some(1.0) } else { cardinal(word) };
    if let (Some(above), Some(below)) = (above, part(next)) {
        return Some(fraction(tokens, index..index + 2, above / below));
    }
    let (divisor, end) = divisor(tokens, index + 1)?;
    Some(fraction(tokens, index..end, cardinal(word)? / divisor))
}

/// `twelve`, `forty-two`, `two hundred`, `a million`, `twice`, `a dozen`.
fn whole_in_words(tokens: &[Token], index: usize) -> Option<Core> {
    let TokenKind::Word(word) = &tokens[index].kind else { return None };
    let next = match tokens.get(index + 1).map(|token| &token.kind) {
        Some(TokenKind::Word(next)) => next.as_str(),
        _ => "",
    };
    let mut end = index + 1;
    let mut size = match word.as_str() {
        "twice" => 2.0,
        "a" | "an" if matches!(next, "hundred" | "dozen") || (next.len() > 2 && scale(tokens, end).1 > end) => 1.0,
        word => cardinal(word)?,
    };
    if next == "hundred" || next == "dozen" {
        size *= if next == "hundred" { 100.0 } else { 12.0 };
        end += 1;
    }
    let (scale, after) = scale(tokens, end);
    let unit = if word == "twice" { PrintedUnit::Times } else { unit(tokens, after) };
    let span = tokens[index].span.start..tokens[end - 1].span.end;
    Some(Core { span, size, scale, unit, writing: Writing::Words, separator: ",".to_owned(), tokens: index..end })
}

/// A number below a hundred in words.
fn cardinal(word: &str) -> Option<f64> {
    if let Some(at) = ONES.iter().position(|one| *one == word) {
        return Some(at as f64);
    }
    let (tens, ones) = word.split_once('-').unwrap_or((word, "zero"));
    let tens = TENS.iter().position(|ten| *ten == tens)? + 2;
    let ones = ONES[..10].iter().position(|one| *one == ones)?;
    Some((tens * 10 + ones) as f64)
}

/// What a one is worth, and the token after the words that say so.
fn scale(tokens: &[Token], at: usize) -> (f64, usize) {
    let Some(TokenKind::Word(word)) = tokens.get(at).map(|token| &token.kind) else { return (1.0, at) };
    SCALES.iter().find(|(name, _)| name == word).map_or((1.0, at), |(_, scale)| (*scale, at + 1))
}

/// The unit that the tokens from `at` on start with.
fn unit(tokens: &[Token], at: usize) -> PrintedUnit {
    let word = |index: usize| match tokens.get(index).map(|token| &token.kind) {
        Some(TokenKind::Word(word)) => word.as_str(),
        Some(TokenKind::Mark('%')) => "%",
        Some(TokenKind::Mark('×')) => "times",
        _ => "",
    };
    if let Some(TokenKind::Currency(sign)) = tokens.get(at).map(|token| &token.kind) {
        return PrintedUnit::Money((*sign).to_owned());
    }
    match (word(at), word(at + 1), word(at + 2)) {
        ("%" | "percent", "points" | "point", _) | ("per", "cent", "points") => PrintedUnit::Points,
        ("percentage", "points" | "point", _) | ("pp", ..) => PrintedUnit::Points,
        ("%" | "percent", ..) | ("per", "cent", _) => PrintedUnit::Percent,
        ("times" | "fold" | "-fold", ..) => PrintedUnit::Times,
        ("dollars", ..) => PrintedUnit::Money("$".to_owned()),
        ("euros" | "euro", ..) => PrintedUnit::Money("€".to_owned()),
        _ => PrintedUnit::Plain,
    }
}

/// Whether the two are the ends of a range: only units, signs and a connecting word stand between them.
fn is_connected(tokens: &[Token], first: &Core, second: &Core) -> bool {
    let between = &tokens[first.tokens.end..second.tokens.start];
    let mut connected = false;
    for token in between {
        match &token.kind {
            TokenKind::Mark('–' | '—' | '-') => connected = true,
            TokenKind::Word(word) if matches!(word.as_str(), "to" | "and" | "or") => connected = true,
            TokenKind::Word(word) if SCALES.iter().any(|(name, _)| name == word) => {}
            TokenKind::Word(word) if matches!(word.as_str(), "per" | "cent" | "percent" | "minus" | "about") => {}
            TokenKind::Currency(_) | TokenKind::Mark('%' | '+' | '−') => {}
            _ => return false,
        }
    }
    connected
}

fn hedge(text: &str, lead: &str, tail: &str) -> (Hedge, Range<usize>) {
    let is_whole = |at: usize, length: usize, within: &str| {
        let before = within[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
        let after = within[at + length..].chars().next().is_none_or(|c| !c.is_alphanumeric());
        before && after
    };
    for (words, hedge) in HEDGES {
        if let Some(at) = lead.rfind(words).filter(|at| is_whole(*at, words.len(), lead)) {
            // Small letters may be longer than large ones; a place that fits no letter of the text is not replaced.
            let span = at..at + words.len();
            return (
                hedge,
                if text.is_char_boundary(span.start) && text.is_char_boundary(span.end) { span } else { 0..0 },
            );
        }
        if words == "or so" && tail.contains(words) {
            return (hedge, 0..0);
        }
    }
    (Hedge::None, 0..0)
}

fn numeral(text: &str, tokens: &[Token], core: &Core, lead: &str, tail: &str) -> Numeral {
    let mut start = core.span.start;
    let mut symbol = String::new();
    let mut unit = core.unit.clone();
    let mut before = core.tokens.start;
    if let Some(Token { kind: TokenKind::Currency(sign), span }) =
        before.checked_sub(1).and_then(|index| tokens.get(index))
    {
        symbol = text[span.start..core.span.start].to_owned();
        start = span.start;
        unit = PrintedUnit::Money((*sign).to_owned());
        before -= 1;
    }
    let mut sign = Direction::Unsigned;
    if let Some(token) = before.checked_sub(1).and_then(|index| tokens.get(index)) {
        // A dash between two numbers connects them.
        let is_first = before == 1 || matches!(tokens[before - 2].kind, TokenKind::Word(_));
        match &token.kind {
            TokenKind::Mark('+') => sign = Direction::Plus,
            TokenKind::Mark('−') => sign = Direction::Minus,
            TokenKind::Mark('-' | '–') if is_first => sign = Direction::Minus,
            TokenKind::Word(word) if word == "minus" => sign = Direction::Minus,
            TokenKind::Word(word) if word == "plus" => sign = Direction::Plus,
            _ => {}
        }
        if sign != Direction::Unsigned {
            start = token.span.start;
        }
    }
    let says_less = FALLS.iter().any(|words| lead.trim_end().ends_with(words) || lead.contains(&format!("{words} ")))
        || LESS.iter().any(|word| tail.split(|c: char| !c.is_alphanumeric()).any(|found| found == *word));
    sign = match (sign, says_less) {
        (Direction::Unsigned, true) => Direction::SaidLess,
        // Less of less is more.
        (Direction::Minus, true) => Direction::Unsigned,
        (sign, _) => sign,
    };
    Numeral {
        size: core.size,
        scale: core.scale,
        sign,
        unit,
        writing: core.writing,
        span: start..core.span.end,
        symbol,
        separator: core.separator.clone(),
    }
}
