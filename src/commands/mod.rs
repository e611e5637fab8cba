//! The commands that users call, a folder per family and a file per command.
//!
//! To add a command: copy the nearest file of its family, change its constants and `run`, add its line
//! to [`ALL`], its tests to `tests/it/<family>.rs`, its row to `README.md` and its section to
//! `docs/<family>.md` (a test compares both with what the server shows). Registration, arity, key
//! positions, documentation, ACL categories and the guard against panics follow from the trait.

pub mod atomic;
pub mod cas;
#[cfg(debug_assertions)]
mod fault;
pub mod lock;
pub mod native;
mod parameters;
mod subject;

use crate::server::command::Entry;

/// Every command that is registered on every server, in the order of the documentation.
pub const ALL: &[Entry] = &[
    Entry::of::<atomic::ReplaceHash>(),
    Entry::of::<atomic::ReplaceSet>(),
    Entry::of::<atomic::ReplaceList>(),
    Entry::of::<atomic::ReplaceZset>(),
    Entry::of::<atomic::Replace>(),
    Entry::of::<atomic::Stage>(),
    Entry::of::<atomic::Commit>(),
    Entry::of::<cas::Set>(),
    Entry::of::<cas::Del>(),
    Entry::of::<cas::Expire>(),
    Entry::of::<cas::Get>(),
    Entry::of::<cas::Digest>(),
    Entry::of::<cas::Hset>(),
    Entry::of::<cas::Hdel>(),
    Entry::of::<lock::Acquire>(),
    Entry::of::<lock::Extend>(),
    Entry::of::<lock::Release>(),
    Entry::of::<lock::Info>(),
    #[cfg(debug_assertions)]
    Entry::of::<fault::Fault>(),
];
