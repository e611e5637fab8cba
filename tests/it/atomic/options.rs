use super::*;

#[test]
fn an_expiry_is_that_of_set_for_every_type() {
    let server = Server::start();
    let mut client = server.client();
    for block in [
        "STRING v",
        "HASH 1 f v",
        "SET 1 a",
        "LIST 1 a",
        "ZSET 1 1 a",
    ] {
        let mut replace = |options: &str| {
            let reply = client.cmd(&format!("ATOMIC.REPLACE k {options} {block}"));
            (reply, client.cmd("PTTL k").number())
        };
        let close = |(reply, ttl): (Value, i64), expected: i64| {
            assert_eq!(reply, ok(), "{block}");
            assert!(
                (expected - 2000..=expected + 10).contains(&ttl),
                "{block}: {ttl}"
            );
        };
        close(replace("EX 100"), 100_000);
        close(replace("KEEPTTL"), 100_000);
        close(replace("px 50000"), 50_000);
        close(replace("PXAT 99999999999999"), {
            99_999_999_999_999 - now_ms()
        });
        close(replace("EXAT 99999999999"), 99_999_999_999_000 - now_ms());
        assert_eq!(replace("KEEPTTL XX").0, ok());
        client.cmd("PERSIST k");
        let reply = client.cmd(&format!("ATOMIC.REPLACE k KEEPTTL {block}"));
        assert_eq!((reply, client.cmd("TTL k")), (ok(), int(-1)), "{block}");
    }
}

fn now_ms() -> i64 {
    let since = std::time::UNIX_EPOCH.elapsed().expect("after 1970");
    i64::try_from(since.as_millis()).expect("before the year 292278994")
}

#[test]
fn a_time_in_the_past_leaves_no_key() {
    let server = Server::start();
    let mut client = server.client();
    for (block, (_, make)) in [
        "STRING v",
        "HASH 1 f v",
        "SET 1 a",
        "LIST 1 a",
        "ZSET 1 1 a",
    ]
    .iter()
    .zip(MAKE_EACH.iter().rev())
    {
        client.cmd("DEL k");
        client.cmd(make);
        assert_eq!(
            client.cmd(&format!("ATOMIC.REPLACE k PXAT 1 {block}")),
            ok()
        );
        assert_eq!(client.cmd("EXISTS k"), int(0), "{block}");
    }
}

#[test]
fn a_condition_is_tested_on_the_key_as_it_stands() {
    let server = Server::start();
    let mut reader = server.client();
    for mut client in server.clients() {
        let protocol_null = client.cmd("GET no-such-key");
        client.cmd("DEL k");
        let mut check = |before: &str, condition: &str, expected: bool| {
            client.cmd("DEL k");
            if !before.is_empty() {
                client.cmd(before);
            }
            let reply = client.cmd(&format!("ATOMIC.REPLACE k {condition} SET 1 new"));
            let (reply_due, value_due) = if expected {
                (ok(), set(&["new"]))
            } else {
                (protocol_null.clone(), content(&mut reader, "k"))
            };
            assert_eq!(reply, reply_due, "{before}; {condition}");
            assert_eq!(
                content(&mut reader, "k"),
                value_due,
                "{before}; {condition}"
            );
        };
        check("", "NX", true);
        check("", "XX", false);
        check("HSET k f v", "NX", false);
        check("HSET k f v", "XX", true);
        check("SET k v", "IFEQ v", true);
        check("SET k v", "IFEQ w", false);
        check("", "IFEQ v", false);
        check("SET k v", "IFNE w", true);
        check("", "IFNE v", true);
        check("SET k hello", "IFDEQ 9555e8555c62dcfd", true);
        check("SET k hello", "IFDNE 9555E8555C62DCFD", false);
        check("SET k 41", "IFLT 42", true);
        check("SET k 42", "IFLT 42", false);
        check("", "IFGT 42", true);
    }
}
