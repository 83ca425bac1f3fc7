//! The explorer with scripts: it takes over the page as it was built, and follows every gesture.

use tests::chromium::{Chromium, Scripts, View, quoted};
use tests::input::Input;
use tests::server::Server;

use crate::{BRIEF, EXPLORER, serve};

const READY: &str = "document.querySelectorAll('.explorer').length > 0 && \
    [...document.querySelectorAll('.explorer')].every(frame => frame.dataset.state === 'ready')";

/// The words of the numbers in a text that the model gives.
const NUMBERS: &str = "[...document.querySelectorAll('data[data-quantity]')].map(number => number.textContent)";

/// Goes to an explorer that has been taken over.
pub fn ready(chromium: &Chromium, url: &str, width: u32) -> View {
    let view = chromium.open(url, width, Scripts::On);
    take_over(&view);
    view
}

/// Comes near each explorer of the page, as they wait for that, and goes back to the top once all are taken over.
pub fn take_over(view: &View) {
    view.value::<bool>(
        "(async () => { for (const frame of document.querySelectorAll('.explorer')) { \
             frame.scrollIntoView({ behavior: 'instant' }); \
             for (let waited = 0; frame.dataset.state !== 'ready' && waited < 400; waited++) \
                 await new Promise(resolve => setTimeout(resolve, 50)); \
         } scrollTo({ top: 0, behavior: 'instant' }); return true; })()",
    );
    view.until("the explorer has been taken over", READY);
}

/// The numbers under a heading of the result, as the model has them.
fn headline(view: &View, label: &str) -> f64 {
    let find = format!(
        "(() => {{ const item = [...document.querySelectorAll('.explorer .headline-item')]\
         .find(item => item.querySelector('dt a').textContent === {0}); \
         return Number(item.querySelector('data').value); }})()",
        quoted(label)
    );
    view.value(&find)
}

pub fn jobs(view: &View) -> f64 {
    headline(view, "Net jobs")
}

fn exports(view: &View) -> f64 {
    headline(view, "Net service exports")
}

pub fn setting(view: &View, range: &str) -> f64 {
    view.value(&format!("document.querySelector({}).valueAsNumber", quoted(range)))
}

/// Waits until the net jobs are no longer `before`, and gives them.
pub fn jobs_other_than(view: &View, before: f64) -> f64 {
    let item = "document.querySelector('.explorer .headline-item data').value";
    view.until("the net jobs have changed", &format!("Number({item}) !== {before}"));
    jobs(view)
}

#[test]
fn a_lever_moved_with_the_keyboard_changes_jobs_and_exports() {
    let server = serve();
    let chromium = Chromium::launch();
    let view = ready(&chromium, &server.url(EXPLORER), 1440);
    let range = "#lever-L01-range";
    assert_eq!((setting(&view, range), jobs(&view), exports(&view)), (0.0, 0.0, 0.0), "the base run");
    let sentence = "document.querySelector('.result-sentence').textContent";
    let drawing = "document.querySelector('.result-charts .chart-frame').innerHTML";
    let (first_sentence, first_drawing) = (view.value::<String>(sentence), view.value::<String>(drawing));

    view.focus(range);
    view.press("ArrowRight");
    let one_step = jobs_other_than(&view, 0.0);
    let step: f64 = view.value(&format!("Number(document.querySelector('{range}').step)"));
    assert_eq!(setting(&view, range), step);
    assert!(one_step > 0.0, "a step gives {one_step} jobs");

    view.press("PageUp");
    let page = jobs_other_than(&view, one_step);
    assert!(setting(&view, range) > step && page > one_step, "a page gives {page} jobs");

    view.press("End");
    let all = jobs_other_than(&view, page);
    assert_eq!(setting(&view, range), 100.0);
    assert!(all > page && exports(&view) > 0.0, "all gives {all} jobs and {} of exports", exports(&view));
    view.until("the sentence has been told anew", &format!("{sentence} !== {}", quoted(&first_sentence)));
    assert_ne!(view.value::<String>(drawing), first_drawing, "the chart was drawn anew");
    assert_eq!(
        view.value::<String>(&format!("document.querySelector('{range}').getAttribute('aria-valuetext')")).get(..4),
        Some("100%"),
        "what a screen reader says"
    );
    assert_eq!(view.value::<f64>("Number(document.querySelector('#lever-L01 input[type=number]').value)"), 100.0);
    assert_eq!(view.value::<f64>("document.querySelector('#lever-L01 progress').value"), 100.0);

    view.press("Home");
    jobs_other_than(&view, all);
    assert_eq!((setting(&view, range), jobs(&view), exports(&view)), (0.0, 0.0, 0.0), "the base run again, exactly");
    assert_eq!(view.problems(), Vec::<String>::new());
}

