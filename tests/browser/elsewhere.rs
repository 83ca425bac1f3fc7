//! The explorer where there is no network, and in a frame on somebody else's page.

use std::fs;

use tests::chromium::{Chromium, Scripts, View};
use tests::input::Input;
use tests::server::Server;

use crate::arguing::below;
use crate::explorer::{jobs, jobs_other_than, ready, setting};
use crate::{EMBEDDED, EXPLORER, serve};

/// Waits until everything is kept for a visit without a network, and this page goes through what keeps it.
fn kept_for_later(view: &View) {
    view.until(
        "the worker answers for this page",
        "navigator.serviceWorker.ready.then(kept => kept.active.state === 'activated' && !!navigator.serviceWorker.controller)",
    );
    let kept: usize = view.value(
        "caches.keys().then(names => Promise.all(names.map(name => caches.open(name).then(cache => cache.keys()))))\
         .then(caches => caches.flat().length)",
    );
    assert!(kept > 8, "{kept} files are kept");
}

#[test]
fn after_a_first_visit_the_explorer_works_without_a_network() {
    let server = serve();
    let chromium = Chromium::launch();
    let view = ready(&chromium, &server.url(EXPLORER), 1440);
    kept_for_later(&view);
    let (address, embedded) = (server.url(&format!("{EXPLORER}?all=50")), server.url(EMBEDDED));
    drop(server);

    view.go(&address);
    view.until("the explorer works", "document.querySelector('.explorer').dataset.state === 'ready'");
    let half = jobs_other_than(&view, 0.0);
    assert_eq!(setting(&view, "#lever-L01-range"), 50.0);
    view.focus("#lever-L01-range");
    view.press("End");
    assert!(jobs_other_than(&view, half) > half);
    below(&view);
    view.until("what is below has its charts", "document.querySelectorAll('.more-why svg.chart').length === 4");
    assert!(
        view.value::<bool>("document.fonts.ready.then(fonts => [...fonts].some(font => font.status === 'loaded'))")
    );
    assert!(
        view.value::<bool>(
            "[...document.styleSheets].length >= 2 && [...document.images].every(image => image.complete)"
        ),
        "its style is there"
    );

    view.go(&embedded);
    view.until("the explorer works", "document.querySelector('.explorer').dataset.state === 'ready'");
}

#[test]
fn on_the_page_for_frames_there_is_nothing_but_the_explorer() {
    let server = serve();
    let chromium = Chromium::launch();
    let view = ready(&chromium, &server.url(&format!("{EMBEDDED}?all=50")), 800);
    assert!(jobs_other_than(&view, 0.0) > 0.0, "it follows its address");
    assert_eq!(view.value::<usize>("document.querySelectorAll('.site-header, .site-nav, .site-footer').length"), 0);
    assert!(
        view.value::<bool>("document.querySelector('.embed-foot a').checkVisibility() && document.querySelector('base').target === '_blank'"),
        "where it is from"
    );
    assert_eq!(view.problems(), Vec::<String>::new());
}

