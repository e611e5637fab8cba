//! Objects and arrays within a value, as text that is known to be well-formed.
//!
//! Nothing here recurses: a document of a million brackets is only long.

use std::borrow::Cow;

/// Calls `outside` with each byte that stands outside of strings.
fn scan(text: &str, mut outside: impl FnMut(usize, u8)) {
    let (mut in_string, mut escaped) = (false, false);
    for (index, byte) in text.bytes().enumerate() {
        if in_string {
            in_string = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
        } else {
            in_string = byte == b'"';
            outside(index, byte);
        }
    }
}

/// How many objects and arrays lie within each other.
pub fn depth(text: &str) -> usize {
    let (mut depth, mut deepest) = (0, 0);
    scan(text, |_, byte| match byte {
        b'{' | b'[' => {
            depth += 1;
            deepest = deepest.max(depth);
        }
        b'}' | b']' => depth -= 1,
        _ => (),
    });
    deepest
}

/// The text without the whitespace between its tokens.
pub fn compact(text: &str) -> Cow<'_, str> {
    let mut kept = String::new();
    let mut from = 0;
    scan(text, |index, byte| {
        if byte.is_ascii_whitespace() {
            kept.push_str(&text[from..index]);
            from = index + 1;
        }
    });
    if from == 0 {
        return text.into();
    }
    kept.push_str(&text[from..]);
    kept.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whitespace_goes_but_not_within_strings() {
        assert_eq!(
            compact("{ \"a b\" :\t[1 ,\r\n 2.50] , \"c\\\" \\\\\" : \" \" }"),
            "{\"a b\":[1,2.50],\"c\\\" \\\\\":\" \"}"
        );
        assert!(matches!(compact("[1,2]"), Cow::Borrowed("[1,2]")));
    }

    #[test]
    fn depth_counts_brackets_outside_of_strings() {
        assert_eq!(depth("1"), 0);
        assert_eq!(depth("[[1],{\"[[[[\":[]}]"), 3);
    }
}
