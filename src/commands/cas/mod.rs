//! `CAS.*`: compare a key's value, then act.

mod del;
mod digest;
mod expire;
mod get;
mod hdel;
mod hset;
mod set;

pub use del::Del;
pub use digest::Digest;
pub use expire::Expire;
pub use get::Get;
pub use hdel::Hdel;
pub use hset::Hset;
pub use set::Set;

use super::parameters::{FIELD, VALUE};
