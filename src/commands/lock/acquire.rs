//! `LOCK.ACQUIRE key token EX s|PX ms [BLOCK ms] [FENCE counter] [REENTER]`

use std::ffi::CStr;

use super::room::Wish;
use super::{LIFETIME, fence, grant, waiting};
use crate::counters;
use crate::effects;
use crate::error::Error;
use crate::logic::lock::Request;
use crate::logic::timeout;
use crate::server::command::{self, Access, Command, KeyRange, Parameter};
use crate::server::key::{Key, Kind};
use crate::server::reply::Reply;
use crate::server::state::may_wait;
use crate::server::{self, Args, Ctx, Str};

/// Takes a lock, or waits for it. Replies `0` when it is another's; else `1`, or the number of the grant.
pub struct Acquire;

impl Command for Acquire {
    const NAME: &'static CStr = c"lock.acquire";
    const FLAGS: &'static CStr = c"write deny-oom getkeys-api";
    const ACL: &'static CStr = c"write string slow blocking";
    const ARITY: i32 = -5;
    const ACCESS: Access = Access::Update;
    const KEYS: &'static [KeyRange] = &[
        KeyRange::at(1, Self::ACCESS),
        // Options begin at word 3, and the operands of those before it are numbers.
        KeyRange::after(c"FENCE", 3, Access::ReadUpdate),
    ];
    const SUMMARY: &'static CStr =
        c"Takes a lock, or waits for it in a first-come, first-served queue.";
    const COMPLEXITY: &'static CStr =
        c"O(1); O(log(N)) where it waits, N being the number of clients that wait";
    const PARAMETERS: &'static [Parameter] = &[
        Parameter::key(),
        Parameter::string(c"token"),
        LIFETIME,
        Parameter::integer(c"timeout").after(c"BLOCK").optional(),
        Parameter::key_of(c"counter", 1).after(c"FENCE").optional(),
        Parameter::flag(c"reenter", c"REENTER").optional(),
    ];

    fn run<'a>(ctx: &'a Ctx, args: Args<'a>) -> Result<Reply<'a>, Error> {
        let request = Request::parse(&args)?;
        let now = server::now();
        let until = request.lifetime.end(now, command::name::<Self>())?;
        let wait = request.block.map(|text| timeout::end(text, now));
        let wait = wait.transpose()?;
        let (name, token) = (args.str(1), args.str(2));
        let counter = request.counter.map(|position| args.str(position));
        if counter.is_some_and(|counter| counter.bytes() == name.bytes()) {
            return Err(Error::CounterIsLock);
        }
        let key = Key::open_quietly(ctx, args, 1);
        match key.kind() {
            Kind::Other => return Err(Error::WrongType),
            Kind::String if request.reenter && key.equals(request.token)? => {
                return renew(ctx, key, until, counter).map(Reply::Int);
            }
            // Those who wait have been here first, even if they have not been served yet.
            Kind::Missing if !grant::hand_over(ctx, name) => {
                let number = grant::take(ctx, key, token, until, counter)?;
                return Ok(Reply::Int(number));
            }
            Kind::String | Kind::Missing => (),
        }
        if let Some(end) = wait.filter(|_| may_wait(ctx)) {
            let wish = Wish::new(token, until - now, counter, request.reenter);
            let held_until = key.expires_at();
            if waiting::join(ctx, key.close(), held_until, wish, end) {
                return Ok(Reply::Later);
            }
        }
        counters::BUSY.add_one();
        Ok(Reply::Int(0))
    }
}

/// The token holds the lock, and holds it up to `until`, in milliseconds since the Unix epoch.
pub(super) fn renew(
    ctx: &Ctx,
    key: Key<'_>,
    until: i64,
    counter: Option<&Str>,
) -> Result<i64, Error> {
    let number = match counter {
        None => 1,
        Some(counter) => match fence::current(ctx, counter)? {
            // Whoever holds the lock has taken it without a number.
            0 => fence::increment(ctx, counter)?,
            number => number,
        },
    };
    waiting::is_kept(ctx, key.name());
    effects::expire_at(ctx, key, until)?;
    Ok(number)
}
