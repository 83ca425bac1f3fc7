//! What has to change in a page so that one piece of markup becomes another.
//!
//! A lever that is dragged changes a few words and the course of a few lines. To write whole charts anew for that would
//! have the browser read, lay out and paint all of them, which takes longer than a frame; it would also close tables that
//! a reader has opened.

use std::borrow::Cow;

/// A node of the page, as far as it can be changed.
pub trait Node: Sized {
    /// The first thing in it, words or an element.
    fn first(&self) -> Option<Self>;
    /// What comes after it in the same element.
    fn next(&self) -> Option<Self>;
    /// Gives words other words.
    fn set_words(&self, words: &str);
    /// Gives an element an attribute, or takes it.
    fn set_attribute(&self, name: &str, value: Option<&str>);
    /// Gives an element other content.
    fn set_content(&self, markup: &str);
}

/// What stands at a place.
enum Item<'a> {
    Words(&'a str),
    Element { name: &'a str, attributes: &'a str, content: &'a str },
}

/// Changes what is in `parent` from one piece of markup to another, and touches nothing that stays. Where other elements
/// are to stand than stood, the element around them is written anew.
///
/// Markup is as this crate writes it: attributes stand in double quotes, every element is closed, and `<`, `>` and `"` in
/// words and values are escaped.
pub fn patch(parent: &impl Node, old: &str, new: &str) {
    if old == new {
        return;
    }
    let (Some(before), Some(after)) = (items(old), items(new)) else { return parent.set_content(new) };
    if before.len() != after.len() || !before.iter().zip(&after).all(|(before, after)| before.is_like(after)) {
        return parent.set_content(new);
    }
    let mut place = parent.first();
    for (before, after) in before.iter().zip(&after) {
        let Some(node) = place else { return parent.set_content(new) };
        change(&node, before, after);
        place = node.next();
    }
}

fn change(node: &impl Node, before: &Item, after: &Item) {
    match (before, after) {
        (Item::Words(old), Item::Words(new)) if old != new => node.set_words(&plain(new)),
        (
            Item::Element { attributes: old, content: before, .. },
            Item::Element { attributes: new, content: after, .. },
        ) => {
            if old != new {
                for (name, value) in values(new) {
                    if values(old).all(|known| known != (name, value)) {
                        node.set_attribute(name, Some(&plain(value)));
                    }
                }
                for (name, _) in values(old).filter(|(name, _)| values(new).all(|(kept, _)| kept != *name)) {
                    node.set_attribute(name, None);
                }
            }
            patch(node, before, after);
        }
        _ => {}
    }
}

impl Item<'_> {
    fn is_like(&self, other: &Item) -> bool {
        match (self, other) {
            (Item::Words(_), Item::Words(_)) => true,
            (Item::Element { name, .. }, Item::Element { name: other, .. }) => name == other,
            _ => false,
        }
    }
}

/// What stands side by side in a piece of markup; none if an element is not closed.
fn items(markup: &str) -> Option<Vec<Item<'_>>> {
    let mut items = Vec::new();
    let mut rest = markup;
    while !rest.is_empty() {
        let (words, from_tag) = rest.split_at(rest.find('<').unwrap_or(rest.len()));
        if !words.is_empty() {
            items.push(Item::Words(words));
        }
        rest = from_tag;
        if let Some((tag, after)) = from_tag.strip_prefix('<').and_then(|tag| tag.split_once('>')) {
            let (tag, is_empty) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
            let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
            let (content, following) = if is_empty { ("", after) } else { content(after)? };
            items.push(Item::Element { name, attributes, content });
            rest = following;
        } else if !from_tag.is_empty() {
            return None;
        }
    }
    Some(items)
}

