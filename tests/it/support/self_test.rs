//! The harness, tested on itself: each of these fails when the part that it names lies.

use super::*;

#[test]
fn a_server_without_the_module_does_not_know_its_commands() {
    let server = Server::builder().without_module().start();
    let refusal = server.client().cmd("CAS.SET k NX v").text();
    assert!(refusal.starts_with("ERR unknown command"), "{refusal}");
}

#[test]
fn the_observer_sees_all_that_a_write_does() {
    let server = Server::builder().without_module().start();
    let mut observer = Observer::on(&server);
    let mut client = server.client();
    let seen = observer.during(|| client.cmd("SET k v"));
    assert_eq!(seen.events, ["set k"]);
    assert_eq!(seen.propagated, ["SET k v"]);
    assert_eq!(seen.invalidated, ["k"]);
    assert_eq!(seen.dirty, 1);
}

#[test]
fn the_observer_sees_nothing_where_nothing_is_done() {
    let server = Server::builder().without_module().start();
    let mut observer = Observer::on(&server);
    let mut client = server.client();
    client.cmd("SET k v");
    let seen = observer.during(|| client.cmd("SET k w NX"));
    assert!(seen.is_nothing(), "{seen:?}");
}

#[test]
fn the_aof_reads_back_as_commands_and_survives_a_crash() {
    let mut server = Server::builder().without_module().aof().start();
    server.client().cmd("SET k v");
    server.client().cmd("RPUSH l a b");
    assert_eq!(aof_commands(&server), ["SET k v", "RPUSH l a b"]);
    server.kill9();
    server.restart();
    assert_eq!(server.client().cmd("GET k"), bulk("v"));
}

#[test]
fn an_aof_that_was_rewritten_reads_back_too() {
    let server = Server::builder().without_module().aof().start();
    server.client().cmd("SET k v");
    server.client().cmd("BGREWRITEAOF");
    until("the AOF has been rewritten", || {
        server.info("persistence", "aof_rewrite_in_progress") == "0"
            && server.info("persistence", "aof_rewrite_scheduled") == "0"
    });
    server.client().cmd("SET k w");
    assert_eq!(aof_commands(&server), ["SET k v", "SET k w"]);
}

#[test]
fn a_replica_is_in_sync_when_it_has_started_and_when_asked() {
    let primary = Server::builder().without_module().start();
    primary.client().cmd("SET before v");
    let mut replica = Server::builder()
        .without_module()
        .replica_of(&primary)
        .start();
    assert_eq!(replica.client().cmd("GET before"), bulk("v"));
    primary.client().cmd("SET after v");
    replica.until_in_sync();
    assert_eq!(replica.client().cmd("GET after"), bulk("v"));
    replica.restart();
    assert_eq!(replica.client().cmd("GET after"), bulk("v"));
}

#[test]
fn a_cluster_of_one_node_takes_every_key() {
    let server = Server::builder().without_module().cluster().start();
    assert_eq!(server.client().cmd("SET anything v"), ok());
    assert!(
        server
            .client()
            .cmd("MSET a 1 b 2")
            .text()
            .starts_with("CROSSSLOT")
    );
}

#[test]
fn a_slot_moves_to_the_other_node_with_its_keys() {
    let cluster = Cluster::start(2);
    let (owner, other) = match cluster.owner_of("k") {
        0 => (0, 1),
        _ => (1, 0),
    };
    cluster.nodes[owner].client().cmd("SET k v");
    assert!(
        cluster.nodes[other]
            .client()
            .cmd("GET k")
            .text()
            .starts_with("MOVED")
    );
    cluster.migrate_slot_of("k", other);
    assert_eq!(cluster.nodes[other].client().cmd("GET k"), bulk("v"));
    assert!(
        cluster.nodes[owner]
            .client()
            .cmd("GET k")
            .text()
            .starts_with("MOVED")
    );
}

#[test]
fn a_setting_that_the_server_does_not_know_is_a_refusal_with_its_reason() {
    let log = Server::builder()
        .without_module()
        .arg("no-such-setting", "1")
        .refuse_to_start();
    assert!(log.contains("no-such-setting"), "{log}");
}

#[test]
#[should_panic(expected = "the server had ended")]
fn a_server_that_dies_fails_its_test() {
    let server = Server::builder().without_module().start();
    _ = server.client().try_call(&["DEBUG", "SEGFAULT"]);
    until("it is gone", || {
        Client::try_connect(server.address()).is_err()
    });
}

#[test]
fn every_byte_of_a_reply_is_seen_and_none_of_the_next() {
    let server = Server::builder().without_module().start();
    let mut client = server.client3();
    assert_eq!(client.exact(&["GET", "k"]), b"_\r\n");
    assert_eq!(client.exact(&["MULTI"]), b"+OK\r\n");
    assert_eq!(client.exact(&["PING"]), b"+QUEUED\r\n");
    assert_eq!(client.exact(&["EXEC"]), b"*1\r\n+PONG\r\n");
}

#[test]
fn a_blocked_client_is_silent_until_it_is_served() {
    let server = Server::builder().without_module().start();
    let mut waiting = server.client();
    waiting.send(&["BLPOP", "l", "0"]);
    server.until_blocked(1);
    server.client().cmd("RPUSH l x");
    assert_eq!(waiting.receive(), array([bulk("l"), bulk("x")]));
}

#[test]
fn native_abilities_are_asked_of_the_server() {
    assert!(!facts::has_native("SET", "NO-SUCH-OPTION"));
    assert!(facts::has_native("GET", ""));
    assert!(!facts::has_native("NO-SUCH-COMMAND", ""));
}
