//! The catalogue of datasets, read by a library that knows nothing of this site.

use std::collections::{BTreeMap, BTreeSet};

use oxjsonld::JsonLdParser;

use super::{URL, site};

const DCAT: &str = "http://www.w3.org/ns/dcat#";
const DCT: &str = "http://purl.org/dc/terms/";

/// For each subject, its properties and their values.
type Graph = BTreeMap<String, Vec<(String, String)>>;

fn graph() -> Graph {
    let mut graph = Graph::new();
    let text = site().text("data/catalog.jsonld");
    for quad in JsonLdParser::new().for_slice(text.as_bytes()) {
        let quad = quad.expect("the catalogue is JSON-LD");
        let plain = |text: String| text.trim_matches(['<', '>']).to_owned();
        let entry = graph.entry(plain(quad.subject.to_string())).or_default();
        entry.push((plain(quad.predicate.to_string()), plain(quad.object.to_string())));
    }
    graph
}

fn values<'g>(graph: &'g Graph, subject: &str, property: &str) -> Vec<&'g str> {
    let properties = graph.get(subject).map(Vec::as_slice).unwrap_or_default();
    properties.iter().filter(|(name, _)| name == property).map(|(_, value)| value.as_str()).collect()
}

#[test]
fn the_catalogue_has_every_dataset_with_licence_description_and_files_that_are_there() {
    let graph = graph();
    let catalogue = format!("{URL}data/");
    let listed: BTreeSet<&str> = values(&graph, &catalogue, &format!("{DCAT}dataset")).into_iter().collect();
    let published: BTreeSet<String> = (site().files.keys())
        .filter_map(|path| path.strip_suffix("datapackage.json"))
        .map(|folder| format!("{URL}{folder}"))
        .collect();
    assert_eq!(listed, published.iter().map(String::as_str).collect::<BTreeSet<&str>>());
    assert!(listed.len() >= 14, "{listed:?}");
    for dataset in listed {
        for property in [
            format!("{DCT}title"),
            format!("{DCT}description"),
            format!("{DCT}issued"),
            format!("{DCT}publisher"),
            format!("{DCT}provenance"),
            format!("{DCAT}keyword"),
            format!("{DCAT}contactPoint"),
            format!("{DCAT}landingPage"),
        ] {
            assert!(!values(&graph, dataset, &property).is_empty(), "{dataset} has no {property}");
        }
        let files = values(&graph, dataset, &format!("{DCAT}distribution"));
        assert!(files.len() >= 3, "{dataset} has {} files", files.len());
        for file in files {
            let [download] = values(&graph, file, &format!("{DCAT}downloadURL"))[..] else { panic!("{file}") };
            let path = download.strip_prefix(URL).expect("an address of the site");
            assert!(site().files.contains_key(path), "there is no {path}");
            assert_eq!(values(&graph, file, &format!("{DCT}license")).len(), 1, "{file}");
            assert_eq!(values(&graph, file, &format!("{DCAT}mediaType")).len(), 1, "{file}");
        }
    }
}
