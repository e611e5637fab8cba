//! The counter that numbers grants: a plain integer key, which many locks may share.

use crate::effects;
use crate::error::Error;
use crate::logic::integer;
use crate::server::key::{Key, Kind};
use crate::server::{Ctx, Str};

/// The number of the last grant; 0 when there was none.
///
/// # Errors
/// The key holds no string, or one that is no number of a grant.
pub fn current(ctx: &Ctx, counter: &Str) -> Result<i64, Error> {
    let key = Key::named(ctx, counter);
    match key.kind() {
        Kind::Missing => Ok(0),
        Kind::Other => Err(Error::WrongType),
        Kind::String => integer::parse(key.bytes()?)
            .filter(|&number| number >= 0)
            .ok_or(Error::NotAnInteger),
    }
}

/// Makes sure that another grant can be numbered.
///
/// # Errors
/// As for [`current`]; the numbers are exhausted.
pub fn check(ctx: &Ctx, counter: &Str) -> Result<(), Error> {
    match current(ctx, counter)? {
        i64::MAX => Err(Error::CounterExhausted),
        _ => Ok(()),
    }
}

/// Numbers a grant, once [`check`] has allowed it.
///
/// # Errors
/// The server refuses the write, which it has no reason to.
pub fn increment(ctx: &Ctx, counter: &Str) -> Result<i64, Error> {
    check(ctx, counter)?;
    effects::increment(ctx, counter)
}
