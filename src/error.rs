//! Every error a user can meet, each with its exact wire text.
//!
//! A new error is a new variant, its text in [`Error::text`] and its line in [`Error::samples`]; the
//! integration tests make every one of them happen and check that nothing changed.

use std::borrow::Cow;

/// A refusal. Nothing has been written when a command returns one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Error {
    /// The number of words does not fit the command named.
    Arity(&'static str),
    /// An option is unknown, repeated, in conflict with another, or lacks its operand.
    Syntax,
    /// The key holds another type than the command works on.
    WrongType,
    /// An operand or the stored value is not a signed 64-bit integer in canonical decimal form.
    NotAnInteger,
    /// The expiry is zero, negative or beyond what the server can store; names the command.
    InvalidExpire(&'static str),
    /// A digest operand of a `CAS.*` command is not 16 hexadecimal digits.
    DigestFormat,
    /// The same refusal in the words of Redis 8.4's `SET` and `DELEX`.
    NativeDigestFormat,
    /// `CAS.DIGEST`, `IFDEQ` or `IFDNE` on a type that has no digest.
    NoDigest,
    /// `DELEX` with a condition on a key that holds no string.
    DelexNotAString,
    /// `DELEX` with a word that is no condition.
    DelexCondition,
    /// The server refused a command that had been checked: reported, never hidden.
    Refused(&'static str),
    /// A panic was caught; the server's log says where.
    Internal,
}

impl Error {
    /// The text on the wire, code first.
    #[must_use]
    pub fn text(self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Arity(command) => {
                return Cow::Owned(format!(
                    "ERR wrong number of arguments for '{command}' command"
                ));
            }
            Self::InvalidExpire(command) => {
                return Cow::Owned(format!("ERR invalid expire time in '{command}' command"));
            }
            Self::Refused(command) => {
                return Cow::Owned(format!("ERR the server refused '{command}'"));
            }
            Self::Syntax => "ERR syntax error",
            Self::WrongType => "WRONGTYPE Operation against a key holding the wrong kind of value",
            Self::NotAnInteger => "ERR value is not an integer or out of range",
            Self::DigestFormat => "ERR digest must be exactly 16 hexadecimal characters",
            Self::NativeDigestFormat => "ERR must be exactly 16 hexadecimal characters",
            Self::NoDigest => "ERR digest is not defined for this type",
            Self::DelexNotAString => "ERR Key should be of string type if conditions are specified",
            Self::DelexCondition => "ERR Invalid condition. Use IFEQ, IFNE, IFDEQ, or IFDNE",
            Self::Internal => "ERR internal error, see the server log",
        })
    }
}
