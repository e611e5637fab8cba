//! `IFCHANGED`: whether a key already holds what is to be written.

use super::content::Content;
use crate::error::Error;
use crate::logic::same::{Keyed, pairs};
use crate::logic::score;
use crate::server::Str;
use crate::server::key::{Key, Kind};
use crate::shape::Shape;

/// Whether the key holds exactly this: type, content and, for a list, order. Encoding and the order of
/// insertion make no difference. Time and memory grow with the size of both, once that is the same.
///
/// # Errors
/// The server refuses to read, which it has no reason to.
pub fn is_held(key: &Key<'_>, content: &Content<'_>) -> Result<bool, Error> {
    let (shape, words) = (content.shape(), content.words());
    if words.is_empty() || key.kind() == Kind::Missing {
        return Ok(words.is_empty() && key.kind() == Kind::Missing);
    }
    let given = || words.iter().map(Str::bytes);
    let most = match shape {
        Shape::String => words[0].bytes().len(),
        _ => words.len() / shape.stride(),
    };
    let count = key.count().unwrap_or_default();
    // Repeated words can only make it fewer.
    if key.shape() != Some(shape) || count > most {
        return Ok(false);
    }
    match shape {
        Shape::String => Ok(count == most && key.bytes()? == words[0].bytes()),
        Shape::List => Ok(count == most && key.elements()?.iter().eq(given())),
        Shape::Set => {
            let given = Keyed::of(given().map(|member| (member, ())));
            let is_it = || Ok(given.is(key.elements()?.iter().map(|member| (member, ()))));
            if_as_many(count, &given, is_it)
        }
        Shape::Hash => {
            let given = Keyed::of(pairs(given()));
            let is_it = || Ok(given.is(pairs(key.elements()?.iter())));
            if_as_many(count, &given, is_it)
        }
        Shape::Zset => {
            let members = given().skip(1).step_by(2);
            let given = Keyed::of(members.zip(content.scores()));
            let is_it = || {
                let all = key.elements()?;
                let scored = pairs(all.iter()).map(|(member, text)| (member, score::written(text)));
                Ok(given.is(scored))
            };
            if_as_many(count, &given, is_it)
        }
    }
}

/// Reads what is stored only where there are as many.
fn if_as_many<V: PartialEq>(
    count: usize,
    given: &Keyed<'_, V>,
    is_it: impl FnOnce() -> Result<bool, Error>,
) -> Result<bool, Error> {
    Ok(given.count() == count && is_it()?)
}
