//! `LOCK.EXTEND key token EX s|PX ms`

use std::ffi::CStr;

use super::{LIFETIME, waiting};
use crate::effects;
use crate::error::Error;
use crate::logic::lock::Lifetime;
use crate::server::command::{self, Access, Command, Parameter};
use crate::server::key::{Key, Kind};
use crate::server::reply::Reply;
use crate::server::{self, Args, Ctx};
use crate::words::Cursor;

/// Gives a lock another lifetime from now on, if the token holds it. Replies `1` or `0`.
pub struct Extend;

impl Command for Extend {
    const NAME: &'static CStr = c"lock.extend";
    const FLAGS: &'static CStr = c"write fast";
    const ACL: &'static CStr = c"write string fast";
    const ARITY: i32 = 5;
    const ACCESS: Access = Access::Update;
    const SUMMARY: &'static CStr = c"Extends a lock that the token holds.";
    const COMPLEXITY: &'static CStr = c"O(1)";
    const PARAMETERS: &'static [Parameter] =
        &[Parameter::key(), Parameter::string(c"token"), LIFETIME];

    fn run<'a>(ctx: &'a Ctx, args: Args<'a>) -> Result<Reply<'a>, Error> {
        let mut cursor = Cursor::new(&args, 3);
        let (word, operand) = (cursor.operand()?, cursor.operand()?);
        let lifetime = Lifetime::of(word, operand)?;
        let until = lifetime.end(server::now(), command::name::<Self>())?;
        let key = Key::open(ctx, args, 1);
        let holds = is_held_by(&key)?;
        if holds {
            waiting::is_kept(ctx, key.name());
            effects::expire_at(ctx, key, until)?;
        }
        Ok(Reply::success(holds))
    }
}

/// Where the token stands among the words.
const TOKEN: usize = 2;

/// Whether the token of the call holds the lock.
///
/// # Errors
/// The key holds no string.
pub(super) fn is_held_by(key: &Key<'_>) -> Result<bool, Error> {
    match key.kind() {
        Kind::Missing => Ok(false),
        Kind::String | Kind::Other => key.equals(TOKEN),
    }
}
