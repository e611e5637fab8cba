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

/// Reads words in order and knows where it stands, so that a request can keep a word's position.
pub struct Cursor<'a, W: Words + ?Sized> {
    words: &'a W,
    next: usize,
}

impl<W: Words + ?Sized> Clone for Cursor<'_, W> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<W: Words + ?Sized> Copy for Cursor<'_, W> {}

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

    /// Has a function read on that is not inlined, by a cursor of its own: so this one stays in registers
    /// where the function is seldom called.
    #[expect(clippy::inline_always, reason = "measured: that is what it is for")]
    #[inline(always)]
    pub fn lend<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        let mut lent = *self;
        let result = read(&mut lent);
        *self = lent;
        result
    }

    /// Leaves so many words out, which must be there.
    pub fn skip(&mut self, count: usize) {
        self.next += count;
    }

    /// The operand of an option. Its absence is a syntax error.
    pub fn operand(&mut self) -> Result<&'a [u8], Error> {
        let position = self.required()?;
        Ok(self.words.word(position))
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
    let (keyword, mut case) = (keyword.as_bytes(), [0; 4]);
    // The commonest keywords by far have four letters.
    if let (Ok(keyword), Ok(word)) = (<[u8; 4]>::try_from(keyword), <[u8; 4]>::try_from(word)) {
        for (case, of) in case.iter_mut().zip(&keyword) {
            *case = case_of(*of);
        }
        let [word, keyword, case] = [word, keyword, case].map(u32::from_ne_bytes);
        return word | case == keyword | case;
    }
    let differing = |(byte, of): (&u8, &u8)| (byte | case_of(*of)) ^ (of | case_of(*of));
    let pairs = word.iter().zip(keyword);
    word.len() == keyword.len() && pairs.map(differing).fold(0, |all, bits| all | bits) == 0
}

/// The bit in which the cases of a character differ; none of one that has no case.
#[inline]
fn case_of(byte: u8) -> u8 {
    if byte.is_ascii_alphabetic() { 0x20 } else { 0 }
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
                // Those of four characters are compared in another way.
                for place in 0..4 {
                    let mut word = *b"a-1Z";
                    let mut of = String::from_utf8(word.to_vec()).expect("ASCII");
                    of.replace_range(place..=place, keyword);
                    word[place] = byte;
                    assert_eq!(is(&word, &of), expected, "{byte} {keyword} {place}");
                }
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
