use super::{commands, start, txn};
use crate::support::*;

#[test]
fn a_command_runs_if_all_conditions_hold() {
    let Some(server) = start() else { return };
    let mut client = server.client();
    client.cmd("MSET a 1 b x");
    client.cmd("HSET h f 7 g y");
    for (conditions, holds) in [
        ("1 a IFEQ 1", true),
        ("1 a IFEQ 2", false),
        ("1 a XX", true),
        ("1 none NX", true),
        ("1 a IFLT 5", true),
        ("1 h FIELD f IFEQ 7", true),
        ("1 h FIELD f IFGT 7", false),
        ("1 h FIELD none NX", true),
        ("1 none FIELD f NX", true),
        ("1 none FIELD f IFEQ 7", false),
        ("2 a IFEQ 1 b IFEQ x", true),
        ("2 a IFEQ 1 b IFNE x", false),
        ("2 a NX b IFEQ x", false),
        ("3 a IFGE 1 h FIELD g IFEQ y none NX", true),
        ("4 a XX a IFEQ 1 a IFLE 1 a NX", false),
    ] {
        client.cmd("DEL seen");
        let reply = client.cmd(&format!("CAS.IF {conditions} THEN SET seen yes"));
        assert_eq!(reply, if holds { ok() } else { nil() }, "{conditions}");
        assert_eq!(client.cmd("EXISTS seen"), int(holds.into()), "{conditions}");
        let reply = client.cmd(&format!(
            "CAS.TXN {conditions} THEN 1 1 PING ELSE 1 2 PING no"
        ));
        let answer = if holds { simple("PONG") } else { bulk("no") };
        assert_eq!(
            reply,
            array([int(holds.into()), array([answer])]),
            "{conditions}"
        );
    }
}

#[test]
fn digests_of_any_type_are_conditions() {
    let Some(server) = start() else { return };
    let mut client = server.client();
    client.cmd("SADD s a b");
    client.cmd("HSET h f hello");
    let digest = client.cmd("CAS.DIGEST s").text();
    let hello = "9555e8555c62dcfd";
    let line = format!("CAS.IF 2 s IFDEQ {digest} h FIELD f IFDEQ {hello} THEN SADD s c");
    assert_eq!(client.cmd(&line), int(1));
    assert_eq!(client.cmd(&line), nil());
}

#[test]
fn without_else_the_index_of_the_first_false_condition_is_told_from_0() {
    let Some(server) = start() else { return };
    let mut client = server.client();
    client.cmd("MSET a 1 b 2");
    for (conditions, index) in [
        ("3 a NX b NX c XX", 0),
        ("3 a XX b NX c XX", 1),
        ("3 a XX b XX c XX", 2),
    ] {
        let reply = client.cmd(&format!("CAS.TXN {conditions} THEN 1 1 PING"));
        assert_eq!(reply, array([int(0), int(index)]), "{conditions}");
    }
}

#[test]
fn conditions_are_on_the_state_before_and_commands_see_what_came_before_them() {
    let Some(server) = start() else { return };
    let mut client = server.client();
    client.cmd("SET a 1");
    let all = commands(&["INCR a", "INCR a", "GET a", "SADD s x", "SCARD s"]);
    let reply = client.cmd(&format!("CAS.TXN 2 a IFEQ 1 s NX THEN {all}"));
    let replies = array([int(2), int(3), bulk("3"), int(1), int(1)]);
    assert_eq!(reply, array([int(1), replies]));
}

#[test]
fn nothing_may_follow_then_and_else() {
    let Some(server) = start() else { return };
    let mut client = server.client();
    let none = array([]);
    assert_eq!(
        client.cmd("CAS.TXN 1 a NX THEN 0"),
        array([int(1), none.clone()])
    );
    assert_eq!(
        client.cmd("CAS.TXN 1 a XX THEN 0 ELSE 0"),
        array([int(0), none])
    );
    assert_eq!(client.cmd("CAS.TXN 1 a XX THEN 0"), array([int(0), int(0)]));
}

#[test]
fn a_command_that_fails_is_answered_by_its_error_and_the_others_run() {
    let Some(server) = start() else { return };
    let mut client = server.client();
    client.cmd("SET a x");
    let wrong_type = error("WRONGTYPE Operation against a key holding the wrong kind of value");
    assert_eq!(client.cmd("CAS.IF 1 a XX THEN LPUSH a v"), wrong_type);
    let reply = client.cmd(&txn(&["SET b 1", "LPUSH a v", "INCR b"]));
    assert_eq!(reply, array([int(1), array([ok(), wrong_type, int(2)])]));
}

