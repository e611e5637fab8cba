//! A primary is replaced while clients write, in a cluster and under Sentinel. Replication is
//! asynchronous, so acknowledged writes may be lost; what is shown is that of ours no more are than of
//! plain `SET`s that the same clients send in between. While slots move, nothing is lost.
//!
//! - `client.rs`: a client that follows redirections.
//! - `diary.rs`: what it was told, for when it fails.
//! - `kinds.rs`: what they write, by every family of commands.
//! - `versions.rs`: writers that count what they have lost.
//! - `sentinel.rs`: a sentinel.

mod client;
mod diary;
mod kinds;
mod sentinel;
mod versions;

use std::collections::{BTreeSet, HashSet};

use crate::support::{Client, Cluster, Server, ok, until};
use client::Route;
use sentinel::Sentinel;
use versions::{Losses, Versions};

/// A node that is silent for so long, in milliseconds, is taken for dead; where none is to die, a slow
/// machine is not to kill one either.
const TIMEOUT: u32 = 2000;
const NEVER: u32 = 60_000;

struct Nodes {
    cluster: Cluster,
}

impl Nodes {
    fn start(timeout: u32) -> Nodes {
        Nodes {
            cluster: Cluster::with_replicas(3, timeout),
        }
    }

    fn versions(&self) -> Versions {
        Versions::start(&self.route(), self.cluster.nodes[0].is_at_least(7, 0))
    }

    fn route(&self) -> Route {
        Route::cluster(self.cluster.nodes.iter().map(Server::address))
    }

    /// The node and its replica hold the same.
    fn until_all_agree(&self) {
        until("every replica holds what its primary holds", || {
            let nodes = &self.cluster.nodes;
            let digest = |server: &Server| server.client().cmd("DEBUG DIGEST").text();
            let ids = |server: &Server| {
                let line = server.client().cmd("CLUSTER NODES").text();
                let me = line.lines().find(|line| line.contains("myself"));
                let fields: Vec<String> = me.expect("itself").split(' ').map(Into::into).collect();
                (fields[0].clone(), fields[3].clone())
            };
            let all: Vec<_> = nodes.iter().map(|node| (ids(node), digest(node))).collect();
            let replicas = all.iter().filter(|((_, primary), _)| primary != "-");
            let mut count = 0;
            let agree = replicas.clone().all(|((_, primary), digest)| {
                count += 1;
                all.iter()
                    .any(|((id, _), other)| id == primary && other == digest)
            });
            agree && count == nodes.len() / 2
        });
    }

    /// Slots are told by gossip, and between two claims on one the greater epoch wins. A node takes a
    /// greater epoch when it takes a slot, if there is a greater than its own. So who moves one slot after
    /// the other has to wait in between until all nodes, replicas too, know of the last: one that hears
    /// first that the old owner has a new epoch will never believe the new owner, and even talks it out of
    /// the slot, upon which both send clients to each other for good. (7.0 and later tell everybody at
    /// once; 6.0 one node a second.) And two nodes that take a slot at once may take the same epoch.
    fn until_all_see_the_same(&self) {
        until(
            "all nodes know the slots and epochs of all, which differ",
            || {
                let views: Vec<_> = self.cluster.nodes.iter().map(view).collect();
                let epochs: HashSet<&String> = views[0].iter().map(|(_, epoch, _)| epoch).collect();
                views.iter().all(|view| *view == views[0]) && epochs.len() == views[0].len()
            },
        );
    }

    /// Moves one after the other to another primary, and lets the writers go on in between.
    fn move_slots_of(&self, tags: &[String], versions: &Versions) {
        for (index, tag) in tags.iter().enumerate() {
            self.until_all_see_the_same();
            let owner = self.cluster.owner_of(tag);
            let nodes = self.cluster.nodes.iter().enumerate();
            let others = nodes.filter(|(node, server)| {
                *node != owner && server.info("replication", "role") == "master"
            });
            let others: Vec<usize> = others.map(|(node, _)| node).collect();
            self.cluster
                .migrate_slot_of(tag, others[index % others.len()]);
            versions.go_on();
        }
    }

    fn until_up(&self) {
        until("the cluster is up", || {
            self.cluster
                .nodes
                .iter()
                .filter(|node| node.is_running())
                .all(|node| {
                    let info = node.client().cmd("CLUSTER INFO").text();
                    info.contains("cluster_state:ok")
                })
        });
    }
}

