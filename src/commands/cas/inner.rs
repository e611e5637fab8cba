//! The commands inside `CAS.IF` and `CAS.TXN`: checked as the server would check them, then run as their
//! sender would have run them.

use std::ops::Range;

use crate::commands::native;
use crate::effects::{datum, learn};
use crate::error::{self, Error, shown};
use crate::logic::guarded::{Test, Tests, is_senseless, waits};
use crate::server::call::{Answer, Call, Ran, run};
use crate::server::caller::Caller;
use crate::server::command::Access;
use crate::server::key::Key;
use crate::server::keys::Keys;
use crate::server::known::{Known, is_plain, known};
use crate::server::reply::Reply;
use crate::server::strings::Renamed;
use crate::server::{Args, Ctx, Str};
use crate::words::Words;

/// A command that is part of a call, as it was given.
pub struct Inner<'a> {
    /// Counted from 1 through all branches.
    number: usize,
    given: Args<'a>,
    /// With the name that the command filter would have put in the place of the given one.
    renamed: Option<Renamed<'a>>,
}

impl<'a> Inner<'a> {
    /// The command whose words are at these positions, at least one.
    #[expect(
        clippy::inline_always,
        reason = "measured: what it is made of then stays in registers"
    )]
    #[inline(always)]
    pub fn new(args: Args<'a>, positions: Range<usize>, number: usize) -> Self {
        let given = args.part(positions);
        Self {
            number,
            given,
            renamed: native::renamed(given).map(|name| Renamed::new(name, given)),
        }
    }

    /// Checks all but permissions: there is such a command, it takes so many words, and it may run here.
    #[expect(
        clippy::inline_always,
        reason = "measured: what it is made of then stays in registers"
    )]
    #[inline(always)]
    pub fn check(&self) -> Result<Checked<'_>, Error> {
        let (call, given) = (Call::new(self.words()), self.given);
        match known(call) {
            Known::No => Err(error(Error::InnerUnknown, self.number, given)),
            Known::Miscounted => Err(error(Error::InnerArity, self.number, given)),
            Known::Yes { in_scripts, blocks }
                if !in_scripts || is_senseless(call.name()) || blocks && waits(&given) =>
            {
                Err(error(Error::InnerForbidden, self.number, given))
            }
            Known::Yes { .. } => Ok(Checked {
                number: self.number,
                given,
                call,
            }),
        }
    }

    #[inline]
    fn words(&self) -> &[Str] {
        match &self.renamed {
            Some(renamed) => renamed.all(),
            None => self.given.all(),
        }
    }
}

#[cold]
fn error(kind: fn(error::Inner) -> Error, number: usize, given: Args<'_>) -> Error {
    let name = shown(given.word(0));
    kind(error::Inner { number, name })
}

/// A command that there is and that may run here.
#[derive(Clone, Copy)]
pub struct Checked<'a> {
    number: usize,
    given: Args<'a>,
    call: Call<'a>,
}

impl<'a> Checked<'a> {
    /// The first command of a call, whose words these are, where it is told at a glance that it may run and that
    /// the filter leaves it alone, as most are; `None` where it takes [`Inner::check`] to tell.
    #[expect(
        clippy::inline_always,
        reason = "measured: what it is made of then stays in registers"
    )]
    #[inline(always)]
    pub fn at_once(given: Args<'a>) -> Option<Self> {
        let call = Call::new(given.all());
        let may_run =
            native::renamed(given).is_none() && is_plain(call) && !is_senseless(call.name());
        may_run.then_some(Self {
            number: 1,
            given,
            call,
        })
    }

    /// Checks that the caller may run it, with its keys and channels.
    #[expect(
        clippy::inline_always,
        reason = "measured: it is then never built in memory"
    )]
    #[inline(always)]
    pub fn permit(&self, ctx: &Ctx, caller: &Caller) -> Result<(), Error> {
        permit(ctx, caller, self.number, self.given, self.words())
    }

    /// Its words as they were given.
    pub fn given(&self) -> Args<'a> {
        self.given
    }

    /// Its words as they will run.
    pub fn words(&self) -> &'a [Str] {
        self.call.words()
    }

    /// Runs it, if the caller may, and makes a reply of what it answers, also if that is an error.
    #[expect(
        clippy::inline_always,
        reason = "measured: what it is made of then stays in registers"
    )]
    #[inline(always)]
    pub fn run<'r>(
        &self,
        ctx: &Ctx,
        reply: impl FnOnce(Answer) -> Reply<'r>,
    ) -> Result<Reply<'r>, Error> {
        match run(ctx, self.call, datum) {
            Ran::Answer(answer) => {
                learn(ctx, self.words(), &answer);
                Ok(reply(answer))
            }
            Ran::Denied => denied(self.number, self.given),
            Ran::Refused => refused(self.number, self.given),
        }
    }
}