/// The charts as text, whatever the order of attributes; without tables, which are written where they are unfolded.
const CHARTS: &str = "[...document.querySelectorAll('.explorer-result figure')].map(figure => { \
    const copy = figure.cloneNode(true); copy.querySelectorAll('details').forEach(details => details.remove()); \
    return [copy, ...copy.querySelectorAll('*')].map(element => [element.localName, \
        ...[...element.attributes].map(each => `${each.name}=${each.value}`).sort(), \
        ...[...element.childNodes].filter(node => node.nodeType === 3).map(node => node.data)].join('|')).join('\\n'); })";

/// The charts, once they have stopped changing.
fn settled_charts(view: &View) -> Vec<String> {
    let still = format!(
        "(async () => {{ for (let looks = 0, last = ''; looks < 60; looks++) {{ \
             const now = JSON.stringify({CHARTS}); if (now === last) return true; last = now; \
             await new Promise(resolve => setTimeout(resolve, 600)); }} return false; }})()"
    );
    assert!(view.value::<bool>(&still), "the charts come to rest");
    view.value(CHARTS)
}

#[test]
fn charts_changed_in_pieces_are_those_that_a_new_visit_draws() {
    let server = serve();
    let chromium = Chromium::launch();
    let view = ready(&chromium, &server.url(EXPLORER), 1440);
    let table = "document.querySelector('.result-charts details.figure-data')";
    let cells = format!("[...{table}.querySelectorAll('tbody td')].map(cell => cell.textContent).join(' ')");

    view.focus("#lever-L01-range");
    view.press("PageUp");
    jobs_other_than(&view, 0.0);
    view.focus(".result-charts details.figure-data > summary");
    view.press("Enter");
    view.until("the table is written where it is unfolded", &format!("{cells} !== ''"));
    let first: String = view.value(&cells);
    assert!(view.value::<bool>("document.activeElement.matches('.figure-data[open] > summary')"), "the focus stays");

    for (lever, key) in [("L01", "End"), ("L03", "PageUp"), ("L01", "ArrowLeft"), ("L02", "End"), ("L03", "ArrowRight")]
    {
        let before = jobs(&view);
        view.focus(&format!("#lever-{lever}-range"));
        view.press(key);
        jobs_other_than(&view, before);
    }
    view.until("the address says it", "location.search.includes('L02')");
    assert!(view.value::<bool>(&format!("{table}.open")), "the table stays unfolded");
    assert_ne!(view.value::<String>(&cells), first, "and shows the present settings");

    let address: String = view.value("location.href");
    let again = ready(&chromium, &address, 1440);
    again.until("the same settings", "document.querySelector('#lever-L02-range').valueAsNumber === 100");
    let moved = settled_charts(&view);
    assert_eq!(moved.len(), 5, "four charts, and what becomes of gross jobs");
    assert_eq!(settled_charts(&again), moved);
    assert_eq!((view.problems(), again.problems()), (Vec::new(), Vec::new()));
}

