//! Who may call what: each command of the module for users with all kinds of rights. What is expected
//! follows from what the command declares (`describe::table`).

use crate::describe::commands;
use crate::describe::table::{Row, row};
use crate::support::*;

/// A connection of a user who has exactly these rights.
fn user(server: &Server, rules: &[&str]) -> Client {
    let create = ["ACL", "SETUSER", "u", "reset", "on", "nopass"];
    let reply = server.client().call(&[&create, rules].concat());
    assert_eq!(reply, ok(), "{rules:?}");
    let mut client = server.client();
    assert_eq!(client.cmd("AUTH u any"), ok());
    client
}

fn is_refused(reply: &Value) -> bool {
    reply.is_error() && reply.text().starts_with("NOPERM")
}

/// Calls every command as a user with these rules, where `<command>` stands for its name, and checks
/// that it is let through where `allowed` says so, and else leaves no trace.
fn check(server: &Server, rules: &str, allowed: impl Fn(&Row) -> bool) {
    let mut observer = Observer::on(server);
    let mut admin = server.client();
    for command in commands(server) {
        let row = row(&command);
        let rules = rules.replace("<command>", &command);
        let rules: Vec<&str> = rules.split(' ').filter(|rule| !rule.is_empty()).collect();
        let mut client = user(server, &rules);
        admin.cmd(row.given());
        let mut reply = nil();
        let seen = observer.during(|| reply = client.cmd(row.call));
        if allowed(row) {
            assert!(!reply.is_error(), "{rules:?}: {}: {reply}", row.call);
            assert_eq!(!seen.is_nothing(), row.is_write(), "{}: {seen:?}", row.call);
        } else {
            assert!(is_refused(&reply), "{rules:?}: {}: {reply}", row.call);
            assert!(seen.is_nothing(), "{rules:?}: {}: {seen:?}", row.call);
        }
    }
}

#[test]
fn without_rights_nothing_is_allowed() {
    check(&Server::start(), "", |_| false);
}

#[test]
fn the_right_to_all_keys_is_no_right_to_a_command() {
    check(&Server::start(), "~*", |_| false);
}

#[test]
fn the_right_to_a_command_is_no_right_to_a_key() {
    check(&Server::start(), "+<command>", |_| false);
    check(&Server::start(), "+<command> ~other", |_| false);
}

#[test]
fn the_command_and_its_keys_are_enough() {
    check(&Server::start(), "+<command> ~k*", |_| true);
}

#[test]
fn a_command_that_is_taken_from_all_is_refused() {
    check(&Server::start(), "+@all -<command> ~*", |_| false);
}

#[test]
fn the_right_to_read_a_key_is_enough_where_nothing_is_written() {
    let server = Server::start();
    if !server.is_at_least(7, 0) {
        return not_applicable("rights to read or write a key came with 7.0");
    }
    check(&server, "+<command> %R~k*", |row| !row.writes());
}

#[test]
fn the_right_to_write_a_key_is_enough_where_no_value_is_given_away() {
    let server = Server::start();
    if !server.is_at_least(7, 0) {
        return not_applicable("rights to read or write a key came with 7.0");
    }
    check(&server, "+<command> %W~k*", |row| !row.reads());
}

const NO_CATEGORIES: &str = "modules cannot join ACL categories before 7.2";

#[test]
fn a_user_who_may_do_all_but_write_is_refused_what_writes() {
    let server = Server::start();
    if !server.has_acl_categories() {
        return not_applicable(NO_CATEGORIES);
    }
    check(&server, "+@all -@write ~*", |row| !row.is_write());
}

#[test]
fn a_category_of_native_cousins_brings_the_commands_that_are_in_it() {
    let server = Server::start();
    if !server.has_acl_categories() {
        return not_applicable(NO_CATEGORIES);
    }
    for category in ["@read", "@write", "@string", "@keyspace", "@fast", "@slow"] {
        check(&server, &format!("+{category} ~*"), |row| {
            row.categories.contains(&category)
        });
    }
}

#[test]
fn the_modules_own_category_brings_every_command() {
    let server = Server::start();
    let categories = server.client().cmd("ACL CAT");
    if !categories.items().contains(&bulk("atomic")) {
        return not_applicable("modules cannot have a category of their own before 7.4");
    }
    check(&server, "+@atomic ~*", |_| true);
}

#[test]
fn before_there_are_categories_each_command_is_named() {
    let server = Server::start();
    if server.has_acl_categories() {
        return not_applicable("modules can join ACL categories from 7.2 on");
    }
    check(&server, "+@read +@write +@string +@fast +@slow ~*", |_| {
        false
    });
    check(&server, "+@all -@write -@dangerous ~*", |_| true);
}

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
