//! The section `INFO atomic`.

use std::ffi::{CStr, c_int};
use std::sync::atomic::{AtomicU64, Ordering};

use redis_module::raw;

use super::{Ctx, ok};

/// A number that `INFO` shows.
pub struct Counter {
    name: &'static CStr,
    count: AtomicU64,
}

impl Counter {
    /// A counter at 0.
    #[must_use]
    pub const fn new(name: &'static CStr) -> Self {
        Self {
            name,
            count: AtomicU64::new(0),
        }
    }

    /// The number as it is.
    #[must_use]
    pub fn get(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    /// Shows this number from now on.
    pub fn set(&self, number: u64) {
        self.count.store(number, Ordering::Relaxed);
    }

    /// Shows this number if it is the greatest so far.
    pub fn raise(&self, number: u64) {
        self.set(self.get().max(number));
    }

    /// Counts one. Commands run in one thread, so that a plain load and store will do.
    pub fn add_one(&self) {
        self.set(self.get() + 1);
    }
}

/// The counters that a module shows.
pub trait Counters {
    /// In the order of the section.
    const ALL: &'static [&'static Counter];
}

/// Has the server show the counters; the names are prefixed with the module's.
///
/// # Errors
/// A sentence, when the server refuses.
pub fn register<C: Counters>(ctx: &Ctx) -> Result<(), String> {
    // SAFETY: the callback lives as long as the module.
    let status = unsafe { api!(RedisModule_RegisterInfoFunc(ctx.raw(), Some(show::<C>))) };
    ok(status)
        .then_some(())
        .ok_or_else(|| "the server refuses an INFO section".to_owned())
}

/// Runs in the crash report too, so it allocates nothing and cannot panic.
extern "C" fn show<C: Counters>(ctx: *mut raw::RedisModuleInfoCtx, _for_crash_report: c_int) {
    // SAFETY: the context is the server's, for the time of the callback; names are static C strings.
    unsafe {
        if !ok(api!(RedisModule_InfoAddSection(ctx, c"".as_ptr()))) {
            return;
        }
        for counter in C::ALL {
            api!(RedisModule_InfoAddFieldULongLong(
                ctx,
                counter.name.as_ptr(),
                counter.get()
            ));
        }
    }
}
