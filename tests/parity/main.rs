//! The engine in the browser gives the bits that the engine here gives.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use model::{Model, ModelFile, RegionId, Scenario, Schedule};
use tests::chromium::{Chromium, Scripts, View, quoted};
use tests::dice::Dice;
use tests::html::Page;
use tests::server::Server;

/// The model of the repository, from its text.
fn model_from_text() -> Model {
    let folder = tests::workspace().join("data/models/micro-multinationals");
    let mut files: Vec<(String, String)> = fs::read_dir(&folder)
        .expect("the model is in the checkout")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .map(|path| (path.display().to_string(), fs::read_to_string(&path).expect("readable")))
        .collect();
    files.sort();
    let files: Vec<ModelFile<'_>> = files.iter().map(|(path, text)| ModelFile { path, text }).collect();
    let checked = model::compile(&files);
    checked.value.unwrap_or_else(|| panic!("{:#?}", checked.diagnostics))
}

/// What to run: lever settings and the parameters that differ from their central values.
struct Case {
    region: RegionId,
    levers: Vec<f64>,
    /// When each of them moves; empty for at once.
    schedules: Vec<Schedule>,
    parameters: Vec<(String, f64)>,
}

/// Lever settings that together touch every equation: none, all, each alone, halves, and some that no preset has.
fn settings(model: &Model) -> Vec<Vec<f64>> {
    let count = model.levers.len();
    let mut settings: Vec<Vec<f64>> = [0.0, 0.5, 1.0].map(|setting| vec![setting; count]).into();
    settings.push(model.levers.iter().map(|lever| lever.status_quo).collect());
    settings.extend((0..count).map(|alone| (0..count).map(|lever| if lever == alone { 1.0 } else { 0.0 }).collect()));
    settings.extend(model.scenarios.iter().filter_map(|preset| preset.levers.clone()));
    let mut dice = Dice::new(7);
    settings.extend((0..8).map(|_| (0..count).map(|_| dice.share()).collect()));
    settings
}

/// The random scenarios, parameters among them, on which the engine agrees with the independent reference.
fn reference_cases(model: &Model) -> Vec<Case> {
    let file = tests::workspace().join("explorer/model/tests/scenarios.csv");
    let text = fs::read_to_string(file).expect("the scenarios are in the checkout");
    let number = |text: &str| text.parse::<f64>().expect("a number");
    let count = model.levers.len();
    let case = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        let parameters = cells[1 + count].split_whitespace().map(|setting| {
            let (name, value) = setting.split_once('=').expect("a parameter has a value");
            (name.to_owned(), number(value))
        });
        Case {
            region: model.region(cells[0]).expect("the region is declared"),
            levers: cells[1..=count].iter().map(|cell| number(cell)).collect(),
            schedules: Vec::new(),
            parameters: parameters.collect(),
        }
    };
    let levers: Vec<&str> = model.levers.iter().map(|lever| lever.id.as_str()).collect();
    let heading: Vec<&str> = text.lines().next().unwrap_or_default().split(',').collect();
    assert_eq!(&heading[1..=count], &levers, "the levers stand in the model's order");
    text.lines().skip(1).map(case).collect()
}

/// Levers that wait, that rise over years, that do both, on and off the steps of the run.
fn scheduled_cases(model: &Model) -> Vec<Case> {
    let mut dice = Dice::new(11);
    let years = model.time.stop - model.time.start;
    let mut cases = Vec::new();
    for region in &model.regions {
        let region = model.region(&region.id).expect("it is in the list");
        for _ in 0..8 {
            let levers = model.levers.iter().map(|_| dice.share()).collect();
            let schedule = |lever: usize, start: f64, ramp: f64| match lever % 4 {
                0 => Schedule { start: start.round(), ramp: 0.0 },
                1 => Schedule { start: 0.0, ramp },
                2 => Schedule { start, ramp: ramp.round() },
                _ => Schedule { start, ramp },
            };
            let schedules = (0..model.levers.len())
                .map(|lever| schedule(lever, dice.share() * years * 0.5, dice.share() * years * 0.5))
                .collect();
            cases.push(Case { region, levers, schedules, parameters: Vec::new() });
        }
    }
    cases
}

fn cases(model: &Model) -> Vec<Case> {
    let regions = model.regions.iter().map(|region| model.region(&region.id).expect("it is in the list"));
    let plain = regions.flat_map(|region| {
        let case = |levers| Case { region, levers, schedules: Vec::new(), parameters: Vec::new() };
        settings(model).into_iter().map(case).collect::<Vec<_>>()
    });
    plain.chain(reference_cases(model)).chain(scheduled_cases(model)).collect()
}

