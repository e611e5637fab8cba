//! Operands that are no digest, no number, no time: refused, whatever the key holds.

use super::holding;
use crate::support::{bulk, error};

const NOT_AN_INTEGER: &str = "ERR value is not an integer or out of range";
const DIGEST: &str = "ERR digest must be exactly 16 hexadecimal characters";

#[test]
fn a_digest_operand_must_be_one_even_where_the_key_is_missing_or_of_another_type() {
    let (_server, mut client) = holding("v");
    client.cmd("RPUSH list a");
    for key in ["k", "list", "none"] {
        for bad in [
            "",
            "9555e8555c62dcf",
            "9555e8555c62dcfd0",
            "9555e8555c62dcfg",
            "0x55e8555c62dcfd",
            "+555e8555c62dcfd",
            " 555e8555c62dcfd",
        ] {
            for condition in ["IFDEQ", "IFDNE"] {
                for call in [
                    &["CAS.SET", key, condition, bad, "new"][..],
                    &["CAS.DEL", key, condition, bad],
                    &["CAS.EXPIRE", key, condition, bad, "EX", "10"],
                ] {
                    assert_eq!(client.call(call), error(DIGEST), "{call:?}");
                }
            }
            let call = ["CAS.GET", key, "IFDNE", bad];
            assert_eq!(client.call(&call), error(DIGEST), "{call:?}");
        }
    }
}

#[test]
fn a_numeric_operand_must_be_one_even_where_the_key_is_missing() {
    let (_server, mut client) = holding("42");
    for key in ["k", "none"] {
        for bad in [
            "",
            "x",
            "1.5",
            "+1",
            "01",
            "-0",
            " 1",
            "9223372036854775808",
        ] {
            for condition in ["IFGT", "IFGE", "IFLT", "IFLE"] {
                let call = ["CAS.SET", key, condition, bad, "new"];
                assert_eq!(client.call(&call), error(NOT_AN_INTEGER), "{call:?}");
                let call = ["CAS.DEL", key, condition, bad];
                assert_eq!(client.call(&call), error(NOT_AN_INTEGER), "{call:?}");
            }
        }
    }
}

#[test]
fn a_stored_value_must_be_a_number_under_a_numeric_condition() {
    let (_server, mut client) = holding("42");
    for stored in [
        "",
        "x",
        "1.5",
        "+1",
        "01",
        "-0",
        " 1",
        "9223372036854775808",
    ] {
        client.call(&["SET", "k", stored]);
        for condition in ["IFGT", "IFGE", "IFLT", "IFLE"] {
            let call = ["CAS.SET", "k", condition, "1", "new"];
            assert_eq!(client.call(&call), error(NOT_AN_INTEGER), "{stored:?}");
            let call = ["CAS.EXPIRE", "k", condition, "1", "PERSIST"];
            assert_eq!(client.call(&call), error(NOT_AN_INTEGER), "{stored:?}");
        }
    }
}

#[test]
fn an_expiry_that_is_no_time_is_refused_before_the_key_is_looked_at() {
    let (_server, mut client) = holding("v");
    client.cmd("RPUSH list a");
    for unit in ["EX", "PX", "EXAT", "PXAT"] {
        for (time, seconds_only, text) in [
            ("0", false, "invalid"),
            ("-1", false, "invalid"),
            ("-9223372036854775808", false, "invalid"),
            ("9223372036854775807", true, "invalid"),
            ("9223372036854776", true, "invalid"),
            ("", false, NOT_AN_INTEGER),
            ("x", false, NOT_AN_INTEGER),
            ("1.5", false, NOT_AN_INTEGER),
            ("+1", false, NOT_AN_INTEGER),
            ("010", false, NOT_AN_INTEGER),
            ("9223372036854775808", false, NOT_AN_INTEGER),
        ] {
            if seconds_only && !unit.starts_with("EX") {
                continue;
            }
            for key in ["k", "list", "none"] {
                let set = ["CAS.SET", key, "IFEQ", "v", "new", unit, time];
                let expire = ["CAS.EXPIRE", key, "IFEQ", "v", unit, time];
                for (name, call) in [("cas.set", &set[..]), ("cas.expire", &expire)] {
                    let invalid = format!("ERR invalid expire time in '{name}' command");
                    let text = if text == "invalid" { &invalid } else { text };
                    assert_eq!(client.call(call), error(text), "{call:?}");
                }
            }
        }
    }
}

#[test]
fn a_relative_time_that_overflows_with_the_clock_is_refused() {
    let (_server, mut client) = holding("v");
    for time in ["EX 9223372036854775", "PX 9223372036854775807"] {
        assert_eq!(
            client.cmd(&format!("CAS.SET k XX new {time}")),
            error("ERR invalid expire time in 'cas.set' command")
        );
    }
    assert_eq!(client.cmd("GET k"), bulk("v"));
}
