use super::{held, sent, until_waiting, waiters, waiting};
use crate::support::*;

#[test]
fn who_is_out_of_time_is_told_0_and_never_granted() {
    let (server, mut client) = held();
    let mut impatient = sent(&server, "LOCK.ACQUIRE k a PX 60000 BLOCK 20");
    let mut patient = waiting(&server, "b");
    assert_eq!(impatient.receive(), int(0));
    assert_eq!(waiters(&server), 1);
    client.cmd("LOCK.RELEASE k holder");
    assert_eq!(patient.receive(), int(1));
    assert_eq!(client.cmd("GET k"), bulk("b"));
    assert_eq!(impatient.cmd("PING"), simple("PONG"));
}

#[test]
fn who_is_unblocked_is_told_0_or_an_error_and_never_granted() {
    let (server, mut client) = held();
    for (how, told) in [
        ("", int(0)),
        (" TIMEOUT", int(0)),
        (
            " ERROR",
            error("UNBLOCKED client unblocked via CLIENT UNBLOCK"),
        ),
    ] {
        let mut leaving = server.client();
        let id = leaving.id();
        leaving.send(&["LOCK.ACQUIRE", "k", "a", "PX", "60000", "BLOCK", "0"]);
        until_waiting(&server, 1);
        let mut next = waiting(&server, "b");
        assert_eq!(client.cmd(&format!("CLIENT UNBLOCK {id}{how}")), int(1));
        assert_eq!(leaving.receive(), told);
        assert_eq!(client.cmd("CLIENT UNBLOCK 123456"), int(0));
        client.cmd("DEL k");
        assert_eq!(next.receive(), int(1));
        assert_eq!(client.cmd("GET k"), bulk("b"));
        assert_eq!(leaving.cmd("PING"), simple("PONG"));
    }
}

#[test]
fn who_disconnects_or_is_killed_is_never_granted() {
    let (server, mut client) = held();
    let mut killed = server.client();
    let id = killed.id();
    killed.send(&["LOCK.ACQUIRE", "k", "a", "PX", "60000", "BLOCK", "0"]);
    until_waiting(&server, 1);
    let gone = waiting(&server, "b");
    let mut next = waiting(&server, "c");
    drop(gone);
    until_waiting(&server, 2);
    client.cmd(&format!("CLIENT KILL ID {id}"));
    until_waiting(&server, 1);
    client.cmd("LOCK.RELEASE k holder");
    assert_eq!(next.receive(), int(1));
    assert_eq!(client.cmd("GET k"), bulk("c"));
}

#[test]
fn a_grant_of_which_a_client_was_killed_before_it_heard_goes_to_the_next() {
    let (server, mut client) = held();
    let mut killed = server.client();
    let id = killed.id().to_string();
    killed.send(&["LOCK.ACQUIRE", "k", "a", "PX", "60000", "BLOCK", "0"]);
    until_waiting(&server, 1);
    let mut next = waiting(&server, "b");
    // In one go: the lock is granted, and nobody has been told yet.
    let lines: [&[&str]; 2] = [
        &["LOCK.RELEASE", "k", "holder"],
        &["CLIENT", "KILL", "ID", &id],
    ];
    let bytes: Vec<u8> = lines.iter().flat_map(|line| resp::encode(line)).collect();
    client.send_bytes(&bytes);
    assert_eq!(client.receive(), int(1));
    assert_eq!(client.receive(), int(1));
    killed.expect_closed();
    assert_eq!(next.receive(), int(1));
    assert_eq!(client.cmd("GET k"), bulk("b"));
}

#[test]
fn who_is_unblocked_in_the_moment_of_the_grant_has_the_lock_or_leaves_it_to_the_next() {
    let (server, mut client) = held();
    for how in ["TIMEOUT", "ERROR"] {
        let mut leaving = server.client();
        let id = leaving.id().to_string();
        leaving.send(&["LOCK.ACQUIRE", "k", "a", "PX", "60000", "BLOCK", "0"]);
        until_waiting(&server, 1);
        let lines: [&[&str]; 2] = [&["DEL", "k"], &["CLIENT", "UNBLOCK", &id, how]];
        // A transaction, which no timer interrupts; the release hands over within it.
        let mut bytes = resp::encode(&["MULTI"]);
        bytes.extend(resp::encode(&["DEL", "k"]));
        bytes.extend(resp::encode(&["LOCK.ACQUIRE", "k", "c", "EX", "1"]));
        bytes.extend(resp::encode(lines[1]));
        bytes.extend(resp::encode(&["EXEC"]));
        client.send_bytes(&bytes);
        let replies: Vec<Value> = (0..5).map(|_| client.receive()).collect();
        assert_eq!(replies[4], array([int(1), int(0), int(1)]));
        let told = leaving.receive();
        until("it is decided", || {
            let owner = client.cmd("GET k");
            match how {
                // It was granted before, and is told so.
                "TIMEOUT" => told == int(1) && owner == bulk("a"),
                _ => told.is_error() && owner.is_null(),
            }
        });
        assert_eq!(leaving.cmd("PING"), simple("PONG"));
        client.cmd("SET k holder PX 60000");
    }
}

#[test]
fn a_lock_that_is_taken_back_is_only_ever_ones_own() {
    let (server, mut client) = held();
    let mut killed = server.client();
    let id = killed.id().to_string();
    killed.send(&["LOCK.ACQUIRE", "k", "a", "PX", "60000", "BLOCK", "0"]);
    until_waiting(&server, 1);
    // The same owner has come back before the server took the lock of its dead connection back.
    let mut bytes = Vec::new();
    for line in [
        &["LOCK.RELEASE", "k", "holder"][..],
        &["CLIENT", "KILL", "ID", &id],
        &["LOCK.ACQUIRE", "k", "a", "PX", "60000", "REENTER"],
    ] {
        bytes.extend(resp::encode(line));
    }
    client.send_bytes(&bytes);
    for _ in 0..3 {
        assert_eq!(client.receive(), int(1));
    }
    killed.expect_closed();
    assert_eq!(client.cmd("GET k"), bulk("a"));
    assert_eq!(client.cmd("LOCK.RELEASE k a"), int(1));
}
