//! Which model is meant: the folder of the site and the model's name → the model, checked.

use std::path::PathBuf;

use diagnostic::print::{self, Style};
use diagnostic::{Checked, Diagnostic, Diagnostics};

use super::{Answer, checked, only};
use crate::load::{self, Sources};
use crate::parse::models::{self, PolicyModel};

/// Which model is meant.
#[derive(Clone, Debug, clap::Args)]
pub struct Chosen {
    /// The folder that holds data/.
    #[arg(long, default_value = ".")]
    pub root: PathBuf,
    /// The model's folder under data/models; not needed when there is only one; followed by the version, as in `shops/1.0.0`, for an earlier one.
    #[arg(long, value_name = "ID")]
    pub model: Option<String>,
}

impl Chosen {
    /// Reads the model and lets `command` answer from it.
    pub fn answer(&self, style: Style, command: impl FnOnce(&PolicyModel) -> Checked<String>) -> Answer {
        let (sources, mut diagnostics) = self.sources();
        let policy = match self.one_id(&sources) {
            Ok(id) if !diagnostics.has_errors() => models::policy_model(&sources, &id, &mut diagnostics),
            Ok(_) => None,
            Err(mistake) => {
                diagnostics.push(*mistake);
                None
            }
        };
        let mut said = match &policy {
            Some(policy) if !diagnostics.has_errors() => Answer::of(command(policy), style),
            _ => Answer::of(checked(Err(Diagnostics::new())), style),
        };
        let errors = diagnostics.has_errors();
        said.mistakes = human(diagnostics, &sources, style) + &said.mistakes;
        said.failed |= errors;
        said
    }

    /// All files of models, and what was wrong with reading them.
    pub fn sources(&self) -> (Sources, Diagnostics) {
        let mut diagnostics = Diagnostics::new();
        let sources = load::load_folder(&self.root, models::FOLDER.trim_end_matches('/')).collect(&mut diagnostics);
        (sources, diagnostics)
    }

    /// The models meant when all may be.
    pub fn ids(&self, sources: &Sources) -> Result<Vec<String>, Diagnostics> {
        match self.model {
            Some(_) => self.one_id(sources).map(|id| vec![id]).map_err(|mistake| only(*mistake)),
            None => match models::folders(sources).map(str::to_owned).collect::<Vec<_>>() {
                ids if ids.is_empty() => Err(only(no_model())),
                ids => Ok(ids),
            },
        }
    }

    fn one_id(&self, sources: &Sources) -> Result<String, Box<Diagnostic>> {
        let ids: Vec<&str> = models::folders(sources).collect();
        let earlier = models::earlier(sources);
        match (&self.model, ids.as_slice()) {
            (_, []) => Err(no_model().into()),
            (None, [id]) => Ok((*id).to_owned()),
            (None, several) => {
                let names: Vec<String> = several.iter().map(|id| format!("`{id}`")).collect();
                Err(Diagnostic::general("which-model", "there is more than one model")
                    .help(format!("say which with --model: {}", names.join(", ")))
                    .into())
            }
            (Some(wanted), _) => {
                let known = || ids.iter().copied().chain(earlier.iter().map(String::as_str));
                known().find(|id| id == wanted).map(str::to_owned).ok_or_else(|| {
                    Diagnostic::general("unknown-model", format!("there is no model `{wanted}`"))
                        .help(diagnostic::suggestion(wanted, known()))
                        .into()
                })
            }
        }
    }
}

fn no_model() -> Diagnostic {
    Diagnostic::general("no-model", "there is no model under data/models/")
        .help("point --root at the folder that holds content/ and data/")
}

/// Mistakes for a person, with excerpts.
pub fn human(diagnostics: Diagnostics, sources: &Sources, style: Style) -> String {
    let sorted = diagnostics.sorted();
    sorted.iter().map(|mistake| print::human(mistake, style, |file| sources.excerpt(file)) + "\n\n").collect()
}
