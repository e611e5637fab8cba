//! A cluster of several nodes, for what one node that owns every slot cannot show.

use std::ops::Range;
use std::time::Duration;

use super::server::Server;
use super::until::{PATIENCE, until, until_some, until_within};
use super::value::{ok, simple};

pub const SLOTS: u16 = 16384;

/// In milliseconds. Not the servers' 15 seconds, for a node that has missed a greeting on a busy machine is
/// taken for dead for three times as long.
const NODE_TIMEOUT: u32 = 6000;
/// More than three times that.
const JOINING: Duration = Duration::from_secs(60);

/// Nodes that share the slots evenly, in order, and know each other.
pub struct Cluster {
    pub nodes: Vec<Server>,
}

impl Cluster {
    pub fn start(count: u16) -> Cluster {
        let first_slot = |index| {
            if index == count {
                SLOTS
            } else {
                SLOTS / count * index
            }
        };
        let nodes = (0..count).map(|index| {
            let slots = first_slot(index)..first_slot(index + 1);
            Cluster::node(slots, NODE_TIMEOUT)
        });
        let nodes: Vec<Server> = nodes.collect();
        Cluster::join(&nodes, count);
        Cluster { nodes }
    }

    /// So many nodes that share the slots, and as many replicas of them, in the same order; a node that
    /// is silent for so many milliseconds is taken for dead.
    pub fn with_replicas(count: u16, timeout: u32) -> Cluster {
        let part = SLOTS.div_ceil(count);
        let slots = |index: u16| (part * index).min(SLOTS)..(part * (index + 1)).min(SLOTS);
        let nodes = (0..count).map(slots).chain((0..count).map(|_| 0..0));
        let nodes: Vec<Server> = nodes.map(|slots| Cluster::node(slots, timeout)).collect();
        Cluster::join(&nodes, count);
        let (primaries, replicas) = nodes.split_at(count.into());
        for (primary, replica) in primaries.iter().zip(replicas) {
            let id = primary.client().cmd("CLUSTER MYID").text();
            until("the replica knows its primary", || {
                replica.client().call(&["CLUSTER", "REPLICATE", &id]) == ok()
            });
            until("the replica follows", || {
                replica.info("replication", "master_link_status") == "up"
            });
        }
        Cluster { nodes }
    }

    fn node(slots: Range<u16>, timeout: u32) -> Server {
        let builder = Server::builder().cluster_node(slots);
        let timeout = timeout.to_string();
        builder.arg("cluster-node-timeout", &timeout).start()
    }

    fn join(nodes: &[Server], size: u16) {
        for node in &nodes[1..] {
            let port = node.port().to_string();
            assert_eq!(
                nodes[0]
                    .client()
                    .call(&["CLUSTER", "MEET", "127.0.0.1", &port]),
                ok()
            );
        }
        // In one look at all: one that is up may be down again when it hears of the next.
        until_within(
            JOINING.max(*PATIENCE),
            "every node knows every other",
            || {
                nodes.iter().all(|node| {
                    let info = node.client().cmd("CLUSTER INFO").text();
                    let known = format!("cluster_known_nodes:{}", nodes.len());
                    let size = format!("cluster_size:{size}");
                    info.contains("cluster_state:ok")
                        && info.contains(&size)
                        && info.contains(&known)
                })
            },
        );
    }

    /// The index of the node that owns `key`.
    pub fn owner_of(&self, key: &str) -> usize {
        let owns = |node: &Server| !node.client().call(&["EXISTS", key]).is_error();
        // Just after a slot has moved, or a node, nobody may think so.
        until_some("every slot has an owner", || {
            self.nodes.iter().position(owns)
        })
    }

    /// Moves the slot of `key`, with all keys in it, from its owner to another node.
    pub fn migrate_slot_of(&self, key: &str, to: usize) {
        let (source, target) = (&self.nodes[self.owner_of(key)], &self.nodes[to]);
        let slot = source
            .client()
            .call(&["CLUSTER", "KEYSLOT", key])
            .number()
            .to_string();
        let id = |node: &Server| node.client().cmd("CLUSTER MYID").text();
        let set_slot = |node: &Server, state: &str, other: &str| {
            until("the slot is set", || {
                let words = ["CLUSTER", "SETSLOT", &slot, state, other];
                let reply = node.client().call(&words);
                // Valkey wants all replicas to hear of it, and there to be some.
                let is_later = reply.to_string().starts_with("-NOREPLICAS");
                assert!(reply == ok() || is_later, "SETSLOT {state}: {reply}");
                !is_later
            });
        };
        set_slot(target, "IMPORTING", &id(source));
        set_slot(source, "MIGRATING", &id(target));
        let port = target.port().to_string();
        let mut client = source.client();
        loop {
            let keys = client.call(&["CLUSTER", "GETKEYSINSLOT", &slot, "1000"]);
            if keys.items().is_empty() {
                break;
            }
            for name in keys.items() {
                let words = [
                    b"MIGRATE",
                    b"127.0.0.1".as_slice(),
                    port.as_bytes(),
                    name.bytes(),
                    b"0",
                    b"5000",
                ];
                // A client may have deleted it in between.
                let reply = client.call(&words);
                assert!(reply == ok() || reply == simple("NOKEY"), "{reply}");
            }
        }
        // The target first, which then knows that it has come to it; and, as redis-cli does, all others that
        // take it, which are the primaries. Replicas hear of it by and by.
        set_slot(target, "NODE", &id(target));
        set_slot(source, "NODE", &id(target));
        let is_primary = |node: &&Server| node.info("replication", "role") == "master";
        for node in self.nodes.iter().filter(is_primary) {
            if ![source.port(), target.port()].contains(&node.port()) {
                set_slot(node, "NODE", &id(target));
            }
        }
    }
}
