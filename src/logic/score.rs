//! Scores of sorted sets that need no server to be read.

/// The score that a plain text means: a sign, digits, a point and digits, few enough of them. Anything
/// else is left to the server, whose servers differ (`inf`, exponents, hexadecimal).
#[must_use]
pub fn plain(text: &[u8]) -> Option<f64> {
    /// Integers of so many digits are doubles without loss.
    const EXACT: usize = 15;
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    let mut parts = digits.splitn(2, |&byte| byte == b'.');
    let is_plain = digits.len() <= EXACT + 1
        && parts.all(|part| !part.is_empty() && part.iter().all(u8::is_ascii_digit));
    is_plain
        .then(|| std::str::from_utf8(text).ok()?.parse().ok())
        .flatten()
}

/// A score as the server itself writes it.
#[must_use]
pub fn written(text: &[u8]) -> Option<f64> {
    plain(text).or_else(|| std::str::from_utf8(text).ok()?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[allow(clippy::float_cmp, reason = "exactly these")]
    fn plain_scores_are_read_exactly() {
        assert_eq!(plain(b"0"), Some(0.0));
        assert_eq!(plain(b"-12.5"), Some(-12.5));
        assert_eq!(plain(b"007"), Some(7.0));
        assert_eq!(plain(b"123456789.1234567"), None);
        assert_eq!(plain(b"0.1"), Some(0.1));
    }

    #[test]
    fn all_else_is_left_to_the_server() {
        for text in [
            "",
            "-",
            ".",
            "1.",
            ".5",
            "+1",
            " 1",
            "1 ",
            "1e3",
            "inf",
            "nan",
            "0x10",
            "--1",
            "1.2.3",
            "9999999999999999999",
        ] {
            assert_eq!(plain(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn what_servers_write_is_read_back() {
        for (text, score) in [
            ("inf", f64::INFINITY),
            ("-inf", f64::NEG_INFINITY),
            ("1.7976931348623157e+308", f64::MAX),
            ("3.1415926535897931", std::f64::consts::PI),
            ("-0", 0.0),
        ] {
            assert_eq!(written(text.as_bytes()), Some(score), "{text}");
        }
    }
}