#[test]
fn where_draws_take_long_lines_go_ahead_and_bands_follow() {
    let server = serve();
    let chromium = Chromium::launch();
    let view = ready(&chromium, &server.url(&format!("{EXPLORER}?all=50")), 1440);
    let first = settled_charts(&view);
    view.value::<Option<bool>>(
        "(() => { const charts = document.querySelector('.explorer-result .result-charts'); window.after = 0; \
            let frame = 0, drawn = 0; (function count() { frame += 1; requestAnimationFrame(count); })(); \
            new MutationObserver(() => { drawn = frame; }) \
                .observe(charts.firstElementChild, { subtree: true, childList: true, attributes: true }); \
            new MutationObserver(() => { if (charts.matches('.is-old') && frame > drawn) window.after += 1; }) \
                .observe(document.querySelector('.headline'), { subtree: true, characterData: true }); return null; })()",
    );
    view.value::<Option<bool>>(
        "(() => { const charts = document.querySelector('.explorer-result .result-charts'); window.old = 0; \
            const strip = document.querySelector('.result-strip'); \
            const seen = () => { if (charts.matches('.is-old.is-late') && strip.matches('.is-late')) window.old += 1; }; \
            for (const place of [charts, strip]) new MutationObserver(seen) \
                .observe(place, { attributes: true, attributeFilter: ['class'] }); return null; })()",
    );
    view.slow_down(24.0);
    view.focus("#lever-L01-range");
    // The first step shows how slow the device is.
    for _ in 0..3 {
        let before = jobs(&view);
        view.press("PageUp");
        jobs_other_than(&view, before);
    }
    view.until("a line went ahead of its band", "window.old > 0");
    view.until("and of the figures", "window.after > 0");
    view.until("the band followed", "!document.querySelector('.explorer-main :is(.is-old, .is-late)')");
    view.slow_down(1.0);
    let moved = settled_charts(&view);
    let address: String = view.value("location.href");
    assert_ne!(moved, first);
    let again = ready(&chromium, &address, 1440);
    assert_eq!(settled_charts(&again), moved, "the bands are those of the present settings");
    const FIGURES: &str = "document.querySelector('.headline').textContent";
    assert_eq!(again.value::<String>(FIGURES), view.value::<String>(FIGURES), "and so are the figures");
    assert_eq!(view.problems(), Vec::<String>::new());
}

#[test]
fn what_stays_in_view_beside_the_levers_covers_nothing_below_them() {
    let server = serve();
    let chromium = Chromium::launch();
    let view = ready(&chromium, &server.url(EXPLORER), 1440);
    let is_beside = "(({ top, bottom }) => top === 0 && bottom > 0)(document.querySelector('.explorer-result').getBoundingClientRect())";
    view.value::<Option<bool>>("(document.querySelector('#group-4').scrollIntoView({ behavior: 'instant' }), null)");
    view.until("the result stays beside the last levers", is_beside);
    view.value::<Option<bool>>(
        "(document.querySelector('.explorer-more').scrollIntoView({ behavior: 'instant' }), null)",
    );
    view.until("what is below works", "document.querySelector('.explorer-more').dataset.state === 'ready'");
    let covered: Vec<String> = view.value(
        "[...document.querySelectorAll('.more-panel:not([hidden])')].flatMap((panel) => { \
         panel.scrollIntoView({ behavior: 'instant' }); \
         const box = panel.getBoundingClientRect(); const y = Math.min(box.top + 40, innerHeight - 20); \
         return [0.1, 0.3, 0.5].map((part) => document.elementFromPoint(box.left + box.width * part, y)) \
           .filter((there) => !there?.closest('.explorer-more, .tour')).map(() => panel.className); })",
    );
    assert_eq!(covered, Vec::<String>::new());
    assert_eq!(view.problems(), Vec::<String>::new());
}

