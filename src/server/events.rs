//! Events: what the module tells subscribers, and what the server tells the module.

use std::ffi::{CStr, c_char, c_int, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};

use redis_module::raw;

use super::args::bytes;
use super::state::selected_db;
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

/// Who is told that keys may have gone, or that their time to live is another.
///
/// The server tells in the midst of a change: some do so before the key is gone, some before replicas have
/// been told. So nothing may be written here.
pub trait Listener {
    /// A key of a database.
    fn key_changed(ctx: &Ctx, db: i32, key: &[u8]);

    /// All keys of a database, or of all where it is `None`.
    fn db_changed(ctx: &Ctx, db: Option<i32>);
}

/// Has the server tell. What is not in these classes of events changes values, and neither takes away keys
/// nor touches times to live.
pub fn listen<L: Listener>(ctx: &Ctx) {
    let classes = raw::REDISMODULE_NOTIFY_GENERIC
        | raw::REDISMODULE_NOTIFY_EXPIRED
        | raw::REDISMODULE_NOTIFY_EVICTED;
    let event = |id| raw::RedisModuleEvent { id, dataver: 1 };
    // SAFETY: the callbacks live as long as the module, whose unloading ends the subscriptions. A server
    // that does not know an event answers with an error, and has nothing to tell.
    unsafe {
        api!(RedisModule_SubscribeToKeyspaceEvents(
            ctx.raw(),
            classes as c_int,
            Some(on_key::<L>)
        ));
        for (id, callback) in [
            (raw::REDISMODULE_EVENT_FLUSHDB, on_flush::<L> as Callback),
            (raw::REDISMODULE_EVENT_SWAPDB, on_swap::<L>),
        ] {
            api!(RedisModule_SubscribeToServerEvent(
                ctx.raw(),
                event(id),
                Some(callback)
            ));
        }
    }
}

type Callback =
    unsafe extern "C" fn(*mut raw::RedisModuleCtx, raw::RedisModuleEvent, u64, *mut c_void);

/// The hook has logged a panic, and there is nobody to be told.
fn guarded(act: impl FnOnce()) {
    let _ = catch_unwind(AssertUnwindSafe(act));
}

unsafe extern "C" fn on_key<L: Listener>(
    ctx: *mut raw::RedisModuleCtx,
    _class: c_int,
    _event: *const c_char,
    key: *mut raw::RedisModuleString,
) -> c_int {
    // SAFETY: context and key are the server's, for the time of the callback.
    let (ctx, key) = unsafe { (Ctx::new(ctx), bytes(key)) };
    guarded(|| L::key_changed(&ctx, selected_db(&ctx), key));
    raw::REDISMODULE_OK as c_int
}

unsafe extern "C" fn on_flush<L: Listener>(
    ctx: *mut raw::RedisModuleCtx,
    _event: raw::RedisModuleEvent,
    when: u64,
    data: *mut c_void,
) {
    if when != raw::REDISMODULE_SUBEVENT_FLUSHDB_END {
        return;
    }
    // SAFETY: the context is the server's, and the data what this event has.
    let (ctx, flushed) = unsafe { (Ctx::new(ctx), &*data.cast::<raw::RedisModuleFlushInfo>()) };
    let db = Some(flushed.dbnum).filter(|&db| db >= 0);
    guarded(|| L::db_changed(&ctx, db));
}

unsafe extern "C" fn on_swap<L: Listener>(
    ctx: *mut raw::RedisModuleCtx,
    _event: raw::RedisModuleEvent,
    _when: u64,
    data: *mut c_void,
) {
    // SAFETY: the context is the server's, and the data what this event has.
    let (ctx, swapped) = unsafe { (Ctx::new(ctx), &*data.cast::<raw::RedisModuleSwapDbInfo>()) };
    guarded(|| {
        L::db_changed(&ctx, Some(swapped.dbnum_first));
        L::db_changed(&ctx, Some(swapped.dbnum_second));
    });
}
