//! A key's time to live.

use std::ffi::c_int;

use redis_module::raw;

use super::{Key, open_to_write};
use crate::server::{Ctx, Str, now, ok};

/// What the API takes for no time to live.
const NONE: i64 = raw::REDISMODULE_NO_EXPIRE as i64;

impl Key<'_> {
    /// When the key expires, in milliseconds since the Unix epoch; `None` when it does not.
    #[must_use]
    pub fn expires_at(&self) -> Option<i64> {
        if self.handle.is_null() {
            return None;
        }
        // SAFETY: the handle is open; the newer function is called only where the server has it.
        unsafe {
            if let Some(absolute) = raw::RedisModule_GetAbsExpire {
                return Some(absolute(self.handle)).filter(|&at| at != NONE);
            }
            let (left, now) = at_one_instant(|_| api!(RedisModule_GetExpire(self.handle)));
            (left != NONE).then(|| left + now)
        }
    }
}

/// Has a key expire at a time in milliseconds since the Unix epoch, without an event and without a word to
/// replicas. Whether this server could be told.
///
/// A time in the past does not delete the key, as `PEXPIREAT` would: the server does, and tells replicas
/// itself. But servers before 6.2.2 take no such time.
pub fn expire_silently(ctx: &Ctx, name: &Str, at: i64) -> bool {
    let handle = open_to_write(ctx, name);
    // SAFETY: the handle is open, and closed just after; the newer function is called only where the
    // server has it.
    unsafe {
        let status = match raw::RedisModule_SetAbsExpire {
            Some(absolute) => absolute(handle, at),
            None => {
                at_one_instant(|now| match at - now {
                    left @ 1.. => api!(RedisModule_SetExpire(handle, left)),
                    _ => raw::REDISMODULE_ERR as c_int,
                })
                .0
            }
        };
        api!(RedisModule_CloseKey(handle));
        ok(status)
    }
}

/// Takes a key's time to live away, without an event and without a word to replicas.
pub fn persist_silently(ctx: &Ctx, name: &Str) {
    let handle = open_to_write(ctx, name);
    // SAFETY: the handle is open, and closed just after.
    unsafe {
        api!(RedisModule_SetExpire(handle, NONE));
        api!(RedisModule_CloseKey(handle));
    }
}

/// Servers before 6.2.2 know relative times alone. Repeats `act` until no millisecond has passed in it,
/// so that an absolute time comes out exact. The result is with the time.
fn at_one_instant<T>(mut act: impl FnMut(i64) -> T) -> (T, i64) {
    loop {
        let before = now();
        let result = act(before);
        if now() == before {
            return (result, before);
        }
    }
}
