//! All datasets → a catalogue in the vocabulary of data portals, DCAT 3, as JSON-LD.

use serde_json::{Value, json};

use super::Renderer;
use super::pages::first_paragraph;
use crate::link::dataset_path;
use crate::parse::dataset::{Dataset, Resource};

/// Where the catalogue is published.
pub const PATH: &str = "/data/catalog.jsonld";

/// Names of media types as the register of the internet's authority has them.
const MEDIA_TYPES: &str = "https://www.iana.org/assignments/media-types/";

/// The catalogue.
pub fn catalogue(renderer: &Renderer<'_>) -> Vec<u8> {
    let settings = &renderer.site.settings;
    let catalogue = json!({
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
            "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
            "vcard": "http://www.w3.org/2006/vcard/ns#",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        "@id": renderer.url("/data/"),
        "@type": "dcat:Catalog",
        "dct:title": words(renderer, &settings.title),
        "dct:description": words(renderer, &settings.description),
        "dct:publisher": publisher(renderer),
        "foaf:homepage": { "@id": settings.base_url },
        "dcat:dataset": renderer.site.datasets.iter().map(|one| dataset(renderer, one)).collect::<Vec<_>>(),
    });
    serde_json::to_vec_pretty(&catalogue).expect("plain values can be written")
}

fn dataset(renderer: &Renderer<'_>, dataset: &Dataset) -> Value {
    let path = dataset_path(&dataset.id);
    let mut distributions: Vec<Value> =
        dataset.resources.iter().flat_map(|resource| tables(renderer, dataset, resource, &path)).collect();
    distributions.push(distribution(renderer, dataset, "Description", &format!("{path}datapackage.json"), JSON, None));
    let mut value = json!({
        "@id": renderer.url(&path),
        "@type": "dcat:Dataset",
        "dct:identifier": dataset.id,
        "dct:title": words(renderer, &dataset.title),
        "dct:description": words(renderer, &first_paragraph(&dataset.description)),
        "dct:publisher": publisher(renderer),
        "dcat:landingPage": { "@id": renderer.url(&path) },
        "dcat:contactPoint": {
            "@type": "vcard:Kind",
            "vcard:fn": renderer.site.settings.publisher,
            "vcard:hasEmail": { "@id": format!("mailto:{}", renderer.site.settings.contact) },
        },
        "dcat:keyword": dataset.keywords.iter().map(|word| words(renderer, word)).collect::<Vec<_>>(),
        "dcat:distribution": distributions,
    });
    let sources: Vec<&str> = dataset.sources.iter().map(|source| source.title.as_str()).collect();
    if !sources.is_empty() {
        let label = words(renderer, &format!("Compiled from: {}.", sources.join("; ")));
        value["dct:provenance"] = json!({ "@type": "dct:ProvenanceStatement", "rdfs:label": label });
    }
    let addresses = dataset.sources.iter().filter(|source| is_address(&source.href));
    let addresses: Vec<Value> = addresses.map(|source| json!({ "@id": source.href })).collect();
    if !addresses.is_empty() {
        value["dct:source"] = json!(addresses);
    }
    if !dataset.created.is_empty() {
        value["dct:issued"] = json!({ "@value": dataset.created, "@type": "xsd:date" });
    }
    if !dataset.version.is_empty() {
        value["dcat:version"] = json!(dataset.version);
    }
    value
}

const CSV: &str = "text/csv";
const JSON: &str = "application/json";

fn tables(renderer: &Renderer<'_>, dataset: &Dataset, resource: &Resource, path: &str) -> [Value; 2] {
    let title = if resource.title.is_empty() { &resource.name } else { &resource.title };
    let bytes = renderer.sources.text(&resource.file).map(str::len);
    [
        distribution(renderer, dataset, title, &format!("{path}{}.csv", resource.name), CSV, bytes),
        distribution(renderer, dataset, title, &format!("{path}{}.json", resource.name), JSON, None),
    ]
}

fn distribution(
    renderer: &Renderer<'_>,
    dataset: &Dataset,
    title: &str,
    path: &str,
    media_type: &str,
    bytes: Option<usize>,
) -> Value {
    let url = renderer.url(path);
    let mut value = json!({
        "@id": url,
        "@type": "dcat:Distribution",
        "dct:title": words(renderer, title),
        "dcat:accessURL": { "@id": renderer.url(&dataset_path(&dataset.id)) },
        "dcat:downloadURL": { "@id": url },
        "dcat:mediaType": { "@id": format!("{MEDIA_TYPES}{media_type}") },
    });
    if let Some(bytes) = bytes {
        value["dcat:byteSize"] = json!({ "@value": bytes.to_string(), "@type": "xsd:nonNegativeInteger" });
    }
    value["dct:license"] = match is_address(&dataset.licence.href) {
        true => json!({ "@id": dataset.licence.href }),
        false => json!({ "@type": "dct:LicenseDocument", "dct:title": dataset.licence.name }),
    };
    value
}

fn publisher(renderer: &Renderer<'_>) -> Value {
    let settings = &renderer.site.settings;
    json!({ "@id": settings.base_url, "@type": "foaf:Agent", "foaf:name": settings.publisher })
}

fn words(renderer: &Renderer<'_>, text: &str) -> Value {
    json!({ "@value": text, "@language": renderer.site.settings.language })
}

fn is_address(href: &str) -> bool {
    href.starts_with("https://") || href.starts_with("http://")
}
