//! JSON documents as values: an object is a hash or a sorted set, an array a list or a set.
//!
//! Strings become their text. Numbers, `true` and `false` keep their text exactly; so do numbers and
//! strings (escapes too) within nested objects and arrays, of which only the whitespace between tokens
//! goes. `serde_json` reads the document; what it would make of the numbers never comes up.

mod nested;

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::error::{Error, shown};
use crate::shape::Shape;

/// Objects and arrays within each other beyond this are refused: clients that read the value back
/// recurse.
const MAX_DEPTH: usize = 128;

/// Whether a document, whatever it holds, is well-formed.
///
/// # Errors
/// [`Error::Json`] with what is wrong, and the line and column.
pub fn check(document: &[u8]) -> Result<(), Error> {
    let text = text(document)?;
    serde_json::from_str::<IgnoredAny>(text).map_err(|fault| at_its_place(&fault))?;
    if nested::depth(text) > MAX_DEPTH {
        return Err(fault(&too_deep()));
    }
    Ok(())
}

/// Reads a document as the words that the command for `shape` takes: fields and values, scores and
/// members, members, elements.
///
/// # Errors
/// [`Error::Json`] with what is wrong, and the line and column or the key.
pub fn read(document: &[u8], shape: Shape, sink: &mut dyn FnMut(&[u8])) -> Result<(), Error> {
    let text = text(document)?;
    let wanted = match shape {
        Shape::Hash | Shape::Zset => b'{',
        Shape::List | Shape::Set => b'[',
        Shape::String => return check(document),
    };
    let start = text.trim_ascii_start();
    match start.as_bytes().first() {
        Some(&first) if first != wanted => {
            let place = place(text, text.len() - start.len());
            let (wanted, found) = (name(wanted), name(first));
            return Err(fault(&format!(
                "expected {wanted}, found {found} at {place}"
            )));
        }
        _ => (),
    }
    let mut reader = serde_json::Deserializer::from_str(text);
    match wanted {
        b'{' => reader.deserialize_map(Object { shape, sink }),
        _ => reader.deserialize_seq(Array { sink }),
    }
    .and_then(|()| reader.end())
    .map_err(|fault| at_its_place(&fault))
}

fn fault(sentence: &str) -> Error {
    Error::Json(sentence.into())
}

/// The crate's sentences end with line and column.
fn at_its_place(error: &serde_json::Error) -> Error {
    fault(&error.to_string())
}

fn too_deep() -> String {
    format!("nested more than {MAX_DEPTH} levels deep")
}

fn text(document: &[u8]) -> Result<&str, Error> {
    std::str::from_utf8(document).map_err(|error| {
        let valid = &document[..error.valid_up_to()];
        let valid = std::str::from_utf8(valid).unwrap_or_default();
        fault(&format!("invalid UTF-8 at {}", place(valid, valid.len())))
    })
}

/// Line and column of a byte, as the crate counts them.
fn place(text: &str, offset: usize) -> String {
    let before = &text[..offset];
    let line = before.split('\n').count();
    let column = before.rsplit('\n').next().map_or(0, str::len) + 1;
    format!("line {line} column {column}")
}

/// What a value is, by its first byte.
fn name(first: u8) -> &'static str {
    match first {
        b'{' => "an object",
        b'[' => "an array",
        b'"' => "a string",
        b'n' => "null",
        b't' | b'f' => "a boolean",
        b'-' | b'0'..=b'9' => "a number",
        _ => "no JSON",
    }
}

/// The text of a value as it is to be stored, or what is wrong with it.
fn stored(raw: &str) -> Result<Cow<'_, str>, String> {
    match raw.as_bytes() {
        [b'n', ..] => Err("is null".into()),
        [b'{' | b'[', ..] if nested::depth(raw) >= MAX_DEPTH => Err(format!("is {}", too_deep())),
        [b'{' | b'[', ..] => Ok(nested::compact(raw)),
        [b'"', inner @ .., b'"'] if !inner.contains(&b'\\') => Ok(raw[1..raw.len() - 1].into()),
        [b'"', ..] => serde_json::from_str(raw)
            .map(Cow::Owned)
            .map_err(|_| "has an escape that stands for no character".into()),
        _ => Ok(raw.into()),
    }
}

/// Reads an object into fields and values, or scores and members.
struct Object<'s> {
    shape: Shape,
    sink: &'s mut dyn FnMut(&[u8]),
}

impl<'de> Visitor<'de> for Object<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut entries: M) -> Result<(), M::Error> {
        let mut seen = HashSet::new();
        while let Some(Key(key)) = entries.next_key()? {
            let raw = entries.next_value::<&RawValue>()?.get();
            let wrong = |what: &str| {
                let key = shown(key.as_bytes());
                de::Error::custom(format_args!("the value of {key} {what}"))
            };
            let value = stored(raw).map_err(|what| wrong(&what))?;
            if self.shape == Shape::Zset {
                let found = name(raw.as_bytes()[0]);
                if found != "a number" {
                    return Err(wrong(&format!("is {found}, not a number")));
                }
                (self.sink)(value.as_bytes());
                (self.sink)(key.as_bytes());
            } else {
                (self.sink)(key.as_bytes());
                (self.sink)(value.as_bytes());
            }
            if let Some(Key(key)) = seen.replace(Key(key)) {
                let key = shown(key.as_bytes());
                return Err(de::Error::custom(format_args!("the key {key} is repeated")));
            }
        }
        Ok(())
    }
}

/// Reads an array into elements.
struct Array<'s> {
    sink: &'s mut dyn FnMut(&[u8]),
}

impl<'de> Visitor<'de> for Array<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut elements: S) -> Result<(), S::Error> {
        let mut index = 0_usize;
        while let Some(raw) = elements.next_element::<&RawValue>()? {
            let element = stored(raw.get())
                .map_err(|what| de::Error::custom(format_args!("element {index} {what}")))?;
            (self.sink)(element.as_bytes());
            index += 1;
        }
        Ok(())
    }
}

/// An object's key, borrowed from the document where it has no escapes.
#[derive(PartialEq, Eq, Hash)]
struct Key<'de>(Cow<'de, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl<'de> Visitor<'de> for Text {
            type Value = Key<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(text.into()))
            }

            fn visit_str<E>(self, text: &str) -> Result<Key<'de>, E> {
                Ok(Key(text.to_owned().into()))
            }
        }
        deserializer.deserialize_str(Text)
    }
}

#[cfg(test)]
mod tests;
