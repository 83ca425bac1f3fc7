//! bytes of a model → [`Loaded`] → explorers taken over on the page, or a run's bare numbers.

use std::sync::{Arc, Mutex};

use app::host::{Host, Listener, Message, Request};
use app::results::Shown;
use app::{Explorer, Later, Setup};
use leptos::prelude::*;
use leptos::web_sys::HtmlElement;
use model::{Model, Scenario, Schedule, run};
use send_wrapper::SendWrapper;
use wasm_bindgen::prelude::*;
use wasm_split_helpers::{SplitLoaderError, wasm_split};

#[wasm_bindgen]
extern "C" {
    /// The page around an explorer.
    pub type Page;

    /// Does something for the explorer: what, under which name if it has one, and with which text.
    #[wasm_bindgen(method)]
    fn ask(this: &Page, what: &str, name: &str, text: &str);
}

/// An explorer on the page, which can be told things.
#[wasm_bindgen]
pub struct Mounted {
    listener: Arc<Mutex<Option<Listener>>>,
}

#[wasm_bindgen]
impl Mounted {
    /// Tells it something: what, and with which text. What it does not know it does not hear.
    pub fn tell(&self, what: &str, text: String) {
        let message = match what {
            "address" => Message::Address(text),
            "kept" => Message::Kept(text),
            "opened" => Message::Opened(text),
            "notice" => Message::Notice(text),
            "near" => Message::Near,
            "unfolded" => Message::Unfolded,
            "undo" => Message::Undo,
            "redo" => Message::Redo,
            _ => return,
        };
        let listener = self.listener.lock().ok().and_then(|listener| listener.clone());
        if let Some(listener) = listener {
            listener(message);
        }
    }
}

/// The page as explorers know it.
fn host(page: Page, listener: &Arc<Mutex<Option<Listener>>>) -> Host {
    let page = SendWrapper::new(page);
    let ask = move |request| match request {
        Request::Address { query, is_new } => page.ask("address", if is_new { "new" } else { "" }, &query),
        Request::CopyLink(query) => page.ask("link", "", &query),
        Request::CopyEmbed(query) => page.ask("embed", "", &query),
        Request::Save { name, text } => page.ask("save", &name, &text),
        Request::Picture { name, svg } => page.ask("picture", &name, &svg),
        Request::Keep(text) => page.ask("keep", "", &text),
        Request::SetAside(text) => page.ask("aside", "", &text),
        Request::Open => page.ask("open", "", ""),
        Request::Print => page.ask("print", "", ""),
    };
    let heard = Arc::clone(listener);
    let hear = move |told| {
        if let Ok(mut listener) = heard.lock() {
            *listener = Some(told);
        }
    };
    let told = Arc::clone(listener);
    let later = move |work| {
        let told = Arc::clone(&told);
        leptos::task::spawn_local(async move {
            if act(Box::new(work)).await.is_err()
                && let Some(listener) = told.lock().ok().and_then(|listener| listener.clone())
            {
                let words =
                    "A part of the explorer could not be fetched. Without a network only what was used before works.";
                listener(Message::Notice(words.into()));
            }
        });
    };
    Host { ask: Arc::new(ask), listen: Arc::new(hear), later: Arc::new(later) }
}

/// The second part of the program could not be fetched.
struct Unfetched;

impl From<SplitLoaderError> for Unfetched {
    fn from(_: SplitLoaderError) -> Self {
        Self
    }
}

/// Where the program is cut: what only this reaches is the second part.
#[wasm_split(later, fallible)]
fn act(work: Box<Later>) -> Result<(), Unfetched> {
    work.run();
    Ok(())
}

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
    pub fn hydrate(&self, frame: &HtmlElement, body: HtmlElement, page: Page) -> Mounted {
        let setup = Setup::from_attributes(|name| frame.get_attribute(name));
        let (model, shown) = (Arc::clone(&self.model), self.shown);
        let listener = Arc::new(Mutex::new(None));
        let host = Some(host(page, &listener));
        leptos::mount::hydrate_from(body, move || view! { <Explorer model shown setup prepared=None host/> }).forget();
        Mounted { listener }
    }

    /// Every variable at every saved point, under the settings and in the base run: for comparing programs bit by bit.
    ///
    /// `levers` has a setting from 0 to 1 for each lever, `schedules` for each of the first of them the years until it moves
    /// and the years that it then takes; others move when the model has them move. `parameters` names those that differ from their central values,
    /// with spaces between them, and `values` says what they are. The numbers come variable by variable: first the course
    /// under the settings, then that of the base run.
    pub fn run(
        &self,
        region: &str,
        levers: &[f64],
        schedules: &[f64],
        parameters: &str,
        values: &[f64],
    ) -> Result<Vec<f64>, JsError> {
        let region = self.model.region(region).ok_or_else(|| JsError::new("the model has no such region"))?;
        let mut scenario = Scenario::new(&self.model, region);
        scenario.levers = levers.to_vec();
        for (schedule, years) in scenario.schedules.iter_mut().zip(schedules.as_chunks().0) {
            let [start, ramp] = *years;
            *schedule = Schedule { start, ramp };
        }
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
