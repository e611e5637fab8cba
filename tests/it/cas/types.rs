//! Keys that hold no string, and strings that are something else to other commands.

use super::{COLLECTIONS, digest};
use crate::support::{Client, Server, array, bulk, error, int, nil, ok, simple};

const WRONG_TYPE: &str = "WRONGTYPE Operation against a key holding the wrong kind of value";
const NO_DIGEST: &str = "ERR digest is not defined for this type";

/// On a fresh `k` of each type.
fn each_collection(check: impl Fn(&mut Client, &str)) {
    let server = Server::start();
    let mut client = server.client();
    for (kind, make) in COLLECTIONS {
        client.cmd("DEL k");
        client.cmd(make);
        check(&mut client, kind);
    }
}

#[test]
fn conditions_on_bytes_and_numbers_want_a_string() {
    each_collection(|client, kind| {
        for condition in ["IFEQ v", "IFNE v", "IFGT 1", "IFGE 1", "IFLT 1", "IFLE 1"] {
            for command in [
                format!("CAS.SET k {condition} new"),
                format!("CAS.SET k {condition} new CREATE"),
                format!("CAS.DEL k {condition}"),
                format!("CAS.EXPIRE k {condition} EX 10"),
            ] {
                assert_eq!(client.cmd(&command), error(WRONG_TYPE), "{command}");
            }
        }
        assert_eq!(client.cmd("TYPE k"), simple(kind));
    });
}

#[test]
fn nx_and_xx_take_a_key_of_any_type() {
    each_collection(|client, kind| {
        assert_eq!(client.cmd("CAS.SET k NX new"), nil());
        assert_eq!(client.cmd("CAS.DEL k NX"), int(0));
        assert_eq!(client.cmd("CAS.EXPIRE k NX EX 10"), int(0));
        assert_eq!(client.cmd("TYPE k"), simple(kind));
        assert_eq!(client.cmd("CAS.EXPIRE k XX EX 10"), int(1));
        assert!(client.cmd("PTTL k").number() > 0);
        assert_eq!(client.cmd("CAS.DEL k XX"), int(1));
        assert_eq!(client.cmd("EXISTS k"), int(0));
    });
}

#[test]
fn cas_set_changes_the_type_as_set_does() {
    each_collection(|client, _| {
        assert_eq!(client.cmd("CAS.SET k XX new"), ok());
        assert_eq!(client.cmd("GET k"), bulk("new"));
    });
}

#[test]
fn cas_set_with_get_wants_a_string_whether_the_condition_is_true_or_false() {
    each_collection(|client, kind| {
        assert_eq!(client.cmd("CAS.SET k XX new GET"), error(WRONG_TYPE));
        assert_eq!(client.cmd("CAS.SET k NX new GET"), error(WRONG_TYPE));
        assert_eq!(client.cmd("TYPE k"), simple(kind));
    });
}

#[test]
fn cas_set_with_getdigest_shows_the_digest_of_the_new_value_over_any_type() {
    each_collection(|client, _| {
        let reply = client.cmd("CAS.SET k XX new GETDIGEST");
        assert_eq!(reply, array([int(1), bulk(digest("new"))]));
    });
}

#[test]
fn cas_del_with_get_wants_a_string_whether_the_condition_is_true_or_false() {
    each_collection(|client, kind| {
        assert_eq!(client.cmd("CAS.DEL k XX GET"), error(WRONG_TYPE));
        assert_eq!(client.cmd("CAS.DEL k NX GET"), error(WRONG_TYPE));
        assert_eq!(client.cmd("TYPE k"), simple(kind));
    });
}

#[test]
fn cas_get_wants_a_string() {
    each_collection(|client, _| {
        assert_eq!(client.cmd("CAS.GET k"), error(WRONG_TYPE));
        let known = client.call(&["CAS.GET", "k", "IFDNE", &digest("v")]);
        assert_eq!(known, error(WRONG_TYPE));
    });
}

#[test]
fn a_stream_has_no_digest() {
    let server = Server::start();
    let mut client = server.client();
    client.cmd("XADD k 1-1 a b");
    let any = digest("v");
    for call in [
        &["CAS.DIGEST", "k"][..],
        &["CAS.SET", "k", "IFDEQ", &any, "new"],
        &["CAS.SET", "k", "IFDNE", &any, "new"],
        &["CAS.SET", "k", "NX", "new", "GETDIGEST"],
        &["CAS.DEL", "k", "IFDEQ", &any],
        &["CAS.EXPIRE", "k", "IFDNE", &any, "EX", "10"],
    ] {
        assert_eq!(client.call(call), error(NO_DIGEST), "{call:?}");
    }
    assert_eq!(client.cmd("TYPE k"), simple("stream"));
}

#[test]
fn hyperloglogs_and_bitmaps_are_strings() {
    let server = Server::start();
    let mut client = server.client();
    for make in ["PFADD k a b c", "SETBIT k 7 1", "SETRANGE k 1000 x"] {
        client.cmd("DEL k");
        client.cmd(make);
        let value = client.cmd("GET k");
        let digest = digest(value.bytes());
        assert_eq!(client.cmd("CAS.DIGEST k"), bulk(&digest), "{make}");
        let set = client.call(words!["CAS.SET", "k", "IFEQ", value.bytes(), "new", "GET"]);
        assert_eq!(set, array([int(1), value]), "{make}");
    }
}
