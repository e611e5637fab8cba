//! What a replacement does to everyone else: what the native write does, and never a `del`.

use super::*;

const NEW: [(&str, &str, &str); 8] = [
    ("ATOMIC.REPLACEHASH k f v", "hset", "HSET k f v"),
    ("ATOMIC.REPLACESET k a b", "sadd", "SADD k a b"),
    ("ATOMIC.REPLACELIST k a b", "rpush", "RPUSH k a b"),
    ("ATOMIC.REPLACEZSET k 1 a", "zadd", "ZADD k 1 a"),
    ("ATOMIC.REPLACE k HASH 1 f v", "hset", "HSET k f v"),
    ("ATOMIC.REPLACE k SET JSON [\"a\",2]", "sadd", "SADD k a 2"),
    ("ATOMIC.REPLACE k HASH JSON {\"a\":2}", "hset", "HSET k a 2"),
    ("ATOMIC.REPLACE k STRING v", "set", "SET k v"),
];

#[test]
fn a_new_key_is_one_native_write() {
    let server = Server::start();
    let mut observer = Observer::on(&server);
    let mut client = server.client();
    for (command, event, write) in NEW {
        client.cmd("DEL k");
        let seen = observer.during(|| assert_eq!(client.cmd(command), ok()));
        assert_eq!(seen.events, [&*format!("{event} k")], "{command}");
        assert_eq!(sent(&seen), [write], "{command}");
        assert_eq!(seen.invalidated, ["k"], "{command}");
        assert!(seen.dirty > 0, "{command}");
    }
}

#[test]
fn the_replaced_key_is_unlinked_on_replicas_and_emits_no_del() {
    let server = Server::start();
    let mut observer = Observer::on(&server);
    let mut client = server.client();
    for (command, event, write) in NEW {
        for (kind, make) in MAKE_EACH {
            client.cmd("DEL k");
            client.cmd(make);
            let seen = observer.during(|| assert_eq!(client.cmd(command), ok()));
            assert_eq!(seen.events, [&*format!("{event} k")], "{make}; {command}");
            // A string over a string is a SET, on every server.
            if kind == "string" && event == "set" {
                assert_eq!(sent(&seen), [write], "{make}; {command}");
            } else {
                assert_eq!(sent(&seen), ["UNLINK k", write], "{make}; {command}");
            }
            assert_eq!(seen.invalidated, ["k"], "{make}; {command}");
        }
    }
}

#[test]
fn an_expiry_is_an_event_and_an_absolute_time_and_a_kept_one_is_no_event() {
    let server = Server::start();
    let mut observer = Observer::on(&server);
    let mut client = server.client();
    client.cmd("SADD k x");
    let seen = observer.during(|| client.cmd("ATOMIC.REPLACE k EX 100 HASH 1 f v"));
    assert_eq!(seen.events, ["hset k", "expire k"]);
    assert_eq!(sent(&seen), ["UNLINK k", "HSET k f v", "PEXPIREAT k <int>"]);
    let at = sent(&seen)[2].word(2);
    let seen = observer.during(|| client.cmd("ATOMIC.REPLACE k KEEPTTL SET 1 a"));
    assert_eq!(seen.events, ["sadd k"]);
    assert_eq!(
        sent(&seen),
        ["UNLINK k", "SADD k a", &format!("PEXPIREAT k {at}")]
    );
    let seen = observer.during(|| client.cmd("ATOMIC.REPLACE k KEEPTTL STRING v"));
    assert_eq!(seen.events, ["set k"]);
    assert_eq!(
        sent(&seen),
        ["UNLINK k", "SET k v", &format!("PEXPIREAT k {at}")]
    );
}

#[test]
fn an_empty_value_is_a_del() {
    let server = Server::start();
    let mut observer = Observer::on(&server);
    let mut client = server.client();
    client.cmd("SADD k x");
    let seen = observer.during(|| client.cmd("ATOMIC.REPLACE k HASH 0"));
    assert_eq!(seen.events, ["del k"]);
    assert_eq!(sent(&seen), ["UNLINK k"]);
    assert_eq!(seen.invalidated, ["k"]);
    let seen = observer.during(|| client.cmd("ATOMIC.REPLACE k HASH 0"));
    assert!(seen.is_nothing(), "{seen:?}");
}

#[test]
fn a_false_condition_does_nothing() {
    let server = Server::start();
    let mut observer = Observer::on(&server);
    let mut client = server.client();
    let mut watching = server.client();
    client.cmd("SADD k x");
    client.cmd("SADD s x");
    watching.cmd("WATCH k s");
    watching.cmd("MULTI");
    let seen = observer.during(|| {
        assert_eq!(client.cmd("ATOMIC.REPLACE k NX EX 5 HASH 1 f v"), nil());
        assert_eq!(client.cmd("ATOMIC.COMMIT s k NX"), nil());
    });
    assert!(seen.is_nothing(), "{seen:?}");
    assert_eq!(watching.cmd("EXEC"), array([]));
}

#[test]
fn a_replacement_breaks_a_watch() {
    let server = Server::start();
    let mut client = server.client();
    let mut watching = server.client();
    client.cmd("ATOMIC.STAGE s 0 EX 9 SET 1 a");
    for command in [
        "ATOMIC.REPLACESET k a",
        "ATOMIC.REPLACE k STRING v",
        "ATOMIC.STAGE k 0 EX 9 SET 1 a",
        "ATOMIC.STAGE k 1 EX 9 SET 1 b",
        "ATOMIC.COMMIT s k",
        "ATOMIC.REPLACE k SET 0",
    ] {
        watching.cmd("WATCH k");
        watching.cmd("MULTI");
        assert!(!client.cmd(command).is_error(), "{command}");
        assert_eq!(watching.cmd("EXEC"), nil_array(), "{command}");
    }
}

