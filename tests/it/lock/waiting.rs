use super::{held, sent, until_waiting, waiting};
use crate::support::*;

#[test]
fn a_release_hands_over_in_the_order_of_arrival() {
    let (server, mut client) = held();
    let mut queue: Vec<Client> = ["a", "b", "c"].map(|token| waiting(&server, token)).into();
    let mut owner = "holder".to_owned();
    for (index, token) in ["a", "b", "c"].into_iter().enumerate() {
        assert_eq!(client.call(&["LOCK.RELEASE", "k", &owner]), int(1));
        assert_eq!(queue[index].receive(), int(1));
        assert_eq!(client.cmd("GET k"), bulk(token));
        owner = token.to_owned();
    }
    assert_eq!(super::waiters(&server), 0);
}

#[test]
fn the_time_to_live_counts_from_the_grant() {
    let (server, mut client) = held();
    let mut waiter = sent(&server, "LOCK.ACQUIRE k a PX 5000 BLOCK 0");
    until("a while has passed", || {
        client.cmd("PTTL k").number() < 59_900
    });
    client.cmd("LOCK.RELEASE k holder");
    assert_eq!(waiter.receive(), int(1));
    assert!((4900..=5000).contains(&client.cmd("PTTL k").number()));
}

#[test]
fn whatever_takes_the_key_away_hands_the_lock_over() {
    let server = Server::start();
    let mut client = server.client();
    for line in [
        "DEL k",
        "UNLINK k",
        "RENAME k elsewhere",
        "MOVE k 3",
        "FLUSHDB",
        "FLUSHALL",
        "FLUSHALL ASYNC",
        "SWAPDB 0 5",
        "PEXPIRE k 10",
        "PEXPIREAT k 1",
        "CAS.DEL k IFEQ holder",
        "CAS.EXPIRE k XX PX 10",
        "ATOMIC.REPLACE k SET 0",
    ] {
        client.cmd("FLUSHALL");
        client.cmd("LOCK.ACQUIRE k holder PX 60000");
        let mut waiter = waiting(&server, "next");
        client.cmd(line);
        assert_eq!(waiter.receive(), int(1), "{line}");
        assert_eq!(client.cmd("GET k"), bulk("next"), "{line}");
    }
}

#[test]
fn a_database_that_is_swapped_in_may_bring_a_holder() {
    let (server, mut client) = held();
    let mut waiter = waiting(&server, "next");
    let mut other = server.client();
    other.cmd("SELECT 5");
    other.cmd("SET k theirs");
    client.cmd("SWAPDB 0 5");
    assert_eq!(other.cmd("GET k"), bulk("holder"));
    assert_eq!(super::waiters(&server), 1);
    // The wait is for the key of the database that has this number, not for the old one.
    assert_eq!(other.cmd("LOCK.RELEASE k holder"), int(1));
    assert_eq!(super::waiters(&server), 1);
    assert_eq!(client.cmd("LOCK.RELEASE k theirs"), int(1));
    assert_eq!(waiter.receive(), int(1));
}

#[test]
fn when_its_holders_time_is_over_the_lock_goes_to_the_next_though_nobody_asks() {
    let server = Server::start();
    let mut client = server.client();
    // Only who waits sees to it.
    client.cmd("DEBUG SET-ACTIVE-EXPIRE 0");
    assert_eq!(client.cmd("LOCK.ACQUIRE k holder PX 50"), int(1));
    let mut first = sent(&server, "LOCK.ACQUIRE k a PX 50 BLOCK 0");
    let mut second = sent(&server, "LOCK.ACQUIRE k b PX 60000 BLOCK 0");
    assert_eq!(first.receive(), int(1));
    assert_eq!(second.receive(), int(1));
    assert_eq!(client.cmd("GET k"), bulk("b"));
}

#[test]
fn a_holder_that_extends_keeps_the_next_one_waiting() {
    let server = Server::start();
    let mut client = server.client();
    client.cmd("LOCK.ACQUIRE k holder PX 100");
    let mut waiter = waiting(&server, "next");
    assert_eq!(client.cmd("LOCK.EXTEND k holder PX 400"), int(1));
    until("the first time would be over", || {
        client.cmd("PTTL k").number() < 150
    });
    assert_eq!(super::waiters(&server), 1);
    assert_eq!(waiter.receive(), int(1));
    assert_eq!(client.cmd("GET k"), bulk("next"));
}

#[test]
fn a_lock_that_others_make_last_longer_or_for_ever_is_waited_for() {
    let server = Server::start();
    let mut client = server.client();
    for change in [
        "PERSIST k",
        "SET k theirs",
        "SET k theirs PX 60000",
        "GETEX k PERSIST",
    ] {
        client.cmd("FLUSHALL");
        client.cmd("LOCK.ACQUIRE k holder PX 60");
        let mut waiter = waiting(&server, "next");
        if client.cmd(change).is_error() {
            // GETEX came with 6.2.
            client.cmd("PERSIST k");
        }
        // A wait that ends when the time of the lock would have been over is served after it.
        let mut later = sent(&server, "LOCK.ACQUIRE k later EX 1 BLOCK 70");
        assert_eq!(later.receive(), int(0), "{change}");
        assert_eq!(super::waiters(&server), 1, "{change}");
        client.cmd("DEL k");
        assert_eq!(waiter.receive(), int(1), "{change}");
    }
}

