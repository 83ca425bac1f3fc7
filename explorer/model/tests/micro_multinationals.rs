//! The model of micro-multinationals compiles without a word, gives the tables of its reference run (an independent
//! script) to every printed digit, and keeps the laws it states.

use std::fmt::Write;
use std::path::Path;

use model::{Bands, EnsembleRun, Model, ModelFile, Run, RunError, Sampling, Scenario, VariableId};

/// The tables that the reference run printed.
const REFERENCE: &str = include_str!("micro_multinationals.txt");

fn compiled() -> Model {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/models/micro-multinationals");
    let mut files: Vec<(String, String)> = std::fs::read_dir(&folder)
        .expect("the model's folder is there")
        .map(|entry| entry.expect("its entries can be read").path())
        .map(|path| {
            let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
            (name, std::fs::read_to_string(&path).expect("it is text"))
        })
        .collect();
    files.sort();
    let files: Vec<ModelFile<'_>> = files.iter().map(|(path, text)| ModelFile { path, text }).collect();
    let checked = model::compile(&files);
    let shown: Vec<String> = checked
        .diagnostics
        .iter()
        .map(|diagnostic| {
            diagnostic::print::human(diagnostic, diagnostic::print::Style::Plain, |path| {
                files.iter().find(|file| file.path == path).map(|file| file.text.into())
            })
        })
        .collect();
    assert!(shown.is_empty(), "{}", shown.join("\n"));
    checked.value.expect("no diagnostics, so there is a model")
}

fn scenario(model: &Model, region: &str) -> Scenario {
    Scenario::new(model, model.region(region).expect("the region is declared"))
}

/// All levers at `setting`.
fn all(model: &Model, region: &str, setting: f64) -> Scenario {
    let mut scenario = scenario(model, region);
    scenario.levers.fill(setting);
    scenario
}

fn preset(model: &Model, region: &str, presets: &[&str]) -> Scenario {
    presets.iter().fold(scenario(model, region), |scenario, preset| {
        scenario.with_preset(model, model.scenario(preset).expect("the scenario is declared"))
    })
}

/// A run, and its numbers by the names of variables.
struct Numbers<'m> {
    model: &'m Model,
    run: Run,
}

impl<'m> Numbers<'m> {
    fn of(model: &'m Model, scenario: &Scenario) -> Self {
        Self { model, run: model::run(model, scenario).expect("all numbers are finite") }
    }

    fn id(&self, name: &str) -> VariableId {
        self.model.variable(name).unwrap_or_else(|| panic!("there is no variable {name}"))
    }

    fn at(&self, name: &str, year: usize) -> f64 {
        self.run.series(self.id(name))[year]
    }

    fn base(&self, name: &str, year: usize) -> f64 {
        self.run.baseline(self.id(name))[year]
    }

    fn total(&self, name: &str) -> f64 {
        self.run.total(self.id(name))
    }
}

/// The lines of the reference from the one that starts with `title` to the next empty one, without title and heading.
fn reference_table(title: &str) -> String {
    let mut lines = REFERENCE.lines().skip_while(|line| !line.starts_with(title)).skip(2);
    lines.by_ref().take_while(|line| !line.is_empty()).fold(String::new(), |text, line| text + line + "\n")
}

#[test]
fn table_1_baseline_and_all_levers_at_half_by_year() {
    let model = compiled();
    let half = Numbers::of(&model, &all(&model, "us", 0.5));
    let mut printed = String::new();
    for year in [0, 1, 2, 3, 5, 7, 10] {
        let columns = |value: &dyn Fn(&str) -> f64| {
            format!(
                "{:9.0} {:8.1} {:7.2} {:9.1} {:9.1} {:10.3}",
                value("firms_total") / 1e3,
                value("exporters") / 1e3,
                value("exporter_share") * 100.0,
                value("sme_exports") / 1e3,
                value("exports_total") / 1e3,
                value("sme_jobs") / 1e6,
            )
        };
        let base = columns(&|name| half.base(name, year));
        let policy = columns(&|name| half.at(name, year));
        writeln!(printed, "{year:4} | {base} | {policy} {:8.2}", half.at("spending", year) / 1e3).unwrap();
    }
    assert_eq!(printed, reference_table("TABLE 1."));
}

