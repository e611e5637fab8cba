//! A value that grows in pieces, and its move to its place.

use super::slot;
use super::whole::{Until, command};
use crate::error::Error;
use crate::logic::expiry::Expiry;
use crate::server::call::{Arg, Effect, call, perform, replicate};
use crate::server::key::{Key, persist_silently, unlink_silently};
use crate::server::{Ctx, Str};
use crate::shape::Shape;

/// Adds words, if any, to the value of a key, which has that type, and renews its time to live. The
/// result is how many elements it has now, or bytes.
///
/// # Errors
/// The server refuses the write: a string would become too long. Then nothing has been written.
pub fn append(
    ctx: &Ctx,
    before: Key<'_>,
    shape: Shape,
    words: &[Str],
    at: i64,
) -> Result<usize, Error> {
    let count = before.count().unwrap_or_default();
    let key = Arg::Str(before.close());
    let count = if words.is_empty() {
        count
    } else {
        let (command, counts_all) = match shape {
            Shape::String => (c"APPEND", true),
            Shape::List => (command(shape), true),
            Shape::Hash | Shape::Set | Shape::Zset => (command(shape), false),
        };
        let answer = call(ctx, command, Effect::Replicated, &[key, Arg::Strs(words)])?.integer();
        if counts_all { answer } else { count + answer }
    };
    call(ctx, c"PEXPIREAT", Effect::Replicated, &[key, Arg::Int(at)])?;
    Ok(count)
}

/// Moves the value of `stage` to `key`, whatever that holds, in constant time.
///
/// # Errors
/// As for [`super::replace`].
pub fn commit(ctx: &Ctx, stage: Key<'_>, key: Key<'_>, expiry: Expiry) -> Result<(), Error> {
    let until = Until::of(expiry, &key);
    let was_to_expire = stage.expires_at().is_some();
    let (stage, key) = (stage.close(), key.close());
    slot::stays(ctx, key, 2)?;
    // RENAME alone would free a huge old value before it answers.
    if unlink_silently(ctx, key) {
        replicate(ctx, c"UNLINK", &[Arg::Str(key)]);
    }
    let names = [Arg::Str(stage), Arg::Str(key)];
    perform(ctx, c"RENAME", &names)?;
    if until == Until::Forever && was_to_expire {
        persist_silently(ctx, key);
        replicate(ctx, c"PERSIST", &[Arg::Str(key)]);
    }
    until.apply(ctx, key);
    Ok(())
}
