//! A hash that is a hash table from its first field on.

use redis_module::raw;

use super::open_to_write;
use crate::server::abilities::looks_at_the_count;
use crate::server::call::owned;
use crate::server::{Ctx, Str, number};

/// Fewer fields are never worth the trouble: servers keep up to 512 of them compact unless they are told
/// otherwise, and then few.
const WORTH_ASKING: usize = 512;

/// Longer values are not written only to be overwritten.
const LONGEST: usize = 1 << 16;

/// Gives a missing key, which is to become a hash of `count` fields, one of them with a value that is too
/// long for the compact encoding, if this spares the server work. The result is that value.
///
/// Servers before 7.2 begin every hash compact and search it from its start for each further field, up
/// to 512 of them, before they make a hash table of it; those after look at the number of fields first.
pub fn seed_hash(ctx: &Ctx, name: &Str, field: &Str, count: usize) -> Option<Vec<u8>> {
    if count <= WORTH_ASKING || looks_at_the_count() {
        return None;
    }
    let entries = number(ctx, c"hash-max-ziplist-entries")?;
    let length = number(ctx, c"hash-max-ziplist-value")? + 1;
    if count <= entries || length > LONGEST {
        return None;
    }
    let value = vec![b'-'; length];
    let string = owned(&value);
    let handle = open_to_write(ctx, name);
    // SAFETY: the handle is open, and closed just after; the list of fields ends by NULL, and the server
    // copies the string or takes a reference of its own.
    unsafe {
        let end = std::ptr::null_mut::<raw::RedisModuleString>();
        api!(RedisModule_HashSet(
            handle,
            raw::REDISMODULE_HASH_NONE.cast_signed(),
            field.raw(),
            string,
            end
        ));
        api!(RedisModule_CloseKey(handle));
        api!(RedisModule_FreeString(std::ptr::null_mut(), string));
    }
    Some(value)
}
