//! Small rules of HTML and of addresses that several stages share.

use std::fmt::Write as _;

/// `text` with the five characters that mean something in HTML replaced.
///
/// ```
/// assert_eq!(site::html::escape("a < \"b\" & c"), "a &lt; &quot;b&quot; &amp; c");
/// ```
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// `text` as the last part of an address: lower-case letters, digits and single hyphens; letters keep their script.
///
/// ```
/// assert_eq!(site::html::slug("What changed, and why?"), "what-changed-and-why");
/// assert_eq!(site::html::slug("Über 50%"), "über-50");
/// ```
pub fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for character in text.chars().flat_map(char::to_lowercase) {
        if character.is_alphanumeric() {
            slug.push(character);
        } else if matches!(character, '\'' | '’') {
            continue;
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

/// The words a reader of the page `html` sees or hears, in order, white space folded: what minifying must not change.
pub fn visible_text(html: &str) -> String {
    let mut text = String::with_capacity(html.len() / 2);
    let mut rest = html;
    let mut space = true;
    while let Some(open) = rest.find('<') {
        push_folded(&mut text, &rest[..open], &mut space);
        rest = &rest[open..];
        let end = if rest.starts_with("<!--") {
            rest.find("-->").map_or(rest.len(), |at| at + 3)
        } else if ["<script", "<style"].iter().any(|tag| rest.starts_with(tag)) {
            let name = &rest[1..rest.find(|c: char| c == '>' || c.is_whitespace()).unwrap_or(rest.len())];
            let closing = format!("</{name}");
            let close = rest.find(&closing).unwrap_or(rest.len());
            rest[close..].find('>').map_or(rest.len(), |at| close + at + 1)
        } else {
            tag_end(rest)
        };
        // Block boundaries are spaces to a reader, inline ones are not.
        if is_block(&rest[..end]) && !space {
            text.push(' ');
            space = true;
        }
        rest = &rest[end..];
    }
    push_folded(&mut text, rest, &mut space);
    text.truncate(text.trim_end().len());
    decode_entities(&text)
}

fn push_folded(text: &mut String, raw: &str, space: &mut bool) {
    for character in raw.chars() {
        if character.is_ascii_whitespace() {
            if !*space {
                text.push(' ');
                *space = true;
            }
        } else {
            text.push(character);
            *space = false;
        }
    }
}

/// One past the `>` that ends the tag at the start of `rest`; quoted attribute values may hold `>`.
pub fn tag_end(rest: &str) -> usize {
    let mut quote = None;
    for (index, byte) in rest.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return index + 1,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    rest.len()
}

fn is_block(tag: &str) -> bool {
    const INLINE: [&str; 22] = [
        "a", "abbr", "b", "cite", "code", "data", "em", "i", "kbd", "mark", "q", "s", "small", "span", "strong", "sub",
        "sup", "time", "tspan", "u", "var", "wbr",
    ];
    let name = tag.trim_start_matches(['<', '/']);
    let name = &name[..name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len())];
    !INLINE.contains(&name)
}

fn decode_entities(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        decoded.push_str(&rest[..at]);
        rest = &rest[at..];
        let (entity, character) = [
            ("&amp;", "&"),
            ("&lt;", "<"),
            ("&gt;", ">"),
            ("&quot;", "\""),
            ("&#39;", "'"),
            ("&nbsp;", "\u{a0}"),
            ("&amp", "&"),
            ("&lt", "<"),
            ("&gt", ">"),
            ("&quot", "\""),
            ("&", "&"),
        ]
        .into_iter()
        .find(|(entity, _)| rest.starts_with(entity))
        .expect("the last one always matches");
        decoded.push_str(character);
        rest = &rest[entity.len()..];
    }
    decoded.push_str(rest);
    decoded
}

/// `bytes` in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        write!(text, "{byte:02x}").expect("writing to a string succeeds");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn visible_text_sees_words_and_not_markup() {
        let rows = [
            ("<p>one <b>two</b> three</p>", "one two three"),
            ("<p>one</p>\n<p>two</p>", "one two"),
            ("<p>a<sup>1</sup>b", "a1b"),
            ("<a title='>'>x</a><!-- y --> &amp; z", "x & z"),
            ("<script>let x = '<p>';</script><p>x</p>", "x"),
        ];
        for (html, text) in rows {
            assert_eq!(visible_text(html), text, "{html}");
        }
    }

    #[test]
    fn a_lost_space_between_inline_elements_changes_the_visible_text() {
        assert_ne!(visible_text("<a>one</a> <a>two</a>"), visible_text("<a>one</a><a>two</a>"));
    }
}
