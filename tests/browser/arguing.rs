//! What a reader argues with: links, changes taken back, own scenarios, two scenarios side by side, targets.

use tests::chromium::{Chromium, Scripts, View, quoted};

use crate::explorer::{hurry, jobs, jobs_other_than, ready, setting};
use crate::leaving::push;
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
        "[...document.querySelectorAll('.more-old')].every(old => !old.textContent.trim())",
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

    view.value::<Option<bool>>("(localStorage.setItem('levers.scenarios', '\\u0000'.repeat(3e6) + '{broken'), null)");
    view.go(&server.url(EXPLORER));
    view.until("it is said", "document.querySelector('.said')?.textContent.includes('cannot be read')");
    view.until("it is set aside", "localStorage.getItem('levers.scenarios.unread')?.endsWith('{broken')");
    assert!(view.value::<bool>("localStorage.getItem('levers.scenarios') === null"), "there is no room for it twice");
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
        "[...document.querySelectorAll('.more-old')].every(old => !old.textContent.trim())",
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

/// What is said to the reader.
const SAID: &str = "document.querySelector('.said').textContent";

#[test]
fn a_mix_is_of_the_settings_it_was_searched_for() {
    let server = serve();
    let chromium = Chromium::launch();
    let view = ready(&chromium, &server.url(EXPLORER), 1440);
    below(&view);
    assert!(view.value::<bool>("!!document.querySelector('.target progress[aria-label]').hidden"));
    push(&view, ".target .tools", "Find the cheapest mix");
    view.until("a mix was found", "document.querySelector('.target-found')?.textContent.includes('is in reach')");
    let cautions = || -> Vec<String> {
        view.value("[...document.querySelectorAll('.target .lever-caution')].map(caution => caution.textContent)")
    };
    let is_of_politics = |caution: &String| caution.contains("politics costs nothing here");
    assert!(!cautions().iter().any(is_of_politics), "what politics costs is left out unless it is ticked");
    for lever in ["L09", "L12"] {
        let ticked = format!("document.querySelector('.target-levers [id$=-{lever}]')");
        assert!(!view.value::<bool>(&format!("{ticked}.checked")), "{lever}");
        view.value::<Option<bool>>(&format!("({ticked}.click(), null)"));
    }
    push(&view, ".target .tools", "Find the cheapest mix");
    view.until("the search begins", "document.querySelector('.target .more-found').textContent.includes('Searching')");
    view.until("a mix was found", "document.querySelector('.target-found')?.textContent.includes('is in reach')");
    assert!(cautions().iter().any(is_of_politics), "{:#?}", cautions());

    let is_old = "document.querySelector('.target .more-old').textContent.trim() !== ''";
    let cannot = "document.querySelectorAll('.target .tools .tool')[1].disabled";
    let choose = |case: &str| {
        let choose = format!("(document.querySelector('.choice-case input[value={}]').click(), null)", quoted(case));
        view.value::<Option<bool>>(&choose);
    };
    hurry(&view, "#lever-L02-range", &[30.0]);
    assert!(!view.value::<bool>(&format!("{is_old} || {cannot}")), "levers may stand anywhere");
    choose("sceptic");
    view.until("it is said to be old", &format!("{is_old} && {cannot}"));
    choose("");
    view.until("it holds again", &format!("!({is_old}) && !{cannot}"));

    view.value::<Option<bool>>(
        "(field => { field.value = ''; field.dispatchEvent(new Event('change', { bubbles: true })); })\
         (document.querySelector('.target [name=least]'))",
    );
    push(&view, ".target .tools", "Find the cheapest mix");
    view.until(
        "a target is asked for",
        "document.querySelector('.target').textContent.includes('Enter a target first.')",
    );
    assert_eq!(view.problems(), Vec::<String>::new());
}