/// The columns that tables 2 and 3 share.
fn year_10(numbers: &Numbers<'_>) -> String {
    format!(
        "{:9.0} {:9.2} {:9.2} {:9.2} {:9.0} {:9.0} {:9.2}",
        numbers.at("extra_exporters", 10),
        numbers.at("exporter_share", 10) * 100.0,
        numbers.at("sme_export_gain", 10) / 1e3,
        numbers.at("net_exports", 10) / 1e3,
        numbers.at("gross_jobs", 10),
        numbers.at("net_jobs", 10),
        numbers.at("spending", 10) / 1e3,
    )
}

#[test]
fn table_2_differences_in_year_10_by_case() {
    let model = compiled();
    let half = all(&model, "us", 0.5);
    let mut printed = String::new();
    for (case, scenario) in [
        ("zero levers", scenario(&model, "us")),
        ("all levers 50%", half.clone()),
        ("all levers 100%", all(&model, "us", 1.0)),
        ("all levers 50%, sceptic case", preset(&model, "us", &["all-at-50", "sceptic"])),
        ("all levers 50%, advocate case (no discounts)", preset(&model, "us", &["all-at-50", "advocate"])),
    ] {
        let numbers = Numbers::of(&model, &scenario);
        writeln!(printed, "{case:<46} {} {:10.1}", year_10(&numbers), numbers.at("spent", 10) / 1e3).unwrap();
    }
    let half = Numbers::of(&model, &half);
    writeln!(
        printed,
        "  all 50%: gross jobs by channel: domestic {:.0}, export-supported {:.0}, own-account {:.0}",
        half.at("gross_domestic_jobs", 10),
        half.at("gross_export_jobs", 10),
        half.at("gross_own_account", 10),
    )
    .unwrap();
    writeln!(
        printed,
        "  all 50%: net job-years over 10 years {:.0}; undiscounted cost per net job-year US$ {:.0}; net SME exports over 10 years per US$ of cost {:.1}",
        half.total("net_jobs"),
        half.at("spent", 10) * 1e6 / half.total("net_jobs"),
        half.total("net_sme_exports") / half.at("spent", 10),
    )
    .unwrap();
    assert_eq!(printed, reference_table("TABLE 2."));
}

#[test]
fn table_3_each_lever_alone() {
    let model = compiled();
    let names = [
        "Export readiness",
        "In-market support",
        "Technology vouchers",
        "Management training",
        "Credit guarantees",
        "Start-up/univ. ventures",
        "Self-employed security",
        "Entrepreneurship educ.",
        "Skilled migration",
        "Digital infra+market",
        "Services market opening",
        "Fair platforms, shared svc",
    ];
    let mut printed = String::new();
    let mut sum = 0.0;
    let mut together = scenario(&model, "us");
    for (index, name) in names.iter().enumerate() {
        let lever = &model.levers[index].id;
        let mut alone = scenario(&model, "us");
        alone.levers[index] = 1.0;
        together.levers[index] = 1.0;
        let numbers = Numbers::of(&model, &alone);
        sum += numbers.at("sme_export_gain", 10);
        let per_dollar = numbers.total("net_sme_exports") / numbers.at("spent", 10);
        writeln!(printed, "{:<46} {} {per_dollar:10.1}", format!("{lever} {name}"), year_10(&numbers)).unwrap();
    }
    let together = Numbers::of(&model, &together).at("sme_export_gain", 10);
    writeln!(
        printed,
        "  sum of single-lever SME export gains {:.2} bn against {:.2} bn for all together (without E1): overlap inside flows, net of gains from levers on successive stages",
        sum / 1e3,
        together / 1e3,
    )
    .unwrap();
    assert_eq!(printed, reference_table("TABLE 3."));
}

#[test]
fn table_5_all_regions() {
    let model = compiled();
    let mut printed = String::new();
    for region in ["us", "ca", "eu", "ke"] {
        let numbers = Numbers::of(&model, &all(&model, region, 0.5));
        writeln!(
            printed,
            "{:<4} {:8.2} {:8.2} {:9.2} {:9.1} {:9.3} {:9.3} {:9.0} {:9.0} {:9.3} {:9.2}",
            region.to_uppercase(),
            numbers.base("exporter_share", 0) * 100.0,
            numbers.base("exporter_share", 10) * 100.0,
            numbers.at("exporter_share", 10) * 100.0,
            numbers.base("exports_total", 10) / 1e3,
            numbers.at("sme_export_gain", 10) / 1e3,
            numbers.at("net_exports", 10) / 1e3,
            numbers.at("gross_jobs", 10),
            numbers.at("net_jobs", 10),
            numbers.at("spending", 10) / 1e3,
            numbers.at("net_exports", 10) / numbers.base("exports_total", 10) * 100.0,
        )
        .unwrap();
    }
    assert_eq!(printed, reference_table("TABLE 5."));
}

