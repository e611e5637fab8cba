//! Where the keys of a call are, told by the command itself: for servers before 7.0, which know keys at
//! fixed places alone. Later ones read what [`super::docs`] tells them.

use std::ffi::c_int;

use redis_module::raw;

use super::{Command, KeyRange};
use crate::server::{Args, Ctx, text};
use crate::words::{Words, is};

/// Whether the server runs the command only to hear of its keys.
pub(super) fn are_asked_for<C: Command>(ctx: &Ctx) -> bool {
    // A command whose keys are at fixed places is never asked.
    C::KEYS.iter().any(|keys| keys.keyword.is_some())
        // SAFETY: the context is that of the call at hand.
        && unsafe { api!(RedisModule_IsKeysPositionRequest(ctx.raw())) } != 0
}

/// Tells them. The call may be any, a wrong one too.
pub(super) fn tell<C: Command>(ctx: &Ctx, args: &Args<'_>) {
    for keys in C::KEYS {
        let Some((first, last)) = keys.places(args) else {
            continue;
        };
        for position in first..=last {
            // SAFETY: the context is that of the request for keys; the newer function is called only
            // where the server has it.
            unsafe {
                if let Some(with_flags) = raw::RedisModule_KeyAtPosWithFlags {
                    with_flags(ctx.raw(), position, keys.access.flags() as c_int);
                } else {
                    api!(RedisModule_KeyAtPos(ctx.raw(), position));
                }
            }
        }
    }
}

impl KeyRange {
    /// The positions of the first key and the last, if the call has them.
    fn places<W: Words + ?Sized>(&self, words: &W) -> Option<(c_int, c_int)> {
        let count = c_int::try_from(words.count()).ok()?;
        let first = match self.keyword {
            None => self.first,
            Some(keyword) => {
                let word = |position: &c_int| words.word(position.unsigned_abs() as usize);
                let before = (self.first..count).find(|at| is(word(at), text(keyword)))?;
                before + 1
            }
        };
        let last = first + self.last - self.first;
        (last < count).then_some((first, last))
    }
}

#[cfg(test)]
mod tests {
    use super::super::Access;
    use super::*;

    fn places(keys: KeyRange, line: &str) -> Option<(c_int, c_int)> {
        let words: Vec<&[u8]> = line.split(' ').map(str::as_bytes).collect();
        keys.places(&words[..])
    }

    #[test]
    fn a_key_stands_where_its_keyword_is_and_not_before_it_may() {
        let keys = KeyRange::after(c"FENCE", 3, Access::Read);
        assert_eq!(places(keys, "L k FENCE EX 1 fence n"), Some((6, 6)));
        assert_eq!(places(keys, "L k t FENCE FENCE"), Some((4, 4)));
        assert_eq!(places(keys, "L k t EX FENCE"), None);
        assert_eq!(places(keys, "L FENCE FENCE"), None);
        assert_eq!(places(keys, "L"), None);
    }

    #[test]
    fn a_key_at_a_fixed_place_is_there_if_the_call_is_long_enough() {
        let keys = KeyRange::at(1, Access::Read);
        assert_eq!(places(keys, "L k"), Some((1, 1)));
        assert_eq!(places(keys, "L"), None);
    }
}
