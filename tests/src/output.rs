//! A published tree in memory, and how two of them differ.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use walkdir::WalkDir;

/// Published files by their path below the output folder, with `/` between the parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    /// The files.
    pub files: BTreeMap<String, Vec<u8>>,
}

impl Tree {
    /// Reads every file below `folder`, hidden ones too.
    pub fn read(folder: &Path) -> Self {
        let mut files = BTreeMap::new();
        for entry in WalkDir::new(folder) {
            let entry = entry.unwrap_or_else(|error| panic!("{} cannot be listed: {error}", folder.display()));
            if entry.file_type().is_dir() {
                continue;
            }
            let below = entry.path().strip_prefix(folder).expect("walking stays below");
            let path = below.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/");
            files.insert(path, fs::read(entry.path()).expect("published files can be read"));
        }
        Self { files }
    }

    /// The text of `path`.
    ///
    /// # Panics
    ///
    /// When it was not published or is not UTF-8.
    pub fn text(&self, path: &str) -> &str {
        let bytes = self.files.get(path).unwrap_or_else(|| panic!("{path} was not published"));
        std::str::from_utf8(bytes).unwrap_or_else(|error| panic!("{path} is not UTF-8: {error}"))
    }

    /// The paths of all HTML pages.
    pub fn pages(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str).filter(|path| path.ends_with(".html"))
    }

    /// The file that a server shows at `path`, which starts with a slash.
    pub fn file_at(&self, path: &str) -> Option<&str> {
        let below = path.trim_start_matches('/');
        let file =
            if below.is_empty() || below.ends_with('/') { format!("{below}index.html") } else { below.to_owned() };
        self.files.get_key_value(&file).map(|(path, _)| path.as_str())
    }

    /// How `other` differs, for a person; nothing when it does not.
    pub fn difference(&self, other: &Self) -> String {
        let mut text = String::new();
        for (path, bytes) in &self.files {
            match other.files.get(path) {
                None => writeln!(text, "missing: {path}"),
                Some(others) if others != bytes => {
                    writeln!(text, "different: {path}\n{}", first_difference(bytes, others))
                }
                Some(_) => Ok(()),
            }
            .expect("writing to a string succeeds");
        }
        for path in other.files.keys().filter(|path| !self.files.contains_key(*path)) {
            writeln!(text, "unexpected: {path}").expect("writing to a string succeeds");
        }
        text
    }
}

/// Where two files part, with what stands around.
fn first_difference(expected: &[u8], actual: &[u8]) -> String {
    let at = expected.iter().zip(actual).take_while(|(a, b)| a == b).count();
    let around = |bytes: &[u8]| {
        let from = at.saturating_sub(80);
        let to = (at + 80).min(bytes.len());
        String::from_utf8_lossy(&bytes[from.min(to)..to]).into_owned()
    };
    format!("  from byte {at} on\n  expected: …{}…\n  actual:   …{}…", around(expected), around(actual))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[(&str, &str)]) -> Tree {
        Tree { files: files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect() }
    }

    #[test]
    fn every_kind_of_difference_is_told() {
        let expected = tree(&[("a", "same"), ("b", "left"), ("c", "gone")]);
        let actual = tree(&[("a", "same"), ("b", "let"), ("d", "new")]);
        let told = expected.difference(&actual);
        for part in ["different: b", "from byte 2", "missing: c", "unexpected: d"] {
            assert!(told.contains(part), "`{part}` is not in:\n{told}");
        }
        assert_eq!(expected.difference(&expected), "");
    }

    #[test]
    fn addresses_lead_to_files() {
        let tree = tree(&[("index.html", ""), ("a/index.html", ""), ("a/b.csv", "")]);
        let rows =
            [("/", Some("index.html")), ("/a/", Some("a/index.html")), ("/a/b.csv", Some("a/b.csv")), ("/a", None)];
        for (address, file) in rows {
            assert_eq!(tree.file_at(address), file, "{address}");
        }
    }
}
