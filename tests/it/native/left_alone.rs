//! What the filter does not touch.

use super::{CONDITIONS, lacking};
use crate::support::*;

#[test]
fn a_condition_that_the_server_has_keeps_its_name() {
    let lacking = lacking();
    let native: Vec<_> = CONDITIONS
        .into_iter()
        .filter(|condition| !lacking.contains(condition))
        .collect();
    if native.is_empty() {
        return not_applicable("the server's own SET has no conditions");
    }
    let server = Server::start();
    let mut client = server.client();
    for condition in native {
        let reply = client.call(&["SET", "k", "v", condition, "0123456789abcdef"]);
        assert!(!reply.is_error(), "{condition}: {reply}");
    }
    let stats = client.cmd("INFO commandstats").text();
    assert!(!stats.contains("cmdstat_cas."), "{stats}");
}

#[test]
fn a_server_that_has_all_of_it_gets_nothing_but_the_modules_own_commands() {
    if !lacking().is_empty() {
        return not_applicable("the server lacks some of the native names");
    }
    let server = Server::start();
    server.until_logged("native names added: nothing;");
    let mut client = server.client();
    for name in ["cas.nativeset", "cas.nativesetget", "delifeq"] {
        let reply = client.call(&["COMMAND", "INFO", name]);
        assert!(reply.items()[0].is_null(), "{reply}");
    }
    assert_eq!(client.cmd("CAS.SET k NX v"), ok());
    assert_eq!(client.cmd("CAS.DEL k IFEQ v"), int(1));
}

/// Each is sent to a server without the module and to one with it.
const PLAIN: &[&str] = &[
    "SET k v",
    "SET k v EX 100",
    "SET k v KEEPTTL",
    "SET k v PX 100000",
    "SET k v EXAT 4102444800",
    "SET k v PXAT 4102444800000",
    "SET k v NX",
    "SET k w XX",
    "SET k x GET",
    "SET fresh x NX GET",
    "SET k y XX GET EX 100",
    "SET k y GET KEEPTTL",
    "SET l y GET",
    "SET l y",
    "SET k v EX 0",
    "SET k v EX ten",
    "SET k v EX",
    "SET k v EX 1 PX 1",
    "SET k v NX XX",
    "SET k v BOGUS",
    "SET k",
    "SET k IFEQ",
    "SET k IFEQ EX 100",
    "SET k IFEQ NX",
    "SET IFEQ IFNE",
    "SET IFEQ IFNE PX 100000",
    // Refused by the server and not rewritten: the condition lacks its operand.
    "SET k v IFEQ",
    "SET k v BOGUS IFDEQ x",
];

#[test]
fn a_plain_set_is_the_servers_own_byte_for_byte() {
    let (with, without) = (Server::start(), Server::builder().without_module().start());
    let play = |server: &Server| -> Vec<(Vec<u8>, Effects, String)> {
        let mut observer = Observer::on(server);
        let mut client = server.client();
        client.cmd("RPUSH l a");
        PLAIN
            .iter()
            .map(|line| {
                let words: Vec<&str> = line.split(' ').collect();
                let mut reply = Vec::new();
                let mut seen = observer.during(|| reply = client.exact(&words));
                // Where the server makes an absolute time of a relative one, the clocks differ.
                for command in &mut seen.propagated {
                    for word in &mut command.0 {
                        if word.len() == 13 && word.iter().all(u8::is_ascii_digit) {
                            *word = b"<time>".to_vec();
                        }
                    }
                }
                let encoding = client.call(&["OBJECT", "ENCODING", words[1]]);
                (reply, seen, encoding.to_string())
            })
            .collect()
    };
    for ((line, ours), theirs) in PLAIN.iter().zip(play(&with)).zip(play(&without)) {
        assert_eq!(ours, theirs, "{line}");
    }
    let stats = with.client().cmd("INFO commandstats").text();
    assert!(!stats.contains("cmdstat_cas."), "{stats}");
}

#[test]
fn other_commands_with_such_words_are_left_alone() {
    let server = Server::start();
    let mut client = server.client();
    assert_eq!(client.cmd("RPUSH l IFEQ x IFNE"), int(3));
    assert_eq!(client.cmd("ECHO IFEQ"), bulk("IFEQ"));
    assert_eq!(client.cmd("MSET IFEQ x SET IFNE"), ok());
    assert_eq!(client.cmd("SETEX k 100 IFEQ"), ok());
    assert_eq!(client.cmd("GET k"), bulk("IFEQ"));
}
