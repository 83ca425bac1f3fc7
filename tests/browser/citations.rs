//! A citation shows its reference while the pointer or the keyboard is on it.

use tests::chromium::{Chromium, Scripts, View};

use crate::{BRIEF, serve};

const FIRST: &str = ".prose p .cited";

fn is_shown(view: &View) -> bool {
    view.value(&format!("document.querySelector('{FIRST} > .preview').checkVisibility()"))
}

#[test]
fn the_reference_shows_on_focus_without_a_script() {
    let server = serve();
    let chromium = Chromium::launch();
    let view = chromium.open(&server.url(BRIEF), 360, Scripts::Off);
    assert!(!is_shown(&view), "nothing is in the way at first");
    view.focus(&format!("{FIRST} > a"));
    assert!(is_shown(&view));
    let (left, right): (f64, f64) = view.value(&format!(
        "(box => [box.left, innerWidth - box.right])(document.querySelector('{FIRST} > .preview').getBoundingClientRect())"
    ));
    assert!(left >= 0.0 && right >= 0.0, "it reaches beyond the window: {left}, {right}");
    assert_eq!(view.problems(), Vec::<String>::new());
}

#[test]
fn escape_puts_the_reference_away_until_the_next_time() {
    let server = serve();
    let chromium = Chromium::launch();
    let view = chromium.open(&server.url(BRIEF), 1440, Scripts::On);
    let link = format!("{FIRST} > a");
    view.focus(&link);
    assert!(is_shown(&view));
    view.press("Escape");
    view.until("the reference is away", &format!("!document.querySelector('{FIRST} > .preview').checkVisibility()"));
    view.press("Tab");
    view.focus(&link);
    assert!(is_shown(&view), "it comes back");
    assert_eq!(view.problems(), Vec::<String>::new());
}

#[test]
fn every_reference_leads_back_to_where_it_is_cited() {
    let server = serve();
    let chromium = Chromium::launch();
    let view = chromium.open(&server.url(BRIEF), 1440, Scripts::Off);
    let astray: Vec<String> = view.value(
        "[...document.querySelectorAll('.bibliography li')].flatMap(work => { \
           const back = [...work.querySelectorAll('.back-links a')]; \
           const leads = back.length > 0 && back.every(link => \
             document.querySelector(link.getAttribute('href'))?.querySelector(`a[href=\"#${work.id}\"]`)); \
           return leads ? [] : [work.id]; })",
    );
    assert_eq!(astray, Vec::<String>::new());
}
