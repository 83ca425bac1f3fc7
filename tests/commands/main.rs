//! `levers model …` and `levers check`: what the commands print, refuse and write.

mod answers;
mod checks;
mod links;
mod mistakes;
mod sweeps;

use std::path::Path;
use std::process::{Command, Output, Stdio};

/// How a command ended and what it printed.
struct Said {
    code: Option<i32>,
    out: String,
    err: String,
}

/// Runs `levers model` with these words over the repository's own model.
fn levers_model(words: &[&str]) -> Said {
    levers_model_in(&tests::workspace(), words)
}

/// The same over the models below `root`.
fn levers_model_in(root: &Path, words: &[&str]) -> Said {
    let mut program = program();
    program.arg("model").args(words);
    if words.first() != Some(&"sweep") || words.get(1) != Some(&"merge") {
        program.arg("--root").arg(root);
    }
    said(&mut program)
}

/// Runs `levers check` with these words over the site below `root`.
fn levers_check(root: &Path, words: &[&str]) -> Said {
    said(program().arg("check").args(words).arg("--root").arg(root))
}

fn program() -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_levers-under-test"));
    program.stdin(Stdio::null());
    program
}

fn said(program: &mut Command) -> Said {
    let Output { status, stdout, stderr } = program.output().expect("the program starts");
    let text = |bytes| String::from_utf8(bytes).expect("it prints UTF-8");
    Said { code: status.code(), out: text(stdout), err: text(stderr) }
}

/// What a command that must succeed prints.
fn printed(words: &[&str]) -> String {
    let said = levers_model(words);
    assert_eq!(said.code, Some(0), "{words:?}:\n{}\n{}", said.err, said.out);
    said.out
}
