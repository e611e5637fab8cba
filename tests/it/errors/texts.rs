//! The errors of the module with their texts, read out of `src/error.rs`.

use std::fmt;

const SOURCE: &str = include_str!("../../../src/error.rs");

/// Nothing that a client with all rights sends to one server provokes these.
const NOT_PROVOKABLE: [&str; 7] = [
    "Refused",
    "Internal",
    "InnerDenied",
    "InnerRefused",
    "SlotMigrates",
    "SlotMoved",
    "Demoted",
];

pub struct Text {
    variant: String,
    /// As in the source: `ERR wrong number of arguments for '{command}' command`.
    text: String,
}

impl Text {
    /// Whether it is the text of this reply.
    pub fn matches(&self, reply: &str) -> bool {
        match (self.text.find('{'), self.text.rfind('}')) {
            (Some(begin), Some(end)) => {
                reply.starts_with(&self.text[..begin]) && reply.ends_with(&self.text[end + 1..])
            }
            _ => reply == self.text,
        }
    }

    /// Whether only the native names of Redis 8.4 have this error.
    pub fn is_of_native_names(&self) -> bool {
        ["Native", "Delex"]
            .iter()
            .any(|prefix| self.variant.starts_with(prefix))
    }
}

impl Text {
    /// Whether only commands that run others have this error.
    pub fn is_of_guarded(&self) -> bool {
        ["Inner", "NoInner", "NoThen"]
            .iter()
            .any(|prefix| self.variant.starts_with(prefix))
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.text, self.variant)
    }
}

/// The texts that a call can provoke.
pub fn all() -> Vec<Text> {
    let mut texts = in_source();
    texts.retain(|text| !NOT_PROVOKABLE.contains(&text.variant.as_str()));
    texts
}

/// Between these two, or up to the end.
fn between<'a>(text: &'a str, begin: &str, end: &str) -> &'a str {
    let (_, rest) = text
        .split_once(begin)
        .unwrap_or_else(|| panic!("no {begin} in src/error.rs"));
    rest.split_once(end).map_or(rest, |(inner, _)| inner)
}

/// In `fn text` each variant is followed by its text, which is the next string literal.
fn in_source() -> Vec<Text> {
    between(SOURCE, "fn text(", "\n    }\n")
        .split("Self::")
        .skip(1)
        .map(|arm| {
            let variant = identifier(arm);
            let literal = arm.split('"').nth(1);
            let text = literal.unwrap_or_else(|| panic!("{variant} has no text in `fn text`"));
            Text {
                variant: variant.into(),
                text: text.into(),
            }
        })
        .collect()
}

fn identifier(text: &str) -> &str {
    let end = text
        .find(|c: char| !c.is_alphanumeric())
        .unwrap_or(text.len());
    &text[..end]
}

#[test]
fn every_variant_of_the_enum_has_its_text_here() {
    let mut declared: Vec<&str> = between(SOURCE, "pub enum Error {\n", "\n}\n")
        .lines()
        .map(|line| identifier(line.trim()))
        .filter(|name| name.starts_with(char::is_uppercase))
        .collect();
    let texts = in_source();
    let mut found: Vec<&str> = texts.iter().map(|text| text.variant.as_str()).collect();
    declared.sort_unstable();
    found.sort_unstable();
    assert_eq!(found, declared);
    assert!(
        texts.iter().all(|text| text.text.contains(' ')),
        "{texts:?}"
    );
}
