//! Handing the server a value that is ready, by `RESTORE`.
//!
//! Of that all hear as of the command that writes the type, but for one event more, `restore`. So it is done only
//! where nobody listens for it.

use std::sync::atomic::{AtomicUsize, Ordering};

use redis_module::raw;

use super::abilities::{has_command, looks_at_the_count, modules};
use super::call::{Arg, Effect, call};
use super::{Ctx, Str, number, setting};
use crate::shape::{Limits, Shape};

/// Modules to which a `restore` more is nothing: this one, which then looks in vain for who waits for the key, and
/// those that servers bring with them, which listen for no events.
const DEAF: [&[u8]; 3] = [b"atomic", b"vectorset", b"lua"];

/// To hand over fewer elements takes longer than to write them.
const WORTH_IT: usize = 8;
/// The same on a server that looks through what it is given, element by element, before it takes it.
const WORTH_A_LOOK: usize = 24;

/// Which of the two it is.
static LEAST: AtomicUsize = AtomicUsize::new(WORTH_IT);

static HASH: Stored = Stored::nothing();
static SET: Stored = Stored::nothing();
static ZSET: Stored = Stored::nothing();

/// What is known of the limits of a type; of no elements, where it is not to be written in this way.
struct Stored {
    elements: AtomicUsize,
    length: AtomicUsize,
}

impl Stored {
    const fn nothing() -> Self {
        Self {
            elements: AtomicUsize::new(0),
            length: AtomicUsize::new(0),
        }
    }

    fn set(&self, limits: Option<Limits>) {
        let Limits { elements, length } = limits.unwrap_or(Limits {
            elements: 0,
            length: 0,
        });
        self.elements.store(elements, Ordering::Relaxed);
        self.length.store(length, Ordering::Relaxed);
    }

    fn of(shape: Shape) -> Option<&'static Self> {
        match shape {
            Shape::Hash => Some(&HASH),
            Shape::Set => Some(&SET),
            Shape::Zset => Some(&ZSET),
            Shape::String | Shape::List => None,
        }
    }
}

/// Finds out what can be restored on a server since 7.0, before which the compact encodings were others: to be
/// called at load, and whenever the settings or the modules of the server have changed; with the name of a module
/// that is still listed, but goes.
pub fn learn(ctx: &Ctx, gone: &[u8]) {
    let limits = |elements, length| {
        let (elements, length) = (number(ctx, elements)?, number(ctx, length)?);
        Some(Limits { elements, length })
    };
    let (mut hash, mut set, mut zset) = (None, None, None);
    if has_command(ctx, c"restore") && are_deaf(modules(ctx), gone) {
        hash = limits(c"hash-max-listpack-entries", c"hash-max-listpack-value");
        zset = limits(c"zset-max-listpack-entries", c"zset-max-listpack-value");
        if looks_at_the_count() {
            set = limits(c"set-max-listpack-entries", c"set-max-listpack-value");
        }
        // Valkey 9.1 has no such setting, and looks.
        let looks = setting(ctx, c"sanitize-dump-payload", |text| Some(text != "no"));
        let least = if looks.unwrap_or(true) {
            WORTH_A_LOOK
        } else {
            WORTH_IT
        };
        LEAST.store(least, Ordering::Relaxed);
    }
    HASH.set(hash);
    SET.set(set);
    ZSET.set(zset);
}

/// Whether none of these modules but the one that goes, where it is known which there are, minds what it is told.
fn are_deaf(modules: Option<Vec<Vec<u8>>>, gone: &[u8]) -> bool {
    let is_deaf = |name: &Vec<u8>| *name == gone || DEAF.contains(&name.as_slice());
    modules.is_some_and(|all| all.iter().all(is_deaf))
}

/// What the server keeps compact of a type, if it is worth the trouble that so many elements are
/// [restored](restore_silently), and that is not heard now.
#[must_use]
pub fn limits(shape: Shape, count: usize) -> Option<Limits> {
    if count < LEAST.load(Ordering::Relaxed) {
        return None;
    }
    let stored = Stored::of(shape)?;
    let elements = stored.elements.load(Ordering::Relaxed);
    // SAFETY: takes no arguments and has no effect.
    let classes = unsafe { api!(RedisModule_GetNotifyKeyspaceEvents()) };
    (elements > 0 && classes & raw::REDISMODULE_NOTIFY_GENERIC == 0).then(|| Limits {
        elements,
        length: stored.length.load(Ordering::Relaxed),
    })
}

/// Makes a missing key what is in a dump, without a word to replicas. Whether the server took it; if not, it is not
/// asked again.
pub fn restore_silently(ctx: &Ctx, name: &Str, shape: Shape, dump: &[u8]) -> bool {
    let arguments = [Arg::Str(name), Arg::Word(c"0"), Arg::Bytes(dump)];
    let is_taken = call(ctx, c"RESTORE", Effect::Local, &arguments).is_ok();
    if !is_taken && let Some(stored) = Stored::of(shape) {
        stored.set(None);
    }
    is_taken
}
