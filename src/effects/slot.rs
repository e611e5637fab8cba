//! A slot of a cluster that is on its way to another node.

use std::hash::{BuildHasher, Hasher, RandomState};

use crate::error::Error;
use crate::logic::slot::neighbours;
use crate::server::call::{Arg, Effect, call};
use crate::server::{Ctx, Str, abilities};

/// Lets through what takes a key away to write it anew, by a command of so many keys (1 or 2), unless the
/// key's slot is on its way from one node to another: there the server refuses to write to a key that is
/// missing, and the value would be lost.
///
/// # Errors
/// [`Error::SlotMigrates`], and nothing has been written.
pub fn stays(ctx: &Ctx, key: &Str, keys: usize) -> Result<(), Error> {
    if !abilities::cluster() {
        return Ok(());
    }
    // Without effect or event, and refused where the command to come would be. Whoever had these keys would
    // lose them, so their names are new each time, and nobody's to guess.
    let nonce = RandomState::new().build_hasher().finish();
    let [one, other] = neighbours(key.bytes(), nonce);
    let missing = [Arg::Bytes(&one), Arg::Bytes(&other)];
    let answer = call(ctx, c"UNLINK", Effect::Local, &missing[..keys]);
    answer.map(drop).map_err(|_| Error::SlotMigrates)
}
