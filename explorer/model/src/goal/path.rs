//! What single levers give and cost → settings of all levers, from the cheapest to the best.

/// What a lever gives and costs by itself at some of its settings, all other levers staying where they are.
#[derive(Clone, Debug)]
pub(super) struct Curve {
    /// Place of the lever in the model.
    pub(super) lever: usize,
    pub(super) samples: Vec<Sample>,
}

/// A lever's setting, and the value and cost of the whole mix with it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Sample {
    pub(super) setting: f64,
    pub(super) value: f64,
    pub(super) cost: f64,
}

/// Settings of all levers; from each point to the next one lever moves, those first that give most for their cost.
#[derive(Clone, Debug)]
pub(super) struct Path {
    points: Vec<Vec<f64>>,
}

impl Path {
    /// The path near the settings `here`. It would hold the cheapest mix for every value that can be reached, if what
    /// levers give and cost only added up.
    pub(super) fn new(here: &[f64], curves: &[Curve]) -> Self {
        let mut start = here.to_vec();
        let mut steps = Vec::new();
        for curve in curves {
            let corners = frontier(&curve.samples);
            start[curve.lever] = corners[0].setting;
            steps.extend(corners.windows(2).map(|pair| {
                let worth = (pair[1].value - pair[0].value) / (pair[1].cost - pair[0].cost);
                (worth, curve.lever, pair[1].setting)
            }));
        }
        // A lever's own steps are worth less and less, so they stay in order.
        steps.sort_by(|(a, ..), (b, ..)| b.total_cmp(a));
        let mut points = vec![start];
        for (_, lever, setting) in steps {
            let mut next = points[points.len() - 1].clone();
            next[lever] = setting;
            points.push(next);
        }
        Self { points }
    }

    /// How many steps it has.
    pub(super) fn length(&self) -> f64 {
        (self.points.len() - 1) as f64
    }

    /// The settings at `place`, from 0 to its length, straight between points.
    pub(super) fn at(&self, place: f64) -> Vec<f64> {
        let before = (place as usize).min(self.points.len() - 1);
        let after = (before + 1).min(self.points.len() - 1);
        let part = place - before as f64;
        let between = |(from, to): (&f64, &f64)| if from == to { *from } else { from + (to - from) * part };
        self.points[before].iter().zip(&self.points[after]).map(between).collect()
    }
}

/// The samples at which one gets most for the money: from the cheapest on, each step worth less than the one before.
fn frontier(samples: &[Sample]) -> Vec<Sample> {
    let cheapest = samples.iter().copied().reduce(|best, sample| {
        let is_better = sample.cost < best.cost || sample.cost == best.cost && sample.value > best.value;
        if is_better { sample } else { best }
    });
    let mut corners: Vec<Sample> = cheapest.into_iter().collect();
    while let Some(corner) = corners.last().copied() {
        let worth = |sample: &Sample| (sample.value - corner.value) / (sample.cost - corner.cost);
        let dearer = samples.iter().filter(|sample| sample.cost > corner.cost && sample.value > corner.value);
        // Of equally good steps the longest.
        match dearer.max_by(|a, b| worth(a).total_cmp(&worth(b)).then(a.cost.total_cmp(&b.cost))) {
            Some(next) => corners.push(*next),
            None => break,
        }
    }
    corners
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(points: &[(f64, f64, f64)]) -> Vec<Sample> {
        points.iter().map(|(setting, value, cost)| Sample { setting: *setting, value: *value, cost: *cost }).collect()
    }

    fn settings(corners: &[Sample]) -> Vec<f64> {
        corners.iter().map(|corner| corner.setting).collect()
    }

    #[test]
    fn the_frontier_leaves_out_what_is_dearer_or_worse() {
        let concave = samples(&[(0.0, 0.0, 0.0), (0.5, 3.0, 1.0), (1.0, 4.0, 2.0)]);
        assert_eq!(settings(&frontier(&concave)), [0.0, 0.5, 1.0]);
        let convex = samples(&[(0.0, 0.0, 0.0), (0.5, 1.0, 1.0), (1.0, 4.0, 2.0)]);
        assert_eq!(settings(&frontier(&convex)), [0.0, 1.0]);
        let useless = samples(&[(0.0, 0.0, 0.0), (0.5, 0.0, 1.0), (1.0, -1.0, 2.0)]);
        assert_eq!(settings(&frontier(&useless)), [0.0]);
        let free = samples(&[(0.0, 0.0, 0.0), (0.5, 1.0, 0.0), (1.0, 2.0, 0.0)]);
        assert_eq!(settings(&frontier(&free)), [1.0]);
    }

    #[test]
    fn the_best_bargains_come_first() {
        let curves = [
            Curve { lever: 0, samples: samples(&[(0.0, 0.0, 0.0), (0.5, 3.0, 1.0), (1.0, 4.0, 2.0)]) },
            Curve { lever: 2, samples: samples(&[(0.0, 0.0, 0.0), (1.0, 2.0, 1.0)]) },
        ];
        let path = Path::new(&[0.5, 0.25, 0.5], &curves);
        assert_eq!(path.length(), 3.0);
        let points: Vec<Vec<f64>> = [0.0, 1.0, 1.5, 2.0, 3.0].iter().map(|place| path.at(*place)).collect();
        let expected =
            [[0.0, 0.25, 0.0], [0.5, 0.25, 0.0], [0.5, 0.25, 0.5], [0.5, 0.25, 1.0], [1.0, 0.25, 1.0]].map(Vec::from);
        assert_eq!(points, expected);
    }
}
