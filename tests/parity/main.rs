//! The engine in the browser gives the bits that the engine here gives.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use model::{Model, ModelFile, RegionId, Scenario};
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

/// Every variable at every saved point, under the settings and in the base run, in the order of the bundle's `run`.
fn natively(model: &Model, region: RegionId, levers: &[f64]) -> Vec<u64> {
    let mut scenario = Scenario::new(model, region);
    scenario.levers = levers.to_vec();
    let run = model::run(model, &scenario).expect("all numbers are finite");
    let variables = model.variables.iter().filter_map(|variable| model.variable(&variable.id));
    variables.flat_map(|id| [run.series(id), run.baseline(id)].concat()).map(f64::to_bits).collect()
}

/// The same from the bundle that `view` has loaded.
fn in_the_browser(view: &View, region: &str, levers: &[f64]) -> Vec<u64> {
    let mut list = String::new();
    for lever in levers {
        // Rust prints the shortest digits that give the same number back, and JavaScript reads them so.
        write!(list, "{lever:?},").expect("writing to a string succeeds");
    }
    let bits: String = view.value(&format!(
        "[...new BigUint64Array(window.loaded.run({}, new Float64Array([{list}])).buffer)].map(bits => bits.toString(16)).join(' ')",
        quoted(region)
    ));
    bits.split(' ').map(|bits| u64::from_str_radix(bits, 16).expect("hexadecimal")).collect()
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

    let mut compared = 0;
    let mut differing = Vec::new();
    for region in &model.regions {
        let id = model.region(&region.id).expect("it is in the list");
        let mut all = Vec::new();
        for levers in settings(&model) {
            let here = natively(&model, id, &levers);
            assert_eq!(here, natively(&published, id, &levers), "the compact form is the same model");
            let there = in_the_browser(&view, &region.id, &levers);
            assert_eq!(here.len(), there.len(), "{} {levers:?}", region.id);
            compared += here.len();
            let points = here.len() / model.variables.len();
            for (index, (here, there)) in here.iter().zip(&there).enumerate().filter(|(_, (here, there))| here != there)
            {
                let (here, there) = (f64::from_bits(*here), f64::from_bits(*there));
                let variable = &model.variables[index / points].id;
                differing.push(format!(
                    "{} {variable} at {}: {here:e} here, {there:e} there, {levers:?}",
                    region.id,
                    index % points
                ));
            }
            all.push(here);
        }
        all.sort();
        all.dedup();
        assert!(all.len() > 20, "settings change results: {} different ones", all.len());
    }
    println!("{compared} numbers compared");
    assert!(
        differing.is_empty(),
        "{} of {compared} numbers differ:\n{}",
        differing.len(),
        differing[..differing.len().min(20)].join("\n")
    );
    assert_eq!(view.problems(), Vec::<String>::new());
}
