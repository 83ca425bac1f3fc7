//! One number that the model gives, named by a text: `net_jobs?region=us&year=10&all=50&quantile=0.25`.
//!
//! text → [`ModelNumber::read`] → what to run ([`ModelNumber::scenario`], [`ModelNumber::is_sampled`],
//! [`ModelNumber::variables`]) → a [`Run`] or an [`Ensemble`] → [`Amount`]
//!
//! Whoever reads it runs the model: the generator runs each scenario once for all pages, a program in the browser runs
//! the one that a reader has set.

use std::ops::Range;

use chart::Precision;
use chart::number::text;
use model::{Choice, Ensemble, Measure, Model, Outcome, ParameterId, Run, Scenario, VariableId, quantile};

use crate::anew::Moved;
use crate::decimal::{self, short};
use crate::query::{Expression, Malformed, Query, Setting, Word};
use crate::ranges::SAMPLING;
use crate::session;
use crate::unit::Unit;

/// One number that the model gives, or two that are the ends of a range.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelNumber {
    scenario: Scenario,
    wanted: Wanted,
    over: Over,
    /// What of it is read at which point of time.
    point: usize,
    unit: Unit,
}

/// A number, or the two ends of a range, in a unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Amount {
    /// One or two numbers in `unit`.
    pub values: Vec<f64>,
    /// Their unit.
    pub unit: Unit,
}

/// A text that names no number of the model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// A short name of the kind of mistake.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// The bytes of the text that are wrong.
    pub span: Range<usize>,
    /// What to do about it.
    pub help: Help,
}

/// What to do about a mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Help {
    /// In words.
    Words(String),
    /// Choose another name than the first.
    Choose(String, Vec<String>),
}

/// What is read.
#[derive(Clone, Debug, PartialEq)]
enum Wanted {
    Series { variable: VariableId, of: Of, scale: f64, unit: Unit },
    Constant { parameter: ParameterId, value: f64, unit: Unit },
    Total(Box<Wanted>),
    Ratio(Box<Wanted>, Box<Wanted>),
}

/// Which of the two runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    Baseline,
    Scenario,
    Difference,
}

/// What becomes of the draws of the parameters.
#[derive(Clone, Debug, PartialEq)]
enum Over {
    /// There are none: central values.
    Central,
    /// Values below which these shares of them lie, one or two.
    Quantiles(Vec<f64>),
    /// The share of them above a number.
    Above(f64),
    /// The share of them below a number.
    Below(f64),
}

/// Keys that mean something by themselves.
const KEYS: [&str; 8] = ["region", "year", "case", "scenario", "of", "quantile", "probability", "all"];

impl ModelNumber {
    /// Reads the text; all mistakes are told.
    pub fn read(model: &Model, text: &str) -> Result<Self, Vec<Mistake>> {
        let query = Query::parse(text).map_err(|malformed| vec![unreadable(malformed)])?;
        let mut reader = Reader { model, mistakes: Vec::new() };
        let number = reader.number(&query);
        match number {
            Some(number) if reader.mistakes.is_empty() => Ok(number),
            _ => Err(reader.mistakes),
        }
    }

    /// What has to be run.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The same number with levers moved.
    pub fn with_levers(mut self, moved: &[Moved]) -> Self {
        for Moved { lever, setting, schedule } in moved {
            self.scenario.levers[lever.index()] = *setting;
            self.scenario.schedules[lever.index()] = *schedule;
        }
        self
    }

    /// Whether it is read off an ensemble, of the draws that explorers show, and not off a single run.
    pub fn is_sampled(&self) -> bool {
        self.over != Over::Central
    }

    /// The variables that an ensemble must have.
    pub fn variables(&self) -> Vec<VariableId> {
        let mut variables = Vec::new();
        self.wanted.each_variable(&mut |variable| variables.push(variable));
        variables
    }

    /// The number in a run of its scenario.
    pub fn of_run(&self, run: &Run) -> Amount {
        let at = |variable, of, point: usize| match of {
            Of::Scenario => run.series(variable)[point],
            Of::Baseline => run.baseline(variable)[point],
            Of::Difference => run.series(variable)[point] - run.baseline(variable)[point],
        };
        Amount { values: vec![self.wanted.value(self.point, &at)], unit: self.unit.clone() }
    }

