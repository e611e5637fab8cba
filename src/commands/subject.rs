//! A key, or a field of a hash, as the subject of conditions.

use crate::counters;
use crate::error::Error;
use crate::logic::condition::Subject;
use crate::logic::digest::{Digest, List, Unordered};
use crate::logic::same::pairs;
use crate::server::key::{Field, Key, Kind};
use crate::shape::Shape;

impl Subject for Key<'_> {
    #[inline]
    fn exists(&self) -> bool {
        self.kind() != Kind::Missing
    }

    fn length(&self) -> Result<usize, Error> {
        Key::length(self)
    }

    fn bytes(&self) -> Result<&[u8], Error> {
        Key::bytes(self)
    }

    fn word(&self, position: usize) -> &[u8] {
        Key::word(self, position)
    }

    #[inline]
    fn equals_at_once(&self, position: usize) -> Option<bool> {
        Key::equals_at_once(self, position)
    }

    fn equals(&self, position: usize) -> Result<bool, Error> {
        Key::equals(self, position)
    }

    fn digest(&self) -> Result<Digest, Error> {
        let digest = match self.shape().ok_or(Error::NoDigest)? {
            Shape::String => return Key::bytes(self).map(counters::digest_of),
            Shape::List => list(self)?,
            Shape::Set => set(self)?,
            Shape::Hash => hash(self)?,
            Shape::Zset => zset(self),
        };
        counters::DIGESTS.add_one();
        Ok(digest)
    }
}

/// A field that is missing is asked for nothing but whether it exists.
impl Subject for Field<'_> {
    fn exists(&self) -> bool {
        self.value().is_some()
    }

    fn length(&self) -> Result<usize, Error> {
        self.bytes().map(<[u8]>::len)
    }

    fn bytes(&self) -> Result<&[u8], Error> {
        self.value().ok_or(Error::WrongType)
    }

    fn word(&self, position: usize) -> &[u8] {
        Field::word(self, position)
    }

    fn equals(&self, position: usize) -> Result<bool, Error> {
        self.bytes().map(|bytes| bytes == self.word(position))
    }

    fn digest(&self) -> Result<Digest, Error> {
        self.bytes().map(counters::digest_of)
    }
}

fn list(key: &Key<'_>) -> Result<Digest, Error> {
    let mut all = List::default();
    key.each_element(|element| all.add(element))?;
    Ok(all.digest())
}

fn set(key: &Key<'_>) -> Result<Digest, Error> {
    let mut all = Unordered::set();
    if !key.scan(&mut |member, _| all.member(member)) {
        all = Unordered::set();
        key.elements()?.iter().for_each(|member| all.member(member));
    }
    Ok(all.digest())
}

/// Fields that have expired are no part of the value.
fn hash(key: &Key<'_>) -> Result<Digest, Error> {
    let mut all = Unordered::hash();
    if !key.scan(&mut |field, value| all.field(field, value)) {
        all = Unordered::hash();
        for (field, value) in pairs(key.elements()?.iter()) {
            all.field(field, value);
        }
    }
    Ok(all.digest())
}

fn zset(key: &Key<'_>) -> Digest {
    let mut all = Unordered::zset();
    key.each_scored(|member, score| all.scored(member, score));
    all.digest()
}
