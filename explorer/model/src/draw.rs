//! Parameter values for many runs: scrambled Sobol' points through inverse distribution functions.
//!
//! Points are numbered, so any block of draws can be made by itself. Each set of four dimensions is Sobol's sequence
//! of four dimensions, its points shuffled and its digits scrambled (Owen) by hashes of the seed, as in Burley,
//! "Practical Hash-based Owen Scrambling" (2020): every single parameter and most pairs are spread evenly.

use serde::{Deserialize, Serialize};

use crate::beta::Beta;
use crate::float;
use crate::model::{Distribution, Estimate};

/// Where to find the value of a parameter in each draw.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Draw {
    pub(crate) seed: u32,
    pub(crate) dimension: u32,
    /// What the parameter shares with others of its group; none if it moves alone.
    pub(crate) shared: Option<Shared>,
    pub(crate) central: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
    pub(crate) distribution: Distribution,
}

/// The factor that the parameters of a group share (a Gaussian copula with one factor).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Shared {
    pub(crate) dimension: u32,
    /// Correlation of any two members' normal scores, 0 to 1.
    pub(crate) correlation: f64,
    pub(crate) direction: Direction,
}

/// Whether a parameter is high or low when its group is high.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Direction {
    /// High when the group is.
    With,
    /// Low when the group is high.
    Against,
}

impl Draw {
    /// A parameter that is drawn from its estimate.
    pub(crate) fn new(seed: u32, dimension: u32, shared: Option<Shared>, estimate: &Estimate) -> Self {
        let Estimate { central, low, high, distribution, .. } = *estimate;
        Self { seed, dimension, shared, central, low, high, distribution }
    }

    /// The values in the draws from `first` on.
    pub(crate) fn fill(&self, first: u32, factors: &mut Factors, to: &mut [f64]) {
        points(self.seed, self.dimension, first, to);
        if let Some(Shared { dimension, correlation, direction }) = self.shared {
            let common = if direction == Direction::With { correlation.sqrt() } else { -correlation.sqrt() };
            let own = (1.0 - correlation).sqrt();
            let scores = factors.scores(self.seed, dimension, first, to.len());
            for (to, factor) in to.iter_mut().zip(scores) {
                *to = float::normal_share(common * factor + own * float::normal_quantile(*to));
            }
        }
        quantiles(self.distribution, self.low, self.central, self.high, to);
    }
}

/// The normal scores of factors in a block of draws, each worked out once for all parameters that share it.
#[derive(Debug, Default)]
pub(crate) struct Factors {
    known: Vec<((u32, u32, u32), Vec<f64>)>,
}

impl Factors {
    /// The scores of the factor in `dimension` in so many draws from `first` on.
    fn scores(&mut self, seed: u32, dimension: u32, first: u32, draws: usize) -> &[f64] {
        let key = (seed, dimension, first);
        let place = self.known.iter().position(|(known, scores)| *known == key && scores.len() == draws);
        let place = place.unwrap_or_else(|| {
            let mut scores = vec![0.0; draws];
            points(seed, dimension, first, &mut scores);
            for score in &mut scores {
                *score = float::normal_quantile(*score);
            }
            self.known.push((key, scores));
            self.known.len() - 1
        });
        &self.known[place].1
    }
}

/// Turns shares, above 0 and below 1, into the values below which those shares of a distribution lie.
fn quantiles(distribution: Distribution, low: f64, central: f64, high: f64, shares: &mut [f64]) {
    // Rounding must not lead out of the range.
    let each = |shares: &mut [f64], value: &dyn Fn(f64) -> f64| {
        for share in shares {
            *share = float::min(float::max(value(*share), low), high);
        }
    };
    match distribution {
        Distribution::Fixed => shares.fill(central),
        Distribution::Uniform => each(shares, &|share| low + (high - low) * share),
        Distribution::Triangular => {
            let rising = (central - low) / (high - low);
            each(shares, &|share| {
                if share < rising {
                    low + (share * (high - low) * (central - low)).sqrt()
                } else {
                    high - ((1.0 - share) * (high - low) * (high - central)).sqrt()
                }
            });
        }
        Distribution::Pert => {
            let mode = (central - low) / (high - low);
            let beta = Beta::new(1.0 + 4.0 * mode, 5.0 - 4.0 * mode);
            each(shares, &|share| low + (high - low) * beta.quantile(share));
        }
        Distribution::Normal => each(shares, &truncated_normal(low, central, high)),
        Distribution::Lognormal => {
            let logarithm = truncated_normal(float::ln(low), float::ln(central), float::ln(high));
            each(shares, &|share| float::exp(logarithm(share)));
        }
    }
}

/// Normal around `central`, 95% of it as wide as `low` to `high`, cut off there: share → value.
fn truncated_normal(low: f64, central: f64, high: f64) -> impl Fn(f64) -> f64 {
    let deviation = (high - low) / (2.0 * 1.959_963_984_540_054);
    let below = float::normal_share((low - central) / deviation);
    let up_to = float::normal_share((high - central) / deviation);
    move |share| central + deviation * float::normal_quantile(below + (up_to - below) * share)
}

