//! The command filter: a look at every command before the server looks at it.

use std::ffi::{CStr, c_int};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicPtr, Ordering};

use redis_module::raw;

use super::args::bytes;
use super::{Ctx, call};
use crate::words::{Words, is};

/// The words of a command that is about to be looked up.
pub struct Filtered {
    filter: *mut raw::RedisModuleCommandFilterCtx,
    count: c_int,
}

impl Words for Filtered {
    fn count(&self) -> usize {
        usize::try_from(self.count).unwrap_or(0)
    }

    fn word(&self, index: usize) -> &[u8] {
        // The server answers NULL for a position that there is none at.
        let position = index as c_int;
        // SAFETY: the filter context is the server's, for the time of the callback, and the position is
        // below the count, so the string is there; it lives until replaced.
        unsafe { bytes(api!(RedisModule_CommandFilterArgGet(self.filter, position))) }
    }
}

/// A name to put in the place of a command's: one string of the server's, shared by all calls.
pub struct Name(AtomicPtr<raw::RedisModuleString>);

impl Name {
    /// To be made a string by [`Self::prepare`].
    #[must_use]
    pub const fn new() -> Self {
        Self(AtomicPtr::new(std::ptr::null_mut()))
    }

    /// Makes it the string that calls share. The module keeps it for as long as it is loaded, and then
    /// leaves it behind: a command that waits in `MULTI` may still name it.
    pub fn prepare(&self, name: &CStr) {
        if self.0.load(Ordering::Relaxed).is_null() {
            self.0
                .store(call::owned(name.to_bytes()), Ordering::Relaxed);
        }
    }

    /// The string, which lives as long as the module.
    pub(super) fn raw(&self) -> *mut raw::RedisModuleString {
        self.0.load(Ordering::Relaxed)
    }
}

/// Decides about calls of one command: the name of the one to run in its place, or `None` to leave it alone.
pub trait Filter {
    /// The command's name. Others are left alone.
    const NAME: &'static str;
    /// Calls of fewer words are left alone without a look, since every command of every client pays for
    /// the look.
    const LEAST_WORDS: c_int;

    /// See [`Filter`].
    fn decide(command: &Filtered) -> Option<&'static Name>;
}

/// Installs a filter for all commands but those that the module itself runs. Unloading removes it.
pub fn install<F: Filter>(ctx: &Ctx) {
    // SAFETY: the callback lives as long as the module.
    unsafe {
        api!(RedisModule_RegisterCommandFilter(
            ctx.raw(),
            Some(callback::<F>),
            raw::REDISMODULE_CMDFILTER_NOSELF as c_int
        ));
    }
}

extern "C" fn callback<F: Filter>(filter: *mut raw::RedisModuleCommandFilterCtx) {
    // SAFETY: the filter context is the server's, for the time of the callback.
    let count = unsafe { api!(RedisModule_CommandFilterArgsCount(filter)) };
    if count >= F::LEAST_WORDS {
        look::<F>(filter, count);
    }
}

/// Apart, so that the callback itself stays a handful of instructions.
#[inline(never)]
fn look<F: Filter>(filter: *mut raw::RedisModuleCommandFilterCtx, count: c_int) {
    let command = Filtered { filter, count };
    if is(command.word(0), F::NAME) {
        rewrite::<F>(&command);
    }
}

/// Apart once more: most commands end before.
#[inline(never)]
fn rewrite<F: Filter>(command: &Filtered) {
    // A panic is logged by the hook, and the command goes on as it came.
    let _ = catch_unwind(AssertUnwindSafe(|| {
        if let Some(name) = F::decide(command) {
            let name = name.0.load(Ordering::Relaxed);
            // SAFETY: word 0 is there; the server takes over the reference that is made for it, and gives
            // up its own to the word that was there. The name was prepared before the filter was installed.
            unsafe {
                api!(RedisModule_RetainString(std::ptr::null_mut(), name));
                api!(RedisModule_CommandFilterArgReplace(command.filter, 0, name));
            }
        }
    }));
}
