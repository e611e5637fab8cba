//! Server strings of our own making.

use std::ptr;

use super::Str;
use super::call::owned;

/// Strings that can be passed where words of a call can; freed when dropped.
#[derive(Default)]
pub struct Strings(Vec<Str>);

impl Strings {
    /// Strings of these bytes, in order.
    pub fn of<'a>(all: impl IntoIterator<Item = &'a [u8]>) -> Self {
        Self(
            all.into_iter()
                .map(|bytes| Str::new(owned(bytes)))
                .collect(),
        )
    }

    /// Adds a string of these bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        self.0.push(Str::new(owned(bytes)));
    }

    /// All of them, in order.
    #[must_use]
    pub fn all(&self) -> &[Str] {
        &self.0
    }
}

impl Drop for Strings {
    fn drop(&mut self) {
        for string in &self.0 {
            // SAFETY: each was created without a context and is freed once; what the server keeps, it
            // has its own reference to.
            unsafe { api!(RedisModule_FreeString(ptr::null_mut(), string.raw())) }
        }
    }
}
