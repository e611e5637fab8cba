//! What a command of the server answered.

use std::ffi::c_int;
use std::mem::MaybeUninit;
use std::ptr::NonNull;

use redis_module::raw;

use crate::server::Ctx;
use crate::server::protocol::{Tree, bulks};

/// A command's reply; freed when dropped.
pub struct Answer(NonNull<raw::RedisModuleCallReply>);

impl Answer {
    /// `None` of NULL.
    ///
    /// # Safety
    /// `reply` must be valid and nobody else's, or NULL.
    pub(super) unsafe fn new(reply: *mut raw::RedisModuleCallReply) -> Option<Self> {
        NonNull::new(reply).map(Self)
    }

    /// Whether the command failed.
    ///
    /// Looks at the first byte of the protocol, since asking for the type has the server parse it all.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.protocol().first() == Some(&b'-')
    }

    /// Whether the protocol of the reply begins so.
    pub(super) fn begins_with(&self, text: &[u8]) -> bool {
        self.protocol().starts_with(text)
    }

    /// Sends the reply on to the client of the call at hand.
    pub(in crate::server) fn send(&self, ctx: &Ctx) {
        // SAFETY: the context is that of the call at hand, and the reply is ours.
        unsafe {
            api!(RedisModule_ReplyWithCallReply(ctx.raw(), self.0.as_ptr()));
        }
    }

    /// The reply as the server would send it.
    fn protocol(&self) -> &[u8] {
        let mut length = MaybeUninit::uninit();
        // SAFETY: the reply is ours until it is dropped, and so are the bytes, whose number the server writes.
        unsafe {
            let start = api!(RedisModule_CallReplyProto(
                self.0.as_ptr(),
                length.as_mut_ptr()
            ));
            std::slice::from_raw_parts(start.cast(), length.assume_init())
        }
    }

    /// The number of an integer reply; 0 for any other.
    #[must_use]
    pub fn integer(&self) -> usize {
        // SAFETY: the reply is ours; the server answers `LLONG_MIN` for what is no integer.
        let number = unsafe { api!(RedisModule_CallReplyInteger(self.0.as_ptr())) };
        usize::try_from(number).unwrap_or(0)
    }

    /// The bytes of a string reply, or `None` for any other.
    #[must_use]
    pub fn bytes(&self) -> Option<&[u8]> {
        // SAFETY: the reply is ours, and the bytes live as long as it does.
        unsafe { string(self.0.as_ptr()) }
    }

    /// The strings of a reply that is an array of them.
    ///
    /// They are read out of the protocol: the API would make an object of each.
    pub fn strings(&self) -> impl Iterator<Item = &[u8]> {
        bulks(self.protocol())
    }

    /// The reply with all that is in it.
    pub(in crate::server) fn tree(&self) -> Option<Tree<'_>> {
        Tree::of(self.protocol())
    }

    /// Whether the text stands anywhere in the reply, however deep, as a string of its own.
    #[must_use]
    pub fn mentions(&self, text: &str) -> bool {
        // SAFETY: the reply is ours until it is dropped.
        unsafe { mentions(self.0.as_ptr(), text) }
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        // SAFETY: nobody else frees it, and the parts that were lent out are gone.
        unsafe { api!(RedisModule_FreeCallReply(self.0.as_ptr())) }
    }
}

/// # Safety
/// `reply` must be valid, and stay so for as long as the result is used.
unsafe fn string<'a>(reply: *mut raw::RedisModuleCallReply) -> Option<&'a [u8]> {
    let mut length = 0;
    // SAFETY: the caller vouches for `reply`; the server returns NULL for what is no string.
    unsafe {
        let start = api!(RedisModule_CallReplyStringPtr(reply, &raw mut length));
        (!start.is_null()).then(|| std::slice::from_raw_parts(start.cast(), length))
    }
}

/// # Safety
/// `reply` must be valid.
unsafe fn mentions(reply: *mut raw::RedisModuleCallReply, text: &str) -> bool {
    // SAFETY: the caller vouches for `reply`; elements belong to it and are asked for within its length.
    unsafe {
        if api!(RedisModule_CallReplyType(reply)) != raw::REDISMODULE_REPLY_ARRAY as c_int {
            return string(reply) == Some(text.as_bytes());
        }
        (0..api!(RedisModule_CallReplyLength(reply)))
            .any(|i| mentions(api!(RedisModule_CallReplyArrayElement(reply, i)), text))
    }
}
