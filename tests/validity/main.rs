//! Every page and drawing of the repository's own site, read by the Nu HTML checker.
//!
//! The checker is a program for Java, fetched by `.ci/run`. Where it is missing the test says how to get it and counts as
//! ignored; with `CI=true` it fails.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use libtest_mimic::{Arguments, Failed, Trial};
use serde::Deserialize;

/// The release of the npm package `vnu-jar` that pages are held against: what counts as an error changes with releases.
const RELEASE: &str = include_str!("vnu-jar.version");

fn main() -> ExitCode {
    let checker = checker();
    if let Err(missing) = &checker {
        eprintln!("the HTML of the pages is not checked: {missing}");
    }
    let must_run = std::env::var_os("CI").is_some_and(|value| value == "true");
    let is_ignored = checker.is_err() && !must_run;
    let test = Trial::test("no_page_has_an_error", move || no_page_has_an_error(&checker?));
    libtest_mimic::run(&Arguments::from_args(), vec![test.with_ignored_flag(is_ignored)]).exit_code()
}

/// The checker's file, if it can run; otherwise what is missing, and how to get it.
fn checker() -> Result<PathBuf, String> {
    let java = Command::new("java").arg("-version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if !java.is_ok_and(|status| status.success()) {
        return Err(
            "`java` is missing; install Java 17 or later (Debian: sudo apt-get install default-jre-headless)".into()
        );
    }
    let folder = format!("target/vnu-jar-{}", RELEASE.trim());
    let jar = tests::workspace().join(&folder).join("node_modules/vnu-jar/build/dist/vnu.jar");
    if !jar.is_file() {
        let release = RELEASE.trim();
        return Err(format!(
            "the Nu HTML checker is missing; fetch it: npm install --prefix {folder} --ignore-scripts vnu-jar@{release}"
        ));
    }
    Ok(jar)
}

/// What the checker says.
#[derive(Deserialize)]
struct Report {
    messages: Vec<Message>,
}

/// One of its messages.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Message {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    url: String,
    #[serde(default)]
    last_line: usize,
    #[serde(default)]
    first_column: usize,
    message: String,
    #[serde(default)]
    extract: String,
}

fn no_page_has_an_error(checker: &Path) -> Result<(), Failed> {
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("validity");
    let pages = tests::build_real_site(&out, None).pages().count();
    let mut java = Command::new("java");
    java.arg("-jar").arg(checker).args(["--stdout", "--format", "json", "--also-check-svg", "--skip-non-html"]);
    let output = java.arg(&out).output()?;
    let mut report: Report = serde_json::from_slice(&output.stdout).map_err(|error| {
        format!("the checker gave no report ({error}): {}", String::from_utf8_lossy(&output.stderr))
    })?;
    report.messages.sort_by(|a, b| (&a.url, a.last_line, a.first_column).cmp(&(&b.url, b.last_line, b.first_column)));
    // Hints, such as on headings, are matters of taste.
    let faults: Vec<&Message> = report.messages.iter().filter(|message| message.kind != "info").collect();
    let mut text = String::new();
    for Message { url, last_line, first_column, message, extract, .. } in &faults {
        let page = url.rsplit_once("/validity/").map_or(url.as_str(), |(_, page)| page);
        writeln!(text, "{page}:{last_line}:{first_column}: {message}\n    {}", extract.trim())?;
    }
    if faults.is_empty() { Ok(()) } else { Err(format!("{} errors in {pages} pages:\n{text}", faults.len()).into()) }
}