    /// The number in an ensemble of its scenario; none if that lacks one of its variables.
    pub fn of_ensemble(&self, ensemble: &Ensemble) -> Option<Amount> {
        let mut draws = Vec::with_capacity(ensemble.draw_count());
        for draw in 0..ensemble.draw_count() {
            let at = |variable, of, point: usize| {
                let of_runs = |values: Option<&[f64]>| values.map_or(f64::NAN, |values| values[draw]);
                let (policy, base) = (ensemble.draws(variable, point), ensemble.baseline_draws(variable, point));
                match of {
                    Of::Scenario => of_runs(policy),
                    Of::Baseline => of_runs(base),
                    Of::Difference => of_runs(policy) - of_runs(base),
                }
            };
            draws.push(self.wanted.value(self.point, &at));
        }
        draws.sort_unstable_by(f64::total_cmp);
        let is_sound = !draws.is_empty() && draws.iter().all(|value| !value.is_nan());
        let share = |is_counted: &dyn Fn(f64) -> bool| {
            vec![draws.iter().filter(|value| is_counted(**value)).count() as f64 / draws.len() as f64]
        };
        let values = match &self.over {
            _ if !is_sound => return None,
            Over::Central => return None,
            Over::Quantiles(shares) => shares.iter().map(|share| quantile(&draws, *share)).collect(),
            Over::Above(threshold) => share(&|value| value > *threshold),
            Over::Below(threshold) => share(&|value| value < *threshold),
        };
        Some(Amount { values, unit: self.unit.clone() })
    }

    /// What it is, for a reader who wants to know where a number comes from: region, year, levers and reading.
    pub fn described(&self, model: &Model) -> String {
        let region = &model.regions[self.scenario.region.index()];
        let mark = if region.mark.is_empty() { String::new() } else { format!(" ({})", region.mark) };
        let mut parts = vec![self.wanted.label(model), format!("{}{mark}", region.label)];
        if !matches!(self.wanted, Wanted::Constant { .. }) {
            let year = model.time.start + self.point as f64 * model.time.save;
            parts.push(format!("year {year}"));
            parts.push(self.levers_in_words(model));
        }
        match self.scenario.parameters.len() {
            0 => {}
            count => parts.push(format!("{count} assumption{} changed", if count == 1 { "" } else { "s" })),
        }
        if self.is_sampled() {
            parts.push(format!(
                "over {} draws of the parameters, seed {}",
                text(f64::from(SAMPLING.draws), Precision::Full),
                SAMPLING.seed
            ));
        }
        parts.join(", ")
    }

    fn levers_in_words(&self, model: &Model) -> String {
        let moved = |index: &usize| self.scenario.levers[*index] != model.levers[*index].status_quo;
        let moved: Vec<usize> = (0..model.levers.len()).filter(moved).collect();
        let per_cent = |index: usize| format!("{}%", short(self.scenario.levers[index] * 100.0));
        match moved.as_slice() {
            [] => "no lever moved".to_owned(),
            [first, rest @ ..]
                if moved.len() == model.levers.len()
                    && rest.iter().all(|other| per_cent(*other) == per_cent(*first)) =>
            {
                format!("all levers at {}", per_cent(*first))
            }
            some if some.len() <= 3 => some
                .iter()
                .map(|index| format!("{} at {}", model.levers[*index].id, per_cent(*index)))
                .collect::<Vec<_>>()
                .join(", "),
            some => format!("{} levers moved", some.len()),
        }
    }

    /// The parameter that it is, if it is one and no result.
    pub fn parameter(&self) -> Option<ParameterId> {
        match self.wanted {
            Wanted::Constant { parameter, .. } => Some(parameter),
            _ => None,
        }
    }
}

impl Wanted {
    fn unit(&self) -> Unit {
        match self {
            Self::Series { unit, .. } | Self::Constant { unit, .. } => unit.clone(),
            Self::Total(inner) => Unit { text: without_year(&inner.unit().text), ..inner.unit() },
            Self::Ratio(above, below) => above.unit().per(&below.unit()),
        }
    }

