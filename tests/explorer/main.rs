//! The explorer in Chromium beside its budgets, as on a laptop and with a processor four times slower.
//!
//! ```sh
//! cargo bench -p tests --bench explorer
//! cargo bench -p tests --bench explorer -- --runs 9
//! ```
//!
//! Each run is a first visit: a browser with an empty profile, files compressed with brotli. A lever is dragged with the
//! mouse for three seconds, an input every 50 ms; an input is timed from its event to what the page does next after
//! the frame that it is painted in. Numbers are medians over runs, and the best of them, which other work on the machine disturbed least. At the
//! end stands what the same program costs in a worker, against which the bands in slices of the page's own thread are to
//! be judged. Nothing is asserted about time.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use serde::Deserialize;
use tests::chromium::{Chromium, Scripts};
use tests::output::Tree;
use tests::server::Server;

/// Levers that stand somewhere: at their status quo nothing is uncertain, and there are no bands to draw.
const EXPLORER: &str = "/explorer/?all=50";
/// A drag: three times along the track, a step of the lever every 50 ms.
const SWEEPS: u32 = 3;
const STEPS: u32 = 20;
const PACE: Duration = Duration::from_millis(50);

/// One first visit. Times in milliseconds.
struct Visit {
    /// From the program's start to controls that work.
    hydration: f64,
    /// From the visit's start to controls that work.
    usable: f64,
    /// Of each input, until it is painted.
    inputs: Vec<f64>,
    /// Inputs whose line was not yet in the frame that followed.
    late: usize,
    /// From the last input to a band of its settings.
    banded: f64,
    /// From the last input to the band of all draws.
    settled: f64,
    /// How long each task over 50 ms took while the lever was dragged.
    long: Vec<f64>,
    /// Of the program, in bytes, after everything was used.
    memory: f64,
    /// Bytes that came before anything was done, by what they are.
    first: BTreeMap<String, f64>,
    /// Bytes that came for what is below the levers, by what they are.
    below: BTreeMap<String, f64>,
}

/// One input as the page noted it.
#[derive(Deserialize)]
struct Input {
    start: f64,
    end: f64,
    line: bool,
}

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let runs: usize = match (arguments.next().as_deref(), arguments.next()) {
        (Some("--runs"), Some(runs)) => runs.parse().expect("--runs takes a number"),
        (None, _) => 5,
        (Some(other), _) => panic!("{other} means nothing here"),
    };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("explorer-bench");
    let tree = tests::build_real_site(&folder, None);
    compress(&folder, &tree);
    fs::write(folder.join("worker.js"), include_str!("worker.js")).expect("the disk is writable");
    let server = Server::start(&folder);

    let visits = [1.0, 4.0].map(|slower| (0..runs).map(|_| visit(&server, slower)).collect::<Vec<_>>());
    print(&visits, runs);
    worker(&server);
}

/// Puts beside each file that an explorer's page may load the same with brotli.
fn compress(folder: &Path, tree: &Tree) {
    for (path, bytes) in &tree.files {
        let is_text = [".html", ".css", ".js", ".wasm", ".model"].iter().any(|ending| path.ends_with(ending));
        if !is_text || !(path.starts_with("explorer/") || path.starts_with("assets/")) {
            continue;
        }
        let mut compressed = Vec::new();
        brotli::BrotliCompress(&mut bytes.as_slice(), &mut compressed, &Default::default())
            .expect("memory takes every byte");
        fs::write(folder.join(format!("{path}.br")), compressed).expect("the disk is writable");
    }
}

