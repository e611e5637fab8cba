//! How a client comes to wait for a lock, and what others want of those who do.

use std::mem;

use super::clock::Clock;
use super::room::{Held, Waiter, Wish, room};
use crate::counters;
use crate::server::events::{self, Listener};
use crate::server::state::{is_primary, selected_db};
use crate::server::{self, Ctx, Str, blocked};

/// Has the client of the call at hand wait for a lock, to be answered later, up to `end` (milliseconds
/// since the Unix epoch) or without limit. Whether it does.
///
/// The lock is held, up to `until` as far as is known.
pub fn join(ctx: &Ctx, name: &Str, until: Option<i64>, wish: Wish, end: Option<i64>) -> bool {
    // A replica that accepts writes has nobody who would hear of a release on its primary.
    if !is_primary(ctx) {
        return false;
    }
    if !room(|room| mem::replace(&mut room.is_listening, true)) {
        events::listen::<Clock>(ctx);
    }
    let Some(client) = blocked::block::<Clock>(ctx) else {
        return false;
    };
    let (db, key, since) = (selected_db(ctx), name.bytes(), server::now());
    room(|room| {
        room.reentering += usize::from(wish.reenter);
        let waiter = Waiter {
            client,
            wish,
            since,
        };
        room.waiters.join(db, key, waiter.client.id(), end, waiter);
        if let Some(until) = until {
            room.waiters.look(db, key, until.saturating_add(1));
        }
        counters::WAITING.set(room.waiters.len() as u64);
        room.set_timer(ctx, 0);
    });
    true
}

/// How many wait for a lock.
pub fn count(db: i32, key: &[u8]) -> i64 {
    i64::try_from(room(|room| room.waiters.count(db, key))).unwrap_or(i64::MAX)
}

/// Who holds a lock has been heard of, and holds it for another time: it is not to be taken back, and those
/// who wait are to know. (Not every server tells of the new time.)
pub fn is_kept(ctx: &Ctx, name: &Str) {
    let (db, key) = (selected_db(ctx), name.bytes());
    room(|room| {
        let is_other = |held: &Held| (held.place.db, &*held.place.key) != (db, key);
        room.lost.retain(is_other);
    });
    Clock::key_changed(ctx, db, key);
}

/// Before the module is unloaded.
pub fn stop(ctx: &Ctx) {
    room(|room| room.stop_timer(ctx));
}
