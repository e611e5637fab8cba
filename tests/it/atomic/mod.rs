//! `ATOMIC.*`: whole values, at once or in pieces.
//!
//! - `replace.rs`: what REPLACE and the four short forms do to a key; `options.rs`: under which
//!   condition, and for how long; `refused.rs`: what they refuse.
//! - `literal.rs`: any data goes in and comes out, against a model.
//! - `unchanged.rs`: IFCHANGED.
//! - `json.rs`: JSON documents.
//! - `stage.rs`: values that grow in pieces; `interrupted.rs`: whatever goes wrong meanwhile.
//! - `commit.rs`: the move to its place.
//! - `effects.rs`: events, the replication stream, WATCH, client-side caches.
//! - `everywhere.rs`: replicas and AOF files without the module hold the same.
//! - `ready.rs`: small hashes, sets and sorted sets, which the server is given as it keeps them; `listener.c`: a module that
//!   hears of it.
//! - `within.rs`: inside MULTI, scripts, clusters, and under the server's own refusals.

mod commit;
mod effects;
mod everywhere;
mod interrupted;
mod json;
mod literal;
mod options;
mod ready;
mod refused;
mod replace;
mod stage;
mod unchanged;
mod within;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, TestRunner};

use crate::support::*;

/// Random data are drawn so often.
const CASES: u32 = 400;

/// Checks something of much random data, by one client.
fn for_all<T: std::fmt::Debug>(
    server: &Server,
    data: impl Strategy<Value = Vec<T>>,
    check: impl FnMut(&mut Client, &[T]),
) {
    let config = Config {
        cases: CASES,
        failure_persistence: None,
        ..Config::default()
    };
    let client = RefCell::new((server.client(), check));
    TestRunner::new(config)
        .run(&data, |data| {
            let (client, check) = &mut *client.borrow_mut();
            check(client, &data);
            Ok(())
        })
        .unwrap_or_else(|failure| panic!("{failure}"));
}

/// A value as the server reads it back.
#[derive(Debug, Clone, PartialEq)]
enum Content {
    Nothing,
    String(Vec<u8>),
    Hash(BTreeMap<Vec<u8>, Vec<u8>>),
    Set(BTreeSet<Vec<u8>>),
    List(Vec<Vec<u8>>),
    Zset(BTreeMap<Vec<u8>, f64>),
    Other(String),
}

/// Reads a key by the commands that any client would use.
fn content(client: &mut Client, key: &str) -> Content {
    let bytes = |value: Value| -> Vec<Vec<u8>> {
        value
            .items()
            .iter()
            .map(|item| item.bytes().to_vec())
            .collect()
    };
    let kind = client.call(&["TYPE", key]).text();
    match kind.as_str() {
        "none" => Content::Nothing,
        "string" => Content::String(client.call(&["GET", key]).bytes().to_vec()),
        "list" => Content::List(bytes(client.call(&["LRANGE", key, "0", "-1"]))),
        "set" => Content::Set(bytes(client.call(&["SMEMBERS", key])).into_iter().collect()),
        "hash" => Content::Hash(
            bytes(client.call(&["HGETALL", key]))
                .chunks_exact(2)
                .map(|pair| (pair[0].clone(), pair[1].clone()))
                .collect(),
        ),
        "zset" => Content::Zset(
            bytes(client.call(&["ZRANGE", key, "0", "-1", "WITHSCORES"]))
                .chunks_exact(2)
                .map(|pair| (pair[0].clone(), score(&pair[1])))
                .collect(),
        ),
        _ => Content::Other(kind),
    }
}

fn score(text: &[u8]) -> f64 {
    String::from_utf8_lossy(text).parse().expect("a score")
}

fn hash(pairs: &[(&str, &str)]) -> Content {
    Content::Hash(
        pairs
            .iter()
            .map(|(field, value)| (field.as_bytes().to_vec(), value.as_bytes().to_vec()))
            .collect(),
    )
}

fn set(members: &[&str]) -> Content {
    Content::Set(members.iter().map(|m| m.as_bytes().to_vec()).collect())
}

fn list(elements: &[&str]) -> Content {
    Content::List(elements.iter().map(|e| e.as_bytes().to_vec()).collect())
}

fn zset(pairs: &[(f64, &str)]) -> Content {
    Content::Zset(
        pairs
            .iter()
            .map(|(score, member)| (member.as_bytes().to_vec(), *score))
            .collect(),
    )
}

fn string(text: &str) -> Content {
    Content::String(text.as_bytes().to_vec())
}

/// One value of each type, in commands that make it, with what it is called.
const MAKE_EACH: [(&str, &str); 6] = [
    ("string", "SET k old"),
    ("hash", "HSET k old 1 older 2"),
    ("set", "SADD k old older"),
    ("list", "RPUSH k old older"),
    ("zset", "ZADD k 1 old 2 older"),
    ("stream", "XADD k * old 1"),
];

/// What replicas were sent, without the MULTI and EXEC around it, which must be there where it is more
/// than one command.
fn sent(seen: &Effects) -> &[Words] {
    let all = &seen.propagated[..];
    if all.first().is_some_and(|first| first.name() == "MULTI") {
        assert_eq!(
            all.last().map(Words::name).as_deref(),
            Some("EXEC"),
            "{all:?}"
        );
        return &all[1..all.len() - 1];
    }
    assert!(all.len() <= 1, "not in one transaction: {all:?}");
    all
}
