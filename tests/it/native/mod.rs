//! The native names beyond the recorded cases: the ways a `SET` with a condition can come in, what it
//! is called in the server's own books, and what becomes of it where the module is off, reloaded or on
//! a replica.
//!
//! A condition that the server has itself must behave the same, so most of these hold on every server
//! without asking it anything.

mod delifeq;
mod key_misses;
mod left_alone;
mod paths;
mod reload;
mod replicas;
mod rewritten_name;
mod switched_off;

use crate::support::has_native;

const CONDITIONS: [&str; 4] = ["IFEQ", "IFNE", "IFDEQ", "IFDNE"];

/// The conditions that the server's own `SET` lacks, so that the module has to answer.
fn lacking() -> Vec<&'static str> {
    CONDITIONS
        .into_iter()
        .filter(|condition| !has_native("SET", condition))
        .collect()
}

/// The commands of Redis 8.4 that the server lacks.
fn lacking_commands() -> Vec<&'static str> {
    ["DELEX", "DIGEST"]
        .into_iter()
        .filter(|command| !has_native(command, ""))
        .collect()
}

const NOTHING_TO_ADD: &str = "the server has all of the native names itself";
