use super::{start, txn};
use crate::support::*;

#[test]
fn replicas_and_the_aof_get_what_the_commands_do() {
    if start().is_none() {
        return;
    }
    let server = Server::builder().aof().start();
    let mut observer = Observer::on(&server);
    let mut client = server.client();
    client.cmd("SET k v");
    let seen = observer.during(|| {
        client.cmd("CAS.IF 1 k IFEQ v THEN SET k w");
    });
    assert_eq!(seen.propagated, ["SET k w"]);
    assert_eq!(seen.events, ["set k"]);
    assert_eq!(seen.invalidated, ["k"]);
    assert_eq!(seen.dirty, 1);
    let line = txn(&[
        "SET a 1",
        "INCR a",
        "GET a",
        "SET b 2 EX 100",
        "CAS.SET c NX 3",
        "SADD k m",
    ]);
    let seen = observer.during(|| {
        client.cmd(&line);
    });
    let all = [
        "MULTI",
        "SET a 1",
        "INCR a",
        "SET b 2 PXAT <int>",
        "SET c 3",
        "EXEC",
    ];
    assert_eq!(seen.propagated, all);
    assert_eq!(
        seen.events,
        ["set a", "incrby a", "set b", "expire b", "set c"]
    );
    let aof = aof_commands(&server);
    assert!(
        aof.iter().all(|words| !words.name().starts_with("CAS.")),
        "{aof:?}"
    );
    let tail: Vec<_> = aof.iter().rev().take(6).rev().cloned().collect();
    assert_eq!(tail, all);
}

#[test]
fn what_only_reads_or_does_not_run_leaves_no_trace() {
    let Some(server) = start() else { return };
    let mut observer = Observer::on(&server);
    let mut client = server.client();
    client.cmd("MSET k v l w");
    let seen = observer.during(|| {
        client.cmd("CAS.IF 1 k IFEQ x THEN SET k w");
        client.cmd("CAS.IF 1 k IFEQ v THEN GET k");
        client.cmd("CAS.TXN 2 k IFEQ v l IFEQ x THEN 1 2 DEL k");
        client.cmd("CAS.TXN 2 k IFEQ v l IFEQ w THEN 1 2 GET k ELSE 1 2 DEL k");
    });
    assert!(seen.is_nothing(), "{seen:?}");
}

#[test]
fn a_message_is_published() {
    let Some(server) = start() else { return };
    let mut subscriber = server.client();
    subscriber.send(&["SUBSCRIBE", "channel"]);
    subscriber.receive();
    let mut client = server.client();
    assert_eq!(
        client.cmd("CAS.IF 1 no NX THEN PUBLISH channel hello"),
        int(1)
    );
    let message = array([bulk("message"), bulk("channel"), bulk("hello")]);
    assert_eq!(subscriber.receive(), message);
}

#[test]
fn values_are_encoded_as_without_it() {
    let Some(server) = start() else { return };
    let mut client = server.client();
    let long = "x".repeat(100);
    for words in [
        &["SET", "k", "12345"][..],
        &["SET", "k", "-7"],
        &["SET", "k", "short"],
        &["SET", "k", &long],
        &["SETNX", "k", "5"],
        &["GETSET", "k", "5"],
        &["SETEX", "k", "100", "5"],
        &["MSET", "j", "x", "i", "x", "k", "5"],
        &["APPEND", "k", "5"],
        &["HSET", "k", "f", "5"],
        &["SADD", "k", "5"],
        &["RPUSH", "k", "5"],
        &["ZADD", "k", "5", "5"],
    ] {
        client.cmd("DEL k");
        client.call(words);
        let direct = client.cmd("OBJECT ENCODING k");
        for head in [
            &["CAS.IF", "1", "no", "NX", "THEN"][..],
            &[
                "CAS.TXN",
                "1",
                "no",
                "NX",
                "THEN",
                "1",
                &words.len().to_string(),
            ],
        ] {
            client.cmd("DEL k");
            client.call(&[head, words].concat());
            assert_eq!(client.cmd("OBJECT ENCODING k"), direct, "{words:?}");
        }
    }
}

#[test]
fn a_huge_value_is_freed_by_another_thread_where_the_command_has_it_so() {
    let Some(server) = start() else { return };
    let mut client = server.client();
    let members: Vec<String> = (0..10_000).map(|i| format!("member-{i}")).collect();
    let words = ["SADD", "k"]
        .into_iter()
        .chain(members.iter().map(String::as_str));
    client.call(&words.collect::<Vec<_>>());
    let freed = || server.info_number("memory", "lazyfreed_objects");
    let before = freed();
    assert_eq!(client.cmd("CAS.IF 1 k XX THEN ATOMIC.REPLACESET k a"), ok());
    until("it has been freed", || freed() > before);
}

/// Whether a comparison has the server run a GET, after a command that has just stored the value.
fn reads_by_get(teacher: &str) -> bool {
    let server = Server::start();
    let mut client = server.client();
    client.cmd("SET k abcdefghijklmno1");
    assert_eq!(client.cmd(teacher), ok());
    client.cmd("CONFIG RESETSTAT");
    assert_eq!(
        client.cmd("CAS.IF 1 k IFEQ abcdefghijklmno1 THEN PING"),
        simple("PONG")
    );
    let stats = client.cmd("INFO commandstats").text();
    stats.contains("cmdstat_get:")
}

#[test]
fn a_set_inside_teaches_how_values_are_compared_in_place_as_cas_set_does() {
    if start().is_none() {
        return;
    }
    if reads_by_get("CAS.SET k IFEQ abcdefghijklmno1 abcdefghijklmno1") {
        return not_applicable("the server copies what is stored, so values are read by GET");
    }
    let line = "CAS.IF 1 k IFEQ abcdefghijklmno1 THEN set k abcdefghijklmno1";
    assert!(!reads_by_get(line));
}

#[test]
fn a_set_inside_that_is_refused_teaches_nothing() {
    if start().is_none() {
        return;
    }
    if reads_by_get("CAS.SET k IFEQ abcdefghijklmno1 abcdefghijklmno1") {
        return not_applicable("the server copies what is stored, so values are read by GET");
    }
    let server = Server::start();
    let mut client = server.client();
    client.cmd("SET k abcdefghijklmno1");
    client.cmd("CONFIG SET min-replicas-to-write 1");
    let line = "CAS.IF 1 k IFEQ abcdefghijklmno1 THEN SET k abcdefghijklmno1";
    let reply = client.cmd(line);
    assert!(reply.is_error(), "{reply}");
    client.cmd("CONFIG SET min-replicas-to-write 0");
    assert_eq!(client.cmd(line), ok());
    client.cmd("CONFIG RESETSTAT");
    assert_eq!(client.cmd(line), ok());
    let stats = client.cmd("INFO commandstats").text();
    assert!(!stats.contains("cmdstat_get:"), "{stats}");
}
