//! The only writes: what a command that has decided does to the keyspace.
//!
//! Each goes through the server's own commands, which bring the right encoding, keyspace events, WATCH,
//! client-side caching and the count of changes. Replicas and the AOF get the same plain commands with
//! absolute times: no condition, nothing that needs the module.

mod fields;
mod lock;
mod slot;
mod stage;
mod whole;

use std::ffi::CStr;
use std::slice;

use crate::error::Error;
use crate::logic::{
    expiry::Expiry,
    integer::{self, Decimal},
};
use crate::server::call::{Answer, Arg, Effect, call};
use crate::server::key::{Key, Kind, is_layout_known, learn_layout};
use crate::server::reply::Reply;
use crate::server::{Ctx, Str, abilities, now};
use crate::shape::Shape;
use crate::words::is;

pub use fields::{delete_fields, set_fields};
pub use lock::{grant, increment, release};
pub use slot::stays;
pub use stage::{append, commit};
pub use whole::{Until, replace};

/// The commands that effects are made of, in lower case.
pub const COMMANDS: &[&CStr] = &[
    c"set",
    c"hset",
    c"hdel",
    c"sadd",
    c"rpush",
    c"zadd",
    c"append",
    c"unlink",
    c"rename",
    c"persist",
    c"pexpireat",
    c"del",
    c"incr",
];

/// Stores a string in a key, which comes as it stands, open for reading. Returns the `OK` of that.
///
/// # Errors
/// The server refuses the write, which it has no reason to.
#[expect(
    clippy::inline_always,
    reason = "measured: what it is made of then stays in registers"
)]
#[inline(always)]
pub fn set<'a>(
    ctx: &Ctx,
    before: Key<'_>,
    value: &Str,
    expiry: Expiry,
) -> Result<Reply<'a>, Error> {
    if before.kind() == Kind::Other {
        return set_other(ctx, before, value, expiry);
    }
    let key = before.close();
    let answer = write(ctx, key, value, expiry)?;
    if is_lesson(value, expiry) {
        learn_layout(ctx, key, value);
    }
    Ok(Reply::Answer(answer))
}

/// The same for a key that holds another type: a bare `SET` would have a replica free a huge old value in its main
/// thread.
#[inline(never)]
fn set_other<'a>(
    ctx: &Ctx,
    before: Key<'_>,
    value: &Str,
    expiry: Expiry,
) -> Result<Reply<'a>, Error> {
    let until = Until::of(expiry, &before);
    let value = slice::from_ref(value);
    replace(ctx, before.close(), Shape::String, value, until).map(|_| Reply::Ok)
}

/// Whether there is something to learn of how the server stores this value.
#[inline]
fn is_lesson(value: &Str, expiry: Expiry) -> bool {
    !is_layout_known() && teaches(value, expiry)
}

#[cold]
fn teaches(value: &Str, expiry: Expiry) -> bool {
    outlives_a_look(expiry) && is_shared(value, value.bytes())
}

/// To open a key that has expired already would delete it, so the time must be far enough away.
fn outlives_a_look(expiry: Expiry) -> bool {
    const FAR: i64 = 1000;
    match expiry {
        Expiry::Never => true,
        Expiry::Keep => false,
        Expiry::At(at) => at > now().saturating_add(FAR),
    }
}

/// Longer values are shared: the words of a script lie in objects of up to this length, in bytes, that the
/// server fills again and again, and has room to spare in.
const MAY_HAVE_ROOM: usize = 64;

/// Whether the word itself, which has these bytes, may become a value: it is no integer, which the server
/// makes compact only of an object that is its own, and it has no room to spare.
fn is_shared(value: &Str, bytes: &[u8]) -> bool {
    (bytes.len() > MAY_HAVE_ROOM || value.is_compact(bytes)) && !integer::is(bytes)
}

/// A value as `SET` wants it: shared, which saves a copy, or copied.
#[must_use]
#[inline]
pub fn datum(value: &Str) -> Arg<'_> {
    let bytes = value.bytes();
    if is_shared(value, bytes) {
        Arg::Str(value)
    } else {
        Arg::Bytes(bytes)
    }
}

/// Learns how the server stores values from a command of these words that has just run, if it can: from a
/// plain `SET`. Other commands that are run as they came teach nothing.
#[inline]
pub fn learn(ctx: &Ctx, words: &[Str], answer: &Answer) {
    if !is_layout_known() {
        learn_of(ctx, words, answer);
    }
}

#[cold]
fn learn_of(ctx: &Ctx, words: &[Str], answer: &Answer) {
    if let [name, key, value] = words
        && is(name.bytes(), "SET")
        && !answer.is_error()
        && is_shared(value, value.bytes())
    {
        learn_layout(ctx, key, value);
    }
}

/// The commonest, a shared word that is to stay, where it stands.
#[expect(
    clippy::inline_always,
    reason = "measured: what it is made of then stays in registers"
)]
#[inline(always)]
fn write(ctx: &Ctx, key: &Str, value: &Str, expiry: Expiry) -> Result<Answer, Error> {
    match (datum(value), expiry) {
        (Arg::Str(value), Expiry::Never) => {
            let arguments = [Arg::Str(key), Arg::Str(value)];
            call(ctx, c"SET", Effect::Replicated, &arguments)
        }
        (value, expiry) => write_unlike(ctx, key, value, expiry),
    }
}

#[inline(never)]
fn write_unlike(ctx: &Ctx, key: &Str, value: Arg<'_>, expiry: Expiry) -> Result<Answer, Error> {
    let key = Arg::Str(key);
    let set = |arguments: &[Arg<'_>]| call(ctx, c"SET", Effect::Replicated, arguments);
    match expiry {
        Expiry::Never => set(&[key, value]),
        Expiry::Keep => set(&[key, value, Arg::Word(c"KEEPTTL")]),
        Expiry::At(at) if abilities::set_pxat() => {
            // As bytes: the server makes two objects of an integer, and one of its text.
            let at = Decimal::of(at.unsigned_abs());
            set(&[key, value, Arg::Word(c"PXAT"), Arg::Bytes(at.bytes())])
        }
        Expiry::At(at) => {
            let answer = set(&[key, value])?;
            call(ctx, c"PEXPIREAT", Effect::Replicated, &[key, Arg::Int(at)])?;
            Ok(answer)
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
