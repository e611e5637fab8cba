//! `CAS.SET key condition value [CREATE|NOCREATE] [GET|GETDIGEST] [EX s|PX ms|EXAT t|PXAT t|KEEPTTL]`

use std::ffi::CStr;

use crate::commands::parameters::{CONDITION, EXPIRATION};
use crate::error::Error;
use crate::logic::condition::{Condition, Subject};
use crate::logic::digest::Digest;
use crate::logic::expiry::{Given, Unit};
use crate::server::command::{self, Access, Command, Parameter};
use crate::server::key::{Key, Kind};
use crate::server::reply::Reply;
use crate::server::{self, Args, Ctx};
use crate::words::{Cursor, Words, is, once};
use crate::{counters, effects};

/// Stores a string if the key's value meets the condition. Replies `OK` or null; with `GET`
/// `[1|0, value before]`; with `GETDIGEST` `[1|0, digest now stored]`.
pub struct Set;

impl Command for Set {
    const NAME: &'static CStr = c"cas.set";
    const FLAGS: &'static CStr = c"write deny-oom";
    const ACL: &'static CStr = c"write string slow";
    const ARITY: i32 = -4;
    const ACCESS: Access = Access::ReadUpdate;
    const SUMMARY: &'static CStr =
        c"Sets the string value of a key if the value it has now meets a condition.";
    const COMPLEXITY: &'static CStr =
        c"O(1); O(N) in the length of the present value where that is compared";
    const PARAMETERS: &'static [Parameter] = &[
        Parameter::key(),
        CONDITION,
        Parameter::string(c"value"),
        Parameter::one_of(
            c"missing",
            &[
                Parameter::flag(c"create", c"CREATE"),
                Parameter::flag(c"nocreate", c"NOCREATE"),
            ],
        )
        .optional(),
        Parameter::one_of(
            c"reply",
            &[
                Parameter::flag(c"get", c"GET"),
                Parameter::flag(c"getdigest", c"GETDIGEST"),
            ],
        )
        .optional(),
        EXPIRATION,
    ];

    fn run<'a>(ctx: &'a Ctx, args: Args<'a>) -> Result<Reply<'a>, Error> {
        let request = Request::parse(&args)?;
        let expiry = Given::resolve(request.expiry, server::now, command::name::<Self>())?;
        let key = Key::open(ctx, args, 1);
        let holds = request.holds(&key)?;
        let value = args.str(request.value);
        let shown = match request.show {
            None if counters::condition(holds) => return effects::set(ctx, key, value, expiry),
            None => return Ok(Reply::Null),
            Some(Show::Before) => before(&key)?,
            Some(Show::Digest) if holds => digest(counters::digest_of(value.bytes())),
            Some(Show::Digest) => digest_of(&key)?,
        };
        if counters::condition(holds) {
            effects::set(ctx, key, value, expiry)?;
        }
        Ok(Reply::pair(Reply::success(holds), shown))
    }
}

fn before(key: &Key<'_>) -> Result<Reply<'static>, Error> {
    match key.kind() {
        Kind::Missing => Ok(Reply::Null),
        _ => Ok(Reply::Bytes(key.bytes()?.to_vec())),
    }
}

fn digest_of(key: &Key<'_>) -> Result<Reply<'static>, Error> {
    match key.kind() {
        Kind::Missing => Ok(Reply::Null),
        _ => key.digest().map(digest),
    }
}

fn digest(digest: Digest) -> Reply<'static> {
    Reply::Text(digest.text())
}

/// What the reply shows beside success.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Show {
    Before,
    Digest,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Request<'a> {
    condition: Condition,
    /// The value's position among the words.
    value: usize,
    /// What a missing key means, if not what the condition says.
    missing: Option<bool>,
    show: Option<Show>,
    expiry: Option<Given<'a>>,
}

impl<'a> Request<'a> {
    fn parse<W: Words + ?Sized>(words: &'a W) -> Result<Self, Error> {
        let mut cursor = Cursor::new(words, 2);
        let condition = Condition::parse(&mut cursor)?;
        let value = cursor.required()?;
        let (mut missing, mut show, mut expiry) = (None, None, None);
        while let Some(word) = cursor.next() {
            match word {
                w if is(w, "CREATE") => once(&mut missing, true)?,
                w if is(w, "NOCREATE") => once(&mut missing, false)?,
                w if is(w, "GET") => once(&mut show, Show::Before)?,
                w if is(w, "GETDIGEST") => once(&mut show, Show::Digest)?,
                w if is(w, "KEEPTTL") => once(&mut expiry, Given::Keep)?,
                w => {
                    let Some(unit) = Unit::of(w) else {
                        return Err(Error::Syntax);
                    };
                    once(&mut expiry, Given::Time(unit, cursor.operand()?))?;
                }
            }
        }
        // NX and XX already say what a missing key means.
        if missing.is_some() && matches!(condition, Condition::Absent | Condition::Present) {
            return Err(Error::Syntax);
        }
        Ok(Self {
            condition,
            value,
            missing,
            show,
            expiry,
        })
    }

    fn holds(&self, subject: &impl Subject) -> Result<bool, Error> {
        match self.missing {
            Some(answer) if !subject.exists() => Ok(answer),
            _ => self.condition.holds(subject),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<(usize, Option<bool>, Option<Show>, bool), Error> {
        let words: Vec<&[u8]> = line.split(' ').map(str::as_bytes).collect();
        let r = Request::parse(&words[..])?;
        Ok((r.value, r.missing, r.show, r.expiry.is_some()))
    }

    #[test]
    fn the_value_follows_the_condition() {
        assert_eq!(parse("CAS.SET k NX v"), Ok((3, None, None, false)));
        assert_eq!(parse("CAS.SET k IFEQ a v"), Ok((4, None, None, false)));
    }

    #[test]
    fn operands_that_spell_options_are_data() {
        assert_eq!(parse("CAS.SET GET IFEQ EX GET"), Ok((4, None, None, false)));
        assert_eq!(
            parse("CAS.SET k IFEQ KEEPTTL EX GET"),
            Ok((4, None, Some(Show::Before), false))
        );
    }

    #[test]
    fn options_follow_the_value_in_any_order() {
        let all = Ok((4, Some(true), Some(Show::Digest), true));
        assert_eq!(parse("CAS.SET k IFEQ a v CREATE GETDIGEST EX 9"), all);
        assert_eq!(parse("CAS.SET k IFEQ a v px 9 getdigest create"), all);
    }

    #[test]
    fn repeated_unknown_and_conflicting_options_are_syntax_errors() {
        for line in [
            "CAS.SET k IFEQ a v CREATE CREATE",
            "CAS.SET k IFEQ a v CREATE NOCREATE",
            "CAS.SET k NX v CREATE",
            "CAS.SET k XX v NOCREATE",
            "CAS.SET k IFEQ a v GET GETDIGEST",
            "CAS.SET k IFEQ a v EX 1 KEEPTTL",
            "CAS.SET k IFEQ a v EX 1 EX 1",
            "CAS.SET k IFEQ a v EX",
            "CAS.SET k IFEQ a v PERSIST",
            "CAS.SET k IFEQ a v IFEQ b",
            "CAS.SET k IFEQ v",
            "CAS.SET k BOGUS a v",
        ] {
            assert_eq!(parse(line), Err(Error::Syntax), "{line}");
        }
    }
}
