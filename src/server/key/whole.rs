//! The whole of a value: its type, its size, and for a collection all that is in it.

use std::ffi::c_int;

use redis_module::raw;

use super::Key;
use crate::error::Error;
use crate::server::call::{Answer, Arg, Effect, call};
use crate::shape::Shape;

impl Key<'_> {
    /// The value's type, if it is one of the five.
    #[must_use]
    pub fn shape(&self) -> Option<Shape> {
        // SAFETY: the handle is open, or NULL for a missing key.
        unsafe { shape(self.handle) }
    }

    /// How many elements the value has, or bytes for a string; `None` where a type has no count.
    #[must_use]
    pub fn count(&self) -> Option<usize> {
        if self.shape().is_some() {
            // SAFETY: the handle is open, since the key holds something.
            return Some(unsafe { api!(RedisModule_ValueLength(self.handle)) });
        }
        // Of the other types a stream alone has one.
        let length = call(self.ctx, c"XLEN", Effect::Local, &[Arg::Str(self.name)]);
        length.ok().map(|length| length.integer())
    }

    /// All that a collection holds, as its own command lists it: fields and values, members, elements,
    /// members and scores.
    ///
    /// # Errors
    /// [`Error::WrongType`] when the key holds no collection.
    pub fn elements(&self) -> Result<Elements, Error> {
        let all = [
            Arg::Str(self.name),
            Arg::Int(0),
            Arg::Int(-1),
            Arg::Word(c"WITHSCORES"),
        ];
        let (command, arguments) = match self.shape() {
            Some(Shape::Hash) => (c"HGETALL", &all[..1]),
            Some(Shape::Set) => (c"SMEMBERS", &all[..1]),
            Some(Shape::List) => (c"LRANGE", &all[..3]),
            Some(Shape::Zset) => (c"ZRANGE", &all[..]),
            Some(Shape::String) | None => return Err(Error::WrongType),
        };
        call(self.ctx, command, Effect::Local, arguments).map(Elements)
    }
}

/// The type of the value that a handle holds, if it is one of the five.
///
/// # Safety
/// `handle` must be open, or NULL for a missing key.
pub(super) unsafe fn shape(handle: *mut raw::RedisModuleKey) -> Option<Shape> {
    // SAFETY: the caller vouches for the handle; the function takes NULL.
    match unsafe { api!(RedisModule_KeyType(handle)) } {
        t if t == raw::REDISMODULE_KEYTYPE_STRING as c_int => Some(Shape::String),
        t if t == raw::REDISMODULE_KEYTYPE_HASH as c_int => Some(Shape::Hash),
        t if t == raw::REDISMODULE_KEYTYPE_SET as c_int => Some(Shape::Set),
        t if t == raw::REDISMODULE_KEYTYPE_LIST as c_int => Some(Shape::List),
        t if t == raw::REDISMODULE_KEYTYPE_ZSET as c_int => Some(Shape::Zset),
        _ => None,
    }
}

/// A reply that is an array of strings.
pub struct Elements(Answer);

impl Elements {
    /// The strings, in order.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        self.0.strings()
    }
}
