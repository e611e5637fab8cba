//! `CAS.GET key [IFDNE digest]`

use std::ffi::CStr;

use crate::error::Error;
use crate::logic::condition::Subject;
use crate::logic::digest::Digest;
use crate::server::command::{Access, Command, Parameter};
use crate::server::key::{Key, Kind};
use crate::server::reply::Reply;
use crate::server::{Args, Ctx};
use crate::words::{Cursor, Words, is};

/// A string and its digest in one step: `[digest, value]`, or `[digest, null]` when it still is the
/// digest given, or null when there is none.
pub struct Get;

impl Command for Get {
    const NAME: &'static CStr = c"cas.get";
    const FLAGS: &'static CStr = c"readonly fast";
    const ACL: &'static CStr = c"read string fast";
    const ARITY: i32 = -2;
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static CStr =
        c"Returns the string value of a key with its digest, or the digest alone if it is the one given.";
    const COMPLEXITY: &'static CStr = c"O(N) in the length of the value";
    const PARAMETERS: &'static [Parameter] = &[
        Parameter::key(),
        Parameter::string(c"ifdne-digest")
            .after(c"IFDNE")
            .optional(),
    ];

    fn run<'a>(ctx: &'a Ctx, args: Args<'a>) -> Result<Reply<'a>, Error> {
        let known = parse(&args)?;
        let key = Key::open(ctx, args, 1);
        if key.kind() == Kind::Missing {
            return Ok(Reply::Null);
        }
        key.length()?;
        let digest = key.digest()?;
        let value = if known == Some(digest) {
            Reply::Null
        } else {
            Reply::Value(key)
        };
        Ok(Reply::pair(Reply::Text(digest.text()), value))
    }
}

/// The digest that the client knows already.
fn parse<W: Words + ?Sized>(words: &W) -> Result<Option<Digest>, Error> {
    let mut cursor = Cursor::new(words, 2);
    let known = match cursor.next() {
        None => None,
        Some(word) if is(word, "IFDNE") => {
            Some(Digest::parse(cursor.operand()?).ok_or(Error::DigestFormat)?)
        }
        Some(_) => return Err(Error::Syntax),
    };
    match cursor.next() {
        None => Ok(known),
        Some(_) => Err(Error::Syntax),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Option<Digest>, Error> {
        let words: Vec<&[u8]> = line.split(' ').map(str::as_bytes).collect();
        parse(&words[..])
    }

    #[test]
    fn a_known_digest_may_follow_the_key() {
        assert_eq!(parsed("CAS.GET k"), Ok(None));
        assert_eq!(
            parsed("CAS.GET k ifdne 9555e8555c62dcfd"),
            Ok(Some(Digest::of(b"hello")))
        );
        assert_eq!(parsed("CAS.GET k IFDNE short"), Err(Error::DigestFormat));
        for line in [
            "CAS.GET k IFDNE",
            "CAS.GET k IFDEQ 9555e8555c62dcfd",
            "CAS.GET k IFDNE 9555e8555c62dcfd x",
        ] {
            assert_eq!(parsed(line), Err(Error::Syntax), "{line}");
        }
    }
}
