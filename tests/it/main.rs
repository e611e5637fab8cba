//! The integration tests: real servers, the real module, the wire.
//!
//! Where a new test goes: the first line that fits.

/// Everything that starts, asks and watches servers. No tests of the module; the harness's own are
/// in `support::self_test`.
mod support;

/// Recorded cases of the native `SET … IF*`, `DELEX`, `DIGEST`: new ones go into `vectors.jsonl`,
/// as data.
mod conformance;

/// `ATOMIC.*`: whole values.
mod atomic;
