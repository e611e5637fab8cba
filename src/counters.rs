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

/// The section's fields.
pub struct All;

impl Counters for All {
    const ALL: &'static [&'static Counter] = &[
        &APPLIED, &REFUSED, &DIGESTS, &REPLACED, &UNCHANGED, &COMMITTED, &LOST,
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
