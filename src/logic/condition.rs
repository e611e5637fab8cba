//! The conditions of every family: `NX`, `XX`, `IFEQ`, `IFNE`, `IFDEQ`, `IFDNE`, `IFGT`, `IFGE`, `IFLT`, `IFLE`.
//!
//! A condition is read from the words of a call and asked about a [`Subject`]: the value of a key as it
//! stands. A new condition is a new variant, its word in [`Condition::parse`] and its meaning in
//! [`Condition::holds`].

use std::cmp::Ordering;

use crate::error::Error;
use crate::logic::{digest::Digest, integer};
use crate::words::{Cursor, Words, is};

/// What a condition may ask about.
pub trait Subject {
    /// Whether there is a value at all.
    fn exists(&self) -> bool;
    /// Length of the string in bytes, or the error that the value is no string. Cheaper than the bytes.
    fn length(&self) -> Result<usize, Error>;
    /// The string's bytes, or the error that the value is no string.
    fn bytes(&self) -> Result<&[u8], Error>;
    /// The word at a position of the call that asks.
    fn word(&self, position: usize) -> &[u8];
    /// The same as [`Self::equals`], where it can be told without reading the value; `None` where not.
    fn equals_at_once(&self, position: usize) -> Option<bool> {
        _ = position;
        None
    }
    /// Whether the string is the word at a position, or the error that the value is no string.
    fn equals(&self, position: usize) -> Result<bool, Error>;
    /// The value's digest, or the error that it has none.
    fn digest(&self) -> Result<Digest, Error>;
}

/// A comparison of the value's number with an operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u64)]
pub enum Comparison {
    /// `IFGT`: the stored number is greater.
    Greater,
    /// `IFGE`: the stored number is not less.
    NotLess,
    /// `IFLT`: the stored number is less.
    Less,
    /// `IFLE`: the stored number is not greater.
    NotGreater,
}

impl Comparison {
    fn accepts(self, stored_to_operand: Ordering) -> bool {
        match self {
            Self::Greater => stored_to_operand.is_gt(),
            Self::NotLess => stored_to_operand.is_ge(),
            Self::Less => stored_to_operand.is_lt(),
            Self::NotGreater => stored_to_operand.is_le(),
        }
    }
}

/// A condition on the value as it stands. What it is to be equal to is named by its position among the words, and
/// read by who compares, if at all.
///
/// Without padding: a copy would read it together with the byte beside it, and the processor waits where what it
/// reads was written in parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u64)]
pub enum Condition {
    /// `NX`: there is none.
    Absent,
    /// `XX`: there is one.
    Present,
    /// `IFEQ`: exactly these bytes.
    Equal(usize),
    /// `IFNE`: not these bytes, or no value.
    NotEqual(usize),
    /// `IFDEQ`: this digest.
    DigestEqual(Digest),
    /// `IFDNE`: not this digest, or no value.
    DigestNotEqual(Digest),
    /// `IFGT`, `IFGE`, `IFLT`, `IFLE`: the number compares so, or there is no value.
    Number(Comparison, i64),
}

impl Condition {
    /// Reads one condition and its operand.
    ///
    /// # Errors
    /// A syntax error for a word that is no condition or a missing operand; a digest that is not 16
    /// hexadecimal digits; a number that is no signed 64-bit integer.
    pub fn parse<W: Words + ?Sized>(cursor: &mut Cursor<'_, W>) -> Result<Self, Error> {
        let word = cursor.operand()?;
        Self::named(word, cursor)
    }

    /// Reads the operand of the condition whose word has been read already.
    ///
    /// # Errors
    /// As for [`Self::parse`].
    #[inline]
    pub fn named<W: Words + ?Sized>(
        word: &[u8],
        cursor: &mut Cursor<'_, W>,
    ) -> Result<Self, Error> {
        if is(word, "IFEQ") {
            return cursor.required().map(Self::Equal);
        }
        cursor.lend(|cursor| Self::unlike(word, cursor))
    }

    /// Any but the commonest, apart, so that this one is read where it stands.
    #[inline(never)]
    fn unlike<W: Words + ?Sized>(word: &[u8], cursor: &mut Cursor<'_, W>) -> Result<Self, Error> {
        let comparison = match word {
            w if is(w, "NX") => return Ok(Self::Absent),
            w if is(w, "XX") => return Ok(Self::Present),
            w if is(w, "IFNE") => return cursor.required().map(Self::NotEqual),
            w if is(w, "IFDEQ") => return digest(cursor).map(Self::DigestEqual),
            w if is(w, "IFDNE") => return digest(cursor).map(Self::DigestNotEqual),
            w if is(w, "IFGT") => Comparison::Greater,
            w if is(w, "IFGE") => Comparison::NotLess,
            w if is(w, "IFLT") => Comparison::Less,
            w if is(w, "IFLE") => Comparison::NotGreater,
            _ => return Err(Error::Syntax),
        };
        let operand = integer::parse(cursor.operand()?).ok_or(Error::NotAnInteger)?;
        Ok(Self::Number(comparison, operand))
    }

