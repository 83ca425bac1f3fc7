//! How wide words are in the bundled face, and how they are broken into lines.
//!
//! Charts are laid out before anything is drawn and where nothing can be drawn, so text is measured with the
//! face's own advance widths. Kerning is left out: it makes text a little narrower, never wider.

mod advances;

/// Size of every text in a chart.
pub const SIZE: f64 = 13.0;
/// From one line of text to the next.
pub const LINE: f64 = 16.0;
/// How far below the middle of a line its letters stand, so that figures look centred.
pub const DROP: f64 = 4.5;

/// Thickness of the letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Of running text.
    Regular,
    /// Of names that stand out.
    Semibold,
}

/// Width of one line of text.
pub fn width(text: &str, weight: Weight) -> f64 {
    let table = match weight {
        Weight::Regular => &advances::REGULAR,
        Weight::Semibold => &advances::SEMIBOLD,
    };
    let thousandths: u32 = text.chars().map(|character| u32::from(advance(character, table))).sum();
    f64::from(thousandths) * SIZE / 1000.0
}

fn advance(character: char, table: &[u16]) -> u16 {
    // Wide enough for any sign that another font has to lend.
    const UNKNOWN: u16 = 1000;
    let Ok(code) = u16::try_from(u32::from(character)) else { return UNKNOWN };
    let after = advances::RUNS.partition_point(|&(first, _)| first <= code);
    let Some(&(first, index)) = after.checked_sub(1).and_then(|run| advances::RUNS.get(run)) else { return UNKNOWN };
    let end = advances::RUNS.get(after).map_or(table.len(), |&(_, index)| index.into());
    let place = usize::from(index) + usize::from(code - first);
    if place < end { table[place] } else { UNKNOWN }
}

/// Breaks text into lines no wider than `room`, as few as possible and of similar length.
///
/// Words that are wider by themselves are broken inside; no-break spaces are part of a word. There is always at least
/// one line.
pub fn wrap(text: &str, weight: Weight, room: f64) -> Vec<String> {
    let lines = fill(text, weight, room);
    // The narrowest room that needs no more lines evens them out.
    let mut even = lines.clone();
    let mut narrower = room - 4.0;
    while lines.len() > 1 && narrower > room / 2.0 && narrower > longest_word(text, weight) {
        let candidate = fill(text, weight, narrower);
        if candidate.len() > lines.len() {
            break;
        }
        even = candidate;
        narrower -= 4.0;
    }
    even
}

/// Width of the longest part that [`wrap`] would rather not break.
pub fn longest_word(text: &str, weight: Weight) -> f64 {
    text.split_ascii_whitespace().flat_map(pieces).map(|piece| width(piece, weight)).fold(0.0, f64::max)
}

/// Width of the widest line.
pub fn widest(lines: &[String], weight: Weight) -> f64 {
    lines.iter().map(|line| width(line, weight)).fold(0.0, f64::max)
}

fn fill(text: &str, weight: Weight, room: f64) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_ascii_whitespace() {
        for (place, piece) in pieces(word).enumerate() {
            let gap = if place == 0 { " " } else { "" };
            add(&mut lines, gap, piece, weight, room);
        }
    }
    lines
}

fn add(lines: &mut Vec<String>, gap: &str, piece: &str, weight: Weight, room: f64) {
    let Some(line) = lines.last_mut() else { return };
    let joined = if line.is_empty() { piece.to_string() } else { format!("{line}{gap}{piece}") };
    if width(&joined, weight) <= room {
        *line = joined;
        return;
    }
    if !line.is_empty() {
        lines.push(String::new());
    }
    for character in piece.chars() {
        let Some(line) = lines.last_mut() else { return };
        line.push(character);
        if line.chars().count() > 1 && width(line, weight) > room {
            line.pop();
            lines.push(character.into());
        }
    }
}

/// The parts of a word between which a line may end: after hyphens, dashes and slashes.
fn pieces(word: &str) -> impl Iterator<Item = &str> {
    word.split_inclusive(['-', '–', '—', '/'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_those_of_the_face() {
        assert_eq!(width("0", Weight::Regular), 0.534 * SIZE);
        assert!(width("Services", Weight::Semibold) > width("Services", Weight::Regular));
        assert_eq!(width("漢", Weight::Regular), SIZE);
        assert_eq!(width("", Weight::Regular), 0.0);
    }

    #[test]
    fn lines_are_few_and_even() {
        for (text, room, expected) in [
            ("Computer and Information Services", 140.0, &["Computer and", "Information Services"][..]),
            ("Telecommunications", 140.0, &["Telecommunications"]),
            ("Micro-multinationals", 110.0, &["Micro-", "multinationals"]),
            ("Anticonstitutionnellement", 80.0, &["Anticonstitu", "tionnelleme", "nt"]),
            ("", 80.0, &[""]),
            ("a b", 0.0, &["a", "b"]),
        ] {
            assert_eq!(wrap(text, Weight::Regular, room), expected, "{text} in {room}");
        }
    }
}
