//! bytes of a model → [`Loaded`] → explorers taken over on the page, or a run's bare numbers.

use std::sync::Arc;

use app::results::Shown;
use app::{Explorer, Setup};
use leptos::prelude::*;
use leptos::web_sys::HtmlElement;
use model::{Model, Scenario, run};
use wasm_bindgen::prelude::*;

/// A model that was read, for any number of explorers on the page.
#[wasm_bindgen]
pub struct Loaded {
    model: Arc<Model>,
    shown: Shown,
}

#[wasm_bindgen]
impl Loaded {
    /// Reads the model that the site was built with. Fails for bytes of another version.
    #[wasm_bindgen(constructor)]
    pub fn new(bytes: &[u8]) -> Result<Loaded, JsError> {
        let model = Model::from_bytes(bytes)?;
        let shown = Shown::of(&model).ok_or_else(|| JsError::new("the model lacks outcomes that explorers show"))?;
        Ok(Self { model: Arc::new(model), shown })
    }

    /// Takes over the explorer in `body`, whose setup `frame` carries as attributes.
    pub fn hydrate(&self, frame: &HtmlElement, body: HtmlElement) {
        let setup = Setup::from_attributes(|name| frame.get_attribute(name));
        let (model, shown) = (Arc::clone(&self.model), self.shown);
        leptos::mount::hydrate_from(body, move || view! { <Explorer model shown setup prepared=None/> }).forget();
    }

    /// Every variable at every saved point, under the settings and in the base run: for comparing programs bit by bit.
    ///
    /// `levers` has a setting from 0 to 1 for each lever, `parameters` names those that differ from their central values,
    /// with spaces between them, and `values` says what they are. The numbers come variable by variable: first the course
    /// under the settings, then that of the base run.
    pub fn run(&self, region: &str, levers: &[f64], parameters: &str, values: &[f64]) -> Result<Vec<f64>, JsError> {
        let region = self.model.region(region).ok_or_else(|| JsError::new("the model has no such region"))?;
        let mut scenario = Scenario::new(&self.model, region);
        scenario.levers = levers.to_vec();
        for (name, value) in parameters.split(' ').filter(|name| !name.is_empty()).zip(values) {
            let parameter =
                self.model.parameter(name).ok_or_else(|| JsError::new("the model has no such parameter"))?;
            scenario.parameters.insert(parameter, *value);
        }
        let run = run(&self.model, &scenario)?;
        let variables = self.model.variables.iter().filter_map(|variable| self.model.variable(&variable.id));
        Ok(variables.flat_map(|variable| [run.series(variable), run.baseline(variable)].concat()).collect())
    }
}
