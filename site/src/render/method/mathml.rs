//! Formulas → MathML, in the part of it that all browsers show (MathML Core).
//!
//! Long sums are set one term a line, so that few equations are wider than a page. MathML has no links: names lead
//! nowhere here, and the page lists them below each equation.

use chart::Precision;
use model::Formula;

use crate::html::escape;

/// A sum wider than this many characters is set in lines.
const WIDE_SUM: usize = 44;
/// So is a product wider than this.
const WIDE_PRODUCT: usize = 58;

/// How tightly an operation binds; what binds less tightly than its surroundings needs brackets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Choice,
    Or,
    And,
    Not,
    Comparison,
    Sum,
    Product,
    Sign,
    Power,
    Atom,
}

/// A formula as the content of a `math` element.
pub fn formula(formula: &Formula) -> String {
    set(formula, Binding::Choice)
}

/// How many characters wide a formula is when it is set on one line; an estimate.
pub fn width(formula: &Formula) -> usize {
    match formula {
        Formula::Number(value) => chart::number::text(*value, Precision::Full).chars().count(),
        Formula::Name(name, subscripts) => name.len() + subscripts.iter().map(|one| one.len()).sum::<usize>(),
        Formula::Prefix(_, a) => 2 + width(a),
        Formula::Infix("/", a, b) => width(a).max(width(b)),
        Formula::Infix("^", a, b) => width(a) + width(b) / 2,
        Formula::Infix(_, a, b) => 3 + bracketed_width(a) + bracketed_width(b),
        Formula::If(a, b, c) => 8 + (width(a) + width(b)).max(width(c)),
        Formula::Over(_, dimension, body) => dimension.len().max(4) + width(body),
        Formula::Call(name, arguments) => name.len() + arguments.iter().map(|one| 2 + width(one)).sum::<usize>(),
    }
}

fn bracketed_width(formula: &Formula) -> usize {
    width(formula) + if binding(formula) <= Binding::Sum { 2 } else { 0 }
}

/// A name with its subscripts.
pub fn name(name: &str, subscripts: &[String]) -> String {
    match name {
        "TIME" => return "<mi>t</mi>".to_owned(),
        "DT" => return "<mrow><mi>Δ</mi><mi>t</mi></mrow>".to_owned(),
        _ => {}
    }
    let (letters, own) = parts(name);
    let letters = format!("<mi>{}</mi>", escape(&letters));
    let below: Vec<&str> = own.iter().map(String::as_str).chain(subscripts.iter().map(String::as_str)).collect();
    if below.is_empty() {
        return letters;
    }
    let below: Vec<String> = below.into_iter().map(subscript).collect();
    let below = if below.len() == 1 {
        below.concat()
    } else {
        format!("<mrow>{}</mrow>", below.join("<mo separator=\"true\">,</mo>"))
    };
    format!("<msub>{letters}{below}</msub>")
}

fn subscript(text: &str) -> String {
    let tag = if text.chars().all(|letter| letter.is_ascii_digit()) { "mn" } else { "mi" };
    format!("<{tag}>{}</{tag}>", escape(&text.replace('_', "\u{a0}")))
}

/// `entry_0` is entry with a nought below, `chiDom` the letter χ with Dom below, `born_global` two words.
fn parts(name: &str) -> (String, Option<String>) {
    let starts_below = |rest: &str| rest.starts_with(|letter: char| letter.is_ascii_digit() || letter.is_uppercase());
    let (stem, below) = match name.rsplit_once('_').filter(|(stem, rest)| !stem.is_empty() && starts_below(rest)) {
        Some((stem, rest)) => (stem, Some(rest)),
        None if name.contains('_') => (name, None),
        None => match name.char_indices().skip(1).find(|(at, _)| starts_below(&name[*at..])) {
            Some((at, _)) => (&name[..at], Some(&name[at..])),
            None => (name, None),
        },
    };
    (greek(stem).map_or_else(|| stem.replace('_', "\u{a0}"), str::to_owned), below.map(str::to_owned))
}

