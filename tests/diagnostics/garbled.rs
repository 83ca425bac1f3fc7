//! Input that nobody meant to write: it gives mistakes, never a panic.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use diagnostic::Diagnostics;
use diagnostic::print::Style;
use rayon::prelude::*;
use site::load::Sources;
use tests::dice::Dice;
use tests::output::Tree;

use super::folder;

type Files = BTreeMap<String, Vec<u8>>;

/// How often each file is garbled.
const ROUNDS: u64 = 40;

/// What editors paste, half-finished programs write and attackers try.
const JUNK: [&str; 46] = [
    "\u{feff}",
    "\0",
    "\r",
    "\r\n",
    "\t",
    "---\n",
    "```\n",
    "```chart\n",
    "```explorer\nid = \"exp-a\"\n```\n",
    "[",
    "]",
    "{",
    "}",
    "[[",
    "]]",
    "{{",
    "{%",
    "{#",
    "\"",
    "'",
    "\\",
    "`",
    "<script>alert(1)</script>",
    "<!--",
    "-->",
    "[^",
    "[^a]:",
    "@",
    "[@",
    "@fig-",
    "../",
    "/",
    "#",
    ": ",
    "&a [*a, *a]",
    "1e999",
    "-0",
    "9223372036854775808",
    "NaN",
    "inf",
    "0x",
    "😀",
    "e\u{301}",
    "\u{202e}",
    "\u{f8f0}L7 \u{f8f1}",
    "\u{f8f2}",
];

/// The valid site with the generator's templates and assets.
fn valid_site() -> Files {
    let mut files = Tree::read(&folder().join("valid")).files;
    for (name, below) in [("site/templates", "site/templates"), ("site/assets", "site/assets")] {
        let theme = Tree::read(&tests::workspace().join(below)).files;
        // Fonts are large, and nothing reads them.
        let slim = |path: &str, bytes| if path.ends_with(".woff2") { Vec::new() } else { bytes };
        files.extend(theme.into_iter().map(|(path, bytes)| (format!("{name}/{path}"), slim(&path, bytes))));
    }
    files
}

/// Does everything a build does in memory, the explorer's bundle aside; gives what is wrong with the outcome.
fn fault(files: Files) -> Option<String> {
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        let mut found = Diagnostics::new();
        let sources = Sources::from_files(files);
        let parsed = site::parse::parse(&sources, None).collect(&mut found);
        let site = site::link::link(parsed, &sources, tests::TODAY).collect(&mut found);
        site::check::check(&site, &sources, &mut found);
        site::render::render(&site, &sources, None, None, &|_| {}, &mut found);
        let build = site::Build { diagnostics: found.sorted(), sources, published: None };
        let beyond = build
            .diagnostics
            .iter()
            .filter_map(|diagnostic| diagnostic.place.as_ref())
            .find(|place| build.sources.bytes(&place.file).is_some_and(|bytes| place.end > bytes.len()));
        let told =
            site::terminal::mistakes(&build, Style::Plain) + &site::terminal::json(&build.diagnostics, &build.sources);
        beyond.map(|place| format!("{place:?} lies beyond its file\n{told}"))
    }));
    outcome.unwrap_or_else(|panic| {
        let words = panic.downcast_ref::<String>().map(String::as_str);
        Some(format!("a panic: {}", words.or_else(|| panic.downcast_ref().copied()).unwrap_or("without words")))
    })
}

#[test]
fn garbled_files_never_panic_and_every_place_lies_in_its_file() {
    let site = valid_site();
    let garbled: Vec<&String> =
        site.keys().filter(|path| !path.starts_with("site/assets") || path.ends_with(".css")).collect();
    let rows: Vec<(&String, u64)> =
        garbled.into_iter().flat_map(|path| (0..ROUNDS).map(move |round| (path, round))).collect();
    let faults: Vec<String> = rows
        .into_par_iter()
        .filter_map(|(path, round)| {
            let mut files = site.clone();
            let bytes = garble(&files[path], path, round);
            let shown = String::from_utf8_lossy(&bytes).into_owned();
            files.insert(path.clone(), bytes);
            fault(files).map(|fault| format!("{path}, round {round}: {fault}\n──── in:\n{shown}\n"))
        })
        .collect();
    let first_lines: Vec<&str> = faults.iter().filter_map(|fault| fault.lines().next()).collect();
    assert!(faults.is_empty(), "{}\n\nthe first of them:\n{}", first_lines.join("\n"), faults[0]);
}

/// `bytes` with one to three things wrong, always the same for the same `path` and `round`.
fn garble(bytes: &[u8], path: &str, round: u64) -> Vec<u8> {
    let seed = path.bytes().fold(round, |seed, byte| seed.wrapping_mul(0x100_0000_01b3) ^ u64::from(byte));
    let mut dice = Dice::new(seed);
    let mut garbled = bytes.to_vec();
    for _ in 0..=dice.below(3) {
        let at = dice.below(garbled.len() + 1);
        match dice.below(8) {
            0 => garbled.truncate(at),
            1 => {
                let until = (at + dice.below(12)).min(garbled.len());
                garbled.drain(at..until);
            }
            2 => {
                let line = line_at(&garbled, at);
                garbled.drain(line);
            }
            3 => {
                let line = line_at(&garbled, at);
                let again = garbled[line.clone()].to_vec();
                garbled.splice(line.end..line.end, again);
            }
            4 => {
                let other = dice.below(garbled.len() + 1);
                let (from, to) = (line_at(&garbled, at), line_at(&garbled, other));
                let moved = garbled[from].to_vec();
                garbled.splice(to.start..to.start, moved);
            }
            5 => {
                if let Some(byte) = garbled.get_mut(at) {
                    *byte = u8::try_from(dice.below(256)).expect("below 256");
                }
            }
            _ => {
                let junk = *dice.of(&JUNK);
                garbled.splice(at..at, junk.bytes());
            }
        }
    }
    garbled
}

/// The line around byte `at`, its end included.
fn line_at(bytes: &[u8], at: usize) -> std::ops::Range<usize> {
    let start = bytes[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
    let end = bytes[at..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |newline| at + newline + 1);
    start..end
}
