//! A `SET` with a condition that the server lacks runs, and is checked, under another name.

use super::{is_refused, user};
use crate::support::*;

/// A condition that the server's own SET lacks, and that a missing key and any other than 16 zeros
/// meet.
fn foreign_condition() -> Option<&'static str> {
    let lacking = ["IFNE", "IFDNE"]
        .into_iter()
        .find(|condition| !has_native("SET", condition));
    if lacking.is_none() {
        not_applicable("the server's own SET has all conditions");
    }
    lacking
}

const OTHER: &str = "0000000000000000";

#[test]
fn the_right_to_set_is_none_to_a_condition_that_is_rewritten() {
    let Some(condition) = foreign_condition() else {
        return;
    };
    let server = Server::start();
    let mut observer = Observer::on(&server);
    let mut client = user(&server, &["+set", "~*"]);
    assert_eq!(client.cmd("SET k v EX 100"), ok());
    for (words, runs) in [
        (&["SET", "k", "w", condition, OTHER][..], "cas.nativeset"),
        (
            &["SET", "k", "w", condition, OTHER, "GET"],
            "cas.nativesetget",
        ),
    ] {
        let mut reply = nil();
        let seen = observer.during(|| reply = client.call(words));
        assert!(is_refused(&reply), "{reply}");
        assert!(reply.text().contains(&format!("'{runs}'")), "{reply}");
        assert!(seen.is_nothing(), "{seen:?}");
    }
}

#[test]
fn the_rights_to_what_it_is_rewritten_to_are_enough() {
    let Some(condition) = foreign_condition() else {
        return;
    };
    let server = Server::start();
    let mut client = user(&server, &["+cas.nativeset", "~*"]);
    let set = ["SET", "k", "v", condition, OTHER];
    assert_eq!(client.call(&set), ok());
    let get = [&set[..], &["GET"]].concat();
    assert!(is_refused(&client.call(&get)));
    let mut client = user(&server, &["+cas.nativesetget", "~*"]);
    assert_eq!(client.call(&get), bulk("v"));
    assert!(is_refused(&client.call(&set)));
    assert!(is_refused(&client.cmd("SET k v")));
}

#[test]
fn a_condition_that_the_server_has_needs_the_right_to_set_alone() {
    let Some(native) = ["IFEQ", "IFNE", "IFDEQ", "IFDNE"]
        .into_iter()
        .find(|condition| has_native("SET", condition))
    else {
        return not_applicable("the server's own SET has no conditions");
    };
    let server = Server::start();
    let mut client = user(&server, &["+set", "~*"]);
    let reply = client.call(&["SET", "k", "v", native, OTHER]);
    assert!(!reply.is_error(), "{reply}");
}

#[test]
fn the_conditions_keys_are_those_of_the_users_patterns() {
    let server = Server::start();
    let mut client = user(&server, &["+@all", "~mine:*"]);
    assert_eq!(client.cmd("SET mine:k v IFNE w"), ok());
    assert!(is_refused(&client.cmd("SET other:k v IFNE w")));
    assert_eq!(client.cmd("DELEX mine:k IFEQ v"), int(1));
    assert!(is_refused(&client.cmd("DELEX other:k IFEQ v")));
}

#[test]
fn a_script_has_the_rights_of_its_caller() {
    let server = Server::start();
    let script = "return redis.call('CAS.SET', KEYS[1], 'NX', 'v')";
    let mut client = user(&server, &["+eval", "~*"]);
    let reply = client.call(&["EVAL", script, "1", "k"]);
    assert!(reply.is_error(), "{reply}");
    assert_eq!(server.client().cmd("EXISTS k"), int(0));
    let mut client = user(&server, &["+eval", "+cas.set", "~*"]);
    assert_eq!(client.call(&["EVAL", script, "1", "k"]), ok());
}
