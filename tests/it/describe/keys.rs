//! `COMMAND GETKEYS` and `COMMAND GETKEYSANDFLAGS`.

use super::{LACKS_DOCS, commands, docs_of, field, syntax, table};
use crate::support::*;

#[test]
fn getkeys_finds_the_key_of_a_call() {
    let server = Server::start();
    let mut client = server.client();
    for command in commands(&server) {
        let row = table::row(&command);
        let words: Vec<&str> = row.call.split(' ').collect();
        let reply = client.call(&[&["COMMAND", "GETKEYS"], &words[..]].concat());
        let keys = row.keys.iter().map(|(key, _)| bulk(key));
        assert_eq!(reply, array(keys), "{words:?}");
    }
}

#[test]
fn getkeys_finds_the_key_in_any_call_that_the_syntax_allows() {
    let server = Server::start();
    if !server.is_at_least(7, 0) {
        return not_applicable(LACKS_DOCS);
    }
    let mut client = server.client();
    for command in commands(&server) {
        let docs = docs_of(&mut client, &command);
        let keys = key_names(&docs);
        for words in syntax::calls(&command, &docs) {
            let ask: Vec<&str> = ["COMMAND", "GETKEYS"]
                .into_iter()
                .chain(words.iter().map(String::as_str))
                .collect();
            // Not those that are left out.
            let keys = keys.iter().filter(|key| words.contains(&key.text()));
            assert_eq!(client.call(&ask), array(keys.cloned()), "{words:?}");
        }
    }
}

/// The names of the arguments that are keys, which a drawn call has in their places.
fn key_names(docs: &Value) -> Vec<Value> {
    let arguments = field(docs, "arguments").expect("arguments");
    let keys = arguments.items().iter();
    keys.filter(|argument| field(argument, "type") == Some(bulk("key")))
        .map(|argument| field(argument, "name").expect("a name"))
        .collect()
}

#[test]
fn getkeysandflags_says_what_happens_to_the_key() {
    let server = Server::start();
    if !server.is_at_least(7, 0) {
        return not_applicable("COMMAND GETKEYSANDFLAGS came with 7.0");
    }
    // RESP2, where the flags are an array in the order of the server's own list.
    let mut client = server.client();
    for command in commands(&server) {
        let row = table::row(&command);
        let words: Vec<&str> = row.call.split(' ').collect();
        let reply = client.call(&[&["COMMAND", "GETKEYSANDFLAGS"], &words[..]].concat());
        let expected = row.keys.iter().map(|(key, flags)| {
            let flags = flags.iter().map(|flag| simple(flag));
            array([bulk(key), array(flags)])
        });
        assert_eq!(reply, array(expected), "{command}");
    }
}

#[test]
fn a_word_of_the_syntax_may_be_the_key() {
    let server = Server::start();
    let mut client = server.client();
    let reply = client.cmd("COMMAND GETKEYS CAS.SET IFEQ IFEQ GET EX");
    assert_eq!(reply, array([bulk("IFEQ")]));
    let reply = client.cmd("COMMAND GETKEYS LOCK.ACQUIRE EX FENCE EX 9 BLOCK 0");
    assert_eq!(reply, array([bulk("EX")]));
    let reply = client.cmd("COMMAND GETKEYS LOCK.ACQUIRE FENCE FENCE fence FENCE EX 9");
    assert_eq!(reply, array([bulk("FENCE"), bulk("FENCE")]));
}
