//! The beta distribution, which a PERT estimate is a stretched case of.
//!
//! Written here because the crates that have it (statrs, special, puruspe) call the platform's `exp` and `ln`, whose
//! last bits differ between machines; this one stands on `libm`.

use crate::float;

/// A beta distribution on 0 to 1 with two shapes, each 1 or more.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Beta {
    a: f64,
    b: f64,
    /// Logarithm of the factor that makes the density's integral one.
    scale: f64,
}

impl Beta {
    pub(crate) fn new(a: f64, b: f64) -> Self {
        Self { a, b, scale: libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b) }
    }

    /// The value below which `share` of the distribution lies; `share` is above 0 and below 1.
    ///
    /// Halley's method from the quantile of the triangle with the same ends and mode, kept between bounds that close in.
    pub(crate) fn quantile(&self, share: f64) -> f64 {
        // Both ends of a stretch that holds the value.
        let (mut low, mut high) = (0.0, 1.0);
        let mode = (self.a - 1.0) / (self.a + self.b - 2.0);
        let mut x = if share < mode { (share * mode).sqrt() } else { 1.0 - ((1.0 - share) * (1.0 - mode)).sqrt() };
        for _ in 0..100 {
            let (below, density) = self.share_below(x);
            let error = below - share;
            if error > 0.0 {
                high = x;
            } else {
                low = x;
            }
            let newton = error / density;
            let curvature = (self.a - 1.0) / x - (self.b - 1.0) / (1.0 - x);
            let next = x - newton / (1.0 - 0.5 * float::min(newton * curvature, 1.0));
            if !(next > low && next < high) {
                // At the end rounding leads out of the bounds, in between too long a step does.
                if high - low <= 2.0 * f64::EPSILON * high {
                    return x;
                }
                x = 0.5 * (low + high);
                continue;
            }
            // The number of right digits trebles with each step, so after one this small all are.
            let is_last = (next - x).abs() <= 1e-6 * float::min(x, 1.0 - x);
            x = next;
            if is_last {
                return x;
            }
        }
        x
    }

    /// Share of the distribution below `x`, which is above 0 and below 1, and its density there.
    fn share_below(&self, x: f64) -> (f64, f64) {
        let front = float::exp(self.scale + self.a * float::ln(x) + self.b * float::ln(1.0 - x));
        // The fraction converges quickly on this side of the mean, and the other side is its mirror image.
        let share = if x < (self.a + 1.0) / (self.a + self.b + 2.0) {
            front * continued_fraction(self.a, self.b, x) / self.a
        } else {
            1.0 - front * continued_fraction(self.b, self.a, 1.0 - x) / self.b
        };
        (share, front / (x * (1.0 - x)))
    }
}

/// The continued fraction of the incomplete beta function (DLMF 8.17.22), from the front by Lentz's method.
fn continued_fraction(a: f64, b: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let away_from_zero = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = d;
    for m in 1..300 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut change = 1.0;
        for term in [even, odd] {
            d = 1.0 / away_from_zero(1.0 + term * d);
            c = away_from_zero(1.0 + term / c);
            change = c * d;
            fraction *= change;
        }
        if (change - 1.0).abs() < f64::EPSILON {
            break;
        }
    }
    fraction
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_those_of_the_polynomials_that_whole_shapes_give() {
        for n in 1..100 {
            let x = f64::from(n) / 100.0;
            for (a, b, exact) in [
                (1.0, 5.0, 1.0 - float::pow(1.0 - x, 5.0)),
                (5.0, 1.0, float::pow(x, 5.0)),
                (3.0, 3.0, float::pow(x, 3.0) * (10.0 - 15.0 * x + 6.0 * x * x)),
                (2.0, 4.0, x * x * (10.0 - 20.0 * x + 15.0 * x * x - 4.0 * x * x * x)),
            ] {
                let (share, _) = Beta::new(a, b).share_below(x);
                assert!((share - exact).abs() < 1e-14, "({a}, {b}) at {x}: {share} is not {exact}");
            }
        }
    }

    #[test]
    fn quantiles_undo_shares() {
        for tenths in 0..=40 {
            let a = 1.0 + f64::from(tenths) / 10.0;
            let beta = Beta::new(a, 6.0 - a);
            let middle = (1..200).map(|n| f64::from(n) / 200.0);
            for share in middle.chain([1e-10, 1e-6, 1e-3, 0.999, 1.0 - 1e-6, 1.0 - 1e-10]) {
                let (back, _) = beta.share_below(beta.quantile(share));
                assert!((back - share).abs() < 1e-14, "shape {a}: {back} is not {share}");
            }
        }
    }
}
