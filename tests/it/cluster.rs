//! In a cluster the module's commands go where the native ones go. Where an error comes from the
//! server, it is compared with what a native command gets there.

use crate::support::*;

/// Calls on the key `k` that no state of it makes an error.
const CALLS: [&str; 12] = [
    "CAS.SET k NX v",
    "CAS.SET k IFEQ v w GET",
    "CAS.EXPIRE k XX EX 1000",
    "CAS.GET k",
    "CAS.DIGEST k",
    "CAS.DEL k IFEQ v",
    "CAS.HDEL {k}hash f XX",
    "CAS.HSET {k}hash f NX FIELDS 1 f v",
    "SET k v IFNE w",
    "SET k w IFEQ v GET",
    "DIGEST k",
    "DELEX k IFEQ v",
];

/// Two nodes, and which of them owns `k`.
struct Two {
    cluster: Cluster,
    owner: usize,
}

impl Two {
    fn start() -> Two {
        let cluster = Cluster::start(2);
        let owner = cluster.owner_of("k");
        Two { cluster, owner }
    }

    fn owner(&self) -> &Server {
        &self.cluster.nodes[self.owner]
    }

    fn other(&self) -> &Server {
        &self.cluster.nodes[1 - self.owner]
    }

    /// Leaves the slot of `k` on its way from its owner to the other.
    fn begin_to_migrate(&self) {
        let slot = self.owner().client().cmd("CLUSTER KEYSLOT k").number();
        let id = |node: &Server| node.client().cmd("CLUSTER MYID").text();
        for (node, state, from_or_to) in [
            (self.other(), "IMPORTING", self.owner()),
            (self.owner(), "MIGRATING", self.other()),
        ] {
            let line = format!("CLUSTER SETSLOT {slot} {state} {}", id(from_or_to));
            assert_eq!(node.client().cmd(&line), ok());
        }
    }
}

#[test]
fn the_native_names_are_probed_at_startup_as_anywhere() {
    let added = |server: &Server| {
        let log = server.log();
        let (_, rest) = log.split_once("native names added: ").expect("the line");
        rest[..rest.find(';').expect("the end")].to_owned()
    };
    let node = Server::builder().cluster().start();
    assert_eq!(added(&node), added(&Server::start()));
    let mut client = node.client();
    for line in CALLS {
        let reply = client.cmd(line);
        assert!(!reply.is_error(), "{line}: {reply}");
    }
}

#[test]
fn the_module_loads_into_a_cluster_that_runs() {
    let node = Server::builder().without_module().cluster().start();
    let mut client = node.client();
    assert_eq!(client.call(&["MODULE", "LOAD", module_path()]), ok());
    for line in CALLS {
        let reply = client.cmd(line);
        assert!(!reply.is_error(), "{line}: {reply}");
    }
}

#[test]
fn the_node_of_the_key_answers_and_the_other_says_who_it_is() {
    let two = Two::start();
    let moved = two.other().client().cmd("GET k");
    assert!(moved.text().starts_with("MOVED "), "{moved}");
    for line in CALLS {
        assert_eq!(two.other().client().cmd(line), moved, "{line}");
        let reply = two.owner().client().cmd(line);
        assert!(!reply.is_error(), "{line}: {reply}");
    }
}

#[test]
fn in_a_transaction_the_other_node_refuses_at_once() {
    let two = Two::start();
    let moved = two.other().client().cmd("GET k");
    for line in CALLS {
        let mut client = two.other().client();
        client.cmd("MULTI");
        assert_eq!(client.cmd(line), moved, "{line}");
        assert!(client.cmd("EXEC").text().starts_with("EXECABORT"));
    }
}

#[test]
fn while_a_slot_migrates_a_key_that_is_gone_is_asked_for_at_the_target() {
    let two = Two::start();
    two.begin_to_migrate();
    let ask = two.owner().client().cmd("GET k");
    assert!(ask.text().starts_with("ASK "), "{ask}");
    let moved = two.other().client().cmd("GET k");
    for line in CALLS {
        assert_eq!(two.owner().client().cmd(line), ask, "{line}");
        assert_eq!(two.other().client().cmd(line), moved, "{line}");
        let mut client = two.other().client();
        client.cmd("ASKING");
        let reply = client.cmd(line);
        assert!(!reply.is_error(), "{line}: {reply}");
    }
}

