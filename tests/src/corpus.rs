//! As many briefs as wanted, all different and the same in every run, with the statistics of real ones: word frequencies
//! fall as in any language, so that texts compress as real texts do.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::dice::Dice;

/// Words of running text in a brief.
const WORDS: usize = 1_200;
/// Different words in all texts.
const VOCABULARY: usize = 12_000;
/// Works that may be cited.
const WORKS: usize = 300;
/// Datasets that charts and tables show.
const DATASETS: usize = 25;
/// Rows of a dataset.
const ROWS: usize = 24;
/// Sections of a brief.
const SECTIONS: usize = 6;

/// What briefs hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Headings, a table, footnotes and links.
    Plain,
    /// A chart and citations too.
    Full,
}

/// The words that hold sentences together, most frequent first.
const COMMON: [&str; 48] = [
    "the", "of", "and", "to", "in", "a", "is", "that", "for", "it", "as", "was", "with", "be", "by", "on", "not", "he",
    "this", "are", "or", "his", "from", "at", "which", "but", "have", "an", "had", "they", "you", "were", "their",
    "one", "all", "we", "can", "her", "has", "there", "been", "if", "more", "when", "will", "would", "who", "so",
];
const ONSETS: [&str; 24] = [
    "b", "br", "c", "ch", "cl", "d", "dr", "f", "fl", "g", "gr", "h", "l", "m", "n", "p", "pr", "r", "s", "st", "t",
    "tr", "v", "w",
];
const NUCLEI: [&str; 12] = ["a", "e", "i", "o", "u", "ai", "ea", "ee", "io", "ou", "y", "oa"];
const CODAS: [&str; 20] =
    ["", "", "", "", "n", "r", "s", "t", "l", "m", "nd", "nt", "rt", "st", "ck", "d", "ng", "p", "ss", "x"];

/// Writes a site with `briefs` briefs below `root`, and says how many bytes it wrote.
///
/// # Panics
///
/// When the disk does not let it.
pub fn write(root: &Path, briefs: usize, kind: Kind) -> u64 {
    let words = vocabulary();
    let mut writer = Writer { root, bytes: 0 };
    writer.file("content/site.toml", SETTINGS);
    writer.file("content/references.bib", &bibliography(&words));
    writer.file("content/pages/about.md", "---\ntitle: About\nsummary: What this is.\n---\n\nA corpus.\n");
    for index in 0..DATASETS {
        let name = dataset_name(index);
        writer.file(&format!("data/{name}/datapackage.json"), &package(&name));
        writer.file(&format!("data/{name}/{name}.csv"), &rows(&words, index));
    }
    for index in 0..briefs {
        writer.file(&format!("content/briefs/{}.md", slug(index)), &brief(&words, index, briefs, kind));
    }
    writer.bytes
}

const SETTINGS: &str = "title = \"Corpus\"\ntagline = \"Many briefs\"\ndescription = \"As many briefs as wanted.\"\n\
    language = \"en-GB\"\nbase_url = \"https://corpus.example/\"\npublisher = \"Nobody\"\n\
    contact = \"nobody@corpus.example\"\ncitation_style = \"chicago-author-date\"\n\n[licence]\ncode = \"MIT\"\n\
    content = \"CC BY 4.0\"\n";

struct Writer<'a> {
    root: &'a Path,
    bytes: u64,
}

impl Writer<'_> {
    fn file(&mut self, path: &str, text: &str) {
        let file = self.root.join(path);
        fs::create_dir_all(file.parent().expect("a file lies in a folder")).expect("the disk is writable");
        fs::write(file, text).expect("the disk is writable");
        self.bytes += text.len() as u64;
    }
}

fn slug(index: usize) -> String {
    format!("brief-{index:05}")
}

fn dataset_name(index: usize) -> String {
    format!("series-{index:02}")
}

/// Common words, then made-up ones of two to four syllables.
fn vocabulary() -> Vec<String> {
    let mut dice = Dice::new(1);
    let mut words: Vec<String> = COMMON.iter().map(|word| (*word).to_owned()).collect();
    while words.len() < VOCABULARY {
        let syllables = 2 + dice.below(3);
        let mut word = String::new();
        for _ in 0..syllables {
            word.push_str(dice.of::<&str>(&ONSETS));
            word.push_str(dice.of::<&str>(&NUCLEI));
        }
        word.push_str(dice.of::<&str>(&CODAS));
        words.push(word);
    }
    words
}