    /// Whether the condition is true of a key that is missing.
    #[must_use]
    pub fn holds_when_missing(&self) -> bool {
        !matches!(self, Self::Present | Self::Equal(_) | Self::DigestEqual(_))
    }

    /// Whether the condition is true of `subject`.
    ///
    /// # Errors
    /// The subject's own, where its type does not fit; a stored value that is no integer.
    #[inline]
    pub fn holds(&self, subject: &impl Subject) -> Result<bool, Error> {
        match self.holds_at_once(subject) {
            Some(holds) => Ok(holds),
            None => self.looks(subject),
        }
    }

    /// Whether the commonest condition is true, where that can be told without reading the value; `None` where not,
    /// and for any other.
    #[inline]
    pub fn holds_at_once(&self, subject: &impl Subject) -> Option<bool> {
        match *self {
            Self::Equal(operand) => subject.equals_at_once(operand),
            _ => None,
        }
    }

    /// The same as [`Self::holds`] where more than the commonest look is needed, apart, so that the latter is had
    /// where it stands.
    ///
    /// # Errors
    /// As for [`Self::holds`].
    #[inline(never)]
    pub fn looks(self, subject: &impl Subject) -> Result<bool, Error> {
        if !subject.exists() {
            return Ok(self.holds_when_missing());
        }
        match self {
            Self::Absent => Ok(false),
            Self::Present => Ok(true),
            Self::Equal(operand) => subject.equals(operand),
            Self::NotEqual(operand) => subject.equals(operand).map(|equal| !equal),
            Self::DigestEqual(operand) => Ok(subject.digest()? == operand),
            Self::DigestNotEqual(operand) => Ok(subject.digest()? != operand),
            Self::Number(comparison, operand) => {
                if subject.length()? > integer::MAX_TEXT {
                    return Err(Error::NotAnInteger);
                }
                let stored = integer::parse(subject.bytes()?).ok_or(Error::NotAnInteger)?;
                Ok(comparison.accepts(stored.cmp(&operand)))
            }
        }
    }
}

