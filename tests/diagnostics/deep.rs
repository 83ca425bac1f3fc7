//! Input that is nested deeper, or longer, than any person writes: it is published or refused, and never ends the program
//! by force.

use std::process::Command;

use tests::input::Input;

use super::folder;

/// Levels of nesting.
const DEEP: usize = 20_000;
/// Mistakes on one line, each of which is told with the whole line.
const MANY: usize = 500;

#[test]
fn deep_and_long_input_ends_in_a_site_or_in_mistakes() {
    let front = "---\ntitle: Help\nsummary: How to help.\n---\n\n";
    let page = |body: String| ("content/pages/help.md", format!("{front}{body}\n"));
    let package = |text: String| ("data/imports/datapackage.json", text);
    // With a mistake of its own, so that no explorer is compiled for it.
    let model = |text: String| {
        let more = format!("[auxiliaries.x]\nlabel = \"X\"\nunit = \"US$\"\nequation = \"{text}\"\n");
        ("data/models/deep/model.toml", more)
    };
    let rows = [
        page(">".repeat(DEEP) + " x"),
        page("- ".repeat(DEEP) + "x"),
        page("*".repeat(DEEP) + "x" + &"*".repeat(DEEP)),
        page("*a **b ".repeat(DEEP) + &"** *".repeat(DEEP)),
        page("[".repeat(DEEP) + "x" + &"](/)".repeat(DEEP)),
        page("![".repeat(DEEP) + "x" + &"](x.png)".repeat(DEEP)),
        page("<p>".repeat(DEEP)),
        page("`".repeat(DEEP)),
        page("[@a; ".repeat(MANY)),
        page("@a [".repeat(MANY)),
        page("[^a]".repeat(DEEP) + "\n\n[^a]: x"),
        page("| ".repeat(DEEP) + "\n" + &"|-".repeat(DEEP) + "\n" + &"| x".repeat(DEEP)),
        page("```chart\nid = ".to_owned() + &"[".repeat(DEEP) + "\n```"),
        page("```chart\nid = ".to_owned() + &"{a=".repeat(DEEP) + "\n```"),
        page("```chart\n".to_owned() + &"a.".repeat(DEEP) + "a = 1\n```"),
        ("content/pages/help.md", format!("---\ntitle: {}\nsummary: x\n---\n", "[".repeat(DEEP))),
        ("content/pages/help.md", format!("---\ntitle: {}\nsummary: x\n---\n", "{a: ".repeat(DEEP))),
        ("content/pages/help.md", format!("---\n{}\n---\n", "- ".repeat(DEEP))),
        (
            "content/pages/help.md",
            format!("---\na: &a [x, x]\nb: &b [{}]\nc: [{}]\n---\n", "*a, ".repeat(2000), "*b, ".repeat(2000)),
        ),
        package("[".repeat(DEEP)),
        package("{\"a\":".repeat(DEEP)),
        package("[".repeat(DEEP) + &"]".repeat(DEEP)),
        model("(".repeat(DEEP)),
        model("(".repeat(DEEP) + "1" + &")".repeat(DEEP)),
        model("-".repeat(DEEP) + "1"),
        model("1".to_owned() + &" + 1".repeat(DEEP)),
        model("MIN(1, ".repeat(DEEP) + "1" + &")".repeat(DEEP)),
        ("content/references.bib", "{".repeat(DEEP)),
        ("content/references.bib", format!("@book{{a, title = {}x{}}}", "{".repeat(DEEP), "}".repeat(DEEP))),
        ("data/imports/imports.csv", "\"".repeat(DEEP)),
        ("data/imports/imports.csv", format!("region,value,firms\n{}", ",".repeat(DEEP))),
        ("content/site.toml", "[a.".repeat(DEEP)),
    ];
    let mut wrong = Vec::new();
    for (path, text) in rows {
        let shown: String = text.chars().skip_while(|c| *c != '\n').filter(|c| !c.is_control()).take(120).collect();
        let site =
            Input::empty().folder(&folder().join("valid")).without("data/models").without("content/recommendations");
        let site = site.file(path, text);
        let mut program = Command::new(env!("CARGO_BIN_EXE_levers-under-test"));
        program
            .args(["build", "--quiet", "--clock", "2026-11-21", "--root"])
            .arg(site.root())
            .arg("--out")
            .arg(site.out());
        let output = program.output().expect("the program starts");
        if !matches!(output.status.code(), Some(0 | 1)) {
            let told = String::from_utf8_lossy(&output.stderr);
            wrong.push(format!("{path}: {shown}…\n  {}\n  {}", output.status, told.trim().replace('\n', "\n  ")));
        }
    }
    assert!(wrong.is_empty(), "{} of them ended by force:\n{}", wrong.len(), wrong.join("\n"));
}
