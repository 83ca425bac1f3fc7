//! `levers check --external` asks other servers whether links still lead anywhere.

use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::time::Duration;

use site::outside::Verdict;
use site::outside::addresses::Enough;
use site::outside::ask::Client;
use tempfile::TempDir;
use tests::input::Input;
use tests::responder::{Reply, Responder};

use crate::{Said, program, said};

/// Nothing on this machine answers as late as that.
const PATIENCE: Duration = Duration::from_secs(60);

/// A site whose page has `words`, and a place of its own for what is remembered.
struct Linking {
    input: Input,
    memory: TempDir,
}

impl Linking {
    fn with(words: &str) -> Self {
        let valid = Path::new(env!("CARGO_MANIFEST_DIR")).join("diagnostics/valid");
        let text = format!("---\ntitle: Help\nsummary: How to help.\n---\n\n{words}\n");
        let input = Input::empty().folder(&valid).file("content/pages/help.md", text);
        Self { input, memory: tempfile::tempdir().expect("a folder for the test") }
    }

    fn checked_on(&self, day: &str, words: &[&str]) -> Said {
        let mut program = program();
        program.arg("check").arg("--external").args(words).args(["--clock", day, "--root"]).arg(self.input.root());
        said(program.env("CARGO_TARGET_DIR", self.memory.path()))
    }

    fn checked(&self, words: &[&str]) -> Said {
        self.checked_on("2026-11-21", words)
    }
}

#[track_caller]
fn assert_has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part} is missing:\n{text}");
    }
}

#[test]
fn each_answer_has_its_verdict() {
    let there = Responder::start(&[
        ("/there", Reply::Status(200)),
        ("/moved", Reply::Moved(301, "/there")),
        ("/lost", Reply::Moved(301, "/nowhere")),
        ("/round", Reply::Moved(302, "/round")),
        ("/full", Reply::OnlyInFull),
        ("/removed", Reply::Status(410)),
        ("/private", Reply::Status(403)),
        ("/broken", Reply::Status(503)),
    ]);
    let closed = {
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("this machine has a free port");
        format!("http://{}/", free.local_addr().expect("a bound socket has an address"))
    };
    let client = Client::new("https://levers.example/", PATIENCE);
    let verdict = |path: &str| client.verdict(&there.url(path), Enough::Page);
    assert_eq!(verdict("/there"), Verdict::There(200));
    assert_eq!(there.asked(), ["HEAD /there"]);
    assert_eq!(verdict("/full"), Verdict::There(200));
    assert_eq!(there.asked(), ["GET /full", "HEAD /full"]);
    assert_eq!(verdict("/moved"), Verdict::There(200));
    assert_eq!(verdict("/lost"), Verdict::Gone(404));
    assert_eq!(verdict("/nothing"), Verdict::Gone(404));
    assert_eq!(verdict("/removed"), Verdict::Gone(410));
    assert_eq!(verdict("/private"), Verdict::Refused(403));
    assert_eq!(verdict("/broken"), Verdict::Refused(503));
    assert_eq!(verdict("/round"), Verdict::Unreached("it redirects in circles".to_owned()));
    assert!(matches!(client.verdict(&closed, Enough::Page), Verdict::Unreached(_)), "nobody listens there");
    assert_eq!(client.verdict("http://nobody.invalid/", Enough::Page), Verdict::Nowhere);
    // Of a DOI only the registry is asked.
    let _ = there.asked();
    assert_eq!(client.verdict(&there.url("/lost"), Enough::Redirect), Verdict::There(301));
    assert_eq!(there.asked(), ["HEAD /lost"]);
}

#[test]
fn dead_links_are_mistakes_where_they_stand_and_what_nobody_can_tell_is_listed() {
    let other = Responder::start(&[("/there", Reply::Status(200)), ("/private", Reply::Status(403))]);
    let (private, gone) = (other.url("/private"), other.url("/gone"));
    let before = format!("See [one]({}), [two](", other.url("/there#part"));
    let site = Linking::with(&format!("{before}{private}) and [three]({gone}).\n\nAgain [three]({gone})."));
    let said = site.checked(&[]);
    assert_eq!(said.code, Some(1), "{}", said.err);
    assert_has(
        &said.err,
        &[
            "error[dead-link]",
            &format!("{gone} is gone: its server answers 404 Not Found"),
            "web.archive.org",
            "1 error",
        ],
    );
    assert_has(&said.err, &["content/pages/help.md:6:", "and here"]);
    assert_eq!(
        said.out,
        format!(
            "could not verify {private}: 403 Forbidden\n  content/pages/help.md:6:{}\n\
             3 addresses of other sites: 1 there, 1 dead, 1 not verified; 3 asked now, 0 remembered\n",
            before.len() + 1
        )
    );
    assert_eq!(
        other.asked(),
        ["GET /gone", "GET /private", "HEAD /gone", "HEAD /private", "HEAD /there"],
        "an address in two places is asked for once"
    );
}

