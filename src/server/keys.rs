//! The keys of a call, told to the server where they stand at no fixed places.

use std::ffi::c_int;
use std::ops::RangeInclusive;
use std::slice;

use redis_module::raw;

use super::command::{Access, KeyRange};
use super::known::key_flags;
use super::{Args, Ctx, Str, text};
use crate::words::{Words, is};

/// Takes the keys of the call at hand.
pub struct Keys<'a>(&'a Ctx);

impl<'a> Keys<'a> {
    /// `None` where the call is a real one and not a question for its keys.
    pub(super) fn asked_for(ctx: &'a Ctx) -> Option<Self> {
        // SAFETY: the context is that of the call at hand.
        let asked = unsafe { api!(RedisModule_IsKeysPositionRequest(ctx.raw())) } != 0;
        asked.then_some(Self(ctx))
    }

    /// The word at a position is a key.
    pub fn add(&self, position: usize, access: Access) {
        self.report(position, access.flags().cast_signed());
    }

    /// The keys at the places of a range, as far as the call has them.
    pub fn add_range(&self, range: &KeyRange, args: &Args<'_>) {
        for position in range.places(args).into_iter().flatten() {
            self.add(position, range.access);
        }
    }

    /// All keys of a command whose words are a part of the call, which begins at a position. Of one that
    /// the server does not know, or of a wrong number of words, there are none.
    pub fn add_those_of(&self, words: &[Str], first: usize) {
        let (mut count, mut flags) = (0, std::ptr::null_mut());
        let argv = words.as_ptr().cast::<*mut raw::RedisModuleString>();
        let argc =
            c_int::try_from(words.len()).expect("words of a call, which has a c_int of them");
        // SAFETY: `Str` is transparent over the pointers that the server takes, and it changes none; what
        // it allocates is ours to free, and holds `count` numbers.
        unsafe {
            let find = raw::RedisModule_GetCommandKeysWithFlags.expect("asked for at load");
            let positions = find(
                self.0.raw(),
                argv.cast_mut(),
                argc,
                &raw mut count,
                &raw mut flags,
            );
            if positions.is_null() {
                return;
            }
            let count = usize::try_from(count).unwrap_or(0);
            let all = slice::from_raw_parts(positions, count).iter();
            for (position, flags) in all.zip(slice::from_raw_parts(flags, count)) {
                let position = usize::try_from(*position).expect("a position among the words");
                // The server looks for keys alone where these stand at fixed places.
                let flags = match *flags {
                    0 => key_flags(words, position).cast_signed(),
                    flags => flags,
                };
                self.report(first + position, flags);
            }
            api!(RedisModule_Free(positions.cast()));
            api!(RedisModule_Free(flags.cast()));
        }
    }

    fn report(&self, position: usize, flags: c_int) {
        let position = c_int::try_from(position).expect("a position among the words");
        // SAFETY: the context is one that asks for keys; the newer function is called only where the
        // server has it.
        unsafe {
            if let Some(with_flags) = raw::RedisModule_KeyAtPosWithFlags {
                with_flags(self.0.raw(), position, flags);
            } else {
                api!(RedisModule_KeyAtPos(self.0.raw(), position));
            }
        }
    }
}

impl KeyRange {
    /// Whether the server must ask for the keys: they stand at no fixed places.
    pub(super) fn is_told(&self) -> bool {
        self.keyword.is_some() || self.incomplete
    }

    /// The positions of the keys, if the call has them.
    fn places<W: Words + ?Sized>(&self, words: &W) -> Option<RangeInclusive<usize>> {
        let from = usize::try_from(self.first).expect("a position");
        let first = match self.keyword {
            None => from,
            Some(keyword) => {
                let is_keyword = |position: &usize| is(words.word(*position), text(keyword));
                (from..words.count()).find(is_keyword)? + 1
            }
        };
        let last = first + usize::try_from(self.last - self.first).expect("not before the first");
        (last < words.count()).then_some(first..=last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(keys: KeyRange, line: &str) -> Option<RangeInclusive<usize>> {
        let words: Vec<&[u8]> = line.split(' ').map(str::as_bytes).collect();
        keys.places(&words[..])
    }

    #[test]
    fn a_key_stands_where_its_keyword_is_and_not_before_it_may() {
        let keys = KeyRange::after(c"FENCE", 3, Access::Read);
        assert_eq!(places(keys, "L k FENCE EX 1 fence n"), Some(6..=6));
        assert_eq!(places(keys, "L k t FENCE FENCE"), Some(4..=4));
        assert_eq!(places(keys, "L k t EX FENCE"), None);
        assert_eq!(places(keys, "L FENCE FENCE"), None);
        assert_eq!(places(keys, "L"), None);
    }

    #[test]
    fn a_key_at_a_fixed_place_is_there_if_the_call_is_long_enough() {
        let keys = KeyRange::at(1, Access::Read);
        assert_eq!(places(keys, "L k"), Some(1..=1));
        assert_eq!(places(keys, "L"), None);
    }
}
