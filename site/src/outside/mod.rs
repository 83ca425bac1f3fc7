//! Addresses outside of the site, and whether they still lead anywhere.
//!
//! [`Site`] → [`addresses`] → remembered in [`memory`], or [`ask`]ed of their servers → [`Findings`]
//!
//! Only this asks other servers for anything, and only when somebody wants to know. A build never does.

pub mod addresses;
pub mod ask;
pub mod memory;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use diagnostic::{Diagnostic, Diagnostics};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::link::Site;
use crate::load::Sources;
use addresses::{Address, Enough};
use ask::Client;
use memory::Memory;

/// What is known of an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It is there: the status.
    There(u16),
    /// Its server says that nothing is there any more: the status.
    Gone(u16),
    /// No server has this name.
    Nowhere,
    /// Its server says neither; many turn programs away: the status.
    Refused(u16),
    /// No answer came, for this reason.
    Unreached(String),
}

/// What came of all addresses.
#[derive(Debug, Default)]
pub struct Findings {
    /// The links that lead nowhere, each where it stands.
    pub mistakes: Diagnostics,
    /// Addresses of which nobody can tell, and why.
    pub unverified: Vec<(Address, String)>,
    /// Addresses that are there.
    pub there: usize,
    /// Addresses of which servers were asked.
    pub asked: usize,
    /// Addresses of which an answer was remembered.
    pub remembered: usize,
    /// Why the answers could not be kept for the next time, if so.
    pub forgotten: Option<String>,
}

/// Finds out about all addresses that the inputs of `site` name, waiting at most `patience` for an answer. Answers are
/// kept below `kept`, those given before `today` used for some days.
pub fn examine(site: &Site, sources: &Sources, kept: Option<&Path>, today: Date, patience: Duration) -> Findings {
    let addresses = addresses::addresses(site, sources);
    let mut memory = kept.map(|folder| Memory::read(folder, today)).unwrap_or_default();
    let (known, unknown): (Vec<&Address>, Vec<&Address>) =
        addresses.iter().partition(|address| memory.get(&address.url).is_some());
    let client = Client::new(&site.settings.base_url, patience);
    let mut verdicts: BTreeMap<&str, Verdict> = client.verdicts(&unknown);
    if !has_network(&verdicts, &memory, &client) {
        let no_network = "its name could not be looked up, and nothing else answered: is there a network?";
        verdicts
            .values_mut()
            .filter(|verdict| **verdict == Verdict::Nowhere)
            .for_each(|verdict| *verdict = Verdict::Unreached(no_network.to_owned()));
    }
    let (asked, remembered) = (unknown.len(), known.len());
    for (url, verdict) in verdicts {
        memory.learn(url, verdict);
    }
    let mut findings = Findings { asked, remembered, ..Findings::default() };
    for address in &addresses {
        let verdict = memory.get(&address.url).cloned().unwrap_or_else(|| Verdict::Unreached("not asked".to_owned()));
        match &verdict {
            Verdict::There(_) => findings.there += 1,
            Verdict::Gone(_) | Verdict::Nowhere => findings.mistakes.push(mistake(address, &verdict)),
            Verdict::Refused(status) => findings.unverified.push((address.clone(), ask::status_text(*status))),
            Verdict::Unreached(reason) => findings.unverified.push((address.clone(), reason.clone())),
        }
    }
    findings.forgotten = kept.and_then(|folder| memory.keep(folder).err()).map(|error| error.to_string());
    findings
}

/// Without a network no name can be looked up. Whether there is one shows in any other answer, if need be in that of an
/// address that was there before.
fn has_network(verdicts: &BTreeMap<&str, Verdict>, memory: &Memory, client: &Client) -> bool {
    let is_answer = |verdict: &Verdict| matches!(verdict, Verdict::There(_) | Verdict::Gone(_) | Verdict::Refused(_));
    let is_in_doubt = verdicts.values().any(|verdict| *verdict == Verdict::Nowhere);
    !is_in_doubt
        || verdicts.values().any(is_answer)
        || memory.there().is_some_and(|url| is_answer(&client.verdict(url, Enough::Redirect)))
}

fn mistake(address: &Address, verdict: &Verdict) -> Diagnostic {
    let url = &address.url;
    let (message, help) = match (verdict, address.doi()) {
        (Verdict::Gone(_), Some(doi)) => {
            (format!("`{doi}` is no registered DOI"), "correct it, or leave it out".to_owned())
        }
        (Verdict::Gone(status), None) => (
            format!("{url} is gone: its server answers {}", ask::status_text(*status)),
            format!("find where it moved, or link to a copy in an archive: https://web.archive.org/web/{url}"),
        ),
        _ => (
            format!("{url} leads nowhere: no server has the name `{}`", address.host()),
            format!(
                "check its spelling, find where it moved, or link to a copy in an archive: \
                 https://web.archive.org/web/{url}"
            ),
        ),
    };
    let mut places = address.places.iter().cloned();
    let first = places.next().expect("an address stands somewhere");
    let mistake = Diagnostic::error("dead-link", first, message).help(help);
    places.fold(mistake, |mistake, place| mistake.related(place, "and here"))
}