#[test]
fn levers_at_their_status_quo_give_the_base_run_bit_for_bit() {
    let model = compiled();
    for region in ["us", "ca", "eu", "ke"] {
        let run = model::run(&model, &scenario(&model, region)).unwrap();
        for variable in (0..model.variables.len()).map(|index| model.variable(&model.variables[index].id).unwrap()) {
            let bits = |series: &[f64]| series.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
            let name = &model.variables[variable.index()].id;
            assert_eq!(bits(run.series(variable)), bits(run.baseline(variable)), "{name} in {region}");
        }
    }
}

#[test]
fn the_first_year_is_what_was_measured() {
    let model = compiled();
    for region in ["us", "ca", "eu", "ke"] {
        let numbers = Numbers::of(&model, &all(&model, region, 1.0));
        let id = model.region(region).unwrap();
        let parameter = |name: &str| model.parameters[model.parameter(name).unwrap().index()].estimate(id).central;
        for (variable, expected) in [
            ("sme_jobs", parameter("J0")),
            ("exports_total", parameter("V0")),
            ("exporters", parameter("T0") * parameter("shX")),
            ("firms_total", parameter("T0")),
        ] {
            let found = numbers.at(variable, 0);
            assert!((found / expected - 1.0).abs() < 1e-12, "{variable} in {region}: {found}, not {expected}");
        }
    }
}

#[test]
fn firms_change_by_startups_less_closures_and_shares_stay_shares() {
    let model = compiled();
    let closures = ["local_closures", "digital_closures", "new_closures", "established_closures"];
    for region in ["us", "ca", "eu", "ke"] {
        let mut scenario = all(&model, region, 1.0);
        scenario.years = 20.0;
        let numbers = Numbers::of(&model, &scenario);
        for year in 0..=20 {
            for stock in
                ["local", "digital", "new_exporters", "established", "own_account", "domestic_jobs", "export_jobs"]
            {
                assert!(numbers.at(stock, year) > 0.0, "{stock} in {region}, year {year}");
            }
            for share in ["exporter_share", "digital_share", "born_global"] {
                assert!((0.0..=1.0).contains(&numbers.at(share, year)), "{share} in {region}, year {year}");
            }
        }
        // Rates are saved once a year, so the balance over a year holds to the size of a step.
        for year in 0..20 {
            let births: f64 = (year..=year + 1).map(|year| numbers.at("startups", year)).sum::<f64>() / 2.0;
            let deaths: f64 = (year..=year + 1)
                .map(|year| closures.iter().map(|closure| numbers.at(closure, year)).sum::<f64>())
                .sum::<f64>()
                / 2.0;
            let change = numbers.at("firms_total", year + 1) - numbers.at("firms_total", year);
            assert!((change - (births - deaths)).abs() < 1e-4 * numbers.at("firms_total", year), "{region}, {year}");
        }
    }
}

#[test]
fn levers_on_a_flow_overlap_and_stay_below_its_ceiling() {
    let model = compiled();
    let one = |index: usize| {
        let mut scenario = scenario(&model, "us");
        scenario.levers[index] = 1.0;
        Numbers::of(&model, &scenario)
    };
    let singles: Vec<Numbers<'_>> = (0..12).map(one).collect();
    let together = Numbers::of(&model, &all(&model, "us", 1.0));
    let region = model.region("us").unwrap();
    for flow in ["S", "a", "b", "r", "d", "x", "e", "F", "phi", "sx", "lg"] {
        let name = format!("change_{flow}");
        let ceiling = model.parameters[model.parameter(&format!("A_{flow}")).unwrap().index()].estimate(region).central;
        assert!(together.at(&name, 10) <= ceiling, "{flow}");
        for (a, first) in singles.iter().enumerate() {
            assert!(first.at(&name, 10) >= 0.0, "{flow}: a lever with a positive effect never lowers its flow");
            for (b, second) in singles.iter().enumerate().skip(a + 1) {
                let mut scenario = scenario(&model, "us");
                scenario.levers[a] = 1.0;
                scenario.levers[b] = 1.0;
                let both = Numbers::of(&model, &scenario).at(&name, 10);
                let sum = first.at(&name, 10) + second.at(&name, 10);
                assert!(both <= sum * (1.0 + 1e-12), "{flow}: {a} and {b} together");
            }
        }
    }
}

