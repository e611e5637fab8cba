//! Integers as the server reads them.

/// The longest decimal text of a signed 64-bit integer: `-9223372036854775808`.
pub const MAX_TEXT: usize = 20;

/// Reads a signed 64-bit integer in canonical form, as `string2ll` of the server's `util.c` does:
/// no blanks, no plus sign, no leading zeros, no `-0`.
#[must_use]
#[inline]
pub fn parse(text: &[u8]) -> Option<i64> {
    // Most text is told from an integer by its first character.
    match text {
        [digit @ b'0'..=b'9'] => Some(i64::from(digit - b'0')),
        [b'-' | b'1'..=b'9', ..] => number(text),
        _ => None,
    }
}

/// Whether [`parse`] reads it. Most text is told from an integer by its first character.
#[must_use]
#[inline]
pub fn is(text: &[u8]) -> bool {
    text.first().is_some_and(|first| *first <= b'9') && is_after_all(text)
}

#[cold]
#[inline(never)]
fn is_after_all(text: &[u8]) -> bool {
    parse(text).is_some()
}

#[inline(never)]
fn number(text: &[u8]) -> Option<i64> {
    let (is_negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    match digits {
        [b'1'..=b'9', ..] if digits.len() < MAX_TEXT => (),
        _ => return None,
    }
    // So many digits fit.
    let mut number = 0_u64;
    for byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        number = number * 10 + u64::from(digit);
    }
    if is_negative {
        0_i64.checked_sub_unsigned(number)
    } else {
        i64::try_from(number).ok()
    }
}

/// The decimal text of an integer that is not negative, without an allocation.
pub struct Decimal {
    digits: [u8; MAX_TEXT],
    start: usize,
}

impl Decimal {
    /// The text of this integer.
    #[must_use]
    pub fn of(mut number: u64) -> Self {
        let (mut digits, mut start) = ([b'0'; MAX_TEXT], MAX_TEXT);
        loop {
            start -= 1;
            digits[start] += u8::try_from(number % 10).expect("a digit");
            number /= 10;
            if number == 0 {
                return Self { digits, start };
            }
        }
    }

    /// Its bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.digits[self.start..]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_the_canonical_text_is_an_integer() {
        for text in [
            "", "-", "+1", "01", "-0", "-01", " 1", "1 ", "1.0", "1e3", "0x1", "1\0",
        ] {
            assert_eq!(parse(text.as_bytes()), None, "{text:?}");
        }
    }

    #[test]
    fn the_ends_of_the_range_are_integers_and_one_past_them_is_not() {
        assert_eq!(parse(b"9223372036854775807"), Some(i64::MAX));
        assert_eq!(parse(b"-9223372036854775808"), Some(i64::MIN));
        assert_eq!(parse(b"9223372036854775808"), None);
        assert_eq!(parse(b"-9223372036854775809"), None);
    }

    proptest! {
        #[test]
        fn every_integer_reads_back(n: i64) {
            prop_assert_eq!(parse(n.to_string().as_bytes()), Some(n));
        }

        #[test]
        fn a_decimal_text_is_that_of_the_integer(n: u64) {
            let (text, decimal) = (n.to_string(), Decimal::of(n));
            prop_assert_eq!(decimal.bytes(), text.as_bytes());
        }

        #[test]
        fn what_reads_as_an_integer_is_its_own_decimal_text(text: Vec<u8>) {
            if let Some(n) = parse(&text) {
                prop_assert_eq!(n.to_string().into_bytes(), text);
            }
        }
    }
}
