//! The grammar of `CAS.IF` and `CAS.TXN`: conditions on keys, then commands.

mod inside;

use std::iter;
use std::ops::Range;

use crate::error::{Error, shown};
use crate::logic::condition::Condition;
use crate::logic::integer;
use crate::words::{Cursor, Words, is};

pub use inside::{is_senseless, waits};

/// A condition on a key, or on a field of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Test {
    /// The key's position among the words.
    pub key: usize,
    /// The field's position.
    pub field: Option<usize>,
    /// What must be true.
    pub condition: Condition,
}

/// The conditions of a call. To keep one, as most calls have, takes no allocation.
#[derive(Debug, PartialEq, Eq)]
pub struct Tests {
    /// There is at least one.
    pub first: Test,
    more: Option<Box<[Test]>>,
}

impl Tests {
    /// All of them, at least one, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Test> {
        iter::once(&self.first).chain(self.more.iter().flatten())
    }

    /// Those after the first, if there are any.
    #[must_use]
    pub fn more(&self) -> Option<&[Test]> {
        self.more.as_deref()
    }
}

/// Those of the commonest call: that the key at word 2 is word 4. What they are is known where they are named.
static EQUAL: Tests = Tests {
    first: Test {
        key: 2,
        field: None,
        condition: Condition::Equal(4),
    },
    more: None,
};

/// A call of `CAS.IF`.
#[derive(Debug, PartialEq, Eq)]
pub struct Guarded {
    /// What must be true.
    pub tests: Tests,
    /// The positions of the words of the command that runs then, name first.
    pub then: Range<usize>,
}

impl Guarded {
    /// The parts of what [`Self::parse`] makes of the commonest call, where that is one: `CAS.IF 1 key IFEQ value
    /// THEN command [arg …]`.
    #[must_use]
    #[inline]
    pub fn commonest<W: Words + ?Sized>(words: &W) -> Option<(&'static Tests, Range<usize>)> {
        let is_commonest = words.count() > 6
            && words.word(1) == b"1"
            && is(words.word(3), "IFEQ")
            && is(words.word(5), "THEN");
        is_commonest.then(|| (&EQUAL, 6..words.count()))
    }

    /// Reads `CAS.IF numconds <key [FIELD f] condition> … THEN command [arg …]`.
    ///
    /// # Errors
    /// What is wrong with the first word that is.
    #[inline(never)]
    pub fn parse<W: Words + ?Sized>(words: &W) -> Result<Self, Error> {
        let mut cursor = Cursor::new(words, 1);
        let tests = tests(&mut cursor, "CAS.IF")?;
        let then = cursor.rest();
        if then.is_empty() {
            return Err(Error::Syntax);
        }
        Ok(Self { tests, then })
    }
}

/// A call of `CAS.TXN`: commands are the positions of their words, name first.
#[derive(Debug, PartialEq, Eq)]
pub struct Branches {
    /// What is asked.
    pub tests: Tests,
    /// What runs if all of it is true.
    pub then: Vec<Range<usize>>,
    /// What runs if not.
    pub otherwise: Option<Vec<Range<usize>>>,
}

impl Branches {
    /// Reads `CAS.TXN numconds <key [FIELD f] condition> … THEN numcmds <argc arg …> …
    /// [ELSE numcmds <argc arg …> …]`.
    ///
    /// # Errors
    /// As for [`Guarded::parse`].
    pub fn parse<W: Words + ?Sized>(words: &W) -> Result<Self, Error> {
        let mut cursor = Cursor::new(words, 1);
        let tests = tests(&mut cursor, "CAS.TXN")?;
        let then = commands(&mut cursor, "THEN", 0)?;
        let otherwise = match cursor.next() {
            None => None,
            Some(word) if is(word, "ELSE") => Some(commands(&mut cursor, "ELSE", then.len())?),
            Some(_) => return Err(Error::Syntax),
        };
        if cursor.next().is_some() {
            return Err(Error::Syntax);
        }
        Ok(Self {
            tests,
            then,
            otherwise,
        })
    }

    /// All commands, in the order in which errors count them.
    pub fn commands(&self) -> impl Iterator<Item = &Range<usize>> {
        self.then.iter().chain(self.otherwise.iter().flatten())
    }
}

/// The conditions after the command's name, and the word `THEN`.
fn tests<W: Words + ?Sized>(
    cursor: &mut Cursor<'_, W>,
    command: &'static str,
) -> Result<Tests, Error> {
    let count = count(cursor, command, "conditions", 1)?;
    let first = test(cursor)?;
    let more = if count == 1 {
        None
    } else {
        Some(others(cursor, count)?)
    };
    let word = cursor.operand()?;
    if is(word, "THEN") {
        Ok(Tests { first, more })
    } else {
        Err(no_then(count, word))
    }
}

/// The conditions after the first, of so many in all.
fn others<W: Words + ?Sized>(cursor: &mut Cursor<'_, W>, count: u64) -> Result<Box<[Test]>, Error> {
    (1..count).map(|_| test(cursor)).collect()
}

#[cold]
fn no_then(count: u64, found: &[u8]) -> Error {
    let found = shown(found);
    Error::NoThen { count, found }
}

fn test<W: Words + ?Sized>(cursor: &mut Cursor<'_, W>) -> Result<Test, Error> {
    let key = cursor.required()?;
    let (mut field, mut word) = (None, cursor.operand()?);
    if is(word, "FIELD") {
        field = Some(cursor.required()?);
        word = cursor.operand()?;
    }
    let condition = Condition::named(word, cursor)?;
    Ok(Test {
        key,
        field,
        condition,
    })
}

/// `numcmds <argc arg …> …`, when `before` commands have been read already.
fn commands<W: Words + ?Sized>(
    cursor: &mut Cursor<'_, W>,
    word: &'static str,
    before: usize,
) -> Result<Vec<Range<usize>>, Error> {
    let count = count(cursor, word, "commands", 0)?;
    let mut commands = Vec::new();
    for _ in 0..count {
        let number = before + commands.len() + 1;
        let word = cursor.operand()?;
        let words = at_least(1, word).ok_or_else(|| Error::NoInnerWords {
            number,
            found: shown(word),
        })?;
        let rest = cursor.rest();
        let found = rest.len();
        let taken = usize::try_from(words).ok().filter(|words| *words <= found);
        let taken = taken.ok_or(Error::InnerWords {
            number,
            words,
            found,
        })?;
        cursor.skip(taken);
        commands.push(rest.start..rest.start + taken);
    }
    Ok(commands)
}

/// The count after a word, of something of which there are at least so many.
fn count<W: Words + ?Sized>(
    cursor: &mut Cursor<'_, W>,
    word: &'static str,
    units: &'static str,
    least: u64,
) -> Result<u64, Error> {
    let text = cursor.operand()?;
    at_least(least, text).ok_or_else(|| no_count(word, units, text))
}

#[cold]
fn no_count(word: &'static str, units: &'static str, found: &[u8]) -> Error {
    let found = shown(found);
    Error::NoCount { word, units, found }
}

fn at_least(least: u64, text: &[u8]) -> Option<u64> {
    let number = integer::parse(text).and_then(|number| u64::try_from(number).ok());
    number.filter(|number| *number >= least)
}

#[cfg(test)]
mod tests;
