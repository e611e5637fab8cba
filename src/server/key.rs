//! A key as it stands: its type, its time to live, its value.

mod direct;
mod expiry;
mod field;
mod seed;
mod unlink;
mod walk;
mod whole;

use std::cell::OnceCell;
use std::ffi::c_int;
use std::slice;

use redis_module::raw;

use super::call::{Answer, Arg, Effect, call};
use super::compact;
use super::{Args, Ctx, Str};
use crate::error::Error;
use crate::words::Words;

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
/// are at most 112 bytes long (Valkey 9.1; 44 in Redis). Shorter ones are compared by
/// [`compact`] or read with `GET`, so that `OBJECT ENCODING` and the value's size stay as they are.
const READ_IN_PLACE: usize = 128;

/// `-9223372036854775808`: a longer string is no compact integer.
const LONGEST_INTEGER: usize = 20;

/// A key opened for reading. It must be dropped before the key is written.
pub struct Key<'a> {
    ctx: &'a Ctx,
    args: Args<'a>,
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
}

impl<'a> Key<'a> {
    /// Opens the key that a word of the call names, for reading; an expired one is missing.
    #[must_use]
    pub fn open(ctx: &'a Ctx, args: Args<'a>, position: usize) -> Self {
        Self::open_in_mode(ctx, args, position, raw::REDISMODULE_READ)
    }

    /// The same for a command whose look at the value nobody is to hear of: no count of hits and misses,
    /// no event `keymiss`. Servers before 7.2 cannot be asked for that.
    #[must_use]
    pub fn open_quietly(ctx: &'a Ctx, args: Args<'a>, position: usize) -> Self {
        // SAFETY: called only where the server has it; without arguments and without effect.
        let known = unsafe { raw::RedisModule_GetOpenKeyModesAll.map_or(0, |modes| modes()) };
        let quiet = raw::REDISMODULE_OPEN_KEY_NONOTIFY | raw::REDISMODULE_OPEN_KEY_NOSTATS;
        let mode = raw::REDISMODULE_READ | quiet & known.cast_unsigned();
        Self::open_in_mode(ctx, args, position, mode)
    }

    /// Opens a key by its name, for reading; for a callback that is no call, or a name that is no word of
    /// it. Nothing is to be compared with the value by [`Key::equals`], which takes words of the call.
    #[must_use]
    pub fn named(ctx: &'a Ctx, name: &'a Str) -> Self {
        Self::of(ctx, Args::none(), name, raw::REDISMODULE_READ)
    }

    fn open_in_mode(ctx: &'a Ctx, args: Args<'a>, position: usize, mode: u32) -> Self {
        Self::of(ctx, args, args.str(position), mode)
    }

    fn of(ctx: &'a Ctx, args: Args<'a>, name: &'a Str, mode: u32) -> Self {
        let handle = self::open(ctx, name, mode);
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
            args,
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
        }
    }

    /// The word at a position of the call at hand.
    #[must_use]
    pub fn word(&self, position: usize) -> &[u8] {
        self.args.word(position)
    }

    /// Whether the string is the word at a position of the call at hand.
    ///
    /// # Errors
    /// [`Error::WrongType`] when the key holds no string.
    pub fn equals(&self, position: usize) -> Result<bool, Error> {
        if let Some(equal) = self.equals_at_once(position) {
            return Ok(equal);
        }
        let word = self.word(position);
        // Most values that differ are told apart by their lengths, without being read.
        Ok(self.length()? == word.len() && self.bytes()? == word)
    }

    /// The same where it can be told without reading the value: `None` where not, and where it is no string.
    #[must_use]
    #[inline]
    pub fn equals_at_once(&self, position: usize) -> Option<bool> {
        if self.kind != Kind::String {
            return None;
        }
        // SAFETY: the handle is open, since the key holds a string.
        unsafe { compact::equals(self.handle, self.args.str(position)) }
    }

    /// The key's name.
    #[must_use]
    pub fn name(&self) -> &'a Str {
        self.name
    }

    /// Closes the key, to be written now; the result is its name.
    #[must_use]
    pub fn close(self) -> &'a Str {
        self.name
    }

    fn read(&self) -> Result<Value, Error> {
        let length = self.length()?;
        if length <= READ_IN_PLACE {
            if length > LONGEST_INTEGER {
                // SAFETY: the handle is open, and holds a string of this length.
                if let Some(bytes) = unsafe { compact::bytes(self.handle) } {
                    return Ok(Value::InPlace {
                        start: bytes.as_ptr(),
                        length,
                    });
                }
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
pub use direct::store_silently;
pub use expiry::{expire_silently, persist_silently};
pub use field::Field;
pub use seed::seed_hash;
pub use unlink::unlink_silently;

/// Shows [`compact`] a key that a word of the call at hand has just become the value of.
pub fn learn_layout(ctx: &Ctx, name: &Str, value: &Str) {
    let handle = open(ctx, name, raw::REDISMODULE_READ);
    if !handle.is_null() {
        // SAFETY: the handle is open, and closed just after.
        unsafe {
            compact::learn(handle, ctx, name, value);
            api!(RedisModule_CloseKey(handle));
        }
    }
}

/// A handle of the key, or NULL for a missing one that is only to be read.
fn open(ctx: &Ctx, name: &Str, mode: u32) -> *mut raw::RedisModuleKey {
    // SAFETY: context and name are the server's own, for the time of the call at hand.
    unsafe { api!(RedisModule_OpenKey(ctx.raw(), name.raw(), mode as c_int)) }
}

/// A handle of the key, which may be missing.
fn open_to_write(ctx: &Ctx, name: &Str) -> *mut raw::RedisModuleKey {
    open(ctx, name, raw::REDISMODULE_READ | raw::REDISMODULE_WRITE)
}
