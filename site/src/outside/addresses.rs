//! The connected site → the addresses outside of it that its inputs name, each once, with all its places.

use std::collections::BTreeMap;

use biblatex::ChunksExt;
use diagnostic::Place;
use url::Url;

use crate::link::{Linked, Site, Target};
use crate::load::Sources;
use crate::parse::bibliography::{self, Work};

/// An address outside of the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// As a server is asked for it: without the anchor, all characters as addresses have them.
    pub url: String,
    /// Where the inputs name it, in order; at least one place.
    pub places: Vec<Place>,
    /// What answer shows that it is there.
    pub enough: Enough,
}

/// What answer shows that an address is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Enough {
    /// The page itself, wherever it has moved.
    Page,
    /// That the server knows where to send readers. For DOIs: the publishers behind them turn programs away.
    Redirect,
}

/// Where DOIs are looked up.
const RESOLVER: &str = "https://doi.org/";

impl Address {
    /// The name of the server, and its port if it is an unusual one.
    pub fn host(&self) -> &str {
        let after = self.url.split_once("://").map_or("", |(_, after)| after);
        let authority = &after[..after.find(['/', '?']).unwrap_or(after.len())];
        authority.rsplit_once('@').map_or(authority, |(_, host)| host)
    }

    /// The DOI that it looks up, if it does.
    pub fn doi(&self) -> Option<&str> {
        self.url.strip_prefix(RESOLVER).filter(|_| self.enough == Enough::Redirect)
    }
}

/// All addresses in order of their text.
pub fn addresses(site: &Site, sources: &Sources) -> Vec<Address> {
    let mut found = Found::default();
    site.briefs.iter().for_each(|one| found.document(one, sources));
    site.recommendations.iter().for_each(|one| found.document(one, sources));
    site.pages.iter().for_each(|one| found.document(one, sources));
    site.works.iter().for_each(|(_, work)| found.work(work));
    for dataset in &site.datasets {
        let licence = (&dataset.licence.href, &dataset.licence.span);
        let origins = dataset.sources.iter().map(|source| (&source.href, &source.span));
        let links = dataset.links.iter().map(|link| (&link.target, &link.span));
        for (href, span) in origins.chain([licence]).chain(links) {
            found.add(href, Place::new(&dataset.file, span.clone()));
        }
    }
    found.listed()
}

#[derive(Default)]
struct Found {
    places: BTreeMap<(String, Enough), Vec<Place>>,
}

impl Found {
    fn document<F>(&mut self, linked: &Linked<F>, sources: &Sources) {
        let file = &linked.document.file;
        let source = sources.text(file).unwrap_or_default();
        for (link, target) in linked.document.body.links.iter().zip(&linked.targets) {
            let Target::External(href) = target else { continue };
            // An address with escapes is not found as it is: then the whole link is meant.
            let at = source.get(link.span.clone()).and_then(|text| text.rfind(href.as_str()));
            let span = at.map_or(link.span.clone(), |at| link.span.start + at..link.span.start + at + href.len());
            self.add(href, Place::new(file, span));
        }
    }

    fn work(&mut self, work: &Work) {
        for (field, enough) in [("url", Enough::Page), ("doi", Enough::Redirect)] {
            let Some(chunks) = work.entry.get(field) else { continue };
            let written = chunks.format_verbatim();
            let place = Place::new(bibliography::FILE, chunks.span());
            match enough {
                Enough::Page => self.add(&written, place),
                Enough::Redirect => self.add_doi(&written, place),
            }
        }
    }

    fn add(&mut self, href: &str, place: Place) {
        // A DOI with its resolver in front is one all the same.
        match ["https://doi.org/", "http://doi.org/", "https://dx.doi.org/", "http://dx.doi.org/"]
            .iter()
            .find_map(|resolver| href.strip_prefix(resolver))
        {
            Some(doi) => self.insert(&format!("{RESOLVER}{doi}"), Enough::Redirect, place),
            None => self.insert(href, Enough::Page, place),
        }
    }

    fn add_doi(&mut self, written: &str, place: Place) {
        if written.contains("://") {
            self.add(written, place);
        } else {
            self.insert(&format!("{RESOLVER}{written}"), Enough::Redirect, place);
        }
    }

    fn insert(&mut self, href: &str, enough: Enough, place: Place) {
        let Some(url) = Url::parse(href).ok().filter(|url| ["http", "https"].contains(&url.scheme())) else { return };
        let mut url = url;
        url.set_fragment(None);
        self.places.entry((url.into(), enough)).or_default().push(place);
    }

    fn listed(self) -> Vec<Address> {
        let address = |((url, enough), mut places): ((String, Enough), Vec<Place>)| {
            places.sort();
            places.dedup();
            Address { url, places, enough }
        };
        self.places.into_iter().map(address).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_in_several_forms_is_asked_once() {
        let mut found = Found::default();
        let place = |start| Place::new("a.md", start..start + 1);
        found.add("https://example.org/a#part", place(9));
        found.add("https://EXAMPLE.org/a", place(5));
        found.add("https://dx.doi.org/10.1/x", place(3));
        found.add_doi("10.1/x", place(7));
        found.add("mailto:ann@example.org", place(1));
        found.add("https://example.org/ü b", place(2));
        let listed = found.listed();
        let shown: Vec<_> = listed.iter().map(|one| (one.url.as_str(), one.host(), one.places.len())).collect();
        assert_eq!(
            shown,
            [
                ("https://doi.org/10.1/x", "doi.org", 2),
                ("https://example.org/%C3%BC%20b", "example.org", 1),
                ("https://example.org/a", "example.org", 2),
            ]
        );
        assert_eq!((listed[0].doi(), listed[1].doi()), (Some("10.1/x"), None));
        assert_eq!(listed[2].places[0].start, 5);
    }
}
