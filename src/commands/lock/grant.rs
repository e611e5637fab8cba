//! Who gets a lock that is free: the only writes of a grant.

use super::fence;
use crate::counters;
use crate::effects;
use crate::error::Error;
use crate::logic::expiry::Expiry;
use crate::server::call::{Arg, Effect, call};
use crate::server::key::Key;
use crate::server::state::is_cluster;
use crate::server::{self, Ctx, Str};

/// A lock that was just taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grant {
    /// The number that the counter has given it; 1 without a counter.
    pub number: i64,
    /// To this time, in milliseconds since the Unix epoch.
    pub until: i64,
}

/// Takes a lock whose key is missing, for so many milliseconds from now on.
///
/// Memory is not asked for: a call that finds none has been refused by the server, and who waits longest is
/// not passed over for a few bytes.
///
/// # Errors
/// The counter is none, or exhausted; then nothing was written.
pub fn take(
    ctx: &Ctx,
    key: Key<'_>,
    token: &Str,
    lifetime: i64,
    counter: Option<&Str>,
) -> Result<Grant, Error> {
    if let Some(counter) = counter {
        fence::check(ctx, counter)?;
    }
    let until = server::now().saturating_add(lifetime);
    effects::set(ctx, key, token, Expiry::At(until))?;
    let number = match counter {
        None => 1,
        Some(counter) => effects::increment(ctx, counter)?,
    };
    counters::GRANTED.add_one();
    Ok(Grant { number, until })
}

/// Whether this node of a cluster, if it is one, serves the keys of a grant.
pub fn is_here(ctx: &Ctx, name: &Str, counter: Option<&Str>) -> bool {
    let keys = [Arg::Str(name), Arg::Str(counter.unwrap_or(name))];
    !is_cluster(ctx) || call(ctx, c"EXISTS", Effect::Local, &keys).is_ok()
}