fn visit(server: &Server, slower: f64) -> Visit {
    let chromium = Chromium::launch();
    let view = chromium.empty(1440, Scripts::On);
    view.before_pages(include_str!("observer.js"));
    view.slow_down(slower);
    view.go(&server.url(EXPLORER));
    view.until("the explorer works", "document.querySelector('.explorer').dataset.state === 'ready'");
    view.until("the controls work", "watch.enabled !== null");
    let (instantiated, usable): (f64, f64) = view.value("[watch.instantiated, watch.enabled]");
    let first: BTreeMap<String, f64> = view.value("watch.bytes()");
    view.until("the band of all draws is there", "watch.draws() === 1024");
    view.value::<Option<bool>>("(watch.begin(), null)");

    let began: f64 = view.value("performance.now()");
    view.drag("#lever-L01-range", SWEEPS, STEPS, PACE);
    let ended: f64 = view.value("performance.now()");
    view.until(
        "the band of all draws is there again",
        "watch.inputs.length > 0 && watch.settled.some(time => time > watch.inputs.at(-1).start)",
    );
    let inputs: Vec<Input> = view.value("watch.inputs");
    let last = inputs.last().expect("there were some").start;
    let first_after = |what: &str| {
        let times: Vec<f64> = view.value(&format!("watch.{what}"));
        times.into_iter().find(|time| *time > last).expect("it was waited for") - last
    };
    let long: Vec<(f64, f64)> = view.value("watch.long");

    view.value::<Option<bool>>("(document.querySelector('.explorer-more').scrollIntoView(), null)");
    view.until("what is below works", "document.querySelector('.explorer-more').dataset.state === 'ready'");
    view.until(
        "all of it is of the present settings",
        "[...document.querySelectorAll('.more-old')].every(old => !old.textContent.trim())",
    );
    let mut below: BTreeMap<String, f64> = view.value("watch.bytes()");
    for (kind, bytes) in &mut below {
        *bytes -= first.get(kind).copied().unwrap_or_default();
    }
    below.retain(|_, bytes| *bytes > 0.0);
    Visit {
        hydration: usable - instantiated,
        usable,
        late: inputs.iter().filter(|input| !input.line).count(),
        inputs: inputs.iter().map(|input| input.end - input.start).collect(),
        banded: first_after("banded"),
        settled: first_after("settled"),
        long: long.into_iter().filter(|(at, _)| (began..ended).contains(at)).map(|(_, time)| time).collect(),
        memory: view.value("watch.memory.buffer.byteLength"),
        below,
        first,
    }
}

/// A line of the table: what, its budgets at both speeds, in which unit.
struct Row<'a> {
    what: &'a str,
    budgets: [Option<f64>; 2],
    unit: &'a str,
}

fn row<'a>(what: &'a str, budgets: [Option<f64>; 2], unit: &'a str) -> Row<'a> {
    Row { what, budgets, unit }
}

impl Row<'_> {
    fn print(&self, visits: &[Vec<Visit>; 2], value: impl Fn(&Visit) -> f64) {
        let Self { what, budgets, unit } = self;
        let mut line = format!("  {what:<52}");
        for (visits, budget) in visits.iter().zip(budgets) {
            let values: Vec<f64> = visits.iter().map(&value).collect();
            let (best, median) = (quantile(values.clone(), 0.0), median(values));
            let digits = if median.abs() < 10.0 && median.fract() != 0.0 { 1 } else { 0 };
            let mark = if budget.is_some_and(|budget| median > budget) { "*" } else { " " };
            let budget = budget.map_or_else(String::new, |budget| format!("{budget}"));
            line += &format!("{budget:>8} {median:>8.digits$}{mark} {best:>7.digits$}");
        }
        println!("{line}  {unit}");
    }
}

