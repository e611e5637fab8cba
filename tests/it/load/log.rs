//! The one line that the module logs when it is loaded.

use crate::support::*;

/// `name: item, item; …` of the line, as a list.
fn listed(server: &Server, name: &str) -> Vec<String> {
    let log = server.log();
    let line = log
        .lines()
        .find(|line| line.contains("redis-atomic "))
        .unwrap_or_else(|| panic!("no line of the module's:\n{log}"));
    let (_, rest) = line
        .split_once(&format!("{name}: "))
        .unwrap_or_else(|| panic!("no {name}: {line}"));
    let end = rest.find(';').unwrap_or(rest.len());
    rest[..end].split(", ").map(String::from).collect()
}

#[test]
fn it_names_the_modules_version_and_the_servers() {
    let server = Server::start();
    let info = server.client().cmd("INFO server").text();
    let version = ["valkey", "redict", "redis"]
        .iter()
        .find_map(|kind| {
            let field = format!("{kind}_version:");
            let line = info.lines().find(|line| line.starts_with(&field))?;
            Some(format!("{kind} {}", line[field.len()..].trim()))
        })
        .expect("a version");
    server.until_logged(&format!(
        "redis-atomic {} on {version}: ",
        env!("CARGO_PKG_VERSION")
    ));
}

#[test]
fn every_command_that_it_names_is_there() {
    let server = Server::start();
    let commands = listed(&server, "commands");
    assert!(commands.contains(&"cas.set".into()), "{commands:?}");
    for command in commands {
        let reply = server.client().call(&["COMMAND", "INFO", &command]);
        assert!(!reply.items()[0].is_null(), "{command}");
    }
}

#[test]
fn the_native_names_that_it_added_are_those_that_the_server_lacks() {
    let commands = ["DELEX", "DIGEST"]
        .into_iter()
        .filter(|command| !has_native(command, ""));
    let mut expected: Vec<String> = commands.map(String::from).collect();
    if !expected.is_empty() && !has_native("DELIFEQ", "") {
        expected.push("DELIFEQ".into());
    }
    for condition in ["IFEQ", "IFNE", "IFDEQ", "IFDNE"] {
        if !has_native("SET", condition) {
            expected.push(format!("SET {condition}"));
        }
    }
    if expected.is_empty() {
        expected.push("nothing".into());
    }
    assert_eq!(listed(&Server::start(), "native names added"), expected);
}

#[test]
fn what_the_server_lacks_is_what_is_missing_there() {
    let server = Server::start();
    let mut client = server.client();
    let lacks = listed(&server, "this server lacks");
    let says_that_it_lacks = |what: &str| lacks.iter().any(|lack| lack == what);

    let documents = !client.cmd("COMMAND DOCS cas.set").is_error();
    assert_eq!(says_that_it_lacks("COMMAND DOCS"), !documents, "{lacks:?}");
    let configures = !client.cmd("CONFIG GET atomic.native").items().is_empty();
    assert_eq!(
        says_that_it_lacks("CONFIG parameters"),
        !configures,
        "{lacks:?}"
    );
    let categories = client.cmd("ACL CAT").items().contains(&bulk("atomic"));
    assert_eq!(
        says_that_it_lacks("ACL category @atomic"),
        !categories,
        "{lacks:?}"
    );
    assert_eq!(
        says_that_it_lacks("ACL categories"),
        !server.has_acl_categories(),
        "{lacks:?}"
    );
}

#[test]
fn it_is_a_notice_and_there_is_no_warning_of_the_modules() {
    let log = Server::start().log();
    let ours: Vec<&str> = log
        .lines()
        .filter(|line| line.contains("<atomic>"))
        .collect();
    assert_eq!(ours.len(), 1, "{log}");
    assert!(ours[0].contains(" * <atomic> redis-atomic"), "{}", ours[0]);
}
