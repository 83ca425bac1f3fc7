//! What a build says on the terminal.

use std::fmt::Write as _;
use std::io::IsTerminal;

use diagnostic::print::{self, Style};
use diagnostic::{Diagnostics, Severity};

use crate::bundle::Freshness;
use crate::load::Sources;
use crate::{Build, Published};

/// Colours where a person looks, none in files and pipes.
pub fn style() -> Style {
    let plain = std::env::var_os("NO_COLOR").is_some() || !std::io::stderr().is_terminal();
    if plain { Style::Plain } else { Style::Coloured }
}

/// A line that says what is being done.
pub fn progress(doing: &str) {
    eprintln!("  … {doing}");
}

/// All mistakes for a person, and how many there are.
pub fn mistakes(build: &Build, style: Style) -> String {
    let fate = if build.diagnostics.has_errors() { "; nothing was published" } else { "" };
    listed(&build.diagnostics, &build.sources, style, fate)
}

/// All mistakes for a person, how many there are, and what became of it.
pub fn listed(diagnostics: &Diagnostics, sources: &Sources, style: Style, fate: &str) -> String {
    let mut text = String::new();
    for diagnostic in diagnostics.iter() {
        writeln!(text, "{}\n", print::human(diagnostic, style, |file| sources.excerpt(file)))
            .expect("writing to a string succeeds");
    }
    let (errors, warnings) = (diagnostics.count(Severity::Error), diagnostics.count(Severity::Warning));
    if errors + warnings > 0 {
        let counted = [(errors, "error"), (warnings, "warning")]
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, name)| format!("{count} {name}{}", if count == 1 { "" } else { "s" }));
        writeln!(text, "{}{fate}", counted.collect::<Vec<_>>().join(", ")).expect("writing to a string succeeds");
    }
    text
}

/// All mistakes as JSON, one a line.
pub fn json(diagnostics: &Diagnostics, sources: &Sources) -> String {
    diagnostics.iter().map(|diagnostic| print::json(diagnostic, |file| sources.excerpt(file)) + "\n").collect()
}

/// What was published, in a few lines.
pub fn summary(published: &Published, out: &std::path::Path) -> String {
    let counts = &published.counts;
    let mut text = format!(
        "  {} pages, {} datasets, {} charts → {}\n  {} files written, {} unchanged, in {} ms\n",
        counts.pages,
        counts.datasets,
        counts.charts,
        out.display(),
        published.written.written,
        published.written.kept,
        published.time.as_millis()
    );
    if let Some(bundle) = &published.bundle {
        let how = match bundle.freshness {
            Freshness::Compiled => format!("compiled in {:.0} s", bundle.time.as_secs_f64()),
            Freshness::Reused => "unchanged".to_owned(),
        };
        writeln!(
            text,
            "  explorer bundle {:.1} KB (brotli) and {:.1} KB more on demand, {how}",
            bundle.compressed.at_once as f64 / 1000.0,
            bundle.compressed.later as f64 / 1000.0
        )
        .expect("writing to a string succeeds");
    }
    if counts.unminified > 0 {
        writeln!(text, "  {} pages left as they were, because minifying would change their words", counts.unminified)
            .expect("writing to a string succeeds");
    }
    text
}
