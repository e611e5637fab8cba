//! A string takes the place of a collection: `CAS.SET k XX v`.

use super::{COLLECTIONS, sent};
use crate::support::{Client, Observer, Server, array, bulk, int, not_applicable, ok, until};

/// More than a command frees itself (`MANY` in src/server/key/unlink.rs).
const MANY: usize = 1200;

/// Makes `k` a collection of many elements.
fn fill(client: &mut Client, kind: &str) {
    client.cmd("DEL k");
    for i in 1..=MANY {
        let (number, member, id) = (i.to_string(), format!("m{i}"), format!("1-{i}"));
        let words = match kind {
            "list" => vec!["RPUSH", "k", &member],
            "set" => vec!["SADD", "k", &member],
            "hash" => vec!["HSET", "k", &member, "v"],
            "zset" => vec!["ZADD", "k", &number, &member],
            _ => vec!["XADD", "k", &id, "f", "v"],
        };
        client.send(&words);
    }
    for _ in 0..MANY {
        let reply = client.receive();
        assert!(!reply.is_error(), "{reply}");
    }
}

fn each_big_collection(check: impl Fn(&mut Client, &mut Observer, &Server)) {
    let server = Server::start();
    let mut observer = Observer::on(&server);
    let mut client = server.client();
    for (kind, _) in COLLECTIONS {
        fill(&mut client, kind);
        check(&mut client, &mut observer, &server);
    }
}

#[test]
fn replicas_unlink_the_old_value_before_they_set_the_new_in_one_transaction() {
    each_big_collection(|client, observer, _| {
        let seen = observer.during(|| assert_eq!(client.cmd("CAS.SET k XX v"), ok()));
        assert_eq!(seen.propagated, ["MULTI", "UNLINK k", "SET k v", "EXEC"]);
    });
}

#[test]
fn the_key_that_is_replaced_has_a_set_event_and_no_del() {
    each_big_collection(|client, observer, _| {
        let seen = observer.during(|| client.cmd("CAS.SET k XX v"));
        assert_eq!(seen.events, ["set k"]);
        assert_eq!(seen.invalidated, ["k"]);
    });
}

#[test]
fn replacing_a_collection_counts_as_a_change() {
    each_big_collection(|client, observer, _| {
        let seen = observer.during(|| client.cmd("CAS.SET k XX v"));
        assert!(seen.dirty > 0);
    });
}

#[test]
fn keepttl_outlives_the_old_value_here_and_on_replicas() {
    const END: i64 = 4_102_444_800_000;
    each_big_collection(|client, observer, server| {
        client.cmd(&format!("PEXPIREAT k {END}"));
        let seen = observer.during(|| assert_eq!(client.cmd("CAS.SET k XX v KEEPTTL"), ok()));
        assert_eq!(sent(&seen), ["UNLINK k", "SET k v", "PEXPIREAT k <int>"]);
        assert!(client.cmd("PTTL k").number() > 0);
        if server.is_at_least(7, 0) {
            assert_eq!(client.cmd("PEXPIRETIME k"), int(END));
            assert_eq!(sent(&seen)[2], format!("PEXPIREAT k {END}").as_str());
        }
    });
}

#[test]
fn keepttl_of_a_collection_that_does_not_expire_sends_no_time() {
    each_big_collection(|client, observer, _| {
        let seen = observer.during(|| client.cmd("CAS.SET k XX v KEEPTTL"));
        assert_eq!(sent(&seen), ["UNLINK k", "SET k v"]);
        assert_eq!(client.cmd("PTTL k"), int(-1));
    });
}

#[test]
fn a_new_time_takes_the_place_of_the_old_one() {
    each_big_collection(|client, observer, _| {
        client.cmd("PEXPIRE k 5000");
        let seen = observer.during(|| client.cmd("CAS.SET k XX v EX 1000"));
        assert_eq!(seen.events, ["set k", "expire k"]);
        assert_eq!(sent(&seen), ["UNLINK k", "SET k v", "PEXPIREAT k <int>"]);
        assert!(client.cmd("PTTL k").number() > 900_000);
    });
}

#[test]
fn the_old_time_goes_with_the_old_value() {
    each_big_collection(|client, _, _| {
        client.cmd("PEXPIRE k 5000000");
        assert_eq!(client.cmd("CAS.SET k XX 12345"), ok());
        assert_eq!(client.cmd("PTTL k"), int(-1));
        assert_eq!(client.cmd("OBJECT ENCODING k"), bulk("int"));
    });
}

#[test]
fn a_client_that_watches_the_collection_has_its_transaction_aborted() {
    let server = Server::start();
    let (mut watching, mut other) = (server.client(), server.client());
    other.cmd("SADD k a");
    watching.cmd("WATCH k");
    other.cmd("CAS.SET k XX v");
    watching.cmd("MULTI");
    assert!(watching.cmd("EXEC").is_null());
}

#[test]
fn a_client_that_waits_for_the_stream_hears_what_it_hears_after_a_native_set() {
    let server = Server::start();
    if !server.is_at_least(7, 0) {
        return not_applicable("before 7.0 it hears nothing");
    }
    let mut other = server.client();
    let mut heard = |set: &str| {
        let mut waiting = server.client();
        other.cmd("DEL k");
        other.cmd("XGROUP CREATE k g $ MKSTREAM");
        waiting.send(
            &"XREADGROUP GROUP g c BLOCK 0 STREAMS k >"
                .split(' ')
                .collect::<Vec<_>>(),
        );
        server.until_blocked(1);
        assert_eq!(other.cmd(set), ok());
        waiting.receive()
    };
    let native = heard("SET k v");
    assert!(native.is_error(), "{native}");
    assert_eq!(heard("CAS.SET k XX v"), native);
}

#[test]
fn it_is_one_step_in_a_transaction_and_in_a_script() {
    let server = Server::start();
    let mut observer = Observer::on(&server);
    let mut client = server.client();
    client.cmd("SADD k a");
    let seen = observer.during(|| {
        client.cmd("MULTI");
        client.cmd("CAS.SET k XX v");
        client.cmd("CAS.SET k IFEQ v w");
        assert_eq!(client.cmd("EXEC"), array([ok(), ok()]));
    });
    assert_eq!(sent(&seen), ["UNLINK k", "SET k v", "SET k w"]);
    client.cmd("DEL k");
    client.cmd("SADD k a");
    let script = "redis.call('SADD', 'k', 'b') redis.call('CAS.SET', 'k', 'XX', 'v') \
                  redis.call('CAS.SET', 'k', 'IFEQ', 'v', 'w')";
    let seen = observer.during(|| client.call(&["EVAL", script, "0"]));
    assert_eq!(
        sent(&seen),
        ["SADD k b", "UNLINK k", "SET k v", "SET k w"],
        "in the order in which it happened"
    );
}

#[test]
fn the_old_collection_is_freed_off_the_main_thread() {
    let server = Server::start();
    if !server.is_at_least(7, 0) {
        return not_applicable("INFO counts lazily freed objects since 6.2");
    }
    let mut client = server.client();
    for command in ["CAS.SET k XX v", "CAS.DEL k XX", "CAS.EXPIRE k XX PXAT 1"] {
        fill(&mut client, "set");
        client.cmd("CONFIG RESETSTAT");
        if command.starts_with("CAS.EXPIRE") {
            // A native one frees it as this setting says.
            client.cmd("CONFIG SET lazyfree-lazy-expire yes");
        }
        client.cmd(command);
        until("the collection has been freed by another thread", || {
            server.info_number("memory", "lazyfreed_objects") > 0
        });
    }
}
