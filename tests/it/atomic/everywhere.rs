//! A replica and an AOF, both on a server without the module, hold what the primary holds.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::*;

const COMMANDS: usize = 4000;

fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        (0..30_u32).prop_map(|n| n.to_string()),
        "[a-e]{1,2}",
        Just(String::new()),
        Just("x".repeat(100)),
    ]
}

fn block() -> impl Strategy<Value = Vec<String>> {
    let head = |shape: &str, count: usize| vec![shape.to_owned(), count.to_string()];
    let pairs = prop::collection::vec((word(), word()), 0..12);
    let words = || prop::collection::vec(word(), 0..12);
    let scored = prop::collection::vec((-50..50_i32, word()), 0..12);
    prop_oneof![
        word().prop_map(|word| vec!["STRING".into(), word]),
        pairs.prop_map(move |pairs| {
            let words = pairs.iter().flat_map(|(f, v)| [f.clone(), v.clone()]);
            head("HASH", pairs.len()).into_iter().chain(words).collect()
        }),
        words().prop_map(move |words| [head("SET", words.len()), words].concat()),
        words().prop_map(move |words| [head("LIST", words.len()), words].concat()),
        scored.prop_map(move |pairs| {
            let words = pairs.iter().flat_map(|(s, m)| [s.to_string(), m.clone()]);
            head("ZSET", pairs.len()).into_iter().chain(words).collect()
        }),
        Just(vec![
            "HASH".into(),
            "JSON".into(),
            r#"{"a": 1, "b": [1, {}]}"#.into()
        ]),
        Just(vec![
            "ZSET".into(),
            "JSON".into(),
            r#"{"a": 1.50, "b": -1e3}"#.into()
        ]),
        (600..700_usize).prop_map(move |count| {
            let fields = (0..count).flat_map(|i| [format!("field-{i}"), "v".to_owned()]);
            head("HASH", count).into_iter().chain(fields).collect()
        }),
    ]
}

fn command() -> impl Strategy<Value = Vec<String>> {
    let key = || (0..12_u32).prop_map(|n| format!("k{n}"));
    let strings = |words: &[&str]| words.iter().map(ToString::to_string).collect::<Vec<_>>();
    let options = prop::sample::select(vec![
        "",
        "",
        "NX",
        "XX",
        "KEEPTTL",
        "EX 5000",
        "PX 90000000",
        "PXAT 99999999999999",
        "IFCHANGED",
        "IFCHANGED EX 9000",
        "XX KEEPTTL",
        "IFEQ a EX 4000",
        "IFGE 5",
    ]);
    let of_commit = prop::sample::select(vec![
        "", "KEEPTTL", "EX 5000", "NX", "XX", "COUNT 3", "IFNE a",
    ]);
    let split = |options: &str| {
        options
            .split_whitespace()
            .map(String::from)
            .collect::<Vec<_>>()
    };
    prop_oneof![
        6 => (key(), options, block()).prop_map(move |(key, options, block)| {
            [vec!["ATOMIC.REPLACE".into(), key], split(options), block].concat()
        }),
        4 => (key(), prop::sample::select(vec![0, 0, 1, 2, 3, 5]), block()).prop_map(
            move |(key, offset, block)| {
                [vec!["ATOMIC.STAGE".into(), key, offset.to_string(), "EX".into(), "8000".into()], block]
                    .concat()
            }
        ),
        3 => (key(), key(), of_commit).prop_map(move |(stage, key, options)| {
            [vec!["ATOMIC.COMMIT".into(), stage, key], split(options)].concat()
        }),
        1 => (key(), word(), word()).prop_map(move |(key, a, b)| {
            strings(&["ATOMIC.REPLACEHASH", &key, &a, &b])
        }),
        1 => (key(), word()).prop_map(move |(key, a)| strings(&["ATOMIC.REPLACESET", &key, &a])),
        1 => key().prop_map(move |key| strings(&["DEL", &key])),
        1 => key().prop_map(move |key| strings(&["PERSIST", &key])),
    ]
}

fn commands() -> Vec<Vec<String>> {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let command = command();
    (0..COMMANDS)
        .map(|_| command.new_tree(&mut runner).expect("a command").current())
        .collect()
}