#[test]
fn programs_get_an_object_a_line() {
    let other = Responder::start(&[("/private", Reply::Status(403))]);
    let site = Linking::with(&format!("[one]({}) [two]({})", other.url("/private"), other.url("/gone")));
    let said = site.checked(&["--json"]);
    let lines: Vec<serde_json::Value> =
        said.out.lines().map(|line| serde_json::from_str(line).expect("an object a line")).collect();
    assert_eq!((said.code, lines.len()), (Some(1), 2), "{}", said.out);
    assert_eq!((lines[0]["code"].as_str(), lines[0]["line"].as_u64()), (Some("dead-link"), Some(6)));
    assert_eq!(lines[1]["unverified"], other.url("/private"));
    assert_eq!(lines[1]["reason"], "403 Forbidden");
    assert_eq!(lines[1]["places"], serde_json::json!([{ "file": "content/pages/help.md", "line": 6, "column": 7 }]));
}

#[test]
fn what_could_not_be_verified_is_no_failure() {
    let slow = Responder::start(&[("/slow", Reply::Silence)]);
    let busy = Responder::start(&[("/a", Reply::Status(429)), ("/b", Reply::Status(200))]);
    let site =
        Linking::with(&format!("[one]({}) [two]({}) [three]({})", slow.url("/slow"), busy.url("/a"), busy.url("/b")));
    let said = site.checked(&["--timeout", "1"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_has(&said.err, &["no mistakes"]);
    assert_has(&said.out, &["/slow: no answer in time", "/a: 429 Too Many Requests", "/b: 429 Too Many Requests"]);
    assert_eq!(busy.asked(), ["HEAD /a"], "a busy server is left in peace");
}

#[test]
fn a_name_of_no_server_is_a_mistake_if_there_is_a_network() {
    let other = Responder::start(&[("/there", Reply::Status(200))]);
    let nobody = "http://nobody.invalid/page";
    let site = Linking::with(&format!("[one]({}) [two]({nobody})", other.url("/there")));
    for asked in [vec!["HEAD /there"], vec!["HEAD /there"]] {
        // The second time only the remembered address can tell that there is a network.
        let said = site.checked(&[]);
        assert_eq!(said.code, Some(1), "{}", said.err);
        assert_has(&said.err, &["error[dead-link]", "no server has the name `nobody.invalid`"]);
        assert_eq!(other.asked(), asked);
    }
    let alone = Linking::with(&format!("[two]({nobody})"));
    let said = alone.checked(&[]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_has(&said.out, &["could not verify http://nobody.invalid/page", "is there a network?"]);
}

#[test]
fn answers_are_remembered_for_some_days() {
    let other = Responder::start(&[("/there", Reply::Status(200)), ("/private", Reply::Status(403))]);
    let site = Linking::with(&format!(
        "[one]({}) [two]({}) [three]({})",
        other.url("/there"),
        other.url("/private"),
        other.url("/gone")
    ));
    let gone = ["GET /gone", "HEAD /gone"];
    let rows: [(&str, &[&str]); 4] = [
        ("2026-11-21", &["GET /gone", "GET /private", "HEAD /gone", "HEAD /private", "HEAD /there"]),
        ("2026-11-21", &gone),
        ("2026-11-24", &["GET /gone", "GET /private", "HEAD /gone", "HEAD /private"]),
        ("2026-11-28", &["GET /gone", "GET /private", "HEAD /gone", "HEAD /private", "HEAD /there"]),
    ];
    for (day, asked) in rows {
        let said = site.checked_on(day, &[]);
        assert_eq!(other.asked(), asked, "on {day}");
        let remembered = 3 - asked.iter().filter(|one| one.starts_with("HEAD")).count();
        assert_has(&said.out, &["1 there, 1 dead, 1 not verified", &format!("{remembered} remembered")]);
    }
}

#[test]
fn works_and_what_datasets_name_are_asked_for_too() {
    let other = Responder::start(&[]);
    let valid = Path::new(env!("CARGO_MANIFEST_DIR")).join("diagnostics/valid");
    let read = |path: &str| std::fs::read_to_string(valid.join(path)).expect("it is in the checkout");
    let works =
        read("content/references.bib").replacen("title", &format!("url = {{{}}},\n  title", other.url("/work")), 1);
    let package = read("data/imports/datapackage.json")
        .replace("\"CC-BY-4.0\"", &format!("\"CC-BY-4.0\", \"path\": \"{}\"", other.url("/licence")))
        .replace("Statistics Office\"", &format!("Statistics Office\", \"path\": \"{}\"", other.url("/source")))
        .replace(
            "Imports by region.",
            &format!("Imports by region, as [the office]({}) has them.", other.url("/text")),
        );
    let mut site = Linking::with("Nothing.");
    site.input = site.input.file("content/references.bib", works).file("data/imports/datapackage.json", package);
    let said = site.checked(&[]);
    assert_eq!(said.code, Some(1));
    assert_has(&said.err, &["content/references.bib:", "data/imports/datapackage.json:4:", "4 errors"]);
    for path in ["/work", "/licence", "/source", "/text"] {
        assert_has(&said.err, &[&format!("{} is gone", other.url(path))]);
    }
}
