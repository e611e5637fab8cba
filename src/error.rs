//! Every error a user can meet, each with its exact wire text.
//!
//! A new error is a new variant and its text in [`Error::text`]; the integration tests make every one of
//! them happen and check that nothing changed.

use std::borrow::Cow;
use std::fmt;

/// A refusal. Nothing has been written when a command returns one.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// A score is none by the rules of `ZADD`.
    NotAFloat,
    /// The word before counted data is no count of it.
    NoCount {
        /// The word before it.
        word: &'static str,
        /// What it is to count.
        units: &'static str,
        /// What stands there, readable.
        found: Box<str>,
    },
    /// Counted data has not as many words as its count says.
    Miscounted {
        /// The word before the count.
        word: &'static str,
        /// What it counts.
        units: &'static str,
        /// The count given.
        count: u64,
        /// The words after it.
        found: usize,
    },
    /// A JSON document is malformed or not what was wanted: a sentence that says what and where.
    Json(Box<str>),
    /// A stage does not hold what the caller believes.
    StageLost {
        /// What it holds.
        held: Held,
        /// How much it was to hold.
        expected: u64,
    },
    /// The stage to commit is missing.
    NoSuchKey,
    /// A stage was to be committed to itself.
    SameKey,
    /// The slot of a key that is to be replaced is on its way to another node of the cluster.
    SlotMigrates,
    /// The words of `BLOCK` are no time to wait.
    TimeoutNotAnInteger,
    /// The time to wait is negative.
    TimeoutNegative,
    /// A lock cannot be the counter of its own grants.
    CounterIsLock,
    /// The numbers of a counter of grants are used up.
    CounterExhausted,
    /// A client waited for a lock whose slot another node of the cluster serves now.
    SlotMoved,
    /// A client waited for a lock on a server that is a replica now.
    Demoted,
    /// The server refused a command that had been checked: reported, never hidden.
    Refused(&'static str),
    /// A panic was caught; the server's log says where.
    Internal,
}

/// What a stage holds instead of what it was to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// It does not exist: it has expired, or somebody has deleted it.
    Nothing,
    /// A value of another type than the piece, or of one that has no count.
    AnotherType,
    /// A string of so many bytes.
    Bytes(usize),
    /// A collection of so many elements.
    Elements(usize),
}

impl fmt::Display for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("nothing"),
            Self::AnotherType => f.write_str("another type"),
            Self::Bytes(count) => write!(f, "{count} bytes"),
            Self::Elements(count) => write!(f, "{count} elements"),
        }
    }
}

/// The user's bytes in an error: quoted, on one line, and not without end.
#[must_use]
pub fn shown(bytes: &[u8]) -> Box<str> {
    const MOST: usize = 40;
    let (head, more) = match bytes.get(..MOST) {
        Some(head) if bytes.len() > MOST => (head, "..."),
        _ => (bytes, ""),
    };
    format!("'{}{more}'", head.escape_ascii()).into()
}

impl Error {
    /// The text on the wire, code first.
    #[must_use]
    pub fn text(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::NoCount { word, units, found } => {
                return Cow::Owned(format!(
                    "ERR {word}: expected the number of {units} after it, found {found}"
                ));
            }
            Self::Miscounted {
                word,
                units,
                count,
                found,
            } => {
                return Cow::Owned(format!(
                    "ERR {word} {count}: expected {count} {units} after it, found {found} words"
                ));
            }
            Self::Json(fault) => return Cow::Owned(format!("ERR JSON: {fault}")),
            Self::StageLost { held, expected } => {
                return Cow::Owned(format!("STAGELOST stage holds {held}, not {expected}"));
            }
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
            Self::NotAFloat => "ERR value is not a valid float",
            Self::NoSuchKey => "ERR no such key",
            Self::SameKey => "ERR source and destination are the same",
            Self::SlotMigrates => "TRYAGAIN the slot is on its way to another node",
            Self::TimeoutNotAnInteger => "ERR timeout is not an integer or out of range",
            Self::TimeoutNegative => "ERR timeout is negative",
            Self::CounterIsLock => "ERR the counter of FENCE and the lock are the same key",
            Self::CounterExhausted => "ERR increment or decrement would overflow",
            Self::SlotMoved => "UNBLOCKED the slot of the lock is served by another node now",
            // In the server's own words.
            Self::Demoted => {
                "UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)"
            }
            Self::Internal => "ERR internal error, see the server log",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_shown_on_one_line_of_bounded_length() {
        assert_eq!(&*shown(b"a\r\n'\0\xff"), r"'a\r\n\'\x00\xff'");
        assert_eq!(&*shown(&[b'x'; 50]), format!("'{}...'", "x".repeat(40)));
    }
}
