//! A script without its comments and margins.

/// The lines of `script` without the space around them, and without those that are comments as a whole. Texts over several
/// lines would lose their margins, too: scripts here have none.
pub fn bare_lines(script: &str) -> impl Iterator<Item = &str> {
    let mut is_comment = false;
    script.lines().map(str::trim).filter(move |line| {
        is_comment |= line.starts_with("/**");
        let is_kept = !(is_comment || line.is_empty() || line.starts_with("//"));
        is_comment &= !line.ends_with("*/");
        is_kept
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_margins_go() {
        let script =
            "// What it is.\n/** One line. */\nlet a = 'https://b'; // kept\n\n  /**\n   * More\n   */\n  go(a);\n";
        assert_eq!(bare_lines(script).collect::<Vec<_>>(), ["let a = 'https://b'; // kept", "go(a);"]);
    }
}
