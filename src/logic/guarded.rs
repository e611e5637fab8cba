//! The grammar of `CAS.IF` and `CAS.TXN`: conditions on keys, then commands.

use std::iter;
use std::ops::Range;

use crate::error::{Error, shown};
use crate::logic::condition::Condition;
use crate::logic::integer;
use crate::words::{Cursor, Words, is};

/// A condition on a key, or on a field of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Test<'a> {
    /// The key's position among the words.
    pub key: usize,
    /// The field's position.
    pub field: Option<usize>,
    /// What must be true.
    pub condition: Condition<'a>,
}

/// The conditions of a call. To keep one, as most calls have, takes no allocation.
#[derive(Debug, PartialEq, Eq)]
pub struct Tests<'a> {
    /// There is at least one.
    pub first: Test<'a>,
    more: Vec<Test<'a>>,
}

impl<'a> Tests<'a> {
    /// All of them, at least one, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Test<'a>> {
        iter::once(&self.first).chain(&self.more)
    }

    /// The index of the first that is false, from 0; `None` if all are true.
    ///
    /// # Errors
    /// That of the first which has one.
    #[inline]
    pub fn first_false<E>(
        &self,
        mut holds: impl FnMut(&Test<'a>) -> Result<bool, E>,
    ) -> Result<Option<usize>, E> {
        if !holds(&self.first)? {
            return Ok(Some(0));
        }
        for (test, index) in self.more.iter().zip(1..) {
            if !holds(test)? {
                return Ok(Some(index));
            }
        }
        Ok(None)
    }
}

/// A call of `CAS.IF`.
#[derive(Debug, PartialEq, Eq)]
pub struct Guarded<'a> {
    /// What must be true.
    pub tests: Tests<'a>,
    /// The positions of the words of the command that runs then, name first.
    pub then: Range<usize>,
}

impl<'a> Guarded<'a> {
    /// Reads `CAS.IF numconds <key [FIELD f] condition> … THEN command [arg …]`.
    ///
    /// # Errors
    /// What is wrong with the first word that is.
    pub fn parse<W: Words + ?Sized>(words: &'a W) -> Result<Self, Error> {
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
pub struct Branches<'a> {
    /// What is asked.
    pub tests: Tests<'a>,
    /// What runs if all of it is true.
    pub then: Vec<Range<usize>>,
    /// What runs if not.
    pub otherwise: Option<Vec<Range<usize>>>,
}

impl<'a> Branches<'a> {
    /// Reads `CAS.TXN numconds <key [FIELD f] condition> … THEN numcmds <argc arg …> …
    /// [ELSE numcmds <argc arg …> …]`.
    ///
    /// # Errors
    /// As for [`Guarded::parse`].
    pub fn parse<W: Words + ?Sized>(words: &'a W) -> Result<Self, Error> {
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
#[expect(
    clippy::inline_always,
    reason = "measured: the cursor then stays in registers"
)]
#[inline(always)]
fn tests<'a, W: Words + ?Sized>(
    cursor: &mut Cursor<'a, W>,
    command: &'static str,
) -> Result<Tests<'a>, Error> {
    let count = count(cursor, command, "conditions", 1)?;
    let first = test(cursor)?;
    let mut more = Vec::new();
    for _ in 1..count {
        more.push(test(cursor)?);
    }
    let word = cursor.operand()?.bytes;
    if is(word, "THEN") {
        Ok(Tests { first, more })
    } else {
        Err(no_then(count, word))
    }
}

#[cold]
fn no_then(count: u64, found: &[u8]) -> Error {
    let found = shown(found);
    Error::NoThen { count, found }
}

