//! `ATOMIC.REPLACEHASH key field value [field value …]`

use std::ffi::CStr;

use super::{FIELDS, replace_by_words};
use crate::error::Error;
use crate::server::command::{Access, Command, Parameter};
use crate::server::reply::Reply;
use crate::server::{Args, Ctx};
use crate::shape::Shape;

/// Makes the key this hash, whatever it held before. Every word after the key is data. A repeated field has the value that comes last.
pub struct ReplaceHash;

impl Command for ReplaceHash {
    const NAME: &'static CStr = c"atomic.replacehash";
    const FLAGS: &'static CStr = c"write deny-oom";
    const ACL: &'static CStr = c"write hash slow";
    const ARITY: i32 = -4;
    const ACCESS: Access = Access::Overwrite;
    const SUMMARY: &'static CStr =
        c"Replaces the value of a key, whatever it is, by a hash of the fields and values given.";
    const COMPLEXITY: &'static CStr = c"O(N) in the number of fields";
    const PARAMETERS: &'static [Parameter] = &[Parameter::key(), FIELDS];

    fn run<'a>(ctx: &'a Ctx, args: Args<'a>) -> Result<Reply<'a>, Error> {
        replace_by_words::<Self>(ctx, args, Shape::Hash)
    }
}
