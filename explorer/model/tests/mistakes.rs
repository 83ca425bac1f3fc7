//! Each mistake an author can make gives one diagnostic that marks the bytes to blame and says what to do.

use diagnostic::{Diagnostic, Severity};
use model::ModelFile;

/// A small model without mistakes.
const SOUND: &str = r#"
id = "shops"
title = "Shops"
version = "1"
summary = "Shops open and close."
[time]
stop = 10
dt = 0.25
unit = "years"
[units]
years = ["year"]
firms = ["firm"]
km = []
EUR = []
[dimensions]
size = ["small", "large"]
[regions]
here = { label = "Here" }
there = { label = "There" }
[levers.help]
label = "Help"
group = "All"
zero = "None."
hundred = "All there is."
mechanism = "Keeps shops open."
grade = "B"
evidence = "None."
cost = "None."
[parameters]
closing = "0.1 (0.05 .. 0.2) per year triangular; D; judgement; unverified; Closure rate"
start = { label = "Shops at the start", unit = "firms", here = "100; C; census2020; verified", there = "50; D; judgement; unverified" }
gain = { label = "Gain by {size}", unit = "Dmnl", over = ["size"], small = "0.1; D; judgement; unverified", large = "0.2; D; judgement; unverified" }
[stocks.shops]
label = "Shops"
doc = "Shops that are open."
unit = "firms"
initial = "start"
outflows = ["closures"]
[flows.closures]
label = "Closures"
doc = "Shops that close."
unit = "firms per year"
equation = "closing * shops * (1 - setting[help] * SUM(size: gain[size]))"
"#;

/// All diagnostics of the sound model with a second file, and the texts they mark.
fn mistakes(text: &str) -> Vec<(Diagnostic, String)> {
    let files = [ModelFile { path: "sound.toml", text: SOUND }, ModelFile { path: "more.toml", text }];
    let checked = model::compile(&files);
    let has_errors = checked.diagnostics.has_errors();
    assert_eq!(checked.value.is_none(), has_errors, "a model comes without errors and only then");
    let marked = |diagnostic: &Diagnostic| match &diagnostic.place {
        None => String::new(),
        Some(place) => {
            let file = files.iter().find(|file| file.path == place.file).expect("the file is one of the two");
            file.text[place.span()].to_owned()
        }
    };
    checked.diagnostics.into_iter().map(|diagnostic| (diagnostic.clone(), marked(&diagnostic))).collect()
}

/// A variable with this equation.
fn auxiliary(unit: &str, equation: &str) -> String {
    format!("[auxiliaries.more]\nlabel = \"More\"\ndoc = \"More.\"\n{unit}\nequation = \"{equation}\"\n")
}

/// `text` gives exactly one diagnostic, of this code, that marks `marked`, with all of `parts` in its texts.
#[track_caller]
fn assert_mistake(text: &str, code: &str, marked: &str, parts: &[&str]) {
    let found = mistakes(text);
    let [(diagnostic, place)] = &found[..] else { panic!("not one diagnostic for:\n{text}\n{found:#?}") };
    assert_eq!((diagnostic.code, place.as_str()), (code, marked), "{diagnostic:#?}");
    let related = diagnostic.related.iter().map(|(_, label)| label);
    let texts: Vec<&String> =
        [&diagnostic.message].into_iter().chain(&diagnostic.notes).chain(&diagnostic.help).chain(related).collect();
    for part in parts {
        assert!(texts.iter().any(|text| text.contains(part)), "`{part}` is not in {texts:#?}");
    }
}

#[test]
fn the_sound_model_has_no_mistakes() {
    assert_eq!(mistakes(""), []);
}

#[test]
fn units_that_do_not_fit_are_reported_with_their_paths() {
    for (unit, equation, marked, parts) in [
        (
            "unit = \"firms\"",
            "shops + closing * start",
            "shops + closing * start",
            &[
                "firms and firms/years cannot be added",
                "`shops` is in firms",
                "`closing * start` is made of `closing` in 1/years, `start` in firms",
                "to turn firms into firms/years, multiply by something in 1/years",
            ][..],
        ),
        ("unit = \"EUR\"", "shops * 2", "shops * 2", &["gives firms, but `more` is in EUR", "its unit is stated here"]),
        ("unit = \"million firms\"", "shops", "shops", &["multiply by a constant of 0.000001 million"]),
        ("unit = \"Dmnl\"", "EXP(shops)", "shops", &["EXP takes a pure number, not firms"]),
        ("unit = \"Dmnl\"", "2 ^ shops", "shops", &["an exponent takes a pure number"]),
        ("unit = \"Dmnl\"", "IF shops > TIME THEN 1 ELSE 2", "shops > TIME", &["cannot be compared"]),
        (
            "unit = \"firms\"",
            "IF TIME > closing THEN shops ELSE start",
            "TIME > closing",
            &["1/years and years cannot be compared"],
        ),
        ("unit = \"firms\"", "MIN(shops, 3)", "MIN(shops, 3)", &["firms and Dmnl", "`3` is a pure number"]),
        ("unit = \"Dmnl\"", "SQRT(shops)", "shops", &["firms has no square root"]),
        ("unit = \"firms\"", "shops ^ 0.5", "shops", &["power that is not a whole number"]),
    ] {
        assert_mistake(&auxiliary(unit, equation), "unit-mismatch", marked, parts);
    }
}

