//! Data that a count stands before, and that runs to the end of the call: `SET 2 a b`, `FIELDS 1 f v`.

use std::ops::Range;

use crate::error::{Error, shown};
use crate::logic::integer;
use crate::shape::Shape;

/// What is counted, and how it is called.
#[derive(Debug, Clone, Copy)]
pub struct Counted {
    /// The word before the count.
    word: &'static str,
    units: &'static str,
    /// So many words are one.
    stride: u64,
    /// There are at least so many.
    least: u64,
}

impl Counted {
    /// `FIELDS n field value …`
    pub const PAIRS: Self = Self {
        word: "FIELDS",
        units: "field-value pairs",
        stride: 2,
        least: 1,
    };

    /// `FIELDS n field …`
    pub const FIELDS: Self = Self {
        word: "FIELDS",
        units: "fields",
        stride: 1,
        least: 1,
    };

    /// `SET n member …` and its like; none is an empty collection.
    #[must_use]
    pub const fn of(shape: Shape) -> Self {
        Self {
            word: shape.word(),
            units: shape.units(),
            stride: shape.stride() as u64,
            least: 0,
        }
    }

    /// Checks that the words at these positions are as many as the count says.
    ///
    /// # Errors
    /// The count is none, or does not fit.
    pub fn all(self, count: &[u8], rest: Range<usize>) -> Result<Range<usize>, Error> {
        let Self { word, units, .. } = self;
        let number = integer::parse(count).and_then(|number| u64::try_from(number).ok());
        let number = number.filter(|number| *number >= self.least);
        let count = number.ok_or_else(|| Error::NoCount {
            word,
            units,
            found: shown(count),
        })?;
        let found = rest.len();
        if count.checked_mul(self.stride) == Some(found as u64) {
            return Ok(rest);
        }
        Err(Error::Miscounted {
            word,
            units,
            count,
            found,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(counted: Counted, count: &str, words: usize) -> String {
        let refused = counted.all(count.as_bytes(), 0..words).unwrap_err();
        refused.text().into_owned()
    }

    #[test]
    fn as_many_words_as_the_count_says() {
        assert_eq!(Counted::PAIRS.all(b"2", 6..10), Ok(6..10));
        assert_eq!(Counted::FIELDS.all(b"3", 6..9), Ok(6..9));
        assert_eq!(Counted::of(Shape::Set).all(b"0", 6..6), Ok(6..6));
    }

    #[test]
    fn anything_else_says_what_was_expected_and_what_was_found() {
        assert_eq!(
            error(Counted::PAIRS, "2", 3),
            "ERR FIELDS 2: expected 2 field-value pairs after it, found 3 words"
        );
        assert_eq!(
            error(Counted::FIELDS, "0", 0),
            "ERR FIELDS: expected the number of fields after it, found '0'"
        );
        assert_eq!(
            error(Counted::FIELDS, "f", 0),
            "ERR FIELDS: expected the number of fields after it, found 'f'"
        );
    }
}
