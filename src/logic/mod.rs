//! The rules, apart from any server: what a call says, and what follows from it.
//!
//! Nothing here knows the module API; everything here is tested without a server.

pub mod block;
pub mod condition;
pub mod counted;
pub mod digest;
pub mod dump;
pub mod expiry;
pub mod fields;
pub mod guarded;
pub mod integer;
pub mod json;
pub mod lock;
pub mod native;
pub mod options;
pub mod same;
pub mod score;
pub mod settings;
pub mod slot;
pub mod timeout;
pub mod waiters;