#[test]
fn units_that_fit_are_left_alone() {
    for (unit, equation) in [
        ("unit = \"firms\"", "MAX(0, shops - 0 * start)"),
        ("unit = \"firms^2\"", "shops ^ 2"),
        ("unit = \"firms\"", "SQRT(shops * start)"),
        ("unit = \"thousand firms\"", "shops * kilo"),
        ("unit = \"Dmnl\"", "EXP(-closing * TIME)"),
        ("", "shops / start"),
        ("unit = \"firms per year\"", "(shops - BASELINE(shops)) / DT"),
    ] {
        let kilo = "[constants.kilo]\nlabel = \"K\"\ndoc = \"K.\"\nunit = \"thousand\"\nequation = 1\n";
        let text = auxiliary(unit, equation) + kilo;
        assert_eq!(mistakes(&text), [], "{text}");
    }
}

#[test]
fn an_inferred_unit_is_held_against_later_equations() {
    let text = auxiliary("", "shops / start")
        + "[auxiliaries.later]\nlabel = \"Later\"\ndoc = \"Later.\"\nequation = \"shops + more\"\n";
    assert_mistake(&text, "unit-mismatch", "shops + more", &["firms and Dmnl cannot be added", "`more` is in Dmnl"]);
}

#[test]
fn names_that_mean_nothing_are_reported_with_the_nearest() {
    for (equation, code, marked, part) in [
        ("shosp * 2", "unknown-name", "shosp", "did you mean `shops`?"),
        ("gain", "bad-subscript", "gain", "as in `gain[small]`"),
        ("gain[medium]", "bad-subscript", "medium", "choose one of `small`, `large`"),
        ("gain[size]", "bad-subscript", "size", "write `SUM(size: …)`"),
        ("shops[small]", "bad-subscript", "shops[small]", "`shops` is a single number"),
        ("SUM(sizes: gain[size])", "unknown-name", "sizes", "did you mean `size`?"),
        ("SUM(size: SUM(size: gain[size]))", "bad-subscript", "size", "known here already"),
        ("setting[hepl]", "bad-subscript", "hepl", "did you mean `help`?"),
        ("gain[lever.grade]", "bad-subscript", "lever.grade", "`lever.grade`"),
    ] {
        assert_mistake(&auxiliary("unit = \"firms\"", equation), code, marked, &[part]);
    }
}

#[test]
fn equations_that_cannot_be_read_are_marked_where_they_break() {
    for (equation, marked, part) in [
        ("shops +", "", "found the end"),
        ("shops * * 2", "*", "expected a number, a name or `(`, found `*`"),
        ("SUMM(shops)", "SUMM", "did you mean `SUM`?"),
        ("shops ; 2", ";", "`;` has no meaning here"),
        ("MAX(shops)", ")", "expected `,`"),
    ] {
        assert_mistake(&auxiliary("unit = \"firms\"", equation), "syntax", marked, &[part]);
    }
}

#[test]
fn a_circle_is_shown_as_a_path() {
    let other = "[auxiliaries.other]\nlabel = \"Other\"\ndoc = \"Other.\"\nunit = \"firms\"\nequation = \"more / 2\"\n";
    let text = auxiliary("unit = \"firms\"", "other * 2") + other;
    assert_mistake(&text, "circular-definition", "more", &["more → other → more", "break the circle with a stock"]);
    let itself = auxiliary("unit = \"firms\"", "BASELINE(more)");
    assert_mistake(&itself, "circular-definition", "more", &["more → more"]);
}

