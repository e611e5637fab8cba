//! The blocks of code in the documentation.

use std::fmt::{self, Display};
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::module_path;

/// Stands for the module's file wherever a path has to be shown.
const SOME_MODULE: &str = "/path/to/libredis_atomic.so";

pub struct Block {
    file: PathBuf,
    /// Of its first line of code, counted from 1.
    line: usize,
    pub language: String,
    /// The version, `(7, 0)`, from which on it holds.
    pub since: Option<(u32, u32)>,
    pub lines: Vec<String>,
}

/// As editors and compilers name a place.
impl Display for Block {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}:{}", self.file.display(), self.line)
    }
}

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All of them, with the real path of the module.
pub fn blocks() -> impl Iterator<Item = Block> {
    documents().into_iter().flat_map(|file| {
        let text = fs::read_to_string(&file).expect("text");
        let text = text.replace(SOME_MODULE, module_path());
        blocks_of(file.strip_prefix(root()).expect("below the root"), &text)
    })
}

/// Those in one language.
pub fn in_language(language: &str) -> impl Iterator<Item = Block> {
    blocks().filter(move |block| block.language == language)
}

/// README.md and the pages of docs/.
pub fn documents() -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(root().join("docs"))
        .expect("docs/")
        .map(|entry| entry.expect("an entry of docs/").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    files.push(root().join("README.md"));
    files.sort();
    files
}

fn blocks_of(file: &Path, text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for (number, line) in text.lines().enumerate() {
        match (&mut open, line.trim_start().strip_prefix("```")) {
            (None, Some(language)) => open = Some(begin(file, number + 2, language)),
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some(block), None) => block.lines.push(line.to_owned()),
            (None, None) => (),
        }
    }
    assert!(open.is_none(), "{}: a block does not end", file.display());
    blocks
}

fn begin(file: &Path, line: usize, info: &str) -> Block {
    let (language, version) = info.split_once(' ').unwrap_or((info, ""));
    let since = version.split_once('.').map(|(major, minor)| {
        let number = |digits: &str| digits.parse().expect("a version, as in `console 7.0`");
        (number(major), number(minor))
    });
    Block {
        file: file.to_owned(),
        line,
        language: language.to_owned(),
        since,
        lines: Vec::new(),
    }
}
