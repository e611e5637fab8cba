//! Storing a small value without a command, for a third of what a command within a command takes.
//!
//! `WATCH` and client-side caching hear of it when the key is closed. The event and the word to replicas
//! are the caller's to send, who must be on a server that keeps them in order:
//! [`crate::server::call::keeps_order`].

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
        let expire = raw::RedisModule_SetAbsExpire.expect("as old as what was asked for");
        let stored = ok(api!(RedisModule_StringSet(handle, value.raw())));
        let expires = stored && ok(expire(handle, until));
        api!(RedisModule_CloseKey(handle));
        expires
    };
    assert!(
        done,
        "a key that is open for writing takes a string and a time"
    );
}
