//! Those who wait for locks, and what wakes them: a release, an event that a key has changed, the time at
//! which its holder's time is over, the end of their own patience.
//!
//! Nothing is written where the server tells of a change; a timer that rings before the server sleeps again
//! looks at the key then. There is one timer, set to whatever comes next. Answers too are given when it
//! rings: up to there a client that is killed or unblocked is known to have heard nothing.

use std::collections::HashMap;
use std::mem;
use std::sync::{LazyLock, Mutex, PoisonError};

use super::acquire::renew;
use super::grant::{self, Grant};
use crate::counters;
use crate::effects;
use crate::error::Error;
use crate::logic::waiters::{Place, Waiters};
use crate::server::blocked::{self, Blocked, Id, Outcome};
use crate::server::events::{self, Listener};
use crate::server::key::{Key, Kind};
use crate::server::reply::Reply;
use crate::server::state::{is_primary, is_to_keep_still, select_db, selected_db};
use crate::server::strings::Strings;
use crate::server::timer::{Alarm, Timer};
use crate::server::{self, Ctx, Str};

/// How long to keep still before the next look whether it is still necessary, in milliseconds.
const STILL: i64 = 5;

/// What a client wants.
pub struct Wish {
    token: Box<[u8]>,
    lifetime: i64,
    counter: Option<Box<[u8]>>,
    reenter: bool,
}

impl Wish {
    /// The lock for the token, for so many milliseconds, numbered by the counter.
    pub fn new(token: &Str, lifetime: i64, counter: Option<&Str>, reenter: bool) -> Self {
        Self {
            token: token.bytes().into(),
            lifetime,
            counter: counter.map(|counter| counter.bytes().into()),
            reenter,
        }
    }
}

struct Waiter {
    client: Blocked,
    wish: Wish,
    since: i64,
}

/// How a wait has ended.
enum End {
    Granted(i64),
    InVain,
    Refused(Error),
}

impl From<End> for Outcome {
    fn from(end: End) -> Self {
        match end {
            End::Granted(number) => Ok(Reply::Int(number)),
            End::InVain => Ok(Reply::Int(0)),
            End::Refused(error) => Err(error),
        }
    }
}

/// What a client holds that has not been told so yet.
struct Held {
    place: Place,
    token: Box<[u8]>,
    until: i64,
}

struct Answer {
    client: Blocked,
    end: End,
    held: Option<Held>,
}

#[derive(Default)]
struct Room {
    waiters: Waiters<Id, Waiter>,
    /// How many of them would share the lock with their own token.
    reentering: usize,
    /// To be given when the timer rings.
    answers: HashMap<Id, Answer>,
    /// Locks of clients that are gone before they were told.
    lost: Vec<Held>,
    timer: Option<(i64, Timer)>,
    is_listening: bool,
}

/// Never locked across a call of the server that can lead back here.
static ROOM: LazyLock<Mutex<Room>> = LazyLock::new(Mutex::default);

fn room<T>(act: impl FnOnce(&mut Room) -> T) -> T {
    act(&mut ROOM.lock().unwrap_or_else(PoisonError::into_inner))
}

impl Room {
    /// Notes that a client waits no longer.
    fn has_left(&mut self, waiter: &Waiter) {
        self.reentering -= usize::from(waiter.wish.reenter);
        counters::WAITING.set(self.waiters.len() as u64);
        let waited = server::now() - waiter.since;
        counters::LONGEST_WAIT.raise(u64::try_from(waited).unwrap_or(0));
    }

    fn conclude(&mut self, waiter: Waiter, end: End, held: Option<Held>) {
        self.has_left(&waiter);
        if matches!(end, End::InVain) {
            counters::TIMED_OUT.add_one();
        }
        let client = waiter.client;
        let id = client.id();
        self.answers.insert(id, Answer { client, end, held });
    }

    fn refuse(&mut self, place: &Place, error: &Error) {
        while let Some((_, waiter)) = self.waiters.take_first(place) {
            self.conclude(waiter, End::Refused(error.clone()), None);
        }
    }