#[test]
fn a_full_sceptic_sees_no_effect_and_still_pays() {
    let model = compiled();
    let mut scenario = all(&model, "us", 1.0);
    scenario.parameters.insert(model.parameter("eta").unwrap(), 1.0);
    let numbers = Numbers::of(&model, &scenario);
    for difference in ["gross_jobs", "net_jobs", "sme_export_gain", "net_exports", "extra_exporters"] {
        assert_eq!(numbers.at(difference, 10), 0.0, "{difference}");
    }
    assert_eq!(format!("{:.1}", numbers.at("spending", 10) / 1e3), "9.5");
}

#[test]
fn half_the_step_changes_results_by_less_than_half_a_per_cent() {
    let model = compiled();
    let gain = |step: f64| {
        let mut model = model.clone();
        model.time.step = step;
        let numbers = Numbers::of(&model, &all(&model, "us", 0.5));
        (numbers.at("sme_export_gain", 10), numbers.at("net_jobs", 10))
    };
    let (quarter, eighth, sixteenth) = (gain(0.25), gain(0.125), gain(0.0625));
    for (coarse, fine) in [(quarter, eighth), (eighth, sixteenth)] {
        assert!((coarse.0 / fine.0 - 1.0).abs() < 0.005);
        assert!((coarse.1 / fine.1 - 1.0).abs() < 0.005);
    }
    assert_eq!(
        format!("{:.3} {:.3} {:.3}", quarter.0 / 1e3, eighth.0 / 1e3, sixteenth.0 / 1e3),
        "14.597 14.563 14.546"
    );
    assert_eq!(format!("{:.0} {:.0} {:.0}", quarter.1, eighth.1, sixteenth.1), "145187 144801 144606");
}

#[test]
fn the_compact_form_is_the_model() {
    let model = compiled();
    let bytes = model.to_bytes();
    let read = Model::from_bytes(&bytes).expect("these bytes are a model");
    assert_eq!(read, model);
    for length in [0, 1, 100, bytes.len() / 2, bytes.len() - 1] {
        assert!(Model::from_bytes(&bytes[..length]).is_err(), "{length} bytes");
    }
    for place in (0..bytes.len()).step_by(997) {
        let mut damaged = bytes.clone();
        damaged[place] ^= 0x55;
        if let Ok(model) = Model::from_bytes(&damaged) {
            let region = model.region_ids().next();
            let _ = region.map(|region| model::run(&model, &Scenario::new(&model, region)));
        }
    }
    println!("{} bytes, {} parameters, {} variables", bytes.len(), model.parameters.len(), model.variables.len());
}

/// Percentiles of table 4 of the reference run (1,000 independent draws), in the units of the model.
const TABLE_4: [(&str, [f64; 5]); 6] = [
    ("extra_exporters", [8_850.0, 12_580.0, 15_680.0, 20_130.0, 27_440.0]),
    ("sme_export_gain", [9_740.0, 13_620.0, 17_700.0, 22_290.0, 31_580.0]),
    ("net_exports", [11_360.0, 16_720.0, 21_500.0, 26_740.0, 37_080.0]),
    ("gross_jobs", [384_144.0, 519_961.0, 649_227.0, 799_694.0, 1_053_124.0]),
    ("net_jobs", [89_123.0, 130_434.0, 171_938.0, 228_344.0, 319_182.0]),
    ("spending", [4_490.0, 5_540.0, 6_490.0, 7_570.0, 9_430.0]),
];

