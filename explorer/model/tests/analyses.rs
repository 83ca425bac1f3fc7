//! What contributions, tornadoes and indices must hold: on a model that can be worked out by hand, and on the real one.

mod real;

use model::{
    AttributionRun, Factor, LeverId, Measure, Model, ModelFile, Quantity, RunError, Sampling, Scenario, SobolRun,
    TornadoRun, VariableId,
};

const SAMPLING: Sampling = Sampling { draws: 256, seed: 3 };

fn compiled(texts: &[(String, String)]) -> Model {
    let files: Vec<ModelFile<'_>> = texts.iter().map(|(path, text)| ModelFile { path, text }).collect();
    let checked = model::compile(&files);
    let errors: Vec<_> = checked.diagnostics.iter().map(|diagnostic| diagnostic.message.clone()).collect();
    checked.value.unwrap_or_else(|| panic!("{errors:#?}"))
}

/// The shop, with changes to its text.
fn shop(changes: &[(&str, &str)]) -> Model {
    let mut text = include_str!("shop.toml").to_owned();
    for (from, to) in changes {
        assert!(text.contains(from), "{from}");
        text = text.replace(from, to);
    }
    compiled(&[("shop.toml".into(), text)])
}

/// All levers at `setting` in the first region.
fn all(model: &Model, setting: f64) -> Scenario {
    let mut scenario = Scenario::new(model, model.region_ids().next().expect("there is a region"));
    scenario.levers.fill(setting);
    scenario
}

/// Different settings for the levers, the last of them at their status quo.
fn uneven(model: &Model, active: usize) -> Scenario {
    let mut scenario = all(model, 0.0);
    for (place, setting) in scenario.levers.iter_mut().take(active).enumerate() {
        *setting = 0.2 + 0.06 * place as f64;
    }
    scenario
}

fn variable(model: &Model, id: &str) -> VariableId {
    model.variable(id).unwrap_or_else(|| panic!("there is no variable {id}"))
}

fn lever(model: &Model, id: &str) -> LeverId {
    model.lever(id).unwrap_or_else(|| panic!("there is no lever {id}"))
}

fn difference(model: &Model, id: &str, point: usize) -> Quantity {
    Quantity { variable: variable(model, id), measure: Measure::Difference, point }
}

fn assert_near(found: f64, expected: f64, error: f64, what: &str) {
    assert!((found - expected).abs() <= error, "{what}: {found}, expected {expected} ± {error}");
}

#[test]
fn contributions_share_out_what_levers_do_together() {
    let model = shop(&[]);
    let sales = variable(&model, "sales");
    let attribution = model::attribution(&model, &all(&model, 1.0), SAMPLING, &[sales]).unwrap();
    let of = |id| attribution.contribution(sales, lever(&model, id)).unwrap()[0];
    // 50 and 20 alone, 80 together: each gets half of the 10 that only both bring.
    assert_eq!((of("advert"), of("price"), of("paint")), (55.0, 25.0, 0.0));
    assert_eq!(attribution.total(sales), Some(&[80.0; 3][..]));
    assert_eq!(attribution.orders(), None);
    let cost = variable(&model, "cost");
    assert_eq!(attribution.contribution(cost, lever(&model, "paint")), None, "it was not asked for");
}

#[test]
fn levers_that_do_the_same_contribute_the_same_and_one_that_does_nothing_nothing() {
    let model = shop(&[("price_gain * setting[price]", "advert_gain * setting[price]")]);
    let sales = variable(&model, "sales");
    let mut scenario = all(&model, 0.3);
    scenario.levers[2] = 0.9;
    let attribution = model::attribution(&model, &scenario, SAMPLING, &[sales]).unwrap();
    let of = |id| attribution.contribution(sales, lever(&model, id)).unwrap()[1];
    assert_near(of("advert"), of("price"), 1e-12, "equal levers");
    assert_eq!(of("paint").to_bits(), 0, "exactly nothing");
}

#[test]
fn contributions_of_the_real_model_add_up_to_the_whole() {
    let model = real::model();
    let variables: Vec<VariableId> = model.outcomes.iter().map(|outcome| outcome.variable).collect();
    let mut worst: f64 = 0.0;
    for active in [0, 1, 5, 12, 13] {
        let scenario = uneven(&model, active);
        let attribution = model::attribution(&model, &scenario, SAMPLING, &variables).unwrap();
        assert_eq!(attribution.levers().len(), active);
        assert_eq!(attribution.orders(), (active > 12).then_some(256));
        let run = model::run(&model, &scenario).unwrap();
        for variable in &variables {
            for point in 0..=10 {
                let total = run.series(*variable)[point] - run.baseline(*variable)[point];
                assert_eq!(attribution.total(*variable).unwrap()[point], total);
                let sum: f64 = attribution
                    .levers()
                    .iter()
                    .map(|lever| attribution.contribution(*variable, *lever).unwrap()[point])
                    .sum();
                let size = run.series(*variable)[point].abs().max(f64::MIN_POSITIVE);
                worst = worst.max((sum - total).abs() / size);
            }
        }
    }
    println!("largest gap between the sum of contributions and the total, in sizes of the variable: {worst:e}");
    assert!(worst < 1e-12);
}

