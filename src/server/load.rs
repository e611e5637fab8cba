//! Loading: the handshake with the server, and what happens to a load that cannot go on.

use std::ffi::{CStr, c_int};

use redis_module::raw;

use super::{Args, Ctx, base, clients, command, log, ok, users};

/// The version as the server stores it: one number.
const VERSION: c_int = 1;

/// What the server wants to hear from a callback that did its work.
const DONE: c_int = raw::REDISMODULE_OK as c_int;

/// Joins the module to the server and runs `start`; a refusal is logged and ends the load.
///
/// # Safety
/// To be called from `RedisModule_OnLoad` with its own arguments.
pub unsafe fn begin(
    ctx: *mut raw::RedisModuleCtx,
    argv: *mut *mut raw::RedisModuleString,
    argc: c_int,
    name: &'static CStr,
    start: fn(&Ctx, Args<'_>) -> Result<(), String>,
) -> c_int {
    // SAFETY: `ctx` is the server's. The name is a C string, API version 1 is the only one there is.
    let joined = unsafe {
        raw::Export_RedisModule_Init(
            ctx,
            name.as_ptr(),
            VERSION,
            raw::REDISMODULE_APIVER_1 as c_int,
        )
    };
    if !ok(joined) || !base::is_there() {
        return raw::REDISMODULE_ERR as c_int;
    }
    log::install_panic_hook();
    // SAFETY: `ctx`, `argv` and `argc` are the server's own, for the time of this call.
    let (ctx, args) = unsafe { (Ctx::new(ctx), Args::new(argv, argc)) };
    let started = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| start(&ctx, args)));
    match started {
        Ok(Ok(())) => DONE,
        Ok(Err(reason)) => {
            log::warning(Some(&ctx), &format!("not loaded: {reason}"));
            raw::REDISMODULE_ERR as c_int
        }
        Err(_) => raw::REDISMODULE_ERR as c_int,
    }
}

/// Runs `stop` before the server unloads the module, unless the server [would not survive that](blocker).
///
/// # Safety
/// To be called from `RedisModule_OnUnload` with its own argument.
pub unsafe fn end(ctx: *mut raw::RedisModuleCtx, stop: fn(&Ctx)) -> c_int {
    // SAFETY: `ctx` is the server's own, for the time of this call.
    let ctx = unsafe { Ctx::new(ctx) };
    let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        if let Some(reason) = blocker(&ctx) {
            log::warning(Some(&ctx), &format!("not unloaded: {reason}"));
            return raw::REDISMODULE_ERR as c_int;
        }
        stop(&ctx);
        DONE
    }));
    // A panic is logged by the hook; the module has to go all the same.
    ended.unwrap_or(DONE)
}

/// Why the module cannot go; `None` when nobody holds a command of it any more, since
/// [those connections](clients::close_holders) that did are closed.
///
/// When a user's rules name a command that is gone, every server but Valkey 9.1, which refuses that itself,
/// ends: Redis 7.2 and what came of it at once, those before it when they are next asked for the rules.
fn blocker(ctx: &Ctx) -> Option<String> {
    let commands = command::registered();
    if let Some(rule) = users::rule_with(ctx, &commands) {
        return Some(format!(
            "the rule {rule} names a command of the module, which the server would not survive; give the \
             user other rules first (ACL SETUSER … -@all +…), or delete it"
        ));
    }
    match clients::close_holders(ctx, &commands) {
        Err(clients::InTransaction) => Some("not within a transaction (MULTI)".into()),
        Ok(0) => None,
        Ok(closed) => {
            let message = format!(
                "{closed} connections were closed that had sent a command of the module last, or hold an \
                 open transaction"
            );
            log::notice(ctx, &message);
            None
        }
    }
}
