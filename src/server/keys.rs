//! The keys of a call, told to the server where they stand at no fixed places.

use std::ffi::c_int;
use std::slice;

use redis_module::raw;

use super::command::Access;
use super::known::key_flags;
use super::{Ctx, Str};

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
        // SAFETY: the context is one that asks for keys.
        unsafe {
            let report = raw::RedisModule_KeyAtPosWithFlags.expect("asked for at load");
            report(self.0.raw(), position, flags);
        }
    }
}