    fn value(&self, point: usize, at: &dyn Fn(VariableId, Of, usize) -> f64) -> f64 {
        match self {
            Self::Series { variable, of, scale, .. } => at(*variable, *of, point) * scale,
            Self::Constant { value, .. } => *value,
            Self::Total(inner) => (1..=point).map(|point| inner.value(point, at)).sum(),
            Self::Ratio(above, below) => {
                let plain = |wanted: &Self| wanted.value(point, at) * wanted.unit().factor;
                plain(above) / plain(below)
            }
        }
    }

    fn each_variable(&self, take: &mut dyn FnMut(VariableId)) {
        match self {
            Self::Series { variable, .. } => take(*variable),
            Self::Constant { .. } => {}
            Self::Total(inner) => inner.each_variable(take),
            Self::Ratio(above, below) => {
                above.each_variable(take);
                below.each_variable(take);
            }
        }
    }

    fn label(&self, model: &Model) -> String {
        match self {
            Self::Series { variable, of, .. } => {
                let outcome = model.outcomes.iter().find(|outcome| outcome.variable == *variable);
                let label = outcome.map_or(&model.variables[variable.index()].label, |outcome| &outcome.label);
                match of {
                    Of::Scenario => label.clone(),
                    Of::Baseline => format!("{label} in the base run"),
                    Of::Difference => format!("{label} against the base run"),
                }
            }
            Self::Constant { parameter, .. } => {
                format!("the assumption “{}”", model.parameters[parameter.index()].label)
            }
            Self::Total(inner) => format!("{}, all years together", inner.label(model)),
            Self::Ratio(above, below) => format!("{}, divided by {}", above.label(model), below.label(model)),
        }
    }
}

fn without_year(unit: &str) -> String {
    [" a year", " per year"].iter().fold(unit.to_owned(), |text, rate| text.replace(rate, ""))
}

fn unreadable(malformed: Malformed) -> Mistake {
    Mistake {
        code: "unreadable-source",
        message: malformed.message.to_owned(),
        span: malformed.span,
        help: Help::Words("write model:net_jobs?region=us&year=10&all=50".to_owned()),
    }
}

struct Reader<'a> {
    model: &'a Model,
    mistakes: Vec<Mistake>,
}

