//! Each condition with each command: on a key for which it is true, one for which it is false, and a
//! missing one.

use super::digest;
use crate::support::{Client, Server, bulk, int, nil, ok};

/// A condition, and whether it is true of the string `42` and of a missing key.
struct Condition {
    words: String,
    of_42: bool,
    of_nothing: bool,
}

fn all() -> Vec<Condition> {
    let (same, other) = (digest("42"), digest("43"));
    [
        ("NX", false, true),
        ("XX", true, false),
        ("IFEQ 42", true, false),
        ("IFEQ 43", false, false),
        ("IFNE 42", false, true),
        ("IFNE 43", true, true),
        (&format!("IFDEQ {same}"), true, false),
        (&format!("IFDEQ {other}"), false, false),
        (&format!("IFDNE {same}"), false, true),
        (&format!("IFDNE {other}"), true, true),
        ("IFGT 41", true, true),
        ("IFGT 42", false, true),
        ("IFGE 42", true, true),
        ("IFGE 43", false, true),
        ("IFLT 43", true, true),
        ("IFLT 42", false, true),
        ("IFLE 42", true, true),
        ("IFLE 41", false, true),
    ]
    .map(|(words, of_42, of_nothing)| Condition {
        words: words.to_owned(),
        of_42,
        of_nothing,
    })
    .into()
}

/// For each condition, on a fresh `k` that holds `42` or is missing.
fn each(given: Option<&str>, check: impl Fn(&mut Client, &Condition)) {
    let server = Server::start();
    for condition in all() {
        for words in [condition.words.clone(), condition.words.to_lowercase()] {
            let mut client = server.client();
            client.cmd("DEL k");
            if let Some(value) = given {
                client.call(&["SET", "k", value]);
            }
            check(&mut client, &Condition { words, ..condition });
        }
    }
}

#[test]
fn cas_set_stores_where_the_condition_is_true_and_nowhere_else() {
    each(Some("42"), |client, condition| {
        let reply = client.cmd(&format!("CAS.SET k {} new", condition.words));
        let (expected, after) = if condition.of_42 {
            (ok(), "new")
        } else {
            (nil(), "42")
        };
        assert_eq!(reply, expected, "{}", condition.words);
        assert_eq!(client.cmd("GET k"), bulk(after), "{}", condition.words);
    });
}

#[test]
fn cas_set_creates_a_missing_key_where_the_condition_is_true_of_it() {
    each(None, |client, condition| {
        let reply = client.cmd(&format!("CAS.SET k {} new", condition.words));
        let (expected, after) = if condition.of_nothing {
            (ok(), bulk("new"))
        } else {
            (nil(), nil())
        };
        assert_eq!(reply, expected, "{}", condition.words);
        assert_eq!(client.cmd("GET k"), after, "{}", condition.words);
    });
}

/// Whether `CREATE` and `NOCREATE` may stand with it: NX and XX say it themselves.
fn takes_create(condition: &Condition) -> bool {
    condition.words.contains(' ')
}

#[test]
fn create_makes_a_missing_key_count_as_true() {
    each(None, |client, condition| {
        if takes_create(condition) {
            let reply = client.cmd(&format!("CAS.SET k {} new CREATE", condition.words));
            assert_eq!(reply, ok(), "{}", condition.words);
            assert_eq!(client.cmd("GET k"), bulk("new"), "{}", condition.words);
        }
    });
}

#[test]
fn nocreate_makes_a_missing_key_count_as_false() {
    each(None, |client, condition| {
        if takes_create(condition) {
            let reply = client.cmd(&format!("CAS.SET k {} new NOCREATE", condition.words));
            assert_eq!(reply, nil(), "{}", condition.words);
            assert_eq!(client.cmd("EXISTS k"), int(0), "{}", condition.words);
        }
    });
}

#[test]
fn create_and_nocreate_say_nothing_of_a_key_that_is_there() {
    for word in ["CREATE", "NOCREATE"] {
        each(Some("42"), |client, condition| {
            if takes_create(condition) {
                let reply = client.cmd(&format!("CAS.SET k {} new {word}", condition.words));
                let expected = if condition.of_42 { ok() } else { nil() };
                assert_eq!(reply, expected, "{} {word}", condition.words);
            }
        });
    }
}

#[test]
fn cas_del_deletes_where_the_condition_is_true_and_nowhere_else() {
    each(Some("42"), |client, condition| {
        let reply = client.cmd(&format!("CAS.DEL k {}", condition.words));
        let (done, left) = if condition.of_42 { (1, 0) } else { (0, 1) };
        assert_eq!(reply, int(done), "{}", condition.words);
        assert_eq!(client.cmd("EXISTS k"), int(left), "{}", condition.words);
    });
}

