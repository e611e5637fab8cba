//! Keys of every type, and a fingerprint of all keys.

use std::time::{SystemTime, UNIX_EPOCH};

use super::words;
use crate::support::resp::encode;
use crate::support::{Client, Value};

/// The names of keys in calls; `none` is missing.
pub const KEYS: [&str; 14] = [
    "int",
    "max",
    "text",
    "empty",
    "real",
    "raw",
    "long",
    "list",
    "set",
    "hash",
    "zset",
    "stream",
    "hyperloglog",
    "none",
];

/// What makes them. Times to live end on whole 10 seconds of the years around 2100.
const MAKE: [&str; 16] = [
    "SET int 42",
    "SET max 9223372036854775807",
    "SET text hello",
    "SET real 1.5",
    "SETRANGE raw 0 hello",
    "SETRANGE long 999 x",
    "RPUSH list a b",
    "SADD set a b",
    "HSET hash a 1",
    "ZADD zset 1 a",
    "XADD stream 1-1 a b",
    "PFADD hyperloglog a b",
    "PEXPIREAT int 4102444800000",
    "PEXPIREAT raw 4102444900000",
    "PEXPIREAT list 4102445000000",
    "PEXPIREAT stream 4102445100000",
];

/// Exactly these keys, whatever there was.
pub fn fill(client: &mut Client) {
    let mut commands = vec![words("FLUSHALL")];
    commands.extend(MAKE.map(words));
    commands.push(words("SET empty"));
    commands.last_mut().expect("just pushed").0.push(Vec::new());
    let bytes: Vec<u8> = commands.iter().flat_map(|words| encode(&words.0)).collect();
    client.send_bytes(&bytes);
    for command in &commands {
        let reply = client.receive();
        assert!(!reply.is_error(), "{command}: {reply}");
    }
}

/// Of each key: name, value, encoding, and when it expires.
pub fn fingerprint(client: &mut Client) -> Vec<[Value; 4]> {
    let mut names = client.cmd("KEYS *").items().to_vec();
    names.sort_by(|a, b| a.bytes().cmp(b.bytes()));
    names
        .into_iter()
        .map(|name| {
            let key = name.bytes();
            let value = client.call(&[b"DUMP".as_slice(), key]);
            let encoding = client.call(&[b"OBJECT".as_slice(), b"ENCODING", key]);
            let end = end(client, key);
            [name, value, encoding, end]
        })
        .collect()
}

fn end(client: &mut Client, key: &[u8]) -> Value {
    let exact = client.call(&[b"PEXPIRETIME".as_slice(), key]);
    if !exact.is_error() {
        return exact;
    }
    // Before 7.0: to ten seconds, which is what the times of these tests are made of.
    let left = client.call(&[b"PTTL".as_slice(), key]).number();
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("1970");
    let now = i64::try_from(since.as_millis()).expect("a time of our age");
    Value::Int(if left < 0 {
        left
    } else {
        (left + now + 5000) / 10_000
    })
}
