//! What pages tell search engines, read by a JSON-LD processor that is not ours.
//!
//! schema.org's own context cannot be fetched here; one that puts every term into its vocabulary stands in for it, and
//! `TERMS` says which properties schema.org gives to the classes that pages use.

use std::collections::{BTreeSet, HashMap};

use oxjsonld::{JsonLdParser, JsonLdRemoteDocument};
use oxrdf::{NamedNode, NamedOrBlankNode, Quad, Term};
use tests::html::Page;
use tests::output::Tree;

use crate::published;

const SCHEMA: &str = "https://schema.org/";
const TYPE: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
const SITE: &str = "https://golden.example/";

/// Of Thing and CreativeWork, what any of these classes may have.
const WORK: [&str; 17] = [
    "name",
    "url",
    "description",
    "headline",
    "alternativeHeadline",
    "author",
    "creator",
    "publisher",
    "datePublished",
    "dateModified",
    "dateCreated",
    "inLanguage",
    "keywords",
    "license",
    "version",
    "isPartOf",
    "isAccessibleForFree",
];

/// Each class with the properties that schema.org defines for it alone, and whether it is a CreativeWork.
const TERMS: [(&str, &[&str], bool); 10] = [
    ("Report", &["reportNumber"], true),
    ("Article", &["articleBody"], true),
    ("Dataset", &["distribution", "variableMeasured"], true),
    ("DataDownload", &["encodingFormat", "contentUrl"], true),
    ("WebSite", &["issn"], true),
    ("Organization", &["name", "url", "email"], false),
    ("Person", &["name", "url", "email"], false),
    ("PropertyValue", &["name", "unitText"], false),
    ("BreadcrumbList", &["itemListElement"], false),
    ("ListItem", &["position", "name", "item"], false),
];

/// The statements of one page, by what they are about.
struct Graph {
    address: String,
    nodes: HashMap<NamedOrBlankNode, Vec<(NamedNode, Term)>>,
}

#[test]
fn every_page_says_what_it_is_about_in_terms_of_schema_org() {
    let tree = published();
    let mut classes = BTreeSet::new();
    for path in tree.pages().filter(|path| *path != "404.html") {
        let graph = Graph::read(&tree, path);
        for (node, statements) in &graph.nodes {
            if let NamedOrBlankNode::NamedNode(name) = node {
                assert!(name.as_str().starts_with(SITE), "{path} is about {name}");
            }
            let class = graph.text(node, TYPE).unwrap_or_else(|| panic!("{path}: {node} has no class: {statements:?}"));
            let class = class.strip_prefix(SCHEMA).unwrap_or_else(|| panic!("{path}: {class}"));
            let (_, own, is_work) =
                TERMS.iter().find(|(known, ..)| *known == class).unwrap_or_else(|| panic!("{path}: {class}"));
            for (property, _) in statements.iter().filter(|(property, _)| property.as_str() != TYPE) {
                let term = property.as_str().strip_prefix(SCHEMA).unwrap_or_else(|| panic!("{path}: {property}"));
                assert!(own.contains(&term) || (*is_work && WORK.contains(&term)), "{path}: {class} has no {term}");
            }
            classes.insert(class.to_owned());
        }
    }
    let wanted = ["Article", "BreadcrumbList", "DataDownload", "Dataset", "ListItem", "Organization", "Person"];
    assert!(wanted.iter().all(|class| classes.contains(*class)), "{classes:?}");
    assert!(classes.contains("Report") && classes.contains("WebSite") && classes.contains("PropertyValue"));
}

#[test]
fn a_brief_is_a_report_with_its_authors() {
    let tree = published();
    let graph = Graph::read(&tree, "briefs/imports/index.html");
    let report = graph.only("Report");
    assert_eq!(report.to_string(), format!("<{SITE}briefs/imports/>"));
    for property in ["headline", "description", "datePublished", "dateModified", "inLanguage"] {
        let text = graph.text(report, &format!("{SCHEMA}{property}")).unwrap_or_default();
        assert!(!text.is_empty(), "{property}");
    }
    let authors = graph.objects(report, "author");
    assert!(!authors.is_empty());
    for author in authors {
        let class = graph.text(&author, TYPE).expect("a class");
        assert!(["Person", "Organization"].iter().any(|known| class == format!("{SCHEMA}{known}")), "{class}");
        assert!(graph.text(&author, &format!("{SCHEMA}name")).is_some_and(|name| !name.is_empty()));
    }
}