/// A word whose rank is drawn as in running text: the chance of a rank falls with the rank.
fn word<'a>(words: &'a [String], dice: &mut Dice) -> &'a str {
    // The inverse of a distribution close to Zipf's, without powers that differ between machines.
    let share = dice.share();
    let scaled = share * share * share;
    let rank = scaled * scaled.sqrt() * words.len() as f64;
    &words[(rank as usize).min(words.len() - 1)]
}

fn sentence(words: &[String], dice: &mut Dice, extra: &str) -> String {
    let length = 7 + dice.below(22);
    let mut text = String::new();
    for index in 0..length {
        let word = word(words, dice);
        if index == 0 {
            let mut letters = word.chars();
            text.extend(letters.next().map(|first| first.to_ascii_uppercase()));
            text.push_str(letters.as_str());
        } else {
            if index > 3 && dice.below(11) == 0 {
                text.push(',');
            }
            text.push(' ');
            match dice.below(40) {
                0 => write!(text, "*{word}*"),
                1 => write!(text, "**{word}**"),
                2 => write!(text, "{}.{}%", dice.below(90), dice.below(10)),
                3 => write!(text, "US${} million", 1 + dice.below(900)),
                _ => write!(text, "{word}"),
            }
            .expect("writing to a string succeeds");
        }
    }
    text.push_str(extra);
    text.push('.');
    text
}

fn title(words: &[String], dice: &mut Dice, length: usize) -> String {
    let chosen: Vec<&str> = (0..length).map(|_| words[COMMON.len() + dice.below(2_000)].as_str()).collect();
    let joined = chosen.join(" ");
    joined[..1].to_ascii_uppercase() + &joined[1..]
}

fn brief(words: &[String], index: usize, briefs: usize, kind: Kind) -> String {
    let mut dice = Dice::new(1_000 + index as u64);
    let (year, month, day) = (2005 + dice.below(20), 1 + dice.below(12), 1 + dice.below(28));
    let mut text = format!(
        "---\ntitle: {} {index}\nsummary: {}\ndate: {year}-{month:02}-{day:02}\nauthors: [{}]\ntopics: [{}, {}]\n---\n\n",
        title(words, &mut dice, 5),
        sentence(words, &mut dice, "").replace(['*', ':'], ""),
        title(words, &mut dice, 2),
        title(words, &mut dice, 1),
        title(words, &mut dice, 1),
    );
    let mut notes = String::new();
    let mut written = 0;
    for section in 0..SECTIONS {
        let _ = writeln!(text, "## {} {{#part-{section}}}\n", title(words, &mut dice, 4));
        while written < WORDS * (section + 1) / SECTIONS {
            let mut paragraph = Vec::new();
            for _ in 0..3 + dice.below(4) {
                let extra = extra(words, &mut dice, &mut notes, section, briefs, kind);
                let sentence = sentence(words, &mut dice, &extra);
                written += sentence.split(' ').count();
                paragraph.push(sentence);
            }
            text.push_str(&paragraph.join(" "));
            text.push_str("\n\n");
        }
        match section {
            1 => text.push_str(&table(words, &mut dice)),
            2 if kind == Kind::Full => text.push_str(&chart(words, &mut dice)),
            3 => {
                for _ in 0..4 {
                    let _ = writeln!(text, "- {}", sentence(words, &mut dice, ""));
                }
                text.push('\n');
            }
            4 => {
                let _ = writeln!(text, "> [!NOTE]\n> {}\n", sentence(words, &mut dice, ""));
            }
            _ => {}
        }
    }
    text + &notes
}

/// What ends a sentence now and then: a link, a note, a citation.
fn extra(words: &[String], dice: &mut Dice, notes: &mut String, section: usize, briefs: usize, kind: Kind) -> String {
    match dice.below(12) {
        0 => format!(
            ", see [{}](/briefs/{}/#part-{})",
            title(words, dice, 2),
            slug(dice.below(briefs)),
            dice.below(SECTIONS)
        ),
        1 => format!(", see [{}](https://{}.example/{})", title(words, dice, 2), word(words, dice), dice.below(10_000)),
        2 => {
            let label = format!("n{section}-{}", notes.len());
            let _ = writeln!(notes, "[^{label}]: {}\n", sentence(words, dice, ""));
            format!("[^{label}]")
        }
        3 if kind == Kind::Full => format!(" [@work{}, p. {}]", dice.below(WORKS), 1 + dice.below(300)),
        4 if kind == Kind::Full => format!(" [@work{}; @work{}]", dice.below(WORKS), dice.below(WORKS)),
        _ => String::new(),
    }
}