#[test]
fn a_piece_is_a_native_write_and_a_time() {
    let server = Server::start();
    let mut observer = Observer::on(&server);
    let mut client = server.client();
    for (first, second, event, writes) in [
        (
            "HASH 1 f v",
            "HASH 1 g w",
            "hset",
            ["HSET s f v", "HSET s g w"],
        ),
        ("SET 1 a", "SET 1 b", "sadd", ["SADD s a", "SADD s b"]),
        ("LIST 1 a", "LIST 1 b", "rpush", ["RPUSH s a", "RPUSH s b"]),
        (
            "ZSET 1 1 a",
            "ZSET 1 2 b",
            "zadd",
            ["ZADD s 1 a", "ZADD s 2 b"],
        ),
    ] {
        client.cmd("DEL s");
        let events = [format!("{event} s"), "expire s".to_owned()];
        let events = [&*events[0], &*events[1]];
        let seen = observer.during(|| client.cmd(&format!("ATOMIC.STAGE s 0 EX 50 {first}")));
        assert_eq!(seen.events, events);
        assert_eq!(sent(&seen), [writes[0], "PEXPIREAT s <int>"]);
        let seen = observer.during(|| client.cmd(&format!("ATOMIC.STAGE s 1 EX 50 {second}")));
        assert_eq!(seen.events, events);
        assert_eq!(sent(&seen), [writes[1], "PEXPIREAT s <int>"]);
    }
    client.cmd("ATOMIC.STAGE s 0 EX 50 STRING ab");
    let seen = observer.during(|| client.cmd("ATOMIC.STAGE s 2 EX 50 STRING cd"));
    assert_eq!(seen.events, ["append s", "expire s"]);
    assert_eq!(sent(&seen), ["APPEND s cd", "PEXPIREAT s <int>"]);
}

#[test]
fn a_commit_is_a_rename_and_emits_no_del() {
    let server = Server::start();
    let mut observer = Observer::on(&server);
    let mut client = server.client();
    client.cmd("SET k old EX 500");
    client.cmd("ATOMIC.STAGE s 0 EX 50 SET 1 a");
    let seen = observer.during(|| assert_eq!(client.cmd("ATOMIC.COMMIT s k"), ok()));
    assert_eq!(seen.events, ["rename_from s", "rename_to k"]);
    assert_eq!(sent(&seen), ["UNLINK k", "RENAME s k", "PERSIST k"]);
    assert_eq!(seen.invalidated, ["k", "s"]);
    client.cmd("SADD s b");
    client.cmd("DEL k");
    let seen = observer.during(|| assert_eq!(client.cmd("ATOMIC.COMMIT s k"), ok()));
    assert_eq!(sent(&seen), ["RENAME s k"]);
    client.cmd("ATOMIC.STAGE s 0 EX 50 SET 1 a");
    let seen = observer.during(|| assert_eq!(client.cmd("ATOMIC.COMMIT s k PX 90000"), ok()));
    assert_eq!(seen.events, ["rename_from s", "rename_to k", "expire k"]);
    assert_eq!(sent(&seen), ["UNLINK k", "RENAME s k", "PEXPIREAT k <int>"]);
    client.cmd("ATOMIC.STAGE s 0 EX 50 SET 1 a");
    let seen = observer.during(|| assert_eq!(client.cmd("ATOMIC.COMMIT s k KEEPTTL"), ok()));
    assert_eq!(seen.events, ["rename_from s", "rename_to k"]);
    assert_eq!(sent(&seen), ["UNLINK k", "RENAME s k", "PEXPIREAT k <int>"]);
}

#[test]
fn one_who_waits_for_an_element_is_served() {
    let server = Server::start();
    let mut waiting = server.client();
    waiting.send(&["BLPOP", "k", "0"]);
    server.until_blocked(1);
    server.client().cmd("ATOMIC.REPLACELIST k a b");
    assert_eq!(waiting.receive(), array([bulk("k"), bulk("a")]));
    waiting.send(&["BZPOPMIN", "z", "0"]);
    server.until_blocked(1);
    server.client().cmd("ATOMIC.STAGE s 0 EX 9 ZSET 1 1 m");
    server.client().cmd("ATOMIC.COMMIT s z");
    assert_eq!(waiting.receive(), array([bulk("z"), bulk("m"), bulk("1")]));
}

#[test]
fn what_was_done_is_counted() {
    let server = Server::start();
    let mut client = server.client();
    for command in [
        "ATOMIC.REPLACESET k a",
        "ATOMIC.REPLACE k STRING v",
        "ATOMIC.REPLACE k NX STRING v",
        "ATOMIC.REPLACE k IFCHANGED STRING v",
        "ATOMIC.STAGE s 0 EX 9 SET 1 a",
        "ATOMIC.STAGE s 5 EX 9 SET 1 a",
        "ATOMIC.COMMIT s k COUNT 2",
        "ATOMIC.COMMIT s k",
    ] {
        client.cmd(command);
    }
    for (field, count) in [
        ("values_replaced", 2),
        ("values_unchanged", 1),
        ("conditions_refused", 1),
        ("stages_lost", 2),
        ("stages_committed", 1),
    ] {
        assert_eq!(
            server.info_number("atomic", &format!("atomic_{field}")),
            count,
            "{field}"
        );
    }
}
