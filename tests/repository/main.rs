//! What the repository promises about itself.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use walkdir::WalkDir;

fn read(path: &str) -> String {
    let file = tests::workspace().join(path);
    fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// The tool that connects the bundle to the page reads only what the macros of its own version wrote.
#[test]
fn both_halves_of_wasm_bindgen_have_one_version() {
    let lock: toml::Table = toml::from_str(&read("Cargo.lock")).expect("the lock file is TOML");
    let packages = lock["package"].as_array().expect("the lock file lists packages");
    let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for package in packages {
        if let (Some(name), Some(version)) = (package["name"].as_str(), package["version"].as_str()) {
            versions.entry(name).or_default().push(version);
        }
    }
    assert_eq!(versions["wasm-bindgen"].len(), 1, "{:?}", versions["wasm-bindgen"]);
    assert_eq!(versions["wasm-bindgen"], versions["wasm-bindgen-cli-support"]);
}

/// The paths in the code map: the first word of each line of the block under the heading.
fn code_map() -> BTreeSet<String> {
    let readme = read("README.md");
    let section = readme.split("Code map\n").nth(1).expect("README.md has a heading “Code map”");
    let block = section.split("```text\n").nth(1).and_then(|rest| rest.split("```").next());
    let block = block.expect("a block ```text stands under it");
    let paths = block.lines().filter_map(|line| line.split_whitespace().next());
    paths.map(|path| path.trim_end_matches('/').to_owned()).collect()
}

#[test]
fn the_code_map_names_only_what_is_there() {
    let map = code_map();
    assert!(map.len() > 20, "the code map has {} lines", map.len());
    let gone: Vec<&String> = map.iter().filter(|path| !tests::workspace().join(path).exists()).collect();
    assert!(gone.is_empty(), "the code map in README.md names what is not there: {gone:#?}");
}

#[test]
fn the_code_map_misses_no_crate_and_no_module() {
    let map = code_map();
    let mut crates = vec!["site".to_owned(), "tests".to_owned()];
    let explorer = fs::read_dir(tests::workspace().join("explorer")).expect("the explorer is in the checkout");
    for folder in explorer.filter_map(Result::ok).filter(|entry| entry.path().join("Cargo.toml").is_file()) {
        crates.push(format!("explorer/{}", folder.file_name().to_string_lossy()));
    }
    let mut missing: Vec<String> = crates.iter().filter(|name| !map.contains(*name)).cloned().collect();
    for name in crates.iter().filter(|name| *name != "tests") {
        for entry in WalkDir::new(tests::workspace().join(name).join("src")).sort_by_file_name() {
            let entry = entry.expect("the checkout can be listed");
            let path = entry.path().strip_prefix(tests::workspace()).expect("walking stays below");
            let path = path.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/");
            if path.ends_with(".rs") && !is_named(&map, &path) {
                missing.push(path);
            }
        }
    }
    assert!(missing.is_empty(), "the code map in README.md misses {missing:#?}");
}

/// Whether the map has the module's file, or the folder that it is the head of or lies in.
fn is_named(map: &BTreeSet<String>, path: &str) -> bool {
    let is_crate_root = path.ends_with("src/lib.rs") || path.ends_with("src/main.rs");
    let head_of = path.strip_suffix("/mod.rs");
    let folder = path.strip_suffix(".rs").unwrap_or(path);
    is_crate_root || map.contains(path) || map.contains(folder) || head_of.is_some_and(|folder| map.contains(folder))
}
