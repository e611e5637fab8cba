//! `ATOMIC.REPLACE key [condition] [EX s|PX ms|EXAT t|PXAT t|KEEPTTL] [IFCHANGED] block`

use std::ffi::CStr;

use super::content::Content;
use super::{BLOCK, same::is_held};
use crate::commands::parameters::{CONDITION, EXPIRATION};
use crate::effects::Until;
use crate::error::Error;
use crate::logic::block::Block;
use crate::logic::condition::Subject;
use crate::logic::expiry::{Expiry, Given};
use crate::logic::options::Options;
use crate::server::command::{self, Access, Command, Parameter};
use crate::server::key::Key;
use crate::server::reply::Reply;
use crate::server::{self, Args, Ctx};
use crate::shape::Shape;
use crate::words::{Cursor, Words, is, once};
use crate::{counters, effects};

/// Makes the key the value of the block, whatever it held before: `OK`; null when the condition on it is
/// false; with `IFCHANGED` the status `UNCHANGED`, and nothing is done but the expiry given, when it
/// holds exactly this value already. An empty collection is no key.
pub struct Replace;

impl Command for Replace {
    const NAME: &'static CStr = c"atomic.replace";
    const FLAGS: &'static CStr = c"write deny-oom";
    const ACL: &'static CStr = c"write keyspace slow";
    const ARITY: i32 = -4;
    const ACCESS: Access = Access::Update;
    const SUMMARY: &'static CStr =
        c"Replaces the value of a key, whatever it is, if it meets a condition or has changed.";
    const COMPLEXITY: &'static CStr =
        c"O(N) in the size of the new value; with IFCHANGED or a condition, also of the present one";
    const PARAMETERS: &'static [Parameter] = &[
        Parameter::key(),
        CONDITION.optional(),
        EXPIRATION,
        Parameter::flag(c"ifchanged", c"IFCHANGED").optional(),
        BLOCK,
    ];

    fn run<'a>(ctx: &'a Ctx, args: Args<'a>) -> Result<Reply<'a>, Error> {
        let request = Request::parse(&args)?;
        let expiry = Given::resolve(request.options.expiry, server::now, command::name::<Self>())?;
        let content = Content::read(&args, &request.block)?;
        let key = Key::open(ctx, args, 1);
        if let Some(condition) = request.options.condition
            && !counters::condition(condition.holds(&key)?)
        {
            return Ok(Reply::Null);
        }
        if request.if_changed && is_held(&key, &content)? {
            counters::UNCHANGED.add_one();
            match expiry {
                Expiry::At(at) if key.exists() => effects::expire_at(ctx, key, at)?,
                _ => (),
            }
            return Ok(Reply::Status(c"UNCHANGED"));
        }
        store(ctx, key, &content, expiry)?;
        counters::REPLACED.add_one();
        Ok(Reply::Ok)
    }
}

/// Puts the content in the place of whatever the key holds. The result is how many elements it has, or
/// bytes.
pub(super) fn store(
    ctx: &Ctx,
    key: Key<'_>,
    content: &Content<'_>,
    expiry: Expiry,
) -> Result<usize, Error> {
    match (content.shape(), content.words()) {
        (Shape::String, [word]) => {
            effects::set(ctx, key, word, expiry)?;
            Ok(word.bytes().len())
        }
        (_, []) if key.exists() => effects::delete(ctx, key).map(|()| 0),
        (_, []) => Ok(0),
        (shape, words) => {
            let until = Until::of(expiry, &key);
            effects::replace(ctx, key.close(), shape, words, until)
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Request<'a> {
    options: Options<'a>,
    if_changed: bool,
    block: Block,
}

impl<'a> Request<'a> {
    fn parse<W: Words + ?Sized>(words: &'a W) -> Result<Self, Error> {
        let mut cursor = Cursor::new(words, 2);
        let mut options = Options::default();
        let mut if_changed = None;
        loop {
            let word = cursor.operand()?;
            if let Some(shape) = Shape::of(word) {
                return Ok(Self {
                    options,
                    if_changed: if_changed.is_some(),
                    block: Block::parse(shape, &mut cursor)?,
                });
            }
            if is(word, "IFCHANGED") {
                once(&mut if_changed, ())?;
            } else {
                options.take(word, &mut cursor)?;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logic::block::Data;

    fn parse(line: &str) -> Result<(bool, bool, bool, Data), Error> {
        let words: Vec<&[u8]> = line.split(' ').map(str::as_bytes).collect();
        let r = Request::parse(&words[..])?;
        let Options { condition, expiry } = r.options;
        Ok((
            condition.is_some(),
            expiry.is_some(),
            r.if_changed,
            r.block.data,
        ))
    }

    #[test]
    fn options_stand_in_any_order_before_the_data() {
        let all = |data| Ok((true, true, true, Data::Words(data)));
        assert_eq!(parse("R k NX EX 5 IFCHANGED HASH 1 f v"), all(8..10));
        assert_eq!(parse("R k ifchanged keepttl IFEQ NX SET 1 a"), all(8..9));
        assert_eq!(
            parse("R k STRING v"),
            Ok((false, false, false, Data::Words(3..4)))
        );
    }

    #[test]
    fn operands_and_data_that_spell_options_are_what_they_are() {
        assert_eq!(
            parse("R STRING IFEQ HASH SET 3 EX NX IFCHANGED"),
            Ok((true, false, false, Data::Words(6..9)))
        );
        assert_eq!(
            parse("R k STRING EX"),
            Ok((false, false, false, Data::Words(3..4)))
        );
    }

    #[test]
    fn repeated_unknown_and_missing_words_are_syntax_errors() {
        for line in [
            "R k IFCHANGED IFCHANGED STRING v",
            "R k NX XX STRING v",
            "R k EX 1 KEEPTTL STRING v",
            "R k BOGUS STRING v",
            "R k NX EX",
            "R k NX IFCHANGED",
            "R k STRING v NX",
        ] {
            assert_eq!(parse(line), Err(Error::Syntax), "{line}");
        }
    }
}
