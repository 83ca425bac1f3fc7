//! The identifier of a licence, as data have it → its name for readers.

/// `CC BY-SA 4.0` for the SPDX expression `CC-BY-SA-4.0`, `MIT or Apache 2.0` for `MIT OR Apache-2.0`; other words stay as
/// they are.
pub fn name(expression: &str) -> String {
    let words = expression.split(' ').map(|word| match word {
        "OR" => "or".to_owned(),
        "AND" => "and".to_owned(),
        "WITH" => "with".to_owned(),
        id => one(id),
    });
    words.collect::<Vec<String>>().join(" ")
}

fn one(id: &str) -> String {
    let id = id.strip_prefix("CC-").map_or_else(|| id.to_owned(), |rest| format!("CC {rest}"));
    match id.rsplit_once('-') {
        Some((name, version)) if version.starts_with(|first: char| first.is_ascii_digit()) => {
            format!("{name} {version}")
        }
        _ => id,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readers_see_names_and_no_identifiers() {
        for (expression, expected) in [
            ("CC-BY-4.0", "CC BY 4.0"),
            ("CC-BY-NC-SA-4.0", "CC BY-NC-SA 4.0"),
            ("CC0-1.0", "CC0 1.0"),
            ("MIT OR Apache-2.0", "MIT or Apache 2.0"),
            ("BSD-3-Clause", "BSD-3-Clause"),
            ("CC BY 4.0", "CC BY 4.0"),
            ("Ask the office", "Ask the office"),
            ("", ""),
        ] {
            assert_eq!(name(expression), expected);
        }
    }
}
