//! A wrong load argument refuses to load, and the log says what was expected.

use crate::support::*;

/// The arguments, and what the log says of them.
const WRONG: &[(&[&str], &str)] = &[
    (
        &["nativ", "no"],
        "not loaded: unknown argument 'nativ': expected 'native auto|no'",
    ),
    (
        &["native"],
        "not loaded: argument 'native' has no value: expected 'auto' or 'no'",
    ),
    (
        &["native", "yes"],
        "not loaded: argument 'native' is 'yes': expected 'auto' or 'no'",
    ),
    (
        &["native", "no", "native", "auto"],
        "not loaded: argument 'native' is given twice: expected once",
    ),
    (
        &["native", "no", "verbose"],
        "not loaded: unknown argument 'verbose': expected 'native auto|no'",
    ),
];

#[test]
fn at_startup_a_wrong_argument_stops_the_server() {
    for (arguments, expected) in WRONG {
        let log = Server::builder().module_args(arguments).refuse_to_start();
        assert!(log.contains(expected), "{arguments:?}:\n{log}");
    }
}

#[test]
fn at_run_time_a_wrong_argument_leaves_the_server_as_it_was() {
    let server = Server::builder().without_module().start();
    let mut client = server.client();
    for (arguments, expected) in WRONG {
        let words = [&["MODULE", "LOAD", module_path()], *arguments].concat();
        let reply = client.call(&words);
        assert!(reply.is_error(), "{arguments:?}: {reply}");
        server.until_logged(expected);
        let reply = client.cmd("CAS.GET k").text();
        assert!(reply.starts_with("ERR unknown command"), "{reply}");
    }
    assert_eq!(client.call(&["MODULE", "LOAD", module_path()]), ok());
    assert_eq!(client.cmd("CAS.SET k NX v"), ok());
}

#[test]
fn the_log_shows_an_argument_of_any_bytes_as_text() {
    let server = Server::builder().without_module().start();
    let words = ["MODULE".as_bytes(), b"LOAD", module_path().as_bytes()];
    let reply = server
        .client()
        .call(&[words.as_slice(), &[b"%s%n\xff\0\n"]].concat());
    assert!(reply.is_error(), "{reply}");
    server.until_logged(r"not loaded: unknown argument '%s%n\xff\x00\n': expected");
}

#[test]
fn names_and_values_are_taken_in_any_case() {
    let server = Server::builder().module_args(&["NATIVE", "Auto"]).start();
    assert_eq!(server.client().cmd("CAS.SET k NX v"), ok());
}

#[test]
fn loading_twice_is_refused_and_the_first_goes_on() {
    let server = Server::start();
    let mut client = server.client();
    assert!(client.call(&["MODULE", "LOAD", module_path()]).is_error());
    assert_eq!(client.cmd("CAS.SET k NX v"), ok());
    assert_eq!(client.cmd("SET k w IFEQ v"), ok());
}
