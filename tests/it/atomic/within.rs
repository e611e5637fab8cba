use super::*;

#[test]
fn in_a_transaction_and_in_a_script_everything_is_the_same() {
    let server = Server::start();
    let mut observer = Observer::on(&server);
    let mut client = server.client();
    client.cmd("SADD k old");
    let seen = observer.during(|| {
        client.cmd("MULTI");
        client.cmd("ATOMIC.REPLACEHASH k f v");
        client.cmd("ATOMIC.STAGE s 0 EX 9 LIST 2 a b");
        client.cmd("ATOMIC.COMMIT s k COUNT 2");
        client.cmd("ATOMIC.REPLACE k NX STRING v");
        client.cmd("ATOMIC.REPLACE k IFCHANGED LIST 2 a b");
        let replies = array([ok(), int(2), ok(), nil(), simple("UNCHANGED")]);
        assert_eq!(client.cmd("EXEC"), replies);
    });
    let events = [
        "hset k",
        "rpush s",
        "expire s",
        "rename_from s",
        "rename_to k",
    ];
    assert_eq!(seen.events, events);
    let writes = [
        "UNLINK k",
        "HSET k f v",
        "RPUSH s a b",
        "PEXPIREAT s <int>",
        "UNLINK k",
        "RENAME s k",
        "PERSIST k",
    ];
    assert_eq!(sent(&seen), writes);
    let script = "redis.call('ATOMIC.REPLACEHASH', KEYS[1], 'f', 'v')
        redis.call('ATOMIC.STAGE', KEYS[2], 0, 'EX', 9, 'LIST', 2, 'a', 'b')
        redis.call('ATOMIC.COMMIT', KEYS[2], KEYS[1])
        return {redis.call('ATOMIC.REPLACE', KEYS[1], 'IFCHANGED', 'LIST', 2, 'a', 'b')}";
    let seen = observer.during(|| {
        let reply = client.call(&["EVAL", script, "2", "k", "s"]);
        assert_eq!(reply, array([simple("UNCHANGED")]));
    });
    assert_eq!(seen.events, events);
    assert_eq!(sent(&seen), writes);
}

#[test]
fn a_stage_outside_the_slot_is_refused_in_a_cluster() {
    let cluster = Cluster::start(3);
    let node = &cluster.nodes[cluster.owner_of("{user:1}")];
    let mut client = node.client();
    assert_eq!(
        client.cmd("ATOMIC.STAGE {user:1}:stage 0 EX 9 SET 1 a"),
        int(1)
    );
    assert_eq!(client.cmd("ATOMIC.COMMIT {user:1}:stage {user:1}"), ok());
    assert_eq!(client.cmd("ATOMIC.REPLACEHASH {user:1} f v"), ok());
    let refusal = client.cmd("ATOMIC.COMMIT {user:2}:stage {user:1}").text();
    assert!(refusal.starts_with("CROSSSLOT"), "{refusal}");
    let other = &cluster.nodes[(cluster.owner_of("{user:1}") + 1) % 3];
    for command in [
        "ATOMIC.REPLACESET {user:1} a",
        "ATOMIC.COMMIT {user:1}:s {user:1}",
    ] {
        let refusal = other.client().cmd(command).text();
        assert!(refusal.starts_with("MOVED"), "{command}: {refusal}");
    }
}

#[test]
fn the_servers_own_refusals_come_first() {
    let primary = Server::start();
    let replica = primary.replica();
    for command in [
        "ATOMIC.REPLACESET k a",
        "ATOMIC.STAGE s 0 EX 9 SET 1 a",
        "ATOMIC.COMMIT s k",
    ] {
        let refusal = replica.client().cmd(command).text();
        assert!(refusal.starts_with("READONLY"), "{command}: {refusal}");
    }
    let mut client = primary.client();
    client.cmd("SADD s a");
    client.cmd("CONFIG SET maxmemory 1");
    for command in [
        "ATOMIC.REPLACESET k a",
        "ATOMIC.REPLACE k SET 1 a",
        "ATOMIC.STAGE s 1 EX 9 SET 1 b",
    ] {
        let refusal = client.cmd(command).text();
        assert!(refusal.starts_with("OOM"), "{command}: {refusal}");
    }
    // Moving a value needs no memory.
    assert_eq!(client.cmd("ATOMIC.COMMIT s k"), ok());
    client.cmd("CONFIG SET maxmemory 0");
    assert_eq!(content(&mut client, "k"), set(&["a"]));
}

#[test]
fn a_user_needs_the_right_to_every_key() {
    let server = Server::start();
    let mut admin = server.client();
    admin.cmd("ACL SETUSER u on nopass ~mine:* +atomic.commit +atomic.replaceset +auth");
    let mut user = server.client();
    user.cmd("AUTH u x");
    admin.cmd("SADD mine:s a");
    admin.cmd("SADD theirs a");
    for command in [
        "ATOMIC.COMMIT mine:s theirs",
        "ATOMIC.COMMIT theirs mine:k",
        "ATOMIC.REPLACESET theirs a",
    ] {
        let refusal = user.cmd(command).text();
        assert!(refusal.starts_with("NOPERM"), "{command}: {refusal}");
    }
    assert_eq!(user.cmd("ATOMIC.COMMIT mine:s mine:k"), ok());
    assert_eq!(user.cmd("ATOMIC.REPLACESET mine:k b"), ok());
}

#[test]
fn the_server_knows_the_keys() {
    let server = Server::start();
    let mut client = server.client();
    let keys =
        |client: &mut Client, command: &str| client.cmd(&format!("COMMAND GETKEYS {command}"));
    assert_eq!(
        keys(&mut client, "ATOMIC.COMMIT s k COUNT 1"),
        array([bulk("s"), bulk("k")])
    );
    assert_eq!(
        keys(&mut client, "ATOMIC.REPLACESET k a b"),
        array([bulk("k")])
    );
    if !server.is_at_least(7, 0) {
        return not_applicable("key flags came with 7.0");
    }
    let flags = client
        .cmd("COMMAND GETKEYSANDFLAGS ATOMIC.COMMIT s k")
        .to_string();
    assert!(
        flags.contains("delete") && flags.contains("update"),
        "{flags}"
    );
    let flags = client
        .cmd("COMMAND GETKEYSANDFLAGS ATOMIC.REPLACEHASH k f v")
        .to_string();
    assert!(flags.contains("OW"), "{flags}");
    let docs = client
        .cmd("COMMAND DOCS ATOMIC.REPLACE ATOMIC.REPLACEZSET")
        .to_string();
    assert!(
        docs.contains("IFCHANGED") && docs.contains("score"),
        "{docs}"
    );
}

#[test]
fn a_server_without_a_command_that_writes_is_refused() {
    for command in ["hset", "rename"] {
        let log = Server::builder()
            .arg("rename-command", &format!("{command} \"\""))
            .refuse_to_start();
        let reason = format!("this server has no command {command}, which the module writes with");
        assert!(log.contains(&reason), "{log}");
    }
}
