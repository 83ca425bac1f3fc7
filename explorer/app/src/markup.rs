//! HTML as text, for what the explorer only shows.
//!
//! What a reader acts on is made of Leptos' elements, which are taken over one by one. What only shows numbers is written
//! anew as a whole when they change: that is a fraction of the code in the browser's program.

/// HTML that grows at its end.
#[derive(Default)]
pub struct Html(String);

impl Html {
    /// Adds markup as it is.
    pub fn tag(&mut self, markup: &str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Adds words, escaped for text and for quoted attributes.
    pub fn text(&mut self, words: &str) -> &mut Self {
        for character in words.chars() {
            match character {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                other => self.0.push(other),
            }
        }
        self
    }

    /// Adds words between an opening and a closing tag.
    pub fn element(&mut self, opening: &str, words: &str, closing: &str) -> &mut Self {
        self.tag(opening).text(words).tag(closing)
    }

    /// The whole of it.
    pub fn finish(&mut self) -> String {
        std::mem::take(&mut self.0)
    }
}

/// Markup that never changes once the page is built: the browser's program finds it in the page and does not carry it.
pub fn fixed(markup: impl FnOnce(&mut Html)) -> String {
    let mut html = Html::default();
    if cfg!(not(feature = "hydrate")) {
        markup(&mut html);
    }
    html.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_cannot_become_markup() {
        let mut html = Html::default();
        html.element("<b title=\"", "\"><script>", "\">").element("", "R&D < 5", "</b>");
        assert_eq!(html.finish(), "<b title=\"&quot;&gt;&lt;script&gt;\">R&amp;D &lt; 5</b>");
    }
}