#[test]
fn in_a_frame_of_another_page_a_lever_is_moved_with_the_keyboard() {
    let server = serve();
    let folder = tempfile::tempdir().expect("the system has room");
    let page = format!(
        "<!doctype html><html lang=en><meta charset=utf-8><title>A newspaper</title>\
         <link rel=icon href=data:,><h1>A newspaper</h1><iframe src=\"{}\" title=Explorer width=100% height=700></iframe>",
        server.url(EMBEDDED)
    );
    fs::write(folder.path().join("index.html"), page).expect("writable");
    let newspaper = Server::start(folder.path());
    let chromium = Chromium::launch();
    let view = chromium.open(&newspaper.url("/"), 1000, Scripts::On);
    view.until_in_frame("the explorer works", "document.querySelector('.explorer')?.dataset.state === 'ready'");
    view.value_in_frame::<Option<bool>>("(document.querySelector('#lever-L01-range').focus(), null)");
    view.press("End");
    view.until_in_frame(
        "the net jobs have changed",
        "Number(document.querySelector('.headline-item data').value) > 1000",
    );
    assert_eq!(view.value_in_frame::<f64>("document.querySelector('#lever-L01-range').valueAsNumber"), 100.0);
    view.until_in_frame("its address says so", "location.search.startsWith('?L01=100')");
    assert_eq!(view.value::<String>("location.pathname + location.search"), "/", "the page around stays where it is");
    assert_eq!(view.problems(), Vec::<String>::new());

    // The same settings on the page of its own.
    let framed: f64 = view.value_in_frame("Number(document.querySelector('.headline-item data').value)");
    let own = ready(&chromium, &server.url(&format!("{EXPLORER}?L01=100")), 1440);
    jobs_other_than(&own, 0.0);
    assert_eq!(jobs(&own), framed);
}

/// The site's model in a newer version, with the one it has kept as an earlier one of which effects are not discounted.
fn with_an_earlier_version() -> Input {
    const MODEL: &str = "data/models/micro-multinationals/";
    let folder = tests::workspace();
    let read = |name: &str| fs::read_to_string(folder.join(MODEL).join(name)).expect("it is a file of the model");
    let changed = |text: String, from: &str, to: &str| {
        let changed = text.replacen(from, to, 1);
        assert!(changed != text, "{from} is there");
        changed
    };
    let newer = changed(read("model.toml"), "\nversion = \"1.0.0\"", "\nversion = \"1.1.0\"");
    let brought = "[[changes]]\nversion = \"1.1.0\"\ndate = \"2027-02-01\"\nnote = \"Effects are discounted.\"\n\n";
    let newer = changed(newer, "[[changes]]", &format!("{brought}[[changes]]"));
    let discount = "[parameters.eta]\nlabel = \"Sceptic discount on every effect\"\nunit = \"share\"\nus = \"";
    let undiscounted = changed(read("parameters.toml"), &format!("{discount}0.25 "), &format!("{discount}0 "));
    Input::empty()
        .folder_at("content", &folder.join("content"))
        .folder_at("data", &folder.join("data"))
        .folder_at(&format!("{MODEL}earlier/1.0.0"), &folder.join(MODEL))
        .file(&format!("{MODEL}earlier/1.0.0/parameters.toml"), undiscounted)
        .file(&format!("{MODEL}model.toml"), newer)
}

#[test]
fn a_link_of_an_earlier_version_can_be_opened_with_both() {
    let input = with_an_earlier_version();
    input.published();
    let server = Server::start(&input.out());
    let chromium = Chromium::launch();
    let view = ready(&chromium, &server.url(&format!("{EXPLORER}?all=50&model=1.0.0")), 1440);
    let here = jobs_other_than(&view, 0.0);
    let said: String = view.value("document.querySelector('.said').textContent");
    assert!(said.contains("made with version 1.0.0 of the model; here it is opened with 1.1.0"), "{said}");
    assert!(said.contains("Effects are discounted."), "{said}");

    view.focus(".said a");
    view.press("Enter");
    view.until("the earlier version is open", "document.title.startsWith('Explorer, version 1.0.0')");
    view.until("it can be moved", "document.querySelector('.explorer').dataset.state === 'ready'");
    let then = jobs_other_than(&view, 0.0);
    assert!(then > here * 1.1, "{then} then, {here} now");
    assert_eq!(setting(&view, "#lever-L01-range"), 50.0);
    assert_eq!(view.value::<String>("document.querySelector('.said').textContent"), "");
    let equation: String = view.value("document.querySelector('.headline a').pathname");
    assert_eq!(equation, "/method/micro-multinationals/1.0.0/equations/");

    view.focus(".page-head .explorer-notice a");
    view.press("Enter");
    view.until("the present version is open", &format!("location.pathname === '{EXPLORER}'"));
}
