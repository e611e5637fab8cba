//! `CAS.HSET` and `CAS.HDEL`: the condition looks at one field, the data may be any.

use super::{COLLECTIONS, digest, sent};
use crate::support::*;

const WRONG_TYPE: &str = "WRONGTYPE Operation against a key holding the wrong kind of value";

/// A server with a hash `k` of a field `f` with this value and a field `other`.
fn holding(value: &str) -> (Server, Client) {
    let server = Server::start();
    let mut client = server.client();
    client.call(&["HSET", "k", "f", value, "other", "1"]);
    (server, client)
}

fn field(client: &mut Client, field: &str) -> Value {
    client.call(&["HGET", "k", field])
}

#[test]
fn a_condition_is_asked_of_the_field() {
    let (_server, mut client) = holding("42");
    let (same, another) = (digest("42"), digest("43"));
    for (condition, of_it, of_none) in [
        ("NX", false, true),
        ("XX", true, false),
        ("IFEQ 42", true, false),
        ("IFEQ 43", false, false),
        ("IFNE 42", false, true),
        ("IFNE 43", true, true),
        ("IFDEQ SAME", true, false),
        ("IFDEQ ANOTHER", false, false),
        ("IFDNE SAME", false, true),
        ("IFDNE ANOTHER", true, true),
        ("IFGT 41", true, true),
        ("IFGT 42", false, true),
        ("IFGE 42", true, true),
        ("IFGE 43", false, true),
        ("IFLT 43", true, true),
        ("IFLT 42", false, true),
        ("IFLE 42", true, true),
        ("IFLE 41", false, true),
    ] {
        let condition = condition
            .replace("SAME", &same)
            .replace("ANOTHER", &another);
        for (line, holds) in [
            (format!("CAS.HSET k f {condition} FIELDS 1 seen yes"), of_it),
            (
                format!("CAS.HSET k none {condition} FIELDS 1 seen yes"),
                of_none,
            ),
            (
                format!("CAS.HSET missing f {condition} FIELDS 1 seen yes"),
                of_none,
            ),
        ] {
            client.cmd("DEL missing");
            client.cmd("HDEL k seen");
            assert_eq!(client.cmd(&line), int(holds.into()), "{line}");
            let key = line.split(' ').nth(1).expect("the key");
            let seen = client.call(&["HEXISTS", key, "seen"]);
            assert_eq!(seen, int(holds.into()), "{line}");
        }
        client.call(&["HSET", "k", "f", "42", "seen", "yes"]);
        let line = format!("CAS.HDEL k f {condition}");
        assert_eq!(client.cmd(&line), int(of_it.into()), "{line}");
        assert_eq!(client.cmd("HEXISTS k f"), int((!of_it).into()), "{line}");
        client.cmd("HSET k f 42");
        // A missing field is never deleted, whatever the condition says of it.
        for key in ["k none", "missing f"] {
            assert_eq!(client.cmd(&format!("CAS.HDEL {key} {condition}")), int(0));
        }
    }
}

#[test]
fn any_fields_are_set_and_the_last_of_a_repeated_one_counts() {
    let (_server, mut client) = holding("1");
    assert_eq!(
        client.cmd("CAS.HSET k f IFLT 2 FIELDS 3 f 2 g a g b"),
        int(1)
    );
    assert_eq!(field(&mut client, "f"), bulk("2"));
    assert_eq!(field(&mut client, "g"), bulk("b"));
    assert_eq!(field(&mut client, "other"), bulk("1"));
    assert_eq!(client.cmd("CAS.HSET new f NX FIELDS 1 g v"), int(1));
    assert_eq!(client.cmd("HGETALL new"), array([bulk("g"), bulk("v")]));
}

#[test]
fn hdel_deletes_the_fields_listed_and_the_key_with_the_last() {
    let (_server, mut client) = holding("v");
    client.cmd("HSET k a 1 b 2");
    assert_eq!(client.cmd("CAS.HDEL k f IFEQ v FIELDS 2 a none"), int(1));
    assert_eq!(client.cmd("HEXISTS k f"), int(1));
    assert_eq!(client.cmd("HEXISTS k a"), int(0));
    assert_eq!(client.cmd("CAS.HDEL k f IFEQ v FIELDS 1 none"), int(0));
    assert_eq!(client.cmd("CAS.HDEL k f IFEQ v FIELDS 3 b f other"), int(1));
    assert_eq!(client.cmd("EXISTS k"), int(0));
}

#[test]
fn a_key_that_holds_no_hash_is_refused() {
    let server = Server::start();
    let mut client = server.client();
    for (kind, make) in COLLECTIONS.into_iter().chain([("string", "SET k v")]) {
        if kind == "hash" {
            continue;
        }
        client.cmd("DEL k");
        client.cmd(make);
        for condition in ["NX", "XX", "IFNE v", "IFGT 1"] {
            for line in [
                format!("CAS.HSET k f {condition} FIELDS 1 f v"),
                format!("CAS.HDEL k f {condition}"),
            ] {
                assert_eq!(client.cmd(&line), error(WRONG_TYPE), "{line} on a {kind}");
            }
        }
        assert_eq!(client.cmd("TYPE k"), simple(kind));
    }
}

