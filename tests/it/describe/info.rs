//! `COMMAND INFO`.

use std::collections::BTreeSet;

use super::table::{self, Row};
use super::{LACKS_DOCS, commands};
use crate::support::*;

/// Element `index` of COMMAND INFO, for each command of the module.
fn each(server: &Server, index: usize) -> Vec<(&'static Row, Value)> {
    let mut client = server.client();
    commands(server)
        .iter()
        .map(|command| {
            let info = client.call(&["COMMAND", "INFO", command]);
            (table::row(command), info.items()[0].items()[index].clone())
        })
        .collect()
}

fn texts(value: &Value) -> BTreeSet<String> {
    value.items().iter().map(Value::text).collect()
}

#[test]
fn the_server_lists_every_command_of_the_table_that_it_does_not_have_itself() {
    let server = Server::start();
    if !server.is_at_least(7, 0) {
        return not_applicable(LACKS_DOCS);
    }
    let mut expected: Vec<&str> = table::ROWS.iter().map(|row| row.name).collect();
    let native = |command| has_native(command, "");
    let all_native = native("DELEX") && native("DIGEST");
    let conditions = ["IFEQ", "IFNE", "IFDEQ", "IFDNE"];
    let set_is_native = conditions.iter().all(|c| has_native("SET", c));
    expected.retain(|command| match *command {
        "delifeq" => !native("DELIFEQ") && !all_native,
        "cas.nativeset" | "cas.nativesetget" => !set_is_native,
        "delex" | "digest" => !native(command),
        _ => true,
    });
    expected.sort_unstable();
    assert_eq!(commands(&server), expected);
}

#[test]
fn the_arity_is_as_declared() {
    let server = Server::start();
    if !server.is_at_least(7, 0) {
        return not_applicable("before 7.0 the arity of a module's command is -1 for all");
    }
    for (row, arity) in each(&server, 1) {
        assert_eq!(arity, int(row.arity), "{}", row.name);
    }
}

#[test]
fn the_flags_are_as_declared() {
    let server = Server::start();
    for (row, flags) in each(&server, 2) {
        let mut flags = texts(&flags);
        flags.remove("module");
        let expected: BTreeSet<String> = row.flags.iter().map(ToString::to_string).collect();
        assert_eq!(flags, expected, "{}", row.name);
    }
}

#[test]
fn the_keys_are_the_first_words() {
    let server = Server::start();
    for (row, first) in each(&server, 3) {
        assert_eq!(first, int(1), "{}", row.name);
    }
    for (row, last) in each(&server, 4) {
        let keys = i64::try_from(row.keys_in_front()).expect("few");
        assert_eq!(last, int(keys), "{}", row.name);
    }
    for (row, step) in each(&server, 5) {
        assert_eq!(step, int(1), "{}", row.name);
    }
}

#[test]
fn the_key_specifications_say_what_happens_to_each_key() {
    let server = Server::start();
    if !server.is_at_least(7, 0) {
        return not_applicable(LACKS_DOCS);
    }
    for (row, specs) in each(&server, 8) {
        let found: Vec<BTreeSet<String>> = specs
            .items()
            .iter()
            .map(|spec| texts(&super::field(spec, "flags").expect("flags")))
            .collect();
        let expected: Vec<BTreeSet<String>> = row
            .keys
            .iter()
            .map(|(_, flags)| flags.iter().map(ToString::to_string).collect())
            .collect();
        assert_eq!(found, expected, "{}", row.name);
    }
}

#[test]
fn the_acl_categories_are_those_of_the_native_cousins_and_the_modules_own() {
    let server = Server::start();
    if !server.has_acl_categories() {
        return not_applicable("modules cannot join ACL categories before 7.2");
    }
    let own = server
        .client()
        .cmd("ACL CAT")
        .items()
        .contains(&bulk("atomic"));
    for (row, categories) in each(&server, 6) {
        let mut expected: BTreeSet<String> =
            row.categories.iter().map(ToString::to_string).collect();
        if own {
            expected.insert("@atomic".into());
        }
        assert_eq!(texts(&categories), expected, "{}", row.name);
    }
}

#[test]
fn the_server_refuses_too_few_words_and_too_many() {
    let server = Server::start();
    let mut client = server.client();
    for command in commands(&server) {
        let row = table::row(&command);
        let least = usize::try_from(row.arity.abs()).expect("small");
        let mut wrong = vec![least - 1];
        if row.arity > 0 {
            wrong.push(least + 1);
        }
        for count in wrong {
            let words: Vec<&str> = [command.as_str()]
                .into_iter()
                .chain(std::iter::repeat_n("k", count - 1))
                .collect();
            let expected = format!("ERR wrong number of arguments for '{command}' command");
            assert_eq!(client.call(&words), error(&expected), "{words:?}");
        }
    }
}
