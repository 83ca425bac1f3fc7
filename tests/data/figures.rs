//! Figures and tables as files.

use tests::html::Page;

use super::{json, rows, site};

#[test]
fn every_chart_is_there_as_csv_svg_png_and_json_that_agree() {
    let tree = site();
    let mut charts = 0;
    for path in tree.pages() {
        let page = Page::read(tree, path);
        for figure in page.all("figure.chart-figure[id]") {
            let id = figure.value().attr("id").expect("asked for");
            let file = |ending: &str| format!("{}{id}.{ending}", path.trim_end_matches("index.html"));
            if !tree.files.contains_key(&file("csv")) {
                continue;
            }
            charts += 1;
            let svg = tree.text(&file("svg"));
            let svg = roxmltree::Document::parse(svg).unwrap_or_else(|error| panic!("{}: {error}", file("svg")));
            let width: f64 =
                svg.root_element().attribute("width").and_then(|width| width.parse().ok()).expect("a width");
            let png = &tree.files[&file("png")];
            assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n", "{}", file("png"));
            let pixels = u32::from_be_bytes([png[16], png[17], png[18], png[19]]);
            assert_eq!(f64::from(pixels), 2.0 * width, "{} is not twice as wide as the SVG", file("png"));
            let said = json(tree, &file("json"));
            let counted = said["rows"].as_array().map(Vec::len);
            assert_eq!(counted, Some(rows(tree, &file("csv")).len()), "{}", file("json"));
            for key in ["title", "alternative", "unit", "source", "caption"] {
                assert!(said[key].as_str().is_some_and(|text| !text.is_empty()), "{} has no {key}", file("json"));
            }
        }
    }
    assert!(charts >= 8, "only {charts} charts are offered");
}

/// Readers see five millions beside a thousand millions; programs get every digit in the unit of the source.
#[test]
fn a_chart_is_shown_in_a_scale_and_taken_along_with_all_digits() {
    let tree = site();
    let path = "briefs/global-services-economy/";
    let page = Page::read(tree, &format!("{path}index.html"));
    let words: String = page.all("#fig-one-per-cent").first().expect("the brief draws it").text().collect();
    assert!(words.contains("Unit: US$ million.") && words.contains("1,154.3") && words.contains("5.5"), "{words}");
    let csv = tree.text(&format!("{path}fig-one-per-cent.csv"));
    assert!(csv.contains(",1154322893.72,US$,") && csv.contains(",5468339,US$,"), "{csv}");
    let said = json(tree, &format!("{path}fig-one-per-cent.json"));
    assert_eq!(said["unit"], "US$");
}

/// Words are drawn as shapes of the site's own typeface, so that a picture has more than its marks.
#[test]
fn a_png_holds_words() {
    let tree = site();
    let name = tree.files.keys().find(|path| path.ends_with("fig-service-imports.png")).expect("the brief draws it");
    let mut reader = png::Decoder::new(std::io::Cursor::new(&tree.files[name])).read_info().expect("a PNG");
    let mut pixels = vec![0; reader.output_buffer_size().expect("it fits into memory")];
    let frame = reader.next_frame(&mut pixels).expect("a whole PNG");
    let line = frame.line_size;
    // The title stands above all marks.
    let title = &pixels[..line * 60];
    let background = title[0];
    let inked = title.iter().filter(|pixel| **pixel != background).count();
    assert!(inked > 2_000, "the title has {inked} pixels");
}

/// The register is taken from five documents, and this table from one of them.
#[test]
fn a_table_names_the_sources_whose_rows_it_shows() {
    let wanted = "SMEXO, Growing SMEs Exponentially, web article";
    assert_eq!(json(site(), "briefs/exponential-age/tbl-figures.json")["source"], wanted);
    let page = Page::read(site(), "briefs/exponential-age/index.html");
    let line = page.texts("#tbl-figures .figure-source > span").concat();
    assert!(line.starts_with(&format!("Source: {wanted}. ")), "{line}");
}