#[test]
fn table_4_independent_draws_within_sampling_error() {
    let mut model = compiled();
    model.groups.clear();
    let variables: Vec<VariableId> = TABLE_4.iter().map(|(name, _)| model.variable(name).unwrap()).collect();
    let sampling = Sampling { draws: 4096, seed: 1 };
    let ensemble = model::ensemble(&model, &all(&model, "us", 0.5), sampling, &variables).unwrap();
    for ((name, percentiles), variable) in TABLE_4.iter().zip(variables) {
        let mut draws = ensemble.draws(variable, 10).unwrap().to_vec();
        draws.sort_by(f64::total_cmp);
        for (percentile, share) in percentiles.iter().zip([0.05, 0.25, 0.5, 0.75, 0.95]) {
            // The share of our draws below their percentile has a standard error of √(p(1 − p) / 1000).
            let below = draws.partition_point(|value| value < percentile) as f64 / draws.len() as f64;
            let error = (share * (1.0 - share) / 1000.0_f64).sqrt();
            assert!((below - share).abs() < 4.0 * error, "{name}: {below} of the draws below P{}", share * 100.0);
        }
    }
}

#[test]
fn the_band_of_what_a_coherent_sceptic_believes_is_wide_enough() {
    let model = compiled();
    let net_jobs = model.variable("net_jobs").unwrap();
    let sampling = Sampling { draws: 4096, seed: 1 };
    let scenario = all(&model, "us", 0.5);
    let together = model::ensemble(&model, &scenario, sampling, &[net_jobs]).unwrap().bands(net_jobs).unwrap();
    let mut independent = model.clone();
    independent.groups.clear();
    let apart = model::ensemble(&independent, &scenario, sampling, &[net_jobs]).unwrap().bands(net_jobs).unwrap();
    for (band, narrower) in together.bands.iter().zip(&apart.bands) {
        assert!(band.low[10] < narrower.low[10] && band.high[10] > narrower.high[10]);
    }
    println!("95%: {:.0} to {:.0}", together.bands[2].low[10], together.bands[2].high[10]);
}

#[test]
fn bands_nest_and_status_quo_levers_have_none() {
    let model = compiled();
    let variables: Vec<VariableId> = model.outcomes.iter().map(|outcome| outcome.variable).collect();
    let sampling = Sampling { draws: 256, seed: 5 };
    let ensemble = model::ensemble(&model, &all(&model, "ca", 0.3), sampling, &variables).unwrap();
    let quiet = model::ensemble(&model, &scenario(&model, "ca"), sampling, &variables).unwrap();
    for variable in variables {
        let Bands { median, bands: [half, three_quarters, most] } = ensemble.bands(variable).unwrap();
        for (point, middle) in median.iter().enumerate() {
            let ends = [&most, &three_quarters, &half].map(|band| band.low[point]);
            let other = [&half, &three_quarters, &most].map(|band| band.high[point]);
            let chain = [&ends[..], &[*middle], &other[..]].concat();
            assert!(chain.is_sorted(), "{chain:?}");
        }
        assert_eq!(quiet.bands(variable), quiet.baseline_bands(variable));
    }
    let net_jobs = model.variable("net_jobs").unwrap();
    assert_eq!(quiet.probability_above(net_jobs, 10, 0.0), Some(0.0));
    assert_eq!(ensemble.probability_above(net_jobs, 10, 0.0), Some(1.0));
}

#[test]
fn a_draw_does_not_depend_on_what_else_is_drawn() {
    let model = compiled();
    let cost = model.variable("spending").unwrap();
    let sampling = Sampling { draws: 64, seed: 9 };
    let free = all(&model, "us", 0.5);
    let mut pinned = free.clone();
    pinned.parameters.insert(model.parameter("kX").unwrap(), 4.0);
    let draws = |scenario: &Scenario| {
        model::ensemble(&model, scenario, sampling, &[cost]).unwrap().draws(cost, 10).unwrap().to_vec()
    };
    assert_eq!(draws(&free), draws(&pinned), "jobs per export dollar do not change costs");
}

