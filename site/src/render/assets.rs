//! Stylesheets, scripts, fonts and pictures → files named after their content, so that browsers may keep them for ever.

use std::collections::BTreeMap;

use diagnostic::{Diagnostic, Diagnostics, Place};
use sha2::{Digest, Sha256};

use super::File;
use crate::bundle::Bundle;
use crate::html::hex;
use crate::load::Sources;
use crate::script::bare_lines;

const FOLDER: &str = "site/assets/";

/// The published names of assets.
#[derive(Debug, Default)]
pub struct Assets {
    /// By name below `site/assets/`, or below `content/` for pictures in documents; values start with `assets/`.
    names: BTreeMap<String, String>,
}

impl Assets {
    /// The address of the asset `name` on a site whose addresses start with `base`.
    pub fn href(&self, base: &str, name: &str) -> String {
        self.names.get(name).map_or_else(String::new, |published| format!("{base}{published}"))
    }

    /// The addresses of all typefaces.
    pub fn typefaces(&self, base: &str) -> Vec<String> {
        self.hrefs(base, |name| name.ends_with(".woff2"))
    }

    /// Those with the letters that all pages have.
    pub fn common_typefaces(&self, base: &str) -> Vec<String> {
        self.hrefs(base, |name| name.ends_with(".woff2") && !name.starts_with("fonts/rare/"))
    }

    fn hrefs(&self, base: &str, is_wanted: impl Fn(&str) -> bool) -> Vec<String> {
        self.names.iter().filter(|(name, _)| is_wanted(name)).map(|(_, file)| format!("{base}{file}")).collect()
    }

    /// Names all assets, and hands them to `publish`.
    pub fn publish<'s>(
        sources: &Sources,
        bundle: Option<&Bundle>,
        models: &[(String, Vec<u8>)],
        pictures: impl IntoIterator<Item = &'s str>,
        publish: &(dyn Fn(File) + Sync),
        diagnostics: &mut Diagnostics,
    ) -> Self {
        let mut assets = Self::default();
        let (styles, others): (Vec<&str>, Vec<&str>) = sources.under(FOLDER).partition(|path| path.ends_with(".css"));
        for path in others {
            let Some(bytes) = sources.bytes(path) else { continue };
            let script = sources.text(path).filter(|_| path.ends_with(".js"));
            let bytes = script.map_or_else(|| bytes.to_vec(), |script| bare_script(script).into_bytes());
            assets.add(&path[FOLDER.len()..], bytes, publish);
        }
        for path in pictures {
            let Some(bytes) = sources.bytes(path) else { continue };
            assets.add(path, bytes.to_vec(), publish);
        }
        for path in styles {
            let Some(text) = sources.text(path) else { continue };
            let linked = assets.with_published_urls(path, text, diagnostics);
            assets.add(&path[FOLDER.len()..], minified_css(&linked).into_bytes(), publish);
        }
        for (name, bytes) in models {
            assets.add(name, bytes.clone(), publish);
        }
        if let Some(bundle) = bundle {
            assets.add_folder("explorer", &bundle.files, publish);
        }
        assets
    }

    fn add(&mut self, name: &str, bytes: Vec<u8>, publish: &(dyn Fn(File) + Sync)) {
        let digest = hex(&Sha256::digest(&bytes)[..5]);
        let file = name.rsplit('/').next().unwrap_or(name);
        let (stem, ending) = file.rsplit_once('.').unwrap_or((file, "bin"));
        let path = format!("assets/{stem}.{digest}.{ending}");
        self.names.insert(name.to_owned(), path.clone());
        publish(File { path, bytes });
    }

    /// Files that find each other by name keep their names, in a folder that is named after the content of all of them.
    fn add_folder(&mut self, folder: &str, files: &[(&str, Vec<u8>)], publish: &(dyn Fn(File) + Sync)) {
        let mut digest = Sha256::new();
        for (name, bytes) in files {
            digest.update(name.as_bytes());
            digest.update(bytes.len().to_le_bytes());
            digest.update(bytes);
        }
        let digest = hex(&digest.finalize()[..5]);
        for (name, bytes) in files {
            let path = format!("assets/{folder}.{digest}/{name}");
            self.names.insert(format!("{folder}/{name}"), path.clone());
            publish(File { path, bytes: bytes.clone() });
        }
    }

    /// The addresses of all assets of a folder.
    pub fn folder_hrefs(&self, base: &str, folder: &str) -> Vec<String> {
        let start = format!("{folder}/");
        self.hrefs(base, |name| name.starts_with(&start))
    }

    /// `url(fonts/x.woff2)` in a stylesheet becomes the published name, seen from the folder of the stylesheet.
    fn with_published_urls(&self, path: &str, text: &str, diagnostics: &mut Diagnostics) -> String {
        let mut linked = String::with_capacity(text.len());
        let mut at = 0;
        while let Some(found) = text[at..].find("url(") {
            let start = at + found + "url(".len();
            let end = text[start..].find(')').map_or(text.len(), |length| start + length);
            linked.push_str(&text[at..start]);
            let written = text[start..end].trim().trim_matches(['"', '\'']);
            match self.names.get(written) {
                Some(published) => linked.push_str(published.rsplit('/').next().unwrap_or(published)),
                None => {
                    linked.push_str(&text[start..end]);
                    if !written.starts_with("data:") && !written.starts_with('#') {
                        diagnostics.push(
                            Diagnostic::error(
                                "unknown-asset",
                                Place::new(path, start..end),
                                format!("there is no asset `{written}`"),
                            )
                            .help("name a file by its path below site/assets/"),
                        );
                    }
                }
            }
            at = end;
        }
        linked.push_str(&text[at..]);
        linked
    }
}

/// The stylesheet without what only its authors need.
fn bare_script(script: &str) -> String {
    bare_lines(script).flat_map(|line| [line, "\n"]).collect()
}

fn minified_css(text: &str) -> String {
    let cfg = minify_html::Cfg { minify_css: true, ..minify_html::Cfg::default() };
    let wrapped = format!("<style>{text}</style>");
    let minified = minify_html::minify(wrapped.as_bytes(), &cfg);
    let minified = String::from_utf8_lossy(&minified);
    let inner = minified.strip_prefix("<style>").and_then(|rest| rest.strip_suffix("</style>"));
    inner.map_or_else(|| text.to_owned(), str::to_owned)
}
