//! Expiry options, one grammar for every family: `EX s`, `PX ms`, `EXAT s`, `PXAT ms`, `KEEPTTL`.
//!
//! The rules are those of `getExpireMillisecondsOrReply` in the server's `t_string.c`, on every server:
//! Redis 6.0 itself accepts times that overflow, we do not.

use crate::error::Error;
use crate::logic::integer;
use crate::words::is;

/// What becomes of the key's time to live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expiry {
    /// The value does not expire.
    Never,
    /// The time to live stays as it is.
    Keep,
    /// The value expires at this time, in milliseconds since the Unix epoch.
    At(i64),
}

/// How a time is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// `EX`: seconds from now.
    Seconds,
    /// `PX`: milliseconds from now.
    Millis,
    /// `EXAT`: seconds since the Unix epoch.
    UnixSeconds,
    /// `PXAT`: milliseconds since the Unix epoch.
    UnixMillis,
}

impl Unit {
    /// The unit that an option word stands for.
    #[must_use]
    pub fn of(word: &[u8]) -> Option<Self> {
        Some(match word {
            w if is(w, "EX") => Self::Seconds,
            w if is(w, "PX") => Self::Millis,
            w if is(w, "EXAT") => Self::UnixSeconds,
            w if is(w, "PXAT") => Self::UnixMillis,
            _ => return None,
        })
    }

    /// The absolute time that `operand` means, in milliseconds since the Unix epoch.
    ///
    /// `now` gives the time in the same unit, and is asked only for a relative one; `command` is the name
    /// that the error shows.
    pub fn at(
        self,
        operand: &[u8],
        now: impl FnOnce() -> i64,
        command: &'static str,
    ) -> Result<i64, Error> {
        let time = integer::parse(operand).ok_or(Error::NotAnInteger)?;
        let factor = match self {
            Self::Seconds | Self::UnixSeconds => 1000,
            Self::Millis | Self::UnixMillis => 1,
        };
        let base = match self {
            Self::Seconds | Self::Millis => now(),
            Self::UnixSeconds | Self::UnixMillis => 0,
        };
        (time > 0)
            .then_some(time)
            .and_then(|t| t.checked_mul(factor))
            .and_then(|t| t.checked_add(base))
            .ok_or(Error::InvalidExpire(command))
    }
}

/// An expiry option as given: its operand is judged only once the whole call has been read, since a
/// syntax error further on comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given<'a> {
    /// `KEEPTTL`.
    Keep,
    /// A time and its unit.
    Time(Unit, &'a [u8]),
}

impl Given<'_> {
    /// The expiry that the options of a call ask for; none given means [`Expiry::Never`].
    pub fn resolve(
        given: Option<Self>,
        now: impl FnOnce() -> i64,
        command: &'static str,
    ) -> Result<Expiry, Error> {
        match given {
            None => Ok(Expiry::Never),
            Some(Given::Keep) => Ok(Expiry::Keep),
            Some(Given::Time(unit, operand)) => unit.at(operand, now, command).map(Expiry::At),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_700_000_000_000;

    fn at(unit: Unit, operand: &str) -> Result<i64, Error> {
        unit.at(operand.as_bytes(), || NOW, "set")
    }

    #[test]
    fn relative_times_count_from_now() {
        assert_eq!(at(Unit::Seconds, "10"), Ok(NOW + 10_000));
        assert_eq!(at(Unit::Millis, "10"), Ok(NOW + 10));
    }

    #[test]
    fn absolute_times_may_lie_in_the_past() {
        assert_eq!(at(Unit::UnixSeconds, "1"), Ok(1000));
        assert_eq!(at(Unit::UnixMillis, "1"), Ok(1));
    }

    #[test]
    fn zero_and_negative_times_are_invalid() {
        for unit in [
            Unit::Seconds,
            Unit::Millis,
            Unit::UnixSeconds,
            Unit::UnixMillis,
        ] {
            for operand in ["0", "-1", "-9223372036854775808"] {
                assert_eq!(at(unit, operand), Err(Error::InvalidExpire("set")));
            }
        }
    }

    #[test]
    fn times_that_overflow_are_invalid() {
        assert_eq!(
            at(Unit::UnixSeconds, "9223372036854775"),
            Ok(9_223_372_036_854_775_000)
        );
        assert_eq!(
            at(Unit::UnixSeconds, "9223372036854776"),
            Err(Error::InvalidExpire("set"))
        );
        assert_eq!(
            at(Unit::Seconds, "9223372036854775"),
            Err(Error::InvalidExpire("set"))
        );
        assert_eq!(at(Unit::UnixMillis, "9223372036854775807"), Ok(i64::MAX));
        assert_eq!(
            at(Unit::Millis, "9223372036854775807"),
            Err(Error::InvalidExpire("set"))
        );
    }

    #[test]
    fn a_time_that_is_no_canonical_integer_is_no_integer() {
        for operand in ["", "abc", "1.5", " 10", "+10", "010", "1e3"] {
            assert_eq!(at(Unit::Seconds, operand), Err(Error::NotAnInteger));
        }
    }
}
