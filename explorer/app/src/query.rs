//! The text of a question for one number: `ratio(total(cost),total(net_jobs))?region=us&all=50`.
//!
//! text → [`Query::parse`] → [`Query`]: what is wanted, and what it is wanted for
//!
//! What the names mean is not decided here. Each word knows where it stands in the text.

use std::ops::Range;

/// What is wanted, and what it is wanted for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// A name, or a function of names.
    pub expression: Expression,
    /// What follows the question mark.
    pub settings: Vec<Setting>,
}

/// A name, or a function of names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expression {
    /// `net_jobs`
    Name(Word),
    /// `total(net_jobs)`
    Call {
        /// The function.
        function: Word,
        /// What it is applied to; never nothing.
        arguments: Vec<Expression>,
    },
}

/// `region=us`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// What stands before the first equals sign.
    pub key: Word,
    /// What stands after it.
    pub value: Word,
}

/// A word and where it stands in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The word, `%20` and the like read as what they stand for.
    pub text: String,
    /// Its bytes in the text.
    pub span: Range<usize>,
}

/// A text that is no question, and where it stops being one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// What is wrong.
    pub message: &'static str,
    /// Where.
    pub span: Range<usize>,
}

/// More parentheses within each other than any question has.
const DEEPEST: usize = 8;

impl Query {
    /// Reads a question.
    ///
    /// ```
    /// use app::query::{Expression, Query};
    ///
    /// let query = Query::parse("total(net_jobs)?region=us&all=50").unwrap();
    /// assert!(matches!(&query.expression, Expression::Call { function, .. } if function.text == "total"));
    /// assert_eq!(query.settings[1].key.text, "all");
    /// assert!(Query::parse("total(net_jobs").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let end = text.find('?').unwrap_or(text.len());
        let mut reader = Reader { text: &text[..end], at: 0, depth: 0 };
        let expression = reader.expression()?;
        if reader.at < end {
            let message = match text[reader.at..].starts_with(')') {
                true => "a parenthesis too many is closed here",
                false => "the question ends before this",
            };
            return Err(Malformed { message, span: reader.at..end });
        }
        let mut settings = Vec::new();
        let mut start = (end + 1).min(text.len());
        while start < text.len() {
            let stop = text[start..].find('&').map_or(text.len(), |at| start + at);
            let Some(equals) = text[start..stop].find('=').map(|at| start + at) else {
                return Err(Malformed { message: "there is no `=` and value here", span: start..stop });
            };
            settings.push(Setting { key: word(text, start..equals), value: word(text, equals + 1..stop) });
            start = stop + 1;
        }
        Ok(Self { expression, settings })
    }
}

impl Expression {
    /// Where it stands.
    pub fn span(&self) -> Range<usize> {
        match self {
            Self::Name(word) => word.span.clone(),
            Self::Call { function, arguments } => {
                function.span.start..arguments.last().map_or(function.span.end, |last| last.span().end)
            }
        }
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// Parentheses that are open.
    depth: usize,
}

impl Reader<'_> {
    fn expression(&mut self) -> Result<Expression, Malformed> {
        let start = self.at;
        let end = self.text[start..].find(['(', ')', ',']).map_or(self.text.len(), |at| start + at);
        let name = word(self.text, start..end);
        self.at = end;
        if name.text.is_empty() {
            return Err(Malformed { message: "a name is missing", span: start..(start + 1).min(self.text.len()) });
        }
        if !self.takes('(') {
            return Ok(Expression::Name(name));
        }
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Malformed { message: "parentheses are nested too deeply", span: end..self.text.len() });
        }
        let mut arguments = vec![self.expression()?];
        while self.takes(',') {
            arguments.push(self.expression()?);
        }
        if !self.takes(')') {
            return Err(Malformed { message: "a parenthesis is not closed", span: end..self.text.len() });
        }
        self.depth -= 1;
        Ok(Expression::Call { function: name, arguments })
    }

    fn takes(&mut self, wanted: char) -> bool {
        let found = self.text[self.at..].starts_with(wanted);
        self.at += if found { wanted.len_utf8() } else { 0 };
        found
    }
}

/// The word in `span`, without the spaces around it.
fn word(text: &str, span: Range<usize>) -> Word {
    let raw = &text[span.clone()];
    let start = span.start + (raw.len() - raw.trim_start().len());
    let raw = raw.trim();
    Word { text: decoded(raw), span: start..start + raw.len() }
}

/// `%20` and the like as the characters they stand for; what is no such code stays as it is.
pub(crate) fn decoded(raw: &str) -> String {
    let mut bytes = Vec::with_capacity(raw.len());
    let mut rest = raw.as_bytes();
    while let [first, tail @ ..] = rest {
        let code = raw_code(rest);
        bytes.push(code.unwrap_or(*first));
        rest = if code.is_some() { &rest[3..] } else { tail };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| raw.to_owned())
}

fn raw_code(bytes: &[u8]) -> Option<u8> {
    let digits = std::str::from_utf8(bytes.strip_prefix(b"%")?.get(..2)?).ok()?;
    // A sign would be read too.
    digits.bytes().all(|digit| digit.is_ascii_hexdigit()).then(|| u8::from_str_radix(digits, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_know_where_they_stand() {
        let text = "ratio(total(cost), net_jobs)?region = us&category=Other%20services&probability=>0";
        let query = Query::parse(text).unwrap();
        let Expression::Call { function, arguments } = &query.expression else { panic!("{query:?}") };
        assert_eq!((function.text.as_str(), arguments.len()), ("ratio", 2));
        assert_eq!(&text[arguments[1].span()], "net_jobs");
        let values: Vec<&str> = query.settings.iter().map(|setting| setting.value.text.as_str()).collect();
        assert_eq!(values, ["us", "Other services", ">0"]);
        assert_eq!(&text[query.settings[1].value.span.clone()], "Other%20services");
    }

    #[test]
    fn what_is_no_question_is_told_where() {
        let rows = [
            ("", "a name is missing"),
            ("total()", "a name is missing"),
            ("total(a", "a parenthesis is not closed"),
            ("a)", "a parenthesis too many is closed here"),
            ("net_jobs,gross_jobs", "the question ends before this"),
            (&"a(".repeat(50_000), "parentheses are nested too deeply"),
            ("a?region", "there is no `=` and value here"),
        ];
        for (text, message) in rows {
            assert_eq!(Query::parse(text).unwrap_err().message, message, "{text}");
        }
    }

    #[test]
    fn a_percent_sign_that_starts_no_code_stays() {
        assert_eq!(decoded("Top 1%"), "Top 1%");
        assert_eq!(decoded("%zz%2"), "%zz%2");
        assert_eq!(decoded("%+3"), "%+3");
        assert_eq!(decoded("caf%C3%A9"), "café");
        assert_eq!(decoded("%ff"), "%ff");
    }
}