/// A number; one of many noughts as a power of ten, since nobody counts them.
fn number(value: f64) -> String {
    let plain = chart::number::text(value, Precision::Full);
    let Some(noughts) = plain.strip_prefix("0.").map(|digits| digits.len() - digits.trim_start_matches('0').len())
    else {
        return format!("<mn>{plain}</mn>");
    };
    if noughts < MANY_NOUGHTS {
        return format!("<mn>{plain}</mn>");
    }
    let digits = plain["0.".len() + noughts..].to_owned();
    let power = format!("<msup><mn>10</mn><mrow><mo>−</mo><mn>{}</mn></mrow></msup>", noughts + 1);
    match digits.split_at(1) {
        ("1", "") => power,
        (first, "") => format!("<mrow><mn>{first}</mn><mo>×</mo>{power}</mrow>"),
        (first, rest) => format!("<mrow><mn>{first}.{rest}</mn><mo>×</mo>{power}</mrow>"),
    }
}

/// So many noughts after the point are too many to read.
const MANY_NOUGHTS: usize = 4;

/// The letter that a name spells out.
fn greek(name: &str) -> Option<&'static str> {
    const LETTERS: [(&str, &str); 21] = [
        ("alpha", "α"),
        ("beta", "β"),
        ("gamma", "γ"),
        ("delta", "δ"),
        ("epsilon", "ε"),
        ("zeta", "ζ"),
        ("eta", "η"),
        ("theta", "θ"),
        ("kappa", "κ"),
        ("lambda", "λ"),
        ("mu", "μ"),
        ("nu", "ν"),
        ("xi", "ξ"),
        ("pi", "π"),
        ("rho", "ρ"),
        ("sigma", "σ"),
        ("tau", "τ"),
        ("phi", "φ"),
        ("chi", "χ"),
        ("psi", "ψ"),
        ("omega", "ω"),
    ];
    LETTERS.iter().find(|(word, _)| *word == name).map(|(_, letter)| *letter)
}

/// The formula, in brackets where it binds less tightly than `around`.
fn set(formula: &Formula, around: Binding) -> String {
    let inner = bare(formula);
    if binding(formula) < around { format!("<mrow><mo>(</mo>{inner}<mo>)</mo></mrow>") } else { inner }
}

fn binding(formula: &Formula) -> Binding {
    match formula {
        Formula::If(..) => Binding::Choice,
        Formula::Infix("OR", ..) => Binding::Or,
        Formula::Infix("AND", ..) => Binding::And,
        Formula::Prefix("NOT", _) => Binding::Not,
        Formula::Infix("+" | "-", ..) => Binding::Sum,
        Formula::Infix("*", ..) | Formula::Over(..) => Binding::Product,
        Formula::Prefix(..) => Binding::Sign,
        // The line of a fraction holds it together, but not what stands above and right of it.
        Formula::Infix("^" | "/", ..) => Binding::Power,
        Formula::Infix(..) => Binding::Comparison,
        Formula::Number(_) | Formula::Name(..) | Formula::Call(..) => Binding::Atom,
    }
}

fn bare(formula: &Formula) -> String {
    match formula {
        Formula::Number(value) => number(*value),
        Formula::Name(name, subscripts) => self::name(name, subscripts),
        Formula::Prefix("NOT", a) => format!("<mrow><mtext>not\u{a0}</mtext>{}</mrow>", set(a, Binding::Not)),
        Formula::Prefix(_, a) => format!("<mrow><mo form=\"prefix\">−</mo>{}</mrow>", set(a, Binding::Sign)),
        Formula::Infix("/", a, b) => format!("<mfrac>{}{}</mfrac>", one(bare(a)), one(bare(b))),
        Formula::Infix("^", a, b) => format!("<msup>{}{}</msup>", one(set(a, Binding::Atom)), one(bare(b))),
        Formula::Infix(sign, ..) => chain(formula, sign),
        Formula::If(condition, yes, no) => format!(
            "<mrow><mo>{{</mo><mtable class=\"cases\"><mtr><mtd>{}</mtd><mtd><mtext>if\u{a0}</mtext>{}</mtd></mtr>\
             <mtr><mtd>{}</mtd><mtd><mtext>otherwise</mtext></mtd></mtr></mtable></mrow>",
            bare(yes),
            bare(condition),
            bare(no)
        ),
        Formula::Over(function, dimension, body) => over(function, dimension, body),
        Formula::Call(function, arguments) => call(function, arguments),
    }
}

