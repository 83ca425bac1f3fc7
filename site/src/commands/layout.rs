//! Rows of cells → aligned columns for a terminal.

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};

/// Spaces before every line.
const INDENT: &str = "  ";

/// Columns under `header`, the first `texts` of them flush left, the others, numbers, flush right.
pub fn columns(header: &[&str], texts: usize, rows: Vec<Vec<String>>) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    if header.iter().any(|title| !title.is_empty()) {
        table.set_header(header.iter().copied());
    }
    table.add_rows(rows);
    let last = header.len().saturating_sub(1);
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, if index == last { 0 } else { 2 }));
        column.set_cell_alignment(if index < texts { CellAlignment::Left } else { CellAlignment::Right });
    }
    table.lines().map(|line| format!("{INDENT}{}", line.trim_end()).trim_end().to_owned() + "\n").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_stand_left_and_numbers_right() {
        let rows = vec![vec!["Kenya".into(), "−5".into()], vec!["European Union".into(), "12,000".into()]];
        assert_eq!(
            columns(&["region", "jobs"], 1, rows),
            "  region            jobs\n  Kenya               −5\n  European Union  12,000\n"
        );
    }
}
