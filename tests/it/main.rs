//! The integration tests: real servers, the real module, the wire.
//!
//! Where a new test goes: the first line that fits.

/// Everything that starts, asks and watches servers. No tests of the module; the harness's own are
/// in `support::self_test`.
mod support;

/// Recorded cases of the native `SET … IF*`, `DELEX`, `DIGEST`: new ones go into `vectors.jsonl`,
/// as data.
mod conformance;

/// The native names on every way in, off, reloaded and on replicas: what no recorded case covers.
mod native;

/// Loading and unloading, arguments and configuration, the log, INFO, and panics.
mod load;

/// The commands `CAS.*`, sentence by sentence.
mod cas;

/// What COMMAND INFO, DOCS and GETKEYS show of every command, and that README.md and docs/ say the
/// same.
mod describe;

/// What users with few rights may do.
mod acl;

/// What README.md and docs/ show: sessions, configurations, command lines.
mod docs;

/// Replicas: what they are sent, and that they hold what the primary holds.
mod replication;

/// AOF and RDB, with the module and without, and after a crash.
mod persistence;

/// Slots, redirections, and loading in cluster mode.
mod cluster;

/// Random sequences of calls against a model of the contract.
mod model;

/// Digests, against those of Redis 8.6 itself.
mod digest;

/// After an error nothing has changed: calls drawn from the grammar that the server documents.
mod errors;

/// `ATOMIC.*`: whole values.
mod atomic;

/// `CAS.IF` and `CAS.TXN`: commands under conditions.
mod guarded;

/// `LOCK.*`: locks, and those who wait for them.
mod lock;

/// Reading, changing and writing back without a lock.
mod optimistic;

/// One order explains all that concurrent clients see.
mod linearizable;

/// Nobody sees a value half replaced.
mod gaps;

/// Nothing that clients send hurts the server: commands drawn from the same grammar, spoilt, by the
/// million (`make fuzz`).
mod hostile;

/// No acknowledged write is lost, whatever happens to the servers (`make torture`).
mod torture;

/// A primary is replaced while clients write: cluster, Sentinel, resharding.
mod failover;
