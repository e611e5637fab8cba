//! The names that clients know from Redis 8.4 and Valkey 9, where the server lacks them.
//!
//! `DELEX`, `DIGEST` and `DELIFEQ` are registered as they are. `SET` with a condition goes through a
//! command filter, which puts the name of [`Set`] or [`SetGet`] in its place. A server that has `DELEX`
//! and `DIGEST` itself, with all conditions of `SET`, is left alone.

mod delex;
mod delifeq;
mod digest;
mod set;

use std::ffi::c_int;
use std::sync::atomic::{AtomicU8, Ordering};

use crate::logic::native::{Kind, Lacking, Rewrite, rewrite};
use crate::server::command::{Command, Entry};
use crate::server::filter::{self, Filter, Filtered, Name};
use crate::server::{Args, Ctx, abilities};
use crate::words::{Words, is};

use delex::Delex;
use delifeq::Delifeq;
use digest::Digest;
use set::{Set, SetGet};

/// A `SET` with a condition has at least so many words.
const LEAST_WORDS: u8 = 5;

/// The conditions that the server's `SET` lacks, as bits.
static LACKING: AtomicU8 = AtomicU8::new(0);

/// Registers what the server lacks. The result names it, for the log.
///
/// # Errors
/// A sentence, when the server refuses a name that it has not taken.
pub fn register(ctx: &Ctx) -> Result<Vec<String>, String> {
    let mut registered = Vec::new();
    let (delex, digest) = (Entry::of::<Delex>(), Entry::of::<Digest>());
    if !(delex.is_taken(ctx) && digest.is_taken(ctx)) {
        for entry in [delex, digest, Entry::of::<Delifeq>()] {
            if !entry.is_taken(ctx) {
                entry.register(ctx)?;
                registered.push(entry.name().to_uppercase());
            }
        }
    }
    let lacking = lacking(ctx);
    if lacking != Lacking::NOTHING {
        for entry in [Entry::of::<Set>(), Entry::of::<SetGet>()] {
            entry.register(ctx)?;
        }
        LACKING.store(lacking.bits(), Ordering::Relaxed);
        SET.prepare(Set::NAME);
        SET_GET.prepare(SetGet::NAME);
        filter::install::<SetFilter>(ctx);
        registered.extend(
            Kind::ALL
                .iter()
                .filter(|(kind, _)| lacking.has(*kind))
                .map(|(_, word)| format!("SET {word}")),
        );
    }
    Ok(registered)
}

/// Asks the server about each condition.
fn lacking(ctx: &Ctx) -> Lacking {
    let docs = abilities::documented(ctx, c"SET");
    Kind::ALL
        .iter()
        .filter(|(_, word)| !docs.has(word))
        .fold(Lacking::NOTHING, |lacking, (kind, _)| lacking.with(*kind))
}

/// The name of [`Set`].
static SET: Name = Name::new();
/// The name of [`SetGet`].
static SET_GET: Name = Name::new();

/// What the filter would put in the place of a command's name, if anything. Calls of the module itself do
/// not pass the filter.
#[must_use]
#[expect(
    clippy::inline_always,
    reason = "measured: for most commands it is one comparison"
)]
#[inline(always)]
pub fn renamed(command: Args<'_>) -> Option<&'static Name> {
    let is_set = command.count() >= LEAST_WORDS.into() && is(command.word(0), SetFilter::NAME);
    is_set.then(|| renamed_set_apart(command)).flatten()
}

#[cold]
#[inline(never)]
fn renamed_set_apart(command: Args<'_>) -> Option<&'static Name> {
    renamed_set(&command)
}

/// The same of a `SET` of [`LEAST_WORDS`] or more.
#[inline]
fn renamed_set<W: Words + ?Sized>(command: &W) -> Option<&'static Name> {
    let lacking = Lacking::of_bits(LACKING.load(Ordering::Relaxed));
    match rewrite(command, lacking) {
        Rewrite::Leave => None,
        Rewrite::Set => Some(&SET),
        Rewrite::SetGet => Some(&SET_GET),
    }
}

struct SetFilter;

impl Filter for SetFilter {
    const NAME: &'static str = "SET";
    const LEAST_WORDS: c_int = LEAST_WORDS as c_int;

    fn decide(command: &Filtered) -> Option<&'static Name> {
        renamed_set(command)
    }
}