#[test]
fn looking_at_a_change_again_loses_nothing_and_is_no_step_of_the_browser() {
    let server = serve();
    let chromium = Chromium::launch();
    let view = ready(&chromium, &server.url(EXPLORER), 1440);
    view.click(".preset:nth-of-type(2)");
    view.until("the address follows", "location.search.startsWith('?all=50')");
    let steps: usize = view.value("history.length");
    push(&view, ".explorer-result .tools", "Replay");
    view.until("what was before is shown", "document.querySelector('#lever-L01-range').valueAsNumber === 0");
    view.until("and then what is", "document.querySelector('#lever-L01-range').valueAsNumber === 50");
    push(&view, ".explorer-result .tools", "Replay");
    hurry(&view, "#lever-L02-range", &[100.0]);
    view.until("the address follows", "location.search.includes('L02=100')");
    // Longer than a look takes.
    view.value::<bool>("new Promise(resolve => setTimeout(() => resolve(true), 1200))");
    assert_eq!((setting(&view, "#lever-L01-range"), setting(&view, "#lever-L02-range")), (50.0, 100.0));
    assert!(view.value::<bool>("location.search.startsWith('?all=50&L02=100')"));
    assert_eq!(view.value::<usize>("history.length"), steps + 1, "one change since");

    // What is looked back at becomes what is set.
    push(&view, ".explorer-result .tools", "Replay");
    view.until("what was before is shown", "document.querySelector('#lever-L02-range').valueAsNumber === 50");
    push(&view, ".explorer-result .tools", "Undo");
    view.until("the address follows", "location.search.startsWith('?all=50&model')");
    assert_eq!(setting(&view, "#lever-L02-range"), 50.0);
    assert_eq!(view.problems(), Vec::<String>::new());
}

#[test]
fn a_region_says_which_assumptions_it_lets_go() {
    let server = serve();
    let chromium = Chromium::launch();
    let view = ready(&chromium, &server.url(&format!("{EXPLORER}?eta=0.1")), 1440);
    let said = "document.querySelector('.explorer-result .said').textContent";
    view.value::<Option<bool>>("(document.querySelector('.choice-region input[value=ke]').click(), null)");
    view.until("it is said", &format!("{said}.includes('were let go (1)')"));
    push(&view, ".explorer-result .tools", "Undo");
    view.until("it is back", "location.search.includes('eta=0.1')");
    assert_eq!(view.value::<String>(said), "");
    assert_eq!(view.problems(), Vec::<String>::new());
}

#[test]
fn a_finger_that_goes_on_to_scroll_moves_no_lever() {
    let server = serve();
    let chromium = Chromium::launch();
    let view = ready(&chromium, &server.url(&format!("{EXPLORER}?all=50")), 360);
    let before: String = view.value("document.querySelector('.headline-value').textContent");
    let touch = |setting: u8, end: &str| {
        view.value::<Option<bool>>(&format!(
            "(range => {{ const finger = kind => range.dispatchEvent(new PointerEvent(kind, {{ pointerType: 'touch', bubbles: true }})); \
               finger('pointerdown'); range.value = {setting}; range.dispatchEvent(new Event('input', {{ bubbles: true }})); \
               finger({end:?}); return null; }})(document.querySelector('#lever-L02-range'))"
        ));
    };
    touch(10, "pointercancel");
    assert_eq!(setting(&view, "#lever-L02-range"), 50.0);
    view.until("nothing has moved", &format!("document.querySelector('.headline-value').textContent === {before:?}"));
    touch(10, "pointerup");
    assert_eq!(setting(&view, "#lever-L02-range"), 10.0);
    view.until("the lever has moved", &format!("document.querySelector('.headline-value').textContent !== {before:?}"));
    assert_eq!(view.problems(), Vec::<String>::new());
}

