//! The steps of `LOCK.*`. Each client has two locks, with one counter for both.

use super::options::digest;
use super::{Changes, Content, Draw, FAR, Step, held, step, words};
use crate::support::{Value, array, bulk, int, nil, simple};

/// In a reply: any time to live that is not over.
pub const SOME_TIME: &str = "some time";

const MINE: &str = "mine";
const OTHER: &str = "other";

impl Draw<'_> {
    /// Takes a lock with a number, or extends, reenters, releases it, or is refused it.
    pub(super) fn lock(&mut self) -> Step {
        let lock = format!("{}:lock", self.id);
        let acquire =
            |token: &str, options: &str| format!("LOCK.ACQUIRE {lock} {token} EX {FAR}{options}");
        let (number, fence) = self.fence();
        let with_fence = format!(" FENCE {fence}");
        if self.owner(&lock).is_none() {
            // Nobody is in the way: it does not come to a wait.
            let block = self.random.of(&["", " BLOCK 1000", " BLOCK 0 REENTER"]);
            let call = acquire(MINE, &format!("{with_fence}{block}"));
            return step(words(&call), int(number + 1), self.granted(&lock));
        }
        let released = vec![(lock.clone(), None)];
        let (call, reply, changes) = match self.random.below(8) {
            0 => (acquire(OTHER, ""), 0, Vec::new()),
            1 => (acquire(OTHER, " BLOCK 2"), 0, Vec::new()),
            2 => (acquire(MINE, &with_fence), 0, Vec::new()),
            3 => (
                acquire(MINE, &format!("{with_fence} REENTER")),
                number,
                Vec::new(),
            ),
            4 => (format!("LOCK.EXTEND {lock} {MINE} EX {FAR}"), 1, Vec::new()),
            5 => (
                format!("LOCK.EXTEND {lock} {OTHER} EX {FAR}"),
                0,
                Vec::new(),
            ),
            6 => (format!("LOCK.RELEASE {lock} {OTHER}"), 0, Vec::new()),
            _ => (format!("LOCK.RELEASE {lock} {MINE}"), 1, released),
        };
        step(words(&call), int(reply), changes)
    }

    /// Has another client take a lock, waits for it, and is handed it when that one releases it, and so on.
    pub(super) fn wait_for_a_lock(&mut self) -> Step {
        let lock = format!("{}:wait", self.id);
        match self.owner(&lock) {
            None => {
                let taken = vec![(lock.clone(), Some(lock_of(OTHER)))];
                let call = format!("LOCK.ACQUIRE {lock} {OTHER} EX {FAR}");
                step(words(&call), int(1), taken)
            }
            Some(token) if token == MINE.as_bytes() => {
                let call = format!("LOCK.RELEASE {lock} {MINE}");
                step(words(&call), int(1), vec![(lock, None)])
            }
            Some(_) => {
                let (number, fence) = self.fence();
                let call = format!("LOCK.ACQUIRE {lock} {MINE} EX {FAR} FENCE {fence} BLOCK 0");
                let granted = self.granted(&lock);
                // Released; and granted to one who was gone before it heard of it.
                let taken_back = [&granted[1..], &[(lock.clone(), None)]].concat();
                Step {
                    beside: Some(words(&format!("LOCK.RELEASE {lock} {OTHER}"))),
                    halves: vec![vec![(lock, None)], taken_back],
                    ..step(words(&call), int(number + 1), granted)
                }
            }
        }
    }

    /// Of a lock, or of any string, for such is a lock.
    pub(super) fn lock_info(&mut self) -> Step {
        let key = match self.random.below(3) {
            0 => format!("{}:lock", self.id),
            1 => format!("{}:wait", self.id),
            _ => self.key(),
        };
        let (is_held, time, owner) = match self.model.get(&key) {
            None => (0, int(-1), nil()),
            Some(held) => {
                let Content::Text(token) = &held.content else {
                    return self.lock();
                };
                let time = if held.expires {
                    simple(SOME_TIME)
                } else {
                    int(-1)
                };
                (1, time, bulk(digest(token)))
            }
        };
        let fields: [(&str, Value); 4] = [
            ("held", int(is_held)),
            ("pttl", time),
            ("waiters", int(0)),
            ("owner", owner),
        ];
        let reply = array(
            fields
                .into_iter()
                .flat_map(|(name, value)| [bulk(name), value]),
        );
        step(words(&format!("LOCK.INFO {key}")), reply, Vec::new())
    }

    fn owner(&self, lock: &str) -> Option<&[u8]> {
        match self.model.get(lock).map(|held| &held.content) {
            Some(Content::Text(token)) => Some(token),
            _ => None,
        }
    }

    /// The last number given, and the counter's name.
    fn fence(&self) -> (i64, String) {
        let fence = format!("{}:fence", self.id);
        let number = self.owner(&fence).map_or(0, |text| {
            String::from_utf8_lossy(text).parse().expect("a number")
        });
        (number, fence)
    }

    /// What a grant makes of the lock, and then of the counter.
    fn granted(&self, lock: &str) -> Changes {
        let (number, fence) = self.fence();
        let counted = Content::Text((number + 1).to_string().into());
        vec![
            (lock.to_owned(), Some(lock_of(MINE))),
            (fence, Some(held(counted, false))),
        ]
    }
}

fn lock_of(token: &str) -> super::Held {
    held(Content::Text(token.into()), true)
}
