//! Values and keys of any bytes and any length, through every way in and out.

use super::digest;
use crate::support::{Client, Server, Value, array, bulk, int, ok};

/// Lengths at which servers store, or the module reads, otherwise than one byte below: 20 and 21 (the
/// longest integer), 44 and 45 (`embstr` of Redis), 112 and 113 (of Valkey), 128 and 129 (the module
/// reads longer values in place), and what travels in more than one packet.
const LENGTHS: [usize; 15] = [
    0,
    1,
    2,
    19,
    20,
    21,
    43,
    44,
    45,
    112,
    113,
    127,
    128,
    129,
    1 << 20,
];

fn values() -> Vec<Vec<u8>> {
    let odd: [&[u8]; 11] = [
        b"\0",
        b"\0\0",
        b"a\0b",
        b"\r\n",
        b"+OK\r\n",
        b"\xff\xfe\x80",
        b"GET",
        b"IFEQ",
        b"EX",
        b"KEEPTTL",
        b"CREATE",
    ];
    let numbers = ["0", "-1", "12345", "9999", "10000", "-0", "007", "1.5"];
    let limits = [i64::MIN.to_string(), i64::MAX.to_string()];
    let all_bytes: Vec<u8> = (0..=255).collect();
    let pattern = |length: usize| (b'a'..b'x').cycle().take(length).collect();
    let mut values: Vec<Vec<u8>> = LENGTHS.map(pattern).into();
    values.extend(odd.map(<[u8]>::to_vec));
    values.extend(numbers.map(|number| number.as_bytes().to_vec()));
    values.extend(limits.map(String::into_bytes));
    values.push(all_bytes);
    values
}

/// With every value, before the module has stored anything and after: it reads short values otherwise
/// once it has seen how the server keeps them.
fn each_value(check: impl Fn(&mut Client, &[u8])) {
    let server = Server::start();
    let mut client = server.client();
    for value in values() {
        check(&mut client, &value);
    }
    assert_eq!(client.cmd("CAS.SET warm NX up"), ok());
    for value in values() {
        check(&mut client, &value);
    }
}

/// Differs from `value` in its last byte, or by being there.
fn other_than(value: &[u8]) -> Vec<u8> {
    let mut other = value.to_vec();
    match other.last_mut() {
        Some(last) => *last ^= 1,
        None => other.push(0),
    }
    other
}

#[test]
fn every_value_is_stored_as_it_is() {
    each_value(|client, value| {
        client.cmd("SET k old");
        assert_eq!(
            client.call(words!["CAS.SET", "k", "IFEQ", "old", value]),
            ok()
        );
        assert_eq!(client.cmd("GET k"), bulk(value));
    });
}

#[test]
fn every_value_equals_itself_and_no_other_of_its_length() {
    each_value(|client, value| {
        client.call(words!["SET", "k", value]);
        let (same, other) = (digest(value), other_than(value));
        for (condition, operand, holds) in [
            ("IFEQ", value, true),
            ("IFEQ", &other, false),
            ("IFNE", value, false),
            ("IFNE", &other, true),
            ("IFDEQ", same.as_bytes(), true),
            ("IFDEQ", digest(&other).as_bytes(), false),
            ("IFDNE", same.as_bytes(), false),
            ("IFDNE", digest(&other).as_bytes(), true),
        ] {
            let reply = client.call(words!["CAS.EXPIRE", "k", condition, operand, "PERSIST"]);
            assert_eq!(reply, int(holds.into()), "{condition} {}", bulk(operand));
        }
    });
}

