//! Every byte of every reply, in RESP2 and in RESP3.

use super::digest;
use crate::support::{Server, array, bulk, int};

const HELLO: &str = "9555e8555c62dcfd";
const NEW: &str = "4db73088ace631b8";

/// Given `k` = `hello` and no `none`, each command has this reply in RESP2; in RESP3 its nulls
/// (`$-1`) are `_`, and nothing else differs.
fn check(expected: &[(&str, &str)]) {
    let server = Server::start();
    for (protocol, mut client) in ["$-1", "_"].into_iter().zip(server.clients()) {
        for (command, reply) in expected {
            client.cmd("FLUSHALL");
            client.cmd("SET k hello");
            let got = client.exact(&command.split(' ').collect::<Vec<_>>());
            let got = String::from_utf8(got).expect("ASCII").replace("\r\n", " ");
            let wanted = reply.replace("$-1", protocol);
            assert_eq!(got.trim_end(), wanted, "{command}");
        }
    }
}

#[test]
fn the_digests_in_these_tests_are_those_of_their_values() {
    assert_eq!(digest("hello"), HELLO);
    assert_eq!(digest("new"), NEW);
}

#[test]
fn cas_set_replies_ok_or_null() {
    check(&[
        ("CAS.SET k IFEQ hello new", "+OK"),
        ("CAS.SET k IFEQ other new", "$-1"),
        ("CAS.SET none IFNE other new", "+OK"),
        ("CAS.SET none XX new", "$-1"),
        ("CAS.SET k IFEQ hello new EX 100", "+OK"),
        ("CAS.SET k IFEQ other new KEEPTTL", "$-1"),
    ]);
}

#[test]
fn cas_set_with_get_replies_success_and_the_value_before() {
    check(&[
        ("CAS.SET k IFEQ hello new GET", "*2 :1 $5 hello"),
        ("CAS.SET k IFEQ other new GET", "*2 :0 $5 hello"),
        ("CAS.SET none NX new GET", "*2 :1 $-1"),
        ("CAS.SET none XX new GET", "*2 :0 $-1"),
        ("CAS.SET none IFEQ other new CREATE GET", "*2 :1 $-1"),
    ]);
}

#[test]
fn cas_set_with_getdigest_replies_success_and_the_digest_now_stored() {
    check(&[
        (
            "CAS.SET k IFEQ hello new GETDIGEST",
            &format!("*2 :1 $16 {NEW}"),
        ),
        (
            "CAS.SET k IFEQ other new GETDIGEST",
            &format!("*2 :0 $16 {HELLO}"),
        ),
        ("CAS.SET none NX new GETDIGEST", &format!("*2 :1 $16 {NEW}")),
        ("CAS.SET none XX new GETDIGEST", "*2 :0 $-1"),
    ]);
}

#[test]
fn cas_del_replies_one_or_zero() {
    check(&[
        ("CAS.DEL k IFEQ hello", ":1"),
        ("CAS.DEL k IFEQ other", ":0"),
        ("CAS.DEL none IFNE other", ":0"),
    ]);
}

#[test]
fn cas_del_with_get_replies_success_and_the_value_before() {
    check(&[
        ("CAS.DEL k IFEQ hello GET", "*2 :1 $5 hello"),
        ("CAS.DEL k IFEQ other GET", "*2 :0 $5 hello"),
        ("CAS.DEL none NX GET", "*2 :0 $-1"),
    ]);
}

#[test]
fn cas_expire_replies_one_or_zero() {
    check(&[
        ("CAS.EXPIRE k IFEQ hello EX 100", ":1"),
        ("CAS.EXPIRE k IFEQ other EX 100", ":0"),
        ("CAS.EXPIRE k XX PERSIST", ":1"),
        ("CAS.EXPIRE none NX EX 100", ":0"),
    ]);
}

#[test]
fn cas_get_replies_digest_and_value_or_null() {
    check(&[
        ("CAS.GET k", &format!("*2 $16 {HELLO} $5 hello")),
        ("CAS.GET none", "$-1"),
    ]);
}

#[test]
fn cas_get_leaves_the_value_out_where_the_client_knows_it() {
    check(&[
        (
            &format!("CAS.GET k IFDNE {HELLO}"),
            &format!("*2 $16 {HELLO} $-1"),
        ),
        (
            &format!("CAS.GET k IFDNE {NEW}"),
            &format!("*2 $16 {HELLO} $5 hello"),
        ),
        (
            &format!("CAS.GET k ifdne {}", HELLO.to_uppercase()),
            &format!("*2 $16 {HELLO} $-1"),
        ),
        (&format!("CAS.GET none IFDNE {HELLO}"), "$-1"),
    ]);
}

#[test]
fn cas_digest_replies_sixteen_digits_or_null() {
    check(&[
        ("CAS.DIGEST k", &format!("$16 {HELLO}")),
        ("CAS.DIGEST none", "$-1"),
    ]);
}

#[test]
fn a_chain_of_digests_needs_no_read_in_between() {
    let server = Server::start();
    let mut client = server.client();
    let first = client.cmd("CAS.SET k NX one GETDIGEST");
    assert_eq!(first, array([int(1), bulk(digest("one"))]));
    let (one, two) = (digest("one"), digest("two"));
    let second = client.call(&["CAS.SET", "k", "IFDEQ", &one, "two", "GETDIGEST"]);
    assert_eq!(second, array([int(1), bulk(&two)]));
    let stale = client.call(&["CAS.SET", "k", "IFDEQ", &one, "three", "GETDIGEST"]);
    assert_eq!(
        stale,
        array([int(0), bulk(&two)]),
        "it says what to go on with"
    );
    let third = client.call(&["CAS.SET", "k", "IFDEQ", &two, "three", "GETDIGEST"]);
    assert_eq!(third, array([int(1), bulk(digest("three"))]));
}

#[test]
fn a_conditional_get_follows_a_value_as_it_changes() {
    let server = Server::start();
    let mut client = server.client();
    client.cmd("SET k one");
    let known = client.cmd("CAS.GET k").items()[0].text();
    let unchanged = client.call(&["CAS.GET", "k", "IFDNE", &known]);
    assert!(unchanged.items()[1].is_null());
    client.cmd("SET k two");
    let changed = client.call(&["CAS.GET", "k", "IFDNE", &known]);
    assert_eq!(changed, array([bulk(digest("two")), bulk("two")]));
}
