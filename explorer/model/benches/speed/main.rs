//! Times of what a reader waits for, on the model of micro-multinationals: medians of several rounds, and the fastest.
//!
//! `cargo bench -p model --bench speed` prints times and asserts nothing.

mod twin;

use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use model::{Certainty, EnsembleRun, Goal, Measure, Model, ModelFile, Quantity, Sampling, Scenario, VariableId};

fn main() {
    let texts = texts();
    let files: Vec<ModelFile<'_>> = texts.iter().map(|(path, text)| ModelFile { path, text }).collect();
    let model = model::compile(&files).value.expect("the published model has no mistakes");
    let bytes = model.to_bytes();
    let mut half = Scenario::new(&model, model.region("us").expect("it is declared"));
    half.levers.fill(0.5);
    let outcomes: Vec<VariableId> = model.outcomes.iter().map(|outcome| outcome.variable).collect();
    let net_jobs = [model.variable("net_jobs").expect("it is declared")];
    let sampling = |draws| Sampling { draws, seed: 1 };

    println!(
        "{} bytes of text, {} in compact form",
        texts.iter().map(|(_, text)| text.len()).sum::<usize>(),
        bytes.len()
    );
    println!("{} parameters, {} variables, {} outcomes", model.parameters.len(), model.variables.len(), outcomes.len());
    println!("{:<48} {:>10} {:>13}", "", "median", "fastest");
    time("compile the text", 20, || model::compile(&files).value);
    time("read the compact form", 200, || Model::from_bytes(&bytes));
    time("one central run, all variables", 200, || model::run(&model, &half));
    let run = model::run(&model, &half).expect("all numbers are finite");
    time("the same after a lever moved", 200, || run.with_levers(&model, &half.levers));
    for draws in [128, 1024, 8192] {
        let name = format!("{draws} draws of all outcomes");
        time(&name, 15, || model::ensemble(&model, &half, sampling(draws), &outcomes));
    }
    time("1024 draws of net jobs alone", 15, || model::ensemble(&model, &half, sampling(1024), &net_jobs));
    time("1024 draws of all outcomes, with their bands", 15, || {
        let ensemble = model::ensemble(&model, &half, sampling(1024), &outcomes).expect("all numbers are finite");
        outcomes.iter().map(|outcome| ensemble.bands(*outcome)).collect::<Vec<_>>()
    });
    let mut moving = EnsembleRun::new(&model, &half, sampling(1024), &outcomes).expect("the scenario is sound");
    moving.finish(&model).expect("all numbers are finite");
    time("1024 draws again after a lever moved", 15, || {
        moving.restart(&model, &half.levers).expect("the levers are sound");
        while moving.advance() {}
    });

    let mut twelve = half.clone();
    twelve.levers[12] = 0.0;
    time("contributions of 12 levers to net jobs, exact", 9, || {
        model::attribution(&model, &twelve, sampling(256), &net_jobs)
    });
    time("contributions of 12 levers to all outcomes", 5, || {
        model::attribution(&model, &twelve, sampling(256), &outcomes)
    });
    time("contributions of 13 levers, 256 orders", 9, || model::attribution(&model, &half, sampling(256), &net_jobs));
    let quantity = |id: &str| {
        let variable = model.variable(id).expect("it is declared");
        Quantity { variable, measure: Measure::Difference, point: 10 }
    };
    time("tornado of all parameters", 15, || model::tornado(&model, &half, &[quantity("net_jobs")]));
    time("Sobol' indices from 2 × 256 draws", 3, || {
        model::sobol(&model, &half, sampling(256), &[quantity("net_jobs")])
    });
    let mut goal = Goal {
        quantity: quantity("net_jobs"),
        at_least: 100_000.0,
        certainty: Certainty::Central,
        cost: quantity("spent"),
        bounds: vec![(0.0, 1.0); model.levers.len()],
    };
    time("cheapest mix for 100,000 net jobs", 5, || model::goal(&model, &half, &goal));
    goal.certainty = Certainty::Probable { probability: 0.75, sampling: sampling(256) };
    time("the same in three of four draws", 3, || model::goal(&model, &half, &goal));

    against_the_twin(&model, &half, &outcomes);
    on_all_cores(&model, &half, &net_jobs);
}

