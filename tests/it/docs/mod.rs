//! What the documentation shows is what happens. A block of code in README.md or docs/ says by its
//! language how that is known:
//!
//! - `console`: a session of redis-cli on an empty server, played here. Lines that begin with `> ` are
//!   typed, the others seen; a remark may follow what is typed, after two spaces and a `#`.
//!   `console 7.0` is for servers from that version on.
//! - `conf`: lines of redis.conf, with which a server starts here.
//! - `sh`: what is typed in a shell: targets of the Makefile, or what another test runs.
//! - `python`: run by tests/clients/python/test_docs.py.
//! - `csharp`: run by tests/migration/run.
//! - `syntax`: compared with COMMAND DOCS in `describe`.
//! - `text`: nothing that runs.
//!
//! With `REDIS_URL=redis://…` the sessions are played on that server.

mod block;
mod console;
mod links;
mod settings;
mod shell;

use block::blocks;

#[test]
fn every_block_has_a_language_that_says_how_it_is_checked() {
    let known = [
        "console", "conf", "sh", "python", "csharp", "syntax", "text",
    ];
    let unknown: Vec<String> = blocks()
        .filter(|block| !known.contains(&block.language.as_str()))
        .map(|block| format!("{block} is in {:?}, not {known:?}", block.language))
        .collect();
    assert!(unknown.is_empty(), "{}", unknown.join("\n"));
}
