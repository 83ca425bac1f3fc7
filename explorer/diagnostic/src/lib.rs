//! Mistakes a person can act on.
//!
//! text + span + message → [`Diagnostic`] → [`print`] (an excerpt with the place marked, or a JSON line)
//!
//! Nothing here knows models, HTML or the disk: whoever found the mistake names the file and the byte range,
//! whoever prints it lends the text.

mod collect;
mod place;
#[cfg(feature = "print")]
pub mod print;

pub use collect::{Checked, Diagnostics};
pub use place::{Place, Position};

/// How bad it is. An error stops publication; a warning does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The site cannot be published like this.
    Error,
    /// The site can be published, but somebody should look.
    Warning,
}

/// One mistake: what is wrong, where it stands, and what to do about it.
///
/// ```
/// use diagnostic::{Diagnostic, Place};
///
/// let mistake = Diagnostic::error("unknown-lever", Place::new("briefs/trade.md", 10..13), "there is no lever `L99`")
///     .help("the levers are L01 to L12 and E1");
/// assert_eq!(mistake.code, "unknown-lever");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// A short kebab-case name of the kind of mistake, stable over releases.
    pub code: &'static str,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// Where it stands; none when no file is to blame (an empty folder, a missing tool).
    pub place: Option<Place>,
    /// Further places that explain it, such as the first of two equal names.
    pub related: Vec<(Place, String)>,
    /// Sentences that explain how it came about, such as the path by which two units arose.
    pub notes: Vec<String>,
    /// What to do about it.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A mistake that stops publication, at `place`.
    pub fn error(code: &'static str, place: Place, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, Some(place), message.into())
    }

    /// Something to look at, at `place`.
    pub fn warning(code: &'static str, place: Place, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, Some(place), message.into())
    }

    /// A mistake that stops publication and that no file can be blamed for.
    pub fn general(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, None, message.into())
    }

    /// Adds what to do.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds a sentence on how it came about.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Adds another place that explains it.
    pub fn related(mut self, place: Place, label: impl Into<String>) -> Self {
        self.related.push((place, label.into()));
        self
    }

    fn new(severity: Severity, code: &'static str, place: Option<Place>, message: String) -> Self {
        Self { severity, code, message, place, related: Vec::new(), notes: Vec::new(), help: None }
    }
}

/// The one of `choices` that `wrong` was probably meant to be, if one is near enough to suggest.
///
/// ```
/// assert_eq!(diagnostic::nearest("exprts", ["imports", "exports"]), Some("exports"));
/// assert_eq!(diagnostic::nearest("wages", ["imports", "exports"]), None);
/// ```
pub fn nearest<'a>(wrong: &str, choices: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = wrong.chars().count();
    let allowed = 1 + length / 4;
    choices
        .into_iter()
        .filter(|choice| choice.chars().count().abs_diff(length) <= allowed)
        .map(|choice| (edit_distance(wrong, choice), choice))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, choice)| choice)
}

/// A help text for an unknown name: the nearest choice, or all of them when they are few.
///
/// ```
/// assert_eq!(diagnostic::suggestion("yaer", ["year", "value"]), "did you mean `year`?");
/// assert_eq!(diagnostic::suggestion("region", ["year", "value"]), "choose one of `year`, `value`");
/// ```
pub fn suggestion<'a>(wrong: &str, choices: impl IntoIterator<Item = &'a str> + Clone) -> String {
    const LISTED: usize = 16;
    if let Some(choice) = nearest(wrong, choices.clone()) {
        return format!("did you mean `{choice}`?");
    }
    let mut names: Vec<String> = choices.into_iter().map(|choice| format!("`{choice}`")).collect();
    if names.is_empty() {
        return "there is none to choose from yet".into();
    }
    let hidden = names.len().saturating_sub(LISTED);
    names.truncate(LISTED);
    let rest = if hidden > 0 { format!(" and {hidden} more") } else { String::new() };
    format!("choose one of {}{rest}", names.join(", "))
}

/// Edits (insert, delete, replace, swap neighbours) that turn `from` into `to`, ignoring case.
fn edit_distance(from: &str, to: &str) -> usize {
    let from: Vec<char> = from.to_lowercase().chars().collect();
    let to: Vec<char> = to.to_lowercase().chars().collect();
    let mut rows = vec![vec![0; to.len() + 1]; from.len() + 1];
    for (index, row) in rows.iter_mut().enumerate() {
        row[0] = index;
    }
    for (index, cell) in rows[0].iter_mut().enumerate() {
        *cell = index;
    }
    for i in 1..=from.len() {
        for j in 1..=to.len() {
            let replaced = rows[i - 1][j - 1] + usize::from(from[i - 1] != to[j - 1]);
            let mut best = replaced.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
            if i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = best;
        }
    }
    rows[from.len()][to.len()]
}
