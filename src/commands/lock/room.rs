//! The room in which those wait who want a lock: who they are, what they want, what they will be told.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use super::clock::Clock;
use crate::counters;
use crate::error::Error;
use crate::logic::waiters::{Place, Waiters};
use crate::server::blocked::{Blocked, Id, Outcome};
use crate::server::reply::Reply;
use crate::server::timer::Timer;
use crate::server::{self, Ctx, Str};

/// What a client wants.
pub struct Wish {
    /// Whose the lock is to be.
    pub token: Box<[u8]>,
    /// In milliseconds.
    lifetime: i64,
    /// What numbers the grant.
    pub counter: Option<Box<[u8]>>,
    /// Whether it is a grant too that the token holds the lock already.
    pub reenter: bool,
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

    /// To when the lock is held if it is granted now.
    pub fn until(&self) -> i64 {
        server::now().saturating_add(self.lifetime)
    }
}

/// A client that waits, since a time in milliseconds since the Unix epoch.
pub struct Waiter {
    /// Who.
    pub client: Blocked,
    /// For what.
    pub wish: Wish,
    /// Since when.
    pub since: i64,
}

/// How a wait has ended.
pub enum End {
    /// With the lock, and a number.
    Granted(i64),
    /// Without it: its time was over, or somebody has ended it.
    InVain,
    /// It cannot be granted.
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
pub struct Held {
    /// The lock.
    pub place: Place,
    /// The client's token.
    pub token: Box<[u8]>,
    /// To when, in milliseconds since the Unix epoch.
    pub until: i64,
}

/// What a client will be told.
pub struct Answer {
    /// Who.
    pub client: Blocked,
    /// What.
    pub end: End,
    /// The lock that it has thereby.
    pub held: Option<Held>,
}

/// All of them.
#[derive(Default)]
pub struct Room {
    /// Those who wait.
    pub waiters: Waiters<Id, Waiter>,
    /// How many of them would share the lock with their own token.
    pub reentering: usize,
    /// To be given when the timer rings.
    pub answers: HashMap<Id, Answer>,
    /// Locks of clients that are gone before they were told.
    pub lost: Vec<Held>,
    /// The timer, and the time that it is set to.
    pub timer: Option<(i64, Timer)>,
    /// Whether the server tells of changes.
    pub is_listening: bool,
}

/// Never locked across a call of the server that can lead back here.
static ROOM: LazyLock<Mutex<Room>> = LazyLock::new(Mutex::default);

/// What is done in the room is done without anybody else in it.
pub fn room<T>(act: impl FnOnce(&mut Room) -> T) -> T {
    act(&mut ROOM.lock().unwrap_or_else(PoisonError::into_inner))
}

impl Room {
    /// Notes that a client waits no longer.
    pub fn has_left(&mut self, waiter: &Waiter) {
        self.reentering -= usize::from(waiter.wish.reenter);
        counters::WAITING.set(self.waiters.len() as u64);
        let waited = server::now() - waiter.since;
        counters::LONGEST_WAIT.raise(u64::try_from(waited).unwrap_or(0));
    }

    /// A wait is over; the client hears of it when the timer rings.
    pub fn conclude(&mut self, waiter: Waiter, end: End, held: Option<Held>) {
        self.has_left(&waiter);
        if matches!(end, End::InVain) {
            counters::TIMED_OUT.add_one();
        }
        let client = waiter.client;
        let id = client.id();
        self.answers.insert(id, Answer { client, end, held });
    }

    /// Nobody can have this lock.
    pub fn refuse(&mut self, place: &Place, error: &Error) {
        while let Some((_, waiter)) = self.waiters.take_first(place) {
            self.conclude(waiter, End::Refused(error.clone()), None);
        }
    }

    /// Nothing rings until the timer is set again.
    pub fn stop_timer(&mut self, ctx: &Ctx) {
        if let Some((_, timer)) = self.timer.take() {
            timer.stop(ctx);
        }
    }

    /// Sets the timer to what comes next, but not before a time.
    pub fn set_timer(&mut self, ctx: &Ctx, earliest: i64) {
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
        self.stop_timer(ctx);
        self.timer = next.map(|at| (at, Timer::start::<Clock>(ctx, at - server::now())));
    }
}
