//! HTML without what only its authors need, when that changes nothing for its readers.

use crate::html::visible_text;

/// A page made smaller, and whether that had to be undone.
pub struct Minified {
    /// The page to publish.
    pub html: Vec<u8>,
    /// Whether the words would have changed, so that the page is published as it was.
    pub undone: bool,
}

/// Minifies a page, and keeps it as it was where its words would change: the minifier drops spaces between inline
/// elements that stand directly in layout elements.
pub fn minify(page: String) -> Minified {
    let cfg = minify_html::Cfg {
        keep_closing_tags: true,
        keep_html_and_head_opening_tags: true,
        ..minify_html::Cfg::default()
    };
    let minified = minify_html::minify(page.as_bytes(), &cfg);
    let same = std::str::from_utf8(&minified).is_ok_and(|small| visible_text(small) == visible_text(&page));
    if same { Minified { html: minified, undone: false } } else { Minified { html: page.into_bytes(), undone: true } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_whose_words_would_change_is_published_as_it_was() {
        let page = "<!doctype html><title>x</title><body><nav><a href=/a>one</a> <a href=/b>two</a></nav>";
        let minified = minify(page.to_owned());
        assert!(minified.undone);
        assert_eq!(minified.html, page.as_bytes());
    }

    #[test]
    fn white_space_between_blocks_goes() {
        let minified = minify("<!doctype html>\n<title>x</title>\n<body>\n\n<p>one</p>\n\n<p>two</p>\n".to_owned());
        assert!(!minified.undone);
        assert!(minified.html.len() < 60, "{}", String::from_utf8_lossy(&minified.html));
    }
}