#[test]
fn while_a_slot_migrates_a_key_that_is_there_is_served() {
    let two = Two::start();
    two.owner().client().cmd("SET k v");
    two.begin_to_migrate();
    let mut client = two.owner().client();
    assert_eq!(client.cmd("CAS.SET k IFEQ v w"), ok());
    assert_eq!(client.cmd("SET k x IFEQ w"), ok());
    assert_eq!(client.cmd("DELEX k IFEQ x"), int(1));
    assert!(client.cmd("CAS.GET k").text().starts_with("ASK "));
}

/// The server refuses to write to a missing key of such a slot, also to the module, which takes the old
/// value away before it writes the new one.
#[test]
fn while_a_slot_migrates_a_value_is_replaced_whole_or_not_at_all() {
    let two = Two::start();
    let mut client = two.owner().client();
    client.cmd("RPUSH k old");
    client.cmd("ATOMIC.STAGE {k}stage 0 EX 1000 SET 1 new");
    two.begin_to_migrate();
    for line in [
        "ATOMIC.REPLACEHASH k f v",
        "ATOMIC.REPLACESET k m",
        "ATOMIC.REPLACELIST k e",
        "ATOMIC.REPLACEZSET k 1 m",
        "ATOMIC.REPLACE k STRING v",
        "ATOMIC.STAGE k 0 EX 1000 SET 1 m",
        "ATOMIC.COMMIT {k}stage k",
        "CAS.SET k XX v",
    ] {
        let reply = client.cmd(line);
        assert!(reply.text().starts_with("TRYAGAIN "), "{line}: {reply}");
        assert_eq!(client.cmd("LRANGE k 0 -1"), array([bulk("old")]), "{line}");
    }
    // What takes one command need not wait.
    assert_eq!(client.cmd("CAS.DEL k XX"), int(1));
    // The other node has what has moved already.
    let mut client = two.other().client();
    let mut asking = |line: &str| {
        client.cmd("ASKING");
        client.cmd(line)
    };
    assert_eq!(asking("ATOMIC.REPLACELIST k old"), ok());
    let commit = "ATOMIC.COMMIT {k}stage k";
    assert!(asking(commit).text().starts_with("TRYAGAIN "));
    let stage = "ATOMIC.STAGE {k}stage 0 EX 1000 SET 1 new";
    assert_eq!(asking(stage), int(1));
    assert!(asking(commit).text().starts_with("TRYAGAIN "));
    assert_eq!(asking("LRANGE k 0 -1"), array([bulk("old")]));
    assert_eq!(asking("ATOMIC.REPLACESET k m"), ok());
}

/// The same of commands that follow each other, where one takes away what the next writes.
#[test]
fn while_a_slot_migrates_a_transaction_of_several_commands_waits_and_one_command_runs() {
    let two = Two::start();
    if !two.owner().is_at_least(7, 0) {
        return not_applicable("before 7.0 a module cannot check permissions");
    }
    let mut client = two.owner().client();
    client.cmd("SET k old");
    two.begin_to_migrate();
    for line in [
        "CAS.TXN 1 k XX THEN 2 2 DEL k 3 SET k new",
        "CAS.TXN 1 k NX THEN 0 ELSE 2 2 DEL k 3 SET k new",
    ] {
        let reply = client.cmd(line);
        assert!(reply.text().starts_with("TRYAGAIN "), "{line}: {reply}");
        assert_eq!(client.cmd("GET k"), bulk("old"), "{line}");
    }
    let reply = client.cmd("CAS.TXN 1 k XX THEN 1 3 SET k new");
    assert_eq!(reply, array([int(1), array([ok()])]));
    assert_eq!(client.cmd("CAS.IF 1 k IFEQ new THEN DEL k"), int(1));
    let ask = client.cmd("GET k");
    assert!(ask.text().starts_with("ASK "), "{ask}");
    assert_eq!(client.cmd("CAS.TXN 1 k NX THEN 2 3 SET k v 2 DEL k"), ask);
    let moved = two.other().client().cmd("GET k");
    assert_eq!(two.other().client().cmd("CAS.TXN 1 k NX THEN 0"), moved);
}