/// Operands of one level; too wide ones stand in lines.
fn chain(formula: &Formula, sign: &'static str) -> String {
    let around = binding(formula);
    let mut operands: Vec<(&'static str, &Formula)> = Vec::new();
    collect(formula, around, sign, &mut operands);
    let limit = if around == Binding::Product { WIDE_PRODUCT } else { WIDE_SUM };
    let is_wide = around != Binding::Comparison && width(formula) > limit;
    // A product that is one line of a sum stays one.
    let is_kept = |operand: &Formula| is_wide && around == Binding::Sum && binding(operand) == Binding::Product;
    let lines: Vec<String> = operands
        .iter()
        .enumerate()
        .map(|(index, (sign, operand))| {
            // To the right of a minus, another sum needs brackets; to the right of any sign that of its own level.
            let tighter = if index == 0 { around } else { next(around) };
            let sign = if index == 0 { String::new() } else { infix(sign) };
            let operand = if is_kept(operand) { on_one_line(operand) } else { set(operand, tighter) };
            format!("{sign}{operand}")
        })
        .collect();
    if is_wide {
        let rows: String = lines.iter().map(|line| format!("<mtr><mtd><mrow>{line}</mrow></mtd></mtr>")).collect();
        format!("<mtable class=\"lines\">{rows}</mtable>")
    } else {
        format!("<mrow>{}</mrow>", lines.concat())
    }
}

/// A product, however wide.
fn on_one_line(formula: &Formula) -> String {
    match formula {
        Formula::Infix("*", a, b) if binding(a) == Binding::Product => {
            format!("{}{}{}", on_one_line(a), infix("*"), set(b, Binding::Sign))
        }
        Formula::Infix("*", a, b) => format!("{}{}{}", set(a, Binding::Product), infix("*"), set(b, Binding::Sign)),
        other => bare(other),
    }
}

/// The operands that are joined from the left at this level, each with the sign before it.
fn collect<'f>(
    formula: &'f Formula,
    around: Binding,
    sign: &'static str,
    operands: &mut Vec<(&'static str, &'f Formula)>,
) {
    match formula {
        Formula::Infix(own, a, b) if binding(formula) == around && around != Binding::Power => {
            if around == Binding::Comparison {
                operands.push((sign, a));
            } else {
                collect(a, around, sign, operands);
            }
            operands.push((own, b));
        }
        _ => operands.push((sign, formula)),
    }
}

fn next(binding: Binding) -> Binding {
    match binding {
        Binding::Choice => Binding::Or,
        Binding::Or => Binding::And,
        Binding::And => Binding::Not,
        Binding::Not => Binding::Comparison,
        Binding::Comparison => Binding::Sum,
        Binding::Sum => Binding::Product,
        Binding::Product => Binding::Sign,
        Binding::Sign => Binding::Power,
        Binding::Power | Binding::Atom => Binding::Atom,
    }
}

fn infix(sign: &str) -> String {
    let sign = match sign {
        "AND" | "OR" => return format!("<mtext>\u{a0}{}\u{a0}</mtext>", sign.to_lowercase()),
        "-" => "−",
        "*" => "×",
        "<" => "&lt;",
        ">" => "&gt;",
        "<=" => "≤",
        ">=" => "≥",
        "<>" => "≠",
        other => other,
    };
    format!("<mo form=\"infix\">{sign}</mo>")
}

