//! Running a command that came as data, as its sender would have run it.

use std::ffi::CStr;
use std::io;

use super::{Answer, Arg, MAX_ARGS, MAX_WORDS, variadic};
use crate::server::{Ctx, Str, caller};

/// So many arguments can come one by one; all others together, at the end.
const ONE_BY_ONE: usize = 12;
/// So many have most writes.
const FEW: usize = 2;
const WORDS: usize = 2 * (ONE_BY_ONE + 1);

/// A command that came as data, whose name is read once.
#[derive(Clone, Copy)]
pub struct Call<'a> {
    /// The bytes of the first of the words.
    name: &'a [u8],
    words: &'a [Str],
}

impl<'a> Call<'a> {
    /// The call of these words, at least one, the first of which is the command's name.
    #[must_use]
    #[inline]
    pub fn new(words: &'a [Str]) -> Self {
        let name = words[0].bytes();
        Self { name, words }
    }

    /// The name as it was given.
    #[must_use]
    pub fn name(&self) -> &'a [u8] {
        self.name
    }

    /// All words.
    #[must_use]
    pub fn words(&self) -> &'a [Str] {
        self.words
    }
}

/// What became of a command. No `Result` of a refusal, which would not fit two registers.
pub enum Ran {
    /// It ran, and answered this.
    Answer(Answer),
    /// It was not run: the user may not.
    Denied,
    /// It was not run, for another reason.
    Refused,
}

/// How a command runs, after the letters of [`FEW`] shared words: the format of a call of these.
///
/// Replicated, with refusals as replies, as the user, in a script's place, in the client's protocol. Without
/// `E` a refusal is the end of Valkey 9.1.
const AS_USER: &CStr = c"ss!ECS0";
/// The same on nobody's behalf.
const AS_ROOT: &CStr = c"ss!ES0";
/// The longest format: a letter for each argument, for all others together, and [`AS_USER`]'s own, with its
/// end.
const FORMAT: usize = ONE_BY_ONE + 1 + (AS_USER.count_bytes() - FEW) + 1;

/// Runs a command, which [`known`](crate::server::known) knows, with all checks that a
/// client's command is subject to; what it does goes to replicas and the AOF. The reply is whatever the
/// command answers, errors among them, in the protocol of the client.
///
/// What follows the name is passed on as it is: a key, or what the command is to do. `datum` makes
/// arguments of what follows that, up to a number of words.
#[expect(clippy::inline_always, reason = "measured: there is one usual caller")]
#[inline(always)]
pub fn run(ctx: &Ctx, call: Call<'_>, datum: impl for<'w> Fn(&'w Str) -> Arg<'w> + Copy) -> Ran {
    match run_by(ctx, AS_USER, call, datum) {
        Some(answer) if answer.is_error() => failed(ctx, call.words, datum, answer),
        Some(answer) => Ran::Answer(answer),
        None => Ran::Refused,
    }
}

/// What to make of an error: one of the command's own, or a refusal to run it.
///
/// Like [`run_packed`] it takes the words alone, which fit registers: so the call is never built in memory.
#[cold]
fn failed(
    ctx: &Ctx,
    words: &[Str],
    datum: impl for<'w> Fn(&'w Str) -> Arg<'w> + Copy,
    answer: Answer,
) -> Ran {
    let error = io::Error::last_os_error();
    // What the server says of an error of the command itself is old: hence the texts.
    if caller::is_no_user(&error) && answer.begins_with(b"-ERR cannot run as user") {
        return as_root(ctx, Call::new(words), datum);
    }
    // The words of 7.0, and of those after it.
    let denials: [&[u8]; 2] = [b"-ERR acl verification failed", b"-NOPERM"];
    if caller::is_denied(&error) && denials.iter().any(|text| answer.begins_with(text)) {
        return Ran::Denied;
    }
    Ran::Answer(answer)
}

fn as_root(ctx: &Ctx, call: Call<'_>, datum: impl for<'w> Fn(&'w Str) -> Arg<'w> + Copy) -> Ran {
    run_by(ctx, AS_ROOT, call, datum).map_or(Ran::Refused, Ran::Answer)
}

/// The reply; `None` where the server did not even refuse.
#[expect(clippy::inline_always, reason = "measured: there is one usual caller")]
#[inline(always)]
fn run_by(
    ctx: &Ctx,
    how: &'static CStr,
    call: Call<'_>,
    datum: impl for<'w> Fn(&'w Str) -> Arg<'w> + Copy,
) -> Option<Answer> {
    match call.words {
        [_, key, value] if matches!(datum(value), Arg::Str(_)) => {
            // SAFETY: the name, like every string of the server's, ends by a NUL, and a command's has none before;
            // the format says what follows it, which lives on the caller's side until the call returns. The reply is
            // new, and nobody else's.
            unsafe {
                let (name, format) = (call.name.as_ptr().cast(), how.as_ptr());
                Answer::new(api!(RedisModule_Call(
                    ctx.raw(),
                    name,
                    format,
                    key.raw(),
                    value.raw()
                )))
            }
        }
        words => run_packed(ctx, how, words, datum),
    }
}

/// The same of other arguments, or where one is not shared.
#[cold]
#[inline(never)]
fn run_packed(
    ctx: &Ctx,
    how: &'static CStr,
    words: &[Str],
    datum: impl for<'w> Fn(&'w Str) -> Arg<'w> + Copy,
) -> Option<Answer> {
    let (name, arguments) = (words[0].bytes().as_ptr(), &words[1..]);
    // SAFETY: as in `run_by`; the format is a C string, and agrees with the words by construction.
    unsafe {
        let reply = if arguments.len() <= MAX_ARGS {
            let packed = Packed::<MAX_WORDS>::new(how, arguments, datum);
            let format = packed.format.as_ptr();
            variadic!(RedisModule_Call, ctx, name, format, packed.words, [a b c d e f g h])
        } else {
            let packed = Packed::<WORDS>::new(how, arguments, datum);
            let format = packed.format.as_ptr();
            variadic!(
                RedisModule_Call, ctx, name, format, packed.words,
                [a b c d e f g h i j k l m n o p q r s t u v w x y z]
            )
        };
        Answer::new(reply)
    }
}

/// Arguments in the form that the variadic function wants, in so many machine words.
struct Packed<const WORDS: usize> {
    /// A C string.
    format: [u8; FORMAT],
    words: [usize; WORDS],
}

impl<const WORDS: usize> Packed<WORDS> {
    #[inline]
    fn new(
        how: &'static CStr,
        arguments: &[Str],
        datum: impl for<'w> Fn(&'w Str) -> Arg<'w>,
    ) -> Self {
        let (some, rest) = arguments.split_at(arguments.len().min(ONE_BY_ONE));
        let (mut format, mut words) = ([0; FORMAT], [0; WORDS]);
        let (mut lettered, mut used) = (0, 0);
        let mut letter = |letter: u8| {
            format[lettered] = letter;
            lettered += 1;
        };
        let mut word = |word: usize| {
            words[used] = word;
            used += 1;
        };
        for (position, argument) in some.iter().enumerate() {
            let argument = match position {
                0 => Arg::Str(argument),
                _ => datum(argument),
            };
            argument.pack(&mut letter, &mut word);
        }
        // What stands further behind is stored as it is, without being made a compact integer.
        if !rest.is_empty() {
            Arg::Strs(rest).pack(&mut letter, &mut word);
        }
        let how = &how.to_bytes()[FEW..];
        format[lettered..][..how.len()].copy_from_slice(how);
        Self { format, words }
    }
}