/// Identifier, epoch and slots of all primaries, as this node sees them. Its own line alone tells of slots
/// under way, in brackets.
fn view(node: &Server) -> BTreeSet<(String, String, Vec<String>)> {
    let told = node.client().cmd("CLUSTER NODES").text();
    let lines = told.lines().map(|line| line.split(' ').collect::<Vec<_>>());
    let primaries = lines.filter(|fields| fields[2].contains("master"));
    primaries
        .map(|fields| {
            let slots = fields[8..].iter().filter(|slot| !slot.starts_with('['));
            let slots = slots.map(ToString::to_string).collect();
            (fields[0].to_owned(), fields[6].to_owned(), slots)
        })
        .collect()
}

/// What each node thinks of all, where a test fails.
impl Drop for Nodes {
    fn drop(&mut self) {
        if std::thread::panicking() {
            for node in self.cluster.nodes.iter().filter(|node| node.is_running()) {
                let told = Client::try_connect(node.address())
                    .and_then(|mut client| client.try_call(&["CLUSTER", "NODES"]));
                match told {
                    Ok(nodes) => eprintln!("{}:\n{}", node.port(), nodes.text()),
                    Err(error) => eprintln!("{}: {error}", node.port()),
                }
            }
        }
    }
}

#[test]
#[ignore = "it has deadlines of the servers' own: make failover, on a quiet machine"]
fn while_slots_move_no_update_is_lost_and_clients_follow() {
    let nodes = Nodes::start(NEVER);
    let versions = nodes.versions();
    versions.go_on();
    nodes.move_slots_of(versions.tags(), &versions);
    let losses = versions.stop();
    println!("slots move: {losses}");
    assert_eq!(losses.of_ours(), 0, "{losses}");
    assert_eq!(losses.surprises, 0, "{losses}");
    assert!(losses.redirections > 0, "{losses}");
    nodes.until_all_agree();
}

#[test]
#[ignore = "it has deadlines of the servers' own: make failover, on a quiet machine"]
fn when_slots_move_and_a_primary_dies_no_more_is_lost_than_of_plain_sets() {
    let mut nodes = Nodes::start(TIMEOUT);
    let versions = nodes.versions();
    let (before, after) = versions.tags().split_at(versions.tags().len() / 2);
    nodes.move_slots_of(before, &versions);
    nodes.until_all_see_the_same();
    nodes.cluster.nodes[0].until_heard_by(1);
    nodes.cluster.nodes[0].kill9();
    // If it came back before, it would be primary still, of nothing.
    until("its replica takes over", || {
        nodes.cluster.nodes[3].info("replication", "role") == "master"
    });
    versions.go_on();
    nodes.cluster.nodes[0].restart();
    nodes.until_up();
    nodes.move_slots_of(after, &versions);
    check("slots move and a primary dies", &versions.stop());
    nodes.until_all_agree();
}

/// As after a partition: two primaries for a moment, of which the older's writes are lost.
#[test]
#[ignore = "it has deadlines of the servers' own: make failover, on a quiet machine"]
fn when_a_replica_takes_over_unasked_no_more_is_lost_than_of_plain_sets() {
    let nodes = Nodes::start(NEVER);
    let versions = nodes.versions();
    for (first, second) in [(0, 3), (1, 4), (3, 0), (4, 1)] {
        versions.go_on();
        let new = &nodes.cluster.nodes[second];
        until("the other one is its replica", || {
            new.info("replication", "role") == "slave"
                && new.info("replication", "master_link_status") == "up"
        });
        nodes.cluster.nodes[first].until_heard_by(1);
        assert_eq!(new.client().cmd("CLUSTER FAILOVER TAKEOVER"), ok());
        versions.go_on();
        let old = &nodes.cluster.nodes[first];
        until("the old primary gives way", || {
            old.info("replication", "role") == "slave"
        });
    }
    check("replicas take over unasked", &versions.stop());
    nodes.until_all_agree();
}

#[test]
#[ignore = "it has deadlines of the servers' own: make failover, on a quiet machine"]
fn when_sentinel_replaces_a_primary_no_more_is_lost_than_of_plain_sets() {
    let mut primary = Server::start();
    let replicas = [primary.replica(), primary.replica()];
    let sentinel = Sentinel::of(&primary, TIMEOUT);
    sentinel.until_replicas_known(replicas.len());
    let versions = Versions::start(
        &Route::sentinel(sentinel.address()),
        primary.is_at_least(7, 0),
    );
    versions.go_on();
    primary.until_heard_by(replicas.len());
    primary.kill9();
    sentinel.until_replaced(primary.address());
    versions.go_on();
    check("Sentinel replaces a primary", &versions.stop());
}

fn check(what: &str, losses: &Losses) {
    println!("{what}: {losses}");
    for (tag, ours, plain, occasions) in losses.by_tag() {
        // Of those that are sent in turn, one may be before the end of what arrives and another not.
        assert!(
            ours <= plain + occasions,
            "{tag}: {ours} updates lost, and {plain} SETs, on {occasions} occasions"
        );
    }
}
