//! The grammar of `CAS.HSET` and `CAS.HDEL`.

use std::ops::Range;

use crate::error::Error;
use crate::logic::condition::Condition;
use crate::logic::counted::Counted;
use crate::words::{Cursor, Words, is};

/// Reads `CAS.HSET key field condition FIELDS n field value …`: the condition, and where the pairs stand.
///
/// # Errors
/// What is wrong with the first word that is.
pub fn set<W: Words + ?Sized>(words: &W) -> Result<(Condition, Range<usize>), Error> {
    let mut cursor = Cursor::new(words, 3);
    let condition = Condition::parse(&mut cursor)?;
    if !is(cursor.operand()?, "FIELDS") {
        return Err(Error::Syntax);
    }
    let count = cursor.operand()?;
    Ok((condition, Counted::PAIRS.all(count, cursor.rest())?))
}

/// Reads `CAS.HDEL key field condition [FIELDS n field …]`: the condition, and where the fields to delete
/// stand.
///
/// # Errors
/// As for [`set`].
pub fn delete<W: Words + ?Sized>(words: &W) -> Result<(Condition, Range<usize>), Error> {
    let mut cursor = Cursor::new(words, 3);
    let condition = Condition::parse(&mut cursor)?;
    match cursor.next() {
        None => Ok((condition, 2..3)),
        Some(word) if is(word, "FIELDS") => {
            let count = cursor.operand()?;
            Ok((condition, Counted::FIELDS.all(count, cursor.rest())?))
        }
        Some(_) => Err(Error::Syntax),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<&[u8]> {
        line.split(' ').map(str::as_bytes).collect()
    }

    fn set_of(line: &str) -> Result<Range<usize>, Error> {
        set(&words(line)[..]).map(|(_, data)| data)
    }

    fn delete_of(line: &str) -> Result<Range<usize>, Error> {
        delete(&words(line)[..]).map(|(_, fields)| fields)
    }

    #[test]
    fn pairs_follow_the_condition_and_may_spell_anything() {
        assert_eq!(set_of("CAS.HSET k f NX FIELDS 1 f v"), Ok(6..8));
        assert_eq!(
            set_of("CAS.HSET k f IFEQ FIELDS fields 2 NX 1 FIELDS 2"),
            Ok(7..11)
        );
    }

    #[test]
    fn without_fields_it_is_a_syntax_error() {
        for line in [
            "CAS.HSET k f NX f v g w",
            "CAS.HSET k f IFEQ v FIELDS",
            "CAS.HSET k f NX",
        ] {
            assert_eq!(set_of(line), Err(Error::Syntax), "{line}");
        }
        let miscounted = set_of("CAS.HSET k f NX FIELDS 2 f v");
        assert!(matches!(
            miscounted,
            Err(Error::Miscounted { count: 2, .. })
        ));
    }

    #[test]
    fn the_field_itself_or_those_listed_are_deleted() {
        assert_eq!(delete_of("CAS.HDEL k f XX"), Ok(2..3));
        assert_eq!(delete_of("CAS.HDEL k f IFEQ FIELDS"), Ok(2..3));
        assert_eq!(delete_of("CAS.HDEL k f XX fields 2 a b"), Ok(6..8));
    }

    #[test]
    fn anything_else_is_refused() {
        for line in [
            "CAS.HDEL k f XX a",
            "CAS.HDEL k f IFEQ",
            "CAS.HDEL k f XX FIELDS",
        ] {
            assert_eq!(delete_of(line), Err(Error::Syntax), "{line}");
        }
        let none = delete_of("CAS.HDEL k f XX FIELDS 0");
        assert!(matches!(none, Err(Error::NoCount { .. })));
    }
}
