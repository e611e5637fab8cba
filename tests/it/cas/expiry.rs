//! Times to live: what sets them, what keeps them, what takes them away.

use super::{holding, now};
use crate::support::{Client, Server, bulk, int, nil, not_applicable, ok};

/// The year 2100, in seconds.
const FAR: i64 = 4_102_444_800;
/// Far more than a command takes, far less than the times of these tests differ.
const TOLERANCE: i64 = 60_000;

/// When `k` expires, in milliseconds since the Unix epoch.
fn end(client: &mut Client) -> i64 {
    let left = client.cmd("PTTL k").number();
    assert!(left >= 0, "k does not expire");
    left + now(client)
}

fn assert_about(end: i64, wanted: i64, what: &str) {
    assert!(
        (end - wanted).abs() < TOLERANCE,
        "{what}: {end}, not {wanted}"
    );
}

/// The four forms of a time, and when each ends given the present one.
fn times(now: i64) -> [(String, i64); 4] {
    [
        ("EX 1000".into(), now + 1_000_000),
        ("PX 2000000".into(), now + 2_000_000),
        (format!("EXAT {FAR}"), FAR * 1000),
        (
            format!("PXAT {}", FAR * 1000 + 500_000),
            FAR * 1000 + 500_000,
        ),
    ]
}

#[test]
fn cas_set_without_an_expiry_takes_the_old_one_away() {
    let (_server, mut client) = holding("v");
    client.cmd("PEXPIRE k 5000000");
    assert_eq!(client.cmd("CAS.SET k IFEQ v new"), ok());
    assert_eq!(client.cmd("PTTL k"), int(-1));
}

#[test]
fn cas_set_gives_the_new_value_its_time_in_each_form() {
    let (_server, mut client) = holding("v");
    let now = now(&mut client);
    for (time, wanted) in times(now) {
        client.cmd("SET k v PX 5000000");
        assert_eq!(client.cmd(&format!("CAS.SET k IFEQ v new {time}")), ok());
        assert_about(end(&mut client), wanted, &time);
    }
}

#[test]
fn cas_set_gives_a_created_key_its_time() {
    let (_server, mut client) = holding("v");
    let now = now(&mut client);
    for (time, wanted) in times(now) {
        client.cmd("DEL k");
        let reply = client.cmd(&format!("CAS.SET k IFEQ v new {time} CREATE"));
        assert_eq!(reply, ok());
        assert_about(end(&mut client), wanted, &time);
    }
}

#[test]
fn keepttl_keeps_the_time() {
    let (_server, mut client) = holding("v");
    client.cmd(&format!("PEXPIREAT k {}", FAR * 1000));
    assert_eq!(client.cmd("CAS.SET k IFEQ v new KEEPTTL"), ok());
    assert_about(end(&mut client), FAR * 1000, "KEEPTTL");
}

#[test]
fn keepttl_of_a_key_that_does_not_expire_makes_none() {
    let (_server, mut client) = holding("v");
    assert_eq!(client.cmd("CAS.SET k IFEQ v new KEEPTTL"), ok());
    assert_eq!(client.cmd("PTTL k"), int(-1));
    assert_eq!(client.cmd("CAS.SET none NX new KEEPTTL"), ok());
    assert_eq!(client.cmd("PTTL none"), int(-1));
}

#[test]
fn keepttl_keeps_the_time_over_another_type() {
    let server = Server::start();
    let mut client = server.client();
    client.cmd("RPUSH k a b c");
    client.cmd(&format!("PEXPIREAT k {}", FAR * 1000));
    assert_eq!(client.cmd("CAS.SET k XX new KEEPTTL"), ok());
    assert_about(end(&mut client), FAR * 1000, "KEEPTTL");
}

