//! Where something stands in a file.

use std::ops::Range;

/// A byte range of a file, the file named by its path from the site's root with `/` between the parts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Path from the site's root.
    pub file: String,
    /// First byte.
    pub start: usize,
    /// One past the last byte; never before `start`.
    pub end: usize,
}

impl Place {
    /// The byte range `span` of `file`.
    pub fn new(file: impl Into<String>, span: Range<usize>) -> Self {
        Self { file: file.into(), start: span.start, end: span.end.max(span.start) }
    }

    /// The start of `file`, for what concerns all of it.
    pub fn file(file: impl Into<String>) -> Self {
        Self::new(file, 0..0)
    }

    /// The byte range.
    pub fn span(&self) -> Range<usize> {
        self.start..self.end
    }
}

/// A line and a column as editors count them: from one, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Line, from one.
    pub line: usize,
    /// Column in characters, from one.
    pub column: usize,
}

impl Position {
    /// Where byte `offset` of `text` is. Past the end counts as the end; inside a character counts as its start.
    ///
    /// ```
    /// let position = diagnostic::Position::of("one\nzwölf!", 10);
    /// assert_eq!((position.line, position.column), (2, 6));
    /// ```
    pub fn of(text: &str, offset: usize) -> Self {
        let before = &text[..text.floor_char_boundary(offset)];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Self {
            line: before.bytes().filter(|&byte| byte == b'\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }
}
