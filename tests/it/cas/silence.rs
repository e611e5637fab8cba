//! What a miss and a read do to everyone else: nothing. No event, no word to replicas, no change counted.

use crate::support::{Observer, Server};

/// Given `k` = `v`, `long` of 200 bytes and `list`; there is no `none`.
fn are_silent(commands: &[&str]) {
    let server = Server::start();
    let mut client = server.client();
    client.cmd("SET k v");
    client.call(&["SET", "long", &"v".repeat(200)]);
    client.cmd("RPUSH list a");
    let mut observer = Observer::on(&server);
    for command in commands {
        let seen = observer.during(|| {
            let reply = client.cmd(command);
            assert!(!reply.is_error(), "{command}: {reply}");
        });
        assert!(seen.is_nothing(), "{command}: {seen:?}");
    }
}

#[test]
fn a_miss_of_cas_set_is_silent() {
    are_silent(&[
        "CAS.SET k IFEQ x w",
        "CAS.SET k IFEQ x w EX 10 GET",
        "CAS.SET k NX w GETDIGEST",
        "CAS.SET k IFNE v w PXAT 1",
        "CAS.SET k IFDEQ 0000000000000000 w KEEPTTL",
        "CAS.SET long IFDEQ 0000000000000000 w GET",
        "CAS.SET list NX w",
    ]);
}

#[test]
fn a_missing_key_that_cas_set_does_not_create_is_silent() {
    are_silent(&[
        "CAS.SET none XX w",
        "CAS.SET none IFEQ w w GET",
        "CAS.SET none IFNE w w NOCREATE",
        "CAS.SET none IFLT 1 w NOCREATE EX 10",
    ]);
}

#[test]
fn a_miss_of_cas_del_is_silent() {
    are_silent(&[
        "CAS.DEL k IFEQ x",
        "CAS.DEL k NX GET",
        "CAS.DEL long IFDEQ 0000000000000000 GET",
        "CAS.DEL none IFNE x",
        "CAS.DEL none NX GET",
    ]);
}

#[test]
fn a_miss_of_cas_expire_is_silent() {
    are_silent(&[
        "CAS.EXPIRE k IFEQ x EX 10",
        "CAS.EXPIRE k IFEQ x PXAT 1",
        "CAS.EXPIRE k NX PERSIST",
        "CAS.EXPIRE none NX EX 10",
        "CAS.EXPIRE none IFNE x PXAT 1",
    ]);
}

#[test]
fn persist_without_a_time_to_take_away_is_silent() {
    are_silent(&["CAS.EXPIRE k IFEQ v PERSIST", "CAS.EXPIRE list XX PERSIST"]);
}

#[test]
fn a_read_is_silent() {
    are_silent(&[
        "CAS.GET k",
        "CAS.GET long",
        "CAS.GET none",
        "CAS.GET k IFDNE 0000000000000000",
        "CAS.DIGEST k",
        "CAS.DIGEST long",
        "CAS.DIGEST none",
    ]);
}
