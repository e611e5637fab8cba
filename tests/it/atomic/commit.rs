use super::*;

#[test]
fn a_stage_of_any_type_takes_the_place_of_any_other() {
    let server = Server::start();
    let mut client = server.client();
    for (_, old) in MAKE_EACH {
        for (kind, make) in MAKE_EACH {
            client.cmd("DEL k s");
            client.cmd(old);
            client.cmd("EXPIRE k 100");
            client.cmd(&make.replacen(" k ", " s ", 1));
            client.cmd("EXPIRE s 200");
            assert_eq!(client.cmd("ATOMIC.COMMIT s k"), ok(), "{old}; {make}");
            assert_eq!(client.cmd("TYPE k"), simple(kind));
            assert_eq!(client.cmd("EXISTS s"), int(0));
            assert_eq!(client.cmd("TTL k"), int(-1), "{old}; {make}");
        }
    }
}

#[test]
fn a_missing_key_is_as_good_as_any() {
    let server = Server::start();
    let mut client = server.client();
    client.cmd("ATOMIC.STAGE s 0 EX 9 SET 1 a");
    assert_eq!(client.cmd("ATOMIC.COMMIT s k"), ok());
    assert_eq!(content(&mut client, "k"), set(&["a"]));
}

#[test]
fn the_time_to_live_is_the_keys_own_or_the_one_given() {
    let server = Server::start();
    let mut client = server.client();
    let mut commit = |options: &str| {
        client.cmd("SET k old EX 500");
        client.cmd("ATOMIC.STAGE s 0 EX 9 SET 1 a");
        assert_eq!(
            client.cmd(format!("ATOMIC.COMMIT s k {options}").trim_end()),
            ok()
        );
        client.cmd("TTL k").number()
    };
    assert_eq!(commit(""), -1);
    assert!((490..=500).contains(&commit("KEEPTTL")));
    assert!((90..=100).contains(&commit("EX 100")));
    assert!((90..=100).contains(&commit("PX 100000")));
    assert!(commit("EXAT 99999999999") > 1_000_000);
    assert_eq!(commit("PXAT 1"), -2);
    client.cmd("ATOMIC.STAGE s 0 EX 9 SET 1 a");
    client.cmd("PERSIST s");
    client.cmd("SET k v");
    assert_eq!(client.cmd("ATOMIC.COMMIT s k KEEPTTL"), ok());
    assert_eq!(client.cmd("TTL k"), int(-1));
}

#[test]
fn a_false_condition_on_the_key_leaves_the_stage() {
    let server = Server::start();
    let mut client = server.client();
    client.cmd("SET k 7");
    client.cmd("ATOMIC.STAGE s 0 EX 100 SET 1 a");
    for condition in ["NX", "IFEQ 8", "IFLT 7", "IFDEQ 0000000000000000"] {
        assert_eq!(
            client.cmd(&format!("ATOMIC.COMMIT s k {condition} EX 5")),
            nil()
        );
        assert_eq!(content(&mut client, "s"), set(&["a"]));
        assert!(client.cmd("TTL s").number() > 90);
    }
    assert_eq!(client.cmd("ATOMIC.COMMIT s k IFLE 7 COUNT 1"), ok());
    assert_eq!(content(&mut client, "k"), set(&["a"]));
    client.cmd("ATOMIC.STAGE s 0 EX 100 SET 1 b");
    assert_eq!(
        client.cmd("ATOMIC.COMMIT s k IFEQ 7"),
        error("WRONGTYPE Operation against a key holding the wrong kind of value")
    );
}

#[test]
fn count_refuses_a_stage_of_another_size() {
    let server = Server::start();
    let mut client = server.client();
    for (make, count, held) in [
        ("SET s abc", 3, "3 bytes"),
        ("HSET s a 1 b 2", 2, "2 elements"),
        ("SADD s a b", 2, "2 elements"),
        ("RPUSH s a b a", 3, "3 elements"),
        ("ZADD s 1 a", 1, "1 elements"),
        ("XADD s * a 1", 1, "1 elements"),
    ] {
        client.cmd("DEL s k");
        client.cmd(make);
        assert_eq!(
            client.cmd("ATOMIC.COMMIT s k COUNT 7"),
            error(&format!("STAGELOST stage holds {held}, not 7"))
        );
        assert_eq!(client.cmd("EXISTS s k"), int(1), "{make}");
        assert_eq!(
            client.cmd(&format!("ATOMIC.COMMIT s k COUNT {count}")),
            ok(),
            "{make}"
        );
    }
}

