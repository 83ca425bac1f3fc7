//! Two scenarios side by side: what was held (A) and what is set now (B).

use chart::{Chart, Series, Source};

use crate::number::{count, money, signed};
use crate::results::{Results, marked};

/// A row of the comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What is compared.
    pub label: &'static str,
    /// Its value in A.
    pub held: String,
    /// Its value in B.
    pub present: String,
    /// B less A; none where the two are of different places or years.
    pub difference: Option<String>,
}

/// What the two give in their last years.
pub fn rows(held: &Results, present: &Results) -> Vec<Row> {
    let is_alike = held.session().region() == present.session().region()
        && held.session().settings().years == present.session().settings().years;
    let pairs = held.headlines(true, None).into_iter().zip(present.headlines(true, None));
    pairs
        .map(|(held, present)| {
            let words = if held.is_money { money } else { count };
            Row {
                label: held.label,
                difference: is_alike.then(|| signed(words(present.raw - held.raw))),
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
        caution.push_str(
            "The two are of different places, whose definitions differ: no difference is given and no chart is drawn. ",
        );
    }
    if held.settings().years != present.settings().years {
        caution.push_str("The two end in different years: no difference is given. ");
    }
    caution
}

/// Net jobs of both as lines; none where the two are of different places.
pub fn chart(prefix: &str, held: &Results, present: &Results) -> Option<Chart> {
    let (a, b) = (held.session(), present.session());
    if a.region() != b.region() {
        return None;
    }
    let mut chart = present.main_chart(prefix, None);
    if a.values_in_words() != b.values_in_words() {
        let place = marked(&b.model().regions[b.region().index()]);
        let values = format!("A: {}; B: {}", a.values_in_words(), b.values_in_words());
        chart.source = Source::new(&format!("the model, version {}, {values}, {place}", b.model().version));
    }
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
    Some(chart)
}

/// What A and B are, for a picture of both.
pub fn in_words(held: &Results, present: &Results) -> String {
    let words = |name, results: &Results| {
        format!("{name}: {}. {}", results.session().place_in_words(), results.session().in_words())
    };
    format!("{}. {}", words("A", held), words("B", present))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examples::session;
    use crate::results::Shown;
    use crate::session::Gesture;

    #[test]
    fn only_last_years_that_are_the_same_are_subtracted() {
        let start = session();
        let shown = Shown::of(start.model()).expect("the model has the outcomes shown");
        let lever = start.model().lever("L01").expect("declared");
        let held = start.after(Gesture::Lever(lever, 0.5));
        let sooner = held.clone().after(Gesture::Years(5.0));
        let results = |session| Results::of(session, shown).expect("it runs");
        let differences = |present| {
            let rows = rows(&results(&held), &results(present));
            assert_eq!(rows.len(), 5);
            rows.into_iter().filter(|row| row.difference.is_some()).count()
        };
        assert_eq!((differences(&held), differences(&sooner)), (5, 0));
        assert!(caution(&results(&held), &results(&sooner)).contains("no difference is given"));
    }
}
