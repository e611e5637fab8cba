use super::*;
use proptest::prelude::*;

fn words(document: &str, shape: Shape) -> Result<Vec<String>, String> {
    bytes(document.as_bytes(), shape)
}

fn bytes(document: &[u8], shape: Shape) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut sink = |word: &[u8]| words.push(String::from_utf8(word.to_vec()).expect("UTF-8"));
    match read(document, shape, &mut sink) {
        Ok(()) => Ok(words),
        Err(error) => Err(error.text().into_owned()),
    }
}

fn refusal(document: &str, shape: Shape) -> String {
    words(document, shape).expect_err(document)
}

#[test]
fn an_object_is_fields_and_values_and_an_array_elements() {
    let object = r#" {"a": "x", "b": 1, "c": true} "#;
    assert_eq!(
        words(object, Shape::Hash).unwrap(),
        ["a", "x", "b", "1", "c", "true"]
    );
    let array = r#"["x", 1, false]"#;
    for shape in [Shape::List, Shape::Set] {
        assert_eq!(words(array, shape).unwrap(), ["x", "1", "false"]);
    }
    assert!(words("{}", Shape::Hash).unwrap().is_empty());
    assert!(words("[]", Shape::Set).unwrap().is_empty());
}

#[test]
fn an_object_is_scores_and_members() {
    let object = r#"{"a": 1.50, "b": -2e3}"#;
    assert_eq!(
        words(object, Shape::Zset).unwrap(),
        ["1.50", "a", "-2e3", "b"]
    );
}

#[test]
fn numbers_keep_their_text() {
    let array = "[1e400, 12345678901234567890, 0.1, -0, 1.0, 1E+2]";
    assert_eq!(
        words(array, Shape::List).unwrap(),
        ["1e400", "12345678901234567890", "0.1", "-0", "1.0", "1E+2"]
    );
}

#[test]
fn strings_become_their_text_with_escapes_resolved() {
    let array = r#"["", "a\nb", "\u00e9\ud83d\ude00", "\u0000", "\"\\\/"]"#;
    assert_eq!(
        words(array, Shape::List).unwrap(),
        ["", "a\nb", "é😀", "\0", "\"\\/"]
    );
}

#[test]
fn nested_values_are_compact_text_otherwise_as_given() {
    let object = r#"{"a": { "b" : [1.0, null, "\u00e9 x"], "b": {} }, "c": [ ]}"#;
    assert_eq!(
        words(object, Shape::Hash).unwrap(),
        ["a", r#"{"b":[1.0,null,"\u00e9 x"],"b":{}}"#, "c", "[]"]
    );
}

#[test]
fn malformed_text_is_an_error_with_its_place() {
    for (document, shape, text) in [
        (
            "{\"a\": 1,\n \"b\": }",
            Shape::Hash,
            "ERR JSON: expected value at line 2 column 7",
        ),
        (
            "[1, 2",
            Shape::List,
            "ERR JSON: EOF while parsing a list at line 1 column 5",
        ),
        (
            "[1] x",
            Shape::Set,
            "ERR JSON: trailing characters at line 1 column 5",
        ),
        (
            "",
            Shape::Hash,
            "ERR JSON: EOF while parsing a value at line 1 column 0",
        ),
        (
            "[01]",
            Shape::List,
            "ERR JSON: invalid number at line 1 column 3",
        ),
        (
            "[nul]",
            Shape::List,
            "ERR JSON: expected ident at line 1 column 5",
        ),
        (
            "{a: 1}",
            Shape::Hash,
            "ERR JSON: key must be a string at line 1 column 2",
        ),
    ] {
        assert_eq!(refusal(document, shape), text);
    }
    let cut = bytes(b"[\"a\",\n\"\xff\"]", Shape::List).unwrap_err();
    assert_eq!(cut, "ERR JSON: invalid UTF-8 at line 2 column 2");
}

#[test]
fn another_top_level_says_what_was_expected_and_found() {
    for (document, shape, text) in [
        (
            "\n [1]",
            Shape::Hash,
            "expected an object, found an array at line 2 column 2",
        ),
        (
            "{}",
            Shape::List,
            "expected an array, found an object at line 1 column 1",
        ),
        (
            "\"x\"",
            Shape::Set,
            "expected an array, found a string at line 1 column 1",
        ),
        (
            "null",
            Shape::Zset,
            "expected an object, found null at line 1 column 1",
        ),
        (
            "-1",
            Shape::Zset,
            "expected an object, found a number at line 1 column 1",
        ),
        (
            "true",
            Shape::Hash,
            "expected an object, found a boolean at line 1 column 1",
        ),
        (
            "x",
            Shape::Hash,
            "expected an object, found no JSON at line 1 column 1",
        ),
    ] {
        assert_eq!(refusal(document, shape), format!("ERR JSON: {text}"));
    }
}

#[test]
fn null_and_repeated_keys_are_errors_that_name_them() {
    for (document, shape, text) in [
        (
            r#"{"a": 1, "b": null}"#,
            Shape::Hash,
            "the value of 'b' is null at line 1 column 19",
        ),
        (
            "[1,\nnull]",
            Shape::Set,
            "element 1 is null at line 2 column 5",
        ),
        (
            r#"{"a": 1, "\u0061": 2}"#,
            Shape::Hash,
            "the key 'a' is repeated at line 1 column 21",
        ),
        (
            r#"{"a\r\n": "1"}"#,
            Shape::Zset,
            r"the value of 'a\r\n' is a string, not a number at line 1 column 14",
        ),
        (
            r#"["\ud800"]"#,
            Shape::List,
            "element 0 has an escape that stands for no character at line 1 column 10",
        ),
    ] {
        assert_eq!(refusal(document, shape), format!("ERR JSON: {text}"));
    }
}

#[test]
fn deep_nesting_is_refused_and_does_not_recurse() {
    let nest = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(check(nest(128).as_bytes()).is_ok());
    assert!(words(&nest(128), Shape::List).is_ok());
    for depth in [129, 1_000_000] {
        let document = nest(depth);
        assert_eq!(
            check(document.as_bytes()).unwrap_err().text(),
            "ERR JSON: nested more than 128 levels deep"
        );
        assert!(refusal(&document, Shape::List).contains("nested more than 128 levels deep"));
    }
}

#[test]
fn a_document_that_is_only_checked_may_hold_anything_well_formed() {
    for document in ["null", " 1e400 ", r#"{"a":null,"a":1}"#, "\"\"", "[]"] {
        assert_eq!(check(document.as_bytes()), Ok(()), "{document}");
    }
    for document in ["", "{", "{'a':1}", "1 2", "\"\u{1}\"", "nan"] {
        assert!(check(document.as_bytes()).is_err(), "{document}");
    }
}

proptest! {
    #[test]
    fn no_input_panics(document: Vec<u8>) {
        _ = check(&document);
        _ = bytes(&document, Shape::Hash);
        _ = bytes(&document, Shape::List);
    }

    #[test]
    fn nor_does_one_that_looks_like_json(document in r#"[\[\]{}",:\\u01en tfl\n.-]{0,40}"#) {
        _ = check(document.as_bytes());
        _ = words(&document, Shape::Zset);
        _ = words(&document, Shape::Set);
    }

    #[test]
    fn any_strings_come_back(strings: Vec<String>) {
        let document = serde_json::to_string(&strings).unwrap();
        prop_assert_eq!(words(&document, Shape::List).unwrap(), strings);
    }
}
