//! In which scale and with how many digits amounts that stand together are printed: as the author says, or so that the
//! smallest of them can still be read.

use app::unit::{Kind, Unit};
use chart::{Chart, Precision, number};

use crate::parse::block::{Form, Scale};

/// How amounts of one unit are printed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Amounts {
    scale: Scale,
    precision: Precision,
}

/// Numbers with as many digits are printed as they are.
const FEW_DIGITS: usize = 4;
/// More decimals are not chosen, only asked for.
const MOST_DECIMALS: usize = 4;

impl Amounts {
    /// As the author says, and as these `values` in `unit` need it where nothing is said.
    pub fn new(form: &Form, unit: &str, values: impl Iterator<Item = f64>) -> Self {
        let values: Vec<f64> = values.filter(|value| value.is_finite() && *value != 0.0).map(f64::abs).collect();
        let scale = form.scale.as_ref().map_or_else(|| readable_scale(unit, &values), |(scale, _)| *scale);
        let scaled: Vec<f64> = values.iter().map(|value| value / scale.size()).collect();
        let precision = form.decimals.map_or_else(|| readable_precision(scale, &scaled), Precision::Decimals);
        Self { scale, precision }
    }

    /// The unit with the scale in it: `US$ billion per year`, `million persons`.
    pub fn unit(self, unit: &str) -> String {
        let unit = unit.trim();
        if self.scale == Scale::Ones {
            return unit.to_owned();
        }
        let is_money = matches!(Unit::read(unit).kind, Kind::Money(_));
        let (before, after) = if is_money { unit.split_once(' ').unwrap_or((unit, "")) } else { ("", unit) };
        let words = [before, self.scale.name(), after];
        words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// One of the amounts.
    pub fn text(self, value: f64) -> String {
        number::text(value / self.scale.size(), self.precision)
    }

    /// A drawing of the amounts.
    pub fn chart(self, mut chart: Chart) -> Chart {
        let scaled = |values: &mut Vec<f64>| values.iter_mut().for_each(|value| *value /= self.scale.size());
        for series in &mut chart.series {
            scaled(&mut series.values);
            for range in &mut series.ranges {
                scaled(&mut range.low);
                scaled(&mut range.high);
            }
        }
        scaled(&mut chart.axis_holds);
        chart.unit = chart::Unit::new(&self.unit(chart.unit.text()));
        chart.precision = self.precision;
        chart
    }
}

/// The largest scale from a million on that the largest amount reaches, and of which the smallest is a tenth or more.
fn readable_scale(unit: &str, values: &[f64]) -> Scale {
    let unit = Unit::read(unit);
    let is_counted = unit.factor == 1.0 && matches!(unit.kind, Kind::Money(_) | Kind::Count(_));
    let (least, most) =
        values.iter().fold((f64::INFINITY, 0.0), |(least, most), &value| (value.min(least), value.max(most)));
    if !is_counted {
        return Scale::Ones;
    }
    let mut scales = [Scale::Trillion, Scale::Billion, Scale::Million].into_iter();
    scales.find(|scale| scale.size() <= most && scale.size() <= least * 10.0).unwrap_or(Scale::Ones)
}

/// So many decimals that the smallest number keeps two digits; all there are where they are few, or where whole numbers
/// are not counted in a scale.
fn readable_precision(scale: Scale, values: &[f64]) -> Precision {
    let is_short = |value: &f64| digits(*value) <= FEW_DIGITS || scale == Scale::Ones && value.fract() == 0.0;
    let decimals = values.iter().map(|value| decimals(*value)).max().unwrap_or(0);
    if scale == Scale::Ones && values.iter().all(is_short) {
        return Precision::Full;
    }
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    let shifted = std::iter::successors(Some(least), |value| Some(value * 10.0)).take(MOST_DECIMALS);
    let wanted = shifted.take_while(|value| *value < 10.0).count();
    Precision::Decimals(wanted.min(decimals) as u8)
}

/// Digits that say something: 3 in 0.0123 and in 12,300.
fn digits(value: f64) -> usize {
    let written = number::plain(value);
    let digits = written.split('e').next().unwrap_or_default().replace('.', "");
    digits.trim_matches('0').len()
}

/// Digits after the point.
fn decimals(value: f64) -> usize {
    number::plain(value).split_once('.').map_or(0, |(_, after)| after.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_printed_so_that_the_smallest_can_be_read() {
        let rows: [(&str, &[f64], &str, &[&str]); 10] = [
            ("US$", &[115_432_289_372.0, 4_629_706_591.0], "US$ billion", &["115.4", "4.6"]),
            ("US$ per year", &[1_154_322_893.72, 5_468_339.0], "US$ million per year", &["1,154.3", "5.5"]),
            ("US$", &[76_954_859_581.3, 822_971_550.5], "US$ billion", &["76.95", "0.82"]),
            ("persons", &[32_000_000.0, 9_000_000.0], "million persons", &["32", "9"]),
            ("jobs", &[8_200.0, 2_000_000.0], "jobs", &["8,200", "2,000,000"]),
            ("US$ billion", &[32_700.0, 0.115], "US$ billion", &["32,700", "0.115"]),
            ("ratio", &[1.285, 0.125_244, 0.046_667], "ratio", &["1.285", "0.125", "0.047"]),
            ("%", &[3.7, 0.0], "%", &["3.7", "0"]),
            ("US$", &[-2_500_000.0, 0.0], "US$ million", &["−2.5", "0.0"]),
            ("firms", &[], "firms", &[]),
        ];
        for (unit, values, expected_unit, expected) in rows {
            let amounts = Amounts::new(&Form::default(), unit, values.iter().copied());
            let printed: Vec<String> = values.iter().map(|value| amounts.text(*value)).collect();
            assert_eq!(
                (amounts.unit(unit).as_str(), printed),
                (expected_unit, expected.iter().map(|text| (*text).to_owned()).collect())
            );
        }
    }

    #[test]
    fn what_the_author_says_comes_before_what_would_be_readable() {
        let form = |scale: Option<Scale>, decimals| Form { scale: scale.map(|scale| (scale, 0..0)), decimals };
        let rows = [
            (form(Some(Scale::Million), None), "115,432", "US$ million"),
            (form(Some(Scale::Million), Some(2)), "115,432.29", "US$ million"),
            (form(None, Some(0)), "115", "US$ billion"),
            (form(Some(Scale::Ones), None), "115,432,289,372", "US$"),
        ];
        for (form, expected, unit) in rows {
            let amounts = Amounts::new(&form, "US$", [115_432_289_372.0].into_iter());
            assert_eq!((amounts.text(115_432_289_372.0).as_str(), amounts.unit("US$").as_str()), (expected, unit));
        }
    }
}
