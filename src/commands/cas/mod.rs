//! `CAS.*`: compare a key's value, then act.

mod del;
mod digest;
mod expire;
mod get;
mod hdel;
mod hset;
mod inner;
mod set;
mod txn;
mod when;

pub use del::Del;
pub use digest::Digest;
pub use expire::Expire;
pub use get::Get;
pub use hdel::Hdel;
pub use hset::Hset;
pub use set::Set;
pub use txn::Txn;
pub use when::If;

use super::parameters::{CONDITION, FIELD, VALUE};
use crate::server::command::Parameter;

/// A condition on a key or a field, as the documentation shows it.
const TEST: Parameter = Parameter::block(
    c"test",
    &[
        Parameter::key(),
        FIELD.after(c"FIELD").optional(),
        CONDITION,
    ],
)
.multiple();

const COMMAND: Parameter = Parameter::string(c"command");
const ARGUMENT: Parameter = Parameter::string(c"arg").optional().multiple();

/// Commands, each with the number of its words, its name among them.
const COMMANDS: Parameter = Parameter::block(
    c"commands",
    &[Parameter::integer(c"argc"), COMMAND, ARGUMENT],
)
.optional()
.multiple();