impl Reader<'_> {
    fn number(&mut self, query: &Query) -> Option<ModelNumber> {
        self.keys(query);
        let region = self.region(query)?;
        let mut scenario = Scenario::new(self.model, region);
        for key in ["scenario", "case"] {
            scenario = self.preset(query, key, scenario);
        }
        self.levers(query, &mut scenario);
        self.parameters(query, &mut scenario);
        let point = self.point(query, &mut scenario);
        let of = setting(query, "of");
        let wanted = self.wanted(&query.expression, of, &scenario)?;
        let over = self.over(query)?;
        let is_share = matches!(over, Over::Above(_) | Over::Below(_));
        let unit = if is_share { Unit::share() } else { wanted.unit() };
        Some(ModelNumber { scenario, wanted, over, point: point?, unit })
    }

    /// Keys that nothing is known by, that come twice, or that could mean two things.
    fn keys(&mut self, query: &Query) {
        let model = self.model;
        for (index, Setting { key, .. }) in query.settings.iter().enumerate() {
            let name = key.text.as_str();
            let is_named = model.lever(name).is_some() || !self.named_parameters(name).is_empty();
            if KEYS.contains(&name) && is_named {
                self.tell(
                    "ambiguous-key",
                    key,
                    format!("`{name}` is a key, and a lever or parameter of the model too"),
                    Help::Words("give the lever or parameter another name".to_owned()),
                );
            } else if !KEYS.contains(&name) && !is_named {
                let known = KEYS.iter().map(|key| (*key).to_owned());
                let levers = model.levers.iter().map(|lever| lever.id.clone());
                let parameters = model.parameters.iter().map(|parameter| parameter.id.clone());
                let choices = known.chain(levers).chain(parameters).collect();
                let message = format!("the model has no lever or parameter `{name}`");
                self.tell("unknown-key", key, message, Help::Choose(name.to_owned(), choices));
            } else if query.settings[..index].iter().any(|other| other.key.text == *name) {
                self.tell("repeated-key", key, format!("`{name}` is set twice"), Help::Words("set it once".to_owned()));
            }
        }
    }

    fn region(&mut self, query: &Query) -> Option<model::RegionId> {
        let ids: Vec<String> = self.model.regions.iter().map(|region| region.id.clone()).collect();
        match setting(query, "region") {
            Some(word) => {
                let found = self.model.region(&word.text);
                if found.is_none() {
                    let message = format!("the model has no region `{}`", word.text);
                    self.tell("unknown-region", word, message, Help::Choose(word.text.clone(), ids));
                }
                found
            }
            None if ids.len() == 1 => self.model.region_ids().next(),
            None => {
                let whole = Word { text: String::new(), span: query.expression.span() };
                let help = format!("add region={} to it", ids.join(" or region="));
                self.tell("missing-region", &whole, "the number names no region".to_owned(), Help::Words(help));
                None
            }
        }
    }

    fn preset(&mut self, query: &Query, key: &str, scenario: Scenario) -> Scenario {
        let Some(word) = setting(query, key) else { return scenario };
        let is_case = key == "case";
        let is_meant = |preset: &&model::Preset| !is_case || preset.levers.is_none();
        let known = self.model.scenario(&word.text).filter(|id| is_meant(&&self.model.scenarios[id.index()]));
        match known {
            Some(preset) => scenario.with_preset(self.model, preset),
            None => {
                let all = self.model.scenarios.iter();
                let choices = all.filter(is_meant).map(|preset| preset.id.clone()).collect();
                let what = if is_case { "case" } else { "named scenario" };
                let message = format!("the model has no {what} `{}`", word.text);
                self.tell("unknown-scenario", word, message, Help::Choose(word.text.clone(), choices));
                scenario
            }
        }
    }

    fn levers(&mut self, query: &Query, scenario: &mut Scenario) {
        let model = self.model;
        if let Some(all) = setting(query, "all").and_then(|word| self.per_cent(word, (0.0, 1.0))) {
            // Each as far as it goes.
            scenario.levers = model.levers.iter().map(|lever| lever.nearest(all)).collect();
        }
        for Setting { key, value } in &query.settings {
            let Some(lever) = model.lever(&key.text) else { continue };
            if let Some(setting) = self.per_cent(value, model.levers[lever.index()].range) {
                scenario.levers[lever.index()] = setting;
            }
        }
    }

    /// A setting in per cent, which must lie in a range from 0 to 1.
    fn per_cent(&mut self, word: &Word, (low, high): (f64, f64)) -> Option<f64> {
        let setting = decimal::number(&word.text).map(session::setting);
        let setting = setting.filter(|setting| (low..=high).contains(setting));
        if setting.is_none() {
            let message = format!("`{}` is no setting of a lever, in per cent", word.text);
            let help = format!("choose a number from {} to {}", low * 100.0, high * 100.0);
            self.tell("wrong-setting", word, message, Help::Words(help));
        }
        setting
    }

    fn parameters(&mut self, query: &Query, scenario: &mut Scenario) {
        for Setting { key, value } in &query.settings {
            let meant = if KEYS.contains(&key.text.as_str()) { Vec::new() } else { self.named_parameters(&key.text) };
            for id in meant {
                if let Some(choice) = self.choice(value) {
                    let estimate = self.model.parameters[id.index()].estimate(scenario.region);
                    scenario.parameters.insert(id, choice.of(estimate));
                }
            }
        }
    }

    fn choice(&mut self, word: &Word) -> Option<Choice> {
        match word.text.as_str() {
            "low" => Some(Choice::Low),
            "central" => Some(Choice::Central),
            "high" => Some(Choice::High),
            number => {
                let number = decimal::number(number).map(Choice::Value);
                if number.is_none() {
                    let help = "write low, central, high, or a number in the parameter's unit".to_owned();
                    let message = format!("`{}` is no value of a parameter", word.text);
                    self.tell("wrong-setting", word, message, Help::Words(help));
                }
                number
            }
        }
    }

    /// The parameter of this name, or all elements of the array of this name.
    fn named_parameters(&self, name: &str) -> Vec<ParameterId> {
        let is_meant = |id: &ParameterId| {
            let parameter = &self.model.parameters[id.index()];
            let array = parameter.name.split_once('[').map_or(parameter.name.as_str(), |(array, _)| array);
            parameter.id == name || parameter.name == name || array == name
        };
        self.model.parameter_ids().filter(is_meant).collect()
    }

    /// The point of time; the run is made longer where it has to be.
    fn point(&mut self, query: &Query, scenario: &mut Scenario) -> Option<usize> {
        let time = &self.model.time;
        let Some(word) = setting(query, "year") else { return Some((scenario.years / time.save).round() as usize) };
        let years = decimal::number(&word.text).map(|year| year - time.start);
        let is_point = |years: &f64| {
            let points = years / time.save;
            (0.0..=time.longest).contains(years) && (points - points.round()).abs() < 1e-9
        };
        match years.filter(is_point) {
            Some(years) => {
                scenario.years = scenario.years.max(years);
                Some((years / time.save).round() as usize)
            }
            None => {
                let help = format!("choose one from {} to {}", time.start, time.start + time.longest);
                let message = format!("a run has no results for the year `{}`", word.text);
                self.tell("wrong-setting", word, message, Help::Words(help));
                None
            }
        }
    }

    fn wanted(&mut self, expression: &Expression, of: Option<&Word>, scenario: &Scenario) -> Option<Wanted> {
        match expression {
            Expression::Name(word) => self.named(word, of, scenario),
            Expression::Call { function, arguments } => {
                let wanted: Vec<Option<Wanted>> =
                    arguments.iter().map(|argument| self.wanted(argument, of, scenario)).collect();
                let mut wanted = wanted.into_iter().collect::<Option<Vec<_>>>()?;
                match (function.text.as_str(), wanted.len()) {
                    ("total", 1) => Some(Wanted::Total(Box::new(wanted.remove(0)))),
                    ("ratio", 2) => {
                        let below = wanted.pop().map(Box::new)?;
                        Some(Wanted::Ratio(wanted.pop().map(Box::new)?, below))
                    }
                    ("total" | "ratio", _) => {
                        let help = "write total(a) or ratio(a,b)".to_owned();
                        let message = format!("`{}` is not applied to {} names", function.text, arguments.len());
                        self.tell("wrong-function", function, message, Help::Words(help));
                        None
                    }
                    (name, _) => {
                        let choices = vec!["total".to_owned(), "ratio".to_owned()];
                        let message = format!("there is no function `{name}` of the model's numbers");
                        self.tell("wrong-function", function, message, Help::Choose(name.to_owned(), choices));
                        None
                    }
                }
            }
        }
    }

    fn named(&mut self, word: &Word, of: Option<&Word>, scenario: &Scenario) -> Option<Wanted> {
        let (model, name) = (self.model, word.text.as_str());
        if let Some(id) = model.outcome(name) {
            let Outcome { variable, measure, unit, scale, .. } = &model.outcomes[id.index()];
            return self.series(*variable, *measure, *scale, Unit::read(unit), of);
        }
        if let Some(id) = model.variable(name) {
            return self.series(id, Measure::Level, 1.0, Unit::read(&model.declaration(id).unit), of);
        }
        if let Some(id) = model.parameter_ids().find(|id| {
            let parameter = &model.parameters[id.index()];
            parameter.id == name || parameter.name == name
        }) {
            let parameter = &model.parameters[id.index()];
            let estimate = parameter.estimate(scenario.region);
            let value = match of.map(|word| (word, word.text.as_str())) {
                None => scenario.parameters.get(&id).copied().unwrap_or(estimate.central),
                Some((_, "low")) => estimate.low,
                Some((_, "central")) => estimate.central,
                Some((_, "high")) => estimate.high,
                Some((word, other)) => return self.wrong_of(word, other, &["low", "central", "high"]),
            };
            return Some(Wanted::Constant { parameter: id, value, unit: Unit::read(&parameter.unit) });
        }
        let outcomes = model.outcomes.iter().map(|outcome| outcome.id.clone());
        let variables = model.variables.iter().map(|variable| variable.id.clone());
        let parameters = model.parameters.iter().map(|parameter| parameter.id.clone());
        let choices = outcomes.chain(variables).chain(parameters).collect();
        let message = format!("the model has no outcome, variable or parameter `{name}`");
        self.tell("unknown-variable", word, message, Help::Choose(name.to_owned(), choices));
        None
    }

    fn series(
        &mut self,
        variable: VariableId,
        measure: Measure,
        scale: f64,
        unit: Unit,
        of: Option<&Word>,
    ) -> Option<Wanted> {
        let of = match of.map(|word| (word, word.text.as_str())) {
            None | Some((_, "scenario")) => Of::Scenario,
            Some((_, "baseline")) => Of::Baseline,
            // It is one already.
            Some((_, "difference")) if measure == Measure::Difference => Of::Scenario,
            Some((_, "difference")) => Of::Difference,
            Some((word, other)) => return self.wrong_of(word, other, &["scenario", "baseline", "difference"]),
        };
        let unit = if of == Of::Difference { unit.of_difference() } else { unit };
        Some(Wanted::Series { variable, of, scale, unit })
    }

    fn wrong_of(&mut self, word: &Word, other: &str, choices: &[&str]) -> Option<Wanted> {
        let choices = choices.iter().map(|choice| (*choice).to_owned()).collect();
        let message = format!("there is no `{other}` of this");
        self.tell("wrong-setting", word, message, Help::Choose(other.to_owned(), choices));
        None
    }

    fn over(&mut self, query: &Query) -> Option<Over> {
        match (setting(query, "quantile"), setting(query, "probability")) {
            (None, None) => Some(Over::Central),
            (Some(word), None) => {
                let shares: Option<Vec<f64>> = word.text.split("..").map(decimal::number).collect();
                let is_sound =
                    |shares: &Vec<f64>| shares.len() <= 2 && shares.iter().all(|share| (0.0..=1.0).contains(share));
                let shares = shares.filter(is_sound);
                if shares.is_none() {
                    let help = "write quantile=0.25, or quantile=0.25..0.75 for both ends of a range".to_owned();
                    self.tell("wrong-setting", word, format!("`{}` is no quantile", word.text), Help::Words(help));
                }
                shares.map(Over::Quantiles)
            }
            (None, Some(word)) => {
                let threshold = |text: &str| decimal::number(text.trim());
                let over = match word.text.split_at_checked(1) {
                    Some((">", number)) => threshold(number).map(Over::Above),
                    Some(("<", number)) => threshold(number).map(Over::Below),
                    _ => None,
                };
                if over.is_none() {
                    let help = "write probability=>0 or probability=<100000, in the unit of the outcome".to_owned();
                    self.tell("wrong-setting", word, format!("`{}` is no condition", word.text), Help::Words(help));
                }
                over
            }
            (Some(_), Some(word)) => {
                let help = "ask for one of them".to_owned();
                self.tell(
                    "wrong-setting",
                    word,
                    "a number is no quantile and probability at once".to_owned(),
                    Help::Words(help),
                );
                None
            }
        }
    }

    fn tell(&mut self, code: &'static str, word: &Word, message: String, help: Help) {
        self.mistakes.push(Mistake { code, message, span: word.span.clone(), help });
    }
}

