//! One call back at a time to come.

use std::ffi::c_void;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

use redis_module::raw;

use super::Ctx;

/// What is done at that time.
pub trait Alarm {
    /// The timer is over: it must not be stopped any more, which frees it a second time.
    fn ring(ctx: &Ctx);
}

/// A timer that runs, dropped or not, since it takes a context to stop it. It must not outlive the module:
/// servers from 7.0 on refuse to unload it, and those before call what is no longer there.
#[must_use]
pub struct Timer(raw::RedisModuleTimerID);

impl Timer {
    /// Rings once, in so many milliseconds or somewhat later; in 0 before the server sleeps again.
    pub fn start<A: Alarm>(ctx: &Ctx, milliseconds: i64) -> Self {
        // SAFETY: the context is that of the call at hand; the callback lives as long as the module, and
        // wants no data.
        Self(unsafe {
            api!(RedisModule_CreateTimer(
                ctx.raw(),
                milliseconds.max(0),
                Some(ring::<A>),
                ptr::null_mut()
            ))
        })
    }

    /// It will not ring.
    pub fn stop(self, ctx: &Ctx) {
        // SAFETY: the context is one of the module that started the timer, which has not rung: the server
        // would not have it any more, and answers with an error then.
        unsafe {
            api!(RedisModule_StopTimer(ctx.raw(), self.0, ptr::null_mut()));
        }
    }
}

unsafe extern "C" fn ring<A: Alarm>(ctx: *mut raw::RedisModuleCtx, _data: *mut c_void) {
    // SAFETY: the context is the server's, for the time of the callback.
    let ctx = unsafe { Ctx::new(ctx) };
    // The hook has logged a panic, and there is nobody to be told.
    let _ = catch_unwind(AssertUnwindSafe(|| A::ring(&ctx)));
}
