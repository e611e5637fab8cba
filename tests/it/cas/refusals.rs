//! The server's own refusals hold for the module's commands, and expired keys are missing keys.

use super::{digest, expired, holding};
use crate::support::{Server, array, bulk, error, int, nil, ok, until};

const WRITES: [&str; 3] = [
    "CAS.SET k IFEQ v w",
    "CAS.DEL k IFEQ v",
    "CAS.EXPIRE k IFEQ v EX 100",
];

#[test]
fn a_read_only_replica_refuses_writes_and_serves_reads() {
    let primary = Server::start();
    primary.client().cmd("SET k v");
    let replica = primary.replica();
    let mut client = replica.client();
    let refusal = error("READONLY You can't write against a read only replica.");
    for command in WRITES {
        assert_eq!(client.cmd(command), refusal, "{command}");
    }
    assert_eq!(client.cmd("CAS.SET k IFEQ miss w"), refusal);
    assert_eq!(client.cmd("CAS.DIGEST k"), bulk(digest("v")));
    assert_eq!(
        client.cmd("CAS.GET k"),
        array([bulk(digest("v")), bulk("v")])
    );
}

#[test]
fn on_a_writable_replica_a_write_stays_there() {
    let primary = Server::start();
    primary.client().cmd("SET k v");
    let replica = primary.replica();
    let mut client = replica.client();
    client.cmd("CONFIG SET replica-read-only no");
    assert_eq!(client.cmd("CAS.SET k IFEQ v w"), ok());
    assert_eq!(client.cmd("GET k"), bulk("w"));
    assert_eq!(primary.client().cmd("GET k"), bulk("v"));
}

#[test]
fn beyond_maxmemory_only_cas_set_is_refused() {
    let (_server, mut client) = holding("v");
    client.cmd("CONFIG SET maxmemory 1");
    let refusal = error("OOM command not allowed when used memory > 'maxmemory'.");
    for command in [
        "CAS.SET k IFEQ v w",
        "CAS.SET k IFEQ miss w",
        "CAS.SET k BOGUS x w",
    ] {
        assert_eq!(client.cmd(command), refusal, "{command}");
    }
    assert_eq!(client.cmd("CAS.GET k").items()[1], bulk("v"));
    assert_eq!(client.cmd("CAS.DIGEST k"), bulk(digest("v")));
    assert_eq!(client.cmd("CAS.EXPIRE k IFEQ v EX 100"), int(1));
    assert_eq!(client.cmd("CAS.DEL k IFEQ v"), int(1));
}

#[test]
fn without_enough_replicas_writes_are_refused() {
    let (_server, mut client) = holding("v");
    client.cmd("CONFIG SET min-replicas-to-write 1");
    for command in WRITES {
        let refusal = error("NOREPLICAS Not enough good replicas to write.");
        assert_eq!(client.cmd(command), refusal, "{command}");
    }
    assert_eq!(client.cmd("CAS.DIGEST k"), bulk(digest("v")));
    assert_eq!(client.cmd("GET k"), bulk("v"));
}

#[test]
fn an_expired_key_is_a_missing_key_to_every_command() {
    let server = Server::start();
    let mut client = server.client();
    let same = digest("42");
    for (command, reply) in [
        ("CAS.GET k", nil()),
        ("CAS.DIGEST k", nil()),
        ("CAS.DEL k IFEQ 42", int(0)),
        ("CAS.DEL k XX GET", array([int(0), nil()])),
        ("CAS.EXPIRE k IFEQ 42 EX 100", int(0)),
        ("CAS.EXPIRE k XX PERSIST", int(0)),
        ("CAS.SET k XX new", nil()),
        ("CAS.SET k IFEQ 42 new", nil()),
        (&format!("CAS.SET k IFDEQ {same} new"), nil()),
        ("CAS.SET k NX new", ok()),
        ("CAS.SET k IFNE 42 new", ok()),
        ("CAS.SET k IFGT 100 new", ok()),
        ("CAS.SET k IFNE 42 new GET", array([int(1), nil()])),
        ("CAS.SET k IFEQ 42 new CREATE", ok()),
    ] {
        expired(&mut client, "42");
        assert_eq!(client.cmd(command), reply, "{command}");
    }
}

#[test]
fn keepttl_does_not_revive_the_time_of_an_expired_key() {
    let server = Server::start();
    let mut client = server.client();
    expired(&mut client, "v");
    assert_eq!(client.cmd("CAS.SET k NX new KEEPTTL"), ok());
    assert_eq!(client.cmd("GET k"), bulk("new"));
    assert_eq!(client.cmd("PTTL k"), int(-1));
}

#[test]
fn on_a_replica_an_expired_key_is_missing_and_left_to_the_primary() {
    let primary = Server::start();
    let replica = primary.replica();
    let mut client = replica.client();
    expired(&mut primary.client(), "v");
    replica.until_in_sync();
    // Redis 6.0 sends a time to live, so that it ends later there.
    until("it has expired there too", || client.cmd("GET k").is_null());
    assert_eq!(client.cmd("CAS.DIGEST k"), nil());
    assert_eq!(client.cmd("CAS.GET k"), nil());
    assert_eq!(client.cmd("DBSIZE"), int(1), "it is still there");
}
