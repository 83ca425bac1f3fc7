//! A picture that is no picture file of this site: readers' browsers ask nobody else, and know no other kind.

use diagnostic::{Diagnostic, Diagnostics, Place};

use crate::link::{Linked, Target};
use crate::load::Sources;
use crate::parse::markdown::Segment;
use crate::picture;

/// Reports each.
pub fn foreign_image<F>(linked: &Linked<F>, sources: &Sources, diagnostics: &mut Diagnostics) {
    let body = &linked.document.body;
    let segments = body.segments.iter().chain(body.notes.iter().flat_map(|note| &note.segments));
    for segment in segments {
        let Segment::Image(index, _) = segment else { continue };
        let place = || Place::new(&linked.document.file, body.links[*index].span.clone());
        match &linked.targets[*index] {
            Target::External(address) => diagnostics.push(
                Diagnostic::error("foreign-image", place(), format!("`{address}` is a picture of another site"))
                    .help("save it beside this text if its licence allows, and name the file: pages load nothing from elsewhere"),
            ),
            Target::File(file) if sources.bytes(file).and_then(picture::size).is_none() => diagnostics.push(
                Diagnostic::error("foreign-image", place(), format!("`{file}` does not say how large a picture it is"))
                    .help("use PNG, JPEG, WebP, AVIF, GIF, or SVG with a viewBox: its place is kept while it loads"),
            ),
            Target::Number(_) => diagnostics.push(
                Diagnostic::error("foreign-image", place(), "the address of a picture is that of a number")
                    .help("take out the exclamation mark before the link"),
            ),
            // What does not exist has been reported.
            Target::File(_) | Target::Internal(_) => {}
        }
    }
}
