//! What is to become a value, whole and checked.

use crate::error::Error;
use crate::logic::block::{Block, Data};
use crate::logic::{json, score};
use crate::server::strings::Strings;
use crate::server::{Args, Str};
use crate::shape::Shape;
use crate::words::Words;

/// A value as the words that the command of its type takes after the key. Writing it cannot fail.
pub struct Content<'a> {
    shape: Shape,
    words: Source<'a>,
}

/// Whose the words are.
enum Source<'a> {
    Call(&'a [Str]),
    Ours(Strings),
}

impl<'a> Content<'a> {
    /// Words of the call, as many as the type takes.
    ///
    /// # Errors
    /// A score that is none.
    pub fn of(shape: Shape, words: &'a [Str]) -> Result<Self, Error> {
        Self::checked(shape, Source::Call(words))
    }

    /// The content of a block.
    ///
    /// # Errors
    /// A score that is none; what is wrong with a JSON document.
    pub fn read(args: &Args<'a>, block: &Block) -> Result<Self, Error> {
        let shape = block.shape;
        match &block.data {
            Data::Words(positions) => Self::of(shape, args.strs(positions.clone())),
            &Data::Json(position) if shape == Shape::String => {
                json::check(args.word(position))?;
                Self::of(shape, args.strs(position..position + 1))
            }
            &Data::Json(position) => {
                let mut strings = Strings::default();
                json::read(args.word(position), shape, &mut |word| strings.push(word))?;
                Self::checked(shape, Source::Ours(strings))
            }
        }
    }

    fn checked(shape: Shape, words: Source<'a>) -> Result<Self, Error> {
        let content = Self { shape, words };
        if shape == Shape::Zset && content.scores().any(|score| score.is_none()) {
            return Err(Error::NotAFloat);
        }
        Ok(content)
    }

    /// The value's type.
    #[must_use]
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// The words; none where the value is to be empty, which is no key at all.
    #[must_use]
    pub fn words(&self) -> &[Str] {
        match &self.words {
            Source::Call(words) => words,
            Source::Ours(strings) => strings.all(),
        }
    }

    /// Of a sorted set, each word that stands for a score, as the server reads it.
    pub fn scores(&self) -> impl Iterator<Item = Option<f64>> {
        let scores = self.words().iter().step_by(2);
        scores.map(|word| score::plain(word.bytes()).or_else(|| word.double()))
    }
}
