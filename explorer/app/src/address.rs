//! A session as the query of an address, and back: `region=us&all=50&L07=0&case=sceptic&eta=0.4&model=1.0.0`.
//!
//! Only what differs from the start is written, and the version of the model. Levers are in per cent, and may say when
//! they move: `L01=50@2` after two years, `L01=50@2+3` over three years from then. What is kept for comparison
//! stands behind it with `a.` before each key. Whatever cannot be read is left out, and a [`Notice`] says so.

use std::fmt;

use model::{LeverId, Model, Schedule};

use crate::decimal::{Decimal, short};
use crate::query;
use crate::session::{Gesture, Session, Settings};

/// What is written before the keys of what is kept for comparison.
const HELD: &str = "a.";

/// More text than any session needs; what lies beyond is not read.
const LONGEST: usize = 8192;

/// Something in an address that could not be followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// A key that means nothing here, or a value that does not fit its key.
    NotUnderstood(String),
    /// The link was made with another version of the model.
    OtherVersion {
        /// The version.
        made: String,
        /// The version here.
        here: String,
        /// What has changed since, the newest first; nothing if that version is not known here.
        since: Vec<String>,
        /// Where the same settings can be opened with the version of the link, if anywhere.
        address: Option<String>,
    },
    /// An assumption outside of its range.
    Beyond(String),
    /// So many more could be said.
    More(usize),
    /// There is more of it than any session needs.
    TooLong,
}

impl fmt::Display for Notice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotUnderstood(part) => write!(formatter, "“{part}” was not understood and is left out."),
            Self::OtherVersion { made, here, since, .. } => {
                write!(
                    formatter,
                    "This link was made with version {made} of the model; here it is opened with {here}."
                )?;
                match since.is_empty() {
                    true => formatter.write_str(" What changed between them is not known here; results may differ."),
                    false => write!(formatter, " Since then: {}", since.join(" ")),
                }
            }
            Self::Beyond(part) => {
                write!(formatter, "“{part}” lies outside of its range; the end of the range is used.")
            }
            Self::More(count) => write!(formatter, "{count} more parts of it were not understood or not followed."),
            Self::TooLong => {
                formatter.write_str("The end of this link is left out: it is longer than any needs to be.")
            }
        }
    }
}

/// The query of an address that gives this session back; empty for what a page starts with.
pub fn write(session: &Session, start: &Session) -> String {
    let mut query = String::new();
    push_settings(&mut query, "", session.settings(), start);
    if let Some(held) = session.held() {
        // Its region is always written, so that something is.
        push(&mut query, HELD, "region", &session.model().regions[held.region.index()].id);
        push_settings(&mut query, HELD, held, &start.with(at(held, start), None));
    }
    if !query.is_empty() {
        push(&mut query, "", "model", &session.model().version);
    }
    query
}

/// More than these nobody would read.
const MOST_NOTICES: usize = 10;

/// What the keys begin with that others add to links to see where readers come from.
const FOREIGN: [&str; 4] = ["utm_", "fbclid", "gclid", "mc_"];

