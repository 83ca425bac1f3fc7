//! Functions of real numbers that give the same bits natively and in WebAssembly.
//!
//! The standard library leaves `exp`, `ln` and `powf` to the platform, whose last bits differ. Addition,
//! multiplication, division and square roots are exact by IEEE 754 and need nothing from here.

/// e to the power of `x`.
pub fn exp(x: f64) -> f64 {
    libm::exp(x)
}

/// Natural logarithm of `x`.
pub fn ln(x: f64) -> f64 {
    libm::log(x)
}

/// Decimal logarithm of `x`.
pub fn log10(x: f64) -> f64 {
    libm::log10(x)
}

/// `base` to the power of `exponent`.
pub fn pow(base: f64, exponent: f64) -> f64 {
    libm::pow(base, exponent)
}

/// The smaller of two; the second when either is not a number. (`f64::min` may return either zero of 0 and −0.)
pub fn min(a: f64, b: f64) -> f64 {
    if a < b { a } else { b }
}

/// The larger of two; the second when either is not a number.
pub fn max(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

/// Share of a standard normal distribution below `score`.
///
/// ```
/// assert_eq!(model::float::normal_share(0.0), 0.5);
/// ```
pub fn normal_share(score: f64) -> f64 {
    0.5 * libm::erfc(-score * std::f64::consts::FRAC_1_SQRT_2)
}

/// The score below which `share` of a standard normal distribution lies; `share` is above 0 and below 1.
///
/// Acklam's approximation, brought to full precision by one step of Halley's method.
///
/// ```
/// let score = model::float::normal_quantile(0.975);
/// assert!((score - 1.959963984540054).abs() < 1e-12);
/// ```
pub fn normal_quantile(share: f64) -> f64 {
    const TAIL: f64 = 0.02425;
    let near = if share < TAIL {
        quantile_in_tail((-2.0 * ln(share)).sqrt())
    } else if share > 1.0 - TAIL {
        -quantile_in_tail((-2.0 * ln(1.0 - share)).sqrt())
    } else {
        quantile_in_middle(share - 0.5)
    };
    let error = normal_share(near) - share;
    let step = error * (2.0 * std::f64::consts::PI).sqrt() * exp(near * near / 2.0);
    near - step / (1.0 + near * step / 2.0)
}

/// Acklam's rational approximation for shares far from one half.
fn quantile_in_tail(q: f64) -> f64 {
    const ABOVE: [f64; 6] = [
        -7.784894002430293e-03,
        -3.223964580411365e-01,
        -2.400758277161838e+00,
        -2.549732539343734e+00,
        4.374664141464968e+00,
        2.938163982698783e+00,
    ];
    const BELOW: [f64; 5] =
        [7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00, 3.754408661907416e+00, 1.0];
    polynomial(&ABOVE, q) / polynomial(&BELOW, q)
}

/// Acklam's rational approximation near one half.
fn quantile_in_middle(q: f64) -> f64 {
    const ABOVE: [f64; 6] = [
        -3.969683028665376e+01,
        2.209460984245205e+02,
        -2.759285104469687e+02,
        1.38357751867269e+02,
        -3.066479806614716e+01,
        2.506628277459239e+00,
    ];
    const BELOW: [f64; 6] = [
        -5.447609879822406e+01,
        1.615858368580409e+02,
        -1.556989798598866e+02,
        6.680131188771972e+01,
        -1.328068155288572e+01,
        1.0,
    ];
    q * polynomial(&ABOVE, q * q) / polynomial(&BELOW, q * q)
}

/// The polynomial with these coefficients, the highest first.
fn polynomial(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().fold(0.0, |sum, coefficient| sum * x + coefficient)
}
