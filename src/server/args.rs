//! The words of a call as the server hands them over.

use std::ffi::c_int;
use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::ops::Range;
use std::slice;

use redis_module::raw;

use crate::words::Words;

/// One word: a server string that lives as long as the call.
#[repr(transparent)]
pub struct Str(*mut raw::RedisModuleString);

impl Str {
    /// A string that lives at least as long as the result.
    pub(super) fn new(string: *mut raw::RedisModuleString) -> Self {
        Self(string)
    }

    pub(super) fn raw(&self) -> *mut raw::RedisModuleString {
        self.0
    }

    /// The word's bytes; any bytes, NUL among them.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        // SAFETY: the string lives at least as long as `self`, see `Args::new`.
        unsafe { bytes(self.0) }
    }

    /// The score that the word is by the rules of this server's `ZADD`.
    #[must_use]
    pub fn double(&self) -> Option<f64> {
        let mut double = 0.0;
        // SAFETY: the string lives at least as long as `self`; the server writes one double.
        let status = unsafe { api!(RedisModule_StringToDouble(self.0, &raw mut double)) };
        super::ok(status).then_some(double)
    }
}

impl Str {
    /// Whether the bytes, which are those of the string, lie right behind the object, as they do in a
    /// compact string, which has just the room that they need. The addresses are compared and nothing is
    /// read, so that a wrong answer would cost some room and no more.
    #[must_use]
    pub fn is_compact(&self, bytes: &[u8]) -> bool {
        const HEADERS: usize = 32;
        let distance = (bytes.as_ptr() as usize).wrapping_sub(self.0 as usize);
        distance <= HEADERS
    }
}

/// The bytes of a server string.
///
/// # Safety
/// `string` must be valid, and stay so and unchanged for as long as the result is used.
pub(super) unsafe fn bytes<'a>(string: *const raw::RedisModuleString) -> &'a [u8] {
    let mut length = MaybeUninit::uninit();
    // SAFETY: the caller vouches for `string`; the server returns a pointer to bytes, and writes their number.
    unsafe {
        let start = api!(RedisModule_StringPtrLen(string, length.as_mut_ptr()));
        slice::from_raw_parts(start.cast(), length.assume_init())
    }
}

/// All words of a call; word 0 is the command's name.
#[derive(Clone, Copy)]
pub struct Args<'a> {
    words: &'a [Str],
    lifetime: PhantomData<&'a raw::RedisModuleCtx>,
}

impl<'a> Args<'a> {
    /// # Safety
    /// `argv` must point to `argc` strings that outlive `'a`.
    pub(super) unsafe fn new(argv: *mut *mut raw::RedisModuleString, argc: c_int) -> Self {
        let count = usize::try_from(argc).unwrap_or(0);
        let words = if count == 0 {
            &[][..]
        } else {
            // SAFETY: `Str` is transparent over the pointers that `argv` points to; the caller vouches
            // for their number and life.
            unsafe { slice::from_raw_parts(argv.cast::<Str>(), count) }
        };
        Self {
            words,
            lifetime: PhantomData,
        }
    }

    /// The words of a command's call, of which there is at least one.
    ///
    /// # Safety
    /// As for [`Self::new`].
    pub(super) unsafe fn of_call(argv: *mut *mut raw::RedisModuleString, argc: c_int) -> Self {
        debug_assert!(argc > 0, "a call has a name");
        // SAFETY: as in `new`; a count that is positive is not changed.
        let words =
            unsafe { slice::from_raw_parts(argv.cast::<Str>(), argc.cast_unsigned() as usize) };
        Self {
            words,
            lifetime: PhantomData,
        }
    }

    /// No words, where there is no call.
    #[must_use]
    pub fn none() -> Self {
        Self {
            words: &[],
            lifetime: PhantomData,
        }
    }

    /// The strings at these positions, which must be below the count.
    #[must_use]
    pub fn strs(&self, positions: Range<usize>) -> &'a [Str] {
        &self.words[positions]
    }

    /// The words at these positions, which must be below the count, as if they were a call.
    #[must_use]
    pub fn part(&self, positions: Range<usize>) -> Self {
        Self {
            words: &self.words[positions],
            lifetime: PhantomData,
        }
    }

    /// All words.
    #[must_use]
    pub fn all(&self) -> &'a [Str] {
        self.words
    }

    /// The string at `index`, which must be below the count.
    #[must_use]
    pub fn str(&self, index: usize) -> &'a Str {
        &self.words[index]
    }
}

impl Words for Args<'_> {
    fn count(&self) -> usize {
        self.words.len()
    }

    fn word(&self, index: usize) -> &[u8] {
        self.words[index].bytes()
    }
}