fn table(words: &[String], dice: &mut Dice) -> String {
    let mut text = String::from("| Group | Before | After |\n|---|---:|---:|\n");
    for _ in 0..8 {
        let _ = writeln!(
            text,
            "| {} | {} | {}.{} |",
            title(words, dice, 2),
            dice.below(1_000),
            dice.below(1_000),
            dice.below(10)
        );
    }
    text.push('\n');
    text
}

fn chart(words: &[String], dice: &mut Dice) -> String {
    let kind = *dice.of(&["bar", "line", "dot"]);
    format!(
        "As @fig-series shows.\n\n```chart\nid = \"fig-series\"\nkind = \"{kind}\"\ndataset = \"{}\"\nx = \"year\"\n\
         y = [\"first\", \"second\"]\ntitle = \"{}\"\ncaption = \"{}\"\nalt = \"{} {}\"\n```\n\n",
        dataset_name(dice.below(DATASETS)),
        title(words, dice, 4),
        title(words, dice, 9),
        title(words, dice, 12),
        dice.below(1_000),
    )
}

fn bibliography(words: &[String]) -> String {
    let mut dice = Dice::new(2);
    let mut text = String::new();
    for index in 0..WORKS {
        let _ = writeln!(
            text,
            "@article{{work{index},\n  author = {{{}, {}}},\n  title = {{{}}},\n  journaltitle = {{{}}},\n  \
             volume = {{{}}},\n  pages = {{{}--{}}},\n  date = {{{}}},\n}}\n",
            title(words, &mut dice, 1),
            title(words, &mut dice, 1),
            title(words, &mut dice, 7),
            title(words, &mut dice, 3),
            1 + dice.below(80),
            1 + dice.below(400),
            401 + dice.below(400),
            1950 + dice.below(75),
        );
    }
    text
}

fn package(name: &str) -> String {
    format!(
        "{{\n  \"name\": \"{name}\",\n  \"title\": \"The {name}\",\n  \"description\": \"Two series.\",\n  \
         \"licenses\": [{{ \"name\": \"CC-BY-4.0\" }}],\n  \"sources\": [{{ \"title\": \"A die\" }}],\n  \"resources\": [{{\n    \
         \"name\": \"{name}\",\n    \"path\": \"{name}.csv\",\n    \"schema\": {{ \"fields\": [\n      \
         {{ \"name\": \"year\", \"type\": \"year\", \"title\": \"Year\" }},\n      \
         {{ \"name\": \"first\", \"type\": \"number\", \"title\": \"First\", \"unit\": \"firms\" }},\n      \
         {{ \"name\": \"second\", \"type\": \"number\", \"title\": \"Second\", \"unit\": \"firms\" }},\n      \
         {{ \"name\": \"remark\", \"type\": \"string\", \"title\": \"Remark\" }}\n    ], \"primaryKey\": \"year\" }}\n  }}]\n}}\n"
    )
}

fn rows(words: &[String], index: usize) -> String {
    let mut dice = Dice::new(500 + index as u64);
    let mut text = String::from("year,first,second,remark\n");
    for row in 0..ROWS {
        let _ = writeln!(
            text,
            "{},{}.{},{},{}",
            2000 + row,
            dice.below(10_000),
            dice.below(10),
            dice.below(10_000),
            title(words, &mut dice, 3)
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn briefs_are_about_as_long_as_real_ones_and_all_different() {
        let words = vocabulary();
        let texts: Vec<String> = (0..20).map(|index| brief(&words, index, 20, Kind::Full)).collect();
        for text in &texts {
            let length = text.split_whitespace().count();
            assert!((1_200..2_200).contains(&length), "{length} words");
            assert!(
                ["```chart", "| Group", "](/briefs/", "[@work", "> [!NOTE]"].iter().all(|part| text.contains(part))
            );
        }
        let openings: std::collections::BTreeSet<&str> = texts.iter().map(|text| &text[..60]).collect();
        assert_eq!(openings.len(), texts.len());
        assert_eq!(brief(&words, 7, 20, Kind::Full), texts[7]);
    }
}