#[test]
fn a_value_that_has_moved_is_the_same_to_a_condition() {
    let two = Two::start();
    two.owner().client().cmd("CAS.SET k NX hello EX 1000");
    let digest = two.owner().client().cmd("CAS.DIGEST k");
    two.cluster.migrate_slot_of("k", 1 - two.owner);
    let mut client = two.other().client();
    assert_eq!(client.cmd("CAS.DIGEST k"), digest);
    assert!((1..=1000).contains(&client.cmd("TTL k").number()));
    let set = ["SET", "k", "new", "IFDEQ", &digest.text()];
    assert_eq!(client.call(&set), ok());
    let moved = two.owner().client().cmd("CAS.GET k");
    assert!(moved.text().starts_with("MOVED "), "{moved}");
}

#[test]
fn a_cluster_that_is_down_answers_as_it_does_to_native_commands() {
    let part = Server::builder().cluster_node(0..100).start();
    let down = part.client().cmd("GET k");
    assert!(down.text().starts_with("CLUSTERDOWN"), "{down}");
    for line in CALLS {
        assert_eq!(part.client().cmd(line), down, "{line}");
    }
}

#[test]
fn keys_of_two_slots_in_one_transaction_are_refused_as_native_ones_are() {
    let node = Server::builder().cluster().start();
    let mut client = node.client();
    let mut transaction = |lines: [&str; 2]| -> Vec<Value> {
        ["MULTI", lines[0], lines[1], "EXEC"]
            .map(|line| client.cmd(line))
            .to_vec()
    };
    let native = transaction(["SET a 1", "SET b 2"]);
    assert!(native[3].is_error(), "{native:?}");
    assert_eq!(transaction(["CAS.SET a NX 1", "CAS.SET b NX 2"]), native);
    assert_eq!(transaction(["SET a 1 IFNE 0", "SET b 2 IFNE 0"]), native);
    assert_eq!(transaction(["DELEX a", "DELEX b"]), native);
    let one_slot = transaction(["CAS.SET {a}1 NX 1", "SET {a}2 2 IFNE 0"]);
    assert_eq!(one_slot[3], array([ok(), ok()]));
}

#[test]
fn a_script_that_reaches_for_a_key_of_another_node_is_refused_as_with_a_native_command() {
    let two = Two::start();
    // `here` is a key of the other node's, so the script may run there.
    let here = (0..100)
        .map(|n| format!("here{n}"))
        .find(|key| two.cluster.owner_of(key) != two.owner)
        .expect("keys everywhere");
    let mut client = two.other().client();
    let mut run = |call: &str| {
        let script = format!("return redis.pcall({call})");
        client.call(&["EVAL", &script, "1", &here])
    };
    // Servers put the script's own digest or line into it.
    let native = run("'SET', 'k', 'v'").text();
    let (expected, _) = native.split_once(" script: ").unwrap_or((&native, ""));
    assert!(expected.contains("non local key"), "{native}");
    for call in [
        "'CAS.SET', 'k', 'NX', 'v'",
        "'SET', 'k', 'v', 'IFNE', 'w'",
        "'DELEX', 'k', 'IFEQ', 'v'",
    ] {
        let reply = run(call);
        assert!(reply.text().starts_with(expected), "{call}: {reply}");
    }
}

/// The name of the key by which a call has asked whether the slot stays, as MONITOR shows it.
fn key_asked_for(monitor: &mut Client) -> Vec<u8> {
    loop {
        let line = monitor.receive().text();
        if let Some((_, name)) = line.split_once("\"UNLINK\" \"") {
            return name.trim_end_matches('"').replace("\\x00", "\0").into();
        }
    }
}

/// A key that somebody has would be deleted here, and not on replicas.
#[test]
fn the_key_by_which_it_is_asked_whether_a_slot_stays_is_never_anybodys() {
    let node = Server::builder().cluster().start();
    let (mut client, mut monitor) = (node.client(), node.client());
    client.cmd("CAS.SET k NX v");
    monitor.cmd("MONITOR");
    client.cmd("ATOMIC.REPLACESET k a");
    let asked = key_asked_for(&mut monitor);
    let set = ["SET".as_bytes(), &asked, b"mine"];
    assert_eq!(client.call(&set), ok());
    assert_eq!(client.cmd("ATOMIC.REPLACESET k b"), ok());
    assert_eq!(client.call(&["GET".as_bytes(), &asked]), bulk("mine"));
}
