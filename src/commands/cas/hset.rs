//! `CAS.HSET key field condition FIELDS n field value [field value …]`

use std::ffi::CStr;
use std::ops::Range;

use super::{FIELD, VALUE};
use crate::commands::parameters::CONDITION;
use crate::error::Error;
use crate::logic::condition::Condition;
use crate::logic::counted::Counted;
use crate::server::command::{Access, Command, Parameter};
use crate::server::key::Key;
use crate::server::reply::Reply;
use crate::server::{Args, Ctx};
use crate::words::{Cursor, Words, is};
use crate::{counters, effects};

/// Sets fields of a hash, any of them, if one field meets the condition. Replies `1` or `0`. A missing
/// key is a missing field.
pub struct Hset;

impl Command for Hset {
    const NAME: &'static CStr = c"cas.hset";
    const FLAGS: &'static CStr = c"write deny-oom fast";
    const ACL: &'static CStr = c"write hash fast";
    const ARITY: i32 = -8;
    const ACCESS: Access = Access::ReadUpdate;
    const SUMMARY: &'static CStr =
        c"Sets fields of a hash if the value that one field has now meets a condition.";
    const COMPLEXITY: &'static CStr = c"O(N) in the number of fields set";
    const PARAMETERS: &'static [Parameter] = &[
        Parameter::key(),
        FIELD,
        CONDITION,
        Parameter::integer(c"numpairs").after(c"FIELDS"),
        Parameter::block(c"data", &[FIELD, VALUE]).multiple(),
    ];

    fn run<'a>(ctx: &'a Ctx, args: Args<'a>) -> Result<Reply<'a>, Error> {
        let (condition, data) = parse(&args)?;
        let key = Key::open(ctx, args, 1);
        let holds = condition.holds(&key.field(args.str(2))?)?;
        if counters::condition(holds) {
            effects::set_fields(ctx, key, args.strs(data))?;
        }
        Ok(Reply::success(holds))
    }
}

/// The condition, and where the pairs stand.
fn parse<W: Words + ?Sized>(words: &W) -> Result<(Condition<'_>, Range<usize>), Error> {
    let mut cursor = Cursor::new(words, 3);
    let condition = Condition::parse(&mut cursor)?;
    if !is(cursor.operand()?.bytes, "FIELDS") {
        return Err(Error::Syntax);
    }
    let count = cursor.operand()?.bytes;
    Ok((condition, Counted::PAIRS.all(count, cursor.rest())?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Range<usize>, Error> {
        let words: Vec<&[u8]> = line.split(' ').map(str::as_bytes).collect();
        parse(&words[..]).map(|(_, data)| data)
    }

    #[test]
    fn pairs_follow_the_condition_and_may_spell_anything() {
        assert_eq!(parsed("CAS.HSET k f NX FIELDS 1 f v"), Ok(6..8));
        assert_eq!(
            parsed("CAS.HSET k f IFEQ FIELDS fields 2 NX 1 FIELDS 2"),
            Ok(7..11)
        );
    }

    #[test]
    fn without_fields_it_is_a_syntax_error() {
        for line in [
            "CAS.HSET k f NX f v g w",
            "CAS.HSET k f IFEQ v FIELDS",
            "CAS.HSET k f NX",
        ] {
            assert_eq!(parsed(line), Err(Error::Syntax), "{line}");
        }
        let miscounted = parsed("CAS.HSET k f NX FIELDS 2 f v");
        assert!(matches!(
            miscounted,
            Err(Error::Miscounted { count: 2, .. })
        ));
    }
}
