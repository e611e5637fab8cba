//! What commands may not stand inside `CAS.IF` and `CAS.TXN`.

use crate::words::{Cursor, Words, is};

/// Whether a call of a command that may wait would: of `XREAD` and `XREADGROUP` one with `BLOCK`, of any
/// other every one.
#[must_use]
pub fn waits<W: Words + ?Sized>(words: &W) -> bool {
    let first = match words.word(0) {
        name if is(name, "XREAD") => 1,
        name if is(name, "XREADGROUP") => 4,
        _ => return true,
    };
    let mut options = Cursor::new(words, first);
    while let Some(word) = options.next() {
        match word {
            w if is(w, "STREAMS") => return false,
            w if is(w, "BLOCK") => return true,
            w if is(w, "COUNT") => _ = options.next(),
            _ => (),
        }
    }
    false
}

/// Commands that may run in a script but have no sense here: those of this grammar itself, those that
/// change nothing but the connection that they come from, which is none here, and `WAIT`, of which
/// Redis 7.2 alone says neither that it may not run in scripts nor that it blocks.
#[must_use]
#[inline]
pub fn is_senseless(name: &[u8]) -> bool {
    name.len() >= "WAIT".len() && is_listed(name)
}

#[cold]
#[inline(never)]
fn is_listed(name: &[u8]) -> bool {
    const NAMES: [&str; 7] = [
        "CAS.IF",
        "CAS.TXN",
        "SELECT",
        "ASKING",
        "READONLY",
        "READWRITE",
        "WAIT",
    ];
    NAMES.iter().any(|word| is(name, word))
}
