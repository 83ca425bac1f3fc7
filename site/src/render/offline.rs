//! What lets the explorer open without a network: a service worker that keeps its page and what the page loads.

use diagnostic::Diagnostics;
use sha2::{Digest, Sha256};
use tera::{Context, Tera};

use super::{File, Renderer, explorer, templates};
use crate::html::hex;

/// Where the worker stands; it serves the pages below its folder.
pub const WORKER: &str = "/explorer/offline.js";

/// Publishes the worker, if there is an explorer that moves.
pub fn publish(renderer: &Renderer<'_>, tera: &Tera, publish: &(dyn Fn(File) + Sync), diagnostics: &mut Diagnostics) {
    let Some(policy) = renderer.site.models.first().filter(|_| renderer.has_bundle) else { return };
    let asset = |name: &str| renderer.assets.href(renderer.base(), name);
    let pages = [explorer::path(0, policy), explorer::embed_path(0, policy)];
    let mut files: Vec<String> = pages.iter().map(|path| renderer.href(path)).collect();
    files.extend(["site.css", "explorer.css", "explorer.js", "previews.js", "icon.svg"].map(asset));
    files.extend(renderer.assets.folder_hrefs(renderer.base(), "explorer"));
    files.extend(renderer.assets.typefaces(renderer.base()));
    files.push(asset(&format!("{}.model", policy.id)));
    // Names of assets carry their digests: other files, another version.
    let version = hex(&Sha256::digest(files.join("\n").as_bytes())[..5]);
    let mut context = Context::new();
    context.insert("files", &files);
    context.insert("version", &version);
    if let Some(worker) = templates::render(tera, "explorer-offline.js", &context, diagnostics) {
        publish(File { path: WORKER.trim_start_matches('/').to_owned(), bytes: worker.into_bytes() });
    }
}
