//! What each page is about, in the terms of schema.org, as JSON-LD: data for search engines, which no browser runs.

use serde_json::{Map, Value, json};

use super::Renderer;
use crate::link::{Linked, dataset_path};
use crate::parse::dataset::Dataset;
use crate::parse::document::{Author, Brief, Recommendation};

/// The way to a page: the labels and addresses of the pages above it and of itself.
pub fn breadcrumbs(renderer: &Renderer<'_>, parents: &[(&str, &str)], title: &str, path: &str) -> Value {
    let steps = parents.iter().copied().chain([(title, path)]).enumerate();
    let items: Vec<Value> = steps
        .map(|(index, (name, path))| {
            json!({ "@type": "ListItem", "position": index + 1, "name": name, "item": renderer.url(path) })
        })
        .collect();
    json!({ "@type": "BreadcrumbList", "itemListElement": items })
}

/// Who publishes the site.
pub fn publisher(renderer: &Renderer<'_>) -> Value {
    let settings = &renderer.site.settings;
    json!({
        "@type": "Organization",
        "@id": publisher_id(renderer),
        "name": settings.publisher,
        "url": renderer.url("/"),
        "email": settings.contact,
    })
}

/// The site, for its home page.
pub fn website(renderer: &Renderer<'_>) -> Value {
    let settings = &renderer.site.settings;
    json!({
        "@type": "WebSite",
        "@id": renderer.url("/"),
        "url": renderer.url("/"),
        "name": settings.title,
        "description": settings.description,
        "inLanguage": settings.language,
        "publisher": { "@id": publisher_id(renderer) },
    })
}

/// A brief as a report.
pub fn brief(renderer: &Renderer<'_>, document: &Linked<Brief>) -> Value {
    let front = &document.document.front;
    let mut report = text(renderer, "Report", &document.path, &front.front.title, &front.front.summary);
    let authors: Vec<Value> = front.authors.iter().map(|author| named(renderer, author)).collect();
    report.insert("author".to_owned(), json!(authors));
    report.insert("datePublished".to_owned(), json!(front.date.to_string()));
    report.insert("dateModified".to_owned(), json!(front.updated.unwrap_or(front.date).to_string()));
    if !front.subtitle.is_empty() {
        report.insert("alternativeHeadline".to_owned(), json!(front.subtitle));
    }
    if !front.topics.is_empty() {
        report.insert("keywords".to_owned(), json!(front.topics));
    }
    Value::Object(report)
}

/// A recommendation as an article that is part of its brief.
pub fn recommendation(renderer: &Renderer<'_>, document: &Linked<Recommendation>) -> Value {
    let front = &document.document.front;
    let mut article = text(renderer, "Article", &document.path, &front.front.title, &front.front.summary);
    article.insert("author".to_owned(), json!({ "@id": publisher_id(renderer) }));
    article.insert("datePublished".to_owned(), json!(front.date.to_string()));
    let brief = renderer.url(&format!("/briefs/{}/", front.brief.0));
    article.insert("isPartOf".to_owned(), json!({ "@type": "Report", "@id": brief }));
    Value::Object(article)
}

/// A dataset with its files and columns.
pub fn dataset(renderer: &Renderer<'_>, dataset: &Dataset, summary: &str) -> Value {
    let path = dataset_path(&dataset.id);
    let files = dataset.resources.iter().flat_map(|resource| {
        [("csv", "text/csv"), ("json", "application/json")].map(|(ending, kind)| {
            json!({
                "@type": "DataDownload",
                "name": resource.name,
                "encodingFormat": kind,
                "contentUrl": renderer.url(&format!("{path}{}.{ending}", resource.name)),
            })
        })
    });
    let columns = dataset.resources.iter().flat_map(|resource| &resource.columns);
    let measured = columns
        .filter(|column| !column.unit.is_empty())
        .map(|column| json!({ "@type": "PropertyValue", "name": column.title, "unitText": column.unit }));
    let mut described = json!({
        "@type": "Dataset",
        "@id": renderer.url(&path),
        "url": renderer.url(&path),
        "name": dataset.title,
        "description": summary,
        "inLanguage": renderer.site.settings.language,
        "isAccessibleForFree": true,
        "creator": { "@id": publisher_id(renderer) },
        "publisher": { "@id": publisher_id(renderer) },
        "distribution": files.collect::<Vec<_>>(),
        "variableMeasured": measured.collect::<Vec<_>>(),
    });
    let licence = if dataset.licence.href.is_empty() { &dataset.licence.name } else { &dataset.licence.href };
    for (name, value) in
        [("license", licence.as_str()), ("version", &dataset.version), ("dateCreated", &dataset.created)]
    {
        if !value.is_empty() {
            described[name] = json!(value);
        }
    }
    described
}

/// All of it as the text of a script element.
pub fn script(nodes: &[Value]) -> String {
    let graph = json!({ "@context": "https://schema.org", "@graph": nodes });
    // Nothing in it may end the element it stands in.
    graph.to_string().replace('<', "\\u003c")
}

fn publisher_id(renderer: &Renderer<'_>) -> String {
    renderer.url("/#publisher")
}

fn named(renderer: &Renderer<'_>, author: &Author) -> Value {
    let publisher = &renderer.site.settings.publisher;
    match author {
        Author::Organisation(name) if name == publisher => json!({ "@id": publisher_id(renderer) }),
        Author::Organisation(name) => json!({ "@type": "Organization", "name": name }),
        Author::Person(name) => json!({ "@type": "Person", "name": name }),
    }
}

fn text(renderer: &Renderer<'_>, kind: &str, path: &str, title: &str, summary: &str) -> Map<String, Value> {
    let url = renderer.url(path);
    [
        ("@type", json!(kind)),
        ("@id", json!(url)),
        ("url", json!(url)),
        ("headline", json!(title)),
        ("name", json!(title)),
        ("description", json!(summary)),
        ("inLanguage", json!(renderer.site.settings.language)),
        ("publisher", json!({ "@id": publisher_id(renderer) })),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}
