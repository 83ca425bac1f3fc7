//! The old site stands, byte for byte, until the new one is whole.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use site::render::File;
use site::write::Staging;
use tests::corpus;
use tests::input::Input;
use tests::output::Tree;

use super::{CLOCK, golden, levers};

/// The names beside and including `out`.
fn names(out: &Path) -> Vec<String> {
    let parent = out.parent().expect("the site lies in a folder");
    let entries = fs::read_dir(parent).expect("readable");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn succeeds(program: &mut Command) {
    let output = program.output().expect("the program starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_failing_build_leaves_the_old_site_and_nothing_beside_it() {
    let input = golden();
    let old = input.published();
    let modified = |path: &str| fs::metadata(input.out().join(path)).and_then(|meta| meta.modified()).expect("known");
    let time = modified("index.html");
    for (path, text) in [
        ("content/pages/broken.md", "---\ntitle: Broken\nsummary: A page.\n---\n\n[nowhere](/nowhere/)\n"),
        ("site/templates/page.html", "{{ nothing.at.all }}"),
        ("content/site.toml", "title ="),
    ] {
        let kept = fs::read(input.root().join(path)).ok();
        let folder = input.root().join(path);
        fs::create_dir_all(folder.parent().expect("it lies in the root")).expect("writable");
        fs::write(&folder, text).expect("writable");
        let build = input.build();
        assert!(build.published.is_none() && build.diagnostics.has_errors(), "{path} was published");
        assert_eq!(old.difference(&Tree::read(&input.out())), "", "{path}");
        assert_eq!(modified("index.html"), time, "{path}");
        assert_eq!(names(&input.out()), ["public", "site"], "{path}");
        match kept {
            Some(bytes) => fs::write(&folder, bytes).expect("writable"),
            None => fs::remove_file(&folder).expect("writable"),
        }
    }
    assert_eq!(old.difference(&input.published()), "", "once mended it is the same site again");
}

#[test]
fn a_killed_build_leaves_the_old_site_and_the_next_one_replaces_it() {
    // More briefs until one build is slow enough to be caught while it writes.
    for briefs in [200, 800, 3_200] {
        let input = golden();
        succeeds(&mut levers(&input.root(), &input.out(), CLOCK));
        let old = Tree::read(&input.out());
        let many = Input::empty();
        corpus::write(&many.root(), briefs, corpus::Kind::Plain);
        let Some(half) = killed_while_writing(&many.root(), &input.out()) else { continue };
        assert!(!half.files.contains_key("sitemap.xml"), "it was killed in the middle");
        assert_eq!(old.difference(&Tree::read(&input.out())), "");

        succeeds(&mut levers(&many.root(), &input.out(), CLOCK));
        let new = Tree::read(&input.out());
        assert!(new.pages().count() > briefs, "{} pages", new.pages().count());
        assert_eq!(names(&input.out()), ["public", "site"]);
        return;
    }
    panic!("no build could be caught while it wrote");
}

/// Kills a build once it has written some pages beside `out`; gives what it left, or nothing when it came too late.
fn killed_while_writing(root: &Path, out: &Path) -> Option<Tree> {
    let next = out.with_file_name("public.next");
    let mut program = levers(root, out, CLOCK).stderr(Stdio::null()).spawn().expect("the program starts");
    let has_begun = || fs::read_dir(next.join("briefs")).is_ok_and(|mut briefs| briefs.next().is_some());
    while !has_begun() {
        if program.try_wait().expect("its state is known").is_some() {
            return None;
        }
        std::thread::yield_now();
    }
    program.kill().expect("it can be killed");
    let status = program.wait().expect("it ends");
    (!status.success() && next.exists()).then(|| Tree::read(&next))
}

#[test]
fn a_staging_that_is_given_up_leaves_the_old_site() {
    let input = golden();
    let old = input.published();
    let put = |staging: &Staging| {
        staging.put(File { path: "index.html".into(), bytes: b"new".to_vec() });
        staging.put(File { path: "new/index.html".into(), bytes: b"new".to_vec() });
    };
    let dropped = Staging::new(&input.out()).expect("writable");
    put(&dropped);
    drop(dropped);
    assert_eq!(old.difference(&Tree::read(&input.out())), "", "dropped");
    let discarded = Staging::new(&input.out()).expect("writable");
    put(&discarded);
    discarded.discard().expect("removed");
    assert_eq!(old.difference(&Tree::read(&input.out())), "", "discarded");
    assert_eq!(names(&input.out()), ["public", "site"]);
}

#[test]
fn a_file_that_cannot_be_written_leaves_the_old_site() {
    let input = golden();
    let old = input.published();
    let staging = Staging::new(&input.out()).expect("writable");
    staging.put(File { path: "a".into(), bytes: b"a file".to_vec() });
    staging.put(File { path: "a/index.html".into(), bytes: b"in a folder of the same name".to_vec() });
    let error = staging.publish().expect_err("a file is no folder");
    assert!(error.to_string().contains("a/index.html"), "{error}");
    assert_eq!(old.difference(&Tree::read(&input.out())), "");
    assert_eq!(names(&input.out()), ["public", "site"]);
}

#[test]
fn readers_always_find_a_whole_page() {
    let folder = tempfile::tempdir().expect("the system has room");
    let out = folder.path().join("public");
    let versions = [vec![b'a'; 200_000], vec![b'b'; 100_000]];
    let publish = |version: &[u8]| {
        let staging = Staging::new(&out).expect("writable");
        staging.put(File { path: "index.html".into(), bytes: version.to_vec() });
        staging.publish().expect("written");
    };
    publish(&versions[0]);
    let done = AtomicBool::new(false);
    let read = std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut seen = [0_usize; 2];
            while !done.load(Ordering::Relaxed) || seen.contains(&0) {
                let page = fs::read(out.join("index.html")).expect("there is a page at every moment");
                let version = versions.iter().position(|version| *version == page).expect("and it is whole");
                seen[version] += 1;
            }
            seen
        });
        let start = Instant::now();
        let mut turn = 0;
        // Until a reader has seen both versions, and for a number of turns at least.
        while turn < 200 || !reader.is_finished() && start.elapsed() < Duration::from_secs(120) {
            publish(&versions[turn % 2]);
            turn += 1;
            done.store(turn >= 200, Ordering::Relaxed);
        }
        reader.join()
    });
    assert!(read.is_ok(), "a reader found no page, or half of one");
}

