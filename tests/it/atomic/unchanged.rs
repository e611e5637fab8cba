use super::*;

/// What is there, and the same value given otherwise: in another order, or met in another encoding.
const SAME: [(&[&str], &str); 12] = [
    (&["SET k 12345"], "STRING 12345"),
    (&["SET k some", "APPEND k thing"], "STRING something"),
    (&["SET k 1234", "APPEND k 5"], "STRING 12345"),
    (&["HSET k a 1 b 2 c 3"], "HASH 3 c 3 a 1 b 2"),
    (&["HSET k a 0 b 2"], "HASH 3 a 0 b 1 b 2"),
    (
        &["CONFIG SET hash-max-ziplist-entries 1", "HSET k a 1 b 2"],
        "HASH 2 b 2 a 1",
    ),
    (&["SADD k 3 1 2"], "SET 4 1 2 3 3"),
    (&["SADD k 3 1 2 x", "SREM k x"], "SET 3 1 2 3"),
    (&["RPUSH k a b a"], "LIST 3 a b a"),
    (&["LPUSH k a b a"], "LIST JSON [\"a\",\"b\",\"a\"]"),
    (
        &["ZADD k 1 a -0 b inf c 0.1 d"],
        "ZSET 4 +inf c 0 b 1.0 a 1e-1 d",
    ),
    (
        &["CONFIG SET zset-max-ziplist-entries 0", "ZADD k 1 a 2 b"],
        "ZSET 3 2 b 7 a 1 a",
    ),
];

const OTHER: [(&str, &str); 19] = [
    ("SET k 12345", "STRING 012345"),
    ("SET k a", "STRING b"),
    ("SET k a", "SET 1 a"),
    ("SADD k a", "LIST 1 a"),
    ("SADD k a", "STRING a"),
    ("SADD k a", "SET 0"),
    ("HSET k a 1", "HASH 1 a 2"),
    ("HSET k a 1", "HASH 1 b 1"),
    ("HSET k a 1", "HASH 2 a 1 b 2"),
    ("HSET k a 1 b 2", "HASH 1 a 1"),
    ("HSET k a 1 b 2", "HASH 2 a 1 a 1"),
    ("SADD k a b", "SET 2 a a"),
    ("SADD k a b", "SET 2 a c"),
    ("RPUSH k a b", "LIST 2 b a"),
    ("RPUSH k a b", "LIST 3 a b b"),
    ("ZADD k 1 a", "ZSET 1 2 a"),
    ("ZADD k 1 a", "ZSET 1 1 b"),
    ("ZADD k 1 a", "HASH 1 a 1"),
    ("XADD k * a 1", "HASH 1 a 1"),
];

#[test]
fn a_value_that_is_there_already_is_left_alone_by_all_means() {
    let server = Server::start();
    let mut observer = Observer::on(&server);
    let mut client = server.client();
    let mut watching = server.client();
    for (make, block) in SAME {
        client.cmd("DEL k");
        for command in make {
            assert!(!client.cmd(command).is_error(), "{command}");
        }
        client.cmd("EXPIRE k 1000");
        let encoding = client.cmd("OBJECT ENCODING k");
        watching.cmd("WATCH k");
        watching.cmd("MULTI");
        watching.cmd("PING");
        let seen = observer.during(|| {
            let reply = client.cmd(&format!("ATOMIC.REPLACE k IFCHANGED {block}"));
            assert_eq!(reply, simple("UNCHANGED"), "{block}");
        });
        assert!(seen.is_nothing(), "{block}: {seen:?}");
        assert_eq!(watching.cmd("EXEC"), array([simple("PONG")]), "{block}");
        assert_eq!(client.cmd("OBJECT ENCODING k"), encoding, "{block}");
        assert!(client.cmd("TTL k").number() > 0, "{block}");
    }
}

#[test]
fn any_other_value_is_replaced() {
    let server = Server::start();
    let mut client = server.client();
    for (make, block) in OTHER {
        client.cmd("DEL k");
        client.cmd(make);
        let reply = client.cmd(&format!("ATOMIC.REPLACE k IFCHANGED {block}"));
        assert_eq!(reply, ok(), "{make}, then {block}");
        client.cmd(&format!("ATOMIC.REPLACE j {block}"));
        assert_eq!(
            content(&mut client, "k"),
            content(&mut client, "j"),
            "{make}, then {block}"
        );
    }
}

#[test]
fn no_key_is_the_empty_value() {
    let server = Server::start();
    let mut observer = Observer::on(&server);
    let mut client = server.client();
    for block in ["SET 0", "HASH JSON {}"] {
        let seen = observer.during(|| {
            let reply = client.cmd(&format!("ATOMIC.REPLACE k IFCHANGED EX 5 {block}"));
            assert_eq!(reply, simple("UNCHANGED"));
        });
        assert!(seen.is_nothing(), "{seen:?}");
    }
    assert_eq!(
        client.call(&["ATOMIC.REPLACE", "k", "IFCHANGED", "STRING", ""]),
        ok()
    );
}

#[test]
fn an_expiry_is_applied_to_what_has_not_changed() {
    let server = Server::start();
    let mut observer = Observer::on(&server);
    let mut client = server.client();
    client.cmd("SADD k a b");
    let seen = observer.during(|| {
        let reply = client.cmd("ATOMIC.REPLACE k EX 100 IFCHANGED SET 2 b a");
        assert_eq!(reply, simple("UNCHANGED"));
    });
    assert_eq!(seen.events, ["expire k"]);
    assert_eq!(sent(&seen), ["PEXPIREAT k <int>"]);
    assert!(client.cmd("TTL k").number() > 90);
    let seen = observer.during(|| client.cmd("ATOMIC.REPLACE k KEEPTTL IFCHANGED SET 2 b a"));
    assert!(seen.is_nothing(), "{seen:?}");
}

#[test]
fn a_condition_comes_first() {
    let server = Server::start();
    let mut client = server.client();
    client.cmd("SET k v");
    assert_eq!(client.cmd("ATOMIC.REPLACE k NX IFCHANGED STRING v"), nil());
    assert_eq!(
        client.cmd("ATOMIC.REPLACE k XX IFCHANGED STRING v"),
        simple("UNCHANGED")
    );
    assert_eq!(
        client.cmd("ATOMIC.REPLACE k IFEQ v IFCHANGED STRING w"),
        ok()
    );
}

#[test]
fn big_values_are_compared_too() {
    let server = Server::start();
    let mut client = server.client();
    let words: Vec<String> = (0..30_000).map(|i| format!("word-{i}")).collect();
    let reversed: Vec<&str> = words.iter().rev().map(String::as_str).collect();
    let add = |head: &[&str], words: &[&str]| -> Vec<String> {
        head.iter().chain(words).map(ToString::to_string).collect()
    };
    client.call(&add(
        &["SADD", "k"],
        &words.iter().map(String::as_str).collect::<Vec<_>>(),
    ));
    let same = add(
        &["ATOMIC.REPLACE", "k", "IFCHANGED", "SET", "30000"],
        &reversed,
    );
    assert_eq!(client.call(&same), simple("UNCHANGED"));
    client.call(&["SREM", "k", "word-7"]);
    client.call(&["SADD", "k", "another"]);
    assert_eq!(client.call(&same), ok());
}
