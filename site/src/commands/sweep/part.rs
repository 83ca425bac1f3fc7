//! A file with some of a sweep's runs, which may have been interrupted.
//!
//! Beside `FILE` stands `FILE.json` with all that decides its rows. Rows are only ever added at the end, in order: so the
//! rows that are whole are those that are done, and a sweep goes on behind them.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{BufRead, BufReader, ErrorKind, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use diagnostic::Diagnostic;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::plan::{Options, Plan};
use super::{unusable, write_whole};

/// One of the parts of a sweep, counted from one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shard {
    pub part: u64,
    pub parts: u64,
}

/// What stands beside a file of rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sidecar {
    /// All that decides the rows of the whole sweep.
    pub options: Options,
    pub shard: Shard,
    /// Rows of the file when it is whole, without the header.
    pub rows: u64,
}

/// A file that is being written.
pub struct Part {
    path: PathBuf,
    file: File,
    runs: Range<u64>,
    kept: u64,
}

impl Shard {
    /// The sweep in one.
    pub const WHOLE: Self = Self { part: 1, parts: 1 };

    /// Its share of `runs` runs.
    fn of(self, runs: u64) -> Range<u64> {
        let end = |part: u64| (u128::from(runs) * u128::from(part) / u128::from(self.parts)) as u64;
        end(self.part - 1)..end(self.part)
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers = text.split_once('/').and_then(|(part, parts)| Some((part.parse().ok()?, parts.parse().ok()?)));
        match numbers {
            Some((part, parts)) if 1 <= part && part <= parts => Ok(Self { part, parts }),
            _ => Err("write the number of the part and how many there are, as 2/8, the first being 1".to_owned()),
        }
    }
}

impl Sidecar {
    /// Where it stands for a file of rows.
    pub fn path(rows: &Path) -> PathBuf {
        let mut name = rows.as_os_str().to_owned();
        name.push(".json");
        PathBuf::from(name)
    }

    /// What stands beside `rows`; none if there is no such file.
    pub fn read(rows: &Path) -> Result<Option<Self>, Box<Diagnostic>> {
        let path = Self::path(rows);
        match std::fs::read_to_string(&path) {
            Ok(text) => serde_json::from_str(&text).map(Some).map_err(|error| {
                Diagnostic::general("unusable-file", format!("{} describes no sweep: {error}", path.display()))
                    .help("remove it and the file it stands beside to start again, or choose another --out")
                    .into()
            }),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(unusable(&path, &error)),
        }
    }

    /// Puts it beside `rows`.
    pub fn write(&self, rows: &Path) -> Result<(), Box<Diagnostic>> {
        let path = Self::path(rows);
        let text = serde_json::to_string(self).expect("strings and numbers always serialise") + "\n";
        write_whole(&path, text.as_bytes()).map_err(|error| unusable(&path, &error))
    }

    /// The names of what differs.
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let tree = |one: &Self| serde_json::to_value(one).expect("strings and numbers always serialise");
        let (one, other) = (tree(self), tree(other));
        let mut differences = Vec::new();
        for (name, value) in one["options"].as_object().into_iter().flatten() {
            if other["options"][name] != *value {
                differences.push(name.clone());
            }
        }
        let rest = ["shard", "rows"].into_iter().filter(|name| one[name] != other[name] && other[name] != Value::Null);
        differences.extend(rest.map(str::to_owned));
        differences
    }
}

impl Part {
    /// The file for a part of a sweep, new or with the rows that an earlier sweep with the same options left in it.
    pub fn open(path: &Path, plan: &Plan<'_>, shard: Shard) -> Result<Self, Box<Diagnostic>> {
        let runs = shard.of(plan.runs());
        let rows = (runs.end - runs.start) * plan.rows_of_run();
        let sidecar = Sidecar { options: plan.options().clone(), shard, rows };
        match Sidecar::read(path)? {
            Some(there) => require_same(path, &there, &sidecar)?,
            None if path.exists() => {
                let message = format!("{} is there already and no sweep wrote it", path.display());
                return Err(Diagnostic::general("unusable-file", message).help("choose another --out").into());
            }
            None => sidecar.write(path)?,
        }
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path);
        let mut file = file.map_err(|error| unusable(path, &error))?;
        lock(path, &file)?;
        let whole = whole_runs(path, &file, plan, &runs)?;
        let used = |result: std::io::Result<()>| result.map_err(|error| unusable(path, &error));
        used(file.set_len(whole.bytes))?;
        used(file.seek(SeekFrom::End(0)).map(|_| ()))?;
        if whole.bytes == 0 {
            used(file.write_all(plan.header().as_bytes()))?;
        }
        Ok(Self { path: path.to_owned(), file, kept: whole.runs, runs })
    }

    /// The runs whose rows are not there yet.
    pub fn missing(&self) -> Range<u64> {
        self.runs.start + self.kept..self.runs.end
    }

    /// How many runs were there already.
    pub fn kept(&self) -> u64 {
        self.kept
    }

    /// Adds rows.
    pub fn append(&mut self, rows: &str) -> Result<(), Box<Diagnostic>> {
        self.file.write_all(rows.as_bytes()).map_err(|error| unusable(&self.path, &error))
    }

    /// Waits until the disk has them.
    pub fn finish(&self) -> Result<(), Box<Diagnostic>> {
        self.file.sync_all().map_err(|error| unusable(&self.path, &error))
    }
}