/// Points that are worked out together.
const CHUNK: usize = 64;

/// Coordinates of the points from `first` on in `dimension`, above 0 and below 1.
pub(crate) fn points(seed: u32, dimension: u32, first: u32, to: &mut [f64]) {
    let (shuffle, digit_seed) = (hash(seed, dimension / 4), hash(seed ^ 0x5bd1_e995, dimension));
    for (chunk, to) in to.chunks_mut(CHUNK).enumerate() {
        let first = first.wrapping_add((chunk * CHUNK) as u32);
        let shuffled: [u32; CHUNK] = std::array::from_fn(|place| scramble(first.wrapping_add(place as u32), shuffle));
        // Digits of Sobol's sequence in one of its first four dimensions, a direction at a time for all points.
        let mut digits = [0; CHUNK];
        for (place, direction) in DIRECTIONS[(dimension % 4) as usize].iter().enumerate() {
            for (digits, index) in digits.iter_mut().zip(&shuffled) {
                *digits ^= direction & 0_u32.wrapping_sub(index >> place & 1);
            }
        }
        for (to, digits) in to.iter_mut().zip(digits) {
            *to = (f64::from(scramble(digits, digit_seed)) + 0.5) / 4_294_967_296.0;
        }
    }
}

/// Direction numbers from the primitive polynomials and first values of Joe and Kuo.
const DIRECTIONS: [[u32; 32]; 4] =
    [first_directions(), directions(1, 0, [1, 0, 0]), directions(2, 1, [1, 3, 0]), directions(3, 1, [1, 3, 1])];

const fn first_directions() -> [u32; 32] {
    let mut directions = [0; 32];
    let mut place = 0;
    while place < 32 {
        directions[place] = 1 << (31 - place);
        place += 1;
    }
    directions
}

const fn directions(degree: usize, coefficients: u32, first: [u32; 3]) -> [u32; 32] {
    let mut directions = [0; 32];
    let mut place = 0;
    while place < 32 {
        if place < degree {
            directions[place] = first[place] << (31 - place);
        } else {
            let mut value = directions[place - degree] ^ (directions[place - degree] >> degree);
            let mut term = 1;
            while term < degree {
                if (coefficients >> (degree - 1 - term)) & 1 == 1 {
                    value ^= directions[place - term];
                }
                term += 1;
            }
            directions[place] = value;
        }
        place += 1;
    }
    directions
}

/// Owen's scrambling: each digit is flipped or not by a hash of those before it.
fn scramble(digits: u32, seed: u32) -> u32 {
    let mut x = digits.reverse_bits();
    x ^= x.wrapping_mul(0x3d20_adea);
    x = x.wrapping_add(seed);
    x = x.wrapping_mul((seed >> 16) | 1);
    x ^= x.wrapping_mul(0x0552_6c56);
    x ^= x.wrapping_mul(0x53a2_2864);
    x.reverse_bits()
}

