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
                None => return Err(error("this comment does not end", at..text.len())),
            }
            continue;
        } else if first.is_ascii_digit() || (first == '.' && rest[1..].starts_with(|c: char| c.is_ascii_digit())) {
            number_length(rest)
        } else if first.is_alphabetic() || first == '_' {
            rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len())
        } else {
            match SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
                Some(sign) => sign.len(),
                None => return Err(error(&format!("`{first}` has no meaning here"), at..at + first.len_utf8())),
            }
        };
        let span = at..at + length;
        let kind = kind_of(&text[span.clone()]).map_err(|message| error(&message, span.clone()))?;
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

fn error(message: &str, span: Range<usize>) -> LexError {
    LexError { message: message.to_owned(), span }
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
    }
}