fn print(visits: &[Vec<Visit>; 2], runs: usize) {
    println!("\n{EXPLORER} in Chromium, {runs} first visits each; * the median is over its budget");
    println!("  {:<52}{:^26}{:^26}", "", "as it is", "4× slower");
    println!("  {:<52}{1:>8} {2:>8}  {3:>7}{1:>8} {2:>8}  {3:>7}", "", "budget", "median", "best");
    let none = [None, None];
    let both = |budget| [Some(budget), Some(budget)];
    row("program started → controls work", [Some(100.0), None], "ms").print(visits, |visit| visit.hydration);
    row("visit begun → controls work", none, "ms").print(visits, |visit| visit.usable);
    row("input → painted line, half of inputs", none, "ms").print(visits, |visit| median(visit.inputs.clone()));
    row("… 95% of inputs", [Some(16.0), Some(33.0)], "ms").print(visits, |visit| quantile(visit.inputs.clone(), 0.95));
    row("last input → its first band", [Some(50.0), Some(150.0)], "ms").print(visits, |visit| visit.banded);
    row("last input → band of 1,024 draws", [Some(100.0), Some(300.0)], "ms").print(visits, |visit| visit.settled);
    row("inputs during the drag", none, "").print(visits, |visit| visit.inputs.len() as f64);
    row("… whose line was not in the next frame", both(0.0), "").print(visits, |visit| visit.late as f64);
    row("tasks over 50 ms during the drag", [Some(0.0), None], "").print(visits, |visit| visit.long.len() as f64);
    row("… the longest", none, "ms").print(visits, |visit| visit.long.iter().copied().fold(0.0, f64::max));
    row("memory of the program", both(40.0), "MB").print(visits, |visit| visit.memory / 1e6);
    row("fetched at first: wasm, js, css, model", both(150.0), "KB").print(visits, |visit| {
        ["wasm", "js", "css", "model"].iter().filter_map(|kind| visit.first.get(*kind)).sum::<f64>() / 1024.0
    });
    for kind in visits[0][0].first.keys() {
        row(&format!("… {kind}"), none, "KB").print(visits, |visit| fetched(&visit.first, kind));
    }
    for kind in visits[0][0].below.keys() {
        row(&format!("fetched for what is below the levers: {kind}"), none, "KB")
            .print(visits, |visit| fetched(&visit.below, kind));
    }
}

/// Kilobytes of a kind.
fn fetched(bytes: &BTreeMap<String, f64>, kind: &str) -> f64 {
    bytes.get(kind).copied().unwrap_or_default() / 1024.0
}

/// What a worker would cost: its start beside the page's, its memory, and the way there and back of a question.
fn worker(server: &Server) {
    let chromium = Chromium::launch();
    let view = chromium.open(&server.url(EXPLORER), 1440, Scripts::On);
    view.until("the explorer works", "document.querySelector('.explorer').dataset.state === 'ready'");
    let ask = "new Promise((done, fail) => { \
        const { bindings, program, model } = document.querySelector('.explorer').dataset, begun = performance.now(); \
        window.worker = new Worker('/worker.js', { type: 'module' }); \
        worker.onerror = event => fail(event.message ?? 'it does not start'); \
        worker.onmessage = ({ data }) => done([performance.now() - begun, data / 1e6]); \
        worker.postMessage({ bindings, program, model }); })";
    let (start, memory): (f64, f64) = view.value(ask);
    let there_and_back = "(async () => { \
        const levers = new Float64Array(document.querySelectorAll('input.lever-range').length).fill(0.5); \
        const { bindings, program, model } = document.querySelector('.explorer').dataset; \
        const { default: start, Loaded } = await import(bindings); await start({ module_or_path: program }); \
        const loaded = new Loaded(new Uint8Array(await (await fetch(model)).arrayBuffer())); \
        const times = []; \
        for (let run = 0; run < 60; run += 1) { \
          const here = performance.now(); loaded.run('us', levers, new Float64Array(), '', new Float64Array()); \
          const asked = performance.now(); \
          const { took } = await new Promise(done => { worker.onmessage = ({ data }) => done(data); worker.postMessage({ levers }); }); \
          times.push([asked - here, took, performance.now() - asked - took]); \
          await new Promise(requestAnimationFrame); } \
        return times.slice(10); })()";
    let times: Vec<[f64; 3]> = view.value(there_and_back);
    let [here, there, way] = [0, 1, 2].map(|column| median(times.iter().map(|times| times[column]).collect()));
    println!("\nthe same program in a worker, once");
    println!("  {:<52} {start:>9.0} ms", "bindings, program and model ready in it");
    println!("  {:<52} {memory:>9.1} MB", "memory, beside that of the page and before any draws");
    println!("  {:<52} {here:>9.1} ms", "one run of all variables, on the page");
    println!("  {:<52} {there:>9.1} ms", "… in the worker");
    println!("  {:<52} {way:>9.1} ms", "… the way there and back with its numbers");
}

fn median(values: Vec<f64>) -> f64 {
    quantile(values, 0.5)
}

/// The value that this part of all values lies at or below.
fn quantile(mut values: Vec<f64>, part: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let place = (part * values.len() as f64).ceil() as usize;
    values.get(place.saturating_sub(1)).copied().unwrap_or(f64::NAN)
}
