//! What a reader leaves with: a table, pictures, a printed page. All of it says which scenario it is.

use std::process::Command;

use serde::Deserialize;
use tests::chromium::{Chromium, Scripts, View, quoted};

use crate::arguing::below;
use crate::explorer::jobs_other_than;
use crate::{EXPLORER, serve};

/// Settings of every kind, as an address has them.
const SETTINGS: &str = "?region=ke&year=20&case=sceptic&all=50&L01=37.5@2+3&eta=0.4";
/// The same, as the command line has them.
const OPTIONS: [&str; 16] = [
    "--region", "ke", "--years", "20", "--case", "sceptic", "--set", "all=50", "--set", "L01=37.5", "--start", "L01=2",
    "--ramp", "L01=3", "--param", "eta=0.4",
];

/// A file that the page gave to its reader.
#[derive(Deserialize)]
struct Taken {
    name: String,
    bytes: Vec<u8>,
}

/// Keeps, inside the page, the files that would be saved.
const KEEPER: &str = "
    window.taken = [];
    const blobs = new Map(), address = URL.createObjectURL.bind(URL), click = HTMLAnchorElement.prototype.click;
    URL.createObjectURL = blob => { const href = address(blob); blobs.set(href, blob); return href; };
    HTMLAnchorElement.prototype.click = function () {
        if (!blobs.has(this.href)) return click.call(this);
        const name = this.download;
        blobs.get(this.href).arrayBuffer().then(bytes => window.taken.push({ name, bytes: [...new Uint8Array(bytes)] }));
    };
    window.print = () => { window.printed = true; };
";

/// The explorer with these settings, which have been followed.
fn set(chromium: &Chromium, url: &str) -> View {
    let view = chromium.empty(1440, Scripts::On);
    // At any hour it is another day in one of these places than in Greenwich.
    let hour: u32 = view.value("new Date().getUTCHours()");
    view.live_in(if hour < 11 { "Pacific/Pago_Pago" } else { "Pacific/Kiritimati" });
    view.before_pages(KEEPER);
    view.go(url);
    view.until("the explorer works", "document.querySelector('.explorer').dataset.state === 'ready'");
    jobs_other_than(&view, 0.0);
    view
}

/// Presses a button, found by its words within the elements of `selector`, with the keyboard.
pub fn push(view: &View, selector: &str, words: &str) {
    let mark = format!(
        "(() => {{ const button = [...document.querySelectorAll({0})].find(button => button.textContent.trim() === {1}); \
         document.querySelector('[data-pushed]')?.removeAttribute('data-pushed'); button.dataset.pushed = ''; }})()",
        quoted(&format!("{selector} button")),
        quoted(words)
    );
    view.value::<Option<bool>>(&mark);
    view.focus("[data-pushed]");
    view.press("Enter");
}

/// The file that comes when this button is pushed.
fn taken(view: &View, selector: &str, words: &str) -> Taken {
    let before: usize = view.value("window.taken.length");
    push(view, selector, words);
    view.until("a file has come", &format!("window.taken.length > {before}"));
    view.value("window.taken.at(-1)")
}

/// Text without the spaces, which are not the same in every form of it.
fn squeezed(text: &str) -> String {
    text.chars().filter(|character| !character.is_whitespace()).collect()
}

fn pdf_text(pdf: &[u8]) -> String {
    pdf_extract::extract_text_from_mem(pdf).expect("it is a PDF whose fonts say which letters they have")
}

#[test]
fn the_table_is_that_of_the_command_line_to_the_last_digit() {
    let server = serve();
    let chromium = Chromium::launch();
    let view = set(&chromium, &server.url(&format!("{EXPLORER}{SETTINGS}")));
    let Taken { name, bytes } = taken(&view, ".tools", "CSV");
    assert_eq!(name, "micro-multinationals.csv");

    let run = Command::new(env!("CARGO_BIN_EXE_levers-under-test"))
        .args(["model", "run"])
        .args(OPTIONS)
        .args(["--draws", "1024", "--format", "csv", "--root"])
        .arg(tests::workspace())
        .output()
        .expect("the program starts");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let (here, there) = (String::from_utf8(bytes).expect("UTF-8"), String::from_utf8(run.stdout).expect("UTF-8"));
    assert!(here.lines().count() > 1000, "outcomes, years, quantiles: {} lines", here.lines().count());
    let differing = here.lines().zip(there.lines()).find(|(here, there)| here != there);
    assert_eq!(differing, None, "here, and on the command line");
    assert_eq!(here, there);
}