#[test]
fn times_are_exact_to_the_millisecond() {
    let server = Server::start();
    if !server.is_at_least(7, 0) {
        return not_applicable("PEXPIRETIME came with 7.0");
    }
    let mut client = server.client();
    let exact = FAR * 1000 + 123;
    client.cmd("SET k v");
    client.cmd(&format!("CAS.SET k IFEQ v new PXAT {exact}"));
    assert_eq!(client.cmd("PEXPIRETIME k"), int(exact));
    client.cmd("CAS.SET k IFEQ new newer KEEPTTL");
    assert_eq!(client.cmd("PEXPIRETIME k"), int(exact));
    client.cmd("DEL k");
    client.cmd("SADD k a");
    client.cmd(&format!("CAS.EXPIRE k XX PXAT {exact}"));
    assert_eq!(client.cmd("PEXPIRETIME k"), int(exact));
    client.cmd("CAS.SET k XX new KEEPTTL");
    assert_eq!(client.cmd("PEXPIRETIME k"), int(exact));
}

#[test]
fn the_latest_times_there_are_can_be_set_and_kept() {
    let server = Server::start();
    let mut client = server.client();
    for time in ["PXAT 9223372036854775807", "EXAT 9223372036854775"] {
        for make in ["SET k v", "RPUSH k v"] {
            client.cmd("DEL k");
            client.cmd(make);
            assert_eq!(client.cmd(&format!("CAS.EXPIRE k XX {time}")), int(1));
            assert_eq!(client.cmd("CAS.SET k XX new KEEPTTL"), ok());
            assert!(client.cmd("PTTL k").number() > FAR * 1000);
            assert_eq!(client.cmd(&format!("CAS.SET k XX newer {time}")), ok());
            assert_eq!(client.cmd("GET k"), bulk("newer"));
            assert!(client.cmd("PTTL k").number() > FAR * 1000);
        }
    }
}

#[test]
fn a_false_condition_leaves_the_time_alone() {
    let (_server, mut client) = holding("v");
    client.cmd(&format!("PEXPIREAT k {}", FAR * 1000));
    for command in [
        "CAS.SET k IFEQ other new",
        "CAS.SET k IFEQ other new EX 10",
        "CAS.SET k IFEQ other new GET EX 10",
        "CAS.EXPIRE k IFEQ other EX 10",
        "CAS.EXPIRE k IFEQ other PERSIST",
        "CAS.EXPIRE k NX PXAT 1",
    ] {
        client.cmd(command);
        assert_about(end(&mut client), FAR * 1000, command);
    }
}

#[test]
fn cas_set_with_a_time_in_the_past_succeeds_and_leaves_no_key() {
    let (_server, mut client) = holding("v");
    for time in ["PXAT 1", "EXAT 1"] {
        client.cmd("SET k v");
        assert_eq!(client.cmd(&format!("CAS.SET k IFEQ v new {time}")), ok());
        assert_eq!(client.cmd("GET k"), nil());
    }
}

#[test]
fn cas_expire_sets_the_time_in_each_form() {
    let (_server, mut client) = holding("v");
    let now = now(&mut client);
    for before in ["SET k v", "SET k v PX 5000000"] {
        for (time, wanted) in times(now) {
            client.cmd(before);
            assert_eq!(client.cmd(&format!("CAS.EXPIRE k IFEQ v {time}")), int(1));
            assert_about(end(&mut client), wanted, &time);
            assert_eq!(client.cmd("GET k"), bulk("v"));
        }
    }
}

#[test]
fn cas_expire_persist_takes_the_time_away() {
    let (_server, mut client) = holding("v");
    client.cmd("PEXPIRE k 5000000");
    assert_eq!(client.cmd("CAS.EXPIRE k IFEQ v PERSIST"), int(1));
    assert_eq!(client.cmd("PTTL k"), int(-1));
}

#[test]
fn cas_expire_persist_succeeds_where_there_is_no_time_to_take_away() {
    let (_server, mut client) = holding("v");
    assert_eq!(client.cmd("CAS.EXPIRE k IFEQ v PERSIST"), int(1));
    assert_eq!(client.cmd("PTTL k"), int(-1));
}

#[test]
fn cas_expire_with_a_time_in_the_past_deletes_the_key() {
    let (_server, mut client) = holding("v");
    for time in ["PXAT 1", "EXAT 1"] {
        client.cmd("SET k v");
        assert_eq!(client.cmd(&format!("CAS.EXPIRE k IFEQ v {time}")), int(1));
        assert_eq!(client.cmd("EXISTS k"), int(0));
    }
}
