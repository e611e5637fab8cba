//! What is done to the servers while clients write. A new fault is a new line.

use super::crew::Work;
use super::nodes::Nodes;
use crate::replication::Random;
use crate::support::resp::encode;
use crate::support::{Server, error, ok, until};

type Fault = fn(&mut Nodes, &Work, &mut Random);

pub const FAULTS: &[(&str, Fault)] = &[
    ("the primary is killed", kill),
    (
        "the primary is killed while it rewrites the AOF",
        kill_while_rewriting,
    ),
    ("the primary is killed three times", kill_again_and_again),
    ("the primary is stopped for a while", freeze),
    ("connections are cut", cut),
    ("commands break off in the middle", break_off),
    ("the AOF is rewritten", rewrite),
    ("an RDB file is saved", save),
    ("the data are saved and loaded", reload),
    ("the replicas are killed", kill_replicas),
    ("memory is full", fill),
    ("stages are abandoned", abandon),
    ("the replica is promoted", promote),
];

/// So many writes before and after.
const SOME: u64 = 400;

fn kill(nodes: &mut Nodes, work: &Work, random: &mut Random) {
    work.go_on(SOME + random.below(SOME));
    nodes.crash();
    work.go_on(SOME);
}

fn kill_while_rewriting(nodes: &mut Nodes, work: &Work, random: &mut Random) {
    work.go_on(SOME);
    nodes.primary().client().cmd("BGREWRITEAOF");
    work.go_on(random.below(20));
    nodes.crash();
    work.go_on(SOME);
}

fn kill_again_and_again(nodes: &mut Nodes, work: &Work, random: &mut Random) {
    for _ in 0..3 {
        work.go_on(1 + random.below(100));
        nodes.crash();
    }
}

fn freeze(nodes: &mut Nodes, work: &Work, _: &mut Random) {
    work.go_on(SOME);
    nodes.primary().signal("STOP");
    // Replicas, too, are asked something while they hear nothing.
    assert!(!nodes.plain.client().cmd("DEBUG DIGEST").is_error());
    nodes.primary().signal("CONT");
    work.go_on(SOME);
}

fn cut(nodes: &mut Nodes, work: &Work, random: &mut Random) {
    for _ in 0..10 {
        work.go_on(random.below(SOME / 4));
        let mut client = nodes.primary().client();
        client.cmd("CLIENT KILL TYPE normal SKIPME yes");
    }
    work.go_on(SOME);
}

fn break_off(nodes: &mut Nodes, work: &Work, random: &mut Random) {
    let call = encode(&["ATOMIC.REPLACELIST", "broken:off", "a", "b", "c"]);
    for _ in 0..50 {
        work.go_on(5);
        let end = usize::try_from(random.below(call.len() as u64)).expect("few");
        let mut client = nodes.primary().client();
        client.send_bytes(&call[..end]);
    }
    let exists = nodes.primary().client().cmd("EXISTS broken:off").number();
    assert_eq!(exists, 0, "half a command has done something");
}

fn rewrite(nodes: &mut Nodes, work: &Work, _: &mut Random) {
    work.go_on(SOME);
    nodes.primary().client().cmd("BGREWRITEAOF");
    work.go_on(SOME);
}

fn save(nodes: &mut Nodes, work: &Work, _: &mut Random) {
    work.go_on(SOME);
    nodes.primary().client().cmd("BGSAVE");
    until("the RDB file is there", || {
        nodes
            .primary()
            .info("persistence", "rdb_bgsave_in_progress")
            == "0"
    });
    work.go_on(SOME);
}

fn reload(nodes: &mut Nodes, work: &Work, _: &mut Random) {
    work.go_on(SOME);
    assert_eq!(nodes.primary().client().cmd("DEBUG RELOAD"), ok());
    work.go_on(SOME);
}

fn kill_replicas(nodes: &mut Nodes, work: &Work, _: &mut Random) {
    work.go_on(SOME);
    nodes.plain.kill9();
    nodes.replica().kill9();
    work.go_on(SOME);
    nodes.plain.restart();
    nodes.replica().restart();
    work.go_on(SOME);
}

/// Without eviction all that adds is refused, and has done nothing.
fn fill(nodes: &mut Nodes, work: &Work, _: &mut Random) {
    work.go_on(SOME);
    let set = |limit: &str| {
        let mut client = nodes.primary().client();
        assert_eq!(client.call(&["CONFIG", "SET", "maxmemory", limit]), ok());
    };
    set("100kb");
    work.go_on(SOME);
    set("0");
    work.go_on(SOME);
}

fn abandon(nodes: &mut Nodes, work: &Work, _: &mut Random) {
    const STAGES: usize = 100;
    let primary: &Server = nodes.primary();
    let mut client = primary.client();
    let name = |n: usize| format!("abandoned:{n}");
    for n in 0..STAGES {
        let piece = format!("ATOMIC.STAGE {} 0 PX {} SET 2 a b", name(n), 1 + n);
        assert!(!client.cmd(&piece).is_error());
    }
    work.go_on(SOME);
    let last = name(STAGES - 1);
    until("the last stage has expired", || {
        client.call(&["EXISTS", &last]).number() == 0
    });
    let committed = client.call(&["ATOMIC.COMMIT", &last, "abandoned:to"]);
    assert_eq!(committed, error("ERR no such key"));
}

fn promote(nodes: &mut Nodes, work: &Work, _: &mut Random) {
    work.go_on(SOME);
    work.hold(|| {
        nodes.promote();
        nodes.primary().address()
    });
    work.go_on(SOME);
}
