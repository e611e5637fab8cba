//! `DELEX key [IFEQ|IFNE value|IFDEQ|IFDNE digest]`

use std::ffi::CStr;

use crate::error::Error;
use crate::logic::native::{LateCondition, delex_condition};
use crate::server::command::{self, Access, Command, Parameter};
use crate::server::key::{Key, Kind};
use crate::server::reply::Reply;
use crate::server::{Args, Ctx, Str};
use crate::words::Words;
use crate::{counters, effects};

/// Deletes a key, or only if its string meets the condition, as Redis 8.4 does.
pub struct Delex;

impl Command for Delex {
    const NAME: &'static CStr = c"delex";
    const FLAGS: &'static CStr = c"write fast";
    const ACL: &'static CStr = c"write string fast";
    const ARITY: i32 = -2;
    const ACCESS: Access = Access::Delete;
    const SUMMARY: &'static CStr =
        c"Deletes a key, conditionally on its string value or the digest of it.";
    const COMPLEXITY: &'static CStr = c"O(1); O(N) in the length of the value with a condition";
    const PARAMETERS: &'static [Parameter] = &[
        Parameter::key(),
        Parameter::one_of(
            c"condition",
            &[
                Parameter::string(c"ifeq-value").after(c"IFEQ"),
                Parameter::string(c"ifne-value").after(c"IFNE"),
                Parameter::string(c"ifdeq-digest").after(c"IFDEQ"),
                Parameter::string(c"ifdne-digest").after(c"IFDNE"),
            ],
        )
        .optional(),
    ];

    fn run<'a>(ctx: &'a Ctx, args: Args<'a>) -> Result<Reply<'a>, Error> {
        let name = args.str(1);
        let key = Key::open(ctx, name);
        match (args.count(), key.kind()) {
            (2, kind) => apply(ctx, name, key, kind != Kind::Missing),
            (4, Kind::Missing) => apply(ctx, name, key, false),
            (4, Kind::Other) => Err(Error::DelexNotAString),
            (4, Kind::String) => {
                let condition =
                    delex_condition(args.word(2), args.word(3)).ok_or(Error::DelexCondition)?;
                delete_if(ctx, name, key, condition)
            }
            _ => Err(Error::Arity(command::name::<Self>())),
        }
    }
}

/// Deletes a key that holds something if the condition is true of it.
pub(super) fn delete_if<'a>(
    ctx: &Ctx,
    name: &Str,
    key: Key<'_>,
    condition: LateCondition<'_>,
) -> Result<Reply<'a>, Error> {
    let holds = condition.holds(&key)?;
    apply(ctx, name, key, holds)
}

fn apply<'a>(ctx: &Ctx, name: &Str, key: Key<'_>, holds: bool) -> Result<Reply<'a>, Error> {
    drop(key);
    if counters::condition(holds) {
        effects::delete(ctx, name)?;
    }
    Ok(Reply::success(holds))
}
