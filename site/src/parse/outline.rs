//! Comments in the files of a model → the headings under which its authors arranged what it declares.
//!
//! A heading is one line of comment with nothing right above or below it; rules drawn with hyphens are left off.

/// A heading and what stands under it, in the order written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Its words; empty for what stands before the first heading of a file.
    pub title: String,
    /// The tables under it, such as `stocks` and `local`.
    pub members: Vec<(String, String)>,
}

impl Section {
    /// The names it declares in tables of the `kinds`.
    pub fn names<'a>(&'a self, kinds: &'a [&str]) -> impl Iterator<Item = &'a str> {
        self.members.iter().filter(|(kind, _)| kinds.contains(&kind.as_str())).map(|(_, name)| name.as_str())
    }
}

/// The sections of one file.
pub fn sections(text: &str) -> Vec<Section> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let mut sections = vec![Section { title: String::new(), members: Vec::new() }];
    for (index, line) in lines.iter().enumerate() {
        let is_blank =
            |index: Option<usize>| index.and_then(|index| lines.get(index)).is_some_and(|line| line.is_empty());
        if let Some(words) = line.strip_prefix('#') {
            // What opens a file is about the file.
            if is_blank(index.checked_sub(1)) && is_blank(Some(index + 1)) {
                let title = words.trim_matches(['-', '=', ' ']).to_owned();
                sections.push(Section { title, members: Vec::new() });
            }
        } else if let (Some(member), Some(section)) = (declared(line), sections.last_mut())
            && !section.members.contains(&member)
        {
            section.members.push(member);
        }
    }
    sections.retain(|section| !section.members.is_empty());
    sections
}

/// `[stocks.local]` and `[auxiliaries.cost.equation]` declare something.
fn declared(line: &str) -> Option<(String, String)> {
    let header = line.strip_prefix('[')?.split(']').next()?;
    let mut parts = header.split('.').map(|part| part.trim().trim_matches(['"', '\'']));
    let (kind, name) = (parts.next()?, parts.next()?);
    Some((kind.to_owned(), name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_comment_that_stand_alone_are_headings() {
        let text = "# About the file.\n\n[stocks.a]\nx = 1\n\n# ---- Firms ----\n\n[flows.b]\n\n# not a heading\n# but a note\n\n\
                    [flows.c.equation]\n[flows.c]\n";
        let member = |kind: &str, name: &str| (kind.to_owned(), name.to_owned());
        let found: Vec<(String, Vec<(String, String)>)> =
            sections(text).into_iter().map(|section| (section.title, section.members)).collect();
        assert_eq!(
            found,
            [
                (String::new(), vec![member("stocks", "a")]),
                ("Firms".to_owned(), vec![member("flows", "b"), member("flows", "c")]),
            ]
        );
    }
}
