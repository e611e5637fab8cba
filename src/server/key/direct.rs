//! Writing small values without a command, for a third of what a command within a command takes.
//!
//! `WATCH` and client-side caching hear of it when the key is closed. The event and the word to replicas
//! are the caller's to send, who must be on a server that keeps them in order:
//! [`crate::server::call::keeps_order`].

use std::ffi::c_int;

use redis_module::raw;

use super::open_to_write;
use crate::server::{Ctx, Str, ok};

/// Makes a word the value of a missing key, up to a time in milliseconds since the Unix epoch. The word
/// itself, where the server does not copy it: so it should have no room to spare, and be no integer, which
/// a command would make compact.
///
/// # Panics
/// The server, of 6.2.2 or later, refuses, which it has no reason to.
pub fn store_silently(ctx: &Ctx, name: &Str, value: &Str, until: i64) {
    let handle = open_to_write(ctx, name);
    // SAFETY: the handle is open, and closed just after; the newer function came before those that the
    // caller has asked for.
    let done = unsafe {
        let stored = ok(api!(RedisModule_StringSet(handle, value.raw())));
        let expires = stored && ok(api!(RedisModule_SetAbsExpire(handle, until)));
        api!(RedisModule_CloseKey(handle));
        expires
    };
    assert!(
        done,
        "a key that is open for writing takes a string and a time"
    );
}

/// Deletes a key and frees its value here and now. Whether there was one.
pub fn delete_silently(ctx: &Ctx, name: &Str) -> bool {
    let handle = open_to_write(ctx, name);
    // SAFETY: the handle is open, and closed just after.
    unsafe {
        let empty = raw::REDISMODULE_KEYTYPE_EMPTY as c_int;
        let there = api!(RedisModule_KeyType(handle)) != empty;
        if there {
            api!(RedisModule_DeleteKey(handle));
        }
        api!(RedisModule_CloseKey(handle));
        there
    }
}
