//! Replicas of all kinds hold what the primary holds.

use super::{Snapshot, Workload, assert_same};
use crate::support::*;

const COMMANDS: usize = 3000;

fn plain_replica_of(primary: &Server) -> Server {
    Server::builder()
        .without_module()
        .replica_of(primary)
        .start()
}

#[test]
fn one_without_the_module_holds_the_same() {
    let primary = Server::start();
    let replica = plain_replica_of(&primary);
    Workload::new(2).run(&primary, COMMANDS);
    replica.until_in_sync();
    assert_same(&Snapshot::of(&primary), &Snapshot::of(&replica));
}

#[test]
fn one_with_the_module_holds_the_same() {
    let primary = Server::start();
    let replica = primary.replica();
    Workload::new(3).run(&primary, COMMANDS);
    replica.until_in_sync();
    assert_same(&Snapshot::of(&primary), &Snapshot::of(&replica));
}

#[test]
fn a_replica_of_a_replica_holds_the_same() {
    let primary = Server::start();
    let replica = plain_replica_of(&primary);
    let below = plain_replica_of(&replica);
    Workload::new(4).run(&primary, COMMANDS);
    replica.until_in_sync();
    below.until_in_sync();
    assert_same(&Snapshot::of(&primary), &Snapshot::of(&below));
}

#[test]
fn one_that_comes_later_holds_the_same() {
    let primary = Server::start();
    Workload::new(5).run(&primary, COMMANDS);
    let replica = plain_replica_of(&primary);
    assert_same(&Snapshot::of(&primary), &Snapshot::of(&replica));
}

#[test]
fn one_that_is_promoted_goes_on_without_the_module() {
    let primary = Server::start();
    let replica = plain_replica_of(&primary);
    primary.client().cmd("CAS.SET k NX v EX 1000");
    replica.until_in_sync();
    let mut client = replica.client();
    client.cmd("REPLICAOF NO ONE");
    assert_eq!(client.cmd("GET k"), bulk("v"));
    assert!((1..=1000).contains(&client.cmd("TTL k").number()));
    assert_eq!(client.cmd("SET k w KEEPTTL"), ok());
}

/// The key is gone on the primary at once. A replica that is told otherwise keeps a value that has
/// expired and waits for a DEL, and refuses what comes in its place.
#[test]
fn a_value_whose_time_is_past_is_as_gone_there_as_here() {
    let primary = Server::start();
    let replica = plain_replica_of(&primary);
    let mut client = primary.client();
    for line in [
        "SET string v",
        "CAS.SET string XX w PXAT 1",
        "RPUSH string a",
        "HSET hash f v",
        "CAS.SET hash XX w PXAT 1",
        "RPUSH hash a",
        "SET expired v",
        "CAS.EXPIRE expired XX PXAT 1",
        "RPUSH expired a",
    ] {
        assert!(!client.cmd(line).is_error(), "{line}");
    }
    replica.until_in_sync();
    let mut reader = replica.client();
    for key in ["string", "hash", "expired"] {
        assert_eq!(reader.call(&["TYPE", key]), simple("list"), "{key}");
        assert_eq!(reader.call(&["LLEN", key]), int(1), "{key}");
        assert_eq!(reader.call(&["PTTL", key]), int(-1), "{key}");
    }
}
