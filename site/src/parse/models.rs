//! `data/models/<id>/*.toml` → policy models, with a base run of each region.
//!
//! A model's earlier versions stand in its folder, each in `earlier/<version>/`. They are models of their own, called
//! `<id>/<version>`, which come after all others and are meant only where they are named.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use app::export::cell;
use diagnostic::{Diagnostic, Diagnostics, Place};
use model::{CheckResult, Measure, Model, ModelFile, Run, RunError, Scenario, compile, run};

use super::outline::{self, Section};
use crate::load::Sources;

/// Where models stand.
pub const FOLDER: &str = "data/models/";

/// Where a model keeps its earlier versions.
const EARLIER: &str = "earlier/";

/// A policy model and the files it was read from.
#[derive(Debug)]
pub struct PolicyModel {
    /// The folder's name, followed by the version for an earlier one.
    pub id: String,
    /// Its files, from the site's root; they are published unchanged.
    pub files: Vec<String>,
    /// The model itself.
    pub model: Model,
    /// Where each of the checks it states about itself is written.
    pub checks: BTreeMap<String, Place>,
    /// What it declares, under the headings of its files.
    pub sections: Vec<Section>,
    checked: OnceLock<Result<Vec<CheckResult>, RunError>>,
}

/// Reads every model, and then every earlier version.
pub fn models(sources: &Sources, diagnostics: &mut Diagnostics) -> Vec<PolicyModel> {
    let mut models: Vec<_> = folders(sources).filter_map(|id| policy_model(sources, id, diagnostics)).collect();
    for name in earlier(sources) {
        let Some(kept) = policy_model(sources, &name, diagnostics) else { continue };
        if let Some(policy) = models.iter().find(|policy| kept.earlier_of() == Some(policy.id.as_str())) {
            policy.agree_with(&kept, diagnostics);
        }
        models.push(kept);
    }
    models
}

/// The names of the folders that hold models.
pub fn folders(sources: &Sources) -> impl Iterator<Item = &str> {
    distinct(sources.under(FOLDER).filter_map(|path| path[FOLDER.len()..].split_once('/')).map(|(id, _)| id))
}

/// What earlier versions are called: `<id>/<version>`.
pub fn earlier(sources: &Sources) -> Vec<String> {
    let of = |id| {
        let folder = format!("{}{EARLIER}", folder(id));
        let versions = sources.under(&folder).filter_map(|path| path[folder.len()..].split_once('/'));
        distinct(versions.map(|(version, _)| version)).map(|version| format!("{id}/{version}")).collect::<Vec<_>>()
    };
    folders(sources).flat_map(of).collect()
}

fn distinct<'s>(names: impl Iterator<Item = &'s str>) -> impl Iterator<Item = &'s str> {
    let mut names: Vec<&str> = names.collect();
    names.dedup();
    names.into_iter()
}

/// The folder of the model `id`, with a slash at its end.
pub fn folder(id: &str) -> String {
    match id.split_once('/') {
        Some((id, version)) => format!("{FOLDER}{id}/{EARLIER}{version}/"),
        None => format!("{FOLDER}{id}/"),
    }
}

/// Reads the model of this name; none when it has mistakes.
pub fn policy_model(sources: &Sources, id: &str, diagnostics: &mut Diagnostics) -> Option<PolicyModel> {
    let folder = folder(id);
    let is_own = |path: &&str| path.ends_with(".toml") && !path[folder.len()..].starts_with(EARLIER);
    let files: Vec<String> = sources.under(&folder).filter(is_own).map(str::to_owned).collect();
    let texts: Vec<ModelFile<'_>> =
        files.iter().filter_map(|path| Some(ModelFile { path, text: sources.text(path)? })).collect();
    let model = compile(&texts).collect(diagnostics)?;
    let checks = texts.iter().flat_map(|file| stated_checks(file)).collect();
    let sections = texts.iter().flat_map(|file| outline::sections(file.text)).collect();
    Some(PolicyModel { id: id.to_owned(), files, model, checks, sections, checked: OnceLock::new() })
}

/// The headers `[checks.name]` of a file.
fn stated_checks(file: &ModelFile<'_>) -> Vec<(String, Place)> {
    const HEADER: &str = "[checks.";
    let headers = file.text.match_indices(HEADER).filter_map(|(start, _)| {
        let end = start + file.text[start..].find(']')?;
        let name = file.text[start + HEADER.len()..end].trim_matches('"');
        Some((name.to_owned(), Place::new(file.path, start..end + 1)))
    });
    headers.collect()
}

