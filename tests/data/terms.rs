//! The glossary's terms in briefs and recommendations.

use std::collections::BTreeSet;

use tests::html::Page;

use super::site;

#[test]
fn a_term_is_marked_once_in_a_text_and_says_what_it_means() {
    let tree = site();
    let glossary = Page::read(tree, "glossary/index.html");
    let anchors = glossary.ids();
    let mut marked = 0;
    for path in tree.pages() {
        let page = Page::read(tree, path);
        let terms = page.all("a.term");
        let is_text = ["briefs/", "recommendations/"].iter().any(|folder| path.starts_with(folder));
        assert!(is_text || terms.is_empty(), "{path} marks terms");
        let mut seen = BTreeSet::new();
        for term in terms {
            let target = term.value().attr("aria-describedby").expect("a listener hears what the term means");
            assert!(seen.insert(target), "{path} marks {target} twice");
            let meaning = page.texts(&format!(".previewed > a.term + #{target}.preview[hidden]")).concat();
            assert!(meaning.len() > 40, "{path}: {target} says “{meaning}”");
            let anchor = target.strip_prefix("term-").expect("its id says what it is");
            assert!(anchors.contains(anchor), "the glossary has no {anchor}");
            assert_eq!(term.value().attr("href"), Some(format!("/glossary/#{anchor}").as_str()), "{path}");
            marked += 1;
        }
        let apart = "a a.term, h2 a.term, h3 a.term, figure a.term, table a.term";
        assert!(page.all(apart).is_empty(), "{path} marks words in a link, a heading, a figure or a table");
    }
    assert!(marked > 20, "only {marked} terms are marked");
}
