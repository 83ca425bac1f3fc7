//! Two scenarios side by side: what was held (A) and what is set now (B).

use chart::{Chart, Series};

use crate::number::{count, money, signed};
use crate::results::Results;

/// A row of the comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What is compared.
    pub label: &'static str,
    /// Its value in A.
    pub held: String,
    /// Its value in B.
    pub present: String,
    /// B less A; none where the two are of different places.
    pub difference: Option<String>,
}

/// What the two give in their last years.
pub fn rows(held: &Results, present: &Results) -> Vec<Row> {
    let same_place = held.session().region() == present.session().region();
    let pairs = held.headlines(true, None).into_iter().zip(present.headlines(true, None));
    pairs
        .map(|(held, present)| {
            let words = if held.is_money { money } else { count };
            Row {
                label: held.label,
                difference: same_place.then(|| signed(words(present.raw - held.raw))),
                held: held.value,
                present: present.value,
            }
        })
        .collect()
}

/// What is to be known before the two are compared; empty where nothing is in the way.
pub fn caution(held: &Results, present: &Results) -> String {
    let (held, present) = (held.session(), present.session());
    let mut caution = String::new();
    if held.region() != present.region() {
        caution.push_str("The two are of different places, whose definitions differ: no difference is given. ");
    }
    if held.settings().years != present.settings().years {
        caution.push_str("The two end in different years. ");
    }
    caution
}

/// Net jobs of both as lines.
pub fn chart(prefix: &str, held: &Results, present: &Results) -> Chart {
    let mut chart = present.charts(prefix, false, None).remove(0);
    chart.id = format!("{prefix}-compared");
    chart.title = "Extra net jobs in A and B".to_owned();
    chart.note = String::new();
    let points = chart.positions.len();
    let line = |name: &str, results: &Results| {
        // A run that ends earlier has no points after its end.
        let mut values = results.net_jobs();
        values.resize(points, f64::NAN);
        Series::new(name, values)
    };
    chart.series.truncate(1);
    chart.series.push(line("A", held));
    chart.series.push(line("B", present));
    chart
}
