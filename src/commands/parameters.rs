//! What several families' commands take, as the documentation shows it.

use crate::server::command::Parameter;

/// The condition on a key, as the documentation shows it.
pub const CONDITION: Parameter = Parameter::one_of(
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

/// `EX s`
pub const SECONDS: Parameter = Parameter::integer(c"seconds").after(c"EX");
/// `PX ms`
pub const MILLISECONDS: Parameter = Parameter::integer(c"milliseconds").after(c"PX");
/// `EXAT t`
pub const UNIX_SECONDS: Parameter = Parameter::unix_time(c"unix-time-seconds").after(c"EXAT");
/// `PXAT t`
pub const UNIX_MILLISECONDS: Parameter =
    Parameter::unix_time(c"unix-time-milliseconds").after(c"PXAT");

/// How long a new value lives.
pub const EXPIRATION: Parameter = Parameter::one_of(
    c"expiration",
    &[
        SECONDS,
        MILLISECONDS,
        UNIX_SECONDS,
        UNIX_MILLISECONDS,
        Parameter::flag(c"keepttl", c"KEEPTTL"),
    ],
)
.optional();
