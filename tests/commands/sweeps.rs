//! A sweep cut into parts, or interrupted and finished, gives the bytes of the sweep in one.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::{Said, levers_model, printed};

const GRID: [&str; 9] =
    ["--region", "us", "--region", "ke", "--grid", "L01=0:100:25", "--grid", "kX=4,6", "--all-years"];
const DRAWS: [&str; 6] = ["--region", "us", "--grid", "all=0,50", "--draws", "700"];

fn sweep(options: &[&str], out: &Path, more: &[&str]) -> Said {
    let out = out.to_str().expect("a temporary folder's name is UTF-8");
    levers_model(&[&["sweep", "--out", out][..], options, more].concat())
}

fn bytes(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("the system has room for temporary files")
}

fn whole(options: &[&str], folder: &Path) -> PathBuf {
    let whole = folder.join("whole.csv");
    let said = sweep(options, &whole, &[]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    whole
}

fn merged(parts: &[PathBuf], out: &Path) -> Said {
    let mut words = vec!["sweep", "merge"];
    words.extend(parts.iter().map(|part| part.to_str().expect("UTF-8")));
    words.extend(["--out", out.to_str().expect("UTF-8")]);
    levers_model(&words)
}

#[test]
fn a_sweep_writes_what_single_runs_give() {
    let text = printed(&["sweep", "--region", "us", "--grid", "L01=0,50", "--grid", "kX=4,6", "--outcome", "net_jobs"]);
    let mut lines = text.lines();
    let header = lines.next().expect("there is a header");
    assert!(header.starts_with("REF_AREA,L01 (%),kX (") && header.ends_with("TIME_PERIOD (years),net_jobs (jobs)"));
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    assert_eq!(rows.len(), 4);
    for row in rows {
        let (lever, parameter) = (format!("L01={}", row[1]), format!("kX={}", row[2]));
        let words = ["run", "--region", "us", "--set", &lever, "--param", &parameter, "--outcome", "net_jobs"];
        let csv = printed(&[&words[..], &["--format", "csv"]].concat());
        let last = csv.lines().rfind(|line| line.contains(",10,") && line.ends_with(",scenario,"));
        let value = last.and_then(|line| line.split(',').nth(4)).expect("the last year is there");
        assert_eq!(row.last(), Some(&value), "{row:?}");
    }
}

#[test]
fn parts_merge_to_the_bytes_of_the_sweep_in_one() {
    for options in [&GRID[..], &DRAWS] {
        let folder = folder();
        let whole = whole(options, folder.path());
        let parts: Vec<PathBuf> = (1..=3).map(|part| folder.path().join(format!("part-{part}.csv"))).collect();
        for (part, path) in (1..).zip(&parts) {
            let said = sweep(options, path, &["--shard", &format!("{part}/3")]);
            assert_eq!(said.code, Some(0), "{}", said.err);
        }
        let out = folder.path().join("merged.csv");
        // In any order.
        let said = merged(&[parts[2].clone(), parts[0].clone(), parts[1].clone()], &out);
        assert_eq!(said.code, Some(0), "{}", said.err);
        assert!(bytes(&out) == bytes(&whole), "the merged file differs");
        assert!(bytes(&folder.path().join("merged.csv.json")) == bytes(&folder.path().join("whole.csv.json")));
    }
}

#[test]
fn parts_that_are_missing_doubled_cut_or_strange_are_not_merged() {
    let folder = folder();
    let part = |name: &str, options: &[&str], shard: &str| {
        let path = folder.path().join(name);
        assert_eq!(sweep(options, &path, &["--shard", shard]).code, Some(0));
        path
    };
    let (one, two) = (part("one.csv", &GRID, "1/2"), part("two.csv", &GRID, "2/2"));
    let again = part("again.csv", &GRID, "2/2");
    let third = part("third.csv", &GRID, "2/3");
    let strange = part("strange.csv", &DRAWS, "2/2");
    let cut = part("cut.csv", &GRID, "2/2");
    let text = bytes(&cut);
    fs::write(&cut, &text[..text.len() - 3]).expect("writable");
    let lone = folder.path().join("lone.csv");
    fs::copy(&two, &lone).expect("writable");
    let rows: [(&[&PathBuf], &str); 6] = [
        (&[&one], "of 2 parts these are missing: 2"),
        (&[&one, &two, &again], "part 2 is named twice"),
        (&[&one, &third], "the number of parts differ"),
        (&[&one, &strange], "are not of one sweep: "),
        (&[&one, &cut], "is not whole"),
        (&[&one, &lone], "lone.csv.json is missing"),
    ];
    let out = folder.path().join("merged.csv");
    for (parts, message) in rows {
        let said = merged(&parts.iter().copied().cloned().collect::<Vec<_>>(), &out);
        assert_eq!(said.code, Some(1), "{message}");
        assert!(said.err.contains(message), "{message}:\n{}", said.err);
        assert!(!out.exists() && !folder.path().join("merged.csv.new").exists(), "{message}");
    }
}

#[test]
fn an_interrupted_sweep_goes_on_where_it_stopped() {
    for options in [&GRID[..], &DRAWS] {
        let folder = folder();
        let whole = bytes(&whole(options, folder.path()));
        let path = folder.path().join("broken-off.csv");
        assert_eq!(sweep(options, &path, &[]).code, Some(0));
        let header = whole.iter().position(|byte| *byte == b'\n').expect("there is a header") + 1;
        // Nothing at all, in the header, after it, in the first row, in the middle of a row, one byte short, whole.
        for length in [0, 5, header, header + 3, whole.len() / 2, whole.len() - 1, whole.len()] {
            fs::write(&path, &whole[..length]).expect("writable");
            let said = sweep(options, &path, &[]);
            assert_eq!(said.code, Some(0), "cut at {length}: {}", said.err);
            assert!(bytes(&path) == whole, "cut at {length} the finished file differs");
        }
        let said = sweep(options, &path, &[]);
        assert!(said.out.starts_with("0 runs →"), "{}", said.out);
    }
}

#[test]
fn a_file_of_another_sweep_is_never_continued() {
    let folder = folder();
    let path = whole(&GRID, folder.path());
    let before = bytes(&path);
    let rows: [(&[&str], &str); 3] = [
        (&["--set", "L02=10"], "other options: set"),
        (&["--case", "sceptic"], "other options: case"),
        (&["--shard", "1/2"], "other options: shard, rows"),
    ];
    for (more, message) in rows {
        let said = sweep(&GRID, &path, more);
        assert_eq!(said.code, Some(1));
        assert!(said.err.contains(message), "{message}:\n{}", said.err);
        assert!(bytes(&path) == before);
    }

    let mut changed = before.clone();
    let digit =
        before.len() / 2 + before[before.len() / 2..].iter().position(|byte| *byte == b'\n').expect("a row") + 1;
    changed[digit] = b'X';
    fs::write(&path, &changed).expect("writable");
    let said = sweep(&GRID, &path, &[]);
    assert!(said.err.contains("is not what this sweep writes there"), "{}", said.err);
    assert!(bytes(&path) == changed, "what cannot be understood stays as it is");

    let foreign = folder.path().join("notes.csv");
    fs::write(&foreign, "mine").expect("writable");
    let said = sweep(&GRID, &foreign, &[]);
    assert!(said.err.contains("no sweep wrote it"), "{}", said.err);
    assert_eq!(bytes(&foreign), b"mine");
}

#[test]
fn two_sweeps_do_not_write_one_file() {
    let folder = folder();
    let path = whole(&GRID, folder.path());
    let other = fs::File::open(&path).expect("it is there");
    other.lock().expect("a temporary folder can lock");
    let said = sweep(&GRID, &path, &[]);
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains("another sweep is writing"), "{}", said.err);
    drop(other);
    assert_eq!(sweep(&GRID, &path, &[]).code, Some(0));
}