#[test]
fn cas_del_of_a_missing_key_is_zero_whatever_the_condition() {
    each(None, |client, condition| {
        let reply = client.cmd(&format!("CAS.DEL k {}", condition.words));
        assert_eq!(reply, int(0), "{}", condition.words);
    });
}

#[test]
fn cas_expire_acts_where_the_condition_is_true_and_nowhere_else() {
    each(Some("42"), |client, condition| {
        let reply = client.cmd(&format!("CAS.EXPIRE k {} EX 1000", condition.words));
        assert_eq!(reply, int(condition.of_42.into()), "{}", condition.words);
        let expires = client.cmd("PTTL k").number() > 0;
        assert_eq!(expires, condition.of_42, "{}", condition.words);
    });
}

#[test]
fn cas_expire_of_a_missing_key_is_zero_whatever_the_condition() {
    each(None, |client, condition| {
        for time in ["EX 1000", "PERSIST"] {
            let reply = client.cmd(&format!("CAS.EXPIRE k {} {time}", condition.words));
            assert_eq!(reply, int(0), "{} {time}", condition.words);
            assert_eq!(client.cmd("EXISTS k"), int(0), "{}", condition.words);
        }
    });
}

#[test]
fn numbers_compare_as_numbers_and_not_as_text() {
    let server = Server::start();
    let mut client = server.client();
    for (stored, condition, holds) in [
        ("9", "IFLT 10", true),
        ("10", "IFGT 9", true),
        ("-10", "IFLT -9", true),
        ("-1", "IFLT 0", true),
        ("9223372036854775807", "IFGE 9223372036854775807", true),
        ("9223372036854775807", "IFGT 9223372036854775806", true),
        ("-9223372036854775808", "IFLE -9223372036854775808", true),
        ("-9223372036854775808", "IFLT 9223372036854775807", true),
        ("9223372036854775807", "IFLT -9223372036854775808", false),
    ] {
        client.call(&["SET", "k", stored]);
        let reply = client.cmd(&format!("CAS.DEL k {condition}"));
        assert_eq!(reply, int(holds.into()), "{stored} {condition}");
    }
}

#[test]
fn equality_is_of_bytes_and_not_of_meaning() {
    let server = Server::start();
    let mut client = server.client();
    for (stored, operand) in [
        ("42", "042"),
        ("42", "+42"),
        ("42", "42 "),
        ("042", "42"),
        ("abc", "ABC"),
        ("abc", "ab"),
        ("abc", "abcd"),
        ("a\0b", "a"),
        ("a\0b", "a\0c"),
        ("", "\0"),
        ("1.0", "1"),
    ] {
        client.call(&["SET", "k", stored]);
        assert_eq!(
            client.call(&["CAS.DEL", "k", "IFEQ", operand]),
            int(0),
            "{stored:?} {operand:?}"
        );
        assert_eq!(
            client.call(&["CAS.DEL", "k", "IFDEQ", &digest(operand)]),
            int(0),
            "{stored:?} {operand:?}"
        );
        assert_eq!(
            client.call(&["CAS.DEL", "k", "IFNE", operand]),
            int(1),
            "{stored:?} {operand:?}"
        );
    }
}

#[test]
fn a_digest_is_compared_in_any_case() {
    let server = Server::start();
    let mut client = server.client();
    client.cmd("SET k hello");
    let upper = digest("hello").to_uppercase();
    assert_eq!(client.call(&["CAS.SET", "k", "IFDEQ", &upper, "x"]), ok());
    client.cmd("SET k hello");
    assert_eq!(client.call(&["CAS.DEL", "k", "IFDNE", &upper]), int(0));
}

#[test]
fn setting_the_very_same_value_is_a_hit() {
    let server = Server::start();
    let mut client = server.client();
    client.cmd("SET k v");
    assert_eq!(client.cmd("CAS.SET k IFEQ v v"), ok());
}

#[test]
fn a_writer_that_reads_a_digest_and_sets_by_it_loses_no_update() {
    let server = Server::start();
    let [mut one, mut two] = server.clients();
    one.cmd("SET k 0");
    let seen = digest("0");
    assert_eq!(one.call(&["CAS.SET", "k", "IFDEQ", &seen, "1"]), ok());
    assert!(
        two.call(&["CAS.SET", "k", "IFDEQ", &seen, "2"]).is_null(),
        "the second writer had read what the first replaced"
    );
    assert_eq!(one.cmd("GET k"), bulk("1"));
}
