//! The digest of a value: XXH3-64 with seed 0, written as 16 hexadecimal digits.
//!
//! The algorithm is that of <https://github.com/Cyan4973/xxHash>, the form that of Redis 8.4's `DIGEST`.
//! Collections are put into words for it by [`List`] and [`Unordered`]; `docs/cas.md` tells clients how.

mod collection;

use twox_hash::XxHash3_64;

pub use collection::{List, Unordered};

/// Digits of a digest's text.
pub const TEXT: usize = 16;

/// A digest. Equal digests mean equal values only as far as 64 bits without a key can promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Digest(u64);

impl Digest {
    /// The digest of a string value's bytes.
    #[must_use]
    pub fn of(value: &[u8]) -> Self {
        Self(XxHash3_64::oneshot(value))
    }

    /// Reads 16 hexadecimal digits in any case; `None` for anything else.
    #[must_use]
    pub fn parse(text: &[u8]) -> Option<Self> {
        if text.len() != TEXT {
            return None;
        }
        text.iter()
            .try_fold(0, |sum, digit| {
                Some(sum << 4 | u64::from(char::from(*digit).to_digit(16)?))
            })
            .map(Self)
    }

    /// The digest as 16 lower-case hexadecimal digits, leading zeros kept.
    #[must_use]
    pub fn text(self) -> [u8; TEXT] {
        let mut text = [0; TEXT];
        for (i, digit) in text.iter_mut().enumerate() {
            *digit = b"0123456789abcdef"[(self.0 >> (60 - 4 * i) & 15) as usize];
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn digests_are_those_of_redis_8_4() {
        for (value, text) in [
            (&b""[..], b"2d06800538d394c2"),
            (b"7", b"06eed105b82285fa"),
            (b"hello", b"9555e8555c62dcfd"),
            (b"12345", b"f34099ede96b5581"),
            (b"Hello world", b"b6acb9d84a38ff74"),
            (&vec![b'a'; 1 << 20], b"c9b8a70a3f30f7b1"),
        ] {
            assert_eq!(&Digest::of(value).text(), text);
        }
    }

    #[test]
    fn a_digest_is_read_in_any_case() {
        assert_eq!(
            Digest::parse(b"9555E8555c62DCFD"),
            Some(Digest::of(b"hello"))
        );
    }

    #[test]
    fn anything_but_16_hexadecimal_digits_is_no_digest() {
        for text in [
            &b""[..],
            b"9555e8555c62dcf",
            b"9555e8555c62dcfd0",
            b"9555e8555c62dcfg",
            b"+555e8555c62dcfd",
            b"0x55e8555c62dcfd",
            b" 555e8555c62dcfd",
        ] {
            assert_eq!(Digest::parse(text), None, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn text_reads_back(value: Vec<u8>) {
            let digest = Digest::of(&value);
            prop_assert_eq!(Digest::parse(&digest.text()), Some(digest));
        }
    }
}