/// Every variable at every saved point, under the settings and in the base run, in the order of the bundle's `run`.
fn natively(model: &Model, case: &Case) -> Vec<u64> {
    let mut scenario = Scenario::new(model, case.region);
    scenario.levers.clone_from(&case.levers);
    if !case.schedules.is_empty() {
        scenario.schedules.clone_from(&case.schedules);
    }
    for (name, value) in &case.parameters {
        scenario.parameters.insert(model.parameter(name).expect("the parameter is declared"), *value);
    }
    let run = model::run(model, &scenario).expect("all numbers are finite");
    let variables = model.variables.iter().filter_map(|variable| model.variable(&variable.id));
    variables.flat_map(|id| [run.series(id), run.baseline(id)].concat()).map(f64::to_bits).collect()
}

/// The same from the bundle that `view` has loaded.
fn in_the_browser(view: &View, model: &Model, case: &Case) -> Vec<u64> {
    let names: Vec<&str> = case.parameters.iter().map(|(name, _)| name.as_str()).collect();
    let values: Vec<f64> = case.parameters.iter().map(|(_, value)| *value).collect();
    let schedules: Vec<f64> = case.schedules.iter().flat_map(|schedule| [schedule.start, schedule.ramp]).collect();
    let bits: String = view.value(&format!(
        "[...new BigUint64Array(window.loaded.run({}, {}, {}, {}, {}).buffer)].map(bits => bits.toString(16)).join(' ')",
        quoted(&model.regions[case.region.index()].id),
        numbers(&case.levers),
        numbers(&schedules),
        quoted(&names.join(" ")),
        numbers(&values)
    ));
    bits.split(' ').map(|bits| u64::from_str_radix(bits, 16).expect("hexadecimal")).collect()
}

/// Rust prints the shortest digits that give the same number back, and JavaScript reads them so.
fn numbers(values: &[f64]) -> String {
    let list: Vec<String> = values.iter().map(|value| format!("{value:?}")).collect();
    format!("new Float64Array([{}])", list.join(","))
}

#[test]
fn every_number_has_the_same_bits_here_and_in_the_browser() {
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("parity");
    let tree = tests::build_real_site(&out, None);
    let page = Page::read(&tree, "explorer/index.html");
    let attribute =
        |name: &str| page.values(name).first().map(|value| (*value).to_owned()).unwrap_or_else(|| panic!("no {name}"));
    let (bindings, program, compact) = (attribute("data-bindings"), attribute("data-program"), attribute("data-model"));

    let model = model_from_text();
    let published = tree.file_at(&compact).map(|file| &tree.files[file]).expect("the model was published");
    let published = Model::from_bytes(published).expect("this version reads it");

    let server = Server::start(&out);
    let chromium = Chromium::launch();
    // A page of the site that does not load the program by itself.
    let view = chromium.open(&server.url("/404.html"), 800, Scripts::On);
    let sizes: Vec<usize> = view.value(&format!(
        "(async () => {{ const bindings = await import({0}); await bindings.default({{ module_or_path: {1} }}); \
         const bytes = new Uint8Array(await (await fetch({2})).arrayBuffer()); \
         window.loaded = new bindings.Loaded(bytes); return [bytes.length]; }})()",
        quoted(&bindings),
        quoted(&program),
        quoted(&compact)
    ));
    assert!(sizes[0] > 1_000, "the browser has the model: {sizes:?} bytes");

    let (mut compared, mut differing, mut results) = (0, Vec::new(), BTreeSet::new());
    let cases = cases(&model);
    for case in &cases {
        let here = natively(&model, case);
        assert_eq!(here, natively(&published, case), "the compact form is the same model");
        let there = in_the_browser(&view, &model, case);
        let region = &model.regions[case.region.index()].id;
        assert_eq!(here.len(), there.len(), "{region} {:?}", case.levers);
        compared += here.len();
        let points = here.len() / model.variables.len();
        for (index, (here, there)) in here.iter().zip(&there).enumerate().filter(|(_, (here, there))| here != there) {
            let (here, there) = (f64::from_bits(*here), f64::from_bits(*there));
            let (variable, point) = (&model.variables[index / points].id, index % points);
            differing.push(format!(
                "{region} {variable} at {point}: {here:e} here, {there:e} there, {:?} {:?}",
                case.levers, case.schedules
            ));
        }
        results.insert(here);
    }
    assert!(cases.len() > 200 && results.len() > cases.len() * 3 / 4, "settings change results: {}", results.len());
    println!("{compared} numbers compared");
    assert!(
        differing.is_empty(),
        "{} of {compared} numbers differ:\n{}",
        differing.len(),
        differing[..differing.len().min(20)].join("\n")
    );
    assert_eq!(view.problems(), Vec::<String>::new());
}