    /// Sets the timer to what comes next, but not before a time.
    fn set_timer(&mut self, ctx: &Ctx, earliest: i64) {
        let at_once = !self.answers.is_empty() || !self.lost.is_empty();
        let next = if at_once {
            Some(0)
        } else {
            self.waiters.next()
        };
        let next = next.map(|at| at.max(earliest));
        if let (Some(at), Some((set, _))) = (next, &self.timer)
            && *set <= at
        {
            return;
        }
        if let Some((_, timer)) = self.timer.take() {
            timer.stop(ctx);
        }
        self.timer = next.map(|at| (at, Timer::start::<Clock>(ctx, at - server::now())));
    }
}

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

/// Gives a lock, whose key may be missing now, to who has waited longest for it. Whether it is held then.
pub fn hand_over(ctx: &Ctx, name: &Str) -> bool {
    if counters::WAITING.get() == 0 {
        return false;
    }
    let place = Place {
        db: selected_db(ctx),
        key: name.bytes().into(),
    };
    if count(place.db, &place.key) == 0 {
        return false;
    }
    let is_held = settle(ctx, &place);
    room(|room| room.set_timer(ctx, 0));
    is_held
}

/// Who holds the lock has been heard of: it is not to be taken back.
pub fn is_kept(ctx: &Ctx, name: &Str) {
    room(|room| {
        if !room.lost.is_empty() {
            let place = (selected_db(ctx), name.bytes());
            room.lost
                .retain(|held| (held.place.db, &*held.place.key) != place);
        }
    });
}

/// Before the module is unloaded.
pub fn stop(ctx: &Ctx) {
    if let Some((_, timer)) = room(|room| room.timer.take()) {
        timer.stop(ctx);
    }
}

/// Looks at a key of the selected database that somebody may wait for: grants it if it is free, and sets
/// the time of the next look. Whether it is held then.
fn settle(ctx: &Ctx, place: &Place) -> bool {
    let name = Strings::of([&*place.key]);
    let name = &name.all()[0];
    loop {
        let key = Key::named(ctx, name);
        match key.kind() {
            Kind::Missing => match room(|room| room.waiters.take_first(place)) {
                Some((_, waiter)) => grant(ctx, place, key, waiter),
                None => return false,
            },
            Kind::Other => {
                room(|room| room.refuse(place, &Error::WrongType));
                return true;
            }
            Kind::String => {
                share(ctx, place, &key, name);
                let next = Key::named(ctx, name).expires_at();
                let next = next.map(|at| at.max(server::now()).saturating_add(1));
                room(|room| room.waiters.looked(place, next));
                return true;
            }
        }
    }
}

/// Gives a free lock to who is next, or says why not.
fn grant(ctx: &Ctx, place: &Place, key: Key<'_>, waiter: Waiter) {
    let words = Strings::of(
        [&*waiter.wish.token]
            .into_iter()
            .chain(waiter.wish.counter.as_deref()),
    );
    let (token, counter) = (&words.all()[0], words.all().get(1));
    if !grant::is_here(ctx, key.name(), counter) {
        return room(|room| {
            room.conclude(waiter, End::Refused(Error::SlotMoved), None);
            room.refuse(place, &Error::SlotMoved);
        });
    }
    let taken = grant::take(ctx, key, token, waiter.wish.lifetime, counter);
    room(|room| match taken {
        Ok(Grant { number, until }) => {
            let held = Held {
                place: place.clone(),
                token: waiter.wish.token.clone(),
                until,
            };
            room.conclude(waiter, End::Granted(number), Some(held));
        }
        Err(error) => room.conclude(waiter, End::Refused(error), None),
    });
}

/// Those who would reenter and wait with the token of who holds the lock have it as well.
fn share(ctx: &Ctx, place: &Place, key: &Key<'_>, name: &Str) {
    if room(|room| room.reentering) == 0 {
        return;
    }
    let Ok(token) = key.bytes() else { return };
    let of_token = |waiter: &Waiter| waiter.wish.reenter && *waiter.wish.token == *token;
    for (_, waiter) in room(|room| room.waiters.take_where(place, of_token)) {
        let counter = Strings::of(waiter.wish.counter.as_deref());
        let key = Key::named(ctx, name);
        let end = match renew(ctx, key, waiter.wish.lifetime, counter.all().first()) {
            Ok(number) => End::Granted(number),
            Err(error) => End::Refused(error),
        };
        room(|room| room.conclude(waiter, end, None));
    }
}

/// What the server calls.
struct Clock;

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
        room(|room| room.set_timer(ctx, if still { now + STILL } else { 0 }));
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

impl blocked::Waiting for Clock {
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
