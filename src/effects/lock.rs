//! A lock that is released, and the counter of its grants.

use crate::error::Error;
use crate::server::call::{Arg, Effect, call};
use crate::server::key::Key;
use crate::server::{Ctx, Str};

/// Deletes a key that holds a token, which is too small to be freed by another thread.
///
/// # Errors
/// As for [`super::set`].
pub fn release(ctx: &Ctx, key: Key<'_>) -> Result<(), Error> {
    call(ctx, c"DEL", Effect::Replicated, &[Arg::Str(key.close())]).map(drop)
}

/// Adds one to a counter, which is missing or holds an integer below the greatest. The result is the sum.
///
/// # Errors
/// As for [`super::set`].
pub fn increment(ctx: &Ctx, counter: &Str) -> Result<i64, Error> {
    let sum = call(ctx, c"INCR", Effect::Replicated, &[Arg::Str(counter)])?.integer();
    Ok(i64::try_from(sum).expect("the server counts as far"))
}
