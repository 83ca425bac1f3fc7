//! What is kept from one run for the next, under `target/`. It only saves time: whoever deletes it loses nothing else.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

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
