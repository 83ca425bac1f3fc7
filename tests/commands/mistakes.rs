//! Wrong names and numbers are told with what would be right.

use crate::{levers_model, levers_model_in};

#[test]
fn wrong_arguments_name_the_choices() {
    let rows: [(&[&str], &str, &str); 33] = [
        (&["run", "--region", "uk"], "there is no region `uk`", "did you mean `u"),
        (&["run", "--region", "atlantis"], "there is no region `atlantis`", "choose one of `us`, `ca`, `eu`, `ke`"),
        (&["run", "--set", "L99=5"], "there is no lever `L99`", "did you mean `L"),
        (&["run", "--set", "L01=150"], "`L01` cannot stand at 150 per cent", "from 0 to 100"),
        (&["run", "--set", "L01=NaN"], "`L01` cannot stand at NaN per cent", "from 0 to 100"),
        (&["run", "--set", "L01=5", "--set", "L01=6"], "`L01` is set twice", "set it once"),
        (&["run", "--set", "all=101"], "`all` cannot stand at 101 per cent", "from 0 to 100"),
        (&["run", "--start", "L99=5"], "there is no lever `L99`", "did you mean `L"),
        (&["run", "--start", "L01=-5"], "years of zero or more, not -5", "the base run"),
        (&["run", "--ramp", "L01=5", "--ramp", "L01=6"], "`L01` is set twice", "set it once"),
        (&["run", "--param", "kXX=5"], "there is no parameter `kXX`", "did you mean `kX`?"),
        (&["run", "--outcome", "net_job"], "there is no outcome `net_job`", "did you mean `net_jobs`?"),
        (&["run", "--case", "optimist"], "there is no case `optimist`", "choose one of `sceptic`, `advocate`"),
        (&["run", "--case", "all-at-50"], "there is no case `all-at-50`", "choose one of"),
        (&["run", "--scenario", "advocat"], "there is no named scenario `advocat`", "did you mean `advocate`?"),
        (&["run", "--years", "0"], "a run cannot be 0 years long", "up to 20 years"),
        (&["run", "--years", "2.5"], "a run cannot be 2.5 years long", "whole number of steps of 1"),
        (&["run", "--years", "21"], "a run cannot be 21 years long", "up to 20 years"),
        (&["run", "--draws", "0"], "an ensemble has 1 to", ""),
        (&["run", "--model", "macro"], "there is no model `macro`", "choose one of `micro-multinationals`"),
        (&["run", "--contributions", "--format", "csv"], "no place for contributions", "table or json"),
        (&["explain", "net_jbs"], "there is no name `net_jbs`", "did you mean `net_jobs`?"),
        (&["sensitivity", "--outcome", "jobless"], "there is no outcome `jobless`", "choose one of"),
        (&["goal", "--at-least", "1", "--fix", "L77=5"], "there is no lever `L77`", "did you mean `L"),
        (&["goal", "--at-least", "1", "--fix", "L01=101"], "`L01` cannot stand at 101 per cent", "from 0 to 100"),
        (&["goal", "--at-least", "1", "--set", "L01=10"], "the search sets the levers", "--fix L01=10"),
        (&["goal", "--at-least", "1", "--year", "11"], "no results for year 11", "a longer run with --years"),
        (&["goal", "--at-least", "1", "--probability", "120"], "up to 100 per cent, not 120", "four draws of five"),
        (&["sweep", "--grid", "L77=0,50"], "there is no lever `L77`", "did you mean `L"),
        (&["sweep", "--grid", "L01=0,500"], "`L01` cannot stand at 500 per cent", "from 0 to 100"),
        (&["sweep", "--grid", "L01=0,5", "--set", "L01=5"], "`L01` cannot be swept and set", "name it once"),
        (&["sweep", "--region", "us", "--region", "us"], "a region is named twice", "name it once"),
        (&["sweep", "--draws", "2000000"], "an ensemble has 1 to", ""),
    ];
    for (words, message, help) in rows {
        let said = levers_model(words);
        assert_eq!(said.code, Some(1), "{words:?}:\n{}", said.err);
        assert_eq!(said.out, "", "{words:?}");
        assert!(said.err.contains(message) && said.err.contains(help), "{words:?}:\n{}", said.err);
    }
}

#[test]
fn arguments_that_cannot_be_read_say_how_they_are_written() {
    let rows: [(&[&str], &str); 8] = [
        (&["run", "--set", "L01"], "as L01=50"),
        (&["run", "--set", "L01=much"], "as L01=50"),
        (&["run", "--start", "L01=soon"], "as L01=2"),
        (&["run", "--param", "kX=inf"], "as kX=6 or kX=low"),
        (&["run", "--format", "xml"], "possible values: table, csv, json"),
        (&["sweep", "--grid", "L01=0:100"], "start:stop:step"),
        (&["sweep", "--shard", "9/8", "--out", "x"], "as 2/8"),
        (&["sweep", "--shard", "1/8"], "--out"),
    ];
    for (words, part) in rows {
        let said = levers_model(words);
        assert_eq!(said.code, Some(2), "{words:?}:\n{}", said.err);
        assert!(said.err.contains(part), "{words:?}:\n{}", said.err);
    }
}

#[test]
fn all_mistakes_are_told_at_once() {
    let said = levers_model(&["run", "--region", "uk", "--set", "L99=5", "--param", "kXX=5", "--outcome", "jobless"]);
    for part in ["`uk`", "`L99`", "`kXX`", "`jobless`"] {
        assert!(said.err.contains(part), "{part} is missing from:\n{}", said.err);
    }
}

#[test]
fn a_value_outside_of_the_evidence_is_run_and_remarked() {
    let said = levers_model(&["run", "--param", "kX=60", "--outcome", "net_jobs"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(said.err.contains("warning[unlikely-value]: kX = 60 lies outside of its range"), "{}", said.err);
    assert!(said.out.contains("kX = 60"), "{}", said.out);
}

#[test]
fn a_folder_without_a_model_and_a_model_with_mistakes_are_told() {
    let empty = tests::input::Input::empty();
    let said = levers_model_in(&empty.root(), &["run"]);
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains("there is no model under data/models/"), "{}", said.err);

    let broken = empty.file("data/models/shop/model.toml", "id = \"shop\"\n[time]\nstop = \"soon\"\n");
    for words in [&["run"][..], &["check"], &["explain", "x"], &["sweep"], &["sensitivity"]] {
        let said = levers_model_in(&broken.root(), words);
        assert_eq!(said.code, Some(1), "{words:?}");
        assert!(said.err.contains("data/models/shop/model.toml:3:"), "{words:?}:\n{}", said.err);
    }
}

#[test]
fn of_several_models_one_must_be_named() {
    let model = tests::workspace().join("data/models/micro-multinationals");
    let site = tests::input::Input::empty().folder_at("data/models/one", &model).folder_at("data/models/two", &model);
    let said = levers_model_in(&site.root(), &["run"]);
    assert!(said.err.contains("say which with --model: `one`, `two`"), "{}", said.err);
    assert_eq!(levers_model_in(&site.root(), &["run", "--model", "two", "--outcome", "cost"]).code, Some(0));
}