#[test]
fn bad_words_say_what_was_expected_and_what_was_found() {
    let (server, mut client) = holding("v");
    let mut observer = Observer::on(&server);
    for (line, text) in [
        (
            "CAS.HSET k f XX FIELDS 2 f v",
            "ERR FIELDS 2: expected 2 field-value pairs after it, found 2 words",
        ),
        (
            "CAS.HSET k f XX FIELDS 1 f v g",
            "ERR FIELDS 1: expected 1 field-value pairs after it, found 3 words",
        ),
        (
            "CAS.HSET k f XX FIELDS 0 f v",
            "ERR FIELDS: expected the number of field-value pairs after it, found '0'",
        ),
        (
            "CAS.HSET k f XX FIELDS -1 f v",
            "ERR FIELDS: expected the number of field-value pairs after it, found '-1'",
        ),
        ("CAS.HSET k f XX f v g w", "ERR syntax error"),
        ("CAS.HSET k f BOGUS FIELDS 1 f v", "ERR syntax error"),
        (
            "CAS.HSET k f IFGT x FIELDS 1 f v",
            "ERR value is not an integer or out of range",
        ),
        (
            "CAS.HSET k f IFGT 1 FIELDS 1 f v",
            "ERR value is not an integer or out of range",
        ),
        (
            "CAS.HSET k f IFDEQ x FIELDS 1 f v",
            "ERR digest must be exactly 16 hexadecimal characters",
        ),
        (
            "CAS.HSET k f XX FIELDS 1 f",
            "ERR wrong number of arguments for 'cas.hset' command",
        ),
        (
            "CAS.HDEL k f XX FIELDS 2 f",
            "ERR FIELDS 2: expected 2 fields after it, found 1 words",
        ),
        (
            "CAS.HDEL k f XX FIELDS 0",
            "ERR FIELDS: expected the number of fields after it, found '0'",
        ),
        ("CAS.HDEL k f XX f", "ERR syntax error"),
        (
            "CAS.HDEL k f",
            "ERR wrong number of arguments for 'cas.hdel' command",
        ),
    ] {
        let seen = observer.during(|| assert_eq!(client.cmd(line), error(text), "{line}"));
        assert!(seen.is_nothing(), "{line}: {seen:?}");
    }
}

#[test]
fn replicas_see_hset_and_hdel_and_a_false_condition_nothing() {
    let (server, mut client) = holding("v");
    let mut observer = Observer::on(&server);
    let mut during = |line: &str| observer.during(|| client.cmd(line));
    let seen = during("CAS.HSET k f IFEQ v FIELDS 2 f w g x");
    assert_eq!(sent(&seen), ["HSET k f w g x"]);
    assert_eq!(seen.events, ["hset k"]);
    assert_eq!(seen.invalidated, ["k"]);
    let seen = during("CAS.HDEL k f IFEQ w");
    assert_eq!(sent(&seen), ["HDEL k f"]);
    assert_eq!(seen.events, ["hdel k"]);
    let seen = during("CAS.HDEL k g IFEQ x FIELDS 2 g other");
    assert_eq!(seen.events, ["hdel k", "del k"]);
    for line in [
        "CAS.HSET k f XX FIELDS 1 f v",
        "CAS.HDEL k f NX",
        "CAS.HDEL k f XX",
    ] {
        let seen = during(line);
        assert!(seen.is_nothing(), "{line}: {seen:?}");
    }
}

#[test]
fn the_keys_time_to_live_stays_and_the_fields_goes() {
    let (_server, mut client) = holding("v");
    client.cmd("EXPIRE k 1000");
    client.cmd("CAS.HSET k f IFEQ v FIELDS 1 f w");
    assert!(client.cmd("TTL k").number() > 0);
    if client.cmd("HPEXPIRE k 100000 FIELDS 1 f").is_error() {
        return not_applicable("fields expire since Redis 7.4 and Valkey 9.0");
    }
    client.cmd("CAS.HSET k f IFEQ w FIELDS 1 f x");
    assert_eq!(client.cmd("HPTTL k FIELDS 1 f"), array([int(-1)]));
    client.cmd("DEBUG SET-ACTIVE-EXPIRE 0");
    client.cmd("HPEXPIRE k 1 FIELDS 1 f");
    until("the field has expired", || {
        client.cmd("HEXISTS k f") == int(0)
    });
    assert_eq!(client.cmd("CAS.HSET k f XX FIELDS 1 f v"), int(0));
    assert_eq!(client.cmd("CAS.HDEL k f NX"), int(0));
    assert_eq!(client.cmd("CAS.HSET k f NX FIELDS 1 f v"), int(1));
}

#[test]
fn fields_and_values_are_bytes() {
    let (_server, mut client) = holding("v");
    let odd = b"\0\xff\r\n ".as_slice();
    let set = words!["CAS.HSET", "k", odd, "NX", "FIELDS", "1", odd, odd];
    assert_eq!(client.call(set), int(1));
    assert_eq!(client.call(words!["HGET", "k", odd]), bulk(odd));
    assert_eq!(
        client.call(words!["CAS.HDEL", "k", odd, "IFEQ", odd]),
        int(1)
    );
    for value in ["", "12345", "-7", &"x".repeat(5000)] {
        client.call(&["HSET", "k", "f", value]);
        assert_eq!(
            client.call(&["CAS.HSET", "k", "f", "IFEQ", value, "FIELDS", "1", "f", "w"]),
            int(1)
        );
    }
}
