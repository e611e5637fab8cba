//! Digests of collections, an element at a time.
//!
//! Every length and number is 8 bytes, little-endian, so that no two values are written in the same bytes.
//! What has no order is a sum, which is the same in any order.

use std::hash::Hasher;

use twox_hash::XxHash3_64;

use super::Digest;

/// A list's digest: `h('l' len element len element …)`.
pub struct List(XxHash3_64);

impl Default for List {
    fn default() -> Self {
        let mut hasher = XxHash3_64::new();
        hasher.write(b"l");
        Self(hasher)
    }
}

impl List {
    /// Adds the next element.
    pub fn add(&mut self, element: &[u8]) {
        self.0.write(&length(element));
        self.0.write(element);
    }

    /// The digest of all that was added.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest(self.0.finish())
    }
}

/// Longer parts are hashed where they lie; to copy shorter ones next to each other is faster.
const COPIED: usize = 1 << 12;

/// The digest of a set, a hash or a sorted set: `h(letter count sum)`, the sum being that of the hashes
/// of all that is in it, modulo 2^64.
pub struct Unordered {
    letter: u8,
    count: u64,
    sum: u64,
    joined: Vec<u8>,
}

impl Unordered {
    fn new(letter: u8) -> Self {
        Self {
            letter,
            count: 0,
            sum: 0,
            joined: Vec::new(),
        }
    }

    /// An empty set.
    #[must_use]
    pub fn set() -> Self {
        Self::new(b's')
    }

    /// An empty hash.
    #[must_use]
    pub fn hash() -> Self {
        Self::new(b'h')
    }

    /// An empty sorted set.
    #[must_use]
    pub fn zset() -> Self {
        Self::new(b'z')
    }

    /// Adds a member of a set: `h(member)`.
    pub fn member(&mut self, member: &[u8]) {
        self.add(XxHash3_64::oneshot(member));
    }

    /// Adds a field of a hash: `h(len field value)`.
    pub fn field(&mut self, field: &[u8], value: &[u8]) {
        let hash = self.joined(&[&length(field), field, value]);
        self.add(hash);
    }

    /// Adds a member of a sorted set: `h(score member)`, the score as the bits of a double, of which
    /// minus zero is zero.
    pub fn scored(&mut self, member: &[u8], score: f64) {
        let bits = (score + 0.0).to_bits().to_le_bytes();
        let hash = self.joined(&[&bits, member]);
        self.add(hash);
    }

    /// The digest of all that was added.
    #[must_use]
    pub fn digest(&self) -> Digest {
        let mut bytes = [self.letter; 17];
        bytes[1..9].copy_from_slice(&self.count.to_le_bytes());
        bytes[9..].copy_from_slice(&self.sum.to_le_bytes());
        Digest::of(&bytes)
    }

    fn add(&mut self, hash: u64) {
        self.count += 1;
        self.sum = self.sum.wrapping_add(hash);
    }

    /// The hash of the parts as if they were one.
    fn joined(&mut self, parts: &[&[u8]]) -> u64 {
        if parts.iter().map(|part| part.len()).sum::<usize>() > COPIED {
            let mut hasher = XxHash3_64::new();
            for part in parts {
                hasher.write(part);
            }
            return hasher.finish();
        }
        self.joined.clear();
        for part in parts {
            self.joined.extend_from_slice(part);
        }
        XxHash3_64::oneshot(&self.joined)
    }
}

fn length(bytes: &[u8]) -> [u8; 8] {
    (bytes.len() as u64).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use xxhash_rust::xxh3::xxh3_64;

    fn list<T: AsRef<[u8]>>(elements: &[T]) -> Digest {
        let mut list = List::default();
        for element in elements {
            list.add(element.as_ref());
        }
        list.digest()
    }

    fn hash<'a>(fields: impl IntoIterator<Item = (&'a [u8], &'a [u8])>) -> Digest {
        let mut hash = Unordered::hash();
        for (field, value) in fields {
            hash.field(field, value);
        }
        hash.digest()
    }

    #[test]
    fn where_one_element_ends_and_the_next_begins_makes_a_difference() {
        assert_ne!(list(&["ab", "c"]), list(&["a", "bc"]));
        assert_ne!(list(&["", "a"]), list(&["a", ""]));
        let (one, other) = ((&b"ab"[..], &b"c"[..]), (&b"a"[..], &b"bc"[..]));
        assert_ne!(hash([one]), hash([other]));
    }

    #[test]
    fn the_same_bytes_as_another_type_are_another_value() {
        let mut set = Unordered::set();
        set.member(b"a");
        let mut zset = Unordered::zset();
        zset.scored(b"a", 0.0);
        let all = [
            list(&["a"]),
            set.digest(),
            zset.digest(),
            hash([(&b"a"[..], &b""[..])]),
        ];
        for (i, digest) in all.iter().enumerate() {
            assert!(!all[..i].contains(digest) && *digest != Digest::of(b"a"));
        }
    }

    #[test]
    fn of_the_two_zeros_there_is_one() {
        let scored = |score| {
            let mut zset = Unordered::zset();
            zset.scored(b"m", score);
            zset.digest()
        };
        assert_eq!(scored(-0.0), scored(0.0));
        assert_ne!(scored(1.0), scored(-1.0));
    }

    proptest! {
        #[test]
        fn a_list_is_the_hash_of_its_elements_with_their_lengths(elements: Vec<Vec<u8>>) {
            let mut bytes = b"l".to_vec();
            for element in &elements {
                bytes.extend((element.len() as u64).to_le_bytes());
                bytes.extend(element);
            }
            prop_assert_eq!(list(&elements), Digest(xxh3_64(&bytes)));
        }

        #[test]
        fn the_order_of_fields_makes_no_difference(mut fields: Vec<(Vec<u8>, Vec<u8>)>) {
            let pairs = |all: &[(Vec<u8>, Vec<u8>)]| -> Digest {
                hash(all.iter().map(|(field, value)| (&field[..], &value[..])))
            };
            let digest = pairs(&fields);
            fields.reverse();
            prop_assert_eq!(pairs(&fields), digest);
        }

        #[test]
        fn copied_or_not_a_field_has_one_hash(around in COPIED - 20..COPIED + 20) {
            let (field, value) = (b"field".repeat(3), vec![b'v'; around]);
            let joined = [&(field.len() as u64).to_le_bytes(), &field[..], &value].concat();
            let sum = xxh3_64(&joined).to_le_bytes();
            let all = [&b"h"[..], &1u64.to_le_bytes(), &sum].concat();
            prop_assert_eq!(hash([(&field[..], &value[..])]), Digest(xxh3_64(&all)));
        }
    }
}
