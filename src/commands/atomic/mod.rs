//! `ATOMIC.*`: replace a whole value, small or huge, in one step.
//!
//! What is to become the value is [`content::Content`], however it was written in the call; it is
//! checked whole before anything is touched.

mod commit;
mod content;
mod replace;
mod replace_hash;
mod replace_list;
mod replace_set;
mod replace_zset;
mod same;
mod stage;

pub use commit::Commit;
pub use replace::Replace;
pub use replace_hash::ReplaceHash;
pub use replace_list::ReplaceList;
pub use replace_set::ReplaceSet;
pub use replace_zset::ReplaceZset;
pub use stage::Stage;

use super::parameters::{FIELD, VALUE};
use crate::error::{Error, Held};
use crate::server::command::{self, Command, Parameter};
use crate::server::key::{Key, Kind};
use crate::server::reply::Reply;
use crate::server::{Args, Ctx};
use crate::shape::Shape;
use crate::words::Words;
use crate::{counters, effects};

use content::Content;

const MEMBER: Parameter = Parameter::string(c"member");
const ELEMENT: Parameter = Parameter::string(c"element");
const SCORE: Parameter = Parameter::double(c"score");

const FIELDS: Parameter = Parameter::block(c"data", &[FIELD, VALUE]).multiple();
const SCORES: Parameter = Parameter::block(c"data", &[SCORE, MEMBER]).multiple();

/// A value in the words of a call, as the documentation shows it.
const BLOCK: Parameter = Parameter::one_of(
    c"block",
    &[
        Parameter::string(c"string-value").after(c"STRING"),
        Parameter::block(
            c"hash",
            &[
                Parameter::integer(c"numpairs").after(c"HASH"),
                FIELDS.optional(),
            ],
        ),
        Parameter::block(
            c"set",
            &[
                Parameter::integer(c"nummembers").after(c"SET"),
                MEMBER.optional().multiple(),
            ],
        ),
        Parameter::block(
            c"list",
            &[
                Parameter::integer(c"numelements").after(c"LIST"),
                ELEMENT.optional().multiple(),
            ],
        ),
        Parameter::block(
            c"zset",
            &[
                Parameter::integer(c"numpairs").after(c"ZSET"),
                SCORES.optional(),
            ],
        ),
        Parameter::block(
            c"json",
            &[
                Parameter::one_of(
                    c"type",
                    &[
                        Parameter::flag(c"string", c"STRING"),
                        Parameter::flag(c"hash", c"HASH"),
                        Parameter::flag(c"set", c"SET"),
                        Parameter::flag(c"list", c"LIST"),
                        Parameter::flag(c"zset", c"ZSET"),
                    ],
                ),
                Parameter::string(c"document").after(c"JSON"),
            ],
        ),
    ],
);

/// Runs a command whose words after the key are all data.
fn replace_by_words<'a, C: Command>(
    ctx: &Ctx,
    args: Args<'a>,
    shape: Shape,
) -> Result<Reply<'a>, Error> {
    let words = args.strs(2..args.count());
    if !words.len().is_multiple_of(shape.stride()) {
        return Err(Error::Arity(command::name::<C>()));
    }
    let content = Content::of(shape, words)?;
    effects::replace(
        ctx,
        args.str(1),
        shape,
        content.words(),
        effects::Until::Forever,
    )?;
    counters::REPLACED.add_one();
    Ok(Reply::Ok)
}

/// What a key that should hold `expected` elements of a type, or of any, holds instead; `None` if it is
/// as expected.
fn lost(key: &Key<'_>, shape: Option<Shape>, expected: u64) -> Option<Error> {
    let held = match (key.kind(), key.count()) {
        (Kind::Missing, _) => Held::Nothing,
        _ if shape.is_some() && key.shape() != shape => Held::AnotherType,
        (_, None) => Held::AnotherType,
        (_, Some(count)) if count as u64 == expected => return None,
        (Kind::String, Some(count)) => Held::Bytes(count),
        (Kind::Other, Some(count)) => Held::Elements(count),
    };
    counters::LOST.add_one();
    Some(Error::StageLost { held, expected })
}
