//! The commands inside `CAS.IF` and `CAS.TXN`: checked as the server would check them, then run as their
//! sender would have run them.

use std::ops::Range;

use crate::commands::native;
use crate::effects::datum;
use crate::error::{self, Error, shown};
use crate::logic::guarded::{Guarded, Test, is_senseless, waits};
use crate::server::call::{Answer, Arg, ONE_BY_ONE, Refusal, run};
use crate::server::caller::Caller;
use crate::server::command::Access;
use crate::server::key::Key;
use crate::server::keys::Keys;
use crate::server::known::{Known, known};
use crate::server::strings::Renamed;
use crate::server::{Args, Ctx, Str};
use crate::words::Words;

/// A command that is part of a call.
pub struct Inner<'a> {
    /// Counted from 1 through all branches.
    number: usize,
    given: Args<'a>,
    /// With the name that the command filter would have put in the place of the given one.
    renamed: Option<Renamed<'a>>,
}

impl<'a> Inner<'a> {
    /// The command whose words are at these positions, at least one.
    pub fn new(args: Args<'a>, positions: Range<usize>, number: usize) -> Self {
        let given = args.part(positions);
        Self {
            number,
            given,
            renamed: native::renamed(&given).map(|name| Renamed::new(name, given)),
        }
    }

    /// Checks all but permissions: there is such a command, it takes so many words, and it may run here.
    pub fn check(&self) -> Result<(), Error> {
        match known(self.words()) {
            Known::No => Err(self.error(Error::InnerUnknown)),
            Known::Miscounted => Err(self.error(Error::InnerArity)),
            Known::Yes { in_scripts, blocks }
                if !in_scripts
                    || is_senseless(self.given.word(0))
                    || blocks && waits(&self.given) =>
            {
                Err(self.error(Error::InnerForbidden))
            }
            Known::Yes { .. } => Ok(()),
        }
    }

    /// Checks that the caller may run it, with its keys and channels.
    pub fn permit(&self, ctx: &Ctx, caller: &Caller) -> Result<(), Error> {
        if caller.may_run(ctx, self.words()) {
            Ok(())
        } else {
            Err(self.error(Error::InnerDenied))
        }
    }

    /// Runs it, if the caller may. What it answers is its reply, also if that is an error.
    pub fn run(&self, ctx: &Ctx) -> Result<Answer, Error> {
        let [name, words @ ..] = self.words() else {
            unreachable!("a command has a name");
        };
        let (some, rest) = words.split_at(words.len().min(ONE_BY_ONE));
        let (mut arguments, mut count) = ([Arg::Int(0); ONE_BY_ONE + 1], some.len());
        for (argument, word) in arguments.iter_mut().zip(some) {
            *argument = datum(word);
        }
        // What stands further behind is stored as it is, without being made a compact integer.
        if !rest.is_empty() {
            arguments[count] = Arg::Strs(rest);
            count += 1;
        }
        run(ctx, name, &arguments[..count]).map_err(|refusal| match refusal {
            Refusal::Denied => self.error(Error::InnerDenied),
            Refusal::Other => self.error(Error::InnerRefused),
        })
    }

    fn words(&self) -> &[Str] {
        match &self.renamed {
            Some(renamed) => renamed.all(),
            None => self.given.all(),
        }
    }

    fn error(&self, kind: fn(error::Inner) -> Error) -> Error {
        kind(error::Inner {
            number: self.number,
            name: shown(self.given.word(0)),
        })
    }
}

/// The index of the first test that is false, from 0; `None` if all are true.
pub fn first_false(ctx: &Ctx, args: Args<'_>, tests: &[Test<'_>]) -> Result<Option<usize>, Error> {
    for (index, test) in tests.iter().enumerate() {
        if !holds(ctx, args, test)? {
            return Ok(Some(index));
        }
    }
    Ok(None)
}

fn holds(ctx: &Ctx, args: Args<'_>, test: &Test<'_>) -> Result<bool, Error> {
    let key = Key::open(ctx, args, test.key);
    match test.field {
        None => test.condition.holds(&key),
        Some(field) => test.condition.holds(&key.field(args.str(field))?),
    }
}

/// Tells the server the keys of the conditions and those of the commands.
pub fn report_keys(args: Args<'_>, guarded: &Guarded<'_>, keys: &Keys<'_>) {
    for test in &guarded.tests {
        keys.add(test.key, Access::Read);
    }
    for command in guarded.commands() {
        // One that would be refused; and to look into commands inside commands would have no end.
        if !is_senseless(args.word(command.start)) {
            let inner = Inner::new(args, command.clone(), 0);
            keys.add_those_of(inner.words(), command.start);
        }
    }
}
