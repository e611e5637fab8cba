//! Before 7.2 modules are in no category. What docs/operating.md says to write beside a rule that names one
//! has the same effect as the category has from then on.

use std::collections::{BTreeMap, BTreeSet};

use super::parity::{by_category, compare};
use crate::describe::commands;
use crate::describe::table::ROWS;
use crate::support::*;

/// The module's commands by category, as docs/operating.md has them.
fn documented() -> BTreeMap<String, BTreeSet<String>> {
    let page = include_str!("../../../docs/operating.md");
    let rows = page.lines().filter(|line| line.starts_with("| `@"));
    let row = |line: &str| {
        let mut words = line.split('`').skip(1).step_by(2);
        let category = words.next().expect("a category");
        (category.into(), words.map(str::to_lowercase).collect())
    };
    rows.map(row).collect()
}

#[test]
fn the_documentation_has_every_command_in_the_categories_that_it_declares() {
    let mut declared: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in ROWS {
        // Which are no matter of rights.
        let categories = row.categories.iter();
        for category in categories.filter(|name| !matches!(**name, "@fast" | "@slow")) {
            let names = declared.entry(category.to_string()).or_default();
            names.insert(row.name.into());
        }
    }
    assert_eq!(documented(), declared);
}

#[test]
fn with_the_rules_of_the_documentation_a_command_is_allowed_as_its_cousin_is() {
    let server = Server::start();
    if server.has_acl_categories() {
        return not_applicable("modules can join ACL categories from 7.2 on");
    }
    let (documented, there) = (documented(), commands(&server));
    compare(&server, &by_category(), |rules| {
        let mut complete = Vec::new();
        for rule in super::split(rules) {
            complete.push(rule.to_owned());
            let (sign, category) = rule.split_at(1);
            let names = documented.get(category).into_iter().flatten();
            let names = names.filter(|name| there.contains(name));
            complete.extend(names.map(|name| format!("{sign}{name}")));
        }
        complete.join(" ")
    });
}