#[test]
fn an_eviction_hands_the_lock_over() {
    let (server, mut client) = held();
    let mut waiter = waiting(&server, "next");
    client.cmd("CONFIG SET maxmemory-policy allkeys-random");
    client.cmd("CONFIG SET maxmemory 1");
    // The server evicts when it is asked for something that needs memory, and finds none.
    assert!(client.cmd("SET x 1").is_error());
    assert_eq!(waiter.receive(), int(1));
    client.cmd("CONFIG SET maxmemory 0");
}

#[test]
fn who_comes_while_others_wait_does_not_overtake() {
    let (server, mut client) = held();
    let mut waiter = waiting(&server, "first");
    // Both in one go, so that nobody has been served in between.
    client.send(&["DEL", "k"]);
    client.send(&["LOCK.ACQUIRE", "k", "newcomer", "PX", "60000"]);
    assert_eq!(client.receive(), int(1));
    assert_eq!(client.receive(), int(0));
    assert_eq!(waiter.receive(), int(1));
    assert_eq!(client.cmd("GET k"), bulk("first"));
    client.cmd("MULTI");
    client.cmd("DEL k");
    client.cmd("LOCK.ACQUIRE k newcomer PX 60000");
    assert_eq!(client.cmd("EXEC"), array([int(1), int(1)]));
}

#[test]
fn a_plain_set_that_comes_first_has_the_lock_and_the_queue_waits_on() {
    let (server, mut client) = held();
    let mut waiter = waiting(&server, "next");
    client.cmd("MULTI");
    client.cmd("DEL k");
    client.cmd("SET k theirs NX PX 60000");
    assert_eq!(client.cmd("EXEC"), array([int(1), ok()]));
    assert_eq!(super::waiters(&server), 1);
    assert_eq!(client.cmd("LOCK.RELEASE k theirs"), int(1));
    assert_eq!(waiter.receive(), int(1));
}

#[test]
fn each_key_of_each_database_has_its_own_queue() {
    let (server, mut client) = held();
    let mut waiter = waiting(&server, "next");
    let mut elsewhere = server.client();
    elsewhere.cmd("SELECT 1");
    assert_eq!(elsewhere.cmd("LOCK.ACQUIRE k theirs PX 60000"), int(1));
    assert_eq!(client.cmd("LOCK.ACQUIRE k2 t EX 9 BLOCK 9"), int(1));
    assert_eq!(elsewhere.cmd("LOCK.RELEASE k theirs"), int(1));
    assert_eq!(super::waiters(&server), 1);
    assert_eq!(client.cmd("LOCK.RELEASE k holder"), int(1));
    assert_eq!(waiter.receive(), int(1));
}

#[test]
fn a_key_that_becomes_something_else_ends_the_wait() {
    let (server, mut client) = held();
    let mut waiters = [waiting(&server, "a"), waiting(&server, "b")];
    client.cmd("RPUSH list x");
    client.cmd("RENAME list k");
    for waiter in &mut waiters {
        let reply = waiter.receive();
        assert!(reply.text().starts_with("WRONGTYPE "), "{reply}");
    }
    assert_eq!(client.cmd("TYPE k"), simple("list"));
    assert_eq!(super::waiters(&server), 0);
}

#[test]
fn info_and_counters_tell_how_many_wait() {
    let (server, mut client) = held();
    let mut queue = [waiting(&server, "a"), waiting(&server, "b")];
    assert_eq!(client.cmd("LOCK.INFO k").pairs()[2].1, int(2));
    assert_eq!(client.cmd("LOCK.INFO other").pairs()[2].1, int(0));
    client.cmd("LOCK.ACQUIRE k c EX 1");
    let mut impatient = sent(&server, "LOCK.ACQUIRE k d EX 1 BLOCK 30");
    assert_eq!(impatient.receive(), int(0));
    client.cmd("LOCK.RELEASE k holder");
    queue[0].receive();
    let count = |name| server.info_number("atomic", &format!("atomic_locks_{name}"));
    assert_eq!(count("granted"), 2);
    assert_eq!(count("busy"), 1);
    assert_eq!(count("timed_out"), 1);
    assert_eq!(count("waiting"), 1);
    assert!(count("longest_wait_ms") >= 30);
    until_waiting(&server, 1);
}

/// See <https://github.com/valkey-io/valkey/pull/4024>: some servers left the client in the other
/// database, once a module heard of keyspace events.
#[test]
fn once_somebody_has_waited_move_and_copy_leave_a_client_in_its_database() {
    let (server, mut client) = held();
    drop(waiting(&server, "a"));
    until_waiting(&server, 0);
    for db in [0, 4] {
        client.cmd(&format!("SELECT {db}"));
        for line in ["MOVE x 3", "COPY x y DB 5", "COPY x y DB 5 REPLACE"] {
            client.cmd("SET x 1");
            // COPY came with 6.2.
            client.cmd(line);
            client.cmd(&format!("SET {db} here"));
            let mut other = server.client();
            other.cmd(&format!("SELECT {db}"));
            assert_eq!(other.cmd(&format!("GET {db}")), bulk("here"), "{line}");
            other.cmd("FLUSHALL");
        }
    }
}