#[test]
fn regions_presets_readings_numbers_and_resets_are_followed() {
    let server = serve();
    let chromium = Chromium::launch();
    let view = ready(&chromium, &server.url(EXPLORER), 1440);
    let pressed = |label: &str| {
        view.value::<bool>(&format!(
            "[...document.querySelectorAll('button.preset')].find(button => button.textContent.trim() === {})\
             .getAttribute('aria-pressed') === 'true'",
            quoted(label)
        ))
    };
    let preset = |label: &str| {
        view.value::<Option<bool>>(&format!(
            "[...document.querySelectorAll('button.preset')].forEach((button, index) => \
             {{ if (button.textContent.trim() === {}) button.id = 'wanted'; else button.removeAttribute('id'); }})",
            quoted(label)
        ));
        view.click("#wanted");
    };
    assert!(pressed("Today"));
    preset("All levers at 50%");
    let half = jobs_other_than(&view, 0.0);
    assert!(pressed("All levers at 50%") && !pressed("Today"));
    assert!((100_000.0..200_000.0).contains(&half), "the United States at half strength: {half}");
    assert!(view.value::<bool>(
        "[...document.querySelectorAll('input.lever-range')].every(range => range.valueAsNumber === 50)"
    ));

    view.click(".choice-region label:has(input[value=eu])");
    let europe = jobs_other_than(&view, half);
    assert!(view.value::<bool>("document.querySelector('input[value=eu]').checked"));

    view.click(".choice-case label:has(input[value=sceptic])");
    let sceptic = jobs_other_than(&view, europe);
    assert!(sceptic < europe, "the sceptic sees {sceptic} jobs instead of {europe}");

    view.focus("#lever-L06 input[type=number]");
    view.value::<Option<bool>>("document.activeElement.select()");
    view.write("100");
    view.press("Tab");
    let more = jobs_other_than(&view, sceptic);
    assert_eq!(setting(&view, "#lever-L06-range"), 100.0);
    assert!(!pressed("All levers at 50%"));

    view.click("#lever-L06 button.reset");
    jobs_other_than(&view, more);
    assert_eq!(setting(&view, "#lever-L06-range"), 0.0);
    assert!(view.value::<bool>("document.querySelector('#lever-L06 button.reset').disabled"));

    view.click(".levers-head button.reset");
    view.until(
        "all levers stand at today",
        "[...document.querySelectorAll('input.lever-range')].every(range => range.valueAsNumber === 0)",
    );
    assert_eq!((jobs(&view), exports(&view)), (0.0, 0.0));
    assert_eq!(view.problems(), Vec::<String>::new());
}

#[test]
fn the_keyboard_leaves_the_result_at_its_beginning() {
    let server = serve();
    let chromium = Chromium::launch();
    let view = ready(&chromium, &server.url(EXPLORER), 1440);
    let pass = || {
        view.focus(".explorer-result .result-charts > .charts-part:last-child .picture");
        let scrolled: f64 = view.value("document.querySelector('.explorer-result').scrollTop");
        assert!(scrolled > 100.0, "what has the focus is in view, {scrolled} pixels down");
        for _ in 0..40 {
            view.press("Tab");
            if view.value::<bool>("!document.activeElement.closest('.explorer-result')") {
                return view.value::<f64>("document.querySelector('.explorer-result').scrollTop");
            }
        }
        panic!("the keyboard does not leave the result")
    };
    assert_eq!(pass(), 0.0, "the figures are in view while levers are set");
    view.value::<Option<bool>>("(document.querySelector('.explorer-result .figure-data').open = true, null)");
    assert!(pass() > 100.0, "a table that was unfolded is what the reader wants to see");
}

#[test]
fn taking_over_moves_nothing() {
    const BOXES: &str = "[...document.querySelectorAll('main :not(.tour, .tour *)')].filter(element => element.checkVisibility()).map(element => { \
        const { x, y, width, height } = element.getBoundingClientRect(); \
        return `${element.closest('.figure-source') ? 'download' : element.localName} ` + \
            [x, y, width, height].map(Math.round).join(' '); }).filter(box => !box.startsWith('noscript'))";
    let chromium = Chromium::launch();
    for (path, width) in [(EXPLORER, 360), (EXPLORER, 1440), (BRIEF, 360), (BRIEF, 1440)] {
        let server = Server::start_holding(&crate::site().0, ".wasm");
        let view = chromium.empty(width, Scripts::On);
        view.start(&server.url(path));
        view.value::<bool>("document.fonts.ready.then(() => true)");
        // What is out of sight is not laid out, and could not be measured.
        view.value::<u32>("document.styleSheets[0].insertRule('* { content-visibility: visible !important; }')");
        view.settle();
        assert!(
            view.value::<bool>("document.querySelector('.explorer input.lever-range').disabled"),
            "not yet taken over"
        );
        let before: Vec<String> = view.value(BOXES);

        server.release();
        take_over(&view);
        view.until("the controls work", "!document.querySelector('.explorer input.lever-range').disabled");
        assert_eq!(view.shifts(), Vec::<String>::new(), "{path} at {width} pixels");
        let after: Vec<String> = view.value(BOXES);
        let moved: Vec<_> = before.iter().zip(&after).filter(|(before, after)| before != after).take(5).collect();
        assert!(moved.is_empty(), "{path} at {width} pixels: {moved:#?}");
        assert_eq!(before.len(), after.len(), "{path} at {width} pixels: elements");
        assert_eq!(view.problems(), Vec::<String>::new(), "{path}");
    }
}

