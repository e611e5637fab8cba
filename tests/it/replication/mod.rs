//! What replicas receive is what any server understands, and they end up with what the primary has.

mod replicas;
mod snapshot;
mod stream;
mod workload;

pub use snapshot::{Snapshot, assert_same};
pub use stream::assert_plain;
pub use workload::{Random, Workload};