#[test]
fn sampled_contributions_lie_within_their_stated_error_of_the_exact_ones() {
    // Twelve levers are exact; the thirteenth makes the method sample, but is set so low that it hardly counts.
    let model = real::model();
    let net_jobs = variable(&model, "net_jobs");
    let exact_scenario = uneven(&model, 12);
    let mut sampled_scenario = exact_scenario.clone();
    sampled_scenario.levers[12] = 1e-9;
    let exact = model::attribution(&model, &exact_scenario, SAMPLING, &[net_jobs]).unwrap();
    let sampled = model::attribution(&model, &sampled_scenario, SAMPLING, &[net_jobs]).unwrap();
    let again = model::attribution(&model, &sampled_scenario, SAMPLING, &[net_jobs]).unwrap();
    assert_eq!(sampled, again, "the seed decides");
    let total = exact.total(net_jobs).unwrap()[10];
    for lever in exact.levers() {
        let error = sampled.standard_error(net_jobs, *lever).unwrap()[10];
        assert!(error < 0.01 * total, "{error}");
        let gap =
            sampled.contribution(net_jobs, *lever).unwrap()[10] - exact.contribution(net_jobs, *lever).unwrap()[10];
        assert!(gap.abs() < 4.5 * error + 1e-6 * total, "{}: {gap} with a standard error of {error}", lever.index());
    }
}

#[test]
fn slices_give_what_one_go_gives() {
    let model = real::model();
    let scenario = uneven(&model, 9);
    let quantity = difference(&model, "net_jobs", 10);
    let mut attribution = AttributionRun::new(&model, &scenario, SAMPLING, &[quantity.variable]).unwrap();
    let mut tornado = TornadoRun::new(&model, &scenario, &[quantity]).unwrap();
    let few = Sampling { draws: 130, seed: 2 };
    let mut sobol = SobolRun::new(&model, &scenario, few, &[quantity]).unwrap();
    let mut progress = [0.0; 3];
    for _ in 0..3 {
        assert!(attribution.advance() && sobol.advance());
        tornado.advance();
        let now = [attribution.progress(), tornado.progress(), sobol.progress()];
        assert!(now.iter().zip(progress).all(|(now, before)| *now > before || *now == 1.0), "{now:?}");
        progress = now;
    }
    let whole = model::attribution(&model, &scenario, SAMPLING, &[quantity.variable]);
    assert_eq!(attribution.finish(&model), whole);
    assert_eq!(tornado.finish(&model), model::tornado(&model, &scenario, &[quantity]));
    assert_eq!(sobol.finish(&model), model::sobol(&model, &scenario, few, &[quantity]));
    assert_eq!([attribution.progress(), tornado.progress(), sobol.progress()], [1.0; 3]);
}

#[test]
fn tornado_bars_are_what_runs_with_that_parameter_give() {
    let model = real::model();
    let mut scenario = uneven(&model, 13);
    scenario.parameters.insert(model.parameter("eta").unwrap(), 0.5);
    let quantities = [difference(&model, "sme_exports", 10), {
        let variable = variable(&model, "exporters");
        Quantity { variable, measure: Measure::Level, point: 4 }
    }];
    let tornadoes = model::tornado(&model, &scenario, &quantities).unwrap();
    for (tornado, quantity) in tornadoes.iter().zip(quantities) {
        let value = |scenario: &Scenario| {
            let run = model::run(&model, scenario).unwrap();
            let level = run.series(quantity.variable)[quantity.point];
            match quantity.measure {
                Measure::Level => level,
                Measure::Difference => level - run.baseline(quantity.variable)[quantity.point],
            }
        };
        assert_eq!(tornado.central, value(&scenario));
        assert!(tornado.bars.is_sorted_by(|a, b| a.spread() >= b.spread()));
        assert!(tornado.bars.len() > 90);
        let eta = tornado.bars.iter().find(|bar| model.parameters[bar.parameter.index()].id == "eta");
        assert!(eta.is_some_and(|bar| bar.low > tornado.central && tornado.central > bar.high), "it is set, and moved");
        for bar in tornado.bars.iter().step_by(7).chain(eta) {
            let estimate = model.parameters[bar.parameter.index()].estimate(scenario.region);
            for (end, found) in [(estimate.low, bar.low), (estimate.high, bar.high)] {
                let mut scenario = scenario.clone();
                scenario.parameters.insert(bar.parameter, end);
                assert_eq!(found, value(&scenario), "{}", model.parameters[bar.parameter.index()].id);
            }
        }
    }
}

