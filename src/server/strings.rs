//! Server strings of our own making.

use std::iter;
use std::marker::PhantomData;
use std::ptr;

use super::call::owned;
use super::filter::Name;
use super::{Args, Str};

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

/// The words of a call under another name.
pub struct Renamed<'a> {
    words: Box<[Str]>,
    given: PhantomData<Args<'a>>,
}

impl<'a> Renamed<'a> {
    /// Puts a name in the place of the one given.
    #[must_use]
    #[cold]
    pub fn new(name: &'static Name, given: Args<'a>) -> Self {
        let rest = given.all()[1..].iter().map(Str::raw);
        Self {
            words: iter::once(name.raw()).chain(rest).map(Str::new).collect(),
            given: PhantomData,
        }
    }

    /// All words.
    #[must_use]
    pub fn all(&self) -> &[Str] {
        &self.words
    }
}
