//! Every page fits every window, and the policy on what pages may load is kept.

use tests::chromium::{Chromium, Scripts};
use tests::server::Server;

use crate::{BRIEF, serve, site};

/// What is wider than the window although nothing around it scrolls.
const WIDE: &str = "[...document.querySelectorAll('body *')].filter(element => { \
    const box = element.getBoundingClientRect(); \
    if (box.width === 0 || box.right <= innerWidth + 0.5 || !element.checkVisibility()) return false; \
    for (let above = element.parentElement; above; above = above.parentElement) { \
      if (above.localName === 'svg' || ['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(above).overflowX)) return false; \
    } return true; }).slice(0, 5).map(element => \
    `${element.localName}.${element.className.baseVal ?? element.className} reaches ${element.getBoundingClientRect().right}`)";

#[test]
fn no_page_is_wider_than_its_window() {
    let server = serve();
    let chromium = Chromium::launch();
    let mut faults = Vec::new();
    let view = chromium.empty(320, Scripts::On);
    for path in site().1.pages() {
        let address = format!("/{}", path.strip_suffix("index.html").unwrap_or(path));
        view.go(&server.url(&address));
        for width in [320, 360, 768, 1440] {
            view.resize(width);
            let (page, wide): (u32, Vec<String>) =
                view.value(&format!("[document.documentElement.scrollWidth, {WIDE}]"));
            if page > width || !wide.is_empty() {
                faults.push(format!("{address} is {page} pixels wide at {width}: {wide:?}"));
            }
        }
        // What the browser itself has to say is told with the last page.
        faults.extend(
            view.value::<Vec<String>>("window.levers.problems")
                .into_iter()
                .map(|problem| format!("{address}: {problem}")),
        );
    }
    faults.extend(view.problems());
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn letters_of_twice_the_size_fit_a_phone() {
    let server = serve();
    let chromium = Chromium::launch_with_letters(32);
    let view = chromium.empty(360, Scripts::On);
    let mut faults = Vec::new();
    let pages = site().1.pages().map(|path| format!("/{}", path.strip_suffix("index.html").unwrap_or(path)));
    for address in pages.chain(["/explorer/?all=50".to_owned()]) {
        view.go(&server.url(&address));
        let letters: String = view.value("getComputedStyle(document.documentElement).fontSize");
        assert_eq!(letters, "32px", "{address}");
        if address.contains('?') {
            view.until("the levers are set", "document.querySelector('#lever-L01-range')?.value === '50'");
            let [track, page]: [f64; 2] =
                view.value("[document.querySelector('.lever-track').getBoundingClientRect().width, innerWidth]");
            assert!(track > 0.6 * page, "a track of {track} pixels is too short to set a lever on");
        }
        let (page, wide): (u32, Vec<String>) = view.value(&format!("[document.documentElement.scrollWidth, {WIDE}]"));
        if page > 360 || !wide.is_empty() {
            faults.push(format!("{address} is {page} pixels wide: {wide:?}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn fonts_that_come_late_move_nothing() {
    let chromium = Chromium::launch();
    let mut moved = Vec::new();
    for path in ["/", BRIEF, "/method/"] {
        for width in [360, 1440] {
            let server = Server::start_holding(&site().0, ".woff2");
            let view = chromium.empty(width, Scripts::On);
            view.start(&server.url(path));
            server.release();
            view.until("all has come", "document.readyState === 'complete' && document.fonts.status === 'loaded'");
            // A face that comes late is for the next page: this one keeps the stand-in.
            moved.extend(view.shifts().into_iter().map(|shift| format!("{path} at {width} pixels: {shift}")));
        }
    }
    assert!(moved.is_empty(), "{}", moved.join("\n"));
}

#[test]
fn what_is_not_there_is_answered_with_the_page_that_says_so() {
    let server = serve();
    let chromium = Chromium::launch();
    let view = chromium.open(&server.url("/nowhere/at/all/"), 800, Scripts::On);
    assert_eq!(view.value::<String>("document.querySelector('h1').textContent"), "Page not found");
    // Its style and links must hold from any depth.
    assert_ne!(view.value::<String>("getComputedStyle(document.querySelector('.wrap')).maxInlineSize"), "none");
    assert!(view.value::<bool>(
        "[...document.querySelectorAll('main a')].every(link => link.getAttribute('href').startsWith('/'))"
    ));
}

#[test]
fn an_embed_is_one_column_wherever_it_stands() {
    let server = serve();
    let chromium = Chromium::launch();
    for path in [BRIEF, "/briefs/sceptics-brief/"] {
        for width in [360, 700, 1440] {
            let view = chromium.open(&server.url(path), width, Scripts::On);
            let parts: Vec<[f64; 3]> = view.value(
                "[...document.querySelectorAll('.explorer-small .explorer-body')].flatMap(body => [...body.children].map(part => { \
                    const { top, bottom, width } = part.getBoundingClientRect(); \
                    return [top, bottom, width / body.getBoundingClientRect().width]; }))",
            );
            assert!(parts.len() >= 3, "{path}: result, levers, foot");
            let is_below = parts.windows(2).all(|parts| parts[0][1] <= parts[1][0]);
            assert!(is_below && parts.iter().all(|part| part[2] > 0.99), "{path} at {width} pixels: {parts:?}");
        }
    }
}
