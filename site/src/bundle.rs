//! The explorer's browser bundle: Rust → WebAssembly in two parts and the scripts that load them.
//!
//! sources under `explorer/` → `cargo build` for wasm32 → cut in two → wasm-bindgen as a library → panics made silent → functions in order → [`Bundle`]
//!
//! The second part is what only a reader who goes deeper needs; `web` says where the cut is. All steps are skipped when
//! nothing they depend on has changed since the last time.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use diagnostic::Diagnostic;
use sha2::{Digest, Sha256};
use walkdir::WalkDir;
use wasm_bindgen_cli_support::Bindgen;

use crate::html::hex;
use crate::script::bare_lines;
use crate::{kept, order, panics};

const TARGET: &str = "wasm32-unknown-unknown";
const PROFILE: &str = "bundle";
/// The file of the cache that says how much travels.
const SIZES: &str = "compressed";

/// The program.
pub const PROGRAM: &str = "program.wasm";
/// The script that connects it to the page.
pub const BINDINGS: &str = "bindings.js";
/// The script that fetches the second part of the program.
const LINK: &str = "link.js";
/// The second part: the name that the cutter gives to what `web` calls `later`.
const LATER: &str = "split_later.wasm";

/// What the browser loads to make an explorer move: files that find each other by their names in one folder.
#[derive(Clone, Debug)]
pub struct Bundle {
    /// Names and contents.
    pub files: Vec<(&'static str, Vec<u8>)>,
    /// Bytes that travel, compressed with brotli: at once, and with the second part of the program.
    pub compressed: Compressed,
    /// Whether it had to be compiled.
    pub freshness: Freshness,
}

/// Bytes of a bundle, compressed with brotli.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Compressed {
    /// What every page with an explorer loads.
    pub at_once: usize,
    /// What comes when a reader goes deeper.
    pub later: usize,
}

/// Where a bundle came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// Compiled just now.
    Compiled,
    /// Taken from the last time, because nothing has changed.
    Reused,
}

/// Makes the bundle from the workspace at `workspace`, telling `progress` what takes time.
pub fn bundle(workspace: &Path, progress: &dyn Fn(&str)) -> Result<Bundle, Box<Diagnostic>> {
    let target = kept::folder(workspace);
    let cache = target.join("bundle-cache").join(fingerprint(workspace)?);
    if let Some(bundle) = cached(&cache) {
        return Ok(bundle);
    }
    ensure_target(progress)?;
    progress("compiling the explorer to WebAssembly");
    compile(workspace, &target)?;
    progress("connecting the explorer to the page");
    let compiled = target.join(TARGET).join(PROFILE).join("web.wasm");
    let bundle = bind(&compiled, &target.join(TARGET).join(PROFILE).join("parts"))?;
    // A bundle that cannot be kept is made again next time.
    if let Err(error) = keep(&cache, &bundle) {
        progress(&format!("the bundle could not be kept for the next build: {error}"));
    }
    Ok(bundle)
}

/// A name for everything the bundle is made of: sources, locked versions, profiles, the compiler and the steps here.
fn fingerprint(workspace: &Path) -> Result<String, Box<Diagnostic>> {
    let mut hash = Sha256::new();
    let explorer = workspace.join("explorer");
    if !explorer.is_dir() {
        return Err(Box::new(
            Diagnostic::general("no-explorer", "the explorer's sources are not beside this program")
                .help("run it from a checkout, with `cargo run build`"),
        ));
    }
    let mut files: Vec<PathBuf> = WalkDir::new(explorer)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .map(walkdir::DirEntry::into_path)
        .collect();
    files.extend(["Cargo.toml", "Cargo.lock"].map(|name| workspace.join(name)));
    files.sort();
    for file in files {
        let name = file.strip_prefix(workspace).unwrap_or(&file).to_string_lossy().into_owned();
        let bytes = fs::read(&file).map_err(|error| failed("the explorer's sources cannot be read", &error))?;
        hash.update(name.as_bytes());
        hash.update(bytes.len().to_le_bytes());
        hash.update(&bytes);
    }
    let compiler = Command::new("rustc").arg("-vV").output().map_err(|error| failed("rustc does not start", &error))?;
    hash.update(&compiler.stdout);
    hash.update(include_bytes!("bundle.rs"));
    hash.update(include_bytes!("order.rs"));
    hash.update(include_bytes!("panics.rs"));
    hash.update(include_bytes!("script.rs"));
    Ok(hex(&hash.finalize()[..12]))
}

