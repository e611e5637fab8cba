//! Under `maxmemory` keys go at any time, also between the pieces of a stage. Nobody can know which; all
//! hold the same all the same.

use super::nodes::Nodes;
use crate::replication::Random;
use crate::support::{Value, ok};

const POLICIES: [&str; 5] = [
    "allkeys-lru",
    "allkeys-lfu",
    "allkeys-random",
    "volatile-ttl",
    "volatile-random",
];
const CALLS: usize = 2500;
const KEYS: u64 = 400;

#[test]
fn what_is_evicted_is_gone_everywhere_and_nothing_is_half_written() {
    let mut random = Random::new(super::parameter("TORTURE_SEED", 1));
    let mut nodes = Nodes::start();
    for policy in POLICIES {
        let server = nodes.primary();
        let mut client = server.client();
        client.cmd("FLUSHALL");
        let limit = (server.info_number("memory", "used_memory") + 500_000).to_string();
        for (name, value) in [("maxmemory-policy", policy), ("maxmemory", &limit)] {
            assert_eq!(client.call(&["CONFIG", "SET", name, value]), ok());
        }
        let evicted = server.info_number("stats", "evicted_keys");
        for _ in 0..CALLS {
            let call = call(&mut random);
            let reply = client.call(&call);
            assert!(is_expected(&reply), "{policy}: {call:?}: {reply}");
        }
        let evicted = server.info_number("stats", "evicted_keys") - evicted;
        println!("{policy}: {evicted} keys were evicted");
        assert!(evicted > 20);
        client.cmd("CONFIG SET maxmemory 0");
        nodes.verify_data();
        assert_whole(&mut nodes);
    }
}

/// Lists are written with 20 elements each, in one piece or in two.
fn call(random: &mut Random) -> Vec<String> {
    let key = format!("k{}", random.below(KEYS));
    let stage = format!("{{{key}}}:stage");
    let of = |line: String| -> Vec<String> { line.split(' ').map(Into::into).collect() };
    let elements = |count: usize| vec!["x".repeat(200); count];
    match random.below(8) {
        0 | 1 => [
            of(format!("ATOMIC.REPLACE {key} EX 10000 LIST 20")),
            elements(20),
        ]
        .concat(),
        2 => [of(format!("ATOMIC.REPLACELIST {key}")), elements(20)].concat(),
        3 => [
            of(format!("ATOMIC.STAGE {stage} 0 EX 1000 LIST 10")),
            elements(10),
        ]
        .concat(),
        4 => [
            of(format!("ATOMIC.STAGE {stage} 10 EX 1000 LIST 10")),
            elements(10),
        ]
        .concat(),
        5 => of(format!("ATOMIC.COMMIT {stage} {key} COUNT 20 EX 5000")),
        6 => [of(format!("CAS.SET {key} IFLT 7")), vec!["7".into()]].concat(),
        _ => of(format!("CAS.EXPIRE {key} XX EX 20000")),
    }
}

fn is_expected(reply: &Value) -> bool {
    const ERRORS: [&str; 4] = ["STAGELOST ", "ERR no such key", "WRONGTYPE ", "OOM "];
    !reply.is_error() || ERRORS.iter().any(|error| reply.text().starts_with(error))
}

/// A value is its 20 elements, a stage 10 of them or 20.
fn assert_whole(nodes: &mut Nodes) {
    let mut client = nodes.primary().client();
    for key in client.cmd("KEYS *").items() {
        if client.call(&[b"TYPE", key.bytes()]).text() != "list" {
            continue;
        }
        let length = client.call(&[b"LLEN", key.bytes()]).number();
        let is_stage = key.text().ends_with("stage");
        assert!(length == 20 || is_stage && length == 10, "{key}: {length}");
    }
}
