//! Whether a collection already is what it is to become, whatever its order and encoding.

use std::collections::HashMap;

/// The keyed content that was given: fields with values, members with scores, or members alone. Of
/// repeated ones the last counts, as in the command that would write them.
pub struct Keyed<'a, V>(HashMap<&'a [u8], V>);

impl<'a, V: PartialEq> Keyed<'a, V> {
    /// Collects it.
    pub fn of(given: impl Iterator<Item = (&'a [u8], V)>) -> Self {
        Self(given.collect())
    }

    /// How many different keys there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Whether it is what is stored, which has as many keys, no two the same.
    pub fn is<'s>(&self, mut stored: impl Iterator<Item = (&'s [u8], V)>) -> bool {
        stored.all(|(key, value)| self.0.get(key) == Some(&value))
    }
}

/// Each second word with the word before it.
pub fn pairs<'a>(
    mut words: impl Iterator<Item = &'a [u8]>,
) -> impl Iterator<Item = (&'a [u8], &'a [u8])> {
    std::iter::from_fn(move || Some((words.next()?, words.next()?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn keyed(pairs: &[(u8, u8)]) -> Vec<(Vec<u8>, u8)> {
        pairs.iter().map(|&(key, v)| (vec![key], v)).collect()
    }

    fn entries(of: &[(Vec<u8>, u8)]) -> impl Iterator<Item = (&[u8], u8)> {
        of.iter().map(|(key, value)| (&key[..], *value))
    }

    #[test]
    fn minus_zero_is_zero() {
        let given = Keyed::of([(&b"m"[..], -0.0)].into_iter());
        assert!(given.is([(&b"m"[..], 0.0)].into_iter()));
    }

    #[test]
    fn words_pair_up() {
        let words = [&b"f"[..], b"v", b"g", b"w"];
        let expected = [(&b"f"[..], &b"v"[..]), (b"g", b"w")];
        assert!(pairs(words.into_iter()).eq(expected));
    }

    proptest! {
        #[test]
        fn it_is_the_map_that_writing_would_make(
            given in prop::collection::vec((0..6u8, 0..3u8), 0..8),
            stored in prop::collection::btree_map(0..6u8, 0..3u8, 0..6),
        ) {
            let model: BTreeMap<u8, u8> = given.iter().copied().collect();
            let (given, pairs) = (keyed(&given), keyed(&stored.iter().map(|(k, v)| (*k, *v)).collect::<Vec<_>>()));
            let given = Keyed::of(entries(&given));
            let same = given.count() == pairs.len() && given.is(entries(&pairs));
            prop_assert_eq!(same, model == stored);
        }
    }
}