/// The engine against the same equations written by hand, both over the same 1,024 draws.
fn against_the_twin(model: &Model, scenario: &Scenario, outcomes: &[VariableId]) {
    let sampling = Sampling { draws: 1024, seed: 1 };
    let draw = || -> Vec<Vec<f64>> {
        let column = |parameter| {
            let drawn = model::drawn(model, scenario, sampling, parameter).expect("the scenario is sound");
            drawn.unwrap_or_else(|| vec![model.parameters[parameter.index()].estimate(scenario.region).central; 1024])
        };
        model.parameter_ids().map(column).collect()
    };
    let columns = draw();
    let value = |name: &str, lane: usize| columns[model.parameter(name).expect("it is declared").index()][lane];
    let lanes: Vec<twin::Lane> =
        (0..1024).map(|lane| twin::Lane::new(&scenario.levers, |name| value(name, lane))).collect();
    // In turns, so that both meet the same machine.
    let mut times = [Vec::new(), Vec::new(), Vec::new()];
    for _ in 0..15 {
        times[0].push(seconds(draw));
        times[1].push(seconds(|| model::ensemble(model, scenario, sampling, outcomes)));
        times[2].push(seconds(|| lanes.iter().map(twin::run).collect::<Vec<_>>()));
    }
    let [draws, engine, twin] = times.map(median);
    println!("1024 draws: {:.2} ms to draw, {:.2} ms in all by the engine", draws * 1e3, engine * 1e3);
    println!("the same by the hand-written twin, without drawing {:>8.2} ms", twin * 1e3);
    println!("engine without drawing / twin                      {:>8.2}", (engine - draws) / twin);
}

/// A large ensemble on one thread and on all, and the memory that it takes.
fn on_all_cores(model: &Model, scenario: &Scenario, variables: &[VariableId]) {
    let sampling = Sampling { draws: 100_000, seed: 1 };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut times = Vec::new();
    for threads in [1, threads] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can be started");
        let mut all: Vec<f64> = (0..3)
            .map(|_| {
                let mut run = EnsembleRun::new(model, scenario, sampling, variables).expect("the scenario is sound");
                seconds(|| pool.install(|| run.finish_in_parallel(model).map(|ensemble| ensemble.times().len())))
            })
            .collect();
        all.sort_by(f64::total_cmp);
        println!("100,000 draws of net jobs on {threads} threads               {:>8.2} s", all[1]);
        times.push(all[1]);
    }
    println!("speed-up                                           {:>8.2}", times[0] / times[1]);
    // Linux only; elsewhere nobody knows.
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    if let Some(peak) = status.lines().find_map(|line| line.strip_prefix("VmHWM:")) {
        println!("most memory held so far: {}", peak.trim());
    }
}

fn time<T>(name: &str, rounds: usize, mut work: impl FnMut() -> T) {
    let mut times: Vec<f64> = (0..rounds).map(|_| seconds(&mut work)).collect();
    times.sort_by(f64::total_cmp);
    println!("{name:<48} {:>10.3} ms {:>10.3} ms", times[rounds / 2] * 1e3, times[0] * 1e3);
}

fn seconds<T>(work: impl FnOnce() -> T) -> f64 {
    let start = Instant::now();
    black_box(work());
    start.elapsed().as_secs_f64()
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn texts() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/models/micro-multinationals");
    std::fs::read_dir(folder)
        .expect("the model's folder is there")
        .map(|entry| entry.expect("its entries can be read").path())
        .map(|path| (path.display().to_string(), std::fs::read_to_string(&path).expect("it is text")))
        .collect()
}