#[test]
fn each_file_is_fetched_once_and_from_nowhere_else() {
    let server = serve();
    let chromium = Chromium::launch();
    for path in [EXPLORER, BRIEF] {
        let view = ready(&chromium, &server.url(path), 1440);
        let mut fetched: Vec<String> = view.value("performance.getEntriesByType('resource').map(entry => entry.name)");
        fetched.sort();
        assert!(fetched.iter().any(|name| name.ends_with(".wasm")), "{fetched:#?}");
        let early: f64 = view.value(
            "performance.getEntriesByName('first-contentful-paint')[0].startTime \
             - performance.getEntriesByType('resource').find(entry => entry.name.endsWith('.wasm')).startTime",
        );
        assert!(early <= 0.0, "{path} fetches the program {early} ms before it shows");
        let twice: Vec<_> = fetched.windows(2).filter(|pair| pair[0] == pair[1]).collect();
        assert!(twice.is_empty(), "{path} fetches twice: {twice:#?}");
        let foreign: Vec<&String> = fetched.iter().filter(|name| !name.starts_with(&server.url("/"))).collect();
        assert!(foreign.is_empty(), "{path} fetches from elsewhere: {foreign:#?}");
    }
}

#[test]
fn the_explorer_of_a_brief_works() {
    let server = serve();
    let chromium = Chromium::launch();
    let view = ready(&chromium, &server.url(BRIEF), 1440);
    let ranges: Vec<String> =
        view.value("[...document.querySelectorAll('.explorer-small input.lever-range')].map(range => range.id)");
    assert!((2..=3).contains(&ranges.len()), "{ranges:?}");
    let start = jobs(&view);
    assert_ne!(start, 0.0, "this explorer starts with its levers moved");
    let range = format!("#{}", ranges[0]);
    view.focus(&range);
    view.press("End");
    let all = jobs_other_than(&view, start);
    assert!(all > start, "{all} jobs after {start}");
    view.click(".explorer-foot button.reset");
    jobs_other_than(&view, all);
    assert_eq!((jobs(&view), exports(&view)), (0.0, 0.0));
    assert_eq!(view.problems(), Vec::<String>::new());
}

#[test]
fn fields_are_fields_once_there_is_a_program() {
    let server = serve();
    let chromium = Chromium::launch();
    let view = ready(&chromium, &server.url(EXPLORER), 1440);
    let fields = |part: &str| -> [usize; 2] {
        let count = |fields: &str| format!("document.querySelectorAll('{part} {fields}').length");
        view.value(&format!("[{}, {}]", count("input[type=button].field"), count("input:not([type=button]).field")))
    };
    assert_eq!(fields(".lever-number"), [0, 13]);
    assert_eq!(fields(".lever-when"), [26, 0], "in details that nobody has opened");
    view.focus("#lever-L01 .lever-when > summary");
    view.press("Enter");
    view.until("the fields in it are there", "document.querySelector('#lever-L01 [name=start]').type === 'number'");
    assert_eq!(fields("#lever-L01 .lever-when"), [0, 2]);
    view.focus("#lever-L01 [name=start]");
    view.press("ArrowUp");
    assert!(view.value::<bool>("document.querySelector('#lever-L01 [name=start]').valueAsNumber > 0"));

    let [waiting, _] = fields(".explorer-more");
    assert!(waiting > 100, "{waiting}");
    view.value::<Option<bool>>("(document.querySelector('.explorer-more').scrollIntoView(), null)");
    view.until("what is below works", "document.querySelector('.explorer-more').dataset.state === 'ready'");
    view.until("so do its fields", "!document.querySelector('.explorer-more input[type=button].field')");
    assert_eq!(view.value::<f64>("document.querySelector('.target-form [name=least]').valueAsNumber"), 100_000.0);
    assert_eq!(view.value::<String>("document.querySelector('.assumptions input[type=search]').value"), "");
    assert_eq!(view.problems(), Vec::<String>::new());
}

