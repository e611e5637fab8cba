//! The options that whole-value commands share: one condition and one expiry, in any order.

use crate::error::Error;
use crate::logic::condition::Condition;
use crate::logic::expiry::{Given, Unit};
use crate::words::{Cursor, Words, is, once};

/// What has been given so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options<'a> {
    /// `NX`, `IFEQ v` …
    pub condition: Option<Condition>,
    /// `EX s`, `KEEPTTL` …
    pub expiry: Option<Given<'a>>,
}

impl<'a> Options<'a> {
    /// Takes an option whose word has been read, with its operand.
    ///
    /// # Errors
    /// A syntax error for a word that is neither, and for a second condition or expiry; what is wrong
    /// with a condition's operand.
    pub fn take<W: Words + ?Sized>(
        &mut self,
        word: &[u8],
        cursor: &mut Cursor<'a, W>,
    ) -> Result<(), Error> {
        if is(word, "KEEPTTL") {
            return once(&mut self.expiry, Given::Keep);
        }
        if let Some(unit) = Unit::of(word) {
            return once(&mut self.expiry, Given::Time(unit, cursor.operand()?));
        }
        once(&mut self.condition, Condition::named(word, cursor)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<(bool, bool), Error> {
        let words: Vec<&[u8]> = line.split(' ').map(str::as_bytes).collect();
        let mut cursor = Cursor::new(&words[..], 0);
        let mut options = Options::default();
        while let Some(word) = cursor.next() {
            options.take(word, &mut cursor)?;
        }
        Ok((options.condition.is_some(), options.expiry.is_some()))
    }

    #[test]
    fn a_condition_and_an_expiry_stand_in_any_order() {
        assert_eq!(parse("NX"), Ok((true, false)));
        assert_eq!(parse("keepttl"), Ok((false, true)));
        assert_eq!(parse("IFEQ EX px KEEPTTL"), Ok((true, true)));
        assert_eq!(parse("EXAT 9 XX"), Ok((true, true)));
    }

    #[test]
    fn a_second_one_an_unknown_one_and_a_missing_operand_are_syntax_errors() {
        for line in [
            "NX XX",
            "NX NX",
            "EX 1 KEEPTTL",
            "PX 1 PX 1",
            "EX",
            "IFEQ",
            "PERSIST",
        ] {
            assert_eq!(parse(line), Err(Error::Syntax), "{line}");
        }
    }
}
