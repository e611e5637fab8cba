//! `CAS.TXN numconds <key [FIELD field] condition> … THEN numcmds <argc arg …> … [ELSE numcmds <argc arg …> …]`

use std::ffi::CStr;

use super::inner::{Checked, Inner, first_false, report_keys};
use super::{COMMANDS, TEST};
use crate::error::Error;
use crate::logic::guarded::Branches;
use crate::server::caller::Caller;
use crate::server::command::{Access, Command, KeyRange, Parameter};
use crate::server::keys::Keys;
use crate::server::reply::Reply;
use crate::server::{Args, Ctx};
use crate::{counters, effects};

/// Runs commands if all conditions hold, or others if one does not. Replies `[1, replies]` or
/// `[0, replies]`, or, without others, `[0, index of the first false condition]`, from 0. A command of
/// either branch that may not run is an error, and then none runs; an error while one runs is its reply.
pub struct Txn;

impl Command for Txn {
    const NAME: &'static CStr = c"cas.txn";
    const FLAGS: &'static CStr = c"write deny-oom getkeys-api";
    const ACL: &'static CStr = c"write transaction slow";
    const ARITY: i32 = -6;
    const ACCESS: Access = Access::Read;
    const KEYS: &'static [KeyRange] = &[KeyRange::first(2, Self::ACCESS)];
    const SUMMARY: &'static CStr =
        c"Runs commands if keys or fields of hashes meet conditions, and others if they do not.";
    const COMPLEXITY: &'static CStr =
        c"O(N) in the number of conditions and the sizes of the values compared, and those of the commands";
    const PARAMETERS: &'static [Parameter] = &[
        Parameter::integer(c"numconds"),
        TEST,
        Parameter::block(
            c"then",
            &[Parameter::integer(c"numthen").after(c"THEN"), COMMANDS],
        ),
        Parameter::block(
            c"else",
            &[Parameter::integer(c"numelse").after(c"ELSE"), COMMANDS],
        )
        .optional(),
    ];

    fn keys(args: Args<'_>, keys: &Keys<'_>) {
        if let Ok(branches) = Branches::parse(&args) {
            report_keys(args, &branches.tests, branches.commands(), keys);
        }
    }

    fn run<'a>(ctx: &'a Ctx, args: Args<'a>) -> Result<Reply<'a>, Error> {
        let branches = Branches::parse(&args)?;
        let all = branches.commands().zip(1..);
        let all: Vec<Inner<'_>> = all
            .map(|(positions, number)| Inner::new(args, positions.clone(), number))
            .collect();
        let caller = Caller::of(ctx);
        let mut checked = Vec::with_capacity(all.len());
        for command in &all {
            let command = command.check()?;
            command.permit(ctx, &caller)?;
            checked.push(command);
        }
        let first_false = first_false(ctx, args, &branches.tests)?;
        let (then, otherwise) = checked.split_at(branches.then.len());
        let chosen = if first_false.is_none() {
            then
        } else {
            otherwise
        };
        if chosen.len() > 1 {
            // One of them may take a key away that the next is then not let write: all keys share the slot.
            effects::stays(ctx, args.str(branches.tests.first.key), 1)?;
        }
        let holds = counters::condition(first_false.is_none());
        let shown = match first_false {
            None => run(ctx, then),
            Some(_) if branches.otherwise.is_some() => run(ctx, otherwise),
            Some(index) => Reply::Int(i64::try_from(index).expect("fewer than there are words")),
        };
        Ok(Reply::pair(Reply::success(holds), shown))
    }
}

fn run<'a>(ctx: &Ctx, commands: &[Checked<'_>]) -> Reply<'a> {
    let run = |command: &Checked<'_>| {
        let reply = command.run(ctx, Reply::Answer);
        reply.unwrap_or_else(Reply::Error)
    };
    Reply::Several(commands.iter().map(run).collect())
}
