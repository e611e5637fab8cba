//! Transactions, scripts and functions: there nobody can wait, and nobody is made to.

use super::{held, waiters, waiting};
use crate::support::*;

const CALL: &str = "return redis.call('LOCK.ACQUIRE', KEYS[1], 't', 'PX', '60000', 'BLOCK', '0')";

#[test]
fn block_does_not_wait_in_a_transaction() {
    let (server, mut client) = held();
    client.cmd("MULTI");
    client.cmd("LOCK.ACQUIRE k t PX 60000 BLOCK 0");
    client.cmd("LOCK.ACQUIRE free t PX 60000 BLOCK 0");
    assert_eq!(client.cmd("EXEC"), array([int(0), int(1)]));
    assert_eq!(waiters(&server), 0);
}

#[test]
fn block_does_not_wait_in_a_script() {
    let (server, mut client) = held();
    assert_eq!(client.call(&["EVAL", CALL, "1", "k"]), int(0));
    assert_eq!(client.call(&["EVAL", CALL, "1", "free"]), int(1));
    assert_eq!(waiters(&server), 0);
}

#[test]
fn block_does_not_wait_in_a_function() {
    let (server, mut client) = held();
    if !server.is_at_least(7, 0) {
        return not_applicable("functions came with 7.0");
    }
    let library = "#!lua name=l\nredis.register_function('f', function(KEYS) CALL end)";
    let library = library.replace("CALL", CALL);
    assert_eq!(client.call(&["FUNCTION", "LOAD", &library]), bulk("l"));
    assert_eq!(client.cmd("FCALL f 1 k"), int(0));
    assert_eq!(client.cmd("FCALL f 1 free"), int(1));
    assert_eq!(waiters(&server), 0);
}

#[test]
fn block_does_not_wait_under_a_condition() {
    let (server, mut client) = held();
    if !server.is_at_least(7, 0) {
        return not_applicable("before 7.0 a module cannot check permissions");
    }
    let acquire = "LOCK.ACQUIRE KEY t PX 60000 BLOCK 0";
    for (key, answer) in [("k", int(0)), ("free", int(1))] {
        let line = format!("CAS.IF 1 no NX THEN {acquire}").replace("KEY", key);
        assert_eq!(client.cmd(&line), answer);
    }
    let line = format!("CAS.TXN 1 no NX THEN 1 7 {acquire}").replace("KEY", "k");
    assert_eq!(client.cmd(&line), array([int(1), array([int(0)])]));
    assert_eq!(waiters(&server), 0);
}

#[test]
fn a_release_under_a_condition_hands_over_within_it() {
    let (server, mut client) = held();
    if !server.is_at_least(7, 0) {
        return not_applicable("before 7.0 a module cannot check permissions");
    }
    let mut waiter = waiting(&server, "next");
    let line = "CAS.TXN 1 k IFEQ holder THEN 2 3 LOCK.RELEASE k holder 2 GET k";
    let replies = array([int(1), bulk("next")]);
    assert_eq!(client.cmd(line), array([int(1), replies]));
    assert_eq!(waiter.receive(), int(1));
}

#[test]
fn a_release_in_a_transaction_hands_over_within_it() {
    let (server, mut client) = held();
    let mut waiter = waiting(&server, "next");
    client.cmd("MULTI");
    client.cmd("LOCK.RELEASE k holder");
    client.cmd("GET k");
    assert_eq!(client.cmd("EXEC"), array([int(1), bulk("next")]));
    assert_eq!(waiter.receive(), int(1));
}

#[test]
fn a_release_in_a_script_hands_over_within_it() {
    let (server, mut client) = held();
    let mut waiter = waiting(&server, "next");
    let script = "redis.call('LOCK.RELEASE', KEYS[1], 'holder') return redis.call('GET', KEYS[1])";
    assert_eq!(client.call(&["EVAL", script, "1", "k"]), bulk("next"));
    assert_eq!(waiter.receive(), int(1));
}

#[test]
fn a_held_lock_breaks_no_watch_and_a_grant_breaks_it() {
    let (server, mut client) = held();
    let mut other = server.client();
    for (line, unbroken) in [
        ("LOCK.ACQUIRE k t EX 9", true),
        ("LOCK.EXTEND k t EX 9", true),
        ("LOCK.RELEASE k t", true),
        ("LOCK.INFO k", true),
        ("LOCK.RELEASE k holder", false),
    ] {
        client.cmd("WATCH k");
        other.cmd(line);
        client.cmd("MULTI");
        client.cmd("PING");
        assert_eq!(!client.cmd("EXEC").is_null(), unbroken, "{line}");
    }
}
