//! Which equation comes first, and which can be changed by a lever.

use std::collections::BTreeSet;

use diagnostic::{Diagnostic, Diagnostics};

use super::read::{Draft, DraftKind};
use super::resolve::{Limit, Resolved, Term, TermKind};

/// All variables that are not stocks, each after those its equation needs. A circle is reported and left out.
///
/// Stocks need no place: their values come from the step before.
pub(super) fn evaluation_order(draft: &Draft, variables: &[Resolved], diagnostics: &mut Diagnostics) -> Vec<usize> {
    let is_stock = |index: usize| matches!(draft.variables[index].kind, DraftKind::Stock { .. });
    let needs: Vec<Vec<usize>> = variables.iter().map(|variable| needs(variable, &|index| !is_stock(index))).collect();
    let (mut order, mut circles) = (Vec::new(), 0);
    let mut state = vec![State::New; variables.len()];
    for start in (0..variables.len()).filter(|index| !is_stock(*index)) {
        if state[start] != State::New {
            continue;
        }
        // Depth first without recursion: a chain may be as long as the model.
        let mut path: Vec<(usize, usize)> = vec![(start, 0)];
        state[start] = State::OnPath;
        while let Some((variable, next)) = path.last_mut() {
            let variable = *variable;
            let Some(needed) = needs[variable].get(*next).copied() else {
                state[variable] = State::Done;
                order.push(variable);
                path.pop();
                continue;
            };
            *next += 1;
            match state[needed] {
                State::New => {
                    state[needed] = State::OnPath;
                    path.push((needed, 0));
                }
                State::Done => {}
                State::OnPath => {
                    let from = path.iter().position(|(on_path, _)| *on_path == needed).unwrap_or(0);
                    let circle: Vec<usize> = path[from..].iter().map(|(on_path, _)| *on_path).collect();
                    circles += 1;
                    if circles <= MOST_CIRCLES {
                        diagnostics.push(circular_definition(draft, variables, &circle));
                    }
                }
            }
        }
    }
    order
}

/// Circles that are reported; whoever breaks these has broken most of the others.
const MOST_CIRCLES: usize = 20;
/// Names of a circle that are written out.
const MOST_NAMES: usize = 12;

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    OnPath,
    Done,
}

fn circular_definition(draft: &Draft, variables: &[Resolved], circle: &[usize]) -> Diagnostic {
    let name = |index: &usize| draft.variables[*index].id.value.as_str();
    let mut path: Vec<&str> = circle.iter().map(name).collect();
    if path.len() > MOST_NAMES {
        path.truncate(MOST_NAMES);
        path.push("…");
    }
    path.push(path[0]);
    let first = &draft.variables[circle[0]].id;
    let message = format!("`{}` depends on itself: {}", first.value, path.join(" → "));
    let mut diagnostic = Diagnostic::error("circular-definition", first.place.clone(), message).help(
        "break the circle with a stock, whose value comes from the step before, or with SMTH1 and an initial value",
    );
    for (variable, next) in circle.iter().zip(circle.iter().cycle().skip(1)) {
        let comes_before = |limit: &Limit| matches!(limit, Limit::Outflow { before, .. } if before.contains(next));
        if variables[*variable].limits.iter().any(comes_before) {
            let (variable, next) = (name(variable), name(next));
            diagnostic = diagnostic.note(format!(
                "`{variable}` only gets what `{next}`, listed before it, leaves in a stock that is not negative"
            ));
        }
    }
    circle[1..].iter().take(MOST_NAMES).fold(diagnostic, |diagnostic, index| {
        let id = &draft.variables[*index].id;
        diagnostic.related(id.place.clone(), format!("`{}` is on the way", id.value))
    })
}

/// The variables that `variable` needs at the same point of time and that `counts` accepts, each once.
fn needs(variable: &Resolved, counts: &dyn Fn(usize) -> bool) -> Vec<usize> {
    let mut found = Vec::new();
    for equation in &variable.equations {
        collect_needs(&equation.term, &mut found);
    }
    for limit in &variable.limits {
        if let Limit::Outflow { before, .. } = limit {
            found.extend(before);
        }
    }
    let mut seen = BTreeSet::new();
    found.retain(|index| counts(*index) && seen.insert(*index));
    found
}

/// What a lag with an initial value gives depends on its input only later.
fn collect_needs(term: &Term, found: &mut Vec<usize>) {
    match &term.kind {
        TermKind::Variable(index, _) => found.push(*index),
        TermKind::Lagged { time, initial: Some(initial), .. } => {
            collect_needs(time, found);
            collect_needs(initial, found);
        }
        _ => term.parts().into_iter().for_each(|part| collect_needs(part, found)),
    }
}

/// For each variable, whether a lever can change it: through its equation, or for a stock through its flows.
pub(super) fn policy_dependent(draft: &Draft, variables: &[Resolved]) -> Vec<bool> {
    let mut dependent = vec![false; variables.len()];
    let mut dependents: Vec<Vec<usize>> = vec![Vec::new(); variables.len()];
    let mut open = Vec::new();
    for (index, variable) in variables.iter().enumerate() {
        let mut sources = Vec::new();
        let is_stock = matches!(draft.variables[index].kind, DraftKind::Stock { .. });
        let equations = if is_stock { &[][..] } else { &variable.equations };
        for equation in equations {
            policy_sources(&equation.term, &mut sources);
            if reads_policy(&equation.term, &dependent) {
                open.push(index);
            }
        }
        sources.extend(variable.inflows.iter().chain(&variable.outflows));
        for limit in &variable.limits {
            if let Limit::Outflow { stock, before } = limit {
                sources.extend([stock].into_iter().chain(before));
            }
        }
        for source in sources {
            dependents[source].push(index);
        }
    }
    while let Some(variable) = open.pop() {
        if !std::mem::replace(&mut dependent[variable], true) {
            open.extend(&dependents[variable]);
        }
    }
    dependent
}

/// Collects the variables through which a lever can change `term`.
fn policy_sources(term: &Term, sources: &mut Vec<usize>) {
    match &term.kind {
        TermKind::Variable(index, _) => sources.push(*index),
        TermKind::Baseline(_) => {}
        _ => term.parts().into_iter().for_each(|part| policy_sources(part, sources)),
    }
}

/// Whether a lever can change `term`; what stands in BASELINE is the same whatever the levers do.
pub(super) fn reads_policy(term: &Term, dependent: &[bool]) -> bool {
    match &term.kind {
        TermKind::Setting(_) => true,
        TermKind::Variable(index, _) => dependent[*index],
        TermKind::Baseline(_) => false,
        _ => term.parts().into_iter().any(|part| reads_policy(part, dependent)),
    }
}
