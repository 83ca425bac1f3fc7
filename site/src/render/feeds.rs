//! What programs read: the Atom feed, the sitemap, rules for robots, and headers for the server.

use diagnostic::Diagnostics;
use jiff::civil::Date;
use tera::{Context, Tera};

use super::pages::{self, BriefCard};
use super::{File, Renderer, explorer, method, templates};
use crate::html::escape;
use crate::link::{dataset_path, register};

/// Feeds show this many of the newest briefs.
const FEED_LENGTH: usize = 20;

/// The same policy that every page carries as a meta element.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
     img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; \
     form-action 'none'";

/// Publishes all of them.
pub fn publish(renderer: &Renderer<'_>, tera: &Tera, publish: &(dyn Fn(File) + Sync), diagnostics: &mut Diagnostics) {
    if let Some(feed) = feed(renderer, tera, diagnostics) {
        publish(File { path: "feed.xml".into(), bytes: feed.into_bytes() });
    }
    publish(File { path: "sitemap.xml".into(), bytes: sitemap(renderer).into_bytes() });
    let robots = format!("User-agent: *\nAllow: /\nSitemap: {}\n", renderer.url("/sitemap.xml"));
    publish(File { path: "robots.txt".into(), bytes: robots.into_bytes() });
    publish(File { path: "_headers".into(), bytes: headers(renderer.base()).into_bytes() });
}

/// The newest briefs; a site without briefs has no feed.
fn feed(renderer: &Renderer<'_>, tera: &Tera, diagnostics: &mut Diagnostics) -> Option<String> {
    let newest = renderer.site.briefs.iter().take(FEED_LENGTH);
    let briefs: Vec<BriefCard> = newest.map(|brief| pages::brief_card(renderer, brief)).collect();
    if briefs.is_empty() {
        return None;
    }
    let mut context = Context::new();
    context.insert("briefs", &briefs);
    templates::render(tera, "feed.xml", &context, diagnostics)
}

fn sitemap(renderer: &Renderer<'_>) -> String {
    let site = renderer.site;
    let mut pages: Vec<(String, Option<Date>)> = vec![
        ("/".into(), renderer.updated()),
        ("/briefs/".into(), renderer.updated()),
        ("/recommendations/".into(), None),
        ("/data/".into(), None),
    ];
    if site.register.is_some() {
        pages.push((register::PATH.into(), None));
    }
    for (index, policy) in site.models.iter().enumerate() {
        pages.push((explorer::path(index, policy), None));
        pages.extend(method::PARTS.iter().map(|part| (method::path(index, policy, *part), None)));
    }
    pages.extend(site.briefs.iter().map(|brief| {
        let front = &brief.document.front;
        (brief.path.clone(), Some(front.updated.unwrap_or(front.date)))
    }));
    pages.extend(site.recommendations.iter().map(|one| (one.path.clone(), Some(one.document.front.date))));
    let is_listed = |path: &str| pages.iter().any(|(listed, _)| listed == path);
    let written: Vec<_> =
        site.pages.iter().filter(|page| !is_listed(&page.path)).map(|page| (page.path.clone(), None)).collect();
    pages.extend(written);
    pages.extend(site.datasets.iter().map(|dataset| (dataset_path(&dataset.id), None)));
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for (path, day) in pages {
        let changed = day.map(|day| format!("<lastmod>{day}</lastmod>")).unwrap_or_default();
        text.push_str(&format!("<url><loc>{}</loc>{changed}</url>\n", escape(&renderer.url(&path))));
    }
    text.push_str("</urlset>\n");
    text
}

/// Headers in the form that several static hosts understand.
fn headers(base: &str) -> String {
    format!(
        "{base}*\n  Content-Security-Policy: {CONTENT_SECURITY_POLICY}\n  X-Content-Type-Options: nosniff\n  \
         Referrer-Policy: no-referrer\n{base}assets/*\n  Cache-Control: public, max-age=31536000, immutable\n"
    )
}
