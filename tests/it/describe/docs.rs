//! `COMMAND DOCS`.

use super::{LACKS_DOCS, commands, docs_of, field, keys_of};
use crate::support::*;

/// Every command with one field of its documentation.
fn each(name: &str) -> Vec<(String, String)> {
    let server = Server::start();
    if !server.is_at_least(7, 0) {
        not_applicable(LACKS_DOCS);
        return Vec::new();
    }
    let mut client = server.client3();
    commands(&server)
        .into_iter()
        .map(|command| {
            let docs = docs_of(&mut client, &command);
            let value = field(&docs, name).unwrap_or_else(|| panic!("{command}: no {name}"));
            (command, value.text())
        })
        .collect()
}

#[test]
fn every_command_has_a_summary_of_one_sentence() {
    for (command, summary) in each("summary") {
        assert!(summary.ends_with('.'), "{command}: {summary}");
        assert!(
            summary.starts_with(|first: char| first.is_ascii_uppercase()),
            "{command}: {summary}"
        );
        assert!(!summary.contains(". "), "{command}: {summary}");
    }
}

#[test]
fn every_command_has_a_complexity() {
    for (command, complexity) in each("complexity") {
        assert!(complexity.starts_with("O("), "{command}: {complexity}");
    }
}

#[test]
fn every_command_came_with_a_version_that_there_has_been() {
    let numbers = |version: &str| -> Vec<u32> {
        version
            .split('.')
            .map(|part| part.parse().expect("a number"))
            .collect()
    };
    for (command, since) in each("since") {
        assert_eq!(numbers(&since).len(), 3, "{command}: {since}");
        assert!(
            numbers(&since) <= numbers(env!("CARGO_PKG_VERSION")),
            "{command}: {since}"
        );
    }
}

#[test]
fn every_command_is_the_modules() {
    for (command, module) in each("module") {
        assert_eq!(module, "atomic", "{command}");
    }
    for (command, group) in each("group") {
        assert_eq!(group, "module", "{command}");
    }
}

#[test]
fn the_first_key_is_that_of_the_first_description() {
    let server = Server::start();
    if !server.is_at_least(7, 0) {
        return not_applicable(LACKS_DOCS);
    }
    let mut client = server.client();
    for command in commands(&server) {
        let keys = keys_of(&docs_of(&mut client, &command));
        let first = keys.first().expect("a key");
        assert_eq!(field(first, "key_spec_index"), Some(int(0)), "{command}");
    }
}
