//! Printed numbers beside what their sources say: which agree, and what would be right where they do not.
//!
//! `cases.txt` has a row for each: the printed text, one or two numbers of the source, their unit, the verdict and the
//! corrected text.

use app::model_number::Amount;
use app::unit::Unit;
use site::number::agree::{Difference, agree};
use site::number::printed::{Numeral, Printed};

/// A row of the table.
struct Case<'a> {
    line: usize,
    printed: &'a str,
    amount: Amount,
    /// Verdict and corrected text.
    expected: String,
}

fn cases() -> Vec<Case<'static>> {
    let rows = include_str!("cases.txt").lines().enumerate();
    rows.filter(|(_, row)| !row.starts_with('#') && !row.is_empty()).map(|(index, row)| case(index + 1, row)).collect()
}

fn case(line: usize, row: &str) -> Case<'_> {
    let cells: Vec<&str> = row.split('|').map(str::trim).collect();
    let [printed, source, unit, verdict @ ..] = cells.as_slice() else { panic!("line {line} has too few cells") };
    let number = |text: &str| text.trim().parse().unwrap_or_else(|_| panic!("line {line}: {text} is no number"));
    let amount = Amount { values: source.split(',').map(number).collect(), unit: Unit::read(unit) };
    Case { line, printed, amount, expected: verdict.join(" | ") }
}

fn verdict(case: &Case<'_>) -> String {
    let Ok(printed) = Printed::read(case.printed) else { return "unreadable".to_owned() };
    let Some(mismatch) = agree(&printed, &case.amount) else { return "agrees".to_owned() };
    assert!(!mismatch.rule.is_empty() && !mismatch.value.is_empty(), "line {}", case.line);
    let kind = match mismatch.kind {
        Difference::Number => "number",
        Difference::Unit => "unit",
        Difference::Range => "range",
    };
    format!("{kind} | {}", mismatch.corrected)
}

#[test]
fn numbers_are_compared_as_the_table_says() {
    let cases = cases();
    assert!(cases.len() >= 60, "only {} cases were read", cases.len());
    let wrong: Vec<String> = cases
        .iter()
        .filter(|case| verdict(case) != case.expected)
        .map(|case| {
            format!("line {}: {}: found {}, expected {}", case.line, case.printed, verdict(case), case.expected)
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A correction that is refused in turn would send an editor round in circles.
#[test]
fn what_is_proposed_agrees_with_the_source() {
    for case in cases() {
        let Ok(printed) = Printed::read(case.printed) else { continue };
        let Some(mismatch) = agree(&printed, &case.amount) else { continue };
        let proposed = Printed::read(&mismatch.corrected);
        let again = proposed.as_ref().map(|proposed| agree(proposed, &case.amount));
        assert_eq!(again, Ok(None), "line {}: {}", case.line, mismatch.corrected);
    }
}

/// What is printed anew in the form of a number reads as that number.
#[test]
fn a_form_prints_what_it_was_read_from() {
    for case in cases() {
        let Ok(printed) = Printed::read(case.printed) else { continue };
        let Some(form) = printed.form() else { continue };
        let plain: Vec<f64> =
            printed.numerals.iter().map(|numeral| numeral.value() * form.factor / numeral.scale).collect();
        let values = |printed: &Printed| printed.numerals.iter().map(Numeral::value).collect::<Vec<_>>();
        let again = Printed::read(&form.print(&plain));
        assert_eq!(again.map(|again| values(&again)), Ok(values(&printed)), "line {}", case.line);
    }
}
