//! Other clients, and other ways to call: WATCH, client-side caching, MULTI, Lua, databases.

use super::{digest, sent};
use crate::support::{
    Observer, Server, Value, array, bulk, error, int, nil, nil_array, not_applicable, ok, simple,
};

const HITS: [&str; 8] = [
    "CAS.SET k IFEQ v w",
    "CAS.SET k IFEQ v v",
    "CAS.SET k XX w GET EX 100",
    "CAS.SET k XX w GETDIGEST KEEPTTL",
    "CAS.DEL k IFEQ v",
    "CAS.DEL k XX GET",
    "CAS.EXPIRE k IFEQ v EX 100",
    "CAS.EXPIRE k XX PXAT 1",
];

const MISSES: [&str; 12] = [
    "CAS.SET k IFEQ x w",
    "CAS.SET k IFNE v w",
    "CAS.SET k NX w GET",
    "CAS.SET k NX w GETDIGEST EX 100",
    "CAS.SET k IFDEQ 0000000000000000 w",
    "CAS.DEL k IFEQ x",
    "CAS.DEL k NX GET",
    "CAS.EXPIRE k IFEQ x EX 100",
    "CAS.EXPIRE k NX PERSIST",
    "CAS.EXPIRE k XX PERSIST",
    "CAS.GET k",
    "CAS.DIGEST k",
];

/// What EXEC says to a client that watched `k`, a string that is read in place where `long`, while
/// another ran the command.
fn exec_after(server: &Server, command: &str, long: bool) -> Value {
    let (mut watching, mut other) = (server.client(), server.client());
    let value = if long { &"v".repeat(200) } else { "v" };
    other.call(&["SET", "k", value]);
    watching.cmd("WATCH k");
    let reply = other.cmd(&command.replace(" v", &format!(" {value}")));
    assert!(!reply.is_error(), "{command}: {reply}");
    watching.cmd("MULTI");
    watching.cmd("PING");
    watching.cmd("EXEC")
}

#[test]
fn a_hit_aborts_the_transaction_of_a_client_that_watches_the_key() {
    let server = Server::start();
    for command in HITS {
        assert_eq!(
            exec_after(&server, command, false),
            nil_array(),
            "{command}"
        );
    }
}

#[test]
fn a_miss_or_a_read_leaves_the_transaction_of_a_client_that_watches_the_key() {
    let server = Server::start();
    for command in MISSES {
        for long in [false, true] {
            let exec = exec_after(&server, command, long);
            assert!(!exec.is_null(), "{command}");
        }
    }
}

#[test]
fn a_key_that_comes_into_being_aborts_the_transaction_too() {
    let server = Server::start();
    let (mut watching, mut other) = (server.client(), server.client());
    watching.cmd("WATCH k");
    other.cmd("CAS.SET k NX v");
    watching.cmd("MULTI");
    assert_eq!(watching.cmd("EXEC"), nil_array());
}

#[test]
fn a_hit_reaches_the_caches_of_clients_that_had_read_the_key() {
    let server = Server::start();
    let mut other = server.client();
    for command in HITS {
        let mut caching = server.client3();
        other.cmd("SET k v");
        caching.cmd("CLIENT TRACKING ON");
        caching.cmd("GET k");
        other.cmd(command);
        let push = caching.next_push();
        assert_eq!(push.items()[0], bulk("invalidate"), "{command}");
        assert_eq!(push.items()[1], array([bulk("k")]), "{command}");
    }
}

#[test]
fn a_client_that_wants_no_echo_of_its_own_writes_gets_none() {
    let server = Server::start();
    if !server.is_at_least(7, 0) {
        return not_applicable("Redis 6.0 takes what a module writes for another client's writes");
    }
    let mut caching = server.client3();
    caching.cmd("CLIENT TRACKING ON NOLOOP");
    for command in HITS {
        caching.cmd("SET k v");
        caching.cmd("GET k");
        caching.cmd(command);
        // Had there been an echo, it would have come before this one.
        caching.cmd("GET other");
        server.client().cmd("SET other v");
        let push = caching.next_push();
        assert_eq!(push.items()[1], array([bulk("other")]), "{command}");
    }
}

#[test]
fn what_cas_get_and_cas_digest_read_is_tracked_for_the_cache() {
    let server = Server::start();
    let mut other = server.client();
    for command in ["CAS.GET k", "CAS.DIGEST k"] {
        let mut caching = server.client3();
        other.cmd("SET k v");
        caching.cmd("CLIENT TRACKING ON");
        caching.cmd(command);
        other.cmd("SET k w");
        assert_eq!(
            caching.next_push().items()[1],
            array([bulk("k")]),
            "{command}"
        );
    }
}

#[test]
fn a_transaction_runs_them_in_order_and_sees_its_own_writes() {
    let server = Server::start();
    let mut client = server.client();
    client.cmd("SET k v");
    client.cmd("MULTI");
    for command in [
        "CAS.SET k IFEQ v w",
        "CAS.SET k IFEQ v x",
        "CAS.SET k IFEQ w 1 GET",
        "CAS.SET k IFLT 2 2 GETDIGEST",
        "CAS.SET k BOGUS x",
        "CAS.GET k",
        "CAS.DEL k IFEQ 2",
        "CAS.DIGEST k",
    ] {
        assert_eq!(client.cmd(command), simple("QUEUED"));
    }
    let two = bulk(digest("2"));
    assert_eq!(
        client.cmd("EXEC"),
        array([
            ok(),
            nil(),
            array([int(1), bulk("w")]),
            array([int(1), two.clone()]),
            error("ERR syntax error"),
            array([two, bulk("2")]),
            int(1),
            nil(),
        ])
    );
}

