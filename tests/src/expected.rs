//! Files under version control that say what should come out. `BLESS=1` writes them anew; the diff is then to be read.

use std::fs;
use std::path::Path;

use crate::output::Tree;

/// Whether expected files are to be written instead of compared.
fn is_blessing() -> bool {
    std::env::var_os("BLESS").is_some_and(|value| value == "1")
}

/// What differs between the text of the file `path` and `actual`; nothing when they agree or when the file was written.
pub fn text(path: &Path, actual: &str) -> String {
    if is_blessing() {
        fs::write(path, actual).unwrap_or_else(|error| panic!("{} cannot be written: {error}", path.display()));
        return String::new();
    }
    let expected = fs::read_to_string(path).unwrap_or_default();
    if expected == actual {
        return String::new();
    }
    format!("──── {} expects:\n{expected}\n──── but it is:\n{actual}\n", path.display())
}

/// The same for all files below `folder`.
pub fn tree(folder: &Path, actual: &Tree) -> String {
    if is_blessing() {
        if folder.is_dir() {
            fs::remove_dir_all(folder).expect("the checkout is writable");
        }
        for (path, bytes) in &actual.files {
            let file = folder.join(path);
            fs::create_dir_all(file.parent().expect("a file lies in a folder")).expect("the checkout is writable");
            fs::write(file, bytes).expect("the checkout is writable");
        }
        return String::new();
    }
    if !folder.is_dir() {
        return format!("{} is missing", folder.display());
    }
    Tree::read(folder).difference(actual)
}
