//! What publishing promises whatever is published.

mod atomic;
mod deterministic;
mod hidden;

use std::path::{Path, PathBuf};
use std::process::Command;

use tests::input::Input;

/// The day on which sites are read here.
const CLOCK: &str = "2026-11-21";

/// The golden site, as an input that has everything.
fn golden() -> Input {
    Input::empty().folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/input"))
}

/// `levers build`, as editors run it, at the moment `clock`.
fn levers(root: &Path, out: &Path, clock: &str) -> Command {
    let mut program = Command::new(PathBuf::from(env!("CARGO_BIN_EXE_levers-under-test")));
    program.args(["build", "--clock", clock, "--root"]).arg(root).arg("--out").arg(out);
    program
}
