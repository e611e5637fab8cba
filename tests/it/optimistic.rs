//! Reading, changing and writing back without a lock: of many clients that do so at once, none loses what
//! another did.

use std::thread;

use crate::digest::definition::{of_hash, of_string};
use crate::support::*;

const CLIENTS: usize = 8;
/// Of each client.
const CHANGES: usize = 40;
/// Of two accounts.
const SUM: i64 = 1000;

/// Runs `change` for each client, number and connection given, all at once.
fn at_once(server: &Server, change: impl Fn(usize, &mut Client) + Sync) {
    thread::scope(|scope| {
        for number in 0..CLIENTS {
            let (mut client, change) = (server.client(), &change);
            scope.spawn(move || change(number, &mut client));
        }
    });
}

/// Tries until it has succeeded as often as each client is to.
fn until_all_succeed(mut attempt: impl FnMut() -> bool) {
    let mut done = 0;
    while done < CHANGES {
        done += usize::from(attempt());
    }
}

fn number(value: &Value) -> i64 {
    value.text().parse().expect("a number")
}

#[test]
fn a_hash_that_is_replaced_on_its_digest_loses_no_update() {
    let server = Server::start();
    server.client().cmd("HSET k count 0 by nobody");
    at_once(&server, |number_of_client, client| {
        until_all_succeed(|| {
            let fields = client.cmd("HGETALL k").pairs();
            let bytes = fields
                .iter()
                .map(|(field, value)| (field.bytes(), value.bytes()));
            let digest = of_hash(bytes);
            let (_, count) = fields
                .iter()
                .find(|(field, _)| field.bytes() == b"count")
                .expect("it");
            let count = number(count) + 1;
            let line = format!(
                "ATOMIC.REPLACE k IFDEQ {digest} HASH 2 count {count} by client-{number_of_client}"
            );
            !client.cmd(&line).is_null()
        });
    });
    let count = server.client().cmd("HGET k count");
    assert_eq!(count, bulk((CLIENTS * CHANGES).to_string()));
}

#[test]
fn fields_that_are_set_on_a_version_lose_no_update() {
    let server = Server::start();
    server.client().cmd("HSET k version 0 sum 0");
    at_once(&server, |_, client| {
        until_all_succeed(|| {
            let read = client.cmd("HMGET k version sum");
            let (version, sum) = (number(&read.items()[0]), number(&read.items()[1]));
            let (next, sum) = (version + 1, sum + 3);
            let line =
                format!("CAS.HSET k version IFEQ {version} FIELDS 2 version {next} sum {sum}");
            client.cmd(&line) == int(1)
        });
    });
    let read = server.client().cmd("HMGET k version sum");
    let all = CLIENTS * CHANGES;
    assert_eq!(
        read,
        array([all, 3 * all].map(|number| bulk(number.to_string())))
    );
}

#[test]
fn a_transfer_between_two_accounts_keeps_their_sum() {
    let server = Server::start();
    if !server.is_at_least(7, 0) {
        return not_applicable("before 7.0 a module cannot check permissions");
    }
    server.client().cmd("MSET a 1000 b 0");
    at_once(&server, |number_of_client, client| {
        until_all_succeed(|| {
            let read = client.cmd("MGET a b");
            let (a, b) = (number(&read.items()[0]), number(&read.items()[1]));
            assert_eq!(a + b, SUM, "seen in the middle of a transfer");
            let amount = i64::try_from(number_of_client).expect("few") - 3;
            let line = format!(
                "CAS.TXN 2 a IFEQ {a} b IFEQ {b} THEN 2 3 SET a {} 3 SET b {}",
                a - amount,
                b + amount
            );
            client.cmd(&line).items()[0] == int(1)
        });
    });
    let read = server.client().cmd("MGET a b");
    // Each client has moved its amount as often as every other.
    let moved: i64 = (0..8).map(|client| client - 3).sum::<i64>() * 40;
    let expected = [SUM - moved, moved].map(|amount| bulk(amount.to_string()));
    assert_eq!(read, array(expected));
}

#[test]
fn of_versions_that_come_in_any_order_the_newest_stays() {
    let server = Server::start();
    at_once(&server, |number_of_client, client| {
        let all = CLIENTS * CHANGES;
        for i in 0..CHANGES {
            // Each number once, in an order that jumps up and down.
            let version = (i * CLIENTS + number_of_client) * 173 % all;
            client.cmd(&format!("CAS.SET k IFLT {version} {version}"));
            let held = usize::try_from(number(&client.cmd("GET k"))).expect("a version");
            assert!(held >= version, "{held} after {version}");
        }
    });
    let newest = CLIENTS * CHANGES - 1;
    assert_eq!(server.client().cmd("GET k"), bulk(newest.to_string()));
}

/// The reply tells the digest of what is stored, by which a client that knows what it may be needs no read.
#[test]
fn a_chain_of_digests_loses_no_update() {
    let server = Server::start();
    server.client().cmd("SET k 0");
    at_once(&server, |_, client| {
        let mut known = 0;
        until_all_succeed(|| {
            let digest = of_string(known.to_string().as_bytes());
            let line = format!("CAS.SET k IFDEQ {digest} {} GETDIGEST", known + 1);
            let reply = client.cmd(&line);
            let stored = reply.items()[1].text();
            known = (known..=CLIENTS * CHANGES)
                .find(|number| of_string(number.to_string().as_bytes()) == stored)
                .expect("some number");
            reply.items()[0] == int(1)
        });
    });
    let all = CLIENTS * CHANGES;
    assert_eq!(server.client().cmd("GET k"), bulk(all.to_string()));
}
