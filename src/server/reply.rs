//! Replies, in the exact types that the server's own commands use in RESP2 and RESP3.

use std::ffi::{CStr, CString, c_long};

use redis_module::raw;

use super::{Ctx, call::Answer, key::Key};
use crate::error::Error;

/// What a command answers.
pub enum Reply<'a> {
    /// `OK`
    Ok,
    /// What a command of the server answered, as it came. For the `OK` of a write that is much cheaper
    /// than one of our own, which the server copies, searches for line ends and sends in three parts.
    Answer(Answer),
    /// Another status, as `OK` is one.
    Status(&'static CStr),
    /// Nothing: `$-1` in RESP2, `_` in RESP3.
    Null,
    /// An integer.
    Int(i64),
    /// A short string of our own making.
    Text([u8; 16]),
    /// A string's bytes.
    Bytes(Vec<u8>),
    /// The value of a key, sent without a copy.
    Value(Key<'a>),
    /// A refusal among other replies.
    Error(Error),
    /// Two replies in one.
    Pair(Box<[Reply<'a>; 2]>),
    /// Any number of replies in one.
    Several(Vec<Reply<'a>>),
    /// Names with a reply each: a map in RESP3, a flat array in RESP2, and on servers before 7.0 in both.
    Map(Vec<(&'static str, Reply<'a>)>),
    /// None now: the client is blocked, and answered later.
    Later,
}

impl Reply<'_> {
    /// `1` for success, `0` for a condition that is false.
    #[must_use]
    pub fn success(success: bool) -> Self {
        Self::Int(success.into())
    }

    /// Two replies as an array.
    #[must_use]
    pub fn pair<'a>(first: Reply<'a>, second: Reply<'a>) -> Reply<'a> {
        Reply::Pair(Box::new([first, second]))
    }

    #[inline]
    pub(super) fn send(self, ctx: &Ctx) {
        // SAFETY: the context is that of the call at hand; the text is a C string.
        unsafe {
            match self {
                Self::Ok => status(ctx, c"OK"),
                Self::Answer(answer) => answer.send(ctx),
                Self::Status(text) => status(ctx, text),
                Self::Null => _ = api!(RedisModule_ReplyWithNull(ctx.raw())),
                Self::Int(number) => _ = api!(RedisModule_ReplyWithLongLong(ctx.raw(), number)),
                Self::Text(text) => string(ctx, &text),
                Self::Bytes(bytes) => string(ctx, &bytes),
                Self::Value(key) => value(ctx, &key),
                Self::Error(refusal) => error(ctx, &refusal),
                Self::Pair(pair) => array(ctx, *pair),
                Self::Several(replies) => array(ctx, replies),
                Self::Map(pairs) => map(ctx, pairs),
                Self::Later => (),
            }
        }
    }
}

/// Sends what a command returns.
#[cold]
#[inline(never)]
pub(super) fn send(ctx: &Ctx, result: Result<Reply<'_>, Error>) {
    match result {
        Ok(reply) => reply.send(ctx),
        Err(refusal) => error(ctx, &refusal),
    }
}

fn map(ctx: &Ctx, pairs: Vec<(&'static str, Reply<'_>)>) {
    let length = c_long::try_from(pairs.len()).expect("few");
    // SAFETY: the context is that of the call at hand; the newer function is called only where the server
    // has it.
    unsafe {
        if let Some(map) = raw::RedisModule_ReplyWithMap {
            map(ctx.raw(), length);
        } else {
            api!(RedisModule_ReplyWithArray(ctx.raw(), 2 * length));
        }
    }
    for (name, reply) in pairs {
        string(ctx, name.as_bytes());
        reply.send(ctx);
    }
}

fn array<'a>(ctx: &Ctx, replies: impl IntoIterator<Item = Reply<'a>, IntoIter: ExactSizeIterator>) {
    let replies = replies.into_iter();
    let length = c_long::try_from(replies.len()).expect("as many as fit into memory");
    // SAFETY: the context is that of the call at hand.
    unsafe {
        api!(RedisModule_ReplyWithArray(ctx.raw(), length));
    }
    replies.for_each(|reply| reply.send(ctx));
}

fn value(ctx: &Ctx, key: &Key<'_>) {
    match key.bytes() {
        Ok(bytes) => string(ctx, bytes),
        Err(refusal) => error(ctx, &refusal),
    }
}

fn status(ctx: &Ctx, text: &CStr) {
    // SAFETY: the context is that of the call at hand; the server copies the text.
    unsafe {
        api!(RedisModule_ReplyWithSimpleString(ctx.raw(), text.as_ptr()));
    }
}

fn string(ctx: &Ctx, bytes: &[u8]) {
    // SAFETY: the context is that of the call at hand; the server copies the bytes.
    unsafe {
        api!(RedisModule_ReplyWithStringBuffer(
            ctx.raw(),
            bytes.as_ptr().cast(),
            bytes.len()
        ));
    }
}

#[cold]
#[inline(never)]
pub(super) fn error(ctx: &Ctx, error: &Error) {
    let text = CString::new(&*error.text()).expect("error texts have no NUL");
    // SAFETY: the context is that of the call at hand; the server copies the text.
    unsafe {
        api!(RedisModule_ReplyWithError(ctx.raw(), text.as_ptr()));
    }
}
