//! What the server is and does at the moment.

use redis_module::raw;

use super::{Ctx, ok};

fn has(ctx: &Ctx, flags: u32) -> bool {
    // SAFETY: the context is that of the call at hand.
    let all = unsafe { api!(RedisModule_GetContextFlags(ctx.raw())) };
    all.cast_unsigned() & flags != 0
}

/// Whether it accepts writes of its own: it is no replica.
#[must_use]
pub fn is_primary(ctx: &Ctx) -> bool {
    has(ctx, raw::REDISMODULE_CTX_FLAGS_MASTER)
}

/// Whether it is the node of a cluster.
#[must_use]
pub fn is_cluster(ctx: &Ctx) -> bool {
    has(ctx, raw::REDISMODULE_CTX_FLAGS_CLUSTER)
}

/// Whether nothing should be written now without having been asked for: the data is being loaded, or
/// clients are paused so that replicas can catch up.
#[must_use]
pub fn is_to_keep_still(ctx: &Ctx) -> bool {
    // SAFETY: takes no arguments and has no effect.
    let paused = unsafe { api!(RedisModule_AvoidReplicaTraffic()) } != 0;
    paused || has(ctx, raw::REDISMODULE_CTX_FLAGS_LOADING)
}

/// Whether the client of the call at hand can wait: not in a transaction, a script, or a call by a module.
///
/// Servers before 6.2 do not say that a module calls; but it does so in the name of a client without a
/// connection, which the server does not find by its number.
#[must_use]
pub fn may_wait(ctx: &Ctx) -> bool {
    let never = raw::REDISMODULE_CTX_FLAGS_MULTI
        | raw::REDISMODULE_CTX_FLAGS_LUA
        | raw::REDISMODULE_CTX_FLAGS_DENY_BLOCKING;
    if has(ctx, never) {
        return false;
    }
    // SAFETY: the context is that of the call at hand; without a place for it, the function says only
    // whether there is any information.
    unsafe {
        let id = api!(RedisModule_GetClientId(ctx.raw()));
        ok(api!(RedisModule_GetClientInfoById(
            std::ptr::null_mut(),
            id
        )))
    }
}

/// The number of the database that commands work on.
#[must_use]
pub fn selected_db(ctx: &Ctx) -> i32 {
    // SAFETY: the context is that of the call at hand.
    unsafe { api!(RedisModule_GetSelectedDb(ctx.raw())) }
}

/// Has commands work on a database, which exists, for the rest of a callback that is no command.
pub fn select_db(ctx: &Ctx, db: i32) {
    // SAFETY: the context is that of the call at hand.
    unsafe {
        api!(RedisModule_SelectDb(ctx.raw(), db));
    }
}