/// All data as the server sums it up, and when each key expires.
fn everything(server: &Server) -> (String, Vec<(String, i64)>) {
    let mut client = server.client();
    let digest = client.cmd("DEBUG DIGEST").text();
    let mut keys: Vec<String> = client
        .cmd("KEYS *")
        .items()
        .iter()
        .map(Value::text)
        .collect();
    keys.sort();
    let times = keys.into_iter().map(|key| {
        let at = client.call(&["PEXPIRETIME", &key]);
        if let Value::Int(at) = at {
            return (key, at);
        }
        // Before 7.0 no command tells the time, but an RDB file's keys do: see if it is much.
        let left = client.call(&["PTTL", &key]).number();
        (key, (left + 5_000) / 10_000)
    });
    let times = times.collect();
    (digest, times)
}

fn assert_same(server: &Server, other: &Server) {
    let (digest, times) = everything(server);
    let (other_digest, other_times) = everything(other);
    assert_eq!(digest, other_digest);
    for (one, two) in times.iter().zip(&other_times) {
        let close = one == two || !server.is_at_least(7, 0) && (one.1 - two.1).abs() <= 1;
        assert!(one.0 == two.0 && close, "{one:?} here, {two:?} there");
    }
}

#[test]
fn a_replica_and_an_aof_without_the_module_hold_the_same() {
    let mut primary = Server::builder().aof().arg("appendfsync", "no").start();
    let replica = Server::builder()
        .without_module()
        .replica_of(&primary)
        .start();
    let mut client = primary.client();
    let mut kinds = BTreeMap::<String, usize>::new();
    for command in commands() {
        let reply = client.call(&command);
        let kind = if reply.is_error() {
            reply.text().split(' ').next().expect("a code").to_owned()
        } else {
            reply.to_string()
        };
        *kinds.entry(kind).or_default() += 1;
    }
    // The workload is one in which everything happens.
    for kind in [
        "+OK",
        "+UNCHANGED",
        "(nil $-1)",
        "STAGELOST",
        "ERR",
        "WRONGTYPE",
    ] {
        assert!(kinds.contains_key(kind), "{kind}: {kinds:?}");
    }
    assert!(client.cmd("DBSIZE").number() > 3);
    replica.until_in_sync();
    assert_same(&primary, &replica);
    let before = everything(&primary);
    primary.restart_with(Builder::without_module);
    assert_eq!(everything(&primary).0, before.0);
    assert_same(&primary, &replica);
}

#[test]
fn an_aof_names_no_command_of_the_module() {
    let server = Server::builder().aof().start();
    let mut client = server.client();
    for command in commands().into_iter().take(1000) {
        client.call(&command);
    }
    for command in aof_commands(&server) {
        let name = command.name();
        assert!(
            [
                "SET",
                "DEL",
                "UNLINK",
                "HSET",
                "SADD",
                "RPUSH",
                "ZADD",
                "APPEND",
                "PEXPIREAT",
                "PERSIST",
                "RENAME",
                "MULTI",
                "EXEC",
            ]
            .contains(&name.as_str()),
            "{command}"
        );
    }
}

#[test]
fn a_time_to_live_that_is_over_before_the_write_leaves_nothing_on_a_replica() {
    let primary = Server::start();
    let replica = Server::builder()
        .without_module()
        .replica_of(&primary)
        .start();
    let mut client = primary.client();
    for (kind, make) in MAKE_EACH {
        client.cmd("DEL k");
        client.cmd(make);
        assert_eq!(
            client.cmd("ATOMIC.REPLACE k PXAT 1 SET 1 a"),
            ok(),
            "{kind}"
        );
        client.cmd(make);
        assert_eq!(
            client.cmd("ATOMIC.REPLACE k PXAT 1 STRING v"),
            ok(),
            "{kind}"
        );
        client.cmd(make);
        client.cmd("SADD s a");
        assert_eq!(client.cmd("ATOMIC.COMMIT s k PXAT 1"), ok(), "{kind}");
        until("it is gone from both", || {
            client.cmd("DBSIZE") == int(0) && replica.client().cmd("DBSIZE") == int(0)
        });
    }
}
