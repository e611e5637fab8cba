//! Clients that wait for an answer.

use std::ffi::{c_int, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

use redis_module::raw;

use super::Ctx;
use super::reply::{self, Reply};
use crate::error::Error;

/// What a client that has waited is told.
pub type Outcome = Result<Reply<'static>, Error>;

/// Who waits; no two at the same time are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(usize);

/// A client that is blocked until it is answered. The server wants to have each back exactly once,
/// whatever has become of the client: an answer gives it back, and so does a drop.
pub struct Blocked(*mut raw::RedisModuleBlockedClient);

// SAFETY: the handle is an address to us, and used in the server's one thread alone.
unsafe impl Send for Blocked {}

/// What is to be done about a client that does not wait until it is answered.
pub trait Waiting {
    /// `CLIENT UNBLOCK`: what the client is told. It is answered by the caller; its [`Blocked`] is to be
    /// dropped.
    fn unblocked(ctx: &Ctx, id: Id) -> Outcome;

    /// It has disconnected, was killed, or the server has told it something else. Its [`Blocked`] is to be
    /// dropped. Runs within whatever ended the connection, so nothing may be written.
    fn gone(ctx: &Ctx, id: Id);
}

/// Blocks the client of the call at hand, which is not to be answered now. `None` when the server does
/// not let it wait, which [`super::state::may_wait`] tells before.
///
/// No time limit is given to the server: up to 7.0, one that runs out in the very round of the event loop
/// in which the client is answered leaves the client without any answer.
pub fn block<W: Waiting>(ctx: &Ctx) -> Option<Blocked> {
    // SAFETY: the callbacks live as long as the module; the server unloads no module with blocked clients.
    unsafe {
        let handle = api!(RedisModule_BlockClient(
            ctx.raw(),
            Some(answer),
            Some(unblocked::<W>),
            Some(free),
            0
        ));
        if handle.is_null() {
            return None;
        }
        api!(RedisModule_SetDisconnectCallback(handle, Some(gone::<W>)));
        Some(Blocked(handle))
    }
}

impl Blocked {
    /// Which client it is.
    #[must_use]
    pub fn id(&self) -> Id {
        Id(self.0 as usize)
    }

    /// Answers the client, before the server sleeps again.
    pub fn answer(self, outcome: Outcome) {
        let outcome = Box::into_raw(Box::new(Some(outcome)));
        self.give_back(outcome.cast());
        std::mem::forget(self);
    }

    fn give_back(&self, outcome: *mut c_void) {
        // SAFETY: the handle has not been given back before, since that takes `self`.
        unsafe {
            api!(RedisModule_UnblockClient(self.0, outcome));
        }
    }
}

impl Drop for Blocked {
    fn drop(&mut self) {
        self.give_back(ptr::null_mut());
    }
}

/// Called by the server to answer a client that was given back and is still there.
extern "C" fn answer(
    ctx: *mut raw::RedisModuleCtx,
    _argv: *mut *mut raw::RedisModuleString,
    _argc: c_int,
) -> c_int {
    // SAFETY: the context is the server's; the private data is what `Blocked::answer` gave, until `free`.
    let (ctx, outcome) = unsafe {
        let outcome = api!(RedisModule_GetBlockedClientPrivateData(ctx));
        (Ctx::new(ctx), outcome.cast::<Option<Outcome>>().as_mut())
    };
    // Without an outcome something has gone wrong before; a client that waits must hear of it.
    let outcome = outcome.and_then(Option::take);
    send(&ctx, outcome.unwrap_or(Err(Error::Internal)));
    raw::REDISMODULE_OK as c_int
}

/// Called by the server when nobody needs the answer any more.
unsafe extern "C" fn free(_ctx: *mut raw::RedisModuleCtx, outcome: *mut c_void) {
    // SAFETY: the server passes on what `Blocked::answer` gave it, once.
    drop(unsafe { Box::from_raw(outcome.cast::<Option<Outcome>>()) });
}

extern "C" fn unblocked<W: Waiting>(
    ctx: *mut raw::RedisModuleCtx,
    _argv: *mut *mut raw::RedisModuleString,
    _argc: c_int,
) -> c_int {
    // SAFETY: the context is the server's, for the time of the callback.
    let (ctx, id) = unsafe {
        let handle = api!(RedisModule_GetBlockedClientHandle(ctx));
        (Ctx::new(ctx), Id(handle as usize))
    };
    let outcome = catch_unwind(AssertUnwindSafe(|| W::unblocked(&ctx, id)));
    send(&ctx, outcome.unwrap_or(Err(Error::Internal)));
    raw::REDISMODULE_OK as c_int
}

unsafe extern "C" fn gone<W: Waiting>(
    ctx: *mut raw::RedisModuleCtx,
    handle: *mut raw::RedisModuleBlockedClient,
) {
    // SAFETY: the context is the server's, for the time of the callback.
    let ctx = unsafe { Ctx::new(ctx) };
    // The hook has logged a panic, and there is nobody to be told.
    let _ = catch_unwind(AssertUnwindSafe(|| W::gone(&ctx, Id(handle as usize))));
}

fn send(ctx: &Ctx, outcome: Outcome) {
    match outcome {
        Ok(reply) => reply.send(ctx),
        Err(refusal) => reply::error(ctx, &refusal),
    }
}