/// A number that looks unrelated for every pair of arguments.
pub(crate) fn hash(seed: u32, stream: u32) -> u32 {
    let mut x = (u64::from(seed) << 32 | u64::from(stream)).wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((x ^ (x >> 31)) >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(seed: u32, dimension: u32, index: u32) -> f64 {
        let mut points = [0.0];
        super::points(seed, dimension, index, &mut points);
        points[0]
    }

    fn value(draw: &Draw, index: u32) -> f64 {
        let mut values = [0.0];
        draw.fill(index, &mut Factors::default(), &mut values);
        values[0]
    }

    fn quantile(distribution: Distribution, low: f64, central: f64, high: f64, share: f64) -> f64 {
        let mut values = [share];
        quantiles(distribution, low, central, high, &mut values);
        values[0]
    }

    #[test]
    fn every_dimension_has_one_point_in_each_of_its_equal_parts() {
        for dimension in 0..40 {
            for size in [16_u32, 256, 1024] {
                let mut hit = vec![0; size as usize];
                for index in 0..size {
                    hit[(point(7, dimension, index) * f64::from(size)) as usize] += 1;
                }
                assert!(hit.iter().all(|count| *count == 1), "dimension {dimension}, {size} points");
            }
        }
    }

    #[test]
    fn the_first_two_dimensions_of_a_set_have_one_point_in_each_square() {
        for set in 0..10 {
            let mut hit = [[0; 16]; 16];
            for index in 0..256 {
                let x = (point(3, 4 * set, index) * 16.0) as usize;
                let y = (point(3, 4 * set + 1, index) * 16.0) as usize;
                hit[x][y] += 1;
            }
            assert_eq!(hit, [[1; 16]; 16], "set {set}");
        }
    }

    #[test]
    fn parameters_of_different_sets_are_not_related() {
        let mean = |f: &dyn Fn(u32) -> f64| (0..1024).map(f).sum::<f64>() / 1024.0;
        for (a, b) in [(0, 4), (0, 5), (1, 9), (3, 7), (2, 80), (100, 164)] {
            let product = mean(&|index| (point(1, a, index) - 0.5) * (point(1, b, index) - 0.5));
            assert!((product * 12.0).abs() < 0.1, "dimensions {a} and {b}: correlation {}", product * 12.0);
        }
    }

    #[test]
    fn quantiles_keep_to_range_order_and_shape() {
        use Distribution::{Fixed, Lognormal, Normal, Pert, Triangular, Uniform};
        for distribution in [Fixed, Uniform, Triangular, Pert, Normal, Lognormal] {
            for (low, central, high) in [(1.0, 2.0, 4.0), (1.0, 1.0, 3.0), (1.0, 3.0, 3.0), (2.0, 2.0, 2.0)] {
                if low == high && distribution != Fixed {
                    continue;
                }
                let values: Vec<f64> =
                    (1..1000).map(|n| quantile(distribution, low, central, high, f64::from(n) / 1000.0)).collect();
                assert!(values.iter().all(|value| (low..=high).contains(value)), "{distribution:?}");
                assert!(values.is_sorted(), "{distribution:?}");
            }
        }
        // A PERT estimate with its central value in the middle is a beta distribution of shapes 3 and 3.
        assert!((quantile(Pert, 0.0, 0.5, 1.0, 0.5) - 0.5).abs() < 1e-15);
        assert!((quantile(Pert, 0.0, 0.5, 1.0, 0.103515625) - 0.25).abs() < 1e-15);
        assert_eq!(quantile(Triangular, 0.0, 1.0, 2.0, 0.5), 1.0);
        assert_eq!(quantile(Triangular, 0.0, 1.0, 2.0, 0.125), 0.5);
        assert_eq!(quantile(Uniform, 2.0, 3.0, 6.0, 0.25), 3.0);
        assert!((quantile(Normal, 0.0, 1.0, 2.0, 0.5) - 1.0).abs() < 1e-12);
        assert!((quantile(Lognormal, 1.0, 2.0, 4.0, 0.5) - 2.0).abs() < 1e-12);
    }

    #[test]
    fn means_are_those_of_the_distributions() {
        use Distribution::{Fixed, Lognormal, Normal, Pert, Triangular, Uniform};
        let mean = |distribution, (low, central, high): (f64, f64, f64)| {
            let at = |n: u32| quantile(distribution, low, central, high, (f64::from(n) + 0.5) / 20_000.0);
            (0..20_000).map(at).sum::<f64>() / 20_000.0
        };
        for estimate in [(1.0, 2.0, 4.0), (1.0, 1.0, 3.0), (1.0, 3.0, 3.0), (-2.0, 7.0, 8.0)] {
            let (low, central, high) = estimate;
            for (distribution, exact) in [
                (Fixed, central),
                (Uniform, (low + high) / 2.0),
                (Triangular, (low + central + high) / 3.0),
                (Pert, (low + 4.0 * central + high) / 6.0),
            ] {
                let found = mean(distribution, estimate);
                assert!((found - exact).abs() < 1e-4, "{distribution:?} of {estimate:?}: {found} is not {exact}");
            }
        }
        assert!((mean(Normal, (1.0, 2.0, 3.0)) - 2.0).abs() < 1e-9);
        // Half of a lognormal distribution lies below its central value, so the mean is above it.
        assert!((2.0..2.2).contains(&mean(Lognormal, (1.0, 2.0, 4.0))));
    }

    #[test]
    fn parameters_of_a_group_move_together_as_far_as_declared() {
        let estimate = Estimate {
            central: 0.5,
            low: 0.0,
            high: 1.0,
            distribution: Distribution::Uniform,
            grade: crate::Grade::D,
            basis: crate::Basis::Unverified,
            sources: Vec::new(),
            note: String::new(),
        };
        let member = |dimension, direction| {
            let shared = Shared { dimension: 0, correlation: 0.6, direction };
            Draw::new(1, dimension, Some(shared), &estimate)
        };
        let related = |a: &Draw, b: &Draw| {
            let score = |draw: &Draw, index| float::normal_quantile(value(draw, index));
            (0..4096).map(|index| score(a, index) * score(b, index)).sum::<f64>() / 4096.0
        };
        let (a, b, c) = (member(1, Direction::With), member(6, Direction::With), member(11, Direction::Against));
        assert!((related(&a, &b) - 0.6).abs() < 0.05, "{}", related(&a, &b));
        assert!((related(&a, &c) + 0.6).abs() < 0.05, "{}", related(&a, &c));
        let mean = (0..4096).map(|index| value(&a, index)).sum::<f64>() / 4096.0;
        assert!((mean - 0.5).abs() < 0.01, "each member keeps its own distribution: {mean}");
    }

    #[test]
    fn many_draws_together_are_what_each_is_alone() {
        let points = |first: u32, count: usize| {
            let mut points = vec![0.0; count];
            super::points(3, 6, first, &mut points);
            points
        };
        let alone: Vec<f64> = (1000..1200).map(|index| point(3, 6, index)).collect();
        assert_eq!(points(1000, 200), alone);
        assert_eq!([points(1000, 64), points(1064, 1), points(1065, 135)].concat(), alone);
    }
}
