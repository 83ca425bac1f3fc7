//! Times of what a reader waits for, on the model of micro-multinationals: the fastest of several rounds.

use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use model::{EnsembleRun, Model, ModelFile, Sampling, Scenario, VariableId};

fn main() {
    let texts = texts();
    let files: Vec<ModelFile<'_>> = texts.iter().map(|(path, text)| ModelFile { path, text }).collect();
    let model = model::compile(&files).value.expect("the published model has no mistakes");
    let bytes = model.to_bytes();
    let mut half = Scenario::new(&model, model.region("us").expect("it is declared"));
    half.levers.fill(0.5);
    let outcomes: Vec<VariableId> = model.outcomes.iter().map(|outcome| outcome.variable).collect();
    let sampling = |draws| Sampling { draws, seed: 1 };

    println!(
        "{} bytes of text, {} in compact form",
        texts.iter().map(|(_, text)| text.len()).sum::<usize>(),
        bytes.len()
    );
    println!("{} parameters, {} variables, {} outcomes", model.parameters.len(), model.variables.len(), outcomes.len());
    time("compile the text", 20, || model::compile(&files).value);
    time("read the compact form", 200, || Model::from_bytes(&bytes));
    time("one central run, all variables", 200, || model::run(&model, &half));
    for draws in [128, 1024, 8192] {
        let name = format!("{draws} draws of all outcomes");
        time(&name, 10, || model::ensemble(&model, &half, sampling(draws), &outcomes));
    }
    let net_jobs = [model.variable("net_jobs").expect("it is declared")];
    time("1024 draws of net jobs alone", 10, || model::ensemble(&model, &half, sampling(1024), &net_jobs));
    let mut moving = EnsembleRun::new(&model, &half, sampling(1024), &outcomes).expect("the scenario is sound");
    moving.finish(&model).expect("all numbers are finite");
    time("1024 draws again after a lever moved", 10, || {
        moving.restart(&model, &half.levers).expect("the levers are sound");
        while moving.advance() {}
    });
    let ensemble = model::ensemble(&model, &half, sampling(1024), &outcomes).expect("all numbers are finite");
    time("bands of 1024 draws of one outcome", 50, || ensemble.bands(net_jobs[0]));
}

fn time<T>(name: &str, rounds: usize, mut work: impl FnMut() -> T) {
    let fastest = (0..rounds)
        .map(|_| {
            let start = Instant::now();
            black_box(work());
            start.elapsed()
        })
        .min()
        .expect("there are rounds");
    println!("{name:<40} {:>10.3} ms", fastest.as_secs_f64() * 1e3);
}

fn texts() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/models/micro-multinationals");
    std::fs::read_dir(folder)
        .expect("the model's folder is there")
        .map(|entry| entry.expect("its entries can be read").path())
        .map(|path| (path.display().to_string(), std::fs::read_to_string(&path).expect("it is text")))
        .collect()
}
