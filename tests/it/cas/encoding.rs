//! `OBJECT ENCODING`: what a write leaves is what a native SET leaves, and what does not write leaves
//! what it found.

use super::digest;
use crate::support::{Client, Server, Value, bulk, int, ok};

/// How a value came into being: each way leads to another encoding on some server.
fn values() -> Vec<(String, &'static str)> {
    let text = |length: usize| "v".repeat(length);
    [
        "0",
        "7",
        "-1",
        "9999",
        "10000",
        "12345678901234567890",
        "007",
        "",
        "v",
        "1.5",
        "9223372036854775807",
        "9223372036854775808",
    ]
    .map(|value| (value.to_owned(), ""))
    .into_iter()
    .chain([19, 20, 43, 44, 45, 64, 112, 113, 127, 128, 129, 5000].map(|n| (text(n), "")))
    // Grown in place: `raw`, however short.
    .chain([1, 5, 19, 43, 127, 128].map(|n| (text(n), "x")))
    .collect()
}

fn encoding(client: &mut Client) -> Value {
    client.cmd("OBJECT ENCODING k")
}

/// Sets `k` natively; what is appended makes it `raw`.
fn given(client: &mut Client, (value, appended): &(String, &str)) -> String {
    client.call(&["SET", "k", value]);
    if !appended.is_empty() {
        client.call(&["APPEND", "k", appended]);
    }
    format!("{value}{appended}")
}

#[test]
fn a_stored_value_has_the_encoding_that_set_gives() {
    let server = Server::start();
    let mut client = server.client();
    for (value, _) in values() {
        client.cmd("DEL k");
        client.call(&["SET", "k", &value]);
        let native = encoding(&mut client);
        for before in [
            "SET x x",
            "SET k 12345",
            "SET k text",
            "SETRANGE k 1000 x",
            "RPUSH k a",
        ] {
            client.cmd("DEL k");
            client.cmd(before);
            let condition = if before == "SET x x" { "NX" } else { "XX" };
            assert_eq!(client.call(&["CAS.SET", "k", condition, &value]), ok());
            assert_eq!(encoding(&mut client), native, "{value} after {before}");
        }
    }
}

#[test]
fn a_stored_value_takes_no_more_memory_than_one_that_set_stored() {
    let server = Server::start();
    let mut client = server.client();
    let mut memory = |call: &[&str]| {
        client.cmd("FLUSHALL");
        assert_eq!(client.call(call), ok());
        client.cmd("MEMORY USAGE k").number()
    };
    let long = [33_000, 100_000, 1 << 20].map(|length| "v".repeat(length));
    for value in values().into_iter().map(|(value, _)| value).chain(long) {
        let native = memory(&["SET", "k", &value]);
        let ours = memory(&["CAS.SET", "k", "NX", &value]);
        assert!(ours <= native, "{}: {ours}, natively {native}", bulk(value));
    }
}

#[test]
fn a_short_value_from_a_script_is_compact_too() {
    let server = Server::start();
    let mut client = server.client();
    // Scripts keep the objects of their arguments and fill them again: the value lies in one that was
    // made for 60 bytes.
    let script = "redis.call('MGET', 'a', 'b', string.rep('x', 60)) \
                  return redis.call(unpack(ARGV))";
    let mut run = |call: &[&str]| {
        client.cmd("DEL k");
        client.call(&[&["EVAL", script, "0"], call].concat());
        encoding(&mut client)
    };
    for value in ["v", "12345", "007"] {
        assert_ne!(run(&["SET", "k", value]), bulk("raw"), "{value} natively");
        assert_ne!(run(&["CAS.SET", "k", "NX", value]), bulk("raw"), "{value}");
    }
}

/// On every value, before and after the module has stored one.
fn each_value(check: impl Fn(&mut Client, &str)) {
    let server = Server::start();
    let mut client = server.client();
    for warm in ["a", "b"] {
        for value in values() {
            let text = given(&mut client, &value);
            check(&mut client, &text);
        }
        assert_eq!(client.call(&["CAS.SET", "warm", "IFNE", warm, warm]), ok());
    }
}

/// Neither `OBJECT ENCODING` nor the size in memory may change.
fn leaves_the_encoding(look: impl Fn(&mut Client, &str)) {
    each_value(|client, text| {
        let before = encoding(client);
        let size = client.cmd("MEMORY USAGE k");
        look(client, text);
        assert_eq!(encoding(client), before, "{text:?}");
        assert_eq!(client.cmd("MEMORY USAGE k"), size, "{text:?}");
        assert_eq!(client.cmd("GET k"), bulk(text));
    });
}

/// Of the same length, so that only the bytes tell them apart.
fn other_than(text: &str) -> String {
    let mut other = text.to_owned();
    let last = other.pop();
    other.push(if last == Some('1') { '2' } else { '1' });
    other
}

#[test]
fn a_miss_of_the_same_length_leaves_the_encoding() {
    leaves_the_encoding(|client, text| {
        let other = other_than(text);
        assert!(
            client
                .call(&["CAS.SET", "k", "IFEQ", &other, "new"])
                .is_null()
        );
        assert_eq!(client.call(&["CAS.DEL", "k", "IFEQ", &other]), int(0));
        assert_eq!(
            client.call(&["CAS.EXPIRE", "k", "IFEQ", &other, "EX", "9"]),
            int(0)
        );
    });
}

#[test]
fn a_miss_of_another_length_leaves_the_encoding() {
    leaves_the_encoding(|client, text| {
        let other = format!("{text}{text}-");
        assert!(
            client
                .call(&["CAS.SET", "k", "IFEQ", &other, "new"])
                .is_null()
        );
        assert_eq!(client.call(&["CAS.DEL", "k", "IFEQ", &other]), int(0));
    });
}

#[test]
fn a_miss_by_digest_or_by_presence_leaves_the_encoding() {
    leaves_the_encoding(|client, text| {
        assert!(client.call(&["CAS.SET", "k", "NX", "new"]).is_null());
        assert_eq!(
            client.call(&["CAS.DEL", "k", "IFDNE", &digest(text)]),
            int(0)
        );
        client.call(&["CAS.SET", "k", "NX", "new", "GET"]);
        client.call(&["CAS.SET", "k", "NX", "new", "GETDIGEST"]);
    });
}

#[test]
fn a_numeric_condition_leaves_the_encoding_whether_it_applies_or_not() {
    leaves_the_encoding(|client, _| {
        client.cmd("CAS.DEL k IFGT 9223372036854775807");
        client.cmd("CAS.EXPIRE k IFLE 9223372036854775807 PERSIST");
    });
}

#[test]
fn a_read_leaves_the_encoding() {
    leaves_the_encoding(|client, text| {
        assert_eq!(client.cmd("CAS.DIGEST k"), bulk(digest(text)));
        assert_eq!(client.cmd("CAS.GET k").items()[1], bulk(text));
    });
}

#[test]
fn a_change_of_the_time_to_live_leaves_the_encoding() {
    each_value(|client, text| {
        let before = encoding(client);
        let hit = client.call(&["CAS.EXPIRE", "k", "IFEQ", text, "EX", "1000"]);
        assert_eq!(hit, int(1));
        assert_eq!(encoding(client), before, "{text:?}");
    });
}
