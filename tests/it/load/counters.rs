//! `INFO atomic` counts each thing once, and nothing that did not happen.

use crate::support::*;

const HELLO: &str = "9555e8555c62dcfd";
const OTHER: &str = "0000000000000000";

#[derive(Debug, PartialEq)]
struct Counted {
    applied: i64,
    refused: i64,
    digests: i64,
}

fn counters(server: &Server) -> Counted {
    let field = |name: &str| server.info_number("atomic", &format!("atomic_{name}"));
    Counted {
        applied: field("conditions_applied"),
        refused: field("conditions_refused"),
        digests: field("digests_computed"),
    }
}

/// What one command adds to the counters, on a key `k` that holds "hello" and an `l` that is a list.
fn count(server: &Server, line: &str) -> Counted {
    let mut client = server.client();
    for setup in ["DEL k l", "SET k hello", "RPUSH l a"] {
        client.cmd(setup);
    }
    let before = counters(server);
    client.cmd(line);
    let after = counters(server);
    Counted {
        applied: after.applied - before.applied,
        refused: after.refused - before.refused,
        digests: after.digests - before.digests,
    }
}

fn assert_counts(lines: &[String], expected: &Counted) {
    let server = Server::start();
    for line in lines {
        assert_eq!(count(&server, line), *expected, "{line}");
    }
}

fn lines(lines: &[&str]) -> Vec<String> {
    lines
        .iter()
        .map(|line| line.replace("HELLO", HELLO).replace("OTHER", OTHER))
        .collect()
}

const NOTHING: Counted = Counted {
    applied: 0,
    refused: 0,
    digests: 0,
};

#[test]
fn all_begin_at_0() {
    assert_eq!(counters(&Server::start()), NOTHING);
}

#[test]
fn a_condition_that_holds_is_applied_once() {
    let expected = Counted {
        applied: 1,
        ..NOTHING
    };
    assert_counts(
        &lines(&[
            "CAS.SET k IFEQ hello v",
            "CAS.SET new NX v",
            "CAS.DEL k IFNE v",
            "CAS.EXPIRE k XX EX 100",
            "CAS.EXPIRE k XX PERSIST",
        ]),
        &expected,
    );
}

#[test]
fn a_condition_that_does_not_hold_is_refused_once() {
    let expected = Counted {
        refused: 1,
        ..NOTHING
    };
    assert_counts(
        &lines(&[
            "CAS.SET k IFEQ v w",
            "CAS.SET k NX v",
            "CAS.DEL missing XX",
            "CAS.EXPIRE k NX EX 100",
        ]),
        &expected,
    );
}

#[test]
fn a_digest_that_is_asked_for_counts() {
    let expected = Counted {
        digests: 1,
        ..NOTHING
    };
    assert_counts(&lines(&["CAS.DIGEST k", "CAS.GET k"]), &expected);
}

#[test]
fn a_digest_that_is_compared_counts() {
    let applied = Counted {
        applied: 1,
        refused: 0,
        digests: 1,
    };
    assert_counts(
        &lines(&["CAS.SET k IFDEQ HELLO v", "CAS.DEL k IFDNE OTHER"]),
        &applied,
    );
    let refused = Counted {
        applied: 0,
        refused: 1,
        digests: 1,
    };
    assert_counts(
        &lines(&["CAS.SET k IFDEQ OTHER v", "CAS.DEL k IFDNE HELLO"]),
        &refused,
    );
}

#[test]
fn a_digest_that_the_reply_shows_counts_whether_the_condition_holds_or_not() {
    assert_counts(
        &lines(&["CAS.SET k IFEQ hello v GETDIGEST"]),
        &Counted {
            applied: 1,
            refused: 0,
            digests: 1,
        },
    );
    assert_counts(
        &lines(&["CAS.SET k IFEQ other v GETDIGEST"]),
        &Counted {
            applied: 0,
            refused: 1,
            digests: 1,
        },
    );
}

#[test]
fn errors_and_plain_commands_count_nothing() {
    assert_counts(
        &lines(&[
            "CAS.SET k BOGUS v w",
            "CAS.SET l IFEQ v w",
            "CAS.SET k IFDEQ short v",
            "CAS.SET k XX v EX 0",
            "CAS.GET l",
            "CAS.GET missing",
            "CAS.DIGEST missing",
            "SET k v",
            "SET k v NX",
            "GET k",
        ]),
        &NOTHING,
    );
}

#[test]
fn the_native_names_count_where_they_are_the_modules() {
    if has_native("DELEX", "") {
        return not_applicable("the server has all of the native names itself");
    }
    let count = |applied, refused, digests| Counted {
        applied,
        refused,
        digests,
    };
    assert_counts(
        &lines(&["SET k v IFNE other", "DELEX k", "DELEX k IFEQ hello"]),
        &count(1, 0, 0),
    );
    assert_counts(
        &lines(&["SET k v IFNE hello", "DELEX missing", "DELEX k IFNE hello"]),
        &count(0, 1, 0),
    );
    assert_counts(&lines(&["SET k v IFDEQ HELLO"]), &count(1, 0, 1));
    assert_counts(&lines(&["DIGEST k"]), &count(0, 0, 1));
}
