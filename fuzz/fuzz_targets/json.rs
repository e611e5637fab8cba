//! Any bytes as a JSON document of every shape, against what `serde_json` makes of it as a whole.

#![no_main]
#![allow(
    dead_code,
    unused_imports,
    reason = "the module uses what this does not"
)]

#[path = "../../src/error.rs"]
mod error;
#[path = "../../src/logic/mod.rs"]
mod logic;
#[path = "../../src/shape.rs"]
mod shape;
#[path = "../../src/words.rs"]
mod words;

use libfuzzer_sys::fuzz_target;
use logic::json;
use serde_json::Value;
use shape::Shape;

fuzz_target!(|document: &[u8]| {
    let whole = serde_json::from_slice::<Value>(document).ok();
    let is_checked = json::check(document);
    if let Err(error) = &is_checked {
        assert_is_told(error);
        // What is refused without being wrong is too deep; the crate itself stops there too.
        assert!(whole.is_none(), "{error:?}");
    }
    for shape in [Shape::Hash, Shape::Zset, Shape::Set, Shape::List] {
        let mut words: Vec<Vec<u8>> = Vec::new();
        let read = json::read(document, shape, &mut |word| words.push(word.to_vec()));
        match read {
            Err(error) => assert_is_told(&error),
            Ok(()) => {
                assert_eq!(words.len() % shape.stride(), 0);
                // The crate's numbers end where doubles do; those of a text do not.
                if let Some(whole) = &whole {
                    assert_is(whole, shape, &words);
                }
            }
        }
    }
});

fn assert_is_told(error: &error::Error) {
    let text = error.text();
    assert!(
        text.starts_with("ERR JSON: ") && !text.contains(['\r', '\n']),
        "{text}"
    );
}

fn assert_is(whole: &Value, shape: Shape, words: &[Vec<u8>]) {
    match (whole, shape) {
        (Value::Object(fields), Shape::Hash | Shape::Zset) => {
            assert_eq!(fields.len() * 2, words.len());
            for pair in words.chunks(2) {
                let (field, value) = match shape {
                    Shape::Hash => (&pair[0], &pair[1]),
                    _ => (&pair[1], &pair[0]),
                };
                let field = std::str::from_utf8(field).expect("UTF-8 in, UTF-8 out");
                assert_same(&fields[field], value);
            }
        }
        (Value::Array(elements), Shape::Set | Shape::List) => {
            assert_eq!(elements.len(), words.len());
            for (element, word) in elements.iter().zip(words) {
                assert_same(element, word);
            }
        }
        _ => panic!("{shape:?} out of {whole}"),
    }
}

/// What is stored of a value means the value again.
fn assert_same(value: &Value, word: &[u8]) {
    match value {
        Value::String(text) => assert_eq!(text.as_bytes(), word),
        Value::Null => panic!("null is no value"),
        _ => assert_eq!(
            serde_json::from_slice::<Value>(word).as_ref().ok(),
            Some(value)
        ),
    }
}