/// In the region of an address as in one that is chosen later.
#[test]
fn fields_of_assumptions_have_the_limits_of_the_region() {
    const FIELDS: &str = "[...document.querySelectorAll('.assumption-value input')].map(field => \
        [field.type, field.min, field.max, field.value].join(' '))";
    let server = serve();
    let chromium = Chromium::launch();
    let below = |query: &str| {
        let view = ready(&chromium, &server.url(&format!("{EXPLORER}{query}")), 1440);
        view.value::<Option<bool>>("(document.querySelector('.explorer-more').scrollIntoView(), null)");
        view.until("fields are fields", "!document.querySelector('.explorer-more input[type=button].field')");
        view
    };
    let chosen = below("");
    let first: Vec<String> = chosen.value(FIELDS);
    chosen.value::<Option<bool>>("(document.querySelector('.choice-region input[value=eu]').click(), null)");
    chosen.until("the fields have followed", &format!("{FIELDS}.join() !== {}", quoted(&first.join(","))));
    let asked = below("?region=eu");
    asked.until("the region is that of the address", "document.querySelector('input[value=eu]').checked");
    asked.settle();
    let (chosen, asked): (Vec<String>, Vec<String>) = (chosen.value(FIELDS), asked.value(FIELDS));
    assert!(first.iter().zip(&chosen).filter(|(us, eu)| us != eu).count() > 5, "regions differ");
    assert_eq!(asked, chosen);
}

#[test]
fn details_unfolded_before_there_is_a_program_get_their_fields() {
    let server = Server::start_holding(&crate::site().0, ".wasm");
    let chromium = Chromium::launch();
    let view = chromium.empty(1440, Scripts::On);
    view.start(&server.url(EXPLORER));
    view.focus("#lever-L01 .lever-when > summary");
    view.press("Enter");
    view.until("it is unfolded", "document.querySelector('#lever-L01 .lever-when').open");
    server.release();
    take_over(&view);
    view.until("its fields are there", "document.querySelector('#lever-L01 [name=start]').type === 'number'");
    assert_eq!(view.problems(), Vec::<String>::new());
}

#[test]
fn of_two_explorers_in_a_text_numbers_follow_the_one_moved_last() {
    let brief = std::fs::read_to_string(tests::workspace().join("content/briefs/micro-multinational.md"));
    let brief = brief.expect("it is there")
        + "\n```explorer\nid = \"exp-other\"\nmodel = \"micro-multinationals\"\n\
        levers = [\"L02\"]\nregion = \"us\"\nstart = 0\ncaption = \"Another lever.\"\n```\n";
    let input = Input::empty()
        .folder_at("content", &tests::workspace().join("content"))
        .folder_at("data", &tests::workspace().join("data"))
        .file("content/briefs/micro-multinational.md", brief);
    input.published();
    let server = Server::start(&input.out());
    let chromium = Chromium::launch();
    let view = ready(&chromium, &server.url(BRIEF), 1440);
    let printed: Vec<String> = view.value(NUMBERS);
    let follows = |at: usize| format!("document.querySelectorAll('.text-follows')[{at}].textContent.trim() !== ''");
    let back = |at: usize| {
        let button = format!("[...document.querySelectorAll('.explorer')][{at}].querySelector('.explorer-foot .tool')");
        view.value::<Option<bool>>(&format!("({button}.click(), null)"));
    };

    view.focus("#exp-three-levers input.lever-range");
    view.press("End");
    view.until("numbers follow the first", &follows(0));
    let first: Vec<String> = view.value(NUMBERS);
    assert_ne!(first, printed);
    view.focus("#exp-other input.lever-range");
    view.press("End");
    view.until("numbers follow the second", &follows(1));
    assert!(!view.value::<bool>(&follows(0)), "and the first no longer");
    assert_ne!(view.value::<Vec<String>>(NUMBERS), first);

    back(1);
    view.until("numbers follow the first again", &follows(0));
    assert!(!view.value::<bool>(&follows(1)));
    assert_eq!(view.value::<Vec<String>>(NUMBERS), first);
    back(0);
    view.until("nothing follows any more", &format!("!({})", follows(0)));
    assert_eq!(view.value::<Vec<String>>(NUMBERS), printed);
    assert_eq!(view.problems(), Vec::<String>::new());
}

