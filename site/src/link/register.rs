//! The dataset of all figures that the sources print → [`Register`]: figures that texts can name, each with what
//! contradicts it and the pages that use it.

use std::collections::{BTreeMap, BTreeSet};

use diagnostic::{Diagnostic, Diagnostics, Place, suggestion};

use super::figure::{Content, Figure};
use super::{Linked, Target, place_of};
use crate::load::Sources;
use crate::number::cells::Cells;
use crate::parse::bibliography::Works;
use crate::parse::block::Named;
use crate::parse::dataset::{Dataset, Resource};
use crate::parse::settings::{self, Settings};

/// Where the register is published.
pub const PATH: &str = "/evidence/";

/// Ids of references to the register start with this.
pub const PREFIX: &str = "ev-";

/// All figures of the sources.
#[derive(Debug)]
pub struct Register {
    /// Index of the dataset.
    pub dataset: usize,
    /// Index of the dataset of contradictions.
    pub contradictions: Option<usize>,
    /// In the order of the dataset.
    pub figures: Vec<Evidence>,
    /// What is known of each row of the dataset of contradictions, in its order.
    pub disputes: Vec<Dispute>,
    places: BTreeMap<String, usize>,
}

/// A figure as a source prints it.
#[derive(Debug)]
pub struct Evidence {
    /// Its id, such as LC012.
    pub id: String,
    /// What it says.
    pub claim: String,
    /// The central or only value, in `unit`.
    pub value: Option<f64>,
    /// The lower end of a printed range.
    pub low: Option<f64>,
    /// The upper end of a printed range.
    pub high: Option<f64>,
    /// The unit of the three.
    pub unit: String,
    /// The country, region or group of countries.
    pub geography: String,
    /// The year or years described.
    pub year: String,
    /// The document that prints it, by its key in the bibliography.
    pub document: String,
    /// Where it stands in the document.
    pub place: String,
    /// The source that the document names.
    pub primary_source: String,
    /// What is wrong with it, and what to mind.
    pub notes: String,
    /// Other readings.
    pub contradictions: Vec<Contradiction>,
    /// The pages that name it or take their numbers from it.
    pub used_in: Vec<Mention>,
}

/// A row of the dataset of contradictions.
#[derive(Debug)]
pub struct Dispute {
    /// What texts call it in the addresses of numbers, or nothing.
    id: String,
    /// Its figures, by their places in the register.
    figures: Vec<usize>,
    /// Indices of the datasets that hold one of its readings.
    pub datasets: Vec<usize>,
    /// The pages that name one of its figures, take their numbers from one or from the row itself, or draw on one of
    /// its datasets.
    pub used_in: Vec<Mention>,
}

/// A page that names a figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// Its title.
    pub title: String,
    /// Its address from the site's root.
    pub path: String,
}

/// Another reading of a figure.
#[derive(Clone, Debug)]
pub struct Contradiction {
    /// Its row in the dataset of contradictions.
    pub row: usize,
    /// What it is about.
    pub claim: String,
    /// What is printed.
    pub printed: String,
    /// What a sum or another source gives.
    pub other: String,
    /// Where a page shows that row, if one does.
    pub shown: String,
}

impl Register {
    /// The figure of this id.
    pub fn figure(&self, id: &str) -> Option<&Evidence> {
        self.places.get(id).map(|&place| &self.figures[place])
    }

    /// The figures that a checked number is taken from: LC040 for `data:figures/value?id=LC040`.
    pub fn taken<'a>(&'a self, datasets: &'a [Dataset], cells: &'a Cells) -> impl Iterator<Item = &'a Evidence> {
        let ids = (cells.dataset == self.dataset).then(|| ids_of(datasets, cells));
        ids.into_iter().flatten().filter_map(|id| self.figure(id))
    }

    /// All ids in the order of the register.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.figures.iter().map(|figure| figure.id.as_str())
    }

    /// The ids that a cell with several of them names.
    pub fn named(cell: &str) -> impl Iterator<Item = &str> {
        cell.split([',', ';']).map(str::trim).filter(|id| !id.is_empty())
    }

    /// Takes note of what a document names, and of the contradictions that its tables show.
    pub fn used_by<F>(&mut self, datasets: &[Dataset], document: &Linked<F>, title: &str) {
        let body = &document.document.body;
        let named = body.references.iter().filter_map(|reference| reference.id.strip_prefix(PREFIX));
        let cells: Vec<&Cells> = document.targets.iter().filter_map(Target::cells).collect();
        let taken = cells.iter().flat_map(|cells| self.taken(datasets, cells)).map(|figure| figure.id.as_str());
        let shown = document.figures.iter().flat_map(|figure| shown_rows(figure, self.dataset));
        let places: BTreeSet<usize> =
            named.chain(taken).filter_map(|id| self.places.get(id).copied()).chain(shown).collect();
        let drawn_on: BTreeSet<usize> = (cells.iter().map(|cells| cells.dataset))
            .chain(document.figures.iter().filter_map(|figure| figure.dataset().map(|(dataset, _)| dataset)))
            .collect();
        let of_disputes = cells.iter().filter(|cells| Some(cells.dataset) == self.contradictions);
        let quoted: BTreeSet<&str> = of_disputes.flat_map(|cells| ids_of(datasets, cells)).collect();
        let mention = Mention { title: title.to_owned(), path: document.path.clone() };
        for dispute in &mut self.disputes {
            let is_used = dispute.figures.iter().any(|figure| places.contains(figure))
                || dispute.datasets.iter().any(|dataset| drawn_on.contains(dataset))
                || quoted.contains(dispute.id.as_str());
            if is_used {
                dispute.used_in.push(mention.clone());
            }
        }
        for place in places {
            self.figures[place].used_in.push(mention.clone());
        }
        for figure in &document.figures {
            let Some(Content::Table { view, .. }) = &figure.content else { continue };
            if Some(view.dataset) != self.contradictions {
                continue;
            }
            for contradiction in self.figures.iter_mut().flat_map(|figure| &mut figure.contradictions) {
                if contradiction.shown.is_empty() && view.rows.contains(&contradiction.row) {
                    let anchor = row_anchor(&figure.common.id.0, contradiction.row);
                    contradiction.shown = format!("{}#{anchor}", document.path);
                }
            }
        }
    }
}

