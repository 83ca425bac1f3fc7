//! Datasets: how their files are read, and how they are described.

use sha2::{Digest, Sha256};
use tests::html::Page;
use tests::input::Input;

use super::{json, site};

fn valid() -> Input {
    let folder = tests::workspace().join("tests/diagnostics/valid");
    Input::empty().folder(&folder).without("data/models").without("content/recommendations")
}

#[test]
fn odd_but_sound_csv_files_are_read_as_they_are_meant() {
    let rows = [
        ("a byte order mark", "\u{feff}region,value,firms\nNorth,12.5,300\n", "North"),
        ("line ends of Windows", "region,value,firms\r\nNorth,12.5,300\r\n", "North"),
        ("a quoted line break", "region,value,firms\n\"North\nand south\",12.5,300\n", "North\nand south"),
        ("a quoted comma and quote", "region,value,firms\n\"North, \"\"far\"\"\",12.5,300\n", "North, \"far\""),
        ("other scripts", "region,value,firms\nÅland Ελλάδα 日本,12.5,300\n", "Åland Ελλάδα 日本"),
        ("columns in another order", "firms,region,value\n300,North,12.5\n", "North"),
        ("no last line end", "region,value,firms\nNorth,12.5,300", "North"),
    ];
    for (what, csv, region) in rows {
        let tree = valid().file("data/imports/imports.csv", csv).published();
        let expected = serde_json::json!([{ "region": region, "value": 12.5, "firms": 300 }]);
        assert_eq!(json(&tree, "data/imports/imports.json"), expected, "{what}");
        let package = json(&tree, "data/imports/datapackage.json");
        let published = tree.text("data/imports/imports.csv").as_bytes();
        let hash: String = Sha256::digest(published).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(package["resources"][0]["hash"], format!("sha256:{hash}"), "{what}");
    }
}

#[test]
fn missing_values_are_null_and_never_nought() {
    let tree = valid().file("data/imports/imports.csv", "region,value,firms\nNorth,,\n").published();
    let expected = serde_json::json!([{ "region": "North", "value": null, "firms": null }]);
    assert_eq!(json(&tree, "data/imports/imports.json"), expected);
}

#[test]
fn every_package_says_that_it_is_of_version_two() {
    let tree = site();
    let packages: Vec<&String> = tree.files.keys().filter(|path| path.ends_with("/datapackage.json")).collect();
    assert!(packages.len() >= 14, "{packages:?}");
    for path in packages {
        let package = json(tree, path);
        assert_eq!(package["$schema"], "https://datapackage.org/profiles/2.0/datapackage.json", "{path}");
        assert_eq!(package.get("profile"), None, "{path} still has the key of version 1");
        for resource in package["resources"].as_array().expect("a list") {
            assert_eq!(resource["type"], "table", "{path}");
            assert!(resource["schema"]["primaryKey"].is_array() || resource["schema"]["primaryKey"].is_null());
            let file = path.replace("datapackage.json", resource["path"].as_str().expect("a path"));
            assert_eq!(resource["bytes"], tree.files[&file].len(), "{file}");
        }
    }
}

#[test]
fn a_page_shows_a_preview_of_a_long_table_and_never_all_of_it() {
    let mut csv = String::from("region,value,firms\n");
    for row in 0..5_000 {
        csv.push_str(&format!("Region {row},{row},{row}\n"));
    }
    let tree = valid().file("data/imports/imports.csv", csv).published();
    let page = Page::read(&tree, "data/imports/index.html");
    assert_eq!(page.all(".resource > .table-scroll tbody tr").len(), 50);
    assert!(page.texts(".resource > p").concat().contains("50 of 5000"), "{:?}", page.texts(".resource > p"));
}

/// Tables stand beside texts, whose apostrophes are typographic.
#[test]
fn the_words_of_the_data_are_set_as_those_of_the_texts() {
    let straight: Vec<&str> = site()
        .files
        .keys()
        .filter(|path| path.starts_with("data/") && path.ends_with(".csv"))
        .flat_map(|path| site().text(path).lines().filter(|line| line.contains('\'')))
        .collect();
    assert!(straight.is_empty(), "{}", straight.join("\n"));
}

/// Computed numbers have ten digits and more after the point.
#[test]
fn a_preview_prints_what_can_be_read_and_keeps_the_rest() {
    let csv = "region,value,firms\nNorth,0.3333333333,300\nSouth,1234.56789,7\nEast,0.0000666666,1\nWest,12.5,2\n";
    let tree = valid().file("data/imports/imports.csv", csv).published();
    let page = Page::read(&tree, "data/imports/index.html");
    assert_eq!(page.texts("td.number:nth-child(2)"), ["0.3333", "1,234.5679", "0.00006667", "12.5"]);
    for attribute in ["value", "title"] {
        let full: Vec<_> = page.all("td.number > data").iter().filter_map(|one| one.value().attr(attribute)).collect();
        assert_eq!(full, ["0.3333333333", "1234.56789", "0.0000666666"], "{attribute}");
    }
    assert_eq!(tree.text("data/imports/imports.csv"), csv);
}

#[test]
fn links_of_a_description_lead_where_those_of_a_text_do() {
    let text = "Imports by region; [about](/about) them, and [the regions](#column-imports-region).";
    let package =
        std::fs::read_to_string(tests::workspace().join("tests/diagnostics/valid/data/imports/datapackage.json"));
    let package = package.expect("it is in the checkout").replace("Imports by region.", text);
    let tree = valid().file("data/imports/datapackage.json", package).published();
    let page = Page::read(&tree, "data/imports/index.html");
    let links = page.all("main p a");
    let found = |words: &str| {
        let link = links.iter().find(|link| link.text().collect::<String>() == words);
        link.and_then(|link| link.value().attr("href"))
    };
    assert_eq!(found("about"), Some("/about/"));
    assert_eq!(found("the regions"), Some("/data/imports/#column-imports-region"));
    let summary = page.all("meta[name=description]").first().and_then(|meta| meta.value().attr("content"));
    assert_eq!(summary, Some("Imports by region; about them, and the regions."));
}
