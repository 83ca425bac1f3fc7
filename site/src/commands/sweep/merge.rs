//! `model sweep merge`: the files of all parts of a sweep → one file, byte for byte that of the sweep in one.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use diagnostic::Diagnostic;

use super::part::{Shard, Sidecar};
use super::unusable;

/// Options of `model sweep merge`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The files of all parts, in any order.
    #[arg(required = true, value_name = "FILE")]
    parts: Vec<PathBuf>,
    /// The file to write.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Merges; nothing is written unless all parts are there and whole.
pub fn merge(arguments: &Arguments) -> Result<String, Box<Diagnostic>> {
    let out = &arguments.out;
    if out.exists() || Sidecar::path(out).exists() {
        let message = format!("{} or {} is there already", out.display(), Sidecar::path(out).display());
        return Err(Diagnostic::general("unusable-file", message).help("choose another --out").into());
    }
    let parts = ordered(&arguments.parts)?;
    let mut name = out.as_os_str().to_owned();
    name.push(".new");
    let beside = PathBuf::from(name);
    let rows = match copy(&parts, &beside) {
        Ok(rows) => rows,
        Err(mistake) => {
            // It may not be there yet; what matters is that nothing half-made stays.
            let _ = std::fs::remove_file(&beside);
            return Err(mistake);
        }
    };
    let sidecar = Sidecar { options: parts[0].1.options.clone(), shard: Shard::WHOLE, rows };
    sidecar.write(out)?;
    std::fs::rename(&beside, out).map_err(|error| unusable(out, &error))?;
    Ok(format!("{rows} rows of {} parts → {}\n", parts.len(), out.display()))
}

/// The parts by number, each once, all of one sweep.
fn ordered(files: &[PathBuf]) -> Result<Vec<(&Path, Sidecar)>, Box<Diagnostic>> {
    let mut parts = Vec::new();
    for file in files {
        let sidecar = Sidecar::read(file)?.ok_or_else(|| {
            let message = format!("{} is missing", Sidecar::path(file).display());
            Diagnostic::general("unusable-file", message).help("a sweep writes it beside its file: keep both together")
        })?;
        parts.push((file.as_path(), sidecar));
    }
    parts.sort_by_key(|(_, sidecar)| sidecar.shard.part);
    let (first_file, first) = parts.first().map(|(file, sidecar)| (*file, sidecar.clone())).ok_or_else(|| {
        Diagnostic::general("no-parts", "there are no parts to merge").help("name the files of all parts")
    })?;
    for (file, sidecar) in &parts {
        let same_shard = Sidecar { shard: first.shard, rows: first.rows, ..sidecar.clone() };
        let mut differences = first.differences(&same_shard);
        if sidecar.shard.parts != first.shard.parts {
            differences.push("the number of parts".to_owned());
        }
        if !differences.is_empty() {
            let (one, other) = (first_file.display(), file.display());
            let message = format!("{one} and {other} are not of one sweep: {} differ", differences.join(", "));
            return Err(Diagnostic::general("other-sweep", message).help("merge parts of the same sweep").into());
        }
    }
    let there: Vec<u64> = parts.iter().map(|(_, sidecar)| sidecar.shard.part).collect();
    if let Some(twice) = there.windows(2).find(|pair| pair[0] == pair[1]) {
        let message = format!("part {} is named twice", twice[0]);
        return Err(Diagnostic::general("repeated-part", message).help("name the file of each part once").into());
    }
    let missing: Vec<String> =
        (1..=first.shard.parts).filter(|part| !there.contains(part)).take(16).map(|part| part.to_string()).collect();
    if !missing.is_empty() {
        let message = format!("of {} parts these are missing: {}", first.shard.parts, missing.join(", "));
        return Err(Diagnostic::general("missing-part", message).help("run them, and name their files too").into());
    }
    Ok(parts)
}

/// Writes the header and the rows of all parts; how many rows there were.
fn copy(parts: &[(&Path, Sidecar)], to: &Path) -> Result<u64, Box<Diagnostic>> {
    let mut writer = BufWriter::new(File::create(to).map_err(|error| unusable(to, &error))?);
    let mut header = Vec::new();
    let mut all = 0;
    for (path, sidecar) in parts {
        let read = |error| unusable(path, &error);
        let mut reader = BufReader::new(File::open(path).map_err(read)?);
        let mut line = Vec::new();
        reader.read_until(b'\n', &mut line).map_err(read)?;
        if header.is_empty() {
            writer.write_all(&line).map_err(|error| unusable(to, &error))?;
            header.clone_from(&line);
        }
        let same_header = line == header && line.ends_with(b"\n");
        let mut rows = 0;
        loop {
            line.clear();
            if reader.read_until(b'\n', &mut line).map_err(read)? == 0 {
                break;
            }
            if !line.ends_with(b"\n") {
                return Err(incomplete(path, rows, sidecar.rows));
            }
            rows += 1;
            writer.write_all(&line).map_err(|error| unusable(to, &error))?;
        }
        if rows != sidecar.rows || !same_header {
            return Err(incomplete(path, rows, sidecar.rows));
        }
        all += rows;
    }
    let file = writer.into_inner().map_err(|error| unusable(to, error.error()))?;
    file.sync_all().map_err(|error| unusable(to, &error))?;
    Ok(all)
}

fn incomplete(path: &Path, rows: u64, wanted: u64) -> Box<Diagnostic> {
    let message = format!("{} is not whole: {rows} rows of {wanted}", path.display());
    Diagnostic::general("incomplete-part", message).help("run that part again with the same options: it goes on").into()
}
