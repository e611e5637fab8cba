//! All writers, and how they are led.

use std::fmt;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use super::step::Has;
use super::writer::Writer;
use crate::support::{Server, until};

/// What was done.
#[derive(Debug, Clone, Copy, Default)]
pub struct Tally {
    pub acknowledged: i64,
    pub refused: i64,
    pub interrupted: i64,
    /// Conditions in what was acknowledged.
    pub conditions: i64,
    /// Conditions in what was refused, or under way.
    pub conditions_perhaps: i64,
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} acknowledged, {} refused, {} under way",
            self.acknowledged, self.refused, self.interrupted
        )
    }
}

impl Tally {
    fn add(&mut self, other: Tally) {
        self.acknowledged += other.acknowledged;
        self.refused += other.refused;
        self.interrupted += other.interrupted;
        self.conditions += other.conditions;
        self.conditions_perhaps += other.conditions_perhaps;
    }
}

/// What the writers are told, and tell.
pub struct Orders {
    pub stop: AtomicBool,
    pub held: AtomicBool,
    /// How many of them rest, and how often they have written.
    resting: AtomicU64,
    pub done: AtomicU64,
    address: Mutex<SocketAddr>,
}

impl Orders {
    /// Of the primary.
    pub fn address(&self) -> SocketAddr {
        *self.address.lock().expect("no writer panics with it")
    }

    pub fn rest(&self) {
        self.resting.fetch_add(1, Ordering::SeqCst);
        until("the writers may go on", || {
            !self.held.load(Ordering::SeqCst) || self.stop.load(Ordering::Relaxed)
        });
        self.resting.fetch_sub(1, Ordering::SeqCst);
    }
}

/// All writers.
pub struct Crew {
    writers: Vec<Option<Writer>>,
    tally: Tally,
}

/// Writers at work.
pub struct Work<'a> {
    crew: &'a mut Crew,
    orders: Arc<Orders>,
    threads: Vec<JoinHandle<Writer>>,
}

impl Crew {
    pub fn new(count: u64, seed: u64, has: Has) -> Crew {
        let writer = |id| Some(Writer::new(id, seed, has));
        Crew {
            writers: (0..count).map(writer).collect(),
            tally: Tally::default(),
        }
    }

    pub fn start(&mut self, primary: SocketAddr) -> Work<'_> {
        let orders = Arc::new(Orders {
            stop: AtomicBool::new(false),
            held: AtomicBool::new(false),
            resting: AtomicU64::new(0),
            done: AtomicU64::new(0),
            address: Mutex::new(primary),
        });
        let threads = self.writers.iter_mut().map(|writer| {
            let mut writer = writer.take().expect("nobody works");
            let orders = Arc::clone(&orders);
            thread::spawn(move || {
                writer.work(&orders);
                writer
            })
        });
        let threads = threads.collect();
        Work {
            crew: self,
            orders,
            threads,
        }
    }

    pub fn verify(&mut self, primary: &Server) {
        let mut client = primary.client();
        for writer in self.writers.iter_mut().flatten() {
            writer.verify(&mut client);
        }
    }

    /// After their keys have been deleted.
    pub fn forget(&mut self) {
        for writer in self.writers.iter_mut().flatten() {
            writer.forget();
        }
    }

    pub fn acknowledged(&self) -> i64 {
        self.tally.acknowledged
    }

    pub fn interrupted(&self) -> i64 {
        self.tally.interrupted
    }
}

impl Work<'_> {
    /// Waits until so many more writes have been tried.
    pub fn go_on(&self, writes: u64) {
        let done = || self.orders.done.load(Ordering::Relaxed);
        let enough = done() + writes;
        until("the writers write", || {
            assert!(!self.threads.iter().any(JoinHandle::is_finished));
            done() >= enough
        });
    }

    /// The same for very many.
    pub fn go_on_long(&self, writes: u64) {
        const AT_ONCE: u64 = 1000;
        for _ in 0..writes.div_ceil(AT_ONCE) {
            self.go_on(AT_ONCE);
        }
    }

    /// Runs `act` while nobody writes; they go on with the primary that it returns.
    pub fn hold(&self, act: impl FnOnce() -> SocketAddr) {
        self.orders.held.store(true, Ordering::SeqCst);
        until("the writers rest", || {
            self.orders.resting.load(Ordering::SeqCst) == self.threads.len() as u64
        });
        *self
            .orders
            .address
            .lock()
            .expect("no writer panics with it") = act();
        self.orders.held.store(false, Ordering::SeqCst);
    }

    /// Waits for the writers to end, and says what they did. Fails if one has.
    pub fn stop(self) -> Tally {
        self.orders.stop.store(true, Ordering::Relaxed);
        let mut done = Tally::default();
        for (place, thread) in self.crew.writers.iter_mut().zip(self.threads) {
            let ended = thread.join();
            let mut writer = ended.expect("the writer was answered as it should be");
            done.add(std::mem::take(&mut writer.tally));
            *place = Some(writer);
        }
        self.crew.tally.add(done);
        done
    }
}
