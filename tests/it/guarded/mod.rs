//! `CAS.IF` and `CAS.TXN`: commands under conditions.
//!
//! - `replies.rs`: what runs when, and what is answered.
//! - `refused.rs`: commands that may not run, of which one refuses the whole.
//! - `permissions.rs`: users who lack one right each.
//! - `keys.rs`: what the server knows of the keys; clusters.
//! - `effects.rs`: replicas, events, encodings.
//! - `within.rs`: in transactions and scripts, and under the server's own refusals.
//! - `fencing.rs`: writes under a lock.

mod effects;
mod fencing;
mod keys;
mod permissions;
mod refused;
mod replies;
mod within;

use crate::support::*;

/// A server that has the commands, or a word on why it has not.
fn start() -> Option<Server> {
    let server = Server::start();
    if server.is_at_least(7, 0) {
        return Some(server);
    }
    not_applicable("before 7.0 a module cannot check permissions");
    None
}

/// `<argc arg …>` for each of the commands, with their number before it.
fn commands(lines: &[&str]) -> String {
    let counted = lines.iter().map(|line| {
        let words = line.split(' ').count();
        format!(" {words} {line}")
    });
    format!("{}{}", lines.len(), counted.collect::<String>())
}

/// `CAS.TXN` on one condition that is true of the missing key `no`.
fn txn(lines: &[&str]) -> String {
    format!("CAS.TXN 1 no NX THEN {}", commands(lines))
}