#[expect(
    clippy::inline_always,
    reason = "measured: the cursor then stays in registers"
)]
#[inline(always)]
fn test<'a, W: Words + ?Sized>(cursor: &mut Cursor<'a, W>) -> Result<Test<'a>, Error> {
    let key = cursor.required()?;
    let (mut field, mut word) = (None, cursor.operand()?.bytes);
    if is(word, "FIELD") {
        field = Some(cursor.required()?);
        word = cursor.operand()?.bytes;
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
        let word = cursor.operand()?.bytes;
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
#[expect(
    clippy::inline_always,
    reason = "measured: the cursor then stays in registers"
)]
#[inline(always)]
fn count<W: Words + ?Sized>(
    cursor: &mut Cursor<'_, W>,
    word: &'static str,
    units: &'static str,
    least: u64,
) -> Result<u64, Error> {
    let text = cursor.operand()?.bytes;
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

/// Whether a call of a command that may wait would: of `XREAD` and `XREADGROUP` one with `BLOCK`, of any
/// other every one.
#[must_use]
pub fn waits<W: Words + ?Sized>(words: &W) -> bool {
    let first = match words.word(0) {
        name if is(name, "XREAD") => 1,
        name if is(name, "XREADGROUP") => 4,
        _ => return true,
    };
    let mut options = Cursor::new(words, first);
    while let Some(word) = options.next() {
        match word {
            w if is(w, "STREAMS") => return false,
            w if is(w, "BLOCK") => return true,
            w if is(w, "COUNT") => _ = options.next(),
            _ => (),
        }
    }
    false
}

/// Commands that may run in a script but have no sense here: those of this grammar itself, those that
/// change nothing but the connection that they come from, which is none here, and `WAIT`, of which
/// Redis 7.2 alone says neither that it may not run in scripts nor that it blocks.
#[must_use]
pub fn is_senseless(name: &[u8]) -> bool {
    const NAMES: [&str; 7] = [
        "CAS.IF",
        "CAS.TXN",
        "SELECT",
        "ASKING",
        "READONLY",
        "READWRITE",
        "WAIT",
    ];
    NAMES.iter().any(|word| is(name, word))
}

#[cfg(test)]
#[allow(clippy::single_range_in_vec_init, reason = "there is one command")]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<&[u8]> {
        line.split(' ').map(str::as_bytes).collect()
    }

    /// Keys and fields of the conditions, and the commands of both branches.
    type Parsed = (
        Vec<(usize, Option<usize>)>,
        Vec<Range<usize>>,
        Option<Vec<Range<usize>>>,
    );

    fn parse(line: &str) -> Result<Parsed, Error> {
        let words = words(line);
        let (tests, then, otherwise) = if words[0] == b"CAS.IF" {
            let guarded = Guarded::parse(&words[..])?;
            (guarded.tests, vec![guarded.then], None)
        } else {
            let branches = Branches::parse(&words[..])?;
            (branches.tests, branches.then, branches.otherwise)
        };
        let tests = tests.iter().map(|test| (test.key, test.field));
        Ok((tests.collect(), then, otherwise))
    }

    #[test]
    fn conditions_are_on_keys_or_on_fields_and_one_command_follows() {
        assert_eq!(
            parse("CAS.IF 1 k IFEQ v THEN SET k w"),
            Ok((vec![(2, None)], vec![6..9], None))
        );
        assert_eq!(
            parse("CAS.IF 2 a NX b field f IFLT 7 then GET k"),
            Ok((vec![(2, None), (4, Some(6))], vec![10..12], None))
        );
    }

    #[test]
    fn words_that_spell_the_grammar_are_data_where_data_stands() {
        assert_eq!(
            parse("CAS.IF 1 FIELD FIELD THEN IFEQ THEN THEN THEN"),
            Ok((vec![(2, Some(4))], vec![8..9], None))
        );
        assert_eq!(
            parse("CAS.TXN 1 THEN NX THEN 1 2 ELSE ELSE"),
            Ok((vec![(2, None)], vec![7..9], None))
        );
    }

    #[test]
    fn commands_are_counted_by_their_words() {
        assert_eq!(
            parse("CAS.TXN 1 a NX THEN 2 3 SET a 1 1 PING ELSE 1 2 GET a"),
            Ok((vec![(2, None)], vec![7..10, 11..12], Some(vec![15..17])))
        );
        assert_eq!(
            parse("CAS.TXN 1 a NX THEN 0"),
            Ok((vec![(2, None)], vec![], None))
        );
        assert_eq!(
            parse("CAS.TXN 1 a NX THEN 0 ELSE 0"),
            Ok((vec![(2, None)], vec![], Some(vec![])))
        );
    }

    #[test]
    fn a_wrong_count_or_a_missing_then_says_what_was_found() {
        for (line, text) in [
            (
                "CAS.IF 0 k NX THEN PING",
                "ERR CAS.IF: expected the number of conditions after it, found '0'",
            ),
            (
                "CAS.TXN k NX THEN 1 1 PING",
                "ERR CAS.TXN: expected the number of conditions after it, found 'k'",
            ),
            (
                "CAS.IF 1 k NX l NX THEN PING",
                "ERR expected THEN after 1 conditions, found 'l'",
            ),
            (
                "CAS.TXN 1 k NX THEN x 1 PING",
                "ERR THEN: expected the number of commands after it, found 'x'",
            ),
            (
                "CAS.TXN 1 k NX THEN 1 0 PING",
                "ERR command 1: expected the number of its words, found '0'",
            ),
            (
                "CAS.TXN 1 k NX THEN 1 1 PING ELSE 1 3 GET k",
                "ERR command 2: expected 3 words, found 2",
            ),
        ] {
            assert_eq!(parse(line).unwrap_err().text(), text, "{line}");
        }
    }

    #[test]
    fn anything_else_is_a_syntax_error() {
        for line in [
            "CAS.IF 1 k NX THEN",
            "CAS.IF 1 k NX",
            "CAS.IF 2 k NX THEN SET k v",
            "CAS.IF 1 k BOGUS THEN SET k v",
            "CAS.IF 1 k FIELD f THEN SET k v",
            "CAS.TXN 1 k NX THEN 1",
            "CAS.TXN 1 k NX THEN 1 1 PING PING",
            "CAS.TXN 1 k NX THEN 1 1 PING ELSE",
            "CAS.TXN 1 k NX THEN 1 1 PING ELSE 1 1 PING ELSE 1 1 PING",
            "CAS.TXN 9223372036854775807 k NX",
        ] {
            assert_eq!(parse(line), Err(Error::Syntax), "{line}");
        }
    }

    #[test]
    fn reading_a_stream_waits_only_with_block() {
        for (line, expected) in [
            ("BLPOP k 0", true),
            ("XREAD STREAMS BLOCK 0", false),
            ("XREAD COUNT 1 STREAMS k 0", false),
            ("XREAD COUNT BLOCK STREAMS k 0", false),
            ("xread block 0 STREAMS k 0", true),
            ("XREAD COUNT 1 BLOCK 0 STREAMS k 0", true),
            ("XREADGROUP GROUP BLOCK BLOCK STREAMS k >", false),
            ("XREADGROUP GROUP g c NOACK BLOCK 0 STREAMS k >", true),
        ] {
            assert_eq!(waits(&words(line)[..]), expected, "{line}");
        }
    }
}
