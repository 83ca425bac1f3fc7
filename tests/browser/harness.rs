//! The eyes of these tests are open: what goes wrong on a page is seen.

use std::fs;

use tests::chromium::{Chromium, Scripts};
use tests::server::Server;

const PAGE: &str = "<!doctype html><html lang=en><meta charset=utf-8>\
    <meta http-equiv=Content-Security-Policy content=\"default-src 'self'; style-src 'self'\"><title>x</title>\
    <body><p id=late>late</p><p style='color: red'>styled</p><img src=/missing.png alt=missing>\
    <p id=wide><button id=b>press</button> <input id=i></p><script src=/script.js></script>";

const SCRIPT: &str = "console.error('an error was logged');\n\
    document.querySelector('#b').onclick = event => { event.target.textContent = 'pressed'; };\n\
    addEventListener('load', () => {\n\
      requestAnimationFrame(() => requestAnimationFrame(() => {\n\
        const block = document.createElement('div'); block.textContent = 'pushed in';\n\
        block.append(...Array.from({ length: 9 }, () => document.createElement('br')));\n\
        document.body.prepend(block); document.title = 'done';\n\
      }));\n\
      Promise.reject('a promise was broken');\n\
      throw new Error('an error was thrown');\n\
    });\n";

#[test]
fn what_goes_wrong_on_a_page_is_seen() {
    let folder = tempfile::tempdir().expect("the system has room");
    fs::write(folder.path().join("index.html"), PAGE).expect("writable");
    fs::write(folder.path().join("script.js"), SCRIPT).expect("writable");
    let server = Server::start(folder.path());
    let chromium = Chromium::launch();

    let view = chromium.open(&server.url("/"), 800, Scripts::On);
    view.until("the script has run", "document.title === 'done'");
    let shifts = view.shifts();
    assert!(!shifts.is_empty(), "everything was pushed down, which nobody saw");
    let problems = view.problems().join("\n");
    for part in [
        "an error was logged",
        "an error was thrown",
        "a promise was broken",
        "content security policy: style-src-attr",
        "missing.png",
        "404",
    ] {
        assert!(problems.contains(part), "`{part}` is not in:\n{problems}");
    }
    view.click("#b");
    view.until("the button was pressed", "document.querySelector('#b').textContent === 'pressed'");
    view.focus("#i");
    view.write("one");
    view.press("Home");
    view.press("Delete");
    assert_eq!(view.value::<String>("document.querySelector('#i').value"), "ne");

    let without = chromium.open(&server.url("/"), 800, Scripts::Off);
    assert_eq!(without.value::<String>("document.title"), "x", "no script ran");
    let problems = without.problems().join("\n");
    assert!(problems.contains("missing.png") && !problems.contains("an error was logged"), "{problems}");
}