#[test]
fn what_cannot_be_run_is_refused() {
    let model = compiled();
    let good = scenario(&model, "us");
    let with = |change: &dyn Fn(&mut Scenario)| {
        let mut scenario = good.clone();
        change(&mut scenario);
        model::run(&model, &scenario).unwrap_err()
    };
    let kx = model.parameter("kX").unwrap();
    assert_eq!(with(&|s| s.levers.truncate(3)), RunError::LeverCount { found: 3, expected: 13 });
    assert_eq!(
        with(&|s| s.levers[0] = 1.5),
        RunError::LeverOutOfRange { lever: "L01".into(), value: 1.5, range: (0.0, 1.0) }
    );
    assert!(matches!(with(&|s| s.levers[0] = f64::NAN), RunError::LeverOutOfRange { .. }));
    assert!(matches!(with(&|s| s.years = 2.5), RunError::BadLength { .. }));
    assert!(matches!(with(&|s| s.years = 400.0), RunError::BadLength { .. }));
    assert!(matches!(with(&|s| s.parameters = [(kx, f64::NAN)].into()), RunError::ParameterNotFinite { .. }));
    let no_firms = with(&|s| s.parameters = [(model.parameter("T0").unwrap(), 0.0)].into());
    let expected = RunError::NotFinite { variable: "startup_rate".into(), region: "us".into(), year: 0.0, draw: 0 };
    assert_eq!(no_firms, expected, "the first in the order of computation, not the first that shows it");
    let none = model::ensemble(&model, &good, Sampling { draws: 0, seed: 1 }, &[]);
    assert_eq!(none.unwrap_err(), RunError::DrawCount { draws: 0 });
}

#[test]
fn what_the_model_states_about_itself_holds() {
    let model = compiled();
    let results = model::check(&model).unwrap();
    assert!(results.len() >= 10);
    for result in results {
        assert_eq!(result.failure, None, "{}", model.variables[result.check.index()].id);
        assert_eq!(result.runs, 4 * (2 + model.scenarios.len()));
    }
}

#[test]
fn an_ensemble_that_starts_again_is_one_that_starts_anew() {
    let model = compiled();
    let variables: Vec<VariableId> = model.outcomes.iter().map(|outcome| outcome.variable).collect();
    let sampling = Sampling { draws: 300, seed: 2 };
    let mut run = EnsembleRun::new(&model, &all(&model, "eu", 0.2), sampling, &variables).unwrap();
    assert!(run.advance());
    for setting in [0.9, 0.4] {
        let scenario = all(&model, "eu", setting);
        run.restart(&model, &scenario.levers).unwrap();
        let anew = model::ensemble(&model, &scenario, sampling, &variables).unwrap();
        assert!(run.finish(&model).unwrap() == &anew, "all levers at {setting}");
        assert_eq!(run.progress(), 1.0);
    }
    assert!(run.restart(&model, &[2.0; 13]).is_err());
}

#[test]
fn a_model_without_its_text_gives_the_same_numbers() {
    let model = compiled();
    let bare = model.clone().without_text();
    assert!(bare.to_bytes().len() < model.to_bytes().len() * 2 / 3);
    for region in &model.regions {
        let scenario = scenario(&model, &region.id);
        let scenario = scenario.with_preset(&model, model.scenario("all-at-50").expect("the scenario is declared"));
        assert_eq!(model::run(&bare, &scenario), model::run(&model, &scenario), "{}", region.id);
    }
}

#[test]
fn an_outcome_follows_the_parameters_it_needs_and_no_others() {
    let model = compiled();
    let half = all(&model, "us", 0.5);
    let central = model::run(&model, &half).expect("it runs");
    let outcomes: Vec<_> = model.outcomes.iter().map(|outcome| model.outcome(&outcome.id).expect("its own")).collect();
    let mut followed = 0;
    for parameter in model.parameter_ids() {
        let estimate = model.parameters[parameter.index()].estimate(half.region);
        let mut moved = half.clone();
        moved.parameters.insert(parameter, if estimate.high > estimate.central { estimate.high } else { estimate.low });
        // Some values cannot stand together with the central ones of others.
        let Ok(run) = model::run(&model, &moved) else { continue };
        for &outcome in &outcomes {
            let variable = model.outcomes[outcome.index()].variable;
            let courses = |run: &Run| [run.series(variable), run.baseline(variable)].concat();
            let is_followed = courses(&run) != courses(&central);
            let is_needed = model.needed_parameters(outcome).any(|needed| needed == parameter);
            assert!(
                is_needed || !is_followed,
                "{} follows {}",
                model.outcomes[outcome.index()].id,
                model.parameters[parameter.index()].id
            );
            followed += usize::from(is_followed);
        }
    }
    assert!(followed > 500, "most of what is needed is felt: {followed}");
}
