//! Running a command that came as data, as its sender would have run it.

use std::io;

use redis_module::raw;

use super::{Answer, Arg};
use crate::server::{Ctx, Str, caller};

/// So many arguments can come one by one; all others together, at the end.
pub const ONE_BY_ONE: usize = 12;

/// Why a command was not run at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The user may not.
    Denied,
    /// Anything else.
    Other,
}

/// Longer names have no command.
const LONGEST_NAME: usize = 64;
/// Replicated, with refusals as replies, as the user, in a script's place, in the client's protocol. Without
/// `E` a refusal is the end of Valkey 9.1.
const AS_USER: &[u8] = b"!ECS0";
/// The same on nobody's behalf.
const AS_ROOT: &[u8] = b"!ES0";
const FORMAT: usize = AS_USER.len() + ONE_BY_ONE + 1;
const WORDS: usize = 2 * (ONE_BY_ONE + 1);

/// Runs a command with all checks that a client's command is subject to; what it does goes to replicas and
/// the AOF. The reply is whatever the command answers, errors among them, in the protocol of the client.
///
/// # Errors
/// The server did not run it.
///
/// # Panics
/// There are more than [`ONE_BY_ONE`] arguments before the last.
pub fn run(ctx: &Ctx, name: &Str, arguments: &[Arg<'_>]) -> Result<Answer, Refusal> {
    let (answer, error) = run_by(ctx, AS_USER, name, arguments).ok_or(Refusal::Other)?;
    // What the server says of an error of the command itself is old: hence the texts.
    if answer.is_error() {
        if caller::is_no_user(&error) && answer.begins_with(b"-ERR cannot run as user") {
            let (answer, _) = run_by(ctx, AS_ROOT, name, arguments).ok_or(Refusal::Other)?;
            return Ok(answer);
        }
        // The words of 7.0, and of those after it.
        let denials: [&[u8]; 2] = [b"-ERR acl verification failed", b"-NOPERM"];
        if caller::is_denied(&error) && denials.iter().any(|text| answer.begins_with(text)) {
            return Err(Refusal::Denied);
        }
    }
    Ok(answer)
}

/// The reply, and what the server says of the last thing that it refused; `None` where it did not even
/// refuse.
fn run_by(ctx: &Ctx, how: &[u8], name: &Str, arguments: &[Arg<'_>]) -> Option<(Answer, io::Error)> {
    let mut command = [0; LONGEST_NAME + 1];
    let name = name.bytes();
    command[..LONGEST_NAME]
        .get_mut(..name.len())?
        .copy_from_slice(name);

    let (mut format, mut words) = ([0; FORMAT + 1], [0; WORDS]);
    format[..how.len()].copy_from_slice(how);
    let (mut letters, mut used) = (how.len(), 0);
    let mut letter = |letter: u8| {
        format[letters] = letter;
        letters += 1;
    };
    let mut word = |word: usize| {
        words[used] = word;
        used += 1;
    };
    for argument in arguments {
        argument.pack(&mut letter, &mut word);
    }
    let w = &words;
    // SAFETY: name and format are C strings, format and words agree by construction, and what the words
    // point to lives on the caller's side until the call returns. Surplus variadic words are not read.
    let reply = unsafe {
        let call = raw::RedisModule_Call.expect("every server has it");
        call(
            ctx.raw(),
            command.as_ptr().cast(),
            format.as_ptr().cast(),
            w[0],
            w[1],
            w[2],
            w[3],
            w[4],
            w[5],
            w[6],
            w[7],
            w[8],
            w[9],
            w[10],
            w[11],
            w[12],
            w[13],
            w[14],
            w[15],
            w[16],
            w[17],
            w[18],
            w[19],
            w[20],
            w[21],
            w[22],
            w[23],
            w[24],
            w[25],
        )
    };
    let error = io::Error::last_os_error();
    // SAFETY: the reply is new, and nobody else's.
    (!reply.is_null()).then(|| (unsafe { Answer::new(reply) }, error))
}
