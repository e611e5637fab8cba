//! The module's settings, by the same names as load arguments and as `CONFIG` parameters.

use crate::words::{Cursor, Words, is};

/// Whether the module answers to the native names of Redis 8.4 where the server lacks them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Native {
    /// Wherever the server lacks them.
    #[default]
    Auto,
    /// Never.
    No,
}

impl Native {
    /// The values and their words.
    pub const ALL: [(Self, &'static str); 2] = [(Self::Auto, "auto"), (Self::No, "no")];
}

/// What the load arguments say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Settings {
    /// `native auto|no`
    pub native: Native,
}

impl Settings {
    /// Reads load arguments: names and values in pairs, each name at most once.
    ///
    /// # Errors
    /// A sentence that says what was expected and what was found.
    pub fn parse<W: Words + ?Sized>(arguments: &W) -> Result<Self, String> {
        let mut cursor = Cursor::new(arguments, 0);
        let mut native = None;
        while let Some(name) = cursor.next() {
            if !is(name, "native") {
                return Err(format!(
                    "unknown argument '{}': expected 'native auto|no'",
                    name.escape_ascii()
                ));
            }
            let value = cursor
                .next()
                .ok_or("argument 'native' has no value: expected 'auto' or 'no'")?;
            let (value, _) = Native::ALL
                .into_iter()
                .find(|(_, text)| is(value, text))
                .ok_or_else(|| {
                    format!(
                        "argument 'native' is '{}': expected 'auto' or 'no'",
                        value.escape_ascii()
                    )
                })?;
            if native.replace(value).is_some() {
                return Err("argument 'native' is given twice: expected once".into());
            }
        }
        Ok(Self {
            native: native.unwrap_or_default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&[u8]]) -> Result<Settings, String> {
        Settings::parse(arguments)
    }

    #[test]
    fn without_arguments_the_defaults_hold() {
        assert_eq!(parse(&[]), Ok(Settings::default()));
    }

    #[test]
    fn names_and_values_are_read_in_any_case() {
        assert_eq!(
            parse(&[b"Native", b"NO"]),
            Ok(Settings { native: Native::No })
        );
    }

    #[test]
    fn a_wrong_argument_is_refused_with_what_was_expected_and_found() {
        for (arguments, message) in [
            (
                &[&b"nativ\xff"[..]][..],
                r"unknown argument 'nativ\xff': expected 'native auto|no'",
            ),
            (
                &[b"native"],
                "argument 'native' has no value: expected 'auto' or 'no'",
            ),
            (
                &[b"native", b"yes"],
                "argument 'native' is 'yes': expected 'auto' or 'no'",
            ),
            (
                &[b"native", b"no", b"native", b"no"],
                "argument 'native' is given twice: expected once",
            ),
        ] {
            assert_eq!(parse(arguments), Err(message.to_owned()));
        }
    }
}
