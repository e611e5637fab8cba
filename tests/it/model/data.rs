//! The small alphabet.

use proptest::prelude::*;
use proptest::sample::select;

use super::keyspace::{Keyspace, digest};

pub const KEYS: [&[u8]; 3] = [b"k", b"IFEQ", b"\0\xff"];

pub fn key() -> impl Strategy<Value = Vec<u8>> {
    select(KEYS.to_vec()).prop_map(<[u8]>::to_vec)
}

/// Numbers, texts of the lengths at which storing or reading changes, words that spell options.
pub fn value() -> impl Strategy<Value = Vec<u8>> {
    let words: [&[u8]; 16] = [
        b"",
        b"0",
        b"7",
        b"8",
        b"-8",
        b"9223372036854775807",
        b"-9223372036854775808",
        b"07",
        b"a",
        b"A",
        b"a\0b",
        b"\xff\r\n",
        b"GET",
        b"EX",
        b"IFEQ",
        b"KEEPTTL",
    ];
    let long = [44, 45, 128, 129, 300].map(|length| vec![b'x'; length]);
    select(
        words
            .map(<[u8]>::to_vec)
            .into_iter()
            .chain(long)
            .collect::<Vec<_>>(),
    )
}

/// Something to compare with.
#[derive(Debug, Clone)]
pub enum Operand {
    /// What the key holds when the call is made, which makes hits frequent.
    Held,
    Value(Vec<u8>),
}

pub fn operand() -> impl Strategy<Value = Operand> {
    prop_oneof![Just(Operand::Held), value().prop_map(Operand::Value)]
}

impl Operand {
    pub fn bytes(&self, keyspace: &Keyspace, key: &[u8]) -> Vec<u8> {
        match self {
            Operand::Held => keyspace.text(key).unwrap_or(b"nothing").to_vec(),
            Operand::Value(value) => value.clone(),
        }
    }
}

#[derive(Debug, Clone)]
pub enum DigestOperand {
    Of(Operand),
    Upper(Operand),
    Wrong(&'static str),
}

/// Mostly good ones.
pub fn digest_operand() -> impl Strategy<Value = DigestOperand> {
    let wrong = [
        "",
        "short",
        "zzzzzzzzzzzzzzzz",
        "00000000000000000",
        "0000000000000000",
    ];
    prop_oneof![
        4 => operand().prop_map(DigestOperand::Of),
        2 => operand().prop_map(DigestOperand::Upper),
        1 => select(wrong.to_vec()).prop_map(DigestOperand::Wrong),
    ]
}

impl DigestOperand {
    pub fn text(&self, keyspace: &Keyspace, key: &[u8]) -> String {
        match self {
            DigestOperand::Of(operand) => digest(&operand.bytes(keyspace, key)),
            DigestOperand::Upper(operand) => digest(&operand.bytes(keyspace, key)).to_uppercase(),
            DigestOperand::Wrong(text) => (*text).into(),
        }
    }
}

/// A word in some mixture of cases.
pub fn in_any_case(word: &str, salt: usize) -> Vec<u8> {
    let flip = |(i, byte): (usize, u8)| {
        if salt >> (i % 8) & 1 == 1 {
            byte.to_ascii_lowercase()
        } else {
            byte
        }
    };
    word.bytes().enumerate().map(flip).collect()
}

/// The groups of words in one of their orders.
pub fn in_any_order(mut groups: Vec<Vec<Vec<u8>>>, salt: usize) -> Vec<Vec<u8>> {
    if !groups.is_empty() {
        let count = groups.len();
        groups.rotate_left(salt % count);
        if salt & 16 != 0 {
            groups.reverse();
        }
    }
    groups.concat()
}
