//! Each command of the module for users with all kinds of rights. What is expected follows from what the
//! command declares (`describe::table`).

use super::{is_refused, user};
use crate::describe::commands;
use crate::describe::table::{Row, row};
use crate::support::*;

/// Calls every command as a user with these rules, where `<command>` stands for its name, and checks
/// that it is let through where `allowed` says so, and else leaves no trace.
fn check(server: &Server, rules: &str, allowed: impl Fn(&Row) -> bool) {
    let mut observer = Observer::on(server);
    let mut admin = server.client();
    for command in commands(server) {
        let row = row(&command);
        let rules = rules.replace("<command>", &command) + " " + row.also_needs();
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
