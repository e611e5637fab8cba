//! `DELIFEQ key value` of Valkey 9, where it is the module's and where it is the server's own.

use crate::support::*;

const NOT_THERE: &str = "a server with DELEX and DIGEST of its own gets no DELIFEQ";

/// A server that has the command; `None` (and said so) when there is none.
fn server() -> Option<Server> {
    let server = Server::start();
    if !has_native("DELIFEQ", "") && has_native("DELEX", "") {
        not_applicable(NOT_THERE);
        return None;
    }
    Some(server)
}

#[test]
fn an_equal_value_is_deleted() {
    let Some(server) = server() else { return };
    for mut client in server.clients() {
        client.cmd("SET k v");
        assert_eq!(client.cmd("DELIFEQ k v"), int(1));
        assert_eq!(client.cmd("EXISTS k"), int(0));
    }
}

#[test]
fn another_value_stays() {
    let Some(server) = server() else { return };
    let mut client = server.client();
    client.cmd("SET k v");
    assert_eq!(client.cmd("DELIFEQ k V"), int(0));
    assert_eq!(client.cmd("GET k"), bulk("v"));
}

#[test]
fn a_missing_key_is_0() {
    let Some(server) = server() else { return };
    assert_eq!(server.client().cmd("DELIFEQ k v"), int(0));
}

#[test]
fn bytes_are_compared_and_integers_by_their_text() {
    let Some(server) = server() else { return };
    let mut client = server.client();
    client.call(&[b"SET".as_slice(), b"k", b"a\0\xff\r\n"]);
    assert_eq!(client.call(&[b"DELIFEQ".as_slice(), b"k", b"a"]), int(0));
    assert_eq!(
        client.call(&[b"DELIFEQ".as_slice(), b"k", b"a\0\xff\r\n"]),
        int(1)
    );
    client.cmd("SET n 12345");
    assert_eq!(client.cmd("DELIFEQ n +12345"), int(0));
    assert_eq!(client.cmd("DELIFEQ n 12345"), int(1));
}

#[test]
fn a_key_that_holds_no_string_is_a_wrong_type() {
    let Some(server) = server() else { return };
    let mut client = server.client();
    client.cmd("RPUSH l a");
    assert_eq!(
        client.cmd("DELIFEQ l a"),
        error("WRONGTYPE Operation against a key holding the wrong kind of value")
    );
    assert_eq!(client.cmd("LLEN l"), int(1));
}

#[test]
fn it_takes_a_key_and_a_value() {
    let Some(server) = server() else { return };
    for wrong in ["DELIFEQ", "DELIFEQ k", "DELIFEQ k v w"] {
        assert_eq!(
            server.client().cmd(wrong),
            error("ERR wrong number of arguments for 'delifeq' command"),
            "{wrong}"
        );
    }
}

#[test]
fn a_hit_is_a_plain_deletion_to_everyone_else() {
    let Some(server) = server() else { return };
    let mut client = server.client();
    let mut observer = Observer::on(&server);
    client.cmd("SET k v");
    let seen = observer.during(|| client.cmd("DELIFEQ k v"));
    assert_eq!(seen.events, ["del k"]);
    assert_eq!(seen.invalidated, ["k"]);
    assert_eq!(seen.dirty, 1);
    let removals: Vec<Words> = seen
        .propagated
        .into_iter()
        // Before 7.0 a module's write stands between MULTI and EXEC.
        .filter(|command| !matches!(command.name().as_str(), "MULTI" | "EXEC"))
        .collect();
    assert!(
        removals == ["DEL k"] || removals == ["UNLINK k"],
        "{removals:?}"
    );
}

#[test]
fn a_miss_is_nothing_to_everyone_else() {
    let Some(server) = server() else { return };
    let mut client = server.client();
    let mut observer = Observer::on(&server);
    client.cmd("SET k v");
    let seen = observer.during(|| {
        client.cmd("DELIFEQ k w");
        client.cmd("DELIFEQ missing v");
    });
    assert!(seen.is_nothing(), "{seen:?}");
}
