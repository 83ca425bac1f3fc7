//! What servers said of addresses, kept for some days, so that nobody is asked the same every hour.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Verdict;
use crate::kept;

/// Days for which it is believed that an address is there.
const DAYS: i32 = 7;

/// What is known of addresses.
#[derive(Debug, Default)]
pub struct Memory {
    today: Date,
    answers: BTreeMap<String, Answer>,
}

/// What was said of an address, and when.
#[derive(Debug, Serialize, Deserialize)]
struct Answer {
    date: Date,
    #[serde(flatten)]
    verdict: Verdict,
}

impl Memory {
    /// Reads what is kept below `folder` and holds on the day `today`. What cannot be read is found out anew.
    pub fn read(folder: &Path, today: Date) -> Self {
        let text = fs::read_to_string(file(folder)).unwrap_or_default();
        let mut answers: BTreeMap<String, Answer> = serde_json::from_str(&text).unwrap_or_default();
        answers.retain(|_, answer| answer.holds(today));
        Self { today, answers }
    }

    /// What is known of an address.
    pub fn get(&self, url: &str) -> Option<&Verdict> {
        self.answers.get(url).map(|answer| &answer.verdict)
    }

    /// An address that is there.
    pub fn there(&self) -> Option<&str> {
        let mut answers = self.answers.iter();
        answers.find(|(_, answer)| matches!(answer.verdict, Verdict::There(_))).map(|(url, _)| url.as_str())
    }

    /// Takes in what was said today.
    pub fn learn(&mut self, url: &str, verdict: Verdict) {
        self.answers.insert(url.to_owned(), Answer { date: self.today, verdict });
    }

    /// Writes what will be of use another time below `folder`.
    pub fn keep(mut self, folder: &Path) -> io::Result<()> {
        self.answers.retain(|_, answer| answer.holds(self.today));
        kept::write_whole(&file(folder), &serde_json::to_vec_pretty(&self.answers)?)
    }
}

impl Answer {
    /// A link that leads nowhere is asked for anew each time, since somebody is about to mend it, and so is what could not
    /// be reached; a server that turned us away is not asked twice a day.
    fn holds(&self, today: Date) -> bool {
        let days = today.since(self.date).map_or(-1, |span| span.get_days());
        match self.verdict {
            Verdict::There(_) => (0..DAYS).contains(&days),
            Verdict::Refused(_) => days == 0,
            Verdict::Gone(_) | Verdict::Nowhere | Verdict::Unreached(_) => false,
        }
    }
}

fn file(folder: &Path) -> PathBuf {
    folder.join("link-cache").join("answers.json")
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn answers_are_believed_for_as_long_as_they_are_likely_to_hold() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let first = date(2026, 11, 21);
        let mut memory = Memory::read(folder.path(), first);
        memory.learn("a", Verdict::There(200));
        memory.learn("b", Verdict::Refused(403));
        memory.learn("c", Verdict::Gone(404));
        memory.learn("d", Verdict::Unreached("no answer in time".to_owned()));
        memory.keep(folder.path()).expect("it can be written");
        let rows = [
            (first, "ab"),
            (date(2026, 11, 22), "a"),
            (date(2026, 11, 27), "a"),
            (date(2026, 11, 28), ""),
            (date(2026, 11, 20), ""),
        ];
        for (day, known) in rows {
            let memory = Memory::read(folder.path(), day);
            let found: String = ["a", "b", "c", "d"].into_iter().filter(|url| memory.get(url).is_some()).collect();
            assert_eq!(found, known, "on {day}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_no_answer() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        kept::write_whole(&file(folder.path()), b"{\"a\": ").expect("it can be written");
        assert_eq!(Memory::read(folder.path(), date(2026, 11, 21)).there(), None);
    }
}
