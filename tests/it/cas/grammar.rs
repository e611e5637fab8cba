//! What is a call and what is refused, and in which words. That a refusal changes nothing is tested of
//! every refusal, in `errors.rs`.

use super::{digest, holding};
use crate::support::{Client, bulk, error, int, nil, ok};

const SYNTAX: &str = "ERR syntax error";
const NOT_AN_INTEGER: &str = "ERR value is not an integer or out of range";

fn refused(client: &mut Client, text: &str, commands: &[&str]) {
    for command in commands {
        assert_eq!(client.cmd(command), error(text), "{command}");
    }
}

#[test]
fn a_wrong_number_of_words_is_named_with_the_command() {
    let (_server, mut client) = holding("v");
    for (command, lines) in [
        ("cas.set", &["CAS.SET", "CAS.SET k", "cas.set k NX"][..]),
        ("cas.del", &["CAS.DEL", "Cas.Del k"]),
        (
            "cas.expire",
            &["CAS.EXPIRE", "CAS.EXPIRE k", "CAS.EXPIRE k XX"],
        ),
        ("cas.get", &["CAS.GET"]),
        ("cas.digest", &["CAS.DIGEST", "CAS.DIGEST k k"]),
    ] {
        let text = format!("ERR wrong number of arguments for '{command}' command");
        refused(&mut client, &text, lines);
    }
}

#[test]
fn a_word_that_is_no_condition_is_a_syntax_error() {
    let (_server, mut client) = holding("v");
    refused(
        &mut client,
        SYNTAX,
        &[
            "CAS.SET k IF v new",
            "CAS.SET k v new",
            "CAS.SET k GET v new",
            "CAS.SET k CREATE IFEQ v new",
            "CAS.DEL k v",
            "CAS.DEL k GET",
            "CAS.EXPIRE k v EX 10",
            "CAS.EXPIRE k EX 10",
            "CAS.GET k IFDEQ 9555e8555c62dcfd",
            "CAS.GET k 9555e8555c62dcfd",
        ],
    );
}

#[test]
fn a_condition_or_option_without_its_operand_is_a_syntax_error() {
    let (_server, mut client) = holding("v");
    refused(
        &mut client,
        SYNTAX,
        &[
            "CAS.SET k IFEQ v",
            "CAS.SET k IFEQ v new EX",
            "CAS.SET k IFEQ v new GET PXAT",
            "CAS.DEL k IFEQ",
            "CAS.DEL k IFGT",
            "CAS.EXPIRE k IFEQ v",
            "CAS.EXPIRE k XX EX",
            "CAS.GET k IFDNE",
        ],
    );
}

#[test]
fn a_repeated_option_is_a_syntax_error() {
    let (_server, mut client) = holding("v");
    for option in [
        "CREATE",
        "NOCREATE",
        "GET",
        "GETDIGEST",
        "KEEPTTL",
        "EX 10",
        "PXAT 9999",
    ] {
        let command = format!("CAS.SET k IFEQ v new {option} {option}");
        refused(&mut client, SYNTAX, &[&command]);
    }
    refused(
        &mut client,
        SYNTAX,
        &[
            "CAS.SET k IFEQ v new IFEQ v",
            "CAS.DEL k XX GET GET",
            "CAS.DEL k XX XX",
            "CAS.EXPIRE k XX PERSIST PERSIST",
            "CAS.EXPIRE k XX EX 10 EX 10",
            "CAS.GET k IFDNE 9555e8555c62dcfd IFDNE 9555e8555c62dcfd",
        ],
    );
}

#[test]
fn options_that_contradict_each_other_are_a_syntax_error() {
    let (_server, mut client) = holding("v");
    refused(
        &mut client,
        SYNTAX,
        &[
            "CAS.SET k IFEQ v new CREATE NOCREATE",
            "CAS.SET k IFEQ v new GET GETDIGEST",
            "CAS.SET k IFEQ v new EX 10 KEEPTTL",
            "CAS.SET k IFEQ v new KEEPTTL PXAT 9999",
            "CAS.SET k IFEQ v new EX 10 PX 10",
            "CAS.SET k NX new CREATE",
            "CAS.SET k XX new NOCREATE",
            "CAS.SET k NX XX new",
            "CAS.EXPIRE k XX EX 10 PERSIST",
        ],
    );
}

#[test]
fn an_option_of_another_command_is_a_syntax_error() {
    let (_server, mut client) = holding("v");
    refused(
        &mut client,
        SYNTAX,
        &[
            "CAS.SET k IFEQ v new PERSIST",
            "CAS.SET k IFEQ v new NX",
            "CAS.DEL k XX GETDIGEST",
            "CAS.DEL k XX EX 10",
            "CAS.EXPIRE k XX KEEPTTL",
            "CAS.EXPIRE k XX EX 10 GET",
            "CAS.GET k GET",
        ],
    );
}

#[test]
fn options_stand_in_any_order_and_case_after_the_value() {
    let (_server, mut client) = holding("v");
    for options in [
        "CREATE GET EX 1000",
        "GET EX 1000 CREATE",
        "ex 1000 create get",
        "Get Create Ex 1000",
    ] {
        client.cmd("SET k v");
        let reply = client.cmd(&format!("cas.set k ifEQ v new {options}"));
        assert_eq!(reply.items()[0], int(1), "{options}");
        assert_eq!(reply.items()[1], bulk("v"), "{options}");
        assert!(client.cmd("PTTL k").number() > 0, "{options}");
    }
}

#[test]
fn words_in_the_place_of_data_are_data_whatever_they_spell() {
    let (_server, mut client) = holding("v");
    for key in ["IFEQ", "NX", "GET", "CAS.SET"] {
        assert_eq!(client.call(&["CAS.SET", key, "NX", "EX"]), ok());
        assert_eq!(client.call(&["CAS.SET", key, "IFEQ", "EX", "GET"]), ok());
        assert_eq!(
            client.call(&["CAS.SET", key, "IFEQ", "GET", "CREATE"]),
            ok()
        );
        assert_eq!(
            client.call(&["CAS.SET", key, "IFNE", "IFNE", "KEEPTTL"]),
            ok()
        );
        assert_eq!(client.call(&["GET", key]), bulk("KEEPTTL"));
        let reply = client.call(&["CAS.DEL", key, "IFEQ", "KEEPTTL", "GET"]);
        assert_eq!(reply.items()[1], bulk("KEEPTTL"));
    }
}

#[test]
fn a_syntax_error_is_found_before_a_wrong_time() {
    let (_server, mut client) = holding("v");
    refused(
        &mut client,
        SYNTAX,
        &["CAS.SET k XX new EX 0 BOGUS", "CAS.EXPIRE k XX EX x BOGUS"],
    );
}

#[test]
fn a_false_condition_is_no_error_and_does_not_hide_one() {
    let (_server, mut client) = holding("v");
    assert_eq!(client.cmd("CAS.SET k IFEQ other new"), nil());
    refused(&mut client, SYNTAX, &["CAS.SET k IFEQ other new BOGUS"]);
    let other = digest("other");
    let call = ["CAS.SET", "k", "IFDEQ", &other, "new", "EX", "x"];
    assert_eq!(client.call(&call), error(NOT_AN_INTEGER));
}
