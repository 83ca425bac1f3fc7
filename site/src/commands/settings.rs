//! Options of the command line → a scenario, every wrong name and number told with what would be right.

use std::collections::BTreeMap;

use clap::Args;
use diagnostic::{Diagnostic, Diagnostics, suggestion};
use model::{Choice, LeverId, Model, OutcomeId, ParameterId, PresetId, RegionId, Scenario};

use super::remark;

/// The name that stands for every lever not named otherwise.
pub const ALL: &str = "all";

/// What a scenario sets, whatever the region.
#[derive(Args, Clone, Debug, Default, PartialEq)]
pub struct Settings {
    /// A lever's setting in per cent, as L01=50; `all` is every lever not named otherwise.
    #[arg(long, value_name = "LEVER=PER CENT", value_parser = lever_setting)]
    pub set: Vec<(String, f64)>,
    /// Years after the start before which a lever stays as today, as L01=2; `all` is every lever not named otherwise.
    #[arg(long, value_name = "LEVER=YEARS", value_parser = lever_time)]
    pub start: Vec<(String, f64)>,
    /// Years from its start in which a lever rises to its setting, as L01=3.
    #[arg(long, value_name = "LEVER=YEARS", value_parser = lever_time)]
    pub ramp: Vec<(String, f64)>,
    /// A parameter's value in its own unit, as kX=6, or low, central or high of its range, as kX=low.
    #[arg(long = "param", value_name = "NAME=VALUE", value_parser = parameter_value)]
    pub parameters: Vec<(String, Value)>,
    /// A named reading of the evidence, such as sceptic or advocate.
    #[arg(long, value_name = "NAME")]
    pub case: Option<String>,
    /// A named scenario of the model.
    #[arg(long, value_name = "NAME")]
    pub scenario: Option<String>,
    /// How long the run is; the model's own horizon if not given.
    #[arg(long)]
    pub years: Option<f64>,
}

/// A parameter's value: a number, or an end or the middle of its range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Value(pub Choice);

/// The region of this name.
pub fn region(model: &Model, name: &str, diagnostics: &mut Diagnostics) -> Option<RegionId> {
    let choices = || model.regions.iter().map(|region| region.id.as_str());
    found(model.region(&name.to_lowercase()), "region", name, choices().collect(), diagnostics)
}

/// The region of this name, or the model's first. After a wrong name the first too, so that the next mistake is found.
pub fn region_or_first(model: &Model, name: Option<&str>, diagnostics: &mut Diagnostics) -> Option<RegionId> {
    name.and_then(|name| region(model, name, diagnostics)).or_else(|| model.region_ids().next())
}

/// The outcomes of these names; all of them when none is named.
pub fn outcomes(model: &Model, names: &[String], diagnostics: &mut Diagnostics) -> Vec<OutcomeId> {
    let all = || model.outcomes.iter().map(|outcome| outcome.id.as_str());
    if names.is_empty() {
        return all().filter_map(|id| model.outcome(id)).collect();
    }
    let named = names.iter();
    named.filter_map(|name| found(model.outcome(name), "outcome", name, all().collect(), diagnostics)).collect()
}

/// The lever of this name; `all` is a choice too, but not one of them.
pub fn lever(model: &Model, name: &str, diagnostics: &mut Diagnostics) -> Option<LeverId> {
    let choices = model.levers.iter().map(|lever| lever.id.as_str()).chain([ALL]).collect();
    found(model.lever(name), "lever", name, choices, diagnostics)
}

/// The parameter of this name, or all elements of the array of this name.
pub fn parameters_named(model: &Model, name: &str) -> Vec<ParameterId> {
    let is_meant = |parameter: &ParameterId| {
        let parameter = &model.parameters[parameter.index()];
        parameter.id == name || parameter.name == name || base(&parameter.name) == name
    };
    model.parameter_ids().filter(is_meant).collect()
}

/// The name of the array that `tau[L01]` is an element of.
pub fn base(name: &str) -> &str {
    name.split_once('[').map_or(name, |(array, _)| array)
}