fn over(function: &str, dimension: &str, body: &Formula) -> String {
    let (sign, around) = match function {
        "SUM" => ("∑", Binding::Product),
        "PRODUCT" => ("∏", Binding::Product),
        "MEAN" => ("mean", Binding::Atom),
        "MIN" => ("min", Binding::Atom),
        _ => ("max", Binding::Atom),
    };
    format!(
        "<mrow><munder><mo movablelimits=\"false\">{sign}</mo><mi>{}</mi></munder>{}</mrow>",
        escape(dimension),
        set(body, around)
    )
}

fn call(function: &str, arguments: &[Formula]) -> String {
    let all: Vec<String> = arguments.iter().map(bare).collect();
    let fenced = |open: &str, close: &str| {
        format!("<mrow><mo>{open}</mo>{}<mo>{close}</mo></mrow>", all.join("<mo separator=\"true\">,</mo>"))
    };
    match (function, arguments) {
        ("BASELINE", [inner]) => {
            format!("<msup>{}<mtext>base</mtext></msup>", one(set(inner, Binding::Atom)))
        }
        ("SQRT", _) => format!("<msqrt>{}</msqrt>", all.concat()),
        ("ABS", _) => fenced("|", "|"),
        ("INT", _) => fenced("⌊", "⌋"),
        ("EXP" | "LN" | "MIN" | "MAX", _) => {
            format!("<mrow><mi>{}</mi><mo>\u{2061}</mo>{}</mrow>", function.to_lowercase(), fenced("(", ")"))
        }
        _ => format!("<mrow><mi>{function}</mi><mo>\u{2061}</mo>{}</mrow>", fenced("(", ")")),
    }
}