#[test]
fn indices_of_the_shop_are_those_of_its_formula() {
    let model = shop(&[]);
    let mut scenario = all(&model, 0.0);
    scenario.levers[0] = 1.0;
    let sampling = Sampling { draws: 4096, seed: 4 };
    // Custom c on 80..120 and gain g on 0.25..0.75: the gain in sales is c·g.
    let (mean_c, mean_g, var_c, var_g) = (100.0_f64, 0.5_f64, 1600.0 / 12.0, 0.25 / 12.0);
    let variance = mean_g * mean_g * var_c + mean_c * mean_c * var_g + var_c * var_g;
    let expected = [
        ("advert_gain", mean_c * mean_c * var_g, var_c * var_g),
        ("custom", mean_g * mean_g * var_c, var_c * var_g),
        ("price_gain", 0.0, 0.0),
        ("rent", 0.0, 0.0),
    ];
    let indices = &model::sobol(&model, &scenario, sampling, &[difference(&model, "profit", 2)]).unwrap()[0];
    assert_near(indices.mean, 50.0 - 20.0, 0.07, "mean");
    assert_near(indices.variance / variance, 1.0, 0.03, "variance");
    for (id, own, together) in expected {
        let factor = Factor::Parameter(model.parameter(id).unwrap());
        let index = indices.factors.iter().find(|index| index.factor == factor).unwrap();
        assert_near(index.first, own / variance, 3.0 * index.first_error, &format!("first-order index of {id}"));
        assert_near(index.total, (own + together) / variance, 3.0 * index.total_error, &format!("total index of {id}"));
        assert!(index.first_error < 0.02 && index.total_error < 0.03);
        // What explains nothing is known to explain nothing.
        assert!(own > 0.0 || index.first == 0.0 && index.first_error == 0.0);
    }
}

#[test]
fn a_group_is_one_factor() {
    let group =
        "\n[groups.mood]\nlabel = \"Mood\"\ndoc = \"Why.\"\ncorrelation = 0.6\nwith = [\"custom\", \"advert_gain\"]\n";
    let whole = format!("{}{group}", include_str!("shop.toml"));
    let model = compiled(&[("shop.toml".into(), whole)]);
    let mut scenario = all(&model, 0.0);
    scenario.levers[0] = 1.0;
    let indices = &model::sobol(&model, &scenario, SAMPLING, &[difference(&model, "sales", 2)]).unwrap()[0];
    assert_eq!(indices.factors.len(), 3);
    assert!(matches!(indices.factors[0].factor, Factor::Group(group) if model.groups[group.index()].id == "mood"));
    assert_near(indices.factors[0].first, 1.0, 1e-9, "the gain depends on its members only");
    assert_near(indices.factors[0].total, 1.0, 3.0 * indices.factors[0].total_error, "and on nothing else");
    assert!(indices.factors[0].total_error < 0.1 && indices.factors[1].total < 1e-12);
}

#[test]
fn what_no_lever_moves_has_no_uncertain_difference() {
    let model = real::model();
    let quantity = difference(&model, "net_jobs", 10);
    let indices = &model::sobol(&model, &all(&model, 0.0), Sampling { draws: 20, seed: 1 }, &[quantity]).unwrap()[0];
    assert_eq!((indices.mean, indices.variance), (0.0, 0.0));
    assert!(indices.factors.iter().all(|index| index.first == 0.0 && index.total == 0.0));
    let tornado = &model::tornado(&model, &all(&model, 0.0), &[quantity]).unwrap()[0];
    assert!(tornado.bars.iter().all(|bar| bar.spread() == 0.0));
}

#[test]
fn what_cannot_be_analysed_is_refused() {
    let model = shop(&[]);
    let scenario = all(&model, 1.0);
    let late = difference(&model, "sales", 3);
    let no_point = RunError::NoSuchPoint { point: 3, points: 3 };
    assert_eq!(model::tornado(&model, &scenario, &[late]).unwrap_err(), no_point);
    assert_eq!(model::sobol(&model, &scenario, SAMPLING, &[late]).unwrap_err(), no_point);
    let none = Sampling { draws: 0, seed: 1 };
    let early = difference(&model, "sales", 0);
    assert_eq!(model::sobol(&model, &scenario, none, &[early]).unwrap_err(), RunError::DrawCount { draws: 0 });
    let orders = model::attribution(&model, &scenario, none, &[late.variable]).unwrap_err();
    assert_eq!(orders, RunError::OrderCount { orders: 0 });
    // Half of the draws of `custom` are above 100.
    let broken = shop(&[(
        "price_gain * setting[price])\"",
        "price_gain * setting[price]) + LN((100 * euro - custom) / euro) * euro\"",
    )]);
    let level = Quantity { variable: variable(&broken, "sales"), measure: Measure::Level, point: 1 };
    for error in [
        model::tornado(&broken, &scenario, &[level]).unwrap_err(),
        model::sobol(&broken, &scenario, SAMPLING, &[level]).unwrap_err(),
        model::attribution(&broken, &scenario, SAMPLING, &[level.variable]).unwrap_err(),
    ] {
        assert!(matches!(error, RunError::NotFinite { ref variable, .. } if variable == "sales"), "{error}");
    }
}

