//! Keyspace events.

use std::ffi::{CStr, c_int};

use redis_module::raw;

use super::{Ctx, Str};

/// Tells subscribers of a change to a key that the server's own command would have announced.
pub fn announce(ctx: &Ctx, event: &'static CStr, key: &Str) {
    // SAFETY: the context and the key are of the call at hand; the event is a C string.
    unsafe {
        api!(RedisModule_NotifyKeyspaceEvent(
            ctx.raw(),
            raw::REDISMODULE_NOTIFY_GENERIC as c_int,
            event.as_ptr(),
            key.raw()
        ));
    }
}
