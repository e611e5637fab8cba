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
//!
//! The server's own comparison is right for all kinds of strings, and takes nine lines of the instruction
//! cache for that. Most values that are compared are of the kind whose bytes lie within the object, and
//! what these are can be asked for as for a word of the call. Which objects are of that kind is observed
//! too: in a string made for that.

use std::ptr;
use std::sync::atomic::{AtomicU8, Ordering};

use redis_module::raw;

use super::call::owned;
use super::{Ctx, Str, args};

/// What is known of the layouts.
static LAYOUT: AtomicU8 = AtomicU8::new(UNKNOWN);
const UNKNOWN: u8 = 0;
const OTHER: u8 = 1;
/// The handle's is as expected,
const HANDLE: u8 = 2;
/// and so is that of strings.
const HANDLE_AND_STRINGS: u8 = 3;

/// The beginning of a key handle, as expected.
#[repr(C)]
struct Handle {
    ctx: *mut raw::RedisModuleCtx,
    db: *mut (),
    name: *mut raw::RedisModuleString,
    value: *mut raw::RedisModuleString,
}

/// The beginning of a server string, as expected.
#[repr(C)]
struct Object {
    /// Its type and its encoding.
    kind: u8,
    others: [u8; 7],
    /// Its bytes; or, if it is a compact integer, that.
    bytes: *const u8,
}

impl Object {
    /// A string with its bytes within the object, where they begin at [`Self::WITHIN`].
    const EMBEDDED: u8 = 0x80;
    const WITHIN: usize = 19;

    /// Whether a string says twice that its bytes lie within it.
    ///
    /// # Safety
    /// `string` must be valid.
    #[inline]
    unsafe fn is_embedded(string: *const raw::RedisModuleString) -> bool {
        // SAFETY: a string is an allocation of at least two words, on every server; they are compared and not
        // followed.
        let object = unsafe { &*string.cast::<Self>() };
        let within = string.cast::<u8>().wrapping_add(Self::WITHIN);
        object.kind == Self::EMBEDDED && object.bytes == within
    }
}

/// Whether a short string of the server's own making is embedded, as expected, and has its bytes where it says.
fn strings_are_as_expected() -> bool {
    let sample = owned(b"sample");
    // SAFETY: the string was made just before, and is freed once.
    unsafe {
        let within = sample.cast::<u8>().wrapping_add(Object::WITHIN);
        let as_expected =
            Object::is_embedded(sample) && ptr::eq(args::bytes(sample).as_ptr(), within);
        api!(RedisModule_FreeString(ptr::null_mut(), sample));
        as_expected
    }
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
    let layout = match as_expected {
        true if strings_are_as_expected() => HANDLE_AND_STRINGS,
        true => HANDLE,
        false => OTHER,
    };
    LAYOUT.store(layout, Ordering::Relaxed);
}

/// The bytes of the string that an open handle holds, or `None` where the layout is not known.
///
/// # Safety
/// `key` must be an open handle, its value a string longer than any integer's text, so that it is no
/// compact integer and has bytes. They last until the handle is closed.
pub(super) unsafe fn bytes<'a>(key: *mut raw::RedisModuleKey) -> Option<&'a [u8]> {
    if LAYOUT.load(Ordering::Relaxed) < HANDLE {
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
    if LAYOUT.load(Ordering::Relaxed) == HANDLE_AND_STRINGS {
        // SAFETY: the layouts were seen to be these; what is embedded has bytes, which stay while the key is open.
        unsafe {
            let value = (*key.cast::<Handle>()).value;
            if Object::is_embedded(value) {
                return Some(args::bytes(value) == operand.bytes());
            }
        }
    }
    // SAFETY: the caller vouches for it.
    unsafe { equals_of_any_kind(key, operand) }
}

/// The same of strings that are not embedded, apart.
///
/// # Safety
/// As for [`equals`].
#[cold]
#[inline(never)]
unsafe fn equals_of_any_kind(key: *mut raw::RedisModuleKey, operand: &Str) -> Option<bool> {
    if LAYOUT.load(Ordering::Relaxed) < HANDLE {
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