/// Two programs that write the same file would spoil it.
fn lock(path: &Path, file: &File) -> Result<(), Box<Diagnostic>> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => {
            let message = format!("another sweep is writing {}", path.display());
            Err(Diagnostic::general("unusable-file", message).help("wait for it, or choose another --out").into())
        }
        // Some network disks cannot lock: then nothing can be known.
        Err(TryLockError::Error(_)) => Ok(()),
    }
}

fn require_same(path: &Path, there: &Sidecar, wanted: &Sidecar) -> Result<(), Box<Diagnostic>> {
    let differences = wanted.differences(there);
    if differences.is_empty() {
        return Ok(());
    }
    let message = format!("{} holds a sweep with other options: {}", path.display(), differences.join(", "));
    Err(Diagnostic::general("other-sweep", message)
        .help(format!("choose another --out, or remove it and {} to start again", Sidecar::path(path).display()))
        .into())
}

/// The beginning of a file that holds whole runs.
struct Whole {
    runs: u64,
    bytes: u64,
}

/// How much of the file can stay: the header and all whole runs. A file that differs from what this sweep writes in more
/// than its last, half-written run is refused.
fn whole_runs(path: &Path, file: &File, plan: &Plan<'_>, runs: &Range<u64>) -> Result<Whole, Box<Diagnostic>> {
    let mut reader = BufReader::new(file);
    let mut line = Vec::new();
    let mut next = |line: &mut Vec<u8>| {
        line.clear();
        reader.read_until(b'\n', line).map_err(|error| unusable(path, &error))
    };
    next(&mut line)?;
    let header = plan.header();
    if header.as_bytes() != line {
        // Interrupted within the first line.
        let is_half = header.as_bytes().starts_with(&line);
        return if is_half { Ok(Whole { runs: 0, bytes: 0 }) } else { Err(foreign(path, 1)) };
    }
    let mut whole = Whole { runs: 0, bytes: line.len() as u64 };
    let mut bytes = whole.bytes;
    let mut rows = 0;
    loop {
        let length = next(&mut line)? as u64;
        if line.last() != Some(&b'\n') {
            return Ok(whole);
        }
        let run = runs.start + rows / plan.rows_of_run();
        let text = std::str::from_utf8(&line).ok();
        let results = text
            .filter(|_| run < runs.end)
            .and_then(|text| text.trim_end_matches('\n').strip_prefix(&plan.key(run, rows % plan.rows_of_run())));
        let is_ours = results.is_some_and(|results| {
            let mut cells = results.split(',');
            cells.by_ref().take(plan.results()).filter(|cell| cell.parse::<f64>().is_ok()).count() == plan.results()
                && cells.next().is_none()
        });
        if !is_ours {
            return Err(foreign(path, rows + 2));
        }
        bytes += length;
        rows += 1;
        if rows % plan.rows_of_run() == 0 {
            whole = Whole { runs: rows / plan.rows_of_run(), bytes };
        }
    }
}

fn foreign(path: &Path, line: u64) -> Box<Diagnostic> {
    let message = format!("line {line} of {} is not what this sweep writes there", path.display());
    let help = format!("remove it and {} to start again, or choose another --out", Sidecar::path(path).display());
    Diagnostic::general("unusable-file", message).help(help).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_cover_every_run_once() {
        for (runs, parts) in [(10, 3), (3, 10), (1, 1), (0, 2), (1 << 40, 7)] {
            let mut next = 0;
            for part in 1..=parts {
                let share = Shard { part, parts }.of(runs);
                assert_eq!(share.start, next, "{part}/{parts} of {runs}");
                next = share.end;
            }
            assert_eq!(next, runs);
        }
    }

    #[test]
    fn parts_are_counted_from_one() {
        assert_eq!("2/8".parse(), Ok(Shard { part: 2, parts: 8 }));
        for wrong in ["0/8", "9/8", "8", "1/0", "a/b", "-1/2"] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }
}
