//! Equal inputs give equal bytes: whatever the folder, the hour, the number of threads, and what stood there before.

use std::path::Path;

use tests::corpus;
use tests::input::Input;
use tests::output::Tree;

use super::{CLOCK, golden, levers};

/// The golden site among sixty other briefs, so that threads have something to quarrel over.
fn input() -> Input {
    let input = golden();
    let many = Input::empty();
    corpus::write(&many.root(), 60, corpus::Kind::Full);
    let briefs = many.root().join("content/briefs");
    let data = many.root().join("data");
    let works = std::fs::read_to_string(many.root().join("content/references.bib")).expect("it was just written");
    let own = std::fs::read_to_string(input.root().join("content/references.bib")).expect("it was just copied");
    input.folder_at("content/briefs", &briefs).folder_at("data", &data).file("content/references.bib", own + &works)
}

fn built(root: &Path, out: &Path, variables: &[(&str, &str)], clock: &str) -> Tree {
    let output = levers(root, out, clock).envs(variables.iter().copied()).output().expect("the program starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Tree::read(out)
}

#[test]
fn two_builds_are_equal_byte_by_byte() {
    let (here, there) = (input(), input());
    let first = built(&here.root(), &here.out(), &[("RAYON_NUM_THREADS", "1"), ("TZ", "UTC"), ("LANG", "C")], CLOCK);
    assert!(first.files.len() > 120, "{} files", first.files.len());
    let elsewhere = [("TZ", "Asia/Tokyo"), ("LANG", "de_DE.UTF-8")];
    for (what, root, out, variables, clock) in [
        ("two threads, elsewhere", there.root(), there.out(), &[("RAYON_NUM_THREADS", "2")][..], CLOCK),
        ("seven threads", there.root(), there.root().join("other/public"), &[("RAYON_NUM_THREADS", "7")], CLOCK),
        ("another zone and language", there.root(), there.out(), &elsewhere, CLOCK),
        ("over an old site", here.root(), here.out(), &[], CLOCK),
        ("another hour", here.root(), there.out(), &[], "2026-11-21T23:59:59Z"),
        ("another year", there.root(), here.out(), &[], "2027-11-21"),
    ] {
        let tree = built(&root, &out, variables, clock);
        assert_eq!(first.difference(&tree), "", "{what}");
    }
}

#[test]
fn a_small_change_and_its_undoing_give_the_first_site_again() {
    let input = golden();
    let first = input.published();
    let path = "content/pages/method.md";
    let text = std::fs::read_to_string(input.root().join(path)).expect("it was just copied");
    let input = input.file(path, text.replace("By hand.", "By machine."));
    let changed = input.published();
    assert!(changed.text("method/index.html").contains("By machine."));
    let input = input.file(path, text);
    assert_eq!(first.difference(&input.published()), "");
}

/// Pictures drawn now, drawn and kept, taken from what was kept, and drawn again because that is spoilt.
#[test]
fn kept_pictures_change_nothing() {
    let input = golden();
    let first = input.published();
    let pictures = first.files.keys().filter(|path| path.ends_with(".png")).count();
    assert!(pictures > 0, "the golden site has pictures of charts");
    let kept = tempfile::tempdir().expect("a folder for the test");
    let mut options = tests::options(&input.root(), &input.out());
    options.kept = Some(kept.path().to_owned());
    let files = || {
        let entries = std::fs::read_dir(kept.path().join("picture-cache")).expect("pictures are kept");
        entries.map(|entry| entry.expect("it can be listed").path()).collect::<Vec<_>>()
    };
    for what in ["drawn and kept", "taken from what was kept", "drawn again"] {
        assert!(site::build(&options, &|_| {}).published.is_some(), "{what}");
        assert_eq!(first.difference(&Tree::read(&input.out())), "", "{what}");
        assert_eq!(files().len(), pictures, "{what}");
        if what == "taken from what was kept" {
            files().iter().for_each(|file| std::fs::write(file, "spoilt").expect("writable"));
        }
    }
}
