//! `SET key value IFEQ|IFNE value|IFDEQ|IFDNE digest [GET] [EX s|PX ms|EXAT t|PXAT t|KEEPTTL]`

use std::ffi::CStr;

use crate::commands::parameters::{EXPIRATION, NATIVE_CONDITION};
use crate::error::Error;
use crate::logic::expiry::{Expiry, Given};
use crate::logic::native::SetOptions;
use crate::server::command::{Access, Command, Parameter};
use crate::server::key::{Key, Kind};
use crate::server::reply::Reply;
use crate::server::{self, Args, Ctx};
use crate::{counters, effects};

/// The name that errors show: the client's.
const SET: &str = "set";

/// `SET` with a condition, as Redis 8.4 has it; what the filter makes of one without `GET`.
pub struct Set;

/// The same with `GET`, which needs the right to read the key.
pub struct SetGet;

impl Command for Set {
    const NAME: &'static CStr = c"cas.nativeset";
    const FLAGS: &'static CStr = c"write deny-oom";
    const ACL: &'static CStr = c"write string slow";
    const ARITY: i32 = -5;
    const ACCESS: Access = Access::Update;
    const SUMMARY: &'static CStr = c"What a SET with a condition is rewritten to.";
    const COMPLEXITY: &'static CStr = c"O(1); O(N) in the length of the present value";
    const PARAMETERS: &'static [Parameter] = &[
        Parameter::key(),
        Parameter::string(c"value"),
        NATIVE_CONDITION,
        EXPIRATION,
    ];

    fn run<'a>(ctx: &'a Ctx, args: Args<'a>) -> Result<Reply<'a>, Error> {
        run(ctx, args)
    }
}

impl Command for SetGet {
    const NAME: &'static CStr = c"cas.nativesetget";
    const FLAGS: &'static CStr = Set::FLAGS;
    const ACL: &'static CStr = Set::ACL;
    const ARITY: i32 = Set::ARITY;
    const ACCESS: Access = Access::ReadUpdate;
    const SUMMARY: &'static CStr = c"What a SET with a condition and GET is rewritten to.";
    const COMPLEXITY: &'static CStr = Set::COMPLEXITY;
    const PARAMETERS: &'static [Parameter] = &[
        Parameter::key(),
        Parameter::string(c"value"),
        NATIVE_CONDITION,
        Parameter::flag(c"get", c"GET"),
        EXPIRATION,
    ];

    fn run<'a>(ctx: &'a Ctx, args: Args<'a>) -> Result<Reply<'a>, Error> {
        run(ctx, args)
    }
}

#[expect(
    clippy::inline_always,
    reason = "measured: one of its two callers is rare"
)]
#[inline(always)]
fn run<'a>(ctx: &'a Ctx, args: Args<'a>) -> Result<Reply<'a>, Error> {
    let options = match SetOptions::commonest(&args) {
        Some(options) => options,
        None => SetOptions::parse(&args)?,
    };
    let expiry = Given::resolve(options.expiry, server::now, SET)?;
    let key = if options.get {
        Key::open(ctx, args, 1)
    } else {
        Key::open_quietly(ctx, args, 1)
    };
    let holds = match key.kind() {
        Kind::Missing => options.condition.holds_when_missing(),
        Kind::String | Kind::Other => options.condition.holds(&key)?,
    };
    if options.get {
        return get(ctx, args, key, holds, expiry);
    }
    if counters::condition(holds) {
        effects::set(ctx, key, args.str(2), expiry)
    } else {
        Ok(Reply::Null)
    }
}

/// The rest of a call with `GET`: the reply is the value before.
#[inline(never)]
fn get<'a>(
    ctx: &'a Ctx,
    args: Args<'a>,
    key: Key<'_>,
    holds: bool,
    expiry: Expiry,
) -> Result<Reply<'a>, Error> {
    let shown = match key.kind() {
        Kind::String | Kind::Other => Reply::Bytes(key.bytes()?.to_vec()),
        Kind::Missing => Reply::Null,
    };
    if counters::condition(holds) {
        effects::set(ctx, key, args.str(2), expiry)?;
    }
    Ok(shown)
}
