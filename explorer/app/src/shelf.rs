//! The reader's own scenarios by name, as text to be kept in a browser or in a file.
//!
//! The first line says what it is and in which version; each line after it is a name, a tab and the query of an address.

/// The first line.
const HEAD: &str = "Levers scenarios 1";

/// Scenarios that can be kept.
const MOST: usize = 100;
/// Characters that a name can have.
const LONGEST_NAME: usize = 80;

/// Named scenarios, in the order in which they were kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shelf {
    kept: Vec<Kept>,
}

/// A scenario with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// What the reader calls it; no two are called the same.
    pub name: String,
    /// The query of its address.
    pub query: String,
}

/// Text that is no shelf, or of another version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoShelf;

impl Shelf {
    /// The shelf that a text holds; lines that cannot be read are left out. Fails for other text.
    pub fn read(text: &str) -> Result<Self, NoShelf> {
        let mut shelf = Self::default();
        shelf.take_in(text)?;
        Ok(shelf)
    }

    /// Takes over what the shelf in a text holds, and gives how many scenarios found no room; of two with the same name
    /// the text's is kept. Fails for other text.
    pub fn take_in(&mut self, text: &str) -> Result<usize, NoShelf> {
        let mut lines = text.lines();
        if lines.next().map(str::trim_end) != Some(HEAD) {
            return Err(NoShelf);
        }
        let mut without_room = 0;
        for (name, query) in lines.filter_map(|line| line.split_once('\t')) {
            let is_kept = self.keep(name, query.trim_end());
            let is_lost = !is_kept && self.kept.len() == MOST && !name.trim().is_empty();
            without_room += usize::from(is_lost);
        }
        Ok(without_room)
    }

    /// The text that [`read`](Shelf::read) reads.
    pub fn text(&self) -> String {
        let mut text = String::from(HEAD);
        for Kept { name, query } in &self.kept {
            for part in ["\n", name, "\t", query] {
                text.push_str(part);
            }
        }
        text.push('\n');
        text
    }

    /// What is kept.
    pub fn kept(&self) -> &[Kept] {
        &self.kept
    }

    /// Keeps a scenario under a name. If there is one of that name already, it takes its place; a shelf that is full
    /// stays as it is, and so does one that is given no name. Whether it was kept.
    pub fn keep(&mut self, name: &str, query: &str) -> bool {
        let name = tidy(name);
        if name.is_empty() || query.contains(['\n', '\t']) {
            return false;
        }
        let query = query.to_owned();
        match self.kept.iter().position(|kept| kept.name == name) {
            Some(index) => self.kept[index].query = query,
            None if self.kept.len() == MOST => return false,
            None => self.kept.push(Kept { name, query }),
        }
        true
    }

    /// Gives the scenario at `index` another name. Whether that could be: not to one that another has.
    pub fn rename(&mut self, index: usize, name: &str) -> bool {
        let name = tidy(name);
        let is_free = self.kept.iter().enumerate().all(|(other, kept)| other == index || kept.name != name);
        match self.kept.get_mut(index) {
            Some(kept) if is_free && !name.is_empty() => {
                kept.name = name;
                true
            }
            _ => false,
        }
    }

    /// Lets go of the scenario at `index`, if there is one.
    pub fn remove(&mut self, index: usize) {
        if index < self.kept.len() {
            self.kept.remove(index);
        }
    }
}

/// One line without more white space than it needs, not too long.
fn tidy(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    words.join(" ").chars().take(LONGEST_NAME).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_comes_back() {
        let mut shelf = Shelf::default();
        assert!(shelf.keep("  Vouchers\tand\nmore ", "L03=50"));
        assert!(shelf.keep("Nothing", ""));
        assert_eq!(shelf.kept()[0].name, "Vouchers and more");
        assert_eq!(Shelf::read(&shelf.text()), Ok(shelf));
    }

    #[test]
    fn names_are_given_once() {
        let mut shelf = Shelf::default();
        assert!(shelf.keep("One", "L01=1") && shelf.keep("Two", "L02=2") && shelf.keep("One", "L01=3"));
        assert_eq!(shelf.kept().len(), 2);
        assert_eq!(shelf.kept()[0].query, "L01=3");
        assert!(!shelf.rename(1, "One") && !shelf.rename(1, "  ") && !shelf.rename(7, "Seven"));
        assert!(shelf.rename(1, "Second") && shelf.rename(1, "Second"));
        shelf.remove(0);
        shelf.remove(7);
        assert_eq!(shelf.kept(), [Kept { name: "Second".into(), query: "L02=2".into() }]);
        let mut other = Shelf::default();
        other.keep("Second", "L02=9");
        assert_eq!(shelf.take_in(&other.text()), Ok(0));
        assert_eq!(shelf, other);
    }

    #[test]
    fn corrupt_text_is_no_shelf_and_corrupt_lines_are_left_out() {
        for text in ["", "Levers scenarios 2\nOne\tL01=1", "{\"scenarios\": []}", "\0\u{1}"] {
            assert_eq!(Shelf::read(text), Err(NoShelf));
        }
        let shelf = Shelf::read("Levers scenarios 1\nno tab\n\t\nOne\tL01=1\r\n\u{fffd}\tx=\ty").expect("it is one");
        assert_eq!(shelf.kept(), [Kept { name: "One".into(), query: "L01=1".into() }]);
    }

    #[test]
    fn a_shelf_has_an_end() {
        let mut shelf = Shelf::default();
        for index in 0..2 * MOST {
            shelf.keep(&format!("Scenario {index}"), "");
        }
        assert_eq!(shelf.kept().len(), MOST);
        assert!(shelf.keep("Scenario 0", "L01=1"), "what is there can be changed");
        let text = format!("{HEAD}\nScenario 1\t\nOne more\t\nAnother\t\n \t\n");
        assert_eq!(shelf.take_in(&text), Ok(2), "those that found no room are counted");
    }
}