#[test]
fn constants_know_no_time_and_no_levers() {
    for name in ["shops", "TIME", "setting[help]", "BASELINE(start)"] {
        let text = format!("[constants.c]\nlabel = \"C\"\ndoc = \"C.\"\nunit = \"firms\"\nequation = \"{name}\"\n");
        assert_mistake(&text, "not-at-start", name, &["has no value yet"]);
    }
}

#[test]
fn parameters_are_checked_as_they_are_typed() {
    for (line, code, marked, part) in [
        (
            "x = \"3 (4 .. 5) km; D; judgement; unverified\"",
            "bad-estimate",
            "3 (4 .. 5) km",
            "does not lie between 4 and 5",
        ),
        (
            "x = \"3 (5 .. 2) km; D; judgement; unverified\"",
            "bad-estimate",
            "3 (5 .. 2) km",
            "the low value 5 is above the high value 2",
        ),
        ("x = \"three km; D; judgement; unverified\"", "bad-estimate", "three", "`three` is not a number"),
        ("x = \"3 km; E; judgement; unverified\"", "bad-estimate", "E", "`E` is not a grade"),
        ("x = \"3 km; D; judgement; guessed\"", "bad-estimate", "guessed", "`guessed` is not a basis"),
        ("x = \"3 km; D; judgement; derived\"", "missing-source", "judgement", "a derived value needs a source"),
        ("x = \"3 km; D; see below; derived\"", "missing-source", "see below", "not a key of the bibliography"),
        ("x = \"3 km\"", "bad-estimate", "3 km", "the grade is missing"),
        ("x = \"3 kn; D; judgement; unverified\"", "unknown-unit", "kn", "did you mean `km`?"),
        ("x = \"3; D; judgement; unverified\"", "missing-key", "x", "`x` has no unit"),
        (
            "x = \"0 (-1 .. 1) km lognormal; D; judgement; unverified\"",
            "bad-estimate",
            "0 (-1 .. 1) km lognormal",
            "above zero",
        ),
        (
            "x = { label = \"X\", unit = \"km\", here = \"1; D; judgement; unverified\" }",
            "missing-region",
            "x",
            "no value for There",
        ),
        (
            "x = { label = \"X\", unit = \"km\", over = [\"size\"], small = \"1; D; judgement; unverified\" }",
            "missing-element",
            "x",
            "1 of its 2 elements",
        ),
        (
            "x = { label = \"X\", unit = \"km\", al = \"1; D; judgement; unverified\" }",
            "unknown-key",
            "al",
            "did you mean `all`?",
        ),
        ("x = 3", "wrong-type", "3", "a line of text or a table, not a number"),
        ("closing = \"3 km; D; judgement; unverified\"", "duplicate-name", "closing", "first declared here"),
        ("SUM = \"3 km; D; judgement; unverified\"", "bad-name", "SUM", "a meaning of its own"),
    ] {
        let found = mistakes(&format!("[parameters]\n{line}\n"));
        // That nothing uses the parameter is said as well.
        let errors: Vec<_> = found.iter().filter(|(diagnostic, _)| diagnostic.code != "unused-parameter").collect();
        let [(diagnostic, place)] = &errors[..] else { panic!("not one diagnostic for {line}: {found:#?}") };
        assert_eq!((diagnostic.code, place.as_str()), (code, marked), "{line}");
        let texts = format!("{} {:?} {:?}", diagnostic.message, diagnostic.help, diagnostic.related);
        assert!(texts.contains(part), "`{part}` is not in {texts}");
    }
}

#[test]
fn an_unused_parameter_is_a_warning() {
    let found = mistakes("[parameters]\nx = \"3 km; D; judgement; unverified; X\"\n");
    let [(diagnostic, place)] = &found[..] else { panic!("{found:#?}") };
    assert_eq!((diagnostic.severity, diagnostic.code, place.as_str()), (Severity::Warning, "unused-parameter", "x"));
}

