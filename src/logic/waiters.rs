//! Who waits for which key, in which order, and when to do something about it. First come, first served,
//! for each key of each database.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::Hash;
use std::sync::Arc;

/// A key of a database.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The database's number.
    pub db: i32,
    /// The key's name.
    pub key: Arc<[u8]>,
}

/// Those who wait, each with what it brought along (`T`), known by an identity (`I`).
///
/// Times are milliseconds since the Unix epoch. A key that somebody waits for is to be looked at, at the
/// latest, at a time that is told by [`Waiters::look`].
pub struct Waiters<I, T> {
    queues: HashMap<i32, HashMap<Arc<[u8]>, Queue<I>>>,
    all: HashMap<I, Waiter<T>>,
    /// When waits end by themselves.
    ends: BTreeSet<(i64, I)>,
    /// When keys are to be looked at.
    looks: BTreeSet<(i64, Place)>,
    /// Of the next one to come.
    ticket: u64,
}

struct Queue<I> {
    /// By ticket.
    order: BTreeMap<u64, I>,
    look: Option<i64>,
}

struct Waiter<T> {
    place: Place,
    ticket: u64,
    end: Option<i64>,
    brought: T,
}

impl<I: Copy + Ord + Hash, T> Default for Waiters<I, T> {
    fn default() -> Self {
        Self {
            queues: HashMap::new(),
            all: HashMap::new(),
            ends: BTreeSet::new(),
            looks: BTreeSet::new(),
            ticket: 0,
        }
    }
}

impl<I: Copy + Ord + Hash, T> Waiters<I, T> {
    /// How many wait, for all keys.
    #[must_use]
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// How many wait for a key.
    #[must_use]
    pub fn count(&self, db: i32, key: &[u8]) -> usize {
        let queue = self.queues.get(&db).and_then(|queues| queues.get(key));
        queue.map_or(0, |queue| queue.order.len())
    }

    /// Adds one at the end of the queue for a key. It waits until `end`, or without limit. Nobody of the
    /// same identity waits.
    pub fn join(&mut self, db: i32, key: &[u8], id: I, end: Option<i64>, brought: T) {
        let queues = self.queues.entry(db).or_default();
        let key = match queues.get_key_value(key) {
            Some((key, _)) => Arc::clone(key),
            None => Arc::from(key),
        };
        let queue = queues.entry(Arc::clone(&key)).or_insert(Queue {
            order: BTreeMap::new(),
            look: None,
        });
        let ticket = self.ticket;
        self.ticket += 1;
        queue.order.insert(ticket, id);
        self.ends.extend(end.map(|end| (end, id)));
        let place = Place { db, key };
        self.all.insert(
            id,
            Waiter {
                place,
                ticket,
                end,
                brought,
            },
        );
    }

    /// Takes one out, wherever it stands.
    pub fn leave(&mut self, id: I) -> Option<T> {
        let Waiter {
            place,
            ticket,
            end,
            brought,
        } = self.all.remove(&id)?;
        if let Some(end) = end {
            self.ends.remove(&(end, id));
        }
        let queues = self.queues.get_mut(&place.db).expect("it waits there");
        let queue = queues.get_mut(&place.key).expect("it waits there");
        queue.order.remove(&ticket);
        if queue.order.is_empty() {
            let look = queue.look;
            queues.remove(&place.key);
            if queues.is_empty() {
                self.queues.remove(&place.db);
            }
            if let Some(at) = look {
                self.looks.remove(&(at, place));
            }
        }
        if self.all.is_empty() {
            // What a crowd has needed is not kept for those to come.
            *self = Self {
                ticket: self.ticket,
                ..Self::default()
            };
        }
        Some(brought)
    }

    /// Takes out the one who has waited longest for a key.
    pub fn take_first(&mut self, place: &Place) -> Option<(I, T)> {
        let queue = self.queues.get(&place.db)?.get(&place.key)?;
        let id = *queue.order.values().next()?;
        self.leave(id).map(|brought| (id, brought))
    }

    /// Takes out the first, in their order, that are wanted.
    pub fn take_where(&mut self, place: &Place, wanted: impl Fn(&T) -> bool) -> Vec<(I, T)> {
        let queue = self.queues.get(&place.db).and_then(|q| q.get(&place.key));
        let ids: Vec<I> = queue.map_or_else(Vec::new, |queue| {
            let ids = queue.order.values().copied();
            ids.filter(|id| wanted(&self.all[id].brought)).collect()
        });
        ids.into_iter()
            .filter_map(|id| self.leave(id).map(|brought| (id, brought)))
            .collect()
    }

    /// Takes out one whose wait is over.
    pub fn take_ended(&mut self, now: i64) -> Option<(I, T)> {
        let &(end, id) = self.ends.first()?;
        if end > now {
            return None;
        }
        self.leave(id).map(|brought| (id, brought))
    }

    /// A key is to be looked at then, or earlier if that was said before. Nothing where nobody waits.
    pub fn look(&mut self, db: i32, key: &[u8], at: i64) {
        self.set_look(db, key, |before| Some(before.map_or(at, |b| b.min(at))));
    }

    /// A key was looked at, and is to be looked at then, whatever was said before.
    pub fn looked(&mut self, place: &Place, next: Option<i64>) {
        self.set_look(place.db, &place.key, |_| next);
    }

    fn set_look(&mut self, db: i32, key: &[u8], next: impl FnOnce(Option<i64>) -> Option<i64>) {
        let Some(queues) = self.queues.get_mut(&db) else {
            return;
        };
        let Some((key, _)) = queues.get_key_value(key) else {
            return;
        };
        let place = Place {
            db,
            key: Arc::clone(key),
        };
        let queue = queues.get_mut(&place.key).expect("just seen");
        let before = queue.look;
        queue.look = next(before);
        let after = queue.look;
        if before == after {
            return;
        }
        if let Some(at) = before {
            self.looks.remove(&(at, place.clone()));
        }
        if let Some(at) = after {
            self.looks.insert((at, place));
        }
    }

    /// All keys of a database, or of all, are to be looked at.
    pub fn look_at_all(&mut self, db: Option<i32>, at: i64) {
        let of_db = self
            .queues
            .iter()
            .filter(|(n, _)| db.is_none_or(|db| db == **n));
        let places: Vec<(i32, Arc<[u8]>)> = of_db
            .flat_map(|(db, queues)| queues.keys().map(|key| (*db, Arc::clone(key))))
            .collect();
        for (db, key) in places {
            self.look(db, &key, at);
        }
    }

    /// A key that is to be looked at by now; it is [`Waiters::looked`] at with this.
    pub fn take_look(&mut self, now: i64) -> Option<Place> {
        let (at, place) = self.looks.first()?;
        if *at > now {
            return None;
        }
        let place = place.clone();
        self.looked(&place, None);
        Some(place)
    }

    /// When something is to be done next: a look, or an end.
    #[must_use]
    pub fn next(&self) -> Option<i64> {
        let look = self.looks.first().map(|(at, _)| *at);
        let end = self.ends.first().map(|(at, _)| *at);
        look.into_iter().chain(end).min()
    }
}

#[cfg(test)]
mod tests;
