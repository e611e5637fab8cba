//! Which calls on a missing key are key misses: an event of a class of its own, which no server has
//! among "all".

use crate::support::*;

const MARK: &str = "mark";

/// Whether the call makes the event `keymiss`.
fn is_miss(server: &Server, line: &str) -> bool {
    let mut client = server.client();
    client.cmd("FLUSHALL");
    client.cmd("CONFIG SET notify-keyspace-events Em");
    let mut events = server.client3();
    for channel in ["__keyevent@0__:keymiss", MARK] {
        events.send(&["SUBSCRIBE", channel]);
        events.next_push();
    }
    let reply = client.cmd(line);
    assert!(!reply.is_error(), "{line}: {reply}");
    client.cmd("PUBLISH mark x");
    events.next_push().items()[1].bytes() != MARK.as_bytes()
}

#[test]
fn a_call_that_would_have_shown_or_judged_the_value_is_one() {
    let server = Server::start();
    let mut lines = vec![
        "DIGEST missing",
        "DELEX missing IFEQ v",
        "SET missing v IFEQ w GET",
    ];
    lines.retain(|line| !is_miss(&server, line));
    assert!(lines.is_empty(), "no key misses: {lines:?}");
}

#[test]
fn another_is_none() {
    let server = Server::start();
    let looks_quietly = server.is_valkey() || server.is_at_least(7, 2);
    if !looks_quietly && !has_native("DELEX", "") {
        return not_applicable("modules cannot look at a key quietly before 7.2");
    }
    let mut lines = vec![
        "DELEX missing",
        "SET missing v IFEQ w",
        "SET missing v IFNE w",
        "SET missing v",
    ];
    if has_native("DELIFEQ", "") || !has_native("DELEX", "") {
        lines.push("DELIFEQ missing v");
    }
    lines.retain(|line| is_miss(&server, line));
    assert!(lines.is_empty(), "key misses: {lines:?}");
}
