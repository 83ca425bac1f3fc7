//! What a reader argues with: links, changes taken back, own scenarios, two scenarios side by side, targets.

use tests::chromium::{Chromium, View};

use crate::explorer::{jobs, jobs_other_than, ready, setting};
use crate::{EXPLORER, serve};

/// Goes on to the parts below the levers and waits until they have been taken over.
pub fn below(view: &View) {
    view.value::<Option<bool>>("(document.querySelector('.explorer-more').scrollIntoView(), null)");
    view.until(
        "what is below has been taken over",
        "document.querySelector('.explorer-more').dataset.state === 'ready'",
    );
    view.until(
        "all of it is of the present settings",
        "[...document.querySelectorAll('.more-old')].every(old => !old.textContent)",
    );
}

#[test]
fn a_link_holds_everything_that_is_set() {
    let server = serve();
    let address = server.url(&format!("{EXPLORER}?year=20&case=sceptic&all=50&L07=0&eta=0.3&a.L01=100"));
    let chromium = Chromium::launch();
    let view = ready(&chromium, &address, 1440);
    view.until("the levers stand as the link says", "document.querySelector('#lever-L01-range').valueAsNumber === 50");
    assert_eq!(setting(&view, "#lever-L07-range"), 0.0);
    assert_eq!(setting(&view, "#lever-argue-eta"), 0.3);
    assert!(view.value::<bool>("document.querySelector('.choice-case input[value=sceptic]').checked"));
    assert!(view.value::<bool>("document.querySelector('.choice-years input[value=\"20\"]').checked"));
    view.until("what was held is compared", "!document.querySelector('.versus').hidden");
    let given = jobs(&view);

    view.until("the address says it too", "location.search.includes('L07=0') && location.search.includes('model=')");
    let said: String = view.value("location.search");
    let other = Chromium::launch();
    let again = ready(&other, &server.url(&format!("{EXPLORER}{said}")), 360);
    again.until("the levers stand as the link says", "document.querySelector('#lever-L01-range').valueAsNumber === 50");
    assert_eq!(jobs(&again), given);
}

#[test]
fn a_link_that_cannot_be_followed_says_so_and_shows_the_rest() {
    let server = serve();
    let chromium = Chromium::launch();
    let view = ready(&chromium, &server.url(&format!("{EXPLORER}?L01=50&L99=3&region=mars&model=0.1")), 1440);
    view.until("it is said", "document.querySelectorAll('.said p').length === 3");
    let said: String = view.value("document.querySelector('.said').textContent");
    for part in ["L99=3", "region=mars", "version 0.1"] {
        assert!(said.contains(part), "{said}");
    }
    assert_eq!(setting(&view, "#lever-L01-range"), 50.0);
}

#[test]
fn changes_are_taken_back_and_made_again() {
    let server = serve();
    let chromium = Chromium::launch();
    let view = ready(&chromium, &server.url(EXPLORER), 1440);
    view.click(".preset:nth-of-type(2)");
    let set = jobs_other_than(&view, 0.0);
    view.until("the address follows", "location.search.startsWith('?all=50')");
    view.click(".explorer-result .tool:nth-child(1)");
    assert_eq!(jobs_other_than(&view, set), 0.0);
    view.click(".explorer-result .tool:nth-child(2)");
    assert_eq!(jobs_other_than(&view, 0.0), set);
    view.until("the address follows", "location.search.startsWith('?all=50')");
    view.value::<Option<bool>>("(history.back(), null)");
    assert_eq!(jobs_other_than(&view, set), 0.0, "back leads to what was before");
    view.value::<Option<bool>>("(history.forward(), null)");
    assert_eq!(jobs_other_than(&view, 0.0), set, "and forward to what came after");
}

#[test]
fn scenarios_are_kept_and_corrupt_ones_do_no_harm() {
    let server = serve();
    let chromium = Chromium::launch();
    let view = ready(&chromium, &server.url(EXPLORER), 1440);
    view.click(".preset:nth-of-type(2)");
    let set = jobs_other_than(&view, 0.0);
    below(&view);
    view.focus("#lever-shelf-name");
    view.write("Half of everything");
    view.value::<Option<bool>>("(document.querySelector('.shelf-keep .tool:nth-of-type(1)').click(), null)");
    view.until("it is kept", "localStorage.getItem('levers.scenarios').includes('Half of everything\\tall=50')");
    view.go(&server.url(EXPLORER));
    below(&view);
    view.until("it is still there", "document.querySelector('.shelf-name')?.textContent === 'Half of everything'");
    // Not by the mouse: what is found out above may still move the list.
    view.value::<Option<bool>>("(document.querySelector('.shelf-list [name=open]').click(), null)");
    assert_eq!(jobs_other_than(&view, 0.0), set);

    view.value::<Option<bool>>("(document.querySelector('.shelf-list [name=remove]').click(), null)");
    view.until("it is gone", "!localStorage.getItem('levers.scenarios').includes('Half of everything')");
    view.value::<Option<bool>>(
        "([...document.querySelectorAll('.shelf-keep .tool')].find(tool => tool.textContent.startsWith('Take back')).click(), null)",
    );
    view.until("it is back", "localStorage.getItem('levers.scenarios').includes('Half of everything\\tall=50')");

    view.value::<Option<bool>>("(localStorage.setItem('levers.scenarios', '\\u0000 {broken'), null)");
    view.go(&server.url(EXPLORER));
    view.until("it is said", "document.querySelector('.said')?.textContent.includes('cannot be read')");
    view.until("it is set aside", "localStorage.getItem('levers.scenarios.unread').endsWith('{broken')");
    view.click(".preset:nth-of-type(2)");
    assert_eq!(jobs_other_than(&view, 0.0), set, "the explorer works all the same");
}

#[test]
fn what_did_it_and_a_target_are_worked_out() {
    let server = serve();
    let chromium = Chromium::launch();
    let view = ready(&chromium, &server.url(EXPLORER), 1440);
    view.click(".preset:nth-of-type(2)");
    below(&view);
    view.until("contributions and tornado", "document.querySelectorAll('.more-why svg.chart').length === 4");
    view.until(
        "they are of the present settings",
        "[...document.querySelectorAll('.more-old')].every(old => !old.textContent)",
    );
    view.value::<Option<bool>>("(document.querySelector('.target .tools .tool').click(), null)");
    view.until("a mix was found", "document.querySelector('.target-found')?.textContent.includes('is in reach')");
    view.value::<Option<bool>>("(document.querySelectorAll('.target .tools .tool')[1].click(), null)");
    view.until(
        "the levers give what was asked for",
        "Math.abs(Number(document.querySelector('.headline-item data').value) / 100000 - 1) < 0.01",
    );
    assert_eq!(view.problems(), Vec::<String>::new());
}
