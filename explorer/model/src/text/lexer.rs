//! The text of an equation → tokens.

use std::ops::Range;

/// A word or sign of an equation, and its bytes in the equation's text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) span: Range<usize>,
}

/// What a token is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum TokenKind {
    Number(f64),
    /// A name, or a word such as IF.
    Name(String),
    /// `+ - * / ^ ( ) [ ] , : . = < > <= >= <>`
    Sign(&'static str),
    /// After the last.
    End,
}

/// A character that no equation has, or a number that cannot be read.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct LexError {
    pub(super) message: String,
    pub(super) span: Range<usize>,
    /// What to do about it.
    pub(super) help: String,
}

/// Two-character signs before their first characters.
const SIGNS: [&str; 18] = ["<=", ">=", "<>", "+", "-", "*", "/", "^", "(", ")", "[", "]", ",", ":", ".", "=", "<", ">"];

/// All tokens of `text`, with [`TokenKind::End`] at its end. What stands in `{}` is a comment.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, LexError> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let length = if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        } else if first == '{' {
            match rest.find('}') {
                Some(end) => at += end + 1,
                None => return Err(error("this comment does not end", at..text.len(), "end it with `}`")),
            }
            continue;
        } else if first.is_ascii_digit() || (first == '.' && rest[1..].starts_with(|c: char| c.is_ascii_digit())) {
            number_length(rest)
        } else if first.is_alphabetic() || first == '_' {
            rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len())
        } else {
            match SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
                Some(sign) => sign.len(),
                None => {
                    let message = format!("`{first}` has no meaning here");
                    return Err(error(&message, at..at + first.len_utf8(), meant(first)));
                }
            }
        };
        let span = at..at + length;
        let help = "write digits, a point and perhaps an exponent, such as `1_500.5` or `2e6`";
        let kind = kind_of(&text[span.clone()]).map_err(|message| error(&message, span.clone(), help))?;
        tokens.push(Token { kind, span });
        at += length;
    }
    tokens.push(Token { kind: TokenKind::End, span: text.len()..text.len() });
    Ok(tokens)
}

fn kind_of(word: &str) -> Result<TokenKind, String> {
    if let Some(sign) = SIGNS.iter().find(|sign| **sign == word) {
        return Ok(TokenKind::Sign(sign));
    }
    if !word.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return Ok(TokenKind::Name(word.to_owned()));
    }
    match word.replace('_', "").parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(TokenKind::Number(number)),
        _ => Err(format!("`{word}` is not a number")),
    }
}

/// Bytes of the number that `text` starts with: digits, underscores, a point, an exponent.
fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits = |mut at: usize| {
        while bytes.get(at).is_some_and(|byte| byte.is_ascii_digit() || *byte == b'_') {
            at += 1;
        }
        at
    };
    let mut end = digits(0);
    if bytes.get(end) == Some(&b'.') {
        end = digits(end + 1);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exponent = digits(end + 1 + sign);
        if exponent > end + 1 + sign {
            end = exponent;
        }
    }
    end
}

fn error(message: &str, span: Range<usize>, help: &str) -> LexError {
    LexError { message: message.to_owned(), span, help: help.to_owned() }
}

/// What an author who typed `sign` probably wants to write.
fn meant(sign: char) -> &'static str {
    match sign {
        '%' => "write per cent as a fraction: 5% is `0.05`",
        '×' | '·' => "write `*` to multiply",
        '÷' => "write `/` to divide",
        '−' | '–' | '—' => "write the hyphen `-` to subtract",
        '≤' => "write `<=`",
        '≥' => "write `>=`",
        '≠' | '!' => "write `<>` for “not equal”, `NOT` for “not”",
        '&' => "write `AND`",
        '|' => "write `OR`",
        ';' => "an equation is a single expression: give each further one a variable of its own",
        '\'' | '"' | '“' | '”' | '„' | '‘' | '’' => "names stand without quotes, with underscores for spaces",
        '$' | '€' | '£' => "numbers stand without their unit, which the key `unit` states",
        _ => "equations are made of names, numbers, `+ - * / ^`, brackets and comparisons",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_numbers_and_signs_are_told_apart() {
        let kinds: Vec<TokenKind> =
            tokens("kX*1_000.5e-2 <= {note} th[L01]").unwrap().into_iter().map(|token| token.kind).collect();
        let name = |name: &str| TokenKind::Name(name.into());
        let sign = TokenKind::Sign;
        assert_eq!(
            kinds,
            [
                name("kX"),
                sign("*"),
                TokenKind::Number(10.005),
                sign("<="),
                name("th"),
                sign("["),
                name("L01"),
                sign("]"),
                TokenKind::End
            ]
        );
    }

    #[test]
    fn what_no_equation_has_is_an_error_at_its_place() {
        for (text, span) in [("a ? b", 2..3), ("a {b", 2..4), ("a + “b”", 4..7)] {
            assert_eq!(tokens(text).unwrap_err().span, span, "{text}");
        }
        assert_eq!(tokens("3 % of a").unwrap_err().help, "write per cent as a fraction: 5% is `0.05`");
    }
}
