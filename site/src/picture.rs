//! How large a picture is, so that its place on the page is kept before it comes.

use roxmltree::Document;

/// Width and height in CSS pixels, if `bytes` are a picture that browsers show and that says how large it is.
pub fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    if let Ok(size) = imagesize::blob_size(bytes) {
        return Some((u32::try_from(size.width).ok()?, u32::try_from(size.height).ok()?));
    }
    drawing_size(std::str::from_utf8(bytes).ok()?)
}

/// The size of an SVG: what it states, or else the size of its view box.
fn drawing_size(text: &str) -> Option<(u32, u32)> {
    let options = roxmltree::ParsingOptions { allow_dtd: true, ..roxmltree::ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).ok()?;
    let root = document.root_element();
    if root.tag_name().name() != "svg" {
        return None;
    }
    let stated = |name| root.attribute(name).and_then(pixels);
    let view_box: Option<Vec<f64>> = root.attribute("viewBox").and_then(|numbers| {
        numbers.split([' ', ',']).filter(|part| !part.is_empty()).map(|part| part.parse().ok()).collect()
    });
    let (width, height) = match (stated("width"), stated("height"), view_box.as_deref()) {
        (Some(width), Some(height), _) => (width, height),
        (_, _, Some([_, _, width, height])) => (*width, *height),
        _ => return None,
    };
    let whole = |length: f64| (0.5..1e6).contains(&length).then(|| length.round() as u32);
    Some((whole(width)?, whole(height)?))
}

fn pixels(length: &str) -> Option<f64> {
    length.trim().trim_end_matches("px").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drawings_have_the_size_they_state_or_that_of_their_view_box() {
        let rows = [
            ("<svg xmlns='http://www.w3.org/2000/svg' width='20' height='10px'/>", Some((20, 10))),
            ("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 30.4, 12'/>", Some((30, 12))),
            ("<svg xmlns='http://www.w3.org/2000/svg' width='100%' height='100%' viewBox='0 0 4 3'/>", Some((4, 3))),
            ("<?xml version='1.0'?><!DOCTYPE svg><svg width='7' height='8'/>", Some((7, 8))),
            ("<svg width='100%'/>", None),
            ("<html/>", None),
            ("words", None),
        ];
        for (text, wanted) in rows {
            assert_eq!(size(text.as_bytes()), wanted, "{text}");
        }
    }

    #[test]
    fn a_png_has_the_size_in_its_header() {
        let header = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\x02\0\0\0\x30\x08\x06\0\0\0";
        assert_eq!(size(header), Some((258, 48)));
        assert_eq!(size(b"\x89PNG"), None);
    }
}
