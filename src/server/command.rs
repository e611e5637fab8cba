//! A command: what it is called, what it takes, what it does; and its registration.
//!
//! Arity, key positions, documentation, ACL categories and the guard against panics all come from the
//! [`Command`] a handler is made of, so a new command needs nothing but its own file and its line in the
//! table.

mod docs;

use std::ffi::{CStr, c_int};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

use redis_module::raw;

pub use docs::Parameter;

use super::keys::Keys;
use super::reply::{self, Reply};
use super::{Args, Ctx, abilities, log, ok};
use crate::error::Error;
use crate::words::Words;

/// What a command does to the key it names, in the terms of `COMMAND GETKEYSANDFLAGS`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Reads its value (`RO access`).
    Read,
    /// Puts another value in its place, whatever it was (`OW update`).
    Overwrite,
    /// Changes its value without giving any of it away (`RW update`).
    Update,
    /// Changes its value and may reply with it (`RW access update`).
    ReadUpdate,
    /// Deletes it without giving any of it away (`RW delete`).
    Delete,
    /// Deletes it and may reply with its value (`RW access delete`).
    ReadDelete,
}

impl Access {
    pub(super) fn flags(self) -> u32 {
        match self {
            Self::Read => raw::REDISMODULE_CMD_KEY_RO | raw::REDISMODULE_CMD_KEY_ACCESS,
            Self::Overwrite => raw::REDISMODULE_CMD_KEY_OW | raw::REDISMODULE_CMD_KEY_UPDATE,
            Self::Update => raw::REDISMODULE_CMD_KEY_RW | raw::REDISMODULE_CMD_KEY_UPDATE,
            Self::ReadUpdate => Self::Update.flags() | raw::REDISMODULE_CMD_KEY_ACCESS,
            Self::Delete => raw::REDISMODULE_CMD_KEY_RW | raw::REDISMODULE_CMD_KEY_DELETE,
            Self::ReadDelete => Self::Delete.flags() | raw::REDISMODULE_CMD_KEY_ACCESS,
        }
    }
}

/// Words of a call that are keys, and what happens to them.
#[derive(Debug, Clone, Copy)]
pub struct KeyRange {
    /// Before it stands this word, which is looked for from `first` on.
    pub(super) keyword: Option<&'static CStr>,
    pub(super) first: i32,
    pub(super) last: i32,
    pub(super) access: Access,
    /// Whether there may be more, which [`Command::keys`] tells.
    pub(super) incomplete: bool,
}

impl KeyRange {
    /// The key at one word.
    #[must_use]
    pub const fn at(position: i32, access: Access) -> Self {
        Self {
            keyword: None,
            first: position,
            last: position,
            access,
            incomplete: false,
        }
    }

    /// The first of several keys that stand at no fixed places. The flags of such a command must have
    /// `getkeys-api`.
    #[must_use]
    pub const fn first(position: i32, access: Access) -> Self {
        Self {
            incomplete: true,
            ..Self::at(position, access)
        }
    }

    /// The key after a word of the syntax, which stands at `from` or further on, if it is given. The flags
    /// of such a command must have `getkeys-api`.
    #[must_use]
    pub const fn after(keyword: &'static CStr, from: i32, access: Access) -> Self {
        Self {
            keyword: Some(keyword),
            ..Self::at(from, access)
        }
    }
}

/// A command of the module.
pub trait Command {
    /// The name, in lower case.
    const NAME: &'static CStr;
    /// Command flags as `RedisModule_CreateCommand` takes them.
    const FLAGS: &'static CStr;
    /// ACL categories, as the command's native cousin has them.
    const ACL: &'static CStr;
    /// The number of words, the name included; at least so many where it is negative.
    const ARITY: i32;
    /// What happens to the key at word 1.
    const ACCESS: Access;
    /// All keys, in the order of the words.
    const KEYS: &'static [KeyRange] = &[KeyRange::at(1, Self::ACCESS)];
    /// One sentence.
    const SUMMARY: &'static CStr;
    /// In the notation of the Redis documentation.
    const COMPLEXITY: &'static CStr;
    /// The module's version that brought the command.
    const SINCE: &'static CStr = c"0.1.0";
    /// What follows the name.
    const PARAMETERS: &'static [Parameter];

    /// Tells the keys of a call, which may be any, a wrong one too. Only a command whose flags have
    /// `getkeys-api` is asked.
    fn keys(args: Args<'_>, keys: &Keys<'_>) {
        for range in Self::KEYS {
            keys.add_range(range, &args);
        }
    }

    /// Runs the command. The number of words has been checked against [`Self::ARITY`].
    ///
    /// # Errors
    /// Whatever is wrong with the call or the key; then nothing has been written.
    fn run<'a>(ctx: &'a Ctx, args: Args<'a>) -> Result<Reply<'a>, Error>;
}

