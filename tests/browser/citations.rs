//! A citation shows its reference, a term its meaning and a figure of the model what it rests on, while the pointer or the keyboard is on it.

use tests::chromium::{Chromium, Scripts, View};

use crate::{BRIEF, serve};

/// The first citation and the first term of a text.
const IN_TEXT: [&str; 2] = [".prose p .citation .previewed", ".prose p .previewed:has(> .term)"];
/// And the first figure that an explorer gives.
const PREVIEWED: [&str; 3] = [IN_TEXT[0], IN_TEXT[1], ".headline-main .previewed"];

fn is_shown(view: &View, first: &str) -> bool {
    view.value(&format!("document.querySelector('{first} > .preview').checkVisibility()"))
}

#[test]
fn a_preview_shows_on_focus_without_a_script() {
    let server = serve();
    let chromium = Chromium::launch();
    let view = chromium.open(&server.url(BRIEF), 360, Scripts::Off);
    for first in PREVIEWED {
        assert!(!is_shown(&view, first), "nothing is in the way at first");
        view.focus(&format!("{first} > a"));
        assert!(is_shown(&view, first));
        let (left, right): (f64, f64) = view.value(&format!(
            "(box => [box.left, innerWidth - box.right]) \
               (document.querySelector('{first} > .preview').getBoundingClientRect())"
        ));
        assert!(left >= 0.0 && right >= 0.0, "{first} reaches beyond the window: {left}, {right}");
    }
    assert_eq!(view.problems(), Vec::<String>::new());
}

/// A box of its own would leave a gap before a long term at the end of a line.
#[test]
fn a_term_wraps_as_the_words_around_it() {
    let server = serve();
    let chromium = Chromium::launch();
    let view = chromium.open(&server.url(BRIEF), 360, Scripts::Off);
    let lines = |selector: &str| -> usize {
        view.value(&format!(
            "(term => {{ term.textContent = 'micro-firm that sells abroad '.repeat(9); \
               return term.getClientRects().length; }})(document.querySelector('{selector} > a'))"
        ))
    };
    for first in IN_TEXT {
        assert!(lines(first) > 3, "{first} stands in a box");
    }
}

#[test]
fn escape_puts_a_preview_away_until_the_next_time() {
    let server = serve();
    let chromium = Chromium::launch();
    let view = chromium.open(&server.url(BRIEF), 1440, Scripts::On);
    for first in PREVIEWED {
        let link = format!("{first} > a");
        view.focus(&link);
        assert!(is_shown(&view, first));
        view.press("Escape");
        view.until("it is away", &format!("!document.querySelector('{first} > .preview').checkVisibility()"));
        view.press("Tab");
        view.focus(&link);
        assert!(is_shown(&view, first), "{first} comes back");
    }
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
