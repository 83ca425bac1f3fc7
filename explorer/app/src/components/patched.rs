//! Markup in an element that is changed where it differs.

use leptos::attr::IntoAttributeValue;
use leptos::html::InnerHtmlValue;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{self, Element};

use super::reactive::words;
use crate::patch::{Node, patch};

/// For an element's `inner_html`: markup of which only what has changed is put into the page.
#[derive(Clone, Copy)]
pub struct Patched {
    markup: Signal<String>,
    /// What it is made from, where that is looked at alone as long as the page is as it was built.
    sources: Option<Signal<()>>,
}

/// What the page shows.
pub struct Present {
    element: Element,
    /// None as long as it is what the page was built with and was not made once more.
    markup: Option<String>,
    /// Whether the page was built with it: tags that a browser does without were then left out.
    is_as_built: bool,
}

/// Markup that changes with what it is made from.
pub fn patched(markup: impl Fn() -> String + Send + Sync + 'static) -> Patched {
    Patched { markup: words(markup), sources: None }
}

/// The same for markup that takes long to make: what the page was built with is not made once more. `sources` looks at all
/// that it is made from.
pub fn patched_from(
    sources: impl Fn() + Send + Sync + 'static,
    markup: impl Fn() -> String + Send + Sync + 'static,
) -> Patched {
    fn derive(sources: Box<dyn Fn() + Send + Sync>) -> Signal<()> {
        Signal::derive(sources)
    }
    Patched { sources: Some(derive(Box::new(sources))), ..patched(markup) }
}

impl Present {
    fn of(element: &Element, markup: Option<String>, is_as_built: bool) -> Self {
        Self { element: element.clone(), markup, is_as_built }
    }

    fn turn_into(&mut self, markup: String) {
        if self.markup.as_ref() != Some(&markup) {
            match &self.markup {
                Some(present) if !self.is_as_built => patch(&Place(self.element.clone().into()), present, &markup),
                _ => write(&self.element, &markup),
            }
            (self.markup, self.is_as_built) = (Some(markup), false);
        }
    }
}

/// Writes an element's content anew; what a reader has opened in it stays open.
fn write(element: &Element, markup: &str) {
    let open = folds(element);
    element.set_inner_html(markup);
    for (fold, was_open) in folds(element).iter().zip(&open) {
        if was_open.has_attribute("open") {
            // What the browser refuses stays closed.
            let _ = fold.set_attribute("open", "");
        }
    }
}

fn folds(element: &Element) -> Vec<Element> {
    let Ok(found) = element.query_selector_all("details") else { return Vec::new() };
    (0..found.length()).filter_map(|index| found.item(index)?.dyn_into().ok()).collect()
}

/// A node of the browser's page. What the browser refuses stays as it is.
struct Place(web_sys::Node);

impl Node for Place {
    fn first(&self) -> Option<Self> {
        self.0.first_child().map(Self)
    }

    fn next(&self) -> Option<Self> {
        self.0.next_sibling().map(Self)
    }

    fn set_words(&self, words: &str) {
        self.0.set_node_value(Some(words));
    }

    fn set_attribute(&self, name: &str, value: Option<&str>) {
        let Some(element) = self.0.dyn_ref::<Element>() else { return };
        let _ = match value {
            Some(value) => element.set_attribute(name, value),
            None => element.remove_attribute(name),
        };
    }

    fn set_content(&self, markup: &str) {
        if let Some(element) = self.0.dyn_ref::<Element>() {
            write(element, markup);
        }
    }
}

impl IntoAttributeValue for Patched {
    type Output = Self;

    fn into_attribute_value(self) -> Self {
        self
    }
}

impl InnerHtmlValue for Patched {
    type AsyncOutput = Self;
    type State = RenderEffect<Present>;
    type Cloneable = Self;
    type CloneableOwned = Self;

    fn html_len(&self) -> usize {
        0
    }

    fn to_html(self, buffer: &mut String) {
        self.markup.with(|markup| buffer.push_str(markup));
    }

    fn to_template(_: &mut String) {}

    fn hydrate<const FROM_SERVER: bool>(self, element: &Element) -> Self::State {
        let element = element.clone();
        RenderEffect::new(move |present: Option<Present>| match (present, self.sources) {
            (Some(mut present), _) => {
                present.turn_into(self.markup.get());
                present
            }
            (None, Some(sources)) if FROM_SERVER => {
                sources.get();
                Present::of(&element, None, true)
            }
            (None, _) => Present::of(&element, Some(self.markup.get()), FROM_SERVER),
        })
    }

    fn build(self, element: &Element) -> Self::State {
        element.set_inner_html(&self.markup.get_untracked());
        self.hydrate::<false>(element)
    }

    fn rebuild(self, state: &mut Self::State) {
        let mut last = state.take_value();
        *state = RenderEffect::new(move |present: Option<Present>| {
            let mut present = present.or_else(|| last.take()).expect("an element was built before it is rebuilt");
            present.turn_into(self.markup.get());
            present
        });
    }

    fn into_cloneable(self) -> Self::Cloneable {
        self
    }

    fn into_cloneable_owned(self) -> Self::CloneableOwned {
        self
    }

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self::AsyncOutput {
        self
    }
}