#[test]
fn a_stretch_of_draws_is_that_part_of_the_ensemble() {
    let model = real::model();
    let (scenario, jobs) = (all(&model, 0.5), variable(&model, "net_jobs"));
    let sampling = Sampling { draws: 300, seed: 3 };
    let whole = model::ensemble(&model, &scenario, sampling, &[jobs]).expect("all numbers are finite");
    let whole = whole.draws(jobs, 10).expect("asked for");
    for stretch in [0..1, 0..300, 127..130, 299..300] {
        let part = model::draws(&model, &scenario, sampling.seed, stretch.clone(), &[jobs]).expect("finite");
        let wanted = &whole[stretch.start as usize..stretch.end as usize];
        assert_eq!(part.values(jobs, 10), Some(wanted), "{stretch:?}");
    }
    for wrong in [5..5, 0..model::MOST_DRAWS + 1] {
        assert!(matches!(model::draws(&model, &scenario, 3, wrong, &[jobs]), Err(RunError::DrawCount { .. })));
    }
}

#[test]
fn a_scenario_gives_the_same_whatever_stands_beside_it() {
    let model = real::model();
    let jobs = variable(&model, "net_jobs");
    let mut scenarios: Vec<Scenario> = (0..150).map(|step| all(&model, f64::from(step) / 150.0)).collect();
    let parameter = model.parameter("kX").expect("it is declared");
    for (scenario, value) in scenarios.iter_mut().zip(0..40) {
        scenario.parameters.insert(parameter, f64::from(value));
    }
    let lanes = model::side_by_side(&model, &scenarios, &[jobs]).expect("all numbers are finite");
    for (lane, scenario) in scenarios.iter().enumerate() {
        let alone = model::run(&model, scenario).expect("all numbers are finite");
        assert_eq!(lanes.times(), alone.times());
        for (point, value) in alone.series(jobs).iter().enumerate() {
            assert_eq!(lanes.values(jobs, point).expect("asked for")[lane].to_bits(), value.to_bits(), "{lane}");
        }
    }
    let longer = Scenario { years: 20.0, ..scenarios[0].clone() };
    let mixed = model::side_by_side(&model, &[scenarios[0].clone(), longer], &[jobs]);
    assert_eq!(mixed, Err(RunError::MixedScenarios));
    assert_eq!(model::side_by_side(&model, &[], &[jobs]), Err(RunError::MixedScenarios));
}

#[test]
fn bands_of_a_difference_are_of_pairs_of_runs() {
    let model = real::model();
    let (scenario, exports) = (all(&model, 0.5), variable(&model, "exports_total"));
    let ensemble =
        model::ensemble(&model, &scenario, Sampling { draws: 1, seed: 3 }, &[exports]).expect("all numbers are finite");
    let [level, base, difference] = [
        ensemble.bands(exports).expect("asked for"),
        ensemble.baseline_bands(exports).expect("asked for"),
        ensemble.difference_bands(exports).expect("asked for"),
    ];
    for point in 0..ensemble.times().len() {
        assert_eq!(difference.median[point], level.median[point] - base.median[point]);
        assert_eq!(difference.bands[2].low[point], difference.bands[2].high[point]);
    }
}

#[test]
fn draws_that_give_no_number_are_told_where_the_bands_are_sound() {
    let model = shop(&[("(1 + price_gain * setting[price])\"", "SQRT(advert_gain - 0.255)\"")]);
    let sales = variable(&model, "sales");
    let sampling = Sampling { draws: 1024, seed: 1 };
    let mut run = model::EnsembleRun::new(&model, &all(&model, 1.0), sampling, &[sales]).expect("it is sound");
    while run.advance() {}
    let bands = run.so_far().bands(sales).expect("there are draws").bands;
    assert!(bands.iter().all(|band| band.low.iter().chain(&band.high).all(|end| end.is_finite())));
    assert!(!run.so_far().is_finite());
    assert!(matches!(run.finish(&model), Err(RunError::NotFinite { .. })));
    let mut sound = model::EnsembleRun::new(&shop(&[]), &all(&model, 1.0), sampling, &[sales]).expect("it is sound");
    while sound.advance() {}
    assert!(sound.so_far().is_finite());
}