/// The session that the query of an address asks for, beginning from `start`, and what of it could not be followed.
pub fn read(query: &str, start: &Session) -> (Session, Vec<Notice>) {
    let mut notices = Vec::new();
    let mut end = query.len().min(LONGEST);
    while !query.is_char_boundary(end) {
        end -= 1;
    }
    if end < query.len() {
        notices.push(Notice::TooLong);
    }
    let query = &query[..end];
    let parts = || query.trim_start_matches('?').split('&').filter(|part| !part.is_empty());
    let (mut session, mut held) = (start.clone(), None);
    // The region first: it says which values of assumptions are possible. What all levers do, before single ones.
    for round in [Round::Region, Round::All, Round::Single] {
        for part in parts() {
            // On their way links are changed: by coding their signs, and by noting who passed them on.
            let decoded = query::decoded(part);
            let (key, value) = decoded.split_once('=').unwrap_or((&decoded, ""));
            if FOREIGN.iter().any(|foreign| key.starts_with(foreign)) {
                continue;
            }
            let (key, is_of_held) = key.strip_prefix(HELD).map_or((key, false), |key| (key, true));
            if Round::of(key) != round {
                continue;
            }
            match gestures(start.model(), key, value) {
                Some(gestures) => {
                    let place = if is_of_held { held.get_or_insert_with(|| start.clone()) } else { &mut session };
                    if gestures.iter().any(|gesture| is_beyond(gesture, place)) {
                        notices.push(Notice::Beyond(shortened(part)));
                    }
                    *place = gestures.into_iter().fold(place.clone(), Session::after);
                }
                None if key == "model" => {
                    if !value.is_empty() && value != start.model().version {
                        notices.push(other_version(start.model(), value, query));
                    }
                }
                None => notices.push(Notice::NotUnderstood(shortened(part))),
            }
        }
    }
    if notices.len() > MOST_NOTICES {
        let more = notices.split_off(MOST_NOTICES - 1).len();
        notices.push(Notice::More(more));
    }
    let held = held.map(|held| held.settings().clone());
    (session.with(session.settings().clone(), held), notices)
}

/// Whether a gesture asks for an assumption outside of its range, so that the end of the range will have to do.
fn is_beyond(gesture: &Gesture, place: &Session) -> bool {
    let Gesture::Parameter(parameter, value) = gesture else { return false };
    let estimate = place.model().parameters[parameter.index()].estimate(place.region());
    !(estimate.low..=estimate.high).contains(value)
}

/// What there is to say of a link that was made with another version.
fn other_version(model: &Model, made: &str, query: &str) -> Notice {
    let known = model.changes.iter().position(|change| change.version == made);
    let since = &model.changes[..known.unwrap_or(0)];
    let address = known.map(|known| &model.changes[known].address).filter(|address| !address.is_empty());
    Notice::OtherVersion {
        made: shortened(made),
        here: model.version.clone(),
        since: since.iter().map(|change| format!("{} ({}): {}", change.version, change.date, change.note)).collect(),
        address: address.map(|address| format!("{address}?{}", query.trim_start_matches('?'))),
    }
}

