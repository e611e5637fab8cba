//! `DELEX key [IFEQ|IFNE value|IFDEQ|IFDNE digest]`

use std::ffi::CStr;

use crate::commands::parameters::NATIVE_CONDITION;
use crate::error::Error;
use crate::logic::native::delex_condition;
use crate::server::command::{self, Access, Command, Parameter};
use crate::server::key::{Key, Kind};
use crate::server::reply::Reply;
use crate::server::{Args, Ctx};
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
    const PARAMETERS: &'static [Parameter] = &[Parameter::key(), NATIVE_CONDITION.optional()];

    fn run<'a>(ctx: &'a Ctx, args: Args<'a>) -> Result<Reply<'a>, Error> {
        let key = if args.count() == 2 {
            Key::open_quietly(ctx, args, 1)
        } else {
            Key::open(ctx, args, 1)
        };
        let holds = match (args.count(), key.kind()) {
            (2, kind) => kind != Kind::Missing,
            (4, Kind::Missing) => false,
            (4, Kind::Other) => return Err(Error::DelexNotAString),
            (4, Kind::String) => delex_condition(&args)
                .ok_or(Error::DelexCondition)?
                .holds(&key)?,
            _ => return Err(Error::Arity(command::name::<Self>())),
        };
        delete_if(holds, ctx, key)
    }
}

/// Deletes a key when the condition on it holds, and says so.
pub(super) fn delete_if<'a>(holds: bool, ctx: &Ctx, key: Key<'_>) -> Result<Reply<'a>, Error> {
    if counters::condition(holds) {
        effects::delete(ctx, key)?;
    }
    Ok(Reply::success(holds))
}