/// The name in errors and logs.
#[must_use]
pub fn name<C: Command>() -> &'static str {
    const { super::text(C::NAME) }
}

/// One line of a table of commands.
#[derive(Clone, Copy)]
pub struct Entry {
    name: &'static CStr,
    register: fn(&Ctx) -> Result<(), String>,
}

impl Entry {
    /// The entry of a command.
    #[must_use]
    pub const fn of<C: Command>() -> Self {
        Self {
            name: C::NAME,
            register: register::<C>,
        }
    }

    /// The command's name, in lower case.
    #[must_use]
    pub fn name(&self) -> &'static str {
        super::text(self.name)
    }

    /// Whether the server has a command of this name already.
    #[must_use]
    pub fn is_taken(&self, ctx: &Ctx) -> bool {
        abilities::has_command(ctx, self.name)
    }

    /// Registers the command with the server.
    ///
    /// # Errors
    /// A sentence: the name is taken, or the server refuses the description.
    pub fn register(&self, ctx: &Ctx) -> Result<(), String> {
        (self.register)(ctx)
    }
}

/// The names of all that were registered.
static REGISTERED: Mutex<Vec<&str>> = Mutex::new(Vec::new());

/// The names of all commands that the server has from the module, in lower case.
#[must_use]
pub fn registered() -> Vec<&'static str> {
    let names = REGISTERED.lock().unwrap_or_else(PoisonError::into_inner);
    names.clone()
}

fn register<C: Command>(ctx: &Ctx) -> Result<(), String> {
    // All that servers before 7.0 can be told, and clusters of theirs need.
    let mut fixed = C::KEYS.iter().filter(|keys| keys.keyword.is_none());
    let first = fixed.clone().next().map_or(0, |keys| keys.first);
    let last = fixed.next_back().map_or(0, |keys| keys.last);
    // SAFETY: names and flags are static C strings; the handler lives as long as the module.
    let status = unsafe {
        api!(RedisModule_CreateCommand(
            ctx.raw(),
            C::NAME.as_ptr(),
            Some(handler::<C>),
            C::FLAGS.as_ptr(),
            first,
            last,
            // No step where there is no key.
            first.min(1)
        ))
    };
    if !ok(status) {
        return Err(format!("the command name '{}' is taken", name::<C>()));
    }
    let mut names = REGISTERED.lock().unwrap_or_else(PoisonError::into_inner);
    names.push(name::<C>());
    drop(names);
    docs::describe::<C>(ctx)
}

/// What the server calls: counts the words, runs the command, answers, and lets no panic out.
extern "C" fn handler<C: Command>(
    ctx: *mut raw::RedisModuleCtx,
    argv: *mut *mut raw::RedisModuleString,
    argc: c_int,
) -> c_int {
    let guarded = catch_unwind(AssertUnwindSafe(|| {
        // SAFETY: these are the server's own, for the time of this call.
        let (ctx, args) = unsafe { (Ctx::new(ctx), Args::of_call(argv, argc)) };
        // A command whose keys are at fixed places is never asked.
        if C::KEYS.iter().any(KeyRange::is_told)
            && let Some(keys) = Keys::asked_for(&ctx)
        {
            return tell_keys::<C>(args, &keys);
        }
        match checked::<C>(&ctx, args) {
            // What a write mostly answers is sent where it stands.
            Ok(Reply::Answer(answer)) => answer.send(&ctx),
            other => reply::send(&ctx, other),
        }
    }));
    if guarded.is_err() {
        // SAFETY: as above. Commands build their reply before they send it, so none has been sent.
        let ctx = unsafe { Ctx::new(ctx) };
        log::warning(Some(&ctx), &format!("'{}' ended by a panic", name::<C>()));
        reply::error(&ctx, &Error::Internal);
    }
    raw::REDISMODULE_OK as c_int
}

/// Apart from the calls themselves, which are many more.
#[cold]
#[inline(never)]
fn tell_keys<C: Command>(args: Args<'_>, keys: &Keys<'_>) {
    C::keys(args, keys);
}

/// Servers before 7.0 do not check a module's arity.
fn checked<'a, C: Command>(ctx: &'a Ctx, args: Args<'a>) -> Result<Reply<'a>, Error> {
    let (count, arity) = (args.count(), C::ARITY.unsigned_abs() as usize);
    if count < arity || C::ARITY > 0 && count > arity {
        return miscounted::<C>();
    }
    C::run(ctx, args)
}

#[cold]
#[inline(never)]
fn miscounted<'a, C: Command>() -> Result<Reply<'a>, Error> {
    Err(Error::Arity(name::<C>()))
}
