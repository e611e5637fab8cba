//! The thin layer over the module API, and the only place with `unsafe`.
//!
//! One file per thing the server offers. Nothing above this folder sees a raw pointer, and nothing in it
//! knows what a command means. A function that Redis 6.0 lacks is asked for in [`abilities`] before it is
//! called.
#![allow(unsafe_code)]
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    reason = "bindgen gives the API's int constants other types, and servers are 64-bit"
)]

use std::ffi::{CStr, c_int};
use std::ptr::NonNull;

use redis_module::raw;

/// Calls a function that every server since Redis 6.0 has, and that stands in [`base`]: [`load::begin`] has made
/// sure that it is there. To look again at each call would be half of what a call takes in the processor's
/// cache of instructions, which is what commands within commands are short of.
macro_rules! api {
    ($name:ident ( $($argument:expr),* $(,)? )) => {{
        let () = $crate::server::base::$name;
        ::redis_module::raw::$name.unwrap_unchecked()($($argument),*)
    }};
}

/// Whether the server has a function. To be used in `unsafe`: the statics are written by the handshake
/// alone.
macro_rules! has {
    ($name:ident) => {{
        let function = ::redis_module::raw::$name;
        function.is_some()
    }};
}

pub mod abilities;
pub mod args;
mod base;
pub mod blocked;
pub mod call;
pub mod caller;
mod clients;
pub mod command;
mod compact;
pub mod config;
pub mod events;
pub mod filter;
pub mod info;
pub mod key;
pub mod keys;
mod keyspec;
pub mod known;
pub mod load;
pub mod log;
pub mod memory;
mod protocol;
pub mod reply;
pub mod restore;
pub mod state;
pub mod strings;
pub mod timer;
pub mod users;

pub use args::{Args, Str};

use call::{Arg, Effect, call};

/// The server's handle of the call at hand.
pub struct Ctx(NonNull<raw::RedisModuleCtx>);

impl Ctx {
    /// # Safety
    /// `ctx` must be the pointer that the server passed to the callback that is running.
    unsafe fn new(ctx: *mut raw::RedisModuleCtx) -> Self {
        Self(NonNull::new(ctx).expect("the server passes a context"))
    }

    fn raw(&self) -> *mut raw::RedisModuleCtx {
        self.0.as_ptr()
    }
}

/// Milliseconds since the Unix epoch by the server's clock.
#[must_use]
pub fn now() -> i64 {
    // SAFETY: takes no arguments and has no effect.
    unsafe { api!(RedisModule_Milliseconds()) }
}

/// A setting of the server, read from its text; `None` where it has none of that name.
fn setting<T>(ctx: &Ctx, name: &'static CStr, read: impl FnOnce(&str) -> Option<T>) -> Option<T> {
    let arguments = [Arg::Word(c"GET"), Arg::Word(name)];
    let answer = call(ctx, c"CONFIG", Effect::Local, &arguments).ok()?;
    let text = answer.strings().nth(1)?;
    read(std::str::from_utf8(text).ok()?)
}

/// The same of one that is a number.
fn number(ctx: &Ctx, name: &'static CStr) -> Option<usize> {
    setting(ctx, name, |text| text.parse().ok())
}

/// What the server answers to a module function: `REDISMODULE_OK` or not.
fn ok(status: c_int) -> bool {
    status == raw::REDISMODULE_OK as c_int
}

/// A name that the server takes as a C string, as text.
const fn text(name: &'static CStr) -> &'static str {
    match name.to_str() {
        Ok(text) => text,
        Err(_) => panic!("names in this crate are ASCII"),
    }
}
