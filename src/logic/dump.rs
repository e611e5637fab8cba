//! A small hash, set or sorted set as the server itself keeps it, put together in one go.
//!
//! Servers keep few and short elements in a listpack, one after the other
//! (<https://github.com/antirez/listpack/blob/master/listpack.md>), and a command that adds to it looks
//! through all that is there for each element. What is made here is what `DUMP` answers for such a value, and
//! `RESTORE` takes (`rdb.h`, `cluster.c` of the server).

use crc_fast::{CrcAlgorithm, checksum};
use twox_hash::XxHash3_64;

use super::integer;
use crate::shape::{Limits, Shape};

/// No word is longer, whatever the server allows: up to here the header of an entry is one or two bytes.
const LONGEST: usize = 4095;
/// Nor are there more elements: a listpack tells the number of entries in 16 bits.
const MOST: usize = u16::MAX as usize / 2 - 1;

/// Scores are integers up to here, all of which a double tells apart.
const EXACT: u64 = 1 << 53;

/// How a type in a listpack is numbered, and the first version of the format that has it: of Redis 7.0.
const HASH: (u8, u16) = (16, 10);
const ZSET: (u8, u16) = (17, 10);
/// Of Redis 7.2.
const SET: (u8, u16) = (20, 11);

/// The dump of a collection of these words, if a server of these limits keeps it in a listpack.
///
/// `None` also where a field or member comes twice; for members of a set that are all integers, of which servers
/// make something smaller still; for scores with a fraction, whose text is not the same on all servers; and for
/// lists, which are kept in another way.
#[must_use]
pub fn dump<'a>(
    shape: Shape,
    words: impl ExactSizeIterator<Item = &'a [u8]>,
    limits: Limits,
) -> Option<Vec<u8>> {
    let elements = words.len() / shape.stride();
    if elements > limits.elements.min(MOST) {
        return None;
    }
    let longest = limits.length.min(LONGEST);
    let seen = Seen::of_at_most(elements);
    match shape {
        Shape::Hash => hash(words, longest, seen),
        Shape::Set => set(words, longest, seen),
        Shape::Zset => zset(words, longest, seen),
        Shape::String | Shape::List => None,
    }
}

fn hash<'a>(
    words: impl ExactSizeIterator<Item = &'a [u8]>,
    longest: usize,
    mut seen: Seen<'a>,
) -> Option<Vec<u8>> {
    let mut listpack = Listpack::new(HASH.0, words.len());
    let mut is_field = true;
    for word in words {
        if word.len() > longest || is_field && !seen.is_new(word) {
            return None;
        }
        listpack.push(word);
        is_field = !is_field;
    }
    Some(listpack.finish(HASH.1))
}

fn set<'a>(
    members: impl ExactSizeIterator<Item = &'a [u8]>,
    longest: usize,
    mut seen: Seen<'a>,
) -> Option<Vec<u8>> {
    let mut listpack = Listpack::new(SET.0, members.len());
    let mut are_integers = true;
    for member in members {
        if member.len() > longest || !seen.is_new(member) {
            return None;
        }
        are_integers &= listpack.push(member) == Form::Integer;
    }
    (!are_integers).then(|| listpack.finish(SET.1))
}

/// In the order of the scores, and of the members where these are equal.
fn zset<'a>(
    mut words: impl ExactSizeIterator<Item = &'a [u8]>,
    longest: usize,
    mut seen: Seen<'a>,
) -> Option<Vec<u8>> {
    let mut listpack = Listpack::new(ZSET.0, words.len());
    let mut elements = Vec::with_capacity(words.len() / 2);
    while let (Some(score), Some(member)) = (words.next(), words.next()) {
        let score = integer::parse(score).filter(|score| score.unsigned_abs() <= EXACT)?;
        if member.len() > longest || !seen.is_new(member) {
            return None;
        }
        elements.push((score, member));
    }
    elements.sort_unstable();
    for (score, member) in elements {
        listpack.push(member);
        listpack.push_integer(score);
    }
    Some(listpack.finish(ZSET.1))
}

/// How a word is kept in a listpack.
#[derive(PartialEq, Eq)]
enum Form {
    Integer,
    Bytes,
}

/// A dump that grows: a type, the length of the listpack, the listpack.
struct Listpack {
    dump: Vec<u8>,
    entries: usize,
}

