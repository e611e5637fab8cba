//! What `CAS.DIGEST` replies, as `docs/cas.md` defines it, for any client with an xxHash library.

use xxhash_rust::xxh3::{Xxh3, xxh3_64};

/// Of a string.
pub fn of_string(value: &[u8]) -> String {
    text(xxh3_64(value))
}

/// Of a list, in order.
pub fn of_list<'a>(elements: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hasher = Xxh3::new();
    hasher.update(b"l");
    for element in elements {
        hasher.update(&le(element.len()));
        hasher.update(element);
    }
    text(hasher.digest())
}

/// Of the members of a set, in any order.
pub fn of_set<'a>(members: impl IntoIterator<Item = &'a [u8]>) -> String {
    unordered(b's', members.into_iter().map(xxh3_64))
}

/// Of the fields of a hash with their values, in any order.
pub fn of_hash<'a>(fields: impl IntoIterator<Item = (&'a [u8], &'a [u8])>) -> String {
    let hash = |(field, value): (&[u8], &[u8])| xxh3_64(&[&le(field.len()), field, value].concat());
    unordered(b'h', fields.into_iter().map(hash))
}

/// Of the members of a sorted set with their scores, in any order.
pub fn of_zset<'a>(members: impl IntoIterator<Item = (&'a [u8], f64)>) -> String {
    let hash = |(member, score): (&[u8], f64)| {
        let score = if score == 0.0 { 0.0 } else { score };
        xxh3_64(&[&score.to_bits().to_le_bytes(), member].concat())
    };
    unordered(b'z', members.into_iter().map(hash))
}

fn unordered(letter: u8, hashes: impl Iterator<Item = u64>) -> String {
    let (mut count, mut sum) = (0, 0_u64);
    for hash in hashes {
        count += 1;
        sum = sum.wrapping_add(hash);
    }
    text(xxh3_64(
        &[&[letter][..], &le(count), &sum.to_le_bytes()].concat(),
    ))
}

fn le(number: usize) -> [u8; 8] {
    (number as u64).to_le_bytes()
}

fn text(hash: u64) -> String {
    format!("{hash:016x}")
}
