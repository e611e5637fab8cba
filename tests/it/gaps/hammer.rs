//! One key, writers that replace its value over and over, and readers that look for anything but one
//! whole value. The tests and `examples/gaps.rs` share it.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::value::{Found, Kind};
use crate::support::Client;

/// How a writer replaces the value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Strategy {
    /// `ATOMIC.REPLACEHASH key …`
    Atomic,
    /// The same between `MULTI` and `EXEC`.
    AtomicInMulti,
    /// `DEL key`, then `HSET key …`.
    DeleteThenWrite,
    /// `HSET key …` over what is there.
    Merge,
    /// `HSET key:tmp …`, then `RENAME key:tmp key`, every writer with the same temporary key.
    SharedTemporary,
}

/// What the readers saw.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Tally {
    /// All reads.
    pub reads: u64,
    /// The key was missing, or part of the value was.
    pub gaps: u64,
    /// Something of an older value was still there.
    pub stale: u64,
    /// As many elements as a value has, but out of several values.
    pub mixed: u64,
}

impl Tally {
    /// Whether every read saw one whole value.
    pub fn is_clean(&self) -> bool {
        self.gaps + self.stale + self.mixed == 0
    }
}

/// One run.
pub struct Hammer {
    pub kind: Kind,
    pub strategy: Strategy,
    pub writers: u64,
    pub readers: usize,
    pub writes_to: SocketAddr,
    pub reads_from: SocketAddr,
    pub time: Duration,
}

#[derive(Default)]
struct Counters {
    done: AtomicBool,
    reads: AtomicU64,
    gaps: AtomicU64,
    stale: AtomicU64,
    mixed: AtomicU64,
}

impl Counters {
    fn tally(&self) -> Tally {
        Tally {
            reads: self.reads.load(Ordering::Relaxed),
            gaps: self.gaps.load(Ordering::Relaxed),
            stale: self.stale.load(Ordering::Relaxed),
            mixed: self.mixed.load(Ordering::Relaxed),
        }
    }
}

impl Hammer {
    /// Hammers for the given time; `progress` gets how much of it is over, in percent, and the
    /// tally so far.
    pub fn run(&self, progress: impl Fn(usize, Tally)) -> Tally {
        let key = format!("gaps:{:?}:{:?}", self.kind, self.strategy);
        let counters = Counters::default();
        self.begin(&key);
        thread::scope(|scope| {
            for writer in 0..self.writers {
                scope.spawn({
                    let (key, counters) = (&key, &counters);
                    move || self.write(key, writer, counters)
                });
            }
            for _ in 0..self.readers {
                scope.spawn(|| self.read(&key, &counters));
            }
            let start = Instant::now();
            while start.elapsed() < self.time {
                thread::sleep(Duration::from_millis(100).min(self.time));
                let done = 100 * start.elapsed().as_millis() / self.time.as_millis();
                progress(
                    usize::try_from(done.min(100)).expect("percent"),
                    counters.tally(),
                );
            }
            counters.done.store(true, Ordering::Relaxed);
        });
        counters.tally()
    }

    /// Puts the first value there, and waits until those who read from a replica can see it.
    fn begin(&self, key: &str) {
        let mut writer = Client::connect(self.writes_to);
        writer.call(&["DEL", key]);
        self.kind.write(&mut writer, key, 0);
        let mut reader = Client::connect(self.reads_from);
        while self.kind.read(&mut reader, key) != Found::Whole {
            thread::yield_now();
        }
    }

    /// Writers number their generations so that no two have one in common.
    fn write(&self, key: &str, writer: u64, counters: &Counters) {
        let mut client = Client::connect(self.writes_to);
        let temporary = format!("{key}:tmp");
        let mut generation = self.writers + writer;
        while !counters.done.load(Ordering::Relaxed) {
            match self.strategy {
                Strategy::Atomic => self.kind.replace(&mut client, key, generation),
                Strategy::AtomicInMulti => {
                    client.call(&["MULTI"]);
                    self.kind.replace(&mut client, key, generation);
                    client.call(&["EXEC"]);
                }
                Strategy::DeleteThenWrite => {
                    client.call(&["DEL", key]);
                    self.kind.write(&mut client, key, generation);
                }
                Strategy::Merge => self.kind.write(&mut client, key, generation),
                Strategy::SharedTemporary => {
                    self.kind.write(&mut client, &temporary, generation);
                    // Fails when another writer's RENAME took the key away: the gap between the two.
                    client.call(&["RENAME", &temporary, key]);
                }
            }
            generation += self.writers;
        }
    }

    fn read(&self, key: &str, counters: &Counters) {
        let mut client = Client::connect(self.reads_from);
        while !counters.done.load(Ordering::Relaxed) {
            let finding = match self.kind.read(&mut client, key) {
                Found::Whole => None,
                Found::Gap => Some(&counters.gaps),
                Found::Stale => Some(&counters.stale),
                Found::Mixed => Some(&counters.mixed),
            };
            counters.reads.fetch_add(1, Ordering::Relaxed);
            if let Some(counter) = finding {
                counter.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}
