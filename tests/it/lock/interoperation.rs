//! Locks that others take: `SET … NX PX`, and the scripts that libraries release and extend them with.

use super::{held, waiters, waiting};
use crate::support::*;

/// As the pattern of the Redis documentation has it, and redlock libraries after it.
const RELEASE: &str = "if redis.call('get',KEYS[1]) == ARGV[1] then return redis.call('del',KEYS[1]) else return 0 end";
const EXTEND: &str = "if redis.call('get',KEYS[1]) == ARGV[1] then return redis.call('pexpire',KEYS[1],ARGV[2]) else return 0 end";

#[test]
fn a_lock_that_set_has_taken_is_seen_extended_and_released() {
    let server = Server::start();
    let mut client = server.client();
    assert_eq!(client.cmd("SET k theirs NX PX 60000"), ok());
    assert_eq!(client.cmd("LOCK.ACQUIRE k ours PX 60000"), int(0));
    assert_eq!(client.cmd("LOCK.EXTEND k theirs PX 90000"), int(1));
    assert!(client.cmd("PTTL k").number() > 60_000);
    assert_eq!(client.cmd("LOCK.ACQUIRE k theirs PX 9000 REENTER"), int(1));
    assert_eq!(client.cmd("LOCK.RELEASE k ours"), int(0));
    assert_eq!(client.cmd("LOCK.RELEASE k theirs"), int(1));
    assert_eq!(client.cmd("SET k theirs NX PX 60000"), ok());
}

#[test]
fn a_lock_that_we_have_taken_is_respected_extended_and_released_by_others() {
    let (_server, mut client) = held();
    assert_eq!(client.cmd("SET k theirs NX PX 60000"), nil());
    let mut script = |script: &str, arguments: &[&str]| {
        client.call(&[&["EVAL", script, "1", "k"], arguments].concat())
    };
    assert_eq!(script(EXTEND, &["theirs", "90000"]), int(0));
    assert_eq!(script(EXTEND, &["holder", "90000"]), int(1));
    assert_eq!(script(RELEASE, &["theirs"]), int(0));
    assert_eq!(script(RELEASE, &["holder"]), int(1));
    assert_eq!(client.cmd("EXISTS k"), int(0));
}

#[test]
fn a_lock_that_set_has_taken_is_waited_for_until_a_script_releases_it() {
    let server = Server::start();
    let mut client = server.client();
    assert_eq!(client.cmd("SET k theirs NX PX 60000"), ok());
    let mut waiter = waiting(&server, "ours");
    let extend = ["EVAL", EXTEND, "1", "k", "theirs", "90000"];
    assert_eq!(client.call(&extend), int(1));
    assert_eq!(waiters(&server), 1);
    assert_eq!(client.call(&["EVAL", RELEASE, "1", "k", "theirs"]), int(1));
    assert_eq!(waiter.receive(), int(1));
    assert_eq!(client.cmd("SET k theirs NX PX 60000"), nil());
}

#[test]
fn a_lock_that_set_has_taken_is_waited_for_until_its_time_is_over() {
    let server = Server::start();
    let mut client = server.client();
    assert_eq!(client.cmd("SET k theirs NX PX 50"), ok());
    let mut waiter = waiting(&server, "ours");
    assert_eq!(waiter.receive(), int(1));
    assert_eq!(client.cmd("GET k"), bulk("ours"));
}

#[test]
fn a_lock_that_does_not_expire_can_be_waited_for_and_given_a_time() {
    let server = Server::start();
    let mut client = server.client();
    assert_eq!(client.cmd("SETNX k theirs"), int(1));
    let mut waiter = waiting(&server, "ours");
    assert_eq!(client.cmd("LOCK.EXTEND k theirs PX 20"), int(1));
    assert_eq!(waiter.receive(), int(1));
}
