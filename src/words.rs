//! The words of a call, and a cursor that reads them from left to right.

use std::ops::Range;

use crate::error::Error;

/// The words of one call; word 0 is the command's name. All words are binary-safe.
pub trait Words {
    /// How many words there are, the command's name included.
    fn count(&self) -> usize;
    /// The bytes of word `index`, which must be below [`Words::count`].
    fn word(&self, index: usize) -> &[u8];
}

impl Words for [&[u8]] {
    fn count(&self) -> usize {
        self.len()
    }

    fn word(&self, index: usize) -> &[u8] {
        self[index]
    }
}

/// A word that a rule looks at, and where it stands in the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operand<'a> {
    /// The word's bytes.
    pub bytes: &'a [u8],
    /// Its position among the words.
    pub position: usize,
}

/// Reads words in order and knows where it stands, so that a request can keep a word's position.
pub struct Cursor<'a, W: Words + ?Sized> {
    words: &'a W,
    next: usize,
}

impl<'a, W: Words + ?Sized> Cursor<'a, W> {
    /// Starts at word `first`.
    pub fn new(words: &'a W, first: usize) -> Self {
        Self { words, next: first }
    }

    /// The next word, or `None` at the end.
    pub fn next(&mut self) -> Option<&'a [u8]> {
        let position = self.position()?;
        Some(self.words.word(position))
    }

    /// The position of the next word, which is thereby read.
    pub fn position(&mut self) -> Option<usize> {
        (self.next < self.words.count()).then(|| {
            self.next += 1;
            self.next - 1
        })
    }

    /// The positions of all words from the next one on.
    #[must_use]
    pub fn rest(&self) -> Range<usize> {
        self.next..self.words.count()
    }

    /// Leaves so many words out, which must be there.
    pub fn skip(&mut self, count: usize) {
        self.next += count;
    }

    /// The operand of an option. Its absence is a syntax error.
    pub fn operand(&mut self) -> Result<Operand<'a>, Error> {
        let position = self.required()?;
        let bytes = self.words.word(position);
        Ok(Operand { bytes, position })
    }

    /// The position of the next word, which is thereby read. Its absence is a syntax error.
    pub fn required(&mut self) -> Result<usize, Error> {
        // No `ok_or`: the error not needed would have to be dropped.
        match self.position() {
            Some(position) => Ok(position),
            None => Err(Error::Syntax),
        }
    }
}

/// Whether `word` is the keyword, in any case.
///
/// Inlined, where the keyword is known, it is a comparison or two of all bytes at once.
#[must_use]
#[expect(clippy::inline_always, reason = "measured: the keyword is known there")]
#[inline(always)]
pub fn is(word: &[u8], keyword: &str) -> bool {
    let differing = |(byte, of): (&u8, &u8)| {
        let case = if of.is_ascii_alphabetic() { 0x20 } else { 0 };
        (byte | case) ^ (of | case)
    };
    let pairs = word.iter().zip(keyword.as_bytes());
    word.len() == keyword.len() && pairs.map(differing).fold(0, |all, bits| all | bits) == 0
}

/// Fills an option's place, or refuses the option when it was given before.
pub fn once<T>(place: &mut Option<T>, value: T) -> Result<(), Error> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(Error::Syntax),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_ends_where_the_words_end() {
        let words: &[&[u8]] = &[b"CAS.DEL", b"k"];
        let mut cursor = Cursor::new(words, 1);
        assert_eq!(cursor.rest(), 1..2);
        assert_eq!(cursor.next(), Some(&b"k"[..]));
        assert!(cursor.rest().is_empty());
        assert_eq!(cursor.next(), None);
        assert_eq!(cursor.operand(), Err(Error::Syntax));
    }

    #[test]
    fn a_keyword_matches_in_any_case_but_only_whole() {
        assert!(is(b"iFeQ", "IFEQ"));
        assert!(!is(b"IFEQ ", "IFEQ"));
        assert!(!is(b"IFE", "IFEQ"));
    }

    #[test]
    fn only_letters_have_a_case() {
        for byte in 0..=u8::MAX {
            for keyword in ["k", "K", ".", "1", "@"] {
                let expected = keyword.as_bytes().eq_ignore_ascii_case(&[byte]);
                assert_eq!(is(&[byte], keyword), expected, "{byte} {keyword}");
            }
        }
    }

    #[test]
    fn an_option_fills_its_place_once() {
        let mut place = None;
        assert_eq!(once(&mut place, 1), Ok(()));
        assert_eq!(once(&mut place, 1), Err(Error::Syntax));
    }
}