#[test]
fn a_condition_on_a_key_of_the_wrong_type_is_an_error_and_nothing_runs() {
    let Some(server) = start() else { return };
    let mut observer = Observer::on(&server);
    let mut client = server.client();
    client.cmd("SADD s a");
    let wrong_type = error("WRONGTYPE Operation against a key holding the wrong kind of value");
    let seen = observer.during(|| {
        for condition in ["s IFEQ v", "s FIELD f NX", "s IFLT 1"] {
            let line = format!("CAS.TXN 2 no NX {condition} THEN 1 3 SET k v ELSE 1 3 SET k v");
            assert_eq!(client.cmd(&line), wrong_type, "{condition}");
            // The first false condition is the last that is looked at.
            let line = format!("CAS.IF 2 no XX {condition} THEN SET k v");
            assert_eq!(client.cmd(&line), nil(), "{condition}");
        }
    });
    assert!(seen.is_nothing(), "{seen:?}");
}

#[test]
fn a_reply_is_that_of_the_command_itself_in_either_protocol() {
    let Some(server) = start() else { return };
    for mut client in server.clients() {
        client.cmd("FLUSHALL");
        client.cmd("HSET h a 1 b 2");
        client.cmd("ZADD z 1.5 a 2 b");
        client.cmd("SADD s a");
        client.cmd("RPUSH l a b");
        client.cmd("XADD x 1-1 f v");
        for line in [
            "PING",
            "GET none",
            "HGETALL h",
            "HMGET h a none",
            "HRANDFIELD h -1 WITHVALUES",
            "ZSCORE z a",
            "ZRANGE z 0 -1 WITHSCORES",
            "SMEMBERS s",
            "LPOS l none",
            "LPOP none 2",
            "XRANGE x - +",
            "CLIENT INFO",
            "CONFIG",
            "OBJECT ENCODING h",
            "COMMAND GETKEYS GET a",
            "LOLWUT VERSION 1",
            "CAS.DIGEST h",
            "CAS.GET none",
        ] {
            if client.cmd(line).is_error() || line.contains("CLIENT") || line.contains("RAND") {
                continue;
            }
            let direct = client.cmd(line);
            let inside = client.cmd(&format!("CAS.IF 1 no NX THEN {line}"));
            assert_eq!(inside, direct, "{line}");
            let inside = client.cmd(&txn(&[line]));
            assert_eq!(inside, array([int(1), array([direct])]), "{line}");
        }
        let null = client.cmd("GET none");
        assert_eq!(client.cmd("CAS.IF 1 h NX THEN PING"), null);
    }
}

#[test]
fn words_are_bytes_of_any_number() {
    let Some(server) = start() else { return };
    let mut client = server.client();
    let odd = "\0\r\n THEN ELSE ";
    let call = ["CAS.IF", "1", odd, "NX", "THEN", "SET", odd, odd];
    assert_eq!(client.call(&call), ok());
    assert_eq!(client.call(&["GET", odd]), bulk(odd));
    let members: Vec<String> = (0..1000).map(|i| i.to_string()).collect();
    let head = ["CAS.IF", "1", odd, "IFEQ", odd, "THEN", "SADD", "s"];
    let call: Vec<&str> = head
        .into_iter()
        .chain(members.iter().map(String::as_str))
        .collect();
    assert_eq!(client.call(&call), int(1000));
    let conditions = "a NX ".repeat(500);
    assert_eq!(
        client.cmd(&format!("CAS.IF 500 {conditions}THEN PING")),
        simple("PONG")
    );
}

#[test]
fn a_command_of_any_number_of_words_comes_through_whole() {
    let Some(server) = start() else { return };
    let mut client = server.client();
    let long = "x".repeat(100);
    for count in 1..=20 {
        let elements = ["a", "7", &long, ""].into_iter().cycle().take(count);
        let elements: Vec<&str> = elements.collect();
        for name in ["RPUSH", "rPuSh"] {
            client.cmd("DEL l");
            let call = ["CAS.IF", "1", "no", "NX", "THEN", name, "l"];
            let pushed = client.call(&[&call[..], &elements].concat());
            assert_eq!(pushed, int(i64::try_from(count).expect("few")));
            let stored = array(elements.iter().map(bulk));
            assert_eq!(client.cmd("LRANGE l 0 -1"), stored);
        }
    }
}
