//! Published pages as documents: their links, anchors and what every page must have.

use std::collections::{BTreeMap, BTreeSet};

use scraper::{ElementRef, Html, Selector};

use crate::output::Tree;

/// A page that was read.
#[derive(Debug)]
pub struct Page {
    /// The document.
    pub document: Html,
    /// The address it is shown at, below the site's base.
    pub address: String,
}

impl Page {
    /// Reads the page published at `path`.
    pub fn read(tree: &Tree, path: &str) -> Self {
        let address = format!("/{}", path.strip_suffix("index.html").unwrap_or(path));
        Self { document: Html::parse_document(tree.text(path)), address }
    }

    /// The elements that `selector` names, in order.
    pub fn all(&self, selector: &str) -> Vec<ElementRef<'_>> {
        self.document.select(&Selector::parse(selector).expect("tests write valid selectors")).collect()
    }

    /// The values of `attribute`, wherever it stands.
    pub fn values(&self, attribute: &str) -> Vec<&str> {
        let elements = self.all(&format!("[{attribute}]"));
        elements.into_iter().filter_map(|element| element.value().attr(attribute)).collect()
    }

    /// The text of the elements that `selector` names, white space folded.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        self.all(selector).into_iter().map(words).collect()
    }

    /// All ids.
    pub fn ids(&self) -> BTreeSet<&str> {
        self.values("id").into_iter().collect()
    }

    /// Every address that a browser would fetch or follow: `href`, `src`, `srcset`, `poster`, `data-*` files.
    pub fn addresses(&self) -> Vec<&str> {
        let plain = ["href", "src", "poster", "data-model", "data-bindings", "data-program", "data-explorer"];
        let mut addresses: Vec<&str> = plain.iter().flat_map(|attribute| self.values(attribute)).collect();
        let sets = self.values("srcset").into_iter().flat_map(|set| set.split(','));
        addresses.extend(sets.filter_map(|candidate| candidate.split_whitespace().next()));
        addresses
    }

    /// What is wrong with the page itself, whatever the rest of the site is.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let mut wrong = |fault: String| faults.push(format!("{}: {fault}", self.address));
        let one = |selector: &str| match &self.all(selector)[..] {
            [element] => Ok(*element),
            found => Err(format!("{} × `{selector}` instead of one", found.len())),
        };
        for selector in ["h1", "main", "head > title"] {
            match one(selector) {
                Ok(element) if words(element).is_empty() => wrong(format!("`{selector}` is empty")),
                Ok(_) => {}
                Err(fault) => wrong(fault),
            }
        }
        for (selector, attribute) in [
            ("html", "lang"),
            ("meta[name=description]", "content"),
            ("meta[http-equiv=Content-Security-Policy]", "content"),
            ("meta[name=viewport]", "content"),
        ] {
            match one(selector) {
                Ok(element) if element.value().attr(attribute).unwrap_or_default().trim().is_empty() => {
                    wrong(format!("`{selector}` has no {attribute}"));
                }
                Ok(_) => {}
                Err(fault) => wrong(fault),
            }
        }
        for element in self.all("[style]") {
            wrong(format!("a style attribute on <{}>", element.value().name()));
        }
        for element in self.all("style") {
            wrong(format!("a style element: {}", words(element)));
        }
        let is_data = |kind: &str| kind == "application/ld+json" || kind == "application/json";
        for script in self.all("script:not([src])") {
            if !is_data(script.value().attr("type").unwrap_or_default()) {
                wrong(format!("an inline script: {}", words(script)));
            }
        }
        for element in self.all("*") {
            for (name, _) in element.value().attrs().filter(|(name, _)| name.starts_with("on")) {
                wrong(format!("an inline handler {name} on <{}>", element.value().name()));
            }
        }
        for (selector, attribute) in FETCHED {
            for element in self.all(selector) {
                let value = element.value().attr(attribute).unwrap_or_default();
                let is_named_only = element.value().attr("rel").is_some_and(|rel| rel == "canonical");
                if !is_named_only && is_foreign(value) {
                    wrong(format!("{selector} fetches {value}"));
                }
            }
        }
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        for id in self.values("id") {
            *seen.entry(id).or_default() += 1;
        }
        for (id, count) in seen.iter().filter(|(_, count)| **count > 1) {
            wrong(format!("the id `{id}` stands {count} times"));
        }
        for attribute in ["aria-labelledby", "aria-describedby", "aria-controls", "for"] {
            for id in self.values(attribute).into_iter().flat_map(str::split_whitespace) {
                if !seen.contains_key(id) {
                    wrong(format!("{attribute}=\"{id}\" names nothing"));
                }
            }
        }
        let mut above = 0;
        for heading in self.all("h1, h2, h3, h4, h5, h6") {
            let level = heading.value().name()[1..].parse().unwrap_or(0);
            if level > above + 1 {
                wrong(format!("“{}” skips from heading level {above} to {level}", words(heading)));
            }
            above = level;
        }
        for link in self.all("a[href], button") {
            let label = link.value().attr("aria-label").unwrap_or_default();
            if words(link).is_empty() && label.trim().is_empty() {
                wrong(format!("a link or button without words: {}", link.html()));
            }
        }
        let labelled: BTreeSet<&str> = self.values("for").into_iter().collect();
        for control in self.all("input, select, textarea") {
            let element = control.value();
            let is_labelled = element.attr("aria-label").is_some()
                || element.attr("aria-labelledby").is_some()
                || element.id().is_some_and(|id| labelled.contains(id))
                || control.ancestors().filter_map(ElementRef::wrap).any(|above| above.value().name() == "label");
            if !is_labelled {
                wrong(format!("a control without a label: {}", control.html()));
            }
        }
        for table in self.all("table") {
            let headers = table.select(&Selector::parse("th[scope]").expect("valid")).count();
            if headers == 0 {
                wrong("a table without headers".to_owned());
            }
        }
        for image in self.all("img:not([alt])") {
            wrong(format!("an image without alternative text: {:?}", image.value().attr("src")));
        }
        for drawing in self.all("svg[role=img]") {
            let named = ["aria-label", "aria-labelledby"].iter().any(|name| drawing.value().attr(name).is_some());
            if !named {
                wrong("a drawing without a name".to_owned());
            }
        }
        // What is quoted as code may hold anything.
        let running = self.document.tree.nodes().filter(|node| {
            node.ancestors().all(|above| above.value().as_element().is_none_or(|element| element.name() != "pre"))
        });
        for text in running.filter_map(|node| node.value().as_text()) {
            if let Some(left) =
                ["{{", "{%", "LEVERS-SPLICE", "\u{f8f0}", "\u{f8f1}"].iter().find(|mark| text.contains(**mark))
            {
                wrong(format!("`{left}` was left in the text: {}", text.trim()));
            }
        }
        faults
    }
}