#[test]
fn a_folder_of_somebody_else_is_refused_and_left_alone() {
    let input = golden();
    fs::create_dir(input.out()).expect("writable");
    fs::write(input.out().join("thesis.txt"), "years of work").expect("writable");
    let build = input.build();
    let told = site::terminal::mistakes(&build, diagnostic::print::Style::Plain);
    assert!(build.published.is_none() && told.contains("name another folder with --out"), "{told}");
    assert_eq!(fs::read_to_string(input.out().join("thesis.txt")).expect("still there"), "years of work");
    assert_eq!(names(&input.out()), ["public", "site"]);
}

#[test]
fn only_what_changed_is_written() {
    let input = golden();
    assert_eq!(input.build().published.expect("it has no mistakes").written.kept, 0);
    let again = input.build().published.expect("it has no mistakes").written;
    assert_eq!(again.written, 0, "{again:?}");
    let brief = "---\ntitle: Firms\nsummary: A brief without anything.\ndate: 2026-11-20\nauthors: [{ organisation: The Golden editors }, Ludwig van Author]\n---\n\nTwo words.\n";
    let input = input.file("content/briefs/firms.md", brief);
    let changed = input.build().published.expect("it has no mistakes").written;
    assert_eq!(changed.written, 1, "only the brief itself has changed: {changed:?}");
    let input = input.without("content/pages/method.md");
    input.published();
    assert!(!input.out().join("method").exists(), "what is no longer there is no longer published");
}

#[test]
fn the_program_says_how_it_went() {
    let input = golden();
    let run = |extra: &[&str]| {
        let output = levers(&input.root(), &input.out(), CLOCK).args(extra).output().expect("the program starts");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it writes UTF-8");
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let (code, stdout, stderr) = run(&[]);
    assert_eq!((code, stdout.as_str()), (Some(0), ""));
    for part in ["pages", "datasets", "charts", "files written"] {
        assert!(stderr.contains(part), "`{part}` is not in:\n{stderr}");
    }
    assert_eq!(run(&["--quiet"]), (Some(0), String::new(), String::new()));

    fs::write(input.root().join("content/pages/broken.md"), "no front matter").expect("writable");
    let (code, stdout, stderr) = run(&["--quiet"]);
    assert_eq!((code, stdout.as_str()), (Some(1), ""));
    assert!(stderr.contains("error[no-front-matter]") && stderr.contains("content/pages/broken.md:1:1"), "{stderr}");
    let (code, stdout, stderr) = run(&["--json", "--quiet"]);
    assert_eq!((code, stderr.as_str()), (Some(1), ""));
    let object: serde_json::Value = serde_json::from_str(stdout.trim()).expect("one object");
    assert_eq!((object["code"].as_str(), object["line"].as_u64()), (Some("no-front-matter"), Some(1)));
}