/// Checks that the caller may run the command of these words.
pub fn permit(
    ctx: &Ctx,
    caller: &Caller,
    number: usize,
    given: Args<'_>,
    words: &[Str],
) -> Result<(), Error> {
    if caller.may_run(ctx, words) {
        Ok(())
    } else {
        denied(number, given)
    }
}

#[cold]
#[inline(never)]
fn denied<T>(number: usize, given: Args<'_>) -> Result<T, Error> {
    Err(error(Error::InnerDenied, number, given))
}

#[cold]
#[inline(never)]
fn refused<T>(number: usize, given: Args<'_>) -> Result<T, Error> {
    Err(error(Error::InnerRefused, number, given))
}

/// The index of the first test that is false, from 0; `None` if all are true.
#[expect(
    clippy::inline_always,
    reason = "measured: what it is made of then stays in registers"
)]
#[inline(always)]
pub fn first_false(ctx: &Ctx, args: Args<'_>, tests: &Tests) -> Result<Option<usize>, Error> {
    if !holds(ctx, args, &tests.first)? {
        return Ok(Some(0));
    }
    match tests.more() {
        None => Ok(None),
        Some(more) => first_false_of_more(ctx, args, more),
    }
}

/// The same of those after the first, apart, so that the first is asked about where it stands.
#[inline(never)]
fn first_false_of_more(ctx: &Ctx, args: Args<'_>, more: &[Test]) -> Result<Option<usize>, Error> {
    for (test, index) in more.iter().zip(1..) {
        if !holds(ctx, args, test)? {
            return Ok(Some(index));
        }
    }
    Ok(None)
}

#[expect(
    clippy::inline_always,
    reason = "measured: what it is made of then stays in registers"
)]
#[inline(always)]
fn holds(ctx: &Ctx, args: Args<'_>, test: &Test) -> Result<bool, Error> {
    let key = Key::open(ctx, args, test.key);
    if test.field.is_none()
        && let Some(holds) = test.condition.holds_at_once(&key)
    {
        return Ok(holds);
    }
    looks(args, key, test)
}

/// The same where the value has to be read, apart, since only what is read is an error sometimes.
#[cold]
#[inline(never)]
#[expect(
    clippy::needless_pass_by_value,
    reason = "measured: who closes the key there need not merge that with an error"
)]
fn looks(args: Args<'_>, key: Key<'_>, test: &Test) -> Result<bool, Error> {
    match test.field {
        None => test.condition.looks(&key),
        Some(field) => test.condition.holds(&key.field(args.str(field))?),
    }
}

/// Tells the server the keys of the conditions and those of the commands.
pub fn report_keys<'r>(
    args: Args<'_>,
    tests: &Tests,
    commands: impl Iterator<Item = &'r Range<usize>>,
    keys: &Keys<'_>,
) {
    for test in tests.iter() {
        keys.add(test.key, Access::Read);
    }
    for command in commands {
        // One that would be refused; and to look into commands inside commands would have no end.
        if !is_senseless(args.word(command.start)) {
            let inner = Inner::new(args, command.clone(), 0);
            keys.add_those_of(inner.words(), command.start);
        }
    }
}