impl Listpack {
    /// Where its length stands in the dump: behind the type, and a byte that says that it takes four.
    const LENGTH: usize = 2;
    /// Where it begins.
    const START: usize = Self::LENGTH + 4;
    /// Its own header: its length once more, and the number of entries.
    const HEADER: usize = 6;
    /// What takes the place of an entry at the end.
    const END: u8 = 0xFF;

    /// For so many entries.
    fn new(kind: u8, entries: usize) -> Self {
        const USUAL: usize = 16;
        let mut dump = Vec::with_capacity(64 + USUAL * entries);
        dump.extend([kind, 0x80]);
        dump.resize(Self::START + Self::HEADER, 0);
        Self { dump, entries }
    }

    fn push(&mut self, word: &[u8]) -> Form {
        if let Some(number) = integer::parse(word) {
            self.push_integer(number);
            Form::Integer
        } else {
            self.push_bytes(word);
            Form::Bytes
        }
    }

    fn push_bytes(&mut self, bytes: &[u8]) {
        let length = bytes.len();
        if length < 64 {
            self.dump.push(0x80 | low(length));
            self.dump.extend(bytes);
            self.close(1 + length);
        } else {
            self.dump.extend([0xE0 | low(length >> 8), low(length)]);
            self.dump.extend(bytes);
            self.close(2 + length);
        }
    }

    /// In as few bytes as the number fits.
    fn push_integer(&mut self, number: i64) {
        let bytes = number.to_le_bytes();
        let (header, taken) = match number {
            0..=127 => {
                self.dump.push(bytes[0]);
                return self.close(1);
            }
            -4096..=4095 => {
                self.dump.extend([0xC0 | bytes[1] & 0x1F, bytes[0]]);
                return self.close(2);
            }
            -0x8000..=0x7FFF => (0xF1, 2),
            -0x80_0000..=0x7F_FFFF => (0xF2, 3),
            -0x8000_0000..=0x7FFF_FFFF => (0xF3, 4),
            _ => (0xF4, 8),
        };
        self.dump.push(header);
        self.dump.extend(&bytes[..taken]);
        self.close(1 + taken);
    }

    /// Each entry ends by its own length, to be read from behind.
    fn close(&mut self, length: usize) {
        if length < 128 {
            self.dump.push(low(length));
        } else {
            self.dump
                .extend([low(length >> 7), 0x80 | low(length & 0x7F)]);
        }
    }

    /// The dump, with the version of the format and the checksum.
    fn finish(self, version: u16) -> Vec<u8> {
        let Self { mut dump, entries } = self;
        dump.push(Self::END);
        let length = u32::try_from(dump.len() - Self::START).expect("elements are few and short");
        let entries = u16::try_from(entries).expect("no more than there may be");
        dump[Self::LENGTH..][..4].copy_from_slice(&length.to_be_bytes());
        dump[Self::START..][..4].copy_from_slice(&length.to_le_bytes());
        dump[Self::START + 4..][..2].copy_from_slice(&entries.to_le_bytes());
        dump.extend(version.to_le_bytes());
        let sum = checksum(CrcAlgorithm::Crc64Redis, &dump);
        dump.extend(sum.to_le_bytes());
        dump
    }
}

/// The low byte.
#[expect(clippy::cast_possible_truncation, reason = "what is meant")]
fn low(number: usize) -> u8 {
    number as u8
}

/// Words that have come already: a table of which at most half is in use, probed from where a word's hash
/// points. It has few words, so nobody gains by choosing those that collide.
struct Seen<'a>(Vec<Option<&'a [u8]>>);

impl<'a> Seen<'a> {
    fn of_at_most(count: usize) -> Self {
        Self(vec![None; 2 * count.next_power_of_two()])
    }

    /// Whether the word comes for the first time.
    fn is_new(&mut self, word: &'a [u8]) -> bool {
        let last = self.0.len() - 1;
        #[expect(clippy::cast_possible_truncation, reason = "the low bits are as good")]
        let hash = XxHash3_64::oneshot(word) as usize;
        let mut place = hash & last;
        while let Some(other) = self.0[place] {
            if other == word {
                return false;
            }
            place = (place + 1) & last;
        }
        self.0[place] = Some(word);
        true
    }
}

#[cfg(test)]
mod tests;
