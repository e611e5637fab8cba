//! `ATOMIC.COMMIT stage key [COUNT n] [condition] [EX s|PX ms|EXAT t|PXAT t|KEEPTTL]`

use std::ffi::CStr;

use super::lost;
use crate::commands::parameters::{CONDITION, EXPIRATION};
use crate::error::Error;
use crate::logic::condition::Subject;
use crate::logic::expiry::Given;
use crate::logic::integer;
use crate::logic::options::Options;
use crate::server::command::{self, Access, Command, KeyRange, Parameter};
use crate::server::key::Key;
use crate::server::reply::Reply;
use crate::server::{self, Args, Ctx};
use crate::words::{Cursor, Words, is, once};
use crate::{counters, effects};

/// Moves the value of a stage to its key, whatever that held before, in constant time: `OK`; null when
/// the condition on the key is false, and then the stage stays. The stage may have been filled by any
/// command; its time to live does not come along.
pub struct Commit;

impl Command for Commit {
    const NAME: &'static CStr = c"atomic.commit";
    const FLAGS: &'static CStr = c"write";
    const ACL: &'static CStr = c"write keyspace slow";
    const ARITY: i32 = -3;
    const ACCESS: Access = Access::ReadDelete;
    const KEYS: &'static [KeyRange] = &[
        KeyRange::at(1, Self::ACCESS),
        KeyRange::at(2, Access::Update),
    ];
    const SUMMARY: &'static CStr =
        c"Moves the value of a stage to a key in the place of whatever that holds.";
    const COMPLEXITY: &'static CStr =
        c"O(1); O(N) in the size of the key's present value where that is compared";
    const PARAMETERS: &'static [Parameter] = &[
        Parameter::key_of(c"stage", 0),
        Parameter::key_of(c"key", 1),
        Parameter::integer(c"count").after(c"COUNT").optional(),
        CONDITION.optional(),
        EXPIRATION,
    ];

    fn run<'a>(ctx: &'a Ctx, args: Args<'a>) -> Result<Reply<'a>, Error> {
        let request = Request::parse(&args)?;
        let options = request.options;
        let expiry = Given::resolve(options.expiry, server::now, command::name::<Self>())?;
        let count = request.count()?;
        if args.word(1) == args.word(2) {
            return Err(Error::SameKey);
        }
        let stage = Key::open(ctx, args, 1);
        if !stage.exists() {
            return Err(Error::NoSuchKey);
        }
        if let Some(lost) = count.and_then(|count| lost(&stage, None, count)) {
            return Err(lost);
        }
        let key = Key::open(ctx, args, 2);
        if let Some(condition) = options.condition
            && !counters::condition(condition.holds(&key)?)
        {
            return Ok(Reply::Null);
        }
        effects::commit(ctx, stage, key, expiry)?;
        counters::COMMITTED.add_one();
        Ok(Reply::Ok)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Request<'a> {
    count: Option<&'a [u8]>,
    options: Options<'a>,
}

impl<'a> Request<'a> {
    fn parse<W: Words + ?Sized>(words: &'a W) -> Result<Self, Error> {
        let mut cursor = Cursor::new(words, 3);
        let (mut count, mut options) = (None, Options::default());
        while let Some(word) = cursor.next() {
            if is(word, "COUNT") {
                once(&mut count, cursor.operand()?)?;
            } else {
                options.take(word, &mut cursor)?;
            }
        }
        Ok(Self { count, options })
    }

    fn count(&self) -> Result<Option<u64>, Error> {
        let read = |text| {
            integer::parse(text)
                .and_then(|count| u64::try_from(count).ok())
                .ok_or(Error::NotAnInteger)
        };
        self.count.map(read).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<(Option<u64>, bool, bool), Error> {
        let words: Vec<&[u8]> = line.split(' ').map(str::as_bytes).collect();
        let r = Request::parse(&words[..])?;
        let Options { condition, expiry } = r.options;
        Ok((r.count()?, condition.is_some(), expiry.is_some()))
    }

    #[test]
    fn options_stand_in_any_order() {
        assert_eq!(parse("C s k"), Ok((None, false, false)));
        assert_eq!(parse("C s k count 5 KEEPTTL NX"), Ok((Some(5), true, true)));
        assert_eq!(
            parse("C s k IFEQ COUNT EX 9 COUNT 0"),
            Ok((Some(0), true, true))
        );
    }

    #[test]
    fn repeated_and_unknown_options_are_syntax_errors() {
        for line in [
            "C s k COUNT 1 COUNT 1",
            "C s k COUNT",
            "C s k NX XX",
            "C s k IFCHANGED",
            "C s k v",
        ] {
            assert_eq!(parse(line), Err(Error::Syntax), "{line}");
        }
        assert_eq!(parse("C s k COUNT -1"), Err(Error::NotAnInteger));
    }
}