#[test]
fn what_cannot_be_committed_is_refused() {
    let server = Server::start();
    let mut observer = Observer::on(&server);
    let mut client = server.client();
    client.cmd("SET k v");
    client.cmd("SADD s a");
    for (command, refusal) in [
        ("ATOMIC.COMMIT missing k", "ERR no such key"),
        ("ATOMIC.COMMIT missing k COUNT 1", "ERR no such key"),
        (
            "ATOMIC.COMMIT k k",
            "ERR source and destination are the same",
        ),
        (
            "ATOMIC.COMMIT s",
            "ERR wrong number of arguments for 'atomic.commit' command",
        ),
        ("ATOMIC.COMMIT s k COUNT", "ERR syntax error"),
        (
            "ATOMIC.COMMIT s k COUNT x",
            "ERR value is not an integer or out of range",
        ),
        ("ATOMIC.COMMIT s k COUNT 1 COUNT 1", "ERR syntax error"),
        ("ATOMIC.COMMIT s k NX XX", "ERR syntax error"),
        ("ATOMIC.COMMIT s k IFCHANGED", "ERR syntax error"),
        (
            "ATOMIC.COMMIT s k EX 0",
            "ERR invalid expire time in 'atomic.commit' command",
        ),
    ] {
        let seen = observer.during(|| assert_eq!(client.cmd(command), error(refusal), "{command}"));
        assert!(seen.is_nothing(), "{command}: {seen:?}");
    }
}

/// In how small a part of the time that RENAME takes to free a value COMMIT replaces it. Time for which the
/// machine did other work does not count.
const PART: u64 = 5;

#[test]
fn the_work_does_not_grow_with_either_value() {
    let server = Server::start();
    let spent = least_microseconds(&server, 200_000, |server| fill(server, "s", 200_000));
    assert!(spent[COMMIT] * PART < spent[RENAME], "{spent:?} µs");
    assert_eq!(server.client().cmd("HLEN k"), int(200_000));
}

/// Of `make huge` five million fields: much for a machine on which other tests run.
#[test]
fn a_huge_hash_is_replaced_at_once() {
    let fields =
        std::env::var("HUGE_FIELDS").map_or(500_000, |text| text.parse().expect("a number"));
    let server = Server::start();
    let spent = least_microseconds(&server, fields, |server| {
        let staged = server.client().cmd("ATOMIC.STAGE s 0 EX 60 HASH 1 f v");
        assert_eq!(staged, int(1));
    });
    println!(
        "a hash of {fields} fields: {} µs for ATOMIC.COMMIT, {} for RENAME",
        spent[COMMIT], spent[RENAME]
    );
    assert!(spent[COMMIT] * PART < spent[RENAME], "{spent:?} µs");
    assert_eq!(content(&mut server.client(), "k"), hash(&[("f", "v")]));
    assert_eq!(server.client().cmd("DBSIZE"), int(1));
}

const COMMIT: usize = 0;
const RENAME: usize = 1;

/// How long the server was at replacing a hash of so many fields with what `stage` puts under `s`, at best: by
/// RENAME, which frees it there and then where nobody has asked for more, and by COMMIT.
fn least_microseconds(server: &Server, fields: usize, stage: impl Fn(&Server)) -> [u64; 2] {
    const ROUNDS: usize = 2;
    // What Redis does unless it is told otherwise, and Valkey has ceased to do.
    server
        .client()
        .cmd("CONFIG SET lazyfree-lazy-server-del no");
    let mut least = [u64::MAX; 2];
    for _ in 0..ROUNDS {
        for (way, command) in [(RENAME, "RENAME s k"), (COMMIT, "ATOMIC.COMMIT s k")] {
            fill(server, "k", fields);
            stage(server);
            least[way] = least[way].min(microseconds_of(server, command));
        }
    }
    least
}

/// Makes the key a hash of so many fields, which the server does by itself and fast.
fn fill(server: &Server, key: &str, count: usize) {
    const AT_ONCE: usize = 50_000;
    let script = "for i = ARGV[1], ARGV[2] do redis.call('HSET', KEYS[1], i, '') end";
    let mut client = server.client();
    for first in (1..=count).step_by(AT_ONCE) {
        let [first, last] = [first, count.min(first + AT_ONCE - 1)].map(|i| i.to_string());
        let reply = client.call(&["EVAL", script, "1", key, &first, &last]);
        assert!(!reply.is_error(), "{reply}");
    }
}

fn microseconds_of(server: &Server, command: &str) -> u64 {
    let mut client = server.client();
    client.cmd("PING");
    let before = server.microseconds_at_work();
    assert_eq!(client.cmd(command), ok());
    server.microseconds_at_work() - before
}
