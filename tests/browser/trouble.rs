//! When something of the explorer is missing, broken or forbidden: the page stays, and says in plain words what is wrong.

use tests::chromium::{Chromium, Scripts, View};

use crate::arguing::below;
use crate::explorer::{jobs_other_than, ready};
use crate::{BRIEF, EMBEDDED, EXPLORER, serve, serve_changed};

const NOTICE: &str = "document.querySelector('.explorer-notice[role=alert]')";

/// The page is as it was built, and what `part` says stands above it with a way to report it.
fn has_failed(view: &View, part: &str) {
    // Explorers in a text wait until their reader comes near.
    view.value::<Option<bool>>("(document.querySelector('.explorer').scrollIntoView(), null)");
    view.until("the explorer has failed", "document.querySelector('.explorer').dataset.state === 'failed'");
    let said: String = view.value(&format!("{NOTICE}.checkVisibility() ? {NOTICE}.textContent : ''"));
    assert!(said.contains(part), "{said}");
    assert!(
        view.value::<bool>(&format!("{NOTICE}.querySelector('a[href^=\"mailto:\"]')?.checkVisibility() ?? false")),
        "no way to report it: {said}"
    );
    for kept in [".result-charts svg.chart", ".headline data", ".lever-state"] {
        assert!(view.value::<bool>(&format!("document.querySelector('{kept}').checkVisibility()")), "{kept}");
    }
}

#[test]
fn an_explorer_without_its_program_says_so_and_keeps_its_figures() {
    let (server, _folder) = serve_changed(|path, bytes| (!path.ends_with(".wasm")).then_some(bytes));
    let chromium = Chromium::launch();
    for path in [EXPLORER, BRIEF, EMBEDDED] {
        let view = chromium.open(&server.url(path), 800, Scripts::On);
        has_failed(&view, "did not start");
        assert!(view.value::<bool>("document.querySelector('.explorer input.lever-range').disabled"));
        assert!(!view.problems().is_empty(), "and the console says why");
    }
}

#[test]
fn a_browser_that_refuses_every_program_shows_the_page_as_it_was_built() {
    let server = serve();
    let chromium = Chromium::launch();
    let view = chromium.empty(800, Scripts::On);
    view.before_pages("delete window.WebAssembly;");
    view.start(&server.url(EXPLORER));
    has_failed(&view, "did not start");
}

#[test]
fn a_model_that_cannot_be_read_leaves_the_page_as_it_was_built() {
    let chromium = Chromium::launch();
    for broken in [&b"no model at all"[..], b""] {
        let (server, _folder) =
            serve_changed(|path, bytes| Some(if path.ends_with(".model") { broken.to_vec() } else { bytes }));
        let view = chromium.open(&server.url(EXPLORER), 800, Scripts::On);
        has_failed(&view, "did not start");
    }
    // Cut in the middle, as by a line that broke.
    let (server, _folder) = serve_changed(|path, mut bytes| {
        if path.ends_with(".model") {
            bytes.truncate(bytes.len() / 2);
        }
        Some(bytes)
    });
    let view = chromium.open(&server.url(EXPLORER), 800, Scripts::On);
    has_failed(&view, "did not start");
}

#[test]
fn without_the_second_part_of_the_program_the_levers_move_and_the_rest_is_said_to_be_missing() {
    let (server, _folder) = serve_changed(|path, bytes| (!path.contains("split_later")).then_some(bytes));
    let chromium = Chromium::launch();
    let view = ready(&chromium, &server.url(EXPLORER), 1440);
    view.value::<Option<bool>>("(document.querySelector('.explorer-more').scrollIntoView(), null)");
    view.until("it is said", "document.querySelector('.said')?.textContent.includes('could not be fetched')");
    view.focus("#lever-L01-range");
    view.press("End");
    assert!(jobs_other_than(&view, 0.0) > 0.0);

    let brief = ready(&chromium, &server.url(BRIEF), 1440);
    brief.focus(".explorer input.lever-range");
    brief.press("End");
    brief.until("it is said", "document.querySelector('.said')?.textContent.includes('could not be fetched')");
}

#[test]
fn where_nothing_may_be_kept_everything_else_works() {
    let server = serve();
    let chromium = Chromium::launch();
    let blocked = "Object.defineProperty(window, 'localStorage', \
        { get() { throw new DOMException('Access is denied for this document.', 'SecurityError'); } });";
    let full = "Storage.prototype.setItem = () => \
        { throw new DOMException('The quota has been exceeded.', 'QuotaExceededError'); };";
    for trouble in [blocked, full] {
        let view = chromium.empty(1440, Scripts::On);
        view.before_pages(trouble);
        view.go(&server.url(EXPLORER));
        view.until("the explorer works", "document.querySelector('.explorer').dataset.state === 'ready'");
        view.until("the tour is there", "!document.querySelector('.tour').hidden");
        view.focus(".tour p button:nth-of-type(2)");
        view.press("Enter");
        view.until("the tour is over", "document.querySelector('.tour').hidden");
        view.focus("#lever-L01-range");
        view.press("End");
        assert!(jobs_other_than(&view, 0.0) > 0.0);
        below(&view);
        view.focus("#lever-shelf-name");
        view.write("Mine");
        view.press("Tab");
        view.press("Enter");
        view.until("it is said", "document.querySelector('.said').textContent.includes('keeps nothing for this page')");
        view.until("it is there for now", "document.querySelector('.shelf-name')?.textContent === 'Mine'");
        assert_eq!(view.problems(), Vec::<String>::new());
    }
}

#[test]
fn a_program_that_stops_says_so_and_where_to_report_it() {
    let server = serve();
    let chromium = Chromium::launch();
    for (event, path) in [
        ("new ErrorEvent('error', { error: new WebAssembly.RuntimeError('unreachable') })", EXPLORER),
        (
            "new PromiseRejectionEvent('unhandledrejection', \
               { promise: Promise.resolve(), reason: new WebAssembly.RuntimeError('unreachable') })",
            BRIEF,
        ),
    ] {
        let view = ready(&chromium, &server.url(path), 800);
        view.value::<bool>(&format!("dispatchEvent({event})"));
        has_failed(&view, "has stopped because of a mistake in its program (unreachable)");
        assert!(
            view.value::<bool>(&format!("{NOTICE}.getBoundingClientRect().width > 300")),
            "it can be read where the reader is"
        );
        // What went wrong elsewhere is not the explorer's.
        let other = ready(&chromium, &server.url(path), 800);
        other.value::<bool>("dispatchEvent(new ErrorEvent('error', { error: new Error('an extension') }))");
        assert!(other.value::<bool>(&format!("{NOTICE}.hidden")));
    }
}
