//! Values, conditions and times to live.

use xxhash_rust::xxh3::xxh3_64;

use super::{Content, Draw, FAR, Words, words};
use crate::digest::definition;

impl Draw<'_> {
    pub(super) fn text(&mut self) -> Vec<u8> {
        match self.random.below(5) {
            0 => self.random.below(100).to_string().into(),
            1 => vec![b'x'; 45 + usize::try_from(self.random.below(3000)).expect("few")],
            2 => b"\0\r\n\xff".to_vec(),
            _ => format!("value {}", self.random.below(1000)).into(),
        }
    }

    /// A condition on a key, and whether it holds.
    pub(super) fn condition(&mut self, key: &str) -> (Words, bool) {
        let held = self.model.get(key).map(|held| &held.content);
        let wanted = !self.random.one_in(4);
        let with = |word: &str, operand: &[u8]| vec![word.into(), operand.to_vec()];
        match held {
            Some(Content::Text(text)) if is_number(text) && self.random.one_in(2) => {
                let either = usize::from(self.random.one_in(2));
                let true_or_false = [["IFGT", "IFLT"], ["IFGE", "IFLE"]][usize::from(wanted)];
                (with(true_or_false[either], text), wanted)
            }
            Some(Content::Text(text)) => match (self.random.below(4), wanted) {
                (0, true) => (with("IFEQ", text), true),
                (0, false) => (with("IFNE", text), false),
                (1, true) => (with("IFNE", b"no such value"), true),
                (1, false) => (with("IFEQ", b"no such value"), false),
                (2, true) => (with("IFDEQ", &digest(text)), true),
                (2, false) => (with("IFDNE", &digest(text)), false),
                (_, true) => (vec![b"XX".to_vec()], true),
                (_, false) => (vec![b"NX".to_vec()], false),
            },
            Some(content) if self.random.one_in(2) => {
                let word = if wanted { "IFDEQ" } else { "IFDNE" };
                (with(word, digest_of(content).as_bytes()), wanted)
            }
            Some(_) if wanted => (vec![b"XX".to_vec()], true),
            Some(_) => (vec![b"NX".to_vec()], false),
            None => match (self.random.below(2), wanted) {
                (0, true) => (vec![b"NX".to_vec()], true),
                (0, false) => (vec![b"XX".to_vec()], false),
                (_, true) => (with("IFLT", b"7"), true),
                (_, false) => (with("IFEQ", b"7"), false),
            },
        }
    }

    /// An expiry option, and whether the new value of the key expires.
    pub(super) fn expiry(&mut self, key: &str) -> (Words, bool) {
        match self.random.below(4) {
            0 => (words(&format!("EX {FAR}")), true),
            1 => (words("PXAT 4102444800000"), true),
            2 => {
                let expires = self.model.get(key).is_some_and(|held| held.expires);
                (words("KEEPTTL"), expires)
            }
            _ => (Vec::new(), false),
        }
    }
}

fn is_number(text: &[u8]) -> bool {
    std::str::from_utf8(text).is_ok_and(|text| text.parse::<i64>().is_ok())
}

/// Of a string.
pub(super) fn digest(text: &[u8]) -> Vec<u8> {
    format!("{:016x}", xxh3_64(text)).into()
}

/// Of a value of any type.
pub(super) fn digest_of(content: &Content) -> String {
    match content {
        Content::Text(text) => definition::of_string(text),
        Content::List(elements) => definition::of_list(elements.iter().map(Vec::as_slice)),
        Content::Set(members) => definition::of_set(members.iter().map(Vec::as_slice)),
        Content::Hash(fields) => {
            definition::of_hash(fields.iter().map(|(f, v)| (f.as_slice(), v.as_slice())))
        }
        Content::Zset(members) => {
            let score = |score: i64| f64::from(i32::try_from(score).expect("small"));
            definition::of_zset(members.iter().map(|(m, at)| (m.as_slice(), score(*at))))
        }
    }
}
