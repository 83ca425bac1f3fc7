//! Checked numbers on the page: an element with the bare number, and in it the way to where it comes from.
//!
//! A number of a dataset is
//!
//! ```html
//! <data class="checked" value="3.7"><a href="/data/smes/#column-smes-share" title="From the dataset …">3.7%</a></data>
//! ```
//!
//! One of a model has besides what a program in the browser needs to work it out anew and print it in the same form:
//! `data-model` and `data-quantity`, which [`app::model_number::ModelNumber::read`] reads, and the attributes of
//! [`app::form::Form`], which says what stands around the digits and how exactly they are printed. A number in words
//! has no form and stays as it is.

use chart::number::plain;

use super::method::{self, Part, parameters};
use super::{Renderer, explorer};
use crate::html::escape;
use crate::link::register::{Evidence, PATH};
use crate::link::{column_anchor, dataset_path};
use crate::number::agree::{form, in_full};
use crate::number::printed::Printed;
use crate::number::{Origin, cells::Cells};

/// The opening tags of the number with these words; the closing ones follow it in the text.
pub fn opening(renderer: &Renderer<'_>, origin: &Origin, words: &str) -> String {
    // What cannot be run has been reported, and nothing of this is published.
    let Ok(amount) = renderer.site.amount(origin) else { return String::new() };
    let values: Vec<String> = amount.values.iter().map(|value| plain(*value)).collect();
    let (about, href) = match origin {
        Origin::Cells(cells) => of_dataset(renderer, cells),
        Origin::Model(model, _, number) => {
            let policy = &renderer.site.models[*model];
            let about = format!("the model, version {}: {}", policy.model.version, number.described(&policy.model));
            let href = match number.parameter() {
                Some(parameter) => {
                    let anchor = parameters::anchor(&policy.model.parameters[parameter.index()].id);
                    format!("{}#{anchor}", method::path(*model, policy, Part::Parameters))
                }
                None => explorer::path(*model, policy),
            };
            (about, href)
        }
        Origin::Compared(model, numbers) => {
            let policy = &renderer.site.models[*model];
            let about = format!("the model, version {}: {}", policy.model.version, numbers.described(&policy.model));
            (about, explorer::path(*model, policy))
        }
    };
    let mut attributes = vec![("class", "checked".to_owned()), ("value", values.join(" "))];
    if let Origin::Model(model, text, _) = origin {
        let name = format!("{}.model", renderer.site.models[*model].id);
        attributes.push(("data-model", renderer.assets.href(renderer.base(), &name)));
        attributes.push(("data-quantity", text.clone()));
        attributes.extend(
            Printed::read(words)
                .ok()
                .and_then(|printed| form(&printed, &amount))
                .map(|form| form.attributes())
                .into_iter()
                .flatten(),
        );
    }
    let attributes: String = attributes.iter().map(|(name, value)| format!(" {name}=\"{}\"", escape(value))).collect();
    let title = format!("{}, from {about}", in_full(&amount));
    format!("<data{attributes}><a href=\"{}\" title=\"{}\">", escape(&renderer.href(&href)), escape(&title))
}

fn of_dataset(renderer: &Renderer<'_>, cells: &Cells) -> (String, String) {
    let figures: Vec<&Evidence> = match &renderer.site.register {
        Some(register) => register.taken(&renderer.site.datasets, cells).collect(),
        None => Vec::new(),
    };
    if let [figure] = figures[..] {
        let about = format!("the register of evidence, {}: {}", figure.id, figure.claim);
        return (about, format!("{PATH}#{}", figure.id));
    }
    let dataset = &renderer.site.datasets[cells.dataset];
    let resource = &dataset.resources[cells.resource];
    let column = &resource.columns[cells.column];
    let rows = if cells.rows.is_empty() { String::new() } else { format!("; {}", cells.rows) };
    let about = format!("the dataset “{}”, column “{}”{rows}", dataset.title, column.title);
    (about, format!("{}#{}", dataset_path(&dataset.id), column_anchor(&resource.name, &column.name)))
}