/// The ids that the address of a number asks for.
fn ids_of<'a>(datasets: &'a [Dataset], cells: &'a Cells) -> impl Iterator<Item = &'a str> {
    let id = datasets[cells.dataset].resources[cells.resource].column("id");
    cells.wanted.iter().filter(move |(column, _)| Some(*column) == id).map(|(_, value)| value.as_str())
}

/// The rows of the dataset's first table that a figure shows.
fn shown_rows(figure: &Figure, dataset: usize) -> impl Iterator<Item = usize> {
    let view = match &figure.content {
        Some(Content::Table { view, .. } | Content::DataChart { view, .. }) => Some(view),
        _ => None,
    };
    let view = view.filter(|view| view.dataset == dataset && view.resource == 0);
    view.into_iter().flat_map(|view| view.rows.iter().copied())
}

/// The anchor of a row of a table of contradictions.
pub fn row_anchor(table: &str, row: usize) -> String {
    format!("{table}-row-{}", row + 1)
}

/// The register that the settings ask for; none when there is none, or when it cannot be made, which is then said.
pub fn register(
    settings: &Settings,
    datasets: &[Dataset],
    works: &Works,
    unread: &BTreeSet<String>,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> Option<Register> {
    let evidence = settings.evidence.as_ref()?;
    let mut reader = Reader { datasets, unread, sources, diagnostics };
    let dataset = reader.dataset(&evidence.register)?;
    let figures = reader.figures(&datasets[dataset], &evidence.register, works)?;
    let places = figures.iter().enumerate().map(|(place, figure)| (figure.id.clone(), place)).collect();
    let mut register = Register { dataset, contradictions: None, figures, disputes: Vec::new(), places };
    if let Some(name) = &evidence.contradictions {
        register.contradictions = reader.dataset(name);
        if let Some(index) = register.contradictions {
            reader.contradictions(&datasets[index], name, &mut register);
        }
    }
    Some(register)
}

struct Reader<'a> {
    datasets: &'a [Dataset],
    /// Datasets that have mistakes of their own.
    unread: &'a BTreeSet<String>,
    sources: &'a Sources,
    diagnostics: &'a mut Diagnostics,
}

impl<'a> Reader<'a> {
    fn dataset(&mut self, (id, span): &Named) -> Option<usize> {
        if self.unread.contains(&format!("data/{id}/datapackage.json")) {
            return None;
        }
        let found = self.datasets.iter().position(|dataset| dataset.id == *id);
        if found.is_none() {
            let known: Vec<&str> = self.datasets.iter().map(|dataset| dataset.id.as_str()).collect();
            self.diagnostics.push(
                Diagnostic::error(
                    "unknown-dataset",
                    Place::new(settings::FILE, span.clone()),
                    format!("there is no dataset `{id}`"),
                )
                .help(suggestion(id, known)),
            );
        }
        found
    }

    fn figures(&mut self, dataset: &Dataset, name: &Named, works: &Works) -> Option<Vec<Evidence>> {
        let resource = dataset.resources.first()?;
        const COLUMNS: [&str; 12] = [
            "id",
            "claim",
            "value",
            "low",
            "high",
            "unit",
            "geography",
            "year",
            "document",
            "place",
            "primary_source",
            "notes",
        ];
        let [id, claim, value, low, high, unit, geography, year, document, place, primary_source, notes] =
            self.columns(resource, name, COLUMNS)?;
        let mut figures: Vec<Evidence> = Vec::with_capacity(resource.rows.len());
        let mut seen = BTreeSet::new();
        for row in &resource.rows {
            let text = |column: usize| row[column].written().to_owned();
            let figure = Evidence {
                id: text(id),
                claim: text(claim),
                value: row[value].number(),
                low: row[low].number(),
                high: row[high].number(),
                unit: text(unit),
                geography: text(geography),
                year: text(year),
                document: text(document),
                place: text(place),
                primary_source: text(primary_source),
                notes: text(notes),
                contradictions: Vec::new(),
                used_in: Vec::new(),
            };
            self.figure(&figure, resource, works, &mut seen);
            figures.push(figure);
        }
        Some(figures)
    }

