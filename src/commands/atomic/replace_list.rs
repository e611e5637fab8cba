//! `ATOMIC.REPLACELIST key element [element …]`

use std::ffi::CStr;

use super::{ELEMENT, replace_by_words};
use crate::error::Error;
use crate::server::command::{Access, Command, Parameter};
use crate::server::reply::Reply;
use crate::server::{Args, Ctx};
use crate::shape::Shape;

/// Makes the key this list, whatever it held before. Every word after the key is data.
pub struct ReplaceList;

impl Command for ReplaceList {
    const NAME: &'static CStr = c"atomic.replacelist";
    const FLAGS: &'static CStr = c"write deny-oom";
    const ACL: &'static CStr = c"write list slow";
    const ARITY: i32 = -3;
    const ACCESS: Access = Access::Overwrite;
    const SUMMARY: &'static CStr =
        c"Replaces the value of a key, whatever it is, by a list of the elements given.";
    const COMPLEXITY: &'static CStr = c"O(N) in the number of elements";
    const PARAMETERS: &'static [Parameter] = &[Parameter::key(), ELEMENT.multiple()];

    fn run<'a>(ctx: &'a Ctx, args: Args<'a>) -> Result<Reply<'a>, Error> {
        replace_by_words::<Self>(ctx, args, Shape::List)
    }
}
