//! `levers serve`: what editors see while they write.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tests::input::Input;

/// Nothing that works takes this long, even on a slow machine that compiles something else.
const DEADLINE: Duration = Duration::from_secs(120);
const POLL: Duration = Duration::from_millis(20);

/// The program, serving a site until this value ends.
struct Preview {
    program: Child,
    port: u16,
    /// What it has told on the terminal so far.
    told: Arc<Mutex<String>>,
}

/// An answer: its status, its headers in lower case, its body.
struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Preview {
    fn of(input: &Input) -> Self {
        let port = {
            let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("this machine has a free port");
            free.local_addr().expect("a bound socket has an address").port()
        };
        let mut program = Command::new(env!("CARGO_BIN_EXE_levers-under-test"));
        program.args(["serve", "--clock", "2026-11-21", "--port", &port.to_string(), "--root"]).arg(input.root());
        program.arg("--out").arg(input.out()).stdin(Stdio::null()).stderr(Stdio::piped());
        let mut program = program.spawn().expect("the program starts");
        let told = Arc::new(Mutex::new(String::new()));
        let lines = BufReader::new(program.stderr.take().expect("it was asked for"));
        let heard = Arc::clone(&told);
        std::thread::spawn(move || {
            for line in lines.lines().map_while(Result::ok) {
                let mut heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
                heard.push_str(&line);
                heard.push('\n');
            }
        });
        let preview = Self { program, port, told };
        preview.until("it serves", || preview.get("/").is_some());
        preview
    }

    fn get(&self, path: &str) -> Option<Answer> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).ok()?;
        stream.set_read_timeout(Some(DEADLINE)).ok()?;
        write!(stream, "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n", self.port).ok()?;
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).ok()?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = text.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        Some(Answer { status, head: head.to_lowercase(), body: body.to_owned() })
    }

    fn page(&self, path: &str) -> Answer {
        self.get(path).unwrap_or_else(|| panic!("{path} was not answered"))
    }

    fn told(&self, part: &str) -> bool {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).contains(part)
    }

    fn until(&self, what: &str, condition: impl Fn() -> bool) {
        let start = Instant::now();
        while !condition() {
            assert!(start.elapsed() < DEADLINE, "waited in vain until {what}");
            std::thread::sleep(POLL);
        }
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

fn golden() -> Input {
    Input::empty().folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/input"))
}

fn write_page(input: &Input, words: &str) {
    let text = format!("---\ntitle: Method\nsummary: How we count.\n---\n\n{words}\n");
    std::fs::write(input.root().join("content/pages/method.md"), text).expect("writable");
}

#[test]
fn pages_follow_their_files_and_reload() {
    let input = golden();
    let preview = Preview::of(&input);
    let first = preview.page("/method/");
    assert_eq!(first.status, 200);
    assert!(first.body.contains("By hand.") && first.body.contains("/_levers/reload.js"), "{}", first.body);
    assert!(first.head.contains("cache-control: no-store"), "{}", first.head);
    assert!(preview.page("/_levers/reload.js").body.contains("location.reload()"));

    write_page(&input, "By machine.");
    preview.until("the new text is served", || preview.page("/method/").body.contains("By machine."));
    let published = std::fs::read_to_string(input.out().join("method/index.html")).expect("published");
    assert!(!published.contains("_levers"), "the reloading script is not published");

    write_page(&input, "See [nowhere](/nowhere/).");
    std::fs::write(input.root().join("content/pages/more.md"), "---\ntitle: More\nsummary: More.\n---\n\nMore.\n")
        .expect("writable");
    preview
        .until("the mistake is told", || preview.told("error[broken-link]") && preview.told("nothing was published"));
    assert!(preview.page("/method/").body.contains("By machine."), "what is served stays the last good site");
    assert_eq!(preview.page("/more/").status, 404);

    write_page(&input, "By both.");
    preview.until("the mended text is served", || preview.page("/method/").body.contains("By both."));
    assert_eq!(preview.page("/more/").status, 200);
}

#[test]
fn readers_of_the_preview_hear_of_changes() {
    let input = golden();
    let preview = Preview::of(&input);
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, preview.port)).expect("it serves");
    stream.set_read_timeout(Some(DEADLINE)).expect("a socket has time");
    write!(stream, "GET /_levers/changes HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").expect("it listens");
    let mut heard = String::new();
    let mut hear = |part: &str| {
        let mut bytes = [0; 1024];
        while !heard.contains(part) {
            let count = stream.read(&mut bytes).expect("it goes on");
            assert!(count > 0, "the stream ended: {heard}");
            heard.push_str(&String::from_utf8_lossy(&bytes[..count]));
        }
    };
    hear("text/event-stream");
    write_page(&input, "By machine.");
    hear("data:");
}

#[test]
fn nothing_outside_of_the_site_is_served() {
    let input = golden();
    std::fs::write(input.root().join("secret.txt"), "a secret").expect("writable");
    let preview = Preview::of(&input);
    for path in [
        "/../site/secret.txt",
        "/..%2fsite/secret.txt",
        "/%2e%2e/site/secret.txt",
        "/..%5csite%5csecret.txt",
        "//etc/passwd",
        "/briefs/../../site/secret.txt",
        "/nowhere/",
    ] {
        let answer = preview.page(path);
        assert!(answer.status >= 400, "{path}: {}", answer.status);
        assert!(!answer.body.contains("a secret") && !answer.body.contains("root:"), "{path}");
    }
    assert!(preview.page("/nowhere/").body.contains("Page not found"));
}
