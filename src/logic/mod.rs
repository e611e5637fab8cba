//! The rules, apart from any server: what a call says, and what follows from it.
//!
//! Nothing here knows the module API; everything here is tested without a server.

pub mod condition;
pub mod digest;
pub mod expiry;
pub mod integer;
pub mod native;
pub mod settings;
