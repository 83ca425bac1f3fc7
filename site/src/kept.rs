//! What is kept from one run for the next, under `target/`. It only saves time: whoever deletes it loses nothing else.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use sha2::{Digest, Sha256};

/// The folder in which the checkout `workspace` keeps what was made from it.
pub fn folder(workspace: &Path) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace.join("target"), |folder| workspace.join(folder))
}

/// Writes a file that other runs may be reading or writing at the same time: they see it whole or not at all.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let unfinished = path.with_added_extension(std::process::id().to_string());
    fs::write(&unfinished, bytes)?;
    fs::rename(&unfinished, path)
}

/// Pictures by a name that tells all they are made of. Those that were not asked for longest make room for new ones.
#[derive(Debug)]
pub struct Pictures {
    folder: PathBuf,
}

/// Bytes that pictures may take: those of a few thousand.
const MOST_BYTES: u64 = 64 << 20;
/// Bytes of the digest in front of each picture.
const DIGEST: usize = 32;

impl Pictures {
    /// Those kept below `folder`.
    pub fn below(folder: &Path) -> Self {
        Self { folder: folder.join("picture-cache") }
    }

    /// The picture of this name, if it is kept and whole.
    pub fn get(&self, name: &str) -> Option<Vec<u8>> {
        let path = self.folder.join(name);
        let mut bytes = fs::read(&path).ok()?;
        let picture = (bytes.len() >= DIGEST).then(|| bytes.split_off(DIGEST))?;
        if *bytes != *Sha256::digest(&picture) {
            return None;
        }
        // When the time cannot be noted, the picture only goes sooner.
        let _ = fs::File::options().write(true).open(&path).and_then(|file| file.set_modified(SystemTime::now()));
        Some(picture)
    }

    /// Keeps a picture. One that cannot be kept is drawn again next time.
    pub fn put(&self, name: &str, picture: &[u8]) {
        let bytes = [&*Sha256::digest(picture), picture].concat();
        let _ = write_whole(&self.folder.join(name), &bytes);
    }

    /// Lets go what was not asked for longest, until the rest is small enough.
    pub fn tidy(&self) {
        self.tidy_to(MOST_BYTES);
    }

    fn tidy_to(&self, most: u64) {
        let Ok(entries) = fs::read_dir(&self.folder) else { return };
        let described = |entry: fs::DirEntry| {
            let about = entry.metadata().ok()?;
            Some((about.modified().ok()?, about.len(), entry.path()))
        };
        let mut files: Vec<_> = entries.filter_map(Result::ok).filter_map(described).collect();
        files.sort_by(|a, b| b.cmp(a));
        let mut sum = 0;
        for (_, length, path) in files {
            sum += length;
            if sum > most {
                // Another run may have been faster.
                let _ = fs::remove_file(path);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn pictures_come_back_as_they_were_or_not_at_all() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let pictures = Pictures::below(folder.path());
        assert_eq!(pictures.get("a"), None);
        pictures.put("a", b"drawing");
        assert_eq!(pictures.get("a").as_deref(), Some(&b"drawing"[..]));
        let path = folder.path().join("picture-cache/a");
        for spoilt in [&b""[..], b"short", &[0; 64]] {
            fs::write(&path, spoilt).expect("writable");
            assert_eq!(pictures.get("a"), None);
        }
    }

    #[test]
    fn what_was_not_asked_for_longest_makes_room() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let pictures = Pictures::below(folder.path());
        for (age, name) in [(30, "old"), (20, "used"), (10, "new")] {
            pictures.put(name, &[7; 100]);
            let file = fs::File::options().write(true).open(folder.path().join("picture-cache").join(name));
            let time = SystemTime::now() - Duration::from_secs(age);
            file.and_then(|file| file.set_modified(time)).expect("writable");
        }
        assert!(pictures.get("used").is_some());
        pictures.tidy_to(2 * (100 + DIGEST as u64));
        let kept = ["old", "used", "new"].map(|name| pictures.get(name).is_some());
        assert_eq!(kept, [false, true, true]);
    }
}
