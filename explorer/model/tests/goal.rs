//! The cheapest mix that reaches a target: never dearer than the best of a grid of mixes by more than a thousandth.

mod real;

use model::{Certainty, Goal, GoalRun, Measure, Mix, Model, ModelFile, Quantity, Reach, RunError, Sampling, Scenario};

/// How much dearer than the best mix of a grid an answer may be.
const TOLERANCE: f64 = 1e-3;

fn compiled(texts: &[(String, String)]) -> Model {
    let files: Vec<ModelFile<'_>> = texts.iter().map(|(path, text)| ModelFile { path, text }).collect();
    model::compile(&files).value.expect("the model has no mistakes")
}

fn shop() -> Model {
    compiled(&[("shop.toml".into(), include_str!("shop.toml").into())])
}

fn quantity(model: &Model, id: &str, point: usize) -> Quantity {
    let variable = model.variable(id).unwrap_or_else(|| panic!("there is no variable {id}"));
    Quantity { variable, measure: Measure::Difference, point }
}

fn scenario(model: &Model) -> Scenario {
    Scenario::new(model, model.region_ids().next().expect("there is a region"))
}

/// A goal for net jobs in year 10 at the least sum of public costs, with these levers free and all others at 0.
fn real_goal(model: &Model, free: &[&str], at_least: f64) -> Goal {
    let mut bounds = vec![(0.0, 0.0); model.levers.len()];
    for lever in free {
        bounds[model.lever(lever).expect("it is declared").index()] = (0.0, 1.0);
    }
    Goal {
        quantity: quantity(model, "net_jobs", 10),
        at_least,
        certainty: Certainty::Central,
        cost: quantity(model, "spent", 10),
        bounds,
    }
}

/// All mixes within the bounds whose free levers stand at one of `settings` evenly spaced settings.
fn grid(goal: &Goal, settings: usize) -> Vec<Vec<f64>> {
    let mut mixes = vec![Vec::new()];
    for (low, high) in &goal.bounds {
        let steps = if low < high { settings } else { 1 };
        let setting = |step| low + (high - low) * step as f64 / (settings - 1) as f64;
        let longer = |mix: &Vec<f64>, step| [&mix[..], &[setting(step)]].concat();
        mixes = mixes.iter().flat_map(|mix| (0..steps).map(move |step| longer(mix, step))).collect();
    }
    mixes
}

/// The value with the certainty asked for, and the cost, of a mix.
fn value_and_cost(model: &Model, goal: &Goal, levers: &[f64]) -> (f64, f64) {
    let scenario = Scenario { levers: levers.to_vec(), ..scenario(model) };
    let run = model::run(model, &scenario).expect("all numbers are finite");
    let of = |quantity: Quantity| {
        run.series(quantity.variable)[quantity.point] - run.baseline(quantity.variable)[quantity.point]
    };
    let value = match goal.certainty {
        Certainty::Central => of(goal.quantity),
        Certainty::Probable { probability, sampling } => {
            let variable = goal.quantity.variable;
            let ensemble = model::ensemble(model, &scenario, sampling, &[variable]).expect("all numbers are finite");
            let quiet = Scenario { levers: vec![0.0; levers.len()], ..scenario };
            let baseline = model::ensemble(model, &quiet, sampling, &[variable]).expect("all numbers are finite");
            let point = goal.quantity.point;
            let [policy, base] =
                [ensemble, baseline].map(|run| run.draws(variable, point).expect("it was asked for").to_vec());
            let mut values: Vec<f64> = policy.iter().zip(base).map(|(policy, base)| policy - base).collect();
            values.sort_by(f64::total_cmp);
            values[((1.0 - probability) * values.len() as f64 + 1e-9) as usize]
        }
    };
    (value, of(goal.cost))
}

/// The answer, after holding it against a grid and against runs of its own.
fn checked_against_grid(model: &Model, goal: &Goal, settings: usize) -> Mix {
    let mix = model::goal(model, &scenario(model), goal).expect("all numbers are finite");
    assert!(mix.levers.iter().zip(&goal.bounds).all(|(setting, (low, high))| low <= setting && setting <= high));
    assert_eq!(value_and_cost(model, goal, &mix.levers), (mix.value, mix.cost), "what it says is what it gives");
    let tried: Vec<(f64, f64)> = grid(goal, settings).iter().map(|mix| value_and_cost(model, goal, mix)).collect();
    let cheapest = tried.iter().filter(|(value, _)| *value >= goal.at_least).map(|(_, cost)| *cost).reduce(f64::min);
    match (cheapest, mix.reach) {
        (_, Reach::OutOfReach) => {
            let best = tried.iter().map(|(value, _)| *value).reduce(f64::max).expect("a grid has mixes");
            assert!(cheapest.is_none() && mix.value < goal.at_least);
            assert!(mix.value >= best - best.abs() * TOLERANCE, "comes to {}, the grid to {best}", mix.value);
        }
        (Some(cheapest), _) => {
            assert!(mix.value >= goal.at_least);
            assert!(mix.cost <= cheapest + cheapest.abs() * TOLERANCE, "costs {}, the grid {cheapest}", mix.cost);
        }
        (None, _) => assert!(mix.value >= goal.at_least, "between the points of the grid"),
    }
    mix
}