fn digest<W: Words + ?Sized>(cursor: &mut Cursor<'_, W>) -> Result<Digest, Error> {
    Digest::parse(cursor.operand()?).ok_or(Error::DigestFormat)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A key of the tests: missing, a string, or another type.
    enum Key {
        Missing,
        Text(Vec<u8>),
        List,
    }

    /// A key and the call that asks about it.
    struct Asked<'a>(&'a Key, &'a [&'a [u8]]);

    impl Subject for Asked<'_> {
        fn exists(&self) -> bool {
            !matches!(self.0, Key::Missing)
        }

        fn length(&self) -> Result<usize, Error> {
            self.bytes().map(<[u8]>::len)
        }

        fn bytes(&self) -> Result<&[u8], Error> {
            match self.0 {
                Key::Text(bytes) => Ok(bytes),
                _ => Err(Error::WrongType),
            }
        }

        fn word(&self, position: usize) -> &[u8] {
            self.1[position]
        }

        fn equals(&self, position: usize) -> Result<bool, Error> {
            self.bytes().map(|bytes| bytes == self.word(position))
        }

        fn digest(&self) -> Result<Digest, Error> {
            match self.0 {
                Key::Text(bytes) => Ok(Digest::of(bytes)),
                _ => Err(Error::NoDigest),
            }
        }
    }

    fn parse(words: &[&[u8]]) -> Result<Condition, Error> {
        Condition::parse(&mut Cursor::new(words, 0))
    }

    fn holds(words: &[&[u8]], key: &Key) -> Result<bool, Error> {
        parse(words)?.holds(&Asked(key, words))
    }

    #[test]
    fn nx_and_xx_ask_only_whether_there_is_a_value() {
        assert_eq!(holds(&[b"NX"], &Key::Missing), Ok(true));
        assert_eq!(holds(&[b"nx"], &Key::List), Ok(false));
        assert_eq!(holds(&[b"XX"], &Key::Missing), Ok(false));
        assert_eq!(holds(&[b"xx"], &Key::List), Ok(true));
    }

    #[test]
    fn an_absent_key_satisfies_the_negative_and_the_numeric_conditions() {
        for (words, expected) in [
            (&[&b"IFEQ"[..], b"v"], false),
            (&[&b"IFNE"[..], b"v"], true),
            (&[&b"IFDEQ"[..], b"9555e8555c62dcfd"], false),
            (&[&b"IFDNE"[..], b"9555e8555c62dcfd"], true),
            (&[&b"IFGT"[..], b"1"], true),
            (&[&b"IFGE"[..], b"1"], true),
            (&[&b"IFLT"[..], b"1"], true),
            (&[&b"IFLE"[..], b"1"], true),
        ] {
            assert_eq!(holds(words, &Key::Missing), Ok(expected), "{words:?}");
        }
    }

    #[test]
    fn bytes_are_compared_exactly() {
        let key = Key::Text(b"a\0b".to_vec());
        assert_eq!(holds(&[b"IFEQ", b"a\0b"], &key), Ok(true));
        for other in [&b"a"[..], b"a\0c", b"A\0b", b"a\0b\0"] {
            assert_eq!(holds(&[b"IFEQ", other], &key), Ok(false));
            assert_eq!(holds(&[b"IFNE", other], &key), Ok(true));
        }
    }

    #[test]
    fn an_operand_that_spells_an_option_is_data() {
        assert_eq!(
            holds(&[b"IFEQ", b"IFEQ"], &Key::Text(b"IFEQ".to_vec())),
            Ok(true)
        );
    }

    #[test]
    fn digests_are_compared_in_any_case() {
        let key = Key::Text(b"hello".to_vec());
        assert_eq!(holds(&[b"IFDEQ", b"9555E8555C62DCFD"], &key), Ok(true));
        assert_eq!(holds(&[b"IFDNE", b"9555e8555c62dcfd"], &key), Ok(false));
        assert_eq!(holds(&[b"IFDNE", b"0000000000000000"], &key), Ok(true));
    }

    #[test]
    fn a_digest_operand_is_checked_before_the_key_is_looked_at() {
        assert_eq!(parse(&[b"IFDEQ", b"short"]), Err(Error::DigestFormat));
        assert_eq!(
            parse(&[b"IFDNE", b"zzzzzzzzzzzzzzzz"]),
            Err(Error::DigestFormat)
        );
    }

    #[test]
    fn a_stored_value_that_is_no_integer_is_an_error_under_a_numeric_condition() {
        for text in [&b"abc"[..], b"", b"1.5", b"007", b"99999999999999999999999"] {
            assert_eq!(
                holds(&[b"IFGT", b"1"], &Key::Text(text.to_vec())),
                Err(Error::NotAnInteger)
            );
        }
        assert_eq!(parse(&[b"IFGT", b"one"]), Err(Error::NotAnInteger));
    }

    #[test]
    fn comparing_a_value_that_is_no_string_is_an_error() {
        assert_eq!(holds(&[b"IFEQ", b"v"], &Key::List), Err(Error::WrongType));
        assert_eq!(holds(&[b"IFLT", b"1"], &Key::List), Err(Error::WrongType));
    }

    #[test]
    fn an_unknown_word_or_a_missing_operand_is_a_syntax_error() {
        for words in [
            &[][..],
            &[&b"IFXX"[..]],
            &[b"IFEQ"],
            &[b"IFDEQ"],
            &[b"IFGT"],
        ] {
            assert_eq!(parse(words), Err(Error::Syntax), "{words:?}");
        }
    }

    proptest! {
        #[test]
        fn numeric_conditions_are_the_comparisons_they_name(stored: i64, operand: i64) {
            let key = Key::Text(stored.to_string().into_bytes());
            let operand_text = operand.to_string().into_bytes();
            for (word, expected) in [
                (&b"IFGT"[..], stored > operand),
                (b"IFGE", stored >= operand),
                (b"IFLT", stored < operand),
                (b"IFLE", stored <= operand),
            ] {
                prop_assert_eq!(holds(&[word, &operand_text], &key), Ok(expected));
            }
        }

        #[test]
        fn equality_by_value_implies_equality_by_digest(value: Vec<u8>) {
            let text = Digest::of(&value).text();
            let key = Key::Text(value.clone());
            prop_assert_eq!(holds(&[b"IFEQ", &value], &key), Ok(true));
            prop_assert_eq!(holds(&[b"IFDEQ", &text], &key), Ok(true));
        }
    }
}
