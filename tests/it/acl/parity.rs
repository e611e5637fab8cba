//! Users of all kinds may run a command of the module exactly when they may run its native cousin; and who
//! may not has changed nothing.

use super::cousins::Cousin;
use super::{is_refused, split, user};
use crate::describe::commands;
use crate::describe::table::{Row, row};
use crate::support::*;

/// Rules that name commands and keys alone. `<command>` is the command, or all of which the cousin is made.
const EVERYWHERE: [&str; 18] = [
    "",
    "~*",
    "-@all ~*",
    "+<command>",
    "+<command> ~other*",
    "+<command> ~k",
    "+<command> ~k*",
    "+<command> ~*",
    "+<command> ~* resetkeys",
    "+<command> ~* -@all",
    "+@all",
    "+@all ~other*",
    "+@all ~k*",
    "allcommands allkeys",
    "+@all -<command> ~*",
    "+@all -@all +<command> ~*",
    "+<command> -<command> ~*",
    "+@all -<command> +<command> ~*",
];

/// The same for servers that tell reading from writing and have selectors, which is from 7.0 on.
const SINCE_7: [&str; 15] = [
    "+<command> %R~*",
    "+<command> %W~*",
    "+<command> %RW~*",
    "+<command> %R~* %W~*",
    "+<command> %R~* %W~k",
    "+<command> %R~k %W~*",
    "+<command> %R~k* %W~other*",
    "+@all %R~*",
    "+@all %W~*",
    "(+<command> ~k*)",
    "(+<command> ~other*)",
    "+<command> (~*)",
    "~* (+<command>)",
    "(+<command> %R~*) (+<command> %W~*)",
    "+<command> %R~* (+<command> %R~* %W~*)",
];

/// Categories that any command of the module, or any cousin, could be in.
pub const CATEGORIES: [&str; 15] = [
    "@read",
    "@write",
    "@string",
    "@hash",
    "@set",
    "@list",
    "@sortedset",
    "@keyspace",
    "@transaction",
    "@blocking",
    "@scripting",
    "@connection",
    "@pubsub",
    "@dangerous",
    "@admin",
];

/// Rules that name categories: one, all but one, and some of each with the command beside it.
pub fn by_category() -> Vec<String> {
    let one = CATEGORIES.iter().flat_map(|category| {
        [
            format!("+{category} ~*"),
            format!("+@all -{category} ~*"),
            format!("+@all -{category} +<command> ~*"),
        ]
    });
    let more = [
        "+@write -<command> ~*",
        "+@read +@write ~*",
        "+@all -@read -@write ~*",
        "+@read +@write -@string ~*",
        "+@write -@keyspace ~*",
        "+@all -@write -@dangerous ~*",
        "+@all -@write +@write ~*",
    ];
    one.chain(more.map(Into::into)).collect()
}

#[test]
fn by_names_and_keys_a_command_is_allowed_as_its_cousin_is() {
    let server = Server::start();
    let mut users: Vec<&str> = EVERYWHERE.into();
    if server.is_at_least(7, 0) {
        users.extend(SINCE_7);
    }
    compare(&server, &users, |rules| rules.into());
}

#[test]
fn by_categories_a_command_is_allowed_as_its_cousin_is() {
    let server = Server::start();
    if !server.has_acl_categories() {
        return not_applicable("modules cannot join ACL categories before 7.2");
    }
    compare(&server, &by_category(), |rules| rules.into());
}

/// Compares every command of the module with its cousin for users with these rules; what `complete` adds
/// to them is for the module's commands.
pub fn compare(server: &Server, users: &[impl AsRef<str>], complete: impl Fn(&str) -> String) {
    let mut both = Both::new(server);
    let mut wrong = Vec::new();
    for command in commands(server) {
        let (row, cousin) = (row(&command), Cousin::of(&command));
        for rules in users.iter().map(AsRef::as_ref) {
            let ours = both.may_run(row, &complete(rules));
            let native = both.may_run_cousin(row, cousin, rules);
            let is_excepted = cousin.except.iter().any(|(rule, _)| *rule == rules);
            if (ours != native) != is_excepted {
                wrong.push(format!(
                    "{rules:?}: {}: {ours}, {:?}: {native}, excepted: {is_excepted}",
                    row.call, cousin.calls
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Who may run what.
struct Both<'a> {
    server: &'a Server,
    admin: Client,
    observer: Observer,
}

impl Both<'_> {
    fn new(server: &Server) -> Both<'_> {
        Both {
            server,
            admin: server.client(),
            observer: Observer::on(server),
        }
    }

    fn may_run(&mut self, row: &Row, rules: &str) -> bool {
        let mut names = vec![row.name.to_owned()];
        names.extend(row.is_guarded().then(|| "set".into()));
        let mut client = user(self.server, &spell(rules, &names));
        self.begin(row);
        let mut reply = nil();
        let seen = self.observer.during(|| reply = client.cmd(row.call));
        if is_refused(&reply) {
            assert!(seen.is_nothing(), "{rules:?}: {}: {seen:?}", row.call);
            return false;
        }
        assert!(!reply.is_error(), "{rules:?}: {}: {reply}", row.call);
        assert_eq!(!seen.is_nothing(), row.is_write(), "{}: {seen:?}", row.call);
        true
    }

    fn may_run_cousin(&mut self, row: &Row, cousin: &Cousin, rules: &str) -> bool {
        let mut client = user(self.server, &spell(rules, &cousin.names(self.server)));
        self.begin(row);
        for call in cousin.words(self.server) {
            let reply = client.call(&call.0);
            if is_refused(&reply) {
                return false;
            }
            // Some want another type than the key has.
            let is_right = !reply.is_error() || reply.text().starts_with("WRONGTYPE");
            assert!(is_right, "{rules:?}: {call}: {reply}");
        }
        true
    }

    fn begin(&mut self, row: &Row) {
        self.admin.cmd("FLUSHALL");
        self.admin.cmd(row.given());
    }
}

/// The rules, each of which that names the command being one for each of these.
fn spell(rules: &str, names: &[String]) -> Vec<String> {
    let mut spelled = Vec::new();
    // What stands in parentheses is one rule.
    for rule in split(rules) {
        if rule.starts_with('(') {
            let inner = spell(&rule[1..rule.len() - 1], names);
            spelled.push(format!("({})", inner.join(" ")));
        } else if rule.contains("<command>") {
            spelled.extend(names.iter().map(|name| rule.replace("<command>", name)));
        } else {
            spelled.push(rule.into());
        }
    }
    spelled
}
