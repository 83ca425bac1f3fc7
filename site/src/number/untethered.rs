//! Numerals in running text and under figures that are no checked numbers, so that an editor can see what is tied to no source.
//!
//! Left out: years and dates, what only names something (figure 3, L07, EU-27), code, citations, and the words of links.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::calendar::MONTHS;
use crate::parse::block::Written;
use crate::parse::markdown;

/// Where such numerals stand in the text of `source` from byte `start` on.
pub fn untethered(source: &str, start: usize) -> Vec<Range<usize>> {
    loose(source, markdown::events(source, start))
}

/// Where such numerals stand in what is written in a block.
pub fn untethered_in_block(written: &Written) -> Vec<Range<usize>> {
    let line = written.line();
    loose(&line, markdown::inline_events(&line)).iter().map(|span| written.place(span)).collect()
}

fn loose(source: &str, events: Vec<(Event<'_>, Range<usize>)>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut inside = 0_usize;
    let mut text: Option<Range<usize>> = None;
    for (event, span) in events {
        let is_open =
            matches!(event, Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::CodeBlock(_) | Tag::HtmlBlock));
        let is_close =
            matches!(event, Event::End(TagEnd::Link | TagEnd::Image | TagEnd::CodeBlock | TagEnd::HtmlBlock));
        inside = (inside + usize::from(is_open)).saturating_sub(usize::from(is_close));
        let is_text = inside == 0 && matches!(event, Event::Text(_) | Event::SoftBreak);
        // Pieces of one sentence follow each other; the parser cuts them at brackets and quotes.
        match &mut text {
            Some(whole) if is_text && span.start >= whole.end => whole.end = span.end,
            _ => {
                found.extend(text.take().map(|whole| numerals(source, whole)).unwrap_or_default());
                text = is_text.then_some(span);
            }
        }
    }
    found.extend(text.map(|whole| numerals(source, whole)).unwrap_or_default());
    found
}

/// Words before a numeral that only name something.
const NAMED: [&str; 28] = [
    "figure",
    "figures",
    "table",
    "tables",
    "section",
    "sections",
    "sec.",
    "part",
    "parts",
    "pt.",
    "chapter",
    "ch.",
    "page",
    "pages",
    "p.",
    "pp.",
    "note",
    "notes",
    "recommendation",
    "recommendations",
    "lever",
    "levers",
    "version",
    "seed",
    "step",
    "steps",
    "question",
    "box",
];

fn numerals(source: &str, span: Range<usize>) -> Vec<Range<usize>> {
    let text = &source[span.clone()];
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = text[at..].find(|c: char| c.is_ascii_digit()) {
        let first = at + next;
        let end = first + numeral_length(&text[first..]);
        at = end;
        if is_number(text, first..end) {
            found.push(span.start + first..span.start + end);
        } else {
            // The rest of a name, such as that of EU-27.
            at += text[at..].find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len() - at);
        }
    }
    found
}

/// Digits with their thousands and decimals.
fn numeral_length(text: &str) -> usize {
    let mut end = 0;
    let mut letters = text.char_indices().peekable();
    while let Some((place, letter)) = letters.next() {
        let before_digit = letters.peek().is_some_and(|(_, next)| next.is_ascii_digit());
        if letter.is_ascii_digit() {
            end = place + 1;
        } else if !(matches!(letter, ',' | '.' | '\u{a0}' | '\u{2009}' | '\u{202f}') && before_digit) {
            break;
        }
    }
    end
}

fn is_number(text: &str, numeral: Range<usize>) -> bool {
    let (before, after) = (&text[..numeral.start], &text[numeral.end..]);
    let digits = &text[numeral];
    let last = before.chars().next_back();
    let is_in_a_name = last.is_some_and(|c| c.is_alphabetic() || matches!(c, '_' | '@' | '#'))
        || (last == Some('-') && before.trim_end_matches('-').ends_with(char::is_alphabetic))
        || last == Some('$') && before.ends_with("\\$");
    !is_in_a_name
        && !is_cited(before, after)
        && !is_year(digits, before, after)
        && !is_date(before, after)
        && !is_named(before)
}

