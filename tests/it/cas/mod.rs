//! `CAS.*`: compare a key's value, then act. The contract, sentence by sentence; `model.rs` holds the
//! same commands against a model, at random.
//!
//! - `conditions.rs`: each condition with each command, on a hit, a miss and a missing key.
//! - `replies.rs`: every byte of every reply, in RESP2 and RESP3.
//! - `grammar.rs`: what is a call and what is refused, and in which words.
//! - `operands.rs`: digests, numbers and times that are none.
//! - `types.rs`: keys that hold no string.
//! - `expiry.rs`: times to live.
//! - `data.rs`: values and keys of any bytes and any length.
//! - `encoding.rs`: what `OBJECT ENCODING` says afterwards.
//! - `effects.rs`: events, replicas, AOF, the count of changes: of a hit.
//! - `silence.rs`: the same of a miss and of a read.
//! - `bystanders.rs`: WATCH, client-side caching, MULTI, Lua, databases.
//! - `fields.rs`: CAS.HSET and CAS.HDEL.
//! - `replacing.rs`: a string takes the place of a collection.
//! - `refusals.rs`: the server's own refusals, and expired keys.

use xxhash_rust::xxh3::xxh3_64;

use crate::support::{Client, Effects, Server, Words, ok, until};

/// A command of words of any type that has bytes.
macro_rules! words {
    ($($word:expr),* $(,)?) => {
        &[$(AsRef::<[u8]>::as_ref(&$word)),*]
    };
}

mod bystanders;
mod conditions;
mod data;
mod effects;
mod encoding;
mod expiry;
mod fields;
mod grammar;
mod operands;
mod refusals;
mod replacing;
mod replies;
mod silence;
mod types;

/// The types that are no string, and what makes one in `k`.
const COLLECTIONS: [(&str, &str); 5] = [
    ("list", "RPUSH k a b"),
    ("set", "SADD k a b"),
    ("hash", "HSET k a b"),
    ("zset", "ZADD k 1 a"),
    ("stream", "XADD k 1-1 a b"),
];

/// A value's digest by the client's own means.
fn digest(value: impl AsRef<[u8]>) -> String {
    format!("{:016x}", xxh3_64(value.as_ref()))
}

/// A server with one key `k` that holds `value`, and a client.
fn holding(value: &str) -> (Server, Client) {
    let server = Server::start();
    let mut client = server.client();
    assert_eq!(client.call(&["SET", "k", value]), ok());
    (server, client)
}

/// What replicas were sent. Servers before 7.0 put MULTI and EXEC around all that a module writes.
fn sent(seen: &Effects) -> Vec<Words> {
    let wrapper = |words: &&Words| !matches!(words.name().as_str(), "MULTI" | "EXEC");
    seen.propagated.iter().filter(wrapper).cloned().collect()
}

/// Milliseconds since the Unix epoch by the server's clock.
fn now(client: &mut Client) -> i64 {
    let time = client.cmd("TIME");
    let part = |index: usize| -> i64 { time.items()[index].text().parse().expect("a number") };
    part(0) * 1000 + part(1) / 1000
}

/// Has `k` hold a value that has expired, while the server has not noticed yet.
fn expired(client: &mut Client, value: &str) {
    client.cmd("DEBUG SET-ACTIVE-EXPIRE 0");
    assert_eq!(client.call(&["SET", "k", value, "PX", "1"]), ok());
    let end = now(client) + 1;
    until("the key has expired", || now(client) > end);
}
