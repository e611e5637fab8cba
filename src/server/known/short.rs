//! What is known of commands with short names, found without a lock or a search.
//!
//! A name and what is known of it fit one machine word. So there is a place for each of most short names, and
//! who looks there sees all of it or nothing.

use std::sync::atomic::{AtomicU64, Ordering};

/// How many words a call has, and where it may run, in 8 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Facts {
    /// So many words, the name included.
    pub(super) words: u64,
    /// Or more.
    pub(super) or_more: bool,
    /// Whether scripts may run it.
    pub(super) in_scripts: bool,
    /// Whether it may wait.
    pub(super) blocks: bool,
}

/// A longer name leaves no room.
const LONGEST: usize = 7;
/// A power of two, well above the number of such names.
const PLACES: usize = 1024;

/// So many places may be a name's, since some share their first one.
const CHOICE: usize = 8;

/// By name; 0 where there is none.
pub(super) struct Short([AtomicU64; PLACES]);

impl Short {
    pub(super) const fn new() -> Self {
        Self([const { AtomicU64::new(0) }; PLACES])
    }

    pub(super) fn clear(&self) {
        for place in &self.0 {
            place.store(0, Ordering::Relaxed);
        }
    }

    /// Adds a name of letters in lower case, if there is room for it; others are left out.
    pub(super) fn add(&self, name: &[u8], facts: Facts) {
        if is_letters(name)
            && let (Some(name), Some(facts)) = (packed(name), facts.packed())
        {
            let is_free = |place: &&AtomicU64| place.load(Ordering::Relaxed) == 0;
            if let Some(place) = self.places(name).find(is_free) {
                place.store(name << u8::BITS | facts, Ordering::Relaxed);
            }
        }
    }

    /// What is known of a name, in any case; `None` does not say that there is no such command.
    pub(super) fn find(&self, name: &[u8]) -> Option<Facts> {
        let name = packed(name)?;
        let mut places = self.places(name).map(|place| place.load(Ordering::Relaxed));
        let found = places.find(|found| found >> u8::BITS == name)?;
        Some(Facts::unpacked(found))
    }

    /// The same if it stands where it is looked for first, as most do.
    #[expect(
        clippy::inline_always,
        reason = "measured: what is found then stays in registers"
    )]
    #[inline(always)]
    pub(super) fn find_at_once(&self, name: &[u8]) -> Option<Facts> {
        let name = packed(name)?;
        let found = self.places(name).next()?.load(Ordering::Relaxed);
        (found >> u8::BITS == name).then(|| Facts::unpacked(found))
    }

    /// Where a name may have its place: which these are depends on all letters.
    #[inline]
    fn places(&self, name: u64) -> impl Iterator<Item = &AtomicU64> {
        const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;
        let first = (name.wrapping_mul(GOLDEN) >> (u64::BITS - PLACES.ilog2())) as usize;
        (first..first + CHOICE).map(|place| &self.0[place % PLACES])
    }
}

/// A name as a number, with the bit set by which lower case differs from upper case; `None` of one that is too
/// long or empty. No other name has the number of one that [`is_letters`].
///
/// The first and the last bytes are read at once, and may overlap.
#[inline]
fn packed(name: &[u8]) -> Option<u64> {
    const CASE: u64 = u64::MAX / 0xFF * 0x20;
    let count = name.len();
    let joined = |first: u64, last: u64, each: usize| first | last << (8 * (count - each));
    let packed = match (name.first_chunk(), name.last_chunk()) {
        _ if count > LONGEST => return None,
        (Some(first), Some(last)) => {
            let [first, last] = [first, last].map(|bytes| u32::from_le_bytes(*bytes).into());
            joined(first, last, 4)
        }
        _ => match (name.first_chunk(), name.last_chunk()) {
            (Some(first), Some(last)) => {
                let [first, last] = [first, last].map(|bytes| u16::from_le_bytes(*bytes).into());
                joined(first, last, 2)
            }
            _ => (*name.first()?).into(),
        },
    };
    Some(packed | CASE >> (8 * (size_of::<u64>() - count)))
}

/// Whether a name consists of letters in lower case.
fn is_letters(name: &[u8]) -> bool {
    name.iter().all(u8::is_ascii_lowercase)
}

impl Facts {
    const WORDS: u64 = 0b1111;
    const OR_MORE: u64 = 1 << 4;
    const IN_SCRIPTS: u64 = 1 << 5;
    const BLOCKS: u64 = 1 << 6;

    /// `None` where there are too many words.
    fn packed(self) -> Option<u64> {
        let bit = |is: bool, bit: u64| if is { bit } else { 0 };
        let flags = bit(self.or_more, Self::OR_MORE)
            | bit(self.in_scripts, Self::IN_SCRIPTS)
            | bit(self.blocks, Self::BLOCKS);
        (self.words <= Self::WORDS).then_some(self.words | flags)
    }

    #[inline]
    fn unpacked(packed: u64) -> Self {
        Self {
            words: packed & Self::WORDS,
            or_more: packed & Self::OR_MORE != 0,
            in_scripts: packed & Self::IN_SCRIPTS != 0,
            blocks: packed & Self::BLOCKS != 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SET: Facts = Facts {
        words: 3,
        or_more: true,
        in_scripts: true,
        blocks: false,
    };

    #[test]
    fn a_short_name_is_found_in_any_case_and_no_other_one() {
        let names = Short::new();
        names.add(b"set", SET);
        assert_eq!(names.find(b"SeT"), Some(SET));
        for other in [
            &b""[..],
            b"se",
            b"setx",
            b"set\0",
            b"\0set",
            b"se\x54\0",
            b"3et",
        ] {
            assert_eq!(names.find(other), None, "{}", other.escape_ascii());
        }
        names.clear();
        assert_eq!(names.find(b"set"), None);
    }

    #[test]
    fn what_does_not_fit_is_left_out() {
        let names = Short::new();
        names.add(b"hincrbyfloat", SET);
        names.add(b"many", Facts { words: 16, ..SET });
        names.add(b"", SET);
        names.add(b"cas.if", SET);
        assert_eq!(names.find(b"hincrbyfloat"), None);
        assert_eq!(names.find(b"many"), None);
        assert_eq!(names.find(b"cas.if"), None);
    }

    proptest! {
        #[test]
        fn only_letters_have_a_case(name in "[a-z]{1,7}", other: Vec<u8>, at: usize, byte: u8) {
            let mut near = name.clone().into_bytes();
            let at = at % near.len();
            near[at] = byte;
            for other in [other, near] {
                let same = other.eq_ignore_ascii_case(name.as_bytes());
                prop_assert_eq!(packed(&other) == packed(name.as_bytes()), same, "{:?}", other);
            }
        }

        #[test]
        fn facts_come_back_as_they_were(
            name in "[a-z]{1,7}", words in 0_u64..=15, or_more: bool, in_scripts: bool, blocks: bool
        ) {
            let (names, facts) = (Short::new(), Facts { words, or_more, in_scripts, blocks });
            names.add(name.as_bytes(), facts);
            prop_assert_eq!(names.find(name.as_bytes()), Some(facts));
        }
    }
}
