//! Who calls, and what they may run.

use std::io;
use std::ptr::NonNull;

use redis_module::raw;

use super::call::owned;
use super::{Ctx, Str, ok};

/// The user of the call at hand.
pub enum Caller {
    /// A user, who has rights.
    User(NonNull<raw::RedisModuleUser>),
    /// A user who is no more.
    Nobody,
    /// Nobody who would need them: another module that calls on its own behalf.
    Root,
}

impl Caller {
    /// Whose call it is.
    #[must_use]
    pub fn of(ctx: &Ctx) -> Self {
        if is_root(ctx) {
            return Self::Root;
        }
        // SAFETY: the context is that of the call at hand, which has a user; the functions are there, as
        // was asked at load, and the name is freed once.
        let user = unsafe {
            let name = raw::RedisModule_GetCurrentUserName.expect("asked for at load");
            let by_name = raw::RedisModule_GetModuleUserFromUserName.expect("asked for at load");
            let name = name(ctx.raw());
            let user = by_name(name);
            api!(RedisModule_FreeString(ctx.raw(), name));
            user
        };
        NonNull::new(user).map_or(Self::Nobody, Self::User)
    }

    /// Whether they may run a command of these words, which the server knows. A refusal is in `ACL LOG`.
    #[must_use]
    pub fn may_run(&self, ctx: &Ctx, words: &[Str]) -> bool {
        let user = match self {
            Self::User(user) => user.as_ptr(),
            Self::Nobody => return false,
            Self::Root => return true,
        };
        let argv = words.as_ptr().cast::<*mut raw::RedisModuleString>();
        let argc = std::ffi::c_int::try_from(words.len()).expect("words of a call");
        // SAFETY: the user is ours until dropped; `Str` is transparent over the pointers that the server
        // takes, and it changes none; the functions are there, as was asked at load.
        unsafe {
            let check = raw::RedisModule_ACLCheckCommandPermissions.expect("asked for at load");
            if ok(check(user, argv.cast_mut(), argc)) {
                return true;
            }
            let log = raw::RedisModule_ACLAddLogEntry.expect("asked for at load");
            let object = owned(words[0].bytes());
            let reason = raw::RedisModuleACLLogEntryReason_REDISMODULE_ACL_LOG_CMD;
            log(ctx.raw(), user, object, reason);
            api!(RedisModule_FreeString(std::ptr::null_mut(), object));
        }
        false
    }
}

impl Drop for Caller {
    fn drop(&mut self) {
        if let Self::User(user) = self {
            // SAFETY: the server made it for us alone.
            unsafe { raw::RedisModule_FreeModuleUser.expect("asked for at load")(user.as_ptr()) }
        }
    }
}

/// Whether no user calls. A client has one; in a script, a transaction or another module's call there may
/// be none, and to ask for its name would end the server. So there the server is asked to run a command
/// as the user, which it refuses, where there is none, before it looks whether there is the command.
fn is_root(ctx: &Ctx) -> bool {
    let indirect = raw::REDISMODULE_CTX_FLAGS_DENY_BLOCKING
        | raw::REDISMODULE_CTX_FLAGS_LUA
        | raw::REDISMODULE_CTX_FLAGS_MULTI
        | raw::REDISMODULE_CTX_FLAGS_REPLICATED
        | raw::REDISMODULE_CTX_FLAGS_LOADING;
    // SAFETY: the context is that of the call at hand; the format has no
    // arguments.
    unsafe {
        let flags = api!(RedisModule_GetContextFlags(ctx.raw()));
        if flags & indirect.cast_signed() == 0 {
            return false;
        }
        let call = raw::RedisModule_Call.expect("every server has it");
        let reply = call(ctx.raw(), c"atomic.nothing".as_ptr(), c"EC".as_ptr());
        let error = io::Error::last_os_error();
        api!(RedisModule_FreeCallReply(reply));
        is_no_user(&error)
    }
}

/// What the server says (`ENOTSUP`) where it is to run something as the user and there is none.
pub(super) fn is_no_user(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::Unsupported
}

/// What it says (`EACCES`) where the user may not.
pub(super) fn is_denied(error: &io::Error) -> bool {
    const EACCES: i32 = 13;
    error.raw_os_error() == Some(EACCES)
}
