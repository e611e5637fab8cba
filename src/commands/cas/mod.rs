//! `CAS.*`: compare a key's value, then act.

mod del;
mod digest;
mod expire;
mod get;
mod set;

pub use del::Del;
pub use digest::Digest;
pub use expire::Expire;
pub use get::Get;
pub use set::Set;

use crate::server::command::Parameter;

/// The condition on a key, as the documentation shows it.
const CONDITION: Parameter = Parameter::one_of(
    c"condition",
    &[
        Parameter::flag(c"nx", c"NX"),
        Parameter::flag(c"xx", c"XX"),
        Parameter::string(c"ifeq-value").after(c"IFEQ"),
        Parameter::string(c"ifne-value").after(c"IFNE"),
        Parameter::string(c"ifdeq-digest").after(c"IFDEQ"),
        Parameter::string(c"ifdne-digest").after(c"IFDNE"),
        Parameter::integer(c"ifgt-number").after(c"IFGT"),
        Parameter::integer(c"ifge-number").after(c"IFGE"),
        Parameter::integer(c"iflt-number").after(c"IFLT"),
        Parameter::integer(c"ifle-number").after(c"IFLE"),
    ],
);

const SECONDS: Parameter = Parameter::integer(c"seconds").after(c"EX");
const MILLISECONDS: Parameter = Parameter::integer(c"milliseconds").after(c"PX");
const UNIX_SECONDS: Parameter = Parameter::unix_time(c"unix-time-seconds").after(c"EXAT");
const UNIX_MILLISECONDS: Parameter = Parameter::unix_time(c"unix-time-milliseconds").after(c"PXAT");
