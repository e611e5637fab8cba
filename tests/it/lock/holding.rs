use super::held;
use crate::support::*;

#[test]
fn a_free_lock_is_taken_with_its_token_and_time() {
    let (_server, mut client) = held();
    assert_eq!(client.cmd("GET k"), bulk("holder"));
    assert!((59_000..=60_000).contains(&client.cmd("PTTL k").number()));
    assert_eq!(client.cmd("LOCK.ACQUIRE other t EX 10"), int(1));
    assert!((9..=10).contains(&client.cmd("TTL other").number()));
}

#[test]
fn a_held_lock_is_busy_whoever_asks() {
    let (_server, mut client) = held();
    assert_eq!(client.cmd("LOCK.ACQUIRE k another PX 9"), int(0));
    assert_eq!(client.cmd("LOCK.ACQUIRE k holder PX 9"), int(0));
    assert!(client.cmd("PTTL k").number() > 1000);
}

#[test]
fn who_holds_it_extends_it_and_nobody_else() {
    let (_server, mut client) = held();
    assert_eq!(client.cmd("LOCK.EXTEND k another EX 1000"), int(0));
    assert!(client.cmd("TTL k").number() <= 60);
    assert_eq!(client.cmd("LOCK.EXTEND k holder EX 1000"), int(1));
    assert!(client.cmd("TTL k").number() > 60);
    assert_eq!(client.cmd("LOCK.EXTEND k holder PX 500"), int(1));
    assert!(client.cmd("PTTL k").number() <= 500);
}

#[test]
fn extending_neither_creates_nor_revives() {
    let (_server, mut client) = held();
    assert_eq!(client.cmd("LOCK.EXTEND free t EX 10"), int(0));
    assert_eq!(client.cmd("EXISTS free"), int(0));
    client.cmd("DEBUG SET-ACTIVE-EXPIRE 0");
    client.cmd("PEXPIRE k 1");
    client.cmd("DEBUG SLEEP 0.01");
    assert_eq!(client.cmd("LOCK.EXTEND k holder EX 10"), int(0));
    assert_eq!(client.cmd("EXISTS k"), int(0));
}

#[test]
fn who_holds_it_releases_it_and_nobody_else() {
    let (_server, mut client) = held();
    assert_eq!(client.cmd("LOCK.RELEASE k another"), int(0));
    assert_eq!(client.cmd("GET k"), bulk("holder"));
    assert_eq!(client.cmd("LOCK.RELEASE k holder"), int(1));
    assert_eq!(client.cmd("EXISTS k"), int(0));
    assert_eq!(client.cmd("LOCK.RELEASE k holder"), int(0));
}

#[test]
fn tokens_and_keys_are_any_bytes() {
    let server = Server::start();
    let mut client = server.client();
    for token in [&b""[..], b"\0\xff\r\n", b"42", b"EX", &[b'x'; 5000]] {
        let key = b"k\0\xff".as_slice();
        let acquire = [b"LOCK.ACQUIRE", key, token, b"PX", b"60000"];
        assert_eq!(client.call(&acquire), int(1));
        assert_eq!(client.call(&[b"GET", key]), bulk(token));
        assert_eq!(client.call(&[b"LOCK.RELEASE", key, b"other"]), int(0));
        let extend = [b"LOCK.EXTEND", key, token, b"PX", b"60000"];
        assert_eq!(client.call(&extend), int(1));
        assert_eq!(client.call(&[b"LOCK.RELEASE", key, token]), int(1));
    }
}

#[test]
fn a_key_that_holds_no_string_is_a_wrong_type_and_stays() {
    let server = Server::start();
    let mut client = server.client();
    client.cmd("RPUSH k a");
    for line in [
        "LOCK.ACQUIRE k t EX 1",
        "LOCK.ACQUIRE k t EX 1 BLOCK 0 REENTER",
        "LOCK.EXTEND k t EX 1",
        "LOCK.RELEASE k t",
        "LOCK.INFO k",
    ] {
        let reply = client.cmd(line);
        assert!(reply.text().starts_with("WRONGTYPE "), "{line}: {reply}");
        assert_eq!(client.cmd("TYPE k"), simple("list"), "{line}");
    }
}

#[test]
fn info_is_a_map_of_what_is_known() {
    let (server, mut client) = held();
    client.cmd("PERSIST k");
    let digest = client.cmd("CAS.DIGEST k");
    let pairs = [
        (bulk("held"), int(1)),
        (bulk("pttl"), int(-1)),
        (bulk("waiters"), int(0)),
        (bulk("owner"), digest),
    ];
    let flat: Vec<Value> = pairs
        .iter()
        .flat_map(|(n, v)| [n.clone(), v.clone()])
        .collect();
    assert_eq!(client.cmd("LOCK.INFO k"), array(flat.clone()));
    let in_resp3 = if server.is_at_least(7, 0) {
        map(pairs)
    } else {
        array(flat)
    };
    assert_eq!(server.client3().cmd("LOCK.INFO k"), in_resp3);
    let free = client.cmd("LOCK.INFO free").pairs();
    assert_eq!(free[0].1, int(0));
    assert_eq!(free[1].1, int(-1));
    assert_eq!(free[3].1, nil());
}

#[test]
fn what_cannot_be_a_time_is_refused_in_the_servers_words() {
    let server = Server::start();
    let mut client = server.client();
    for (line, text) in [
        (
            "LOCK.ACQUIRE k t EX 0",
            "ERR invalid expire time in 'lock.acquire' command",
        ),
        (
            "LOCK.ACQUIRE k t PX -1",
            "ERR invalid expire time in 'lock.acquire' command",
        ),
        (
            "LOCK.EXTEND k t EX 9223372036854775807",
            "ERR invalid expire time in 'lock.extend' command",
        ),
        (
            "LOCK.ACQUIRE k t EX x",
            "ERR value is not an integer or out of range",
        ),
        ("LOCK.ACQUIRE k t EXAT 9", "ERR syntax error"),
        ("LOCK.EXTEND k t KEEPTTL 9", "ERR syntax error"),
        ("LOCK.ACQUIRE k t EX 9 BLOCK -1", "ERR timeout is negative"),
        (
            "LOCK.ACQUIRE k t EX 9 BLOCK x",
            "ERR timeout is not an integer or out of range",
        ),
        ("LOCK.ACQUIRE k t BLOCK 9 FENCE n", "ERR syntax error"),
        (
            "LOCK.ACQUIRE k t EX 9 FENCE k",
            "ERR the counter of FENCE and the lock are the same key",
        ),
    ] {
        assert_eq!(client.cmd(line), error(text), "{line}");
        assert_eq!(client.cmd("DBSIZE"), int(0), "{line}");
    }
}
