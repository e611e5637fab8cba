//! `CAS.EXPIRE key condition EX s|PX ms|EXAT t|PXAT t|PERSIST`

use std::ffi::CStr;

use crate::commands::parameters::{
    CONDITION, MILLISECONDS, SECONDS, UNIX_MILLISECONDS, UNIX_SECONDS,
};
use crate::error::Error;
use crate::logic::condition::{Condition, Subject};
use crate::logic::expiry::Unit;
use crate::server::command::{self, Access, Command, Parameter};
use crate::server::key::Key;
use crate::server::reply::Reply;
use crate::server::{self, Args, Ctx};
use crate::words::{Cursor, Words, is};
use crate::{counters, effects};

/// Changes a key's time to live if its value meets the condition. Replies `1` or `0`; a missing key is
/// `0` whatever the condition. A time in the past deletes the key, as `EXPIREAT` does.
pub struct Expire;

impl Command for Expire {
    const NAME: &'static CStr = c"cas.expire";
    const FLAGS: &'static CStr = c"write fast";
    const ACL: &'static CStr = c"write keyspace fast";
    const ARITY: i32 = -4;
    const ACCESS: Access = Access::ReadUpdate;
    const SUMMARY: &'static CStr =
        c"Changes the time to live of a key if the value it has now meets a condition.";
    const COMPLEXITY: &'static CStr =
        c"O(1); O(N) in the length of the present value where that is compared";
    const PARAMETERS: &'static [Parameter] = &[
        Parameter::key(),
        CONDITION,
        Parameter::one_of(
            c"expiration",
            &[
                SECONDS,
                MILLISECONDS,
                UNIX_SECONDS,
                UNIX_MILLISECONDS,
                Parameter::flag(c"persist", c"PERSIST"),
            ],
        ),
    ];

    fn run<'a>(ctx: &'a Ctx, args: Args<'a>) -> Result<Reply<'a>, Error> {
        let request = Request::parse(&args)?;
        let at = match request.time {
            Some((unit, operand)) => {
                Some(unit.at(operand, server::now, command::name::<Self>())?)
            }
            None => None,
        };
        let key = Key::open(ctx, args, 1);
        let holds = request.condition.holds(&key)? && key.exists();
        if counters::condition(holds) {
            match at {
                Some(at) => effects::expire_at(ctx, key, at)?,
                None => effects::persist(ctx, key)?,
            }
        }
        Ok(Reply::success(holds))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Request<'a> {
    condition: Condition,
    /// The new time; none to take the old one away.
    time: Option<(Unit, &'a [u8])>,
}

impl<'a> Request<'a> {
    fn parse<W: Words + ?Sized>(words: &'a W) -> Result<Self, Error> {
        let mut cursor = Cursor::new(words, 2);
        let condition = Condition::parse(&mut cursor)?;
        let word = cursor.operand()?;
        let time = if is(word, "PERSIST") {
            None
        } else {
            Some((Unit::of(word).ok_or(Error::Syntax)?, cursor.operand()?))
        };
        match cursor.next() {
            None => Ok(Self { condition, time }),
            Some(_) => Err(Error::Syntax),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Option<Unit>, Error> {
        let words: Vec<&[u8]> = line.split(' ').map(str::as_bytes).collect();
        Request::parse(&words[..]).map(|request| request.time.map(|(unit, _)| unit))
    }

    #[test]
    fn exactly_one_time_or_persist_follows_the_condition() {
        assert_eq!(parse("CAS.EXPIRE k IFEQ v EX 1"), Ok(Some(Unit::Seconds)));
        assert_eq!(parse("CAS.EXPIRE k XX persist"), Ok(None));
        for line in [
            "CAS.EXPIRE k IFEQ v",
            "CAS.EXPIRE k XX EX",
            "CAS.EXPIRE k XX KEEPTTL",
            "CAS.EXPIRE k XX EX 1 PX 1",
            "CAS.EXPIRE k XX PERSIST PERSIST",
        ] {
            assert_eq!(parse(line), Err(Error::Syntax), "{line}");
        }
    }
}
