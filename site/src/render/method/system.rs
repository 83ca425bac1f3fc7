//! A model → its stocks and flows: where each flow leads, which levers change it, and what else it follows.

use std::collections::{BTreeMap, BTreeSet};

use model::{Declaration, Equation, Formula, Kind, Model, Scenario, run};

/// What accumulates, and what moves it.
#[derive(Debug, Default)]
pub struct System {
    /// In the order of the model.
    pub stocks: Vec<Stock>,
    /// In the order of the model.
    pub flows: Vec<Flow>,
}

/// A stock, or an array of them.
#[derive(Debug)]
pub struct Stock {
    /// Its name in equations.
    pub id: String,
    /// Its name for readers.
    pub label: String,
    /// Whether it stands for one stock of each element of a dimension.
    pub is_array: bool,
}

/// What raises one stock, lowers another, or both.
#[derive(Debug)]
pub struct Flow {
    /// Its name in equations.
    pub id: String,
    /// Its name for readers.
    pub label: String,
    /// The stock it lowers; none when it comes from outside.
    pub from: Option<usize>,
    /// The stock it raises; none when it leads outside.
    pub to: Option<usize>,
    /// Places of the levers that change it, whatever they do to stocks.
    pub levers: Vec<usize>,
    /// Names of the auxiliaries that make it follow other stocks.
    pub follows: Vec<String>,
}

/// The stocks and flows of a model.
pub fn system(model: &Model) -> System {
    let reader = Reader::new(model);
    let mut stocks = Vec::new();
    let mut ends: BTreeMap<&str, (Option<usize>, Option<usize>)> = BTreeMap::new();
    for declaration in &model.declarations {
        let Kind::Stock { inflows, outflows, .. } = &declaration.kind else { continue };
        let place = stocks.len();
        for flow in inflows {
            ends.entry(flow).or_default().1.get_or_insert(place);
        }
        for flow in outflows {
            ends.entry(flow).or_default().0.get_or_insert(place);
        }
        let is_array = !declaration.over.is_empty();
        stocks.push(Stock { id: declaration.id.clone(), label: label(declaration), is_array });
    }
    let effects = effects(model);
    let flows = model.declarations.iter().filter_map(|declaration| {
        let (from, to) = *ends.get(declaration.id.as_str())?;
        let ends: BTreeSet<&str> = [from, to].into_iter().flatten().map(|place| stocks[place].id.as_str()).collect();
        Some(Flow {
            id: declaration.id.clone(),
            label: label(declaration),
            from,
            to,
            levers: reader.levers(declaration, &effects),
            follows: reader.follows(declaration, &ends),
        })
    });
    let flows = flows.collect();
    System { stocks, flows }
}

/// The label of a declaration; an array stands for each of its elements.
pub fn label(declaration: &Declaration) -> String {
    declaration.over.iter().fold(declaration.label.clone(), |label, dimension| {
        let hole = format!("{{{dimension}}}");
        let each = if label.starts_with(&hole) { format!("Each {dimension}") } else { format!("each {dimension}") };
        label.replace(&hole, &each)
    })
}

/// The formulas of a declaration; for an array, perhaps one for each element.
pub fn formulas(declaration: &Declaration) -> Vec<Formula> {
    let (Kind::Constant(equation)
    | Kind::Auxiliary(equation)
    | Kind::Flow(equation)
    | Kind::Check(equation)
    | Kind::Stock { initial: equation, .. }) = &declaration.kind;
    match equation {
        Equation::All(text) => Formula::read(text).into_iter().collect(),
        Equation::Each(each) => each.iter().filter_map(|(_, text)| Formula::read(text)).collect(),
    }
}

/// For each lever, the variables that differ from the base run at its end when the lever stands alone at 100%.
fn effects(model: &Model) -> Vec<BTreeSet<&str>> {
    let Some(region) = model.region_ids().next() else { return Vec::new() };
    let alone = |lever: usize| {
        let mut scenario = Scenario::new(model, region);
        scenario.levers[lever] = 1.0;
        let Ok(run) = run(model, &scenario) else { return BTreeSet::new() };
        let moved = model.variable_ids().filter(|id| run.series(*id).last() != run.baseline(*id).last());
        moved.map(|id| model.variables[id.index()].id.as_str()).collect()
    };
    (0..model.levers.len()).map(alone).collect()
}