impl Notice {
    /// Where the reader can go about it: words and an address.
    pub fn link(&self) -> Option<(String, &str)> {
        match self {
            Self::OtherVersion { made, address: Some(address), .. } => {
                Some((format!("Open it with version {made}"), address.as_str()))
            }
            _ => None,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Round {
    Region,
    All,
    Single,
}

impl Round {
    fn of(key: &str) -> Self {
        match key {
            "region" | "case" => Self::Region,
            "all" | "scenario" => Self::All,
            _ => Self::Single,
        }
    }
}

/// What a key and its value ask for; none if that cannot be.
fn gestures(model: &Model, key: &str, value: &str) -> Option<Vec<Gesture>> {
    let one = |gesture| Some(vec![gesture]);
    match key {
        "region" => one(Gesture::Region(model.region(value)?)),
        "year" => {
            let years = Decimal::read(value)?.value();
            model.time.allows(years).then(|| vec![Gesture::Years(years)])
        }
        "case" => {
            let case = model.scenario(value).filter(|case| model.scenarios[case.index()].levers.is_none())?;
            one(Gesture::Case(Some(case)))
        }
        "scenario" => {
            let preset = model.scenario(value).filter(|preset| model.scenarios[preset.index()].levers.is_some())?;
            one(Gesture::Preset(preset))
        }
        "all" => {
            let setting = setting(value)?;
            let each = model.lever_ids().map(|lever| Gesture::Lever(lever, setting));
            Some(each.collect())
        }
        _ => match model.lever(key) {
            Some(lever) => moves(model, lever, value),
            None => {
                let parameter = model.parameter(key)?;
                one(Gesture::Parameter(parameter, Decimal::read(value)?.value()))
            }
        },
    }
}

/// `50`, `50@2` or `50@2+3`.
fn moves(model: &Model, lever: LeverId, value: &str) -> Option<Vec<Gesture>> {
    let (percent, schedule) = match value.split_once('@') {
        Some((percent, schedule)) => (percent, Some(schedule)),
        None => (value, None),
    };
    let mut gestures = vec![Gesture::Lever(lever, setting(percent)?)];
    if let Some(schedule) = schedule {
        let (start, ramp) = schedule.split_once('+').unwrap_or((schedule, "0"));
        let time =
            |text| Decimal::read(text).map(Decimal::value).filter(|time| (0.0..=model.time.longest).contains(time));
        gestures.push(Gesture::Schedule(lever, Schedule { start: time(start)?, ramp: time(ramp)? }));
    }
    Some(gestures)
}

/// Per cent as a setting from 0 to 1.
fn setting(percent: &str) -> Option<f64> {
    let percent = Decimal::read(percent)?.value();
    (0.0..=100.0).contains(&percent).then_some(percent / 100.0)
}

/// The settings that `start` would have in the region of others.
fn at(settings: &Settings, start: &Session) -> Settings {
    start.clone().after(Gesture::Region(settings.region)).settings().clone()
}

fn push_settings(query: &mut String, prefix: &str, settings: &Settings, start: &Session) {
    let model = start.model();
    let begun = start.settings();
    if settings.region != begun.region {
        push(query, prefix, "region", &model.regions[settings.region.index()].id);
    }
    if settings.years != begun.years {
        push_number(query, prefix, "year", settings.years);
    }
    if let Some(case) = settings.case {
        push(query, prefix, "case", &model.scenarios[case.index()].id);
    }
    // What most levers do is said once for all of them.
    let is_as_begun = |lever: usize, setting: f64| begun.levers[lever] == setting;
    let common = most_common(&settings.levers);
    let all = common.filter(|all| model.levers.iter().all(|lever| lever.allows(*all)));
    let without = (0..model.levers.len()).filter(|lever| !is_as_begun(*lever, settings.levers[*lever])).count();
    let with = settings.levers.iter().filter(|setting| Some(**setting) != all).count() + 1;
    let all = all.filter(|_| with < without);
    if let Some(all) = all {
        push_number(query, prefix, "all", all * 100.0);
    }
    for (index, lever) in model.levers.iter().enumerate() {
        let (setting, schedule) = (settings.levers[index], settings.schedules[index]);
        let expected = all.unwrap_or(begun.levers[index]);
        if setting == expected && schedule == begun.schedules[index] {
            continue;
        }
        push_number(query, prefix, &lever.id, setting * 100.0);
        if schedule != begun.schedules[index] {
            query.push('@');
            query.push_str(&short(schedule.start));
            if schedule.ramp != 0.0 {
                query.push('+');
                query.push_str(&short(schedule.ramp));
            }
        }
    }
    for (parameter, value) in &settings.parameters {
        push_number(query, prefix, &model.parameters[parameter.index()].id, *value);
    }
}

/// The setting that most levers have.
fn most_common(settings: &[f64]) -> Option<f64> {
    let count = |setting: f64| settings.iter().filter(|other| **other == setting).count();
    settings.iter().copied().max_by_key(|setting| count(*setting))
}

fn push_number(query: &mut String, prefix: &str, key: &str, value: f64) {
    if let Some(number) = Decimal::near(value) {
        push(query, prefix, key, &number.to_string());
    }
}

fn push(query: &mut String, prefix: &str, key: &str, value: &str) {
    if !query.is_empty() {
        query.push('&');
    }
    query.push_str(prefix);
    query.push_str(key);
    query.push('=');
    query.push_str(value);
}

/// As much of it as a notice has room for.
fn shortened(text: &str) -> String {
    const ROOM: usize = 40;
    match text.char_indices().nth(ROOM) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::examples::session;

    fn round_trip(session: &Session, start: &Session) {
        let query = write(session, start);
        let (read, notices) = read(&query, start);
        assert_eq!(notices, [], "{query}");
        assert_eq!(&read, session, "{query}");
    }

    #[test]
    fn an_address_is_short_and_readable() {
        let start = session();
        let model = start.model();
        let all = model.scenario("all-at-50").expect("declared");
        let sceptic = model.scenario("sceptic").expect("declared");
        let income = model.lever("L07").expect("declared");
        assert_eq!(write(&start, &start), "");
        let set = start.clone().after(Gesture::Preset(all)).after(Gesture::Lever(income, 0.0));
        assert_eq!(write(&set, &start), format!("all=50&L07=0&model={}", model.version));
        let later = set
            .after(Gesture::Case(Some(sceptic)))
            .after(Gesture::Schedule(income, Schedule { start: 2.0, ramp: 3.5 }));
        assert_eq!(write(&later, &start), format!("case=sceptic&all=50&L07=0@2+3.5&model={}", model.version));
    }

    #[test]
    fn a_link_of_an_earlier_version_says_what_changed_and_leads_to_it() {
        let mut model = (*session().model_shared()).clone();
        let change = |version: &str, note: &str, address: &str| model::Change {
            version: version.into(),
            date: "2031-02-03".into(),
            note: note.into(),
            address: address.into(),
        };
        model.version = "1.2".into();
        model.changes = vec![
            change("1.2", "Firms close later.", ""),
            change("1.1", "A thirteenth lever.", "https://example.org/1.1/explorer/"),
            change("1.0", "First published.", ""),
        ];
        let region = model.region("us").expect("declared");
        let start = Session::new(Arc::new(model), region);

        let notice = |query: &str| read(query, &start).1.pop().expect("something is said");
        let earlier = notice("all=50&model=1.1");
        let words = "Since then: 1.2 (2031-02-03): Firms close later.";
        assert!(earlier.to_string().ends_with(words), "{earlier}");
        let (_, address) = earlier.link().expect("it can be opened");
        assert_eq!(address, "https://example.org/1.1/explorer/?all=50&model=1.1");

        let first = notice("all=50&model=1.0");
        assert!(first.to_string().contains("Firms close later. 1.1 (2031-02-03): A thirteenth lever."), "{first}");
        assert_eq!(first.link(), None);
        let unknown = notice("all=50&model=7");
        assert!(unknown.to_string().contains("is not known here"), "{unknown}");
    }

    #[test]
    fn links_that_were_changed_on_their_way_are_followed() {
        let start = session();
        let lever = start.model().lever("L01").expect("declared");
        let schedule = Schedule { start: 2.0, ramp: 3.0 };
        let wanted = start.clone().after(Gesture::Lever(lever, 0.5)).after(Gesture::Schedule(lever, schedule));
        assert_eq!(read("?L01=50%402%2B3&fbclid=Iw&utm_source=a%20b&model=", &start), (wanted, vec![]));
    }

    #[test]
    fn what_is_not_understood_holds_nothing_for_comparison() {
        let start = session();
        let (read, notices) = read("a.L99=3", &start);
        assert_eq!((read.held(), notices), (None, vec![Notice::NotUnderstood("a.L99=3".into())]));
    }

    #[test]
    fn an_assumption_beyond_its_range_stands_at_its_end_and_that_is_said() {
        let start = session();
        let (read, notices) = read("eta=9", &start);
        let eta = start.model().parameter("eta").expect("declared");
        assert_eq!(read.parameter(eta), 0.6);
        assert_eq!(notices, [Notice::Beyond("eta=9".into())]);
    }

    #[test]
    fn of_very_many_notices_most_are_counted_only() {
        let (_, notices) = read(&"x&".repeat(1000), &session());
        assert_eq!((notices.len(), notices.last()), (MOST_NOTICES, Some(&Notice::More(1000 - MOST_NOTICES + 1))));
    }

    #[test]
    fn what_cannot_be_followed_is_left_out_and_said() {
        let start = session();
        let (read, notices) =
            read("?L01=50&L99=3&region=mars&year=7.5&eta=lots&case=all-at-50&all=200&L02=5@-1&model=0.9&q", &start);
        let lever = start.model().lever("L01").expect("declared");
        assert_eq!(read, start.clone().after(Gesture::Lever(lever, 0.5)));
        assert_eq!(notices.len(), 9, "{notices:?}");
        let is_other = |notice: &Notice| matches!(notice, Notice::OtherVersion { made, .. } if made == "0.9");
        assert!(notices.iter().any(is_other), "{notices:?}");
        assert!(notices.contains(&Notice::NotUnderstood("L99=3".into())));
    }

    #[test]
    fn what_is_too_long_is_cut() {
        let start = session();
        let long = format!("L01=50&{}", "é".repeat(LONGEST));
        let (read, notices) = read(&long, &start);
        assert!(!read.is_base_run());
        assert_eq!(notices[0], Notice::TooLong);
        assert!(notices[1].to_string().chars().count() < 100);
    }

    /// Gestures that lead to any session there can be.
    fn gesture() -> impl Strategy<Value = Gesture> {
        let model = session().model_shared();
        let (levers, parameters, regions) = (model.levers.len(), model.parameters.len(), model.regions.len());
        let presets: Vec<_> = session().presets();
        let cases: Vec<_> = session().cases();
        let lever = (0..levers).prop_map({
            let model = session().model_shared();
            move |index| model.lever_ids().nth(index).expect("within")
        });
        let of_model = session().model_shared();
        prop_oneof![
            (0..regions).prop_map(move |index| Gesture::Region(of_model.region_ids().nth(index).expect("within"))),
            (0..25_u8).prop_map(|years| Gesture::Years(f64::from(years))),
            (lever.clone(), -0.5..1.5).prop_map(|(lever, setting)| Gesture::Lever(lever, setting)),
            (lever.clone(), -1.0..30.0, 0.0..30.0)
                .prop_map(|(lever, start, ramp)| Gesture::Schedule(lever, Schedule { start, ramp })),
            lever.prop_map(Gesture::ResetLever),
            (0..presets.len()).prop_map(move |index| Gesture::Preset(presets[index])),
            (0..=cases.len()).prop_map(move |index| Gesture::Case(cases.get(index).copied())),
            (0..parameters, any::<f64>()).prop_map({
                let model = session().model_shared();
                move |(index, value)| Gesture::Parameter(model.parameter_ids().nth(index).expect("within"), value)
            }),
            (0..parameters, 0.0..1.0).prop_map(move |(index, part): (usize, f64)| {
                let parameter = model.parameter_ids().nth(index).expect("within");
                let estimate = model.parameters[index].estimate(session().region());
                Gesture::Parameter(parameter, estimate.low + part * (estimate.high - estimate.low))
            }),
            Just(Gesture::Hold),
            Just(Gesture::Swap),
            Just(Gesture::Release),
            Just(Gesture::ResetLevers),
        ]
    }

    proptest! {
        #[test]
        fn any_session_comes_back_from_its_address(gestures in prop::collection::vec(gesture(), 0..30)) {
            let start = session();
            let chosen = gestures.into_iter().fold(start.clone(), Session::after);
            round_trip(&chosen, &start);
        }

        #[test]
        fn any_text_is_read_without_harm(text in ".*", start in "[a-zA-Z0-9.@+=&%-]*") {
            let session = session();
            let (one, _) = read(&text, &session);
            let (other, _) = read(&start, &session);
            round_trip(&one, &session);
            round_trip(&other, &session);
        }
    }
}
