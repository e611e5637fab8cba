//! A collection element by element, without a copy of the whole.

use std::any::Any;
use std::ffi::c_void;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::ptr;

use redis_module::raw;

use super::Key;
use crate::error::Error;
use crate::server::args::bytes;
use crate::server::call::{Arg, Effect, call};

/// A list is read in pieces of about so many bytes.
const PIECE: usize = 1 << 18;

impl Key<'_> {
    /// Visits the elements of a list in order.
    ///
    /// # Errors
    /// The server refuses to read, which it has no reason to.
    pub fn each_element(&self, mut visit: impl FnMut(&[u8])) -> Result<(), Error> {
        // How long elements are is seen when the first ones have come.
        let (mut next, mut ask) = (0, 16);
        loop {
            let range = [
                Arg::Str(self.name),
                Arg::Int(next),
                Arg::Int(next + ask - 1),
            ];
            let piece = call(self.ctx, c"LRANGE", Effect::Local, &range)?;
            let (mut count, mut size) = (0, 0);
            for element in piece.strings() {
                visit(element);
                count += 1;
                size += element.len() + 1;
            }
            if count < ask {
                return Ok(());
            }
            next += count;
            let average = size / usize::try_from(count).expect("at least the 1 asked for");
            ask = i64::try_from((PIECE / average).max(1)).expect("a piece at most");
        }
    }

    /// Visits the members of a set, with nothing, or the fields of a hash with their values, in any order
    /// and each exactly once; or most of them and maybe some of them twice, and then the result is `false`.
    pub fn scan(&self, visit: &mut dyn FnMut(&[u8], &[u8])) -> bool {
        let mut scan = Scan {
            visit,
            count: 0,
            panic: None,
        };
        // SAFETY: the handle is open and holds a set or a hash, the cursor is ours and destroyed just
        // after, and the callback gets its `Scan` back while that is alive.
        unsafe {
            let cursor = api!(RedisModule_ScanCursorCreate());
            let data = (&raw mut scan).cast();
            while scan.panic.is_none()
                && api!(RedisModule_ScanKey(
                    self.handle,
                    cursor,
                    Some(visited),
                    data
                )) != 0
            {}
            api!(RedisModule_ScanCursorDestroy(cursor));
        }
        if let Some(panic) = scan.panic {
            resume_unwind(panic);
        }
        // No element that stays is left out by a scan, so when it comes to as many, each came once.
        Some(scan.count) == self.count()
    }

    /// Visits the members of a sorted set with their scores, in order.
    pub fn each_scored(&self, mut visit: impl FnMut(&[u8], f64)) {
        // SAFETY: the handle is open and holds a sorted set; every member is freed once, after its last
        // use, and nobody else keeps track of it.
        unsafe {
            let (least, most) = (f64::NEG_INFINITY, f64::INFINITY);
            api!(RedisModule_ZsetFirstInScoreRange(
                self.handle,
                least,
                most,
                0,
                0
            ));
            while api!(RedisModule_ZsetRangeEndReached(self.handle)) == 0 {
                let mut score = 0.0;
                let member = api!(RedisModule_ZsetRangeCurrentElement(
                    self.handle,
                    &raw mut score
                ));
                visit(bytes(member), score);
                api!(RedisModule_FreeString(ptr::null_mut(), member));
                api!(RedisModule_ZsetRangeNext(self.handle));
            }
            api!(RedisModule_ZsetRangeStop(self.handle));
        }
    }
}

/// A scan on its way through the server.
struct Scan<'a> {
    visit: &'a mut dyn FnMut(&[u8], &[u8]),
    count: usize,
    /// No panic goes through the server's frames.
    panic: Option<Box<dyn Any + Send>>,
}

unsafe extern "C" fn visited(
    _key: *mut raw::RedisModuleKey,
    element: *mut raw::RedisModuleString,
    value: *mut raw::RedisModuleString,
    data: *mut c_void,
) {
    // SAFETY: `data` is the `Scan` that `scan` passes, which nobody else touches meanwhile; the strings
    // live until the callback returns, and the value of a set's member is NULL.
    let (scan, element, value) = unsafe {
        let value = if value.is_null() { &[] } else { bytes(value) };
        (&mut *data.cast::<Scan<'_>>(), bytes(element), value)
    };
    if scan.panic.is_some() {
        return;
    }
    scan.count += 1;
    let visit = AssertUnwindSafe(|| (scan.visit)(element, value));
    scan.panic = catch_unwind(visit).err();
}
