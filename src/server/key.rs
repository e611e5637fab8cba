//! A key as it stands: its type, its time to live, its value.

use std::cell::OnceCell;
use std::ffi::c_int;
use std::slice;

use redis_module::raw;

use super::call::{Answer, Arg, Effect, call};
use super::compact::{self, Compact};
use super::{Ctx, Str};
use crate::error::Error;

/// What a key holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Nothing.
    Missing,
    /// A string, which bitmaps and `HyperLogLogs` are too.
    String,
    /// A list, set, hash, sorted set, stream or a module's own type.
    Other,
}

/// Longer strings are read in place.
///
/// The server turns a compact string into a plain one when it is read in place, and its compact strings
/// are at most 112 bytes long (Valkey 9.1; 44 in Redis). Shorter ones are read by [`Compact`] or with
/// `GET`, so that a comparison leaves `OBJECT ENCODING` and the value's size alone.
const READ_IN_PLACE: usize = 128;

/// A key opened for reading. It must be dropped before the key is written.
pub struct Key<'a> {
    ctx: &'a Ctx,
    name: &'a Str,
    /// NULL for a missing key.
    handle: *mut raw::RedisModuleKey,
    kind: Kind,
    value: OnceCell<Value>,
}

/// A string's bytes.
enum Value {
    Read(Answer),
    InPlace { start: *const u8, length: usize },
    Compact(Compact),
}

impl<'a> Key<'a> {
    /// Opens a key for reading; an expired one is missing.
    #[must_use]
    pub fn open(ctx: &'a Ctx, name: &'a Str) -> Self {
        // SAFETY: context and name are the server's own, for the time of the call at hand.
        let handle = unsafe {
            api!(RedisModule_OpenKey(
                ctx.raw(),
                name.raw(),
                raw::REDISMODULE_READ as c_int
            ))
        };
        let kind = if handle.is_null() {
            Kind::Missing
        } else {
            // SAFETY: the handle is open.
            match unsafe { api!(RedisModule_KeyType(handle)) } {
                t if t == raw::REDISMODULE_KEYTYPE_STRING as c_int => Kind::String,
                t if t == raw::REDISMODULE_KEYTYPE_EMPTY as c_int => Kind::Missing,
                _ => Kind::Other,
            }
        };
        Self {
            ctx,
            name,
            handle,
            kind,
            value: OnceCell::new(),
        }
    }

    /// What the key holds.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Length of the string in bytes.
    ///
    /// # Errors
    /// [`Error::WrongType`] when the key holds no string.
    pub fn length(&self) -> Result<usize, Error> {
        if self.kind != Kind::String {
            return Err(Error::WrongType);
        }
        // SAFETY: the handle is open, since the key holds something.
        Ok(unsafe { api!(RedisModule_ValueLength(self.handle)) })
    }

    /// The string's bytes.
    ///
    /// # Errors
    /// [`Error::WrongType`] when the key holds no string.
    pub fn bytes(&self) -> Result<&[u8], Error> {
        let value = if let Some(value) = self.value.get() {
            value
        } else {
            let value = self.read()?;
            self.value.get_or_init(|| value)
        };
        match value {
            Value::Read(answer) => answer.bytes().ok_or(Error::Refused("GET")),
            Value::InPlace { start, length } => {
                // SAFETY: the handle is open, and the value does not change before it is closed.
                Ok(unsafe { slice::from_raw_parts(*start, *length) })
            }
            Value::Compact(compact) => Ok(compact.bytes()),
        }
    }

    fn read(&self) -> Result<Value, Error> {
        let length = self.length()?;
        if length <= READ_IN_PLACE {
            // SAFETY: the handle is open and holds a string of this length.
            if let Some(compact) = unsafe { Compact::of(self.handle, length) } {
                return Ok(Value::Compact(compact));
            }
            return call(self.ctx, c"GET", Effect::Local, &[Arg::Str(self.name)]).map(Value::Read);
        }
        let mut length = 0;
        // SAFETY: the handle is open for reading and holds a string, so the pointer is one to `length`
        // bytes.
        let start = unsafe {
            api!(RedisModule_StringDMA(
                self.handle,
                &raw mut length,
                raw::REDISMODULE_READ as c_int
            ))
        };
        Ok(Value::InPlace {
            start: start.cast(),
            length,
        })
    }

    /// When the key expires, in milliseconds since the Unix epoch; `None` when it does not.
    #[must_use]
    pub fn expires_at(&self) -> Option<i64> {
        if self.handle.is_null() {
            return None;
        }
        let none = i64::from(raw::REDISMODULE_NO_EXPIRE);
        // SAFETY: the handle is open; the newer function is called only where the server has it.
        unsafe {
            if let Some(absolute) = raw::RedisModule_GetAbsExpire {
                return Some(absolute(self.handle)).filter(|&at| at != none);
            }
            let left = api!(RedisModule_GetExpire(self.handle));
            (left != none).then(|| left + super::now())
        }
    }
}

impl Drop for Key<'_> {
    fn drop(&mut self) {
        if !self.handle.is_null() {
            // SAFETY: the handle is open, and what was lent from it is gone.
            unsafe { api!(RedisModule_CloseKey(self.handle)) }
        }
    }
}

pub use compact::is_known as is_layout_known;

/// Shows [`compact`] a key that a word of the call at hand has just become the value of.
pub fn learn_layout(ctx: &Ctx, name: &Str, value: &Str) {
    let key = Key::open(ctx, name);
    if key.kind == Kind::String {
        // SAFETY: the handle is open.
        unsafe { compact::learn(key.handle, ctx, name, value) }
    }
}

/// Removes a key without an event and without a word to replicas, and has its value freed by a thread of
/// the server.
pub fn unlink_silently(ctx: &Ctx, name: &Str) {
    // SAFETY: context and name are the server's own; the handle is closed at once.
    unsafe {
        let mode = (raw::REDISMODULE_READ | raw::REDISMODULE_WRITE) as c_int;
        let handle = api!(RedisModule_OpenKey(ctx.raw(), name.raw(), mode));
        api!(RedisModule_UnlinkKey(handle));
        api!(RedisModule_CloseKey(handle));
    }
}
