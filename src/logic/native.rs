//! The grammar of Redis 8.4's `SET` and `DELEX`, and [`rewrite`]: which calls the command filter has to
//! rewrite.
//!
//! It follows `parseExtendedStringArgumentsOrReply` of Redis 8.6 byte for byte, so far as clients can
//! see, but for its defects: `IF…` followed by `NX` or `XX` is refused in either order (as Redis does
//! after 8.6, pull request 15291).

mod rewrite;

use crate::error::Error;
use crate::logic::{
    condition::{Condition, Subject},
    digest::{self, Digest},
    expiry::{Given, Unit},
};
use crate::words::{Cursor, Words, is};

pub use rewrite::{Lacking, Rewrite, rewrite};

/// The four conditions that Redis 8.4 added to `SET` and gave `DELEX`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `IFEQ value`
    Equal,
    /// `IFNE value`
    NotEqual,
    /// `IFDEQ digest`
    DigestEqual,
    /// `IFDNE digest`
    DigestNotEqual,
}

impl Kind {
    /// All of them, with their words.
    pub const ALL: [(Self, &'static str); 4] = [
        (Self::Equal, "IFEQ"),
        (Self::NotEqual, "IFNE"),
        (Self::DigestEqual, "IFDEQ"),
        (Self::DigestNotEqual, "IFDNE"),
    ];

    #[inline]
    fn of(word: &[u8]) -> Option<Self> {
        match word {
            w if is(w, "IFEQ") => Some(Self::Equal),
            w if is(w, "IFNE") => Some(Self::NotEqual),
            w if is(w, "IFDEQ") => Some(Self::DigestEqual),
            w if is(w, "IFDNE") => Some(Self::DigestNotEqual),
            _ => None,
        }
    }
}

/// Cuts a word at its first NUL: the server compares option words as C strings.
fn c_string(word: &[u8]) -> &[u8] {
    word.split(|&byte| byte == 0).next().unwrap_or(word)
}

/// A word that names an option of `SET`.
enum SetWord {
    Condition(Kind),
    Time(Unit),
    Get,
    KeepTtl,
    /// `NX` or `XX`
    Exists,
}

impl SetWord {
    /// The filter and the command read each such word.
    fn of(word: &[u8]) -> Option<Self> {
        // A word with a NUL in it is none as it stands.
        Self::whole(word).or_else(|| Self::whole(c_string(word)))
    }

    /// First letters tell most of them apart.
    fn whole(word: &[u8]) -> Option<Self> {
        match word.first()? {
            b'I' | b'i' => Kind::of(word).map(Self::Condition),
            b'G' | b'g' => is(word, "GET").then_some(Self::Get),
            b'K' | b'k' => is(word, "KEEPTTL").then_some(Self::KeepTtl),
            _ if is(word, "NX") || is(word, "XX") => Some(Self::Exists),
            _ => Unit::of(word).map(Self::Time),
        }
    }
}

/// A condition whose digest operand is judged only when there is a string to compare it with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LateCondition {
    kind: Kind,
    /// The operand's position among the words.
    operand: usize,
}

impl LateCondition {
    /// Whether the condition is true of a key that is missing.
    #[must_use]
    pub fn holds_when_missing(&self) -> bool {
        matches!(self.kind, Kind::NotEqual | Kind::DigestNotEqual)
    }

    /// Whether the condition is true of a key that exists.
    ///
    /// # Errors
    /// The key holds no string, or the digest operand is not 16 characters long. Sixteen characters
    /// that are no hexadecimal digits are no error: they match no value.
    #[inline]
    pub fn holds(&self, subject: &impl Subject) -> Result<bool, Error> {
        match self.kind {
            Kind::Equal => Condition::Equal(self.operand).holds(subject),
            _ => self.holds_unlike(subject),
        }
    }

    /// Any but the commonest, apart, so that this one is asked about where it stands.
    #[inline(never)]
    fn holds_unlike(self, subject: &impl Subject) -> Result<bool, Error> {
        let condition = match self.kind {
            Kind::Equal => Condition::Equal(self.operand),
            Kind::NotEqual => Condition::NotEqual(self.operand),
            Kind::DigestEqual | Kind::DigestNotEqual => {
                subject.length()?;
                let operand = subject.word(self.operand);
                if operand.len() != digest::TEXT {
                    return Err(Error::NativeDigestFormat);
                }
                match (Digest::parse(operand), self.kind) {
                    (Some(operand), Kind::DigestEqual) => Condition::DigestEqual(operand),
                    (Some(operand), _) => Condition::DigestNotEqual(operand),
                    (None, kind) => return Ok(kind == Kind::DigestNotEqual),
                }
            }
        };
        condition.holds(subject)
    }
}

/// The options of a `SET` that has a condition, after its key and value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetOptions<'a> {
    /// What must be true of the value as it stands.
    pub condition: LateCondition,
    /// Whether the reply is the value before.
    pub get: bool,
    /// The expiry, not yet judged.
    pub expiry: Option<Given<'a>>,
}

impl<'a> SetOptions<'a> {
    /// What [`Self::parse`] makes of the commonest call, where that is one: `SET key value IFEQ value`.
    #[must_use]
    #[inline]
    pub fn commonest<W: Words + ?Sized>(words: &W) -> Option<Self> {
        (words.count() == 5 && is(words.word(3), "IFEQ")).then_some(Self {
            condition: LateCondition {
                kind: Kind::Equal,
                operand: 4,
            },
            get: false,
            expiry: None,
        })
    }

