//! Running the server's own commands, and telling replicas and the AOF about them.

mod answer;
mod inner;

use std::ffi::CStr;

use redis_module::raw;

use super::{Ctx, Str};
use crate::error::Error;

pub use answer::Answer;
pub use inner::{Call, Ran, run};

// Every argument of the variadic functions below is passed as one machine word.
const _: () = assert!(size_of::<usize>() == 8, "64-bit servers only");

/// One argument of a command.
#[derive(Clone, Copy)]
pub enum Arg<'a> {
    /// A word of the call at hand, shared and not copied.
    Str(&'a Str),
    /// Words of the call at hand or of our own making, shared and not copied; at least one.
    Strs(&'a [Str]),
    /// Bytes, of which the server makes a string of its own. An integer's text stays compact only so:
    /// the server does not re-encode a string that is shared.
    Bytes(&'a [u8]),
    /// A word of the command's grammar.
    Word(&'static CStr),
    /// An integer as decimal text.
    Int(i64),
}

impl Arg<'_> {
    /// The argument's letter, and the one or two words that it is to a variadic function.
    #[expect(
        clippy::inline_always,
        reason = "measured: the kinds of the arguments are known there"
    )]
    #[inline(always)]
    fn pack(&self, letter: &mut impl FnMut(u8), word: &mut impl FnMut(usize)) {
        match self {
            Arg::Str(string) => {
                letter(b's');
                word(string.raw() as usize);
            }
            Arg::Strs(strings) => {
                letter(b'v');
                word(strings.as_ptr() as usize);
                word(strings.len());
            }
            Arg::Bytes(bytes) => {
                letter(b'b');
                word(bytes.as_ptr() as usize);
                word(bytes.len());
            }
            Arg::Word(text) => {
                letter(b'c');
                word(text.as_ptr() as usize);
            }
            Arg::Int(number) => {
                letter(b'l');
                word(number.cast_unsigned() as usize);
            }
        }
    }
}

/// What becomes of a command's effect.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It goes to replicas and the AOF as the server would send it.
    Replicated,
    /// It stays here: a read, or a step of an effect that is replicated in other words.
    Local,
}

/// At most this many arguments fit a call.
const MAX_ARGS: usize = 4;
/// Bytes and lists need two machine words, all else one.
const MAX_WORDS: usize = 2 * MAX_ARGS;

/// Arguments in the form that the variadic functions want.
struct Packed {
    /// A C string as one machine word, since it is put together in a register: bytes that are stored one
    /// by one and then loaded as a whole have the processor wait.
    format: u64,
    words: [usize; MAX_WORDS],
}

impl Packed {
    /// Inlined into its callers, where the arguments' kinds are known, it is a handful of stores.
    #[expect(
        clippy::inline_always,
        reason = "measured: the kinds of the arguments are known there"
    )]
    #[inline(always)]
    fn new(effect: Effect, arguments: &[Arg<'_>]) -> Self {
        let mut packed = Self {
            format: 0,
            words: [0; MAX_WORDS],
        };
        let (mut letters, mut used) = (0, 0);
        let mut letter = |letter: u8| {
            packed.format |= u64::from(letter) << letters;
            letters += u8::BITS;
        };
        let mut word = |word: usize| {
            packed.words[used] = word;
            used += 1;
        };
        if effect == Effect::Replicated {
            letter(b'!');
        }
        for argument in arguments {
            argument.pack(&mut letter, &mut word);
        }
        packed
    }
}

/// Passes all machine words of an array, for each of which there is a name, to a variadic function, which
/// reads as many as the format names.
macro_rules! variadic {
    ($name:ident, $ctx:expr, $command:expr, $format:expr, $words:expr, [$($word:ident)*]) => {{
        let [$($word),*] = $words;
        api!($name($ctx.raw(), $command.cast(), $format.cast(), $($word),*))
    }};
}
use variadic;

/// Runs a command of the server.
///
/// # Errors
/// [`Error::Refused`] when the server does not run it (it is unknown here, or a cluster has the key
/// elsewhere) or answers with an error.
#[expect(
    clippy::inline_always,
    reason = "measured: the kinds of the arguments are known there"
)]
#[inline(always)]
pub fn call(
    ctx: &Ctx,
    command: &'static CStr,
    effect: Effect,
    arguments: &[Arg<'_>],
) -> Result<Answer, Error> {
    let packed = Packed::new(effect, arguments);
    // SAFETY: format and words agree by construction, and what the words point to lives on the caller's
    // side until the call returns. Surplus variadic words are not read; two arguments are four at most.
    let reply = unsafe {
        let (command, format) = (command.as_ptr(), &raw const packed.format);
        if arguments.len() <= 2 {
            let [a, b, c, d, ..] = packed.words;
            variadic!(RedisModule_Call, ctx, command, format, [a, b, c, d], [a b c d])
        } else {
            variadic!(RedisModule_Call, ctx, command, format, packed.words, [a b c d e f g h])
        }
    };
    // SAFETY: the reply is new, and nobody else's.
    let Some(answer) = (unsafe { Answer::new(reply) }) else {
        return Err(refused(command, None));
    };
    if answer.is_error() {
        return Err(refused(command, Some(answer)));
    }
    Ok(answer)
}

/// The error that a command was refused; takes the answer to free it.
#[cold]
fn refused(command: &'static CStr, _answer: Option<Answer>) -> Error {
    Error::Refused(super::text(command))
}

/// Whether effects go out in the order in which they are done, with a [`call`] or by [`replicate`]. Servers
/// before 7.0 put what goes out with a call before all that is sent apart.
#[must_use]
pub fn keeps_order() -> bool {
    // SAFETY: the statics were written by the handshake and nobody writes them again. This one came with
    // the order.
    unsafe { has!(RedisModule_SetCommandInfo) }
}

/// Runs a command as one of several effects that go out in the order in which they are done, some by
/// [`replicate`] alone.
///
/// Where the server does not [keep their order](keeps_order), both are done apart, which costs another round
/// over the arguments.
///
/// # Errors
/// As for [`call`].
#[inline]
pub fn perform(ctx: &Ctx, command: &'static CStr, arguments: &[Arg<'_>]) -> Result<Answer, Error> {
    if keeps_order() {
        return call(ctx, command, Effect::Replicated, arguments);
    }
    let answer = call(ctx, command, Effect::Local, arguments)?;
    replicate(ctx, command, arguments);
    Ok(answer)
}

/// Sends a command to replicas and the AOF without running it here. What goes with it goes by
/// [`perform`], or by [`call`] only where the server [keeps their order](keeps_order).
pub fn replicate(ctx: &Ctx, command: &'static CStr, arguments: &[Arg<'_>]) {
    let packed = Packed::new(Effect::Local, arguments);
    // SAFETY: as in `call`.
    let status = unsafe {
        let (command, format) = (command.as_ptr(), &raw const packed.format);
        variadic!(RedisModule_Replicate, ctx, command, format, packed.words, [a b c d e f g h])
    };
    debug_assert!(super::ok(status), "the format is well-formed");
}

/// A string of our own making for the server to take over.
pub(super) fn owned(bytes: &[u8]) -> *mut raw::RedisModuleString {
    // SAFETY: the bytes are copied; without a context nothing else keeps track of the string.
    unsafe {
        api!(RedisModule_CreateString(
            std::ptr::null_mut(),
            bytes.as_ptr().cast(),
            bytes.len()
        ))
    }
}
