//! A cluster of several nodes, for what one node that owns every slot cannot show.

use super::server::Server;
use super::until::until;
use super::value::ok;

pub const SLOTS: u16 = 16384;

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
        let nodes: Vec<Server> = (0..count)
            .map(|index| {
                Server::builder()
                    .cluster_node(first_slot(index)..first_slot(index + 1))
                    .start()
            })
            .collect();
        for node in &nodes[1..] {
            let port = node.port().to_string();
            assert_eq!(
                nodes[0]
                    .client()
                    .call(&["CLUSTER", "MEET", "127.0.0.1", &port]),
                ok()
            );
        }
        for node in &nodes {
            until("every node knows every other", || {
                let info = node.client().cmd("CLUSTER INFO").text();
                info.contains("cluster_state:ok") && info.contains(&format!("cluster_size:{count}"))
            });
        }
        Cluster { nodes }
    }

    /// The index of the node that owns `key`.
    pub fn owner_of(&self, key: &str) -> usize {
        let owns = |node: &Server| !node.client().call(&["EXISTS", key]).is_error();
        self.nodes
            .iter()
            .position(owns)
            .expect("every slot has an owner")
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
            let reply = node
                .client()
                .call(&["CLUSTER", "SETSLOT", &slot, state, other]);
            assert_eq!(reply, ok(), "SETSLOT {state}");
        };
        set_slot(target, "IMPORTING", &id(source));
        set_slot(source, "MIGRATING", &id(target));
        for name in source
            .client()
            .call(&["CLUSTER", "GETKEYSINSLOT", &slot, "1000"])
            .items()
        {
            let port = target.port().to_string();
            let words = [
                b"MIGRATE",
                b"127.0.0.1".as_slice(),
                port.as_bytes(),
                name.bytes(),
                b"0",
                b"5000",
            ];
            assert_eq!(source.client().call(&words), ok());
        }
        set_slot(target, "NODE", &id(target));
        set_slot(source, "NODE", &id(target));
    }
}
