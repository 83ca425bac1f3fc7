//! A site's files in a temporary folder, put together from folders and texts.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use walkdir::WalkDir;

use crate::output::Tree;

/// A site's root, which goes away with this value. Beside it is room for what lies outside of the site.
#[derive(Debug)]
pub struct Input {
    folder: TempDir,
}

impl Input {
    /// A root without files.
    pub fn empty() -> Self {
        let folder = tempfile::tempdir().expect("the system has room for temporary files");
        fs::create_dir(folder.path().join("site")).expect("the folder is new");
        Self { folder }
    }

    /// The site's root.
    pub fn root(&self) -> PathBuf {
        self.folder.path().join("site")
    }

    /// Where the site is published: beside the root.
    pub fn out(&self) -> PathBuf {
        self.folder.path().join("public")
    }

    /// Copies all files below `from`, those already there replaced.
    #[must_use]
    pub fn folder(self, from: &Path) -> Self {
        self.copy(from, &self.root());
        self
    }

    /// Copies all files below `from` into the folder `path` of the site.
    #[must_use]
    pub fn folder_at(self, path: &str, from: &Path) -> Self {
        self.copy(from, &self.root().join(path));
        self
    }

    /// Copies all files below `from` into `name` beside the root.
    #[must_use]
    pub fn beside(self, name: &str, from: &Path) -> Self {
        self.copy(from, &self.folder.path().join(name));
        self
    }

    /// Writes one file.
    #[must_use]
    pub fn file(self, path: &str, content: impl AsRef<[u8]>) -> Self {
        write(&self.root().join(path), content.as_ref());
        self
    }

    /// Removes a file or folder, which must be there.
    #[must_use]
    pub fn without(self, path: &str) -> Self {
        let path = self.root().join(path);
        let removed = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        removed.unwrap_or_else(|error| panic!("{} cannot be removed: {error}", path.display()));
        self
    }

    /// Makes a symbolic link at `path`; `target` is seen from the link's folder.
    #[must_use]
    pub fn link(self, path: &str, target: &str) -> Self {
        let link = self.root().join(path);
        fs::create_dir_all(link.parent().expect("it lies in the root")).expect("writable");
        symbolic_link(target, &link);
        self
    }

    /// Builds the site without an explorer's bundle unless it has a model.
    pub fn build(&self) -> site::Build {
        site::build(&crate::options(&self.root(), &self.out()), &|_| {})
    }

    /// Builds the site, which must succeed, and reads what was published.
    pub fn published(&self) -> Tree {
        let build = self.build();
        let mistakes = site::terminal::mistakes(&build, diagnostic::print::Style::Plain);
        assert!(build.published.is_some(), "the site cannot be built:\n{mistakes}");
        Tree::read(&self.out())
    }

    fn copy(&self, from: &Path, to: &Path) {
        for entry in WalkDir::new(from) {
            let entry = entry.unwrap_or_else(|error| panic!("{} cannot be listed: {error}", from.display()));
            if entry.file_type().is_file() {
                let below = entry.path().strip_prefix(from).expect("walking stays below");
                let bytes = fs::read(entry.path()).expect("the repository's files can be read");
                write(&to.join(below), &bytes);
            }
        }
    }
}

fn write(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("temporary folders are writable");
    fs::write(path, bytes).expect("temporary folders are writable");
}

#[cfg(unix)]
fn symbolic_link(target: &str, link: &Path) {
    std::os::unix::fs::symlink(target, link).expect("temporary folders are writable");
}

#[cfg(not(unix))]
fn symbolic_link(_target: &str, _link: &Path) {
    panic!("this test needs a system where everyone may make symbolic links");
}
