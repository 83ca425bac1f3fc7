//! How much a page costs to get.

use rayon::prelude::*;

use super::site;

/// Bytes of a page as servers send it, without its pictures.
const MOST: usize = 100_000;

#[test]
fn no_page_is_heavier_than_a_slow_line_can_bear() {
    let pages: Vec<&str> = site().pages().collect();
    let weights: Vec<(usize, &str)> = pages
        .into_par_iter()
        .map(|path| {
            let mut compressed = Vec::new();
            // Less than servers do, so that a page that passes here passes there.
            let parameters = brotli::enc::BrotliEncoderParams { quality: 5, ..Default::default() };
            brotli::BrotliCompress(&mut site().text(path).as_bytes(), &mut compressed, &parameters)
                .expect("memory takes every byte");
            (compressed.len(), path)
        })
        .collect();
    let heavy: Vec<&(usize, &str)> = weights.iter().filter(|(bytes, _)| *bytes > MOST).collect();
    assert!(heavy.is_empty(), "{heavy:?}");
    assert!(weights.len() > 40, "pages are missing");
}
