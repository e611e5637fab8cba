//! The grammar of `LOCK.*`.

use crate::error::Error;
use crate::logic::expiry::Unit;
use crate::words::{Cursor, Words, is, once};

/// `EX s` or `PX ms` as given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifetime<'a>(Unit, &'a [u8]);

impl<'a> Lifetime<'a> {
    /// Reads the operand of a word that was read.
    ///
    /// # Errors
    /// A syntax error: the word is neither `EX` nor `PX`.
    pub fn of(word: &[u8], operand: &'a [u8]) -> Result<Self, Error> {
        match Unit::of(word) {
            Some(unit @ (Unit::Seconds | Unit::Millis)) => Ok(Self(unit, operand)),
            _ => Err(Error::Syntax),
        }
    }

    /// Its end, if it begins at `now`; both in milliseconds since the Unix epoch.
    ///
    /// # Errors
    /// The operand is no integer, not positive, or too great, as the command says it.
    pub fn end(self, now: i64, command: &'static str) -> Result<i64, Error> {
        self.0.at(self.1, || now, command)
    }
}

/// The words of `LOCK.ACQUIRE key token EX s|PX ms [BLOCK ms] [FENCE counter] [REENTER]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request<'a> {
    /// Who wants the lock: the position of the word.
    pub token: usize,
    /// For how long at most.
    pub lifetime: Lifetime<'a>,
    /// The operand of `BLOCK`.
    pub block: Option<&'a [u8]>,
    /// The counter's position among the words.
    pub counter: Option<usize>,
    /// `REENTER`
    pub reenter: bool,
}

impl<'a> Request<'a> {
    /// Reads all words.
    ///
    /// # Errors
    /// A syntax error: an option is unknown, repeated or without operand, or there is no lifetime.
    pub fn parse<W: Words + ?Sized>(words: &'a W) -> Result<Self, Error> {
        let mut cursor = Cursor::new(words, 2);
        let token = cursor.required()?;
        let (mut lifetime, mut block, mut counter, mut reenter) = (None, None, None, None);
        while let Some(word) = cursor.next() {
            match word {
                w if is(w, "BLOCK") => once(&mut block, cursor.operand()?)?,
                w if is(w, "FENCE") => once(&mut counter, cursor.required()?)?,
                w if is(w, "REENTER") => once(&mut reenter, ())?,
                w => once(&mut lifetime, Lifetime::of(w, cursor.operand()?)?)?,
            }
        }
        Ok(Self {
            token,
            lifetime: lifetime.ok_or(Error::Syntax)?,
            block,
            counter,
            reenter: reenter.is_some(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<(Option<usize>, bool, bool), Error> {
        let words: Vec<&[u8]> = line.split(' ').map(str::as_bytes).collect();
        let r = Request::parse(&words[..])?;
        Ok((r.counter, r.block.is_some(), r.reenter))
    }

    #[test]
    fn options_stand_in_any_order() {
        assert_eq!(parse("L k t EX 1"), Ok((None, false, false)));
        assert_eq!(
            parse("L k t reenter FENCE n px 1 BLOCK 0"),
            Ok((Some(5), true, true))
        );
    }

    #[test]
    fn a_token_and_a_counter_may_spell_options() {
        assert_eq!(parse("L k FENCE EX 1"), Ok((None, false, false)));
        assert_eq!(
            parse("L k EX EX 1 FENCE FENCE"),
            Ok((Some(6), false, false))
        );
    }

    #[test]
    fn repeated_unknown_and_missing_options_are_syntax_errors() {
        for line in [
            "L k t BLOCK 1 FENCE n",
            "L k t EX 1 PX 1",
            "L k t EX 1 EX 1",
            "L k t EXAT 1",
            "L k t EX 1 KEEPTTL",
            "L k t EX 1 BLOCK",
            "L k t EX 1 BLOCK 1 BLOCK 1",
            "L k t EX 1 FENCE a FENCE b",
            "L k t EX 1 REENTER REENTER",
            "L k t EX 1 NX",
        ] {
            assert_eq!(parse(line), Err(Error::Syntax), "{line}");
        }
    }
}