/// Splits what follows an opening tag into what is in the element and what comes after it.
fn content(markup: &str) -> Option<(&str, &str)> {
    let (mut depth, mut at) = (0, 0);
    loop {
        let opened = at + markup[at..].find('<')?;
        let closed = opened + markup[opened..].find('>')?;
        at = closed + 1;
        match (markup[opened..].starts_with("</"), markup[..closed].ends_with('/')) {
            (true, _) if depth == 0 => return Some((&markup[..opened], &markup[at..])),
            (true, _) => depth -= 1,
            (false, false) => depth += 1,
            (false, true) => {}
        }
    }
}

/// Names and values of attributes.
fn values(attributes: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = attributes;
    std::iter::from_fn(move || {
        let (name, value) = rest.split_once('=')?;
        let (value, following) = value.strip_prefix('"')?.split_once('"')?;
        rest = following;
        Some((name.trim_start(), value))
    })
}

/// Words that were escaped for markup.
fn plain(words: &str) -> Cow<'_, str> {
    let mut parts = words.split('&');
    let first = parts.next().unwrap_or_default();
    let mut plain = Cow::Borrowed(first);
    for part in parts {
        let (letter, following) = match part.split_once(';') {
            Some(("amp", following)) => ('&', following),
            Some(("lt", following)) => ('<', following),
            Some(("gt", following)) => ('>', following),
            Some(("quot", following)) => ('"', following),
            _ => ('&', part),
        };
        let plain = plain.to_mut();
        plain.push(letter);
        plain.push_str(following);
    }
    plain
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::rc::Rc;

    use proptest::collection::{btree_map, vec};
    use proptest::prelude::*;

    use super::*;
    use crate::markup::Html;

    /// A page, and how often it was changed.
    #[derive(Default)]
    struct Page {
        things: Vec<Thing>,
        log: Vec<String>,
    }

    /// Words or an element at its place in the page.
    #[derive(Clone, Default, PartialEq)]
    struct Thing {
        name: String,
        words: String,
        attributes: Vec<(String, String)>,
        children: Vec<usize>,
        next: Option<usize>,
    }

    #[derive(Clone)]
    struct At(Rc<RefCell<Page>>, usize);

    impl At {
        fn page(markup: &str) -> Self {
            let root = Self(Rc::default(), 0);
            root.0.borrow_mut().things.push(Thing::default());
            root.write(markup);
            root
        }

        fn write(&self, markup: &str) {
            let children = items(markup).unwrap_or_default().into_iter().map(|item| self.add(item)).collect::<Vec<_>>();
            let mut page = self.0.borrow_mut();
            for pair in children.windows(2) {
                page.things[pair[0]].next = Some(pair[1]);
            }
            page.things[self.1].children = children;
        }

        fn add(&self, item: Item) -> usize {
            let (thing, content) = match item {
                Item::Words(words) => (Thing { words: plain(words).into_owned(), ..Thing::default() }, ""),
                Item::Element { name, attributes, content } => {
                    let attributes = values(attributes).map(|(name, value)| (name.into(), plain(value).into()));
                    (Thing { name: name.into(), attributes: attributes.collect(), ..Thing::default() }, content)
                }
            };
            let place = self.0.borrow().things.len();
            self.0.borrow_mut().things.push(thing);
            Self(Rc::clone(&self.0), place).write(content);
            place
        }

        fn markup(&self) -> String {
            let thing = self.0.borrow().things[self.1].clone();
            let inside: String = thing.children.iter().map(|child| Self(Rc::clone(&self.0), *child).markup()).collect();
            let mut html = Html::default();
            match thing.name.as_str() {
                "" => html.text(&thing.words).tag(&inside),
                name => {
                    html.tag("<").tag(name);
                    for (name, value) in &thing.attributes {
                        html.tag(" ").tag(name).element("=\"", value, "\"");
                    }
                    html.tag(">").tag(&inside).tag("</").tag(name).tag(">")
                }
            };
            html.finish()
        }

        fn log(&self) -> Vec<String> {
            self.0.borrow().log.clone()
        }

        fn change(&self, what: String, change: impl FnOnce(&mut Thing)) {
            let mut page = self.0.borrow_mut();
            page.log.push(what);
            change(&mut page.things[self.1]);
        }
    }

    impl Node for At {
        fn first(&self) -> Option<Self> {
            self.0.borrow().things[self.1].children.first().map(|child| Self(Rc::clone(&self.0), *child))
        }

        fn next(&self) -> Option<Self> {
            self.0.borrow().things[self.1].next.map(|next| Self(Rc::clone(&self.0), next))
        }

        fn set_words(&self, words: &str) {
            self.change(format!("words {words}"), |thing| thing.words = words.into());
        }

        fn set_attribute(&self, name: &str, value: Option<&str>) {
            self.change(format!("{name} {value:?}"), |thing| {
                match (thing.attributes.iter_mut().find(|(known, _)| known == name), value) {
                    (Some((_, old)), Some(value)) => *old = value.into(),
                    (None, Some(value)) => thing.attributes.push((name.into(), value.into())),
                    (_, None) => thing.attributes.retain(|(known, _)| known != name),
                }
            });
        }

        fn set_content(&self, markup: &str) {
            self.change("content".into(), |_| ());
            self.write(markup);
        }
    }

    #[test]
    fn only_what_differs_is_touched() {
        let old = "<svg><title>A</title><path class=\"l\" d=\"M0 0\"/><g><text x=\"1\">5</text></g></svg><p>same</p>";
        let new =
            "<svg><title>A</title><path class=\"l\" d=\"M1 1\"/><g><text x=\"1\">6 &lt; 7</text></g></svg><p>same</p>";
        let page = At::page(old);
        patch(&page, old, new);
        assert_eq!(page.log(), ["d Some(\"M1 1\")", "words 6 < 7"]);
    }

    #[test]
    fn what_has_other_elements_is_written_anew_and_no_more() {
        let old = "<g><text>1</text></g><g><text>2</text></g>";
        let new = "<g><text>1</text><text>3</text></g><g><text>4</text></g>";
        let page = At::page(old);
        patch(&page, old, new);
        assert_eq!(page.log(), ["content", "words 4"]);
        assert_eq!(page.markup(), new);
    }

    #[test]
    fn attributes_come_and_go() {
        let page = At::page("<b class=\"x\" id=\"i\">w</b>");
        patch(&page, "<b class=\"x\" id=\"i\">w</b>", "<b id=\"i\" title=\"&amp;\">w</b>");
        assert_eq!(page.log(), ["title Some(\"&\")", "class None"]);
    }

    #[test]
    fn markup_that_is_not_closed_is_left_to_the_browser() {
        let page = At::page("<b>w</b>");
        patch(&page, "<b>w</b>", "<b>w<i>");
        assert_eq!(page.log(), ["content"]);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_markup_becomes_any_other(old in markup(), new in markup()) {
            let page = At::page(&old);
            patch(&page, &old, &new);
            prop_assert_eq!(sorted(&page), sorted(&At::page(&new)));
        }
    }

    /// What is on a page, whatever the order of attributes.
    fn sorted(page: &At) -> String {
        page.0.borrow_mut().things.iter_mut().for_each(|thing| thing.attributes.sort());
        page.markup()
    }

    fn markup() -> impl Strategy<Value = String> {
        let words = "[a-c<&\"> ]{1,3}".prop_map(|words| {
            let mut html = Html::default();
            html.text(&words);
            html.finish()
        });
        let leaf = prop_oneof![words, Just(String::new())];
        leaf.prop_recursive(4, 24, 4, |inner| {
            let attributes = btree_map("[d-f]", "[a-c&<]{0,2}", 0..3);
            ("[g-h]", attributes, vec(inner, 0..4)).prop_map(|(name, attributes, children)| {
                let mut html = Html::default();
                html.tag("<").tag(&name);
                for (name, value) in &attributes {
                    html.tag(" ").tag(name).element("=\"", value, "\"");
                }
                html.tag(">");
                // Words side by side would be one stretch of words.
                children.iter().for_each(|child| {
                    html.tag(child);
                });
                html.tag("</").tag(&name).tag(">");
                html.finish()
            })
        })
    }
}