#[test]
fn breadcrumbs_lead_from_the_home_page_to_the_page_itself() {
    let tree = published();
    for path in tree.pages().filter(|path| !["index.html", "404.html"].contains(path)) {
        let graph = Graph::read(&tree, path);
        let list = graph.only("BreadcrumbList");
        let mut steps: Vec<(usize, String)> = graph
            .objects(list, "itemListElement")
            .iter()
            .map(|step| {
                let text = |term: &str| graph.text(step, &format!("{SCHEMA}{term}")).expect("each step has it");
                (text("position").parse().expect("a number"), text("item"))
            })
            .collect();
        steps.sort();
        let positions: Vec<usize> = steps.iter().map(|(position, _)| *position).collect();
        assert_eq!(positions, (1..=steps.len()).collect::<Vec<_>>(), "{path}");
        assert_eq!(steps[0].1, SITE, "{path}");
        let own = steps.last().expect("at least one").1.strip_prefix(SITE).expect("on this site");
        assert_eq!(tree.file_at(&format!("/{own}")), Some(path));
    }
}

#[test]
fn the_files_of_a_dataset_are_there() {
    let tree = published();
    let graph = Graph::read(&tree, "data/imports/index.html");
    let files = graph.objects(graph.only("Dataset"), "distribution");
    assert!(files.len() >= 2, "CSV and JSON");
    for file in files {
        let address = graph.text(&file, &format!("{SCHEMA}contentUrl")).expect("an address");
        let below = address.strip_prefix(SITE).expect("on this site");
        assert!(tree.files.contains_key(below), "{address}");
    }
}

impl Graph {
    fn read(tree: &Tree, path: &str) -> Self {
        let page = Page::read(tree, path);
        let scripts = page.all("script[type='application/ld+json']");
        assert_eq!(scripts.len(), 1, "{path}");
        let text: String = scripts[0].text().collect();
        let parser = JsonLdParser::new().for_slice(&text).with_load_document_callback(|url, _| {
            assert_eq!(url, "https://schema.org");
            Ok(JsonLdRemoteDocument {
                document: br#"{"@context": {"@vocab": "https://schema.org/"}}"#.to_vec(),
                document_url: url.to_owned(),
            })
        });
        let mut nodes: HashMap<NamedOrBlankNode, Vec<(NamedNode, Term)>> = HashMap::new();
        for quad in parser {
            let Quad { subject, predicate, object, .. } = quad.unwrap_or_else(|error| panic!("{path}: {error}"));
            nodes.entry(subject).or_default().push((predicate, object));
        }
        Self { address: page.address, nodes }
    }

    /// The one thing of this class.
    fn only(&self, class: &str) -> &NamedOrBlankNode {
        let class = format!("{SCHEMA}{class}");
        let mut found = self.nodes.keys().filter(|node| self.text(node, TYPE).as_ref() == Some(&class));
        let only = found.next().unwrap_or_else(|| panic!("{} has no {class}", self.address));
        assert!(found.next().is_none(), "{} has several {class}", self.address);
        only
    }

    /// The things that a property leads to.
    fn objects(&self, node: &NamedOrBlankNode, term: &str) -> Vec<NamedOrBlankNode> {
        let property = format!("{SCHEMA}{term}");
        let statements = self.nodes[node].iter().filter(|(name, _)| name.as_str() == property);
        let node = |object: &Term| match object {
            Term::NamedNode(name) => Some(NamedOrBlankNode::from(name.clone())),
            Term::BlankNode(blank) => Some(NamedOrBlankNode::from(blank.clone())),
            Term::Literal(_) => None,
        };
        statements.filter_map(|(_, object)| node(object)).collect()
    }

    fn text(&self, node: &NamedOrBlankNode, property: &str) -> Option<String> {
        let (_, object) = self.nodes.get(node)?.iter().find(|(name, _)| name.as_str() == property)?;
        Some(match object {
            Term::NamedNode(name) => name.as_str().to_owned(),
            Term::Literal(literal) => literal.value().to_owned(),
            Term::BlankNode(blank) => blank.to_string(),
        })
    }
}
