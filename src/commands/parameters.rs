//! What several families' commands take, as the documentation shows it.

use crate::server::command::Parameter;

const IFEQ: Parameter = Parameter::string(c"ifeq-value").after(c"IFEQ");
const IFNE: Parameter = Parameter::string(c"ifne-value").after(c"IFNE");
const IFDEQ: Parameter = Parameter::string(c"ifdeq-digest").after(c"IFDEQ");
const IFDNE: Parameter = Parameter::string(c"ifdne-digest").after(c"IFDNE");

/// The conditions that Redis 8.4 has.
pub const NATIVE_CONDITION: Parameter =
    Parameter::one_of(c"condition", &[IFEQ, IFNE, IFDEQ, IFDNE]);

/// The condition on a key, as the documentation shows it.
pub const CONDITION: Parameter = Parameter::one_of(
    c"condition",
    &[
        Parameter::flag(c"nx", c"NX"),
        Parameter::flag(c"xx", c"XX"),
        IFEQ,
        IFNE,
        IFDEQ,
        IFDNE,
        Parameter::integer(c"ifgt-number").after(c"IFGT"),
        Parameter::integer(c"ifge-number").after(c"IFGE"),
        Parameter::integer(c"iflt-number").after(c"IFLT"),
        Parameter::integer(c"ifle-number").after(c"IFLE"),
    ],
);

/// A field of a hash.
pub const FIELD: Parameter = Parameter::string(c"field");
/// A field's value.
pub const VALUE: Parameter = Parameter::string(c"value");

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
