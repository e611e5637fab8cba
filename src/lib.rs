//! redis-atomic: a module for Redis, Valkey and Redict that replaces whole values, compares before it
//! sets, and locks, each in one command.
//!
//! The way of a call: the server calls the handler of a [`server::command::Command`], whose `run` reads
//! the words with the pure rules of [`logic`], opens the key for reading, decides, and writes by
//! [`effects`]; what it returns is sent by [`server::reply`]. This file holds the order of start-up, and
//! nothing else. `docs/design.md` shows the house.

mod commands;
mod counters;
mod effects;
mod error;
mod logic;
mod server;
mod shape;
mod words;

use std::ffi::c_int;
use std::sync::atomic::{AtomicI32, Ordering};

use redis_module::raw;

use commands::native;
use logic::settings::{Native, Settings};
use server::call::keeps_order;
use server::command::Entry;
use server::config::Choice;
use server::events::Watcher;
use server::{Args, Ctx, abilities, config, events, info, known, load, log, restore};

/// Tests run without a server.
#[cfg(not(test))]
#[global_allocator]
static ALLOCATOR: server::memory::Memory = server::memory::Memory;

/// `atomic.native`
static NATIVE: Choice = Choice {
    name: c"native",
    words: &[c"auto", c"no"],
    value: AtomicI32::new(Native::Auto as i32),
};

/// All parameters.
static CHOICES: &[&Choice] = &[&NATIVE];

/// Called by the server when it loads the module.
#[allow(unsafe_code, non_snake_case)]
#[unsafe(no_mangle)]
extern "C" fn RedisModule_OnLoad(
    ctx: *mut raw::RedisModuleCtx,
    argv: *mut *mut raw::RedisModuleString,
    argc: c_int,
) -> c_int {
    // SAFETY: these are the arguments of this very function.
    unsafe { load::begin(ctx, argv, argc, c"atomic", start) }
}

/// Called by the server before it unloads the module, which it does only when no client waits; and it is not
/// done while a user's rules name a command of it. Nothing of it outlives its commands but a timer.
#[allow(unsafe_code, non_snake_case)]
#[unsafe(no_mangle)]
extern "C" fn RedisModule_OnUnload(ctx: *mut raw::RedisModuleCtx) -> c_int {
    // SAFETY: this is the argument of this very function.
    unsafe { load::end(ctx, commands::lock::stop) }
}

/// The order of start-up: settings, what the server can do, then all that depends on both.
fn start(ctx: &Ctx, args: Args<'_>) -> Result<(), String> {
    let settings = Settings::parse(&args)?;
    NATIVE
        .value
        .store(settings.native as i32, Ordering::Relaxed);
    config::register(ctx, CHOICES)?;
    abilities::detect(ctx);
    // A command that is missed only when the old value is gone would be missed too late.
    for command in effects::COMMANDS {
        if abilities::misses_command(ctx, command) {
            return Err(format!(
                "this server has no command {}, which the module writes with and replicas are sent; \
                 see rename-command in its configuration",
                command.to_string_lossy()
            ));
        }
    }
    let mut entries = commands::ALL.to_vec();
    let guarded = abilities::checks_permissions() && abilities::has_command(ctx, c"command");
    if guarded {
        entries.extend(commands::GUARDED);
    }
    for entry in &entries {
        entry.register(ctx)?;
    }
    let native = if NATIVE.value.load(Ordering::Relaxed) == Native::No as i32 {
        Vec::new()
    } else {
        native::register(ctx)?
    };
    info::register::<counters::All>(ctx)?;
    // Those before can do nothing of what has to be learned.
    if keeps_order() {
        events::watch::<Learner>(ctx);
        Learner::modules_changed(ctx, b"");
    }
    report(ctx, &entries, &native);
    Ok(())
}

/// What has to be learned of the server again when it is not the same any more.
struct Learner;

impl Watcher for Learner {
    fn modules_changed(ctx: &Ctx, gone: &[u8]) {
        if abilities::checks_permissions() {
            known::learn(ctx);
        }
        restore::learn(ctx, gone);
    }

    fn settings_changed(ctx: &Ctx) {
        restore::learn(ctx, b"");
    }
}

/// Says in the log what was registered, and what this server lacks.
fn report(ctx: &Ctx, entries: &[Entry], native: &[String]) {
    let list = |items: &[&str]| match items {
        [] => "nothing".to_owned(),
        _ => items.join(", "),
    };
    let commands: Vec<&str> = entries.iter().map(Entry::name).collect();
    let native: Vec<&str> = native.iter().map(String::as_str).collect();
    log::notice(
        ctx,
        &format!(
            "redis-atomic {} on {}: commands: {}; native names added: {}; this server lacks: {}",
            env!("CARGO_PKG_VERSION"),
            abilities::server_version(ctx),
            list(&commands),
            list(&native),
            list(&abilities::lacking()),
        ),
    );
}
