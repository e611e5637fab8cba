//! Events: what the module tells subscribers, and what the server tells the module.

mod misplaced;

use std::ffi::{CStr, c_char, c_int, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};

use redis_module::raw;

use super::args::bytes;
use super::state::selected_db;
use super::{Ctx, Str};
use crate::shape::Shape;

/// Tells subscribers of a change to a key that the server's own command would have announced.
pub fn announce(ctx: &Ctx, event: &'static CStr, key: &Str) {
    notify(ctx, raw::REDISMODULE_NOTIFY_GENERIC, event, key);
}

fn notify(ctx: &Ctx, class: c_int, event: &'static CStr, key: &Str) {
    // SAFETY: the context and the key are of the call at hand; the event is a C string.
    unsafe {
        api!(RedisModule_NotifyKeyspaceEvent(
            ctx.raw(),
            class,
            event.as_ptr(),
            key.raw()
        ));
    }
}

/// The same of a value that was written, by the event of the command that writes its type.
pub fn announce_write(ctx: &Ctx, shape: Shape, key: &Str) {
    let (class, event) = match shape {
        Shape::String => (raw::REDISMODULE_NOTIFY_STRING, c"set"),
        Shape::Hash => (raw::REDISMODULE_NOTIFY_HASH, c"hset"),
        Shape::Set => (raw::REDISMODULE_NOTIFY_SET, c"sadd"),
        Shape::List => (raw::REDISMODULE_NOTIFY_LIST, c"rpush"),
        Shape::Zset => (raw::REDISMODULE_NOTIFY_ZSET, c"zadd"),
    };
    notify(ctx, class, event, key);
}

/// Who is told that what was learned of the server at load may be true no more.
pub trait Watcher {
    /// Other modules are there. `gone` is the name of the one that goes, which the server still lists; empty where one
    /// comes.
    fn modules_changed(ctx: &Ctx, gone: &[u8]);

    /// Settings have changed.
    fn settings_changed(ctx: &Ctx);
}

/// Has the server tell from now on, which it does since 7.0.
pub fn watch<W: Watcher>(ctx: &Ctx) {
    hear(ctx, raw::REDISMODULE_EVENT_MODULE_CHANGE, on_modules::<W>);
    hear(ctx, raw::REDISMODULE_EVENT_CONFIG, on_settings::<W>);
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

/// Has the server tell, from the call of a client on.
///
/// What is not in the classes of events that are asked for changes values, and neither takes away keys nor
/// touches times to live. But where events [misplace](misplaced) clients, none can be had without harm: there
/// the server tells of keys that it removes, and of nothing else.
pub fn listen<L: Listener>(ctx: &Ctx) {
    let classes = raw::REDISMODULE_NOTIFY_GENERIC
        | raw::REDISMODULE_NOTIFY_EXPIRED
        | raw::REDISMODULE_NOTIFY_EVICTED;
    if misplaced::are_clients(ctx) {
        hear(ctx, raw::REDISMODULE_EVENT_KEY, on_removal::<L>);
    } else {
        subscribe(ctx, classes, on_key::<L>);
    }
    hear(ctx, raw::REDISMODULE_EVENT_FLUSHDB, on_flush::<L>);
    hear(ctx, raw::REDISMODULE_EVENT_SWAPDB, on_swap::<L>);
}

type OnKey = unsafe extern "C" fn(
    *mut raw::RedisModuleCtx,
    c_int,
    *const c_char,
    *mut raw::RedisModuleString,
) -> c_int;

fn subscribe(ctx: &Ctx, classes: c_int, callback: OnKey) {
    // SAFETY: the callback lives as long as the module, whose unloading ends the subscription.
    unsafe {
        api!(RedisModule_SubscribeToKeyspaceEvents(
            ctx.raw(),
            classes,
            Some(callback)
        ));
    }
}

type OnEvent =
    unsafe extern "C" fn(*mut raw::RedisModuleCtx, raw::RedisModuleEvent, u64, *mut c_void);

fn hear(ctx: &Ctx, event: u64, callback: OnEvent) {
    let event = raw::RedisModuleEvent {
        id: event,
        dataver: 1,
    };
    // SAFETY: as in `subscribe`. A server that does not know the event answers with an error, and has
    // nothing to tell.
    unsafe {
        api!(RedisModule_SubscribeToServerEvent(
            ctx.raw(),
            event,
            Some(callback)
        ));
    }
}

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

/// A key that is about to be removed, by whatever command.
unsafe extern "C" fn on_removal<L: Listener>(
    ctx: *mut raw::RedisModuleCtx,
    _event: raw::RedisModuleEvent,
    _how: u64,
    data: *mut c_void,
) {
    // SAFETY: the context is the server's, and the data what this event has: an open key, whose name and
    // database all servers with the event can tell.
    let (ctx, db, key) = unsafe {
        let key = (*data.cast::<raw::RedisModuleKeyInfo>()).key;
        let db = raw::RedisModule_GetDbIdFromModuleKey.expect("as old as the event")(key);
        let name = api!(RedisModule_GetKeyNameFromModuleKey(key));
        (Ctx::new(ctx), db, bytes(name))
    };
    guarded(|| L::key_changed(&ctx, db, key));
}

unsafe extern "C" fn on_modules<W: Watcher>(
    ctx: *mut raw::RedisModuleCtx,
    _event: raw::RedisModuleEvent,
    kind: u64,
    data: *mut c_void,
) {
    // SAFETY: the context is the server's, and the data what this event has, with a name that is a C string.
    let (ctx, name) = unsafe {
        let change = &*data.cast::<raw::RedisModuleModuleChange>();
        (Ctx::new(ctx), CStr::from_ptr(change.module_name))
    };
    let goes = kind == raw::REDISMODULE_SUBEVENT_MODULE_UNLOADED;
    guarded(|| W::modules_changed(&ctx, if goes { name.to_bytes() } else { b"" }));
}

unsafe extern "C" fn on_settings<W: Watcher>(
    ctx: *mut raw::RedisModuleCtx,
    _event: raw::RedisModuleEvent,
    _kind: u64,
    _data: *mut c_void,
) {
    // SAFETY: the context is that of the callback that is running.
    let ctx = unsafe { Ctx::new(ctx) };
    guarded(|| W::settings_changed(&ctx));
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