#[test]
fn every_value_is_shown_as_it_is() {
    each_value(|client, value| {
        let digest = bulk(digest(value));
        client.call(words!["SET", "k", value]);
        assert_eq!(client.cmd("CAS.DIGEST k"), digest);
        assert_eq!(client.cmd("CAS.GET k"), array([digest, bulk(value)]));
        let before = |success| array([int(success), bulk(value)]);
        assert_eq!(client.cmd("CAS.SET k NX new GET"), before(0));
        assert_eq!(client.cmd("CAS.DEL k NX GET"), before(0));
        assert_eq!(client.cmd("CAS.SET k XX new GET"), before(1));
        client.call(words!["SET", "k", value]);
        assert_eq!(client.cmd("CAS.DEL k XX GET"), before(1));
    });
}

#[test]
fn the_digest_of_every_new_value_is_shown() {
    each_value(|client, value| {
        client.cmd("DEL k");
        let set = client.call(words!["CAS.SET", "k", "NX", value, "GETDIGEST"]);
        assert_eq!(set, array([int(1), bulk(digest(value))]));
        let missed = client.call(words!["CAS.SET", "k", "NX", "x", "GETDIGEST"]);
        assert_eq!(missed, array([int(0), bulk(digest(value))]));
    });
}

#[test]
fn a_value_that_grew_in_place_is_read_like_any_other() {
    let server = Server::start();
    let mut client = server.client();
    let mut grown = Vec::new();
    client.cmd("CAS.SET warm NX up");
    for piece in [
        &b"1"[..],
        b"2",
        b"\0",
        &[b'x'; 41],
        b"y",
        &[b'z'; 83],
        b"!",
        b"?",
    ] {
        client.call(words!["APPEND", "k", piece]);
        grown.extend_from_slice(piece);
        assert_eq!(client.cmd("CAS.DIGEST k"), bulk(digest(&grown)));
        let miss = client.call(words![
            "CAS.EXPIRE",
            "k",
            "IFEQ",
            other_than(&grown),
            "PERSIST"
        ]);
        assert_eq!(miss, int(0));
        let hit = client.call(words!["CAS.EXPIRE", "k", "IFEQ", grown, "PERSIST"]);
        assert_eq!(hit, int(1));
    }
}

#[test]
fn a_number_that_was_counted_up_is_read_as_its_text() {
    let server = Server::start();
    let mut client = server.client();
    client.cmd("SET k 9998");
    for number in ["9999", "10000", "10001"] {
        client.cmd("INCR k");
        assert_eq!(client.cmd("CAS.DIGEST k"), bulk(digest(number)));
        assert_eq!(
            client.call(&["CAS.EXPIRE", "k", "IFEQ", number, "PERSIST"]),
            int(1)
        );
        assert_eq!(
            client.call(&["CAS.EXPIRE", "k", "IFLE", number, "PERSIST"]),
            int(1)
        );
        assert_eq!(
            client.call(&["CAS.EXPIRE", "k", "IFGT", number, "PERSIST"]),
            int(0)
        );
    }
}

#[test]
fn keys_are_any_bytes() {
    let server = Server::start();
    let mut client = server.client();
    let long = vec![b'k'; 70_000];
    for key in [
        &b""[..],
        b"\0",
        b"a\0b",
        b"\r\n",
        b"\xff",
        b"IFEQ",
        b"NX",
        &long,
    ] {
        assert_eq!(client.call(words!["CAS.SET", key, "NX", "v"]), ok());
        assert_eq!(client.call(words!["GET", key]), bulk("v"));
        assert_eq!(client.call(words!["CAS.DIGEST", key]), bulk(digest("v")));
        assert_eq!(
            client.call(words!["CAS.EXPIRE", key, "IFEQ", "v", "EX", "100"]),
            int(1)
        );
        assert_eq!(
            client.call(words!["CAS.SET", key, "IFEQ", "v", "w", "KEEPTTL"]),
            ok()
        );
        let Value::Array(shown) = client.call(words!["CAS.GET", key]) else {
            panic!("no pair");
        };
        assert_eq!(shown[1], bulk("w"));
        assert_eq!(client.call(words!["CAS.DEL", key, "IFEQ", "w"]), int(1));
    }
    assert_eq!(client.cmd("DBSIZE"), int(0));
}
