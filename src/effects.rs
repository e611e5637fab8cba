//! The only writes: what a command that has decided does to the keyspace.
//!
//! Each goes through the server's own commands, which bring the right encoding, keyspace events, WATCH,
//! client-side caching and the count of changes. Replicas and the AOF get the same plain commands with
//! absolute times: no condition, nothing that needs the module.

mod stage;
mod whole;

use std::ffi::CStr;
use std::slice;

use crate::error::Error;
use crate::logic::{expiry::Expiry, integer};
use crate::server::call::{Arg, Effect, call};
use crate::server::key::{Key, Kind, is_layout_known, learn_layout};
use crate::server::{Ctx, Str, abilities};
use crate::shape::Shape;

pub use stage::{append, commit};
pub use whole::{Until, replace};

/// The commands that effects are made of, in lower case.
pub const COMMANDS: &[&CStr] = &[
    c"set",
    c"hset",
    c"sadd",
    c"rpush",
    c"zadd",
    c"append",
    c"unlink",
    c"rename",
    c"persist",
    c"pexpireat",
];

/// Stores a string in a key, which comes as it stands, open for reading.
///
/// # Errors
/// The server refuses the write, which it has no reason to.
pub fn set(ctx: &Ctx, before: Key<'_>, value: &Str, expiry: Expiry) -> Result<(), Error> {
    if before.kind() == Kind::Other {
        // A bare SET would have a replica free a huge old value in its main thread.
        let until = Until::of(expiry, &before);
        return replace(
            ctx,
            before.close(),
            Shape::String,
            slice::from_ref(value),
            until,
        )
        .map(drop);
    }
    let key = before.close();
    write(ctx, key, value, expiry, Effect::Replicated)?;
    // To open a key that has expired already would delete it, hence only one that never does.
    if !is_layout_known() && expiry == Expiry::Never && is_shared(value) {
        learn_layout(ctx, key, value);
    }
    Ok(())
}

/// Whether the server may store the word itself rather than a compact integer.
fn is_shared(value: &Str) -> bool {
    integer::parse(value.bytes()).is_none()
}

/// A value as `SET` wants it: an integer's text as bytes, since the server does not make a compact
/// integer of a string that is shared; everything else shared, which saves the copy.
fn datum(value: &Str) -> Arg<'_> {
    if is_shared(value) {
        Arg::Str(value)
    } else {
        Arg::Bytes(value.bytes())
    }
}

fn write(ctx: &Ctx, key: &Str, value: &Str, expiry: Expiry, effect: Effect) -> Result<(), Error> {
    let (key, value) = (Arg::Str(key), datum(value));
    let set = |arguments: &[Arg<'_>]| call(ctx, c"SET", effect, arguments).map(drop);
    match expiry {
        Expiry::Never => set(&[key, value]),
        Expiry::Keep => set(&[key, value, Arg::Word(c"KEEPTTL")]),
        Expiry::At(at) if abilities::set_pxat() => {
            set(&[key, value, Arg::Word(c"PXAT"), Arg::Int(at)])
        }
        Expiry::At(at) => {
            set(&[key, value])?;
            call(ctx, c"PEXPIREAT", effect, &[key, Arg::Int(at)]).map(drop)
        }
    }
}

/// Deletes a key of any type; its value is freed by a thread of the server.
///
/// # Errors
/// As for [`set`].
pub fn delete(ctx: &Ctx, key: Key<'_>) -> Result<(), Error> {
    call(ctx, c"UNLINK", Effect::Replicated, &[Arg::Str(key.close())]).map(drop)
}

/// Has a key expire at a time in milliseconds since the Unix epoch; a time in the past deletes it.
///
/// # Errors
/// As for [`set`].
pub fn expire_at(ctx: &Ctx, key: Key<'_>, at: i64) -> Result<(), Error> {
    let arguments = [Arg::Str(key.close()), Arg::Int(at)];
    call(ctx, c"PEXPIREAT", Effect::Replicated, &arguments).map(drop)
}

/// Takes a key's time to live away, if it has one.
///
/// # Errors
/// As for [`set`].
pub fn persist(ctx: &Ctx, key: Key<'_>) -> Result<(), Error> {
    if key.expires_at().is_none() {
        return Ok(());
    }
    call(
        ctx,
        c"PERSIST",
        Effect::Replicated,
        &[Arg::Str(key.close())],
    )
    .map(drop)
}