#[test]
fn a_transaction_sends_its_hits_and_not_its_misses() {
    let server = Server::start();
    let mut observer = Observer::on(&server);
    let mut client = server.client();
    client.cmd("SET k v");
    let seen = observer.during(|| {
        client.cmd("MULTI");
        client.cmd("CAS.SET k IFEQ v w");
        client.cmd("CAS.SET k IFEQ v x");
        client.cmd("CAS.DEL k IFEQ w");
        client.cmd("EXEC")
    });
    assert_eq!(seen.propagated, ["MULTI", "SET k w", "UNLINK k", "EXEC"]);
}

#[test]
fn scripts_get_ok_false_numbers_and_pairs() {
    let server = Server::start();
    let mut client = server.client();
    client.cmd("SET k v");
    let mut run = |script: &str| client.call(&["EVAL", script, "1", "k"]);
    for (script, reply) in [
        (
            "return redis.call('CAS.SET', KEYS[1], 'IFEQ', 'v', 'w').ok",
            bulk("OK"),
        ),
        (
            "return redis.call('CAS.SET', KEYS[1], 'IFEQ', 'v', 'x') == false",
            int(1),
        ),
        (
            "return redis.call('CAS.SET', KEYS[1], 'IFEQ', 'w', 'x', 'GET')",
            array([int(1), bulk("w")]),
        ),
        (
            "return redis.call('CAS.EXPIRE', KEYS[1], 'IFEQ', 'x', 'EX', 100)",
            int(1),
        ),
        ("return redis.call('CAS.GET', KEYS[1])[2]", bulk("x")),
        ("return redis.call('CAS.DEL', KEYS[1], 'IFEQ', 'y')", int(0)),
        ("return redis.call('CAS.DEL', KEYS[1], 'IFEQ', 'x')", int(1)),
        ("return redis.call('CAS.DIGEST', KEYS[1]) == false", int(1)),
    ] {
        assert_eq!(run(script), reply, "{script}");
    }
}

#[test]
fn a_script_sends_plain_commands() {
    let server = Server::start();
    let mut observer = Observer::on(&server);
    let mut client = server.client();
    client.cmd("SET k v");
    let script = "redis.call('CAS.SET', KEYS[1], 'IFEQ', 'v', 'w') \
                  redis.call('CAS.SET', KEYS[1], 'IFEQ', 'v', 'x') \
                  redis.call('CAS.DEL', KEYS[1], 'XX')";
    let seen = observer.during(|| client.call(&["EVAL", script, "1", "k"]));
    assert_eq!(sent(&seen), ["SET k w", "UNLINK k"]);
}

#[test]
fn a_script_without_hits_sends_nothing() {
    let server = Server::start();
    let mut observer = Observer::on(&server);
    let mut client = server.client();
    client.cmd("SET k v");
    let script = "redis.call('CAS.SET', KEYS[1], 'IFEQ', 'x', 'w') \
                  redis.pcall('CAS.SET', KEYS[1], 'BOGUS', 'x', 'w') \
                  return redis.call('CAS.DEL', KEYS[1], 'NX')";
    let seen = observer.during(|| client.call(&["EVAL", script, "1", "k"]));
    // (Redis 6.0 sends MULTI and EXEC for any script that calls a write command.)
    assert_eq!(sent(&seen), [""; 0]);
    assert_eq!(seen.events, [""; 0]);
    assert_eq!(seen.invalidated, [""; 0]);
    assert_eq!(seen.dirty, 0);
}

#[test]
fn a_script_that_may_only_read_may_compare_but_not_set() {
    let server = Server::start();
    if !server.is_at_least(7, 0) {
        return not_applicable("EVAL_RO came with 7.0");
    }
    let mut client = server.client();
    client.cmd("SET k v");
    let read = "return redis.call('CAS.DIGEST', KEYS[1])";
    assert_eq!(client.call(&["EVAL_RO", read, "1", "k"]), bulk(digest("v")));
    let write = "return redis.call('CAS.SET', KEYS[1], 'IFEQ', 'v', 'w')";
    assert!(client.call(&["EVAL_RO", write, "1", "k"]).is_error());
    assert_eq!(client.cmd("GET k"), bulk("v"));
}

#[test]
fn every_command_acts_in_the_database_that_the_client_has_selected() {
    let server = Server::start();
    let mut client = server.client();
    client.cmd("SET k v");
    client.cmd("SELECT 3");
    assert_eq!(client.cmd("CAS.DIGEST k"), nil());
    assert_eq!(client.cmd("CAS.DEL k IFEQ v"), int(0));
    assert_eq!(client.cmd("CAS.SET k NX other"), ok());
    assert_eq!(client.cmd("CAS.EXPIRE k IFEQ other EX 100"), int(1));
    client.cmd("SELECT 0");
    assert_eq!(client.cmd("CAS.GET k").items()[1], bulk("v"));
    assert_eq!(client.cmd("PTTL k"), int(-1));
}

#[test]
fn replicas_follow_in_the_same_database() {
    let server = Server::start();
    let replica = server.replica();
    let mut client = server.client();
    client.cmd("SET k zero");
    client.cmd("SELECT 3");
    client.cmd("SADD k a");
    assert_eq!(client.cmd("CAS.SET k XX three"), ok());
    client.cmd("SELECT 0");
    assert_eq!(client.cmd("CAS.SET k IFEQ zero 0"), ok());
    replica.until_in_sync();
    let mut follower = replica.client();
    assert_eq!(follower.cmd("GET k"), bulk("0"));
    follower.cmd("SELECT 3");
    assert_eq!(follower.cmd("GET k"), bulk("three"));
}
