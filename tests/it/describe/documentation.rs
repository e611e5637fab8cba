//! README.md has a row for every command, and a file in docs/ a section whose syntax is the one that
//! the server shows:
//!
//! ````text
//! ## CAS.DIGEST
//! ```syntax
//! CAS.DIGEST key
//! ```
//! ````

use std::fmt::Write;
use std::fs;
use std::path::Path;

use super::{LACKS_DOCS, commands, docs_of, syntax};
use crate::support::*;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All of docs/*.md.
fn documentation() -> String {
    let Ok(entries) = fs::read_dir(root().join("docs")) else {
        return String::new();
    };
    entries
        .map(|entry| entry.expect("an entry of docs/").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .map(|path| fs::read_to_string(path).expect("text"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// The syntax in the section of a command; `None` without such a section.
fn documented<'a>(documentation: &'a str, command: &str) -> Option<&'a str> {
    let heading = format!("## {}", command.to_uppercase());
    let mut section = documentation
        .lines()
        .skip_while(|line| line.trim_end() != heading)
        .skip(1)
        .take_while(|line| !line.starts_with("## "));
    section.find(|line| line.trim_end() == "```syntax")?;
    section.next()
}

#[test]
fn every_command_has_a_section_with_its_syntax() {
    let server = Server::start();
    if !server.is_at_least(7, 0) {
        return not_applicable(LACKS_DOCS);
    }
    let documentation = documentation();
    let mut client = server.client();
    let mut wrong = String::new();
    for command in commands(&server) {
        let docs = docs_of(&mut client, &command);
        let expected = syntax::line(&command, &docs);
        match documented(&documentation, &command) {
            Some(found) if found == expected => (),
            found => writeln!(wrong, "{expected}\n    but {found:?}").unwrap(),
        }
    }
    assert!(wrong.is_empty(), "the syntax in docs/ should be\n{wrong}");
}

#[test]
fn every_command_has_a_row_in_the_readme() {
    let server = Server::start();
    if !server.is_at_least(7, 0) {
        return not_applicable(LACKS_DOCS);
    }
    let readme = fs::read_to_string(root().join("README.md")).unwrap_or_default();
    let rows: Vec<&str> = readme
        .lines()
        .filter(|line| line.trim_start().starts_with('|'))
        .collect();
    let mut lacking = commands(&server);
    lacking.retain(|command| {
        let name = command.to_uppercase();
        let forms = [format!("`{name}`"), format!("`{name} ")];
        !rows
            .iter()
            .any(|row| forms.iter().any(|form| row.contains(form.as_str())))
    });
    assert!(lacking.is_empty(), "no row in README.md: {lacking:?}");
}
