//! The ways in: pipelines, transactions, scripts, functions.

use super::CONDITIONS;
use crate::support::*;

const SCRIPT: &str = "return redis.call('SET', KEYS[1], ARGV[1], ARGV[2], ARGV[3])";

#[test]
fn conditions_in_a_pipeline_are_answered_in_order() {
    let server = Server::start();
    for (mut client, miss) in server.clients().into_iter().zip([nil(), null()]) {
        client.cmd("SET k a");
        for line in [
            "SET k b IFEQ a",
            "GET k",
            "SET k c IFEQ a",
            "SET k c IFNE a GET",
            "SET k d EX 100",
            "DELEX k IFEQ c",
            "DELEX k IFEQ d",
        ] {
            client.send(&line.split(' ').collect::<Vec<_>>());
        }
        let replies: Vec<Value> = (0..7).map(|_| client.receive()).collect();
        let expected = [ok(), bulk("b"), miss, bulk("b"), ok(), int(0), int(1)];
        assert_eq!(replies, expected);
    }
}

#[test]
fn a_condition_in_multi_is_queued_and_judged_at_exec() {
    let server = Server::start();
    let mut other = server.client();
    for (mut client, miss) in server.clients().into_iter().zip([nil(), null()]) {
        other.cmd("SET k before");
        client.cmd("MULTI");
        assert_eq!(client.cmd("SET k one IFEQ now"), simple("QUEUED"));
        assert_eq!(client.cmd("SET k two IFEQ now"), simple("QUEUED"));
        other.cmd("SET k now");
        assert_eq!(client.cmd("EXEC"), array([ok(), miss]));
        assert_eq!(client.cmd("GET k"), bulk("one"));
    }
}

#[test]
fn a_wrong_option_in_multi_is_a_reply_of_its_own() {
    let server = Server::start();
    let mut client = server.client();
    client.cmd("MULTI");
    client.cmd("SET a 1 IFNE 0");
    client.cmd("SET b 1 IFNE 0 IFEQ 0");
    client.cmd("SET c 1 IFNE 0");
    assert_eq!(
        client.cmd("EXEC"),
        array([ok(), error("ERR syntax error"), ok()])
    );
}

#[test]
fn a_transaction_of_conditions_reaches_replicas_as_one() {
    let server = Server::start();
    let mut observer = Observer::on(&server);
    let mut client = server.client();
    let seen = observer.during(|| {
        client.cmd("MULTI");
        client.cmd("SET a 1 IFNE 0");
        client.cmd("SET b 2 IFNE 0");
        client.cmd("EXEC")
    });
    let names: Vec<String> = seen.propagated.iter().map(Words::name).collect();
    assert_eq!(names, ["MULTI", "SET", "SET", "EXEC"]);
}

#[test]
fn a_script_sees_ok_and_nil() {
    let server = Server::start();
    let mut client = server.client();
    client.cmd("SET k a");
    let mut run = |value, condition, operand| {
        client.call(&["EVAL", SCRIPT, "1", "k", value, condition, operand])
    };
    assert_eq!(run("b", "IFEQ", "a"), ok());
    assert_eq!(run("c", "IFEQ", "a"), nil());
    assert_eq!(run("c", "IFNE", "a"), ok());
    assert_eq!(run("d", "IFDEQ", "0000000000000000"), nil());
    assert_eq!(run("d", "IFDNE", "0000000000000000"), ok());
    assert_eq!(server.client().cmd("GET k"), bulk("d"));
}

#[test]
fn a_function_may_call_it() {
    let server = Server::start();
    if !server.is_at_least(7, 0) {
        return not_applicable("functions came with 7.0");
    }
    let mut client = server.client();
    let library = "#!lua name=lib\nredis.register_function('cas', function(keys, args) \
        return redis.call('SET', keys[1], args[1], 'IFEQ', args[2]) end)";
    client.call(&["FUNCTION", "LOAD", library]);
    client.cmd("SET k a");
    assert_eq!(client.cmd("FCALL cas 1 k b a"), ok());
    assert_eq!(client.cmd("FCALL cas 1 k c a"), nil());
    assert_eq!(client.cmd("GET k"), bulk("b"));
}

#[test]
fn a_condition_that_holds_breaks_a_watch() {
    let server = Server::start();
    for condition in CONDITIONS {
        let (mut watching, mut client) = (server.client(), server.client());
        client.cmd("SET k hello");
        watching.cmd("WATCH k");
        let operand = match condition {
            "IFEQ" => "hello",
            "IFDEQ" => "9555e8555c62dcfd",
            _ => "0000000000000000",
        };
        assert_eq!(client.call(&["SET", "k", "x", condition, operand]), ok());
        watching.cmd("MULTI");
        watching.cmd("PING");
        assert_eq!(watching.cmd("EXEC"), nil_array(), "{condition}");
    }
}

#[test]
fn a_condition_that_does_not_hold_leaves_a_watch_alone() {
    let server = Server::start();
    for condition in CONDITIONS {
        let (mut watching, mut client) = (server.client(), server.client());
        client.cmd("SET k hello");
        watching.cmd("WATCH k");
        let operand = match condition {
            "IFNE" => "hello",
            "IFDNE" => "9555e8555c62dcfd",
            _ => "0000000000000000",
        };
        assert_eq!(client.call(&["SET", "k", "x", condition, operand]), nil());
        watching.cmd("MULTI");
        watching.cmd("PING");
        assert_eq!(watching.cmd("EXEC"), array([simple("PONG")]), "{condition}");
    }
}
