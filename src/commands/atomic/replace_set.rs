//! `ATOMIC.REPLACESET key member [member …]`

use std::ffi::CStr;

use super::{MEMBER, replace_by_words};
use crate::error::Error;
use crate::server::command::{Access, Command, Parameter};
use crate::server::reply::Reply;
use crate::server::{Args, Ctx};
use crate::shape::Shape;

/// Makes the key this set, whatever it held before. Every word after the key is data.
pub struct ReplaceSet;

impl Command for ReplaceSet {
    const NAME: &'static CStr = c"atomic.replaceset";
    const FLAGS: &'static CStr = c"write deny-oom";
    const ACL: &'static CStr = c"write set slow";
    const ARITY: i32 = -3;
    const ACCESS: Access = Access::Overwrite;
    const SUMMARY: &'static CStr =
        c"Replaces the value of a key, whatever it is, by a set of the members given.";
    const COMPLEXITY: &'static CStr = c"O(N) in the number of members";
    const PARAMETERS: &'static [Parameter] = &[Parameter::key(), MEMBER.multiple()];

    fn run<'a>(ctx: &'a Ctx, args: Args<'a>) -> Result<Reply<'a>, Error> {
        replace_by_words::<Self>(ctx, args, Shape::Set)
    }
}