/// A name in an equation and what stands in brackets after it.
type Mention = (String, Vec<String>);

struct Reader<'m> {
    model: &'m Model,
    declarations: BTreeMap<&'m str, &'m Declaration>,
    mentions: BTreeMap<&'m str, Vec<Mention>>,
}

impl<'m> Reader<'m> {
    fn new(model: &'m Model) -> Self {
        let declarations = model.declarations.iter().map(|one| (one.id.as_str(), one)).collect();
        let mentions = model.declarations.iter().map(|declaration| {
            let mut mentions: Vec<Mention> = Vec::new();
            for formula in formulas(declaration) {
                formula.walk(&mut |part| {
                    if let Formula::Name(name, subscripts) = part {
                        mentions.push((name.clone(), subscripts.clone()));
                    }
                });
            }
            (declaration.id.as_str(), mentions)
        });
        Self { model, declarations, mentions: mentions.collect() }
    }

    /// What the equation of `declaration` mentions, and what the auxiliaries among that mention in turn, but not what
    /// moves the stocks among it.
    fn reached(&self, declaration: &str) -> BTreeSet<Mention> {
        let mut reached = BTreeSet::new();
        let mut waiting: Vec<&str> = vec![declaration];
        let mut seen: BTreeSet<&str> = waiting.iter().copied().collect();
        while let Some(name) = waiting.pop() {
            for mention in self.mentions.get(name).into_iter().flatten() {
                reached.insert(mention.clone());
                let next = self.declarations.get(mention.0.as_str());
                if let Some(next) = next.filter(|next| !matches!(next.kind, Kind::Stock { .. }))
                    && seen.insert(&next.id)
                {
                    waiting.push(&next.id);
                }
            }
        }
        reached
    }

    /// Whether the value depends on the state of a stock, that of levers aside.
    fn stocks(&self, declaration: &str) -> BTreeSet<String> {
        let is_state = |name: &str| {
            self.declarations.get(name).is_some_and(|found| {
                matches!(found.kind, Kind::Stock { .. }) && !found.over.iter().any(|dimension| dimension == "lever")
            })
        };
        self.reached(declaration).into_iter().map(|(name, _)| name).filter(|name| is_state(name)).collect()
    }

    fn levers(&self, flow: &Declaration, effects: &[BTreeSet<&str>]) -> Vec<usize> {
        let reached = self.reached(&flow.id);
        let acts = |lever: usize| {
            let id = &self.model.levers[lever].id;
            reached.iter().any(|(name, subscripts)| {
                // An element that is not fixed stands for all of them.
                let of_lever = subscripts.iter().all(|one| one == id || !self.is_lever(one));
                match (name.as_str(), self.declarations.get(name.as_str())) {
                    ("setting", _) => of_lever,
                    (_, Some(found)) if !matches!(found.kind, Kind::Stock { .. }) && self.stocks(name).is_empty() => {
                        let variable = std::iter::once(name.as_str()).chain(subscripts.iter().map(String::as_str));
                        let variable: Vec<&str> = variable.collect();
                        effects[lever].contains(variable.join("_").as_str())
                    }
                    _ => false,
                }
            })
        };
        (0..effects.len()).filter(|lever| acts(*lever)).collect()
    }

    fn is_lever(&self, element: &str) -> bool {
        self.model.lever(element).is_some()
    }

    fn follows(&self, flow: &Declaration, ends: &BTreeSet<&str>) -> Vec<String> {
        let mut follows = Vec::new();
        for (name, _) in self.mentions.get(flow.id.as_str()).into_iter().flatten() {
            let Some(auxiliary) = self.declarations.get(name.as_str()) else { continue };
            let is_auxiliary = matches!(auxiliary.kind, Kind::Auxiliary(_) | Kind::Flow(_));
            let elsewhere = self.stocks(name).iter().any(|stock| !ends.contains(stock.as_str()));
            let label = label(auxiliary);
            if is_auxiliary && elsewhere && !follows.contains(&label) {
                follows.push(label);
            }
        }
        follows
    }
}
