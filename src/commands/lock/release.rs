//! `LOCK.RELEASE key token`

use std::ffi::CStr;

use super::extend::is_held_by;
use super::grant;
use crate::effects;
use crate::error::Error;
use crate::server::command::{Access, Command, Parameter};
use crate::server::key::Key;
use crate::server::reply::Reply;
use crate::server::{Args, Ctx};

/// Releases a lock if the token holds it, and hands it over to the first who waits for it, in the same
/// step. Replies `1` or `0`.
pub struct Release;

impl Command for Release {
    const NAME: &'static CStr = c"lock.release";
    const FLAGS: &'static CStr = c"write fast";
    const ACL: &'static CStr = c"write string fast";
    const ARITY: i32 = 3;
    const ACCESS: Access = Access::Delete;
    const SUMMARY: &'static CStr =
        c"Releases a lock that the token holds, and hands it over to the first who waits for it.";
    const COMPLEXITY: &'static CStr =
        c"O(1); O(log(N)) with the hand-over, N being the number of clients that wait";
    const PARAMETERS: &'static [Parameter] = &[Parameter::key(), Parameter::string(c"token")];

    fn run<'a>(ctx: &'a Ctx, args: Args<'a>) -> Result<Reply<'a>, Error> {
        let key = Key::open(ctx, args, 1);
        let holds = is_held_by(&key)?;
        if holds {
            let name = key.name();
            effects::release(ctx, key)?;
            grant::hand_over(ctx, name);
        }
        Ok(Reply::success(holds))
    }
}
