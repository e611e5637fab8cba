//! `CAS.DEL key condition [GET]`

use std::ffi::CStr;

use crate::commands::parameters::CONDITION;
use crate::error::Error;
use crate::logic::condition::{Condition, Subject};
use crate::server::command::{Access, Command, Parameter};
use crate::server::key::Key;
use crate::server::reply::Reply;
use crate::server::{Args, Ctx};
use crate::words::{Cursor, Words, is, once};
use crate::{counters, effects};

/// Deletes a key if its value meets the condition. Replies `1` or `0`; with `GET` `[1|0, value before]`.
/// A missing key is never deleted, whatever the condition says of it.
pub struct Del;

impl Command for Del {
    const NAME: &'static CStr = c"cas.del";
    const FLAGS: &'static CStr = c"write fast";
    const ACL: &'static CStr = c"write string fast";
    const ARITY: i32 = -3;
    const ACCESS: Access = Access::ReadDelete;
    const SUMMARY: &'static CStr = c"Deletes a key if the value it has now meets a condition.";
    const COMPLEXITY: &'static CStr =
        c"O(1); O(N) in the length of the present value where that is compared";
    const PARAMETERS: &'static [Parameter] = &[
        Parameter::key(),
        CONDITION,
        Parameter::flag(c"get", c"GET").optional(),
    ];

    fn run<'a>(ctx: &'a Ctx, args: Args<'a>) -> Result<Reply<'a>, Error> {
        let request = Request::parse(&args)?;
        let key = Key::open(ctx, args, 1);
        let holds = request.condition.holds(&key)? && key.exists();
        let success = Reply::success(holds);
        let reply = if !request.get {
            success
        } else if key.exists() {
            Reply::pair(success, Reply::Bytes(key.bytes()?.to_vec()))
        } else {
            Reply::pair(success, Reply::Null)
        };
        if counters::condition(holds) {
            effects::delete(ctx, key)?;
        }
        Ok(reply)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Request {
    condition: Condition,
    get: bool,
}

impl Request {
    fn parse<W: Words + ?Sized>(words: &W) -> Result<Self, Error> {
        let mut cursor = Cursor::new(words, 2);
        let condition = Condition::parse(&mut cursor)?;
        let mut get = None;
        while let Some(word) = cursor.next() {
            if !is(word, "GET") {
                return Err(Error::Syntax);
            }
            once(&mut get, ())?;
        }
        Ok(Self {
            condition,
            get: get.is_some(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<bool, Error> {
        let words: Vec<&[u8]> = line.split(' ').map(str::as_bytes).collect();
        Request::parse(&words[..]).map(|request| request.get)
    }

    #[test]
    fn get_may_follow_the_condition_once() {
        assert_eq!(parse("CAS.DEL k IFEQ v"), Ok(false));
        assert_eq!(parse("CAS.DEL k IFEQ GET"), Ok(false));
        assert_eq!(parse("CAS.DEL k XX get"), Ok(true));
        assert_eq!(parse("CAS.DEL k XX GET GET"), Err(Error::Syntax));
        assert_eq!(parse("CAS.DEL k XX v"), Err(Error::Syntax));
    }
}