/// What a browser fetches by itself while it shows a page.
const FETCHED: [(&str, &str); 9] = [
    ("link", "href"),
    ("script", "src"),
    ("img", "src"),
    ("iframe", "src"),
    ("source", "src"),
    ("video", "src"),
    ("audio", "src"),
    ("object", "data"),
    ("use", "href"),
];

/// Every link of the site that leads nowhere. Addresses start with `base`, such as `/` or `/levers/`, and may be written
/// in full under `url`.
pub fn broken_links(tree: &Tree, base: &str, url: &str) -> Vec<String> {
    let pages: BTreeMap<String, Page> = tree.pages().map(|path| (path.to_owned(), Page::read(tree, path))).collect();
    let ids: BTreeMap<&str, BTreeSet<&str>> = pages.iter().map(|(path, page)| (path.as_str(), page.ids())).collect();
    let mut broken = Vec::new();
    for page in pages.values() {
        for written in page.addresses() {
            let inside = written.strip_prefix(url).map(|below| format!("{base}{below}"));
            let inside = inside.as_deref().unwrap_or(written);
            if is_foreign(inside) || inside.starts_with("mailto:") || inside.starts_with("data:") {
                continue;
            }
            if let Err(reason) = leads(tree, &ids, base, &page.address, inside) {
                broken.push(format!("{}: {written} {reason}", page.address));
            }
        }
    }
    broken
}

