//! Addresses → what their servers say.
//!
//! Servers are asked side by side, but each for one address at a time, with a pause between them; one that is busy is
//! left in peace.

use std::collections::BTreeMap;
use std::net::ToSocketAddrs;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use ureq::http::StatusCode;
use ureq::{Agent, Error};
use url::Url;

use super::Verdict;
use super::addresses::{Address, Enough};

/// Servers asked at the same time.
const AT_ONCE: usize = 8;
/// Between two questions to one server.
const PAUSE: Duration = Duration::from_millis(250);
const MOST_REDIRECTS: u32 = 10;
/// The status of a server that asks for fewer questions.
const BUSY: u16 = 429;

/// Asks servers.
pub struct Client {
    follows: Agent,
    stays: Agent,
}

/// How a question is put.
#[derive(Clone, Copy)]
enum Question {
    /// Whether the page is there.
    Head,
    /// For the page, whose text is then not read.
    Get,
}

impl Client {
    /// Tells servers that the site at `base_url` asks, and waits at most `patience` for an answer.
    pub fn new(base_url: &str, patience: Duration) -> Self {
        let agent = |redirects: u32| {
            Agent::config_builder()
                .user_agent(format!("levers-link-check (+{base_url})"))
                .accept("text/html,*/*;q=0.8")
                .http_status_as_error(false)
                .max_redirects(redirects)
                .timeout_global(Some(patience))
                .build()
                .new_agent()
        };
        Self { follows: agent(MOST_REDIRECTS), stays: agent(0) }
    }

    /// What is known of each address afterwards.
    pub fn verdicts<'a>(&self, addresses: &[&'a Address]) -> BTreeMap<&'a str, Verdict> {
        let mut by_host: BTreeMap<&str, Vec<&'a Address>> = BTreeMap::new();
        for address in addresses {
            by_host.entry(address.host()).or_default().push(address);
        }
        let threads = by_host.len().min(AT_ONCE);
        let waiting = Mutex::new(by_host.into_values());
        let next = || waiting.lock().expect("no thread panics while it holds this").next();
        let verdicts = Mutex::new(BTreeMap::new());
        thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    while let Some(of_one_host) = next() {
                        let told = self.of_one_host(&of_one_host);
                        verdicts.lock().expect("no thread panics while it holds this").extend(told);
                    }
                });
            }
        });
        verdicts.into_inner().expect("no thread panicked")
    }

    fn of_one_host<'a>(&self, addresses: &[&'a Address]) -> Vec<(&'a str, Verdict)> {
        let mut told: Vec<(&str, Verdict)> = Vec::with_capacity(addresses.len());
        for address in addresses {
            let verdict = match told.last() {
                Some((_, same @ (Verdict::Refused(BUSY) | Verdict::Nowhere))) => same.clone(),
                last => {
                    if last.is_some() {
                        thread::sleep(PAUSE);
                    }
                    self.verdict(&address.url, address.enough)
                }
            };
            told.push((&address.url, verdict));
        }
        told
    }

    /// What the server says of one address.
    pub fn verdict(&self, url: &str, enough: Enough) -> Verdict {
        let first = self.answer(Question::Head, url, enough);
        let is_final = match &first {
            Ok(status) => is_there(*status, enough) || *status == BUSY,
            Err(error) => matches!(error, Error::Timeout(_)),
        };
        // Servers that do not know the short question, or answer it wrongly, are asked in full.
        let answer = if is_final { first } else { self.answer(Question::Get, url, enough) };
        match answer {
            Ok(status) if is_there(status, enough) => Verdict::There(status),
            Ok(status @ (404 | 410)) => Verdict::Gone(status),
            Ok(status) => Verdict::Refused(status),
            Err(_) if self.is_nameless(url) => Verdict::Nowhere,
            Err(Error::Timeout(_)) => Verdict::Unreached("no answer in time".to_owned()),
            Err(Error::TooManyRedirects) => Verdict::Unreached("it redirects in circles".to_owned()),
            Err(error) => Verdict::Unreached(error.to_string()),
        }
    }

    fn answer(&self, question: Question, url: &str, enough: Enough) -> Result<u16, Error> {
        let agent = match enough {
            Enough::Page => &self.follows,
            Enough::Redirect => &self.stays,
        };
        let answer = match question {
            Question::Head => agent.head(url).call(),
            Question::Get => agent.get(url).call(),
        };
        answer.map(|response| response.status().as_u16())
    }

    /// Whether no server has the name. Where another server asks for us, only that one knows.
    fn is_nameless(&self, url: &str) -> bool {
        let asks_itself = self.follows.config().proxy().is_none();
        let host = Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned));
        asks_itself && host.is_some_and(|host| (host.trim_matches(['[', ']']), 0).to_socket_addrs().is_err())
    }
}

fn is_there(status: u16, enough: Enough) -> bool {
    match enough {
        Enough::Page => (200..300).contains(&status),
        Enough::Redirect => (200..400).contains(&status),
    }
}

/// A status as people know it: `404 Not Found`.
pub fn status_text(status: u16) -> String {
    let reason = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    reason.map_or_else(|| status.to_string(), |reason| format!("{status} {reason}"))
}
