//! A lock that is taken and released, and the counter of its grants.
//!
//! Who takes and releases locks does little else, so where the server allows, both are done without a
//! command within the command. What subscribers, replicas and the AOF see is the same.

use super::{is_lesson, is_shared};
use crate::error::Error;
use crate::logic::expiry::Expiry;
use crate::logic::integer::Decimal;
use crate::server::call::{Arg, Effect, call, keeps_order, replicate};
use crate::server::events::{announce, announce_write};
use crate::server::key::{Key, store_silently, unlink_silently};
use crate::server::{Ctx, Str, abilities};
use crate::shape::Shape;

/// Stores a token in a missing key, up to a time in milliseconds since the Unix epoch.
///
/// # Errors
/// As for [`super::set`].
pub fn grant(ctx: &Ctx, key: Key<'_>, token: &Str, until: i64) -> Result<(), Error> {
    let expiry = Expiry::At(until);
    let is_direct = keeps_order() && abilities::set_pxat() && is_shared(token, token.bytes());
    if !is_direct || is_lesson(token, expiry) {
        return super::set(ctx, key, token, expiry).map(drop);
    }
    let name = key.close();
    store_silently(ctx, name, token, until);
    announce_write(ctx, Shape::String, name);
    announce(ctx, c"expire", name);
    let at = Decimal::of(until.unsigned_abs());
    let words = [
        Arg::Str(name),
        Arg::Str(token),
        Arg::Word(c"PXAT"),
        Arg::Bytes(at.bytes()),
    ];
    replicate(ctx, c"SET", &words);
    Ok(())
}

/// Deletes a key that holds a token, which is too small to be freed by another thread.
///
/// # Errors
/// As for [`super::set`].
pub fn release(ctx: &Ctx, key: Key<'_>) -> Result<(), Error> {
    let name = key.close();
    if !keeps_order() {
        return call(ctx, c"DEL", Effect::Replicated, &[Arg::Str(name)]).map(drop);
    }
    if unlink_silently(ctx, name) {
        announce(ctx, c"del", name);
        replicate(ctx, c"DEL", &[Arg::Str(name)]);
    }
    Ok(())
}

/// Adds one to a counter, which is missing or holds an integer below the greatest. The result is the sum.
///
/// # Errors
/// As for [`super::set`].
pub fn increment(ctx: &Ctx, counter: &Str) -> Result<i64, Error> {
    let sum = call(ctx, c"INCR", Effect::Replicated, &[Arg::Str(counter)])?.integer();
    Ok(i64::try_from(sum).expect("the server counts as far"))
}
