//! The server's log, and what becomes of a panic.

use std::ffi::{CStr, CString};
use std::panic;
use std::ptr;

use super::Ctx;

/// Logs what an operator should know.
pub fn notice(ctx: &Ctx, message: &str) {
    write(Some(ctx), c"notice", message);
}

/// Logs what an operator should act on.
pub fn warning(ctx: Option<&Ctx>, message: &str) {
    write(ctx, c"warning", message);
}

fn write(ctx: Option<&Ctx>, level: &CStr, message: &str) {
    let message = CString::new(message.replace('\0', "\\0")).expect("NULs are replaced");
    // SAFETY: all are C strings; the message is passed as an argument, never as the format.
    unsafe {
        api!(RedisModule_Log(
            ctx.map_or(ptr::null_mut(), Ctx::raw),
            level.as_ptr(),
            c"%s".as_ptr(),
            message.as_ptr(),
        ));
    }
}

/// Sends panics to the server's log.
///
/// The standard hook walks the stack, and its symboliser frees with libc what the server's allocator
/// gave, which kills Valkey 8.1 and later; so this one does not.
pub(super) fn install_panic_hook() {
    panic::set_hook(Box::new(|panic| {
        let message = panic
            .payload()
            .downcast_ref::<&str>()
            .map(ToString::to_string)
            .or_else(|| panic.payload().downcast_ref::<String>().cloned())
            .unwrap_or_default();
        let place = panic
            .location()
            .map(ToString::to_string)
            .unwrap_or_default();
        warning(None, &format!("internal error at {place}: {message}"));
    }));
}
