//! The picture of a chart as SVG → the same as PNG, set in the site's own typeface.
//!
//! A picture that was drawn before is taken from what is kept.

use std::collections::HashMap;
use std::error::Error;
use std::sync::{Arc, OnceLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{self, fontdb};
use sha2::{Digest, Sha256};

use crate::html::hex;
use crate::kept::Pictures;
use crate::load::Sources;

const FONTS: &str = "site/assets/fonts/";
/// Pixels of the PNG for one of the SVG, so that it is sharp on fine screens and in print.
const SCALE: f32 = 2.0;

/// What draws: this file, and the versions of the libraries it calls.
const DRAWN_BY: [&[u8]; 2] = [include_bytes!("raster.rs"), include_bytes!("../../../Cargo.lock")];

/// Draws pictures, or finds those drawn before.
pub struct Raster<'a> {
    sources: &'a Sources,
    kept: Option<&'a Pictures>,
    /// All that pictures are made of besides their own SVG.
    basis: Sha256,
    /// The typefaces, once a picture needs them.
    options: OnceLock<usvg::Options<'static>>,
}

impl<'a> Raster<'a> {
    /// With the typefaces among the site's assets, and what is kept from earlier builds.
    pub fn new(sources: &'a Sources, kept: Option<&'a Pictures>) -> Self {
        let mut basis = Sha256::new();
        let typefaces = typefaces(sources);
        for part in DRAWN_BY.into_iter().chain([std::env::consts::ARCH.as_bytes()]).chain(typefaces) {
            basis.update(part.len().to_le_bytes());
            basis.update(part);
        }
        Self { sources, kept, basis, options: OnceLock::new() }
    }

    /// The PNG of an SVG; none when it is no drawing.
    pub fn png(&self, svg: &str) -> Option<Vec<u8>> {
        let Some(kept) = self.kept else { return self.drawn(svg) };
        let name = hex(&self.basis.clone().chain_update(svg).finalize()[..16]);
        kept.get(&name).or_else(|| self.drawn(svg).inspect(|png| kept.put(&name, png)))
    }

    fn drawn(&self, svg: &str) -> Option<Vec<u8>> {
        let tree = usvg::Tree::from_str(svg, self.options.get_or_init(|| options(self.sources))).ok()?;
        let size = tree.size().to_int_size().scale_by(SCALE)?;
        let mut pixels = Pixmap::new(size.width(), size.height())?;
        resvg::render(&tree, Transform::from_scale(SCALE, SCALE), &mut pixels.as_mut());
        encoded(&pixels)
    }
}

/// The typefaces as they are published. Charts set nothing in italics.
fn typefaces(sources: &Sources) -> impl Iterator<Item = &[u8]> {
    let files = sources.under(FONTS).filter(|path| path.ends_with(".woff2") && !path.contains("italic"));
    files.filter_map(|path| sources.bytes(path))
}

fn options(sources: &Sources) -> usvg::Options<'static> {
    let mut fonts = fontdb::Database::new();
    // A typeface that cannot be read is missed in the browser too.
    for face in typefaces(sources).filter_map(unpacked) {
        fonts.load_font_data(face);
    }
    let any = fonts.faces().next().and_then(|face| face.families.first().map(|(name, _)| name.clone()));
    fonts.set_serif_family(any.unwrap_or_default());
    usvg::Options { fontdb: Arc::new(fonts), ..usvg::Options::default() }
}

/// The pixels as PNG. Charts have few colours: numbered ones make a file a third as large, in a third of the time.
fn encoded(pixels: &Pixmap) -> Option<Vec<u8>> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, pixels.width(), pixels.height());
    let numbered = numbered(pixels.data());
    let data = match &numbered {
        Some((colours, numbers)) => {
            encoder.set_color(png::ColorType::Indexed);
            encoder.set_palette(colours.as_slice());
            encoder.set_filter(png::Filter::NoFilter);
            numbers.as_slice()
        }
        None => {
            encoder.set_color(png::ColorType::Rgba);
            pixels.data()
        }
    };
    encoder.write_header().and_then(|mut writer| writer.write_image_data(data)).ok()?;
    Some(file)
}

/// The colours of opaque pixels in the order of their first use, three bytes each, and for each pixel its colour's number;
/// none where there are more than a byte can count, or where a pixel lets light through.
fn numbered(pixels: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let mut numbers = Vec::with_capacity(pixels.len() / 4);
    let mut known: HashMap<[u8; 3], u8> = HashMap::new();
    let mut colours = Vec::new();
    let mut last = None;
    for pixel in pixels.chunks_exact(4) {
        let colour = [pixel[0], pixel[1], pixel[2]];
        let number = match last {
            Some((same, number)) if same == colour => number,
            _ => match known.get(&colour) {
                Some(&number) => number,
                None => {
                    let number = u8::try_from(known.len()).ok()?;
                    known.insert(colour, number);
                    colours.extend(colour);
                    number
                }
            },
        };
        if pixel[3] != u8::MAX {
            return None;
        }
        last = Some((colour, number));
        numbers.push(number);
    }
    Some((colours, numbers))
}

/// A typeface as it was before it was packed for the web.
fn unpacked(woff2: &[u8]) -> Option<Vec<u8>> {
    let mut unpack = |packed: &[u8], length: usize| -> Result<Vec<u8>, Box<dyn Error>> {
        let mut bytes = Vec::with_capacity(length);
        brotli::BrotliDecompress(&mut &*packed, &mut bytes)?;
        Ok(bytes)
    };
    wuff::decompress_woff2_with_custom_brotli(woff2, &mut unpack).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_colours_are_numbered_and_many_are_not() {
        let white = [255, 255, 255, 255];
        let green = [0, 128, 0, 255];
        let pixels = [white, white, green, white].concat();
        assert_eq!(numbered(&pixels), Some((vec![255, 255, 255, 0, 128, 0], vec![0, 0, 1, 0])));
        assert_eq!(numbered(&[255, 255, 255, 254]), None);
        let greys =
            |count: usize| (0..count).flat_map(|n| [(n % 256) as u8, (n / 256) as u8, 0, 255]).collect::<Vec<u8>>();
        assert!(numbered(&greys(256)).is_some());
        assert_eq!(numbered(&greys(257)), None);
    }
}
