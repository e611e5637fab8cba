//! `LOCK.INFO key`

use std::ffi::CStr;

use super::waiting;
use crate::error::Error;
use crate::logic::condition::Subject;
use crate::server::command::{Access, Command, Parameter};
use crate::server::key::{Key, Kind};
use crate::server::reply::Reply;
use crate::server::state::selected_db;
use crate::server::{self, Args, Ctx};
use crate::words::Words;

/// Shows whether a lock is held, for how long, by whom, and how many wait for it. The token is not shown,
/// only its digest: who knows the token could release the lock.
pub struct Info;

impl Command for Info {
    const NAME: &'static CStr = c"lock.info";
    const FLAGS: &'static CStr = c"readonly fast";
    const ACL: &'static CStr = c"read string fast";
    const ARITY: i32 = 2;
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static CStr =
        c"Returns whether a lock is held, for how long, by whom, and how many wait for it.";
    const COMPLEXITY: &'static CStr = c"O(N) in the length of the token";
    const PARAMETERS: &'static [Parameter] = &[Parameter::key()];

    fn run<'a>(ctx: &'a Ctx, args: Args<'a>) -> Result<Reply<'a>, Error> {
        let key = Key::open(ctx, args, 1);
        let (held, owner) = match key.kind() {
            Kind::Other => return Err(Error::WrongType),
            Kind::Missing => (0, Reply::Null),
            Kind::String => (1, Reply::Text(key.digest()?.text())),
        };
        let left = key.expires_at().map(|at| (at - server::now()).max(0));
        let waiters = waiting::count(selected_db(ctx), args.word(1));
        Ok(Reply::Map(vec![
            ("held", Reply::Int(held)),
            ("pttl", Reply::Int(left.unwrap_or(-1))),
            ("waiters", Reply::Int(waiters)),
            ("owner", owner),
        ]))
    }
}
