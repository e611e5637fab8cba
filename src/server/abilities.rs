//! What this server can do, found by asking it, never by its version.

use std::ffi::{CStr, CString};
use std::sync::atomic::{AtomicBool, Ordering};

use redis_module::raw;

use super::call::{Arg, Effect, call};
use super::protocol::Tree;
use super::{Ctx, ok};

/// Whether `SET` takes `PXAT`.
static SET_PXAT: AtomicBool = AtomicBool::new(false);
/// Whether the server lets the module have an ACL category of its own.
static OWN_CATEGORY: AtomicBool = AtomicBool::new(false);

/// Whether the server is a node of a cluster, which it is as long as it runs.
static CLUSTER: AtomicBool = AtomicBool::new(false);

/// The module's ACL category.
const CATEGORY: &CStr = c"atomic";

/// What the server's own documentation says of a command; nothing where the server documents none
/// (before 7.0).
pub struct Documented(Option<super::call::Answer>);

impl Documented {
    /// Whether the command's syntax has this word.
    #[must_use]
    pub fn has(&self, word: &str) -> bool {
        self.0.as_ref().is_some_and(|docs| docs.mentions(word))
    }
}

/// Asks for the documentation of a command.
#[must_use]
pub fn documented(ctx: &Ctx, command: &'static CStr) -> Documented {
    let arguments = [Arg::Word(c"DOCS"), Arg::Word(command)];
    Documented(call(ctx, c"COMMAND", Effect::Local, &arguments).ok())
}

/// Whether the server has a command of this name.
#[must_use]
pub fn has_command(ctx: &Ctx, command: &'static CStr) -> bool {
    let arguments = [Arg::Word(c"INFO"), Arg::Word(command)];
    call(ctx, c"COMMAND", Effect::Local, &arguments)
        .is_ok_and(|reply| reply.mentions(super::text(command)))
}

/// Whether the server says that it has no command of this name, which is in lower case.
#[must_use]
pub fn misses_command(ctx: &Ctx, command: &'static CStr) -> bool {
    let arguments = [Arg::Word(c"INFO"), Arg::Word(command)];
    call(ctx, c"COMMAND", Effect::Local, &arguments)
        .is_ok_and(|reply| !reply.mentions(super::text(command)))
}

/// Finds out what the effects and the registration need to know; to be called first at load.
pub fn detect(ctx: &Ctx) {
    // 6.2 knows it and does not document its commands; GETEX came with it, in all that lead from there.
    SET_PXAT.store(has_command(ctx, c"getex"), Ordering::Relaxed);
    // SAFETY: called only where the server has it, at load, with a static C string.
    let own = unsafe {
        raw::RedisModule_AddACLCategory.is_some_and(|add| ok(add(ctx.raw(), CATEGORY.as_ptr())))
    };
    OWN_CATEGORY.store(own, Ordering::Relaxed);
    // SAFETY: takes the context of the call at hand, and has no effect.
    let flags = unsafe { api!(RedisModule_GetContextFlags(ctx.raw())) };
    CLUSTER.store(
        flags & raw::REDISMODULE_CTX_FLAGS_CLUSTER as i32 != 0,
        Ordering::Relaxed,
    );
}

/// Whether `SET … PXAT` can be sent, here and hence to replicas: since Redis 6.2.
#[must_use]
pub fn set_pxat() -> bool {
    SET_PXAT.load(Ordering::Relaxed)
}

/// Whether a module can find out what the user may run, and tell the server its keys with what happens to
/// them.
#[must_use]
pub fn checks_permissions() -> bool {
    // SAFETY: the statics were written by the handshake and nobody writes them again.
    unsafe {
        has!(RedisModule_ACLCheckCommandPermissions)
            && has!(RedisModule_ACLAddLogEntry)
            && has!(RedisModule_GetCurrentUserName)
            && has!(RedisModule_GetModuleUserFromUserName)
            && has!(RedisModule_FreeModuleUser)
            && has!(RedisModule_GetCommandKeysWithFlags)
            && has!(RedisModule_KeyAtPosWithFlags)
    }
}

/// Whether the server is one since 7.2, which looks at how many elements a write has before it chooses how to
/// store them, and keeps small sets compact; this function came with that.
#[must_use]
pub fn looks_at_the_count() -> bool {
    // SAFETY: the statics were written by the handshake and nobody writes them again.
    unsafe { has!(RedisModule_SetCommandACLCategories) }
}

/// Whether the server is a node of a cluster.
#[must_use]
pub fn cluster() -> bool {
    CLUSTER.load(Ordering::Relaxed)
}

/// The modules that are loaded, by their names; nothing where the server does not say.
#[must_use]
pub fn modules(ctx: &Ctx) -> Option<Vec<Vec<u8>>> {
    let answer = call(ctx, c"MODULE", Effect::Local, &[Arg::Word(c"LIST")]).ok()?;
    let modules = answer.tree()?;
    let name = |module: &Tree<'_>| {
        let mut facts = module.items().chunks_exact(2);
        let name = facts.find(|fact| fact[0].text() == b"name")?;
        Some(name[1].text().to_owned())
    };
    modules.items().iter().map(name).collect()
}

/// What this server lacks, in words for the log.
#[must_use]
pub fn lacking() -> Vec<&'static str> {
    // SAFETY: the statics were written by the handshake and nobody writes them again.
    let has = unsafe {
        [
            (has!(RedisModule_SetCommandInfo), "COMMAND DOCS"),
            (has!(RedisModule_RegisterEnumConfig), "CONFIG parameters"),
            (has!(RedisModule_SetCommandACLCategories), "ACL categories"),
            (OWN_CATEGORY.load(Ordering::Relaxed), "ACL category @atomic"),
            (
                checks_permissions(),
                "permission checks for modules (so no CAS.IF and CAS.TXN)",
            ),
            (set_pxat(), "SET with PXAT"),
        ]
    };
    has.into_iter()
        .filter_map(|(there, what)| (!there).then_some(what))
        .collect()
}

/// The categories with the module's own, where the server has it.
pub(super) fn with_own_category(categories: &CStr) -> CString {
    let mut all = categories.to_owned().into_bytes();
    if OWN_CATEGORY.load(Ordering::Relaxed) {
        all.push(b' ');
        all.extend_from_slice(CATEGORY.to_bytes());
    }
    CString::new(all).expect("category names have no NUL")
}

/// The server's name and version as it tells them in `INFO server`, for the log.
#[must_use]
pub fn server_version(ctx: &Ctx) -> String {
    let Ok(info) = call(ctx, c"INFO", Effect::Local, &[Arg::Word(c"server")]) else {
        return "an unknown server".to_owned();
    };
    let text = String::from_utf8_lossy(info.bytes().unwrap_or_default()).into_owned();
    let field = |name: &str| {
        text.lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))
            .map(str::trim)
    };
    ["valkey", "redict", "redis"]
        .into_iter()
        .find_map(|name| Some(format!("{name} {}", field(&format!("{name}_version"))?)))
        .unwrap_or_else(|| "an unknown server".to_owned())
}
