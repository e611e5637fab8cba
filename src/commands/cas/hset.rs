//! `CAS.HSET key field condition FIELDS n field value [field value …]`

use std::ffi::CStr;

use super::{FIELD, VALUE};
use crate::commands::parameters::CONDITION;
use crate::error::Error;
use crate::logic::fields;
use crate::server::command::{Access, Command, Parameter};
use crate::server::key::Key;
use crate::server::reply::Reply;
use crate::server::{Args, Ctx};
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
        let (condition, data) = fields::set(&args)?;
        let key = Key::open(ctx, args, 1);
        let holds = condition.holds(&key.field(args.str(2))?)?;
        if counters::condition(holds) {
            effects::set_fields(ctx, key, args.strs(data))?;
        }
        Ok(Reply::success(holds))
    }
}
