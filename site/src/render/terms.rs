//! The first use of each term of the glossary in a text → a link to the glossary that shows what the term means.
//!
//! It is a link, so that its words wrap as all others do, and its meaning is shown in the way of a citation's reference.
//! Words in headings, links, citations, code, figures and tables stay as they are.

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};

use super::Renderer;
use crate::html::{escape, tag_end};
use crate::link::glossary::{Glossary, Term};

/// Finds terms.
pub struct Terms<'a> {
    glossary: &'a Glossary,
    finder: AhoCorasick,
    /// For each of the finder's words, the term that it is a form of.
    owners: Vec<usize>,
}

/// Elements whose words are not marked.
const APART: [&str; 17] = [
    "a", "h1", "h2", "h3", "h4", "h5", "h6", "cite", "code", "pre", "figure", "table", "sup", "data", "button", "svg",
    "math",
];

impl<'a> Terms<'a> {
    /// The terms of a glossary, in the singular and the plural.
    pub fn new(glossary: &'a Glossary) -> Self {
        let mut words = Vec::new();
        let mut owners = Vec::new();
        for (index, term) in glossary.terms.iter().enumerate() {
            for form in forms(&term.name) {
                words.push(form);
                owners.push(index);
            }
        }
        let finder = AhoCorasickBuilder::new()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::LeftmostLongest)
            .build(&words)
            .expect("a glossary is small enough to search for");
        Self { glossary, finder, owners }
    }

    /// The text `html`, with the first use of each term marked.
    pub fn mark(&self, renderer: &Renderer<'_>, html: &str) -> String {
        if self.owners.is_empty() {
            return html.to_owned();
        }
        let mut marked = String::with_capacity(html.len() + 4096);
        let mut seen = vec![false; self.glossary.terms.len()];
        // The element whose words are left alone, and how many of its kind are open.
        let mut apart: Option<(&str, usize)> = None;
        let mut rest = html;
        while !rest.is_empty() {
            let open = rest.find('<').unwrap_or(rest.len());
            let (words, tag) = rest.split_at(open);
            match apart {
                None => self.words(renderer, words, &mut seen, &mut marked),
                Some(_) => marked.push_str(words),
            }
            let end = tag_end(tag);
            apart = after(apart, &tag[..end]);
            marked.push_str(&tag[..end]);
            rest = &tag[end..];
        }
        marked
    }

    fn words(&self, renderer: &Renderer<'_>, text: &str, seen: &mut [bool], marked: &mut String) {
        let mut printed = 0;
        for found in self.finder.find_iter(text) {
            let term = self.owners[found.pattern().as_usize()];
            if seen[term] || !is_word(text, found.start(), found.end()) || is_name(text, found.start(), found.end()) {
                continue;
            }
            seen[term] = true;
            marked.push_str(&text[printed..found.start()]);
            marked.push_str(&self.link(renderer, &self.glossary.terms[term], &text[found.start()..found.end()]));
            printed = found.end();
        }
        marked.push_str(&text[printed..]);
    }

    fn link(&self, renderer: &Renderer<'_>, term: &Term, words: &str) -> String {
        let href = renderer.href(&format!("{}#{}", self.glossary.path, term.anchor));
        // A listener hears the meaning as the link's description, and not once more as words of the text.
        format!(
            "<span class=\"previewed\"><a class=\"term\" href=\"{href}\" aria-describedby=\"term-{id}\">{words}</a>\
             <span class=\"preview\" id=\"term-{id}\" aria-hidden=\"true\" hidden>{meaning}</span></span>",
            id = escape(&term.anchor),
            meaning = escape(&term.meaning),
            href = escape(&href),
        )
    }
}

/// The name and its plural.
fn forms(name: &str) -> [String; 2] {
    let plural = match name.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{stem}ies"),
        _ => format!("{name}s"),
    };
    [name.to_owned(), plural]
}

fn is_word(text: &str, start: usize, end: usize) -> bool {
    let joins = |c: char| c.is_alphanumeric() || c == '-' || c == '&';
    let before = text[..start].chars().next_back();
    let after = text[end..].chars().next();
    !before.is_some_and(joins) && !after.is_some_and(joins)
}

/// Whether capitals make the words a proper name: inside it, or at its start where no sentence begins.
fn is_name(text: &str, start: usize, end: usize) -> bool {
    let mut words = text[start..end].split([' ', '-']).map(|word| word.starts_with(char::is_uppercase));
    let first = words.next().unwrap_or(false);
    let before = text[..start].trim_end().chars().next_back();
    let begins_a_sentence = before.is_none_or(|c| matches!(c, '.' | '!' | '?' | ':' | '“' | '‘' | '('));
    words.any(|is_upper| is_upper) || first && !begins_a_sentence
}

/// Which element is left alone after a tag.
fn after<'t>(apart: Option<(&'t str, usize)>, tag: &'t str) -> Option<(&'t str, usize)> {
    let closes = tag.starts_with("</");
    let name = tag.trim_start_matches(['<', '/']);
    let name = &name[..name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len())];
    match apart {
        None if !closes && APART.contains(&name) => Some((name, 1)),
        Some((open, 1)) if closes && open == name => None,
        Some((open, depth)) if open == name => Some((open, if closes { depth - 1 } else { depth + 1 })),
        same => same,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_from_terms() {
        let rows = [
            ("a soft landing", 2, false),
            ("Canada’s Soft Landing", 11, true),
            ("Soft landing is", 0, false),
            ("Rare. Soft landing", 6, false),
            ("the Stock Exchange", 4, true),
        ];
        for (text, start, expected) in rows {
            let end = text[start..].to_lowercase().find("landing").map_or(start + 5, |at| start + at + 7);
            assert_eq!(is_name(text, start, end), expected, "{text}");
        }
    }

    #[test]
    fn words_end_where_letters_and_hyphens_do() {
        assert!(is_word("the lag, then", 4, 7));
        assert!(!is_word("the lags", 4, 7));
        assert!(!is_word("a micro-firm", 2, 7));
    }

    #[test]
    fn an_element_is_left_where_it_ends() {
        let mut apart = None;
        for (tag, inside) in
            [("<a href=x>", true), ("<b>", true), ("</b>", true), ("</a>", false), ("<p>", false), ("<table>", true)]
        {
            apart = after(apart, tag);
            assert_eq!(apart.is_some(), inside, "{tag}");
        }
        assert_eq!(after(after(apart, "<table>"), "</table>"), Some(("table", 1)));
    }
}
