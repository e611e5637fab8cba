//! Fields of a hash, not the whole of it.

use crate::error::Error;
use crate::server::call::{Arg, Effect, call};
use crate::server::key::Key;
use crate::server::{Ctx, Str};

/// Sets fields of a hash, or makes one of them: words that are fields and values in turn, at least one
/// pair.
///
/// # Errors
/// The server refuses the write, which it has no reason to.
pub fn set_fields(ctx: &Ctx, key: Key<'_>, pairs: &[Str]) -> Result<(), Error> {
    let arguments = [Arg::Str(key.close()), Arg::Strs(pairs)];
    call(ctx, c"HSET", Effect::Replicated, &arguments).map(drop)
}

/// Deletes fields of a hash, at least one of which is there. Without fields a hash is no key.
///
/// # Errors
/// As for [`set_fields`].
pub fn delete_fields(ctx: &Ctx, key: Key<'_>, fields: &[Str]) -> Result<(), Error> {
    let arguments = [Arg::Str(key.close()), Arg::Strs(fields)];
    call(ctx, c"HDEL", Effect::Replicated, &arguments).map(drop)
}
