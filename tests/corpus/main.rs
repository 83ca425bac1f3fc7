//! How fast many briefs become a site, and how much memory that takes.
//!
//! ```sh
//! cargo bench -p tests --bench corpus                      # 1,000 and 10,000 full briefs
//! cargo bench -p tests --bench corpus -- 500 --plain       # other sizes; without charts and citations
//! cargo bench -p tests --bench corpus -- 1000 --runs 5
//! cargo bench -p tests --bench corpus -- --rows 100000     # one dataset, read and held against its schema
//! ```
//!
//! Corpus and site lie in memory where the system has `/dev/shm`, so that the disk decides nothing. Every build is a
//! process of its own; its time runs from the first input read to the last byte written, its memory is the most that it
//! held. Times are medians. The floor is the time that reading the same inputs, parsing their Markdown and writing the
//! same output takes by itself. Nothing is asserted.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use diagnostic::Diagnostics;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use site::load::Sources;
use site::parse::dataset;
use tests::corpus::{self, Kind};
use tests::output::Tree;

/// What a build in a process of its own says about itself.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Measured {
    seconds: f64,
    pages: usize,
    /// Files whose content is new.
    written: usize,
    /// The most memory held, in KiB; 0 where the system does not tell.
    peak: u64,
}

/// What to measure.
struct Plan {
    sizes: Vec<usize>,
    /// Rows of a dataset that is read instead.
    rows: Option<usize>,
    kind: Kind,
    runs: usize,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let paths: Vec<PathBuf> = arguments.iter().skip(1).map(PathBuf::from).collect();
    match (arguments.first().map(String::as_str), &paths[..]) {
        (Some("build"), [root, out]) => tell(build(root, out)),
        (Some("floor"), [root, out, copy]) => tell(floor(root, out, copy)),
        _ => match plan(&arguments) {
            Plan { rows: Some(rows), runs, .. } => read_rows(rows, runs),
            plan => measure(&plan),
        },
    }
}

fn plan(arguments: &[String]) -> Plan {
    let mut plan = Plan { sizes: Vec::new(), rows: None, kind: Kind::Full, runs: 3 };
    let mut arguments = arguments.iter();
    let number = |text: Option<&String>| text.and_then(|text| text.replace([',', '_'], "").parse::<usize>().ok());
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--plain" => plan.kind = Kind::Plain,
            "--full" => plan.kind = Kind::Full,
            "--rows" => plan.rows = Some(number(arguments.next()).expect("--rows takes a number")),
            "--runs" => plan.runs = number(arguments.next()).filter(|runs| *runs > 0).expect("--runs takes a number"),
            _ => plan.sizes.push(number(Some(argument)).unwrap_or_else(|| panic!("{argument} is no number of briefs"))),
        }
    }
    if plan.sizes.is_empty() {
        plan.sizes = vec![1_000, 10_000];
    }
    plan
}

