//! The users of the server, and what their rules name.

use super::Ctx;
use super::call::{Arg, Effect, call};

/// A rule that names one of these commands, and whose it is: `"+cas.set" of user "app"`; `None` if no
/// user's does, or the server does not tell.
#[must_use]
pub fn rule_with(ctx: &Ctx, commands: &[&str]) -> Option<String> {
    let list = call(ctx, c"ACL", Effect::Local, &[Arg::Word(c"LIST")]).ok()?;
    list.strings().find_map(|line| named_in(line, commands))
}

/// Looks into one line of `ACL LIST`: `user app on #… ~* -@all +cas.set (~x +cas.get)`.
fn named_in(line: &[u8], commands: &[&str]) -> Option<String> {
    let line = String::from_utf8_lossy(line);
    let mut rules = line.split(' ').skip(1);
    let user = rules.next()?;
    let rules = rules.map(|rule| rule.trim_start_matches('(').trim_end_matches(')'));
    let mut named = rules.filter(|rule| {
        let name = rule.strip_prefix(['+', '-']).unwrap_or_default();
        let name = name.split('|').next().unwrap_or_default();
        commands
            .iter()
            .any(|command| command.eq_ignore_ascii_case(name))
    });
    let rule = named.next()?;
    Some(format!("{rule:?} of user {user:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(line: &str) -> Option<String> {
        named_in(line.as_bytes(), &["cas.set", "cas.get"])
    }

    #[test]
    fn a_rule_names_a_command_in_any_case_with_its_first_word_and_in_parentheses() {
        for (line, rule) in [
            ("user u on nopass ~* -@all +cas.set", "+cas.set"),
            ("user u on nopass ~* +@all -CAS.SET", "-CAS.SET"),
            ("user u on ~* -@all +cas.get|k +get", "+cas.get|k"),
            ("user u on -@all +@read (~x -@all +cas.set)", "+cas.set"),
            ("user u on -@all (+cas.get ~x) (~y)", "+cas.get"),
        ] {
            assert_eq!(named(line), Some(format!("{rule:?} of user \"u\"")));
        }
    }

    #[test]
    fn what_is_no_rule_names_no_command() {
        for line in [
            "user default on nopass ~* &* +@all",
            "user cas.set on nopass ~cas.set &cas.get -@all +cas.setx +@cas.set",
            "user +cas.set on",
            "user",
            "",
        ] {
            assert_eq!(named(line), None, "{line}");
        }
    }
}
