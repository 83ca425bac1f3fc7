//! The explorer's browser bundle: Rust → WebAssembly and the script that loads it.
//!
//! sources under `explorer/` → `cargo build` for wasm32 → wasm-bindgen as a library → [`Bundle`]
//!
//! Both steps are skipped when nothing they depend on has changed since the last time.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use diagnostic::Diagnostic;
use sha2::{Digest, Sha256};
use walkdir::WalkDir;
use wasm_bindgen_cli_support::Bindgen;

use crate::html::hex;
use crate::kept;

const TARGET: &str = "wasm32-unknown-unknown";
const PROFILE: &str = "bundle";

/// What the browser loads to make an explorer move.
#[derive(Clone, Debug)]
pub struct Bundle {
    /// The program.
    pub wasm: Vec<u8>,
    /// The script that connects it to the page.
    pub script: String,
    /// Bytes that travel when both are compressed with brotli.
    pub compressed: usize,
    /// Whether it had to be compiled.
    pub freshness: Freshness,
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
    let bundle = bind(&compiled)?;
    // A bundle that cannot be kept is made again next time.
    if let Err(error) = keep(&cache, &bundle) {
        progress(&format!("the bundle could not be kept for the next build: {error}"));
    }
    Ok(bundle)
}

/// A name for everything the bundle is made of: sources, locked versions, profiles and the compiler.
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
    Ok(hex(&hash.finalize()[..12]))
}

fn cached(cache: &Path) -> Option<Bundle> {
    Some(Bundle {
        wasm: fs::read(cache.join("web.wasm")).ok()?,
        script: fs::read_to_string(cache.join("web.js")).ok()?,
        compressed: fs::read_to_string(cache.join("compressed")).ok()?.parse().ok()?,
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
    fs::write(cache.join("web.js"), &bundle.script)?;
    fs::write(cache.join("compressed"), bundle.compressed.to_string())?;
    fs::write(cache.join("web.wasm"), &bundle.wasm)
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

/// SIMD for the engine; and folders named alike everywhere, so that the same sources give the same bytes on any machine.
fn compiler_flags(workspace: &Path) -> String {
    let home = std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE")).map(PathBuf::from);
    let cargo = std::env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(home?.join(".cargo")));
    let mut flags = vec!["-Ctarget-feature=+simd128".to_owned()];
    if let Some(cargo) = cargo {
        flags.push(format!("--remap-path-prefix={}=/cargo", cargo.display()));
    }
    flags.push(format!("--remap-path-prefix={}=/levers", workspace.display()));
    // The separator that cargo expects in this variable.
    flags.join("\u{1f}")
}

fn bind(compiled: &Path) -> Result<Bundle, Box<Diagnostic>> {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(compiled)
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        // The page says where the program lies; its name carries a digest.
        .omit_default_module_path(true);
    let mut output = bindgen
        .web(true)
        .and_then(|bindgen| bindgen.generate_output())
        .map_err(|error| failed("wasm-bindgen cannot read the compiled explorer", &error))?;
    let script = output.js().to_owned();
    let wasm = output.wasm_mut().emit_wasm();
    let compressed = compressed_size(&wasm) + compressed_size(script.as_bytes());
    Ok(Bundle { wasm, script, compressed, freshness: Freshness::Compiled })
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
