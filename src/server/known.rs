//! What the server says of its commands: how many words they take, where they may run, which of their
//! words are keys and what happens to these.
//!
//! To ask about one costs more than most commands take, and cannot be done while the server asks for
//! keys. So all are asked about at load, and whenever a module is loaded or unloaded: nothing else changes
//! the commands of a running server.

mod short;

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::call::{Answer, Call, Effect, call};
use super::keyspec::KeySpec;
use super::protocol::Tree;
use super::{Ctx, Str};
use short::{Facts, Short};

/// Of commands that have no parts.
static SHORT: Short = Short::new();

/// By name in lower case. Never locked while the server is called, since that may call back.
static COMMANDS: Mutex<Option<HashMap<Box<[u8]>, Described>>> = Mutex::new(None);

/// Names are looked up in any case, in a buffer of this length; no command has a longer one.
const LONGEST: usize = 64;

/// A command as the server describes it.
struct Described {
    facts: Facts,
    keys: Vec<KeySpec>,
    /// The commands that its second word chooses among.
    parts: HashMap<Box<[u8]>, Described>,
}

/// Whether a call is one that the server would run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// There is no such command.
    No,
    /// It takes another number of words.
    Miscounted,
    /// It is.
    Yes {
        /// Whether scripts may run it.
        in_scripts: bool,
        /// Whether it may wait.
        blocks: bool,
    },
}

/// Whether a call would be run.
#[must_use]
#[expect(
    clippy::inline_always,
    reason = "measured: the call then stays in registers"
)]
#[inline(always)]
pub fn known(call: Call<'_>) -> Known {
    match SHORT.find(call.name()) {
        Some(facts) => facts.of(call.words().len()),
        None => long(call.words()),
    }
}

/// Whether it is told at a glance that a call would be run, wherever scripts run and without a wait.
#[must_use]
#[expect(
    clippy::inline_always,
    reason = "measured: the call then stays in registers"
)]
#[inline(always)]
pub fn is_plain(call: Call<'_>) -> bool {
    let is_plain =
        |facts: Facts| facts.fits(call.words().len()) && facts.in_scripts && !facts.blocks;
    SHORT.find_at_once(call.name()).is_some_and(is_plain)
}

/// The same of a name that is not short.
#[cold]
#[inline(never)]
fn long(words: &[Str]) -> Known {
    with(words, |command| command.facts.of(words.len())).unwrap_or(Known::No)
}

impl Facts {
    /// Whether a call of so many words would be run.
    #[inline]
    fn of(&self, words: usize) -> Known {
        if self.fits(words) {
            Known::Yes {
                in_scripts: self.in_scripts,
                blocks: self.blocks,
            }
        } else {
            Known::Miscounted
        }
    }

    /// Whether it takes so many words.
    #[inline]
    fn fits(&self, words: usize) -> bool {
        let most_above = if self.or_more { u64::MAX >> 1 } else { 0 };
        (words as u64).wrapping_sub(self.words) <= most_above
    }
}

/// What happens to the key at a position of these words, in the flags of the API; 0 where the server
/// does not say, or a key stands there in some calls only.
pub(super) fn key_flags(words: &[Str], position: usize) -> u32 {
    let of = |command: &Described| {
        let mut specs = command.keys.iter();
        specs.find_map(|spec| spec.flags_of(position, words.len()))
    };
    with(words, of).flatten().unwrap_or(0)
}

/// Shows the command that a call is one of.
#[inline(never)]
fn with<T>(words: &[Str], show: impl FnOnce(&Described) -> T) -> Option<T> {
    let commands = COMMANDS.lock().unwrap_or_else(PoisonError::into_inner);
    let command = find(commands.as_ref()?, &words[0])?;
    let chooses = words.len() > 1 && !command.parts.is_empty();
    Some(show(if chooses {
        find(&command.parts, &words[1])?
    } else {
        command
    }))
}

fn find<'a>(among: &'a HashMap<Box<[u8]>, Described>, name: &Str) -> Option<&'a Described> {
    let (mut buffer, name) = ([0; LONGEST], name.bytes());
    let lower = buffer.get_mut(..name.len())?;
    lower.copy_from_slice(name);
    lower.make_ascii_lowercase();
    among.get(&*lower)
}

/// Asks the server about all its commands: to be called at load, when the module's own are there, and whenever
/// modules come or go.
pub fn learn(ctx: &Ctx) {
    let answer = call(ctx, c"COMMAND", Effect::Local, &[]);
    let commands = answer
        .as_ref()
        .ok()
        .and_then(Answer::tree)
        .map(|tree| described(tree.items()));
    SHORT.clear();
    let mut whole: Vec<_> = commands.iter().flatten().collect();
    whole.retain(|(_, command)| command.parts.is_empty());
    // The shortest, which are the commonest, have the first choice.
    whole.sort_by_key(|(name, _)| (name.len(), *name));
    for (name, command) in whole {
        SHORT.add(name, command.facts);
    }
    *COMMANDS.lock().unwrap_or_else(PoisonError::into_inner) = commands;
}

/// Commands by the last part of their names: `get` of `config|get`.
fn described(commands: &[Tree<'_>]) -> HashMap<Box<[u8]>, Described> {
    let described = |command: &Tree<'_>| {
        let name = command.items().first()?.text();
        let last = name.rsplit(|byte| *byte == b'|').next()?;
        Some((last.into(), Described::of(command.items())?))
    };
    commands.iter().filter_map(described).collect()
}

impl Described {
    fn of(info: &[Tree<'_>]) -> Option<Self> {
        let [
            _,
            Tree::Number(arity),
            flags,
            _,
            _,
            _,
            _,
            _,
            keys,
            parts,
            ..,
        ] = info
        else {
            return None;
        };
        let has = |name: &[u8]| flags.items().iter().any(|flag| flag.text() == name);
        Some(Self {
            facts: Facts {
                words: arity.unsigned_abs(),
                or_more: *arity < 0,
                in_scripts: !has(b"noscript"),
                blocks: has(b"blocking"),
            },
            keys: keys.items().iter().filter_map(KeySpec::of).collect(),
            parts: described(parts.items()),
        })
    }
}
