//! The data of `ATOMIC.REPLACE` and `ATOMIC.STAGE`: a type, a count, and that many words; or JSON.

use std::ops::Range;

use crate::error::Error;
use crate::logic::counted::Counted;
use crate::shape::Shape;
use crate::words::{Cursor, Words, is};

/// A value in the words of a call, which it runs to the end of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Its type.
    pub shape: Shape,
    /// Where it stands.
    pub data: Data,
}

/// Where a value stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Data {
    /// In these words.
    Words(Range<usize>),
    /// In the JSON document that this word is.
    Json(usize),
}

impl Block {
    /// Reads the block of a type, whose word has been read already, to the end of the call.
    ///
    /// `STRING JSON` alone is the string `JSON`; with a word after it, that word is a document.
    ///
    /// # Errors
    /// A syntax error where words are missing or too many, a count that is none or does not fit.
    pub fn parse<W: Words + ?Sized>(
        shape: Shape,
        cursor: &mut Cursor<'_, W>,
    ) -> Result<Self, Error> {
        if shape == Shape::String && cursor.rest().len() == 1 {
            let data = Data::Words(cursor.rest());
            return Ok(Self { shape, data });
        }
        let word = cursor.operand()?;
        let rest = cursor.rest();
        let data = if is(word, "JSON") {
            if rest.len() != 1 {
                return Err(Error::Syntax);
            }
            Data::Json(rest.start)
        } else if shape == Shape::String {
            return Err(Error::Syntax);
        } else {
            let counted = Counted::of(shape);
            Data::Words(counted.all(word, rest)?)
        };
        Ok(Self { shape, data })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<(Shape, Data), Error> {
        let words: Vec<&[u8]> = line.split(' ').map(str::as_bytes).collect();
        let mut cursor = Cursor::new(&words[..], 0);
        let shape = Shape::of(cursor.next().expect("a word")).expect("a shape");
        Block::parse(shape, &mut cursor).map(|block| (block.shape, block.data))
    }

    #[test]
    fn a_count_counts_members_elements_or_pairs() {
        for (line, shape, data) in [
            ("SET 2 a b", Shape::Set, 2..4),
            ("list 3 a b c", Shape::List, 2..5),
            ("HASH 1 f v", Shape::Hash, 2..4),
            ("ZSET 2 1 a 2 b", Shape::Zset, 2..6),
            ("HASH 0", Shape::Hash, 2..2),
        ] {
            assert_eq!(parse(line), Ok((shape, Data::Words(data))), "{line}");
        }
    }

    #[test]
    fn a_string_is_one_word_and_may_be_the_word_json() {
        assert_eq!(parse("STRING v"), Ok((Shape::String, Data::Words(1..2))));
        assert_eq!(parse("STRING JSON"), Ok((Shape::String, Data::Words(1..2))));
        assert_eq!(parse("STRING JSON {}"), Ok((Shape::String, Data::Json(2))));
        for line in ["STRING", "STRING 1 v", "STRING a b c", "STRING JSON {} {}"] {
            assert_eq!(parse(line), Err(Error::Syntax), "{line}");
        }
    }

    #[test]
    fn json_is_one_document() {
        assert_eq!(parse("HASH JSON {}"), Ok((Shape::Hash, Data::Json(2))));
        assert_eq!(parse("ZSET json x"), Ok((Shape::Zset, Data::Json(2))));
        for line in ["SET JSON", "SET JSON a b", "SET"] {
            assert_eq!(parse(line), Err(Error::Syntax), "{line}");
        }
    }

    #[test]
    fn a_count_that_does_not_fit_says_what_was_expected_and_what_was_found() {
        for (line, text) in [
            (
                "HASH 3 a b c d e",
                "ERR HASH 3: expected 3 field-value pairs after it, found 5 words",
            ),
            (
                "SET 0 a",
                "ERR SET 0: expected 0 members after it, found 1 words",
            ),
            (
                "ZSET 9223372036854775807 1 a",
                "ERR ZSET 9223372036854775807: expected 9223372036854775807 score-member pairs \
                 after it, found 2 words",
            ),
            (
                "LIST -1 a",
                "ERR LIST: expected the number of elements after it, found '-1'",
            ),
            (
                "HASH f v",
                "ERR HASH: expected the number of field-value pairs after it, found 'f'",
            ),
        ] {
            assert_eq!(parse(line).unwrap_err().text(), text, "{line}");
        }
    }
}