fn cached(cache: &Path) -> Option<Bundle> {
    let sizes = fs::read_to_string(cache.join(SIZES)).ok()?;
    let (at_once, later) = sizes.split_once(' ')?;
    let file = |name: &'static str| Some((name, fs::read(cache.join(name)).ok()?));
    Some(Bundle {
        files: [PROGRAM, BINDINGS, LINK, LATER].into_iter().map(file).collect::<Option<_>>()?,
        compressed: Compressed { at_once: at_once.parse().ok()?, later: later.parse().ok()? },
        freshness: Freshness::Reused,
    })
}

fn keep(cache: &Path, bundle: &Bundle) -> std::io::Result<()> {
    if let Some(parent) = cache.parent() {
        // Earlier bundles are of no use to anyone.
        if parent.is_dir() {
            fs::remove_dir_all(parent)?;
        }
    }
    fs::create_dir_all(cache)?;
    for (name, bytes) in &bundle.files {
        fs::write(cache.join(name), bytes)?;
    }
    // Last: without it nothing of the others is believed.
    fs::write(cache.join(SIZES), format!("{} {}", bundle.compressed.at_once, bundle.compressed.later))
}

/// Adds the WebAssembly target when the toolchain lacks it.
fn ensure_target(progress: &dyn Fn(&str)) -> Result<(), Box<Diagnostic>> {
    let sysroot = Command::new("rustc").args(["--print", "sysroot"]).output();
    let sysroot = sysroot.map_err(|error| failed("rustc does not start", &error))?;
    let sysroot = PathBuf::from(String::from_utf8_lossy(&sysroot.stdout).trim());
    if sysroot.join("lib/rustlib").join(TARGET).join("lib").is_dir() {
        return Ok(());
    }
    progress("adding the WebAssembly target with rustup");
    let added = Command::new("rustup").args(["target", "add", TARGET]).output();
    let problem = match added {
        Ok(output) if output.status.success() => return Ok(()),
        Ok(output) => String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        Err(error) => error.to_string(),
    };
    Err(Box::new(
        Diagnostic::general("no-wasm-target", "the Rust toolchain cannot compile for WebAssembly")
            .note(problem)
            .help(format!("install the target: `rustup target add {TARGET}`, or your system's package of that name")),
    ))
}

fn compile(workspace: &Path, target: &Path) -> Result<(), Box<Diagnostic>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["build", "--package", "web", "--target", TARGET, "--profile", PROFILE, "--locked", "--target-dir"])
        .arg(target)
        .current_dir(workspace)
        .env("CARGO_ENCODED_RUSTFLAGS", compiler_flags(workspace))
        .env_remove("RUSTFLAGS")
        .output()
        .map_err(|error| failed("cargo does not start", &error))?;
    if output.status.success() {
        return Ok(());
    }
    Err(Box::new(
        Diagnostic::general("bundle-failed", "the explorer does not compile")
            .note(String::from_utf8_lossy(&output.stderr).trim().to_owned())
            .help("cargo's message above names the place; sources of the explorer are under explorer/"),
    ))
}

/// SIMD for the engine; what the cutter reads the program's inner links from; a quarter of a megabyte of stack, of which a long
/// visit used 13 KB, because what comes after it then has shorter addresses; and folders named alike everywhere, so that the same
/// sources give the same bytes on any machine.
fn compiler_flags(workspace: &Path) -> String {
    let home = std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE")).map(PathBuf::from);
    let cargo = std::env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(home?.join(".cargo")));
    let mut flags =
        vec!["-Ctarget-feature=+simd128".to_owned(), "-Clink-args=--emit-relocs -zstack-size=262144".to_owned()];
    if let Some(cargo) = cargo {
        flags.push(format!("--remap-path-prefix={}=/cargo", cargo.display()));
    }
    flags.push(format!("--remap-path-prefix={}=/levers", workspace.display()));
    // The separator that cargo expects in this variable.
    flags.join("\u{1f}")
}

