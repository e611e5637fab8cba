//! The module under test, built by the harness itself: `cargo test` builds no cdylib.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use super::process::output;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Module {
    /// What users get. `REDIS_ATOMIC_SO`, or built.
    Release,
    /// The dev profile, with the commands that exist for fault tests only. `REDIS_ATOMIC_DEBUG_SO`,
    /// or built.
    Debug,
    /// A plain server.
    None,
}

impl Module {
    /// The file to load; built on first use, once per process.
    pub fn file(self) -> Option<&'static Path> {
        static RELEASE: OnceLock<Option<PathBuf>> = OnceLock::new();
        static DEBUG: OnceLock<Option<PathBuf>> = OnceLock::new();
        match self {
            Module::Release => RELEASE
                .get_or_init(|| given_or_built("REDIS_ATOMIC_SO", &["--release"]))
                .as_deref(),
            Module::Debug => DEBUG
                .get_or_init(|| given_or_built("REDIS_ATOMIC_DEBUG_SO", &[]))
                .as_deref(),
            Module::None => None,
        }
    }
}

/// The released module's file, for MODULE LOAD.
pub fn module_path() -> &'static str {
    let file = Module::Release.file().expect("REDIS_ATOMIC_SO is not none");
    file.to_str().expect("a path in UTF-8")
}

/// Builds a module in C, of a file of this project, with the header that the crate redis-module brings; returns its
/// file, in a directory of the caller's.
#[allow(dead_code, reason = "some benches need none")]
pub fn build_c(source: &str, dir: &Path) -> String {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut metadata = Command::new(env!("CARGO"));
    metadata.args(["metadata", "--format-version", "1", "--manifest-path"]);
    let metadata = output(metadata.arg(project.join("Cargo.toml")));
    let metadata: serde_json::Value = serde_json::from_str(&metadata).expect("JSON");
    let manifest = metadata["packages"]
        .as_array()
        .and_then(|all| all.iter().find(|package| package["name"] == "redis-module"))
        .and_then(|package| package["manifest_path"].as_str())
        .expect("the crate redis-module");
    let file = dir.join("module.so");
    output(
        Command::new("cc")
            .args(["-O2", "-Wall", "-Wextra", "-fPIC", "-shared", "-o"])
            .arg(&file)
            .arg("-I")
            .arg(Path::new(manifest).with_file_name("src/include"))
            .arg(project.join(source)),
    );
    file.to_str().expect("a path in UTF-8").into()
}

/// The variables name modules built elsewhere: another libc, another toolchain. `none` runs the
/// suites on the bare server, which is how the harness itself is checked against a native
/// implementation.
fn given_or_built(variable: &str, profile: &[&str]) -> Option<PathBuf> {
    match std::env::var_os(variable) {
        Some(none) if none == "none" => None,
        Some(file) => Some(std::path::absolute(file).expect("a path")),
        None => Some(build(profile)),
    }
}

fn build(profile: &[&str]) -> PathBuf {
    let mut build = Command::new(env!("CARGO"));
    build
        .args(["build", "--lib", "--message-format=json-render-diagnostics"])
        .args(profile)
        .current_dir(env!("CARGO_MANIFEST_DIR"));
    output(&mut build)
        .lines()
        .find_map(cdylib_named_in)
        .expect("cargo names the cdylib that it built")
}

fn cdylib_named_in(message: &str) -> Option<PathBuf> {
    let message: serde_json::Value = serde_json::from_str(message).ok()?;
    let kinds = message["target"]["kind"].as_array()?;
    let ours =
        message["target"]["name"] == "redis_atomic" && kinds.iter().any(|kind| kind == "cdylib");
    ours.then_some(message["filenames"][0].as_str()?.into())
}