impl Settings {
    /// The scenario in a region: the named scenario first, then the case, then what is set by itself.
    pub fn scenario(&self, model: &Model, region: RegionId, diagnostics: &mut Diagnostics) -> Option<Scenario> {
        let before = diagnostics.count(diagnostic::Severity::Error);
        let mut scenario = Scenario::new(model, region);
        for preset in self.presets(model, diagnostics) {
            scenario = scenario.with_preset(model, preset);
        }
        self.move_levers(model, &mut scenario, diagnostics);
        self.schedule_levers(model, &mut scenario, diagnostics);
        self.set_parameters(model, &mut scenario, diagnostics);
        if let Some(years) = self.years {
            if !is_length(model, years) {
                diagnostics.push(bad_length(model, years));
            }
            scenario.years = years;
        }
        (diagnostics.count(diagnostic::Severity::Error) == before).then_some(scenario)
    }

    /// Whether anything differs from the base run.
    pub fn is_base(&self) -> bool {
        let moves = [&self.set, &self.start, &self.ramp].iter().any(|moves| !moves.is_empty());
        !moves && self.parameters.is_empty() && self.case.is_none() && self.scenario.is_none()
    }

    /// The levers that are named by themselves.
    pub fn named_levers(&self) -> impl Iterator<Item = &str> {
        self.set.iter().map(|(name, _)| name.as_str()).filter(|name| *name != ALL)
    }

    fn presets(&self, model: &Model, diagnostics: &mut Diagnostics) -> Vec<PresetId> {
        let ids = |only_cases: bool| -> Vec<&str> {
            let wanted = model.scenarios.iter().filter(|preset| !only_cases || preset.levers.is_none());
            wanted.map(|preset| preset.id.as_str()).collect()
        };
        let mut presets = Vec::new();
        if let Some(name) = &self.scenario {
            presets.extend(found(model.scenario(name), "named scenario", name, ids(false), diagnostics));
        }
        if let Some(name) = &self.case {
            let case = model.scenario(name).filter(|preset| model.scenarios[preset.index()].levers.is_none());
            presets.extend(found(case, "case", name, ids(true), diagnostics));
        }
        presets
    }

    fn move_levers(&self, model: &Model, scenario: &mut Scenario, diagnostics: &mut Diagnostics) {
        for (_, per_cent) in self.set.iter().filter(|(name, per_cent)| name == ALL && !is_per_cent(*per_cent)) {
            diagnostics.push(out_of_range(ALL, *per_cent, (0.0, 1.0)));
        }
        for (id, named, per_cent) in each_lever(model, &self.set, diagnostics) {
            let (lever, setting) = (&model.levers[id.index()], app::session::setting(per_cent));
            if named && !lever.allows(setting) {
                diagnostics.push(out_of_range(&lever.id, per_cent, lever.range));
            }
            // `all` moves every lever as far as it goes.
            scenario.levers[id.index()] = lever.nearest(setting);
        }
    }

    fn schedule_levers(&self, model: &Model, scenario: &mut Scenario, diagnostics: &mut Diagnostics) {
        for (_, years) in self.start.iter().chain(&self.ramp).filter(|(_, years)| !(0.0..).contains(years)) {
            let message = format!("start and ramp are years of zero or more, not {years}");
            diagnostics
                .push(Diagnostic::general("out-of-range", message).help("what is in force today is the base run"));
        }
        for (id, _, start) in each_lever(model, &self.start, diagnostics) {
            scenario.schedules[id.index()].start = start;
        }
        for (id, _, ramp) in each_lever(model, &self.ramp, diagnostics) {
            scenario.schedules[id.index()].ramp = ramp;
        }
    }

    fn set_parameters(&self, model: &Model, scenario: &mut Scenario, diagnostics: &mut Diagnostics) {
        for (name, Value(choice)) in &self.parameters {
            let meant = parameters_named(model, name);
            if meant.is_empty() {
                let choices = model.parameters.iter().map(|parameter| parameter.id.as_str()).collect();
                found::<()>(None, "parameter", name, choices, diagnostics);
            }
            for id in meant {
                let parameter = &model.parameters[id.index()];
                let estimate = parameter.estimate(scenario.region);
                let value = choice.of(estimate);
                if !(estimate.low..=estimate.high).contains(&value) {
                    let region = &model.regions[scenario.region.index()].label;
                    diagnostics.push(
                        remark("unlikely-value", format!("{} = {value} lies outside of its range", parameter.name))
                            .note(format!(
                                "in {region} the evidence gives {} to {} {}",
                                estimate.low, estimate.high, parameter.unit
                            )),
                    );
                }
                scenario.parameters.insert(id, value);
            }
        }
    }
}

