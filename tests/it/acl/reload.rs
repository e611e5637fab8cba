//! Users and the module: whichever was there first.

use super::{is_refused, user};
use crate::support::*;

/// Rules that name a command of the module, in all ways there are.
fn naming(server: &Server) -> Vec<&'static str> {
    let mut rules = vec![
        "~* +cas.set",
        "~* +@all -cas.set",
        "~* +@read +lock.info",
        "~* +CAS.SET",
        "~* -@all +atomic.replace -atomic.replace +lock.release",
    ];
    if server.is_at_least(7, 0) {
        rules.extend(["~* +@all (~x +cas.digest)", "~* +cas.txn|1"]);
    }
    if !has_native("DELEX", "") {
        rules.push("~* +delex");
    }
    rules
}

/// What unloading would cost otherwise, now or when the user is next looked at: the server.
#[test]
fn the_module_is_not_unloaded_while_a_users_rules_name_a_command_of_it() {
    let server = Server::start();
    let mut admin = server.client();
    for rules in naming(&server) {
        let rules: Vec<String> = super::split(rules).into_iter().map(Into::into).collect();
        drop(user(&server, &rules));
        let reply = admin.cmd("MODULE UNLOAD atomic");
        assert!(reply.is_error(), "{rules:?}: {reply}");
        assert!(!admin.cmd("ACL LIST").is_error());
        assert!(!admin.cmd("ACL GETUSER u").is_error());
        assert!(!admin.cmd("CAS.SET k XX v").is_error(), "{rules:?}");
        admin.cmd("ACL DELUSER u");
    }
    // Valkey 9.1 has words of its own.
    let log = server.log();
    let ours = r#"not unloaded: the rule "+cas.set" of user "u""#;
    let its = "unload blocked: An ACL user has reference";
    assert!(log.contains(ours) || log.contains(its), "{log}");
    assert_eq!(admin.cmd("MODULE UNLOAD atomic"), ok());
}

#[test]
fn when_the_rules_are_others_it_is() {
    let server = Server::start();
    let mut admin = server.client();
    drop(user(&server, &["~*", "+@all", "-cas.set"]));
    assert!(admin.cmd("MODULE UNLOAD atomic").is_error());
    assert_eq!(admin.cmd("ACL SETUSER u -@all +@read"), ok());
    assert_eq!(admin.cmd("MODULE UNLOAD atomic"), ok());
    let list = admin.cmd("ACL LIST").to_string();
    assert!(list.contains("user u on"), "{list}");
}

/// Rules that name categories hold for the commands that come later, the module's among them.
#[test]
fn a_user_who_is_older_than_the_module_has_the_same_rights() {
    let server = Server::builder().without_module().start();
    let mut admin = server.client();
    admin.cmd("SET k hello");
    for (number, rules) in ["~* +@all -@write", "~* +@write", "~* +@read"]
        .iter()
        .enumerate()
    {
        let line = format!("ACL SETUSER u{number} reset on nopass {rules}");
        assert_eq!(admin.cmd(&line), ok());
    }
    let rights = || -> Vec<bool> {
        let mut clients: Vec<Client> = (0..3)
            .map(|number| {
                let mut client = server.client();
                assert_eq!(client.cmd(&format!("AUTH u{number} any")), ok());
                client
            })
            .collect();
        let mut may = |call: &str| -> Vec<bool> {
            let replies = clients.iter_mut().map(|client| client.cmd(call));
            replies.map(|reply| !is_refused(&reply)).collect()
        };
        [may("CAS.GET k"), may("CAS.SET k IFEQ hello hello")].concat()
    };
    // Before there are categories all that is not taken away is allowed, and nothing else.
    let expected = if server.has_acl_categories() {
        [true, false, true, false, true, false]
    } else {
        [true, false, false, true, false, false]
    };
    for _ in 0..3 {
        assert_eq!(admin.call(&["MODULE", "LOAD", module_path()]), ok());
        assert_eq!(rights(), expected);
        assert_eq!(admin.cmd("MODULE UNLOAD atomic"), ok());
    }
}
