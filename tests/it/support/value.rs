//! A reply with its exact wire type: `+OK` is not `"OK"`, and the three nulls differ.

use std::fmt;

use super::escape::escape;

#[derive(Clone, PartialEq)]
pub enum Value {
    Simple(Vec<u8>),
    Error(Vec<u8>),
    Int(i64),
    Bulk(Vec<u8>),
    /// `$-1`, the null of RESP2.
    NullBulk,
    /// `*-1`, the null of RESP2 where an array was due.
    NullArray,
    /// `_`, the null of RESP3.
    Null,
    Array(Vec<Value>),
    Map(Vec<(Value, Value)>),
    Set(Vec<Value>),
    Double(f64),
    Bool(bool),
    BigNumber(Vec<u8>),
    /// With its format: `txt:some text`.
    Verbatim(Vec<u8>),
    BulkError(Vec<u8>),
    Push(Vec<Value>),
}

pub fn ok() -> Value {
    simple("OK")
}

pub fn simple(text: &str) -> Value {
    Value::Simple(text.into())
}

/// The whole text, code first: `error("ERR syntax error")`.
pub fn error(text: &str) -> Value {
    Value::Error(text.into())
}

pub fn int(number: i64) -> Value {
    Value::Int(number)
}

pub fn bulk(bytes: impl AsRef<[u8]>) -> Value {
    Value::Bulk(bytes.as_ref().to_vec())
}

/// The null of RESP2 (`$-1`).
pub fn nil() -> Value {
    Value::NullBulk
}

/// The null array of RESP2 (`*-1`).
pub fn nil_array() -> Value {
    Value::NullArray
}

/// The null of RESP3 (`_`).
pub fn null() -> Value {
    Value::Null
}

pub fn array(items: impl IntoIterator<Item = Value>) -> Value {
    Value::Array(items.into_iter().collect())
}

pub fn map(pairs: impl IntoIterator<Item = (Value, Value)>) -> Value {
    Value::Map(pairs.into_iter().collect())
}

impl Value {
    pub fn is_error(&self) -> bool {
        matches!(self, Value::Error(_) | Value::BulkError(_))
    }

    /// Any of the three nulls.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::NullBulk | Value::NullArray | Value::Null)
    }

    /// The bytes of a text-like reply; panics on the others.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Value::Simple(bytes)
            | Value::Error(bytes)
            | Value::Bulk(bytes)
            | Value::BigNumber(bytes)
            | Value::BulkError(bytes) => bytes,
            Value::Verbatim(bytes) => &bytes[4..],
            _ => panic!("{self} is no text"),
        }
    }

    /// The text of a text-like reply; panics on the others.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(self.bytes()).into_owned()
    }

    /// The number of an integer reply; panics on the others.
    pub fn number(&self) -> i64 {
        match self {
            Value::Int(number) => *number,
            _ => panic!("{self} is no integer"),
        }
    }

    /// The elements of an array, set or push; panics on the others.
    pub fn items(&self) -> &[Value] {
        match self {
            Value::Array(items) | Value::Set(items) | Value::Push(items) => items,
            _ => panic!("{self} is no array"),
        }
    }

    /// The pairs of a map, in RESP2 form (flat array) or RESP3 form.
    pub fn pairs(&self) -> Vec<(Value, Value)> {
        match self {
            Value::Map(pairs) => pairs.clone(),
            _ => self
                .items()
                .chunks(2)
                .map(|pair| (pair[0].clone(), pair[1].clone()))
                .collect(),
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Simple(text) => write!(f, "+{}", escape(text)),
            Value::Error(text) => write!(f, "-{}", escape(text)),
            Value::Int(number) => write!(f, ":{number}"),
            Value::Bulk(bytes) => write!(f, "\"{}\"", escape(bytes)),
            Value::NullBulk => f.write_str("(nil $-1)"),
            Value::NullArray => f.write_str("(nil *-1)"),
            Value::Null => f.write_str("(null _)"),
            Value::Array(items) => list(f, "[", items, "]"),
            Value::Set(items) => list(f, "~[", items, "]"),
            Value::Push(items) => list(f, ">[", items, "]"),
            Value::Map(pairs) => {
                f.write_str("%{")?;
                for (index, (key, value)) in pairs.iter().enumerate() {
                    let comma = if index == 0 { "" } else { ", " };
                    write!(f, "{comma}{key}: {value}")?;
                }
                f.write_str("}")
            }
            Value::Double(number) => write!(f, ",{number}"),
            Value::Bool(truth) => write!(f, "#{truth}"),
            Value::BigNumber(digits) => write!(f, "({}", escape(digits)),
            Value::Verbatim(text) => write!(f, "={}", escape(text)),
            Value::BulkError(text) => write!(f, "!{}", escape(text)),
        }
    }
}

fn list(f: &mut fmt::Formatter<'_>, open: &str, items: &[Value], close: &str) -> fmt::Result {
    f.write_str(open)?;
    for (index, item) in items.iter().enumerate() {
        let comma = if index == 0 { "" } else { ", " };
        write!(f, "{comma}{item}")?;
    }
    f.write_str(close)
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