    /// Reads the options of `SET key value …`, from word 3 on, in any order. Each may stand several
    /// times, the last operand counts; options that exclude one another are refused.
    ///
    /// # Errors
    /// A syntax error.
    #[inline(never)]
    pub fn parse<W: Words + ?Sized>(words: &'a W) -> Result<Self, Error> {
        let mut cursor = Cursor::new(words, 3);
        let (mut condition, mut get, mut expiry) = (None::<LateCondition>, false, None::<Given>);
        while let Some(word) = cursor.next() {
            // No `ok_or`: the error not needed would have to be dropped.
            let Some(word) = SetWord::of(word) else {
                return Err(Error::Syntax);
            };
            match word {
                SetWord::Get => get = true,
                SetWord::KeepTtl => match expiry {
                    Some(Given::Time(..)) => return Err(Error::Syntax),
                    _ => expiry = Some(Given::Keep),
                },
                SetWord::Time(unit) => match expiry {
                    Some(Given::Time(before, _)) if before != unit => return Err(Error::Syntax),
                    Some(Given::Keep) => return Err(Error::Syntax),
                    _ => expiry = Some(Given::Time(unit, cursor.operand()?)),
                },
                SetWord::Condition(kind) => {
                    if condition.is_some_and(|before| before.kind != kind) {
                        return Err(Error::Syntax);
                    }
                    let operand = cursor.required()?;
                    condition = Some(LateCondition { kind, operand });
                }
                // With a condition they are in conflict, and without one the server's own SET serves the
                // call.
                SetWord::Exists => return Err(Error::Syntax),
            }
        }
        // No `ok_or`: the error not needed would have to be dropped, as above.
        let Some(condition) = condition else {
            return Err(Error::Syntax);
        };
        Ok(Self {
            condition,
            get,
            expiry,
        })
    }
}

/// The condition of `DELEX key word operand`, or `None` for a word that is no condition.
#[must_use]
pub fn delex_condition<W: Words + ?Sized>(words: &W) -> Option<LateCondition> {
    Kind::of(c_string(words.word(2))).map(|kind| LateCondition { kind, operand: 3 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<&[u8]> {
        line.split(' ').map(str::as_bytes).collect()
    }

    fn options(line: &str) -> Result<(Kind, String, bool, bool), Error> {
        let words = words(line);
        let o = SetOptions::parse(&words[..])?;
        let operand = String::from_utf8_lossy(words[o.condition.operand]).into_owned();
        Ok((o.condition.kind, operand, o.get, o.expiry.is_some()))
    }

    #[test]
    fn each_condition_has_its_word() {
        for (kind, word) in Kind::ALL {
            assert_eq!(Kind::of(word.as_bytes()), Some(kind));
        }
        assert_eq!(Kind::of(b"IFXX"), None);
    }

    #[test]
    fn the_commonest_call_is_read_as_any_other() {
        for line in [
            "SET k v IFEQ x",
            "set k v ifeq GET",
            "SET k v IFEQ EX",
            "SET k v IFNE x",
            "SET k v IFEQ\0 x",
            "SET k v GET IFEQ",
            "SET k v IFEQ x GET",
            "SET k v IFEQ",
        ] {
            let words = words(line);
            let commonest = SetOptions::commonest(&words[..]);
            let is_alone = words.len() == 5 && is(words[3], "IFEQ");
            let expected = SetOptions::parse(&words[..]).ok().filter(|_| is_alone);
            assert_eq!(commonest, expected, "{line}");
        }
    }

    #[test]
    fn options_stand_in_any_order_and_case() {
        for line in [
            "SET k v IFEQ x GET EX 10",
            "SET k v ex 10 get ifeq x",
            "SET k v GET EX 10 IfEq x",
        ] {
            assert_eq!(options(line), Ok((Kind::Equal, "x".into(), true, true)));
        }
    }

    #[test]
    fn an_option_may_be_repeated_and_its_last_operand_counts() {
        assert_eq!(
            options("SET k v IFEQ a IFEQ b"),
            Ok((Kind::Equal, "b".into(), false, false))
        );
        assert!(options("SET k v IFEQ a EX 1 EX 2 GET GET").is_ok());
        assert!(options("SET k v IFEQ a KEEPTTL KEEPTTL").is_ok());
    }

    #[test]
    fn an_operand_is_taken_whatever_it_spells() {
        assert_eq!(
            options("SET k v IFEQ EX EX 10"),
            Ok((Kind::Equal, "EX".into(), false, true))
        );
        assert_eq!(options("SET k v IFEQ EX 10"), Err(Error::Syntax));
    }

    #[test]
    fn options_that_exclude_one_another_are_a_syntax_error() {
        for line in [
            "SET k v IFEQ x NX",
            "SET k v XX IFNE x",
            "SET k v IFEQ x IFNE y",
            "SET k v IFEQ x EX 1 PX 1",
            "SET k v IFEQ x EX 1 KEEPTTL",
            "SET k v KEEPTTL IFEQ x EXAT 1",
            "SET k v IFEQ",
            "SET k v IFEQ x EX",
            "SET k v IFEQ x BOGUS",
        ] {
            assert_eq!(options(line), Err(Error::Syntax), "{line}");
        }
    }

    #[test]
    fn option_words_end_at_a_nul_as_c_strings_do() {
        assert!(options("SET k v IFEQ\0zz x GET\0").is_ok());
        assert!(delex_condition(&words("DELEX k ifdne\0 x")[..]).is_some());
        assert!(delex_condition(&words("DELEX k NOPE x")[..]).is_none());
    }
}