impl PolicyModel {
    /// The model of which it is an earlier version, if it is one.
    pub fn earlier_of(&self) -> Option<&str> {
        self.id.split_once('/').map(|(id, _)| id)
    }

    /// Whether it is the earlier version of another.
    pub fn is_earlier(&self) -> bool {
        self.earlier_of().is_some()
    }

    /// What readers call it among other models.
    pub fn name(&self) -> String {
        let Model { title, version, .. } = &self.model;
        if self.is_earlier() { format!("{title}, version {version}") } else { title.clone() }
    }

    /// Reports an earlier version that its folder, its own files and the list of versions do not call the same.
    fn agree_with(&self, earlier: &PolicyModel, diagnostics: &mut Diagnostics) {
        let version = &earlier.model.version;
        let mut mistake = |at: &PolicyModel, message: String, help: &str| {
            diagnostics.push(Diagnostic::error("bad-version", at.place(), message).help(help));
        };
        if !earlier.id.ends_with(&format!("/{version}")) {
            let message = format!("this is version {version}, and its folder is called `{}`", earlier.id);
            mistake(earlier, message, "call the folder as the model in it calls its version");
        } else if self.model.version == *version {
            let message = format!("version {version} is kept as an earlier one, and is still that of the model itself");
            mistake(self, message, "give the model its new `version`, and say in `[[changes]]` what it brought");
        } else if self.model.changes.iter().all(|change| change.version != *version) {
            let message = format!("version {version} is kept, and the list of versions does not have it");
            mistake(self, message, "add it to `[[changes]]`");
        }
    }

    /// The file that says what it is called.
    fn place(&self) -> Place {
        let file = self.files.iter().find(|file| file.ends_with("/model.toml")).or(self.files.first());
        file.map_or_else(|| Place::file(folder(&self.id)), Place::file)
    }

    /// The ids of its levers.
    pub fn lever_ids(&self) -> impl Iterator<Item = &str> {
        self.model.levers.iter().map(|lever| lever.id.as_str())
    }

    /// The ids of its regions.
    pub fn region_ids(&self) -> impl Iterator<Item = &str> {
        self.model.regions.iter().map(|region| region.id.as_str())
    }

    /// The ids of its outcomes.
    pub fn outcome_ids(&self) -> impl Iterator<Item = &str> {
        self.model.outcomes.iter().map(|outcome| outcome.id.as_str())
    }

    /// The keys of the works that its estimates and levers rest on.
    pub fn works(&self) -> impl Iterator<Item = &String> {
        let parameters = self.model.parameters.iter();
        let estimates = parameters.flat_map(|one| one.shared.iter().chain(one.regional.values()));
        let levers = self.model.levers.iter().flat_map(|lever| &lever.sources);
        estimates.flat_map(|estimate| &estimate.sources).chain(levers)
    }

    /// How the checks did that it states about itself; they are tried once.
    pub fn check_results(&self) -> &Result<Vec<CheckResult>, RunError> {
        self.checked.get_or_init(|| model::check(&self.model))
    }

    /// A lever's name and the grade of its evidence.
    pub fn lever_label(&self, id: &str) -> Option<(String, String)> {
        let lever = &self.model.levers[self.model.lever(id)?.index()];
        Some((lever.label.clone(), lever.grade.to_string()))
    }

    /// Where one of its files is published.
    pub fn published(&self, file: &str) -> String {
        format!("/models/{}/{}", self.id, file.rsplit('/').next().unwrap_or(file))
    }

    /// Where its base runs are published.
    pub fn baseline_path(&self) -> String {
        format!("/models/{}/baseline.csv", self.id)
    }

    /// The course of every level in every region with all levers at their status quo, in the columns of SDMX-CSV.
    pub fn baseline_csv(&self) -> String {
        let mut csv = String::from("REF_AREA,INDICATOR,UNIT_MEASURE,TIME_PERIOD,OBS_VALUE\n");
        for region in &self.model.regions {
            let Some(run) = self.base_run(&region.id) else { continue };
            for outcome in self.model.outcomes.iter().filter(|outcome| outcome.measure == Measure::Level) {
                for (time, value) in run.times().iter().zip(run.baseline(outcome.variable)) {
                    csv.push_str(&format!(
                        "{},{},{},{time},{}\n",
                        region.id.to_uppercase(),
                        outcome.id,
                        cell(&outcome.unit),
                        value * outcome.scale
                    ));
                }
            }
        }
        csv
    }

    fn base_run(&self, region: &str) -> Option<Run> {
        run(&self.model, &Scenario::new(&self.model, self.model.region(region)?)).ok()
    }
}