/// Exactly one element, as fractions and powers want of their parts.
fn one(inner: String) -> String {
    format!("<mrow>{inner}</mrow>")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The MathML without the elements that only group.
    fn set(text: &str) -> String {
        let formula = Formula::read(text).expect("tests write equations");
        self::formula(&formula).replace("<mrow>", "").replace("</mrow>", "").replace(" form=\"infix\"", "")
    }

    #[test]
    fn equations_become_mathml() {
        let rows = [
            ("a", "<mi>a</mi>"),
            ("1_000_000", "<mn>1,000,000</mn>"),
            ("0.0005", "<mn>0.0005</mn>"),
            ("0.000000001", "<msup><mn>10</mn><mo>−</mo><mn>9</mn></msup>"),
            ("0.0000025", "<mn>2.5</mn><mo>×</mo><msup><mn>10</mn><mo>−</mo><mn>6</mn></msup>"),
            ("entry_0", "<msub><mi>entry</mi><mn>0</mn></msub>"),
            ("T0", "<msub><mi>T</mi><mn>0</mn></msub>"),
            ("chiDom", "<msub><mi>χ</mi><mi>Dom</mi></msub>"),
            ("born_global", "<mi>born\u{a0}global</mi>"),
            ("TIME / DT", "<mfrac><mi>t</mi><mi>Δ</mi><mi>t</mi></mfrac>"),
            ("a * (b + c)", "<mi>a</mi><mo>×</mo><mo>(</mo><mi>b</mi><mo>+</mo><mi>c</mi><mo>)</mo>"),
            ("a - (b - c)", "<mi>a</mi><mo>−</mo><mo>(</mo><mi>b</mi><mo>−</mo><mi>c</mi><mo>)</mo>"),
            ("a - b - c", "<mi>a</mi><mo>−</mo><mi>b</mi><mo>−</mo><mi>c</mi>"),
            ("(a + b) / c", "<mfrac><mi>a</mi><mo>+</mo><mi>b</mi><mi>c</mi></mfrac>"),
            ("(1 + a) ^ 2", "<msup><mo>(</mo><mn>1</mn><mo>+</mo><mi>a</mi><mo>)</mo><mn>2</mn></msup>"),
            ("-a", "<mo form=\"prefix\">−</mo><mi>a</mi>"),
            (
                "a >= b AND a <> c",
                "<mi>a</mi><mo>≥</mo><mi>b</mi><mtext>\u{a0}and\u{a0}</mtext><mi>a</mi><mo>≠</mo><mi>c</mi>",
            ),
            (
                "IF a < 1 THEN b ELSE c",
                "<mo>{</mo><mtable class=\"cases\"><mtr><mtd><mi>b</mi></mtd><mtd><mtext>if\u{a0}</mtext>\
                 <mi>a</mi><mo>&lt;</mo><mn>1</mn></mtd></mtr><mtr><mtd><mi>c</mi></mtd><mtd><mtext>otherwise</mtext></mtd></mtr></mtable>",
            ),
            (
                "SUM(lever: cost[lever])",
                "<munder><mo movablelimits=\"false\">∑</mo><mi>lever</mi></munder><msub><mi>cost</mi><mi>lever</mi></msub>",
            ),
            (
                "PRODUCT(flow: 1 - x[lever, flow])",
                "<munder><mo movablelimits=\"false\">∏</mo><mi>flow</mi></munder><mo>(</mo><mn>1</mn><mo>−</mo>\
                 <msub><mi>x</mi><mi>lever</mi><mo separator=\"true\">,</mo><mi>flow</mi></msub><mo>)</mo>",
            ),
            ("BASELINE(x)", "<msup><mi>x</mi><mtext>base</mtext></msup>"),
            ("ABS(x)", "<mo>|</mo><mi>x</mi><mo>|</mo>"),
            ("SQRT(x)", "<msqrt><mi>x</mi></msqrt>"),
            (
                "MIN(a, 2)",
                "<mi>min</mi><mo>\u{2061}</mo><mo>(</mo><mi>a</mi><mo separator=\"true\">,</mo><mn>2</mn><mo>)</mo>",
            ),
            ("w[lever.grade]", "<msub><mi>w</mi><mi>lever.grade</mi></msub>"),
        ];
        for (text, expected) in rows {
            assert_eq!(set(text), expected, "{text}");
        }
    }

    #[test]
    fn a_wide_sum_stands_in_lines() {
        let set = set("first_part_of_the_sum + second_part_of_the_sum - third_part_of_it");
        assert_eq!(set.matches("<mtr>").count(), 3, "{set}");
        assert!(set.contains("<mtd><mo>−</mo><mi>third"), "{set}");
    }

    #[test]
    fn fractions_and_scripts_have_two_parts() {
        for text in ["a * b / c", "(a / b) ^ c", "a ^ -b", "-(a + b) / c[d, e]", "BASELINE(a + b) ^ (c / d)"] {
            let formula = Formula::read(text).expect("an equation");
            let math = format!("<math>{}</math>", self::formula(&formula));
            let found = elements(&math);
            assert!(
                found.iter().all(|(name, parts)| {
                    !["mfrac", "msup", "msub", "munder"].contains(&name.as_str()) || *parts == 2
                }),
                "{math}"
            );
        }
    }

    /// Every element with the number of elements directly in it.
    fn elements(xml: &str) -> Vec<(String, usize)> {
        let mut open: Vec<(String, usize)> = Vec::new();
        let mut closed = Vec::new();
        for tag in xml.split('<').skip(1) {
            let name: String =
                tag.trim_start_matches('/').chars().take_while(|letter| letter.is_alphanumeric()).collect();
            if tag.starts_with('/') {
                let element = open.pop().expect("every end has a start");
                assert_eq!(element.0, name, "{xml}");
                closed.push(element);
            } else {
                if let Some(parent) = open.last_mut() {
                    parent.1 += 1;
                }
                open.push((name, 0));
            }
        }
        assert!(open.is_empty(), "{xml}");
        closed
    }
}
