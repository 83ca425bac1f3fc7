//! Reads every input of the site into memory. The only code that reads them.
//!
//! folders → [`load`] → [`Sources`]
//!
//! What a file means is not decided here; that it can be read at all, and lies inside the site, is.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use diagnostic::{Checked, Diagnostic, Diagnostics, Place};
use rayon::prelude::*;
use walkdir::WalkDir;

/// Where the inputs lie.
#[derive(Clone, Debug)]
pub struct Folders {
    /// The site's root: `content/`, `data/` and optionally templates and assets of its own under `site/`.
    pub root: PathBuf,
    /// The folder with the `templates/` and `assets/` that serve where the site has none of its own.
    pub theme: PathBuf,
}

/// Every input file by its path from the site's root.
#[derive(Debug, Default)]
pub struct Sources {
    files: BTreeMap<String, Vec<u8>>,
}

/// Folders below the root that are read, and the theme's folder that stands in for a missing file.
const INPUTS: [(&str, Option<&str>); 4] =
    [("content", None), ("data", None), ("site/templates", Some("templates")), ("site/assets", Some("assets"))];

/// File endings that hold text and must be UTF-8.
const TEXT: [&str; 12] = ["md", "toml", "json", "csv", "bib", "html", "xml", "css", "js", "svg", "txt", "csl"];

/// What some editors write before a text in UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Reads all inputs.
pub fn load(folders: &Folders) -> Checked<Sources> {
    let mut diagnostics = Diagnostics::new();
    let mut found: BTreeMap<String, PathBuf> = BTreeMap::new();
    for (folder, fallback) in INPUTS {
        if let Some(fallback) = fallback {
            list(&folders.theme.join(fallback), folder, &folders.theme, &mut found, &mut diagnostics);
        }
        list(&folders.root.join(folder), folder, &folders.root, &mut found, &mut diagnostics);
    }
    if !found.keys().any(|path| path.starts_with("content/") && path.ends_with(".md")) {
        diagnostics.push(
            Diagnostic::general("no-content", "there is no Markdown file under content/")
                .help("write content/briefs/<name>.md, or point --root at the folder that holds content/ and data/"),
        );
    }
    let value = read(found, &mut diagnostics);
    Checked { value, diagnostics }
}

/// Reads what one folder of the site holds, `data/models` say, and nothing else.
pub fn load_folder(root: &Path, folder: &str) -> Checked<Sources> {
    let mut diagnostics = Diagnostics::new();
    let mut found = BTreeMap::new();
    list(&root.join(folder), folder, root, &mut found, &mut diagnostics);
    let value = read(found, &mut diagnostics);
    Checked { value, diagnostics }
}

fn read(files: BTreeMap<String, PathBuf>, diagnostics: &mut Diagnostics) -> Sources {
    let read: Vec<(String, io::Result<Vec<u8>>)> =
        files.into_par_iter().map(|(path, file)| (path, fs::read(file))).collect();
    let mut sources = Sources::default();
    for (path, bytes) in read {
        match bytes {
            Ok(bytes) => {
                require_utf8(&path, &bytes, diagnostics);
                sources.insert(path, bytes);
            }
            Err(error) => diagnostics.push(unreadable(&path, &error)),
        }
    }
    sources
}

impl Sources {
    /// Inputs given directly, for tests and benches.
    pub fn from_files(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Self {
        let mut sources = Self::default();
        files.into_iter().for_each(|(path, bytes)| sources.insert(path, bytes));
        sources
    }

    /// A byte order mark is no part of a text: without it, places in a file count alike wherever it is read.
    fn insert(&mut self, path: String, mut bytes: Vec<u8>) {
        if is_text(&path) && bytes.starts_with(BYTE_ORDER_MARK) {
            bytes.drain(..BYTE_ORDER_MARK.len());
        }
        self.files.insert(path, bytes);
    }

    /// The bytes of `path`, those of a text without a byte order mark.
    pub fn bytes(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(Vec::as_slice)
    }

    /// The text of `path`; none when it is missing or not UTF-8, which `load` has said.
    pub fn text(&self, path: &str) -> Option<&str> {
        std::str::from_utf8(self.bytes(path)?).ok()
    }

    /// The text of `path` as well as it can be shown in an excerpt.
    pub fn excerpt(&self, path: &str) -> Option<Cow<'_, str>> {
        self.bytes(path).map(String::from_utf8_lossy)
    }

    /// The paths that start with `folder`, in order.
    pub fn under<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = &'a str> {
        self.files
            .range(folder.to_owned()..)
            .map(|(path, _)| path.as_str())
            .take_while(move |path| path.starts_with(folder))
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

/// Adds the files below `folder` to `found` under names that start with `name`; later calls replace earlier files.
fn list(folder: &Path, name: &str, root: &Path, found: &mut BTreeMap<String, PathBuf>, diagnostics: &mut Diagnostics) {
    if !folder.exists() {
        return;
    }
    for entry in WalkDir::new(folder).sort_by_file_name().into_iter().filter_entry(|entry| !is_hidden(entry)) {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = error.path().map_or_else(|| name.to_owned(), |path| site_path(name, folder, path));
                diagnostics.push(unreadable(&path, &error));
                continue;
            }
        };
        if entry.file_type().is_dir() {
            continue;
        }
        let path = site_path(name, folder, entry.path());
        if entry.file_type().is_symlink() && leaves(entry.path(), root) {
            diagnostics.push(
                Diagnostic::error("outside-root", Place::file(&path), "this symbolic link leads out of the site")
                    .help("copy the file into the site; only what lies inside it is published"),
            );
            continue;
        }
        found.insert(path, entry.into_path());
    }
}

fn is_hidden(entry: &walkdir::DirEntry) -> bool {
    entry.depth() > 0 && entry.file_name().to_string_lossy().starts_with('.')
}

/// The path from the site's root, with `/` between its parts whatever the system.
fn site_path(name: &str, folder: &Path, file: &Path) -> String {
    let below = file.strip_prefix(folder).unwrap_or(file);
    let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
    format!("{name}/{}", parts.join("/"))
}

/// A link whose target is missing or a folder counts as leaving: nothing good can be read through it.
fn leaves(link: &Path, root: &Path) -> bool {
    match (link.canonicalize(), root.canonicalize()) {
        (Ok(target), Ok(root)) => !target.starts_with(root) || target.is_dir(),
        _ => true,
    }
}

fn require_utf8(path: &str, bytes: &[u8], diagnostics: &mut Diagnostics) {
    if !is_text(path) {
        return;
    }
    if let Err(error) = std::str::from_utf8(bytes) {
        let start = error.valid_up_to();
        let help = match bytes[start] {
            0xff | 0xfe if start == 0 => "it looks like UTF-16: save it again as UTF-8",
            _ => "it may be Latin-1 or Windows-1252: save it again as UTF-8",
        };
        diagnostics.push(
            Diagnostic::error("not-utf8", Place::new(path, start..start + 1), "this file is not UTF-8 from here on")
                .help(help),
        );
    }
}

fn is_text(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ending)| TEXT.contains(&ending))
}

fn unreadable(path: &str, error: &dyn std::fmt::Display) -> Diagnostic {
    Diagnostic::error("unreadable", Place::file(path), format!("this file cannot be read: {error}"))
        .help("check that it exists and that you may read it")
}
