//! The works that a page without a text of its own cites: short where they are named, in full at its end.

use std::collections::BTreeMap;

use super::Renderer;
use super::citations::Previews;
use crate::html::escape;
use crate::parse::citation::{Citation, Form, Item};

/// Works by key, each printed once.
pub struct Works {
    short: BTreeMap<String, String>,
    /// The list of references as HTML.
    pub bibliography: String,
}

impl Works {
    /// Prints the works with these keys; what is no key of the bibliography stands as it is.
    pub fn print<'k>(renderer: &Renderer<'_>, keys: impl IntoIterator<Item = &'k str>) -> Self {
        let mut known: Vec<&str> = keys.into_iter().filter(|key| renderer.site.works.get(key).is_some()).collect();
        known.sort_unstable();
        known.dedup();
        let item = |key: &str| Item {
            key: key.to_owned(),
            span: 0..0,
            prefix: String::new(),
            suffix: String::new(),
            without_author: false,
        };
        let citations: Vec<Citation> =
            known.iter().map(|key| Citation { items: vec![item(key)], form: Form::InText }).collect();
        let printed = renderer.style.print(&renderer.site.works, &citations, Previews::Absent);
        let short = known.into_iter().map(str::to_owned).zip(printed.unanchored()).collect();
        Self { short, bibliography: printed.list(false) }
    }

    /// By key, what each work is called in a text, as HTML.
    pub fn into_short(self) -> BTreeMap<String, String> {
        self.short
    }

    /// The works of these keys in the text, as HTML; judgement is no work.
    pub fn cited(&self, keys: &[String]) -> String {
        let words = keys.iter().map(|key| self.short.get(key).cloned().unwrap_or_else(|| escape(key)));
        words.collect::<Vec<_>>().join("; ")
    }
}
