//! The connections of the server's clients, and which of them hold a command of the module.

use super::Ctx;
use super::call::{Arg, Effect, call};

/// Whoever unloads the module does so in a transaction.
#[derive(Debug, PartialEq, Eq)]
pub struct InTransaction;

/// Closes all connections that hold one of these commands, and says how many they were.
///
/// A client remembers the last command that it sent, and an open transaction those that are queued. Both
/// are pointers, which the server follows when the module's commands are long freed: for `CLIENT LIST`,
/// for a line of `ACL LOG`, in `EXEC`.
///
/// # Errors
/// [`InTransaction`] when the call at hand is one of a transaction, whose other commands are still to run.
/// Nothing is closed then.
pub fn close_holders(ctx: &Ctx, commands: &[&str]) -> Result<usize, InTransaction> {
    let Ok(list) = call(ctx, c"CLIENT", Effect::Local, &[Arg::Word(c"LIST")]) else {
        return Ok(0);
    };
    let list = String::from_utf8_lossy(list.bytes().unwrap_or_default());
    let holders = holders(&list, commands)?;
    let close = |id: &&i64| {
        let arguments = [Arg::Word(c"KILL"), Arg::Word(c"ID"), Arg::Int(**id)];
        call(ctx, c"CLIENT", Effect::Local, &arguments).is_ok()
    };
    Ok(holders.iter().filter(close).count())
}

/// Looks through what `CLIENT LIST` says: `id=7 addr=… flags=N … multi=-1 … cmd=get user=default …`.
fn holders(list: &str, commands: &[&str]) -> Result<Vec<i64>, InTransaction> {
    let mut holders = Vec::new();
    for client in list.lines() {
        let field = |name: &str| {
            let mut fields = client.split(' ').filter_map(|field| field.split_once('='));
            fields.find(|field| field.0 == name).map(|field| field.1)
        };
        let last = field("cmd").unwrap_or_default();
        let queues = field("multi").is_some_and(|count| !matches!(count, "-1" | "0"));
        if queues && last.eq_ignore_ascii_case("exec") {
            return Err(InTransaction);
        }
        // What comes from a primary is never a command of the module.
        let is_primary = field("flags").is_some_and(|flags| flags.contains('M'));
        let sent = |command: &&str| command.eq_ignore_ascii_case(last);
        if commands.iter().any(sent) || queues && !is_primary {
            holders.extend(field("id").and_then(|id| id.parse::<i64>().ok()));
        }
    }
    Ok(holders)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(lines: &[&str]) -> Result<Vec<i64>, InTransaction> {
        holders(&lines.join("\n"), &["cas.set", "cas.get"])
    }

    #[test]
    fn who_sent_a_command_of_the_module_last_holds_it() {
        let held = of(&[
            "id=3 addr=127.0.0.1:1 fd=8 name= flags=N db=0 multi=-1 events=r cmd=cas.get user=default",
            "id=4 addr=127.0.0.1:2 fd=9 name=cas.get flags=N db=0 multi=-1 cmd=get user=cas.set",
            "id=5 addr=127.0.0.1:3 name= flags=b multi=-1 cmd=client|list user=default lib-name=x",
            "id=6 name= flags=N multi=-1 cmd=CAS.SET user=default",
            "id=7 name= flags=N multi=-1 cmd=NULL user=default",
        ]);
        assert_eq!(held, Ok(vec![3, 6]));
    }

    #[test]
    fn a_transaction_may_hold_one_as_soon_as_it_queues() {
        let held = of(&[
            "id=3 flags=x db=0 multi=2 cmd=set user=default",
            "id=4 flags=x db=0 multi=0 cmd=multi user=default",
            "id=5 flags=M db=0 multi=2 cmd=set user=",
        ]);
        assert_eq!(held, Ok(vec![3]));
    }

    #[test]
    fn who_runs_a_transaction_is_the_caller() {
        let caller = "id=3 flags=x db=0 multi=2 cmd=exec user=default";
        assert_eq!(of(&["id=2 cmd=cas.get", caller]), Err(InTransaction));
    }

    #[test]
    fn what_is_no_client_holds_nothing() {
        assert_eq!(
            of(&["", "cmd=cas.get", "id=x cmd=cas.get", "id"]),
            Ok(vec![])
        );
    }
}