#[test]
fn pictures_say_what_they_show_and_for_which_scenario() {
    let server = serve();
    let chromium = Chromium::launch();
    let view = set(&chromium, &server.url(&format!("{EXPLORER}{SETTINGS}")));
    below(&view);
    let day = |zone: &str| -> String {
        view.value(&format!("new Date().toLocaleDateString('en-GB', {{ dateStyle: 'long'{zone} }})"))
    };
    let (today, elsewhere) = (day(""), day(", timeZone: 'UTC'"));
    assert_ne!(today, elsewhere, "it is the reader's own day that counts");
    let scenario: String = view.value("document.querySelector('.scenario-in-words').textContent");
    assert!(scenario.contains("L07 50%") && scenario.contains("eta = 0.4"), "{scenario}");
    for figure in [".explorer-result .chart-figure", ".more-why .chart-figure"] {
        let title: String = view.value(&format!("document.querySelector('{figure} .figure-title').textContent"));
        let Taken { name, bytes } = taken(&view, figure, "SVG");
        assert!(name.ends_with(".svg"), "{name}");
        let svg = String::from_utf8(bytes).expect("UTF-8");
        let document = roxmltree::Document::parse(&svg).expect("well-formed");
        let written: String = document.descendants().filter_map(|node| node.is_text().then(|| node.text())?).collect();
        let written = squeezed(&written);
        for part in [&title, "Source", &scenario, &today] {
            assert!(written.contains(&squeezed(part)), "“{part}” is not in {name}: {written}");
        }

        let Taken { name, bytes } = taken(&view, figure, "PNG");
        assert!(name.ends_with(".png"), "{name}");
        let mut png = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().expect("it is a PNG");
        let mut pixels = vec![0; png.output_buffer_size().expect("it fits into memory")];
        let frame = png.next_frame(&mut pixels).expect("it is whole");
        let width: u32 = document.root_element().attribute("width").expect("it has one").parse().expect("a number");
        assert_eq!(frame.width, 2 * width, "twice as many pixels as the drawing is wide");
        let pixels = &pixels[..frame.buffer_size()];
        let mut colours: Vec<&[u8]> = pixels.chunks(pixels.len() / (frame.width * frame.height) as usize).collect();
        colours.sort();
        colours.dedup();
        assert!(colours.len() > 20, "{name} has {} colours", colours.len());
    }
    assert_eq!(view.problems(), Vec::<String>::new());
}

#[test]
fn the_printed_page_holds_the_readers_own_scenario() {
    let server = serve();
    let chromium = Chromium::launch();
    let view = set(&chromium, &server.url(&format!("{EXPLORER}{SETTINGS}")));
    push(&view, ".tools", "Print");
    view.until("it goes to the printer", "window.printed === true");
    let text = |selector: &str| view.value::<String>(&format!("document.querySelector('{selector}').textContent"));
    let printed = squeezed(&pdf_text(&view.printed()));
    for part in [
        text(".scenario-in-words"),
        text(".result-sentence"),
        text(".headline-item .headline-value"),
        text("#lever-L01 .lever-setting"),
        text(".more-why .more-words"),
        "What the model cannot see".to_owned(),
        format!("from {}", view.value::<String>("location.href")),
    ] {
        assert!(printed.contains(&squeezed(&part)), "“{part}” is not printed:\n{printed}");
    }
    for part in ["Copylink", "Showmearound", "Keepthepresentone"] {
        assert!(!printed.contains(part), "{part} is of no use on paper");
    }
}
