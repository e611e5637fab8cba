//! `ATOMIC.STAGE stage offset EX s|PX ms block`

use std::ffi::CStr;

use super::content::Content;
use super::replace::store;
use super::{BLOCK, lost};
use crate::commands::parameters::{MILLISECONDS, SECONDS};
use crate::effects;
use crate::error::Error;
use crate::logic::block::{Block, Data};
use crate::logic::expiry::{Expiry, Unit};
use crate::logic::integer;
use crate::server::command::{self, Access, Command, Parameter};
use crate::server::key::Key;
use crate::server::reply::Reply;
use crate::server::{self, Args, Ctx};
use crate::shape::Shape;
use crate::words::{Cursor, Words};

/// Adds a piece to a value that grows in a key of its own, and says how many elements it has now, or
/// bytes of a string. Offset 0 begins anew; any other is how many the caller believes there are, and
/// nothing happens if there are not. Each piece renews the time after which an abandoned stage is gone.
pub struct Stage;

impl Command for Stage {
    const NAME: &'static CStr = c"atomic.stage";
    const FLAGS: &'static CStr = c"write deny-oom";
    const ACL: &'static CStr = c"write keyspace slow";
    const ARITY: i32 = -7;
    const ACCESS: Access = Access::Update;
    const SUMMARY: &'static CStr =
        c"Uploads a value in pieces to a key of its own, from which ATOMIC.COMMIT moves it.";
    const COMPLEXITY: &'static CStr = c"O(N) in the size of the piece";
    const PARAMETERS: &'static [Parameter] = &[
        Parameter::key_of(c"stage", 0),
        Parameter::integer(c"offset"),
        Parameter::one_of(c"expiration", &[SECONDS, MILLISECONDS]),
        BLOCK,
    ];

    fn run<'a>(ctx: &'a Ctx, args: Args<'a>) -> Result<Reply<'a>, Error> {
        let request = Request::parse(&args)?;
        let offset = request.offset()?;
        let (unit, time) = request.time;
        let at = unit.at(time, server::now, command::name::<Self>())?;
        let content = Content::read(&args, &request.block)?;
        let stage = Key::open(ctx, args, 1);
        let count = if offset == 0 {
            store(ctx, stage, &content, Expiry::At(at))?
        } else {
            if let Some(lost) = lost(&stage, Some(content.shape()), offset) {
                return Err(lost);
            }
            let words = content.words();
            effects::append(ctx, stage, content.shape(), words, at)?
        };
        Ok(Reply::Int(i64::try_from(count).unwrap_or(i64::MAX)))
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Request<'a> {
    offset: &'a [u8],
    time: (Unit, &'a [u8]),
    block: Block,
}

impl<'a> Request<'a> {
    fn parse<W: Words + ?Sized>(words: &'a W) -> Result<Self, Error> {
        let mut cursor = Cursor::new(words, 2);
        let offset = cursor.operand()?;
        let unit = Unit::of(cursor.operand()?);
        let Some(unit @ (Unit::Seconds | Unit::Millis)) = unit else {
            return Err(Error::Syntax);
        };
        let time = (unit, cursor.operand()?);
        let shape = Shape::of(cursor.operand()?).ok_or(Error::Syntax)?;
        let block = Block::parse(shape, &mut cursor)?;
        // Half a document is none.
        if shape == Shape::String && matches!(block.data, Data::Json(_)) {
            return Err(Error::Syntax);
        }
        Ok(Self {
            offset,
            time,
            block,
        })
    }

    fn offset(&self) -> Result<u64, Error> {
        integer::parse(self.offset)
            .and_then(|offset| u64::try_from(offset).ok())
            .ok_or(Error::NotAnInteger)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<(u64, Unit, Data), Error> {
        let words: Vec<&[u8]> = line.split(' ').map(str::as_bytes).collect();
        let r = Request::parse(&words[..])?;
        Ok((r.offset()?, r.time.0, r.block.data))
    }

    #[test]
    fn a_piece_has_an_offset_a_time_and_a_block() {
        assert_eq!(
            parse("S k 0 EX 60 SET 2 a b"),
            Ok((0, Unit::Seconds, Data::Words(7..9)))
        );
        assert_eq!(
            parse("S k 1000 px 5 STRING JSON"),
            Ok((1000, Unit::Millis, Data::Words(6..7)))
        );
        assert_eq!(
            parse("S k 1 PX 5 HASH JSON {}"),
            Ok((1, Unit::Millis, Data::Json(7)))
        );
    }

    #[test]
    fn an_offset_is_an_integer_that_is_not_negative() {
        for offset in ["-1", "x", "01", "9223372036854775808"] {
            let line = format!("S k {offset} EX 1 SET 1 a");
            assert_eq!(parse(&line), Err(Error::NotAnInteger), "{line}");
        }
    }

    #[test]
    fn an_absolute_time_none_and_half_a_document_are_syntax_errors() {
        for line in [
            "S k 0 EXAT 60 SET 1 a",
            "S k 0 KEEPTTL SET 1 a",
            "S k 0 SET 1 a",
            "S k 0 EX 60 NX SET 1 a",
            "S k 0 EX 60 STRING JSON {}",
        ] {
            assert_eq!(parse(line), Err(Error::Syntax), "{line}");
        }
    }
}
