//! The server's allocator, as the module's own: its memory counts as memory of the server.

use std::alloc::{GlobalAlloc, Layout};

use redis_module::alloc::RedisAlloc;

/// What C programs count on for whatever is not smaller, and compilers with them: libunwind clears the
/// head of a panic by an instruction that faults on any other address.
const ALIGNMENT: usize = 16;

/// The server's allocator, with the alignment of malloc.
///
/// The jemalloc that comes with the sources of Redis and Valkey, and is in their official images, aligns
/// to 8 bytes what is no multiple of 16; Debian's does not. A request for a multiple of 16 is aligned
/// to 16 by both.
#[cfg_attr(test, expect(dead_code, reason = "tests run without a server"))]
pub struct Memory;

// SAFETY: all is passed on; a layout of greater size and alignment than was asked for fits what was.
unsafe impl GlobalAlloc for Memory {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's layout is not empty, and so is this.
        unsafe { RedisAlloc.alloc(aligned(layout)) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the pointer is one of `alloc`, for this very layout.
        unsafe { RedisAlloc.dealloc(pointer, aligned(layout)) }
    }
}

fn aligned(layout: Layout) -> Layout {
    if layout.size() < ALIGNMENT {
        return layout;
    }
    // Only a size next to the end of the address space cannot be rounded up; no server has that.
    layout.align_to(ALIGNMENT).unwrap_or(layout).pad_to_align()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_hold_an_aligned_object_is_a_multiple_of_its_alignment() {
        for (size, align, expected) in [
            (1, 1, (1, 1)),
            (8, 8, (8, 8)),
            (15, 1, (15, 1)),
            (16, 1, (16, 16)),
            (56, 8, (64, 16)),
            (64, 8, (64, 16)),
            (100, 64, (128, 64)),
        ] {
            let layout = aligned(Layout::from_size_align(size, align).expect("a layout"));
            assert_eq!((layout.size(), layout.align()), expected, "{size}, {align}");
        }
    }
}