/// What the numbers of a text are in full, as words and as bare numbers.
const ATTRIBUTES: &str = "(numbers => [numbers.map(number => number.firstElementChild.title), \
    numbers.map(number => number.getAttribute('value'))])([...document.querySelectorAll('data[data-quantity]')])";

#[test]
fn numbers_of_the_text_follow_the_levers_and_go_back() {
    let server = serve();
    let chromium = Chromium::launch();
    let view = ready(&chromium, &server.url(BRIEF), 1440);
    let printed: Vec<String> = view.value(NUMBERS);
    let [printed_titles, printed_values]: [Vec<String>; 2] = view.value(ATTRIBUTES);
    view.focus(".explorer input.lever-range");
    view.press("End");
    view.until("it is said that numbers follow", "document.querySelector('.text-follows').textContent.trim() !== ''");
    let moved: Vec<String> = view.value(NUMBERS);
    let changed = printed.iter().zip(&moved).filter(|(printed, moved)| printed != moved).count();
    assert!(changed >= 5, "{printed:#?} {moved:#?}");
    // Amounts stay written as they were: with their unit, to two digits.
    assert!(moved.iter().any(|words| words.starts_with("US$") && words.ends_with(" billion")), "{moved:#?}");
    let written: u32 = view.value("document.querySelectorAll('data[data-printed]').length");
    assert!(written >= 5);
    let said: String = view.value("document.querySelector('.text-follows').textContent");
    assert_eq!(said, format!("{written} numbers in the text follow these levers."));
    let [titles, values]: [Vec<String>; 2] = view.value(ATTRIBUTES);
    assert_ne!(values, printed_values);
    let told = titles.iter().filter(|title| title.starts_with("With the levers as you moved them; printed: ")).count();
    assert_eq!(told, written as usize, "{titles:#?}");

    view.value::<Option<bool>>("(document.querySelector('.explorer-foot .tool').click(), null)");
    view.until("nothing follows any more", "document.querySelector('.text-follows').textContent.trim() === ''");
    assert_eq!(view.value::<Vec<String>>(NUMBERS), printed);
    assert_eq!(view.value::<[Vec<String>; 2]>(ATTRIBUTES), [printed_titles, printed_values]);
    assert!(!view.value::<bool>("!!document.querySelector('[data-printed-title], [data-printed-value]')"));
    assert_eq!(view.problems(), Vec::<String>::new());
}

/// Moves a lever to one setting after the other, sooner than anybody rests.
pub fn hurry(view: &View, range: &str, settings: &[f64]) {
    let moves = format!(
        "(async () => {{ const range = document.querySelector({}); for (const setting of {settings:?}) {{ \
             range.value = setting; range.dispatchEvent(new Event('input', {{ bubbles: true }})); \
             await new Promise(resolve => setTimeout(resolve, 60)); }} return true; }})()",
        quoted(range)
    );
    view.value::<bool>(&moves);
}

