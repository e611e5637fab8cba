//! Replicas, failover, paused clients, clusters.

use super::{held, until_waiting, waiters, waiting};
use crate::support::*;

const DEMOTED: &str =
    "UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)";

fn follow(replica: &Server, primary: &Server) {
    let port = primary.port().to_string();
    let reply = replica.client().call(&["REPLICAOF", "127.0.0.1", &port]);
    assert_eq!(reply, ok());
}

#[test]
fn who_waits_on_a_primary_that_becomes_a_replica_is_told() {
    let (server, _client) = held();
    let mut queue = [waiting(&server, "a"), waiting(&server, "b")];
    let other = Server::start();
    follow(&server, &other);
    for waiter in &mut queue {
        assert_eq!(waiter.receive(), error(DEMOTED));
    }
    assert_eq!(waiters(&server), 0);
}

#[test]
fn after_a_failover_lock_and_counter_are_what_was_replicated() {
    let primary = Server::start();
    let replica = primary.replica();
    let mut client = primary.client();
    client.cmd("LOCK.ACQUIRE k holder PX 600000 FENCE n");
    client.cmd("LOCK.RELEASE k holder");
    assert_eq!(client.cmd("LOCK.ACQUIRE k again PX 600000 FENCE n"), int(2));
    let mut waiter = waiting(&primary, "next");
    replica.until_in_sync();
    assert_eq!(replica.client().cmd("REPLICAOF NO ONE"), ok());
    follow(&primary, &replica);
    assert_eq!(waiter.receive(), error(DEMOTED));
    let mut client = replica.client();
    assert_eq!(client.cmd("LOCK.ACQUIRE k other PX 9000"), int(0));
    let mut waiter = waiting(&replica, "next");
    assert_eq!(client.cmd("LOCK.RELEASE k again"), int(1));
    assert_eq!(waiter.receive(), int(1));
    client.cmd("LOCK.RELEASE k next");
    assert_eq!(client.cmd("LOCK.ACQUIRE k third PX 9000 FENCE n"), int(3));
}

#[test]
fn a_replica_refuses_what_writes_and_shows_what_it_has() {
    let (server, _client) = held();
    let replica = server.replica();
    let mut client = replica.client();
    for line in [
        "LOCK.ACQUIRE k t EX 9 BLOCK 0",
        "LOCK.EXTEND k holder EX 9",
        "LOCK.RELEASE k holder",
    ] {
        let reply = client.cmd(line);
        assert!(reply.text().starts_with("READONLY "), "{line}: {reply}");
    }
    let info = client.cmd("LOCK.INFO k").pairs();
    assert_eq!(info[0].1, int(1));
    assert!(info[1].1.number() > 0);
}

#[test]
fn on_a_replica_that_accepts_writes_nobody_waits() {
    let (server, _client) = held();
    let replica = server.replica();
    let mut client = replica.client();
    client.cmd("CONFIG SET replica-read-only no");
    assert_eq!(client.cmd("LOCK.ACQUIRE k t EX 9 BLOCK 0"), int(0));
}

#[test]
fn while_clients_are_paused_nothing_is_granted_and_afterwards_all_is() {
    let server = Server::start();
    let mut client = server.client();
    client.cmd("LOCK.ACQUIRE k holder PX 50");
    let mut waiter = waiting(&server, "next");
    let mut observer = Observer::on(&server);
    // Also the replica of the observer is not to be sent anything in that time.
    client.cmd("CLIENT PAUSE 300");
    assert_eq!(waiter.receive(), int(1));
    let seen = observer.drain();
    let sets = seen.propagated.iter().filter(|words| words.name() == "SET");
    assert_eq!(sets.count(), 1);
    assert!(client.cmd("PTTL k").number() > 50_000);
}

/// Two nodes, and which of them owns `k`.
fn cluster() -> (Cluster, usize) {
    let cluster = Cluster::start(2);
    let owner = cluster.owner_of("k");
    (cluster, owner)
}

#[test]
fn when_a_slot_moves_who_waits_is_told_and_the_lock_is_where_the_slot_is() {
    let (cluster, owner) = cluster();
    let (from, to) = (&cluster.nodes[owner], &cluster.nodes[1 - owner]);
    from.client()
        .cmd("LOCK.ACQUIRE k holder PX 600000 FENCE {k}n");
    let mut queue = [waiting(from, "a"), waiting(from, "b")];
    cluster.migrate_slot_of("k", 1 - owner);
    for waiter in &mut queue {
        let reply = waiter.receive();
        assert!(reply.text().starts_with("UNBLOCKED "), "{reply}");
    }
    assert_eq!(waiters(from), 0);
    let mut client = to.client();
    assert_eq!(client.cmd("LOCK.ACQUIRE k other EX 9"), int(0));
    assert_eq!(client.cmd("LOCK.RELEASE k holder"), int(1));
    let reply = client.cmd("LOCK.ACQUIRE k other EX 9 FENCE {k}n");
    assert_eq!(reply, int(2));
}

#[test]
fn in_a_cluster_locks_are_waited_for_and_fenced_as_anywhere() {
    let (cluster, owner) = cluster();
    let node = &cluster.nodes[owner];
    let mut client = node.client();
    client.cmd("LOCK.ACQUIRE k holder PX 60000");
    let line = "LOCK.ACQUIRE k next PX 60000 BLOCK 0 FENCE {k}n";
    let mut waiter = super::sent(node, line);
    client.cmd("DEL k");
    assert_eq!(waiter.receive(), int(1));
    let mut waiter = super::sent(node, line);
    client.cmd("LOCK.RELEASE k next");
    assert_eq!(waiter.receive(), int(2));
    until_waiting(node, 0);
}

#[test]
fn a_counter_of_another_slot_is_refused_by_the_server() {
    let (cluster, owner) = cluster();
    let mut client = cluster.nodes[owner].client();
    for counter in ["a", "b"] {
        let line = format!("LOCK.ACQUIRE k t PX 9 FENCE {counter}");
        let reply = client.cmd(&line);
        assert!(reply.text().starts_with("CROSSSLOT"), "{line}: {reply}");
    }
    assert_eq!(client.cmd("EXISTS k"), int(0));
    let moved = cluster.nodes[1 - owner]
        .client()
        .cmd("LOCK.ACQUIRE k t PX 9");
    assert!(moved.text().starts_with("MOVED "), "{moved}");
}
