//! On replicas: the server's own refusal for clients, and the primary's stream as it comes.

use super::CONDITIONS;
use crate::support::*;

#[test]
fn a_read_only_replica_refuses_every_condition() {
    let primary = Server::start();
    primary.client().cmd("SET k v");
    let replica = primary.replica();
    let mut client = replica.client();
    for condition in CONDITIONS {
        for operand in ["v", "0123456789abcdef"] {
            let reply = client.call(&["SET", "k", "w", condition, operand]);
            assert!(reply.is_error(), "{condition}: {reply}");
            assert!(reply.text().starts_with("READONLY "), "{reply}");
        }
    }
    for line in [
        "DELEX k",
        "DELEX k IFEQ v",
        "CAS.SET k XX w",
        "CAS.DEL k XX",
    ] {
        let reply = client.cmd(line);
        assert!(reply.is_error(), "{line}: {reply}");
        assert!(reply.text().starts_with("READONLY "), "{line}: {reply}");
    }
    assert_eq!(client.cmd("GET k"), bulk("v"));
}

#[test]
fn a_replica_answers_what_only_reads() {
    let primary = Server::start();
    primary.client().cmd("SET k hello");
    let replica = primary.replica();
    let mut client = replica.client();
    assert_eq!(client.cmd("DIGEST k"), bulk("9555e8555c62dcfd"));
    assert_eq!(client.cmd("CAS.DIGEST k"), bulk("9555e8555c62dcfd"));
    let both = array([bulk("9555e8555c62dcfd"), bulk("hello")]);
    assert_eq!(client.cmd("CAS.GET k"), both);
}

/// Where the server has the condition itself, it sends it on as it came: to a replica whose filter
/// sees the primary's stream too.
#[test]
fn a_replica_with_the_module_follows_a_primary_with_it() {
    let primary = Server::start();
    let replica = primary.replica();
    let mut client = primary.client();
    for line in [
        "SET a hello",
        "SET a changed IFEQ hello",
        "SET b fresh IFNE x GET",
        "SET c 1 EX 1000",
        "SET c 2 IFEQ 1 KEEPTTL",
        "SET d gone",
        "DELEX d IFEQ gone",
        "CAS.SET e NX v EX 1000",
    ] {
        assert!(!client.cmd(line).is_error(), "{line}");
    }
    replica.until_in_sync();
    let mut reader = replica.client();
    assert_eq!(reader.cmd("GET a"), bulk("changed"));
    assert_eq!(reader.cmd("GET b"), bulk("fresh"));
    assert_eq!(reader.cmd("GET c"), bulk("2"));
    assert_eq!(reader.cmd("EXISTS d"), int(0));
    for key in ["c", "e"] {
        let left = reader.call(&["TTL", key]).number();
        assert!((900..=1000).contains(&left), "{key}: {left}");
    }
}

#[test]
fn a_replica_that_is_promoted_takes_conditions() {
    let primary = Server::start();
    primary.client().cmd("SET k v");
    let replica = primary.replica();
    let mut client = replica.client();
    client.cmd("REPLICAOF NO ONE");
    assert_eq!(client.cmd("SET k w IFEQ v"), ok());
    assert_eq!(client.cmd("DELEX k IFEQ w"), int(1));
}