#[test]
fn analyses_are_done_though_a_lever_goes_away_and_comes_back_meanwhile() {
    const SAID: &str =
        "[...document.querySelectorAll('.more-why .more-old')].map(old => old.textContent.trim()).join('')";
    let server = serve();
    let chromium = Chromium::launch();
    let view = ready(&chromium, &server.url(EXPLORER), 1440);
    crate::arguing::below(&view);
    view.slow_down(8.0);
    // Not by the mouse: on the way back up panels that come into view may still move the page.
    view.value::<Option<bool>>("(document.querySelector('.preset:nth-of-type(2)').click(), null)");
    view.until("the address follows", "location.search.startsWith('?all=50&model')");
    assert_ne!(view.value::<String>(SAID), "", "the analyses take a while");
    hurry(&view, "#lever-L01-range", &[60.0, 50.0]);
    view.slow_down(1.0);
    view.until("they are of the present settings", &format!("{SAID} === ''"));
    // On a busy machine the lever may have rested away from there for a moment.
    view.until("so is the address", "location.search.startsWith('?all=50&model')");
    assert_eq!(view.problems(), Vec::<String>::new());
}

#[test]
fn numbers_of_the_text_follow_though_a_lever_goes_away_and_comes_back_meanwhile() {
    let server = serve();
    let chromium = Chromium::launch();
    let view = ready(&chromium, &server.url(BRIEF), 1440);
    let follows = "document.querySelector('.text-follows').textContent.trim()";
    let range = ".explorer input.lever-range";
    hurry(&view, range, &[100.0]);
    view.until("numbers follow", &format!("{follows} !== ''"));
    let moved: Vec<String> = view.value(NUMBERS);
    view.value::<Option<bool>>("(document.querySelector('.explorer-foot .tool').click(), null)");
    view.until("nothing follows any more", &format!("{follows} === ''"));

    view.slow_down(8.0);
    hurry(&view, range, &[100.0]);
    view.until("some are written", "!!document.querySelector('data[data-printed]')");
    hurry(&view, range, &[80.0, 100.0]);
    view.slow_down(1.0);
    view.until("numbers follow", &format!("{follows} !== ''"));
    assert_eq!(view.value::<Vec<String>>(NUMBERS), moved);
    assert_eq!(view.problems(), Vec::<String>::new());
}

#[test]
fn when_a_lever_moves_is_put_right_and_can_be_reset() {
    let server = serve();
    let chromium = Chromium::launch();
    let view = ready(&chromium, &server.url(EXPLORER), 1440);
    let today = "document.querySelector('.preset').getAttribute('aria-pressed')";
    let reset = "document.querySelector('.levers-head .reset')";
    assert!(view.value::<bool>(&format!("{reset}.disabled && {today} === 'true'")));
    view.value::<Option<bool>>("(document.querySelector('#lever-L01 .lever-when').open = true, null)");
    view.until("the fields in it are there", "document.querySelector('#lever-L01 [name=start]').type === 'number'");
    let longest: String = view.value("document.querySelector('#lever-L01 [name=start]').max");
    for (typed, stands) in [(longest.as_str(), longest.as_str()), ("99", &longest), ("", &longest), ("2", "2")] {
        let enter = format!(
            "(field => {{ field.value = {}; field.dispatchEvent(new Event('change', {{ bubbles: true }})); }})\
             (document.querySelector('#lever-L01 [name=start]'))",
            quoted(typed)
        );
        view.value::<Option<bool>>(&enter);
        view.until(
            "it stands",
            &format!("document.querySelector('#lever-L01 [name=start]').value === {}", quoted(stands)),
        );
    }
    view.until("nothing is as today", &format!("!{reset}.disabled && {today} === 'false'"));
    view.click(".levers-head .reset");
    view.until("all is as today", &format!("{reset}.disabled && {today} === 'true'"));
    assert_eq!(view.value::<String>("document.querySelector('#lever-L01 [name=start]').value"), "0");

    hurry(&view, "#lever-L01-range", &[30.0]);
    let says: String = view.value("document.querySelector('#lever-L01 .lever-setting').textContent");
    assert!(says.ends_with(" (up to 1% of non-exporters)."), "{says}");
    assert_eq!(view.problems(), Vec::<String>::new());
}
