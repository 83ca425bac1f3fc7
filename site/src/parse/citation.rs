//! Pandoc's citation syntax and Quarto's cross-references, found in running text.
//!
//! `[see @key, p. 7; @other]`, `@key [p. 7]`, `[-@key]`, `@fig-imports`, `@ev-LC012`

use std::ops::Range;

/// One citation, which may name several works.
#[derive(Clone, Debug, PartialEq)]
pub struct Citation {
    /// The works in the order written; at least one.
    pub items: Vec<Item>,
    /// How it stands in the sentence.
    pub form: Form,
}

/// How a citation stands in the sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// In brackets: (Lowrey 2011).
    Bracketed,
    /// As part of the sentence: Lowrey (2011).
    InText,
}

/// One work within a citation.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Its key in the bibliography.
    pub key: String,
    /// Where the key stands.
    pub span: Range<usize>,
    /// Words before it, such as "see".
    pub prefix: String,
    /// What follows the key: a page, a chapter, or words.
    pub suffix: String,
    /// Whether the author is left out, because the sentence has named them.
    pub without_author: bool,
}

/// A stretch of running text.
#[derive(Debug, PartialEq)]
pub enum Piece<'a> {
    /// Text to print.
    Text(&'a str),
    /// A citation; the spans of its items are still empty.
    Citation(Citation),
    /// The id of a cross-reference.
    Reference(&'a str),
}

/// Ids of cross-references start with one of these; every other `@name` is a citation.
const REFERENCES: [&str; 5] = ["fig-", "tbl-", "exp-", "rec-", "ev-"];

/// Whether a name after `@` is the id of a cross-reference.
pub fn is_reference(name: &str) -> bool {
    REFERENCES.iter().any(|prefix| name.starts_with(prefix))
}

/// Cuts `text` into text, citations and cross-references.
pub fn scan(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut printed = 0;
    let mut at = 0;
    while let Some(found) = text[at..].find(['@', '[']) {
        let start = at + found;
        let Some((piece, end)) = piece_at(text, start) else {
            at = start + 1;
            continue;
        };
        if start > printed {
            pieces.push(Piece::Text(&text[printed..start]));
        }
        pieces.push(piece);
        (printed, at) = (end, end);
    }
    if printed < text.len() {
        pieces.push(Piece::Text(&text[printed..]));
    }
    pieces
}

fn piece_at(text: &str, start: usize) -> Option<(Piece<'_>, usize)> {
    if text.as_bytes()[start] == b'[' {
        let end = start + text[start..].find(']')?;
        let items: Option<Vec<Item>> = text[start + 1..end].split(';').map(item).collect();
        return Some((Piece::Citation(Citation { items: items?, form: Form::Bracketed }), end + 1));
    }
    let before = text[..start].chars().next_back();
    if before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '/' | '-')) {
        return None;
    }
    let name = key(&text[start + 1..])?;
    let end = start + 1 + name.len();
    if is_reference(name) {
        return Some((Piece::Reference(name), end));
    }
    let (suffix, end) = locator_after(text, end);
    let item = Item { key: name.to_owned(), span: 0..0, prefix: String::new(), suffix, without_author: false };
    Some((Piece::Citation(Citation { items: vec![item], form: Form::InText }), end))
}

/// `[p. 7]` right after a citation in the text, which must not itself be a citation.
fn locator_after(text: &str, end: usize) -> (String, usize) {
    let none = (String::new(), end);
    let Some(inner) = text[end..].strip_prefix(" [") else { return none };
    let Some(close) = inner.find(']') else { return none };
    let suffix = &inner[..close];
    if suffix.contains('@') || suffix.starts_with('^') {
        return none;
    }
    (ranged(suffix), end + 2 + close + 1)
}

/// One work within brackets: words, perhaps a minus, `@key`, perhaps more words.
fn item(text: &str) -> Option<Item> {
    let at = text.find('@')?;
    let (before, after) = (&text[..at], &text[at + 1..]);
    let without_author = before.ends_with('-');
    let before = before.strip_suffix('-').unwrap_or(before);
    if before.chars().next_back().is_some_and(|c| !c.is_whitespace()) {
        return None;
    }
    let key = key(after)?;
    let suffix = after[key.len()..].trim_start_matches(',').trim();
    Some(Item { key: key.to_owned(), span: 0..0, prefix: folded(before), suffix: ranged(suffix), without_author })
}

fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What follows a key, its ranges as printers set them.
fn ranged(text: &str) -> String {
    folded(text).replace("--", "–")
}

/// The key at the start of `text`: letters, digits and inner punctuation, as Pandoc has it.
fn key(text: &str) -> Option<&str> {
    let end = text
        .find(|c: char| {
            !(c.is_alphanumeric() || matches!(c, '_' | ':' | '.' | '#' | '$' | '%' | '&' | '-' | '+' | '?' | '~' | '/'))
        })
        .unwrap_or(text.len());
    let key = text[..end].trim_end_matches(|c: char| !c.is_alphanumeric() && c != '_');
    key.starts_with(|c: char| c.is_alphanumeric() || c == '_').then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A compact way to write what was found.
    fn shown(text: &str) -> String {
        let item = |item: &Item| {
            let minus = if item.without_author { "-" } else { "" };
            format!("{}|{minus}{}|{}", item.prefix, item.key, item.suffix)
        };
        scan(text)
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => format!("‹{text}›"),
                Piece::Reference(id) => format!("ref({id})"),
                Piece::Citation(citation) => {
                    let items: Vec<String> = citation.items.iter().map(item).collect();
                    let name = if citation.form == Form::InText { "text" } else { "cite" };
                    format!("{name}({})", items.join("; "))
                }
            })
            .collect()
    }

    #[test]
    fn citations_and_references_are_found() {
        let rows = [
            ("As [@lowrey2011] says.", "‹As ›cite(|lowrey2011|)‹ says.›"),
            ("[@a, pp. 7--9]", "cite(|a|pp. 7–9)"),
            ("[see @a, p. 7; @b, ch. 2]", "cite(see|a|p. 7; |b|ch. 2)"),
            ("[-@a]", "cite(|-a|)"),
            ("@a said so.", "text(|a|)‹ said so.›"),
            ("@a [p. 7].", "text(|a|p. 7)‹.›"),
            ("See @fig-imports.", "‹See ›ref(fig-imports)‹.›"),
            ("(@tbl-one)", "‹(›ref(tbl-one)‹)›"),
            ("As @ev-LC012, says", "‹As ›ref(ev-LC012)‹, says›"),
            ("[@a,\np. 7]", "cite(|a|p. 7)"),
            ("Write to a@b.org", "‹Write to a@b.org›"),
            ("[not one]", "‹[not one]›"),
            ("[@ ]", "‹[@ ]›"),
            ("ends with @a.", "‹ends with ›text(|a|)‹.›"),
        ];
        for (text, wanted) in rows {
            assert_eq!(shown(text), wanted, "{text}");
        }
    }
}