#[test]
fn after_a_link_that_changes_nothing_the_first_move_is_a_step_of_its_own() {
    let server = serve();
    let chromium = Chromium::launch();
    let view = ready(&chromium, &server.url(&format!("{EXPLORER}?region=us")), 1440);
    let steps: usize = view.value("history.length");
    view.focus("#lever-L01-range");
    view.press("End");
    view.until("the address follows", "location.search.includes('L01=100')");
    assert_eq!(view.value::<usize>("history.length"), steps + 1);
    view.value::<Option<bool>>("(history.back(), null)");
    view.until("back leads to what was before", "document.querySelector('#lever-L01-range').valueAsNumber === 0");
    assert_eq!(view.value::<String>("location.search"), "?region=us");
}

/// A list as an earlier visit may have left it, and a browser that takes files as if a reader had chosen `window.chosen`.
const LEFT: &str = "
    localStorage.setItem('levers.scenarios', localStorage.getItem('levers.scenarios') \
        ?? 'Levers scenarios 1\\nOlder\\tL01=50&L99=3&model=0.1\\n');
    HTMLInputElement.prototype.click = function () {
        Object.defineProperty(this, 'files', { value: [new File([window.chosen], 'scenarios.txt')] });
        this.dispatchEvent(new Event('change'));
    };
    navigator.clipboard.writeText = async () => {};
";

#[test]
fn what_a_list_cannot_give_or_take_is_said() {
    let server = serve();
    let chromium = Chromium::launch();
    let view = chromium.empty(1440, Scripts::On);
    view.before_pages(LEFT);
    view.go(&server.url(EXPLORER));
    view.until("the explorer works", "document.querySelector('.explorer').dataset.state === 'ready'");
    below(&view);
    view.until("it is still there", "document.querySelector('.shelf-name')?.textContent === 'Older'");
    for (name, words) in [("open", "Open"), ("hold", "Hold as A")] {
        view.value::<Option<bool>>(&format!("(document.querySelector('.shelf-list [name={name}]').click(), null)"));
        view.until(words, &format!("{SAID}.includes('“L99=3” was not understood') && {SAID}.includes('version 0.1')"));
        hurry(&view, "#lever-L02-range", &[10.0, 0.0]);
        view.until("it is said until the next move", &format!("{SAID} === ''"));
    }

    view.focus("#lever-shelf-name");
    view.write("Newer");
    view.focus(".shelf-list [name=rename]");
    view.press("Enter");
    view.until("it has its new name", "document.querySelector('.shelf-name').textContent === 'Newer'");
    assert!(view.value::<bool>("document.activeElement.name === 'rename'"), "the focus stays");

    view.focus(".shelf-list [name=remove]");
    view.press("Enter");
    view.until("it is gone", "!document.querySelector('.shelf-name')");
    assert!(view.value::<bool>("document.activeElement.closest('.shelf') !== null"), "the focus stays near");

    view.value::<Option<bool>>(
        "(window.chosen = 'Levers scenarios 1\\n' + [...Array(150).keys()].map(each => `Number ${each}\\t\\n`).join(''), null)",
    );
    push(&view, ".shelf-keep", "Open a file");
    view.until("a hundred are kept", "document.querySelectorAll('.shelf-name').length === 100");
    view.until("the others are counted", &format!("{SAID}.includes('no room for 50 of the scenarios')"));
    assert_eq!(view.problems(), Vec::<String>::new());
}

#[test]
fn two_tabs_keep_one_list() {
    let server = serve();
    let chromium = Chromium::launch();
    let views = [0, 1].map(|_| ready(&chromium, &server.url(EXPLORER), 1440));
    views.iter().for_each(below);
    for (view, name) in views.iter().zip(["One", "Two"]) {
        view.value::<Option<bool>>(&format!("(document.querySelector('#lever-shelf-name').value = '{name}', null)"));
        push(view, ".shelf-keep", "Keep the present one");
        for view in &views {
            let names = "[...document.querySelectorAll('.shelf-name')].map(name => name.textContent)";
            view.until("both tabs have it", &format!("{names}.includes('{name}')"));
        }
    }
    views[0].until("nothing was lost", "localStorage.getItem('levers.scenarios').split('\\n').length === 4");
}