#[test]
fn whatever_else_is_wrong_is_reported_too() {
    for (text, code, marked, part) in [
        ("[stokcs]\n", "unknown-key", "stokcs", "did you mean `stocks`?"),
        (
            "[stocks.x]\nlabel = \"X\"\ndoc = \"X.\"\nunit = \"km\"\ninitial = 1\ninflow = []\n",
            "unknown-key",
            "inflow",
            "`inflows`",
        ),
        (
            "[stocks.x]\nlabel = \"X\"\ndoc = \"X.\"\nunit = \"km\"\ninitial = 1\ninflows = [\"closure\"]\n",
            "unknown-name",
            "closure",
            "did you mean `closures`?",
        ),
        (
            "[stocks.x]\nlabel = \"X\"\ndoc = \"X.\"\nunit = \"km\"\ninitial = 1\ninflows = [\"closures\"]\n",
            "unit-mismatch",
            "closures",
            "`closures` is in firms/years, but a flow of `x` is in km/years",
        ),
        ("[time]\ndt = 1\n", "duplicate-name", "time", "declared twice"),
        (
            "[outcomes.x]\nlabel = \"X\"\ndoc = \"X.\"\ngroup = \"g\"\nunit = \"km\"\nkind = \"level\"\nvariable = \"shop\"\n",
            "unknown-name",
            "shop",
            "did you mean `shops`?",
        ),
        (
            "[scenarios.x]\nlabel = \"X\"\ndoc = \"X.\"\nlevers = { halp = 50 }\n",
            "unknown-name",
            "halp",
            "did you mean `help`?",
        ),
        (
            "[scenarios.x]\nlabel = \"X\"\ndoc = \"X.\"\nlevers = { help = 500 }\n",
            "out-of-range",
            "500",
            "between 0 and 100",
        ),
        (
            "[scenarios.x]\nlabel = \"X\"\ndoc = \"X.\"\nparameters = { gains = 1 }\n",
            "unknown-name",
            "gains",
            "did you mean `gain`?",
        ),
        (
            "[groups.x]\nlabel = \"X\"\ndoc = \"X.\"\ncorrelation = 0.5\nwith = [\"gain\", \"gain_small\"]\n",
            "duplicate-name",
            "gain_small",
            "a group already",
        ),
        ("[dimensions]\nsize = [\"a\"]\n", "duplicate-name", "size", "declared twice"),
        ("[dimensions]\nd = [\"a\", \"a\"]\n", "duplicate-name", "a", "declared twice"),
        ("[units]\nkm = []\n", "duplicate-name", "km", "declared twice"),
        (
            "[parameters.y]\nlabel = 3\nunit = \"km\"\nall = \"1; D; judgement; unverified\"\n",
            "wrong-type",
            "3",
            "should be a text, not a number",
        ),
        ("a = = 3\n", "toml-syntax", "=", ""),
    ] {
        let found = mistakes(text);
        let errors: Vec<_> = found.iter().filter(|(diagnostic, _)| diagnostic.severity == Severity::Error).collect();
        let Some((diagnostic, place)) = errors.first() else { panic!("no error for {text}: {found:#?}") };
        assert_eq!((diagnostic.code, place.as_str()), (code, marked), "{text}");
        let texts = format!("{} {:?} {:?}", diagnostic.message, diagnostic.help, diagnostic.related);
        assert!(texts.contains(part), "`{part}` is not in {texts}");
    }
}

#[test]
fn all_mistakes_are_reported_together() {
    let text = auxiliary("unit = \"firms\"", "shosp + gian[small]")
        + "[auxiliaries.other]\nlabel = \"Other\"\ndoc = \"Other.\"\nunit = \"frims\"\nequation = \"(shops\"\n";
    let codes: Vec<&str> = mistakes(&text).iter().map(|(diagnostic, _)| diagnostic.code).collect();
    assert_eq!(codes, ["unknown-unit", "syntax", "unknown-name", "unknown-name"]);
}

#[test]
fn hostile_text_is_refused_and_never_panics() {
    let deep = format!("x = {}1{}", "[".repeat(5000), "]".repeat(5000));
    let wide: String = (0..300).map(|n| format!("d{n} = [\"a{n}\", \"b{n}\"]\n")).collect();
    let big = format!(
        "[dimensions]\np = [{0}]\nq = [{0}]\nr = [{0}]\n[auxiliaries.x]\nlabel = \"X\"\ndoc = \"X.\"\nover = [\"p\", \"q\", \"r\"]\nequation = \"1\"\n",
        (0..200).map(|n| format!("\"e{n}\"")).collect::<Vec<_>>().join(", ")
    );
    let list = |name: &str| (0..200).map(|n| format!("\"{name}{n}\"")).collect::<Vec<_>>().join(", ");
    let dimensions = ["p", "q", "r", "s"].map(|name| format!("{name} = [{}]\n", list(name))).concat();
    let sums = format!("[dimensions]\n{dimensions}{}", auxiliary("", "SUM(p: SUM(q: SUM(r: SUM(s: shops))))"));
    for text in
        [deep, format!("[dimensions]\n{wide}"), big, sums, "\u{0}".into(), "=".repeat(10_000), "[".repeat(10_000)]
    {
        let _ = mistakes(&text);
    }
    let mut chain = String::new();
    for n in 0..3000 {
        let before = if n == 0 { "shops".to_owned() } else { format!("v{}", n - 1) };
        chain += &format!("[auxiliaries.v{n}]\nlabel = \"V\"\ndoc = \"V.\"\nequation = \"{before} + shops\"\n");
    }
    assert_eq!(mistakes(&chain), [], "a long chain is fine");
}

