//! The state of the model, and what conditions and times mean: `SPEC.md` 0.1 and 0.2 in a few lines.

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use xxhash_rust::xxh3::xxh3_64;

use crate::support::{Value, error};

pub const SYNTAX: &str = "ERR syntax error";
pub const WRONG_TYPE: &str = "WRONGTYPE Operation against a key holding the wrong kind of value";
pub const NOT_AN_INTEGER: &str = "ERR value is not an integer or out of range";
pub const DIGEST_FORMAT: &str = "ERR digest must be exactly 16 hexadecimal characters";
pub const NO_DIGEST: &str = "ERR digest is not defined for this type";

/// A reply in RESP3, or an error's text.
pub type Reply = Result<Value, String>;

pub fn as_value(reply: Reply) -> Value {
    reply.unwrap_or_else(|text| error(&text))
}

#[derive(Debug, Clone, PartialEq)]
pub enum Held {
    Text(Vec<u8>),
    /// A value of another type, by the name that TYPE has for it.
    Other(&'static str),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub held: Held,
    /// When it expires, in milliseconds since the Unix epoch.
    pub end: Option<i64>,
}

#[derive(Debug, Clone, Default)]
pub struct Keyspace(pub BTreeMap<Vec<u8>, Entry>);

impl Keyspace {
    pub fn text(&self, key: &[u8]) -> Option<&[u8]> {
        match self.0.get(key)?.held {
            Held::Text(ref text) => Some(text),
            Held::Other(_) => None,
        }
    }

    pub fn exists(&self, key: &[u8]) -> bool {
        self.0.contains_key(key)
    }

    /// A string, or an error where the key holds something else; `None` for a missing key.
    pub fn string(&self, key: &[u8]) -> Result<Option<&[u8]>, String> {
        match self.0.get(key).map(|entry| &entry.held) {
            None => Ok(None),
            Some(Held::Text(text)) => Ok(Some(text)),
            Some(Held::Other(_)) => Err(WRONG_TYPE.into()),
        }
    }

    /// As SET does; a time in the past leaves no key.
    pub fn set(&mut self, key: &[u8], value: &[u8], time: &Time) {
        let end = match time {
            Time::None => None,
            Time::Keep => self.0.get(key).and_then(|entry| entry.end),
            Time::At(end) => Some(*end),
        };
        let held = Held::Text(value.to_vec());
        self.0.insert(key.to_vec(), Entry { held, end });
        self.expire(key);
    }

    pub fn expire(&mut self, key: &[u8]) {
        self.0
            .retain(|name, entry| name != key || entry.end.is_none_or(|end| end > now()));
    }
}

pub fn digest(value: &[u8]) -> String {
    format!("{:016x}", xxh3_64(value))
}

pub fn is_digest(text: &str) -> bool {
    text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// An integer as servers read it: its own decimal text and no other.
pub fn integer(text: &[u8]) -> Result<i64, String> {
    let parsed = std::str::from_utf8(text).ok().and_then(|t| t.parse().ok());
    parsed
        .filter(|number: &i64| number.to_string().as_bytes() == text)
        .ok_or_else(|| NOT_AN_INTEGER.into())
}

/// What becomes of the time to live.
#[derive(Debug, Clone, PartialEq)]
pub enum Time {
    None,
    Keep,
    At(i64),
}

/// An option of a time as it is written: `EX 1000`, `KEEPTTL`.
pub type Written = Option<(&'static str, &'static str)>;

/// Times that are good, all far enough from one another and from the present to be told apart, past
/// ones, and wrong ones. For each unit that it says.
pub const TIMES: [(&str, &str); 19] = [
    ("KEEPTTL", ""),
    ("KEEPTTL", ""),
    ("KEEPTTL", ""),
    ("EX", "1000"),
    ("EX", "1000"),
    ("PX", "2000000"),
    ("EXAT", "4102444800"),
    ("EXAT", "4102444800"),
    ("PXAT", "4102444900123"),
    ("PXAT", "4102444900123"),
    ("PXAT", "1"),
    ("EXAT", "1"),
    ("EX", "0"),
    ("PX", "-1"),
    ("EX", "x"),
    ("PXAT", "010"),
    ("EXAT", "9223372036854775807"),
    ("EX", "9223372036854775"),
    ("PX", "9223372036854775807"),
];

pub fn time(written: Written, command: &str) -> Result<Time, String> {
    let Some((unit, operand)) = written else {
        return Ok(Time::None);
    };
    if unit == "KEEPTTL" {
        return Ok(Time::Keep);
    }
    let number = i128::from(integer(operand.as_bytes())?);
    let milliseconds = if unit.starts_with("EX") { 1000 } else { 1 };
    let base = if unit.ends_with("AT") { 0 } else { now() };
    let end = number * milliseconds + i128::from(base);
    match i64::try_from(end) {
        Ok(end) if number > 0 => Ok(Time::At(end)),
        _ => Err(format!("ERR invalid expire time in '{command}' command")),
    }
}

pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("1970");
    i64::try_from(since.as_millis()).expect("a time of our age")
}
