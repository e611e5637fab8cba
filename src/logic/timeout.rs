//! How long a client is ready to wait, as the server's own blocking commands read it.

use crate::error::Error;
use crate::logic::integer;

/// When the wait of so many milliseconds ends, in milliseconds since the Unix epoch; `None` for 0, which
/// is without limit.
///
/// # Errors
/// The text is no integer, negative, or too great to be added to `now`.
pub fn end(text: &[u8], now: i64) -> Result<Option<i64>, Error> {
    match integer::parse(text).ok_or(Error::TimeoutNotAnInteger)? {
        ..0 => Err(Error::TimeoutNegative),
        0 => Ok(None),
        milliseconds => now
            .checked_add(milliseconds)
            .map(Some)
            .ok_or(Error::TimeoutNotAnInteger),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_ends_after_so_many_milliseconds_or_never() {
        assert_eq!(end(b"5", 1000), Ok(Some(1005)));
        assert_eq!(end(b"0", 1000), Ok(None));
    }

    #[test]
    fn a_time_that_is_none_is_refused() {
        for text in ["", "x", "1.5", " 1", "9223372036854775807"] {
            let refusal = end(text.as_bytes(), 1000);
            assert_eq!(refusal, Err(Error::TimeoutNotAnInteger), "{text}");
        }
        assert_eq!(end(b"-1", 1000), Err(Error::TimeoutNegative));
    }
}