/// Many equations, each made of its number.
fn equations(count: usize, equation: impl Fn(usize) -> String) -> String {
    let one = |n| {
        format!("[auxiliaries.v{n}]\nlabel = \"V\"\ndoc = \"V.\"\nunit = \"Dmnl\"\nequation = \"{}\"\n", equation(n))
    };
    (0..count).map(one).collect()
}

#[test]
fn what_is_too_large_for_anybody_is_refused() {
    let list = |count: usize| (0..count).map(|n| format!("\"f{n}\"")).collect::<Vec<_>>().join(", ");
    let stock = |flows: usize| {
        format!("[stocks.s]\nlabel = \"S\"\ndoc = \"S.\"\nunit = \"km\"\ninitial = 1\noutflows = [{}]\n", list(flows))
    };
    let points = (0..300).map(|n| format!("[{n}, 1]")).collect::<Vec<_>>().join(", ");
    for (text, code, part) in [
        (equations(20_001, |_| "1".into()), "too-large", "the model has 20009 numbers, more than 20000"),
        (stock(300), "too-large", "a stock has at most 100 outflows, not 300"),
        (format!("[dimensions]\nd = [{}]\n", list(300)), "bad-dimension", "1 to 256 elements"),
        (
            (0..600).map(|n| format!("u{n} = []\n")).fold("[units]\n".into(), |all, one| all + &one),
            "too-large",
            "500 units",
        ),
        (auxiliary("unit = \"km\"", "TIME") + &format!("graph = [{points}]\n"), "bad-graph", "at most 200 points"),
        ("x".repeat(5 << 20), "too-large", "larger than 4194304 bytes"),
    ] {
        let found = mistakes(&text);
        let (first, _) = &found[0];
        assert_eq!(first.code, code, "{first:#?}");
        assert!(first.message.contains(part), "`{part}` is not in {}", first.message);
        assert!(first.help.is_some(), "{first:#?}");
    }
    // Either would take hours, or more memory than there is.
    for (dt, save, part) in [("0.0005", "1", "operations"), ("0.005", "0.005", "numbers")] {
        let sound = SOUND.replace("dt = 0.25", &format!("dt = {dt}\nsave = {save}"));
        let more = equations(18_000, |n| format!("EXP(STEP(1, {n}))"));
        let files = [ModelFile { path: "sound.toml", text: &sound }, ModelFile { path: "more.toml", text: &more }];
        let found: Vec<Diagnostic> = model::compile(&files).diagnostics.into_iter().collect();
        assert_eq!(found.len(), 1, "{found:#?}");
        assert!(found[0].code == "too-large" && found[0].message.contains(part), "{found:#?}");
    }
}

#[test]
fn times_within_times_end_before_their_copies_fill_the_memory() {
    for (open, close) in [("RAMP(1, ", ")"), ("PULSE(1, ", ")"), ("PULSE(1, ", ", 3)"), ("PULSE(1, 2, ", ")")] {
        let nested = |depth: usize| format!("{}TIME{}", open.repeat(depth), close.repeat(depth));
        let found = mistakes(&auxiliary("unit = \"firms\"", &nested(45)));
        let message = |(diagnostic, _): &(Diagnostic, String)| diagnostic.message.clone();
        let messages: Vec<String> = found.iter().map(message).collect();
        assert!(messages.iter().any(|one| one.contains("stand within each other's times")), "{open}: {messages:?}");
        let found = mistakes(&auxiliary("unit = \"firms\"", &nested(2)));
        assert!(found.iter().all(|one| one.0.code != "syntax"), "{open}: {found:?}");
    }
}

#[test]
fn thousands_of_mistakes_are_told_in_a_moment_and_few_words() {
    let wrong = mistakes(&equations(3000, |n| format!("w{n}")));
    assert_eq!(wrong.len(), 3000);
    assert!(wrong.iter().all(|(found, _)| found.help.is_some()));
    let circles = mistakes(&equations(3000, |n| format!("v{} + v{} + v{}", (n + 1) % 3000, n / 2, n / 3)));
    assert_eq!(circles.len(), 20, "whoever breaks these has broken most of the others");
    assert!(circles.iter().all(|(found, _)| found.message.len() < 200 && found.related.len() <= 12));
}