/// Reads a dataset of text, years and numbers with a primary key, from bytes in memory to typed cells.
fn read_rows(rows: usize, runs: usize) {
    let mut csv = String::from("id,region,year,value,count\n");
    for row in 0..rows {
        let value = row as f64 * 0.37;
        csv.push_str(&format!("R{row:06},Region {},{},{value:.2},{}\n", row % 97, 2000 + row % 25, row % 1000));
    }
    let size = csv.len() as f64 / 1e6;
    let package = serde_json::json!({
        "name": "rows", "title": "Rows", "description": "Many rows.", "licenses": [{ "name": "CC0-1.0" }],
        "sources": [{ "title": "Made up" }],
        "resources": [{ "name": "rows", "path": "rows.csv", "schema": { "primaryKey": ["id"], "fields": [
            { "name": "id", "type": "string", "constraints": { "required": true, "unique": true } },
            { "name": "region", "type": "string" }, { "name": "year", "type": "year" },
            { "name": "value", "type": "number" }, { "name": "count", "type": "integer" },
        ] } }],
    });
    let files = [("rows.csv", csv.into_bytes()), ("datapackage.json", package.to_string().into_bytes())];
    let sources = Sources::from_files(files.map(|(name, bytes)| (format!("data/rows/{name}"), bytes)));
    let mut times: Vec<f64> = (0..runs)
        .map(|_| {
            let mut diagnostics = Diagnostics::new();
            let start = Instant::now();
            let read = dataset::dataset(&sources, "data/rows", &mut diagnostics).expect("the dataset is sound");
            let time = start.elapsed().as_secs_f64();
            assert_eq!(read.resources[0].rows.len(), rows, "{:?}", diagnostics.iter().next());
            time
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!(
        "\na dataset of {rows} rows, {size:.1} MB, {runs} runs\n  read             {:>9.3} s",
        times[times.len() / 2]
    );
}

fn measure(plan: &Plan) {
    let memory = Path::new("/dev/shm");
    for &briefs in &plan.sizes {
        let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
        let folder = folder.expect("the system has room for a corpus");
        let (root, out) = (folder.path().join("site"), folder.path().join("public"));
        let input = corpus::write(&root, briefs, plan.kind);
        let what = match plan.kind {
            Kind::Plain => "plain briefs",
            Kind::Full => "full briefs",
        };
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        println!(
            "\n{briefs} {what}, {:.1} MB, in {}, {cores} cores, {} runs",
            mega(input),
            folder.path().display(),
            plan.runs
        );

        let mut clean: Vec<Measured> = Vec::new();
        for _ in 0..plan.runs {
            if out.exists() {
                fs::remove_dir_all(&out).expect("the disk is writable");
            }
            clean.push(child(&["build".as_ref(), &root, &out]));
        }
        let tree = Tree::read(&out);
        let bytes: u64 = tree.files.values().map(|bytes| bytes.len() as u64).sum();
        let files = tree.files.len();
        drop(tree);
        let first = report("clean build", &clean);
        println!("  {:<16} {:>9.1} MB in {files} files", "written", mega(bytes));

        let same: Vec<Measured> = (0..plan.runs).map(|_| child(&["build".as_ref(), &root, &out])).collect();
        report("nothing changed", &same);
        let changed: Vec<Measured> = (0..plan.runs)
            .map(|run| {
                let brief = root.join("content/briefs/brief-00000.md");
                let text = fs::read_to_string(&brief).expect("it was written");
                fs::write(&brief, format!("{text}\nChange {run}.\n")).expect("the disk is writable");
                child(&["build".as_ref(), &root, &out])
            })
            .collect();
        report("one changed", &changed);

        let copy = folder.path().join("copy");
        let floor: Vec<Measured> = (0..plan.runs).map(|_| child(&["floor".as_ref(), &root, &out, &copy])).collect();
        let floor = report("floor", &floor);
        println!("  {:<16} {:>9.1} times the floor", "clean build", first / floor);
    }
}

/// Prints the medians of some builds, and gives the time in seconds.
fn report(what: &str, runs: &[Measured]) -> f64 {
    let median = |value: fn(&Measured) -> f64| {
        let mut values: Vec<f64> = runs.iter().map(value).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    let (seconds, peak) = (median(|run| run.seconds), median(|run| run.peak as f64));
    let pages = runs[0].pages;
    let rate = if pages > 0 { format!("{:>8.0} pages/s", pages as f64 / seconds) } else { " ".repeat(16) };
    let spread: Vec<String> = runs.iter().map(|run| format!("{:.2}", run.seconds)).collect();
    println!(
        "  {what:<16} {seconds:>9.3} s {rate} {:>8.1} MB at most, {} files new ({} s)",
        peak * 1024.0 / 1e6,
        runs[runs.len() - 1].written,
        spread.join(", ")
    );
    seconds
}

/// Runs this program again with other arguments, and reads what it says.
fn child(arguments: &[&Path]) -> Measured {
    let program = std::env::current_exe().expect("this program has a name");
    let output = Command::new(program).args(arguments).output().expect("this program starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("it says what it measured")
}

fn build(root: &Path, out: &Path) -> Measured {
    let start = Instant::now();
    let build = site::build(&tests::options(root, out), &|_| {});
    let seconds = start.elapsed().as_secs_f64();
    let Some(published) = &build.published else {
        panic!("{}", site::terminal::mistakes(&build, diagnostic::print::Style::Plain));
    };
    Measured { seconds, pages: published.counts.pages, written: published.written.written, peak: peak() }
}

/// The least that any generator does: read the inputs, parse their Markdown, write the output.
fn floor(root: &Path, out: &Path, copy: &Path) -> Measured {
    let output = Tree::read(out);
    if copy.exists() {
        fs::remove_dir_all(copy).expect("the disk is writable");
    }
    let start = Instant::now();
    let input = Tree::read(root);
    let parsed: usize = input
        .files
        .par_iter()
        .filter(|(path, _)| path.ends_with(".md"))
        .map(|(_, bytes)| {
            let text = String::from_utf8_lossy(bytes);
            let mut html = String::with_capacity(text.len() * 2);
            pulldown_cmark::html::push_html(
                &mut html,
                pulldown_cmark::Parser::new_ext(&text, pulldown_cmark::Options::all()),
            );
            html.len()
        })
        .sum();
    output.files.par_iter().for_each(|(path, bytes)| {
        let file = copy.join(path);
        fs::create_dir_all(file.parent().expect("a file lies in a folder")).expect("the disk is writable");
        fs::write(file, bytes).expect("the disk is writable");
    });
    let seconds = start.elapsed().as_secs_f64();
    assert!(parsed > 0, "there is Markdown to parse");
    Measured { seconds, pages: 0, written: output.files.len(), peak: peak() }
}

fn tell(measured: Measured) {
    println!("{}", serde_json::to_string(&measured).expect("numbers serialise"));
}

/// The most memory this process has held, in KiB.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

fn mega(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
