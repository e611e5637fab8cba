//! `LOCK.*`: locks with a token and a time to live, for which clients can wait in the server.
//!
//! A lock is a plain string key that holds its owner's token; other clients take it by `SET … NX PX`.
//! - `fence.rs`: the counter that numbers grants.
//! - `grant.rs`: who gets a lock that is free.
//! - `waiting.rs`: how a client comes to wait, and what is known of those who do.
//! - `room.rs`: where they wait.
//! - `clock.rs`: what wakes them.

mod acquire;
mod clock;
mod extend;
mod fence;
mod grant;
mod info;
mod release;
mod room;
mod waiting;

pub use acquire::Acquire;
pub use extend::Extend;
pub use info::Info;
pub use release::Release;
pub use waiting::stop;

use crate::commands::parameters::{MILLISECONDS, SECONDS};
use crate::server::command::Parameter;

/// How long the lock is held at most.
const LIFETIME: Parameter = Parameter::one_of(c"expiration", &[SECONDS, MILLISECONDS]);
