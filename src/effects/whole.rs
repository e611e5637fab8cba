//! One value in the place of another, whatever either is.
//!
//! The old value is taken away without an event and freed by a thread of the server, then the new one
//! is written by the command of its type. Replicas get the same in plain commands, in this order.

use std::ffi::CStr;

use super::{datum, slot};
use crate::error::Error;
use crate::logic::dump::dump;
use crate::logic::expiry::Expiry;
use crate::server::call::{Arg, perform, replicate};
use crate::server::key::{Key, expire_silently, seed_hash, unlink_silently};
use crate::server::restore::{limits, restore_silently};
use crate::server::{Ctx, Str, events};
use crate::shape::Shape;

/// How long a new value lives, when the old one, whose time to live may be kept, is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// It does not expire.
    Forever,
    /// To the time when the old one would have expired, of which there is no news.
    Kept(i64),
    /// To the time given, which is an event.
    Given(i64),
}

impl Until {
    /// What an expiry means for the successor of a key.
    #[must_use]
    pub fn of(expiry: Expiry, before: &Key<'_>) -> Self {
        match expiry {
            Expiry::Never => Self::Forever,
            Expiry::Keep => before.expires_at().map_or(Self::Forever, Self::Kept),
            Expiry::At(at) => Self::Given(at),
        }
    }

    /// Makes it so.
    pub(super) fn apply(self, ctx: &Ctx, key: &Str) {
        let (Self::Kept(at) | Self::Given(at)) = self else {
            return;
        };
        let name = Arg::Str(key);
        if !expire_silently(ctx, key, at) {
            unlink_silently(ctx, key);
            events::announce(ctx, c"del", key);
            return replicate(ctx, c"UNLINK", &[name]);
        }
        if let Self::Given(_) = self {
            events::announce(ctx, c"expire", key);
        }
        replicate(ctx, c"PEXPIREAT", &[name, Arg::Int(at)]);
    }
}

/// The command that writes a type.
pub(super) fn command(shape: Shape) -> &'static CStr {
    match shape {
        Shape::String => c"SET",
        Shape::Hash => c"HSET",
        Shape::Set => c"SADD",
        Shape::List => c"RPUSH",
        Shape::Zset => c"ZADD",
    }
}

/// The value as the server keeps it, where it can be given to the server so.
fn ready(shape: Shape, words: &[Str]) -> Option<Vec<u8>> {
    let limits = limits(shape, words.len() / shape.stride())?;
    dump(shape, words.iter().map(Str::bytes), limits)
}

/// Puts a value of at least one word in the place of whatever the key holds. The result is how many
/// elements it has, of a collection.
///
/// # Errors
/// The key's slot is on its way to another node of the cluster; the server refuses the write, which it has
/// no other reason to. Nothing has been written then.
pub fn replace(
    ctx: &Ctx,
    key: &Str,
    shape: Shape,
    words: &[Str],
    until: Until,
) -> Result<usize, Error> {
    slot::stays(ctx, key, 1)?;
    let name = Arg::Str(key);
    let ready = ready(shape, words);
    if unlink_silently(ctx, key) {
        replicate(ctx, c"UNLINK", &[name]);
    }
    if let Some(dump) = ready
        && restore_silently(ctx, key, shape, &dump)
    {
        events::announce_write(ctx, shape, key);
        replicate(ctx, command(shape), &[name, Arg::Strs(words)]);
        until.apply(ctx, key);
        return Ok(words.len() / shape.stride());
    }
    let mut seeded = 0;
    if shape == Shape::Hash
        && let Some(seed) = seed_hash(ctx, key, &words[0], words.len() / 2)
    {
        // For a replica or the AOF it is no less work.
        replicate(
            ctx,
            c"HSET",
            &[name, Arg::Str(&words[0]), Arg::Bytes(&seed)],
        );
        seeded = 1;
    }
    let added = match (shape, words) {
        (Shape::String, [word]) => perform(ctx, c"SET", &[name, datum(word)]),
        _ => perform(ctx, command(shape), &[name, Arg::Strs(words)]),
    }?;
    until.apply(ctx, key);
    Ok(added.integer() + seeded)
}
