//! What is known of commands with short names, found without a lock or a search.
//!
//! A name and what is known of it fit one machine word. So there is a place for each of most short names, and
//! who looks there sees all of it or nothing.

use std::sync::atomic::{AtomicU64, Ordering};

/// How many words a call has, and where it may run, in 8 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Facts {
    /// As `COMMAND INFO` says it.
    pub(super) arity: i64,
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

    /// Adds a name in lower case, if there is room for it.
    pub(super) fn add(&self, name: &[u8], facts: Facts) {
        if let (Some(name), Some(facts)) = (packed(name), facts.packed()) {
            let is_free = |place: &&AtomicU64| place.load(Ordering::Relaxed) == 0;
            if let Some(place) = self.places(name).find(is_free) {
                place.store(name << u8::BITS | facts, Ordering::Relaxed);
            }
        }
    }

    /// What is known of a name, in any case; `None` does not say that there is no such command.
    #[expect(
        clippy::inline_always,
        reason = "measured: what is found then stays in registers"
    )]
    #[inline(always)]
    pub(super) fn find(&self, name: &[u8]) -> Option<Facts> {
        let name = packed(name)?;
        let mut found = self.places(name).map(|place| place.load(Ordering::Relaxed));
        let found = found.find(|found| found >> u8::BITS == name)?;
        Some(Facts::unpacked(found))
    }

    /// Where a name may have its place: which these are depends on all letters.
    #[inline]
    fn places(&self, name: u64) -> impl Iterator<Item = &AtomicU64> {
        const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;
        let first = (name.wrapping_mul(GOLDEN) >> (u64::BITS - PLACES.ilog2())) as usize;
        (first..first + CHOICE).map(|place| &self.0[place % PLACES])
    }
}

/// A name as a number, in lower case; `None` of one that is too long or empty, or begins by a NUL.
#[inline]
fn packed(name: &[u8]) -> Option<u64> {
    // Those that begin by a NUL would be as if they did not. One further on is in no name that is added.
    if name.len() > LONGEST || name.first().is_none_or(|first| *first == 0) {
        return None;
    }
    let append = |packed: u64, byte: &u8| packed << u8::BITS | u64::from(*byte);
    Some(lowercase(name.iter().fold(0, append)))
}

/// Eight characters in lower case: a bit is set in the bytes that are capital letters.
#[inline]
fn lowercase(packed: u64) -> u64 {
    const EACH: u64 = u64::MAX / 0xFF;
    const TOP: u64 = EACH << 7;
    const A: u64 = 0x41;
    const Z: u64 = 0x5A;
    let low = packed & !TOP;
    let from_a = low + EACH * (0x80 - A);
    let after_z = low + EACH * (0x7F - Z);
    let capitals = from_a & !after_z & !packed & TOP;
    packed | capitals >> 2
}

impl Facts {
    const ARITY: u64 = 0b1111;
    const NEGATIVE: u64 = 1 << 4;
    const IN_SCRIPTS: u64 = 1 << 5;
    const BLOCKS: u64 = 1 << 6;

    /// `None` where the arity has too many digits.
    fn packed(self) -> Option<u64> {
        let bit = |is: bool, bit: u64| if is { bit } else { 0 };
        let arity = self.arity.unsigned_abs();
        let flags = bit(self.arity < 0, Self::NEGATIVE)
            | bit(self.in_scripts, Self::IN_SCRIPTS)
            | bit(self.blocks, Self::BLOCKS);
        (arity <= Self::ARITY).then_some(arity | flags)
    }

    #[inline]
    fn unpacked(packed: u64) -> Self {
        let arity = (packed & Self::ARITY).cast_signed();
        Self {
            arity: if packed & Self::NEGATIVE == 0 {
                arity
            } else {
                -arity
            },
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
        arity: -3,
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
        names.add(b"many", Facts { arity: -16, ..SET });
        names.add(b"", SET);
        assert_eq!(names.find(b"hincrbyfloat"), None);
        assert_eq!(names.find(b"many"), None);
    }

    proptest! {
        #[test]
        fn each_character_has_its_own_case(name: [u8; 8]) {
            let expected = u64::from_be_bytes(name.map(|byte| byte.to_ascii_lowercase()));
            prop_assert_eq!(lowercase(u64::from_be_bytes(name)), expected);
        }

        #[test]
        fn facts_come_back_as_they_were(
            name in "[a-z.]{1,7}", arity in -15_i64..=15, in_scripts: bool, blocks: bool
        ) {
            let (names, facts) = (Short::new(), Facts { arity, in_scripts, blocks });
            names.add(name.as_bytes(), facts);
            prop_assert_eq!(names.find(name.as_bytes()), Some(facts));
        }
    }
}
