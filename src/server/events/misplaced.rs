//! Servers that lose a client's database.
//!
//! Valkey from 8.1 on tells modules of keyspace events in the name of the client whose command is running,
//! selects the event's database for it, and did not select the client's own again until mid-2026: a client
//! that has called `MOVE` or `COPY … DB` finds itself in the other database, as soon as any module has
//! subscribed to such events. See <https://github.com/valkey-io/valkey/pull/4024>.

use std::ffi::{c_char, c_int};
use std::ptr;

use redis_module::raw;

use super::subscribe;
use crate::server::call::owned;
use crate::server::state::{select_db, selected_db};
use crate::server::{Ctx, ok};

/// A class of events that no server has and no setting names, so that nobody else hears of it.
const CLASS: c_int = 1 << 30;

/// Whether this is such a server, found by an event of our own in another database. To be called from the
/// call of a client.
pub(super) fn are_clients(ctx: &Ctx) -> bool {
    // SAFETY: the statics were written by the handshake and nobody writes them again. It came with the
    // events that would be used instead, and before the defect.
    if unsafe { !has!(RedisModule_BlockClientOnKeysWithFlags) } {
        return false;
    }
    let db = selected_db(ctx);
    subscribe(ctx, CLASS, ignore);
    announce_elsewhere(i32::from(db == 0));
    let is_misplaced = selected_db(ctx) != db;
    select_db(ctx, db);
    is_misplaced
}

/// Sends an event of a database; a server with one alone has no such event, and no defect.
fn announce_elsewhere(db: i32) {
    // SAFETY: the context is ours, and freed as it has to be, by the thread that runs commands; so is the
    // string. The event is a C string.
    unsafe {
        let elsewhere = api!(RedisModule_GetThreadSafeContext(ptr::null_mut()));
        let name = owned(b"");
        if ok(api!(RedisModule_SelectDb(elsewhere, db))) {
            api!(RedisModule_NotifyKeyspaceEvent(
                elsewhere,
                CLASS,
                c"atomic.probe".as_ptr(),
                name
            ));
        }
        api!(RedisModule_FreeString(ptr::null_mut(), name));
        api!(RedisModule_FreeThreadSafeContext(elsewhere));
    }
}

unsafe extern "C" fn ignore(
    _ctx: *mut raw::RedisModuleCtx,
    _class: c_int,
    _event: *const c_char,
    _key: *mut raw::RedisModuleString,
) -> c_int {
    raw::REDISMODULE_OK as c_int
}