    /// Texts and anchors need the id, readers the document.
    fn figure(&mut self, figure: &Evidence, resource: &Resource, works: &Works, seen: &mut BTreeSet<String>) {
        let id = figure.id.as_str();
        let good = id.starts_with(|c: char| c.is_ascii_alphabetic()) && id.chars().all(|c| c.is_ascii_alphanumeric());
        if !good {
            let mistake = self.in_row(resource, id, "bad-id", format!("`{id}` is no id for a figure"));
            self.diagnostics.push(mistake.help("a figure's id is a letter and then letters and digits, as in LC012"));
        } else if !seen.insert(id.to_owned()) {
            let mistake = self.in_row(resource, id, "duplicate-row", format!("two figures have the id `{id}`"));
            self.diagnostics.push(mistake.help("texts name figures by their ids: give one of them another"));
        }
        if works.get(&figure.document).is_none() && !works.unread {
            let known: Vec<&str> = works.keys().collect();
            let message = format!("`{id}` is from `{}`, which is no work in content/references.bib", figure.document);
            let mistake = self.in_row(resource, &figure.document, "unknown-citation", message);
            self.diagnostics.push(mistake.help(suggestion(&figure.document, known)));
        }
    }

    fn contradictions(&mut self, dataset: &Dataset, name: &Named, register: &mut Register) {
        let Some(resource) = dataset.resources.first() else { return };
        let Some([claim, printed, other, figures]) =
            self.columns(resource, name, ["claim", "printed", "other", "figures"])
        else {
            return;
        };
        let (id, datasets) = (resource.column("id"), resource.column("datasets"));
        for (index, row) in resource.rows.iter().enumerate() {
            let text = |column: Option<usize>| column.map_or("", |column| row[column].written());
            let mut dispute =
                Dispute { id: text(id).to_owned(), figures: Vec::new(), datasets: Vec::new(), used_in: Vec::new() };
            dispute.datasets = self.datasets_of(resource, text(datasets));
            for id in Register::named(row[figures].written()) {
                let Some(&place) = register.places.get(id) else {
                    let mistake =
                        self.in_row(resource, id, "unknown-figure", format!("the register has no figure `{id}`"));
                    self.diagnostics.push(mistake.help(suggestion(id, register.ids().collect::<Vec<_>>())));
                    continue;
                };
                dispute.figures.push(place);
                register.figures[place].contradictions.push(Contradiction {
                    row: index,
                    claim: row[claim].written().to_owned(),
                    printed: row[printed].written().to_owned(),
                    other: row[other].written().to_owned(),
                    shown: String::new(),
                });
            }
            register.disputes.push(dispute);
        }
    }

    /// The datasets that `cell` names.
    fn datasets_of(&mut self, resource: &Resource, cell: &str) -> Vec<usize> {
        let mut found = Vec::new();
        for id in Register::named(cell).filter(|id| !self.unread.contains(&format!("data/{id}/datapackage.json"))) {
            if let Some(index) = self.datasets.iter().position(|dataset| dataset.id == id) {
                found.push(index);
                continue;
            }
            let known: Vec<&str> = self.datasets.iter().map(|dataset| dataset.id.as_str()).collect();
            let mistake = self.in_row(resource, id, "unknown-dataset", format!("there is no dataset `{id}`"));
            self.diagnostics.push(mistake.help(suggestion(id, known)));
        }
        found
    }

    fn columns<const N: usize>(
        &mut self,
        resource: &Resource,
        (dataset, span): &Named,
        wanted: [&str; N],
    ) -> Option<[usize; N]> {
        let missing: Vec<&str> = wanted.into_iter().filter(|name| resource.column(name).is_none()).collect();
        if !missing.is_empty() {
            self.diagnostics.push(
                Diagnostic::error(
                    "missing-column",
                    Place::new(settings::FILE, span.clone()),
                    format!("the dataset `{dataset}` has no column {}", missing.join(", ")),
                )
                .help(format!("it needs the columns {}", wanted.join(", "))),
            );
            return None;
        }
        Some(wanted.map(|name| resource.column(name).expect("none is missing")))
    }

    /// A mistake where `word` stands in the file of a table.
    fn in_row(&self, resource: &Resource, word: &str, code: &'static str, message: String) -> Diagnostic {
        let text = self.sources.text(&resource.file).filter(|_| !word.is_empty());
        let span = text.and_then(|text| place_of(text, word));
        let place = span.map_or_else(|| Place::file(&resource.file), |span| Place::new(&resource.file, span));
        Diagnostic::error(code, place, message)
    }
}