/// Levers with what is said of them, and whether by name: first all of them, if `all` is, then those named. Names that
/// are no levers or stand there twice are mistakes.
pub fn each_lever(model: &Model, said: &[(String, f64)], diagnostics: &mut Diagnostics) -> Vec<(LeverId, bool, f64)> {
    let mut seen: BTreeMap<&str, f64> = BTreeMap::new();
    for (name, value) in said {
        if seen.insert(name, *value).is_some() {
            diagnostics
                .push(Diagnostic::general("repeated-setting", format!("`{name}` is set twice")).help("set it once"));
        }
    }
    let all = seen.remove(ALL).into_iter().flat_map(|value| model.lever_ids().map(move |id| (id, false, value)));
    let mut each: Vec<(LeverId, bool, f64)> = all.collect();
    for (name, value) in seen {
        each.extend(lever(model, name, diagnostics).map(|id| (id, true, value)));
    }
    each
}

fn is_per_cent(value: f64) -> bool {
    (0.0..=100.0).contains(&value)
}

/// What was found, or a mistake that names the choices.
pub fn found<T>(
    thing: Option<T>,
    what: &str,
    name: &str,
    choices: Vec<&str>,
    diagnostics: &mut Diagnostics,
) -> Option<T> {
    if thing.is_none() {
        diagnostics.push(
            Diagnostic::general("unknown-name", format!("there is no {what} `{name}`"))
                .help(suggestion(name, choices.iter().copied())),
        );
    }
    thing
}

/// A setting that no lever has.
pub fn out_of_range(name: &str, per_cent: f64, (low, high): (f64, f64)) -> Diagnostic {
    let message = format!("`{name}` cannot stand at {per_cent} per cent");
    Diagnostic::general("out-of-range", message).help(format!(
        "choose a number from {} to {}",
        low * 100.0,
        high * 100.0
    ))
}

fn is_length(model: &Model, years: f64) -> bool {
    let saves = years / model.time.save;
    years > 0.0 && years <= model.time.longest && (saves - saves.round()).abs() < 1e-9
}

fn bad_length(model: &Model, years: f64) -> Diagnostic {
    let time = &model.time;
    Diagnostic::general("out-of-range", format!("a run cannot be {years} {} long", time.unit))
        .help(format!("choose a whole number of steps of {}, up to {} {}", time.save, time.longest, time.unit))
}

/// `L01=50`
pub fn lever_setting(text: &str) -> Result<(String, f64), String> {
    let help = || "write a lever and its setting in per cent, as L01=50".to_owned();
    let (name, value) = text.split_once('=').ok_or_else(help)?;
    let value = value.trim().trim_end_matches('%').trim_end().parse().map_err(|_| help())?;
    Ok((name.trim().to_owned(), value))
}

fn lever_time(text: &str) -> Result<(String, f64), String> {
    let help = || "write a lever and a number of years, as L01=2".to_owned();
    let (name, value) = text.split_once('=').ok_or_else(help)?;
    let value = value.trim().parse().ok().filter(|value| f64::is_finite(*value)).ok_or_else(help)?;
    Ok((name.trim().to_owned(), value))
}

fn parameter_value(text: &str) -> Result<(String, Value), String> {
    let help = || "write a parameter and its value, as kX=6 or kX=low".to_owned();
    let (name, value) = text.split_once('=').ok_or_else(help)?;
    let choice = match value.trim() {
        "low" => Choice::Low,
        "central" => Choice::Central,
        "high" => Choice::High,
        number => match number.parse() {
            Ok(number) if f64::is_finite(number) => Choice::Value(number),
            _ => return Err(help()),
        },
    };
    Ok((name.trim().to_owned(), Value(choice)))
}
