//! What wakes those who wait, besides a release: an event that a key has changed, the time at which its
//! holder's time is over, the end of their own patience.
//!
//! Nothing is written where the server tells of a change; a timer that rings before the server sleeps again
//! looks at the key then. There is one timer, set to whatever comes next. Answers too are given when it
//! rings: up to there a client that is killed or unblocked is known to have heard nothing.

use std::mem;

use super::grant::settle;
use super::room::{End, room};
use crate::counters;
use crate::effects;
use crate::error::Error;
use crate::logic::waiters::Place;
use crate::server::blocked::{Id, Outcome, Waiting};
use crate::server::events::Listener;
use crate::server::key::{Key, Kind};
use crate::server::state::{is_primary, is_to_keep_still, select_db};
use crate::server::strings::Strings;
use crate::server::timer::Alarm;
use crate::server::{self, Ctx};

/// How long to keep still before the next look whether it is still necessary, in milliseconds.
const STILL: i64 = 5;

/// What the server calls.
pub struct Clock;

impl Alarm for Clock {
    fn ring(ctx: &Ctx) {
        room(|room| room.timer = None);
        let now = server::now();
        room(|room| {
            while let Some((_, waiter)) = room.waiters.take_ended(now) {
                room.conclude(waiter, End::InVain, None);
            }
        });
        let still = is_to_keep_still(ctx);
        if !still {
            take_back(ctx);
            while let Some(place) = room(|room| room.waiters.take_look(now)) {
                if is_primary(ctx) {
                    select_db(ctx, place.db);
                    settle(ctx, &place);
                } else {
                    room(|room| room.refuse(&place, &Error::Demoted));
                }
            }
        }
        for (_, answer) in room(|room| mem::take(&mut room.answers)) {
            answer.client.answer(answer.end.into());
        }
        room(|room| {
            // Whatever was done here has set the timer to now. But a timer that is started while another rings
            // waits for a millisecond, and so would those who are granted a lock, or taken one away, up to then.
            room.stop_timer(ctx);
            room.set_timer(ctx, if still { now + STILL } else { 0 });
        });
    }
}

/// Releases what clients hold that were gone before they could be told.
fn take_back(ctx: &Ctx) {
    for held in room(|room| mem::take(&mut room.lost)) {
        let Place { db, key } = &held.place;
        select_db(ctx, *db);
        let name = Strings::of([&**key]);
        let found = Key::named(ctx, &name.all()[0]);
        let is_theirs = found.kind() == Kind::String
            && found.expires_at() == Some(held.until)
            && found.bytes().is_ok_and(|token| *token == *held.token);
        // A refusal leaves it to its time.
        if is_theirs && is_primary(ctx) && effects::release(ctx, found).is_ok() {
            room(|room| room.waiters.look(*db, key, 0));
        }
    }
}

impl Waiting for Clock {
    fn unblocked(ctx: &Ctx, id: Id) -> Outcome {
        room(|room| {
            let end = if let Some(waiter) = room.waiters.leave(id) {
                room.has_left(&waiter);
                counters::TIMED_OUT.add_one();
                End::InVain
            } else {
                // It was answered before; only it has not been told.
                let answer = room.answers.remove(&id);
                answer.map_or(End::Refused(Error::Internal), |answer| answer.end)
            };
            room.set_timer(ctx, 0);
            end.into()
        })
    }

    fn gone(ctx: &Ctx, id: Id) {
        room(|room| {
            if let Some(waiter) = room.waiters.leave(id) {
                room.has_left(&waiter);
            } else if let Some(answer) = room.answers.remove(&id) {
                room.lost.extend(answer.held);
            }
            room.set_timer(ctx, 0);
        });
    }
}

impl Listener for Clock {
    fn key_changed(ctx: &Ctx, db: i32, key: &[u8]) {
        if counters::WAITING.get() == 0 {
            return;
        }
        room(|room| {
            if room.waiters.count(db, key) > 0 {
                room.waiters.look(db, key, 0);
                room.set_timer(ctx, 0);
            }
        });
    }

    fn db_changed(ctx: &Ctx, db: Option<i32>) {
        room(|room| {
            room.waiters.look_at_all(db, 0);
            room.set_timer(ctx, 0);
        });
    }
}
