use super::{held, sent};
use crate::support::*;

#[test]
fn each_grant_has_a_greater_number_and_the_counter_is_a_plain_integer() {
    let server = Server::start();
    let mut client = server.client();
    for number in 1..=3 {
        assert_eq!(client.cmd("LOCK.ACQUIRE k t EX 9 FENCE n"), int(number));
        assert_eq!(client.cmd("LOCK.ACQUIRE k u EX 9 FENCE n"), int(0));
        assert_eq!(client.cmd("GET n"), bulk(number.to_string()));
        assert_eq!(client.cmd("LOCK.RELEASE k t"), int(1));
    }
    assert_eq!(client.cmd("TTL n"), int(-1));
    assert_eq!(client.cmd("LOCK.ACQUIRE other t EX 9 FENCE n"), int(4));
}

#[test]
fn who_waits_is_told_the_number_of_its_own_grant() {
    let (server, mut client) = held();
    let line = |token: &str| format!("LOCK.ACQUIRE k {token} EX 9 BLOCK 0 FENCE n");
    let mut queue = ["a", "b"].map(|token| sent(&server, &line(token)));
    client.cmd("SET n 41");
    for (waiter, (owner, number)) in queue.iter_mut().zip([("holder", 42), ("a", 43)]) {
        client.call(&["LOCK.RELEASE", "k", owner]);
        assert_eq!(waiter.receive(), int(number));
    }
}

/// A value of the counter, and what a grant is refused with.
const BAD: [(&str, &str); 5] = [
    ("SET n x", "ERR value is not an integer or out of range"),
    ("SET n 1.5", "ERR value is not an integer or out of range"),
    ("SET n -1", "ERR value is not an integer or out of range"),
    (
        "SET n 9223372036854775807",
        "ERR increment or decrement would overflow",
    ),
    (
        "RPUSH n 1",
        "WRONGTYPE Operation against a key holding the wrong kind of value",
    ),
];

#[test]
fn with_a_counter_that_is_none_the_lock_is_not_taken() {
    let server = Server::start();
    let mut client = server.client();
    for (make, text) in BAD {
        client.cmd("DEL n");
        client.cmd(make);
        let before = client.cmd("DUMP n");
        assert_eq!(client.cmd("LOCK.ACQUIRE k t EX 9 FENCE n"), error(text));
        assert_eq!(client.cmd("EXISTS k"), int(0), "{make}");
        assert_eq!(client.cmd("DUMP n"), before, "{make}");
    }
}

#[test]
fn who_waits_with_a_counter_that_is_none_is_told_and_the_next_has_the_lock() {
    for (make, text) in BAD {
        let (server, mut client) = held();
        let mut bad = sent(&server, "LOCK.ACQUIRE k a EX 9 BLOCK 0 FENCE n");
        let mut next = sent(&server, "LOCK.ACQUIRE k b EX 9 BLOCK 0");
        client.cmd(make);
        client.cmd("LOCK.RELEASE k holder");
        assert_eq!(bad.receive(), error(text), "{make}");
        assert_eq!(next.receive(), int(1), "{make}");
        assert_eq!(client.cmd("GET k"), bulk("b"));
    }
}