#[test]
fn what_is_said_is_said_until_the_next_gesture_and_each_time_anew() {
    let server = serve();
    let chromium = Chromium::launch();
    let view = chromium.empty(1440, Scripts::On);
    view.before_pages(LEFT);
    view.go(&server.url(&format!("{EXPLORER}?L99=3")));
    view.until("the explorer works", "document.querySelector('.explorer').dataset.state === 'ready'");
    view.until("it is said", &format!("{SAID}.includes('L99=3')"));
    // There is nothing to take back.
    view.value::<Option<bool>>(
        "(document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'z', ctrlKey: true, bubbles: true })), null)",
    );
    view.value::<bool>("new Promise(resolve => setTimeout(() => resolve(true), 100))");
    assert!(view.value::<bool>(&format!("{SAID}.includes('L99=3')")));
    push(&view, ".explorer-result .tools", "Copy link");
    view.until("it is said", &format!("{SAID}.includes('clipboard') && !{SAID}.includes('L99=3')"));
    view.value::<Option<bool>>(
        "(window.heard = 0, new MutationObserver(() => window.heard += 1).observe(document.querySelector('.said'), { childList: true }), null)",
    );
    push(&view, ".explorer-result .tools", "Copy link");
    view.until("it is said anew", &format!("window.heard > 1 && {SAID}.includes('clipboard')"));
    hurry(&view, "#lever-L01-range", &[10.0]);
    view.until("it goes with the next move", &format!("{SAID} === ''"));
    assert_eq!(view.problems(), Vec::<String>::new());
}

#[test]
fn sliders_of_assumptions_stand_where_a_reading_has_them() {
    let server = serve();
    let chromium = Chromium::launch();
    let view = ready(&chromium, &server.url(&format!("{EXPLORER}?case=advocate")), 1440);
    let stands = |what: &str, at: &str| {
        let slider = format!("document.querySelector('#lever-argue-{what}')");
        let said = format!("{slider}.closest('.argument').querySelector('b').textContent");
        view.until(what, &format!("{slider}.value === '{at}' && {said} === '{at}'"));
    };
    // Beyond the range that a reader has.
    stands("q", "1");
    stands("eta", "0");
    // Kenya's own range ends above nothing.
    view.value::<Option<bool>>("(document.querySelector('.choice-region input[value=ke]').click(), null)");
    stands("eta", "0");
    view.value::<Option<bool>>("(document.querySelector('.choice-region input[value=us]').click(), null)");
    stands("eta", "0");
    view.focus("#lever-argue-q");
    view.press("ArrowLeft");
    view.until(
        "it is the reader's own",
        "document.querySelector('.argument-value').parentElement.parentElement.textContent.includes('your own')",
    );
}

#[test]
fn what_results_rest_on_is_said_of_the_region_chosen() {
    let server = serve();
    let chromium = Chromium::launch();
    let view = ready(&chromium, &server.url(&format!("{EXPLORER}?region=ke")), 1440);
    below(&view);
    let words = "document.querySelector('.limits .more-words').textContent";
    view.until("Kenya is meant", &format!("{words}.startsWith('Kenya (illustrative): of ')"));
    let meaning = "document.querySelector('.headline .preview').textContent";
    view.until("in the meaning of a figure too", &format!("{meaning}.includes('unverified (Kenya)')"));
    let in_kenya: String = view.value(words);
    view.value::<Option<bool>>("(document.querySelector('.choice-region input[value=us]').click(), null)");
    view.until("now the United States are", &format!("{words}.startsWith('United States: of ')"));
    assert_ne!(
        view.value::<String>(&format!("{words}.split(': ')[1]")),
        in_kenya.split(": ").nth(1).unwrap_or_default()
    );
    let limits: usize = view.value("document.querySelectorAll('.limits-list > li').length");
    assert!(limits > 5, "{limits} limits stay");
}
