//! Bytes → files → a model, or diagnostics that can be printed → a few short runs.

#![no_main]

use diagnostic::print::{Style, human, json};
use libfuzzer_sys::fuzz_target;
use model::{Model, ModelFile, Sampling, Scenario, Schedule, reference_places};

/// Stands between the files of a model, on a line of its own.
const CUT: &str = "=== next file ===\n";

/// Variables beyond which a model is only compiled: runs of the largest are slow, and no different.
const MOST_RUN: usize = 2_000;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let texts: Vec<(String, &str)> =
        text.split(CUT).take(12).enumerate().map(|(index, text)| (format!("{index}.toml"), text)).collect();
    let files: Vec<ModelFile<'_>> = texts.iter().map(|(path, text)| ModelFile { path, text }).collect();
    let checked = model::compile(&files);
    for diagnostic in checked.diagnostics.iter().take(40) {
        let text_of = |path: &str| files.iter().find(|file| file.path == path).map(|file| file.text.into());
        human(diagnostic, Style::Plain, text_of);
        json(diagnostic, text_of);
    }
    assert_eq!(checked.value.is_none(), checked.diagnostics.has_errors(), "a model comes without errors and only then");
    if let Some(model) = checked.value.filter(|model| model.variables.len() <= MOST_RUN) {
        run(&model);
    }
});

/// The engine may refuse a run, because a number is not finite, but not end in any other way.
fn run(model: &Model) {
    let copy = Model::from_bytes(&model.to_bytes()).expect("what was just written can be read");
    assert!(copy.to_bytes() == model.to_bytes(), "a copy is the model");
    let region = model.region_ids().next().expect("a model has a region");
    let mut scenario = Scenario::new(model, region);
    let points = (scenario.years / model.time.save).min(4.0);
    scenario.years = points * model.time.save;
    if model.time.save / model.time.step > 100.0 {
        return;
    }
    if let Ok(run) = model::run(model, &scenario) {
        for variable in model.variable_ids() {
            assert_eq!(run.series(variable).len(), run.times().len());
            assert_eq!(run.series(variable), run.baseline(variable), "no lever moves, so nothing does");
        }
    }
    let _ = reference_places(model, region);
    scenario.levers = model.levers.iter().map(|lever| lever.range.1).collect();
    scenario.schedules.fill(Schedule { start: 0.5, ramp: 1.0 });
    let variables: Vec<_> = model.variable_ids().take(50).collect();
    let _ = model::ensemble(model, &scenario, Sampling { draws: 3, seed: 1 }, &variables);
}