#[test]
fn no_mix_on_a_grid_is_cheaper() {
    let model = real::model();
    let sets: [&[&str]; 5] = [
        &["L01", "L03", "L07"],
        &["L02", "L11", "E1"],
        &["L04", "L05", "L06"],
        &["L07", "E1", "L05"],
        &["L08", "L09", "L12"],
    ];
    for free in sets {
        let most = value_and_cost(&model, &real_goal(&model, free, 0.0), &{
            let goal = real_goal(&model, free, 0.0);
            goal.bounds.iter().map(|(_, high)| *high).collect::<Vec<_>>()
        });
        for share in [0.1, 0.6, 1.1] {
            let goal = real_goal(&model, free, most.0 * share);
            let mix = checked_against_grid(&model, &goal, 7);
            let expected = if share > 1.0 { Reach::OutOfReach } else { Reach::Just };
            assert_eq!(mix.reach, expected, "{free:?} at {share}");
            if expected == Reach::Just {
                assert!(mix.value <= goal.at_least * (1.0 + TOLERANCE), "no more than asked for: {mix:?}");
            }
        }
    }
}

#[test]
fn exports_through_overlapping_levers_too() {
    let model = real::model();
    for share in [0.25, 0.75] {
        let mut goal = real_goal(&model, &["L01", "L02", "L10", "E1"], 0.0);
        goal.quantity = quantity(&model, "exporter_share", 7);
        goal.cost = quantity(&model, "spending", 7);
        let highest: Vec<f64> = goal.bounds.iter().map(|(_, high)| *high).collect();
        goal.at_least = share * value_and_cost(&model, &goal, &highest).0;
        checked_against_grid(&model, &goal, 6);
    }
}

#[test]
fn with_all_levers_free_no_small_exchange_makes_it_cheaper() {
    let model = real::model();
    let ids: Vec<&str> = model.levers.iter().map(|lever| lever.id.as_str()).collect();
    let goal = real_goal(&model, &ids, 100_000.0);
    let mix = model::goal(&model, &scenario(&model), &goal).unwrap();
    assert_eq!(mix.reach, Reach::Just);
    for (lower, raise) in (0..ids.len()).flat_map(|lower| (0..ids.len()).map(move |raise| (lower, raise))) {
        if lower == raise || mix.levers[lower] == 0.0 || mix.levers[raise] == 1.0 {
            continue;
        }
        let mut levers = mix.levers.clone();
        levers[lower] = (levers[lower] - 0.04).max(0.0);
        // As little more of the other lever as reaches the target again.
        let (mut from, mut to) = (levers[raise], 1.0);
        for _ in 0..12 {
            levers[raise] = (from + to) / 2.0;
            let enough = value_and_cost(&model, &goal, &levers).0 >= goal.at_least;
            (from, to) = if enough { (from, levers[raise]) } else { (levers[raise], to) };
        }
        levers[raise] = to;
        let (value, cost) = value_and_cost(&model, &goal, &levers);
        let is_cheaper = value >= goal.at_least && cost < mix.cost * (1.0 - TOLERANCE);
        assert!(!is_cheaper, "{} for {}: {cost} instead of {}", ids[raise], ids[lower], mix.cost);
    }
}

#[test]
fn a_probable_target_costs_more_and_no_mix_on_a_grid_less() {
    let model = real::model();
    let sampling = Sampling { draws: 64, seed: 5 };
    let mut goal = real_goal(&model, &["L01", "L07"], 40_000.0);
    let central = checked_against_grid(&model, &goal, 9);
    assert_eq!(central.probability, None);
    assert_eq!(central.value, central.central);
    let mut costs = vec![central.cost];
    for probability in [0.75, 0.9] {
        goal.certainty = Certainty::Probable { probability, sampling };
        let mix = checked_against_grid(&model, &goal, 9);
        assert_eq!(mix.reach, Reach::Just);
        let reached = mix.probability.unwrap();
        assert!(reached >= probability && reached <= probability + 1.0 / 32.0, "{reached}");
        costs.push(mix.cost);
    }
    assert!(costs[1] < costs[2], "{costs:?}");
    goal.certainty = Certainty::Probable { probability: 1.0, sampling };
    goal.at_least = 150_000.0;
    let beyond = checked_against_grid(&model, &goal, 5);
    assert_eq!(beyond.reach, Reach::OutOfReach);
    assert!(beyond.probability.unwrap() < 1.0);
}

