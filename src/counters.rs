//! What `INFO atomic` counts.

use crate::logic::digest::Digest;
use crate::server::info::{Counter, Counters};

/// Conditions that were true, and so acted on.
pub static APPLIED: Counter = Counter::new(c"conditions_applied");
/// Conditions that were false.
pub static REFUSED: Counter = Counter::new(c"conditions_refused");
/// Digests that were asked for or compared with.
pub static DIGESTS: Counter = Counter::new(c"digests_computed");

/// Values that were put in the place of others, whole.
pub static REPLACED: Counter = Counter::new(c"values_replaced");
/// Replacements that were what was there already, under `IFCHANGED`.
pub static UNCHANGED: Counter = Counter::new(c"values_unchanged");
/// Stages that became the value of their key.
pub static COMMITTED: Counter = Counter::new(c"stages_committed");
/// Stages that did not hold what the caller believed.
pub static LOST: Counter = Counter::new(c"stages_lost");

/// Locks that were taken, at once or after a wait.
pub static GRANTED: Counter = Counter::new(c"locks_granted");
/// Calls that found a lock held and did not wait.
pub static BUSY: Counter = Counter::new(c"locks_busy");
/// Waits that ended without the lock, by their time or `CLIENT UNBLOCK`.
pub static TIMED_OUT: Counter = Counter::new(c"locks_timed_out");
/// Clients that wait for a lock at the moment.
pub static WAITING: Counter = Counter::new(c"locks_waiting");
/// The longest wait that has ended, in milliseconds.
pub static LONGEST_WAIT: Counter = Counter::new(c"locks_longest_wait_ms");

/// The section's fields.
pub struct All;

impl Counters for All {
    const ALL: &'static [&'static Counter] = &[
        &APPLIED,
        &REFUSED,
        &DIGESTS,
        &REPLACED,
        &UNCHANGED,
        &COMMITTED,
        &LOST,
        &GRANTED,
        &BUSY,
        &TIMED_OUT,
        &WAITING,
        &LONGEST_WAIT,
    ];
}

/// Counts a condition, and passes it on.
pub fn condition(holds: bool) -> bool {
    if holds { &APPLIED } else { &REFUSED }.add_one();
    holds
}

/// Computes a digest, and counts it.
pub fn digest_of(value: &[u8]) -> Digest {
    DIGESTS.add_one();
    Digest::of(value)
}
