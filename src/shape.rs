//! The five types that a whole value may have, as `ATOMIC.*` names them.

use crate::words::is;

/// A type of value, by what it is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One string of bytes.
    String,
    /// Fields, each with a value.
    Hash,
    /// Members without order.
    Set,
    /// Elements in order.
    List,
    /// Members, each with a score.
    Zset,
}

impl Shape {
    const ALL: [Self; 5] = [Self::String, Self::Hash, Self::Set, Self::List, Self::Zset];

    /// The shape that a word of the syntax names.
    #[must_use]
    pub fn of(word: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|shape| is(word, shape.word()))
    }

    /// The word of the syntax.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::String => "STRING",
            Self::Hash => "HASH",
            Self::Set => "SET",
            Self::List => "LIST",
            Self::Zset => "ZSET",
        }
    }

    /// What a count before the data counts.
    #[must_use]
    pub const fn units(self) -> &'static str {
        match self {
            Self::String => "bytes",
            Self::Hash => "field-value pairs",
            Self::Set => "members",
            Self::List => "elements",
            Self::Zset => "score-member pairs",
        }
    }

    /// How many words make up one of them.
    #[must_use]
    pub const fn stride(self) -> usize {
        match self {
            Self::Hash | Self::Zset => 2,
            Self::String | Self::Set | Self::List => 1,
        }
    }
}

/// What a server keeps compact of a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The most elements.
    pub elements: usize,
    /// The most bytes of each of their words.
    pub length: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_in_any_case_names_a_shape() {
        assert_eq!(Shape::of(b"hash"), Some(Shape::Hash));
        assert_eq!(Shape::of(b"ZSet"), Some(Shape::Zset));
        assert_eq!(Shape::of(b"STREAM"), None);
    }
}
