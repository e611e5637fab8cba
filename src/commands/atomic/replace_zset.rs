//! `ATOMIC.REPLACEZSET key score member [score member …]`

use std::ffi::CStr;

use super::{SCORES, replace_by_words};
use crate::error::Error;
use crate::server::command::{Access, Command, Parameter};
use crate::server::reply::Reply;
use crate::server::{Args, Ctx};
use crate::shape::Shape;

/// Makes the key this sorted set, whatever it held before. Every word after the key is data. Scores are as `ZADD` takes them; a repeated member has the score that
/// comes last.
pub struct ReplaceZset;

impl Command for ReplaceZset {
    const NAME: &'static CStr = c"atomic.replacezset";
    const FLAGS: &'static CStr = c"write deny-oom";
    const ACL: &'static CStr = c"write sortedset slow";
    const ARITY: i32 = -4;
    const ACCESS: Access = Access::Overwrite;
    const SUMMARY: &'static CStr =
        c"Replaces the value of a key, whatever it is, by a sorted set of the scored members given.";
    const COMPLEXITY: &'static CStr = c"O(N*log(N)) in the number of members";
    const PARAMETERS: &'static [Parameter] = &[Parameter::key(), SCORES];

    fn run<'a>(ctx: &'a Ctx, args: Args<'a>) -> Result<Reply<'a>, Error> {
        replace_by_words::<Self>(ctx, args, Shape::Zset)
    }
}
