//! Who may call what.
//!
//! - `declared.rs`: each command does to a user what it declares (`describe::table`).
//! - `cousins.rs`: a native command for each of them, and where they differ.
//! - `parity.rs`: users of all kinds may run a command exactly when they may run its cousin.
//! - `uncategorized.rs`: the same before 7.2, where modules are in no category, with the rules of
//!   docs/operating.md.
//! - `reload.rs`: users who are older than the module that is loaded.
//! - `rewritten.rs`: `SET` with a condition, which runs under another name.

mod cousins;
mod declared;
mod parity;
mod reload;
mod rewritten;
mod uncategorized;

use crate::support::*;

/// A connection of a user who has exactly these rights.
fn user(server: &Server, rules: &[impl AsRef<str>]) -> Client {
    let mut create = vec!["ACL", "SETUSER", "u", "reset", "on", "nopass"];
    create.extend(rules.iter().map(AsRef::as_ref));
    let reply = server.client().call(&create);
    assert_eq!(reply, ok(), "{create:?}");
    let mut client = server.client();
    assert_eq!(client.cmd("AUTH u any"), ok());
    client
}

fn is_refused(reply: &Value) -> bool {
    reply.is_error() && reply.text().starts_with("NOPERM")
}

/// Rules one by one; what stands in parentheses is one.
fn split(rules: &str) -> Vec<&str> {
    let mut is_inside = false;
    let ends = |letter: char| {
        is_inside = letter == '(' || is_inside && letter != ')';
        letter == ' ' && !is_inside
    };
    let rules = rules.split(ends);
    rules.filter(|rule| !rule.is_empty()).collect()
}
