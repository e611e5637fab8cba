//! `CAS.HDEL key field condition [FIELDS n field …]`

use std::ffi::CStr;

use super::FIELD;
use crate::commands::parameters::CONDITION;
use crate::error::Error;
use crate::logic::fields;
use crate::server::command::{Access, Command, Parameter};
use crate::server::key::Key;
use crate::server::reply::Reply;
use crate::server::{Args, Ctx, Str};
use crate::{counters, effects};

/// Deletes a field of a hash if its value meets the condition, or the fields listed instead. Replies `1`
/// when any was deleted, else `0`: a missing field is never deleted, whatever the condition says of it.
pub struct Hdel;

impl Command for Hdel {
    const NAME: &'static CStr = c"cas.hdel";
    const FLAGS: &'static CStr = c"write fast";
    const ACL: &'static CStr = c"write hash fast";
    const ARITY: i32 = -4;
    const ACCESS: Access = Access::ReadDelete;
    const SUMMARY: &'static CStr =
        c"Deletes fields of a hash if the value that one field has now meets a condition.";
    const COMPLEXITY: &'static CStr = c"O(N) in the number of fields deleted";
    const PARAMETERS: &'static [Parameter] = &[
        Parameter::key(),
        FIELD,
        CONDITION,
        Parameter::block(
            c"fields",
            &[
                Parameter::integer(c"numfields").after(c"FIELDS"),
                FIELD.multiple(),
            ],
        )
        .optional(),
    ];

    fn run<'a>(ctx: &'a Ctx, args: Args<'a>) -> Result<Reply<'a>, Error> {
        let (condition, fields) = fields::delete(&args)?;
        let key = Key::open(ctx, args, 1);
        let holds = condition.holds(&key.field(args.str(2))?)?;
        let fields = args.strs(fields);
        if !counters::condition(holds) || !has_any(&key, fields)? {
            return Ok(Reply::success(false));
        }
        effects::delete_fields(ctx, key, fields)?;
        Ok(Reply::success(true))
    }
}

/// Whether there is anything to delete: servers before 7.0 would send replicas a transaction of nothing.
fn has_any(key: &Key<'_>, fields: &[Str]) -> Result<bool, Error> {
    for field in fields {
        if key.field(field)?.value().is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}
