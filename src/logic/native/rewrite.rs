//! Which calls the command filter has to rewrite.

use super::{Kind, SetWord, c_string};
use crate::words::{Cursor, Words, is};

/// What the server's own `SET` lacks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Lacking(u8);

impl Lacking {
    /// The set without members: the server has all conditions.
    pub const NOTHING: Self = Self(0);

    /// The set as bits, to be kept.
    #[must_use]
    pub fn bits(self) -> u8 {
        self.0
    }

    /// The set that these [`Self::bits`] are.
    #[must_use]
    pub fn of_bits(bits: u8) -> Self {
        Self(bits)
    }

    /// Adds a condition to the set.
    #[must_use]
    pub fn with(self, kind: Kind) -> Self {
        Self(self.0 | 1 << kind as u8)
    }

    /// Whether the condition is in the set.
    #[must_use]
    pub fn has(self, kind: Kind) -> bool {
        self.0 & 1 << kind as u8 != 0
    }
}

/// What the filter makes of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rewrite {
    /// Nothing: it is the server's own.
    Leave,
    /// The module's `SET`.
    Set,
    /// The module's `SET` with the right to read the key, which the option `GET` needs.
    SetGet,
}

/// Decides about a `SET` of at least three words. Only what the server itself would refuse as a syntax
/// error is rewritten, so nothing that works without the module changes its meaning.
///
/// A call with `GET` among its words is told from one without, since Redis asks for the right to read
/// just then; like Redis (`setGetKeys`) it takes a compared value that spells `GET` for the option.
///
/// The condition must be one that the server lacks, or the same one twice, which Valkey's own `IFEQ`
/// refuses and Redis allows. Each word is looked at once: after the key and the value that is most of what
/// the filter costs.
#[must_use]
#[inline]
pub fn rewrite<W: Words + ?Sized>(words: &W, lacking: Lacking) -> Rewrite {
    // The commonest, where they stand: what `rewrite_any` makes of them. A condition takes two words, so of
    // five it is the last two, or there is none.
    if words.count() == 5 {
        let word = words.word(3);
        if !matches!(word, [b'I' | b'i', ..]) {
            return Rewrite::Leave;
        }
        if lacking.has(Kind::Equal) && is(word, "IFEQ") {
            return if is_get(words.word(4)) {
                Rewrite::SetGet
            } else {
                Rewrite::Set
            };
        }
    }
    rewrite_any(words, lacking)
}

#[inline(never)]
fn rewrite_any<W: Words + ?Sized>(words: &W, lacking: Lacking) -> Rewrite {
    let mut cursor = Cursor::new(words, 3);
    let (mut native, mut get) = (false, false);
    while let Some(word) = cursor.next() {
        match SetWord::of(word) {
            Some(SetWord::Condition(kind)) => {
                let Some(operand) = cursor.next() else {
                    return Rewrite::Leave;
                };
                get |= is_get(operand);
                if lacking.has(kind) || native && lacking != Lacking::NOTHING {
                    get = get || cursor.rest().any(|position| is_get(words.word(position)));
                    return if get { Rewrite::SetGet } else { Rewrite::Set };
                }
                native = true;
            }
            Some(SetWord::Time(_)) => get |= cursor.next().is_some_and(is_get),
            Some(SetWord::Get) => get = true,
            Some(SetWord::KeepTtl | SetWord::Exists) => {}
            None => return Rewrite::Leave,
        }
    }
    Rewrite::Leave
}

fn is_get(word: &[u8]) -> bool {
    // A look at the first letter keeps most words from being looked at further.
    matches!(word, [b'G' | b'g', ..]) && is(c_string(word), "GET")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{collection, prelude::*};

    fn words(line: &str) -> Vec<&[u8]> {
        line.split(' ').map(str::as_bytes).collect()
    }

    const ALL: Lacking = Lacking(0b1111);

    #[test]
    fn only_a_set_with_a_condition_that_the_server_lacks_is_rewritten() {
        let valkey = Lacking::NOTHING
            .with(Kind::NotEqual)
            .with(Kind::DigestEqual)
            .with(Kind::DigestNotEqual);
        for (line, lacking, expected) in [
            ("SET k v", ALL, Rewrite::Leave),
            ("SET k v EX 10", ALL, Rewrite::Leave),
            ("SET k v NX GET", ALL, Rewrite::Leave),
            ("set k v ifeq x", ALL, Rewrite::Set),
            ("SET k v IFEQ x GET", ALL, Rewrite::SetGet),
            ("SET k v IFEQ get", ALL, Rewrite::SetGet),
            ("SET k v GET IFEQ x", ALL, Rewrite::SetGet),
            ("SET k v EX get IFEQ x", ALL, Rewrite::SetGet),
            ("SET k v IFEQ x EX get", ALL, Rewrite::SetGet),
            ("SET k v IFEQ x IFEQ get", valkey, Rewrite::SetGet),
            ("SET k v EX 10 IFDNE x", ALL, Rewrite::Set),
            ("SET k v NX IFEQ x", ALL, Rewrite::Set),
            ("SET k v IFEQ x", valkey, Rewrite::Leave),
            ("SET k v IFEQ x IFEQ y", valkey, Rewrite::Set),
            ("SET k v IFEQ x IFNE y", valkey, Rewrite::Set),
            ("SET k v IFNE x", valkey, Rewrite::Set),
            ("SET k v IFEQ x", Lacking::NOTHING, Rewrite::Leave),
        ] {
            let words = words(line);
            assert_eq!(rewrite(&words[..], lacking), expected, "{line}");
            assert_eq!(rewrite_any(&words[..], lacking), expected, "{line}");
        }
    }

    proptest! {
        #[test]
        fn the_commonest_calls_are_read_as_any_other(
            rest in collection::vec("IF(D?EQ|D?NE)|if[a-z]{2}|EX|px|GET|get|NX|KEEPTTL|x|I?", 0..5),
            lacking in 0_u8..16,
        ) {
            let line = [vec!["SET".to_owned(), "k".into(), "v".into()], rest].concat();
            let words: Vec<&[u8]> = line.iter().map(String::as_bytes).collect();
            let lacking = Lacking(lacking);
            prop_assert_eq!(rewrite(&words[..], lacking), rewrite_any(&words[..], lacking));
        }
    }

    #[test]
    fn what_the_server_refuses_anyway_is_left_to_it() {
        for line in ["SET k v IFEQ", "SET k v BOGUS IFEQ x", "SET k v EX IFEQ x"] {
            assert_eq!(rewrite(&words(line)[..], ALL), Rewrite::Leave, "{line}");
        }
    }

    #[test]
    fn words_of_the_key_and_the_value_are_never_options() {
        assert_eq!(
            rewrite(&words("SET IFEQ IFEQ EX 10")[..], ALL),
            Rewrite::Leave
        );
    }
}