fn setting<'q>(query: &'q Query, key: &str) -> Option<&'q Word> {
    query.settings.iter().find(|setting| setting.key.text == key).map(|setting| &setting.value)
}

impl Amount {
    /// The numbers in the plain unit of their kind.
    pub fn plain(&self) -> Vec<f64> {
        self.values.iter().map(|value| value * self.unit.factor).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examples::model;
    use model::{ensemble, run};

    fn amount(model: &Model, text: &str) -> Amount {
        let number = ModelNumber::read(model, text).unwrap_or_else(|mistakes| panic!("{text}: {mistakes:?}"));
        if number.is_sampled() {
            let ensemble = ensemble(model, number.scenario(), SAMPLING, &number.variables()).unwrap();
            return number.of_ensemble(&ensemble).unwrap();
        }
        number.of_run(&run(model, number.scenario()).unwrap())
    }

    fn value(model: &Model, text: &str) -> f64 {
        amount(model, text).values[0]
    }

    #[test]
    fn numbers_are_those_of_the_run() {
        let model = model();
        let us = model.region("us").unwrap();
        let scenario = Scenario::new(&model, us).with_preset(&model, model.scenario("all-at-50").unwrap());
        let run = run(&model, &scenario).unwrap();
        let net = model.outcomes[model.outcome("net_jobs").unwrap().index()].variable;
        assert_eq!(value(&model, "net_jobs?region=us&all=50"), run.series(net)[10]);
        assert_eq!(value(&model, "net_jobs?region=us&year=3&scenario=all-at-50"), run.series(net)[3]);
        assert_eq!(value(&model, "total(net_jobs)?region=us&all=50"), run.total(net));
        let spent = run.total(model.variable("spending").unwrap());
        let per_job_year = amount(&model, "ratio(total(cost),total(net_jobs))?region=us&all=50");
        assert!((per_job_year.values[0] / (spent * 1e6 / run.total(net)) - 1.0).abs() < 1e-12);
        assert_eq!(per_job_year.unit.text, "US$ per job");
        let share = amount(&model, "exporter_share?region=us&all=50&of=difference");
        assert_eq!(share.unit.text, "percentage points");
        let (with, without) = ("exporter_share?region=us&all=50", "exporter_share?region=us&all=50&of=baseline");
        assert!((value(&model, with) - value(&model, without) - share.values[0]).abs() < 1e-9);
    }

    #[test]
    fn ranges_and_probabilities_are_over_the_draws_that_explorers_show() {
        let model = model();
        let all = amount(&model, "net_jobs?region=us&all=50&quantile=0.25..0.75").values;
        assert!(all[0] < all[1]);
        let scenario = ModelNumber::read(&model, "net_jobs?region=us&all=50&quantile=0.5").unwrap();
        let draws = ensemble(&model, scenario.scenario(), SAMPLING, &scenario.variables()).unwrap();
        let bands = draws.bands(scenario.variables()[0]).unwrap();
        assert_eq!(all, [bands.bands[0].low[10], bands.bands[0].high[10]]);
        assert_eq!(value(&model, "net_jobs?region=us&all=50&quantile=0.5"), bands.median[10]);
        let above = value(&model, "net_jobs?region=us&all=50&probability=>100000");
        let below = value(&model, "net_jobs?region=us&all=50&probability=<100000");
        assert!(above > 0.5 && (above + below - 1.0).abs() < 1e-12, "{above} {below}");
    }

    #[test]
    fn parameters_cases_and_long_runs_are_understood() {
        let model = model();
        assert_eq!(value(&model, "kX?region=us&of=low"), 2.0);
        assert_eq!(value(&model, "kX?region=us&case=sceptic"), 2.0);
        let sceptic = value(&model, "net_jobs?region=us&all=50&case=sceptic");
        let doubts = value(&model, "net_jobs?region=us&all=50&eta=high&q=low&chiDom=1&chiF=1&chiExp=0.6&kX=low");
        assert_eq!(sceptic, doubts);
        assert!(value(&model, "net_jobs?region=us&all=50&year=20") > value(&model, "net_jobs?region=us&all=50"));
        let described = ModelNumber::read(&model, "net_jobs?region=ke&L01=50").unwrap().described(&model);
        assert_eq!(described, "Net extra jobs, Kenya (illustrative), year 10, L01 at 50%");
    }

    #[test]
    fn a_key_that_could_mean_two_things_is_refused() {
        let mut model = (*model()).clone();
        model.levers[0].id = "year".to_owned();
        let mistakes = ModelNumber::read(&model, "net_jobs?region=us&year=5").unwrap_err();
        assert!(mistakes.iter().any(|mistake| mistake.code == "ambiguous-key"), "{mistakes:?}");
    }
}
