//! Turns `content/` and `data/` into the published site.
//!
//! [`load`] → [`parse`] → [`link`] → [`check`] → [`render`] → [`write`]
//!
//! Each stage is a function between two named types, so that nothing can be rendered that was not linked. `load` is the
//! only code that reads inputs, `write` the only code that writes the site, and today's date is an argument. Every stage
//! returns what it made and all mistakes it found; one mistake never hides the next.
//!
//! [`build`] goes the whole way, [`check`](check()) stops before the disk and [`checkup`] tells what it found. Beside the
//! line stand [`bundle`], which compiles the explorer for the browser, [`serve`], which shows the site and
//! follows its changes, [`commands`], which run and question the site's models, and [`outside`], which asks other servers
//! whether links still lead anywhere. [`number`] holds what several stages know of checked numbers, [`kept`] what is kept
//! from one run for the next.

pub mod bundle;
pub mod calendar;
pub mod check;
pub mod checkup;
pub mod commands;
pub mod html;
pub mod kept;
pub mod link;
pub mod load;
pub mod number;
pub mod order;
pub mod outside;
pub mod panics;
pub mod parse;
pub mod picture;
pub mod render;
pub mod script;
pub mod serve;
pub mod terminal;
pub mod tree;
pub mod write;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use diagnostic::{Diagnostic, Diagnostics};
use jiff::civil::Date;

use bundle::{Bundle, Compressed, Freshness};
use kept::Pictures;
use link::Site;
use load::{Folders, Sources};
use render::Counts;
use write::{Staging, Written};

/// What to build.
#[derive(Clone, Debug)]
pub struct Options {
    /// The site's root, which holds `content/` and `data/`.
    pub root: PathBuf,
    /// Where the site is to stand.
    pub out: PathBuf,
    /// The day on which the site is read: nothing later is published.
    pub today: Date,
    /// The address the site will have, if not the one in its settings.
    pub base_url: Option<String>,
    /// The checkout with this program's sources, templates and assets.
    pub workspace: PathBuf,
    /// Where to keep what saves time in the next run; none to start from nothing and keep nothing.
    pub kept: Option<PathBuf>,
}

/// How a build went.
#[derive(Debug)]
pub struct Build {
    /// All that was wrong, by file and place.
    pub diagnostics: Diagnostics,
    /// The inputs, for excerpts.
    pub sources: Sources,
    /// What was published; none when a mistake left the old site standing.
    pub published: Option<Published>,
}

/// What a build published.
#[derive(Debug)]
pub struct Published {
    /// Pages, datasets, charts.
    pub counts: Counts,
    /// How the disk changed.
    pub written: Written,
    /// The explorer's bundle, when a page needs one.
    pub bundle: Option<BundleSummary>,
    /// Time without the bundle.
    pub time: Duration,
}

/// The explorer's bundle in numbers.
#[derive(Clone, Copy, Debug)]
pub struct BundleSummary {
    /// Bytes that travel: program and scripts, compressed with brotli.
    pub compressed: Compressed,
    /// Whether it had to be compiled.
    pub freshness: Freshness,
    /// Time it took.
    pub time: Duration,
}

/// Builds the site, telling `progress` what takes time.
pub fn build(options: &Options, progress: &dyn Fn(&str)) -> Build {
    let start = Instant::now();
    let Connected { sources, site, mut diagnostics } = connected(options, progress);

    let bundling = Instant::now();
    let needs_bundle = !site.models.is_empty() && !diagnostics.has_errors();
    let bundle = if needs_bundle { made_bundle(options, progress, &mut diagnostics) } else { None };
    let bundle_time = bundling.elapsed();

    progress("rendering pages");
    let staging = if diagnostics.has_errors() { None } else { staging(options, &mut diagnostics) };
    let publish = |file: render::File| {
        if let Some(staging) = &staging {
            staging.put(file);
        }
    };
    // Rendered even when it cannot be published: templates have mistakes of their own to tell.
    let pictures = options.kept.as_deref().map(Pictures::below);
    let counts = render::render(&site, &sources, bundle.as_ref(), pictures.as_ref(), &publish, &mut diagnostics);
    let written = staging.and_then(|staging| finished(staging, &mut diagnostics));
    if let Some(pictures) = pictures {
        pictures.tidy();
    }
    let published = written.map(|written| Published {
        counts,
        written,
        bundle: bundle.map(|bundle| BundleSummary {
            compressed: bundle.compressed,
            freshness: bundle.freshness,
            time: bundle_time,
        }),
        time: start.elapsed().saturating_sub(bundle_time),
    });
    Build { diagnostics: diagnostics.sorted(), sources, published }
}

/// A site that was read and connected.
struct Connected {
    sources: Sources,
    site: Site,
    diagnostics: Diagnostics,
}

fn connected(options: &Options, progress: &dyn Fn(&str)) -> Connected {
    let mut diagnostics = Diagnostics::new();
    let folders = Folders { root: options.root.clone(), theme: options.workspace.join("site") };
    progress("reading content and data");
    render::citations::prepare();
    let sources = load::load(&folders).collect(&mut diagnostics);
    let parsed = parse::parse(&sources, options.base_url.as_deref()).collect(&mut diagnostics);
    let site = link::link(parsed, &sources, options.today).collect(&mut diagnostics);
    check::check(&site, &sources, &mut diagnostics);
    Connected { sources, site, diagnostics }
}

/// What is wrong with a site, found without writing anything.
#[derive(Debug)]
pub struct Examined {
    /// All that is wrong, by file and place.
    pub diagnostics: Diagnostics,
    /// The inputs, for excerpts.
    pub sources: Sources,
    /// The site.
    pub site: Site,
}

/// Does all that a build does, but compiles nothing and writes nothing.
pub fn check(options: &Options) -> Examined {
    let Connected { sources, site, mut diagnostics } = connected(options, &|_| {});
    let pictures = options.kept.as_deref().map(Pictures::below);
    render::render(&site, &sources, None, pictures.as_ref(), &|_| {}, &mut diagnostics);
    Examined { diagnostics: diagnostics.sorted(), sources, site }
}

fn made_bundle(options: &Options, progress: &dyn Fn(&str), diagnostics: &mut Diagnostics) -> Option<Bundle> {
    match bundle::bundle(&options.workspace, progress) {
        Ok(bundle) => Some(bundle),
        Err(mistake) => {
            diagnostics.push(*mistake);
            None
        }
    }
}

fn staging(options: &Options, diagnostics: &mut Diagnostics) -> Option<Staging> {
    match Staging::new(&options.out) {
        Ok(staging) => Some(staging),
        Err(error) => {
            diagnostics.push(unwritable(&error));
            None
        }
    }
}

/// Exchanges the sites when nothing was wrong.
fn finished(staging: Staging, diagnostics: &mut Diagnostics) -> Option<Written> {
    let result = if diagnostics.has_errors() { staging.discard().map(|()| None) } else { staging.publish().map(Some) };
    result.unwrap_or_else(|error| {
        diagnostics.push(unwritable(&error));
        None
    })
}

fn unwritable(error: &std::io::Error) -> Diagnostic {
    Diagnostic::general("unwritable", format!("the site cannot be written: {error}"))
        .help("the old site, if there was one, is untouched")
}