/// Between the brackets of a citation or footnote.
fn is_cited(before: &str, after: &str) -> bool {
    let open = before.rfind('[').filter(|open| !before[*open..].contains(']'));
    open.is_some_and(|open| after.contains(']') && (before[open..].contains('@') || before[open..].starts_with("[^")))
}

/// Four digits of the last or this century, alone, in a range of years or as `2000s`; or the short end of such a range.
fn is_year(digits: &str, before: &str, after: &str) -> bool {
    let is_four = digits.len() == 4 && ["18", "19", "20"].iter().any(|century| digits.starts_with(century));
    let counts = ["%", " %", " per cent", " million", " firms", " jobs", " persons", " people"];
    let is_short_end = digits.len() == 2
        && before.strip_suffix(['–', '-', '/']).is_some_and(|rest| {
            let tail: String = rest.chars().rev().take_while(char::is_ascii_digit).collect();
            tail.len() == 4
        });
    (is_four && !counts.iter().any(|unit| after.starts_with(unit)) && !before.ends_with(['$', '€', '£']))
        || is_short_end
}

fn is_date(before: &str, after: &str) -> bool {
    let next = after.split_whitespace().next().unwrap_or_default().trim_end_matches([',', '.', ';']);
    let last = before.split_whitespace().next_back().unwrap_or_default();
    (after.starts_with(' ') && MONTHS.contains(&next))
        || (before.ends_with(' ') && MONTHS.contains(&last) && !after.starts_with(['%', ' ', ',']))
}

fn is_named(before: &str) -> bool {
    let last = before.split_whitespace().next_back().unwrap_or_default().trim_start_matches(['(', '[']);
    let named = |word: &str| NAMED.contains(&word.to_lowercase().as_str());
    let is_listed = |word: &str| matches!(word, "and" | "to" | "or") || word.ends_with([',', '–']);
    if named(last) {
        return true;
    }
    // “sections 2 and 5”
    let mut words = before.split_whitespace().rev();
    words.next().is_some_and(is_listed)
        && words.next().is_some_and(|word| word.trim_end_matches(',').chars().all(|c| c.is_ascii_digit() || c == '.'))
        && words.next().is_some_and(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals_that_count_something_are_found() {
        let rows: [(&str, &[&str]); 14] = [
            ("There are 12,345.6 jobs and 3% of firms.", &["12,345.6", "3"]),
            ("From 1980 to 2005, in the 2000s, 2007–12 and on 21 November 2026.", &[]),
            ("About US$4.8 billion in 2008.", &["4.8"]),
            ("EU-27 has L07 and E1, and G20 too.", &[]),
            ("As in [@mettler2011, p. 7] and [^1] or [see @a; @b, ch. 22].\n\n[^1]: It has 5.", &["5"]),
            ("Figure 3, section 2.1, sections 2 and 5, recommendation 4.", &[]),
            ("`code 7` and [a link of 8](/x/) and [9](data:a/b).", &[]),
            ("```text\n5\n```\n", &[]),
            ("1. First\n2. Second has 30\n", &["30"]),
            ("| a | b |\n|---|---|\n| 1 | 2,000 |\n", &["1", "2,000"]),
            ("Some 2000 firms, 1950 jobs.", &["2000", "1950"]),
            ("Between 15–20 %.", &["15", "20"]),
            ("*Emphasis on 7* and **8**.", &["7", "8"]),
            ("It was 5, 6 or 7.", &["5", "6", "7"]),
        ];
        for (text, wanted) in rows {
            let found: Vec<&str> = untethered(text, 0).into_iter().map(|span| &text[span]).collect();
            assert_eq!(found, wanted, "{text}");
        }
    }
}
