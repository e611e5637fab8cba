//! One field of a hash.

use std::ptr;

use redis_module::raw;

use super::Key;
use crate::error::Error;
use crate::server::{Args, Str, args};
use crate::shape::Shape;
use crate::words::Words;

/// The value that a field has, if it has one: a copy, which outlives the key.
pub struct Field<'a> {
    /// NULL where there is none.
    value: *mut raw::RedisModuleString,
    args: Args<'a>,
}

impl<'a> Key<'a> {
    /// A field of the hash; a missing key has none.
    ///
    /// # Errors
    /// [`Error::WrongType`] when the key holds no hash.
    pub fn field(&self, name: &Str) -> Result<Field<'a>, Error> {
        let args = self.args;
        let mut value = ptr::null_mut();
        if self.handle.is_null() {
            return Ok(Field { value, args });
        }
        if self.shape() != Some(Shape::Hash) {
            return Err(Error::WrongType);
        }
        // SAFETY: the handle is open and holds a hash; the server writes one pointer, and the list of
        // fields ends by NULL.
        unsafe {
            let end = ptr::null_mut::<raw::RedisModuleString>();
            let flags = raw::REDISMODULE_HASH_NONE.cast_signed();
            api!(RedisModule_HashGet(
                self.handle,
                flags,
                name.raw(),
                &raw mut value,
                end
            ));
        }
        Ok(Field { value, args })
    }
}

impl Field<'_> {
    /// The value; `None` where there is no such field.
    #[must_use]
    pub fn value(&self) -> Option<&[u8]> {
        // SAFETY: the string is ours until it is dropped.
        (!self.value.is_null()).then(|| unsafe { args::bytes(self.value) })
    }

    /// The word at a position of the call at hand.
    #[must_use]
    pub fn word(&self, position: usize) -> &[u8] {
        self.args.word(position)
    }
}

impl Drop for Field<'_> {
    fn drop(&mut self) {
        if !self.value.is_null() {
            // SAFETY: the server made it for us alone, and what was lent from it is gone.
            unsafe { api!(RedisModule_FreeString(ptr::null_mut(), self.value)) }
        }
    }
}
