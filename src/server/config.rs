//! `CONFIG` parameters, where the server has them for modules (7.0+).

use std::ffi::{CStr, c_char, c_int, c_void};
use std::ptr;
use std::sync::atomic::{AtomicI32, Ordering};

use redis_module::raw;

use super::{Ctx, ok};

/// A parameter with a fixed set of values that is set when the module is loaded and not later.
pub struct Choice {
    /// The name after `atomic.`.
    pub name: &'static CStr,
    /// The values' words; a value is its word's index.
    pub words: &'static [&'static CStr],
    /// The value in force.
    pub value: AtomicI32,
}

/// Registers the parameters and reads them from the configuration. The value in force counts as the
/// default, so that a load argument stands where the configuration says nothing.
///
/// # Errors
/// A sentence; the server itself has logged which value it refuses.
pub fn register(ctx: &Ctx, choices: &'static [&'static Choice]) -> Result<(), String> {
    // SAFETY: called only where the server has them, at load; the server copies names and words, and
    // keeps the pointer to the choice, which is static.
    unsafe {
        let (Some(register), Some(load)) = (
            raw::RedisModule_RegisterEnumConfig,
            raw::RedisModule_LoadConfigs,
        ) else {
            return Ok(());
        };
        for choice in choices {
            let mut words: Vec<*const c_char> = choice.words.iter().map(|w| w.as_ptr()).collect();
            let count = c_int::try_from(words.len()).expect("few words");
            let values: Vec<c_int> = (0..count).collect();
            let status = register(
                ctx.raw(),
                choice.name.as_ptr(),
                choice.value.load(Ordering::Relaxed),
                raw::REDISMODULE_CONFIG_IMMUTABLE,
                words.as_mut_ptr(),
                values.as_ptr(),
                count,
                Some(get),
                Some(set),
                None,
                ptr::from_ref::<Choice>(choice).cast_mut().cast(),
            );
            if !ok(status) {
                return Err(format!(
                    "the server refuses the configuration parameter '{}'",
                    super::text(choice.name)
                ));
            }
        }
        ok(load(ctx.raw()))
            .then_some(())
            .ok_or_else(|| "a configuration parameter has a wrong value".to_owned())
    }
}

extern "C" fn get(_name: *const c_char, choice: *mut c_void) -> c_int {
    // SAFETY: the pointer is the one given at registration, to a static.
    unsafe { &*choice.cast::<Choice>() }
        .value
        .load(Ordering::Relaxed)
}

extern "C" fn set(
    _name: *const c_char,
    value: c_int,
    choice: *mut c_void,
    _refusal: *mut *mut raw::RedisModuleString,
) -> c_int {
    // SAFETY: as in `get`.
    unsafe { &*choice.cast::<Choice>() }
        .value
        .store(value, Ordering::Relaxed);
    raw::REDISMODULE_OK as c_int
}
