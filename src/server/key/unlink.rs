//! Taking a value away, and who frees it.

use std::ffi::c_int;

use redis_module::raw;

use super::{open_to_write, whole};
use crate::server::call::{Arg, Effect, call};
use crate::server::{Ctx, Str};
use crate::shape::Shape;

/// A collection of at most so many elements is freed where it is replaced, as `UNLINK` does.
const FEW: usize = 64;

/// And one of at most so many, if they are small: all that one takes is at most [`FREED_AT_ONCE`]. Memory
/// that one thread frees and another takes again goes through locks: measured, to replace a set of 100 to
/// 1000 members took the server up to four times as long that way.
const MANY: usize = 1024;

/// In bytes, by the server's estimate. To free it takes less than 100 µs; a thousand elements of 100 KB
/// took 6 ms.
const FREED_AT_ONCE: usize = 256 * 1024;

/// Removes a key without an event and without a word to replicas. Whether there was one. A collection that
/// is not soon freed is freed by a thread of the server.
pub fn unlink_silently(ctx: &Ctx, name: &Str) -> bool {
    let handle = open_to_write(ctx, name);
    // SAFETY: the handle is open, and closed just after.
    unsafe {
        let there = api!(RedisModule_KeyType(handle)) != raw::REDISMODULE_KEYTYPE_EMPTY as c_int;
        let is_small = match whole::shape(handle) {
            Some(Shape::String) | None => false,
            Some(_) => is_soon_freed(ctx, name, api!(RedisModule_ValueLength(handle))),
        };
        if is_small {
            api!(RedisModule_DeleteKey(handle));
        } else {
            api!(RedisModule_UnlinkKey(handle));
        }
        api!(RedisModule_CloseKey(handle));
        there
    }
}

/// Whether a collection of this length takes no time to speak of.
fn is_soon_freed(ctx: &Ctx, name: &Str, length: usize) -> bool {
    // Estimated by five of the elements. A server that does not say has big ones.
    let is_small = || {
        call(
            ctx,
            c"MEMORY",
            Effect::Local,
            &[Arg::Word(c"USAGE"), Arg::Str(name)],
        )
        .is_ok_and(|bytes| bytes.integer() <= FREED_AT_ONCE)
    };
    length <= FEW || length <= MANY && is_small()
}
