//! Reading a compact string where it lies.
//!
//! The API has two ways to a string's bytes, and a comparison likes neither: `RedisModule_StringDMA` turns
//! a compact string (`int`, `embstr`) into a plain one, even for reading, and `GET` by `RedisModule_Call`
//! costs as much as the `SET` that follows. But the value is a server string, which the API's functions
//! for strings read as well as a command's arguments, and the key handle holds the pointer to it.
//!
//! The handle's layout is the server's own affair: `ctx, db, key, value, …` in every server so far, yet no
//! promise. So it is not assumed but observed. Where a server stores an argument of `SET` itself and not a
//! copy (Redis up to 8.0, Redict), the key's handle must then hold, beside the pointers to the context and
//! the name, the very pointer to that argument: [`learn`] compares the three, without following one. Until
//! this was seen, and for ever where it is not (Redis 8.2, Valkey 8.1 and later copy), `GET` it is.

use std::sync::atomic::{AtomicU8, Ordering};

use redis_module::raw;

use super::{Ctx, Str, args};
use crate::logic::integer;

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

/// A string's bytes, read without changing its encoding.
pub(super) enum Compact {
    /// A compact integer has no bytes; this is its decimal text.
    Integer {
        text: [u8; integer::MAX_TEXT],
        length: usize,
    },
    /// The bytes of any other string, where they lie.
    Bytes { start: *const u8, length: usize },
}

impl Compact {
    /// The string that an open handle holds, or `None` where the layout is not known.
    ///
    /// # Safety
    /// `key` must be an open handle, its value a string of `length` bytes. The result must not outlive
    /// the handle, nor any change of the value.
    pub(super) unsafe fn of(key: *mut raw::RedisModuleKey, length: usize) -> Option<Self> {
        if LAYOUT.load(Ordering::Relaxed) != AS_EXPECTED {
            return None;
        }
        // SAFETY: the layout was seen to be this one; the value is a server string, and one that is no
        // integer has bytes.
        unsafe {
            let value = (*key.cast::<Handle>()).value;
            if length <= integer::MAX_TEXT {
                let mut number = 0;
                if super::ok(api!(RedisModule_StringToLongLong(value, &raw mut number))) {
                    return Some(Self::integer(number));
                }
            }
            let bytes = args::bytes(value);
            Some(Self::Bytes {
                start: bytes.as_ptr(),
                length: bytes.len(),
            })
        }
    }

    /// The server reads only canonical text as an integer, so that this is the text.
    fn integer(number: i64) -> Self {
        let digits = number.to_string();
        let mut text = [0; integer::MAX_TEXT];
        text[..digits.len()].copy_from_slice(digits.as_bytes());
        Self::Integer {
            text,
            length: digits.len(),
        }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        match self {
            Self::Integer { text, length } => &text[..*length],
            // SAFETY: see `of`.
            Self::Bytes { start, length } => unsafe { std::slice::from_raw_parts(*start, *length) },
        }
    }
}
