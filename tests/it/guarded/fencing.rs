//! Writes under a lock: a holder that was away for longer than the lock lives cannot write any more.

use super::start;
use crate::support::*;

#[test]
fn a_holder_whose_lock_has_expired_cannot_write() {
    let Some(server) = start() else { return };
    let (mut slow, mut fast) = (server.client(), server.client());
    let write = |client: &mut Client, token: &str| {
        let line = format!("CAS.IF 1 lock IFEQ {token} THEN ATOMIC.REPLACEHASH config by {token}");
        client.cmd(&line)
    };
    assert_eq!(slow.cmd("SET lock slow NX PX 40"), ok());
    assert_eq!(write(&mut slow, "slow"), ok());
    // It sleeps, is swapped out, collects garbage …
    until("somebody else has the lock", || {
        fast.cmd("SET lock fast NX PX 60000") == ok()
    });
    assert_eq!(write(&mut fast, "fast"), ok());
    assert_eq!(write(&mut slow, "slow"), nil());
    assert_eq!(slow.cmd("CAS.DEL lock IFEQ slow"), int(0));
    assert_eq!(
        fast.cmd("HGETALL config"),
        array([bulk("by"), bulk("fast")])
    );
}

/// What is written lies elsewhere than the lock, in another process or server, which sees but the number
/// that came with the grant: it takes a greater one only.
#[test]
fn a_grant_that_was_overtaken_cannot_write_where_the_lock_is_not_seen() {
    let Some(server) = start() else { return };
    let mut client = server.client();
    let mut grant = || {
        client.cmd("DEL lock");
        let line = "CAS.TXN 1 lock NX THEN 2 5 SET lock token PX 60000 2 INCR fence";
        client.cmd(line).items()[1].items()[1].number()
    };
    let (first, second) = (grant(), grant());
    assert!(first < second);
    let storage = Server::start();
    let mut storage = storage.client();
    let mut write = |fence: i64, value: &str| {
        let line = format!(
            "CAS.TXN 1 config FIELD fence IFLE {fence} THEN 1 6 HSET config fence {fence} value {value}"
        );
        storage.cmd(&line).items()[0].number() == 1
    };
    assert!(write(first, "early"));
    assert!(write(second, "new"));
    assert!(!write(first, "late"));
    assert!(write(second, "newer"));
    assert_eq!(storage.cmd("HGET config value"), bulk("newer"));
}
