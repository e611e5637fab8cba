//! Who gets a lock that is free, and how: all writes of a grant.

use super::acquire::renew;
use super::fence;
use super::room::{End, Held, Waiter, room};
use crate::counters;
use crate::effects;
use crate::error::Error;
use crate::logic::waiters::Place;
use crate::server::call::{Arg, Effect, call};
use crate::server::key::{Key, Kind};
use crate::server::state::{is_cluster, selected_db};
use crate::server::strings::Strings;
use crate::server::{self, Ctx, Str};

/// Takes a lock whose key is missing, up to `until`, in milliseconds since the Unix epoch. The result is the
/// number of the grant; 1 without a counter.
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
    until: i64,
    counter: Option<&Str>,
) -> Result<i64, Error> {
    if let Some(counter) = counter {
        fence::check(ctx, counter)?;
    }
    effects::grant(ctx, key, token, until)?;
    let number = match counter {
        None => 1,
        Some(counter) => effects::increment(ctx, counter)?,
    };
    counters::GRANTED.add_one();
    Ok(number)
}

/// Whether this node of a cluster, if it is one, serves the keys of a grant.
fn is_here(ctx: &Ctx, name: &Str, counter: Option<&Str>) -> bool {
    let keys = [Arg::Str(name), Arg::Str(counter.unwrap_or(name))];
    !is_cluster(ctx) || call(ctx, c"EXISTS", Effect::Local, &keys).is_ok()
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
    if room(|room| room.waiters.count(place.db, &place.key)) == 0 {
        return false;
    }
    let is_held = settle(ctx, &place);
    room(|room| room.set_timer(ctx, 0));
    is_held
}

/// Looks at a key of the selected database that somebody may wait for: grants it if it is free, and sets
/// the time of the next look. Whether it is held then.
pub fn settle(ctx: &Ctx, place: &Place) -> bool {
    let name = Strings::of([&*place.key]);
    let name = &name.all()[0];
    loop {
        let key = Key::named(ctx, name);
        match key.kind() {
            Kind::Missing => match room(|room| room.waiters.take_first(place)) {
                Some((_, waiter)) => serve(ctx, place, key, waiter),
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
fn serve(ctx: &Ctx, place: &Place, key: Key<'_>, waiter: Waiter) {
    let words = Strings::of(
        [&*waiter.wish.token]
            .into_iter()
            .chain(waiter.wish.counter.as_deref()),
    );
    let (token, counter) = (&words.all()[0], words.all().get(1));
    if !is_here(ctx, key.name(), counter) {
        return room(|room| {
            room.conclude(waiter, End::Refused(Error::SlotMoved), None);
            room.refuse(place, &Error::SlotMoved);
        });
    }
    let until = waiter.wish.until();
    let taken = take(ctx, key, token, until, counter);
    room(|room| match taken {
        Ok(number) => {
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
        let end = match renew(ctx, key, waiter.wish.until(), counter.all().first()) {
            Ok(number) => End::Granted(number),
            Err(error) => End::Refused(error),
        };
        room(|room| room.conclude(waiter, end, None));
    }
}