#[test]
fn what_binds_is_named() {
    let model = shop();
    let lever = |id: &str| model.lever(id).unwrap();
    let level = |id| Quantity { measure: Measure::Level, ..quantity(&model, id, 2) };
    let mut goal = Goal {
        quantity: level("sales"),
        at_least: 130.0,
        certainty: Certainty::Central,
        cost: level("cost"),
        bounds: vec![(0.0, 1.0); 3],
    };
    let answer = |goal: &Goal| model::goal(&model, &scenario(&model), goal).unwrap();
    let mix = answer(&goal);
    assert_eq!(
        (mix.reach, &mix.at_highest[..], &mix.at_lowest[..]),
        (Reach::Just, &[lever("price")][..], &[lever("paint")][..])
    );
    assert!((mix.levers[0] - 1.0 / 6.0).abs() < 1e-3 && (mix.value - 130.0).abs() < 1e-3, "{mix:?}");

    goal.bounds[1] = (0.5, 0.5);
    let fixed = answer(&goal);
    assert_eq!(fixed.levers[1], 0.5);
    assert!(fixed.at_highest.is_empty() && fixed.cost > mix.cost);

    goal.at_least = 500.0;
    let beyond = answer(&goal);
    assert_eq!((beyond.reach, beyond.value), (Reach::OutOfReach, 100.0 * 1.5 * 1.1));
    assert_eq!(beyond.levers, [1.0, 0.5, 0.0], "paint costs and gives nothing");

    goal.at_least = 90.0;
    let ample = answer(&goal);
    assert_eq!((ample.reach, &ample.levers[..]), (Reach::Amply, &[0.0, 0.5, 0.0][..]));

    goal.bounds = vec![(0.25, 0.25); 3];
    let none_free = answer(&goal);
    assert_eq!((none_free.levers, none_free.at_lowest), (vec![0.25; 3], vec![]));
}

#[test]
fn slices_find_what_one_go_finds() {
    let model = real::model();
    let mut goal = real_goal(&model, &["L01", "L05"], 10_000.0);
    goal.certainty = Certainty::Probable { probability: 0.8, sampling: Sampling { draws: 200, seed: 1 } };
    let mut run = GoalRun::new(&model, &scenario(&model), &goal).unwrap();
    let (mut slices, mut progress) = (0, 0.0);
    while run.advance() {
        assert!(run.progress() >= progress && run.progress() < 1.0);
        progress = run.progress();
        slices += 1;
    }
    assert!(slices > 20);
    assert_eq!(run.progress(), 1.0);
    assert_eq!(run.finish(&model), model::goal(&model, &scenario(&model), &goal));
}

#[test]
fn goals_that_make_no_sense_are_refused() {
    let model = shop();
    let good = Goal {
        quantity: quantity(&model, "sales", 2),
        at_least: 10.0,
        certainty: Certainty::Central,
        cost: quantity(&model, "cost", 2),
        bounds: vec![(0.0, 1.0); 3],
    };
    let with = |change: &dyn Fn(&mut Goal)| {
        let mut goal = good.clone();
        change(&mut goal);
        model::goal(&model, &scenario(&model), &goal).unwrap_err()
    };
    let probable = |probability, draws| Certainty::Probable { probability, sampling: Sampling { draws, seed: 1 } };
    assert_eq!(with(&|goal| goal.bounds.truncate(1)), RunError::LeverCount { found: 1, expected: 3 });
    assert_eq!(with(&|goal| goal.bounds[0] = (0.5, 0.2)), RunError::BoundsReversed { lever: "advert".into() });
    assert!(matches!(with(&|goal| goal.bounds[2] = (0.0, f64::NAN)), RunError::LeverOutOfRange { .. }));
    assert_eq!(with(&|goal| goal.at_least = f64::INFINITY), RunError::TargetNotFinite);
    assert_eq!(with(&|goal| goal.cost.point = 3), RunError::NoSuchPoint { point: 3, points: 3 });
    assert_eq!(with(&|goal| goal.certainty = probable(0.9, 0)), RunError::DrawCount { draws: 0 });
    let wrong = RunError::ProbabilityOutOfRange { probability: 1.5 };
    assert_eq!(with(&|goal| goal.certainty = probable(1.5, 8)), wrong);
}
