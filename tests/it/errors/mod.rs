//! After any reply that is an error nothing has changed: keyspace, times to live, encodings, replicas,
//! AOF, events, the count of changes. By construction and not by a list: the commands and their grammar
//! are asked of the server itself, thousands of calls are drawn from it and distorted, and of each that
//! is refused it is shown that it did nothing. A new command is tested the day it is registered.
//!
//! - `grammar.rs`: what the server says of the module's commands, and calls drawn from it.
//! - `distortion.rs`: how a call is spoilt.
//! - `keyspace.rs`: keys of every type, and a fingerprint of all of them.
//! - `refused.rs`: the calls that are refused.
//! - `watch.rs`: sees whether anything changes.
//! - `texts.rs`: the errors of `src/error.rs`, of which every one must have been met.

pub mod distortion;
pub mod grammar;
pub mod keyspace;
mod refused;
mod texts;
mod watch;

use std::collections::BTreeMap;

use crate::support::{Client, Server, Value, Words, has_native, not_applicable_cases};
use refused::Refused;
use watch::Watch;

/// So many calls are observed at once; which of them it was is looked for only when there was one.
const AT_ONCE: usize = 100;

/// Panics with the call, or the calls, that changed something.
fn assert_nothing_changes(refused: &[Refused], run: impl Fn(&mut Client, &[Refused])) {
    let mut watch = Watch::start();
    for many in refused.chunks(AT_ONCE) {
        if watch.change(|client| run(client, many)).is_none() {
            continue;
        }
        for one in many {
            watch = Watch::start();
            let change = watch.change(|client| run(client, std::slice::from_ref(one)));
            assert_eq!(change, None, "{} was refused ({})", one.call, one.text);
        }
        panic!("together they change something: {many:#?}");
    }
}

#[test]
fn a_refused_call_changes_nothing() {
    assert_nothing_changes(refused::all(), |client, calls| {
        for one in calls {
            let reply = client.call(&one.call.0);
            assert_eq!(reply, Value::Error(one.text.clone().into()), "{}", one.call);
        }
    });
}

#[test]
fn a_refused_call_changes_nothing_in_a_transaction() {
    assert_nothing_changes(&refused::some(), |client, calls| {
        client.cmd("MULTI");
        for one in calls {
            client.call(&one.call.0);
        }
        let reply = client.cmd("EXEC");
        assert!(reply.is_error() || reply.items().iter().all(Value::is_error));
    });
}

#[test]
fn a_refused_call_changes_nothing_in_a_script() {
    assert_nothing_changes(&refused::some(), |client, calls| {
        for one in calls {
            let script = "return redis.pcall(unpack(ARGV))";
            let words = [
                &[b"EVAL".to_vec(), script.into(), b"0".to_vec()],
                &one.call.0[..],
            ];
            let reply = client.call(&words.concat());
            assert!(reply.is_error(), "{}: {reply}", one.call);
        }
    });
}

#[test]
fn every_error_of_the_module_is_met() {
    let mut met: BTreeMap<&str, usize> = BTreeMap::new();
    for one in refused::all() {
        *met.entry(&one.text).or_default() += 1;
    }
    let mut texts = texts::all();
    if has_native("DELEX", "") {
        let before = texts.len();
        texts.retain(|text| !text.is_of_native_names());
        not_applicable_cases(
            before - texts.len(),
            "the native names are the server's own",
        );
    }
    if !grammar::commands()
        .iter()
        .any(|command| command.name() == "CAS.IF")
    {
        let before = texts.len();
        texts.retain(|text| !text.is_of_guarded());
        not_applicable_cases(before - texts.len(), "there is no CAS.IF before 7.0");
    }
    for text in texts {
        assert!(
            met.keys().any(|met| text.matches(met)),
            "no call met {text:?} (give the grammar what it takes); met: {met:#?}"
        );
    }
}

#[test]
fn of_each_command_many_calls_are_refused_and_many_are_not() {
    for command in grammar::commands() {
        let name = command.name();
        let of_command = |one: &&Refused| one.call.name() == name;
        let count = refused::all().iter().filter(of_command).count();
        let enough = refused::DRAWN / 20..refused::DRAWN / 50 * 49;
        assert!(
            enough.contains(&count),
            "{count} calls of {name} were refused"
        );
    }
}

#[test]
fn the_watch_sees_whatever_changes() {
    for change in [
        "SET text hello",
        "APPEND text !",
        "SET new v",
        "DEL none hash",
        "HSET hash a 2",
        "RPUSH list z",
        "XADD stream 9-9 a b",
        "EXPIRE text 100000",
        "PERSIST list",
        "SETRANGE text 0 hello",
        "GET text",
    ] {
        let mut watch = Watch::start();
        let seen = watch.change(|client| client.cmd(change));
        assert_eq!(
            seen.is_some(),
            !change.starts_with("GET"),
            "{change}: {seen:?}"
        );
    }
}

#[test]
fn the_fingerprint_alone_sees_values_times_and_encodings() {
    for change in [
        "APPEND text !",
        "SET new v",
        "DEL hash",
        "EXPIRE text 100000",
        "PERSIST list",
        "SETRANGE text 0 hello",
    ] {
        let server = Server::start();
        let mut client = server.client();
        keyspace::fill(&mut client);
        let before = keyspace::fingerprint(&mut client);
        assert_eq!(keyspace::fingerprint(&mut client), before, "it is steady");
        client.cmd(change);
        assert_ne!(keyspace::fingerprint(&mut client), before, "{change}");
    }
}

/// Words of a call, from text.
fn words(text: &str) -> Words {
    Words(
        text.split(' ')
            .map(|word| word.as_bytes().to_vec())
            .collect(),
    )
}
