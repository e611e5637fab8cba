use super::{held, sent, waiters};
use crate::support::*;

#[test]
fn the_holder_begins_its_time_anew() {
    let (_server, mut client) = held();
    let reply = client.cmd("LOCK.ACQUIRE k holder EX 1000 REENTER");
    assert_eq!(reply, int(1));
    assert!(client.cmd("TTL k").number() > 900);
    assert_eq!(client.cmd("LOCK.ACQUIRE k other EX 5 REENTER"), int(0));
    assert!(client.cmd("TTL k").number() > 900);
}

#[test]
fn a_free_lock_is_taken_as_ever() {
    let server = Server::start();
    let mut client = server.client();
    let line = "LOCK.ACQUIRE k t EX 9 FENCE n REENTER";
    assert_eq!(client.cmd(line), int(1));
    client.cmd("LOCK.RELEASE k t");
    assert_eq!(client.cmd(line), int(2));
}

#[test]
fn the_number_is_the_counters_present_one() {
    let server = Server::start();
    let mut client = server.client();
    assert_eq!(client.cmd("LOCK.ACQUIRE k t EX 9 FENCE n"), int(1));
    for _ in 0..3 {
        assert_eq!(client.cmd("LOCK.ACQUIRE k t EX 9 FENCE n REENTER"), int(1));
    }
    assert_eq!(client.cmd("GET n"), bulk("1"));
    // Taken without a number, it has none to be told yet.
    client.cmd("DEL n");
    assert_eq!(client.cmd("LOCK.ACQUIRE k t EX 9 FENCE n REENTER"), int(1));
    client.cmd("SET n x");
    let text = "ERR value is not an integer or out of range";
    let reply = client.cmd("LOCK.ACQUIRE k t EX 9 FENCE n REENTER");
    assert_eq!(reply, error(text));
}

#[test]
fn it_works_while_others_wait_and_does_not_let_them_in() {
    let (server, mut client) = held();
    let mut waiter = sent(&server, "LOCK.ACQUIRE k a EX 9 BLOCK 0");
    assert_eq!(client.cmd("LOCK.ACQUIRE k holder EX 9 REENTER"), int(1));
    assert_eq!(waiters(&server), 1);
    client.cmd("LOCK.RELEASE k holder");
    assert_eq!(waiter.receive(), int(1));
}

#[test]
fn an_owner_that_waits_twice_has_the_lock_twice() {
    // As after a reconnection that the server has not noticed.
    let (server, mut client) = held();
    let line = "LOCK.ACQUIRE k a PX 60000 BLOCK 0 FENCE n REENTER";
    let mut dead = sent(&server, line);
    let mut between = sent(&server, "LOCK.ACQUIRE k b PX 60000 BLOCK 0 FENCE n");
    let mut alive = sent(&server, line);
    client.cmd("LOCK.RELEASE k holder");
    assert_eq!(dead.receive(), int(1));
    assert_eq!(alive.receive(), int(1));
    assert_eq!(waiters(&server), 1);
    client.cmd("LOCK.RELEASE k a");
    assert_eq!(between.receive(), int(2));
}
