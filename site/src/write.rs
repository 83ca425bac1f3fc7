//! Puts the published tree on the disk. The only code that writes it.
//!
//! [`File`]s → a folder beside the old site → one exchange of the two
//!
//! Until the exchange the old site stands untouched, and whoever serves it never sees a file half written. Files that
//! did not change keep their place on the disk and their time.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::render::File;

/// A site being written beside the one that stands.
pub struct Staging {
    /// Where the site stands.
    out: PathBuf,
    /// Where the new one grows.
    next: PathBuf,
    failure: Mutex<Option<io::Error>>,
    written: AtomicUsize,
    kept: AtomicUsize,
}

/// How the disk changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// Files whose content is new.
    pub written: usize,
    /// Files that were already so.
    pub kept: usize,
}

/// Marks a folder as ours, so that nobody's files are replaced by mistake.
const MARK: &str = ".levers-site";

impl Staging {
    /// Starts a new site that is to stand at `out`.
    ///
    /// Fails when `out` holds something that is no site of ours, or when the disk does not let us write beside it.
    pub fn new(out: &Path) -> io::Result<Self> {
        let out = std::path::absolute(out)?;
        let occupied = out.is_dir() && fs::read_dir(&out)?.next().is_some() && !out.join(MARK).is_file();
        if occupied || out.is_file() {
            return Err(io::Error::new(
                io::ErrorKind::AlreadyExists,
                format!("{} holds something else; name another folder with --out, or empty it", out.display()),
            ));
        }
        let next = beside(&out, "next");
        recover(&out)?;
        if next.exists() {
            // Left by a build that was interrupted.
            fs::remove_dir_all(&next)?;
        }
        fs::create_dir_all(&next)?;
        fs::write(next.join(MARK), "This folder is replaced by every build.\n")?;
        Ok(Self { out, next, failure: Mutex::new(None), written: AtomicUsize::new(0), kept: AtomicUsize::new(0) })
    }

    /// Adds a file; may be called from several threads. The first failure is kept for [`Self::publish`].
    pub fn put(&self, file: File) {
        let result = self.try_put(&file);
        if let Err(error) = result {
            let mut failure = self.failure.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            failure.get_or_insert_with(|| io::Error::new(error.kind(), format!("{}: {error}", file.path)));
        }
    }

    /// Lets the new site take the place of the old one.
    pub fn publish(self) -> io::Result<Written> {
        if let Some(error) = self.failure.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner) {
            fs::remove_dir_all(&self.next)?;
            return Err(error);
        }
        exchange(&self.next, &self.out)?;
        Ok(Written { written: self.written.into_inner(), kept: self.kept.into_inner() })
    }

    /// Gives the new site up; the old one stands.
    pub fn discard(self) -> io::Result<()> {
        fs::remove_dir_all(&self.next)
    }

    fn try_put(&self, file: &File) -> io::Result<()> {
        let target = self.next.join(&file.path);
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder)?;
        }
        let old = self.out.join(&file.path);
        let unchanged = fs::metadata(&old).is_ok_and(|meta| meta.len() == file.bytes.len() as u64)
            && fs::read(&old).is_ok_and(|bytes| bytes == file.bytes);
        if unchanged && fs::hard_link(&old, &target).is_ok() {
            self.kept.fetch_add(1, Ordering::Relaxed);
            return Ok(());
        }
        fs::write(&target, &file.bytes)?;
        self.written.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

/// A sibling of `out`, on the same disk, so that it can be renamed.
fn beside(out: &Path, suffix: &str) -> PathBuf {
    let name = out.file_name().unwrap_or_default().to_string_lossy().into_owned();
    out.with_file_name(format!("{name}.{suffix}"))
}

/// Puts the old site back if a build was interrupted between two renames.
fn recover(out: &Path) -> io::Result<()> {
    let old = beside(out, "old");
    if !old.exists() {
        return Ok(());
    }
    if out.exists() { fs::remove_dir_all(&old) } else { fs::rename(&old, out) }
}

/// Puts `next` in the place of `out` and removes what stood there.
fn exchange(next: &Path, out: &Path) -> io::Result<()> {
    if !out.exists() {
        return fs::rename(next, out);
    }
    if exchange_at_once(next, out).is_ok() {
        return fs::remove_dir_all(next);
    }
    let old = beside(out, "old");
    fs::rename(out, &old)?;
    fs::rename(next, out)?;
    fs::remove_dir_all(&old)
}

/// The system's own exchange of two names, which no reader can catch half done.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn exchange_at_once(next: &Path, out: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    renameat_with(CWD, next, CWD, out, RenameFlags::EXCHANGE).map_err(io::Error::from)
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn exchange_at_once(_next: &Path, _out: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(staging: &Staging, path: &str, text: &str) {
        staging.put(File { path: path.into(), bytes: text.into() });
    }

    fn read(out: &Path, path: &str) -> Option<String> {
        fs::read_to_string(out.join(path)).ok()
    }

    #[test]
    fn the_old_site_stands_until_the_new_one_is_whole() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let out = folder.path().join("public");
        let first = Staging::new(&out).expect("writable");
        put(&first, "a/index.html", "old");
        put(&first, "gone.html", "old");
        assert_eq!(first.publish().expect("written"), Written { written: 2, kept: 0 });

        let second = Staging::new(&out).expect("writable");
        put(&second, "a/index.html", "new");
        assert_eq!(read(&out, "a/index.html").as_deref(), Some("old"));
        second.publish().expect("written");
        assert_eq!(read(&out, "a/index.html").as_deref(), Some("new"));
        assert_eq!(read(&out, "gone.html"), None);
        assert_eq!(fs::read_dir(folder.path()).expect("readable").count(), 1, "nothing is left beside the site");
    }

    #[test]
    fn files_that_did_not_change_are_not_written_again() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let out = folder.path().join("public");
        for expected in [Written { written: 2, kept: 0 }, Written { written: 0, kept: 2 }] {
            let staging = Staging::new(&out).expect("writable");
            put(&staging, "a.html", "one");
            put(&staging, "b.html", "two");
            assert_eq!(staging.publish().expect("written"), expected);
        }
    }

    #[test]
    fn an_interrupted_build_leaves_the_old_site_and_the_next_one_recovers() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let out = folder.path().join("public");
        let first = Staging::new(&out).expect("writable");
        put(&first, "a.html", "old");
        first.publish().expect("written");
        // Killed while writing: the unfinished site stays beside the old one.
        let killed = Staging::new(&out).expect("writable");
        put(&killed, "a.html", "half");
        std::mem::forget(killed);
        assert_eq!(read(&out, "a.html").as_deref(), Some("old"));
        // Killed between the two renames, where the system knows no exchange.
        fs::rename(&out, beside(&out, "old")).expect("renamed");
        Staging::new(&out).expect("writable").discard().expect("removed");
        assert_eq!(read(&out, "a.html").as_deref(), Some("old"));
    }

    #[test]
    fn a_folder_with_other_files_is_never_replaced() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        fs::write(folder.path().join("thesis.txt"), "years of work").expect("written");
        let error = Staging::new(folder.path()).err().expect("refused");
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert!(folder.path().join("thesis.txt").is_file());
    }
}