fn leads(tree: &Tree, ids: &BTreeMap<&str, BTreeSet<&str>>, base: &str, from: &str, to: &str) -> Result<(), String> {
    let (path, anchor) = match to.split_once('#') {
        Some((path, anchor)) => (path, Some(decoded(anchor))),
        None => (to, None),
    };
    let path = match path.split('?').next().unwrap_or_default() {
        "" => from.to_owned(),
        absolute => match absolute.strip_prefix(base) {
            Some(below) => format!("/{}", decoded(below)),
            None => return Err(format!("does not start with {base}")),
        },
    };
    let file = tree.file_at(&path).ok_or_else(|| "leads to no file".to_owned())?;
    match anchor {
        Some(anchor) if !anchor.is_empty() && !ids.get(file).is_some_and(|ids| ids.contains(anchor.as_str())) => {
            Err(format!("leads to no id on {file}"))
        }
        _ => Ok(()),
    }
}

fn is_foreign(address: &str) -> bool {
    address.starts_with("//") || address.starts_with("http://") || address.starts_with("https://")
}

fn words(element: ElementRef<'_>) -> String {
    element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `%20` and kin as the bytes they stand for.
fn decoded(address: &str) -> String {
    let mut bytes = Vec::with_capacity(address.len());
    let mut rest = address.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let escaped = (first == b'%').then(|| after.get(..2)).flatten();
        let byte = escaped.and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        match byte {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "<!doctype html><html lang=en><head><title>x</title><meta name=description content=x>\
        <meta name=viewport content=x><meta http-equiv=Content-Security-Policy content=x></head>\
        <body><main><h1 id=a>x</h1>BODY</main></body></html>";

    fn site(body: &str) -> Tree {
        let files = [("index.html", GOOD.replace("BODY", body)), ("a/index.html", GOOD.to_owned())];
        Tree { files: files.into_iter().map(|(path, text)| (path.to_owned(), text.into_bytes())).collect() }
    }

    #[test]
    fn a_good_page_has_no_faults() {
        assert_eq!(Page::read(&site("<a href=/a/#a>x</a>"), "index.html").faults(), Vec::<String>::new());
    }

    #[test]
    fn each_fault_of_a_page_is_found() {
        for (body, fault) in [
            ("<h1>y</h1>", "2 × `h1`"),
            ("<p style='color:red'>y", "a style attribute on <p>"),
            ("<style>p{}</style>", "a style element"),
            ("<script>1</script>", "an inline script"),
            ("<p onclick=x>y", "an inline handler onclick"),
            ("<img src=https://other.example/x.png alt=x>", "fetches https://other.example"),
            ("<script src=//other.example/x.js></script>", "fetches //other.example"),
            ("<p id=a>y", "the id `a` stands 2 times"),
            ("<p aria-labelledby=b>y", "names nothing"),
            ("<h3>y</h3>", "skips from heading level 1 to 3"),
            ("<a href=/a/> </a>", "a link or button without words"),
            ("<input type=range>", "a control without a label"),
            ("<table><tr><td>y</table>", "a table without headers"),
            ("<img src=/x.png>", "without alternative text"),
            ("<svg role=img></svg>", "a drawing without a name"),
            ("{{ page.title }}", "was left in the text"),
        ] {
            let faults = Page::read(&site(body), "index.html").faults();
            assert!(faults.iter().any(|found| found.contains(fault)), "{body} gave {faults:?}");
        }
        let bare = Tree { files: [("index.html".to_owned(), b"<p>x".to_vec())].into() };
        let faults = Page::read(&bare, "index.html").faults().join("\n");
        for part in ["`h1`", "title`", "`html` has no lang", "description", "viewport", "Content-Security-Policy"] {
            assert!(faults.contains(part), "{part} is not in:\n{faults}");
        }
    }

    #[test]
    fn links_that_lead_nowhere_are_found() {
        for (href, reason) in [
            ("/a/", None),
            ("/a/#a", None),
            ("#a", None),
            ("#%61", None),
            ("https://site.example/a/", None),
            ("https://other.example/", None),
            ("mailto:x@y.example", None),
            ("/b/", Some("leads to no file")),
            ("/a/#b", Some("leads to no id")),
            ("#b", Some("leads to no id")),
            ("a/", Some("does not start with /")),
            ("https://site.example/b/", Some("leads to no file")),
        ] {
            let broken = broken_links(&site(&format!("<a href='{href}'>x</a>")), "/", "https://site.example/");
            match reason {
                None => assert_eq!(broken, Vec::<String>::new(), "{href}"),
                Some(reason) => assert!(broken.len() == 1 && broken[0].contains(reason), "{href} gave {broken:?}"),
            }
        }
    }
}
