//! What an explorer on a page starts with, as attributes of its element: the page's HTML and the browser's program read
//! the same words, so what was rendered is what is taken over.

use std::collections::BTreeMap;

/// What an explorer starts with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setup {
    /// How much of the explorer is shown.
    pub shape: Shape,
    /// The region it starts with, by id.
    pub region: String,
    /// Where its model lies; empty where nothing moves.
    pub model_href: String,
    /// Where its levers start, in per cent; 0 is where they stand today.
    pub start: u8,
    /// Starts the ids of its elements, so that several can share a page: `lever`, or `exp-three`.
    pub prefix: String,
    /// Where the whole explorer stands.
    pub explorer_href: String,
    /// Where levers are described in full.
    pub levers_href: String,
    /// Where parameters are described in full.
    pub parameters_href: String,
    /// Where equations are written out. Only what is built needs it, so no attribute carries it.
    pub equations_href: String,
    /// The pages of the recommendations that levers stand for.
    pub recommendations: Vec<RecommendationLink>,
    /// What readers call the works that levers and parameters name by key, as HTML: `Lowrey (2011)`. Only what is built needs them, so
    /// no attribute carries them.
    pub works: BTreeMap<String, String>,
}

/// How much of the explorer is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// All levers, regions, readings and outcomes.
    Full,
    /// Some levers, by id, and the main outcomes.
    Embed(Vec<String>),
}

/// The page of a recommendation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecommendationLink {
    /// Its slug, as levers name it.
    pub slug: String,
    /// Its address.
    pub href: String,
    /// Its title.
    pub title: String,
}

impl Setup {
    /// What readers call a work, as HTML; its key if that is not known.
    pub fn work<'s>(&'s self, key: &'s str) -> &'s str {
        self.works.get(key).map_or(key, String::as_str)
    }

    /// The attributes that carry it, with unescaped values.
    pub fn attributes(&self) -> Vec<(&'static str, String)> {
        let levers = match &self.shape {
            Shape::Full => String::new(),
            Shape::Embed(levers) => levers.join(" "),
        };
        let shape = match self.shape {
            Shape::Full => "full",
            Shape::Embed(_) => "embed",
        };
        let links: Vec<String> =
            self.recommendations.iter().map(|link| format!("{}|{}|{}", link.slug, link.href, link.title)).collect();
        vec![
            ("data-shape", shape.to_owned()),
            ("data-region", self.region.clone()),
            ("data-model", self.model_href.clone()),
            ("data-start", self.start.to_string()),
            ("data-prefix", self.prefix.clone()),
            ("data-levers", levers),
            ("data-explorer", self.explorer_href.clone()),
            ("data-levers-page", self.levers_href.clone()),
            ("data-parameters-page", self.parameters_href.clone()),
            ("data-recommendations", links.join("\n")),
        ]
    }

    /// The setup that attributes carry; `attribute` gives the value of one, or nothing.
    pub fn from_attributes(attribute: impl Fn(&str) -> Option<String>) -> Self {
        let value = |name: &str| attribute(name).unwrap_or_default();
        let levers = value("data-levers").split_whitespace().map(str::to_owned).collect();
        let link = |line: &str| {
            let mut parts = line.splitn(3, '|').map(str::to_owned);
            Some(RecommendationLink { slug: parts.next()?, href: parts.next()?, title: parts.next()? })
        };
        Self {
            shape: if value("data-shape") == "embed" { Shape::Embed(levers) } else { Shape::Full },
            region: value("data-region"),
            model_href: value("data-model"),
            start: value("data-start").parse().unwrap_or(0).min(100),
            prefix: value("data-prefix"),
            explorer_href: value("data-explorer"),
            levers_href: value("data-levers-page"),
            parameters_href: value("data-parameters-page"),
            equations_href: String::new(),
            recommendations: value("data-recommendations").lines().filter_map(link).collect(),
            works: BTreeMap::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_carry_the_whole_setup() {
        let setup = Setup {
            shape: Shape::Embed(vec!["L01".into(), "L06".into()]),
            region: "us".into(),
            model_href: "/assets/x.model".into(),
            start: 50,
            prefix: "exp-three".into(),
            explorer_href: "/explorer/".into(),
            levers_href: "/method/levers/".into(),
            parameters_href: "/method/parameters/".into(),
            equations_href: String::new(),
            recommendations: vec![RecommendationLink {
                slug: "new-companies".into(),
                href: "/recommendations/new-companies/".into(),
                title: "Start-ups | and more".into(),
            }],
            works: BTreeMap::new(),
        };
        let attributes = setup.attributes();
        let read = Setup::from_attributes(|name| {
            attributes.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone())
        });
        assert_eq!(read, setup);
    }
}
