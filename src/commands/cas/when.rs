//! `CAS.IF numconds <key [FIELD field] condition> … THEN command [arg …]`

use std::ffi::CStr;
use std::iter;

use super::inner::{Checked, Inner, first_false, permit, report_keys};
use super::{ARGUMENT, COMMAND, TEST};
use crate::counters;
use crate::error::Error;
use crate::logic::guarded::{Guarded, Tests};
use crate::server::caller::Caller;
use crate::server::command::{Access, Command, KeyRange, Parameter};
use crate::server::keys::Keys;
use crate::server::reply::Reply;
use crate::server::{Args, Ctx, Str};
use crate::words::Words;

/// The commonest calls have at most so many words. A command within has then fewer than the filter looks at, which
/// is known when the code is made.
const FEW: usize = 10;

/// Runs any command that a script may run, with the rights of the caller, if all conditions hold. Replies
/// as that command does, or null when a condition is false. A command that may not run is an error,
/// whatever the conditions say.
pub struct If;

impl Command for If {
    const NAME: &'static CStr = c"cas.if";
    const FLAGS: &'static CStr = c"write deny-oom getkeys-api";
    const ACL: &'static CStr = c"write transaction slow";
    const ARITY: i32 = -6;
    const ACCESS: Access = Access::Read;
    const KEYS: &'static [KeyRange] = &[KeyRange::first(2, Self::ACCESS)];
    const SUMMARY: &'static CStr = c"Runs a command if keys or fields of hashes meet conditions.";
    const COMPLEXITY: &'static CStr =
        c"O(N) in the number of conditions and the sizes of the values compared, and that of the command";
    const PARAMETERS: &'static [Parameter] = &[
        Parameter::integer(c"numconds"),
        TEST,
        COMMAND.after(c"THEN"),
        ARGUMENT,
    ];

    fn keys(args: Args<'_>, keys: &Keys<'_>) {
        if let Ok(guarded) = Guarded::parse(&args) {
            report_keys(args, &guarded.tests, iter::once(&guarded.then), keys);
        }
    }

    fn run<'a>(ctx: &'a Ctx, args: Args<'a>) -> Result<Reply<'a>, Error> {
        if args.count() <= FEW
            && let Some((tests, then)) = Guarded::commonest(&args)
            && let Some(command) = Checked::at_once(args.part(then))
        {
            return run(ctx, args, tests, command);
        }
        run_unlike(ctx, args)
    }
}

/// Any but the commonest call, apart, so that of the latter's way only what it needs is there.
#[cold]
#[inline(never)]
fn run_unlike<'a>(ctx: &'a Ctx, args: Args<'a>) -> Result<Reply<'a>, Error> {
    let parsed;
    let (tests, then) = if let Some(commonest) = Guarded::commonest(&args) {
        commonest
    } else {
        parsed = Guarded::parse(&args)?;
        (&parsed.tests, parsed.then.clone())
    };
    let command = Inner::new(args, then, 1);
    run(ctx, args, tests, command.check()?)
}

#[expect(
    clippy::inline_always,
    reason = "measured: what is known of the commonest call need not be asked then"
)]
#[inline(always)]
fn run<'a>(
    ctx: &'a Ctx,
    args: Args<'a>,
    tests: &Tests,
    command: Checked<'_>,
) -> Result<Reply<'a>, Error> {
    if first_false(ctx, args, tests)?.is_some() {
        return refuse(ctx, command.given(), command.words());
    }
    // The server checks the permission before it runs the one command there is.
    command.run(ctx, |answer| {
        counters::condition(true);
        Reply::Answer(answer)
    })
}

/// A condition is false: apart, since it takes other functions of the server.
#[cold]
#[inline(never)]
fn refuse<'a>(ctx: &'a Ctx, given: Args<'_>, words: &[Str]) -> Result<Reply<'a>, Error> {
    permit(ctx, &Caller::of(ctx), 1, given, words)?;
    counters::condition(false);
    Ok(Reply::Null)
}
