//! What `INFO atomic` counts.

use crate::logic::digest::Digest;
use crate::server::info::{Counter, Counters};

/// Conditions that were true, and so acted on.
pub static APPLIED: Counter = Counter::new(c"conditions_applied");
/// Conditions that were false.
pub static REFUSED: Counter = Counter::new(c"conditions_refused");
/// Digests that were asked for or compared with.
pub static DIGESTS: Counter = Counter::new(c"digests_computed");

/// The section's fields.
pub struct All;

impl Counters for All {
    const ALL: &'static [&'static Counter] = &[&APPLIED, &REFUSED, &DIGESTS];
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
