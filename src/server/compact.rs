//! Comparing a compact string where it lies.
//!
//! The API has two ways to a string's bytes, and a comparison likes neither: `RedisModule_StringDMA` turns
//! a compact string (`int`, `embstr`) into a plain one, even for reading, and `GET` by `RedisModule_Call`
//! costs nearly as much as the `SET` that follows. But the value is a server string, which can be compared
//! with an argument as it is, and the key handle holds the pointer to it.
//!
//! The handle's layout is the server's own affair: `ctx, db, key, value, …` in every server so far, yet no
//! promise. So it is not assumed but observed. Where a server stores an argument of `SET` itself and not a
//! copy (Redis up to 8.0, Redict), the key's handle must then hold, beside the pointers to the context and
//! the name, the very pointer to that argument: [`learn`] compares the three, without following one. Until
//! this was seen, and for ever where it is not (Redis 8.2, Valkey 8.1 and later copy), `GET` it is.

use std::sync::atomic::{AtomicU8, Ordering};

use redis_module::raw;

use super::{Ctx, Str, args};

/// What is known of the handle's layout.
static LAYOUT: AtomicU8 = AtomicU8::new(UNKNOWN);
const UNKNOWN: u8 = 0;
const AS_EXPECTED: u8 = 1;
const OTHER: u8 = 2;

/// The beginning of a key handle, as expected.
#[repr(C)]
struct Handle {
    ctx: *mut raw::RedisModuleCtx,
    db: *mut (),
    name: *mut raw::RedisModuleString,
    value: *mut raw::RedisModuleString,
}

/// Whether there is nothing left to learn.
#[must_use]
pub fn is_known() -> bool {
    LAYOUT.load(Ordering::Relaxed) != UNKNOWN
}

/// Compares a handle with what it must hold if its layout is the expected one.
///
/// # Safety
/// `key` must be an open handle of `name`, whose value was just set from `value`.
pub(super) unsafe fn learn(key: *mut raw::RedisModuleKey, ctx: &Ctx, name: &Str, value: &Str) {
    // SAFETY: the handle is an allocation of the server's of far more than four words; they are compared
    // and not followed.
    let handle = unsafe { &*key.cast::<Handle>() };
    let as_expected =
        handle.ctx == ctx.raw() && handle.name == name.raw() && handle.value == value.raw();
    LAYOUT.store(
        if as_expected { AS_EXPECTED } else { OTHER },
        Ordering::Relaxed,
    );
}

/// The bytes of the string that an open handle holds, or `None` where the layout is not known.
///
/// # Safety
/// `key` must be an open handle, its value a string longer than any integer's text, so that it is no
/// compact integer and has bytes. They last until the handle is closed.
pub(super) unsafe fn bytes<'a>(key: *mut raw::RedisModuleKey) -> Option<&'a [u8]> {
    if LAYOUT.load(Ordering::Relaxed) != AS_EXPECTED {
        return None;
    }
    // SAFETY: the layout was seen to be this one; the caller vouches for the rest.
    unsafe { Some(args::bytes((*key.cast::<Handle>()).value)) }
}

/// Whether the string that an open handle holds is `operand`, or `None` where the layout is not known.
///
/// # Safety
/// `key` must be an open handle, its value a string.
#[inline]
pub(super) unsafe fn equals(key: *mut raw::RedisModuleKey, operand: &Str) -> Option<bool> {
    if LAYOUT.load(Ordering::Relaxed) != AS_EXPECTED {
        return None;
    }
    // SAFETY: the layout was seen to be this one. Comparing is the one thing to do with the value: it
    // may be a compact integer, which has no bytes to point to, and `compareStringObjects`, to which
    // the function leads, knows those.
    unsafe {
        let value = (*key.cast::<Handle>()).value;
        Some(api!(RedisModule_StringCompare(value, operand.raw())) == 0)
    }
}
