//! Numbers in the text around an explorer: they follow its levers, and go back to what was printed.

use std::cell::RefCell;

use chart::number::plain;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::Element;

use super::Shared;
use super::reactive::in_pieces;
use crate::anew::{Anew, Moved, Piece, moved};
use crate::form::Form;
use crate::model_number::{Amount, ModelNumber};

/// Where an element keeps the words that were printed.
const PRINTED: &str = "data-printed";
/// What is changed besides the words, and where an element keeps what it was.
const VALUE: [&str; 2] = ["value", "data-printed-value"];
const TITLE: [&str; 2] = ["title", "data-printed-title"];

/// A number of the text: where it stands, what it is and how it is written.
struct Place {
    element: Element,
    number: ModelNumber,
    form: Form,
}

thread_local! {
    /// The explorers of the page whose levers do not stand where they began; the one moved last comes last.
    static MOVED: RefCell<Vec<Shared>> = const { RefCell::new(Vec::new()) };
}

/// Writes the numbers of the text that `shared`'s model gives as they are with the reader's levers. Where several explorers
/// share the model they follow the one moved last, and once its levers stand where they began the one before it; without
/// any they are as they were printed.
pub fn follow_levers(shared: &Shared) {
    let is_moved = !moved_levers(shared).is_empty();
    MOVED.with_borrow_mut(|all| {
        all.retain(|other| other.setup.prefix != shared.setup.prefix);
        if is_moved {
            all.push(shared.clone());
        }
    });
    let sharing = sharing(shared);
    let (last, others) = sharing.split_last().unzip();
    others.unwrap_or_default().iter().for_each(|other| other.followed.set(0));
    if !is_moved {
        shared.followed.set(0);
    }
    match last {
        Some(last) => follow(last),
        None => places(shared).iter().for_each(|place| put_back(&place.element)),
    }
}

/// Those of the moved explorers that have the model of `shared`.
fn sharing(shared: &Shared) -> Vec<Shared> {
    let has_model = |other: &&Shared| other.setup.model_href == shared.setup.model_href;
    MOVED.with_borrow(|all| all.iter().filter(has_model).cloned().collect())
}

fn moved_levers(shared: &Shared) -> Vec<Moved> {
    shared.begun.with_value(|begun| moved(&shared.rested.get_untracked(), begun))
}

/// Writes the numbers as they are with the levers of `shared`.
fn follow(shared: &Shared) {
    let asked = shared.rested.get_untracked();
    let moved = moved_levers(shared);
    let places = places(shared);
    let mut written = 0;
    let numbers = places.iter().map(|place| place.number.clone()).collect();
    let mut anew = Anew::new(asked.model_shared(), numbers, &moved);
    let shared = shared.clone();
    in_pieces(move || {
        let is_last = sharing(&shared).last().is_some_and(|last| last.setup.prefix == shared.setup.prefix);
        if !is_last || shared.session.with_untracked(|session| !session.runs_as(&asked)) {
            return false;
        }
        match anew.advance() {
            Piece::Number(at, amount) => {
                match (places.get(at), amount) {
                    (Some(place), Some(amount)) => written += usize::from(write(place, &amount)),
                    (Some(place), None) => put_back(&place.element),
                    _ => {}
                }
                true
            }
            Piece::Part => true,
            Piece::Done => {
                shared.followed.set(written);
                false
            }
        }
    });
}

/// The numbers of the page that the model gives and that are written in digits.
fn places(shared: &Shared) -> Vec<Place> {
    let selector = format!("data[data-quantity][data-precision][data-model=\"{}\"]", shared.setup.model_href);
    let Ok(found) = document().query_selector_all(&selector) else { return Vec::new() };
    let model = shared.session.with_untracked(|session| session.model_shared());
    let place = |element: Element| {
        let number = ModelNumber::read(&model, &element.get_attribute("data-quantity")?).ok()?;
        // A parameter is what it is, whatever the levers do.
        let is_result = number.parameter().is_none();
        let form = Form::from_attributes(|name| element.get_attribute(name));
        is_result.then_some(Place { element, number, form })
    };
    (0..found.length()).filter_map(|index| found.item(index)?.dyn_into().ok()).filter_map(place).collect()
}

/// Writes a number as it is now. Whether that differs from what is printed: what no lever changes stays as it is.
fn write(place: &Place, amount: &Amount) -> bool {
    let Some(link) = place.element.first_element_child() else { return false };
    let words = place.form.print(&amount.plain());
    let printed = place.element.get_attribute(PRINTED).or_else(|| link.text_content());
    if printed.as_ref() == Some(&words) {
        put_back(&place.element);
        return false;
    }
    if !place.element.has_attribute(PRINTED) {
        let printed = printed.unwrap_or_default();
        // What the browser refuses stays as it is printed.
        let _ = place.element.set_attribute(PRINTED, &printed);
        change(&link, TITLE, &format!("With the levers as you moved them; printed: {printed}"));
    }
    let values: Vec<String> = amount.values.iter().map(|value| plain(*value)).collect();
    change(&place.element, VALUE, &values.join(" "));
    link.set_text_content(Some(&words));
    true
}

fn put_back(element: &Element) {
    if let (Some(link), Some(printed)) = (element.first_element_child(), element.get_attribute(PRINTED)) {
        link.set_text_content(Some(&printed));
        let _ = element.remove_attribute(PRINTED);
        restore(&link, TITLE);
        restore(element, VALUE);
    }
}

/// Gives an attribute another value; the first is kept.
fn change(element: &Element, [name, kept]: [&str; 2], value: &str) {
    if !element.has_attribute(kept) {
        let _ = element.set_attribute(kept, &element.get_attribute(name).unwrap_or_default());
    }
    let _ = element.set_attribute(name, value);
}

/// Gives an attribute the value that was kept.
fn restore(element: &Element, [name, kept]: [&str; 2]) {
    if let Some(value) = element.get_attribute(kept) {
        let _ = element.set_attribute(name, &value);
        let _ = element.remove_attribute(kept);
    }
}
