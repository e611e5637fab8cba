//! The conditions of `CAS.*`: `SPEC.md` 0.1.

use proptest::prelude::*;
use proptest::sample::select;

use super::data::{DigestOperand, Operand, digest_operand, in_any_case, operand};
use super::keyspace::{DIGEST_FORMAT, Keyspace, NO_DIGEST, digest, integer, is_digest};

#[derive(Debug, Clone)]
pub enum Condition {
    Nx,
    Xx,
    /// `IFEQ` (true) or `IFNE`.
    Equal(bool, Operand),
    /// `IFDEQ` (true) or `IFDNE`.
    Digest(bool, DigestOperand),
    Number(&'static str, &'static str),
}

pub fn condition() -> impl Strategy<Value = Condition> {
    let words = ["IFGT", "IFGE", "IFLT", "IFLE"];
    let numbers = [
        "0",
        "7",
        "8",
        "-8",
        "9223372036854775807",
        "-9223372036854775808",
        "x",
        "+7",
    ];
    prop_oneof![
        1 => Just(Condition::Nx),
        1 => Just(Condition::Xx),
        3 => (any::<bool>(), operand()).prop_map(|(equal, o)| Condition::Equal(equal, o)),
        3 => (any::<bool>(), digest_operand()).prop_map(|(equal, o)| Condition::Digest(equal, o)),
        2 => (select(words.to_vec()), select(numbers.to_vec()))
            .prop_map(|(word, number)| Condition::Number(word, number)),
    ]
}

impl Condition {
    pub fn words(&self, keyspace: &Keyspace, key: &[u8], salt: usize) -> Vec<Vec<u8>> {
        let (word, operand) = match self {
            Condition::Nx => ("NX", None),
            Condition::Xx => ("XX", None),
            Condition::Equal(true, operand) => ("IFEQ", Some(operand.bytes(keyspace, key))),
            Condition::Equal(false, operand) => ("IFNE", Some(operand.bytes(keyspace, key))),
            Condition::Digest(true, d) => ("IFDEQ", Some(d.text(keyspace, key).into_bytes())),
            Condition::Digest(false, d) => ("IFDNE", Some(d.text(keyspace, key).into_bytes())),
            Condition::Number(word, number) => (*word, Some(number.as_bytes().to_vec())),
        };
        [in_any_case(word, salt)]
            .into_iter()
            .chain(operand)
            .collect()
    }

    /// What is wrong with it whatever the key holds.
    pub fn check(&self, keyspace: &Keyspace, key: &[u8]) -> Result<(), String> {
        match self {
            Condition::Digest(_, operand) if !is_digest(&operand.text(keyspace, key)) => {
                Err(DIGEST_FORMAT.into())
            }
            Condition::Number(_, number) => integer(number.as_bytes()).map(drop),
            _ => Ok(()),
        }
    }

    /// Whether it is true; `missing` is what a missing key means, if not what the condition says.
    pub fn holds(
        &self,
        keyspace: &Keyspace,
        key: &[u8],
        missing: Option<bool>,
    ) -> Result<bool, String> {
        let exists = keyspace.exists(key);
        if !exists && let Some(missing) = missing {
            return Ok(missing);
        }
        match self {
            Condition::Nx => Ok(!exists),
            Condition::Xx => Ok(exists),
            Condition::Equal(equal, operand) => {
                let held = keyspace.string(key)?;
                Ok((held == Some(&operand.bytes(keyspace, key))) == *equal)
            }
            Condition::Digest(equal, operand) => {
                let operand = operand.text(keyspace, key).to_lowercase();
                Ok((digest_of(keyspace, key)? == Some(operand)) == *equal)
            }
            Condition::Number(word, number) => {
                let Some(held) = keyspace.string(key)? else {
                    return Ok(true);
                };
                let (held, number) = (integer(held)?, integer(number.as_bytes())?);
                Ok(match *word {
                    "IFGT" => held > number,
                    "IFGE" => held >= number,
                    "IFLT" => held < number,
                    _ => held <= number,
                })
            }
        }
    }
}

pub fn digest_of(keyspace: &Keyspace, key: &[u8]) -> Result<Option<String>, String> {
    match keyspace.string(key) {
        Ok(held) => Ok(held.map(digest)),
        Err(_) => Err(NO_DIGEST.into()),
    }
}