/// The compiled program → its two parts and the scripts between them and the page. `parts` is a folder for what is on the way.
fn bind(compiled: &Path, parts: &Path) -> Result<Bundle, Box<Diagnostic>> {
    let unreadable = |error: &dyn std::fmt::Display| failed("the compiled explorer cannot be cut in two", error);
    let program = fs::read(compiled).map_err(|error| unreadable(&error))?;
    let program = panics::take_out(&program).map_err(|error| unreadable(&error))?;
    let first = parts.join("first.wasm");
    let (link, bindings) = (format!("./{LINK}"), format!("./{BINDINGS}"));
    let mut options = wasm_split_cli_support::Options::new(&program);
    options.output_dir = parts;
    options.main_out_path = &first;
    options.link_name = &link;
    options.main_module = &bindings;
    wasm_split_cli_support::transform(options).map_err(|error| unreadable(&error))?;
    let part = |name: &str| fs::read(parts.join(name)).map_err(|error| unreadable(&error));

    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(&first)
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        // The second part uses what the linker exports.
        .keep_lld_exports(true)
        // The page says where the program lies.
        .omit_default_module_path(true);
    let mut output = bindgen
        .web(true)
        .and_then(|bindgen| bindgen.generate_output())
        .map_err(|error| failed("wasm-bindgen cannot read the compiled explorer", &error))?;
    let script = output.js().to_owned();
    let first = output.wasm_mut();
    without_streams(first);
    panics::erase_places(first);
    let script = shortened(first, &script).into_bytes();
    let mut second = walrus::ModuleConfig::new()
        .generate_name_section(false)
        .generate_producers_section(false)
        .parse(&part(LATER)?)
        .map_err(|error| unreadable(&error))?;
    panics::erase_places(&mut second);
    let ordered = |program: Vec<u8>| order::alike_together(&program).map_err(|error| unreadable(&error));
    let (program, later) = (ordered(first.emit_wasm())?, ordered(second.emit_wasm())?);
    let files = vec![(PROGRAM, program), (BINDINGS, script), (LINK, part(LINK)?), (LATER, later)];
    let size = |wanted: &dyn Fn(&str) -> bool| {
        files.iter().filter(|(name, _)| wanted(name)).map(|(_, bytes)| compressed_size(bytes)).sum()
    };
    let compressed = Compressed { at_once: size(&|name| name != LATER), later: size(&|name| name == LATER) };
    Ok(Bundle { files, compressed, freshness: Freshness::Compiled })
}

/// Takes away what a library that comes with Leptos exports for streams of bytes from servers: nothing here calls it.
fn without_streams(program: &mut walrus::Module) {
    let streams: Vec<_> =
        program.exports.iter().filter(|export| panics::is_of_stream(&export.name)).map(walrus::Export::id).collect();
    for export in streams {
        program.exports.delete(export);
    }
    walrus::passes::gc::run(program);
}

/// Gives what the program and its script call each other by digests short names, and leaves out the script's comments and
/// margins: digests are what a compressed file is made of for the most part.
fn shortened(program: &mut walrus::Module, script: &str) -> String {
    let mut short = BTreeMap::new();
    let imports = program.imports.iter_mut().map(|import| &mut import.name);
    for name in imports.chain(program.exports.iter_mut().map(|export| &mut export.name)) {
        if ends_in_digest(name) {
            let next = format!("_{}", short.len());
            *name = short.entry(name.clone()).or_insert(next).clone();
        }
    }
    let mut shortened = String::with_capacity(script.len());
    for line in bare_lines(script) {
        let mut rest = line;
        while let Some(at) = rest.find(is_of_name) {
            let (before, from_name) = rest.split_at(at);
            let (name, after) = from_name.split_at(from_name.find(|c| !is_of_name(c)).unwrap_or(from_name.len()));
            shortened.push_str(before);
            shortened.push_str(short.get(name).map_or(name, String::as_str));
            rest = after;
        }
        shortened.push_str(rest);
        shortened.push('\n');
    }
    shortened
}

fn is_of_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_' || letter == '$'
}

fn ends_in_digest(name: &str) -> bool {
    let digest = name.rsplit('_').next().unwrap_or_default();
    let digest = digest.strip_prefix('h').unwrap_or(digest);
    digest.len() == 16 && digest.bytes().all(|digit| digit.is_ascii_hexdigit())
}

fn compressed_size(bytes: &[u8]) -> usize {
    let mut compressed = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    match brotli::BrotliCompress(&mut &*bytes, &mut compressed, &parameters) {
        Ok(size) => size,
        Err(_) => bytes.len(),
    }
}

fn failed(message: &str, error: &dyn std::fmt::Display) -> Box<Diagnostic> {
    Box::new(Diagnostic::general("bundle-failed", format!("{message}: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_digests_become_short_on_both_sides() {
        let mut program = walrus::Module::default();
        let of_nothing = program.types.add(&[], &[]);
        program.add_import_func("./bg.js", "__wbg_now_463ac581d2fc7ea3", of_nothing);
        let (called, _) = program.add_import_func("./bg.js", "__wbindgen_throw", of_nothing);
        program.exports.add("invoke__h2371d99d93b09102", called);
        let script = "/**\n * @returns\n */\n  // Says what time it is.\n  __wbg_now_463ac581d2fc7ea3: () => Date.now(),\n\n\
            wasm.invoke__h2371d99d93b09102(a0);\n  invoke__h2371d99d93b09102_17();\n";
        let short = shortened(&mut program, script);
        assert_eq!(short, "_0: () => Date.now(),\nwasm._1(a0);\ninvoke__h2371d99d93b09102_17();\n");
        let names: Vec<_> = program.imports.iter().map(|import| import.name.as_str()).collect();
        assert_eq!(names, ["_0", "__wbindgen_throw"]);
        assert!(program.exports.iter().any(|export| export.name == "_1"));
    }
}
